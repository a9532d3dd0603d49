"""Worst-off first (p-center): the sites, within an allowance, that leave the longest walk shortest.

The answer is one of the costs in the table: each step of a binary search asks whether a cover of
all within that cost fits the allowance (Minieka 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.siting.cover_all import cover_all
from lifecircle.siting.search import reduction
from lifecircle.siting.search.allowance import Allowance, Choice
from lifecircle.siting.search.programme import Programme, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch
    from lifecircle.siting.search.walks import Walks

__all__ = ["fitting_cover", "worst_off"]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Whether a cover fits: a choice that does, or whether it is known that none does."""

    choice: Choice | None
    refuted: bool


def worst_off(walks: Walks, allowance: Allowance, watch: Watch) -> Choice:
    """Choose the sites that leave the largest cost to the nearest least.

    Every row can be served within the allowance: whoever calls has found that out. Weights do not
    count: each row is somebody's walk.

    Returns
    -------
    Choice
        ``value`` is the largest cost, ``bound`` never above it; of choices as good, the one with
        the fewest sites, and then the cheapest (with a budget: the cheapest first).
    """
    if not len(walks.base):
        return Choice(np.zeros(0, dtype=np.int64), 0.0, 0.0, unique=True)
    nearest = walks.base.copy()
    np.minimum.at(nearest, walks.row, walks.cost)
    floor = float(nearest.max())
    tried = np.unique(np.append(walks.cost, walks.base[np.isfinite(walks.base)]))
    tried = tried[tried >= floor]
    low, high = 0, len(tried) - 1
    bound, best = floor, None
    while low < high and not watch.stop:
        middle = (low + high) // 2
        step = _within(walks, float(tried[middle]), allowance, watch)
        if step.choice is not None:
            best, high = step.choice.columns, middle
        else:
            low = middle + 1
            if step.refuted:  # and with it every shorter cost
                bound = max(bound, float(tried[low]))
        watch.tell(float(tried[high]), bound)
    last = _last(walks, float(tried[high]), allowance, watch)
    columns = last.columns if last is not None else best
    if columns is None:
        columns = np.unique(walks.column)
    value = _longest(walks, columns)
    bound = min(value, bound)
    unique = last.unique if last is not None and bound == value else None
    return Choice(columns, value, bound, unique)


def _longest(walks: Walks, columns: NDArray[np.int64]) -> float:
    taken = np.isin(walks.column, columns)
    near = walks.base.copy()
    np.minimum.at(near, walks.row[taken], walks.cost[taken])
    return float(near.max())


def _cover(walks: Walks, cost: float) -> Any:
    near = walks.cost <= cost
    asked = np.flatnonzero(walks.base > cost)
    at = np.full(len(walks.base), -1)
    at[asked] = np.arange(len(asked))
    near &= at[walks.row] >= 0
    return reduction.cover_of(
        at[walks.row[near]], walks.column[near], (len(asked), len(walks.price))
    )


def _within(walks: Walks, cost: float, allowance: Allowance, watch: Watch) -> _Step:
    return fitting_cover(_cover(walks, cost), walks.price, allowance, watch)


def fitting_cover(
    matrix: Any, price: NDArray[np.float64], allowance: Allowance, watch: Watch
) -> _Step:
    """Find a cover of all rows that fits the allowance, or that there is none.

    Parameters
    ----------
    matrix
        scipy.sparse.csr_array of ones, demand × sites.
    """
    if (np.diff(matrix.indptr) == 0).any():
        return _Step(None, refuted=True)
    if allowance.sites is not None and allowance.budget is not None:
        return _both(matrix, price, allowance, watch)
    asked = np.ones(len(price)) if allowance.budget is None else price
    most = allowance.sites if allowance.budget is None else allowance.money(0.0)
    if most is None:
        most = np.inf
    choice = cover_all(matrix, asked, watch, enough=float(most))
    if choice.value <= most:
        return _Step(choice, refuted=False)
    return _Step(None, refuted=choice.bound > most)


def _both(matrix: Any, price: NDArray[np.float64], allowance: Allowance, watch: Watch) -> _Step:
    rows, sites = matrix.shape
    programme = Programme(price, matrix, np.ones(rows), np.full(rows, np.inf), sites)
    programme = programme.also(np.ones(sites), -np.inf, float(allowance.sites or 0))
    solved = solve(programme, watch)
    if solved.values is None:
        return _Step(None, refuted=solved.finished)
    columns = solved.chosen(sites)
    value = float(price[columns].sum())
    fits = value <= allowance.money(0.0)
    choice = Choice(columns, value, min(solved.bound, value)) if fits else None
    return _Step(choice, refuted=not fits and solved.bound > allowance.money(0.0))


def _last(walks: Walks, cost: float, allowance: Allowance, watch: Watch) -> Choice | None:
    """Return the smallest or cheapest choice that leaves nobody farther than ``cost``."""
    matrix = _cover(walks, cost)
    if allowance.budget is not None:
        step = _within(walks, cost, allowance, watch)
        if allowance.sites is not None or step.choice is None:
            return step.choice
        return cover_all(matrix, walks.price, watch)
    most = float(walks.price.sum()) + 1.0
    choice = cover_all(matrix, walks.price, watch, each=most)
    fits = allowance.sites is None or len(choice.columns) <= allowance.sites
    return choice if fits else None
