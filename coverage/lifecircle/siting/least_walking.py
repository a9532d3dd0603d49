"""Least walking (p-median): the sites, within an allowance, from which all walk least in all.

Greedy and exchanges, then multipliers (Narula et al. 1977: what each row would pay to be served)
that bound, leave sites out and say how far each row may still walk; then an integer programme in
distances instead of pairs (García, Labbé & Marín 2011), whose size is what is left undecided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lifecircle.siting.search.allowance import Allowance, Choice, comes_first
from lifecircle.siting.search.branching import KEPT, Branches, branch
from lifecircle.siting.search.effort import CLOSE, PROVEN, gap_between
from lifecircle.siting.search.programme import Programme, in_whole, solve
from lifecircle.siting.search.swapping import shaken
from lifecircle.siting.search.walks import Walks, WalkSearch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = ["least_walking"]

_STEPS = 1500
_STALLED = 30
"""Steps without a rise, after which the pace is halved."""
_STARTS = 20
_SHAKES = 60
_AGAIN = 20
_CHEAPER = 3 * CLOSE
"""Relative: what a cheaper choice saves at least; a budget is passed by a hair of ``CLOSE``."""
_MATRIX = 5_000_000
"""Rows times sites up to which branches are searched; beyond it, an integer programme."""
_PAIRS = 300_000
"""Pairs up to which an integer programme is asked what branching left open."""


def least_walking(walks: Walks, allowance: Allowance, watch: Watch) -> Choice:
    """Choose the sites from which the weighted sum of costs to the nearest is least.

    Every row can be served within the allowance: whoever calls has found that out.

    Returns
    -------
    Choice
        ``value`` is the weighted sum over all rows, ``bound`` never above it. Of choices as good,
        the cheaper one, and then the smaller one.
    """
    pairs = walks.cost < walks.base[walks.row]
    pairs &= walks.price[walks.column] <= allowance.money(0.0)
    if not pairs.any() or allowance.places(0) < 1:
        value = float(walks.weight @ walks.base)
        return Choice(np.zeros(0, dtype=np.int64), value, value, unique=True)
    search = _Search(walks.kept(pairs), allowance, watch)
    search.run()
    unique = search.only_one() if search.proven else None
    bound = search.value if search.proven else min(search.bound, search.value)
    return Choice(search.best, search.value, bound, unique)


class _Search:
    """One search: the best choice and the bound so far."""

    def __init__(self, walks: Walks, allowance: Allowance, watch: Watch) -> None:
        self.walks, self.allowance, self.watch = walks, allowance, watch
        self._by_exchange = WalkSearch(walks, allowance)
        self.best = np.zeros(0, dtype=np.int64)
        self.value = np.inf
        self.bound = 0.0
        self.payments = np.zeros(len(walks.weight))
        self._alone = walks.weight * walks.base

    @property
    def proven(self) -> bool:
        return bool(np.isfinite(self.value)) and gap_between(self.value, self.bound) <= PROVEN

    @property
    def enough(self) -> bool:
        """Whether to look no further."""
        apart = gap_between(self.value, self.bound) if np.isfinite(self.value) else np.inf
        return apart <= max(self.watch.effort.gap, PROVEN)

    def run(self) -> None:
        """Go from the quick to the thorough, until the gap is closed or the effort spent."""
        search, none = self._by_exchange, np.zeros(0, dtype=np.int64)
        for per_price in (False, True)[: 1 + (self.allowance.budget is not None)]:
            self.take(search.improved(search.filled(none, per_price=per_price), self.watch))
        for choice in self._multiply()[-_STARTS:]:
            if self.enough or self.watch.stop:
                return
            self.take(search.improved(choice, self.watch))
        if not self.enough:
            self.take(shaken(search, self.best, _SHAKES, self.watch))
        if not self.enough and not self.watch.stop:
            walks = self._undecided()
            if len(walks.weight) * len(np.unique(walks.column)) <= _MATRIX:
                self._by_branching(walks)
                if self.enough or self.watch.stop:
                    return
                walks = self._undecided()  # less, with what branching has found
                if len(walks.row) > _PAIRS:
                    return
            self._by_programme(walks)

    def cost(self, chosen: NDArray[np.int64]) -> float:
        """Return the weighted sum of costs to the nearest; inf where a row has none."""
        near, _, site = self._by_exchange.nearest(chosen)
        near = np.where(site < 0, self.walks.base, near)
        return float(self.walks.weight @ near)

    def take(self, chosen: NDArray[np.int64]) -> None:
        """Keep a choice if it is better."""
        chosen = np.sort(chosen)
        if not self.allowance.admits(self.walks.price[chosen]):
            return
        value = self.cost(chosen)
        spent, before = (float(self.walks.price[c].sum()) for c in (chosen, self.best))
        same = bool(np.isfinite(value)) and abs(value - self.value) <= CLOSE * max(1.0, value)
        if (value < self.value and not same) or (
            same and comes_first((spent, len(chosen)), (before, len(self.best)))
        ):
            self.best, self.value = chosen, value
        self.watch.tell(self.value, min(self.bound, self.value))

    def limit(self, bound: float) -> None:
        """Keep a bound if it is higher."""
        self.bound = max(self.bound, min(bound, self.value))
        self.watch.tell(self.value, self.bound)

    def _offers(self, payments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each site would gain: what rows pay beyond their walk there."""
        walks = self.walks
        over = payments[walks.row] - walks.weight[walks.row] * walks.cost
        return np.bincount(walks.column, np.maximum(over, 0.0), minlength=len(walks.price)).astype(
            np.float64
        )

    def _multiply(self) -> list[NDArray[np.int64]]:
        """Raise the bound by subgradient steps; return the choices that came with each rise."""
        walks = self.walks
        near, second, _ = self._by_exchange.nearest(self.best)
        payments = walks.weight * np.minimum((near + np.minimum(second, 3 * near)) / 2, walks.base)
        kept, pace, stalled, highest = payments, 1.0, 0, -np.inf
        course = np.zeros(len(payments))
        choices: list[NDArray[np.int64]] = []
        target = self.value if np.isfinite(self.value) else float((walks.weight * near).sum())
        for _ in range(_STEPS):
            most, _, top = self.allowance.best_sum(self._offers(payments), walks.price)
            bound = float(np.minimum(payments, self._alone).sum()) - most
            if bound > highest:
                stalled = 0 if bound > highest + 1e-5 * abs(target) else stalled + 1
                highest, kept = bound, payments
                choices.append(top)
                if bound > self.bound:
                    self.payments = payments
                self.limit(bound)
            else:
                stalled += 1
            if self.enough or self.watch.stop:
                break
            if stalled > _STALLED:
                pace, stalled, payments = pace / 2, 0, kept
                if pace < 1e-4:  # noqa: PLR2004 - no step is felt any more
                    break
                continue
            taken = np.zeros(len(walks.price), dtype=bool)
            taken[top] = True
            paid = taken[walks.column] & (
                payments[walks.row] > walks.weight[walks.row] * walks.cost
            )
            served = np.bincount(walks.row[paid], minlength=len(payments))
            slope = 1.0 - served - (payments > self._alone)
            course = slope + KEPT * course
            length = float(course @ course)
            if not slope.any() or length == 0:  # nothing calls for a step; the old ones fade
                break
            step = pace * max(1.01 * target - bound, CLOSE * target) / length
            payments = np.maximum(payments + step * course, 0.0)
        return choices

    def _undecided(self) -> Walks:
        """Return the walks that a choice as good as the best may have."""
        walks = self.walks
        offers = self._offers(self.payments)
        most, _, _ = self.allowance.best_sum(offers, walks.price)
        base = float(np.minimum(self.payments, self._alone).sum())
        slack = 1e-7 * max(1.0, self.value)
        may = self.allowance.undecided(offers, walks.price, -base, -self.value)
        may[self.best] = True
        over = walks.weight[walks.row] * walks.cost - self.payments[walks.row]
        pairs = may[walks.column] & (over <= self.value - (base - most) + slack)
        taken = np.zeros(len(may), dtype=bool)
        taken[self.best] = True
        return walks.kept(pairs | taken[walks.column])

    def _programme(self, walks: Walks, sites: NDArray[np.int64]) -> tuple[Programme, float]:
        """Return the programme over some sites, and what every choice costs besides.

        A row's distances, nearest first: behind the sites stands a column for each, which is 1 if
        nothing is open up to it, and costs the step to the next distance.
        """
        at = np.searchsorted(sites, walks.column)
        row, cost = walks.row, walks.cost
        step = np.ones(len(row), dtype=bool)
        step[1:] = (np.diff(row) != 0) | (np.diff(cost) != 0)
        level = np.cumsum(step) - 1  # the distance that each pair stands at
        rows, costs = row[step], cost[step]
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = np.diff(rows) != 0
        first = np.ones(len(rows), dtype=bool)
        first[1:] = np.diff(rows) != 0
        after = np.where(last, walks.base[rows], np.append(costs[1:], 0.0))
        must = ~np.isfinite(after)  # nothing lies beyond: one of the sites up to here is open
        after = np.where(must, costs, after)
        count, levels = len(sites), len(rows)
        matrix = sparse.csr_array(
            (
                np.concatenate([np.ones(len(at)), np.ones(levels), -np.ones(int((~first).sum()))]),
                (
                    np.concatenate([level, np.arange(levels), np.flatnonzero(~first)]),
                    np.concatenate(
                        [at, count + np.arange(levels), count + np.flatnonzero(~first) - 1]
                    ),
                ),
            ),
            shape=(levels, count + levels),
        )
        weight = walks.weight[rows]
        top = np.ones(count + levels)
        top[count:][must] = 0.0
        programme = Programme(
            cost=np.concatenate([np.zeros(count), weight * (after - costs)]),
            matrix=matrix,
            low=first.astype(np.float64),
            high=np.full(levels, np.inf),
            sites=count,
            most=top,
        )
        price = np.zeros(count + levels)
        price[:count] = walks.price[sites]
        if self.allowance.budget is not None:
            amounts, most = in_whole(price, float(self.allowance.budget))
            programme = programme.also(amounts, -np.inf, most)
        if self.allowance.sites is not None:
            programme = programme.also(
                (np.arange(count + levels) < count).astype(float), -np.inf, self.allowance.sites
            )
        alone = np.ones(len(walks.weight), dtype=bool)
        alone[rows] = False
        fixed = float((weight * costs)[first].sum()) + float(self._alone[alone].sum())
        return programme, fixed

    def _matrix(self, walks: Walks) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the sites of walks, and weight × cost of every pair; inf where one is absent."""
        sites = np.union1d(np.unique(walks.column), self.best)
        costs = np.full((len(walks.weight), len(sites)), np.inf)
        at = np.searchsorted(sites, walks.column)
        costs[walks.row, at] = walks.weight[walks.row] * walks.cost
        return sites, costs

    def _by_branching(self, walks: Walks) -> None:
        sites, costs = self._matrix(walks)
        price = walks.price[sites]
        found = branch(
            costs,
            self._alone,
            price,
            self.allowance,
            value=self.value,
            payments=self.payments,
            watch=self.watch,
        )
        if found.columns is not None:
            self.take(sites[found.columns])
        self.limit(self.value if found.finished else found.bound)

    def _by_programme(self, walks: Walks) -> None:
        sites = np.union1d(np.unique(walks.column), self.best)
        programme, fixed = self._programme(walks, sites)
        start = None
        if np.isfinite(self.value):
            start = self._start(programme, np.searchsorted(sites, self.best))
        rounds = max(20, min(self.watch.effort.nodes, 400_000_000 // (programme.matrix.nnz + 1)))
        solved = solve(programme, self.watch, start=start, rounds=rounds)
        if solved.values is not None:
            self.take(sites[solved.chosen(len(sites))])
        bound = fixed + solved.bound
        slack = 10 * PROVEN * max(1.0, self.value)
        if not np.isnan(bound):
            self.limit(self.value if bound >= self.value - slack else bound)

    @staticmethod
    def _start(programme: Programme, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        values = np.zeros(len(programme.cost))
        values[chosen] = 1.0
        levels = len(programme.cost) - programme.sites
        matrix = programme.matrix[:levels]
        opened = np.asarray(matrix[:, : programme.sites] @ values[: programme.sites])
        nothing = 0.0
        for i in range(levels):
            before = 1.0 if programme.low[i] == 1.0 else nothing
            nothing = 1.0 if before == 1.0 and opened[i] == 0 else 0.0
            values[programme.sites + i] = nothing
        return values

    def only_one(self) -> bool | None:
        """Take the cheapest choice as good, of those the smallest; return whether it is alone.

        A cheaper one may have more sites: how many there are is asked once the price is settled.
        """
        if not len(self.best):
            return True
        walks = self._undecided()
        if len(walks.weight) * len(np.unique(walks.column)) > _MATRIX:
            return None
        ground = self._matrix(walks)
        price = self.walks.price[ground[0]]
        if not (price == price[0]).all() and not self._cheapest(*ground):
            return None  # with one price for all the fewest are the cheapest
        for _ in range(_AGAIN):
            spent, count = self._spent(), len(self.best)
            for most in (count, count - 1):  # any one of as many ends a search, not the smallest
                found = self._another(*ground, Allowance(most, spent))
                if found.columns is None:
                    return (most == count) if found.finished else None
            self.take(ground[0][found.columns])
        return None

    def _cheapest(self, sites: NDArray[np.int64], costs: NDArray[np.float64]) -> bool:
        """Take cheaper choices that are as good, of any number; return whether none is left."""
        for _ in range(_AGAIN):
            spent = self._spent()
            less = spent - _CHEAPER * max(1.0, spent)
            if less < 0:
                return True
            found = self._another(sites, costs, Allowance(self.allowance.sites, less))
            if found.columns is None:
                return found.finished
            self.take(sites[found.columns])
        return False

    def _spent(self) -> float:
        return float(self.walks.price[self.best].sum())

    def _another(
        self, sites: NDArray[np.int64], costs: NDArray[np.float64], allowance: Allowance
    ) -> Branches:
        """Search a choice as good as the best within an allowance; any one ends the search."""
        return branch(
            costs,
            self._alone,
            self.walks.price[sites],
            allowance,
            value=self.value,
            payments=self.payments,
            watch=self.watch,
            barred=np.searchsorted(sites, self.best),
        )
