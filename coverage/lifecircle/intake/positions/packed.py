"""Degrees, minutes and seconds written as one number: 117.0345 for 117°03′45″.

Such a number is read as decimal degrees, some kilometres off, and no figure of it is impossible.
But its third and fourth decimals, like its first and second, are never 60 or more: of decimal
degrees two fifths of the seconds are. So a number with sixty or more is decimal for certain, and
the places of such rows say where the others of the ledger, or of their unit, belong: rows that lie
apart from them as they were read, and among them when read as minutes and seconds, are told. Where
there is no number with sixty or more, the digits alone tell, of villages each as one.

The rows of one village have nearly the same digits, and say but once what many villages say often.
They are told where they lie apart from every place of the ledger, all come home to the unit they
name, and would by no move as far in another direction.
"""

from __future__ import annotations

from math import comb, prod
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from lifecircle.intake.positions.decimals import decimals_of
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["packed", "unpacked"]

_BELOW = 0.6
"""How likely a pair of decimals is below sixty by chance."""
_FEWEST, _BY_CHANCE = 3, 1e-6
"""Rows that must come home, and how seldom so many may by chance."""
_DIGITS_BY_CHANCE = 1e-8
"""The same of digits alone: they say nothing of where a place belongs."""
_VILLAGES_BY_CHANCE = 1e-4
"""The same of villages each as one, where no row at all has sixty or more. Of 40,000 ledgers of
decimal degrees, six to eighty rows in towns or in two to fourteen villages, none came to 4e-4."""
_GAP = 5
"""Thousandths of a degree from one village to the next at least: what lies from .006 to .009 has
sixty or more, and so parts every ledger of such numbers."""
_APART = 2.0
"""A row lies apart if the next place is so many times as far as nine of ten have theirs."""
_METRES = 111_320.0
_STEP = 1000.0
"""Places of one thousandth of a degree have the same digits: they are one."""
_TURNED = np.radians(np.arange(30, 331, 30))
"""Other directions in which a village may not come home."""
_ROUNDS = 20
_NAMES_SHOWN = 20


def unpacked(degrees: Floats) -> Floats:
    """Return decimal degrees of numbers D.MMSS; NaN where minutes or seconds are 60 or more."""
    whole = np.floor(degrees)
    figures = np.rint((degrees - whole) * 1e8)  # binary fractions: 0.0345 is a trifle less
    minutes, seconds = np.divmod(figures, 1e6)
    seconds = seconds / 1e4
    meant: Floats = whole + minutes / 60 + seconds / 3600
    meant[(minutes >= 60) | (seconds >= 60)] = np.nan  # noqa: PLR2004
    return meant


def packed(ledger: Ledger, xy: Floats, placed: Mask) -> tuple[Problem, ...]:
    """Return a warning if positions look like D.MMSS read as decimal degrees; none is changed.

    Parameters
    ----------
    ledger
        Rows with ``lon`` and ``lat``.
    xy
        Their longitude and latitude (n, 2) as read.
    placed
        The rows whose position is known.
    """
    at = np.flatnonzero(placed)
    if len(at) < _FEWEST:
        return ()
    read, plain = xy[at], _plain(ledger, at)
    meant = unpacked(read)
    may = plain & np.isfinite(meant).all(axis=1)
    unit = ledger.frame["unit"].to_numpy(dtype=object)[at] if "unit" in ledger.frame else None
    rows = _homecoming(read, meant, may, unit)
    if not rows.any():  # a few rows, the places of whose units lie far from each other
        rows = _homecoming(read, meant, may, None)
    if not rows.any() and unit is not None:
        rows = _village(read, meant, may, unit)
    if not rows.any() and _digits_tell(read[plain], may[plain]):
        rows = may
    if not rows.any():
        return ()
    names = ledger.frame["name"].tolist() if "name" in ledger.frame else list(ledger.frame.index)
    off = np.hypot(*_metres(meant[rows] - read[rows], float(np.median(read[:, 1]))).T)
    first = int(np.flatnonzero(rows)[0])
    warning = ledger.problem(
        ProblemCode.POSITION_PACKED,
        Severity.WARNING,
        int(at[first]),
        "lon",
        count=int(rows.sum()),
        total=len(at),
        offset_m=round(float(np.median(off)), -2),
        written=f"{read[first, 0]:.4f}",
        meant=_marked(read[first, 0]),
        names=[str(names[row]) for row in at[rows]][:_NAMES_SHOWN],
    )
    return (warning,)


def _plain(ledger: Ledger, at: NDArray[np.int64]) -> Mask:
    """Return which rows are written as two plain numbers: signs of degrees say what is meant."""
    columns = [ledger.raw.frame[ledger.headers[name]].to_numpy() for name in ("lon", "lat")]
    return np.array(
        [all(decimals_of(column[ledger.at[row]]) is not None for column in columns) for row in at],
        dtype=bool,
    )


def _homecoming(read: Floats, meant: Floats, may: Mask, unit: NDArray[np.object_] | None) -> Mask:
    """Return the rows that lie apart as read and at home as meant; none if they may by chance.

    By chance a row that lies apart has such digits at 0.36, and comes home as rows do that are
    moved as far in three other directions.
    """
    none = np.zeros(len(read), dtype=bool)
    if may.sum() < _FEWEST or (~may).sum() < _FEWEST:
        return none
    middle = float(np.median(read[:, 1]))
    here = _metres(read, middle)
    group = _groups(may, unit)
    away = _nearest(here, here, ~may, group)
    beside = away[~may & np.isfinite(away)]  # none: all stand on one spot
    if len(beside) < _FEWEST:
        return none
    near_m = _APART * float(np.quantile(beside, 0.9))
    apart = away > near_m
    asked = apart & may
    if asked.sum() < _FEWEST:
        return none
    step = _metres(np.where(may[:, None], meant, read), middle) - here
    home = _come_home(here, step, (asked, ~may), group, near_m)
    turned = (step[:, ::-1] * [1, -1], -step, step[:, ::-1] * [-1, 1])
    met = sum(_places(read, _come_home(here, one, (asked, ~may), group, near_m)) for one in turned)
    share = (met + 1) / (3 * _places(read, asked) + 2)
    count, total = _places(read, home), _places(read, apart)
    told = count >= _FEWEST and _tail(count, total, _BELOW**2 * share) < _BY_CHANCE
    return home if told else none


def _village(read: Floats, meant: Floats, may: Mask, unit: NDArray[np.object_]) -> Mask:
    """Return the rows of villages that come home to their unit, and in one direction only.

    Asked of units of which some rows lie apart from all places that are sure, and some are sure;
    and farther from those than these lie from each other: a far village of its own is nearer.
    """
    found = np.zeros(len(read), dtype=bool)
    group = _groups(may, unit)
    if (~may).sum() < _FEWEST or may.sum() < _FEWEST or (group < 0).all():
        return found
    middle = float(np.median(read[:, 1]))
    here = _metres(read, middle)
    away = _nearest(here, here, ~may, np.full(len(may), -1))
    near_m = _APART * float(np.quantile(away[~may], 0.9))
    asked = may & (away > near_m)
    step = _metres(np.where(may[:, None], meant, read), middle) - here
    for one in np.unique(group[asked & (group >= 0)]):
        rows, sure = asked & (group == one), here[~may & (group == one)]
        wide_m = float(np.hypot(*np.ptp(sure, axis=0)))
        if rows.sum() < _FEWEST or _nearest_m(here[rows], sure).min() <= wide_m:
            continue
        if _reach(here[rows] + step[rows], sure, near_m):
            turned = (here[rows] + step[rows] @ _turn(angle) for angle in _TURNED)
            if not any(_reach(spots, sure, near_m) for spots in turned):
                found |= rows
    return found


def _reach(spots: Floats, sure: Floats, near_m: float) -> bool:
    """Return whether every spot is near to a place that is sure."""
    return bool((_nearest_m(spots, sure) <= near_m).all())


def _nearest_m(spots: Floats, sure: Floats) -> Floats:
    """Return metres from each spot to the next place that is sure."""
    away: Floats = np.hypot(*(spots[:, None] - sure[None]).transpose(2, 0, 1)).min(axis=1)
    return away


def _turn(angle: float) -> Floats:
    """Return the matrix (2, 2) that turns rows of vectors by ``angle`` radians."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _come_home(
    here: Floats, step: Floats, rows: tuple[Mask, Mask], group: NDArray[np.int64], near_m: float
) -> Mask:
    """Return which rows come near to places that are sure if moved by a step, or near to such rows.

    A village of which no place is sure lies beside others. ``rows``: those asked, and the sure.
    """
    asked, sure = rows
    spots = np.where(asked[:, None], here + step, here)
    home: Mask = np.zeros(len(here), dtype=bool)
    for _ in range(_ROUNDS):
        now = home | (asked & (_nearest(spots, spots, sure | home, group) <= near_m))
        if (now == home).all():
            break
        home = now
    return home


def _groups(may: Mask, unit: NDArray[np.object_] | None) -> NDArray[np.int64]:
    """Return a number for the unit of each row; -1 where too few places of it are sure."""
    if unit is None:
        return np.full(len(may), -1)
    group = pd.factorize(unit)[0]
    sure = np.bincount(group[~may] + 1, minlength=group.max() + 2)
    return np.where(sure[group + 1] < _FEWEST, -1, group)


def _nearest(spots: Floats, here: Floats, sure: Mask, group: NDArray[np.int64]) -> Floats:
    """Return metres from each row at its spot to the next other row whose place is sure."""
    away = np.full(len(spots), np.inf)
    for one in np.unique(group):
        rows = np.flatnonzero(group == one)
        known = sure if one < 0 else sure & (group == one)
        tree = STRtree(shapely.points(here[known]))
        found, metres = tree.query_nearest(
            shapely.points(spots[rows]), exclusive=True, return_distance=True, all_matches=False
        )
        away[rows[found[0]]] = metres
    return away


def _digits_tell(read: Floats, may: Mask) -> bool:
    """Return whether nearly no row has a number with sixty or more, of many that might."""
    if not len(read) or may.mean() < 1 - 1 / len(read) ** 0.5:
        return False
    steps = [np.unique(np.floor(column * _STEP + 1e-6)) for column in read.T]
    figures = np.concatenate(steps) % 10
    below = int((figures < _BELOW * 10).sum())
    if _tail(below, len(figures), _BELOW) < _DIGITS_BY_CHANCE:
        return True
    return bool(may.all()) and prod(map(_by_chance, steps)) < _VILLAGES_BY_CHANCE


def _by_chance(steps: Floats) -> float:
    """Return how seldom villages lie below sixty, each as it is, wherever they lie.

    ``steps``: thousandths of a degree with a place, each once, in order.
    """
    villages = np.split(steps, np.flatnonzero(np.diff(steps) >= _GAP) + 1)
    turns = np.arange(10)[:, None]
    return prod(
        float(((one - one[0] + turns) % 10 < _BELOW * 10).all(axis=1).mean()) for one in villages
    )


def _places(read: Floats, rows: Mask) -> int:
    """Return in how many places rows are, those of one thousandth of a degree as one."""
    return len(np.unique(np.floor(read[rows] * _STEP), axis=0))


def _tail(count: int, total: int, share: float) -> float:
    """Return how likely so many or more of a total are by chance, each with a share."""
    return sum(
        comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1)
    )


def _metres(degrees: Floats, middle: float) -> Floats:
    """Return metres of degrees (n, 2), all by the scale at one latitude."""
    metres: Floats = degrees * [_METRES * np.cos(np.radians(middle)), _METRES]
    return metres


def _marked(number: float) -> str:
    """Return D.MMSS with its signs."""
    figures = int((number - int(number)) * 1e4 + 1e-4)
    return f"{int(number)}°{figures // 100:02d}′{figures % 100:02d}″"
