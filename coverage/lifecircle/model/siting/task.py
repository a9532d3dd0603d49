"""What siting is asked: demand, sites and the cost of each pair, as tables without a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["SitingTask", "siting_task"]


@dataclass(frozen=True, slots=True, eq=False)
class SitingTask:
    """Demand and sites with the cost of every pair that has one.

    Parameters
    ----------
    demand
        Ids, in their own order, so that the rows of a file in any order ask the same.
    weight
        float64 (demand,), 0 or more: households, people, or 1.
    sites
        Ids of existing places and candidates together, in their own order.
    price
        float64 (sites,), 0 or more: what building there takes of a budget.
    fixed
        bool (sites,): exists already, and stays.
    forbidden
        bool (sites,): nothing may be built there. What is fixed is not forbidden.
    row, column
        int64 (pairs,): demand and site of each pair; a pair stands once.
    cost
        float64 (pairs,), 0 or more, in one unit. An absent pair is beyond the search limit.
    """

    demand: tuple[str, ...]
    weight: NDArray[np.float64]
    sites: tuple[str, ...]
    price: NDArray[np.float64]
    fixed: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    cost: NDArray[np.float64]

    @property
    def open_to_choice(self) -> NDArray[np.bool_]:
        """Which sites may be chosen: neither existing nor forbidden."""
        return ~self.fixed & ~self.forbidden


def siting_task(
    weights: Mapping[str, float],
    pairs: Iterable[tuple[str, str, float]],
    *,
    sites: Mapping[str, float] | None = None,
    fixed: Iterable[str] = (),
    forbidden: Iterable[str] = (),
) -> SitingTask:
    """Return the task of a table of costs.

    Parameters
    ----------
    weights
        Demand id → weight; all demand there is.
    pairs
        Demand id, site id and cost. Of a pair that stands twice the lower cost counts.
    sites
        Site id → price of building there. A site of ``pairs`` that is not in it costs 1.
    fixed
        Existing places, which stay open whatever is chosen.
    forbidden
        Candidates where nothing may be built.

    Raises
    ------
    ValueError
        If a weight, price or cost is negative or missing, or a pair names demand that is not in
        ``weights``. Files are checked row by row before (``intake``); this holds for callers.
    """
    from_, to, costs = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), (), ())
    kept, barred = set(fixed), set(forbidden)
    demand = tuple(sorted(weights))
    names = tuple(sorted({*to, *kept, *barred, *(sites or ())}))
    if set(from_) - weights.keys():
        raise ValueError("a pair names demand that has no weight")
    row = np.array(_numbers(from_, demand), dtype=np.int64)
    column = np.array(_numbers(to, names), dtype=np.int64)
    cost = np.array(costs, dtype=np.float64)
    weight = np.array([weights[one] for one in demand], dtype=np.float64)
    price = np.array([(sites or {}).get(name, 1.0) for name in names], dtype=np.float64)
    for numbers in (cost, weight, price):
        if not (np.isfinite(numbers) & (numbers >= 0)).all():
            raise ValueError("weights, prices and costs are numbers of 0 or more")
    row, column, cost = _once(row, column, cost)
    return SitingTask(
        demand=demand,
        weight=weight,
        sites=names,
        price=price,
        fixed=np.array([name in kept for name in names], dtype=bool),
        forbidden=np.array([name in barred - kept for name in names], dtype=bool),
        row=row,
        column=column,
        cost=cost,
    )


def _numbers(ids: Iterable[str], order: Iterable[str]) -> list[int]:
    """Return where each id stands in the order."""
    at = {one: i for i, one in enumerate(order)}
    return [at[one] for one in ids]


def _once(
    row: NDArray[np.int64], column: NDArray[np.int64], cost: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the pairs in order, each once with its lowest cost."""
    order = np.lexsort((cost, column, row))
    row, column, cost = row[order], column[order], cost[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (np.diff(row) != 0) | (np.diff(column) != 0)
    return row[first], column[first], cost[first]
