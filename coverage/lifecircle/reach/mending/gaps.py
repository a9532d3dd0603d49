"""Gaps: places where two streets probably should join and do not.

A dead end close to another street; two vertices at one place that are not one vertex; two streets
that cross without a junction, as a line layer drawn street by street has them. Most are drawing
mistakes, and each may send a walk a long way round.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.coordinates.near_points import pairs_within, tree_of
from lifecircle.model.finding import inclusive, meets
from lifecircle.model.inputs.streets import street_levels
from lifecircle.reach.diagnosis import barrier_between
from lifecircle.reach.network.graph import edge_lines, edge_tree, least_cost_graphs
from lifecircle.reach.search.order import first_rows
from lifecircle.reach.search.snapping import Snapped
from lifecircle.reach.search.travel import nearest, pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines, StreetNetwork
    from lifecircle.reach.context import ReachContext

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["SAME_PLACE_M", "Gaps", "find_gaps", "walks_across"]

SAME_PLACE_M = 0.01
"""Vertices at most this far apart are at one place."""
WORTH_M = 50.0
"""A gap is told where the way round it is longer than the gap by more than this: a short stub
beside the street it leaves is no gap."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Pairs of positions on the streets that probably should be joined, one entry a gap.

    Parameters
    ----------
    kind
        ``duplicate``: both are vertices at one place; ``crossing``: the streets cross there on
        one level; ``gap``: the first is a dead end.
    edge, along_m
        int64 and float64 (n, 2): the two positions, metres on the ground from the edge's ``u``.
    xy
        float64 (n, 2, 2), where they are.
    length_m
        float64 (n,), straight line between them.
    """

    kind: NDArray[np.object_]
    edge: Ints
    along_m: Floats
    xy: Floats
    length_m: Floats

    def __len__(self) -> int:
        return len(self.length_m)

    def take(self, rows: NDArray[np.generic]) -> Gaps:
        """Return the gaps of ``rows`` (positions or a bool mask)."""
        return Gaps(
            self.kind[rows],
            self.edge[rows],
            self.along_m[rows],
            self.xy[rows],
            self.length_m[rows],
        )


def find_gaps(lines: StreetLines, network: StreetNetwork, limit_m: float) -> Gaps:
    """Return the gaps of at most ``limit_m``, inclusive: duplicates, crossings, dead ends.

    Left out are pairs on different levels (bridge, tunnel, ``layer``), pairs with a barrier
    between, and those whose way round is short (``WORTH_M``). A dead end has one gap, the
    shortest; of two between the same streets the shorter is told if it makes the other needless.

    Parameters
    ----------
    lines, network
        The streets, and the network built of them.
    """
    level = street_levels(lines)[network.edge_way]
    twins = _clear(lines, network, level, _twins(network))
    crossings = _apart(_clear(lines, network, level, _crossings(lines, network, level)), twins)
    ends, node = _dead_ends(network, limit_m)
    kept = _worth(lines, network, level, ends)
    ends, node = ends.take(kept), node[kept]
    order = np.lexsort((ends.xy[:, 1, 1], ends.xy[:, 1, 0], ends.length_m, node))
    _, first = np.unique(node[order], return_index=True)
    ends = _once(_apart(_apart(ends.take(order[first]), twins), crossings))
    found = [twins, crossings, ends.take(np.lexsort((ends.xy[:, 0, 1], ends.xy[:, 0, 0])))]
    return Gaps(
        *(
            np.concatenate([getattr(part, name) for part in found])
            for name in ("kind", "edge", "along_m", "xy", "length_m")
        )
    )


def walks_across(
    context: ReachContext, gaps: Gaps, membership: NDArray[np.float64], limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return the walks of areas that lead across one gap, were it joined.

    Parameters
    ----------
    membership
        As for ``reach_table``; only certain members are walked to.
    limit_m
        Longest walk, inclusive.

    Returns
    -------
    gap, area, walk_m
        The shortest walk of every pair within the limit, by gap, then area. It may be longer
        than the walk the area has anyway.
    """
    network, origins = context.network, context.origins
    empty = np.empty(0, dtype=np.int64)
    if network is None or origins is None or context.facilities is None or not len(gaps):
        return empty, empty, np.empty(0)
    supply = context.facilities.of(np.asarray(membership) == 1)
    starts = np.flatnonzero(context.representative_start)
    demand = context.demand
    here = origins.take(demand.start_origin[starts])
    area_of = demand.point_area[demand.start_point[starts]]
    found = []
    for near, far in ((0, 1), (1, 0)):
        ahead, _ = nearest(network, _at(network, gaps, far), supply, limit_m)
        rows = np.flatnonzero(np.isfinite(ahead))
        start, gap, cost = pairs(network, here, _at(network, gaps.take(rows), near), limit_m)
        gap = rows[gap]
        total = demand.start_lead_m[starts][start] + cost + gaps.length_m[gap] + ahead[gap]
        within = meets(total, "<=", limit_m)
        found.append((gap[within], area_of[start][within], total[within]))
    gap, area, total = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((total, area, gap))
    gap, area, total = gap[order], area[order], total[order]
    first = np.ones(len(gap), dtype=bool)
    first[1:] = (gap[1:] != gap[:-1]) | (area[1:] != area[:-1])
    return gap[first], area[first], total[first]


def _at(network: StreetNetwork, gaps: Gaps, side: int) -> Snapped:
    """Return one end of every gap as places on the network."""
    edge, along = gaps.edge[:, side], gaps.along_m[:, side]
    length, cost = network.edge_length_m[edge], network.edge_cost_m[edge]
    factor = np.divide(cost, length, out=np.ones(len(edge)), where=length > 0)
    nothing = np.zeros(len(edge))
    return Snapped(
        edge=edge,
        along_m=along,
        offset_m=along * factor,
        access_m=nothing,
        nearest_m=nothing,
        component=network.node_component[network.edge_u[edge]],
        place=np.arange(len(edge)),
    )


def _dead_ends(network: StreetNetwork, limit_m: float) -> tuple[Gaps, Ints]:
    """Return every dead end with every other street within the limit, and its node."""
    n = len(network)
    degree = np.bincount(network.edge_u, minlength=n) + np.bincount(network.edge_v, minlength=n)
    dead = degree == 1
    dead &= ~network.node_cut  # a gate that is shut is no gap
    dead[network.edge_u[network.edge_ferry]] = dead[network.edge_v[network.edge_ferry]] = False
    own = np.full(n, -1, dtype=np.int64)
    own[network.edge_u] = own[network.edge_v] = np.arange(len(network.edge_u))
    node = np.flatnonzero(dead)
    spots, lines = shapely.points(network.node_xy[node]), edge_lines(network)
    row, edge = edge_tree(network).query(spots, predicate="dwithin", distance=inclusive(limit_m))
    other = edge != own[node[row]]
    other &= ~network.edge_ferry[edge]
    row, edge = row[other], edge[other]
    along = shapely.line_locate_point(lines[edge], spots[row])
    along = np.clip(along, 0.0, network.edge_length_m[edge])
    target = shapely.get_coordinates(shapely.line_interpolate_point(lines[edge], along))
    node = node[row]
    mine = own[node]
    start = np.where(network.edge_u[mine] == node, 0.0, network.edge_length_m[mine])
    gaps = Gaps(
        kind=np.full(len(row), "gap", dtype=object),
        edge=np.column_stack([mine, edge]),
        along_m=np.column_stack([start, along]),
        xy=np.stack([network.node_xy[node], target], axis=1),
        length_m=shapely.distance(spots[row], lines[edge]),
    )
    return gaps, node


def _twins(network: StreetNetwork) -> Gaps:
    """Return every two vertices of the streets at one place that are not one vertex."""
    xy, start = network.edge_xy, network.edge_start
    edge = np.repeat(np.arange(len(network.edge_u)), np.diff(start))
    # an end is its node, whatever edge it belongs to; a vertex within is itself
    vertex = len(network) + np.arange(len(xy))
    vertex[start[:-1]], vertex[start[1:] - 1] = network.edge_u, network.edge_v
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*(xy[1:] - xy[:-1]).T)
    step[start[:-1]] = 0.0
    along = np.cumsum(step)
    along -= np.repeat(along[start[:-1]], np.diff(start))
    at = first_rows(vertex)
    pair = pairs_within(xy[at], SAME_PLACE_M) if len(at) else at
    pair = at[np.sort(pair.reshape(-1, 2), axis=1)]
    pair = pair[~network.edge_ferry[edge[pair]].any(axis=1)]
    shut = np.concatenate([network.node_cut, np.zeros(len(xy), dtype=bool)])
    pair = pair[~shut[vertex[pair]].all(axis=1)]
    pair = pair[np.lexsort((xy[pair[:, 0], 1], xy[pair[:, 0], 0]))]
    return Gaps(
        kind=np.full(len(pair), "duplicate", dtype=object),
        edge=edge[pair],
        along_m=np.minimum(along[pair], network.edge_length_m[edge[pair]]),
        xy=xy[pair],
        length_m=np.hypot(*(xy[pair[:, 0]] - xy[pair[:, 1]]).T),
    )


def _clear(lines: StreetLines, network: StreetNetwork, level: Ints, gaps: Gaps) -> Gaps:
    return gaps.take(_worth(lines, network, level, gaps))


def _worth(lines: StreetLines, network: StreetNetwork, level: Ints, gaps: Gaps) -> Ints:
    """Return the gaps on one level, without a barrier, whose way round is long."""
    rows = np.flatnonzero(level[gaps.edge[:, 0]] == level[gaps.edge[:, 1]])
    a, b = gaps.xy[rows, 0], gaps.xy[rows, 1]
    free = np.array([found is None for found in barrier_between(lines.barriers, a, b)], dtype=bool)
    rows = rows[free]
    left = gaps.take(rows)
    reach = WORTH_M + float(left.length_m.max(initial=0.0))
    whole = _as_if_open(network)
    start, end, cost = pairs(whole, _at(whole, left, 0), _at(whole, left, 1), reach)
    same = start == end
    short = np.zeros(len(left), dtype=bool)
    short[start[same]] = cost[same] - left.length_m[start[same]] <= WORTH_M
    kept: Ints = rows[~short]
    return kept


def _as_if_open(network: StreetNetwork) -> StreetNetwork:
    """Return the network with its shut gates passed: beside one, a way round it is no gap."""
    node = np.flatnonzero(network.node_cut)
    if not len(node):
        return network
    pair = node[pairs_within(network.node_xy[node], SAME_PLACE_M)]
    nothing = np.zeros(len(pair))
    graph, back = least_cost_graphs(
        np.concatenate([network.edge_u, pair[:, 0]]),
        np.concatenate([network.edge_v, pair[:, 1]]),
        np.concatenate([network.edge_cost_m, nothing]),
        np.concatenate([network.edge_back_m, nothing]),
        len(network),
    )
    return dataclasses.replace(network, graph=graph, graph_back=back)


def _crossings(streets: StreetLines, network: StreetNetwork, level: Ints) -> Gaps:
    """Return every point where two streets of one level cross within both of them."""
    lines, loose = edge_lines(network), _loose(streets, network)
    asked = np.flatnonzero(loose)
    one, other = edge_tree(network).query(lines[asked])
    one = asked[one]
    once = (one < other) | ~loose[other]  # who is not asked is only found by others
    a, b = np.minimum(one, other)[once], np.maximum(one, other)[once]
    rows = (level[a] == level[b]) & ~(network.edge_ferry[a] | network.edge_ferry[b])
    a, b = a[rows], b[rows]
    # two straight streets that meet at a node cross nowhere else: most pairs are such
    (u, v), (other_u, other_v) = ((network.edge_u[at], network.edge_v[at]) for at in (a, b))
    meet = (u == other_u) | (u == other_v) | (v == other_u) | (v == other_v)
    straight = np.diff(network.edge_start) == 2  # noqa: PLR2004 - vertices
    rows = ~(meet & straight[a] & straight[b])
    a, b = a[rows], b[rows]
    rows = shapely.crosses(lines[a], lines[b])
    pair = np.column_stack([a[rows], b[rows]]).astype(np.int64)
    points, of = shapely.get_parts(
        shapely.intersection(lines[pair[:, 0]], lines[pair[:, 1]]), return_index=True
    )
    single = shapely.get_dimensions(points) == 0
    points, pair = points[single], pair[of[single]]
    along = shapely.line_locate_point(lines[pair], points[:, None]).reshape(-1, 2)
    along = np.minimum(along, network.edge_length_m[pair])
    # where they meet at a node of both they are joined
    node = np.where(
        along > network.edge_length_m[pair] / 2, network.edge_v[pair], network.edge_u[pair]
    )
    inner = np.minimum(along, network.edge_length_m[pair] - along) > SAME_PLACE_M
    apart = inner.any(axis=1) | (node[:, 0] != node[:, 1])
    points, pair, along = points[apart], pair[apart], along[apart]
    xy = shapely.get_coordinates(points)
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    return Gaps(
        kind=np.full(len(order), "crossing", dtype=object),
        edge=pair[order],
        along_m=along[order],
        xy=np.stack([xy[order], xy[order]], axis=1),
        length_m=np.zeros(len(order)),
    )


def _loose(streets: StreetLines, network: StreetNetwork) -> Bools:
    """Return the edges that may cross others: of most line layers it is known that few do."""
    if streets.loose is None:
        return np.ones(len(network.edge_way), dtype=bool)
    return streets.loose[network.edge_way]


def _apart(gaps: Gaps, others: Gaps) -> Gaps:
    """Return the gaps without those of no length where another one stands."""
    if not (len(gaps) and len(others)):
        return gaps
    far, _ = tree_of(others.xy.reshape(-1, 2)).query(gaps.xy[:, 0])
    return gaps.take((far > SAME_PLACE_M) | (gaps.length_m > SAME_PLACE_M))


def _once(ends: Gaps) -> Gaps:
    """Return the gaps of dead ends without those that a shorter one makes needless."""
    keep = np.ones(len(ends), dtype=bool)
    on = [dict(zip(e, a, strict=True)) for e, a in zip(ends.edge, ends.along_m, strict=True)]
    told: dict[frozenset[int], list[int]] = {}
    for row in np.argsort(ends.length_m, kind="stable"):
        others = told.setdefault(frozenset(on[row]), [])
        # the way round, once the other gap between the same two streets is joined
        around = [
            ends.length_m[other] + sum(abs(on[row][e] - on[other][e]) for e in on[row])
            for other in others
        ]
        keep[row] = min(around, default=np.inf) - ends.length_m[row] > WORTH_M
        if keep[row]:
            others.append(int(row))
    return ends.take(keep)
