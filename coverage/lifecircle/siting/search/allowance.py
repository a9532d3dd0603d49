"""What may be built in all: so many places, so much money, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.siting.search.effort import CLOSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Allowance", "Choice", "comes_first"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many sites, and at most so much in price; None is no limit. Both inclusive."""

    sites: int | None = None
    budget: float | None = None

    def money(self, spent: float) -> float:
        """Return what is left of the budget; inf without one. Sums of decimals may end a hair over.

        Parameters
        ----------
        spent
            Price of what is chosen.
        """
        if self.budget is None:
            return float("inf")
        return self.budget - spent + CLOSE * max(1.0, self.budget)

    def places(self, chosen: int) -> float:
        """Return how many more sites may be chosen; inf without a limit."""
        return float("inf") if self.sites is None else self.sites - chosen

    def admits(self, price: NDArray[np.float64]) -> bool:
        """Return whether sites of these prices may be chosen together."""
        return self.places(len(price)) >= 0 and self.money(float(price.sum())) >= 0

    def best_sum(
        self, gain: NDArray[np.float64], price: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.int64]]:
        """Bound what a choice within the allowance gains in all.

        The budget is relaxed with the multiplier that bounds best: a choice gains at most
        ``multiplier * budget`` and the largest of ``gain - multiplier * price``.

        Returns
        -------
        bound, reduced, top
            The bound, each site's reduced gain, and the sites that the bound takes, best first.
        """
        multiplier = 0.0 if self.budget is None else self._multiplier(gain, price)
        reduced = gain - multiplier * price
        top = self._top(reduced)
        bound = float(reduced[top].sum()) + multiplier * (self.budget or 0.0)
        return bound, reduced, top

    def _top(self, reduced: NDArray[np.float64]) -> NDArray[np.int64]:
        order = np.argsort(-reduced, kind="stable")
        if self.sites is not None:
            order = order[: self.sites]
        return order[reduced[order] > 0].astype(np.int64)

    def _multiplier(self, gain: NDArray[np.float64], price: NDArray[np.float64]) -> float:
        dear = price > 0
        if not dear.any() or self.budget is None:
            return 0.0
        low, high = 0.0, float((gain[dear] / price[dear]).max())
        if price[self._top(gain)].sum() <= self.budget:
            return 0.0
        for _ in range(50):  # halving ends below what a double can tell apart
            middle = (low + high) / 2
            if price[self._top(gain - middle * price)].sum() > self.budget:
                low = middle
            else:
                high = middle
        return high

    def undecided(
        self,
        gain: NDArray[np.float64],
        price: NDArray[np.float64],
        base: float,
        value: float,
    ) -> NDArray[np.bool_]:
        """Return which sites may stand in a choice that gains ``value`` or more, ``base`` aside.

        Every choice gains at most ``base`` and :meth:`best_sum`; with a given site in it, less.
        """
        bound, reduced, top = self.best_sum(gain, price)
        full = self.sites is not None and len(top) == self.sites
        last = float(reduced[top[-1]]) if full and len(top) else 0.0
        with_it = np.where(np.isin(np.arange(len(gain)), top), 0.0, reduced - last)
        slack = 1e-7 * max(1.0, abs(value))
        return base + bound + with_it >= value - slack


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Sites chosen, as columns of the matrix that was asked about.

    Parameters
    ----------
    columns
        int64, in order.
    value
        The objective, worked out from what was handed in.
    bound
        No choice is better than this. Equal to ``value`` where that is proven.
    unique
        No other choice is as good, as cheap and as small; None where that was not found out.
    """

    columns: NDArray[np.int64]
    value: float
    bound: float
    unique: bool | None = None


def comes_first(one: tuple[float, int], other: tuple[float, int]) -> bool:
    """Return whether of two choices as good the first is to be taken: cheaper, then smaller.

    Sums of the same decimals may differ by a hair, which makes nothing cheaper.

    Parameters
    ----------
    one, other
        Price of all its sites, and how many there are.
    """
    if abs(one[0] - other[0]) > CLOSE * max(1.0, abs(other[0])):
        return one[0] < other[0]
    return one[1] < other[1]
