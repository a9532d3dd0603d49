"""The integer programme of one connected part: how many areas of each class to fill.

Its rows are written as they are broken (:mod:`limits`): the linear relaxation is solved, the rows
that its choice breaks are written, and so on until it breaks none. A few rows mostly do. With whole
numbers the same is done within a few nodes, and beyond them the flows are written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lifecircle.allocation.flows import searched_with_flows
from lifecircle.allocation.limits import Limits
from lifecircle.allocation.solver import Solver
from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.classes import Classes
    from lifecircle.allocation.flows import Rows

__all__ = ["Programme"]

_ROUNDS = 300
"""How often rows are written for one bound; after that it is what it is."""


class Programme:
    """The classes of a part, the rows written so far, and the solver that knows them."""

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.limits = Limits(classes)
        self._solver = Solver(classes.size.astype(float))
        self._rows: list[Rows] = []
        self._told = 0
        self.limits.broken(classes.size)

    def hold(self, gain: NDArray[np.float64], least: float) -> None:
        """Ask from now on only for choices that gain as much."""
        self._add(csr_array(gain[None, :]), np.array([least - TOLERANCE]), np.array([np.inf]))

    def relaxed(self, gain: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
        """Return whom the linear relaxation fills for certain, and its bound."""
        numbers, bound = np.zeros(len(gain), dtype=np.int64), float(gain @ self.classes.size)
        for _ in range(_ROUNDS):
            self._tell()
            found = self._solver.relaxed(gain)
            bound = min(bound, found.bound)
            if found.values is None:
                break
            numbers = np.floor(found.values + TOLERANCE).astype(np.int64)
            if not self.limits.broken(found.values):
                break
        return numbers, _whole(bound, gain)

    def search(
        self, gain: NDArray[np.float64], nodes: int, *, flows: bool
    ) -> tuple[NDArray[np.int64] | None, float, int]:
        """Return the best choice found (None: none), the upper bound, and the nodes searched.

        ``flows``: with the flows written out. Else the choice is the best by the rows so far, and
        whether it can be filled is for the limits to say, which write what it breaks.
        """
        self._tell()
        if flows:
            found = searched_with_flows(self.classes, self._rows, gain, nodes)
        else:
            found = self._solver.whole(gain, nodes)
        bound = _whole(min(found.bound, float(gain @ self.classes.size)), gain)
        if found.values is None:
            return None, bound, found.nodes
        return np.round(found.values).astype(np.int64), bound, found.nodes

    def _tell(self) -> None:
        """Hand the rows to the solver that it does not have yet."""
        rows, most = self.limits.rows[self._told :], self.limits.most[self._told :]
        self._told += len(most)
        # a need beyond all there is says the same as one just beyond it
        asked = np.minimum(rows, most[:, None] + 1)
        self._add(csr_array(asked), np.full(len(most), -np.inf), most.astype(float))

    def _add(self, rows: csr_array, least: NDArray[np.float64], most: NDArray[np.float64]) -> None:
        self._rows.append((rows, least, most))
        self._solver.add(rows, least, most)


def _whole(bound: float, gain: NDArray[np.float64]) -> float:
    """Return a bound no larger than it must be: gains in whole numbers come to whole numbers."""
    if not np.isfinite(bound) or (gain != np.round(gain)).any():
        return bound
    return float(np.floor(bound + 1e-4))
