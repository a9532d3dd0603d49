"""The best places and sizes of one part: merged, started from a greedy plan, solved, bounded."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lifecircle.siting.search import reduction
from lifecircle.siting.search.effort import CLOSE, PROVEN, gap_between
from lifecircle.siting.search.programme import Programme, solve
from lifecircle.siting.search.sizing import (
    HAIR_M2,
    Part,
    Plan,
    least_unmet,
    plan_of,
    sizes_of,
    sizing_programme,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = ["PartSearch"]

_DROPS = 40
_LOOSE_M2 = 1e-3
"""More than the least that stays unmet: less than anybody is told."""
_HIDDEN_M2 = 0.005
"""Half a hundredth: no m² that anybody is told are nearer."""


class PartSearch:
    """One part: its best plan, the next best ones, and the best with another number of places.

    Parameters
    ----------
    whole
        The part.
    count_first
        Places are counted first, then m²: no more of either than the part may have, if that can
        be.
    """

    def __init__(self, whole: Part, watch: Watch, *, count_first: bool) -> None:
        self.whole, self.watch, self.count_first = whole, watch, count_first
        self.part, self.group = _merged(whole)
        self.empty = not len(whole.row)
        self._barred: list[NDArray[np.int64]] = []
        self._unmet = 0.0
        self.plan = self._none() if self.empty else self._best()

    def _none(self) -> Plan:
        none = np.zeros(len(self.whole.most), dtype=bool)
        return Plan(none, np.zeros(len(self.whole.row)), self.whole.deficit, 0.0, 0.0)

    def _best(self) -> Plan:
        unmet = least_unmet(self.part)
        self._unmet = unmet + HAIR_M2 if unmet > HAIR_M2 else 0.0
        found = self._searched(sizing_programme(self.part, self._unmet))
        if found is None and self.part.limited:
            # what nobody offers the areas alone cannot be kept to
            self.part = self.part.unlimited()
            found = self._searched(sizing_programme(self.part, self._unmet))
        if found is None:
            return self._none()
        return self._kept(found)

    def _searched(self, programme: Programme) -> tuple[Plan, float] | None:
        best, values = _started(self.part, programme, self.watch)
        solved = solve(programme, self.watch, start=values)
        best = _better(best, plan_of(self.part, programme, solved))
        if best is None:
            return None
        bound = _true(self.part, best, solved.bound)
        hides = PROVEN * best.value > _HIDDEN_M2
        if self.count_first and (hides or bound < best.value):
            best, bound = _fewest_m2(self.part, programme, best, bound, self.watch)
        return best, bound

    def _kept(self, found: tuple[Plan, float]) -> Plan:
        plan, bound = found
        self._barred.append(np.flatnonzero(plan.opened & self.part.new))
        return _unmerged(self.whole, self.part, self.group, plan, bound)

    def next(self) -> Plan | None:
        """Return the best plan with none of the sets of places told before in it; None: no more.

        A set that only adds places to one told before is no other plan.
        """
        if self.empty or not self._barred or not all(len(one) for one in self._barred):
            return None
        programme = sizing_programme(self.part, self._unmet)
        for chosen in self._barred:
            row = np.zeros(len(programme.cost))
            row[chosen] = 1.0
            programme = programme.also(row, -np.inf, len(chosen) - 1.0)
        found = self._searched(programme)
        return None if found is None else self._kept(found)

    def within(self, places: int) -> Plan | None:
        """Return what so many new places at most can do: least unmet, then fewest m² or price."""
        if self.empty:
            return None
        part = self.part.unlimited()
        count = np.zeros(2 * len(part.most) + len(part.row) + len(part.deficit))
        count[: len(part.most)] = part.new
        programme = sizing_programme(part, np.inf).also(count, -np.inf, places)
        bare = np.zeros(len(count))
        bare[-len(part.deficit) :] = part.deficit
        least = solve(dataclasses.replace(programme, cost=bare), self.watch)
        if least.values is None:
            return None
        for hair in (HAIR_M2, _LOOSE_M2):  # to the solver's tolerance the least may be none
            unmet = float(bare @ least.values) + hair
            programme = sizing_programme(part, unmet).also(count, -np.inf, places)
            cost = programme.cost.copy()
            cost[: len(part.most)] -= part.place * part.count
            solved = solve(dataclasses.replace(programme, cost=cost), self.watch)
            plan = plan_of(part, programme, solved)
            if plan is not None:
                return _unmerged(self.whole, part, self.group, plan, -np.inf)
        return None


def _merged(part: Part) -> tuple[Part, NDArray[np.int64]]:
    """Return the part with areas that the same sites serve as one, and the group of each area."""
    if part.serve.any() or not len(part.row):
        return part, np.arange(len(part.deficit))
    matrix = reduction.cover_of(part.row, part.column, (len(part.deficit), len(part.most)))
    first, group = reduction.merged_rows(matrix)
    small = sparse.coo_array(matrix[first])
    deficit = np.zeros(len(first))
    np.add.at(deficit, group, part.deficit)
    order = np.lexsort((small.col, small.row))
    row, column = small.row[order].astype(np.int64), small.col[order].astype(np.int64)
    merged = dataclasses.replace(
        part,
        areas=part.areas[first],
        deficit=deficit,
        row=row,
        column=column,
        serve=np.zeros(len(row)),
    )
    return merged, group


def _better(one: Plan | None, other: Plan | None) -> Plan | None:
    """Return the cheaper plan; the first unless the other is clearly cheaper."""
    if one is None or other is None:
        return one or other
    return other if other.value < one.value - CLOSE * one.value else one


def _true(part: Part, plan: Plan, bound: float) -> float:
    """Return a bound that is no better than a plan, and equal to what it proves.

    A plan may leave a hair of the m² unmet, and the solver's rows give way by another: what these
    cost where they are dearest tells no plan from a better one.
    """
    bound = min(max(bound, 0.0), plan.value)
    hairs = 2 * HAIR_M2 * max(part.per_m2.max(initial=0.0), part.serve.max(initial=0.0))
    near = gap_between(plan.value, bound) <= PROVEN or plan.value - bound <= hairs
    return plan.value if near else bound


def _fewest_m2(
    part: Part, programme: Programme, best: Plan, bound: float, watch: Watch
) -> tuple[Plan, float]:
    """Bound the m² of as many places alone, once their number is proven.

    Places weigh so much that a solver's tolerance on them hides the last m².
    """
    each = part.place
    places = float(part.count[best.opened].sum())
    largest = min(float(part.most.sum()), float(part.deficit.sum() + part.least.sum()))
    if places <= 0 or bound <= (places - 1) * each + largest:
        return best, bound  # with a place less there might be another plan
    new = np.zeros(len(programme.cost))
    new[: programme.sites] = part.count
    cost = programme.cost.copy()
    cost[: programme.sites] -= each * part.count
    rest = Programme(
        cost, programme.matrix, programme.low, programme.high, programme.sites, programme.most
    )
    solved = solve(rest.also(new, -np.inf, places), watch)
    other = plan_of(part, programme, solved)
    counts = np.inf if other is None else float(part.count[other.opened].sum())
    if other is not None and counts <= places and _built(part, other) < _built(part, best):
        best = other
    if solved.bound >= _built(part, best) - _HIDDEN_M2:
        return best, best.value
    # nothing of it is proven by a share of what the places weigh
    return best, min(max(bound, places * each + solved.bound), best.value - _HIDDEN_M2)


def _built(part: Part, plan: Plan) -> float:
    """Return the m² to be built of a plan with places counted first."""
    return float((part.per_m2 * (sizes_of(part, plan) - part.standing))[plan.opened].sum())


def _started(
    part: Part, programme: Programme, watch: Watch
) -> tuple[Plan | None, NDArray[np.float64] | None]:
    """Return the better of two plans: area by area, and by adding what meets most for its price."""
    added = _fixed_sites(part, programme, _greedy(part), watch)
    alone = _fixed_sites(part, programme, _alone(part), watch)
    plan, values = added
    if plan is None or (alone[0] is not None and alone[0].value < plan.value):
        plan, values = alone
    if plan is None:
        plan, values = _fixed_sites(part, programme, np.ones(len(part.most), dtype=bool), watch)
    if plan is None:
        return None, None
    used = plan.opened
    order = np.argsort(sizes_of(part, plan)[used], kind="stable")
    for site in np.flatnonzero(used)[order][:_DROPS]:
        if watch.stop:
            break
        fewer = plan.opened.copy()
        fewer[site] = False
        found, given = _fixed_sites(part, programme, fewer, watch)
        if found is not None and found.value < plan.value * (1 - CLOSE):
            plan, values = found, given
    return plan, values


def _alone(part: Part) -> NDArray[np.bool_]:
    """Return the sites of the plan area by area: for each the cheapest that is for it alone."""
    serves = np.bincount(part.column, minlength=len(part.most))
    mine = np.flatnonzero(
        (serves[part.column] == 1) & (part.most[part.column] >= part.deficit[part.row])
    )
    row, column = part.row[mine], part.column[mine]
    size = np.maximum(part.deficit[row], part.least[column])
    price = part.opening[column] + part.per_m2[column] * size
    price += part.serve[mine] * part.deficit[row]
    order = np.lexsort((column, price, row))
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(row[order]) != 0
    opened = ~part.new  # what exists costs nothing
    opened[column[order[first]]] = True
    return opened


def _greedy(part: Part) -> NDArray[np.bool_]:
    """Return the sites that meet most for their price, one by one, until all is met."""
    left = part.deficit.copy()
    opened = np.zeros(len(part.most), dtype=bool)
    choices = np.bincount(part.row, minlength=len(left))  # whom few can serve is served first
    order = np.lexsort((choices[part.row], part.column))
    starts = np.searchsorted(part.column[order], np.arange(len(part.most) + 1))
    while True:
        reach = np.bincount(part.column, left[part.row], minlength=len(part.most))
        given = np.where(opened, 0.0, np.minimum(reach, part.most))
        price = part.opening + part.per_m2 * np.maximum(given, part.least) + CLOSE
        score = np.where(given > HAIR_M2, given / price, 0.0)
        site = int(score.argmax())
        if score[site] <= 0:
            return opened
        opened[site] = True
        mine = part.row[order[starts[site] : starts[site + 1]]]
        taken = np.minimum(left[mine], np.maximum(part.most[site] - _before(left[mine]), 0.0))
        left[mine] -= taken


def _before(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cumsum(amounts) - amounts


def _fixed_sites(
    part: Part, programme: Programme, opened: NDArray[np.bool_], watch: Watch
) -> tuple[Plan | None, NDArray[np.float64] | None]:
    """Return the best plan with given sites, and the programme's values of it."""
    most = np.ones(len(programme.cost)) if programme.most is None else programme.most.copy()
    sites = len(opened)
    most[:sites] = opened
    most[sites : 2 * sites] = np.where(opened, part.most, 0.0)
    rest = Programme(programme.cost, programme.matrix, programme.low, programme.high, 0, most)
    all_of_them = np.zeros(len(programme.cost))
    all_of_them[:sites] = opened
    solved = solve(rest.also(all_of_them, float(opened.sum()), np.inf), watch)
    plan = plan_of(part, programme, solved)
    return plan, None if plan is None else solved.values


def _unmerged(whole: Part, part: Part, group: NDArray[np.int64], plan: Plan, bound: float) -> Plan:
    """Return the plan with each area's own shares: those of its group, in proportion."""
    if len(whole.deficit) == len(part.deficit):
        return Plan(plan.opened, plan.flow, plan.unmet, plan.value, bound)
    portion = whole.deficit / part.deficit[group]
    shape = (len(part.deficit), len(part.most))
    flows = sparse.csr_array((plan.flow, (part.row, part.column)), shape=shape)
    flow = np.asarray(flows[group[whole.row], whole.column]).ravel() * portion[whole.row]
    return Plan(plan.opened, flow, plan.unmet[group] * portion, plan.value, bound)
