"""Rough measures: which streets may be the nearest to each point, before any is measured exactly.

A tree that measures every street near a point does so for three times as many as stay. The boxes of
streets and, of those that run straight, arithmetic over all at once leave next to none of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.finding import inclusive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

__all__ = ["perhaps_nearest"]

_FEW_POINTS = 4096
"""Points that ask every street sooner than the tree of their ends is loaded (0.06 s)."""
_ROUGH_M = 1e-3
"""More than a rough measure is wrong by, and than two streets differ that are equally near."""


def perhaps_nearest(
    network: StreetNetwork, points: Shapes, among: Ints, tree: shapely.STRtree
) -> tuple[Ints, Ints]:
    """Return each point beside each street that may be nearest to it, or as near as that.

    Parameters
    ----------
    among
        Edges of the network.
    tree
        Of their lines.

    Returns
    -------
    point, street
        By point; the street as its position in ``among``.
    """
    xy = shapely.get_coordinates(points)
    far = inclusive(_no_nearer(network, points, xy, among, tree))[:, None] + _ROUGH_M
    # a diagonal has the bounds of its box, and is made much faster
    boxes = shapely.linestrings(np.stack([xy - far, xy + far], axis=1))
    point, street = tree.query(boxes)
    away = _roughly(network, xy[point], among[street])
    nearest = np.full(len(xy), np.inf)
    np.fmin.at(nearest, point, away)
    near = np.flatnonzero(~(away > nearest[point] + _ROUGH_M))
    return point[near], street[near]


def _roughly(network: StreetNetwork, xy: Floats, edge: Ints) -> Floats:
    """Return how far each place is from an edge, to a hair; NaN where the edge has bends."""
    begin = network.edge_start[edge]
    straight = network.edge_start[edge + 1] - begin == 2  # noqa: PLR2004 - ends
    (x, y), (from_x, from_y) = xy.T, network.edge_xy[begin].T
    ahead_x, ahead_y = (network.edge_xy[begin + 1] - network.edge_xy[begin]).T
    squared = ahead_x * ahead_x + ahead_y * ahead_y
    along = (x - from_x) * ahead_x + (y - from_y) * ahead_y
    share = np.clip(along / np.where(squared > 0, squared, 1.0), 0.0, 1.0)
    away: Floats = np.hypot(x - from_x - share * ahead_x, y - from_y - share * ahead_y)
    return np.where(straight, away, np.nan)


def _no_nearer(
    network: StreetNetwork, points: Shapes, xy: Floats, among: Ints, tree: shapely.STRtree
) -> Floats:
    """Return a distance from each point within which a street lies, and few others.

    Of few points that of the nearest street. Of many that of the nearest end of one, which is found
    in a fraction of the time; where no street ends, few pass.
    """
    far: Floats = np.empty(len(points))
    if len(points) < max(len(among) // 10, _FEW_POINTS):
        (row, _), nearest = tree.query_nearest(points, all_matches=False, return_distance=True)
        far[row] = nearest
        return far
    ends = np.zeros(len(network.node_xy), dtype=bool)
    ends[network.edge_u[among]] = ends[network.edge_v[among]] = True
    far, _ = tree_of(network.node_xy[ends], balanced_tree=False, compact_nodes=False).query(xy)
    return far
