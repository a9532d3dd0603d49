"""Cheapest walks between places on the network: the nearest facility, and all pairs in reach.

A walk is the access leg from the demand point to its position on the streets, the way along the
streets, and the egress leg to the facility; all in metres of level walking. Two places on one edge
may also walk to each other along it, without passing a node. A self-loop needs nothing more: its
way around passes its node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.streets import StreetNetwork
    from lifecircle.reach.snapping import Snapped

__all__ = ["least_node_cost", "nearest", "pairs"]

_CHUNK_BYTES = 64 * 2**20
"""Largest matrix of a chunk of :func:`pairs`."""


def nearest(
    network: StreetNetwork, demand: Snapped, supply: Snapped, limit_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cost to the nearest supply of every demand, and which supply that is.

    Parameters
    ----------
    network
        The streets both were snapped to.
    demand, supply
        Places; one without an edge reaches nothing and is reached by nobody.
    limit_m
        Largest accepted cost, inclusive (``TOLERANCE``).

    Returns
    -------
    cost, supply_index
        float64 metres, ``inf`` beyond the limit; int64 position in ``supply``, -1 there. Among
        supplies equally near the lowest position is taken.
    """
    cost = np.full(len(demand), np.inf)
    index = np.full(len(demand), -1, dtype=np.int64)
    if not (len(demand) and (demand.edge >= 0).any() and (supply.edge >= 0).any()):
        return cost, index

    # Each supply gets a head start that grows with its position and stays below the tolerance:
    # equal walks are then told apart by the search itself.
    handicap = _handicap(len(supply))
    bound = limit_m + TOLERANCE
    at_node, source = least_node_cost(network, supply, bound, handicap)
    on = demand.edge >= 0
    edge = demand.edge[on]
    u, v = network.edge_u[edge], network.edge_v[edge]
    rest = network.edge_cost_m[edge] - demand.offset_m[on]
    by_u, by_v = at_node[u] + demand.offset_m[on], at_node[v] + rest
    best = np.minimum(by_u, by_v)
    who = np.where(by_u <= by_v, source[u], source[v])

    d, s = _same_edge(edge, supply.edge)
    direct = np.abs(demand.offset_m[on][d] - supply.offset_m[s]) + supply.access_m[s] + handicap[s]
    order = np.lexsort((s, direct, d))
    d, s, direct = d[order], s[order], direct[order]
    first = np.unique(d, return_index=True)[1]
    d, s, direct = d[first], s[first], direct[first]
    nearer = direct < best[d]
    best[d[nearer]], who[d[nearer]] = direct[nearer], s[nearer]

    total = demand.access_m[on] + best
    reached = np.isfinite(total)
    total[reached] -= handicap[who[reached]]
    reached &= total <= bound
    at = np.flatnonzero(on)[reached]
    cost[at], index[at] = total[reached], who[reached]
    return cost, index


def pairs(
    network: StreetNetwork, demand: Snapped, supply: Snapped, limit_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return every demand and supply within the limit of each other, and the cost.

    Parameters are those of :func:`nearest`. Memory is bounded by a fixed chunk beside the answer.

    Returns
    -------
    demand_index, supply_index, cost
        Triples sorted by demand, then supply; an absent pair is beyond the limit.
    """
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    rows = np.flatnonzero(supply.edge >= 0)
    rows = rows[np.argsort(supply.edge[rows], kind="stable")]  # neighbours search together
    on = np.flatnonzero(demand.edge >= 0)
    if len(rows) and len(on):
        size = max(1, _CHUNK_BYTES // (8 * max(len(network) + len(supply), len(on))))
        here = demand.take(on)
        for start in range(0, len(rows), size):
            chunk = rows[start : start + size]
            cost = _cost_matrix(network, here, supply.take(chunk), limit_m)
            s, d = np.nonzero(cost <= limit_m + TOLERANCE)
            found.append((on[d], chunk[s], cost[s, d]))
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    d, s, c = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((s, d))
    return d[order], s[order], c[order]


def least_node_cost(
    network: StreetNetwork,
    supply: Snapped,
    limit_m: float,
    extra: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cost from every node to its nearest supply, egress included, and which it is.

    ``extra`` is added to each supply's cost. Beyond ``limit_m``: ``inf`` and -1.
    """
    n = len(network)
    rows = np.flatnonzero(supply.edge >= 0)
    if not len(rows):
        return np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    places = supply.take(rows)
    graph = _with_supplies(network, places, np.zeros(len(supply)) if extra is None else extra, rows)
    cost, _, source = dijkstra(
        graph,
        indices=np.arange(n, n + len(rows)),
        min_only=True,
        limit=limit_m + (0.0 if extra is None else float(extra.max())),
        return_predecessors=True,
    )
    cost, source = cost[:n], source[:n]
    who = np.full(n, -1, dtype=np.int64)
    reached = np.isfinite(cost)
    who[reached] = rows[source[reached] - n]
    return cost, who


def _handicap(n: int) -> NDArray[np.float64]:
    """Return what tells ``n`` equally near supplies apart: together half the tolerance at most."""
    step = TOLERANCE / 2 / max(n, 500)
    return step * np.arange(n, dtype=np.float64)


def _with_supplies(
    network: StreetNetwork,
    places: Snapped,
    extra: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> csr_array:
    """Return the graph with one more node a supply, and arcs from it to its edge's two ends.

    Written entry by entry, as in :mod:`lifecircle.reach.network`: no sums, no lost zeros.
    """
    n, edge = len(network), places.edge
    base = places.access_m + extra[rows]
    to_u = base + places.offset_m
    to_v = base + network.edge_cost_m[edge] - places.offset_m
    u, v = network.edge_u[edge], network.edge_v[edge]
    loop = u == v
    to_u = np.where(loop, np.minimum(to_u, to_v), to_u)
    arcs = np.stack([np.ones(len(edge), dtype=bool), ~loop], axis=1)
    graph = network.graph
    indptr = graph.indptr[-1] + np.cumsum(arcs.sum(axis=1))
    return csr_array(
        (
            np.concatenate([graph.data, np.stack([to_u, to_v], axis=1)[arcs]]),
            np.concatenate([graph.indices, np.stack([u, v], axis=1)[arcs]]).astype(np.int32),
            np.concatenate([graph.indptr, indptr]).astype(np.int32),
        ),
        shape=(n + len(edge), n + len(edge)),
    )


def _cost_matrix(
    network: StreetNetwork, demand: Snapped, supply: Snapped, limit_m: float
) -> NDArray[np.float64]:
    """Return supply × demand costs, ``inf`` beyond the limit; every place has an edge."""
    n = len(network)
    graph = _with_supplies(network, supply, np.zeros(len(supply)), np.arange(len(supply)))
    at_node = dijkstra(graph, indices=np.arange(n, n + len(supply)), limit=limit_m + TOLERANCE)
    edge = demand.edge
    cost: NDArray[np.float64] = np.minimum(
        at_node[:, network.edge_u[edge]] + demand.offset_m,
        at_node[:, network.edge_v[edge]] + (network.edge_cost_m[edge] - demand.offset_m),
    )
    d, s = _same_edge(edge, supply.edge)
    direct = np.abs(demand.offset_m[d] - supply.offset_m[s]) + supply.access_m[s]
    cost[s, d] = np.minimum(cost[s, d], direct)
    cost += demand.access_m
    return cost


def _same_edge(
    demand_edge: NDArray[np.int64], supply_edge: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every (demand, supply) on one and the same edge; -1 is no edge."""
    order = np.argsort(supply_edge, kind="stable")
    order = order[supply_edge[order] >= 0]
    ranked = supply_edge[order]
    low = np.searchsorted(ranked, demand_edge, side="left")
    count = np.where(demand_edge >= 0, np.searchsorted(ranked, demand_edge, side="right") - low, 0)
    d = np.repeat(np.arange(len(demand_edge)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return d, order[np.repeat(low, count) + within]
