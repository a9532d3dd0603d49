"""Served: which areas to fill when there is not enough for all, exactly where that can be proven.

The first aim is the greatest gain of the areas that are filled (their number, by default), the
second one the greatest gain of another kind (their households) among those. What is certain is
settled first (:mod:`certain`). Of a small connected part of what remains every set is looked at
(:mod:`outright`); a larger one is a mixed-integer programme (HiGHS through scipy), one whole number
a class of identical areas and a flow a pair. Parts too large, or not closed within their share of
nodes, keep the best set found and an upper bound.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.certain import certain
from lifecircle.allocation.exchange import most_given
from lifecircle.allocation.outright import outright
from lifecircle.allocation.programme import Programme
from lifecircle.allocation.remembered import Remembered, content
from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.exchange import Exchange

__all__ = ["EXACT_AREAS", "NODE_WORK", "Choice", "choose"]

EXACT_AREAS = 1000
"""Largest part, in areas, whose integer programme is tried."""
NODE_WORK = 1_000_000
"""Search nodes x pairs that one choice may cost; parts are searched from the smallest on."""
_MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which areas are filled, and how good that is.

    ``gain`` and ``bound``: the first aim reached and its upper bound; ``second`` and its bound:
    the second aim (no bound where the first is open); equal bounds are a proof.
    """

    served: NDArray[np.bool_]
    gain: float
    bound: float
    second: float
    second_bound: float | None
    work: int = 0
    """Search nodes x pairs that it took."""

    @property
    def proven(self) -> bool:
        """Whether no better set exists."""
        return self.bound <= self.gain + TOLERANCE and (
            self.second_bound is not None and self.second_bound <= self.second + TOLERANCE
        )


def choose(exchange: Exchange, first: NDArray[np.float64], second: NDArray[np.float64]) -> Choice:
    """Return the areas to fill.

    Parameters
    ----------
    first, second
        Gain of each area under the first and the second aim, >= 0.
    """
    served, rest, left = certain(exchange)
    gain = float(first[served].sum())
    also: float | None = float(second[served].sum())
    bound, done = gain, float(second[served].sum())
    pairs = rest[left.area] & (left.spare[left.facility] > 0)
    kept, numbers = left.part(pairs)
    work = NODE_WORK
    parts = sorted((kept.part(c) for c in kept.components()), key=lambda p: len(p[0].need))
    for part, inside in parts:
        where = numbers[inside]
        found, spent = _settle(part, first[where], second[where], work)
        work = max(0, work - spent)
        served[where] = found.served
        gain, bound, done = gain + found.gain, bound + found.bound, done + found.second
        also = None if also is None or found.second_bound is None else also + found.second_bound
    also = also if bound <= gain + TOLERANCE else None
    return Choice(served, gain, bound, done, also, NODE_WORK - work)


_KNOWN: Remembered[tuple[Choice, int]] = Remembered(20_000)


def _settle(
    part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64], work: int
) -> tuple[Choice, int]:
    """Return the choice for one connected part, and the work its search took."""
    pairs = len(part.area)
    nodes = min(_MOST_NODES, work // pairs)
    what = (part.need, part.spare, part.area, part.facility, part.most, part.distance)
    key = content((*what, first, second))
    known = _KNOWN.of(key, nodes)
    if known is None:
        found, spent = _searched(part, first, second, nodes)
        known = found, spent
        if found.proven:
            _KNOWN.keep(key, known, spent // pairs)
    found, spent = known
    return dataclasses.replace(found, served=found.served.copy()), spent


def _searched(
    part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64], nodes: int
) -> tuple[Choice, int]:
    """Return the choice for one part, searching so many nodes at most, and the work it took."""
    n, pairs = len(part.need), len(part.area)
    at_once = outright(part, first, second)
    if at_once is not None:
        one, two = float(first[at_once].sum()), float(second[at_once].sum())
        return Choice(at_once, one, one, two, two), 2 * pairs
    programme, spent = Programme.of(part, first, second), 0
    best, bound, also = np.zeros(n, dtype=bool), np.inf, None
    if n <= EXACT_AREAS and nodes:
        found, bound, count = programme.search(programme.first, nodes)
        spent += count * pairs
        if found is not None and _feasible(part, found):
            best = found
            reached = float(first[best].sum())
            if bound <= reached + TOLERANCE:
                found, limit, count = programme.search(programme.second, nodes, at_least=reached)
                spent += count * pairs
                better = found is not None and float(first[found].sum()) >= reached - TOLERANCE
                if found is not None and better and _feasible(part, found):
                    best = found
                also = limit
                if limit > float(second[best].sum()) + TOLERANCE:
                    also = min(limit, programme.relaxed(programme.second, at_least=reached)[1])
    if also is None:  # not closed: what turn by turn and the relaxation find may be better
        relaxed, limit = programme.relaxed(programme.first)
        bound = min(bound, limit)
        for start in (np.zeros(n, dtype=bool), relaxed):
            other = _in_turn(part, first, second, start)
            if _gain(other, first, second) > _gain(best, first, second):
                best = other
    gain = float(first[best].sum())
    return Choice(best, gain, max(bound, gain), float(second[best].sum()), also), spent


def _gain(
    served: NDArray[np.bool_], first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[float, float]:
    return float(first[served].sum()), float(second[served].sum())


def _feasible(part: Exchange, served: NDArray[np.bool_]) -> bool:
    """Return whether all of ``served`` can be filled at once, to the last unit."""
    want = np.where(served, part.need, 0)
    return int(most_given(part, want).sum()) == int(want.sum())


def _in_turn(
    part: Exchange,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    start: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return ``start`` and whoever can still be filled from what it leaves, the cheapest first.

    Cheapest is least need a gain, then most of the second gain. Each takes from the facilities
    that fewest others want.
    """
    n, m = len(part.need), len(part.spare)
    flow = most_given(part, np.where(start, part.need, 0))
    served = np.bincount(part.area, flow, minlength=n) >= part.need
    served &= start
    flow[~served[part.area]] = 0
    spare = part.spare - np.bincount(part.facility, flow, minlength=m).astype(np.int64)
    asked = np.bincount(part.facility, np.minimum(part.most, part.need[part.area]), minlength=m)
    press = (asked / np.maximum(part.spare, 1))[part.facility]
    order = np.lexsort((press, part.area))
    starts = np.searchsorted(part.area[order], np.arange(n + 1))
    price = part.need / np.maximum(first, TOLERANCE)
    for area in np.lexsort((np.arange(n), -second, price)):
        if served[area]:
            continue
        mine = order[starts[area] : starts[area + 1]]
        here = part.facility[mine]
        could = np.minimum(part.most[mine], spare[here])
        if could.sum() < part.need[area]:
            continue
        take = np.clip(part.need[area] - (np.cumsum(could) - could), 0, could)
        spare[here] -= take
        served[area] = True
    return served
