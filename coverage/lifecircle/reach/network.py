"""Street lines to the graph people walk on.

The lines are cut where walked ways meet, end or pass a vertex twice; everything between two cuts
is one edge that keeps its course. Chains of vertices without a choice never enter the graph, which
makes a search two to ten times faster on OSM data and keeps every length exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifecircle.model.streets import StreetNetwork
from lifecircle.reach.walkable import way_use

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.streets import StreetLines

__all__ = ["build_network", "edge_lines"]

_PASSING = 2
"""Segments and neighbours of a vertex where there is nothing to choose."""


def build_network(lines: StreetLines, factor: NDArray[np.float64] | None = None) -> StreetNetwork:
    """Return the network of the walked ways of ``lines``.

    Parameters
    ----------
    lines
        Streets in a projected CRS in metres.
    factor
        Metres of level walking that one metre of each way costs, shape (ways,), finite and
        >= 1 so that no walk is shorter than the straight line; default 1 everywhere.

    Returns
    -------
    StreetNetwork
        Ways that share a vertex *index* are joined there. Parallel edges, self-loops and edges of
        length zero are kept. Without any walked way the network is empty.

    Raises
    ------
    ValueError
        The CRS is not projected in metres, or a factor is below 1 or not finite.
    """
    crs = CRS.from_user_input(lines.crs)
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ValueError(f"streets need a projected CRS in metres, got {lines.crs}")
    way_factor = np.ones(len(lines)) if factor is None else np.asarray(factor, dtype=float)
    if way_factor.shape != (len(lines),) or not (
        np.isfinite(way_factor).all() and (way_factor >= 1).all()
    ):
        raise ValueError("factor: one finite number >= 1 a way")

    vertex, way = _walked_course(lines)
    first, last = _cut(vertex, way, len(lines.vertex_xy))

    # Nodes in the order of a space-filling curve: near nodes lie near in memory, and ids do not
    # depend on the order of the source's rows.
    node_vertex = np.unique(np.concatenate([vertex[first], vertex[last]]))
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
    cost = length * way_factor[edge_way]

    graph = _least_cost_graph(u, v, cost, len(node_vertex))
    component, component_length = _components(graph, u, length)
    return StreetNetwork(
        crs=lines.crs,
        node_xy=lines.vertex_xy[node_vertex],
        edge_u=u,
        edge_v=v,
        edge_start=start,
        edge_xy=edge_xy,
        edge_length_m=length,
        edge_cost_m=cost,
        edge_way=edge_way,
        graph=graph,
        node_component=component,
        component_length_m=component_length,
    )


def edge_lines(
    network: StreetNetwork, edges: NDArray[np.int64] | None = None
) -> NDArray[np.object_]:
    """Return the course of each edge, or of ``edges``, as shapely LineStrings from u to v."""
    count = np.diff(network.edge_start)
    rows = np.repeat(np.arange(len(count)), count)
    lines: NDArray[np.object_] = np.empty(0, dtype=object)
    if len(count):
        lines = shapely.linestrings(network.edge_xy, indices=rows)
    return lines if edges is None else lines[edges]


def _walked_course(lines: StreetLines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return vertices of all walked ways in a row and the way of each, repeats in place left out.

    A way of fewer than two different vertices is no street and is left out.
    """
    count = np.diff(lines.way_start)
    way = np.repeat(np.arange(len(lines)), count)
    keep = way_use(lines.tags).walked[way]
    vertex, way = lines.way_vertex[keep], way[keep]
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
    pairs = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)]), axis=1)
    neighbours = np.bincount(pairs.ravel(), minlength=n_vertices)
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
    distance = gpd.GeoSeries(shapely.points(xy)).hilbert_distance(
        total_bounds=(*low, *(low + side))
    )
    return np.lexsort((xy[:, 1], xy[:, 0], distance.to_numpy()))


def _least_cost_graph(
    u: NDArray[np.int64], v: NDArray[np.int64], cost: NDArray[np.float64], n: int
) -> csr_array:
    """Return both directions of every edge but self-loops, the least cost of parallel ones.

    Built entry by entry: scipy's constructors would add parallel edges up, and conversions would
    drop the zeros of edges without length.
    """
    proper = u != v
    row = np.concatenate([u[proper], v[proper]])
    col = np.concatenate([v[proper], u[proper]])
    data = np.tile(cost[proper], 2)
    order = np.lexsort((data, col, row))
    row, col, data = row[order], col[order], data[order]
    least = np.ones(len(row), dtype=bool)
    least[1:] = (row[1:] != row[:-1]) | (col[1:] != col[:-1])
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
    n, label = connected_components(graph, directed=False)
    total = np.bincount(label[u], weights=length, minlength=n)
    first_node = np.unique(label, return_index=True)[1]
    order = np.lexsort((first_node, -np.round(total, 6)))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    component: NDArray[np.int64] = rank[label].astype(np.int64)
    return component, total[order].astype(np.float64)
