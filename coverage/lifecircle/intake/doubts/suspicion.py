"""Does a layer lie in another datum than it was read in? The layers are held against each other.

Each pair of layers is held together by something that is true only where both lie right: a gate is
at its area, a facility within the area it is named after or the unit whose code it bears, a main
road runs through no residential area. How often that is true is counted for the layers as they
are; for each datum that one of them may really be in (GCJ-02 lies 300 to 700 m off, BD-09 about
1.2 km); and for a ring of shifts that mean nothing. A datum is suspected only where its own shift
stands out from that ring and the present position does not: clean layers agree as they are, and
layers that have nothing to do with each other agree nowhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.intake.positions.datum import gcj02_to_bd09, to_wgs84, wgs84_to_gcj02
from lifecircle.model.coordinates.projecting import way_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = [
    "TRUSTED",
    "Bond",
    "Found",
    "Shifts",
    "Suspicion",
    "datums_but",
    "instead_of",
    "real_datum",
    "suspected",
]

_RING_M = (300.0, 420.0, 560.0, 700.0, 900.0, 1250.0, 1600.0)
_DIRECTIONS = 16
_APART_M = 200.0
"""Ring shifts nearer than this to no shift or to one under test would not be background."""
_STANDS_OUT = 4.0
"""Standard deviations above the ring at which a shift stands out of it."""
_LEAST_GAIN = 0.25
"""Share of the points that must fit better than they do as they are."""
_LEAST_POINTS = 4
_REAL = {"wgs84": "wgs84", "cgcs2000": "wgs84", "gcj02": "gcj02", "bd09": "bd09"}
TRUSTED = ("facilities", "candidates", "gates", "buildings", "residential", "units", "streets")
"""Where two layers could be the one that is off, the earlier is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Bond:
    """What holds two layers together.

    Parameters
    ----------
    layer, other
        The layer whose points are tried, and the one they are held against.
    points
        Shape (n, 2), in the study's CRS.
    fits
        Positions of all points, shape (n, 2) → which of them fit, and which lie on the other
        layer's ground at all, each (n,).
    least
        Share of the points that must stay on that ground for a shift to be judged.
    """

    layer: str
    other: str
    points: Floats
    fits: Callable[[Floats], tuple[Mask, Mask]]
    least: float = 0.5


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A layer that looks like another datum.

    Held against ``other``, ``count`` of ``total`` points fit once the shift of ``offset_m`` is
    undone, and only ``before`` as they are.
    """

    layer: str
    datum: str
    other: str
    offset_m: float
    total: int
    before: int
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class _Move:
    """A layer of a bond put where another datum would have it, ``vectors`` (n, 2) away.

    ``count`` of the ``total`` points that stay on the ground fit there, ``before`` as they are.
    """

    bond: Bond
    layer: str
    datum: str
    vectors: Floats
    before: int
    count: int
    total: int

    @property
    def gains(self) -> bool:
        """Whether so many more fit that it may convince, should it stand out of the ring."""
        return self.total > 0 and (self.count - self.before) / self.total >= _LEAST_GAIN


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """A move that gains, beside the ring."""

    move: _Move
    before_z: float
    z: float
    unbeaten: bool

    @property
    def convincing(self) -> bool:
        return self.unbeaten and self.z >= _STANDS_OUT and self.before_z <= self.z / 2


def real_datum(declared: str) -> str:
    """Return the datum that a declared one is at this scale: CGCS2000 is WGS 84."""
    return _REAL[declared]


def datums_but(*read: str) -> tuple[str, ...]:
    """Return the datums there are at this scale, without those that layers were read in."""
    return tuple(real for real in ("wgs84", "gcj02", "bd09") if real not in read)


def instead_of(
    told: Suspicion,
    declared: Mapping[str, str],
    typed: frozenset[str],
    agreed: Iterable[tuple[str, str]],
    outlined: set[str],
) -> str | None:
    """Return the datum in which the other layer may be instead; None where only one may be off.

    Of two layers that are one datum apart, by what they say, either may be in that of the other:
    they lie beside each other both ways. What either has beside it tells, of streets or outlines.

    Parameters
    ----------
    told
        A layer that looks like another datum.
    declared
        Layer → datum it was read in.
    typed
        Layers whose datum a person typed.
    agreed
        Pairs of layers that agree as they are.
    outlined
        Layers whose rows name units that have outlines.
    """
    pair = {told.layer, told.other}
    if told.other not in typed or real_datum(declared[told.other]) != told.datum:
        return None
    beside = any(len(pair & {*one}) == 1 for one in agreed)
    return None if beside or not outlined.isdisjoint(pair) else declared[told.layer]


@dataclass(frozen=True, slots=True)
class Found:
    """Layers that look like another datum, and pairs of layers that agree as they are."""

    suspicions: tuple[Suspicion, ...]
    agreed: tuple[tuple[str, str], ...]


def suspected(
    bonds: Iterable[Bond],
    declared: Mapping[str, str],
    crs: str,
    fixed: frozenset[str],
    *,
    agreed: bool = True,
) -> Found:
    """Return the layers that look like another datum than the one they were read in.

    Parameters
    ----------
    bonds
        What holds the layers together.
    declared
        Layer → datum it was read in (``datum.DATUMS``).
    crs
        The study's CRS.
    fixed
        Layers whose datum is beyond doubt: OpenStreetMap is WGS 84.
    agreed
        Whether the pairs that agree are asked for even if no layer would fit better elsewhere:
        the ring is tried then, which is most of the work.
    """
    shifts = Shifts(crs)
    moves = [(bond, _moves(bond, declared, shifts, fixed)) for bond in bonds]
    if not (agreed or any(move.gains for _, options in moves for move in options)):
        return Found((), ())
    trials: list[_Trial] = []
    pairs: list[tuple[str, str]] = []
    for bond, options in moves:
        found, aligned = _tried(bond, options)
        trials += found
        if aligned:
            pairs.append((bond.layer, bond.other))
    return Found(_judged(trials, pairs), tuple(pairs))


class Shifts:
    """Where points would lie if their layer were in another datum, metres from where they are."""

    def __init__(self, crs: str) -> None:
        self._there = way_between(crs, "EPSG:4490")
        self._back = way_between("EPSG:4490", crs)
        self._known: dict[tuple[bytes, str, str], Floats] = {}

    def vectors(self, points: Floats, declared: str, real: str) -> Floats:
        """Return the way (n, 2) from the points as read to where the real datum puts them.

        Read only: the same points are asked for many times, and moved once.
        """
        key = (hashlib.blake2b(points.tobytes()).digest(), declared, real)
        if key not in self._known:
            self._known[key] = self._vectors(points, declared, real)
            self._known[key].flags.writeable = False
        return self._known[key]

    def _vectors(self, points: Floats, declared: str, real: str) -> Floats:
        lon, lat = self._there.transform(points[:, 0], points[:, 1])
        if declared in {"gcj02", "bd09"}:
            lon, lat = wgs84_to_gcj02(lon, lat)
        if declared == "bd09":
            lon, lat = gcj02_to_bd09(lon, lat)
        moved: Floats = np.column_stack(self._back.transform(*to_wgs84(lon, lat, real)))
        return moved - points


def _moves(
    bond: Bond, declared: Mapping[str, str], shifts: Shifts, fixed: frozenset[str]
) -> list[_Move]:
    """Return where either layer of a bond would lie in each other datum."""
    was, ground = _fits(bond, np.zeros(2))
    if not ground.any():  # most small studies: nothing has to be moved to tell
        return []
    moves = []
    for layer, sign in ((bond.layer, 1.0), (bond.other, -1.0)):
        read = _REAL[declared[layer]]
        for real in ("wgs84", "gcj02", "bd09") if layer not in fixed else ():
            if real != read:
                # To move the other layer is to move the points the opposite way.
                vectors = sign * shifts.vectors(bond.points, read, real)
                now, ground = _fits(bond, vectors)
                before, count = int((was & ground).sum()), int((now & ground).sum())
                moves.append(_Move(bond, layer, real, vectors, before, count, int(ground.sum())))
    return moves


def _tried(bond: Bond, moves: Sequence[_Move]) -> tuple[list[_Trial], bool]:
    """Return the trials of a bond's moves, and whether its layers agree as they are."""
    hits, kept = _share(bond, np.zeros(2))
    if not kept:
        return [], False
    tested = [np.zeros(2), *(move.vectors.mean(axis=0) for move in moves)]
    ring = [_share(bond, shift) for shift in _ring(tested)]
    shares = np.array([hits / kept for hits, kept in ring if kept])
    if len(shares) < _DIRECTIONS:
        return [], False
    before_z = _deviations(hits / kept, shares, kept)
    if before_z >= _STANDS_OUT:
        return [], True
    trials = []
    for move in moves:
        if move.gains:
            share = move.count / move.total
            z = _deviations(share, shares, move.total)
            trials.append(_Trial(move, before_z, z, unbeaten=share >= float(shares.max())))
    return trials, False


def _share(bond: Bond, shift: Floats) -> tuple[int, int]:
    """Return how many shifted points fit, of how many; 0 of 0 where too few stay on the ground."""
    fit, ground = _fits(bond, shift)
    return int((fit & ground).sum()), int(ground.sum())


def _fits(bond: Bond, shift: Floats) -> tuple[Mask, Mask]:
    """Return which shifted points fit, and which stay on the ground: none where too few do."""
    fit, ground = bond.fits(bond.points + shift)
    enough = int(ground.sum()) >= max(_LEAST_POINTS, bond.least * len(bond.points))
    return fit, ground & enough


def _ring(tested: Sequence[Floats]) -> Floats:
    """Return shifts (n, 2) that mean nothing, metres: none near to one that is tested."""
    turns = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    round_ = np.column_stack([np.cos(turns), np.sin(turns)])
    shifts = (np.array(_RING_M)[:, None, None] * round_).reshape(-1, 2)
    away = shifts[:, None, :] - np.array(tested)
    found: Floats = shifts[np.hypot(away[..., 0], away[..., 1]).min(axis=1) >= _APART_M]
    return found


def _deviations(share: float, ring: Floats, total: int) -> float:
    """Return how many standard deviations a share stands above the ring's.

    The ring's own spread carries whatever the points have in common; it is never taken for less
    than that of independent points.
    """
    mean = float(ring.mean())
    floor = max(mean, 0.5 / total)
    least = np.sqrt(floor * (1 - min(floor, 1 - 0.5 / total)) / total)
    return float((share - mean) / max(float(ring.std()), least))


def _judged(trials: Sequence[_Trial], agreed: Sequence[tuple[str, str]]) -> tuple[Suspicion, ...]:
    """Return for each layer the datum that explains most bonds, the most telling layer first."""
    left = [trial for trial in trials if trial.convincing]
    found: list[Suspicion] = []
    while left:
        ranks = {
            claim: rank
            for claim in {(t.move.layer, t.move.datum) for t in left}
            if (rank := _rank(claim, left, agreed)) is not None
        }
        if not ranks:
            break
        layer, datum = max(sorted(ranks), key=ranks.__getitem__)
        own = [t for t in left if (t.move.layer, t.move.datum) == (layer, datum)]
        told = max(own, key=lambda t: t.z).move
        offset_m = float(np.hypot(*told.vectors.mean(axis=0)))
        found.append(
            Suspicion(layer, datum, _other(told), offset_m, told.total, told.before, told.count)
        )
        explained = {id(t.move.bond) for t in own}
        left = [t for t in left if id(t.move.bond) not in explained and t.move.layer != layer]
    return tuple(found)


def _other(move: _Move) -> str:
    return move.bond.other if move.bond.layer == move.layer else move.bond.layer


def _rank(
    claim: tuple[str, str], trials: Sequence[_Trial], agreed: Sequence[tuple[str, str]]
) -> tuple[int, int, float, int] | None:
    """Return how much speaks for a claim; None where it cannot be.

    Layers that agree with the suspect may be off with it: of two groups that disagree the smaller
    is named. But a suspect cannot be off a layer that its own company agrees with.
    """
    layer, _ = claim
    own = [t for t in trials if (t.move.layer, t.move.datum) == claim]
    company: set[str] = set()
    ahead = {b if a == layer else a for a, b in agreed if layer in {a, b}}
    while ahead:
        company |= ahead
        ahead = {
            two
            for pair in agreed
            for one, two in (pair, pair[::-1])
            if one in ahead and layer not in pair
        } - company
    if any(_other(t.move) in company for t in own):
        return None
    return len(own), -len(company), sum(t.z for t in own), -TRUSTED.index(layer)
