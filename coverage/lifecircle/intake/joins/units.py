"""Administrative units: what a division code says, and which unit a row belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.joins.names import NameIndex
from lifecircle.intake.ledger.rows import texts
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.gazetteer import COMMUNITY_DIGITS as _COMMUNITY
from lifecircle.model.gazetteer import COUNTY_DIGITS as _COUNTY
from lifecircle.model.gazetteer import TOWNSHIP_DIGITS as _TOWNSHIP
from lifecircle.model.gazetteer import (
    canonical_code,
    county_of,
    names_elsewhere,
    own_digits,
    unit_level,
    unit_type,
)
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

__all__ = [
    "Match",
    "UnitIndex",
    "canonical_code",
    "describe_units",
    "described_units",
]

_LEVELS = ("township", "community")
_SAID = 6
"""Names of units of other counties that are told."""


def describe_units(ledger: Ledger, county: str = "") -> tuple[Ledger, tuple[Problem, ...]]:
    """Add ``level``, ``unit_type`` and ``parent``, and fill ``setting`` where it is missing.

    A row whose code is no code is set aside. ``setting`` falls back on community → urban and
    village → rural (A26), never on street or town: streets contain villages and towns contain
    communities. How many were filled is reported. Beside units of ``county`` (6 digits) those of
    other counties, as the layer of a whole city has them, are special: no clause is about them, and
    what stands in them is over the line (A18).
    """
    problems: list[Problem] = []
    codes = [canonical_code(code) for code in ledger.frame["code"]]
    bad = np.zeros(len(codes), dtype=bool)
    first: dict[str, int] = {}
    for row, code in enumerate(codes):
        if code is None:
            problem = ledger.problem(ProblemCode.CODE_UNKNOWN, Severity.ERROR, row, "code")
        elif code in first:
            problem = ledger.problem(
                ProblemCode.ID_DUPLICATE,
                Severity.ERROR,
                row,
                "code",
                first_row=int(ledger.raw.rows[ledger.at[first[code]]]),
            )
        else:
            first[code] = row
            continue
        bad[row] = True
        problems.append(problem)
    good = ledger.without(bad)
    own = [code for code, wrong in zip(codes, bad, strict=True) if not wrong and code is not None]
    named = good.frame.set_axis(pd.Index(own, name="id", dtype=object))
    frame, inferred = described_units(named.assign(code=texts(own, named.index)))
    if inferred:
        problems.append(
            good.raw.problem(ProblemCode.SETTING_INFERRED, Severity.INFO, count=inferred)
        )
    beyond = ~frame.index.str.startswith(own_digits(county))
    if beyond.any() and not beyond.all():
        frame.loc[beyond, "unit_type"] = "special"
        said = {"count": int(beyond.sum()), "names": frame.loc[beyond, "name"].tolist()[:_SAID]}
        problems.append(good.raw.problem(ProblemCode.UNITS_BEYOND, Severity.WARNING, **said))
    return type(good)(good.raw, good.headers, frame, good.at, good.set_aside), tuple(problems)


def described_units(units: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return units with ``level``, ``unit_type``, ``parent`` and ``setting`` by their codes.

    ``units``: canonical codes in the index, with ``name`` and ``setting``. Beside them how many
    settings were taken from the code (A26).
    """
    frame = units.copy()
    own = [str(code) for code in frame.index]
    frame["level"] = texts([unit_level(code) for code in own], frame.index)
    types = [unit_type(code, name) for code, name in zip(own, frame["name"], strict=True)]
    frame["unit_type"] = texts(types, frame.index)
    parents = [code[:_TOWNSHIP] if len(code) == _COMMUNITY else None for code in own]
    frame["parent"] = texts(parents, frame.index)
    fallback = frame["unit_type"].map({"community": "urban", "village": "rural"})
    inferred = frame["setting"].isna() & fallback.notna()
    if (mark := unread("setting")) in frame:
        inferred &= ~frame[mark].astype(bool)
    filled = [f if i else s for s, f, i in zip(frame["setting"], fallback, inferred, strict=True)]
    frame["setting"] = texts(filled, frame.index)
    return frame, int(inferred.sum())


@dataclass(frozen=True, slots=True)
class Match:
    """The unit that a cell means: its code, or None with what speaks against it.

    ``problem`` is None where the cell says it plainly.
    """

    code: str | None
    problem: ProblemCode | None = None
    severity: Severity = Severity.WARNING
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


_LOST = Match(None, ProblemCode.CODE_UNKNOWN)


class UnitIndex:
    """Finds the unit a row means, by code, by name or by position.

    Parameters
    ----------
    units
        The units layer, or None: codes then stand as given and names stay names, as they do at a
        level of which it has no unit.
    aliases
        Name as planners write it → code or name of a unit, confirmed by the study.
    county
        The study's: names of other counties, and of their places, then stand as they are written
        (A18). Blank: they are names that are not known.
    """

    def __init__(
        self, units: Layer | None, aliases: Mapping[str, str] | None = None, county: str = ""
    ) -> None:
        self.county = county
        self.frame: gpd.GeoDataFrame | None = None if units is None else units.frame
        self._written = dict(aliases or {})
        self._aliases = {fold(name): meant for name, meant in self._written.items()}
        self._names: dict[str, NameIndex] = {}
        self._found: dict[tuple[str, str, str | None], Match] = {}
        self._counties: set[str] = set()
        if self.frame is None:
            return
        self._counties = {str(code)[:_COUNTY] for code in self.frame.index}
        for level in _LEVELS:
            part = self.frame[self.frame["level"] == level]
            self._names[level] = NameIndex(part["name"].items(), level)

    def code(self, text: str, level: str, within: str | None = None) -> str | None:
        """Return the code of :meth:`find`."""
        return self.find(text, level, within).code

    def find(self, text: str, level: str, within: str | None = None) -> Match:
        """Return the unit that a cell means at a level.

        An alias of the study decides; else a code; else the same name; else the only name of the
        same stem (said); a name one character off is proposed, never taken.

        Parameters
        ----------
        text
            A code or a name (居民委员会 and 村民委员会 at its end do not matter).
        level
            ``township`` or ``community``.
        within
            Township code that parts communities of one name.
        """
        asked = (text, level, within)
        if asked not in self._found:
            text = self._aliases.get(fold(text), text)
            self._found[asked] = self._coded(text, level) or self._named(text, level, within)
        return self._found[asked]

    def _coded(self, text: str, level: str) -> Match | None:
        code = canonical_code(text)
        if code is None:
            return None
        if level == "township" and len(code) == _COMMUNITY:
            code = code[:_TOWNSHIP]
        known = self.frame is None or not self._has(level) or code in self.frame.index
        told = unit_level(code) in {level, "county"} and county_of(code)
        if not known and told and told not in self._counties:
            return Match(code, ProblemCode.CODE_UNKNOWN)  # another county's: it says where, too
        return Match(code) if known and unit_level(code) == level else _LOST

    def _named(self, text: str, level: str, within: str | None) -> Match:
        if self.frame is None or not self._has(level):
            return Match(text)
        names = self._names[level]
        same = _within(names.same(text), within)
        if same:
            return Match(same[0]) if len(same) == 1 else _LOST
        if self.county and names_elsewhere(text, self.county):
            return Match(text, ProblemCode.UNIT_BEYOND)  # it says where, as a code would
        return self._looser(text, names, within or "")

    @staticmethod
    def _looser(text: str, names: NameIndex, township: str) -> Match:
        """Return the unit of the same stem, or none; it has to lie in the township written."""
        alike = [code for code in names.alike(text) if code.startswith(township)]
        if len(alike) == 1:
            read = names.written[alike[0]]
            # Only words are missing (青菏), or another kind of place is said (大集乡, 大集镇)?
            plain = fold(text) in fold(read) or fold(read) in fold(text)
            severity = Severity.INFO if plain else Severity.WARNING
            return Match(alike[0], ProblemCode.NAME_READ_AS, severity, {"read": read})
        near = [code for code in names.near(text) if code.startswith(township)]
        if not alike and len(near) == 1:
            nearest = names.written[near[0]]
            params = {"target": "units", "nearest": nearest, "key": near[0], "table": "units"}
            return Match(None, ProblemCode.NAME_NEAR, Severity.WARNING, params)
        return _LOST

    def by_name(self, text: str, level: str, within: str | None = None) -> list[str]:
        """Return the units that the name of a facility says it is of, longest name first.

        At a township's level the name may stand anywhere in it, at a community's at its
        beginning (after the township's own). Several: nobody knows which.

        Parameters
        ----------
        text
            The name of the facility.
        level
            ``township`` or ``community``.
        within
            Township code that parts communities of one name.
        """
        if self.frame is None or not self._has(level):
            return []
        names = self._names[level]
        if level == "township":
            return names.held(text)
        after = fold(text).partition(fold(self.name(within)))[2] if within else ""
        codes = names.leading(after or text)
        return [code for code in codes if code.startswith(within or "")]

    @cached_property
    def _trees(self) -> dict[str, tuple[shapely.STRtree, list[str]]]:
        """Level → the outlines of its units, to be searched, and whose they are."""
        if self.frame is None:
            return {}
        drawn = self.frame[self.frame.geometry.notna()].sort_index()
        parts = {level: drawn[drawn["level"] == level] for level in _LEVELS if len(drawn)}
        return {
            level: (shapely.STRtree(part.geometry.to_numpy()), list(part.index))
            for level, part in parts.items()
            if len(part)
        }

    def at(self, point: shapely.Point, level: str) -> str | None:
        """Return the unit whose territory holds a point (on a border: the lowest code)."""
        if level not in self._trees:
            return None
        tree, codes = self._trees[level]
        hits = tree.query(point, predicate="intersects")
        return codes[int(hits.min())] if len(hits) else None

    @cached_property
    def outlined(self) -> bool:
        """Whether every street and town has a territory: what is in none is outside."""
        if self.frame is None:
            return False
        towns = self.frame["level"] == "township"
        towns &= self.frame["unit_type"] != "special"
        return bool(towns.any() and self.frame.geometry[towns].notna().all())

    def unlisted(self) -> bool:
        """Return whether the study's own list lacks a street or town of the county."""
        if self.frame is None or "unlisted" not in self.frame:
            return False
        return bool(self.frame.loc[self.frame["level"] == "township", "unlisted"].any())

    def setting(self, code: str | None) -> str | None:
        """Return urban or rural of a unit, None if unknown."""
        if self.frame is None or code is None or code not in self.frame.index:
            return None
        value = self.frame.at[code, "setting"]
        return value if isinstance(value, str) else None

    def territories(self) -> dict[str, shapely.Geometry]:
        """Return code → polygon of the units that have one."""
        if self.frame is None:
            return {}
        known = self.frame.geometry[self.frame.geometry.notna()]
        return dict(zip(known.index, known, strict=True))

    def name(self, code: str) -> str:
        """Return the name of a unit; its code where it is not in the units layer."""
        if self.frame is None or code not in self.frame.index:
            return code
        return str(self.frame.at[code, "name"])

    def unknown_aliases(self) -> list[str]:
        """Return the names, as the study writes them, whose alias means no unit."""
        return [
            name
            for name, meant in self._written.items()
            if not any(self.find(meant, level).code for level in _LEVELS)
        ]

    def _has(self, level: str) -> bool:
        return bool(len(self._names[level]))

    def _township(self, text: str) -> str | None:
        code = canonical_code(text)
        return self.code(code, "township") if code and len(code) == _TOWNSHIP else None

    def place(
        self, ledger: Ledger, shapes: list[shapely.Geometry | None]
    ) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
        """Return the ledger's frame with ``unit`` and ``community`` as codes.

        The unit is the one written, else the community's first nine digits, else the one whose
        territory holds the representative point; the community the one written, else by position.
        """
        frame = ledger.frame.copy()
        problems: list[Problem] = []
        units: list[str | None] = []
        communities: list[str | None] = []
        for row, (unit, community, shape) in enumerate(
            zip(frame["unit"], frame["community"], shapes, strict=True)
        ):
            town, problem = self._read(ledger, row, "unit", unit, None)
            problems += problem
            local, problem = self._read(ledger, row, "community", community, town)
            if community and local is None and (broad := self._township(community)):
                # 行政区划代码 may be the street's own: then it says the unit.
                town = town or broad
            else:
                problems += problem
            if unit and community and town and local:
                problems += self._disagreeing(ledger, row, town, local)
            town, local = self._by_place(town, local, shape)
            units.append(town)
            communities.append(local)
        frame["unit"] = texts(units, frame.index)
        frame["community"] = texts(communities, frame.index)
        return frame, tuple(problems)

    def _by_place(
        self, town: str | None, local: str | None, shape: shapely.Geometry | None
    ) -> tuple[str | None, str | None]:
        """Return the units, what is not written by the village's code and by the place."""
        point = shape if shape is None or shape.geom_type == "Point" else shape.point_on_surface()
        if point is not None:
            local = local or self.at(point, "community")
        if town is None and local is not None and canonical_code(local):
            town = local[:_TOWNSHIP]
        if town is None and point is not None:
            town = self.at(point, "township")
        return town, local

    def _disagreeing(self, ledger: Ledger, row: int, town: str, local: str) -> list[Problem]:
        """Return what is to be said of a town that is not the village's."""
        of = canonical_code(local)
        if of is None or canonical_code(town) in {None, of[:_TOWNSHIP]}:
            return []
        named = {"unit": town, "community": local, "of": of[:_TOWNSHIP]}
        said: dict[str, Any] = {key: self.name(code) for key, code in named.items()}
        differ = ProblemCode.UNITS_DIFFER
        return [ledger.problem(differ, Severity.WARNING, row, "community", **said)]

    def _read(
        self, ledger: Ledger, row: int, column: str, text: str | None, within: str | None
    ) -> tuple[str | None, list[Problem]]:
        """Return the code a cell of ``unit`` or ``community`` means, and what is to be said."""
        if not text:
            return None, []
        found = self.find(text, "township" if column == "unit" else "community", within)
        if found.problem is None:
            return found.code, []
        params = dict(found.params)
        if found.code is None:
            params |= lost_of(ledger.frame.index[row], column)
        return found.code, [ledger.problem(found.problem, found.severity, row, column, **params)]


def _within(codes: list[str], township: str | None) -> list[str]:
    """Return the codes of a township where that parts several."""
    if len(codes) > 1 and township is not None:
        return [code for code in codes if code.startswith(township)]
    return codes
