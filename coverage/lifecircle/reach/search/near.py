"""Near nodes: which nodes a walk of a given length may touch, and the piece of network they make.

Nodes are numbered along a space-filling curve, so runs of consecutive numbers are compact and
their bounding boxes are all the spatial index that is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from lifecircle.model.coordinates.near_points import tree_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["RUNS", "NodeBoxes", "cheapest_metre", "near_enough", "saved_by_ferry", "spread"]

RUNS = (1024, 32)
"""Consecutive nodes that share a bounding box: long runs are looked at first, then short ones."""


_LEAST_METRE = 1e-3
"""No way is so cheap that a metre of it costs less, metres of level walking."""


class NodeBoxes:
    """The nodes of a network by place.

    Parameters
    ----------
    node_xy
        float64 (n, 2), metres.
    runs
        How many consecutive nodes share a box, from long runs to short ones.
    """

    def __init__(self, node_xy: Floats, runs: tuple[int, ...] = RUNS) -> None:
        self._xy, self._runs = node_xy, runs
        self._boxes = [
            (np.minimum.reduceat(node_xy, at), np.maximum.reduceat(node_xy, at))
            for at in (np.arange(0, len(node_xy), run) for run in runs)
        ]

    def around(self, xy: Floats, margin_m: float) -> Ints:
        """Return nodes, ascending: all within ``margin_m`` of the box around ``xy``, and some more.

        ``xy``: float64 (k, 2), k >= 1; inclusive.
        """
        low, high = xy.min(axis=0) - margin_m, xy.max(axis=0) + margin_m
        found, before = np.zeros(1, dtype=np.int64), len(self._xy)
        for run, (lowest, highest) in zip(self._runs, self._boxes, strict=True):
            found = _parts(found, before, run, len(lowest))
            near = ((highest[found] >= low) & (lowest[found] <= high)).all(axis=1)
            found, before = found[near], run
        return _parts(found, before, 1, len(self._xy))


def spread(begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of runs one after the other, beside the run each is of."""
    end = np.cumsum(count)
    each = np.repeat(np.arange(len(count)), count)
    return each, np.arange(len(each)) + (begin - (end - count))[each]


_CHEAPEST: WeakKeyDictionary[StreetNetwork, float] = WeakKeyDictionary()
"""Network → what its cheapest metre costs."""


def cheapest_metre(network: StreetNetwork) -> float:
    """Return the least cost of a metre on any edge: no walk costs less than that a metre."""
    if network not in _CHEAPEST:
        _CHEAPEST[network] = _cheapest_metre(network)
    return _CHEAPEST[network]


def _cheapest_metre(network: StreetNetwork) -> float:
    costs = [network.edge_cost_m]
    if network.graph is not network.graph_back:
        costs.append(network.edge_back_m)
    least, long = 1.0, network.edge_length_m > 0
    for cost in costs:
        a_metre = np.divide(cost, network.edge_length_m, out=np.ones(len(cost)), where=long)
        least = min(least, float(a_metre.min(initial=1.0)))
    return least


def saved_by_ferry(network: StreetNetwork | None) -> float:
    """Return by how many metres ferries may make a walk cheaper than its straight line."""
    if network is None:
        return 0.0
    saved = network.edge_length_m - network.edge_cost_m
    return float(np.maximum(saved, 0.0)[network.edge_ferry].sum())


def near_enough(network: StreetNetwork, starts: Floats, spots: Floats, limit_m: float) -> Ints:
    """Return which of ``spots``, ascending, a walk within a limit may lead to from any start.

    All coordinates float64 (n, 2), metres; ``limit_m`` in metres of level walking, inclusive.
    """
    if not len(starts) or not len(spots):
        return np.empty(0, dtype=np.int64)
    most = limit_m / max(cheapest_metre(network), _LEAST_METRE) + 1.0
    far, _ = tree_of(starts).query(spots, distance_upper_bound=most)
    return np.flatnonzero(np.isfinite(far))


def _parts(runs: Ints, long: int, short: int, n: int) -> Ints:
    """Return the numbers of the short runs, of ``n``, that make up long ones, ascending."""
    each = -(-long // short)
    parts = (runs[:, None] * each + np.arange(each)).ravel()
    return parts[: np.searchsorted(parts, n)]
