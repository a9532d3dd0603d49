"""More than one answer: the best choices in order, and the order in which to build one."""

from __future__ import annotations

import dataclasses
import heapq
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.siting.words import COVERING
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.search.effort import Watch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.search.effort import Effort

__all__ = ["best_choices", "building_order", "gain_curve", "walking_order"]


def best_choices(
    task: SitingTask, wanted: Wanted, count: int, effort: Effort | None = None
) -> list[tuple[float, tuple[str, ...]]]:
    """Return the best choices, best first, as objective and sites.

    The choices left are parted by the first site of the last one that they lack (Lawler 1972), and
    the best of each part is sought. A choice that only adds sites to one told before is not told.
    Proven as far as each search is; a search without an answer ends its part.

    Parameters
    ----------
    count
        How many to tell; there may be fewer.
    """
    sign = -1.0 if wanted.model == "mclp" else 1.0
    told: list[tuple[float, tuple[str, ...]]] = []
    heap: list[tuple[float, tuple[str, ...], frozenset[str], frozenset[str]]] = []

    def look(inside: frozenset[str], outside: frozenset[str]) -> None:
        answer = _among(task, wanted, inside, outside, effort)
        if answer is not None and answer.objective is not None:
            sites = tuple(sorted({*answer.sites, *inside}))
            value = answer.objective
            if wanted.model == "lscp":  # what is held counts too
                held = [float(task.price[task.sites.index(site)]) for site in inside]
                value += sum(held) if wanted.cheapest else len(held)
            heapq.heappush(heap, (sign * value, sites, inside, outside))

    look(frozenset(), frozenset())
    while heap and len(told) < count:
        value, sites, inside, outside = heapq.heappop(heap)
        if sites not in {one for _, one in told}:
            told.append((sign * value, sites))
        held = set(inside)
        for site in sites:
            if site not in inside:
                look(frozenset(held), outside | {site})
                held.add(site)
    return told


def _among(
    task: SitingTask,
    wanted: Wanted,
    inside: frozenset[str],
    outside: frozenset[str],
    effort: Effort | None,
) -> SitingAnswer | None:
    """Return the best choice with some sites in it and others not."""
    built = np.array([name in inside for name in task.sites], dtype=bool)
    barred = np.array([name in outside for name in task.sites], dtype=bool)
    spent = float(task.price[built].sum())
    left = dataclasses.replace(
        wanted,
        sites=None if wanted.sites is None else wanted.sites - len(inside),
        budget=None if wanted.budget is None else max(wanted.budget - spent, 0.0),
    )
    changed = dataclasses.replace(
        task, fixed=task.fixed | built, forbidden=task.forbidden | (barred & ~task.fixed)
    )
    before = choose_sites(changed, left, Watch() if effort is None else Watch(effort))
    if wanted.model != "mclp" and before.unreachable:
        alone = choose_sites(task, wanted, Watch() if effort is None else Watch(effort))
        if len(before.unreachable) > len(alone.unreachable):
            return None  # without those sites somebody is left out who need not be
    return before


def building_order(task: SitingTask, limit: float, sites: tuple[str, ...]) -> list[str]:
    """Return chosen sites in the order in which each next one covers most weight besides.

    Of sites that gain the same the one that covers more demand comes first, then by id.
    """
    reached = _reached(task, limit)
    covered = np.zeros(len(task.demand), dtype=bool)
    covered |= np.asarray(reached[:, task.fixed]).any(axis=1)
    order: list[str] = []
    left = sorted(sites)
    while left:
        columns = [task.sites.index(site) for site in left]
        fresh = np.asarray(reached[:, columns]) & ~covered.reshape(-1, 1)
        gains = zip(-(task.weight @ fresh), -np.count_nonzero(fresh, axis=0), left, strict=True)
        site = min(gains)[2]
        covered |= reached[:, task.sites.index(site)]
        left.remove(site)
        order.append(site)
    return order


def _reached(task: SitingTask, limit: float) -> NDArray[np.bool_]:
    reached: NDArray[np.bool_] = np.zeros((len(task.demand), len(task.sites)), dtype=bool)
    near = meets(task.cost, "<=", limit)
    reached[task.row[near], task.column[near]] = True
    return reached


def walking_order(task: SitingTask, sites: tuple[str, ...]) -> list[str]:
    """Return chosen sites in the order in which each next one saves most weight × cost.

    Whom nothing reaches yet counts as farther than everybody else; of sites that save the same the
    first by id.
    """
    far = 2.0 * float(task.cost.max(initial=0.0)) + 1.0
    table = np.full((len(task.demand), len(task.sites)), far)
    table[task.row, task.column] = task.cost
    near = table[:, task.fixed].min(axis=1, initial=far)
    order: list[str] = []
    left = sorted(sites)
    while left:
        columns = [task.sites.index(site) for site in left]
        walks = task.weight @ np.minimum(near[:, None], table[:, columns])
        site = min(zip(walks, left, strict=True))[1]
        near = np.minimum(near, table[:, task.sites.index(site)])
        left.remove(site)
        order.append(site)
    return order


def gain_curve(
    task: SitingTask, wanted: Wanted, most: int, effort: Effort | None = None
) -> list[SitingAnswer]:
    """Return the best answer for 1, 2, … sites, until a further one gains nothing.

    To cover all is asked as to cover most. Numbers of sites that cannot reach everybody at all have
    no answer where walking is asked.
    """
    curve: list[SitingAnswer] = []
    model = "mclp" if wanted.model in COVERING else wanted.model
    for sites in range(1, most + 1):
        watch = Watch() if effort is None else Watch(effort)
        answer = choose_sites(task, Wanted(model, wanted.limit, sites), watch)
        if len(answer.sites) < sites:
            break
        if answer.objective is not None:
            curve.append(answer)
    return curve
