"""Neighbourhood: where a facility of unknown place may stand, and which areas have no place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.model.inputs.layers import NEAR_AS_READ, ROUNDED_UNITS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.model.tables import Tables

__all__ = [
    "Codes",
    "Neighbourhood",
    "beside_leads",
    "hidden_around",
    "may_stand",
    "near_as_read",
    "what_is_open",
    "without_place",
]


class Neighbourhood:
    """Areas by what their rows say of where they are, looked up code by code.

    A blank code is not known: such an area may lie in any community, or unit. An area of several
    phases is where each of them is (``beside``). Whoever looks for the same whereabouts is given
    the same tuple.

    Parameters
    ----------
    lost
        Only areas, or phases, of which the place is not known.
    """

    def __init__(self, areas: pd.DataFrame, *, lost: bool = False) -> None:
        blank = pd.Series(None, areas.index, dtype=object)
        community, unit = (
            areas.get(name, blank).map(_code).astype(object) for name in ("community", "unit")
        )
        index, unknown = areas.index, areas["x"].isna().to_numpy() if lost else None
        more = [
            (area, *told)
            for area, others in (areas["beside"].items() if "beside" in areas else ())
            for told in others
        ]
        if more:
            names, units, homes, x, _ = zip(*more, strict=True)
            index = index.append(pd.Index(names))
            community = pd.Series([*community, *map(_code, homes)], index, dtype=object)
            unit = pd.Series([*unit, *map(_code, units)], index, dtype=object)
            unknown = np.append(unknown, np.isnan(x)) if unknown is not None else None
        if unknown is not None:
            index, community, unit = index[unknown], community[unknown], unit[unknown]
        self._index, self._community, self._unit = index, community, unit
        self._known = {*self._community, *self._unit} - {""}
        self._found: dict[tuple[str, ...], tuple[str, ...]] = {}

    @property
    def any(self) -> bool:
        """Whether there is any such area."""
        return len(self._index) > 0

    def of(self, facility: Mapping[str, object] | pd.Series) -> tuple[str, ...]:
        """Return the areas of a facility's community, else of its unit, else all."""
        return self._told(_code(facility.get("community")), _code(facility.get("unit")))

    def about(self, facility: Mapping[str, object] | pd.Series) -> tuple[str, ...]:
        """Return the areas among which a facility may stand, or beside which.

        Where no area is known to be of its community those of its unit, and where none is of that
        all: it stands somewhere, and may be near any of them. An area whose code is blank may be of
        the community, and tells nothing of where that is.
        """
        community, unit = _code(facility.get("community")), _code(facility.get("unit"))
        if community in self._known:
            return self._told(community, unit)
        return self._told("", unit if unit in self._known else "")

    def _told(self, *key: str) -> tuple[str, ...]:
        if key not in self._found:
            self._found[key] = tuple(dict.fromkeys(self._index[self._around(*key)]))
        return self._found[key]

    def _around(self, community: str, unit: str) -> pd.Series:
        in_unit = self._unit.isin([unit, ""]) if unit else pd.Series(data=True, index=self._index)
        if not community:
            return in_unit
        return (self._community == community) | ((self._community == "") & in_unit)


class Codes:
    """What towns and communities say of a pair: estates of other towns have the same names."""

    def __init__(self, tables: Tables) -> None:
        sides = tables.facilities, tables.areas
        codes = [name for name in ("unit", "community") if all(name in side for side in sides)]
        here, there = (
            {row[0]: row[1:] for row in side[["x", *codes]].itertuples(name=None)} for side in sides
        )
        self._names = codes
        self._here: Mapping[Hashable, Sequence[Any]] = here
        self._there: Mapping[Hashable, Sequence[Any]] = there
        self._beside = tables.areas["beside"].to_dict() if "beside" in tables.areas else {}

    def agree(self, facility: str, area: str) -> bool:
        """Return whether no code contradicts another, of some phase; a blank one does not."""
        here = self._here[facility][1:]
        return any(
            all(a == b or bool(pd.isna(a) or pd.isna(b)) for a, b in zip(here, one, strict=True))
            for one in self._phases(area)
        )

    def of_its_community(self, facility: str, areas: Sequence[str]) -> Sequence[str]:
        """Return the areas that no code of community contradicts, where one is told to be of it.

        Where none is, all: rooms of one community stand near the estates of another.
        """
        mine = self._community(self._here[facility][1:])
        if not mine:
            return areas
        found = [{self._community(phase) for phase in self._phases(one)} for one in areas]
        if not any(mine in told for told in found):
            return areas
        return [one for one, told in zip(areas, found, strict=True) if told & {mine, ""}]

    def _phases(self, area: str) -> Iterator[Sequence[Any]]:
        """Yield the codes of all phases of an area."""
        yield self._there[area][1:]
        for phase in self._beside.get(area, ()):
            yield phase[: len(self._names)]

    def _community(self, codes: Sequence[Any]) -> str:
        named = dict(zip(self._names, codes, strict=True))
        return _code(named.get("community"))

    def agreeing(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the pairs of which both have a place, which tells, or codes agree."""
        return [
            (facility, area)
            for facility, area in pairs
            if not (pd.isna(self._here[facility][0]) or pd.isna(self._there[area][0]))
            or self.agree(facility, area)
        ]


def without_place(areas: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which areas have a phase without a place, and of which no phase has one.

    Such a phase may be nearer to anything than those that have one. ``areas``: one a project, or an
    area of its own (``beside`` tells of its other phases).
    """
    lost = areas["x"].isna().to_numpy()
    if "beside" not in areas:
        return lost, lost
    others = [[np.isnan(x) for *_, x, _ in phases] for phases in areas["beside"]]
    both = list(zip(lost.tolist(), others, strict=True))
    some = np.array([one or any(more) for one, more in both], dtype=np.bool_)
    return some, np.array([one and all(more) for one, more in both], dtype=np.bool_)


def _code(value: object) -> str:
    return value if isinstance(value, str) else ""


def near_as_read(facilities: pd.DataFrame, areas: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return facility → the areas near it by a position that something contradicts.

    It may be right all the same: then that is where it stands. Facilities whose own position is
    such a one are there with no area too. Phases are told by the area that leads them.
    """
    if NEAR_AS_READ not in facilities:
        return {}
    beside = areas["beside"].items() if "beside" in areas else ()
    lead = {phase: area for area, others in beside for *_, phase in others}
    there = set(areas.index)
    told = facilities[NEAR_AS_READ].dropna()
    named = {one: [lead.get(area, area) for area in json.loads(text)] for one, text in told.items()}
    return {
        str(one): tuple(dict.fromkeys(area for area in near if area in there))
        for one, near in named.items()
    }


def may_stand(
    tables: Tables, settled: AbstractSet[str], told: AbstractSet[tuple[str, str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a facility that nothing places may stand: round about.

    One that has a place, but in no area that has one, may stand in one that has none. A pair of
    which something is ``told`` is left out.
    """
    left = ~(rows := tables.facilities).index.isin(list(settled))
    if not left.any():  # mostly
        return
    near = near_as_read(rows, tables.areas)
    rows = rows.loc[left, rows.columns.intersection(["x", "unit", "community"])]
    everywhere = Neighbourhood(tables.areas)
    nowhere = Neighbourhood(tables.areas, lost=True)
    for facility, row in rows.iterrows():
        found = (everywhere if np.isnan(row["x"]) else nowhere).of(row)
        if more := near.get(str(facility)):
            found = tuple(dict.fromkeys((*found, *more)))
        apart = tuple(area for area in found if (facility, area) not in told)
        found = found if len(apart) == len(found) else apart  # one tuple a whereabouts
        if found:
            yield str(facility), found


def hidden_around(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return, of every facility, the areas without a place that it may stand in: those round about.

    Of its community, of its unit, or of which that is not known. What it is beside says nothing of
    them, as far as that is no land of which the outline is known.
    """
    lost = Neighbourhood(tables.areas, lost=True)
    if not lost.any:  # mostly
        return {}
    told = tables.facilities.reindex(columns=["unit", "community"])
    rows = told.to_dict("index")
    return {str(facility): lost.of(row) for facility, row in rows.items()}


def what_is_open(facility: pd.Series) -> str:
    """Return the column on which it hangs whether a facility is there: its stage.

    Or its position, of few decimals beside the county line.
    """
    beside = isinstance(facility.get(ROUNDED_UNITS), str) and pd.notna(facility["stage"])
    return "position" if beside else "stage"


def beside_leads(areas: pd.DataFrame, lead: pd.Series) -> pd.Series:
    """Return of every lead the units, communities, x and ids of the phases that it leads."""
    found: dict[str, list[tuple[object, object, float, str]]] = {name: [] for name in lead}
    others = areas[lead != lead.index]
    blank = pd.Series(None, others.index, dtype=object)
    codes = (others.get(name, blank) for name in ("unit", "community"))
    xs = number_of(others, "x")
    for area, name, *told, x in zip(others.index, lead[others.index], *codes, xs, strict=True):
        found[name].append((told[0], told[1], float(x), str(area)))
    return pd.Series({name: tuple(told) for name, told in found.items()}, dtype=object)
