"""Private exits: gates and ways that only those pass who live behind them.

The people of an area known by its outline walk straight to each of its private exits, as they do
to a gate, and on from there. Nobody else does: for others a private gate is shut, a private way no
way.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.finding import inclusive
from lifecircle.model.inputs.walkable import Passage, way_passage
from lifecircle.reach.network.posts import post_vertices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.reach.areas.demand import Demand
    from lifecircle.reach.network.profiles import WayCost

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["private_exits", "with_exits"]

_SAME_WALL_M = 2.0
"""Outlines at most this much farther than the nearest one share its wall and its gates."""
_MOSTLY = 0.5
"""A private way belongs to the area in which so much of its length lies."""


def private_exits(
    lines: StreetLines, cost: WayCost, residential: Layer, tolerance_m: float
) -> tuple[Ints, Floats]:
    """Return the private exits of areas with an outline: area, and place.

    A private post on a way, in an area or at most ``tolerance_m`` (inclusive) from the nearest
    one; and where a private way that lies in an area for the most part meets a street.
    """
    shapes = residential.frame.geometry.to_numpy()
    solid = np.flatnonzero(shapely.get_dimensions(shapes) == 2)  # noqa: PLR2004 - polygons
    tree = shapely.STRtree(shapes[solid])
    vertex, who = post_vertices(lines)
    spots = lines.vertex_xy[np.unique(vertex[who == Passage.PRIVATE])]
    row, hit = tree.query(
        shapely.points(spots), predicate="dwithin", distance=inclusive(tolerance_m)
    )
    far = shapely.distance(shapely.points(spots[row]), shapes[solid[hit]])
    least = np.full(len(spots), np.inf)
    np.minimum.at(least, row, far)
    near = far <= least[row] + _SAME_WALL_M
    by_way, at = _way_ends(lines, cost, shapes[solid], tree)
    area = np.concatenate([solid[hit[near]], solid[by_way]])
    xy = np.concatenate([spots[row[near]], lines.vertex_xy[at]])
    found, first = np.unique(np.column_stack([area, xy]), axis=0, return_index=True)
    del found
    return area[first].astype(np.int64), xy[first]


def _way_ends(
    lines: StreetLines, cost: WayCost, shapes: NDArray[np.object_], tree: shapely.STRtree
) -> tuple[Ints, Ints]:
    """Return area and vertex where the private ways of areas meet ways that all may use."""
    private = np.flatnonzero(way_passage(lines.tags) == Passage.PRIVATE)
    count = np.diff(lines.way_start)
    private = private[count[private] > 1]
    nothing = np.empty(0, dtype=np.int64)
    if not len(private):
        return nothing, nothing
    used = np.unique(lines.way_vertex[np.repeat(cost.used, count)])
    courses = [lines.way_vertex[lines.way_start[w] : lines.way_start[w + 1]] for w in private]
    drawn = np.array([shapely.LineString(lines.vertex_xy[course]) for course in courses])
    row, hit = tree.query(drawn, predicate="intersects")
    inside = shapely.length(shapely.intersection(drawn[row], shapes[hit]))
    own = inside >= _MOSTLY * shapely.length(drawn[row])
    area, vertex = [nothing], [nothing]
    for way, owner in zip(row[own], hit[own], strict=True):
        meets = np.intersect1d(courses[way], used)
        vertex.append(meets)
        area.append(np.full(len(meets), owner, dtype=np.int64))
    return np.concatenate(area), np.concatenate(vertex)


def with_exits(demand: Demand, area: Ints, xy: Floats) -> Demand:
    """Return the demand with further ways out: from every point of an area to its exits.

    An area whose gates are known is left by these alone, and gets none.
    """
    free = ~demand.gated[area]
    area, xy = area[free], xy[free]
    if not len(area):
        return demand
    low = np.searchsorted(demand.point_area, area, side="left")
    count = np.searchsorted(demand.point_area, area, side="right") - low
    exit_ = np.repeat(np.arange(len(area)), count)
    nth = np.arange(len(exit_)) - np.repeat(np.cumsum(count) - count, count)
    point = low[exit_] + nth
    lead = np.hypot(*(demand.point_xy[point] - xy[exit_]).T)
    start = np.concatenate([demand.start_point, point])
    order = np.argsort(start, kind="stable")
    return dataclasses.replace(
        demand,
        origin_xy=np.concatenate([demand.origin_xy, xy]),
        start_point=start[order],
        start_origin=np.concatenate([demand.start_origin, len(demand.origin_xy) + exit_])[order],
        start_lead_m=np.concatenate([demand.start_lead_m, lead])[order],
        start_gate=np.concatenate([demand.start_gate, np.zeros(len(point), dtype=bool)])[order],
        start_exit=np.concatenate([demand.start_exit, np.ones(len(point), dtype=bool)])[order],
    )
