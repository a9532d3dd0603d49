"""Served: which areas to fill when there is not enough for all, exactly where that can be proven.

The first aim is the greatest gain of the areas that are filled (their number, by default), the
second one the greatest gain of another kind (their households) among those. What is certain is
settled first (:mod:`certain`). Of a small connected part of what remains every set is looked at
(:mod:`outright`). Of a larger one the linear relaxation says what can be gained at most
(:mod:`programme`), and areas taken in turn and exchanged mostly come to it (:mod:`climbing`); else
the integer programme is searched. Parts too large, or not closed within their share of nodes, keep
the best set found and an upper bound.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.certain import certain
from lifecircle.allocation.classes import Classes
from lifecircle.allocation.climbing import climbed, filled
from lifecircle.allocation.outright import outright
from lifecircle.allocation.programme import Programme
from lifecircle.allocation.remembered import Remembered, content
from lifecircle.model.finding import TOLERANCE, meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.exchange import Exchange

__all__ = ["EXACT_AREAS", "NODE_WORK", "Choice", "choose"]

EXACT_AREAS = 1000
"""Largest part, in areas, whose integer programme is tried."""
NODE_WORK = 1_000_000
"""Search nodes x pairs that one choice may cost; parts are searched from the smallest on."""
_MOST_NODES = 20_000
_QUICK_NODES = 2000
"""Nodes after which the flows of a part are written out."""


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
    as_far = content((*what, first, second, np.array([nodes])))
    known = _KNOWN.of(key, nodes) or _KNOWN.of(as_far, nodes)
    if known is None:
        found, spent = _searched(part, first, second, nodes)
        known = found, spent
        if found.proven:
            _KNOWN.keep(key, known, spent // pairs)
        else:  # who may search further may find more
            _KNOWN.keep(as_far, known, 0)
    found, spent = known
    return dataclasses.replace(found, served=found.served.copy()), spent


def _searched(
    part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64], nodes: int
) -> tuple[Choice, int]:
    """Return the choice for one part, searching so many nodes at most, and the work it took."""
    pairs = len(part.area)
    at_once = outright(part, first, second)
    if at_once is not None:
        one, two = float(first[at_once].sum()), float(second[at_once].sum())
        return Choice(at_once, one, one, two, two), 2 * pairs
    classes = Classes.of(part, first, second)
    programme = Programme(classes)
    nodes = nodes if len(part.need) <= EXACT_AREAS else 0
    best, bound, spent = _first(programme, nodes)
    reached, also = float(classes.first @ best), None
    if meets(bound, "<=", reached):
        programme.hold(classes.first, reached)
        best, also, more = _bettered(programme, best, classes.second, classes.first, nodes)
        spent += more
    served = classes.areas(best)
    gain, two = float(first[served].sum()), float(second[served].sum())
    return Choice(served, gain, max(bound, gain), two, also), spent * pairs


def _first(programme: Programme, nodes: int) -> tuple[NDArray[np.int64], float, int]:
    """Return a choice with the greatest first gain, its bound, and the nodes searched.

    Whoever asks least a gain is filled first, then who brings most of the second one; from nothing
    on and from whom the relaxation fills, whichever comes to more.
    """
    of, limits = programme.classes, programme.limits
    price = of.need / np.maximum(of.first, TOLERANCE)
    order = np.lexsort((-of.second, price))
    relaxed, _ = programme.relaxed(of.first)
    starts = (filled(limits, start, order) for start in (relaxed, np.zeros_like(relaxed)))
    start = max(starts, key=lambda numbers: (of.first @ numbers, of.second @ numbers))
    return _bettered(programme, start, of.first, None, nodes)


def _bettered(
    programme: Programme,
    numbers: NDArray[np.int64],
    aim: NDArray[np.float64],
    keep: NDArray[np.float64] | None,
    nodes: int,
) -> tuple[NDArray[np.int64], float, int]:
    """Return the best choice by one aim that is found, its bound, and the nodes searched.

    What the search finds by the rows written so far, and cannot be filled, is filled as far as it
    goes and exchanged from there, first for what is to be kept and then for the aim: that writes
    the rows that were lacking, and may end the search.
    """
    limits = programme.limits
    _, bound = programme.relaxed(aim)
    written = len(limits.most)
    best = climbed(limits, numbers, aim, bound, keep)
    if len(limits.most) > written and not meets(bound, "<=", float(aim @ best)):
        bound = min(bound, programme.relaxed(aim)[1])  # rows that the climb wrote
    least = 0.0 if keep is None else float(keep @ best)
    spent = 0
    while spent < nodes and not meets(bound, "<=", float(aim @ best)):
        flows = spent >= _QUICK_NODES
        most = nodes - spent if flows else min(nodes - spent, _QUICK_NODES)
        found, limit, searched = programme.search(aim, most, flows=flows)
        spent += searched
        bound = min(bound, limit)
        if found is None:
            break
        if limits.broken(found):  # with the flows written out it is not
            found = filled(limits, np.zeros_like(found), np.lexsort((-aim, -found)))
            if keep is not None:
                found = climbed(limits, found, keep, least)
            found = climbed(limits, found, aim, bound, keep)
        if aim @ found > aim @ best and (keep is None or meets(float(keep @ found), ">=", least)):
            best = found
        if flows:
            break
    return best, bound, spent
