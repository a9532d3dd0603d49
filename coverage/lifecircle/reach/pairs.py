"""All pairs of places within a cut-off, as sparse triples, tile by tile.

Supplies that stand together are searched from together, on the piece of the network that their
walks can touch, its nodes numbered anew: a search then costs what it visits, not what the county
has. Nodes are numbered along a space-filling curve, so runs of consecutive numbers are compact and
their bounding boxes are all the spatial index that is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import TOLERANCE
from lifecircle.reach.legs import along_edge, legs_in, legs_out, same_edge
from lifecircle.reach.snapping import Snapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.streets import StreetNetwork

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Numbers = NDArray[np.int32]

__all__ = ["Standing", "node_costs", "pairs"]

_TOGETHER = 48
"""Supplies of a tile: more share the cost of cutting it out, but make it larger."""
_TILE_CELLS = 2**20
"""Largest number of costs (supplies × nodes) a tile may hold; 8 bytes each."""
_RUNS = (1024, 32)
"""Consecutive nodes that share a bounding box: long runs are looked at first, then short ones."""


def pairs(
    network: StreetNetwork, demand: Snapped, supply: Snapped, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return every demand and supply within the limit of each other, and the cost.

    Parameters are those of :func:`lifecircle.reach.travel.nearest`. Beside the answer the memory
    grows with nodes and places, never with their product.

    Returns
    -------
    demand_index, supply_index, cost
        Triples sorted by demand, then supply; an absent pair is beyond the limit.
    """
    rows = np.flatnonzero(supply.edge >= 0)
    on = np.flatnonzero(demand.edge >= 0)
    if not (len(rows) and len(on)):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    rows = rows[np.argsort(network.edge_u[supply.edge[rows]], kind="stable")]  # neighbours meet
    here = demand if len(on) == len(demand) else demand.take(on)
    work = _Work(network, here, supply.take(rows), limit_m + TOLERANCE)
    found = list(work.tiles())
    del work, here
    # Column by column, so that no tile is held twice; then a counting sort by demand.
    who, whose, cost = (np.concatenate([tile.pop(0) for tile in found]) for _ in range(3))
    table = coo_array(
        (cost, (on.astype(np.int32)[who], rows.astype(np.int32)[whose])),
        shape=(len(demand), len(supply)),
    )
    del who, whose, cost
    table = table.tocsr()
    table.sort_indices()
    who = np.repeat(np.arange(len(demand)), np.diff(table.indptr))
    return who, table.indices.astype(np.int64), table.data


def node_costs(
    network: StreetNetwork, supply: Snapped, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return supply, node and cost of every node from which a supply is within the limit.

    Egress included; sorted by supply, then node.
    """
    n = len(network)
    edge = np.full(n, -1, dtype=np.int64)
    edge[network.edge_v] = np.arange(len(network.edge_v))
    edge[network.edge_u] = np.arange(len(network.edge_u))
    far = network.edge_u[edge] != np.arange(n)
    nothing = np.zeros(n)
    at_nodes = Snapped(
        edge=edge,
        along_m=np.where(far, network.edge_length_m[edge], 0.0),
        offset_m=np.where(far, network.edge_cost_m[edge], 0.0),
        access_m=nothing,
        nearest_m=nothing,
        component=network.node_component,
    )
    node, who, cost = pairs(network, at_nodes, supply, limit_m)
    order = np.argsort(who, kind="stable")
    return who[order], node[order], cost[order]


class _Work:
    """One call of :func:`pairs`: what all its tiles share."""

    def __init__(
        self, network: StreetNetwork, demand: Snapped, supply: Snapped, bound: float
    ) -> None:
        self.network, self.demand, self.supply, self.bound = network, demand, supply, bound
        n = len(network)
        self.u = network.edge_u[demand.edge].astype(np.int32)
        self.v = network.edge_v[demand.edge].astype(np.int32)
        self.to_u, self.to_v = legs_out(network, demand)
        self.at_u, self.at_v = Standing(self.u, n), Standing(self.v, n)
        # the farthest from a node that the other end of an edge of those standing at it may be
        self.beyond = np.zeros(n)
        np.maximum.at(self.beyond, self.v, network.edge_cost_m[demand.edge])
        self.seed = np.stack([network.edge_u[supply.edge], network.edge_v[supply.edge]], axis=1)
        self.from_u, self.from_v = legs_in(network, supply)
        self.boxes = [
            (np.minimum.reduceat(network.node_xy, at), np.maximum.reduceat(network.node_xy, at))
            for at in (np.arange(0, n, run) for run in _RUNS)
        ]
        self.margin = bound / _cheapest_metre(network)
        self.local = np.zeros(n, dtype=np.int32)
        # by supply: which demands share its edge
        d, s = same_edge(demand.edge, supply.edge)
        self.shares = np.zeros(len(demand), dtype=bool)
        self.shares[d] = True
        order = np.argsort(s, kind="stable")
        self.beside = d[order].astype(np.int64)
        self.beside_start = np.searchsorted(s[order], np.arange(len(supply) + 1))

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
            yield from self._tile(group, nodes)

    def _nodes(self, group: Ints) -> Ints:
        """Return the nodes that walks to a group may touch: a box around its edges' ends."""
        xy = self.network.node_xy
        ends = xy[self.seed[group].ravel()]
        low, high = ends.min(axis=0) - self.margin, ends.max(axis=0) + self.margin
        found, before = np.zeros(1, dtype=np.int64), len(xy)
        for run, (lowest, highest) in zip(_RUNS, self.boxes, strict=True):
            found = _parts(found, before, run, len(lowest))
            near = ((highest[found] >= low) & (lowest[found] <= high)).all(axis=1)
            found, before = found[near], run
        return _parts(found, before, 1, len(xy))

    def _costs(self, group: Ints, nodes: Ints) -> Floats:
        """Return supplies × (1 + nodes) costs from every node to each supply, egress included.

        The first column stands for all nodes outside the tile and is ``inf``.
        """
        graph, local = self.network.graph_back, self.local
        size, k = len(nodes), len(group)
        begin, count = graph.indptr[nodes], np.diff(graph.indptr)[nodes]
        end = np.cumsum(count)
        arc = np.arange(end[-1]) + np.repeat(begin - (end - count), count)
        seed = local[self.seed[group]]
        egress = self.supply.access_m[group]
        legs = np.stack([egress + self.from_u[group], egress + self.from_v[group]], axis=1)
        tile = csr_array(
            (
                np.concatenate([graph.data[arc], legs.ravel()]),
                np.concatenate([local[graph.indices[arc]], seed.ravel()]),
                np.concatenate([[0, 0], end, end[-1] + 2 * np.arange(1, k + 1)]).astype(np.int32),
            ),
            shape=(1 + size + k, 1 + size + k),
        )
        cost: Floats = dijkstra(tile, indices=np.arange(1 + size, 1 + size + k), limit=self.bound)
        cost[:, 0] = cost[:, 1 + size :] = np.inf
        return cost

    def _tile(self, group: Ints, nodes: Ints) -> Iterator[list[NDArray[Any]]]:
        self.local[nodes] = np.arange(1, len(nodes) + 1)
        cost = self._costs(group, nodes)
        u, v, local = self.u, self.v, self.local
        width, flat = cost.shape[1], cost.ravel()
        hit = np.flatnonzero(flat <= self.bound)
        row, column = np.divmod(hit, width)
        node = nodes[column - 1]
        base = row * width

        # every demand whose u is reached
        each, d = self.at_u.at(node)
        total = flat[base[each] + local[v[d]]] + self.to_v[d]
        np.minimum(total, flat[hit[each]] + self.to_u[d], out=total)
        yield self._within(group, row[each], d, total)

        # those whose v alone is: near the last nodes reached only
        last = np.flatnonzero(flat[hit] + self.beyond[node] > self.bound)
        each, d = self.at_v.at(node[last])
        each = last[each]
        alone = np.isinf(flat[base[each] + local[u[d]]])
        each, d = each[alone], d[alone]
        yield self._within(group, row[each], d, flat[hit[each]] + self.to_v[d])

        # those of which neither is, on a long edge beside the supply
        begin, end = self.beside_start[group[0]], self.beside_start[group[-1] + 1]
        if end > begin:
            count = np.diff(self.beside_start[group[0] : group[-1] + 2])
            row, d = np.repeat(np.arange(len(group)), count), self.beside[begin:end]
            lost = np.isinf(cost[row, local[u[d]]]) & np.isinf(cost[row, local[v[d]]])
            row, d = row[lost], d[lost]
            yield self._within(group, row, d, np.full(len(d), np.inf))
        self.local[nodes] = 0

    def _within(self, group: Ints, row: Ints, d: Ints, total: Floats) -> list[NDArray[Any]]:
        """Return demands, supplies and costs within the bound, the walk along one edge included.

        ``total`` are costs to the street before the demand's door; changed in place.
        """
        s = group[row]
        same = np.flatnonzero(self.shares[d])
        same = same[self.demand.edge[d[same]] == self.supply.edge[s[same]]]
        if len(same):
            beside = along_edge(
                self.network,
                self.demand.edge[d[same]],
                self.demand.offset_m[d[same]],
                self.supply.offset_m[s[same]],
            )
            total[same] = np.minimum(total[same], beside + self.supply.access_m[s[same]])
        total += self.demand.access_m[d]
        keep = np.flatnonzero(total <= self.bound)
        return [d[keep].astype(np.int32), s[keep].astype(np.int32), total[keep]]


@dataclass(init=False)
class Standing:
    """Demands by the node they are attached to."""

    order: Numbers
    start: Numbers

    def __init__(self, node: Numbers, n: int) -> None:
        self.order = np.argsort(node, kind="stable").astype(np.int32)
        self.start = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(node, minlength=n), out=self.start[1:])

    def at(self, node: Ints) -> tuple[Ints, Ints]:
        """Return the demands of each of ``node``, beside the position in ``node``."""
        begin = self.start[node]
        count = self.start[node + 1] - begin
        end = np.cumsum(count)
        total = int(end[-1]) if len(end) else 0
        each = np.repeat(np.arange(len(node)), count)
        at = np.arange(total) + np.repeat(begin - (end - count), count)
        return each, self.order[at].astype(np.int64)


def _parts(runs: Ints, long: int, short: int, n: int) -> Ints:
    """Return the numbers of the short runs, of ``n``, that make up long ones, ascending."""
    each = -(-long // short)
    parts = (runs[:, None] * each + np.arange(each)).ravel()
    return parts[: np.searchsorted(parts, n)]


def _cheapest_metre(network: StreetNetwork) -> float:
    """Return the least cost of a metre on any edge: no walk costs less than that a metre."""
    long = network.edge_length_m > 0
    least = np.fmin(network.edge_cost_m, network.edge_back_m)[long] / network.edge_length_m[long]
    return float(least.min(initial=1.0))
