"""Places on edges: the way from one to its edge's two ends, from them to it, and along an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetNetwork

    Floats = NDArray[np.float64]

__all__ = ["along_edge", "legs_in", "legs_out", "same_edge"]


def legs_out(
    network: StreetNetwork, edge: NDArray[np.int64], offset: Floats
) -> tuple[Floats, Floats]:
    """Return the cost from places on edges to the ends ``u`` and ``v``; offsets as snapped.

    ``inf``: a one-way street does not lead there.
    """
    whole, back = network.edge_cost_m[edge], network.edge_back_m[edge]
    return _backward(offset, whole, back), whole - offset


def legs_in(
    network: StreetNetwork, edge: NDArray[np.int64], offset: Floats
) -> tuple[Floats, Floats]:
    """Return the cost to places on edges from the ends ``u`` and ``v``; offsets as snapped."""
    whole, back = network.edge_cost_m[edge], network.edge_back_m[edge]
    return offset, _backward(whole - offset, whole, back)


def along_edge(
    network: StreetNetwork, edge: NDArray[np.int64], start: Floats, end: Floats
) -> Floats:
    """Return the cost from one place to another on the same edge, along it; offsets as snapped."""
    whole, back = network.edge_cost_m[edge], network.edge_back_m[edge]
    return np.where(end >= start, end - start, _backward(start - end, whole, back))


def same_edge(
    demand_edge: NDArray[np.int64], supply_edge: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every (demand, supply) on one and the same edge; -1 is no edge."""
    last = int(supply_edge.max(initial=-1))
    bears = np.zeros(last + 2, dtype=bool)  # the last entry, -1, stays False: no edge
    bears[supply_edge[supply_edge >= 0]] = True
    some = np.flatnonzero(bears[np.minimum(demand_edge, last + 1)])
    order = np.argsort(supply_edge, kind="stable")
    ranked, wanted = supply_edge[order], demand_edge[some]
    low = np.searchsorted(ranked, wanted, side="left")
    count = np.searchsorted(ranked, wanted, side="right") - low
    d = np.repeat(some, count)
    within = np.arange(len(d)) - np.repeat(np.cumsum(count) - count, count)
    return d, order[np.repeat(low, count) + within]


def _backward(stretch: Floats, whole: Floats, back: Floats) -> Floats:
    """Return the cost of a stretch (given by its forward cost) against the edge's direction."""
    if np.array_equal(whole, back):
        return stretch
    share = np.divide(stretch, whole, out=np.zeros(len(stretch)), where=whole > 0)
    cost = np.full(len(stretch), np.inf)
    returns = np.isfinite(back)
    cost[returns] = share[returns] * back[returns]
    cost[stretch <= TOLERANCE] = 0.0  # at the end of a one-way street one stands on the junction
    equal = whole == back
    cost[equal] = stretch[equal]
    return cost
