"""Shares: what part of a weight is met, in the worst case and at best, in whole and by scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.model.finding import Rate
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from lifecircle.model.finding import Basis

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["Told", "groups", "rate_of", "scopes", "share_rate", "verdict_rate"]

_COUNTED = (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class Told:
    """Statuses taken apart once, for all scopes and bases.

    ``perhaps``: met, if it counts at all.
    """

    counted: Bools
    met: Bools
    open: Bools
    perhaps: Bools

    @classmethod
    def of(cls, status: pd.Series, perhaps: Bools | None = None) -> Told:
        """Take a column of statuses apart."""
        told = status.to_numpy(dtype=object)
        met, missed, open_ = (np.asarray(told == one, dtype=bool) for one in _COUNTED)
        doubt = np.zeros_like(met) if perhaps is None else met & perhaps
        return cls(met | missed | open_, met, open_, doubt)


def rate_of(met: Bools, open_: Bools, weight: Floats, basis: Basis, scope: str) -> Rate:
    """Return the share of ``weight`` on what is ``met``; the rest is missed, or ``open_``.

    Subjects without a weight are left out and counted as not assessed; the range is then unknown.
    """
    told = Told(np.ones_like(met), met, open_, np.zeros_like(met))
    return verdict_rate(told, weight, told.counted, basis, scope)


def verdict_rate(
    told: Told,
    weight: Floats,
    here: Bools,
    basis: Basis,
    scope: str,
    *,
    spare: float = 0.0,
    maybe: Bools | None = None,
) -> Rate:
    """Return the share of ``weight`` on what is met, of the rows ``here``.

    ``spare``: how much of what is open cannot be met together with the rest; ``maybe``: rows that
    may be of this scope or of another, which are taken in where that lowers, or raises, the share.
    """
    bad, good, number = _added_perhaps(told, weight, maybe)
    rows = np.flatnonzero(told.counted & here)
    weight, met, open_ = weight[rows], told.met[rows], told.open[rows]
    gap = np.isnan(weight)
    known = np.where(gap, 0.0, weight)
    reached, decided = float(known[met].sum()), float(known[~open_].sum())
    total = float(known.sum())
    bounded = not gap.any() and total > 0 and not np.isnan(bad + good)
    left = float(known[told.perhaps[rows]].sum())  # in the worst case they do not count
    left = left if left < total else 0.0
    best = reached + float(known[open_].sum()) - spare + good
    return Rate(
        basis=basis,
        scope=scope,
        numerator=reached,
        denominator=decided,
        not_assessed=float((open_ | gap).sum()) + number,
        low=(reached - left) / (total - left + bad) if bounded else None,
        high=best / (total + good) if bounded else None,
        rate=reached / decided if decided > 0 else None,
        undecided=None if gap.any() else float(known[open_].sum()),
        doubted=left,
    )


def _added_perhaps(told: Told, weight: Floats, maybe: Bools | None) -> tuple[float, float, float]:
    """Return what rows that may be of a scope add to it in the worst case and at best.

    The weight that may be missed there and the weight that may be met (NaN: one has none), and
    how many they are.
    """
    if maybe is None:
        return 0.0, 0.0, 0.0
    rows = np.flatnonzero(told.counted & maybe)
    there, met, open_ = weight[rows], told.met[rows], told.open[rows]
    return float(there[~met].sum()), float(there[met | open_].sum()), float(len(rows))


def share_rate(
    told: Told,
    share: tuple[Floats, Floats],
    weight: Floats,
    here: Bools,
    basis: Basis,
    scope: str,
    *,
    maybe: Bools | None = None,
) -> Rate:
    """Return the share of ``weight`` that is itself within reach, Σ share x weight / Σ weight.

    ``maybe``: rows that may be of this scope or of another.
    """
    also = np.flatnonzero(told.counted & maybe) if maybe is not None else np.empty(0, np.int64)
    more = weight[also]
    shares = np.nan_to_num(share[0], nan=0.0), np.nan_to_num(share[1], nan=1.0)
    rows = np.flatnonzero(told.counted & here)
    low, high, weight = share[0][rows], share[1][rows], weight[rows]
    gap = np.isnan(weight)
    closed = (np.abs(high - low) <= 0) & ~gap
    met = float((low * weight)[closed].sum())
    decided = float(weight[closed].sum())
    known = not gap.any() and not np.isnan(more).any()
    bounded = known and weight.sum() + more.sum() > 0
    ends: list[float | None] = [None, None]
    if bounded:
        ends = [
            _mean_with(sign * end[rows], weight, sign * end[also], more) * sign + 0.0
            for end, sign in zip(shares, (1.0, -1.0), strict=True)
        ]
    return Rate(
        basis=basis,
        scope=scope,
        numerator=met,
        denominator=decided,
        not_assessed=float((~closed).sum() + len(also)),
        low=ends[0],
        high=ends[1],
        rate=met / decided if decided > 0 else None,
        undecided=float(weight[~closed].sum() + more.sum()) if known else None,
    )


def _mean_with(shares: Floats, weight: Floats, more: Floats, of: Floats) -> float:
    """Return the least weighed mean of ``shares`` and of any of ``more``, of the weights ``of``.

    One of them at least has a weight; with none among ``shares`` some of ``more`` are taken.
    """
    total, whole = float((shares * weight).sum()), float(weight.sum())
    for share, one in sorted(zip(more.tolist(), of.tolist(), strict=True)):
        if one > 0 and (share * whole < total or not whole):
            total, whole = total + share * one, whole + one
    return total / whole


def scopes(areas: pd.DataFrame) -> Iterator[tuple[str, NDArray[Any], Any, Bools]]:
    """Yield every scope, what is said of each area, what of those in it, and who may be in it.

    Compared row by row where that is enough: most changes touch a few.
    """
    none = np.zeros(len(areas), dtype=np.int64)
    yield "county", none, 0, none.astype(bool)
    number, names = pd.factorize(areas["setting"].to_numpy(dtype=object))
    unset, position = _blank(number, names), {name: at for at, name in enumerate(names)}
    for setting in ("urban", "rural"):
        yield setting, number, position.get(setting, len(names)), unset
    number, names = pd.factorize(areas["unit"].to_numpy(dtype=object))
    nowhere = _blank(number, names)
    for unit, code in _in_order(names):
        yield unit, number, code, nowhere


def groups(codes: pd.Series) -> Iterator[tuple[str, NDArray[np.int64], int]]:
    """Yield every code of a column, in order, the number of each row's, and its own number."""
    number, names = pd.factorize(codes.to_numpy(dtype=object))
    for code, position in _in_order(names):
        yield code, number, position


def _in_order(names: Iterable[object]) -> list[tuple[str, int]]:
    """Return the codes among values, in order, and where each stands; an empty text is none."""
    known = ((name, at) for at, name in enumerate(names) if isinstance(name, str) and name)
    return sorted((str(name), at) for name, at in known)


def _blank(number: NDArray[np.int64], names: Iterable[object]) -> Bools:
    """Return which rows have no code, or an empty one; ``number`` -1: a gap."""
    blank = [not isinstance(name, str) or not name for name in names]
    return np.array([*blank, True], dtype=bool)[number]
