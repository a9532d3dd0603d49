"""Which rows of a ledger came from another source: any, a stretch, every other, or some towns'.

Where two lists were put under each other, the rows of one stand together; where two people took
turns, every other row is one's; where each town sent in its own, all rows of a town are alike. Each
such way of putting a ledger together is a guess of its own at which rows were moved. How likely the
rows are under it is reckoned over all of its cases (every stretch, every turn, every choice of
towns), so that a way with many cases is not believed the sooner for having them.

All rows of one town or two are too few for that, and stand beside each other wherever they are: by
the borders alone it is asked whether they come home together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from lifecircle.intake.doubts.links import DIRECTIONS, spin
from lifecircle.intake.doubts.strays import DRAWN_M

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.links import Link

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Order", "order_of", "towns_apart", "towns_asked"]

_CUTS = 60
"""Stretches begin and end at so many places at most: each costs a sum."""
_LEAST, _MOST = 0.1, 0.85
"""Share of the rows that a stretch moves."""
_TURNS = (2, 3)
"""Every other row, every third, or two of three."""
_BELIEVED = np.log([0.5, 0.15, 0.15, 0.2])
"""How likely each way is before anything is seen: any rows, a stretch, turns, towns."""


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
_COME, _SHARE = {True: 4, False: 3}, {True: 0.2, False: 0.1}
"""Rows by which more of a town must come home than leave it, and share of its rows; more of both
where all lie in one neighbour (True), since its border may have been moved, or a village been
written to the other."""
_LEFT = 0.5
"""Rows that lie elsewhere either way, to each that comes home, at most."""
_ASTRAY = 0.04
"""Share of the rows of all other towns that lie elsewhere, at most: more are rough places."""
_NO_OTHER_WAY = 2
"""Rows by which fewer come home over those that leave, as far in any other direction."""


def towns_apart(town: Ints, here: Mask, there: Mask, turned: Mask, lies: Ints) -> Mask:
    """Return the rows (n,) of towns all of whose rows may have been moved.

    Parameters
    ----------
    town
        The number of each row's town (n,).
    here, there
        Whether each row is in its town as it is (n,), and if it was moved.
    turned
        The same of moves as far in other directions (d, n).
    lies
        The number of the town in which each row is as it was read (n,), -1 for none.
    """
    found = np.zeros(len(town), dtype=bool)
    for one in np.unique(town[~here & there]).tolist():
        rows = town == one
        come, leave = rows & ~here & there, rows & here & ~there
        more = int(come.sum()) - int(leave.sum())
        left = int((rows & ~here & ~there).sum())
        alike = len(np.unique(lies[come])) == 1
        if more < max(_COME[alike], _SHARE[alike] * rows.sum()) or left > _LEFT * come.sum():
            continue
        others = turned[:, rows].sum(axis=1) - int(here[rows].sum())
        if others.max() <= more - _NO_OTHER_WAY:
            found |= rows
    astray = int((~here[~found]).sum())
    return found if astray <= _ASTRAY * (~found).sum() else np.zeros(len(town), dtype=bool)


def _over(told: Floats) -> tuple[float, Floats]:
    """Return the log of the sum of what is told (log), and the share of each in it."""
    most = float(told.max())
    parts = np.exp(told - most)
    total = float(parts.sum())
    return most + float(np.log(total)), parts / total


class _Moves(Protocol):
    def shift(self, link: Link, own: str, other: str) -> Floats:
        """Return how the rows of a link move (n, 2) if its layers are in these datums."""


def towns_asked(
    test: _Moves, links: Sequence[Link], start: Mapping[str, str], reals: Sequence[str]
) -> tuple[str, dict[str, Mask]]:
    """Return the datum in which some towns may have sent in all of their rows, and those rows.

    By layer; none where no town looks so. Homes and facilities of a town stand beside each other
    wherever they are: borders alone tell, and not for certain.

    Parameters
    ----------
    links
        The rows of ledgers in units.
    start
        Layer → the datum it lies in.
    reals
        The datums that are asked.
    """
    if not links:
        return "", {}
    rows, best, datum = _Rows(test, links, start), np.zeros(0, dtype=bool), ""
    for real in reals:
        found = rows.of_towns(real)
        if found.sum() > best.sum():
            best, datum = found, real
    if not datum:
        return "", {}
    parts = np.split(best, np.cumsum([len(link.rows) for link in links])[:-1])
    told = {link.layer: part for link, part in zip(links, parts, strict=True) if part.any()}
    return datum, told


class _Rows:
    """The rows of some ledgers, one after the other, and whether each is in its town."""

    def __init__(self, test: _Moves, links: Sequence[Link], start: Mapping[str, str]) -> None:
        self._test, self._links, self._start = test, links, start
        shapes = list({id(one): one for link in links for one in link.targets}.values())
        number = {id(one): at for at, one in enumerate(shapes)}
        towns = [number[id(one)] for link in links for one in link.targets]
        self._town = np.array(towns, dtype=np.int64)
        self._here = self._home(None)
        self._lies = _lying_in(shapes, [link.points for link in links])

    def of_towns(self, real: str) -> Mask:
        """Return the rows of towns that may be in another datum."""
        there = self._home(real)
        if (~self._here & there).sum() < min(_COME.values()):
            return np.zeros(len(there), dtype=bool)
        turned = np.array([self._home(real, turn) for turn in DIRECTIONS])
        return towns_apart(self._town, self._here, there, turned, self._lies)

    def _home(self, real: str | None, turn: float = 0.0) -> Mask:
        inside = []
        for link in self._links:
            own, units = self._start[link.layer], self._start["units"]
            here = self._test.shift(link, own, units)
            there = here if real is None else self._test.shift(link, real, units)
            inside.append(link.fits(here + (there - here) @ spin(turn), DRAWN_M))
        return np.concatenate(inside)


def _lying_in(shapes: Sequence[Any], points: Sequence[Floats]) -> NDArray[np.int64]:
    """Return which of some shapes each point is in, -1 for none."""
    spots = np.concatenate(points)
    found = np.full(len(spots), -1)
    row, shape = shapely.STRtree(shapes).query(shapely.points(spots), "intersects")
    found[row] = shape
    return found
