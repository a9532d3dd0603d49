"""Service areas to look at: streets reached within a cutoff, and the surface around them.

For display only, on foot. Who is covered is decided at the demand points, never by these outlines.
A surface holds no place farther than ``STREET_SIDE_M`` from a reached street, but for small holes
that are filled where streets are very many (:mod:`surface`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.reach import STREET_SIDE_M
from lifecircle.reach.areas.demand import located
from lifecircle.reach.areas.shares import circles
from lifecircle.reach.areas.surface import surface
from lifecircle.reach.search.order import in_order
from lifecircle.reach.search.travel import least_node_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["radius_area", "reached_lines", "reached_streets", "walk_area"]

_DISPLAY_SEGMENTS = 32
_MANY_PLACES = 100
"""Places above which a circle has half as many segments: 1.2 m are cut off a radius of 1000 m."""


def reached_streets(
    network: StreetNetwork, supply: Snapped, cutoff_m: float
) -> shapely.MultiLineString:
    """Return :func:`reached_lines` as one shape; empty where nothing is reached."""
    return shapely.MultiLineString(reached_lines(network, supply, cutoff_m).tolist())


def reached_lines(network: StreetNetwork, supply: Snapped, cutoff_m: float) -> NDArray[np.object_]:
    """Return the streets from which any supply is within the cutoff, cut exactly there.

    ``cutoff_m`` is in metres of level walking and includes the egress leg to the supply, not
    the access leg of those who walk. Ferries are left out. LineStrings in metres, one a piece.
    """
    cost, _ = least_node_cost(network, supply, cutoff_m)
    edge, low, high = _pieces(network, cost, supply.take(supply.edge >= 0), cutoff_m)
    piece, start, end = _segments(network, edge, low, high)
    if not len(piece):
        return np.empty(0, dtype=object)
    # every piece's vertices are the starts of its segments and the end of its last
    last = np.append(piece[1:] != piece[:-1], True)
    xy, of = np.concatenate([start, end[last]]), np.concatenate([piece, piece[last]])
    order = np.argsort(of, kind="stable")
    lines: NDArray[np.object_] = shapely.linestrings(xy[order], indices=of[order])
    return lines


def walk_area(
    streets: shapely.MultiLineString | NDArray[np.object_], side_m: float = STREET_SIDE_M
) -> shapely.Geometry:
    """Return the surface within ``side_m`` of the streets, one shape or the lines it is made of."""
    lines = streets if isinstance(streets, np.ndarray) else shapely.get_parts(streets)
    return surface(lines, side_m) if len(lines) else shapely.Polygon()


def radius_area(xy: NDArray[np.float64], radius_m: float) -> shapely.Geometry:
    """Return the union of the circles around all known places; empty if there are none."""
    known = xy[located(xy)]
    if not len(known):
        return shapely.Polygon()
    segments = _DISPLAY_SEGMENTS if len(known) <= _MANY_PLACES else _DISPLAY_SEGMENTS // 2
    return shapely.union_all(circles(known, radius_m, segments))


def _pieces(
    network: StreetNetwork, at_node: Floats, supply: Snapped, cutoff_m: float
) -> tuple[Ints, Floats, Floats]:
    """Return edge, and from where to where (metres of level walking from ``u``), by edge.

    ``at_node``: the cost to the nearest supply, ``inf`` beyond the cutoff; ``supply``: places on an
    edge. Pieces of one edge that touch are merged.
    """
    whole, spare = network.edge_cost_m, cutoff_m - at_node
    by_u, by_v = (
        np.flatnonzero(np.isfinite(at_node)[end]) for end in (network.edge_u, network.edge_v)
    )
    to_u = np.minimum(spare[network.edge_u[by_u]], whole[by_u])
    to_v = np.minimum(spare[network.edge_v[by_v]], whole[by_v])
    own, middle = cutoff_m - supply.access_m, supply.offset_m
    edge = np.concatenate([by_u, by_v, supply.edge])
    low = np.concatenate([np.zeros(len(by_u)), whole[by_v] - to_v, np.maximum(middle - own, 0.0)])
    high = np.concatenate([to_u, whole[by_v], np.minimum(middle + own, whole[supply.edge])])
    some = network.edge_open[edge] & (high > low)
    edge, low, high = edge[some], low[some], high[some]
    order = in_order(edge, low, high)
    edge, low, high = edge[order], low[order], high[order]
    if not len(edge):
        return edge, low, high

    # Shifting each edge by more than any edge is long lets one running maximum serve all.
    fresh = np.ones(len(edge), dtype=bool)
    fresh[1:] = edge[1:] != edge[:-1]
    shift = np.cumsum(fresh) * (2 * float(whole[edge].max()) + 1)
    reach = np.maximum.accumulate(high + shift)
    opens = np.ones(len(edge), dtype=bool)
    opens[1:] = (low + shift)[1:] > reach[:-1]
    first = np.flatnonzero(opens)
    return edge[first], low[first], np.maximum.reduceat(high, first)


def _segments(
    network: StreetNetwork, edge: Ints, low: Floats, high: Floats
) -> tuple[Ints, Floats, Floats]:
    """Return the straight segments of the pieces: which piece, from where, to where, in order."""
    cost, length = network.edge_cost_m[edge], network.edge_length_m[edge]
    scale = np.divide(length, cost, out=np.ones(len(edge)), where=cost > 0)
    low, high = low * scale, high * scale
    begin = network.edge_start[edge]
    count = network.edge_start[edge + 1] - begin - 1
    piece = np.repeat(np.arange(len(edge)), count)
    stop = np.cumsum(count)
    at = np.arange(len(piece)) + np.repeat(begin - (stop - count), count)
    a, b = network.edge_xy[at], network.edge_xy[at + 1]
    step = np.hypot(*(b - a).T)
    ran = np.cumsum(step)
    before = ran - step
    if len(piece):
        before -= np.repeat(before[stop - count], count)
    share_low = np.clip((low[piece] - before) / np.where(step > 0, step, 1.0), 0.0, 1.0)
    share_high = np.clip((high[piece] - before) / np.where(step > 0, step, 1.0), 0.0, 1.0)
    inside = share_high > share_low
    piece, a, way = piece[inside], a[inside], (b - a)[inside]
    share_low, share_high = share_low[inside, None], share_high[inside, None]
    return piece, a + share_low * way, a + share_high * way
