"""Records that say more than they name: 东苑等3个小区, 东苑及周边, 附近小区, 全镇, 青菏街道各小区.

Or name nothing at all: 不限, 失能老人, 老城片区, 见附件.

Which areas are meant besides, nobody knows: perhaps none, perhaps all of those near the rooms, or
of the unit. They are told as areas that an unclear name may mean.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.intake.joins.beyond.phrases import (
    AND_MORE,
    ANYBODY,
    AROUND,
    BUT,
    FROM_TO,
    IN_TOWN,
    LIKE_AN_ESTATE,
    LOCAL,
    OF_UNIT,
    PARTS,
    STRETCH,
    TOWARDS,
    TOWN,
    TOWNSHIP,
    WHOLE,
    WITHOUT,
    More,
    Part,
    named_in,
    not_meant,
    rejoined,
    without,
)
from lifecircle.intake.joins.beyond.unread import kept_or_unread, without_where_kept
from lifecircle.intake.joins.names import stem
from lifecircle.intake.joins.portions import square_metres
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.joins.served import Names
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.parameters import Parameters
__all__ = ["BeyondNames"]


class BeyondNames:
    """Tells of a piece of a record which areas it may mean without naming them.

    Parameters
    ----------
    facilities, areas
        In metres, with ``unit`` and ``community`` as codes.
    units
        Names of units, or None.
    parameters
        Near is within the metres from which a recorded sharing is remarked on, or within a radius
        that the study sets, whichever is more.
    """

    def __init__(
        self, facilities: Layer, areas: Layer, units: Layer | None, parameters: Parameters
    ) -> None:
        self._rooms, self._areas = facilities.frame, areas.frame
        self._names: dict[tuple[str, str], list[str]] = {}
        for code, name in () if units is None else units.frame["name"].items():
            if isinstance(name, str):
                level = "township" if len(str(code)) == TOWN else "community"
                self._names.setdefault((level, stem(name, level)), []).append(str(code))
        self._near_m = max(
            parameters.recorded_sharing_note_m,
            parameters.reference_radius_m,
            parameters.sharing_radius_m or 0.0,
        )

    def read(
        self, parts: Sequence[Part], names: Names, facilities: Ledger, row: int
    ) -> tuple[list[Part], list[tuple[str, str, float, str, bool]], list[Problem]]:
        """Return the parts of a record that name areas, and what its other parts may mean.

        With m² of its own a part says only how much they all have. Rooms of which nothing is named
        serve the area that they stand in, whomever besides, unless the record is kept elsewhere.

        Parameters
        ----------
        names
            The names and ids of areas.
        """
        find, taken = names.find, names.taken
        facility = str(facilities.frame.index[row])
        named: list[Part] = []
        likely: list[tuple[str, str, float, str, bool]] = []
        problems: list[Problem] = []
        parts = rejoined(parts)
        read = self._pieces(
            facility, [self._asked(facility, t, find(t) is not None, taken(t)) for t, _ in parts]
        )
        off = not_meant(read, find)
        for (text, area), more in zip(parts, read, strict=True):
            if more is None:
                named.append((text, area))
                continue
            _, ends, told_m2 = square_metres(text, area, facilities, row)
            meant = self._of_many(more, names, facility, text)
            told = named_in(meant, find, facilities, row)
            first = list(filter(None, (find(one) for one, _ in told))) * bool(area)
            named += told * (not area)
            keys = list(dict.fromkeys(without((*first, *meant.areas), off)))
            likely += [(facility, key, m2, text, False) for key in keys for m2 in ends]
            problems += [*told_m2, _serves_more(facilities, row, text, len(keys))]
        likely += (unread := _kept_elsewhere(facility, parts, read))
        if not (named or unread) and np.isnan([one[2] for one in likely]).any():
            named += [(one, None) for one in without((self._standing_in(facility),), off)]
        sure = {find(text) for text, _ in named}
        return named, [one for one in likely if one[1] not in sure], problems

    def _asked(self, facility: str, text: str, known: bool, taken: bool) -> str | None:  # noqa: FBT001 - as they are told
        """Return a piece that may say more than an area's name; None where it says no more.

        A community's name is no estate's that is called like it, unless that alone is there.
        """
        if known or (taken and not LIKE_AN_ESTATE.fullmatch(fold(text))):
            return None
        if not taken:
            return text
        more, alike = self.of(facility, text), self._called(self._bare(text))
        return None if more is None or set(more.areas) <= set(alike) else text

    def of_nobody(self, facility: str, text: str, keys: Sequence[str]) -> list[str]:
        """Return whom a name that is no area's may mean, beside ``keys``, which it nearly is.

        One that nobody knows somebody beyond the list, or any of those near the rooms that stand in
        none; a community's any of these too.
        """
        if keys and not LIKE_AN_ESTATE.fullmatch(fold(text)):
            return [*keys]
        standing = self._standing_in(facility) is not None
        near = () if standing else self._near(self._rooms.loc[facility])
        return list(dict.fromkeys((*(keys or [ELSEWHERE]), *near)))

    def _of_many(self, more: More, names: Names, facility: str, text: str) -> More:
        """Return a piece that leaves some out with whom it may mean: 东苑各期（不含一期）.

        除东苑外都服务 means those near.
        """
        named = more.named
        if not (named and more.but) or names.find(named) is not None or names.taken(named):
            return more
        areas = names.perhaps(named)[0] or names.perhaps(PARTS.sub("", named))[0]
        if not areas and text.startswith("除"):
            areas = [*self._near(self._rooms.loc[facility])]
        return more._replace(named="", areas=(*more.areas, *areas)) if areas else more

    def _pieces(self, facility: str, texts: Sequence[str | None]) -> list[More | None]:
        """Return what the pieces of a record say more; alone 不含东苑 is all those near but one."""
        read = [None if text is None else self.of(facility, text) for text in texts]
        first = read[0] if len(read) == 1 else None
        if first is not None and not (first.named or first.areas):
            return [first._replace(areas=self._near(self._rooms.loc[facility]))]
        return read

    def of(self, facility: str, text: str) -> More | None:
        """Return what a piece that is no area's name says, None where it says no more than names.

        Areas of which it is not known whether they are of the unit, or near, may be meant too.
        """
        folded, room = without_where_kept(fold(text)), self._rooms.loc[facility]
        if whole := WHOLE.fullmatch(folded):
            county, local = whole["level"] == "县", whole["level"] in LOCAL
            return More("", self._all() if county else self._of_unit(room, local=local))
        if without := BUT.fullmatch(folded) or WITHOUT.fullmatch(folded):
            return self._without(facility, without.groupdict())
        if more := self._by_place(room, folded):
            return more
        if around := AROUND.fullmatch(folded) or AND_MORE.fullmatch(folded):
            return More(around["named"], self._near(room))
        inside = self._of_named_unit(room, folded)
        if inside is not None:
            return More("", inside)
        unread = kept_or_unread(folded)
        vague = (unread or ANYBODY.fullmatch(folded)) and not self._names_one(folded)
        return More("", self._near(room), here=not unread) if vague else None

    def _of_named_unit(self, room: pd.Series, folded: str) -> tuple[str, ...] | None:
        """Return the areas of a unit that a text names, and those called like a community.

        None where it names none that there is.
        """
        unit = OF_UNIT.fullmatch(folded)
        inside = [
            self._inside(code) for code in ([] if unit is None else self._units(unit["unit"]))
        ]
        local = LIKE_AN_ESTATE.fullmatch(folded) is not None
        alike = self._called(self._bare(folded)) if local else ()
        if not (inside or alike):
            return None
        more = self._told(np.logical_or.reduce(inside)) if inside else self._near(room)
        return tuple(dict.fromkeys((*alike, *more)))

    def _without(self, facility: str, found: dict[str, str | None]) -> More:
        """Return whom a piece means without those that it leaves out; of what it names, that."""
        but = found["but"] or found.get("off") or found.get("less") or ""
        whole = found.get("whole") or found.get("rest") or ""
        if found.get("all"):
            whole = f"{found['all']}{found['kind'] or ''}"
        if whole:
            more = self.of(facility, whole)
            return More(whole, (), but, whole) if more is None else more._replace(but=but, of=whole)
        behind = "whole" in found and not found.get("off")  # 不含东苑, behind who is meant
        return More("", () if behind else self._near(self._rooms.loc[facility]), but)

    def _names_one(self, folded: str) -> bool:
        """Return whether a text has an area's name in it: 东苑居民 are those of 东苑."""
        return any(isinstance(n, str) and fold(n) in folded for n in self._areas["name"])

    def _standing_in(self, facility: str) -> str | None:
        """Return the area, drawn as a polygon, that a facility stands in."""
        place, shapes = self._rooms.geometry.loc[facility], self._areas.geometry
        if place is None:
            return None
        inside = shapes.index[(shapes.area > 0).to_numpy() & shapes.intersects(place).to_numpy()]
        return str(inside[0]) if len(inside) == 1 else None

    def _all(self) -> tuple[str, ...]:
        return tuple(map(str, self._areas.index))

    def _between(self, folded: str) -> tuple[str, ...]:
        """Return the areas from one id to another (R1-R3), both of which there are; else none."""
        span = FROM_TO.fullmatch(folded)
        if span is None:
            return ()
        prefix, first, last = span["of"], int(span["first"]), int(span["last"])
        letters = {fold(key).rstrip("0123456789") for key in self._areas.index}
        prefix = prefix or (letters.pop() if len(letters) == 1 else "")  # 1-3 of R1 to R3
        numbers = {
            str(key): int(name[len(prefix) :])
            for key in self._areas.index
            if (name := fold(key)).startswith(prefix) and name[len(prefix) :].isdecimal()
        }
        if not {first, last} <= set(numbers.values()):
            return ()
        return tuple(key for key, number in numbers.items() if first <= number <= last)

    def _by_place(self, room: pd.Series, folded: str) -> More | None:
        """Return whom ids, a stretch or a side mean; None where a piece says none of them."""
        if between := self._between(folded) or self._stretch(room, folded):
            return More("", between)
        towards = TOWARDS.fullmatch(folded)
        return None if towards is None else self._towards(room, towards)

    def _stretch(self, room: pd.Series, folded: str) -> tuple[str, ...]:
        """Return whom a stretch from one area to another may mean: both, and all those near."""
        found = STRETCH.fullmatch(folded)
        if found is None:
            return ()
        ends = [self._called(found["first"]), self._called(found["last"])]
        if not (all(ends) or found["all"] in {"之间", "沿线", "一带"}):
            return ()
        return tuple(dict.fromkeys((*ends[0], *ends[1], *self._near(room))))

    def _towards(self, room: pd.Series, found: re.Match[str]) -> More | None:
        """Return whom a side of an area or a street means; with 及 the area itself for certain."""
        own = self._called(found["of"])
        if not (own or found["from"]):
            return None
        if own and found["with"]:
            return More(found["of"], self._near(room))
        return More("", tuple(dict.fromkeys((*own, *self._near(room)))))

    def _called(self, folded: str) -> tuple[str, ...]:
        """Return the areas of exactly a name or id, with 小区 behind it or without."""
        bare = folded.removesuffix("小区")
        named = (self._areas["name"].fillna("").map(fold), self._areas.index.map(fold))
        mine = [one.isin([folded, bare, f"{bare}小区"]) for one in named] if bare else []
        return self._told(np.logical_or.reduce(mine)) if mine else ()

    def _told(self, mask: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(map(str, self._areas.index[mask]))

    @staticmethod
    def _bare(text: str) -> str:
        return stem(text, "community")

    def _units(self, name: str) -> list[str]:
        """Return the codes of the units of a name, or of a code; of a town's where one is told."""
        if name.isdecimal():
            return [name]
        levels = ("township", "community")
        ordered = levels if TOWNSHIP.search(name) else levels[::-1]
        found = next(filter(None, (self._names.get((at, stem(name, at))) for at in ordered)), [])
        within = None if found else IN_TOWN.fullmatch(name)
        if within is not None:
            towns = [c for c in self._units(within["town"]) if len(c) == TOWN]
            local = self._names.get(("community", stem(within["local"], "community")), [])
            found = [code for code in local if code.startswith(tuple(towns or [""]))] or towns
        return found

    def _inside(self, code: str) -> NDArray[np.bool_]:
        """Return the areas of a unit, and those of which its level is not known."""
        towns, locals_ = (self._areas[name].fillna("") for name in ("unit", "community"))
        if len(code) == TOWN:
            mine = (towns == code) | locals_.str.startswith(code)
            return np.asarray(mine | ((towns == "") & (locals_ == "")), dtype=bool)
        town = towns.isin(["", code[:TOWN]])
        return np.asarray((locals_ == code) | ((locals_ == "") & town), dtype=bool)

    def _of_unit(self, room: pd.Series, *, local: bool) -> tuple[str, ...]:
        names = ("community", "unit") if local else ("unit",)
        code = next((room[name] for name in names if isinstance(room[name], str)), None)
        return self._all() if code is None else self._told(self._inside(code))

    def _near(self, room: pd.Series) -> tuple[str, ...]:
        """Return the areas near a facility; of unknown place those of its community, or unit.

        So with areas whose place is unknown: to know where the rooms are opens no more of them.
        """
        shapes, place, local = self._areas.geometry, room.geometry, self._of_unit(room, local=True)
        if place is None:
            return local
        near = shapes.distance(place).le(self._near_m).to_numpy(dtype=bool)
        return self._told(near | (shapes.isna() & shapes.index.isin(local)).to_numpy())


def _serves_more(facilities: Ledger, row: int, text: str, count: int) -> Problem:
    """Return that a part of a record may mean so many areas."""
    code = ProblemCode.SERVES_MORE
    said = facilities.problem(code, Severity.WARNING, row, "serves", count=count)
    return dataclasses.replace(said, value=text)


def _kept_elsewhere(
    facility: str, parts: Sequence[Part], read: Sequence[More | None]
) -> list[tuple[str, str, float, str, bool]]:
    """Return that parts which are kept elsewhere may mean somebody beyond the list."""
    unread = [text for (text, _), more in zip(parts, read, strict=True) if more and not more.here]
    return [(facility, ELSEWHERE, math.nan, text, False) for text in unread]
