"""Service areas to look at: streets reached within a cutoff, and the surface around them.

For display only, on foot. Who is covered is decided at the demand points, never by these outlines.
A surface holds no place farther than ``STREET_SIDE_M`` from a reached street.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.reach.areas.demand import located
from lifecircle.reach.areas.outline import near_segments
from lifecircle.reach.areas.shares import circles
from lifecircle.reach.search.pairs import Standing, node_costs
from lifecircle.reach.search.travel import least_node_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["radius_area", "reached_streets", "walk_area", "walk_areas"]

STREET_SIDE_M = 25.0
"""Half the width drawn for a reached street."""
_DISPLAY_SEGMENTS = 32


def reached_streets(
    network: StreetNetwork, supply: Snapped, cutoff_m: float
) -> shapely.MultiLineString:
    """Return the streets from which any supply is within the cutoff, cut exactly there.

    ``cutoff_m`` is in metres of level walking and includes the egress leg to the supply, not
    the access leg of those who walk. Ferries are left out. Empty where nothing is reached.
    """
    cost, _ = least_node_cost(network, supply, cutoff_m)
    at_u, at_v = np.isfinite(cost)[network.edge_u], np.isfinite(cost)[network.edge_v]
    by_u, by_v = np.flatnonzero(at_u), np.flatnonzero(at_v)
    nobody = np.zeros(len(network.edge_u), dtype=np.int64)
    own = np.flatnonzero(supply.edge >= 0)
    _, edge, low, high = _pieces(
        network,
        (nobody[by_u], by_u, cost[network.edge_u[by_u]]),
        (nobody[by_v], by_v, cost[network.edge_v[by_v]]),
        (np.zeros(len(own), dtype=np.int64), supply.take(own)),
        cutoff_m,
    )
    piece, start, end = _segments(network, edge, low, high)
    if not len(piece):
        return shapely.MultiLineString()
    # every piece's vertices are the starts of its segments and the end of its last
    last = np.append(piece[1:] != piece[:-1], True)
    xy, of = np.concatenate([start, end[last]]), np.concatenate([piece, piece[last]])
    order = np.argsort(of, kind="stable")
    return shapely.MultiLineString(list(shapely.linestrings(xy[order], indices=of[order])))


def walk_areas(
    network: StreetNetwork, supply: Snapped, cutoff_m: float, side_m: float = STREET_SIDE_M
) -> NDArray[np.object_]:
    """Return the surface around the streets that each supply alone is reached from.

    By the quick outline of :mod:`lifecircle.reach.areas.outline`: within ``side_m`` of the streets,
    and up to a cell less. Empty for a supply without an edge.
    """
    areas: NDArray[np.object_] = np.full(len(supply), shapely.Polygon(), dtype=object)
    own = np.flatnonzero(supply.edge >= 0)
    if not len(own):
        return areas
    who, node, cost = node_costs(network, supply, cutoff_m)
    ends = []
    for end in (network.edge_u, network.edge_v):
        each, edge = Standing(end.astype(np.int32), len(network)).at(node)
        ends.append((who[each], edge, cost[each]))
    owner, edge, low, high = _pieces(network, ends[0], ends[1], (own, supply.take(own)), cutoff_m)
    piece, start, stop = _segments(network, edge, low, high)
    cut = np.searchsorted(owner[piece], np.arange(len(supply) + 1))
    for i in own[cut[own + 1] > cut[own]]:
        mine = slice(cut[i], cut[i + 1])
        areas[i] = near_segments(start[mine], stop[mine], side_m)
    return areas


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


def _pieces(
    network: StreetNetwork,
    by_u: tuple[Ints, Ints, Floats],
    by_v: tuple[Ints, Ints, Floats],
    own: tuple[Ints, Snapped],
    cutoff_m: float,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return whose, edge, and from where to where (metres of level walking from ``u``).

    ``by_u``, ``by_v``: whose, edge, and cost at that end of it; ``own``: whose, and the places.
    Pieces of one owner and edge that touch are merged; sorted by owner, then edge.
    """
    whole = network.edge_cost_m
    to_u = np.minimum(cutoff_m - by_u[2], whole[by_u[1]])
    to_v = np.minimum(cutoff_m - by_v[2], whole[by_v[1]])
    spare = cutoff_m - own[1].access_m
    middle, on = own[1].offset_m, own[1].edge
    owner = np.concatenate([by_u[0], by_v[0], own[0]])
    edge = np.concatenate([by_u[1], by_v[1], on])
    low = np.concatenate(
        [np.zeros(len(to_u)), whole[by_v[1]] - to_v, np.maximum(middle - spare, 0.0)]
    )
    high = np.concatenate([to_u, whole[by_v[1]], np.minimum(middle + spare, whole[on])])
    some = network.edge_open[edge] & (high > low)
    owner, edge, low, high = owner[some], edge[some], low[some], high[some]
    order = np.lexsort((high, low, edge, owner))
    owner, edge, low, high = owner[order], edge[order], low[order], high[order]
    if not len(edge):
        return owner, edge, low, high

    # Shifting each edge by more than any edge is long lets one running maximum serve all.
    fresh = np.ones(len(edge), dtype=bool)
    fresh[1:] = (edge[1:] != edge[:-1]) | (owner[1:] != owner[:-1])
    shift = np.cumsum(fresh) * (2 * float(whole[edge].max()) + 1)
    reach = np.maximum.accumulate(high + shift)
    opens = np.ones(len(edge), dtype=bool)
    opens[1:] = (low + shift)[1:] > reach[:-1]
    first = np.flatnonzero(opens)
    high = np.maximum.reduceat(high, first)
    return owner[first], edge[first], low[first], high


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
