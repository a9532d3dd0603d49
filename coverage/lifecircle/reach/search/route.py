"""The way a walk takes: for the map, and to say why it is as long as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import inclusive, meets
from lifecircle.reach.network.graph import cut_edges
from lifecircle.reach.search.legs import along_edge, legs_in, legs_out
from lifecircle.reach.search.near import NodeBoxes, cheapest_metre, spread
from lifecircle.reach.search.travel import handicap, handicapped_tree, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped
    from lifecircle.reach.search.travel import Tree

    Floats = NDArray[np.float64]
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


class _Course(NamedTuple):
    """Which nodes a walk passes, and at which end the first edge is left and the last entered.

    0 is an edge's ``u``, 1 its ``v``; without nodes the walk stays on one edge.
    """

    nodes: Ints
    leave: int
    arrive: int


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
        along = meets(direct, "<=", best)
        course = _Course(nodes[:0], 0, 0) if along else _Course(nodes, leave, arrive)
        return self._drawn([course], demand, supply, np.array([cost]))[0]

    def to_nearest(
        self,
        demand: Snapped,
        supply: Snapped,
        *,
        limit_m: float = np.inf,
        tree: Tree | None = None,
    ) -> list[Route | None]:
        """Return the cheapest walk of each demand to its nearest supply; None: none in the limit.

        One search serves all: ``tree``, where it is at hand. Which supply is the nearest is told as
        by :func:`lifecircle.reach.search.travel.nearest`.
        """
        network = self._network
        tree = tree or handicapped_tree(network, supply, limit_m)
        cost, which = nearest(network, demand, supply, limit_m, tree)
        found: list[Route | None] = [None] * len(demand)
        led = np.flatnonzero(which >= 0)
        if len(led):
            start, end = demand.take(led), supply.take(which[led])
            courses = _courses(network, tree, start, end, which[led], handicap(len(supply)))
            for row, way in zip(led, self._drawn(courses, start, end, cost[led]), strict=True):
                found[row] = way
        return found

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

    def _drawn(
        self, courses: list[_Course], demand: Snapped, supply: Snapped, cost: Floats
    ) -> list[Route]:
        """Return walks whose course is known, one a position of ``demand`` and ``supply``."""
        network = self._network
        inner = [course.nodes for course in courses]
        between, forward, last = self._edges_between(inner)
        begin, stop = demand.along_m.copy(), supply.along_m.copy()
        whole_first = network.edge_length_m[demand.edge]
        whole_last = network.edge_length_m[supply.edge]
        passing = np.array([len(nodes) > 0 for nodes in inner])
        leave, arrive = (np.array([getattr(c, n) for c in courses]) for n in ("leave", "arrive"))
        # where the first stretch ends and the last begins; along one edge there is but one
        out = np.where(passing, leave * whole_first, stop)
        into = np.where(passing, arrive * whole_last, begin)
        first = _stretches(network, demand.edge, begin, out)
        final = _stretches(network, supply.edge[passing], into[passing], stop[passing])
        final_of = np.cumsum(passing) - 1
        routes = []
        for row, course in enumerate(courses):
            own = slice(last[row], last[row + 1])
            edges, parts = [demand.edge[row : row + 1]], [first[row]]
            length = [np.abs(out[row] - begin[row : row + 1])]
            if passing[row]:
                edges += [between[own], supply.edge[row : row + 1]]
                parts += [_whole(network, between[own], forward[own]), final[final_of[row]]]
                length += [network.edge_length_m[between[own]]]
                length += [np.abs(stop[row : row + 1] - into[row])]
            routes.append(
                self._route(
                    float(cost[row]),
                    course.nodes,
                    np.concatenate(edges),
                    np.concatenate(length),
                    np.concatenate(parts),
                )
            )
        return routes

    def _route(self, cost: float, nodes: Ints, edges: Ints, length: Floats, xy: Floats) -> Route:
        network = self._network
        moves = np.ones(len(xy), dtype=bool)
        moves[1:] = (xy[1:] != xy[:-1]).any(axis=1)
        return Route(
            cost_m=cost,
            length_m=float(length.sum()),
            steps_m=float(length[network.edge_steps[edges]].sum()),
            ferry_m=float(length[network.edge_ferry[edges]].sum()),
            nodes=nodes,
            edges=edges,
            geometry=shapely.LineString(xy[moves] if moves.sum() > 1 else xy[:2]),
        )

    def _edges_between(self, chains: list[Ints]) -> tuple[Ints, NDArray[np.bool_], Ints]:
        """Return the cheapest edges from node to node of chains, and which are used forward.

        Besides: where the edges of each chain begin, and at last where all end.
        """
        network = self._network
        count = np.array([max(len(chain) - 1, 0) for chain in chains], dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(count)])
        a = np.concatenate([chain[:-1] for chain in chains])
        b = np.concatenate([chain[1:] for chain in chains])
        wanted = np.minimum(a, b) * len(network) + np.maximum(a, b)
        first = np.searchsorted(self._edge_key, wanted)
        each, those = spread(first, np.searchsorted(self._edge_key, wanted, side="right") - first)
        ahead = network.edge_u[those] == a[each]
        cost = np.where(ahead, network.edge_cost_m[those], network.edge_back_m[those])
        order = np.lexsort((those, cost, each))
        best = order[np.unique(each[order], return_index=True)[1]]
        return those[best], ahead[best], start


def _courses(
    network: StreetNetwork,
    tree: Tree,
    demand: Snapped,
    supply: Snapped,
    who: Ints,
    extra: Floats,
) -> list[_Course]:
    """Return the courses of walks to the nearest supply; ``who``: its position in the tree.

    As of a single walk: along one edge where that is no longer, else over the fewest nodes of
    equally cheap ways.
    """
    ends = np.column_stack([network.edge_u[demand.edge], network.edge_v[demand.edge]])
    total = np.column_stack(legs_out(network, demand.edge, demand.offset_m)) + tree.cost_m[ends]
    total[tree.supply[ends] != who[:, None]] = np.inf
    best = total.min(axis=1)
    direct = along_edge(network, demand.edge, demand.offset_m, supply.offset_m)
    direct += supply.access_m + extra[who]
    direct[demand.edge != supply.edge] = np.inf
    into = np.column_stack(legs_in(network, supply.edge, supply.offset_m))
    roots = np.column_stack([network.edge_u[supply.edge], network.edge_v[supply.edge]])
    along = meets(direct, "<=", best)
    equal = meets(total, "<=", best[:, None]) & np.isfinite(total)
    ahead = tree.ahead.tolist()
    found = []
    for row in range(len(demand)):
        if along[row]:
            found.append(_Course(np.empty(0, dtype=np.int64), 0, 0))
            continue
        chains = []
        for leave in np.flatnonzero(equal[row]).tolist():
            chain = [int(ends[row, leave])]
            while ahead[chain[-1]] >= 0:
                chain.append(ahead[chain[-1]])
            chains.append((len(chain), leave, chain))
        _, leave, chain = min(chains)
        arrive = min((1, 0), key=lambda end: (chain[-1] != roots[row, end], into[row, end], end))
        found.append(_Course(np.array(chain, dtype=np.int64), leave, arrive))
    return found


def _stretches(network: StreetNetwork, edges: Ints, begin: Floats, stop: Floats) -> list[Floats]:
    """Return the vertices of a stretch of each edge, in the direction it is walked."""
    parts = cut_edges(network, edges, np.minimum(begin, stop), np.maximum(begin, stop))
    turned = (begin > stop).tolist()
    return [part[::-1] if back else part for part, back in zip(parts, turned, strict=True)]


def _whole(network: StreetNetwork, edges: Ints, forward: NDArray[np.bool_]) -> Floats:
    """Return the vertices of whole edges one after the other, each in its direction."""
    start = network.edge_start[edges]
    count = network.edge_start[edges + 1] - start
    each, at = spread(start, count)
    mirrored = (2 * start + count - 1)[each] - at
    return network.edge_xy[np.where(forward[each], at, mirrored)]
