"""Cheapest walks between places on the network: the nearest facility, and all pairs in reach.

A walk is the access leg from the demand point to its position on the streets, the way along the
streets, and the egress leg to the facility; all in metres of level walking. Two places on one edge
may also walk to each other along it, without passing a node. A self-loop needs nothing more: its
way around passes its node. Searches set out from the facilities and run against the direction of
travel, which matters by car only.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.model.finding import TOLERANCE, inclusive
from lifecircle.reach.search.legs import along_edge, legs_in, legs_out, same_edge
from lifecircle.reach.search.pairs import pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.reach.search.snapping import Snapped

__all__ = ["Tree", "handicap", "handicapped_tree", "least_node_cost", "nearest", "pairs"]


class Tree(NamedTuple):
    """The cheapest ways from every node to its nearest supply; one entry a node.

    Parameters
    ----------
    cost_m
        float64, to the supply, egress and its handicap included; ``inf``: none in the limit.
    supply
        int64, position of that supply; -1: none.
    ahead
        int64, the next node on the way; -1 on the supply's own edge, or where there is no way.
    """

    cost_m: NDArray[np.float64]
    supply: NDArray[np.int64]
    ahead: NDArray[np.int64]


_UNITS = 2.0**37
"""Units of a metre in which walks are added up."""


def nearest(
    network: StreetNetwork,
    demand: Snapped,
    supply: Snapped,
    limit_m: float,
    tree: Tree | None = None,
    among: tuple[NDArray[np.int64], int] | None = None,
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
    tree
        ``handicapped_tree`` of the same supplies and limit, where it is at hand.
    among
        Where the supplies are some of more: which of them, ascending, and how many there are. To
        the last digit the costs are then those of a search among all.

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

    extra = handicap(len(supply)) if among is None else handicap(among[1])[among[0]]
    bound = inclusive(limit_m)
    whose: NDArray[np.signedinteger[Any]]
    if tree is None:
        at_node, _, whose = _searched_once(network, supply, bound, extra)
    else:
        at_node, whose, _ = tree
    on = np.flatnonzero(demand.edge >= 0)
    if len(on) == len(demand):
        edge, offset, access = demand.edge, demand.offset_m, demand.access_m
    else:
        edge, offset, access = demand.edge[on], demand.offset_m[on], demand.access_m[on]
    u, v = network.edge_u[edge], network.edge_v[edge]
    to_u, to_v = map(_exact, legs_out(network, edge, offset))
    by_u, by_v = at_node[u] + to_u, at_node[v] + to_v
    best = np.minimum(by_u, by_v)
    led = whose[np.where(by_u <= by_v, u, v)]
    # of a search told for the nodes that are asked alone
    who = led.astype(np.int64) if tree else _supplies(led, len(network), supply)

    d, s = same_edge(edge, supply.edge)
    direct = along_edge(network, edge[d], offset[d], supply.offset_m[s])
    direct = _exact(direct + supply.access_m[s]) + extra[s]
    order = np.lexsort((s, direct, d))
    d, s, direct = d[order], s[order], direct[order]
    first = np.unique(d, return_index=True)[1]
    d, s, direct = d[first], s[first], direct[first]
    nearer = direct < best[d]
    best[d[nearer]], who[d[nearer]] = direct[nearer], s[nearer]

    best += _exact(access)
    best -= extra[who]  # -1, nobody, is the last: its cost stays infinite
    reached = np.flatnonzero(best <= bound)
    on = on[reached]
    cost[on], index[on] = best[reached], who[reached]
    return cost, index


def least_node_cost(
    network: StreetNetwork,
    supply: Snapped,
    limit_m: float,
    extra: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cost from every node to its nearest supply, egress included, and which it is.

    ``extra`` is added to each supply's cost. Beyond ``limit_m``: ``inf`` and -1.
    """
    tree = _node_tree(network, supply, limit_m, extra)
    return tree.cost_m, tree.supply


def handicapped_tree(network: StreetNetwork, supply: Snapped, limit_m: float) -> Tree:
    """Return the cheapest ways from every node to its nearest supply within an inclusive limit.

    Each supply gets a head start that grows with its position and stays below the tolerance:
    equal walks are then told apart by the search itself.
    """
    return _node_tree(network, supply, inclusive(limit_m), handicap(len(supply)))


def _node_tree(
    network: StreetNetwork,
    supply: Snapped,
    limit_m: float,
    extra: NDArray[np.float64] | None = None,
) -> Tree:
    n = len(network)
    if not (supply.edge >= 0).any():
        nobody = np.full((2, n), -1, dtype=np.int64)
        return Tree(np.full(n, np.inf), *nobody)
    if extra is None:
        cost, ahead, source = _searched(network, supply, limit_m, None)
    else:
        cost, ahead, source = _searched_once(network, supply, limit_m, extra)
    return Tree(cost, _supplies(source, n, supply), np.where((ahead < 0) | (ahead >= n), -1, ahead))


def _supplies(source: NDArray[np.signedinteger[Any]], n: int, supply: Snapped) -> NDArray[np.int64]:
    """Return which supply each source is, of a network of ``n`` nodes; -1: nothing leads there."""
    rows = np.flatnonzero(supply.edge >= 0)
    found: NDArray[np.int64] = np.where(source < 0, -1, rows[np.maximum(source - n, 0)])
    return found


_Search = tuple["NDArray[np.float64]", "NDArray[np.int64]", "NDArray[np.int64]"]

_KEPT: WeakKeyDictionary[StreetNetwork, OrderedDict[tuple[bytes, ...], _Search]] = (
    WeakKeyDictionary()
)
"""Network → the searches asked for last: the reach of a group and its routes ask for the same one,
and a study has few groups."""
_MOST_KEPT = 6


def _searched_once(
    network: StreetNetwork,
    supply: Snapped,
    limit_m: float,
    extra: NDArray[np.float64],
) -> _Search:
    """Return ``_searched``, done once for whoever asks for it; its arrays stay as they are."""
    told = (supply.edge, supply.offset_m, supply.access_m, extra, np.float64(limit_m))
    key = tuple(one.tobytes() for one in told)
    kept = _KEPT.setdefault(network, OrderedDict())
    if key not in kept:
        kept[key] = _searched(network, supply, limit_m, extra)
        for array in kept[key]:
            array.flags.writeable = False
    kept.move_to_end(key)
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return kept[key]


def _searched(
    network: StreetNetwork,
    supply: Snapped,
    limit_m: float,
    extra: NDArray[np.float64] | None,
) -> _Search:
    """Return cost, node ahead and source of every node, as the search numbers them.

    A supply with an edge, of which there must be one, is a node more each, after all others; what
    nothing leads to has a negative source.
    """
    n, rows = len(network), np.flatnonzero(supply.edge >= 0)
    places = supply.take(rows)
    graph = _with_supplies(network, places, np.zeros(len(supply)) if extra is None else extra, rows)
    cost, ahead, source = dijkstra(
        graph,
        indices=np.arange(n, n + len(rows)),
        min_only=True,
        limit=limit_m + (0.0 if extra is None else float(extra.max())),
        return_predecessors=True,
    )
    return cost[:n], ahead[:n], source[:n]


def handicap(n: int) -> NDArray[np.float64]:
    """Return what tells ``n`` equally near supplies apart: together half the tolerance at most."""
    step = 2.0 ** math.floor(math.log2(TOLERANCE / 2 / max(n, 500)))
    told: NDArray[np.float64] = step * np.arange(n, dtype=np.float64)
    return told


def _exact(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return costs in whole units of 2⁻³⁷ m, of which sums up to 65 km are exact.

    Then a head start that is added to a walk and taken off again leaves no trace of itself: the
    cost is the same whoever else is searched from.
    """
    found: NDArray[np.float64] = np.rint(metres * _UNITS) / _UNITS
    return found


_DATA: WeakKeyDictionary[StreetNetwork, NDArray[np.float64]] = WeakKeyDictionary()
"""Network → what its turned graph costs, exactly."""


def _costs(network: StreetNetwork) -> NDArray[np.float64]:
    if network not in _DATA:
        _DATA[network] = _exact(network.graph_back.data)
    return _DATA[network]


def _with_supplies(
    network: StreetNetwork,
    places: Snapped,
    extra: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> csr_array:
    """Return the turned graph with a node more a supply, and arcs from it to its edge's two ends.

    Written entry by entry, as in :mod:`lifecircle.reach.network.graph`: no sums, no lost zeros.
    """
    n, edge = len(network), places.edge
    base = _exact(places.access_m)
    u, v = network.edge_u[edge], network.edge_v[edge]
    from_u, from_v = (
        base + _exact(leg) + extra[rows] for leg in legs_in(network, edge, places.offset_m)
    )
    loop = u == v
    from_u = np.where(loop, np.minimum(from_u, from_v), from_u)
    arcs = np.stack([np.ones(len(edge), dtype=bool), ~loop], axis=1)
    graph = network.graph_back
    indptr = graph.indptr[-1] + np.cumsum(arcs.sum(axis=1))
    return csr_array(
        (
            np.concatenate([_costs(network), np.stack([from_u, from_v], axis=1)[arcs]]),
            np.concatenate([graph.indices, np.stack([u, v], axis=1)[arcs].astype(np.int32)]),
            np.concatenate([graph.indptr, indptr.astype(np.int32)]),
        ),
        shape=(n + len(edge), n + len(edge)),
    )
