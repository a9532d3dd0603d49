"""How the facilities of one town stand beside its homes, and at the areas that they serve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.crowd import (
    FACILITIES,
    HOMES,
    MARGIN_M,
    MET_M,
    Ties,
    nearness,
    shares_of,
)
from lifecircle.intake.doubts.links import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.models import Moves

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Company", "ties_of"]

_TRUST_TOWN = 0.6
"""How much what stands around a facility counts: neighbours say nearly the same."""
_BESIDE_M = 150.0  # of one town alone, facilities of one street say it once
_BOND = math.log(19.0)
"""What a facility at the area that it serves says: one in twenty may name a wrong one."""
_PAIR = (FACILITIES, HOMES)


class Company:
    """How facilities stand beside the homes of their town, and at the areas that they serve.

    Parameters
    ----------
    ledgers
        Layer → the town of each row (n,), and where it lies (n, 2).
    rows
        Layer → positions of these rows in it.
    bonds
        Facilities and the areas that they serve or are named after.
    """

    def __init__(
        self,
        ledgers: Mapping[str, tuple[NDArray[np.str_], Floats]],
        rows: Mapping[str, Ints],
        bonds: Sequence[Link],
    ) -> None:
        (self._towns, self._points), (towns, self._homes) = (ledgers[name] for name in _PAIR)
        self._i, self._j = np.nonzero(self._towns[:, None] == towns[None])
        self._count = np.maximum(np.bincount(self._i, minlength=len(self._towns)), 1)
        room = np.ptp(np.concatenate([self._points, self._homes]), axis=0) + MARGIN_M
        self._floor = len({*self._towns, *towns}) / float(np.prod(room))
        self._once = once(self._points, self._towns, _BESIDE_M)
        place = {row: at for at, row in enumerate(rows["facilities"].tolist())}
        self._bonds: dict[int, tuple[object, float]] = {}
        for link in bonds:
            for row, target, reach in zip(
                link.rows.tolist(), link.targets, link.reach, strict=True
            ):
                if row in place:
                    self._bonds.setdefault(place[row], (target, float(reach)))
        self._now = self._stood(np.arange(len(self._points)), None, None)
        self._shares = {"": shares_of(self._now)}

    def gain(
        self,
        code: str,
        moves: Mapping[str, Floats],
        layers: tuple[str, ...],
        *,
        roughly: bool = False,
    ) -> float:
        """Return how much likelier a town's facilities stand so if rows of some ledgers moved.

        ``roughly``: by how those of all towns stand, not of all others.
        """
        rows = np.flatnonzero(self._towns == code)
        if len(layers) > 1 or not len(rows):
            return 0.0  # both moved together
        key = "" if roughly else code
        if key not in self._shares:
            self._shares[key] = shares_of(self._now[self._towns != code])
        share = self._shares[key]
        mine, theirs = (moves[name] if name in layers else None for name in _PAIR)
        said = np.log(self._stood(rows, mine, theirs) @ share) - np.log(self._now[rows] @ share)
        told = _TRUST_TOWN * said
        for at, row in enumerate(rows.tolist()):
            if row in self._bonds:
                move = mine[row] if mine is not None else -moves["residential"].mean(axis=0)
                told[at] = self._bond(row, move)
        return float((self._once[rows] * told).sum())

    def met(
        self, codes: Sequence[str], moves: Mapping[str, Floats], layers: Sequence[str]
    ) -> tuple[int, int]:
        """Return how many facilities of some towns have a home near, and how many if moved."""
        inside = np.isin(self._towns[self._i], codes)
        i, j = self._i[inside], self._j[inside]
        away = self._points[i] - self._homes[j]
        mine, theirs = (moves[name] if name in layers else np.zeros((1, 2)) for name in _PAIR)
        there = away + np.broadcast_to(mine, self._points.shape)[i]
        there -= np.broadcast_to(theirs, self._homes.shape)[j]
        counts = [len(np.unique(i[np.hypot(*one.T) <= MET_M])) for one in (away, there)]
        return counts[0], counts[1]

    def _stood(self, rows: Ints, mine: Floats | None, theirs: Floats | None) -> Floats:
        """Return the density of homes around some facilities by kind of company (r, c).

        ``mine``, ``theirs``: how all facilities, or all homes, move (n, 2).
        """
        pairs = np.flatnonzero(np.isin(self._i, rows))
        i, j = self._i[pairs], self._j[pairs]
        away = self._points[i] - self._homes[j]
        if mine is not None:
            away += mine[i]
        if theirs is not None:
            away -= theirs[j]
        bands = [np.bincount(i, band, len(self._points)) / self._count for band in nearness(away)]
        return np.array([*bands, np.full(len(self._points), self._floor)]).T[rows]

    def _bond(self, row: int, move: Floats) -> float:
        """Return what the area that a facility serves says, moved over as it lies."""
        target, reach = self._bonds[row]
        spot = self._points[row]
        fits = shapely.dwithin(target, shapely.points([spot, spot + move]), reach + strays.DRAWN_M)
        return _BOND * (int(fits[1]) - int(fits[0]))


def ties_of(
    test: Moves, links: Sequence[Link], crowd: Crowd, start: Mapping[str, str]
) -> Ties | None:
    """Return the facilities of the crowd and the one area that each serves; None without any.

    Parameters
    ----------
    test
        How places move.
    links
        The rows that say where they belong; a record goes before a name.
    crowd
        The places of homes and facilities.
    start
        Layer → the datum in which it lies.
    """
    homes = {tuple(spot): at for at, spot in enumerate(crowd.points[HOMES].tolist())}
    place = {row: at for at, row in enumerate(crowd.rows[FACILITIES].tolist())}
    found: dict[int, tuple[int, Floats, object, float]] = {}
    for link in links:
        if (link.layer, link.other) != _PAIR:
            continue
        spots = link.points + test.shift(link, start[FACILITIES], start[HOMES])
        where = shapely.get_coordinates(shapely.point_on_surface(link.targets)).tolist()
        for n, row in enumerate(link.rows.tolist()):
            home = homes.get(tuple(where[n]))  # of one that serves several, no one of them
            if home is not None and row in place:
                one = (home, spots[n], link.targets[n], float(link.reach[n]))
                found.setdefault(place[row], one)
    if not found:
        return None
    homes_of, spots_of, targets, reach = zip(*found.values(), strict=True)
    rows = {FACILITIES: np.array([*found]), HOMES: np.array(homes_of)}
    return Ties.of(rows, np.array(spots_of), np.array(targets, dtype=object), np.array(reach))
