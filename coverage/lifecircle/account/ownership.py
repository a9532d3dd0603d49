"""Ownership: which area a facility's rooms belong to before sharing (A4, A8, A38, A39)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.neighbourhood import neighbourhood
from lifecircle.model.dictionary import fold
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from lifecircle.model.tables import Tables

__all__ = ["OWN_COLUMNS", "Ownership", "ownership"]

OWN_COLUMNS = ("facility", "residential", "most", "shared")
_SHORTEST_NAME = 2
"""A name of one character names no estate."""


@dataclass(frozen=True, slots=True, eq=False)
class Ownership:
    """Who owns and who shares what.

    Parameters
    ----------
    own
        ``facility``, ``residential``, ``most`` (m² the record names, inf if none), ``shared``
        (True: its record names other areas too, so it is own up to the requirement only).
    recorded
        ``facility``, ``residential``, ``most``, ``distance`` (m, NaN unknown): pairs of records
        that name several areas, but for the area the facility is own for.
    drifting
        Facility id → areas it may belong to: its place and its record are both missing.
    """

    own: pd.DataFrame
    recorded: pd.DataFrame
    drifting: dict[str, tuple[str, ...]]


def ownership(tables: Tables, pooling: frozenset[str] = frozenset()) -> Ownership:
    """Assign every facility with countable m² to its own area, its record, or its neighbourhood.

    The record of served areas comes first; without one the estate's name, else position inside,
    else within the own-tolerance (inside beats near, nearer beats farther, then more households,
    then coordinates). A new area owns only what stands on its site or within the tolerance; one
    of ``pooling`` (A8) may besides share what a record of several areas names it for.
    """
    rows = tables.facilities[tables.facilities["quota_m2_high"] > 0]
    areas = tables.areas
    new = set(areas.index[areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])])
    known = tables.sharing["residential"].isin(areas.index)
    records = {
        str(f): dict(zip(part["residential"], part["m2"].fillna(np.inf), strict=True))
        for f, part in tables.sharing[known].groupby("facility", sort=True)
    }
    near = _near(tables)
    called = areas["names"] if "names" in areas else areas["name"].map(lambda name: (name,))
    names: dict[str, list[str]] = {}
    for area, phases in called.items():
        for name in {fold(phase) for phase in phases}:
            if len(name) >= _SHORTEST_NAME:
                names.setdefault(name, []).append(str(area))
    straight = tables.containment.set_index(["facility", "residential"])["straight_m"]

    own: list[tuple[str, str, float, bool]] = []
    recorded: list[tuple[str, str, float, float]] = []
    drifting: dict[str, tuple[str, ...]] = {}
    for facility in rows.index:
        placed = not np.isnan(float(rows.at[facility, "x"]))
        close = near.get(facility, [])
        if facility in records:
            named = records[facility]
            mine = _own_by_record(facility, named, close, new)
            own += mine
            if len(named) > 1:
                home = {area for _, area, _, _ in mine}
                recorded += [
                    (facility, a, most, straight.get((facility, a), np.inf) if placed else np.nan)
                    for a, most in named.items()
                    if (a not in new or a in pooling) and a not in home
                ]
            continue
        alike = [a for a in _named_estates(str(rows.at[facility, "name"]), names) if a not in new]
        if placed:  # of estates of one name the nearest; none where it stands far from all
            alike = [a for a in alike if (facility, a) in straight.index]
            alike = sorted(alike, key=lambda a: (straight[facility, a], *_content(areas, a)))[:1]
        estate = alike[0] if len(alike) == 1 else None
        estate = estate or (close[0] if close else None)
        if estate is not None:
            own.append((facility, estate, np.inf, False))
        elif not placed:
            drifting[facility] = neighbourhood(rows.loc[facility], areas)
    return Ownership(
        own=pd.DataFrame(own, columns=list(OWN_COLUMNS)).astype({"most": float, "shared": bool}),
        recorded=pd.DataFrame(
            recorded, columns=["facility", "residential", "most", "distance"]
        ).astype({"most": float, "distance": float}),
        drifting=drifting,
    )


def _own_by_record(
    facility: str, named: dict[str, float], close: list[str], new: set[str]
) -> list[tuple[str, str, float, bool]]:
    """Return what a record of served areas makes own: its one area, or the one it stands in."""
    if len(named) == 1:
        ((area, most),) = named.items()
        return [(facility, area, most, False)] if area not in new or area in close else []
    stands = next((a for a in close if a in named), None)
    return [] if stands is None else [(facility, stands, named[stands], True)]


def _near(tables: Tables) -> dict[str, list[str]]:
    """Return, for each facility, the areas it stands in or near, best first."""
    pairs = tables.containment
    pairs = pairs[pairs["to_area_m"] <= tables.parameters.own_tolerance_m + 1e-6]
    content = tables.areas[["counted", "x", "y"]]
    pairs = pairs.join(content, on="residential").sort_values(
        ["facility", "to_area_m", "counted", "x", "y"], ascending=[True, True, False, True, True]
    )
    return {str(f): list(part["residential"]) for f, part in pairs.groupby("facility", sort=False)}


def _named_estates(name: str, names: dict[str, list[str]]) -> list[str]:
    """Return the areas whose name a facility's name holds, of the longest such name."""
    folded = fold(name)
    hits = sorted((n for n in names if n in folded), key=lambda n: (-len(n), n))
    return names[hits[0]] if hits else []


def _content(areas: pd.DataFrame, area: str) -> tuple[float, float, float]:
    """Return what tells areas apart whatever they are called: households, then place."""
    row = areas.loc[area]
    return -float(np.nan_to_num(row["counted"])), float(row["x"]), float(row["y"])
