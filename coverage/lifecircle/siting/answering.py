"""From a table of costs to an answer: which model, and what its choice is worth by the table.

Whatever a solver said, the objective, who is served by whom and who is left out are worked out
here from the costs that were handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.finding import meets
from lifecircle.model.results.siting import SitingAnswer
from lifecircle.siting.cover_all import cover_all
from lifecircle.siting.cover_most import cover_most
from lifecircle.siting.least_walking import least_walking
from lifecircle.siting.search import reduction
from lifecircle.siting.search.allowance import Allowance, Choice
from lifecircle.siting.search.effort import PROVEN, Watch, gap_between, watched
from lifecircle.siting.search.walks import Walks
from lifecircle.siting.worst_off import fitting_cover, worst_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lifecircle.model.siting.task import SitingTask

__all__ = ["Wanted", "choose_sites"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a task.

    Parameters
    ----------
    model
        One of :data:`lifecircle.model.siting.words.SITING_MODELS`.
    limit
        Largest cost that still counts as covered, inclusive; inf without one.
    sites, budget
        Most sites to add to the existing ones, most price of them; None is no limit. ``lscp``
        asks for neither.
    cheapest
        ``lscp``: least price instead of fewest sites.
    """

    model: str
    limit: float = float("inf")
    sites: int | None = None
    budget: float | None = None
    cheapest: bool = False

    @property
    def allowance(self) -> Allowance:
        """How much may be built."""
        return Allowance(self.sites, self.budget)


def choose_sites(task: SitingTask, wanted: Wanted, watch: Watch | None = None) -> SitingAnswer:
    """Choose sites for a task.

    The same task gives the same answer, in whatever order its rows were. A first Ctrl-C ends the
    search with the best so far.

    Raises
    ------
    ValueError
        If the model is not known, or a number of sites, a budget or a limit is negative.
    """
    if wanted.model not in _MODELS:
        raise ValueError(f"no such model: {wanted.model}")
    for number in (wanted.limit, wanted.sites or 0, wanted.budget or 0.0):
        if not number >= 0:
            raise ValueError("the number of sites, the budget and the limit are 0 or more")
    watch = watch or Watch()
    with watched(watch):
        answer = _MODELS[wanted.model](task, wanted, watch)
    return _told(task, wanted, watch, answer)


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """A model's choice as site numbers, its bound, and whom no site can serve."""

    sites: NDArray[np.int64]
    bound: float | None
    unique: bool | None
    unreachable: NDArray[np.bool_]
    feasible: bool = True
    answered: bool = field(default=True)


def _pairs(
    task: SitingTask, limit: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Return which pairs count, those of them that may be chosen, and the sites' numbers then."""
    near = meets(task.cost, "<=", limit) & ~task.forbidden[task.column]
    free = np.flatnonzero(task.open_to_choice).astype(np.int64)
    return near, near & ~task.fixed[task.column], free


def _cover(
    task: SitingTask, limit: float
) -> tuple[Any, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the cover of demand by free sites, whom fixed ones cover, whom nobody can, numbers."""
    near, free_pairs, free = _pairs(task, limit)
    held = np.zeros(len(task.demand), dtype=bool)
    held[task.row[near & task.fixed[task.column]]] = True
    number = np.full(len(task.sites), -1)
    number[free] = np.arange(len(free))
    kept = free_pairs & ~held[task.row]
    matrix = reduction.cover_of(
        task.row[kept], number[task.column[kept]], (len(task.demand), len(free))
    )
    none = (np.diff(matrix.indptr) == 0) & ~held
    return matrix, held, none, free


def _lscp(task: SitingTask, wanted: Wanted, watch: Watch) -> _Chosen:
    matrix, held, none, free = _cover(task, wanted.limit)
    price = task.price[free]
    asked = matrix[~held & ~none]
    if wanted.cheapest:
        choice = cover_all(asked, price, watch)
        bound = choice.bound
    else:
        # fewest first, then cheapest: one price whose whole parts count the sites
        most = float(price.sum()) + 1.0
        same = len(price) == 0 or bool((price == price[0]).all())
        choice = (
            cover_all(asked, np.ones(len(price)), watch)
            if same
            else cover_all(asked, price, watch, each=most)
        )
        bound = choice.bound if same else _fewest(choice, most)
    return _Chosen(free[choice.columns], bound, choice.unique, none, feasible=not none.any())


def _fewest(choice: Choice, most: float) -> float:
    """Return how many sites at least a choice has whose price with ``most`` a site is bounded."""
    if choice.bound == choice.value:
        return float(len(choice.columns))
    return float(min(np.ceil(choice.bound / (2 * most)), len(choice.columns)))


def _mclp(task: SitingTask, wanted: Wanted, watch: Watch) -> _Chosen:
    matrix, held, none, free = _cover(task, wanted.limit)
    weight = np.where(held, 0.0, task.weight)
    watch.besides = float(task.weight[held].sum())
    choice = cover_most(matrix, weight, task.price[free], wanted.allowance, watch)
    bound = choice.bound + watch.besides
    return _Chosen(free[choice.columns], bound, choice.unique, none)


def _walks(
    task: SitingTask, counted: NDArray[np.bool_]
) -> tuple[Walks, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the walks of the demand that counts and is reached, the sites, and who is not."""
    near, free_pairs, free = _pairs(task, float("inf"))
    base = np.full(len(task.demand), np.inf)
    held = near & task.fixed[task.column]
    np.minimum.at(base, task.row[held], task.cost[held])
    reached = np.isfinite(base)
    reached[task.row[free_pairs]] = True
    asked = np.flatnonzero(reached & counted)
    row_number = np.full(len(task.demand), -1)
    row_number[asked] = np.arange(len(asked))
    site_number = np.full(len(task.sites), -1)
    site_number[free] = np.arange(len(free))
    kept = np.flatnonzero(free_pairs & (row_number[task.row] >= 0))
    row, column, cost = row_number[task.row[kept]], site_number[task.column[kept]], task.cost[kept]
    order = np.lexsort((column, cost, row))
    walks = Walks(
        row[order], column[order], cost[order], task.weight[asked], base[asked], task.price[free]
    )
    return walks, free, ~reached


def _walking(
    solver: Callable[[Walks, Allowance, Watch], Choice],
    task: SitingTask,
    wanted: Wanted,
    watch: Watch,
    counted: NDArray[np.bool_],
) -> _Chosen:
    walks, free, none = _walks(task, counted)
    open_rows = ~np.isfinite(walks.base)
    number = np.cumsum(open_rows) - 1
    pairs = open_rows[walks.row]
    matrix = reduction.cover_of(
        *_sorted(number[walks.row[pairs]], walks.column[pairs]),
        (int(open_rows.sum()), len(free)),
    )
    step = fitting_cover(matrix, walks.price, wanted.allowance, watch)
    if step.choice is None:
        # some cannot be reached with so little: the choice that reaches most
        weight = walks.weight[open_rows]
        most = cover_most(matrix, weight, walks.price, wanted.allowance, watch)
        return _Chosen(free[most.columns], None, None, none, feasible=False, answered=False)
    choice = solver(walks, wanted.allowance, watch)
    return _Chosen(free[choice.columns], choice.bound, choice.unique, none)


def _sorted(
    row: NDArray[np.int64], column: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.lexsort((column, row))
    return row[order], column[order]


def _p_median(task: SitingTask, wanted: Wanted, watch: Watch) -> _Chosen:
    return _walking(least_walking, task, wanted, watch, task.weight > 0)


def _p_center(task: SitingTask, wanted: Wanted, watch: Watch) -> _Chosen:
    everybody = np.ones(len(task.demand), dtype=bool)
    return _walking(worst_off, task, wanted, watch, everybody)


_MODELS: dict[str, Callable[[SitingTask, Wanted, Watch], _Chosen]] = {
    "lscp": _lscp,
    "mclp": _mclp,
    "p-median": _p_median,
    "p-center": _p_center,
}


def _nearest(
    task: SitingTask, sites: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cost to the nearest open site of each demand (inf: none), and the site (or -1)."""
    opened = task.fixed.copy()
    opened[sites] = True
    at = np.flatnonzero(opened[task.column])
    # of sites as near the first by id
    order = at[np.lexsort((task.column[at], task.cost[at], task.row[at]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(task.row[order]) != 0
    near = np.full(len(task.demand), np.inf)
    site = np.full(len(task.demand), -1, dtype=np.int64)
    near[task.row[order[first]]] = task.cost[order[first]]
    site[task.row[order[first]]] = task.column[order[first]]
    return near, site


def _objective(task: SitingTask, wanted: Wanted, answer: _Chosen) -> float:
    near, _ = _nearest(task, answer.sites)
    if wanted.model == "lscp":
        chosen = task.price[answer.sites]
        return float(chosen.sum()) if wanted.cheapest else float(len(chosen))
    if wanted.model == "mclp":
        return float(task.weight[meets(near, "<=", wanted.limit)].sum())
    reached = np.isfinite(near)
    if wanted.model == "p-median":
        return float(task.weight[reached] @ near[reached])
    return float(near[reached].max(initial=0.0))


def _told(task: SitingTask, wanted: Wanted, watch: Watch, answer: _Chosen) -> SitingAnswer:
    near, site = _nearest(task, answer.sites)
    covered = np.asarray(meets(near, "<=", wanted.limit)) & (site >= 0)
    objective = _objective(task, wanted, answer) if answer.answered else None
    bound = _true_bound(wanted.model, objective, answer.bound)
    proven = objective is not None and bound == objective
    served = covered if wanted.model in {"lscp", "mclp"} else site >= 0
    names = task.sites
    return SitingAnswer(
        model=wanted.model,
        objective=objective,
        bound=bound,
        gap=None if objective is None or bound is None else gap_between(objective, bound),
        proven=proven,
        unique=answer.unique if proven else None,
        ended=watch.ended(proven=proven or not answer.answered),
        sites=tuple(names[i] for i in answer.sites),
        fixed=tuple(name for name, kept in zip(names, task.fixed, strict=True) if kept),
        price=float(task.price[answer.sites].sum()),
        assigned={task.demand[i]: names[site[i]] for i in np.flatnonzero(served)},
        uncovered=tuple(task.demand[i] for i in np.flatnonzero(~covered)),
        unreachable=tuple(task.demand[i] for i in np.flatnonzero(answer.unreachable)),
        feasible=answer.feasible,
        places=len(answer.sites),
        weight=float(task.weight.sum()),
        covered_weight=float(task.weight[covered].sum()),
    )


def _true_bound(model: str, objective: float | None, bound: float | None) -> float | None:
    """Return the bound, no better than what was found; what proves it is told as equal."""
    if objective is None or bound is None:
        return None
    bound = max(bound, objective) if model == "mclp" else min(bound, objective)
    return objective if gap_between(objective, bound) <= PROVEN else bound
