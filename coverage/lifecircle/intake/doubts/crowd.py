"""How places stand together: in towns and villages, facilities among the homes of their unit.

Rows that were moved stand where others do not, all of them as far off and in the same direction:
their village lies beside them. So of every row it is asked how densely the places of its unit stand
around it, those of its own ledger and of the others, as it was read and as it would be moved. How
near places stand to each other differs from county to county: the shares of rows that keep company
in a street, a village, a town, and with which ledger, are those under which the rows are likeliest,
asked anew of every model. Where only some rows were moved they are told apart on the way
(expectation and maximisation).

A facility that serves an area, or is named after it, stands at it: where one of the two was moved
and the other was not, it does not, and it would in one direction alone. Facilities are asked of it,
once: homes are many, and their own towns tell of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.links import once
from lifecircle.intake.doubts.orders import Order, Split, order_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "FACILITIES",
    "HOMES",
    "MARGIN_M",
    "MET_M",
    "Around",
    "Crowd",
    "Ties",
    "nearness",
    "shares_of",
]

_BANDS_M = (40.0, 120.0, 300.0, 700.0)
"""Metres within which places keep company: of a block, a street, a village, a town."""
_PRIOR = 2.0
"""Rows by which all kinds of company are as frequent before any is seen."""
_TRUST, _TRUST_OTHERS = 0.6, 0.8
"""How much what the company of a row says counts: two rows that keep each other's say it twice, and
neighbours say nearly the same. Of a ledger smaller than the other the company of its own rows is
not asked, and that of the others says more."""
_EVEN = 3.0
"""Rows of each kind that a mixture is believed to have before any is seen: it is about even."""
FACILITIES, HOMES = "facilities", "residential"
_TIE, _MOST_SAID = 0.8, math.log(19.0)
"""How much a facility at the area that it serves counts: neighbours say nearly the same; and what
it says at most: one in twenty may name a wrong one."""
_ASIDE_M, _WAYS = 600.0, np.radians(np.arange(0, 360, 30))
"""How far from where they lie, and in which directions, ties fit by chance alone."""
MET_M = 300.0
MARGIN_M = 1000.0
_ROUNDS = 12
_FEWEST = 3
"""Places of its unit from which a row is held against them, else against all."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The places of some ledgers.

    Parameters
    ----------
    rows
        Layer → positions of its rows (n,).
    points
        Layer → where they were read (n, 2), in the study's CRS.
    units
        Layer → the code each row bears (n,), or None.
    """

    rows: Mapping[str, Ints]
    points: Mapping[str, Floats]
    units: Mapping[str, NDArray[np.object_]]

    def met(self, layer: str, spots: Floats, other: str) -> int:
        """Return how many rows of a layer, at ``spots``, have a place of another near them."""
        away = np.hypot(*(spots[:, None] - self.points[other][None]).transpose(2, 0, 1))
        away[self.units[layer][:, None] != self.units[other][None]] = np.inf
        return int((away.min(axis=1) <= MET_M).sum())

    def around(
        self,
        layer: str,
        at: Mapping[str, Floats],
        split: Mapping[str, Split] | None = None,
        taken: Floats = strays.TAKEN,
        ties: Ties | None = None,
    ) -> Around:
        """Return the surroundings of a layer's rows.

        Parameters
        ----------
        layer
            Whose rows are asked.
        at
            Where the rows of all layers lie.
        split
            Of other layers, those that are mixed: their rows lie in two places, each in part.
        taken
            How likely each way of taking places is before any row is seen (``strays``).
        ties
            The facilities that stand at an area they serve, both as they lie ``at``.
        """
        spots, codes, parts = [np.empty((0, 2))], [self.units[layer][:0]], [np.empty(0)]
        for name in self.rows:
            if name == layer:
                continue
            two = (split or {}).get(name)
            spots.append(at[name])
            codes.append(self.units[name])
            parts.append(np.ones(len(at[name])) if two is None else 1 - two.moved)
            if two is not None:
                spots.append(two.there)
                codes.append(self.units[name])
                parts.append(two.moved)
        return Around(
            own=at[layer],
            rest=np.concatenate(spots),
            parts=np.concatenate(parts),
            units=np.concatenate([self.units[layer], *codes]),
            taken=taken,
            held=ties.beside(at, split or {}) if ties is not None and layer == FACILITIES else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Facilities at areas that they serve, or are named after (t).

    ``rows``: layer → which of its rows in the crowd; ``spots`` (t, 2): where the facility stands,
    beside the ``targets`` as they were read; ``reach`` (t,): metres from them. ``says``: what it
    says that one fits, over that it does not (log).
    """

    rows: Mapping[str, Ints]
    spots: Floats
    targets: NDArray[np.object_]
    reach: Floats
    says: float = _MOST_SAID

    @classmethod
    def of(
        cls,
        rows: Mapping[str, Ints],
        spots: Floats,
        targets: NDArray[np.object_],
        reach: Floats,
    ) -> Ties:
        """Return ties that say as much as more of them fit as they lie than would by chance.

        A record may name whom a room is for, however far off: it says little of the places.
        """
        one = cls(rows, spots, targets, reach)
        ways = _ASIDE_M * np.column_stack([np.cos(_WAYS), np.sin(_WAYS)])
        aside = int(sum(one.fits(way).sum() for way in ways))
        here, count = int(one.fits(np.zeros(2)).sum()), len(reach)
        odds = (here + 1) / (count - here + 1)
        chance = (aside + 1) / (count * len(ways) - aside + 1)
        return replace(one, says=float(np.clip(math.log(odds / chance), 0.0, _MOST_SAID)))

    def fits(self, moves: Floats) -> Mask:
        """Return which facilities are at their area if they moved so beside it (t, 2)."""
        spots = shapely.points(self.spots + moves)
        near: Mask = shapely.dwithin(self.targets, spots, self.reach + strays.DRAWN_M)
        return near

    def beside(self, at: Mapping[str, Floats], split: Mapping[str, Split]) -> Held:
        """Return the ties of facilities to areas that lie ``at``, or in two places each."""
        two, areas = split.get(HOMES), self.rows[HOMES]
        moved, away = np.zeros(len(areas)), np.zeros((len(areas), 2))
        if two is not None:  # an area that moves leaves its facility
            moved, away = two.moved[areas], (at[HOMES] - two.there)[areas]
        return Held(self, moved, away)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Ties (t) of facilities to areas, each of which moved (``moved``: how likely), or did not.

    ``away`` (t, 2): how the facility lies farther from it then.
    """

    ties: Ties
    moved: Floats
    away: Floats

    def told(self, moves: Floats) -> Floats:
        """Return what the ties say of each facility (n,) moved so (n, 2), log."""
        rows = self.ties.rows[FACILITIES]
        still, gone = self.ties.fits(moves[rows]), self.ties.fits(moves[rows] + self.away)
        fits = (1 - self.moved) * still + self.moved * gone
        said = np.zeros(len(moves))
        np.add.at(said, rows, _TIE * np.log1p(fits * math.expm1(self.ties.says)))
        return said


@dataclass(eq=False)
class Around:
    """The rows of a layer (n) and the places they are held against: its own, and others (m).

    ``parts`` (m,): how much of each of the others counts; ``units`` (n + m,): the codes of all;
    ``taken``: how likely each way of taking places is before any row is seen (``strays``);
    ``held``: the facilities at areas that they serve, if any.
    Kinds of company (c): a band of the own ledger's rows, where these are not fewer than the
    others, one of the others', and none. ``many_units``: how many units a code can name.
    """

    own: Floats
    rest: Floats
    parts: Floats
    units: NDArray[np.object_]
    taken: Floats = field(default_factory=strays.TAKEN.copy)
    held: Held | None = None
    _pairs: tuple[Ints, Ints] = field(init=False)
    _others: tuple[Ints, Ints] = field(init=False)
    _many: tuple[Floats, Floats] = field(init=False)
    _floor: Floats = field(init=False)
    _together: Floats = field(init=False)
    _here: Floats = field(init=False)
    _still: float = field(init=False)
    _kept: Floats = field(init=False)
    _order: Order = field(init=False)
    _own_too: bool = field(init=False)
    _trust: float = field(init=False)
    _once: Floats = field(init=False)
    many_units: int = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.own)
        among = self.units[:n, None] == self.units[None]
        none = np.eye(n, n + len(self.rest), dtype=bool)
        among[(among & ~none).sum(axis=1) < _FEWEST] = True
        among &= ~none
        self._own_too = n >= self.parts.sum()
        self._once = np.ones(n) if self._own_too else once(self.own, self.units[:n])
        self._trust = _TRUST if self._own_too else _TRUST_OTHERS
        self.many_units = len(set(self.units))
        self._pairs = np.nonzero(among[:, :n] & self._own_too)  # type: ignore[assignment]
        self._others = np.nonzero(among[:, n:])  # type: ignore[assignment]
        rest = np.bincount(self._others[0], self.parts[self._others[1]], n)
        own = np.bincount(self._pairs[0], minlength=n)
        self._many = (np.maximum(own, 1.0), np.maximum(rest, 1.0))
        room = np.ptp(np.concatenate([self.own, self.rest]), axis=0) + MARGIN_M
        self._floor = np.full((1, n), len(set(self.units[:n])) / float(np.prod(room)))
        self._together = self._near(self.own, self.own)
        self._here = self._company(self._together, self._beside(self.own))
        self._kept = self._tied(self.own)
        self._still = self._fitted(self._here) + float(self._kept.sum())
        self._order = order_of(self.units[:n])

    @property
    def still(self) -> float:
        """How likely the rows are to stand among the others where they are (log)."""
        return self._still

    @property
    def follow(self) -> bool:
        """Whether rows may come together by following those that were moved."""
        return self._own_too or bool((self.parts < 1).any())

    def among(self, there: Floats) -> float:
        """Return how much likelier the others stand so if all rows of a larger ledger lie there.

        By its own company and codes it does not show; 0 of a smaller one, or beside one in parts.
        """
        n = len(self.own)
        if not self._own_too or (self.parts < 1).any():
            return 0.0
        units = np.concatenate([self.units[n:], self.units[:n]])
        still, moved = (Around(self.rest, xy, np.ones(n), units).still for xy in (self.own, there))
        return moved - still

    def moved(self, there: Floats, lying: float, home: Mask) -> float:
        """Return how much likelier all rows lie ``there`` (n, 2) than where they are.

        ``lying``: log likelihood of their codes as they are; ``home`` (n,): whether each is in its
        unit if it was moved (``strays``).
        """
        company = self._company(self._together, self._beside(there))
        codes = strays.sharply(home, self.many_units, self.taken) - lying
        return self._fitted(company) + float(self._tied(there).sum()) - self._still + codes

    def split(self, there: Floats, lying: float, stays: Mask, goes: Mask) -> Split:
        """Return how likely it is that some rows lie ``there``, and which.

        ``lying`` as above; ``stays``, ``goes`` (n,): whether each is in its unit as it is, and if
        it was moved.
        """
        ahead, behind = self._near(there, self.own), self._near(self.own, there)
        beside, near = self._beside(self.own), self._beside(there)
        mine, theirs = self._here, self._company(self._together, near)
        share = np.full(mine.shape[1], 1 / mine.shape[1])
        slips = strays.wrong(0.0, len(stays))
        within = (stays.astype(float), goes.astype(float))
        j, part, trust = self._pairs[1], 0.5, self._trust * self._once
        tied, gone = self._kept, self._tied(there)

        def odds() -> tuple[Floats, Floats, Floats]:
            one, two = (np.log(strays.told(slips, some, self.many_units)) for some in within)
            return (
                trust * np.log(mine @ share) + one + tied,
                trust * np.log(theirs @ share) + two + gone,
                two - one,
            )

        for turn in range(_ROUNDS + 1):
            stay, go, _ = odds()
            moved = self._order.told(go - stay, part)[1]
            if turn:  # the places of others tell first which rows may be moved, then each other
                ways = ((1 - moved, mine), (moved, theirs))
                kept = sum((self._once * some / (one @ share)) @ one for some, one in ways)
                share = _shares(share * kept)
                part = float((moved.sum() + _EVEN) / (len(moved) + 2 * _EVEN))
                one, two = (strays.told(slips, some, self.many_units) for some in within)
                bad = slips / self.many_units * ((1 - moved) / one + moved / two).sum()
                slips = strays.wrong(float(bad), len(moved))
            if turn < _ROUNDS:
                stay, go = 1 - moved[j], moved[j]
                mine = self._company(self._together * stay + behind * go, beside)
                theirs = self._company(ahead * stay + self._together * go, near)
        stay, go, codes = odds()
        told, moved = self._order.told(go - stay, part, codes)
        told += float(stay.sum()) + self._believed(share) + strays.believed(slips)
        told += _EVEN * np.log(4 * part * (1 - part)) + float(self.taken[0])
        return Split(told - self._still - lying, moved, there)

    def _fitted(self, company: Floats) -> float:
        """Return the log likelihood of rows under the likeliest shares of their company (n, c)."""
        share = shares_of(company, self._once)
        return self._trust * float(self._once @ np.log(company @ share)) + self._believed(share)

    def _tied(self, there: Floats) -> Floats:
        """Return what the ties say of each row that lies ``there`` (n,), log; 0 of one of none."""
        none = np.zeros(len(self.own))
        return none if self.held is None else self._once * self.held.told(there - self.own)

    def _believed(self, share: Floats) -> float:
        return self._trust * float(_PRIOR / len(share) * np.log(share).sum())

    def _near(self, spots: Floats, others: Floats) -> Floats:
        """Return how near each pair of rows is by band, the first at ``spots``."""
        i, j = self._pairs
        return nearness(spots[i] - others[j])

    def _beside(self, spots: Floats) -> Floats:
        """Return the density of the others around rows at ``spots``, by band (b, n)."""
        i, k = self._others
        return self._summed(i, nearness(spots[i] - self.rest[k]) * self.parts[k]) / self._many[1]

    def _company(self, near: Floats, beside: Floats) -> Floats:
        """Return the density around each row by kind of company (n, c), own pairs ``near``."""
        kinds = [beside, self._floor]
        if self._own_too:
            kinds.insert(0, self._summed(self._pairs[0], near) / self._many[0])
        return np.concatenate(kinds).T

    def _summed(self, rows: Ints, near: Floats) -> Floats:
        return np.array([np.bincount(rows, band, len(self.own)) for band in near])


def shares_of(company: Floats, counts: Floats | float = 1.0) -> Floats:
    """Return the likeliest shares (c,) of kinds of company, of rows that keep each (n, c)."""
    share = np.full(company.shape[1], 1 / company.shape[1])
    for _ in range(_ROUNDS):
        share = _shares(share * ((counts / (company @ share)) @ company))
    return share


def _shares(rows: Floats) -> Floats:
    """Return the shares of the kinds of company, of the rows that keep each."""
    found = rows + _PRIOR / len(rows)
    shares: Floats = found / found.sum()
    return shares


def nearness(away: Floats) -> Floats:
    """Return how near two places are to each other by band, ``away`` (n, 2) metres: (b, n)."""
    square = (away**2).sum(axis=1)
    return np.array([np.exp(-square / (2 * w**2)) / (2 * np.pi * w**2) for w in _BANDS_M])
