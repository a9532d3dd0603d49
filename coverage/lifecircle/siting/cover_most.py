"""Cover most (MCLP): the sites, within an allowance, that cover most weight.

Reductions, then greedy and exchanges, then multipliers (Galvão & ReVelle 1996: each row's weight is
shared out between being covered for nothing and paying the sites that cover it), whose choices
are exchanged in their turn; then an integer programme over the sites that a better choice may have.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lifecircle.siting.search import reduction
from lifecircle.siting.search.allowance import Allowance, Choice, comes_first
from lifecircle.siting.search.effort import CLOSE, PROVEN, gap_between
from lifecircle.siting.search.programme import (
    Programme,
    duals,
    in_whole,
    solve,
    solve_strictly,
    unit_of,
    without,
)
from lifecircle.siting.search.swapping import CoverSearch, shaken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = ["cover_most"]

_STEPS = 600
"""Steps of the multipliers: half a second for ten thousand rows."""
_STARTS = 40
"""Choices of the multipliers that are exchanged."""
_SHAKES = 200
_KERNEL = 300
"""Sites of the small cover that choices are exchanged in."""
_LARGE = 400_000
"""Ones of a matrix from which on no linear programme is solved: it takes minutes."""
_AGAIN = 20
"""Most times a cheaper choice of the same worth replaces another."""
_ROUND = 80_000_000
"""Ones of the matrix times rounds of the last programme: what keeps it below a minute."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cover:
    matrix: Any
    weight: NDArray[np.float64]
    price: NDArray[np.float64]
    columns: NDArray[np.int64]

    def kept(self, columns: NDArray[np.int64]) -> _Cover:
        """Return the cover of some columns, equal rows merged."""
        matrix = sparse.csr_array(self.matrix[:, columns])
        there = np.diff(matrix.indptr) > 0
        matrix = sparse.csr_array(matrix[there])
        first, group = reduction.merged_rows(matrix)
        weight = np.zeros(len(first))
        np.add.at(weight, group, self.weight[there])
        return _Cover(
            sparse.csr_array(matrix[first]), weight, self.price[columns], self.columns[columns]
        )

    def places(self, columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where some of the original columns stand in this cover; what is not in it goes."""
        at = np.searchsorted(self.columns, columns)
        at = np.minimum(at, max(len(self.columns) - 1, 0))
        return at[self.columns[at] == columns] if len(self.columns) else at[:0]


def cover_most(
    matrix: Any,
    weight: NDArray[np.float64],
    price: NDArray[np.float64],
    allowance: Allowance,
    watch: Watch,
) -> Choice:
    """Choose the sites that cover most weight.

    Parameters
    ----------
    matrix
        scipy.sparse.csr_array of ones, demand × sites; the demand that existing places cover is
        not in it.
    weight
        float64 (demand,), 0 or more.
    price
        float64 (sites,).

    Returns
    -------
    Choice
        ``value`` is the weight that the choice covers, ``bound`` is never below it. Of choices
        that cover the same, the cheaper one, and then the smaller one.
    """
    there = (np.diff(matrix.indptr) > 0) & (weight > 0)
    everything = np.arange(matrix.shape[1], dtype=np.int64)
    whole = _Cover(sparse.csr_array(matrix[there]), weight[there], price, everything)
    payable = np.flatnonzero(price <= allowance.money(0.0))
    whole = whole.kept(payable)
    if whole.matrix.shape[0] == 0 or allowance.places(0) < 1:
        return Choice(everything[:0], 0.0, 0.0, unique=True)
    small = whole.kept(
        np.flatnonzero(reduction.undominated_columns(whole.matrix, whole.price)).astype(np.int64)
    )
    search = _Search(whole, small, allowance, watch)
    search.run()
    unique = search.only_one() if search.proven else None
    bound = search.value if search.proven else max(search.bound, search.value)
    return Choice(search.best, search.value, bound, unique)


class _Search:
    """One search: the best choice (columns as they were handed in) and the bound so far."""

    def __init__(self, whole: _Cover, small: _Cover, allowance: Allowance, watch: Watch) -> None:
        self.whole, self.small, self.allowance, self.watch = whole, small, allowance, watch
        self._all = CoverSearch(whole.matrix, whole.weight, whole.price, allowance)
        self.best = whole.columns[:0]
        self.value = 0.0
        self.bound = float(small.weight.sum())
        self.shares = small.weight.copy()  # the multipliers that bound best

    @property
    def proven(self) -> bool:
        return gap_between(self.value, self.bound) <= PROVEN

    @property
    def enough(self) -> bool:
        """Whether to look no further."""
        return gap_between(self.value, self.bound) <= max(self.watch.effort.gap, PROVEN)

    def run(self) -> None:
        """Go from the quick to the thorough, until the gap is closed or the effort spent."""
        search = self._searching(self.small)
        self.take(self.small, search.improved(search.greedy(), self.watch))
        choices = self._multiply()
        if self.enough or self.watch.stop:
            return
        kernel = self._kernel(choices)
        search = self._searching(kernel)
        for choice in choices[-_STARTS:]:
            if self.enough or self.watch.stop:
                return
            self.take(
                kernel, search.improved(kernel.places(self.small.columns[choice]), self.watch)
            )
        self.take(kernel, shaken(search, kernel.places(self.best), _SHAKES // 8, self.watch))
        if not self.enough and self.small.matrix.nnz <= _LARGE:
            self._by_duals()
        if not self.enough:
            start = kernel.places(self.best)
            self.take(kernel, shaken(search, start, _SHAKES, self.watch))
            search = self._searching(self.small)
            self.take(self.small, search.improved(self.small.places(self.best), self.watch))
        if not self.enough and not self.watch.stop:
            self._by_programme()

    def _searching(self, cover: _Cover) -> CoverSearch:
        return CoverSearch(cover.matrix, cover.weight, cover.price, self.allowance)

    def take(self, cover: _Cover, chosen: NDArray[np.int64]) -> None:
        """Keep a choice if it is better; its worth is worked out on the whole cover."""
        columns = np.sort(cover.columns[chosen])
        if not self.allowance.admits(cover.price[chosen]):
            return  # what bounds may cost more than there is
        value = self._all.value(self.whole.places(columns))
        spent, before = (self.whole.price[self.whole.places(c)].sum() for c in (columns, self.best))
        same = abs(value - self.value) <= CLOSE * max(1.0, value)
        if (value > self.value and not same) or (
            same and comes_first((spent, len(columns)), (before, len(self.best)))
        ):
            self.best, self.value = columns, value
        self.watch.tell(self.value, max(self.bound, self.value))

    def limit(self, bound: float) -> bool:
        """Keep a bound if it is lower."""
        lower = bound < self.bound
        if lower:
            self.bound = max(bound, self.value)
            self.watch.tell(self.value, self.bound)
        return lower

    def _bounded(self, shares: NDArray[np.float64]) -> tuple[float, NDArray[np.int64]]:
        gain = np.asarray(self.small.matrix.T @ shares)
        most, _, top = self.allowance.best_sum(gain, self.small.price)
        return float((self.small.weight - shares).sum()) + most, top

    def _multiply(self) -> list[NDArray[np.int64]]:
        """Lower the bound by subgradient steps; return the choices that came with each fall."""
        matrix, weight = self.small.matrix, self.small.weight
        sites = np.diff(matrix.indptr)
        shares = weight / np.minimum(sites, 3)
        kept, pace, stalled, lowest = shares, 1.0, 0, np.inf
        choices: list[NDArray[np.int64]] = []
        for _ in range(_STEPS):
            bound, top = self._bounded(shares)
            if bound < lowest:
                stalled = 0 if bound < lowest * (1 - 1e-5) else stalled + 1
                lowest, kept = bound, shares
                choices.append(top)
                if self.limit(bound):
                    self.shares = shares
            else:
                stalled += 1
            if self.enough or self.watch.stop:
                break
            if stalled > 15:  # noqa: PLR2004 - steps; the usual rule of thumb
                pace, stalled, shares = pace / 2, 0, kept
                if pace < 1e-3:  # noqa: PLR2004 - no step is felt any more
                    break
                continue
            taken = np.zeros(matrix.shape[1])
            taken[top] = 1.0
            slope = (shares < weight).astype(np.float64) - matrix @ taken
            length = float(slope @ slope)
            if length == 0:
                break
            step = pace * max(bound - self.value, CLOSE * weight.sum()) / length
            shares = np.clip(shares + step * slope, 0.0, weight)
        return choices

    def _kernel(self, choices: list[NDArray[np.int64]]) -> _Cover:
        """Return the cover of the sites that the multipliers value most."""
        gain = np.asarray(self.small.matrix.T @ self.shares)
        _, reduced, _ = self.allowance.best_sum(gain, self.small.price)
        likely = np.argsort(-reduced, kind="stable")[: max(_KERNEL, 4 * len(self.best))]
        parts = [likely, self.small.places(self.best), *choices[-_STARTS:]]
        return self.small.kept(np.unique(np.concatenate(parts)))

    def _programme(self, cover: _Cover, worth: float = 1.0) -> Programme:
        """Return: minimise the weight left bare (its columns stand behind the sites)."""
        rows, sites = cover.matrix.shape
        bare = sparse.eye_array(rows, format="csr")
        blocks = [[cover.matrix, bare]]
        low, high = [np.ones(rows)], [np.full(rows, np.inf)]
        limits = ((self.allowance.sites, np.ones(sites)), (self.allowance.budget, cover.price))
        for allowed, amounts in limits:
            if allowed is not None:
                row, most = in_whole(amounts, allowed)
                blocks.append([sparse.csr_array(row[None, :]), sparse.csr_array((1, rows))])
                low.append(np.array([-np.inf]))
                high.append(np.array([most]))
        return Programme(
            cost=np.concatenate([np.zeros(sites), cover.weight * worth]),
            matrix=sparse.block_array(blocks, format="csr"),
            low=np.concatenate(low),
            high=np.concatenate(high),
            sites=sites,
        )

    def _by_duals(self) -> None:
        shares = np.abs(duals(self._programme(self.small))[: self.small.matrix.shape[0]])
        shares = np.clip(shares, 0.0, self.small.weight)
        if self.limit(self._bounded(shares)[0]):
            self.shares = shares

    def _undecided(self, cover: _Cover) -> NDArray[np.int64]:
        """Return the columns of a cover that may stand in a choice as good as the best."""
        shares = self._shares_on(cover)
        gain = np.asarray(cover.matrix.T @ shares)
        base = float((cover.weight - shares).sum())
        may = self.allowance.undecided(gain, cover.price, base, self.value)
        return np.flatnonzero(may).astype(np.int64)

    def _shares_on(self, cover: _Cover) -> NDArray[np.float64]:
        """Return the multipliers for the rows of a finer cover, in proportion to their weight."""
        if cover is self.small:
            return self.shares
        narrow = sparse.csr_array(cover.matrix[:, cover.places(self.small.columns)])
        known = {
            self.small.matrix.indices[a:b].tobytes(): share / weight
            for a, b, share, weight in zip(
                self.small.matrix.indptr[:-1],
                self.small.matrix.indptr[1:],
                self.shares,
                self.small.weight,
                strict=True,
            )
        }
        narrow.sort_indices()
        pairs = zip(narrow.indptr[:-1], narrow.indptr[1:], strict=True)
        parts = [known.get(narrow.indices[a:b].tobytes(), 0.0) for a, b in pairs]
        return np.asarray(cover.weight * np.array(parts))

    def _by_programme(self) -> None:
        cover = self.small.kept(
            np.union1d(self._undecided(self.small), self.small.places(self.best))
        )
        programme = self._programme(cover)
        total = float(self.small.weight.sum())
        chosen = cover.places(self.best)
        rounds = max(
            20, min(self.watch.effort.nodes, _ROUND // max(programme.matrix.nnz**2 // 1000, 1))
        )
        solved = solve(programme, self.watch, start=self._start(cover, chosen), rounds=rounds)
        if solved.values is not None:
            self.take(cover, solved.chosen(programme.sites))
        reachable = float(cover.weight.sum())
        bound = reachable - solved.bound
        # what was left out cannot be better than what is known
        if np.isfinite(bound) and bound <= total:
            slack = 10 * PROVEN * max(1.0, self.value)
            self.limit(self.value if bound <= self.value + slack else bound)

    @staticmethod
    def _start(cover: _Cover, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        taken = np.zeros(cover.matrix.shape[1])
        taken[chosen] = 1.0
        return np.concatenate([taken, (np.asarray(cover.matrix @ taken) == 0).astype(np.float64)])

    def only_one(self) -> bool | None:
        """Take the cheapest choice as good, of those the smallest; return whether it is alone.

        A cheaper one may have more sites: how many there are is asked once the price is settled.
        """
        if not len(self.best):
            return True
        may = np.union1d(self._undecided(self.whole), self.whole.places(self.best))
        cover = self.whole.kept(may)
        sites = np.arange(len(cover.price) + len(cover.weight)) < len(cover.price)
        price = np.concatenate([cover.price, np.zeros(len(cover.weight))])
        count = sites.astype(np.float64)
        one_price = bool((cover.price == cover.price[0]).all())  # then the fewest are the cheapest
        for asked in (count,) if one_price else (price, count):
            for _ in range(_AGAIN):
                programme = self._as_good(cover, price)
                if asked is count:
                    programme = programme.also(count, -np.inf, float(len(self.best)))
                rest = dataclasses.replace(programme, cost=in_whole(asked, 0.0)[0])
                solved = solve_strictly(rest, self.watch, rounds=self.watch.effort.nodes // 10)
                if solved.values is None and not solved.finished:
                    return None
                if solved.values is None:
                    return True
                before = self.best
                self.take(cover, solved.chosen(programme.sites))
                if np.array_equal(before, self.best):
                    break
            else:
                return None
            if not solved.finished:
                return None
        return False

    def _as_good(self, cover: _Cover, price: NDArray[np.float64]) -> Programme:
        """Return the programme of the other choices that are as good as the best, and no dearer."""
        chosen = cover.places(self.best)
        programme = self._programme(cover)
        bare = float(cover.weight.sum()) - self.value
        row, worst = programme.cost, bare + 1e-7 * max(1.0, self.value)
        if unit_of(row):
            row, worst = in_whole(row, max(bare, 0.0))
        programme = programme.also(row, -np.inf, worst)
        row, most = in_whole(price, float(cover.price[chosen].sum()))
        return without(programme.also(row, -np.inf, most), chosen)
