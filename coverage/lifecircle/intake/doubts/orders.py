"""Which rows of a ledger came from another source: any of them, a stretch of it, or every other.

Where two lists were put under each other, the rows of one stand together; where two people took
turns, every other row is one's. Each such way of putting a ledger together is a guess of its own
at which rows were moved. How likely the rows are under it is reckoned over all of its cases (every
stretch, every turn), so that a way with many cases is not believed the sooner for having them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Order", "order_of"]

_CUTS = 60
"""Stretches begin and end at so many places at most: each costs a sum."""
_LEAST, _MOST = 0.1, 0.85
"""Share of the rows that a stretch moves."""
_TURNS = (2, 3)
"""Every other row, every third, or two of three."""
_BELIEVED = np.log([0.6, 0.2, 0.2])
"""How likely each way is before anything is seen: any rows, a stretch, turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The ways in which n rows may be put together.

    ``cuts``: rows between which a stretch may begin and end; ``begin``, ``end`` (s,): the cuts of
    each; ``first`` (s,): how likely each is at first (log); ``turns`` (t, n): rows of each turn, 1.
    """

    cuts: Ints
    begin: Ints
    end: Ints
    first: Floats
    turns: Floats

    def told(self, odds: Floats, part: float) -> tuple[float, Floats]:
        """Return how likely rows are (log) of which some were moved, and how likely each was (n,).

        Parameters
        ----------
        odds
            Shape (n,), log likelihood of each row if it was moved over if it was not.
        part
            Share of rows that was moved, where it may be any of them.
        """
        any_of = np.logaddexp(np.log(1 - part), np.log(part) + odds).sum()
        before = np.log(part / (1 - part))
        one = 1 / (1 + np.exp(-np.clip(before + odds, -50, 50)))
        sums = np.concatenate([[0.0], np.cumsum(odds)])[self.cuts]
        stretch, weight = _over(sums[self.end] - sums[self.begin] + self.first)
        turn, share = _over(self.turns @ odds - np.log(len(self.turns)))
        told, ways = _over(np.array([any_of, stretch, turn]) + _BELIEVED)
        step = np.zeros(len(odds) + 1)
        step[self.cuts] = np.bincount(self.begin, weight, len(self.cuts))
        step[self.cuts] -= np.bincount(self.end, weight, len(self.cuts))
        within = np.clip(np.cumsum(step)[:-1], 0.0, 1.0)
        moved: Floats = ways[0] * one + ways[1] * within + ways[2] * (share @ self.turns)
        return told, moved


def order_of(count: int) -> Order:
    """Return the ways in which so many rows may be put together.

    A stretch from the top or to the bottom is as likely as all those between.
    """
    cuts = np.unique(np.linspace(0, count, min(count, _CUTS) + 1).round().astype(np.int64))
    begin, end = np.triu_indices(len(cuts), 1)
    share = (cuts[end] - cuts[begin]) / count
    fits = (share >= _LEAST) & (share <= _MOST)
    begin, end = begin[fits], end[fits]
    edge = (begin == 0) | (end == len(cuts) - 1)
    many = np.where(edge, edge.sum(), (~edge).sum())
    row = np.arange(count)
    turns = [(row % n == at) == one for n in _TURNS for at in range(n) for one in _SIDES[n]]
    return Order(cuts, begin, end, -np.log(2.0 * many), np.array(turns, dtype=float))


_SIDES = {2: (True,), 3: (True, False)}


def _over(told: Floats) -> tuple[float, Floats]:
    """Return the log of the sum of what is told (log), and the share of each in it."""
    most = float(told.max())
    parts = np.exp(told - most)
    total = float(parts.sum())
    return most + float(np.log(total)), parts / total
