"""The way a walk takes: for the map, and to say why it is as long as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import inclusive, meets
from lifecircle.reach.network.graph import cut_edges
from lifecircle.reach.search.legs import along_edge, legs_in, legs_out
from lifecircle.reach.search.near import NodeBoxes, cheapest_metre, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

    Ints = NDArray[np.int64]

__all__ = ["Route", "Wayfinder", "route"]


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One cheapest walk along the streets.

    Parameters
    ----------
    cost_m
        Access, way and egress, metres of level walking, as in a travel table.
    length_m
        Metres on the ground between the two positions on the streets.
    steps_m, ferry_m
        How many of them are stairs, and by ferry.
    nodes
        int64, nodes passed, in order; empty where both places are on one edge.
    edges
        int64, edges used, in order, the first and last in part.
    geometry
        LineString from position to position along the streets (access and egress legs apart);
        of two equal points where both are one.
    """

    cost_m: float
    length_m: float
    steps_m: float
    ferry_m: float
    nodes: Ints
    edges: Ints
    geometry: shapely.LineString


def route(
    network: StreetNetwork,
    demand: Snapped,
    supply: Snapped,
    *,
    limit_m: float = np.inf,
) -> Route | None:
    """Return the cheapest walk from one place to another; see :class:`Wayfinder` for many."""
    return Wayfinder(network).route(demand, supply, limit_m=limit_m)


class Wayfinder:
    """Finds ways on one network, each on the piece of it that a walk within the limit can touch.

    Parameters
    ----------
    network
        The streets that places were snapped to.
    """

    def __init__(self, network: StreetNetwork) -> None:
        self._network = network
        self._boxes = NodeBoxes(network.node_xy) if len(network) else None
        self._a_metre = cheapest_metre(network)
        # edges are sorted by their lower, then their higher end
        low = np.minimum(network.edge_u, network.edge_v)
        self._edge_key = low * len(network) + np.maximum(network.edge_u, network.edge_v)

    def route(self, demand: Snapped, supply: Snapped, *, limit_m: float = np.inf) -> Route | None:
        """Return the cheapest walk from one place to another; None: there is none in the limit.

        Parameters
        ----------
        demand, supply
            One place each: ``origins.take([3])``.
        limit_m
            Largest accepted cost, inclusive (``TOLERANCE``). Where it is known it bounds the
            search.

        Raises
        ------
        ValueError
            Not one place each.
        """
        if len(demand) != 1 or len(supply) != 1:
            raise ValueError("a route leads from one place to one place")
        network = self._network
        start, end = int(demand.edge[0]), int(supply.edge[0])
        if start < 0 or end < 0:
            return None
        legs = float(demand.access_m[0] + supply.access_m[0])
        best, nodes, leave, arrive = self._over_nodes(demand, supply, inclusive(limit_m - legs))
        direct = np.inf
        if start == end:
            direct = float(along_edge(network, demand.edge, demand.offset_m, supply.offset_m)[0])
        cost = min(best, direct) + legs
        if not (np.isfinite(cost) and meets(cost, "<=", limit_m)):
            return None

        here, there = float(demand.along_m[0]), float(supply.along_m[0])
        if direct <= best:
            nodes = nodes[:0]
            edges, begin, stop = np.array([start]), np.array([here]), np.array([there])
        else:
            between, forward = self._edges_between(nodes)
            edges = np.concatenate([[start], between, [end]])
            whole = network.edge_length_m[edges]
            inner = whole[1:-1]
            begin = np.concatenate([[here], np.where(forward, 0.0, inner), [arrive * whole[-1]]])
            stop = np.concatenate([[leave * whole[0]], np.where(forward, inner, 0.0), [there]])
        length = np.abs(stop - begin)
        return Route(
            cost_m=cost,
            length_m=float(length.sum()),
            steps_m=float(length[network.edge_steps[edges]].sum()),
            ferry_m=float(length[network.edge_ferry[edges]].sum()),
            nodes=nodes,
            edges=edges,
            geometry=_joined(network, edges, begin, stop),
        )

    def _over_nodes(
        self, demand: Snapped, supply: Snapped, bound: float
    ) -> tuple[float, Ints, int, int]:
        """Return the least cost by way of nodes, access and egress apart, and those nodes.

        Besides: whether the first edge is left, and the last one entered, at its ``v`` (1) or
        ``u`` (0). The cost is ``inf`` where there is no way. Among equal ways the one of fewest
        nodes is taken, as a place on a node stands on an edge beside it.
        """
        network, start, end = self._network, demand.edge[0], supply.edge[0]
        starts = np.array([network.edge_u[start], network.edge_v[start]])
        ends = np.array([network.edge_u[end], network.edge_v[end]])
        out = np.concatenate(legs_out(network, demand.edge, demand.offset_m))
        into = np.concatenate(legs_in(network, supply.edge, supply.offset_m))
        here, graph = self._piece(starts, max(bound, 0.0))
        first, last = np.searchsorted(here, starts), np.searchsorted(here, ends)
        last[last == len(here)] = 0
        if not (here[last] == ends).any():
            return np.inf, np.empty(0, dtype=np.int64), 0, 0
        cost, before = dijkstra(
            graph, indices=first, limit=max(bound, 0.0), return_predecessors=True
        )
        total = out[:, None] + cost[:, last] + into[None, :]
        total[:, here[last] != ends] = np.inf
        best = float(total.min())
        if not np.isfinite(best):
            return np.inf, np.empty(0, dtype=np.int64), 0, 0
        chains = []
        for leave, arrive in np.argwhere(meets(total, "<=", best)).tolist():
            chain = [int(last[arrive])]
            while chain[-1] != first[leave]:
                chain.append(int(before[leave, chain[-1]]))
            chains.append((len(chain), leave, arrive, here[chain[::-1]].tolist()))
        _, leave, arrive, nodes = min(chains)
        return float(total[leave, arrive]), np.array(nodes, dtype=np.int64), leave, arrive

    def _piece(self, starts: Ints, bound: float) -> tuple[Ints, csr_array]:
        """Return the nodes that walks within a bound can touch, ascending, and their graph."""
        graph = self._network.graph
        if self._boxes is None or not np.isfinite(bound):
            return np.arange(len(self._network)), graph
        nodes = self._boxes.around(self._network.node_xy[starts], bound / self._a_metre)
        begin = graph.indptr[nodes].astype(np.int64)
        each, arc = spread(begin, graph.indptr[nodes + 1] - begin)
        to = graph.indices[arc]
        at = np.searchsorted(nodes, to)
        at[at == len(nodes)] = 0
        kept = nodes[at] == to
        count = np.bincount(each[kept], minlength=len(nodes))
        start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        piece = csr_array(
            (graph.data[arc[kept]], at[kept].astype(np.int32), start),
            shape=(len(nodes), len(nodes)),
        )
        return nodes, piece

    def _edges_between(self, nodes: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the cheapest edge from each node to the next, and whether it is used forward."""
        network, a, b = self._network, nodes[:-1], nodes[1:]
        wanted = np.minimum(a, b) * len(network) + np.maximum(a, b)
        edges, forward = np.empty(len(a), dtype=np.int64), np.empty(len(a), dtype=bool)
        first = np.searchsorted(self._edge_key, wanted)
        last = np.searchsorted(self._edge_key, wanted, side="right")
        for i in range(len(a)):
            those = np.arange(first[i], last[i])
            ahead = network.edge_u[those] == a[i]
            cost = np.where(ahead, network.edge_cost_m[those], network.edge_back_m[those])
            edges[i], forward[i] = those[np.argmin(cost)], ahead[np.argmin(cost)]
        return edges, forward


def _joined(
    network: StreetNetwork, edges: Ints, begin: NDArray[np.float64], stop: NDArray[np.float64]
) -> shapely.LineString:
    """Return the stretches of edges one after the other as one line."""
    parts = cut_edges(network, edges, np.minimum(begin, stop), np.maximum(begin, stop))
    turned = (begin > stop).tolist()
    xy = np.concatenate(
        [part[::-1] if back else part for part, back in zip(parts, turned, strict=True)]
    )
    moves = np.ones(len(xy), dtype=bool)
    moves[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    return shapely.LineString(xy[moves] if moves.sum() > 1 else xy[:2])
