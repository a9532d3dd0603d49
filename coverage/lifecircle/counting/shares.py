"""Shares: what part of a weight is met, in the worst case and at best, in whole and by scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.model.finding import Rate
from lifecircle.model.inputs.layers import HOUSE
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.finding import Basis

    Bools = NDArray[np.bool_]
    Codes = NDArray[np.int8]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "CODES",
    "Partition",
    "Told",
    "coded",
    "facility_rates",
    "groups",
    "partitions",
    "rate_of",
    "share_rate",
    "verdict_rate",
    "verdict_rates",
]

CODES = {status: code for code, status in enumerate(Status)}
"""Number of each status: what a thousand findings are told by at once."""
_COUNTED = tuple(CODES[s] for s in (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED))


def coded(status: pd.Series) -> Codes:
    """Return the number (``CODES``) of every status of a column."""
    told = status.to_numpy(dtype=object).tolist()
    return np.fromiter(map(CODES.__getitem__, told), dtype=np.int8, count=len(told))


@dataclass(frozen=True, slots=True)
class Told:
    """Statuses taken apart once, for all scopes and bases.

    ``perhaps``: met, if it counts at all; ``if_met``, ``if_missed``: those of the open ones that
    are met, or missed, if they count at all.
    """

    counted: Bools
    met: Bools
    open: Bools
    perhaps: Bools
    if_met: Bools
    if_missed: Bools

    @classmethod
    def of(
        cls,
        status: pd.Series | Codes,
        perhaps: Bools | None = None,
        decided: Codes | None = None,
    ) -> Told:
        """Take a column of statuses, or of their numbers, apart.

        ``decided``: what an open subject comes to if it counts, where that alone is open; else its
        status again.
        """
        told = coded(status) if isinstance(status, pd.Series) else status
        met, missed, open_ = (np.asarray(told == one, dtype=bool) for one in _COUNTED)
        doubt = np.zeros_like(met) if perhaps is None else met & perhaps
        then = told if decided is None else decided
        ifs = (np.asarray(open_ & (then == one), dtype=bool) for one in _COUNTED[:2])
        return cls(met | missed | open_, met, open_, doubt, *ifs)


def rate_of(met: Bools, open_: Bools, weight: Floats, basis: Basis, scope: str) -> Rate:
    """Return the share of ``weight`` on what is ``met``; the rest is missed, or ``open_``.

    Subjects without a weight are left out and counted as not assessed; the range is then unknown.
    """
    none = np.zeros_like(met)
    told = Told(np.ones_like(met), met, open_, none, none, none)
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
    found = verdict_rates(told, weight[None], here, [basis], scope, spare=[spare], maybe=maybe)
    return next(found)


def verdict_rates(
    told: Told,
    weights: Floats,
    here: Bools,
    bases: Sequence[Basis],
    scope: str,
    *,
    spare: Sequence[float],
    maybe: Bools | None = None,
) -> Iterator[Rate]:
    """Yield what :func:`verdict_rate` returns, of several bases at once.

    ``weights``: float64 (k, n), row by row of the k ``bases``, as ``spare`` is.
    """
    more = _added_perhaps(told, weights, maybe)
    rows = np.flatnonzero(told.counted & here)
    weight, met, open_ = np.take(weights, rows, axis=1), told.met[rows], told.open[rows]
    gap = np.isnan(weight)
    known = np.where(gap, 0.0, weight)
    # each basis is added up along its own row, as it would be alone: to the last digit
    out, also_out = told.perhaps[rows] | told.if_met[rows], told.if_missed[rows]
    every = np.ones(len(rows), dtype=bool)
    taken = (met, ~open_, open_, out, met & ~out, ~out, also_out, ~also_out, open_ & ~also_out)
    reached, decided, waiting, doubted, firm, least, missed, at_best, hoped, total = _sums(
        known, (*taken, every)
    )
    gaps = np.count_nonzero(gap, axis=1).tolist()
    unsaid = np.count_nonzero(open_ | gap, axis=1).tolist()
    for n, basis in enumerate(bases):
        bad, good, number = more[0][n], more[1][n], more[2]
        if not rows.size and bad + good > 0:  # nobody for certain: any of them may be all there are
            ends = 0.0 if bad > 0 else 1.0, 1.0 if good > 0 else 0.0
            yield Rate(basis, scope, 0.0, 0.0, number, *ends, None)
            continue
        bounded = not gaps[n] and total[n] > 0 and not np.isnan(bad + good)
        # in the worst case those that are met if they count do not, at best those that are missed
        low = _part(firm[n], least[n] + bad, 1.0)
        high = _part(reached[n] + hoped[n] - spare[n] + good, at_best[n] + good, 0.0)
        yield Rate(
            basis=basis,
            scope=scope,
            numerator=reached[n],
            denominator=decided[n],
            not_assessed=float(unsaid[n]) + number,
            low=low if bounded else None,
            high=high if bounded else None,
            rate=reached[n] / decided[n] if decided[n] > 0 else None,
            undecided=None if gaps[n] or number else waiting[n],
            doubted=doubted[n],
            doubted_missed=missed[n],
        )


def _sums(weights: Floats, taken: Sequence[Bools]) -> Iterator[list[float]]:
    """Yield what some rows weigh in every basis, added up once where several ask for the same.

    Mostly everybody is a subject for certain: then few of them are others.
    """
    known: dict[bytes, list[float]] = {}
    for some in taken:
        if (key := some.tobytes()) not in known:
            known[key] = np.compress(some, weights, axis=1).sum(axis=1).tolist()
        yield known[key]


def _part(some: float, whole: float, void: float) -> float:
    """Return the share of a whole; ``void`` where there is nothing that it could be of."""
    return some / whole if whole > 0 else void


def _added_perhaps(
    told: Told, weights: Floats, maybe: Bools | None
) -> tuple[list[float], list[float], float]:
    """Return what rows that may be of a scope add to it in the worst case and at best.

    By basis the weight that may be missed there and the weight that may be met (NaN: one has
    none), and how many they are.
    """
    if maybe is None:
        return [0.0] * len(weights), [0.0] * len(weights), 0.0
    rows = np.flatnonzero(told.counted & maybe)
    there, met, open_ = np.take(weights, rows, axis=1), told.met[rows], told.open[rows]
    bad, good = (
        np.compress(some, there, axis=1).sum(axis=1).tolist()
        for some in (~met & ~told.if_met[rows], (met | open_) & ~told.if_missed[rows])
    )
    return bad, good, float(len(rows))


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
            _mean_with(sign * _filled(one, void), weight, sign * _filled(end[also], void), more)
            * sign
            + 0.0
            for one, end, void, sign in ((low, share[0], 0.0, 1.0), (high, share[1], 1.0, -1.0))
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


def facility_rates(
    findings: pd.DataFrame, facilities: pd.DataFrame | None = None
) -> tuple[Rate, ...]:
    """Return the share of facilities that are met, exactly over all that is not known.

    A facility that may not be one of the kind is taken in or left out, whichever is worse (or
    better); with one that is met it only ever helps, with one that is missed it only ever harms.
    ``facilities``: with the houses that two rows may be of (``HOUSE``, ``second_sign``). Two
    signboards on one of which the same is known are one facility, or two; where they say different
    things of one house nobody knows which holds.
    """
    if findings.empty:
        return ()
    applies, least, most = (findings[n].to_numpy(dtype=float) for n in ("applies", "low", "high"))
    sure, low, high = applies == 1, least >= 1, most >= 1
    closed = sure & (low == high)
    twice = _perhaps_one_house(pd.Series(low, findings.index)[closed], findings.index, facilities)
    sure, met = sure & ~twice, float((closed & low).sum())
    bounds = []
    for good in (low, high):
        helps = good if good is high else ~good
        taken = sure | (~sure & helps)
        taken = taken if taken.any() else ~sure
        bounds.append(float((taken & good).sum()) / float(taken.sum()))
    decided = float(closed.sum())
    return (
        Rate(
            basis="facilities",
            scope="county",
            numerator=met,
            denominator=decided,
            not_assessed=float((~closed).sum()),
            low=bounds[0],
            high=bounds[1],
            rate=met / decided if decided else None,
            doubted=float((twice & low).sum()),
            doubted_missed=float((twice & ~low).sum()),
        ),
    )


def _perhaps_one_house(met: pd.Series, every: pd.Index, facilities: pd.DataFrame | None) -> Bools:
    """Return which of all facilities may name a house once more that another of them names.

    ``met``: of those of which it is known. Where one row may be another's house, and the two say
    different things of it, neither is sure.
    """
    twice = set[object]()
    if facilities is not None:
        rows = facilities.reindex(met.index)
        for of, again in _signs(rows):
            told = pd.DataFrame({"of": of, "again": again, "met": met}).dropna()
            told = told[told["of"].isin(told.loc[told["again"].astype(bool), "of"])]
            for _, house in told.groupby("of", sort=False):
                twice |= _doubted_of(house)
    return np.asarray(every.isin([*twice]), dtype=bool)


def _signs(rows: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    """Yield what may be one house on several rows, and which of them may name it once more.

    Rows that nothing tells apart (``HOUSE``): each but the first. Of a typed site the second signs.
    """
    if HOUSE in rows:
        yield rows[HOUSE], rows[HOUSE].duplicated()
    if "second_sign" in rows:
        yield rows["site"], rows["second_sign"].eq(other=True)


def _doubted_of(house: pd.DataFrame) -> set[object]:
    """Return the rows of one house that may not be facilities of their own, or are not sure."""
    house = house.sort_values("again", kind="stable")
    doubted = set[object]()
    for n in np.flatnonzero(house["again"].to_numpy(dtype=bool)).tolist():
        before = house.iloc[:n]
        same = (before["met"] == house["met"].iloc[n]).any()
        doubted |= {house.index[n]} if n else set()
        doubted |= set() if same else {*before.index}
    return doubted


def _filled(share: Floats, void: float) -> Floats:
    """Return shares, ``void`` where they are not known."""
    return np.where(np.isnan(share), void, share)


def _mean_with(shares: Floats, weight: Floats, more: Floats, of: Floats) -> float:
    """Return the least weighed mean of ``shares`` and of any of ``more``, of the weights ``of``.

    One of them at least has a weight; with none among ``shares`` some of ``more`` are taken.
    """
    total, whole = float((shares * weight).sum()), float(weight.sum())
    for share, one in sorted(zip(more.tolist(), of.tolist(), strict=True)):
        if one > 0 and (share * whole < total or not whole):
            total, whole = total + share * one, whole + one
    return total / whole


class Partition(NamedTuple):
    """Areas by what one column says of them.

    ``scopes``: each with the number that ``codes`` has for the areas in it; ``maybe``: the areas
    that may be in any of them.
    """

    scopes: tuple[tuple[str, int], ...]
    codes: Ints
    maybe: Bools

    def take(self, rows: Ints) -> Partition:
        """Return the same of some areas."""
        return self._replace(codes=self.codes[rows], maybe=self.maybe[rows])

    def touched(self, rows: Ints) -> set[int] | None:
        """Return the numbers of the scopes that ``rows`` are in, or may be; None: in all."""
        return None if self.maybe[rows].any() else set(self.codes[rows].tolist())


def partitions(areas: pd.DataFrame) -> Iterator[Partition]:
    """Yield the county, town and country, and the units, with who is in them and may be.

    Compared row by row where that is enough: most changes touch a few.
    """
    none = np.zeros(len(areas), dtype=np.int64)
    yield Partition((("county", 0),), none, none.astype(bool))
    number, names = pd.factorize(areas["setting"].to_numpy(dtype=object))
    position = {name: at for at, name in enumerate(names)}
    settings = [(name, position.get(name, len(names))) for name in ("urban", "rural")]
    yield Partition(tuple(settings), number, _blank(number, names))
    number, names = pd.factorize(areas["unit"].to_numpy(dtype=object))
    yield Partition(tuple(_in_order(names)), number, _blank(number, names))


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
