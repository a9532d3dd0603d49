"""Provision: places and their sizes, so that every deficit is met at the least price.

A capacitated location problem whose capacities are chosen: each place costs its fixed price and
each m², is no smaller than the single minimum and no larger than the site offers, and each m²
serves once. Areas that the same sites may serve are one; parts that share nothing are solved
alone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lifecircle.model.results.siting import ProvisionAnswer
from lifecircle.siting.search import reduction
from lifecircle.siting.search.effort import CLOSE, PROVEN, Watch, gap_between, watched
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

    from lifecircle.model.siting.provision import Offer, ProvisionTask

__all__ = ["provide"]

_DROPS = 40


def provide(
    task: ProvisionTask, watch: Watch | None = None, *, count_first: bool = True
) -> ProvisionAnswer:
    """Choose places and sizes that meet every deficit that can be met.

    Parameters
    ----------
    count_first
        Fewest new places, then fewest m²; the prices of the offers are then only added up. Else
        the least price.
    """
    watch = watch or Watch()
    with watched(watch):
        whole, too_small = _whole(task, count_first=count_first)
        plans = []
        for part in _parts(whole):
            plans.append((part, _solved(part, watch, count_first=count_first)))
            value, bound = (sum(getattr(p, name) for _, p in plans) for name in ("value", "bound"))
            watch.tell(value, bound)
    return _told(task, too_small, plans, watch)


def _whole(task: ProvisionTask, *, count_first: bool) -> tuple[Part, tuple[str, ...]]:
    """Return the task as one part, and the sites that offer less than a place needs."""
    offers = task.offers
    new = np.array([not one.existing for one in offers], dtype=bool)
    too_small = new & np.array([one.most_m2 < one.least_m2 for one in offers], dtype=bool)
    usable = ~too_small & np.array([one.most_m2 > 0 for one in offers], dtype=bool)
    kept = usable[task.column]
    reach = np.bincount(task.column[kept], task.deficit[task.row[kept]], minlength=len(task.sites))
    standing = _of_new(offers, "standing_m2")
    least = np.maximum(_of_new(offers, "least_m2"), standing)
    if count_first:
        per_m2, fixed = new.astype(float), np.zeros(len(offers))
    else:
        per_m2, fixed = _of_new(offers, "per_m2"), _of_new(offers, "fixed")
    part = Part(
        areas=np.arange(len(task.demand), dtype=np.int64),
        sites=np.arange(len(task.sites), dtype=np.int64),
        deficit=task.deficit,
        # no place is larger than what it could serve, or the least it may be
        most=np.minimum([one.most_m2 for one in offers], np.maximum(reach, least)),
        least=least,
        standing=standing,
        count=_of_new(offers, "counts"),
        # more than any plan's m²: a place weighs more than all that could be saved by it
        place=float(task.deficit.sum() + least.sum()) + 1.0 if count_first else 0.0,
        fixed=fixed,
        per_m2=per_m2,
        row=task.row[kept],
        column=task.column[kept],
        serve=np.zeros(int(kept.sum())) if count_first else task.serve[kept],
    )
    return part, tuple(task.sites[at] for at in np.flatnonzero(too_small))


def _of_new(offers: tuple[Offer, ...], name: str) -> NDArray[np.float64]:
    """Return a figure of each offer; 0 of what exists."""
    return np.array([0.0 if one.existing else getattr(one, name) for one in offers], dtype=float)


def _parts(whole: Part) -> list[Part]:
    shape = (len(whole.deficit), len(whole.most))
    count, of_row, of_column = reduction.components(
        reduction.cover_of(whole.row, whole.column, shape)
    )
    parts = []
    for number in range(count):
        areas, sites = np.flatnonzero(of_row == number), np.flatnonzero(of_column == number)
        pairs = of_row[whole.row] == number
        if not len(areas):
            continue
        parts.append(
            Part(
                areas=areas,
                sites=sites,
                deficit=whole.deficit[areas],
                most=whole.most[sites],
                least=whole.least[sites],
                standing=whole.standing[sites],
                count=whole.count[sites],
                place=whole.place,
                fixed=whole.fixed[sites],
                per_m2=whole.per_m2[sites],
                row=np.searchsorted(areas, whole.row[pairs]),
                column=np.searchsorted(sites, whole.column[pairs]),
                serve=whole.serve[pairs],
            )
        )
    return parts


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


def _solved(whole: Part, watch: Watch, *, count_first: bool) -> Plan:
    if not len(whole.row):
        none = np.zeros(len(whole.most), dtype=bool)
        return Plan(none, np.zeros(0), whole.deficit, 0.0, 0.0)
    part, group = _merged(whole)
    unmet = least_unmet(part)
    unmet = unmet + HAIR_M2 if unmet > HAIR_M2 else 0.0
    programme = sizing_programme(part, unmet)
    best, values = _started(part, programme, watch)
    solved = solve(programme, watch, start=values)
    best = _better(best, plan_of(part, programme, solved))
    if best is None:
        none = np.zeros(len(part.most), dtype=bool)
        best = Plan(none, np.zeros(len(part.row)), part.deficit, 0.0, 0.0)
    bound = _true(best, solved.bound)
    if count_first and bound < best.value:
        best, bound = _fewest_m2(part, programme, best, bound, watch)
    return _unmerged(whole, part, group, best, bound)


def _better(one: Plan | None, other: Plan | None) -> Plan | None:
    """Return the cheaper plan; the first unless the other is clearly cheaper."""
    if one is None or other is None:
        return one or other
    return other if other.value < one.value - CLOSE * one.value else one


def _true(plan: Plan, bound: float) -> float:
    """Return a bound that is no better than a plan, and equal to what it proves."""
    bound = min(max(bound, 0.0), plan.value)
    return plan.value if gap_between(plan.value, bound) <= PROVEN else bound


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
    best = _better(best, plan_of(part, programme, solved)) or best
    return best, max(bound, _true(best, places * each + solved.bound))


def _started(
    part: Part, programme: Programme, watch: Watch
) -> tuple[Plan | None, NDArray[np.float64] | None]:
    """Return a plan by adding what meets most for its price, then dropping and exchanging."""
    opened = _greedy(part)
    plan, values = _fixed_sites(part, programme, opened, watch)
    if plan is None:
        plan, values = _fixed_sites(part, programme, np.ones(len(opened), dtype=bool), watch)
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


def _told(
    task: ProvisionTask,
    too_small: tuple[str, ...],
    plans: list[tuple[Part, Plan]],
    watch: Watch,
) -> ProvisionAnswer:
    sizes: dict[str, float] = {}
    spare: dict[str, float] = {}
    shares: list[tuple[str, str, float]] = []
    unmet: dict[str, float] = {}
    price = 0.0
    for part, plan in plans:
        size = sizes_of(part, plan)
        for at in np.flatnonzero(plan.opened):
            site = int(part.sites[at])
            offer = task.offers[site]
            built = float(size[at]) - part.standing[at]
            (spare if offer.existing else sizes)[task.sites[site]] = built
            if not offer.existing:
                price += offer.fixed + offer.per_m2 * built
        for pair in np.flatnonzero(plan.flow > 0):
            area, site = (
                int(part.areas[part.row[pair]]),
                int(part.sites[part.column[pair]]),
            )
            m2 = float(plan.flow[pair])
            shares.append((task.demand[area], task.sites[site], m2))
            price += m2 * float(part.serve[pair])
        for at in np.flatnonzero(plan.unmet > 0):
            unmet[task.demand[int(part.areas[at])]] = float(plan.unmet[at])
    objective = sum(plan.value for _, plan in plans)
    bound = sum(plan.bound for _, plan in plans)
    proven = gap_between(objective, bound) <= PROVEN
    return ProvisionAnswer(
        sizes=dict(sorted(sizes.items())),
        spare=dict(sorted(spare.items())),
        shares=tuple(sorted(shares)),
        unmet=dict(sorted(unmet.items())),
        too_small=too_small,
        places=len(sizes),
        m2=float(sum(sizes.values())),
        price=price,
        objective=objective,
        bound=objective if proven else bound,
        gap=0.0 if proven else gap_between(objective, bound),
        proven=proven,
        ended=watch.ended(proven=proven),
    )
