"""Which rows of a ledger came from another source: any, a stretch, every other, or some towns'.

Where two lists were put under each other, the rows of one stand together; where two people took
turns, every other row is one's; where each town sent in its own, all rows of a town are alike. Each
such way of putting a ledger together is a guess of its own at which rows were moved. How likely the
rows are under it is reckoned over all of its cases (every stretch, every turn, every choice of
towns), so that a way with many cases is not believed the sooner for having them.

All rows of one town or two are too few for that: they are asked by themselves (``towns``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Order", "Split", "order_of"]

_CUTS = 60
"""Stretches begin and end at so many places at most: each costs a sum."""
_LEAST, _MOST = 0.1, 0.85
"""Share of the rows that a stretch moves."""
_TURNS = (2, 3)
"""Every other row, every third, or two of three."""
_BELIEVED = np.log([0.5, 0.15, 0.15, 0.2])
"""How likely each way is before anything is seen: any rows, a stretch, turns, towns."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A ledger of which some rows were moved.

    ``gain``: its log likelihood over that of none moved; ``moved``: how likely each row was (n,);
    ``there``: where the rows lie if they were (n, 2).
    """

    gain: float
    moved: Floats
    there: Floats

    @property
    def likely(self) -> float:
        """Share of the rows that were moved likelier than not."""
        return float(np.rint(self.moved).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The ways in which n rows may be put together.

    ``cuts``: rows between which a stretch may begin and end; ``begin``, ``end`` (s,): the cuts of
    each; ``first`` (s,): how likely each is at first (log); ``turns`` (t, n): rows of each turn, 1;
    ``town`` (n,): the number of each row's town.
    """

    cuts: Ints
    begin: Ints
    end: Ints
    first: Floats
    turns: Floats
    town: Ints

    def told(self, odds: Floats, part: float, codes: Floats | None = None) -> tuple[float, Floats]:
        """Return how likely rows are (log) of which some were moved, and how likely each was (n,).

        Parameters
        ----------
        odds
            Shape (n,), log likelihood of each row if it was moved over if it was not.
        part
            Share of rows that was moved, where it may be any of them.
        codes
            Shape (n,), what the codes of the rows say of ``odds``. If given, a town is moved as a
            whole only as far as they say so too: its places keep company wherever they are.
        """
        any_of = np.logaddexp(np.log(1 - part), np.log(part) + odds).sum()
        before = np.log(part / (1 - part))
        one = 1 / (1 + np.exp(-np.clip(before + odds, -50, 50)))
        sums = np.concatenate([[0.0], np.cumsum(odds)])[self.cuts]
        stretch, weight = _over(sums[self.end] - sums[self.begin] + self.first)
        turn, share = _over(self.turns @ odds - np.log(len(self.turns)))
        town = np.bincount(self.town, odds)
        towns = (np.logaddexp(0.0, town) - np.log(2.0)).sum()  # each of them as likely as not
        told, ways = _over(np.array([any_of, stretch, turn, towns]) + _BELIEVED)
        step = np.zeros(len(odds) + 1)
        step[self.cuts] = np.bincount(self.begin, weight, len(self.cuts))
        step[self.cuts] -= np.bincount(self.end, weight, len(self.cuts))
        within = np.clip(np.cumsum(step)[:-1], 0.0, 1.0)
        if codes is not None:
            town = np.minimum(town, np.bincount(self.town, codes))
        whole = 1 / (1 + np.exp(-np.clip(town, -50, 50)))
        moved: Floats = ways[0] * one + ways[1] * within + ways[2] * (share @ self.turns)
        moved += ways[3] * whole[self.town]
        return told, moved


def order_of(units: NDArray[np.object_]) -> Order:
    """Return the ways in which rows of these units (n,) may be put together.

    A stretch from the top or to the bottom is as likely as all those between. Rows of no unit
    (None) are each by themselves.
    """
    count = len(units)
    cuts = np.unique(np.linspace(0, count, min(count, _CUTS) + 1).round().astype(np.int64))
    begin, end = np.triu_indices(len(cuts), 1)
    share = (cuts[end] - cuts[begin]) / count
    fits = (share >= _LEAST) & (share <= _MOST)
    begin, end = begin[fits], end[fits]
    edge = (begin == 0) | (end == len(cuts) - 1)
    many = np.where(edge, edge.sum(), (~edge).sum())
    row = np.arange(count)
    turns = [(row % n == at) == one for n in _TURNS for at in range(n) for one in _SIDES[n]]
    names = [(0, str(unit)) if unit is not None else (1, str(at)) for at, unit in enumerate(units)]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    town = np.array([number[name] for name in names], dtype=np.int64)
    return Order(cuts, begin, end, -np.log(2.0 * many), np.array(turns, dtype=float), town)


_SIDES = {2: (True,), 3: (True, False)}


def _over(told: Floats) -> tuple[float, Floats]:
    """Return the log of the sum of what is told (log), and the share of each in it."""
    most = float(told.max())
    parts = np.exp(told - most)
    total = float(parts.sum())
    return most + float(np.log(total)), parts / total
