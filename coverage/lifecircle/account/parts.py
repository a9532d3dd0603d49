"""Parts: the areas and facilities whose account one change can touch.

Whose rooms are whose, and who shares with whom, hangs on what is linked: a facility and the areas
it stands in or near, is recorded for, is named after, or may stand in; the rows of one site; the
phases of one project. What is not linked to a change, before it or after it, keeps its account.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.estates.claims import rounded_m, surroundings_m
from lifecircle.account.estates.twice import repeats
from lifecircle.account.sums import looked_up
from lifecircle.counting.neighbourhood import Neighbourhood, near_as_read
from lifecircle.counting.projects import leads
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import among, meets
from lifecircle.model.inputs.study import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.account.estates.names import Names
    from lifecircle.model.tables import Tables

__all__ = ["Links", "Part", "cut", "linked_to"]

_CODES = ("unit", "community")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Areas and facilities that are linked to nothing else; ids in the order of the tables."""

    areas: pd.Index
    facilities: pd.Index


@dataclass(frozen=True, eq=False)
class Links:
    """What of a study's tables is linked with what.

    Parameters
    ----------
    names
        Of all its areas.
    areas_of
        Facility → the areas that it serves, or may: by place, record and name.
    same_project
        Area → all of its project, phases with it or perhaps, where there are several.
    """

    tables: Tables
    names: Names
    areas_of: Mapping[str, set[str]]
    same_project: Mapping[str, set[str]]

    @classmethod
    def of(
        cls,
        tables: Tables,
        names: Names,
        former: Links | None = None,
        others: AbstractSet[str] = frozenset(),
    ) -> Links:
        """Return the links of tables.

        Parameters
        ----------
        former
            Those before a change of the facilities ``others``, of areas of the same names in the
            same places: all other facilities keep theirs.
        """
        rows, near = tables.facilities, tables.containment
        records = [tables.sharing, tables.likely]
        found: dict[str, set[str]] = defaultdict(set)
        if former is not None:
            rows = rows.take(np.flatnonzero(among(rows.index, others)))
            near, *records = (
                t.take(np.flatnonzero(t["facility"].isin(others))) for t in (near, *records)
            )
            found |= {one: to for one, to in former.areas_of.items() if one not in others}
        near = near[meets(near["to_area_m"], "<=", _near_m(near, tables))]
        for pairs in (near, *records):
            for facility, area in zip(pairs["facility"], pairs["residential"], strict=True):
                if area != ELSEWHERE:
                    found[facility].add(area)
        for told in (names.of(rows), names.partly(rows)):
            for facility, areas in told.items():
                found[facility] |= set(areas)
        for facility, areas in _drifting(rows, tables.areas):
            found[facility] |= set(areas)
        _add_repeated(found, tables.areas)
        same = former is not None and former.tables.areas is tables.areas
        projects = former.same_project if same and former else _projects(tables.areas)
        return cls(tables, names, found, projects)

    @cached_property
    def facilities_of(self) -> Mapping[str, set[str]]:
        """Area → the facilities that serve it, or may."""
        found: dict[str, set[str]] = defaultdict(set)
        for facility, areas in self.areas_of.items():
            for area in areas:
                found[area].add(facility)
        return found

    @cached_property
    def same_site(self) -> Mapping[str, set[str]]:
        """Facility → all rows of its site, where there are several."""
        return _groups(self.tables.facilities.get("site"))


def _near_m(near: pd.DataFrame, tables: Tables) -> NDArray[np.float64]:
    """Return (n,) how far from its area a facility may be its own; of a point farther."""
    own, error = tables.parameters.own_tolerance_m, tables.parameters.positional_error_m
    unknown = pd.Series(np.nan, tables.areas.index)
    land = tables.areas.get("land_area_m2", unknown).reindex(near["residential"])
    points = land.isna().to_numpy()
    around = surroundings_m(tables.areas).reindex(near["residential"]).to_numpy(dtype=float)
    off = looked_up(near["facility"], rounded_m(tables.facilities))
    off += looked_up(near["residential"], rounded_m(tables.areas))
    return np.where(points, np.maximum(own, around), own + error) + off


def _add_repeated(found: Mapping[str, set[str]], areas: pd.DataFrame) -> None:
    """Add to areas those that their rows may say again, and those that may say theirs."""
    again = repeats(areas)
    for some in found.values() if again else ():
        some |= {again[area] for area in some if area in again}
        some |= {one for area in some if area in again.others for one in again.others[area]}


def _projects(areas: pd.DataFrame) -> dict[str, set[str]]:
    """Return area → all of its project, phases with it or perhaps, where there are several."""
    if "project" not in areas:
        return _groups(leads(areas))
    named = [fold(p) if isinstance(p, str) else None for p in areas["project"]]
    return _groups(pd.Series(named, areas.index, dtype=object))


def _drifting(
    facilities: pd.DataFrame, areas: pd.DataFrame
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield where facilities of unknown place may stand, and others in areas of unknown place.

    All that may be, whatever record or name says more.
    """
    unplaced = areas["x"].isna().to_numpy()
    lost = facilities["x"].isna().to_numpy()
    for some, here in ((lost, np.ones(len(areas), dtype=bool)), (~lost, unplaced)):
        if some.any() and here.any():
            place = Neighbourhood(areas[here])
            rows = facilities[[name for name in _CODES if name in facilities]][some]
            yield from ((str(one), place.of(row)) for one, row in rows.iterrows())
    yield from near_as_read(facilities, areas).items()


def _groups(column: pd.Series | None) -> dict[str, set[str]]:
    """Return row → all rows with its value, itself too, where there are others."""
    if column is None:
        return {}
    shared = column[column.notna() & column.duplicated(keep=False)]
    rows: dict[Hashable, set[str]] = defaultdict(set)
    for name, value in zip(shared.index, shared.tolist(), strict=True):
        rows[value].add(name)
    return {name: group for group in rows.values() for name in group}


def linked_to(
    areas: Iterable[str], facilities: Iterable[str], tables: Tables, sides: Sequence[Links]
) -> Part:
    """Return the rows of ``tables`` that are linked to some areas and facilities, and these.

    ``sides``: before a change and after it; a link of either holds.
    """
    homes, places = set(areas), set(facilities)
    new_homes, new_places = set(homes), set(places)
    while new_homes or new_places:
        more_homes: set[str] = set()
        more_places: set[str] = set()
        for side in sides:
            for area in new_homes:
                more_places |= side.facilities_of.get(area, set())
                more_homes |= side.same_project.get(area, set())
            for facility in new_places:
                more_homes |= side.areas_of.get(facility, set())
                more_places |= side.same_site.get(facility, set())
        new_homes, new_places = more_homes - homes, more_places - places
        homes |= new_homes
        places |= new_places
    every = tables.areas.index, tables.facilities.index
    return Part(every[0][every[0].isin(homes)], every[1][every[1].isin(places)])


def cut(tables: Tables, part: Part) -> Tables:
    """Return tables of one part alone: what its account is drawn up from."""
    pairs = {}
    for name in ("containment", "sharing", "likely"):
        table = getattr(tables, name)
        at = np.flatnonzero(table["facility"].isin(part.facilities))
        there = table["residential"].iloc[at].isin([*part.areas, ELSEWHERE])
        pairs[name] = table.take(at[there])
    areas, facilities = (
        rows.take(rows.index.get_indexer(ids))
        for rows, ids in ((tables.areas, part.areas), (tables.facilities, part.facilities))
    )
    return dataclasses.replace(tables, areas=areas, facilities=facilities, **pairs)
