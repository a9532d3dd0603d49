"""Provision: places and their sizes, so that every deficit is met at the least price.

A capacitated location problem whose capacities are chosen: each place costs its fixed price and
each m², is no smaller than the single minimum and no larger than the site offers, and each m²
serves once. Areas that the same sites may serve are one; parts that share nothing are solved
alone.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.results.siting import ProvisionAnswer
from lifecircle.siting.search import reduction
from lifecircle.siting.search.effort import Watch, gap_between, watched
from lifecircle.siting.search.part_search import PartSearch
from lifecircle.siting.search.sizing import Part, Plan, in_hundredths, sizes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.model.siting.provision import Offer, ProvisionTask

__all__ = ["OtherPlan", "Provision", "provide"]


def provide(
    task: ProvisionTask,
    watch: Watch | None = None,
    *,
    count_first: bool = True,
    remedies: Mapping[str, float] | None = None,
) -> ProvisionAnswer:
    """Choose places and sizes that meet every deficit that can be met.

    Parameters
    ----------
    count_first
        Fewest new places, then fewest m²; the prices of the offers are then only added up. Else
        the least price.
    remedies
        Area → m² that it would build by itself. With places counted first, areas that the same
        sites may serve have together no more places than there are of them, and no more m² than
        these, wherever the offers allow it; :attr:`Provision.beyond_alone` tells where not.
    """
    return Provision(task, watch, count_first=count_first, remedies=remedies).answer


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Another plan: what was minimised, its new places, m² to build, and m² that stay unmet.

    ``sizes`` and ``spare`` are as the answer's: m² of each new place, and of each that exists.
    """

    objective: float
    sites: tuple[str, ...]
    m2: float
    unmet: float
    sizes: Mapping[str, float] = field(default_factory=dict)
    spare: Mapping[str, float] = field(default_factory=dict)


class Provision:
    """The best plan, and others beside it.

    Parameters
    ----------
    task, watch, count_first, remedies
        As :func:`provide` has them.
    """

    def __init__(
        self,
        task: ProvisionTask,
        watch: Watch | None = None,
        *,
        count_first: bool = True,
        remedies: Mapping[str, float] | None = None,
    ) -> None:
        self.task, self.watch = task, watch or Watch()
        with watched(self.watch):
            whole, too_small = _whole(task, count_first=count_first)
            self.parts: list[PartSearch] = []
            for part in _parts(whole, _alone(task, remedies) if count_first else None):
                self.parts.append(PartSearch(part, self.watch, count_first=count_first))
                plans = [one.plan for one in self.parts]
                value, bound = (sum(getattr(p, name) for p in plans) for name in ("value", "bound"))
                self.watch.tell(value, bound)
        self.answer = _told(
            task, too_small, [(one.whole, one.plan) for one in self.parts], self.watch
        )

    @property
    def beyond_alone(self) -> tuple[str, ...]:
        """Areas that have together more places or m² than by themselves: the offers allow no less.

        Whole groups of areas that the same sites may serve, in their own order.
        """
        over = [one.whole.areas for one in self.parts if one.whole.beyond(one.plan)]
        return tuple(sorted(self.task.demand[int(area)] for areas in over for area in areas))

    def others(self, count: int) -> list[OtherPlan]:
        """Return the next best plans, the best first; there may be fewer.

        Exact as far as each search is: the best plans of every part in order (each bars the sets of
        places before it, and what only adds to them), put together. Whoever can be served is.
        """
        with watched(self.watch):
            return self._others(count)

    def _others(self, count: int) -> list[OtherPlan]:
        lists: list[list[Plan]] = [[one.plan] for one in self.parts]

        def has(part: int, rank: int) -> bool:
            while len(lists[part]) <= rank:
                more = None if self.watch.stop else self.parts[part].next()
                if more is None:
                    return False
                lists[part].append(more)
            return True

        found: list[OtherPlan] = []
        first = (0,) * len(lists)
        seen, heap = {first}, [(0.0, first)]
        while heap and len(found) <= count:
            _, ranks = heapq.heappop(heap)
            found.append(self._put_together([lists[k][rank] for k, rank in enumerate(ranks)]))
            for part in range(len(lists)):
                more = (*ranks[:part], ranks[part] + 1, *ranks[part + 1 :])
                if more not in seen and has(part, more[part]):
                    seen.add(more)
                    worse = (lists[k][r].value - lists[k][0].value for k, r in enumerate(more))
                    heapq.heappush(heap, (float(sum(worse)), more))
        return found[1:]

    def with_one_less(self) -> OtherPlan | None:
        """Return what the best plan with one new place less leaves unmet least; None: none less."""
        return self._changed(-1)

    def with_one_more(self) -> OtherPlan | None:
        """Return the plan of fewest m² with one new place more; None: nothing is built."""
        return self._changed(1)

    def _changed(self, more: int) -> OtherPlan | None:
        """Return the plan with so many places more in the part where that is best."""
        best: tuple[tuple[float, float], int, Plan] | None = None
        with watched(self.watch):
            for k, part in enumerate(self.parts):
                places = int((part.plan.opened & part.whole.new).sum())
                if not places or self.watch.stop:
                    continue
                plan = part.within(places + more)
                if plan is None:
                    continue
                unmet = float(plan.unmet.sum() - part.plan.unmet.sum())
                change = (round(unmet, 3), _m2(part.whole, plan) - _m2(part.whole, part.plan))
                if best is None or change < best[0]:
                    best = (change, k, plan)
        if best is None:
            return None
        plans = [one.plan for one in self.parts]
        plans[best[1]] = best[2]
        return self._put_together(plans)

    def _put_together(self, plans: list[Plan]) -> OtherPlan:
        both = list(zip((one.whole for one in self.parts), plans, strict=True))
        sizes, spare = _sizes(self.task, both)
        return OtherPlan(
            objective=float(sum(plan.value for plan in plans)),
            sites=tuple(sorted(sizes)),
            m2=in_hundredths(math.fsum(sizes.values())),
            unmet=float(sum(plan.unmet.sum() for plan in plans)),
            sizes=sizes,
            spare=spare,
        )


def _sizes(
    task: ProvisionTask, plans: list[tuple[Part, Plan]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the m² to build of each new place, and the spare m² of each that exists."""
    sizes: dict[str, float] = {}
    spare: dict[str, float] = {}
    for part, plan in plans:
        size = sizes_of(part, plan)
        for at in np.flatnonzero(plan.opened):
            site = int(part.sites[at])
            into = spare if task.offers[site].existing else sizes
            into[task.sites[site]] = in_hundredths(float(size[at]) - float(part.standing[at]))
    return dict(sorted(sizes.items())), dict(sorted(spare.items()))


def _m2(part: Part, plan: Plan) -> float:
    """Return the m² to be built of a plan."""
    new = plan.opened & part.new
    return float((sizes_of(part, plan) - part.standing)[new].sum())


def _alone(task: ProvisionTask, remedies: Mapping[str, float] | None) -> NDArray[np.float64] | None:
    """Return the m² that each area would build by itself."""
    if remedies is None:
        return None
    return np.array([remedies.get(area, np.inf) for area in task.demand], dtype=float)


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
        new=new,
    )
    return part, tuple(task.sites[at] for at in np.flatnonzero(too_small))


def _of_new(offers: tuple[Offer, ...], name: str) -> NDArray[np.float64]:
    """Return a figure of each offer; 0 of what exists."""
    return np.array([0.0 if one.existing else getattr(one, name) for one in offers], dtype=float)


def _parts(whole: Part, alone: NDArray[np.float64] | None) -> list[Part]:
    """Return the parts that share nothing, each with the places and m² it may have at most."""
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
                new=whole.new[sites],
                most_places=np.inf if alone is None else len(areas),
                most_m2=np.inf if alone is None else float(alone[areas].sum()),
            )
        )
    return parts


def _told(
    task: ProvisionTask,
    too_small: tuple[str, ...],
    plans: list[tuple[Part, Plan]],
    watch: Watch,
) -> ProvisionAnswer:
    sizes, spare = _sizes(task, plans)
    by_site = dict(zip(task.sites, task.offers, strict=True))
    price = sum(by_site[site].fixed + by_site[site].per_m2 * m2 for site, m2 in sizes.items())
    shares: list[tuple[str, str, float]] = []
    unmet: dict[str, float] = {}
    for part, plan in plans:
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
    proven = all(plan.bound >= plan.value for _, plan in plans)
    return ProvisionAnswer(
        sizes=sizes,
        spare=spare,
        shares=tuple(sorted(shares)),
        unmet=dict(sorted(unmet.items())),
        too_small=too_small,
        places=len(sizes),
        m2=in_hundredths(math.fsum(sizes.values())),
        price=price,
        objective=objective,
        bound=objective if proven else bound,
        gap=0.0 if proven else gap_between(objective, bound),
        proven=proven,
        ended=watch.ended(proven=proven),
    )
