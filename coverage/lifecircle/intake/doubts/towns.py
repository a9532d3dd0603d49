"""Did a town send in all of its rows in another datum? Asked of each town, by one paired test.

Counties merge the ledgers of their towns. Of one town among a dozen the rows are too few to be told
among all (``paired``): so each town is held, as it was read and as if it were moved, against what
says where it belongs. Its rows lie in its own outline or not; those in a neighbour's come home
together, and none leaves. If it moved one ledger alone, its facilities stand nearer to its homes,
or at the areas that they serve. Homes and facilities that came together stand beside each other
wherever they are: then borders alone tell.

How likely rows lie beyond a border is taken from all other towns (``strays``): rough places and
borders drawn otherwise show there too. A village that was written to the neighbour lies as rows
moved there would, all of it: rows in one neighbour say no more together than that is likely. What
is told must be likelier than by chance in any of the towns, datums and ledgers that were asked, and
than in any other direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.crowd import Company
from lifecircle.intake.doubts.links import DIRECTIONS, spin
from lifecircle.intake.doubts.weights import Sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.models import Moves
    from lifecircle.intake.doubts.orders import Split
    from lifecircle.intake.doubts.weights import Weight

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["final", "sent", "taken_of"]

_TOLD, _TOLD_OVER = 10.0, 4.0
"""How much likelier (natural logarithm) rows of a town are in another datum than as read, and than
as far in any other direction, to be told: of 480 counties that lay right, with rough places,
villages written to a neighbour, outlines 250 m off, facilities all at the seats, none came to it.
"""
_ASKED, _ASKED_OVER = 7.0, 2.0
"""The same to be asked about: of those counties five came to it, of which four had outlines 250 m
off; a dozen towns, two datums and three choices of ledgers are log(72) = 4.3."""
_RIVAL = 3.0
"""How much likelier rows of one ledger, or of both, are than of others, for those to be told."""
_NEVER = (-np.inf, False)
_NEIGHBOUR, _MANY = 5.0, 8.0
"""What rows in one neighbour say together at most: a village was written to it in one county of
some. The second where it would be a large part of the town."""
_MANY_ROWS, _MANY_SHARE = 4, 0.2
"""Rows that are a large part of a town, and share of its rows."""
_ASTRAY = 0.04
"""Share of the rows of all other towns that lie elsewhere, at most, where borders tell."""
_ONE_OFFICE = 0.8
"""How likely both ledgers were taken in one way: to ten metres, or to some hundred."""
_EXACTLY = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
"""How likely each way of taking places is where all are taken exactly."""
_ROUGHLY = 2.0
"""What all rows say of how homes and facilities stand together differs so much at most from what
those of the other towns say."""
_MOVED, _MOSTLY = 0.5, 0.75
"""How likely a row of a mixture is moved, and what share of them are rows of some towns, where it
is those towns that sent theirs in another datum."""
_ENOUGH = 20
"""Rows from which a ledger says how its office takes places."""


def final(
    found: Mapping[str, Weight], asked: Mapping[str, Weight], towns: Mapping[str, Weight]
) -> tuple[dict[str, Weight], dict[str, Weight]]:
    """Return what is told, and what is asked, where all rows of some ``towns`` may explain it.

    They stand before some rows, of any towns, of which most are theirs; else those stand.
    """
    sure = {name: one for name, one in towns.items() if one.sure}
    if _explained(found, sure) and _explained(asked, towns):
        return sure, {name: one for name, one in towns.items() if not one.sure}
    return {**found}, {**asked}


def _explained(mixed: Mapping[str, Weight], towns: Mapping[str, Weight]) -> bool:
    return all(
        name in towns
        and one.split is not None
        and _mostly(one.split, cast("Sent", towns[name].sent).rows)
        for name, one in mixed.items()
    )


def _mostly(split: Split, rows: NDArray[np.bool_]) -> bool:
    moved = split.moved >= _MOVED
    return bool(moved.sum() > 0 and (moved & rows).sum() >= _MOSTLY * moved.sum())


def taken_of(test: Moves, links: Sequence[Link], start: Mapping[str, str]) -> Floats:
    """Return how likely each way of taking places is (log, ``strays``), by the ledger beside.

    ``links``: those of the ledgers beside that lie whole in the datums ``start``.
    """
    still = next((link for link in links if link.other == "units"), None)
    if still is None or len(still.rows) < _ENOUGH:
        return strays.TAKEN
    beyond = still.beyond(test.shift(still, start[still.layer], start["units"]))
    return strays.taken_beside(beyond, len({id(one) for one in still.targets}))


def sent(
    test: Moves,
    links: Sequence[Link],
    crowd: Crowd,
    start: Mapping[str, str],
    reals: Iterable[str],
) -> dict[str, Sent]:
    """Return the ledgers of which some towns' rows came in another datum.

    Parameters
    ----------
    test
        How places move.
    links
        Rows in units, and facilities at the areas that they serve or are named after.
    crowd
        The places of homes and facilities, and the unit that each bears.
    start
        Layer → the datum in which it lies.
    reals
        The datums that are asked.
    """
    towns = _Towns(test, links, crowd, start)
    found = [one for real in reals for one in towns.heard(real)]
    return towns.sent(found) if found else {}


@dataclass(frozen=True, slots=True)
class _Heard:
    """How much likelier rows of a town are in a datum than as they were read.

    ``ledgers``: those of which the planner is asked at least; ``sure``: those of which it is told.
    """

    code: str
    datum: str
    gain: float
    sure: frozenset[str]
    ledgers: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Ledger:
    """The rows of a ledger (n), beside the units whose codes they bear.

    ``towns`` (n,): their codes; ``points`` (n, 2): where they lie; ``link``: their outlines, which
    lie ``apart`` (n, 2) from where they were read, or None; ``within`` (ways, n): how likely each
    is within in truth, by how its place was taken; ``lies`` (n,): the outline in which each is, -1
    for none.
    """

    towns: NDArray[np.str_]
    points: Floats
    link: Link | None
    apart: Floats
    within: Floats
    lies: Ints

    @property
    def home(self) -> Mask:
        """Which rows are in their unit."""
        inside: Mask = self.within[0] > 0
        return inside


class _Towns:
    """The towns of two ledgers, each of which is asked."""

    def __init__(
        self, test: Moves, links: Sequence[Link], crowd: Crowd, start: Mapping[str, str]
    ) -> None:
        self._test, self._start, self._crowd = test, start, crowd
        units = {one.layer: one for one in links if one.other == "units"}
        shapes = list({id(one): one for link in units.values() for one in link.targets}.values())
        self._many = max(len(shapes), 1)
        self._ledgers = {name: self._ledger(name, units.get(name), shapes) for name in crowd.rows}
        bonds = [one for one in links if (one.layer, one.other) == ("facilities", "residential")]
        self._company = Company(
            {name: (one.towns, one.points) for name, one in self._ledgers.items()},
            crowd.rows,
            bonds,
        )
        self._moved: dict[tuple[str, float], dict[str, Floats]] = {}

    def _ledger(self, name: str, link: Link | None, shapes: Sequence[object]) -> _Ledger:
        read = self._crowd.points[name]
        own = self._test.vectors(read, name, self._start[name])
        lies, beyond, apart = np.full(len(read), -1), np.full(len(read), -np.inf), np.zeros((1, 2))
        if link is not None:
            shift = self._test.shift(link, self._start[name], self._start["units"])
            apart, beyond = shift - own, link.beyond(shift)
            row, shape = shapely.STRtree(shapes).query(shapely.points(read + shift), "intersects")
            lies[row] = shape
        towns = self._crowd.units[name].astype(str)
        return _Ledger(towns, read + own, link, apart, strays.within(beyond), lies)

    def heard(self, real: str) -> list[_Heard]:
        """Return the towns that are heard, and the ledgers whose rows are likeliest in a datum.

        Where one ledger is about as likely as both, of the other the planner is asked.
        """
        codes = {code for one in self._ledgers.values() for code in np.unique(one.towns).tolist()}
        found = []
        for code in sorted(codes - {"None"}):
            names = tuple(name for name, one in self._ledgers.items() if code in one.towns)
            some = dict.fromkeys([names, *((name,) for name in names)])
            ways = {layers: self._one(code, real, layers) for layers in some}
            best, told = max(ways.values())
            if best < _ASKED:
                continue
            likely = [{*layers} for layers, (gain, _) in ways.items() if gain > best - _RIVAL]
            sure = set.intersection(*likely) if told else set()
            ledgers = set.union(*likely)
            found.append(_Heard(code, real, best, frozenset(sure), frozenset(ledgers)))
        return found

    def sent(self, found: Sequence[_Heard]) -> dict[str, Sent]:
        """Return the ledgers of the towns that are heard in the datum that is likeliest.

        Of two as likely the nearer is asked about.
        """
        most = max(one.gain for one in found)
        near = [one.datum for one in found if one.gain > most - _RIVAL]
        alike = [one for one in found if one.datum == near[0]]
        sure = frozenset[str]().union(*(one.sure for one in alike if len({*near}) == 1))
        moved = sorted(frozenset[str]().union(*(one.ledgers for one in alike)))
        told = {}
        for name in moved:
            some = [one.sure if name in sure else one.ledgers for one in alike]
            codes = tuple(
                one.code for one, told_of in zip(alike, some, strict=True) if name in told_of
            )
            told[name] = self.told(name, near[0], codes, moved, sure=name in sure)
        return told

    def told(
        self, name: str, datum: str, codes: tuple[str, ...], moved: Sequence[str], *, sure: bool
    ) -> Sent:
        """Return what is told of some towns' rows in a ledger, ``moved`` as those of others are."""
        rows = np.isin(self._ledgers[name].towns, codes)
        counts = [self._crossing(codes, one, datum) for one in moved]
        known = [one for one in counts if one is not None]
        come, left = (sum(some) for some in zip(*known, strict=True)) if known else (None, None)
        met = self._company.met(codes, self._moves(datum, 0.0), moved)
        return Sent(datum, rows, codes, sure, come, left, *met)

    def _crossing(self, codes: Sequence[str], name: str, real: str) -> tuple[int, int] | None:
        """Return how many rows of towns come into their unit and how many leave it, if moved."""
        ledger = self._ledgers[name]
        if ledger.link is None:
            return None
        rows = np.flatnonzero(np.isin(ledger.towns, codes))
        home, there = ledger.home[rows], self._home(name, rows, real, 0.0)
        return int((~home & there).sum()), int((home & ~there).sum())

    def _one(self, code: str, real: str, layers: tuple[str, ...]) -> tuple[float, bool]:
        """Return how much likelier a town's rows of some ledgers are in a datum; whether surely."""
        some = [self._ledgers[name] for name in layers]
        out = any((~one.home[one.towns == code]).any() for one in some)
        most = self._company.gain(code, self._moves(real, 0.0), layers, roughly=True) + _ROUGHLY
        if most < _ASKED and (not out or self._rough(code)):
            return _NEVER
        if most + self._borders(code, real, layers, dict.fromkeys(layers, _EXACTLY)) < _ASKED:
            return _NEVER
        taken = {name: self._taken(code, name) for name in layers}

        def gain(turn: float) -> float:
            company = self._company.gain(code, self._moves(real, turn), layers)
            return company + self._borders(code, real, layers, taken, turn)

        come = gain(0.0)
        if come < _ASKED:
            return _NEVER
        over = come - max(gain(turn) for turn in DIRECTIONS)
        if over < _ASKED_OVER:
            return _NEVER
        return come, come >= _TOLD and over >= _TOLD_OVER

    def _rough(self, code: str) -> bool:
        """Return whether rows of other towns lie elsewhere too: rough places, or borders."""
        out = np.concatenate([~one.home[one.towns != code] for one in self._ledgers.values()])
        return bool(out.mean() > _ASTRAY) if len(out) else False

    def _moves(self, real: str, turn: float) -> dict[str, Floats]:
        """Return how the rows of each ledger move to a datum, or as far in another direction."""
        if (real, turn) not in self._moved:
            self._moved[real, turn] = {
                name: (
                    self._test.vectors(xy, name, real)
                    - self._test.vectors(xy, name, self._start[name])
                )
                @ spin(turn)
                for name, xy in self._crowd.points.items()
            }
        return self._moved[real, turn]

    def _taken(self, code: str, layer: str) -> Floats:
        """Return how likely each way of taking places is, by the rows of all other towns."""
        told = {
            name: strays.ways(one.within[:, one.towns != code], self._many)
            for name, one in self._ledgers.items()
            if one.link is not None
        }
        if layer not in told:
            return _EXACTLY
        both = np.sum([*told.values()], axis=0) - (len(told) - 1) * strays.TAKEN
        both, own = (np.exp(one - np.logaddexp.reduce(one)) for one in (both, told[layer]))
        likely: Floats = _ONE_OFFICE * both + (1 - _ONE_OFFICE) * own
        return likely

    def _borders(
        self,
        code: str,
        real: str,
        layers: tuple[str, ...],
        taken: Mapping[str, Floats],
        turn: float = 0.0,
    ) -> float:
        """Return what the outlines say of a town's rows moved, over the same as they lie."""
        said = dict[int, float]()
        count, come, lost, left = 0, 0, 0.0, 0
        for name in layers:
            ledger = self._ledgers[name]
            rows = np.flatnonzero(ledger.towns == code)
            count += len(rows)
            if ledger.link is None or not len(rows):
                continue
            home, there = ledger.home[rows], self._home(name, rows, real, turn)
            others = ~ledger.home[ledger.towns != code]
            slips = float(strays.wrong(others.sum(), len(others)))
            out, fits = np.log(strays.told(slips, np.array([0.0, 1.0]), self._many))
            now = np.log(taken[name] @ strays.told(slips, ledger.within[:, rows], self._many))
            for row in np.flatnonzero(~home & there).tolist():
                lies = int(ledger.lies[rows[row]])
                said[lies] = said.get(lies, 0.0) + float(fits - now[row])
            gone = int((home & ~there).sum())
            come, left, lost = (
                come + int((~home & there).sum()),
                left + gone,
                lost + gone * (fits - out),
            )
        many = come - left >= max(_MANY_ROWS, _MANY_SHARE * count)
        return sum(min(one, _MANY if many else _NEIGHBOUR) for one in said.values()) - float(lost)

    def _home(self, name: str, rows: Ints, real: str, turn: float) -> Mask:
        """Return which rows are in their unit if they were moved."""
        ledger = self._ledgers[name]
        targets = cast("Link", ledger.link).targets[rows]
        moved = (ledger.points + ledger.apart + self._moves(real, turn)[name])[rows]
        inside: Mask = shapely.dwithin(targets, shapely.points(moved), strays.DRAWN_M)
        return inside
