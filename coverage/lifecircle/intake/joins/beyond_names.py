"""Records that say more than they name: 东苑等3个小区, 东苑及周边, 附近小区, 全镇, 青菏街道各小区.

Or name nothing at all: 不限, 失能老人, 老城片区, 见附件.

Which areas are meant besides, nobody knows: perhaps none, perhaps all of those near the rooms, or
of the unit. They are told as areas that an unclear name may mean.
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifecircle.intake.joins.lists import each_name
from lifecircle.intake.joins.names import stem
from lifecircle.intake.joins.served import served, square_metres
from lifecircle.intake.ledger.values import split_serves
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.joins.served import Names
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.parameters import Parameters

    Part = tuple[str, str | None]

__all__ = ["BeyondNames", "More"]

_HOMES = (
    r"(?:的)?(?:全部|所有|各|几个|多个|\d+个?|[一二两三四五六七八九十几多数]+个?)?"
    r"(?:(?:住宅|居住|居民)?小区|(?:住宅|居住|居民)区|社区|村居|居民|老年人|老人|群众|区域|地|处|村|[及和、])*"
)
_AROUND = re.compile(
    rf"(?P<named>.*?)(?:以及|及其?|和|与|[、,/])?"
    rf"(?:其他|其它|其余|周边|周围|四周|附近|邻近|临近|相邻|毗邻|就近|一带)"
    rf"(?:约?\d+(?:\.\d+)?(?:公里|千米|米)(?:以?内|范围内?)?)?{_HOMES}"
)
_SIDE = r"(?:东[南北]?|西[南北]?|南|北)"
_TOWARDS = re.compile(
    rf"(?P<of>.*?)(?P<with>以及|及其?|和|与|[、,/])?"
    rf"(?:(?P<from>[以之]){_SIDE}|{_SIDE}?(?:沿线|沿街|两侧|一带)|{_SIDE}(?:侧|面|边|部|片区?|方向)"
    rf"|(?<=[及其和与、,/]){_SIDE})(?:片区?|部|侧|面|一带|沿线|方向|区域|范围)*{_HOMES}"
)
"""On one side of an area, or of a street: 东园及以北, 东园以东一带, 人民路以南."""
_STRETCH = re.compile(
    rf"(?:从|自|由)?(?P<first>.+?)(?:至|到|[-~—–]+)(?P<last>.+?)(?P<all>之间|沿线|一带|段|范围)?{_HOMES}"
)
"""From one area, or street, to another: 东园至西园之间."""
_AND_MORE = re.compile(rf"(?P<named>.*?)等+(?:周边|附近)?{_HOMES}")
_WHOLE = re.compile(
    rf"(?:全|本|整个|所在|该|我|所属|所辖)?"
    rf"(?:(?P<level>镇|乡|街道|办事处|社区|村|县)|(?P<within>辖区|镇域|镇区|全域))"
    rf"(?:内|辖区|范围内?)*{_HOMES}"
)
_OF_UNIT = re.compile(
    rf"(?P<unit>.+?(?:镇|乡|街道|办事处|社区|村))(?:内|辖区|范围内?|全域)*{_HOMES}"
)
_BUT = re.compile(
    rf"除(?:了|去|开)?(?P<but>.+?)(?:之|以)?外(?:的?其他|的?其余)?(?:的)?(?:{_HOMES}|(?P<rest>.+))"
    r"|除(?:了|去|开)?(?P<off>[^外]+)"
)
"""Everybody but those named, or all of something: what is like a name in it is not meant."""
_WITHOUT = re.compile(
    r"(?P<whole>.*?)[(,]?(?:不(?:含|包括|包含|服务|面向|覆盖)|除去|扣除)(?P<but>[^()]+)\)?"
    rf"|(?P<all>.+?)[(,]?除(?:了|去|开)?(?P<less>[^()]+?)(?:之|以)?外\)?(?:的)?(?P<kind>各期|{_HOMES})"
    r"|(?:(?P<rest>.+?)[(,])?(?P<off>[^()]+?)除外\)?"
)
"""All of something without those named behind it: 青菏街道（不含东苑）, 全镇（东苑除外）."""
_LEFT_OUT = re.compile(r"(?<!不)除|不(?:含|包括|包含|服务|面向|覆盖)|扣除")
_LEFT_OUT_END = re.compile(r"除外|外")
_PARTS = re.compile(r"(?:小区)?(?:各|全部|所有)(?:期|区|小区)$")
_ANYBODY = re.compile(
    r".*(?:老年人|老人|老龄人口|居民|群众|住户|业主|市民|村民|百姓|人群|人员)"
    r"|(?:困难|低保|低收入|特困|高龄|独居|空巢|留守|孤寡|失能|半失能|失智|残疾|优抚|自理|[及和与])+"
    r"|.*(?:社会|公众|开放|全覆盖)|(?:全|本|整个)[市区域]"
    r"|共?(?:\d+|[一二三四五六七八九十几多数两]+|若干)个?(?:居住|住宅)?(?:小区|社区|村)"
    r"|(?:全部|所有|全体|各个?|每个)(?:的)?(?:(?:居住|住宅)?小区|(?:居住|居民)区|社区|村)?"
    r"|.*(?:片区|城区|县城|开发区|高新区|网格|辖区|范围内?)|不限.*"
    r"|(?:详见|见|参见|附)(?:附|备注|后|表|图|另|名单|清单).*|同上|同前|上同|[〃”]|待定|待核实?|未定|未确定|不确定"
)
"""People, a part of town, or words for: written elsewhere, not yet known. Whom, nobody says."""
_FROM_TO = re.compile(r"(?P<of>[a-z]*)(?P<first>\d+)(?:[-~—–]+|至|到)(?P=of)?(?P<last>\d+)")
"""Ids from one to another: R1-R3."""
_LOCAL = ("社区", "村")
_TOWN = 9


class More(NamedTuple):
    """What a piece of a record says: the areas it ``named``, and those it may mean besides.

    ``but``: names of those that are not meant, as they are said ``of`` something.
    """

    named: str
    areas: tuple[str, ...]
    but: str = ""
    of: str = ""


def _named(
    more: More, find: Callable[[str], str | None], facilities: Ledger, row: int
) -> list[Part]:
    """Return the areas that a piece names beside what it says more."""
    if not more.named:
        return []
    return served(more.named, lambda one: find(one) is not None, facilities, row)[0]


def _not_meant(pieces: Sequence[More | None], find: Callable[[str], str | None]) -> set[str | None]:
    """Return the areas that a record leaves out: 除东苑外, 东苑各期（除一期外）."""
    found: set[str | None] = set()
    for more in pieces:
        for one in [] if more is None or not more.but else _left_out(more, find):
            found.add(find(one))
    return found - {None}


def _left_out(more: More, find: Callable[[str], str | None]) -> list[str]:
    """Return the names that a piece leaves out, with the beginning of whom it names if need be."""

    def known(one: str) -> bool:
        return find(one) is not None

    but = "、".join(one.removeprefix("除") for one, _ in split_serves(more.but))
    ways: list[list[str]] = []
    for end in (0, *range(len(more.of), 1, -1)):
        listed = each_name(f"{more.of[:end]}{but}", known, known)
        ways.append([one for one, _ in split_serves(listed)])
    return next((way for way in ways if all(map(known, way))), ways[0])


def _rejoined(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a record, those put together that one bracket or 除…外 is of."""
    found: list[Part] = []
    for text, area in parts:
        before = found[-1][0] if found else ""
        folded = fold(before)
        open_ = folded.count("(") > folded.count(")") and _LEFT_OUT.search(folded)
        open_ = open_ or (
            folded.startswith("除")
            and not _LEFT_OUT_END.search(folded)
            and _LEFT_OUT_END.search(fold(text))
        )
        if open_:
            found[-1] = f"{before}、{text}", area
        else:
            found.append((text, area))
    return found


def _but(areas: Iterable[str | None], without: set[str | None]) -> list[str]:
    return [area for area in areas if area is not None and area not in without]


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
        self._names: dict[str, list[str]] = {}
        for code, name in () if units is None else units.frame["name"].items():
            if isinstance(name, str):
                level = "township" if len(str(code)) == _TOWN else "community"
                self._names.setdefault(stem(name, level), []).append(str(code))
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
        serve the area that they stand in, whomever besides.

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
        parts = _rejoined(parts)
        read = self._pieces(facility, [None if find(t) or taken(t) else t for t, _ in parts])
        not_meant = _not_meant(read, find)
        for (text, area), more in zip(parts, read, strict=True):
            if more is None:
                named.append((text, area))
                continue
            m2, told_m2 = square_metres(text, area, facilities, row)
            meant = self._of_many(more, names, facility, text)
            told = _named(meant, find, facilities, row)
            first = list(filter(None, (find(one) for one, _ in told))) * bool(area)
            named += told * (not area)
            keys = list(dict.fromkeys(_but((*first, *meant.areas), not_meant)))
            likely += [(facility, key, m2, text, False) for key in keys]
            code = ProblemCode.SERVES_MORE
            said = facilities.problem(code, Severity.WARNING, row, "serves", count=len(keys))
            problems += [*told_m2, dataclasses.replace(said, value=text)]
        plain = not named and any(math.isnan(one[2]) for one in likely)
        home = self._standing_in(facility) if plain else None
        named += [(one, None) for one in _but((home,), not_meant)]
        sure = {find(text) for text, _ in named}
        return named, [one for one in likely if one[1] not in sure], problems

    def _of_many(self, more: More, names: Names, facility: str, text: str) -> More:
        """Return a piece that leaves some out with whom it may mean: 东苑各期（不含一期）.

        除东苑外都服务 means those near.
        """
        named = more.named
        if not (named and more.but) or names.find(named) is not None or names.taken(named):
            return more
        areas = names.perhaps(named)[0] or names.perhaps(_PARTS.sub("", named))[0]
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
        folded, room = fold(text), self._rooms.loc[facility]
        if whole := _WHOLE.fullmatch(folded):
            county, local = whole["level"] == "县", whole["level"] in _LOCAL
            return More("", self._all() if county else self._of_unit(room, local=local))
        if without := _BUT.fullmatch(folded) or _WITHOUT.fullmatch(folded):
            return self._without(facility, without.groupdict())
        if more := self._by_place(room, folded):
            return more
        if around := _AROUND.fullmatch(folded) or _AND_MORE.fullmatch(folded):
            return More(around["named"], self._near(room))
        unit = _OF_UNIT.fullmatch(folded)
        codes = [] if unit is None else self._units(unit["unit"])
        inside = [self._inside(code) for code in codes]
        if inside:
            return More("", self._told(np.logical_or.reduce(inside)))
        anybody = _ANYBODY.fullmatch(folded)
        return More("", self._near(room)) if anybody and not self._names_one(folded) else None

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
        span = _FROM_TO.fullmatch(folded)
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
        towards = _TOWARDS.fullmatch(folded)
        return None if towards is None else self._towards(room, towards)

    def _stretch(self, room: pd.Series, folded: str) -> tuple[str, ...]:
        """Return whom a stretch from one area to another may mean: both, and all those near."""
        found = _STRETCH.fullmatch(folded)
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

    def _units(self, name: str) -> list[str]:
        levels = ("township", "community")
        return list(
            dict.fromkeys(code for at in levels for code in self._names.get(stem(name, at), ()))
        )

    def _inside(self, code: str) -> NDArray[np.bool_]:
        """Return the areas of a unit, and those of which its level is not known."""
        towns, locals_ = (self._areas[name].fillna("") for name in ("unit", "community"))
        if len(code) == _TOWN:
            mine = (towns == code) | locals_.str.startswith(code)
            return np.asarray(mine | ((towns == "") & (locals_ == "")), dtype=bool)
        town = towns.isin(["", code[:_TOWN]])
        return np.asarray((locals_ == code) | ((locals_ == "") & town), dtype=bool)

    def _of_unit(self, room: pd.Series, *, local: bool) -> tuple[str, ...]:
        names = ("community", "unit") if local else ("unit",)
        code = next((room[name] for name in names if isinstance(room[name], str)), None)
        return self._all() if code is None else self._told(self._inside(code))

    def _near(self, room: pd.Series) -> tuple[str, ...]:
        """Return the areas near a facility; of unknown place those of its community, or unit."""
        shapes, place = self._areas.geometry, room.geometry
        if place is None:
            return self._of_unit(room, local=True)
        near = shapes.distance(place).le(self._near_m).to_numpy(dtype=bool)
        return self._told(near | shapes.isna().to_numpy())
