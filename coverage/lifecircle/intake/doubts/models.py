"""Models of a layer's rows: in another datum all of them, or some, beside as they were read.

How likely each is comes from what the rows say of where they belong (``links``), and, for the
ledgers of homes and facilities, from how they stand together (``crowd``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from lifecircle.intake.doubts.links import likelier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Around, Split
    from lifecircle.intake.doubts.links import Link

    Floats = NDArray[np.float64]

__all__ = ["Gain", "Heard", "Model", "Moves"]

_LEAST, _LEAST_IN_CROWD, _LEAST_ALONE = 6.0, 4.0, 12.0
"""How much likelier (natural logarithm) another datum must be: by links alone (of rows that fit one
way only, three), with the crowd beside them (no clean district of 40 came to 2), by the crowd
alone, whose places may stand some hundred metres from each other in truth."""
_ROWS = 60.0
"""Rows of a ledger for which the limits of a mixture in the crowd hold; more rows, more of it."""
_LEAST_BESIDE = 2.5
"""The same where another layer has the same fault already: one row that fits one way only."""
_MORE_MIXED, _MORE_IN_CROWD = 1.0, 3.0
"""How much likelier a mixture must be than one datum for all; the crowd bends to it more."""
_DIVIDED = 2.5
"""How much likelier it must be that some rows of a layer lie as they were read, where another datum
is told for all: of 28 whole ledgers none came to 1, of half ones none was below 3."""
_UNITS_AGREE = 2.9
"""What the links must say beside the crowd of one datum for all: a row more."""
_DIRECTIONS = np.radians(np.arange(75, 286, 15))
_SOME = (0.1, 0.85)
"""Share of the rows that a mixture moves."""


_AS_GOOD = 0.1
"""Share of its gain by which some other direction may come out better, where that is no test: of
few rows. Of many, ``_MANY`` times ``_ROWS``, the gain must be over every direction by ``_OVER``."""
_MANY, _OVER = 2.0, 3.0


@dataclass(frozen=True, slots=True)
class _Told:
    """From when a mixture in the crowd is told, of ``_ROWS`` rows.

    What the links say, and all; how far that is over rows moved as far in other directions; and
    the share of rows moved.
    """

    links: float
    gain: float
    over: float
    share: float = _SOME[0]


_BY_UNITS = _Told(0.5, 3.0, 0.0)
"""Some rows come home to their unit: of 1440 ledgers of clean and remedied districts two so much,
and of neither the rest."""
_BY_CROWD = _Told(-0.15, 5.0, 1.5, 0.3)
"""None does, or hardly, but nothing speaks against it, and many rows come to their village."""
_BY_COMPANY = _Told(-0.2, 2.8, 0.0, 0.2)
"""Another ledger of the same study is mixed already, in the same datum."""
_BY_UNITS_TOO = _Told(2.0, 2.0, -2.0)
"""So it is, and some rows come home to their unit."""
_BY_MANY_UNITS_TOO = _Told(4.0, 2.0, -np.inf)
"""So it is, and so many rows come home that the places around need not tell the directions apart:
of right ledgers beside mixed ones none had one such row."""


_BESIDE = (_BY_COMPANY, _BY_UNITS_TOO, _BY_MANY_UNITS_TOO)
_APART = 2.7
"""Standard deviations by which the gain of a mixture in the crowd must lie over those of rows moved
as far in other directions, for it to be told where no other layer has the same fault. Places taken
to some hundred metres come nearer to others whichever way they go: few such ledgers do so that
much more in this one, nearly all half ones do. Between, the planner is asked."""


_ASKED_APART, _APART_BESIDE, _FLAT = 2.0, 1.0, 0.5
"""The same from which the planner is asked; from which it is told where another layer has the same
fault; and the least spread that is reckoned with."""
_ASKED = _Told(1.0, 0.0, -np.inf)
"""From when the planner is asked of a ledger beside one that is mixed in the same datum."""


class Heard(IntEnum):
    """What a model is good for: nothing, a question to the planner, or to be told."""

    NO = 0
    ASK = 1
    TELL = 2


class Moves(Protocol):
    """Who knows how places move from one datum to another."""

    def shift(self, link: Link, own: str, other: str) -> Floats:
        """Return how the rows of a link move (n, 2) if its layers are in these datums."""

    def vectors(self, points: Floats, layer: str, real: str) -> Floats:
        """Return how points of a layer move (n, 2) if it is in another datum than as read."""


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """The log likelihood of a model over that of none moved, and which rows it moved."""

    gain: float
    split: Split | None = None


class Model:
    """What is asked of a layer's rows: links, and the places around them where they are enough."""

    def __init__(
        self,
        test: Moves,
        layer: str,
        asked: Sequence[Link],
        start: Mapping[str, str],
        crowd: tuple[Around, NDArray[np.int64]] | None = None,
    ) -> None:
        self._test, self._layer, self._asked, self._start = test, layer, asked, start
        self.own = all(link.layer == layer for link in asked)
        self._here = [test.shift(link, start[link.layer], start[link.other]) for link in asked]
        self._now = [link.told(here) for link, here in zip(asked, self._here, strict=True)]
        self._around = None if crowd is None else crowd[0]
        rows = [] if crowd is None else crowd[1].tolist()
        place = {row: n for n, row in enumerate(rows)}
        self._places = [[place[row] for row in link.rows.tolist()] for link in asked if rows]

    @property
    def crowded(self) -> bool:
        """Whether the places around the rows are asked."""
        return self._around is not None

    @property
    def more(self) -> float:
        """How much more likely a mixture must be than one datum for all."""
        return _MORE_MIXED if self._around is None else _MORE_IN_CROWD

    def least(self, *, mixed: bool = False, beside: bool = False) -> float:
        """Return how much likelier another datum must be than none.

        ``beside``: another layer has the same fault already.
        """
        more = _MORE_MIXED * mixed
        if self._around is None:
            return (_LEAST_BESIDE if beside else _LEAST) + more
        if not self._asked:
            return _LEAST_ALONE + more
        return _LEAST_BESIDE if beside else _LEAST_IN_CROWD

    def convinces(
        self, one: Gain, real: str, *, mixed: bool, beside: bool, alone: bool = True
    ) -> Heard:
        """Return whether a model is far likelier than none, and than moves in other directions.

        ``mixed``: it is one of some rows moved; ``beside``: another layer has the same fault
        already; ``alone``: whether the places around the rows may tell a mixture without units.
        """
        crowded = mixed and self._around is not None and bool(self._asked)
        if not self.parted(one):
            return self._asks(one, real) if crowded and beside else Heard.NO
        if crowded:
            ways = (_BY_UNITS, *(_BY_CROWD,) * alone, *_BESIDE * beside)
            return self._some_moved(one, real, ways, beside=beside)
        if one.gain < self.least(mixed=mixed, beside=beside):
            return Heard.NO
        if not mixed and not self._units_agree(real):
            return Heard.NO
        over = one.gain - self.chance(real, mixed=mixed)
        told = over >= self.least(mixed=mixed and self.crowded, beside=beside)
        return Heard.TELL if told else Heard.NO

    def _units_agree(self, real: str) -> bool:
        """Return whether units say one datum for all, where the crowd is asked beside them.

        Places may stand some hundred metres from others in truth: the crowd alone does not say.
        """
        gains = self._gains(real) if self._around is not None else []
        return not gains or likelier(np.concatenate(gains), mixed=False) >= _UNITS_AGREE

    def said(self, real: str) -> float:
        """Return what the links alone say of a mixture; 0 without links."""
        gains = self._gains(real)
        return likelier(np.concatenate(gains), mixed=True) if gains else 0.0

    def _some_moved(self, one: Gain, real: str, ways: Sequence[_Told], *, beside: bool) -> Heard:
        """Return whether a mixture in the crowd is told, in one of the ways, or asked about."""
        around, split = cast("Around", self._around), cast("Split", one.split)
        rows, moved = len(around.own) / _ROWS, float(split.moved.mean())
        said = self.said(real)
        ways = tuple(
            way
            for way in ways
            if said >= way.links and one.gain >= way.gain * rows and moved >= way.share
        )
        if not ways and not beside:
            return Heard.NO
        heard = self._stands_out(one, self._elsewhere(real, mixed=True), ways, beside=beside)
        if heard or not beside:
            return heard
        return self._asks(one, real)

    def _asks(self, one: Gain, real: str) -> Heard:
        """Return whether the planner is asked of a ledger beside a mixed one: a row comes home."""
        asks = self.said(real) >= _ASKED.links and one.gain >= _ASKED.gain
        return Heard.ASK if asks else Heard.NO

    def _stands_out(
        self, one: Gain, others: Floats, ways: Sequence[_Told], *, beside: bool
    ) -> Heard:
        """Return whether a mixture lies over those of ``others``, rows moved elsewhere."""
        rows = len(cast("Around", self._around).own) / _ROWS
        over = one.gain - max(others.max(), 0.0)
        as_good = _OVER if rows > _MANY else -max(1.0, _AS_GOOD * one.gain)
        if not any(over >= (way.over * rows or as_good) for way in ways):
            return Heard.NO
        apart = (one.gain - others.mean()) / max(float(others.std()), _FLAT)
        if beside:
            return Heard.TELL if apart >= _APART_BESIDE else Heard.ASK
        return Heard.TELL if apart >= _APART else Heard(int(apart >= _ASKED_APART))

    def divided(self, read: str) -> bool:
        """Return whether some rows lie as they were ``read``, of a model in which none does.

        Asked of a model that begins with all rows in another datum: rows that go back come to their
        places, and would not by going as far in another direction.
        """
        back = self.gain(read, mixed=True)
        if back.gain < _DIVIDED or not self.parted(back):
            return False
        return back.gain - max(self.chance(read, mixed=True), 0.0) >= _DIVIDED

    @staticmethod
    def parted(one: Gain) -> bool:
        """Return whether a mixture moves some rows, and leaves some."""
        return one.split is None or bool(_SOME[0] <= one.split.moved.mean() <= _SOME[1])

    def chance(self, real: str, *, mixed: bool) -> float:
        """Return how much likelier rows moved as far in other directions come out at best."""
        return float(self._elsewhere(real, mixed=mixed).max())

    def _elsewhere(self, real: str, *, mixed: bool) -> Floats:
        """Return how much likelier rows moved as far in other directions come out, by direction."""
        return np.array([self.gain(real, turn, mixed=mixed).gain for turn in _DIRECTIONS])

    def _gains(self, real: str, turn: float = 0.0) -> list[Floats]:
        """Return the log likelihood of the rows of each link there over here."""
        datums, gains = {**self._start, self._layer: real}, []
        for link, here, now in zip(self._asked, self._here, self._now, strict=True):
            there = self._test.shift(link, datums[link.layer], datums[link.other])
            gains.append(link.told(here + (there - here) @ _spin(turn)) - now)
        return gains

    def gain(self, real: str, turn: float = 0.0, *, mixed: bool) -> Gain:
        """Return how much likelier all rows, or some, are in another datum than as read.

        Under ``turn`` (radians) they are moved as far in another direction.
        """
        gains = self._gains(real, turn)
        if self._around is None:
            return Gain(likelier(np.concatenate(gains), mixed=mixed))
        own = self._around.own
        there = own + (self._moved(own, real) - self._moved(own, self._start[self._layer])) @ _spin(
            turn
        )
        gain = np.zeros(len(own))
        for places, one in zip(self._places, gains, strict=True):
            np.add.at(gain, places, one)
        if mixed:
            split = self._around.split(there, gain)
            return Gain(split.gain, split)
        return Gain(self._around.moved(there, gain))

    def _moved(self, points: Floats, real: str) -> Floats:
        return self._test.vectors(points, self._layer, real)


def _spin(turn: float) -> Floats:
    """Return the matrix (2, 2) that turns rows of vectors by ``turn`` radians."""
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
