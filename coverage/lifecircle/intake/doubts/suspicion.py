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

__all__ = ["TRUSTED", "Bond", "Found", "Shifts", "Suspicion", "real_datum", "suspected"]

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
class _Trial:
    """One bond under one hypothesis: the layer that would move, and how well that fits."""

    bond: Bond
    layer: str
    datum: str
    offset_m: float
    before: int
    count: int
    total: int
    before_z: float
    z: float
    unbeaten: bool

    @property
    def convincing(self) -> bool:
        gain = (self.count - self.before) / self.total
        return (
            self.total >= _LEAST_POINTS
            and gain >= _LEAST_GAIN
            and self.unbeaten
            and self.z >= _STANDS_OUT
            and self.before_z <= self.z / 2
        )


def real_datum(declared: str) -> str:
    """Return the datum that a declared one is at this scale: CGCS2000 is WGS 84."""
    return _REAL[declared]


@dataclass(frozen=True, slots=True)
class Found:
    """Layers that look like another datum, and pairs of layers that agree as they are."""

    suspicions: tuple[Suspicion, ...]
    agreed: tuple[tuple[str, str], ...]


def suspected(
    bonds: Iterable[Bond], declared: Mapping[str, str], crs: str, fixed: frozenset[str]
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
    """
    shifts = Shifts(crs)
    trials: list[_Trial] = []
    agreed: list[tuple[str, str]] = []
    for bond in bonds:
        found, aligned = _tried(bond, declared, shifts, fixed)
        trials += found
        if aligned:
            agreed.append((bond.layer, bond.other))
    return Found(_judged(trials, agreed), tuple(agreed))


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


def _tried(
    bond: Bond, declared: Mapping[str, str], shifts: Shifts, fixed: frozenset[str]
) -> tuple[list[_Trial], bool]:
    """Return the trials of a bond, and whether its layers agree as they are."""
    hits, kept = _share(bond, np.zeros(2))
    if not kept:  # most small studies: nothing has to be moved to tell
        return [], False
    options: list[tuple[str, str, Floats]] = []
    for layer, sign in ((bond.layer, 1.0), (bond.other, -1.0)):
        read = _REAL[declared[layer]]
        for real in ("wgs84", "gcj02", "bd09") if layer not in fixed else ():
            if real != read:
                # To move the other layer is to move the points the opposite way.
                vectors = shifts.vectors(bond.points, read, real)
                options.append((layer, real, sign * vectors))
    tested = [np.zeros(2), *(vectors.mean(axis=0) for *_, vectors in options)]
    ring = [_share(bond, shift) for shift in _ring(tested)]
    shares = np.array([hits / kept for hits, kept in ring if kept])
    if len(shares) < _DIRECTIONS:
        return [], False
    before_z = _deviations(hits / kept, shares, kept)
    aligned = before_z >= _STANDS_OUT
    trials = []
    for layer, real, vectors in options:
        count, on_ground = _share(bond, vectors)
        if not on_ground or aligned:
            continue
        now, ground = bond.fits(bond.points + vectors)
        was, _ = bond.fits(bond.points)
        trials.append(
            _Trial(
                bond=bond,
                layer=layer,
                datum=real,
                offset_m=float(np.hypot(*vectors.mean(axis=0))),
                before=int((was & ground).sum()),
                count=int((now & ground).sum()),
                total=int(ground.sum()),
                before_z=before_z,
                z=_deviations(count / on_ground, shares, on_ground),
                unbeaten=count / on_ground >= float(shares.max()),
            )
        )
    return trials, aligned


def _share(bond: Bond, shift: Floats) -> tuple[int, int]:
    """Return how many shifted points fit, of how many; 0 of 0 where too few stay on the ground."""
    fit, ground = bond.fits(bond.points + shift)
    kept = int(ground.sum())
    if kept < max(_LEAST_POINTS, bond.least * len(bond.points)):
        return 0, 0
    return int((fit & ground).sum()), kept


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
            for claim in {(t.layer, t.datum) for t in left}
            if (rank := _rank(claim, left, agreed)) is not None
        }
        if not ranks:
            break
        layer, datum = max(sorted(ranks), key=ranks.__getitem__)
        own = [t for t in left if (t.layer, t.datum) == (layer, datum)]
        told = max(own, key=lambda t: t.z)
        found.append(
            Suspicion(
                layer, datum, _other(told), told.offset_m, told.total, told.before, told.count
            )
        )
        explained = {id(t.bond) for t in own}
        left = [t for t in left if id(t.bond) not in explained and t.layer != layer]
    return tuple(found)


def _other(trial: _Trial) -> str:
    return trial.bond.other if trial.bond.layer == trial.layer else trial.bond.layer


def _rank(
    claim: tuple[str, str], trials: Sequence[_Trial], agreed: Sequence[tuple[str, str]]
) -> tuple[int, int, float, int] | None:
    """Return how much speaks for a claim; None where it cannot be.

    Layers that agree with the suspect may be off with it: of two groups that disagree the smaller
    is named. But a suspect cannot be off a layer that its own company agrees with.
    """
    layer, _ = claim
    own = [t for t in trials if (t.layer, t.datum) == claim]
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
    if any(_other(t) in company for t in own):
        return None
    return len(own), -len(company), sum(t.z for t in own), -TRUSTED.index(layer)
