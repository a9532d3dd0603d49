"""Exchange: spare m² and areas still short, as a network of whole hundredths of a square metre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, csr_matrix
from scipy.sparse.csgraph import connected_components, maximum_flow

from lifecircle.allocation.remembered import Remembered, content
from lifecircle.allocation.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["Exchange", "most_given", "routed"]

_INT32 = 2**31 - 1
_ALIKE_M = 1e-6
_ITERATIONS = 2_000_000
"""Simplex iterations after which the shortest way is no longer looked for."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who is short of how much, who has how much, and which pairs may deal.

    All amounts are whole numbers of one small unit.

    Parameters
    ----------
    need, spare
        By area, by facility.
    area, facility, most
        By pair: its ends, and what it may carry at most.
    distance
        By pair, metres.
    """

    need: NDArray[np.int64]
    spare: NDArray[np.int64]
    area: NDArray[np.int64]
    facility: NDArray[np.int64]
    most: NDArray[np.int64]
    distance: NDArray[np.float64]

    @property
    def within_reach(self) -> NDArray[np.int64]:
        """What each area could get if all others stood back."""
        could = np.minimum(self.most, self.spare[self.facility])
        return np.bincount(self.area, could, minlength=len(self.need)).astype(np.int64)

    def part(self, pairs: NDArray[np.bool_]) -> tuple[Exchange, NDArray[np.int64]]:
        """Return the exchange of some pairs only, and the numbers of its areas here."""
        areas, area = np.unique(self.area[pairs], return_inverse=True)
        facilities, facility = np.unique(self.facility[pairs], return_inverse=True)
        rest = Exchange(
            need=self.need[areas],
            spare=self.spare[facilities],
            area=area.astype(np.int64),
            facility=facility.astype(np.int64),
            most=self.most[pairs],
            distance=self.distance[pairs],
        )
        return rest, areas

    def components(self) -> Iterator[NDArray[np.bool_]]:
        """Yield the pairs of every connected component, in the order of their first pair."""
        n, m = len(self.need), len(self.spare)
        graph = csr_array(
            (np.ones(len(self.area)), (self.area, self.facility + n)), shape=(n + m, n + m)
        )
        _, label = connected_components(graph, directed=False)
        of_pair = label[self.area]
        _, first = np.unique(of_pair, return_index=True)
        for start in np.sort(first):
            yield of_pair == of_pair[start]


def most_given(exchange: Exchange, want: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a flow by pair that gives as much as possible of ``want`` (by area) in sum.

    Raises
    ------
    OverflowError
        More than 2**31 units could flow: the unit is too small.
    """
    n, m = len(exchange.need), len(exchange.spare)
    most = np.minimum(exchange.most, want[exchange.area])
    asked = np.bincount(exchange.facility, most, minlength=m)
    spare = np.minimum(exchange.spare, asked.astype(np.int64))
    want = np.minimum(want, exchange.within_reach)
    if max(int(spare.sum()), int(want.sum())) > _INT32:
        raise OverflowError("too many units for one flow")
    source, sink = n + m, n + m + 1
    # every area to the sink, every facility to its areas, the source to every facility
    order = np.lexsort((exchange.area, exchange.facility))
    head = np.concatenate([np.full(n, sink), exchange.area[order], n + np.arange(m)])
    limit = np.concatenate([want, most[order], spare])
    count = np.bincount(exchange.facility, minlength=m)
    start = np.cumsum(np.concatenate([[0], np.ones(n, dtype=np.int64), count, [m, 0]]))
    # maximum_flow takes csr_matrix only
    parts = (limit.astype(np.int32), head.astype(np.int32), start.astype(np.int32))
    flow = maximum_flow(csr_matrix(parts, shape=(n + m + 2, n + m + 2)), source, sink).flow
    flow.sort_indices()
    gives = slice(flow.indptr[n], flow.indptr[n + m])  # to the areas, and back to the source
    found = np.empty(len(order), dtype=np.int64)
    found[order] = flow.data[gives][flow.indices[gives] < n]
    return found


_KNOWN: Remembered[NDArray[np.int64]] = Remembered(20_000)


def routed(exchange: Exchange, served: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the flow by pair that fills ``served``, gives most in sum, and goes the shortest way.

    Serving an area never costs a square metre in sum: whatever serves them can be augmented to a
    flow that gives the most there is to give. ``served`` must be feasible.
    """
    n, m = len(exchange.need), len(exchange.spare)
    plain = _nearest_first(exchange, served) if 1 in {n, m} else None
    if plain is not None:
        return plain
    what = (exchange.need, exchange.spare, exchange.area, exchange.facility)
    key = content((*what, exchange.most, exchange.distance, served))
    known = _KNOWN.of(key, 0)
    if known is None:
        known = _programmed(exchange, served)
        _KNOWN.keep(key, known, 0)
    return known.copy()


def _programmed(exchange: Exchange, served: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the flow of ``routed`` as a linear programme finds it."""
    n, m, pairs = len(exchange.need), len(exchange.spare), len(exchange.area)
    total = int(most_given(exchange, exchange.need).sum())
    if total == 0:
        return np.zeros(pairs, dtype=np.int64)
    column = np.arange(pairs)
    into = csr_array((np.ones(pairs), (exchange.area, column)), shape=(n, pairs))
    out = csr_array((np.ones(pairs), (exchange.facility, column)), shape=(m, pairs))
    # its solutions are corners, and those of a network are whole numbers
    solver = Solver(exchange.most.astype(float), iterations=_ITERATIONS)
    need = exchange.need.astype(float)
    solver.add(into, np.where(served, need, 0.0), need)
    solver.add(out, np.zeros(m), exchange.spare.astype(float))
    solver.add(csr_array(np.ones((1, pairs))), np.array([total]), np.array([total]))
    found = solver.relaxed(-exchange.distance)
    if found.values is not None:
        flow: NDArray[np.int64] = np.round(found.values).astype(np.int64)
        if fits(exchange, flow, served) and flow.sum() == total:
            return flow
    return _filled_first(exchange, served)


def _nearest_first(exchange: Exchange, served: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """Return the flow of one facility, or to one area, where no programme is needed to find it.

    The served take what they need, and the nearest of the others what is left. None where equal
    distances leave it open who that is.
    """
    one = len(exchange.spare) == 1
    cap = np.minimum(exchange.most, exchange.need[exchange.area])
    cap = np.minimum(cap, exchange.spare[exchange.facility])
    left = int(exchange.spare[0] if one else exchange.need[0])
    flow = np.where(served[exchange.area], cap, 0) if one else np.zeros(len(cap), dtype=np.int64)
    left -= int(flow.sum())
    if left < 0:
        return None
    rest = np.flatnonzero((flow == 0) & (cap > 0))
    rest = rest[np.argsort(exchange.distance[rest], kind="stable")]
    before = np.cumsum(cap[rest]) - cap[rest]
    flow[rest] = np.clip(left - before, 0, cap[rest])
    # of those equally near all must be filled, or none get anything
    same = np.diff(exchange.distance[rest]) <= _ALIKE_M
    full, bare = flow[rest] == cap[rest], flow[rest] == 0
    if (same & ~(full[1:] & full[:-1]) & ~(bare[1:] & bare[:-1])).any():
        return None
    return flow.astype(np.int64)


def _filled_first(exchange: Exchange, served: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return a flow that fills ``served``, and then whoever is left from what is left."""
    flow = most_given(exchange, np.where(served, exchange.need, 0))
    left = exchange.spare - np.bincount(exchange.facility, flow, len(exchange.spare)).astype(int)
    rest = Exchange(
        exchange.need,
        left,
        exchange.area,
        exchange.facility,
        exchange.most - flow,
        exchange.distance,
    )
    return flow + most_given(rest, np.where(served, 0, exchange.need))


def fits(exchange: Exchange, flow: NDArray[np.int64], served: NDArray[np.bool_]) -> bool:
    """Return whether a flow breaks no limit and fills ``served``."""
    got = np.bincount(exchange.area, flow, len(exchange.need))
    gave = np.bincount(exchange.facility, flow, len(exchange.spare))
    return bool(
        (flow >= 0).all()
        and (flow <= exchange.most).all()
        and (got <= exchange.need).all()
        and (got[served] == exchange.need[served]).all()
        and (gave <= exchange.spare).all()
    )
