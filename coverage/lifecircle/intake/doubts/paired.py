"""Does a layer lie in another datum? Asked row by row, of rows that say where they belong.

A row that bears the code of a unit, or names its area, either lies there as it was read or does
not; and either does or does not if its layer is really in another datum. What is weighed are the
rows that tell the two apart: those that fit only under the other datum, against those that fit
only as they are. 66 to none decides, however few rows the shift moves over a border; a clean layer
has none of the first and many of the second, and so has one that was put right. A ledger put
together from several sources has many of both: then each row is one or the other.

Each of these is a model of the rows (``_Weight``), and the one under which they are most likely is
told, if it is far more likely than that nothing is wrong, and than shifts in other directions are.
All layers are asked together first: a disagreement of two is explained by moving the fewest, tables
of typed positions before files that bear their own system.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.doubts.suspicion import TRUSTED, Shifts, Suspicion, real_datum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Datums = tuple[tuple[str, str], ...]

__all__ = ["Link", "Mixture", "Paired", "paired"]

_DRAWN_M = 40.0
"""Borders are drawn this well."""
_SLIP = 0.05
"""Share of rows that may say a wrong unit or area."""
_LEAST, _LEAST_BESIDE = 6.0, 2.5
"""How much more likely (natural logarithm) the rows must be, else and where another layer has the
same fault already: of rows that fit one way only, three, and one."""
_MORE_MIXED = 1.0
"""How much more likely a mixture must be than one datum for all."""
_ENOUGH = 20
"""Rows in units from which they alone are asked."""
_PARTS = np.linspace(0.05, 0.95, 19)
_AGREED_ROWS, _AGAINST = 5, 0.2
"""Layers agree where so many rows fit only as they are, and to each at most so many others."""
_DIRECTIONS = np.radians(np.arange(75, 286, 15))
_COST = {True: 3, False: 12}
"""Rows that must speak for moving a layer: a table of typed positions, or a file with a system."""
_REAL = ("wgs84", "gcj02", "bd09")


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Rows of a layer and where each of them belongs.

    Parameters
    ----------
    layer, other
        The layer of the rows, and the one whose shapes they name.
    rows
        Shape (n,), position of each row in its layer.
    points
        Shape (n, 2), in the study's CRS.
    targets
        Shape (n,), the shape each row belongs at.
    reach
        Shape (n,), metres from it within which a row fits.
    """

    layer: str
    other: str
    rows: NDArray[np.int64]
    points: Floats
    targets: NDArray[np.object_]
    reach: Floats

    def fits(self, shift: Floats, slack: float = 0.0) -> Mask:
        """Return which rows fit when moved by ``shift`` (n, 2), ``slack`` metres given."""
        moved = shapely.points(self.points + shift)
        near: Mask = shapely.dwithin(self.targets, moved, self.reach + slack)
        return near


@dataclass(frozen=True, slots=True)
class Mixture:
    """A layer of which some rows look like another datum than the others.

    Of ``total`` rows that say where they belong, the rows ``rows`` (positions in the layer) lie
    elsewhere, and are at home once the shift of ``offset_m`` is undone.
    """

    layer: str
    datum: str
    other: str
    offset_m: float
    total: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """What the rows say: layers in another datum, mixed ones, and pairs that agree."""

    suspicions: tuple[Suspicion, ...] = ()
    mixtures: tuple[Mixture, ...] = ()
    agreed: tuple[tuple[str, str], ...] = ()


def paired(
    links: Sequence[Link],
    declared: Mapping[str, str],
    crs: str,
    typed: Iterable[str],
    sure: Iterable[str] = (),
) -> Paired:
    """Return the layers whose rows lie as another datum would.

    Parameters
    ----------
    links
        The rows that say where they belong.
    declared
        Layer → datum it was read in (``datum.DATUMS``).
    crs
        The study's CRS.
    typed
        Layers whose datum a person typed: they are the sooner wrong.
    sure
        Layers that agree with streets whose datum is beyond doubt: they are not moved.
    """
    if not links:
        return Paired()
    test = _Test(links, declared, Shifts(crs), frozenset(typed), frozenset(sure))
    found = _found(test)
    whole = {name: one.datum for name, one in found.items() if not one.mixed}
    right = {name: whole.get(name, read) for name, read in test.read.items()}
    agreed = tuple(
        (link.layer, link.other)
        for link in links
        if not {link.layer, link.other} & found.keys() and test.agree(link, right)
    )
    return Paired(
        tuple(test.suspicion(name, one) for name, one in found.items() if not one.mixed),
        tuple(test.mixture(name, one, right) for name, one in found.items() if one.mixed),
        agreed,
    )


def _found(test: _Test) -> dict[str, _Weight]:
    """Return the layers that are not as they were read, and how they are."""
    best, found = test.explained(), dict[str, _Weight]()
    known = best
    for _ in range(2):  # what one layer has, another has the sooner
        beside = {one.datum for one in found.values()}
        told = {name: test.weighed(name, known, beside) for name in test.layers}
        found = {name: one for name, one in told.items() if one is not None}
        moved = {name for name, one in found.items() if not one.mixed}
        known = {n: best[n] if n in moved else read for n, read in test.read.items()}
    return found


@dataclass(frozen=True, slots=True)
class _Weight:
    """A model of a layer's rows: all of them in a datum, or each in it or as it was read."""

    datum: str
    mixed: bool
    links: tuple[int, ...]


class _Test:
    """The rows of all layers under every choice of datums; each is looked at once."""

    def __init__(
        self,
        links: Sequence[Link],
        declared: Mapping[str, str],
        shifts: Shifts,
        typed: frozenset[str],
        sure: frozenset[str],
    ) -> None:
        self.links, self._shifts = links, shifts
        names = {name for link in links for name in (link.layer, link.other)}
        self.layers = sorted(names, key=TRUSTED.index)
        self.read = {name: real_datum(declared[name]) for name in self.layers}
        self._typed, self._sure = typed, sure
        self._fits: dict[tuple[int, str, str, float], Mask] = {}

    def fits(self, at: int, datums: Mapping[str, str], slack: float = 0.0) -> Mask:
        """Return which rows of a link fit where its two layers are in these datums."""
        link = self.links[at]
        own, other = datums[link.layer], datums[link.other]
        key = (at, own, other, slack)
        if key not in self._fits:
            self._fits[key] = link.fits(self.shift(link, own, other), slack)
        return self._fits[key]

    def shift(self, link: Link, own: str, other: str) -> Floats:
        """Return how the rows of a link move (n, 2) if its layers are in these datums.

        To move the other layer is to move the rows the opposite way.
        """
        shift = np.zeros_like(link.points)
        if own != self.read[link.layer]:
            shift += self._shifts.vectors(link.points, self.read[link.layer], own)
        if other != self.read[link.other]:
            shift -= self._shifts.vectors(link.points, self.read[link.other], other)
        return shift

    def explained(self) -> dict[str, str]:
        """Return the datums under which most rows fit, the fewest layers moved."""
        choices = [
            (self.read[name],) if name in self._sure else _ordered(self.read[name])
            for name in self.layers
        ]
        best, most = dict(self.read), -np.inf
        for chosen in itertools.product(*choices):
            datums = dict(zip(self.layers, chosen, strict=True))
            cost = sum(_COST[name in self._typed] for name in self.moved(datums))
            fit = sum(int(self.fits(at, datums).sum()) for at in range(len(self.links)))
            if fit - cost > most:
                best, most = datums, fit - cost
        return best

    def moved(self, datums: Mapping[str, str]) -> list[str]:
        """Return the layers that are in another datum than they were read in."""
        return [name for name in self.layers if datums[name] != self.read[name]]

    def weighed(self, layer: str, known: Mapping[str, str], beside: set[str]) -> _Weight | None:
        """Return the model of a layer's rows that is far more likely than that all is well.

        ``known``: the datums of the other layers; ``beside``: those told of other layers.
        """
        links = self._telling(layer)
        if layer in self._sure or not links:
            return None
        start = {**known, layer: self.read[layer]}
        now = np.concatenate([self.fits(at, start, _DRAWN_M) for at in links])
        own = all(self.links[at].layer == layer for at in links)
        found: list[tuple[float, _Weight]] = []
        for real in _ordered(self.read[layer])[1:]:
            other = {**start, layer: real}
            then = np.concatenate([self.fits(at, other, _DRAWN_M) for at in links])
            for mixed in (False, True) if own else (False,):
                ratio = _ratio(now, then, mixed=mixed) - _MORE_MIXED * mixed
                found.append((ratio, _Weight(real, mixed, links)))
        ratio, weight = max(found, key=lambda one: one[0])
        least = _LEAST_BESIDE if weight.datum in beside else _LEAST
        if ratio < least:
            return None
        turned = (self._turned(links, layer, start, weight.datum, turn) for turn in _DIRECTIONS)
        chance = max(_ratio(now, one, mixed=weight.mixed) for one in turned)
        return weight if ratio - chance >= least else None

    def _telling(self, layer: str) -> tuple[int, ...]:
        """Return the links to ask of a layer: its rows in units, which lie still, before others."""
        own = [at for at, link in enumerate(self.links) if link.layer == layer]
        still = [at for at in own if self.links[at].other == "units"]
        if sum(len(self.links[at].rows) for at in still) >= _ENOUGH:
            return tuple(still)
        beside = [at for at, link in enumerate(self.links) if link.other == layer]
        return tuple(own or beside)

    def _turned(
        self,
        links: Iterable[int],
        layer: str,
        start: Mapping[str, str],
        real: str,
        turn: float,
    ) -> Mask:
        """Return which rows fit where the layer is moved as far in another direction."""
        spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        found = []
        for at in links:
            link = self.links[at]
            here = self.shift(link, start[link.layer], start[link.other])
            datums = {**start, layer: real}
            there = self.shift(link, datums[link.layer], datums[link.other])
            found.append(link.fits(here + (there - here) @ spin, _DRAWN_M))
        return np.concatenate(found)

    def suspicion(self, layer: str, weight: _Weight) -> Suspicion:
        """Return what is told of a layer in another datum, by the link with most rows."""
        at = max(weight.links, key=lambda at: len(self.links[at].rows))
        link = self.links[at]
        other = link.other if link.layer == layer else link.layer
        now, then = self.fits(at, self.read), self.fits(at, {**self.read, layer: weight.datum})
        counts = (len(now), int(now.sum()), int(then.sum()))
        return Suspicion(layer, weight.datum, other, self._offset(link, layer, weight), *counts)

    def mixture(self, layer: str, weight: _Weight, right: Mapping[str, str]) -> Mixture:
        """Return what is told of a mixed layer: the rows that fit only under the other datum."""
        rows: set[int] = set()
        total: set[int] = set()
        for at in weight.links:
            now, then = self.fits(at, right), self.fits(at, {**right, layer: weight.datum})
            rows |= {int(row) for row in self.links[at].rows[then & ~now]}
            total |= {int(row) for row in self.links[at].rows}
        link = self.links[weight.links[0]]
        metres = self._offset(link, layer, weight)
        return Mixture(layer, weight.datum, link.other, metres, len(total), tuple(sorted(rows)))

    def _offset(self, link: Link, layer: str, weight: _Weight) -> float:
        vectors = self._shifts.vectors(link.points, self.read[layer], weight.datum)
        return float(np.hypot(*vectors.mean(axis=0)))

    def agree(self, link: Link, right: Mapping[str, str]) -> bool:
        """Return whether the layers of a link agree: other datums fit clearly worse."""
        at = next(i for i, one in enumerate(self.links) if one is link)
        now = self.fits(at, right)
        for real in _ordered(self.read[link.layer])[1:]:
            then = self.fits(at, {**right, link.layer: real})
            better, worse = int((then & ~now).sum()), int((now & ~then).sum())
            if worse < _AGREED_ROWS or better > _AGAINST * worse:
                return False
        return True


def _ratio(now: Mask, then: Mask, *, mixed: bool) -> float:
    """Return the log likelihood of rows in another datum, over that of rows that lie right.

    A row in the datum taken fits but for a slip; ``mixed``: each row is in the one or in the
    other, in whatever parts are likeliest. Rows that fit either way, or no way, say nothing.
    """
    gained, lost = int((then & ~now).sum()), int((now & ~then).sum())
    if not mixed:
        return (gained - lost) * math.log((1 - _SLIP) / _SLIP)
    gain = np.log((_PARTS * (1 - _SLIP) + (1 - _PARTS) * _SLIP) / _SLIP)
    loss = np.log(((1 - _PARTS) * (1 - _SLIP) + _PARTS * _SLIP) / (1 - _SLIP))
    return float((gained * gain + lost * loss).max())


def _ordered(first: str) -> tuple[str, ...]:
    """Return the datums, the one a layer was read in first."""
    return (first, *(real for real in _REAL if real != first))
