"""Ferries, joined to the streets they land at."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lifecircle.model.coordinates.near_points import tree_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.reach.network.profiles import WayCost

__all__ = ["LANDING_M", "join_ferries"]

LANDING_M = 100.0
"""A ferry that ends this near a street's vertex lands there: piers are often not drawn."""


def join_ferries(
    lines: StreetLines, cost: WayCost
) -> tuple[StreetLines, WayCost, NDArray[np.int64]]:
    """Return streets whose ferries are joined to them, their costs, and the way each came from.

    A ferry's end that shares no vertex with a used street is linked to the nearest street vertex
    within ``LANDING_M`` by a straight line, walked as it is long. Ferries that reach no street
    even so are left out: nobody can board them.
    """
    row = np.arange(len(lines))
    ferry = np.flatnonzero(cost.used & cost.ferry & (np.diff(lines.way_start) > 1))
    if not len(ferry):
        return lines, cost, row
    course = np.repeat(row, np.diff(lines.way_start))
    street = np.unique(lines.way_vertex[(cost.used & ~cost.ferry)[course]])
    ends = np.concatenate(
        [lines.way_vertex[lines.way_start[ferry]], lines.way_vertex[lines.way_start[ferry + 1] - 1]]
    )
    of = np.tile(ferry, 2)
    # where two ferries' ways meet the crossing goes on
    _, turn, met = np.unique(ends, return_inverse=True, return_counts=True)
    loose = ~np.isin(ends, street) & (met[turn] == 1)
    ends, of = ends[loose], of[loose]
    if len(ends) and len(street):
        far, hit = tree_of(lines.vertex_xy[street]).query(lines.vertex_xy[ends])
        lands = far <= LANDING_M
        ends, of, hit = ends[lands], of[lands], street[hit[lands]]
        row = np.concatenate([row, of])
        lines = dataclasses.replace(
            lines,
            way_start=np.concatenate(
                [lines.way_start, lines.way_start[-1] + 2 * np.arange(1, len(of) + 1)]
            ),
            way_vertex=np.concatenate([lines.way_vertex, np.stack([ends, hit], axis=1).ravel()]),
            tags=lines.tags.iloc[row].reset_index(drop=True),
        )
        cost = cost.take(row)
        links = np.arange(len(row) - len(of), len(row))
        for per_metre in (cost.forward, cost.back):
            per_metre[links] = 1.0
        cost.open[links] = cost.ferry[links] = False
    return lines, _boarded(lines, cost), row


def _boarded(lines: StreetLines, cost: WayCost) -> WayCost:
    """Return the costs without the ferries that no used street leads to."""
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    on = cost.used[way]
    n = len(lines.vertex_xy)
    links = coo_array(
        (np.ones(int(on.sum())), (lines.way_vertex[on], n + way[on])), shape=(n + len(lines),) * 2
    )
    _, part = connected_components(links, directed=False)
    ashore = np.isin(part[n:], part[n:][cost.used & ~cost.ferry])
    return dataclasses.replace(cost, used=cost.used & ashore)
