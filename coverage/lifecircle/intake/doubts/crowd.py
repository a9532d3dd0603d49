"""How places stand together: in towns and villages, facilities among the homes of their unit.

Rows that were moved stand where others do not, all of them as far off and in the same direction:
their village lies beside them. So of every row it is asked how densely the places of its unit stand
around it, those of its own ledger and of the others, as it was read and as it would be moved. Where
only some rows were moved they are told apart on the way (expectation and maximisation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Around", "Crowd", "Split"]

_BANDS_M = (120.0, 300.0, 700.0)
"""Metres within which places keep company: of a street, a village, a town."""
_ALONE = 0.3
"""Share of rows that keep none."""
_MET_M = 300.0
_MARGIN_M = 1000.0
_ROUNDS = 8
_FEWEST = 3
"""Places of its unit from which a row is held against them, else against all."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A ledger of which some rows were moved.

    ``gain``: its log likelihood over that of none moved; ``moved``: how likely each row was (n,);
    ``there``: where the rows lie if they were (n, 2).
    """

    gain: float
    moved: Floats
    there: Floats


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
        return int((away.min(axis=1) <= _MET_M).sum())

    def around(
        self, layer: str, at: Mapping[str, Floats], split: Mapping[str, Split] | None = None
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
        )


@dataclass(eq=False)
class Around:
    """The rows of a layer (n) and the places they are held against: its own, and others (m).

    ``parts`` (m,): how much of each of the others counts; ``units`` (n + m,): the codes of all.
    """

    own: Floats
    rest: Floats
    parts: Floats
    units: NDArray[np.object_]
    _pairs: tuple[Ints, Ints] = field(init=False)
    _others: tuple[Ints, Ints] = field(init=False)
    _many: Floats = field(init=False)
    _floor: float = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.own)
        among = self.units[:n, None] == self.units[None]
        none = np.eye(n, n + len(self.rest), dtype=bool)
        among[(among & ~none).sum(axis=1) < _FEWEST] = True
        among &= ~none
        self._pairs = np.nonzero(among[:, :n])  # type: ignore[assignment]
        self._others = np.nonzero(among[:, n:])  # type: ignore[assignment]
        many = np.bincount(self._others[0], self.parts[self._others[1]], n)
        self._many = np.maximum(many + np.bincount(self._pairs[0], minlength=n), 1.0)
        room = np.ptp(np.concatenate([self.own, self.rest]), axis=0) + _MARGIN_M
        self._floor = _ALONE * len(set(self.units[:n])) / float(np.prod(room))

    def still(self) -> Floats:
        """Return the log density around every row, all of them where they are."""
        return self._log(self._own(self.own, self.own), self.own)

    def moved(self, there: Floats) -> Floats:
        """Return the log density around every row, all of them moved ``there`` (n, 2)."""
        return self._log(self._own(there, there), there)

    def split(self, there: Floats, gain: Floats, base: Floats) -> Split:
        """Return how likely it is that some rows lie ``there``, and which.

        ``gain`` (n,): log likelihood of each row there over here by what else is known of it;
        ``base``: the log density as :meth:`still` says.
        """
        together, ahead = self._own(self.own, self.own), self._own(there, self.own)
        behind = self._own(self.own, there)
        j, part = self._pairs[1], 0.5
        # the places of others tell first which rows may be moved, then each other
        moved = _share(part, gain + self.moved(there) - base)
        here = away = base
        for _ in range(_ROUNDS):
            stay = 1 - moved
            here = self._log(together * stay[j] + behind * moved[j], self.own)
            away = self._log(ahead * stay[j] + together * moved[j], there)
            moved = _share(part, gain + away - here)
            part = float(np.clip(moved.mean(), 0.02, 0.98))
        odds = gain + away - here
        found = here - base + np.logaddexp(np.log(1 - part), np.log(part) + odds)
        return Split(float(found.sum()), _share(part, odds), there)

    def _own(self, spots: Floats, others: Floats) -> Floats:
        """Return how near each pair of rows is, the first at ``spots``, the second at others."""
        i, j = self._pairs
        return _near(spots[i] - others[j])

    def _log(self, near: Floats, spots: Floats) -> Floats:
        """Return the log density at ``spots``, of the layer's own pairs as given."""
        n, (i, k) = len(self.own), self._others
        rest = np.bincount(i, _near(spots[i] - self.rest[k]) * self.parts[k], n)
        total = np.bincount(self._pairs[0], near, n) + rest
        found: Floats = np.log((1 - _ALONE) * total / self._many + self._floor)
        return found


def _share(part: float, odds: Floats) -> Floats:
    """Return how likely each row is one of the moved."""
    share: Floats = 1 / (1 + np.exp(-np.clip(np.log(part / (1 - part)) + odds, -50, 50)))
    return share


def _near(away: Floats) -> Floats:
    """Return how near two places are to each other, ``away`` (n, 2) metres: (n,) per m²."""
    square = (away**2).sum(axis=1)
    found = np.zeros(len(away))
    for wide in _BANDS_M:
        found += np.exp(-square / (2 * wide**2)) / (2 * np.pi * wide**2 * len(_BANDS_M))
    return found
