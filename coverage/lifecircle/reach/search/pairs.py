"""All pairs of places within a cut-off, as sparse triples, tile by tile.

Supplies that stand together are searched from together, on the piece of the network that their
walks can touch, its nodes numbered anew: a search then costs what it visits, not what the county
has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import inclusive
from lifecircle.reach.search.legs import along_edge, legs_in, legs_out
from lifecircle.reach.search.near import RUNS, NodeBoxes, cheapest_metre, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Numbers = NDArray[np.int32]

__all__ = ["pairs"]

_TOGETHER = 64
"""Supplies of a tile: more share the cost of cutting it out, but make it larger."""
_TILE_CELLS = 2**20
"""Largest number of costs (supplies × nodes) a tile may hold; 8 bytes each."""
_RUNS = RUNS


def pairs(
    network: StreetNetwork, demand: Snapped, supply: Snapped, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return every demand and supply within the limit of each other, and the cost.

    Parameters are those of :func:`lifecircle.reach.search.travel.nearest`. Beside the answer the
    memory grows with nodes and places, never with their product.

    Returns
    -------
    demand_index, supply_index, cost
        Triples sorted by demand, then supply; an absent pair is beyond the limit.
    """
    rows = np.flatnonzero(supply.edge >= 0)
    if not (len(rows) and (demand.edge >= 0).any()):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    rows = rows[np.argsort(network.edge_u[supply.edge[rows]], kind="stable")]  # neighbours meet
    work = _Work(network, demand, supply.take(rows), inclusive(limit_m))
    found = list(work.tiles())
    del work
    # Column by column, so that no tile is held twice; then a counting sort by demand.
    who, whose, cost = (np.concatenate([tile.pop(0) for tile in found]) for _ in range(3))
    table = coo_array((cost, (who, rows.astype(np.int32)[whose])), shape=(len(demand), len(supply)))
    del who, whose, cost
    table = table.tocsr()
    table.sort_indices()
    who = np.repeat(np.arange(len(demand)), np.diff(table.indptr))
    return who, table.indices.astype(np.int64), table.data


class _Work:
    """One call of :func:`pairs`: what all its tiles share.

    What is kept of the demands is who stands where; edges and legs are looked up tile by tile, so
    that they cost four bytes each beside the answer, and as much a node.
    """

    def __init__(
        self, network: StreetNetwork, demand: Snapped, supply: Snapped, bound: float
    ) -> None:
        self.network, self.demand, self.supply, self.bound = network, demand, supply, bound
        n = len(network)
        self.one_way = network.graph is not network.graph_back
        self.standing = _at_lower_ends(network, demand)
        self.seed = np.stack([network.edge_u[supply.edge], network.edge_v[supply.edge]], axis=1)
        legs = legs_in(network, supply.edge, supply.offset_m)
        self.from_ends = np.stack(legs, axis=1) + supply.access_m[:, None]
        self.boxes = NodeBoxes(network.node_xy, _RUNS)
        self.margin = bound / cheapest_metre(network)
        self.local = np.zeros(n, dtype=np.int32)
        # which edges bear a supply
        self.supplied = np.zeros(len(network.edge_u), dtype=bool)
        self.supplied[supply.edge] = True

    def tiles(self) -> Iterator[list[NDArray[Any]]]:
        """Yield demands, supplies and costs, a few triples at a time, no pair twice."""
        todo = [
            np.arange(a, min(a + _TOGETHER, len(self.supply)))
            for a in range(0, len(self.supply), _TOGETHER)
        ]
        while todo:
            group = todo.pop()
            nodes = self._nodes(group)
            if len(group) > 1 and len(group) * len(nodes) > _TILE_CELLS:
                todo += np.array_split(group, 2)
                continue
            self.local[nodes] = np.arange(1, len(nodes) + 1)
            yield from self._tile(group, nodes)
            self.local[nodes] = 0

    def _nodes(self, group: Ints) -> Ints:
        """Return the nodes that walks to a group may touch: a box around its edges' ends."""
        return self.boxes.around(self.network.node_xy[self.seed[group].ravel()], self.margin)

    def _tile(self, group: Ints, nodes: Ints) -> Iterator[list[NDArray[Any]]]:
        cost, longest = self._costs(group, nodes)
        width, flat = cost.shape[1], cost.ravel()
        hit = np.flatnonzero(flat <= self.bound)
        begin = width * np.arange(len(group) + 1)
        row = np.repeat(np.arange(len(group)), np.diff(np.searchsorted(hit, begin)))
        paid, base = flat[hit], begin[row]
        column = hit - base
        at = column - 1

        # every demand that the lower end of its edge is reached for
        begin, count = self.standing.run(nodes)
        reached = np.zeros(len(nodes), dtype=bool)
        reached[at] = True
        count[~reached] = 0
        here = self._demands(spread(begin, count)[1])
        each, d = spread(np.cumsum(count)[at] - count[at], count[at])
        total = flat[base[each] + here.high[d]] + here.to_high[d]
        np.minimum(total, paid[each] + here.to_low[d], out=total)
        yield self._within(group[row[each]], here, d, total)

        # those that the higher end alone is reached for: on streets out of what is reached
        last = np.flatnonzero(paid + longest > self.bound)
        each, lower = self._lower_neighbours(nodes[at[last]])
        each = last[each]
        out = np.isinf(flat[base[each] + self.local[lower]])
        each, lower = each[out], lower[out]
        beside, stands = spread(*self.standing.run(lower))
        each, here = each[beside], self._demands(stands)
        d = np.flatnonzero(here.high == column[each])
        each = each[d]
        yield self._within(group[row[each]], here, d, paid[each] + here.to_high[d])

        # those of which neither is, on the edge of a supply from which neither is
        far = group[self.from_ends[group].min(axis=1) > self.bound]
        if len(far):
            each, stands = spread(*self.standing.run(self.seed[far].min(axis=1)))
            here = self._demands(stands)
            d = np.flatnonzero(here.edge == self.supply.edge[far[each]])
            yield self._within(far[each[d]], here, d, np.full(len(d), np.inf))

    def _costs(self, group: Ints, nodes: Ints) -> tuple[Floats, float]:
        """Return supplies × (1 + nodes …) costs from every node to each supply, egress included.

        The first column stands for all nodes outside the tile and is ``inf``, as are the last.
        Beside it, the longest street; ``inf`` where streets are one-way.
        """
        graph, local = self.network.graph_back, self.local
        size, k = len(nodes), len(group)
        begin = graph.indptr[nodes].astype(np.int64)
        count = graph.indptr[nodes + 1] - begin
        arc = spread(begin, count)[1]
        street, end = graph.data[arc], np.cumsum(count)
        tile = csr_array(
            (
                np.concatenate([street, self.from_ends[group].ravel()]),
                np.concatenate([local[graph.indices[arc]], local[self.seed[group]].ravel()]),
                np.concatenate([[0, 0], end, end[-1] + 2 * np.arange(1, k + 1)]).astype(np.int32),
            ),
            shape=(1 + size + k, 1 + size + k),
        )
        cost: Floats = dijkstra(tile, indices=np.arange(1 + size, 1 + size + k), limit=self.bound)
        cost[:, 0] = cost[:, 1 + size :] = np.inf
        return cost, np.inf if self.one_way else float(street.max(initial=0.0))

    def _lower_neighbours(self, node: Ints) -> tuple[Ints, Ints]:
        """Return the neighbours of lower number, beside the position in ``node``.

        A street that is one-way towards a node counts too: one may stand at its very end.
        """
        graphs = [self.network.graph_back, self.network.graph][: 1 + self.one_way]
        found = []
        for graph in graphs:
            begin = graph.indptr[node].astype(np.int64)
            each, arc = spread(begin, graph.indptr[node + 1] - begin)
            to = graph.indices[arc]
            below = to < node[each]
            found.append(np.stack([each[below], to[below]]))
        if self.one_way:
            found = [np.unique(np.concatenate(found, axis=1), axis=1)]
        return found[0][0], found[0][1]

    def _demands(self, stands: Ints) -> _Demands:
        """Return the demands at positions of ``standing.order``."""
        network, who = self.network, self.standing.order[stands]
        edge, offset = self.demand.edge[who], self.demand.offset_m[who]
        u, v = network.edge_u[edge], network.edge_v[edge]
        access = self.demand.access_m[who]
        to_u, to_v = (access + leg for leg in legs_out(network, edge, offset))
        ahead = u <= v
        return _Demands(
            who=who,
            edge=edge,
            offset_m=offset,
            access_m=access,
            low=self.local[np.minimum(u, v)],
            high=self.local[np.maximum(u, v)],
            to_low=np.where(ahead, to_u, to_v),
            to_high=np.where(ahead, to_v, to_u),
        )

    def _within(self, s: Ints, here: _Demands, d: Ints, total: Floats) -> list[NDArray[Any]]:
        """Return demands, supplies and costs within the bound, the walk along one edge included.

        ``total`` are the costs by way of nodes; changed in place.
        """
        same = np.flatnonzero(self.supplied[here.edge][d])
        same = same[here.edge[d[same]] == self.supply.edge[s[same]]]
        if len(same):
            edge, start, end = here.edge[d[same]], here.offset_m[d[same]], s[same]
            beside = along_edge(self.network, edge, start, self.supply.offset_m[end])
            beside += here.access_m[d[same]] + self.supply.access_m[end]
            total[same] = np.minimum(total[same], beside)
        keep = np.flatnonzero(total <= self.bound)
        return [here.who[d[keep]], s[keep].astype(np.int32), total[keep]]


@dataclass(frozen=True, slots=True, eq=False)
class _Demands:
    """Some demands: the ends of their edges in the tile's numbers (0: outside), and the legs.

    ``to_low``, ``to_high``: from the door to those ends, access included.
    """

    who: Numbers
    edge: Ints
    offset_m: Floats
    access_m: Floats
    low: Numbers
    high: Numbers
    to_low: Floats
    to_high: Floats


def _at_lower_ends(network: StreetNetwork, demand: Snapped) -> _Standing:
    """Return the demands that have an edge, by its lower end."""
    on = np.flatnonzero(demand.edge >= 0).astype(np.int32)
    lower = np.minimum(network.edge_u, network.edge_v, dtype=np.int32, casting="same_kind")
    edge = demand.edge if len(on) == len(demand) else demand.edge[on]
    standing = _Standing(lower[edge], len(network))
    standing.order = on[standing.order]
    return standing


@dataclass(init=False)
class _Standing:
    """Demands by the node they are attached to."""

    order: Numbers
    start: Numbers

    def __init__(self, node: Numbers, n: int) -> None:
        self.order = np.argsort(node, kind="stable").astype(np.int32)
        self.start = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(node, minlength=n), out=self.start[1:])

    def at(self, node: Ints) -> tuple[Ints, Ints]:
        """Return the demands of each of ``node``, beside the position in ``node``."""
        each, stands = spread(*self.run(node))
        return each, self.order[stands].astype(np.int64)

    def run(self, node: Ints) -> tuple[Ints, Ints]:
        """Return where in ``order`` the demands of each of ``node`` begin, and their number."""
        begin = self.start[node].astype(np.int64)
        return begin, self.start[node + 1] - begin
