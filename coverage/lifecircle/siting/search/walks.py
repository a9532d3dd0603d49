"""Walks of demand to sites, and choosing sites that shorten them by adding and exchanging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.siting.search.effort import CLOSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.allowance import Allowance
    from lifecircle.siting.search.effort import Watch

__all__ = ["WalkSearch", "Walks"]


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Pairs of demand and sites to choose from.

    Parameters
    ----------
    row, column
        int64 (pairs,), sorted by row, then by cost.
    cost
        float64 (pairs,).
    weight
        float64 (rows,), above 0.
    base
        float64 (rows,): cost to the nearest existing place; inf without one.
    price
        float64 (sites,).
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    cost: NDArray[np.float64]
    weight: NDArray[np.float64]
    base: NDArray[np.float64]
    price: NDArray[np.float64]

    def kept(self, pairs: NDArray[np.bool_]) -> Walks:
        """Return the walks of some pairs; rows and sites keep their numbers."""
        return Walks(
            self.row[pairs],
            self.column[pairs],
            self.cost[pairs],
            self.weight,
            self.base,
            self.price,
        )


class WalkSearch:
    """Adding and exchanging sites. A row that nobody serves costs more than all rows together."""

    def __init__(self, walks: Walks, allowance: Allowance) -> None:
        self.walks, self.allowance = walks, allowance
        self.sites = len(walks.price)
        self._weights = walks.weight[walks.row]
        longest = walks.cost.max(initial=1.0)
        finite = walks.base[np.isfinite(walks.base)]
        far = float(walks.weight.sum()) * (max(longest, finite.max(initial=0.0)) + 1.0)
        self._base = np.where(np.isfinite(walks.base), walks.base, far / walks.weight)
        self._hair = CLOSE * max(1.0, far)

    def nearest(
        self, chosen: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return each row's cost to its nearest and to its second, and the nearest site (or -1)."""
        walks = self.walks
        taken = np.zeros(self.sites, dtype=bool)
        taken[chosen] = True
        at = np.flatnonzero(taken[walks.column])
        row = walks.row[at]
        first = np.ones(len(row), dtype=bool)
        first[1:] = np.diff(row) != 0
        second = np.zeros(len(row), dtype=bool)
        second[1:] = first[:-1] & ~first[1:]
        near, next_near = self._base.copy(), self._base.copy()
        site = np.full(len(near), -1, dtype=np.int64)
        near[row[first]] = walks.cost[at[first]]
        site[row[first]] = walks.column[at[first]]
        next_near[row[second]] = walks.cost[at[second]]
        return near, next_near, site

    def value(self, chosen: NDArray[np.int64]) -> float:
        """Return what a choice costs, negative: more is better."""
        return -float(self.walks.weight @ self.nearest(chosen)[0])

    def filled(
        self,
        chosen: NDArray[np.int64],
        *,
        per_price: bool = False,
        liking: NDArray[np.float64] | None = None,
    ) -> NDArray[np.int64]:
        """Return the choice with sites added one by one while one is allowed and helps."""
        chosen = np.asarray(chosen, dtype=np.int64)
        walks = self.walks
        near = self.nearest(chosen)[0]
        while self.allowance.places(len(chosen)) >= 1:
            saved = self._weights * np.maximum(near[walks.row] - walks.cost, 0.0)
            gain = np.bincount(walks.column, saved, minlength=self.sites)
            afford = walks.price <= self.allowance.money(float(walks.price[chosen].sum()))
            score = np.where(afford & (gain > self._hair), gain, 0.0)
            score[chosen] = 0.0
            if per_price:
                score = score / np.maximum(walks.price, CLOSE)
            if liking is not None:
                score = score * liking
            site = int(score.argmax())
            if score[site] <= 0:
                break
            chosen = np.append(chosen, site)
            mine = walks.column == site
            near[walks.row[mine]] = np.minimum(near[walks.row[mine]], walks.cost[mine])
        return chosen

    def improved(self, chosen: NDArray[np.int64], watch: Watch) -> NDArray[np.int64]:
        """Return the choice after the best exchanges, one for one, until none helps."""
        chosen = self.filled(chosen)
        while len(chosen) and not watch.stop:
            exchange = self._best_exchange(chosen)
            if exchange is None:
                break
            chosen = chosen.copy()
            chosen[exchange[0]] = exchange[1]
            chosen = self.filled(chosen)
        value = self.value(chosen)
        for site in chosen[np.lexsort((-chosen, -self.walks.price[chosen]))]:
            rest = chosen[chosen != site]
            if self.value(rest) >= value - self._hair:
                chosen = rest
        return np.sort(chosen)

    def _best_exchange(self, chosen: NDArray[np.int64]) -> tuple[int, int] | None:
        walks = self.walks
        near, second, site = self.nearest(chosen)
        place = np.full(self.sites + 1, -1)
        place[chosen] = np.arange(len(chosen))
        owner = place[site]  # -1 stands last, and has none
        saved = self._weights * np.maximum(near[walks.row] - walks.cost, 0.0)
        gain = np.bincount(walks.column, saved, minlength=self.sites)
        served = owner >= 0
        loss = np.bincount(
            owner[served], (walks.weight * (second - near))[served], minlength=len(chosen)
        )
        useful = served[walks.row] & (walks.cost < second[walks.row])
        row, column = walks.row[useful], walks.column[useful]
        kept = self._weights[useful] * (second[row] - np.maximum(walks.cost[useful], near[row]))
        flat = owner[row] * self.sites + column
        change = np.bincount(flat, kept, minlength=len(chosen) * self.sites)
        change = change.reshape(len(chosen), self.sites) + gain[None, :] - loss[:, None]
        dearer = walks.price[None, :] - walks.price[chosen][:, None]
        left = self.allowance.money(float(walks.price[chosen].sum()))
        change[dearer > left] = -np.inf
        change[:, chosen] = -np.inf
        at = int(change.argmax())
        if change.flat[at] > self._hair:
            return divmod(at, self.sites)
        cheaper = np.where((change >= -self._hair) & (dearer < -self._hair), dearer, 0.0)
        at = int(cheaper.argmin())
        return divmod(at, self.sites) if cheaper.flat[at] < 0 else None
