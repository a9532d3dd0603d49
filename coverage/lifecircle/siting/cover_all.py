"""Cover all (LSCP): the cheapest sites that leave no demand uncovered.

Reductions to a fixed point, part by part of what is left: greedy, a few sites taken out and put
back better, multipliers (Beasley 1987) that bound and fix sites, then an integer programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lifecircle.siting.search import reduction
from lifecircle.siting.search.allowance import Choice
from lifecircle.siting.search.effort import CLOSE, PROVEN
from lifecircle.siting.search.programme import (
    Programme,
    in_whole,
    solve,
    solve_strictly,
    unit_of,
    without,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = ["cover_all"]

_STEPS = 400
_SHAKES = 60


@dataclass(slots=True, eq=False)
class _Part:
    """What is left of a cover after the reductions, or a part of it that shares nothing."""

    matrix: Any
    price: NDArray[np.float64]
    columns: NDArray[np.int64]

    def kept(self, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> _Part:
        matrix = sparse.csr_array(self.matrix[rows][:, columns])
        return _Part(matrix, self.price[columns], self.columns[columns])


def cover_all(
    matrix: Any,
    price: NDArray[np.float64],
    watch: Watch,
    *,
    enough: float | None = None,
    each: float = 0.0,
) -> Choice:
    """Choose the cheapest sites that cover every row.

    Parameters
    ----------
    matrix
        scipy.sparse.csr_array of ones, demand × sites; every row has a site.
    price
        float64 (sites,), 0 or more; all 1 for the fewest sites.
    enough
        Only asked is whether this price suffices: the search ends when that is known, and the
        choice is then just one that does (or the cheapest found).
    each
        What a site costs besides: more than all prices together where the fewest sites are asked
        for. Of as few the cheapest is then looked for by price alone, for beside so much a bound
        knows nothing of the last hundredths.

    Returns
    -------
    Choice
        ``value`` is the price, ``each`` included; of choices as cheap, none is smaller by leaving
        one out.
    """
    everything = np.arange(matrix.shape[1], dtype=np.int64)
    own, price = price, price + each
    whole = _Part(sparse.csr_array(matrix), price, everything)
    left, forced = _reduced(whole)
    chosen, bound = [forced], float(price[forced].sum())
    count, row_part, column_part = reduction.components(left.matrix)
    parts = [left.kept(row_part == i, column_part == i) for i in range(count)]
    parts = [part for part in parts if part.matrix.shape[0]]
    found = [_greedy(part) for part in parts]
    value = bound + sum(float(part.price[f].sum()) for part, f in zip(parts, found, strict=True))
    watch.tell(value, bound)
    for part, first in zip(parts, found, strict=True):
        before = float(part.price[first].sum())
        # what this part may cost for the whole to suffice, and what it must for it not to
        fits = None if enough is None else enough - (value - before)
        fails = None if enough is None else enough - bound
        answer = Choice(first, before, 0.0)
        if enough is None or (value > enough and bound <= enough):
            answer = _solved(part, first, watch, fits=fits, fails=fails)
        value += answer.value - before
        bound += answer.bound
        chosen.append(part.columns[answer.columns])
        watch.tell(value, bound)
    columns = np.sort(np.concatenate(chosen)).astype(np.int64)
    value = float(price[columns].sum())
    if abs(value - bound) <= PROVEN * max(1.0, value):
        bound = value
    unique = None
    if bound == value and enough is None:
        columns, unique = _alone(whole, own, columns, watch)
        value = bound = float(price[columns].sum())
    return Choice(columns, value, min(bound, value), unique)


def _reduced(whole: _Part) -> tuple[_Part, NDArray[np.int64]]:
    """Return what is left to decide, and the columns that every best choice may have."""
    part, forced = whole, [whole.columns[:0]]
    while True:
        before = part.matrix.shape
        first, _ = reduction.merged_rows(part.matrix)
        part = _Part(sparse.csr_array(part.matrix[first]), part.price, part.columns)
        keep = reduction.undominated_columns(part.matrix, part.price)
        part = part.kept(np.ones(part.matrix.shape[0], dtype=bool), keep)
        part.matrix.sort_indices()
        rows = reduction.undominated_rows(part.matrix)
        part = part.kept(rows, np.ones(part.matrix.shape[1], dtype=bool))
        single = np.diff(part.matrix.indptr) == 1
        must = np.unique(part.matrix[single].indices)
        if len(must):
            forced.append(part.columns[must])
            taken = np.zeros(part.matrix.shape[1])
            taken[must] = 1.0
            free = np.asarray(part.matrix @ taken) == 0
            part = part.kept(free, taken == 0)
        part.matrix.sort_indices()
        if part.matrix.shape == before or part.matrix.shape[0] == 0:
            return part, np.concatenate(forced)


def _greedy(
    part: _Part,
    chosen: NDArray[np.int64] | None = None,
    liking: NDArray[np.float64] | None = None,
) -> NDArray[np.int64]:
    """Complete a choice by what covers most for its price, and leave out what is not needed."""
    flipped = sparse.csr_array(part.matrix.T)
    taken = np.zeros(part.matrix.shape[1])
    if chosen is not None:
        taken[chosen] = 1.0
    bare = np.asarray(part.matrix @ taken) == 0
    gain = np.asarray(flipped @ bare.astype(np.float64))
    dear = np.maximum(part.price, CLOSE)
    while bare.any():
        score = gain / dear if liking is None else gain / dear * liking
        site = int(score.argmax())
        taken[site] = 1.0
        fresh = flipped.indices[flipped.indptr[site] : flipped.indptr[site + 1]]
        fresh = fresh[bare[fresh]]
        bare[fresh] = False
        gain -= np.bincount(part.matrix[fresh].indices, minlength=len(gain))
    return _needed(part.matrix, part.price, np.flatnonzero(taken), flipped)


def _needed(
    matrix: Any, price: NDArray[np.float64], chosen: NDArray[np.int64], flipped: Any
) -> NDArray[np.int64]:
    """Return a cover without the sites whose rows are all covered besides, the dearest first."""
    taken = np.zeros(matrix.shape[1])
    taken[chosen] = 1.0
    count = np.asarray(matrix @ taken)
    for site in chosen[np.lexsort((-chosen, -price[chosen]))]:
        rows = flipped.indices[flipped.indptr[site] : flipped.indptr[site + 1]]
        if (count[rows] > 1).all():
            count[rows] -= 1
            taken[site] = 0.0
    return np.flatnonzero(taken)


@dataclass(frozen=True, slots=True)
class _Asked:
    """When a part is solved far enough: proven, cheap enough, or known to be too dear."""

    part: _Part
    fits: float | None
    fails: float | None

    def answered(self, bound: float, value: float) -> bool:
        if self.fits is not None and value <= self.fits:
            return True
        if self.fails is not None and bound > self.fails + CLOSE:
            return True
        return _proves(self.part, bound, value)


def _solved(
    part: _Part,
    first: NDArray[np.int64],
    watch: Watch,
    *,
    fits: float | None = None,
    fails: float | None = None,
) -> Choice:
    """Solve one part, as columns of the part, until it is known to fit, or to fail."""
    asked = _Asked(part, fits, fails)
    best, value = first, float(part.price[first].sum())
    chance = np.random.default_rng(20)
    shares, bound = _multiplied(asked, value, watch)
    for _ in range(_SHAKES):
        if asked.answered(bound, value) or watch.stop:
            break
        out = chance.random(len(best)) < min(0.5, 6 / len(best))
        liking = chance.uniform(0.6, 1.0, part.matrix.shape[1])
        found = _greedy(part, best[~out], liking)
        if part.price[found].sum() <= value:
            best, value = found, float(part.price[found].sum())
    if not asked.answered(bound, value) and not watch.stop:
        best, value, lower = _by_programme(asked, best, value, shares, watch)
        bound = max(bound, lower)
    return Choice(best, value, value if _proves(part, bound, value) else min(bound, value))


def _by_programme(
    asked: _Asked,
    best: NDArray[np.int64],
    value: float,
    shares: NDArray[np.float64],
    watch: Watch,
) -> tuple[NDArray[np.int64], float, float]:
    """Return the best choice, its price and the bound after an integer programme."""
    part = asked.part
    reduced = part.price - np.asarray(part.matrix.T @ shares)
    base = float(shares.sum() + np.minimum(reduced, 0.0).sum())
    may = base + np.maximum(reduced, 0.0) <= value + 1e-7 * max(1.0, value)
    may[best] = True
    columns = np.flatnonzero(may)
    programme = _programme(part.kept(np.ones(part.matrix.shape[0], dtype=bool), may))
    start = np.isin(columns, best).astype(np.float64)
    solved = solve(
        programme,
        watch,
        start=start,
        stop_below=asked.fits,
        stop_above=None if asked.fails is None else asked.fails + CLOSE,
    )
    if solved.values is not None:
        found = columns[solved.chosen(len(columns))]
        covers = (np.asarray(part.matrix[:, found].sum(axis=1)) > 0).all()
        if covers and part.price[found].sum() < value:
            best, value = found, float(part.price[found].sum())
    return best, value, min(solved.bound, value)


def _proves(part: _Part, bound: float, value: float) -> bool:
    """Whether no choice is cheaper: prices in whole units have sums in whole units."""
    hair, unit = 10 * PROVEN * max(1.0, value), unit_of(part.price)
    if unit:  # a cheaper one is so by a unit; no bound is wrong by half of one
        return bound > value - 1 / unit + min(hair, 0.5 / unit)
    return bound >= value - hair


def _multiplied(asked: _Asked, value: float, watch: Watch) -> tuple[NDArray[np.float64], float]:
    """Return the multipliers that bound best, by subgradient steps, and their bound."""
    part = asked.part
    matrix = part.matrix
    flipped = sparse.csr_array(matrix.T)
    size = np.maximum(np.diff(flipped.indptr), 1)
    each = sparse.csr_array(
        ((part.price / size)[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape
    )
    shares = np.asarray(each.sum(axis=1)) / np.maximum(np.diff(matrix.indptr), 1)
    kept, bound, pace, stalled = shares, 0.0, 1.0, 0
    for _ in range(_STEPS):
        reduced = part.price - np.asarray(flipped @ shares)
        lower = float(shares.sum() + np.minimum(reduced, 0.0).sum())
        stalled = 0 if lower > bound + 1e-5 * value else stalled + 1
        if lower > bound:
            kept, bound = shares, lower
        if asked.answered(bound, value) or watch.stop:
            break
        if stalled > 12:  # noqa: PLR2004 - steps; the usual rule of thumb
            pace, stalled, shares = pace / 2, 0, kept
            if pace < 1e-3:  # noqa: PLR2004 - no step is felt any more
                break
            continue
        slope = 1.0 - np.asarray(matrix @ (reduced < 0).astype(np.float64))
        slope = np.where((slope < 0) & (shares <= 0), 0.0, slope)
        length = float(slope @ slope)
        if length == 0:
            break
        shares = np.maximum(shares + pace * 1.05 * (value - lower) / length * slope, 0.0)
    return kept, bound


def _programme(part: _Part) -> Programme:
    rows = part.matrix.shape[0]
    return Programme(
        cost=part.price,
        matrix=part.matrix,
        low=np.ones(rows),
        high=np.full(rows, np.inf),
        sites=part.matrix.shape[1],
    )


def _alone(
    whole: _Part, price: NDArray[np.float64], columns: NDArray[np.int64], watch: Watch
) -> tuple[NDArray[np.int64], bool | None]:
    """Return the choice, or one as cheap with fewer sites, and whether there is no other.

    Where sites count by themselves (``price`` is not all that they cost), or one as small that is
    cheaper.
    """
    first, _ = reduction.merged_rows(whole.matrix)
    part = _Part(sparse.csr_array(whole.matrix[first]), whole.price, whole.columns)
    part.matrix.sort_indices()
    rows = reduction.undominated_rows(part.matrix)
    part = part.kept(rows, np.ones(part.matrix.shape[1], dtype=bool))
    if not len(columns):
        return columns, True
    if (part.price == part.price[0]).all() and _exchangeable(part, columns):
        return columns, False
    count = np.ones(len(price))
    counted = bool((part.price != price).any())
    while True:
        fewest, spent = float(len(columns)), float(price[columns].sum())
        row, most = in_whole(price, spent)
        programme = _programme(part).also(row, -np.inf, most).also(count, -np.inf, fewest)
        programme = without(programme, columns)
        asked = row - row.min() if counted else count  # as many sites: what is dearer tells
        rest = Programme(asked, programme.matrix, programme.low, programme.high, programme.sites)
        solved = solve_strictly(rest, watch, rounds=watch.effort.nodes // 10)
        if solved.values is None:
            return columns, True if solved.finished else None
        other = solved.chosen(len(count))
        cheaper = counted and price[other].sum() < spent - CLOSE * max(1.0, spent)
        if len(other) >= len(columns) and not cheaper:
            return columns, False
        columns = other


def _exchangeable(part: _Part, columns: NDArray[np.int64]) -> bool:
    """Whether one site can be exchanged for another that costs as much or less."""
    taken = np.zeros(part.matrix.shape[1])
    taken[columns] = 1.0
    rows = np.flatnonzero(np.asarray(part.matrix @ taken) == 1)
    flipped = sparse.csr_array(part.matrix[rows].T)
    own = flipped[columns]
    shared = sparse.coo_array(own @ flipped.T)
    whole = shared.data == np.diff(own.indptr)[shared.row]
    fits = whole & (taken[shared.col] == 0)
    return bool((part.price[shared.col[fits]] <= part.price[columns[shared.row[fits]]]).any())
