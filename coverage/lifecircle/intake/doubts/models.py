"""Models of a layer's rows: in another datum all of them, or some, beside as they were read.

How likely each is comes from what the rows say of where they belong (``links``), and, for the
ledgers of homes and facilities, from how they stand together (``crowd``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.links import DIRECTIONS, SIDEWAYS, likelier, spin
from lifecircle.intake.doubts.strays import BESIDE, DRAWN_M
from lifecircle.intake.doubts.weights import Gain, Heard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Around
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.orders import Split
    from lifecircle.intake.doubts.weights import Weight

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Gain", "Heard", "Model", "Moves"]

_LEAST, _LEAST_IN_CROWD, _LEAST_ALONE, _LEAST_BARE = 6.0, 4.0, 12.0, 8.0
"""How much likelier (natural logarithm) another datum must be: by links alone (of rows that fit one
way only, three), with the crowd beside them (no clean district of 40 came to 2), by the crowd
alone, whose places may stand some hundred metres from each other in truth; and that for all rows
where no outline says anything (of 400 that lay right, rough and far ones too, one came to 7)."""
_BY_UNITS = 0.5
"""What the links must say of a mixture that is told before other ledgers are asked as a whole."""
_LEAST_BESIDE = 2.5
"""The same where another layer has the same fault already: one row that fits one way only."""
_MORE_MIXED, _MORE_IN_CROWD = 1.0, 3.0
"""How much likelier a mixture must be than one datum for all; the crowd bends to it more."""
_DIVIDED = 2.0
"""How much likelier it must be that some rows of a layer lie as they were read, where another datum
is told for all: of some hundred whole ledgers one came to 1.1, of half ones none was below 3."""
_DIVIDED_EVEN, _EVENLY = -3.0, 0.25
"""The same where that share of the rows would go back, and by no other way as likely: of eighty
whole ledgers none did."""
_DIVIDED_BESIDE = -3.5
"""The same beside a ledger of which some rows have that datum: of the other the sooner some."""
_UNITS_AGREE = 2.9
"""What the links must say beside the crowd of one datum for all, a row more; else it says it alone.
"""
_SOME = (0.1, 0.85)
"""Share of the rows that a mixture moves."""
_LIKELY, _LIKELY_ASKED, _LOUD = 0.1, 0.15, 7.0
"""Share of the rows that are moved likelier than not, of a mixture that is told, and of one that is
asked about. Of half ones hardly one had fewer; where rough places, or a village that was written to
the neighbour, looked like one, most had: a row or two said it all. Rows of one town are few as
well, and are asked by themselves (``towns``). Not asked where units say so much of it alone: of
those that lay right none came above 5.5."""
_CROSSING, _OF_ALL, _AT_ONE = 4, 0.25, 0.5
"""Rows that come home at least, share of all that would cross a border, and share of them that come
from one unit to another at most: half a ledger crosses everywhere. A village that was written to
the neighbour comes home alone, and of rough places hardly one of five that cross does."""
_VILLAGE, _MOSTLY, _OF_VILLAGE = 3, 0.7, 0.35
"""Rows of one unit in one other, their share of all that come home, and share of all that would
cross: fewer looks like such a village, and is asked about."""
_STRONG = 14.0
"""How much likelier than moved in any direction a mixture of fewer rows must be to be asked about:
of ledgers in which a village was written to the neighbour hardly one came above, of half ones with
few rows near a border most did."""

_TOLD, _ASKED, _ROWS = 2.0, 1.75, 60.0
"""How much likelier (natural logarithm) some rows of a ledger of ``_ROWS`` must lie in another
datum than none, or some moved as far in any other direction, for it to be told, and for the planner
to be asked. More rows may come to more by chance: with the root of their number."""
_ASKED_NEAR = 1.0
"""The second where a row comes home to its unit and moves in all other directions are far worse: of
a thousand ledgers that lay right, rough ones too, none came to this with such a row."""
_TOLD_AT_LEAST = 5.5
"""The first of these of any ledger. Facilities and homes that stand anywhere in their towns keep
hardly any company, and what little some of them lack by chance suits one direction: of a thousand
ledgers that lay right two came to 2.4 and 5.1. Of half ones one in twenty is below, and asked."""
_TOLD_BESIDE, _ASKED_BESIDE = 3.0, -1.0
_HOME, _TOLD_HOME, _ASKED_HOME = 2.0, 0.0, -3.0
"""The same beside a ledger that is mixed in the same datum (of 90 ledgers that lie right beside one
one came to 2.4); and where a row comes home to its unit there too. Asked of ledgers of about
``_ROWS``: one of several times as many says it by itself (of 77 half ones of 250 rows none was
below 15), and comes to more than these by chance."""
_FEW = 2.0
"""How many times ``_ROWS`` those are at most."""
_SURELY = 8.0
"""How much likelier a mixture is than none of a ledger that is surely mixed, if a row comes home as
well: of three hundred ledgers that lie right, rough ones too, none came above 6.6. That some moved
in another direction are about as likely (``_MORE_IN_CROWD``) is then no reason to stay silent: no
datum lies there."""
_FINE, _ROUGH, _MORE_ROUGH = 0.008, 0.05, 5.0
"""Places taken to some hundred metres lie beside their unit, and come nearer to others whichever
way they go, by chance in this one more: the more of them lie beside it (shares), the more times as
much is asked of one datum for all."""


class Moves(Protocol):
    """Who knows how places move from one datum to another."""

    def shift(self, link: Link, own: str, other: str) -> Floats:
        """Return how the rows of a link move (n, 2) if its layers are in these datums."""

    def vectors(self, points: Floats, layer: str, real: str) -> Floats:
        """Return how points of a layer move (n, 2) if it is in another datum than as read."""


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
        self._gained: dict[tuple[str, float, bool], Gain] = {}
        self._crossed: dict[str, tuple[int, int, int]] = {}
        self.own = all(link.layer == layer for link in asked)
        self._here = [test.shift(link, start[link.layer], start[link.other]) for link in asked]
        self._now = [link.told(here) for link, here in zip(asked, self._here, strict=True)]
        self._around = None if crowd is None else crowd[0]
        rows = [] if crowd is None else crowd[1].tolist()
        place = {row: n for n, row in enumerate(rows)}
        self._places = [[place[row] for row in link.rows.tolist()] for link in asked if rows]
        if self._around is not None:
            self._lying, self._stays = self._as_read(), self._home(start[layer])

    @property
    def crowded(self) -> bool:
        """Whether the places around the rows are asked."""
        return self._around is not None

    @property
    def more(self) -> float:
        """How much more likely a mixture must be than one datum for all."""
        return _MORE_MIXED if self._around is None else _MORE_IN_CROWD

    @property
    def still(self) -> float:
        """What the places around say of the rows as they lie (log likelihood)."""
        return cast("Around", self._around).still

    def least(self, *, mixed: bool = False, beside: bool = False) -> float:
        """Return how much likelier another datum must be than none.

        ``beside``: another layer has the same fault already.
        """
        more = _MORE_MIXED * mixed
        if self._around is None:
            return (_LEAST_BESIDE if beside else _LEAST) + more
        if not self._asked:
            return _LEAST_ALONE + more if mixed else _LEAST_BARE
        return _LEAST_BESIDE if beside else _LEAST_IN_CROWD

    def convinces(
        self, one: Gain, real: str, *, mixed: bool, beside: bool, alone: bool = True
    ) -> Heard:
        """Return whether a model is far likelier than none, and than moves in other directions.

        ``mixed``: it is one of some rows moved; ``beside``: another layer has the same fault
        already; ``alone``: whether the places around the rows may tell a mixture without units.
        """
        if not self.parted(one):
            return Heard.NO
        if mixed and self._around is not None and self._asked:
            heard = self._some_moved(one, real, beside=beside, alone=alone)
            loud = beside or self.said(real) >= _LOUD
            heard = heard if loud else self._of_few(one, real, heard)
            return min(heard, Heard.ASK) if not beside and self._at_one_border(real) else heard
        rough = _times(self._astray(real, mixed=mixed))
        if one.gain < self.least(mixed=mixed, beside=beside) * rough:
            return Heard.NO
        least = self.least(mixed=mixed and self.crowded, beside=beside)
        least = least if mixed else self._by_units(real, least)
        if one.gain < least * rough:
            return Heard.NO
        over = one.gain - self.chance(real, mixed=mixed)
        return Heard.TELL if over >= least * rough else Heard.NO

    def _astray(self, real: str, *, mixed: bool) -> float:
        """Return the share of rows that lie beside where they belong even if they were moved."""
        datums, beside, total = {**self._start, self._layer: real}, 0, 0
        for link, here in zip(self._asked, self._here, strict=True):
            there = self._test.shift(link, datums[link.layer], datums[link.other])
            out = link.bands(there) == BESIDE
            beside += int((out & (link.bands(here) == BESIDE) if mixed else out).sum())
            total += len(out)
        return beside / max(total, 1)

    def _by_units(self, real: str, least: float) -> float:
        """Return how much likelier one datum for all must be, by what units say beside the crowd.

        Places may stand some hundred metres from others in truth. Where no row crosses a border the
        crowd has to say it alone, as it has to without outlines; and not against the units.
        """
        gains = self._gains(real) if self._around is not None else []
        if not gains:
            return least
        said = likelier(np.concatenate(gains), mixed=False)
        if said >= _UNITS_AGREE:
            return least
        return max(least, _LEAST_ALONE) if said >= 0 else np.inf

    def said(self, real: str) -> float:
        """Return what the links alone say of a mixture; 0 without links."""
        gains = self._gains(real)
        return likelier(np.concatenate(gains), mixed=True) if gains else 0.0

    def rivalled(self, one: Weight | None, reals: Sequence[str]) -> bool:
        """Return whether some rows may as well lie in another of these datums: the crowd bends.

        Asked of mixtures that no other layer confirms.
        """
        if one is None or not one.mixed or one.beside or not self.crowded:
            return False
        come = {real: self.gain(real, mixed=True).gain + self.said(real) for real in reals}
        least = come.pop(one.datum) - _MORE_IN_CROWD
        return max(come.values(), default=-np.inf) > least

    def _some_moved(self, one: Gain, real: str, *, beside: bool, alone: bool) -> Heard:
        """Return whether a mixture in the crowd is told, or asked about.

        Rows moved as far in any of the other directions are as likely, before they are seen, as
        that none was moved.
        """
        home, rows = self.said(real), len(cast("Split", one.split).moved)
        beside = beside and rows <= _FEW * _ROWS
        times = 1.0 if beside else max(1.0, float(np.sqrt(rows / _ROWS)))
        told, asked = _limits(times, beside=beside, near=home >= _HOME)
        if one.gain < min(asked, _ASKED_NEAR) or not (alone or home >= _BY_UNITS):
            return Heard.NO
        over, best = self._over(one, real)
        surely = home >= _HOME and one.gain >= max(_SURELY * times, best - _MORE_IN_CROWD)
        if surely or (over >= told and (beside or one.gain >= best)):
            return Heard.TELL
        if home >= _HOME and one.gain >= best + _MORE_IN_CROWD:
            asked = min(asked, _ASKED_NEAR)
        return Heard(int(over >= asked))

    def _of_few(self, one: Gain, real: str, heard: Heard) -> Heard:
        """Return what a mixture is good for, that a row or two may say alone."""
        likely = cast("Split", one.split).likely
        if likely >= _LIKELY_ASKED or (likely >= _LIKELY and heard is Heard.TELL):
            return heard
        if self._everywhere(real):
            return heard
        strong = heard is Heard.TELL and self._over(one, real)[0] >= _STRONG
        return Heard.ASK if strong else Heard.NO

    def _everywhere(self, real: str) -> bool:
        """Return whether rows cross borders of many units, about half of all that could."""
        come, most, left = self._crossing(real)
        return come >= max(_CROSSING, _OF_ALL * (come + left)) and most <= _AT_ONE * come

    def _at_one_border(self, real: str) -> bool:
        """Return whether hardly any rows cross but those of one unit that lie in one other."""
        come, most, left = self._crossing(real)
        return most >= max(_VILLAGE, _MOSTLY * come) and come < _OF_VILLAGE * (come + left)

    def _crossing(self, real: str) -> tuple[int, int, int]:
        """Return how many rows come home, how many from one unit to another, how many leave."""
        if real not in self._crossed:
            datums = {**self._start, self._layer: real}
            come, left = [np.zeros(1, dtype=np.int64)], 0
            for link, here in zip(self._asked, self._here, strict=True):
                there = self._test.shift(link, datums[link.layer], datums[link.other])
                count, leave = link.crossing(here, there)
                come, left = [*come, count], left + leave
            count = np.concatenate(come)
            self._crossed[real] = (int(count.sum()), int(count.max()), left)
        return self._crossed[real]

    def _over(self, one: Gain, real: str) -> tuple[float, float]:
        """Return how much likelier a mixture is than none, or one moved in any direction.

        And what the likeliest of these comes to.
        """
        others = self._elsewhere(real, mixed=True)
        mean = float(np.logaddexp.reduce(others)) - float(np.log(len(others)))
        return one.gain - float(np.logaddexp(0.0, mean)), float(others.max())

    def divided(self, read: str, *, beside: bool = False) -> bool:
        """Return whether some rows lie as they were ``read``, of a model in which none does.

        Asked of a model that begins with all rows in another datum: rows that go back come to their
        places, and would not by going as far in another direction. ``beside``: of another layer
        some rows are in that datum.
        """
        back = self.gain(read, mixed=True)
        even = back.split is not None and bool(back.split.moved.mean() >= _EVENLY)
        least = _DIVIDED_BESIDE if beside else _DIVIDED_EVEN if even else _DIVIDED
        if back.gain < least or not self.parted(back):
            return False
        over, best = self._over(back, read)
        if even and not beside and over < _DIVIDED:
            return bool(back.gain >= best)
        return over >= least

    @staticmethod
    def parted(one: Gain) -> bool:
        """Return whether a mixture moves some rows, and leaves some."""
        return one.split is None or bool(_SOME[0] <= one.split.moved.mean() <= _SOME[1])

    def chance(self, real: str, *, mixed: bool) -> float:
        """Return how much likelier rows moved as far in other directions come out at best."""
        return float(self._elsewhere(real, mixed=mixed).max())

    def _elsewhere(self, real: str, *, mixed: bool) -> Floats:
        """Return how much likelier rows moved as far in other directions come out, by direction."""
        back = not mixed or self._around is None or not self._around.follow
        ways = DIRECTIONS if back else SIDEWAYS
        return np.array([self.gain(real, turn, mixed=mixed).gain for turn in ways])

    def _gains(self, real: str, turn: float = 0.0) -> list[Floats]:
        """Return the log likelihood of the rows of each link there over here."""
        datums, gains = {**self._start, self._layer: real}, []
        for link, here, now in zip(self._asked, self._here, self._now, strict=True):
            there = self._test.shift(link, datums[link.layer], datums[link.other])
            gains.append(link.told(here + (there - here) @ spin(turn)) - now)
        return gains

    def gain(self, real: str, turn: float = 0.0, *, mixed: bool) -> Gain:
        """Return how much likelier all rows, or some, are in another datum than as read.

        Under ``turn`` (radians) they are moved as far in another direction.
        """
        key = (real, turn, mixed)
        if key not in self._gained:
            self._gained[key] = self._gain(real, turn, mixed=mixed)
        return self._gained[key]

    def _gain(self, real: str, turn: float, *, mixed: bool) -> Gain:
        if self._around is None:
            gains = self._gains(real, turn)
            return Gain(likelier(np.concatenate(gains), mixed=mixed))
        own = self._around.own
        there = own + (self._moved(own, real) - self._moved(own, self._start[self._layer])) @ spin(
            turn
        )
        home = self._home(real, turn)
        if mixed:
            split = self._around.split(there, self._lying, self._stays, home)
            return Gain(split.gain, split)
        told = self._around.moved(there, self._lying, home)
        return Gain(told if self._asked else max(told, self._around.among(there)))

    def _home(self, real: str, turn: float = 0.0) -> Mask:
        """Return which rows in the crowd are in their unit; those that bear no code are."""
        inside = np.ones(len(cast("Around", self._around).own), dtype=bool)
        datums = {**self._start, self._layer: real}
        for link, places, here in zip(self._asked, self._places, self._here, strict=True):
            there = self._test.shift(link, datums[link.layer], datums[link.other])
            inside[places] = link.fits(here + (there - here) @ spin(turn), DRAWN_M)
        return inside

    def _as_read(self) -> float:
        """Return the log likelihood of the codes of the rows in the crowd as they were read."""
        around = cast("Around", self._around)
        beyond = np.full(len(around.own), -np.inf)
        for link, places, here in zip(self._asked, self._places, self._here, strict=True):
            beyond[places] = link.beyond(here)
        return strays.lying(beyond, around.many_units, around.taken)

    def _moved(self, points: Floats, real: str) -> Floats:
        return self._test.vectors(points, self._layer, real)


def _limits(times: float, *, beside: bool, near: bool) -> tuple[float, float]:
    """Return how much likelier a mixture must be to be told, and to be asked about.

    ``times``: by the number of rows; ``beside``: beside one of another ledger; ``near``: a row
    comes home to its unit.
    """
    if not beside:
        return max(_TOLD * times, _TOLD_AT_LEAST), _ASKED * times
    return (_TOLD_HOME, _ASKED_HOME) if near else (_TOLD_BESIDE, _ASKED_BESIDE)


def _times(astray: float) -> float:
    """Return how many times as much is asked where a share of rows lies ``astray``."""
    return 1.0 + _MORE_ROUGH * float(np.clip((astray - _FINE) / (_ROUGH - _FINE), 0.0, 1.0))
