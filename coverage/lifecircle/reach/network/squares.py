"""Squares: areas that people may cross, drawn by their outline.

Along the rim everybody walks; straight across there may be a fountain, a hedge or a market. So the
rim is certain, and the straight lines between the streets that end at a square are its best case.
"""

from __future__ import annotations

import dataclasses
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.inputs.walkable import tagged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.reach.network.profiles import WayCost

    Ints = NDArray[np.int64]

__all__ = ["across_squares", "squares"]

_RING = 4
"""Vertices of the least ring, its first one twice."""
_MOST = 40
"""Streets that end at one square, of which all pairs are tried."""


def squares(lines: StreetLines, used: NDArray[np.bool_]) -> Ints:
    """Return the used ways that are the closed outline of an area (``area=yes``)."""
    area = tagged(lines.tags, "area", {"yes", "true", "1"}.__contains__)
    start, end = lines.way_start[:-1], lines.way_start[1:]
    rows = np.flatnonzero(area & used & (end - start >= _RING))
    closed = lines.way_vertex[start[rows]] == lines.way_vertex[end[rows] - 1]
    found: Ints = rows[closed]
    return found


def across_squares(lines: StreetLines, cost: WayCost) -> tuple[StreetLines, WayCost]:
    """Return the streets with a way between every two that end at a square and see each other.

    What is added stands behind the ways there were; each costs what its square's rim does.
    """
    rows = squares(lines, cost.used)
    if not len(rows):
        return lines, cost
    course = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    on = np.unique(np.stack([lines.way_vertex, course])[:, cost.used[course]], axis=1)
    ways_at = np.bincount(on[0], minlength=len(lines.vertex_xy))
    pairs, of = [], []
    for row in rows:
        ring = lines.way_vertex[lines.way_start[row] : lines.way_start[row + 1]]
        shape = shapely.Polygon(lines.vertex_xy[ring])
        doors = np.unique(ring[ways_at[ring] > 1])[:_MOST]
        two = np.array(list(combinations(doors, 2)), dtype=np.int64).reshape(-1, 2)
        seen = shapely.covers(shape, shapely.linestrings(lines.vertex_xy[two]))
        if shape.is_valid and seen.any():
            pairs.append(two[seen])
            of += [row] * int(seen.sum())
    if not of:
        return lines, cost
    more = np.concatenate(pairs)
    kept = np.concatenate([np.arange(len(lines)), np.array(of, dtype=np.int64)])
    ends = lines.way_start[-1] + 2 * np.arange(1, len(more) + 1)
    return (
        dataclasses.replace(
            lines,
            way_start=np.concatenate([lines.way_start, ends]),
            way_vertex=np.concatenate([lines.way_vertex, more.ravel()]),
            tags=lines.tags.iloc[kept].reset_index(drop=True),
        ),
        cost.take(kept),
    )
