"""Service areas to look at: streets reached within a cutoff, and the surface around them.

For display only. Who is covered is decided at the demand points, never by these outlines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.reach.demand import located
from lifecircle.reach.network import edge_lines
from lifecircle.reach.shares import circles
from lifecircle.reach.travel import least_node_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.streets import StreetNetwork
    from lifecircle.reach.snapping import Snapped

__all__ = ["radius_area", "reached_streets", "walk_area"]

STREET_SIDE_M = 25.0
"""Half the width drawn for a reached street."""
_DISPLAY_SEGMENTS = 32


def reached_streets(
    network: StreetNetwork, supply: Snapped, cutoff_m: float
) -> shapely.MultiLineString:
    """Return the streets from which any supply is within the cutoff, cut exactly there.

    ``cutoff_m`` is in metres of level walking and includes the egress leg to the supply, not
    the access leg of those who walk. Empty where nothing is reached.
    """
    edge, low, high = _reached_pieces(network, supply, cutoff_m)
    lines = edge_lines(network, edge)
    part = (low > 0) | (high < network.edge_cost_m[edge])
    factor = _per_metre(network, edge)
    for i in np.flatnonzero(part):
        lines[i] = _cut_line(lines[i], low[i] * factor[i], high[i] * factor[i])
    return shapely.MultiLineString(list(lines))


def walk_area(streets: shapely.MultiLineString, side_m: float = STREET_SIDE_M) -> shapely.Geometry:
    """Return the surface within ``side_m`` of the streets: each buffered, then united."""
    if streets.is_empty:
        return shapely.Polygon()
    return shapely.union_all(shapely.buffer(shapely.get_parts(streets), side_m, quad_segs=4))


def radius_area(xy: NDArray[np.float64], radius_m: float) -> shapely.Geometry:
    """Return the union of the circles around all known places; empty if there are none."""
    known = xy[located(xy)]
    if not len(known):
        return shapely.Polygon()
    return shapely.union_all(circles(known, radius_m, _DISPLAY_SEGMENTS))


def _reached_pieces(
    network: StreetNetwork, supply: Snapped, cutoff_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return edge, and from where to where (metres of level walking from u), pieces merged."""
    at_node, _ = least_node_cost(network, supply, cutoff_m)
    whole = network.edge_cost_m
    from_u = np.clip(cutoff_m - at_node[network.edge_u], 0.0, whole)
    from_v = np.clip(cutoff_m - at_node[network.edge_v], 0.0, whole)
    by_u, by_v = np.flatnonzero(from_u > 0), np.flatnonzero(from_v > 0)
    spare = cutoff_m - supply.access_m
    own = np.flatnonzero((supply.edge >= 0) & (spare > 0))
    middle, on = supply.offset_m[own], supply.edge[own]
    edge = np.concatenate([by_u, by_v, on])
    low = np.concatenate(
        [np.zeros(len(by_u)), whole[by_v] - from_v[by_v], np.maximum(middle - spare[own], 0.0)]
    )
    high = np.concatenate([from_u[by_u], whole[by_v], np.minimum(middle + spare[own], whole[on])])
    order = np.lexsort((high, low, edge))
    edge, low, high = edge[order], low[order], high[order]

    # Merge overlapping pieces of one edge. Shifting each edge by more than any edge is long lets
    # one running maximum serve all of them.
    shift = np.cumsum(np.diff(edge, prepend=edge[:1]) != 0) * (2 * whole.max(initial=0) + 1)
    reach = np.maximum.accumulate(high + shift)
    opens = np.ones(len(edge), dtype=bool)
    opens[1:] = (low + shift)[1:] > reach[:-1]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(edge)) - 1
    return edge[first], low[first], (reach - shift)[last] if len(edge) else high


def _per_metre(network: StreetNetwork, edge: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return metres on the ground per metre of level walking; 1 for an edge without length."""
    cost, length = network.edge_cost_m[edge], network.edge_length_m[edge]
    return np.divide(length, cost, out=np.ones(len(edge)), where=cost > 0)


def _cut_line(line: shapely.LineString, low_m: float, high_m: float) -> shapely.LineString:
    """Return the stretch of a line between two distances along it."""
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    inside = (along > low_m) & (along < high_m)
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [low_m, high_m]))
    return shapely.LineString(np.concatenate([ends[:1], xy[inside], ends[1:]]))
