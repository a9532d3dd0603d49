"""Street lines to the graph of one profile.

The lines are cut where used ways meet, end or pass a vertex twice; everything between two cuts
is one edge that keeps its course. Chains of vertices without a choice never enter the graph, which
makes a search two to ten times faster on OSM data and keeps every length exact.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.streets import StreetNetwork
from lifecircle.reach.network.ferries import join_ferries
from lifecircle.reach.network.posts import cut_at
from lifecircle.reach.network.profiles import walk_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.reach.network.profiles import WayCost

__all__ = [
    "along_curve",
    "build_network",
    "cut_edges",
    "edge_lines",
    "edge_tree",
    "least_cost_graphs",
    "without_ferries",
]

_PASSING = 2
"""Segments and neighbours of a vertex where there is nothing to choose."""


def build_network(
    lines: StreetLines,
    cost: WayCost | None = None,
    cuts: NDArray[np.int64] | None = None,
) -> StreetNetwork:
    """Return the network of one profile over ``lines``.

    Parameters
    ----------
    lines
        Streets in a projected CRS in metres.
    cost
        What each way costs (``profiles.walk_cost``, ``profiles.drive_cost``); by default on foot
        with the default parameters.
    cuts
        Vertices where ways do not join (``posts.cutting``); by default none.

    Returns
    -------
    StreetNetwork
        Ways that share a vertex *index* are joined there; ferries also where they land near a
        street. Half of the wait for a ferry stands on either landing of it: whoever crosses waits
        once; where two ferries' ways meet on the water nobody does. Parallel edges, self-loops and
        edges of length zero are kept. Without any used way the network is empty.

    Raises
    ------
    ValueError
        The CRS is not projected in metres, or a cost is not above 0, or infinite both ways.
    """
    crs = CRS.from_user_input(lines.crs)
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ValueError(f"streets need a projected CRS in metres, got {lines.crs}")
    cost = walk_cost(lines, Parameters()) if cost is None else cost
    _check(cost, len(lines))
    whole = len(lines.vertex_xy)
    lines, cost, kept = cut_at(lines, cost, np.empty(0, np.int64) if cuts is None else cuts)
    lines, cost, row = join_ferries(lines, cost)
    row = kept[row]

    lines, cost = _forward(lines, cost)
    vertex, way = _course(lines, cost)
    first, last = _cut(vertex, way, len(lines.vertex_xy))

    # Nodes in the order of a space-filling curve: near nodes lie near in memory, and ids do not
    # depend on the order of the source's rows.
    ends = np.zeros(len(lines.vertex_xy), dtype=bool)
    ends[vertex[first]] = ends[vertex[last]] = True
    node_vertex = np.flatnonzero(ends)
    node_vertex = node_vertex[_curve_order(lines.vertex_xy[node_vertex])]
    node_of = np.full(len(lines.vertex_xy), -1, dtype=np.int64)
    node_of[node_vertex] = np.arange(len(node_vertex))
    u, v = node_of[vertex[first]], node_of[vertex[last]]

    order = np.lexsort((np.maximum(u, v), np.minimum(u, v)))
    first, last, u, v = first[order], last[order], u[order], v[order]
    count = last - first + 1
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    within = np.repeat(first - start[:-1], count) + np.arange(start[-1])
    edge_xy = lines.vertex_xy[vertex[within]]
    length, edge_way = _lengths(edge_xy, start), way[first]
    there = length * cost.forward[edge_way]
    back = np.full(len(length), np.inf)
    returns = np.isfinite(cost.back[edge_way])
    back[returns] = length[returns] * cost.back[edge_way[returns]]

    ferry = cost.ferry[edge_way]
    wait = _waits(u, v, ferry, cost.boarding[edge_way], len(node_vertex))
    there, back = there + wait, back + wait
    graph, graph_back = least_cost_graphs(u, v, there, back, len(node_vertex))
    component, component_length = _components(graph, u, np.where(ferry, 0.0, length))
    return StreetNetwork(
        crs=lines.crs,
        node_xy=lines.vertex_xy[node_vertex],
        edge_u=u,
        edge_v=v,
        edge_start=start,
        edge_xy=edge_xy,
        edge_length_m=length,
        edge_cost_m=there,
        edge_back_m=back,
        edge_way=row[edge_way],
        edge_open=cost.open[edge_way],
        edge_steps=cost.steps[edge_way],
        edge_ferry=ferry,
        graph=graph,
        graph_back=graph_back,
        node_component=component,
        component_length_m=component_length,
        node_cut=node_vertex >= whole,
    )


def _waits(
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    ferry: NDArray[np.bool_],
    boarding: NDArray[np.float64],
    nodes: int,
) -> NDArray[np.float64]:
    """Return what waiting adds to each edge: half of it at every end of a ferry that is ashore."""
    ashore = np.zeros(nodes, dtype=bool)
    ashore[u[~ferry]] = ashore[v[~ferry]] = True
    ends = ashore[u].astype(np.float64) + ashore[v]
    return np.where(ferry, ends * boarding / 2.0, 0.0)


def without_ferries(network: StreetNetwork) -> StreetNetwork:
    """Return the network with its ferries out of service; edges and nodes keep their numbers."""
    there = np.where(network.edge_ferry, np.inf, network.edge_cost_m)
    back = np.where(network.edge_ferry, np.inf, network.edge_back_m)
    graph, graph_back = least_cost_graphs(network.edge_u, network.edge_v, there, back, len(network))
    return dataclasses.replace(
        network, edge_cost_m=there, edge_back_m=back, graph=graph, graph_back=graph_back
    )


def _check(cost: WayCost, n: int) -> None:
    best = np.fmin(cost.forward, cost.back)[cost.used]
    told = np.isnan(cost.forward) | np.isnan(cost.back)
    if len(cost.used) != n or told.any() or not (np.isfinite(best) & (best > 0)).all():
        raise ValueError("cost: one number > 0 a way, finite in one direction at least")


_LINES: WeakKeyDictionary[StreetNetwork, NDArray[np.object_]] = WeakKeyDictionary()
"""The edges' lines of networks in use: places are snapped to them, gaps and islands found."""


def edge_lines(
    network: StreetNetwork, edges: NDArray[np.int64] | None = None
) -> NDArray[np.object_]:
    """Return the course of each edge, or of ``edges``, as shapely LineStrings from u to v.

    Those of all edges are made once a network, and are not to be changed.
    """
    if edges is None:
        if network not in _LINES:
            _LINES[network] = edge_lines(network, np.arange(len(network.edge_start) - 1))
            _LINES[network].flags.writeable = False
        return _LINES[network]
    start = network.edge_start
    if not len(edges):
        return np.empty(0, dtype=object)
    if network in _LINES:
        return np.asarray(_LINES[network][edges])
    count = start[edges + 1] - start[edges]
    end = np.cumsum(count)
    within = np.arange(end[-1]) + np.repeat(start[edges] - (end - count), count)
    rows = np.repeat(np.arange(len(edges)), count)
    lines: NDArray[np.object_] = shapely.linestrings(network.edge_xy[within], indices=rows)
    return lines


_TREES: WeakKeyDictionary[StreetNetwork, shapely.STRtree] = WeakKeyDictionary()


def edge_tree(network: StreetNetwork) -> shapely.STRtree:
    """Return the tree of :func:`edge_lines`, made once a network."""
    if network not in _TREES:
        _TREES[network] = shapely.STRtree(edge_lines(network))
    return _TREES[network]


def cut_edges(
    network: StreetNetwork,
    edges: NDArray[np.int64],
    low_m: NDArray[np.float64],
    high_m: NDArray[np.float64],
) -> list[NDArray[np.float64]]:
    """Return the vertices of a stretch of each edge, between two distances from its start."""
    marks = np.column_stack([low_m, high_m])
    at = shapely.line_interpolate_point(edge_lines(network, edges)[:, None], marks)
    ends = shapely.get_coordinates(at).reshape(-1, 2, 2)
    first = network.edge_start[edges]
    long = np.hypot(*(network.edge_xy[first + 1] - network.edge_xy[first]).T)
    straight = network.edge_start[edges + 1] - first == 2  # noqa: PLR2004 - vertices
    bare = straight & (low_m >= 0) & ((long <= low_m) | (long >= high_m))  # most: nothing between
    found = []
    for row, edge in enumerate(edges.tolist()):
        if bare[row]:
            found.append(ends[row])
            continue
        xy = network.edge_xy[network.edge_start[edge] : network.edge_start[edge + 1]]
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        inside = (along > low_m[row]) & (along < high_m[row])
        found.append(np.concatenate([ends[row, :1], xy[inside], ends[row, 1:]]))
    return found


def _forward(lines: StreetLines, cost: WayCost) -> tuple[StreetLines, WayCost]:
    """Turn the ways that may only be used against their drawing."""
    turned = cost.used & np.isinf(cost.forward)
    if not turned.any():
        return lines, cost
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    at = np.arange(len(way))
    mirror = lines.way_start[way] + lines.way_start[way + 1] - 1 - at
    vertex = lines.way_vertex[np.where(turned[way], mirror, at)]
    return (
        dataclasses.replace(lines, way_vertex=vertex),
        dataclasses.replace(
            cost,
            forward=np.where(turned, cost.back, cost.forward),
            back=np.where(turned, np.inf, cost.back),
        ),
    )


def _course(lines: StreetLines, cost: WayCost) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return vertices of all used ways in a row and the way of each, repeats in place left out.

    A way of fewer than two different vertices is no street and is left out.
    """
    count = np.diff(lines.way_start)
    way = np.repeat(np.arange(len(lines)), count)
    vertex = lines.way_vertex
    keep = cost.used[way]
    vertex, way = vertex[keep], way[keep]
    fresh = np.ones(len(vertex), dtype=bool)
    fresh[1:] = (vertex[1:] != vertex[:-1]) | (way[1:] != way[:-1])
    vertex, way = vertex[fresh], way[fresh]
    enough = np.bincount(way, minlength=len(lines))[way] > 1
    return vertex[enough], way[enough]


def _cut(
    vertex: NDArray[np.int64], way: NDArray[np.int64], n_vertices: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last position of every edge in the course.

    A vertex inside a way is passed without a cut only where exactly two segments end, and at two
    different neighbours: a way that turns back on itself has its turning point as a dead end.
    """
    inside = way[1:] == way[:-1]
    a, b = vertex[:-1][inside], vertex[1:][inside]
    ends = np.bincount(np.concatenate([a, b]), minlength=n_vertices)
    # every pair of neighbours once, as one number: sorted ten times as fast as two
    pairs = np.sort(np.minimum(a, b) * n_vertices + np.maximum(a, b))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    neighbours = np.bincount(np.concatenate(np.divmod(pairs, n_vertices)), minlength=n_vertices)
    cut = (ends[vertex] != _PASSING) | (neighbours[vertex] != _PASSING)
    if len(way):
        cut[0] = cut[-1] = True
    cut[1:] |= ~inside
    cut[:-1] |= ~inside
    at = np.flatnonzero(cut)
    same_way = way[at[1:]] == way[at[:-1]]
    return at[:-1][same_way], at[1:][same_way]


def _lengths(xy: NDArray[np.float64], start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length of each course, summed by itself so that it does not depend on others."""
    if len(start) == 1:
        return np.empty(0)
    step = np.zeros(len(xy))
    step[:-1] = np.hypot(*(xy[1:] - xy[:-1]).T)
    step[start[1:] - 1] = 0.0  # the hop to the next edge
    return np.add.reduceat(step, start[:-1])


def _curve_order(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the order along a Hilbert curve, ties by coordinate, then as they stand."""
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    # A square frame: a flat one (streets on one line) would divide by its zero height.
    low = xy.min(axis=0)
    side = max(float((xy.max(axis=0) - low).max()), 1.0)
    squares = np.clip((xy - low) * (_CURVE_SIDE / side), 0, _CURVE_SIDE).astype(np.int64)
    curve = along_curve(*squares.T)
    order = np.argsort(curve, kind="stable")
    # next to none are at one place of the curve: only those are sorted by coordinate
    same = np.diff(curve[order]) == 0
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    rows = order[tied]
    order[tied] = rows[np.lexsort((xy[rows, 1], xy[rows, 0], curve[rows]))]
    return order


_CURVE_LEVEL = 16
_CURVE_SIDE = 2**_CURVE_LEVEL - 1


def along_curve(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of each square on the Hilbert curve, quarter by quarter.

    GeoPandas numbers shapes only, and a shape a junction takes ten times as long to make.
    """
    along = np.zeros(len(x), dtype=np.int64)
    for bit in range(_CURVE_LEVEL - 1, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        along = (along << 2) | ((3 * right) ^ up)
        # the lower quarters are turned: the left one about its diagonal, the right one about both
        over = -(right & (1 - up))  # all bits, or none
        x, y = x ^ over, y ^ over
        swap = (x ^ y) & -(1 - up)
        x, y = x ^ swap, y ^ swap
    return along


def least_cost_graphs(
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    there: NDArray[np.float64],
    back: NDArray[np.float64],
    n: int,
) -> tuple[csr_array, csr_array]:
    """Return the arcs of every edge but self-loops, the least of parallel ones, and all turned.

    A cost of ``inf`` is no arc. Where both directions cost the same the two are one object.
    """
    proper = u != v
    u, v, there, back = u[proper], v[proper], there[proper], back[proper]
    row, col = np.concatenate([u, v]), np.concatenate([v, u])
    graph = _graph(row, col, np.concatenate([there, back]), n)
    if np.array_equal(there, back):
        return graph, graph
    return graph, _graph(col, row, np.concatenate([there, back]), n)


def _graph(
    row: NDArray[np.int64], col: NDArray[np.int64], data: NDArray[np.float64], n: int
) -> csr_array:
    """Return a graph of arcs, written entry by entry.

    scipy's constructors would add parallel edges up, and conversions would drop the zeros of edges
    without length.
    """
    arc = row.astype(np.int64) * n + col
    order = np.argsort(arc)
    if (np.diff(arc[order]) == 0).any():  # parallel edges, the least first
        order = np.lexsort((data, arc))
    row, col, data = row[order], col[order], data[order]
    least = np.isfinite(data)
    least[1:] &= (row[1:] != row[:-1]) | (col[1:] != col[:-1])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row[least], minlength=n))])
    return csr_array(
        (data[least], col[least].astype(np.int32), indptr.astype(np.int32)), shape=(n, n)
    )


def _components(
    graph: csr_array, u: NDArray[np.int64], length: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each node's component and each component's length, longest first."""
    if not graph.shape[0]:
        return np.empty(0, dtype=np.int64), np.empty(0)
    n, label = connected_components(graph, directed=False)  # one-way streets join, too
    total = np.bincount(label[u], weights=length, minlength=n)
    first_node = np.unique(label, return_index=True)[1]
    order = np.lexsort((first_node, -np.round(total, 6)))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    component: NDArray[np.int64] = rank[label].astype(np.int64)
    return component, total[order].astype(np.float64)
