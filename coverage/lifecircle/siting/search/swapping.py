"""Choosing sites that cover most by adding, dropping and exchanging: good answers at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lifecircle.siting.search.effort import CLOSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.allowance import Allowance
    from lifecircle.siting.search.effort import Watch

__all__ = ["CoverSearch", "shaken"]


class CoverSearch:
    """A cover, its weights and prices, and choices within an allowance.

    Parameters
    ----------
    matrix
        scipy.sparse.csr_array of ones, demand × sites.
    weight
        float64 (demand,), above 0.
    price
        float64 (sites,).
    """

    def __init__(
        self,
        matrix: Any,
        weight: NDArray[np.float64],
        price: NDArray[np.float64],
        allowance: Allowance,
    ) -> None:
        self.matrix, self.weight, self.price, self.allowance = matrix, weight, price, allowance
        self.flipped = sparse.csr_array(matrix.T)
        self._hair = CLOSE * max(1.0, float(weight.sum()))

    @property
    def sites(self) -> int:
        """How many sites there are to choose from."""
        return int(self.matrix.shape[1])

    def value(self, chosen: NDArray[np.int64]) -> float:
        """Return the weight that is covered."""
        return float(self.weight[self._count(chosen) > 0].sum())

    def _count(self, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        taken = np.zeros(self.matrix.shape[1])
        taken[chosen] = 1.0
        return np.asarray(self.matrix @ taken)

    def greedy(self) -> NDArray[np.int64]:
        """Return the better of adding what gains most, and what gains most for its price."""
        none = np.zeros(0, dtype=np.int64)
        ways = [self.filled(none)]
        if self.allowance.budget is not None:
            ways.append(self.filled(none, per_price=True))
        return max(ways, key=self.value)

    def filled(
        self,
        chosen: NDArray[np.int64],
        *,
        per_price: bool = False,
        liking: NDArray[np.float64] | None = None,
    ) -> NDArray[np.int64]:
        """Return the choice with sites added one by one while one is allowed and gains.

        Parameters
        ----------
        liking
            float64 (sites,): what a gain is multiplied with before gains are compared.
        """
        chosen = np.asarray(chosen, dtype=np.int64)
        bare = self._count(chosen) == 0
        gain = np.asarray(self.flipped @ (self.weight * bare))
        while self.allowance.places(len(chosen)) >= 1:
            afford = self.price <= self.allowance.money(float(self.price[chosen].sum()))
            score = np.where(afford & (gain > self._hair), gain, 0.0)
            score[chosen] = 0.0
            if per_price:
                score = score / np.maximum(self.price, self._hair)
            if liking is not None:
                score = score * liking
            site = int(score.argmax())
            if score[site] <= 0:
                break
            chosen = np.append(chosen, site)
            begin, end = self.flipped.indptr[site : site + 2]
            fresh = self.flipped.indices[begin:end]
            fresh = fresh[bare[fresh]]
            bare[fresh] = False
            part = self.matrix[fresh]
            lost = np.repeat(self.weight[fresh], np.diff(part.indptr))
            gain = gain - np.bincount(part.indices, lost, minlength=len(gain))
        return chosen

    def improved(self, chosen: NDArray[np.int64], watch: Watch) -> NDArray[np.int64]:
        """Return the choice after the best exchanges, one for one, until none helps.

        An exchange that gains nothing is made where it is cheaper. What covers nothing of its own
        is dropped, and what is allowed besides is added.
        """
        chosen = self.filled(chosen)
        while len(chosen) and not watch.stop:
            exchange = self._exchange(chosen)
            if exchange is None:
                break
            place, site = exchange
            chosen = chosen.copy()
            chosen[place] = site
            chosen = self.filled(chosen)
        return np.sort(self._needed(chosen))

    def _own(self, chosen: NDArray[np.int64]) -> tuple[Any, Any, Any]:
        """Return the rows that one choice alone covers, and its place; which rows are bare."""
        count = self._count(chosen)
        mark = np.zeros(self.matrix.shape[1])
        mark[chosen] = np.arange(len(chosen))
        rows = np.flatnonzero(count == 1)
        place = np.asarray(self.matrix @ mark)[rows].astype(np.int64)
        return rows, place, count == 0

    def _exchange(self, chosen: NDArray[np.int64]) -> tuple[int, int] | None:
        rows, place, bare = self._own(chosen)
        weight = self.weight[rows]
        owners = sparse.csr_array(
            (weight, (place, np.arange(len(rows)))), shape=(len(chosen), len(rows))
        )
        change = (owners @ self.matrix[rows]).toarray()
        change += np.asarray(self.flipped @ (self.weight * bare))[None, :]
        change -= np.bincount(place, weight, minlength=len(chosen))[:, None]
        dearer = self.price[None, :] - self.price[chosen][:, None]
        left = self.allowance.money(float(self.price[chosen].sum()))
        change[dearer > left] = -np.inf
        change[:, chosen] = -np.inf
        at = int(change.argmax())
        if change.flat[at] <= self._hair:
            cheaper = np.where((change >= -self._hair) & (dearer < -self._hair), dearer, 0.0)
            at = int(cheaper.argmin())
            if cheaper.flat[at] >= 0:
                return None
        return divmod(at, self.sites)

    def _needed(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the choice without sites that cover nothing alone, the dearest left out first."""
        for site in chosen[np.lexsort((-chosen, -self.price[chosen]))]:
            rest = chosen[chosen != site]
            if self.value(rest) >= self.value(chosen) - self._hair:
                chosen = rest
        return chosen


def shaken(search: Any, chosen: NDArray[np.int64], tries: int, watch: Watch) -> NDArray[np.int64]:
    """Return the best of ``tries`` times taking a few sites out, filling up and exchanging.

    Chance has a fixed seed: the same question gives the same choice.

    Parameters
    ----------
    search
        A :class:`CoverSearch`, or what values, fills and improves choices as it does.
    """
    chance = np.random.default_rng(20)
    best, value = chosen, search.value(chosen)
    for _ in range(tries):
        if watch.stop or len(best) < 2:  # noqa: PLR2004 - one site is exchanged already
            break
        out = chance.choice(len(best), min(len(best), int(chance.integers(2, 6))), replace=False)
        liking = chance.uniform(0.7, 1.0, search.sites)
        found = search.improved(search.filled(np.delete(best, out), liking=liking), watch)
        if search.value(found) >= value:
            best, value = found, search.value(found)
    return best
