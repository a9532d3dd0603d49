"""Limits: sets of facilities that turn out to have too little, as rows over the areas.

By the theorem of max-flow and min-cut a choice of areas can be filled if and only if every set of
facilities has what the chosen need beyond their pairs with others. There are as many such rows as
sets, and few of them matter: a row is written when a choice breaks it, found as the cut of a flow.
Beside it stands how many areas can be filled from the set at most, the smallest needs first, which
no weighing of such rows comes to, and that none is whose own need is more than the set has. All is
in whole units, so what can be filled is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifecircle.allocation.exchange import Exchange, most_given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.allocation.classes import Classes

    Numbers = NDArray[np.float64] | NDArray[np.int64]

__all__ = ["Limits"]

_ROUNDING = 0.5
"""Units by which a row is broken at least: what is less is the rounding of fractions."""


class Limits:
    """The rows written so far: ``rows`` (rows, classes) times how many of each is ``most`` at most.

    A choice is told by numbers: how many of each class are filled, whole or not.
    """

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.rows = np.zeros((0, len(classes.need)), dtype=np.int64)
        self.most = np.zeros(0, dtype=np.int64)

    def broken(self, numbers: Numbers) -> bool:
        """Return whether a choice cannot be filled, and write the rows that it breaks."""
        before = len(self.most)
        for facilities in self._too_little(numbers):
            beyond = self._beyond(facilities)
            has = int(self.classes.spare[facilities].sum())
            if float(beyond @ numbers) > has + _ROUNDING:
                count = self._counted(beyond, has)
                self._write(beyond, has)
                self._write(beyond > 0, count)
                if count and (beyond > has).any():  # no fraction of whom it cannot fill alone
                    self._write(beyond > has, 0)
        return len(self.most) > before

    def room(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what the rows leave beside a choice."""
        left: NDArray[np.int64] = self.most - self.rows @ numbers
        return left

    def _write(self, row: NDArray[np.int64] | NDArray[np.bool_], most: int) -> None:
        self.rows = np.vstack([self.rows, row])
        self.most = np.append(self.most, most)

    def _too_little(self, numbers: Numbers) -> Iterator[NDArray[np.bool_]]:
        """Yield sets of facilities that have too little for a choice, those apart one by one."""
        of = self.classes
        n, m = len(of.need), len(of.spare)
        want = np.floor(of.need * numbers + 1e-6).astype(np.int64)
        most = np.floor(of.limit * numbers[of.kind] + 1e-6).astype(np.int64)
        way = np.zeros(len(most))
        flow = most_given(Exchange(of.need, of.spare, of.kind, of.facility, most, way), want)
        short = np.bincount(of.kind, flow, minlength=n) < want
        if not short.any():
            return
        more, back = flow < most, flow > 0
        wanted = np.zeros(m, dtype=bool)
        seen = -1
        while seen < (seen := int(short.sum())):
            wanted[of.facility[more & short[of.kind]]] = True
            short[of.kind[back & wanted[of.facility]]] = True
        asks = short & (self._beyond(wanted) > 0)
        joined = wanted[of.facility] & asks[of.kind]
        asks[of.kind[joined]] = False
        if asks.any():  # more than all their pairs may carry
            yield np.zeros(m, dtype=bool)
        ends = of.kind[joined], n + of.facility[joined]
        graph = csr_array((np.ones(len(ends[0])), ends), shape=(n + m, n + m))
        label = connected_components(graph, directed=False)[1][n:]
        for one in np.unique(label[wanted]):
            yield wanted & (label == one)

    def _beyond(self, facilities: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return what a member of each class needs beyond its pairs with other facilities."""
        of = self.classes
        others = np.where(facilities[of.facility], 0, of.limit)
        got = np.bincount(of.kind, others, minlength=len(of.need)).astype(np.int64)
        beyond: NDArray[np.int64] = np.maximum(of.need - got, 0)
        return beyond

    def _counted(self, beyond: NDArray[np.int64], has: int) -> int:
        """Return of how many areas the smallest needs come to ``has`` at most."""
        order = np.argsort(beyond, kind="stable")
        order = order[beyond[order] > 0]
        one, size = beyond[order], self.classes.size[order]
        before = np.cumsum(one * size) - one * size
        return int(np.clip((has - before) // one, 0, size).sum())
