"""Solver: a linear or integer programme in HiGHS, which rows can be added to.

One thread, so that the answer does not depend on how many a machine has, and no known solution to
start from: 1.16 has called one optimal against its own bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.allocation.silence import silent_stdout

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["Solved", "Solver"]

_WHOLE = 1e-9
"""By how much a whole number may be missed, so that needs of 1e5 m² still add up."""
_SMALL = 32.0
"""What there is to gain at most as the solver is told it. Of whole gains it no longer looks at what
is not better by one, less ``_WHOLE``; among 100,000 households its own rounding is as much, and it
has called 131,720 the best where 131,721 lay at the very bound."""
_HEURISTICS = (
    "mip_heuristic_run_feasibility_jump",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_root_reduced_cost",
)


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A solution (None: none found), the most any solution gains, and the nodes searched."""

    values: NDArray[np.float64] | None
    bound: float
    nodes: int = 0


class Solver:
    """Columns from 0 to ``most``, and rows between limits.

    Parameters
    ----------
    integral
        Which columns must be whole where whole numbers are asked for; default all.
    quick
        For many small questions one after the other; else for one large one.
    iterations
        Of the simplex, after which the relaxation is given up.
    """

    def __init__(
        self,
        most: NDArray[np.float64],
        *,
        integral: NDArray[np.bool_] | None = None,
        quick: bool = True,
        iterations: int | None = None,
    ) -> None:
        import highspy  # noqa: PLC0415 - most counties need none

        with silent_stdout():  # of the line that says which version this is
            self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.silent()
        options: dict[str, float | str | bool] = {
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
            "mip_feasibility_tolerance": _WHOLE,
        }
        if quick:  # what was found before is a better start than what costs time to find
            options |= {"presolve": "off", "mip_heuristic_effort": 0.0}
            options |= dict.fromkeys(_HEURISTICS, False)  # some run once, whatever the effort
        if iterations is not None:
            options["simplex_iteration_limit"] = iterations
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._most = np.asarray(most, dtype=float)
        self._columns = np.arange(len(most), dtype=np.int32)
        kinds = highspy.HighsVarType
        self._fractions = np.full(len(most), kinds.kContinuous)
        self._integral = np.full(len(most), kinds.kInteger)
        if integral is not None:
            self._integral[~integral] = kinds.kContinuous
        self._status = highspy.HighsModelStatus
        none, zero = np.zeros(0, dtype=np.int32), np.zeros(len(most))
        self._highs.addCols(len(most), zero, zero, most, 0, none, none, np.zeros(0))

    def add(self, rows: csr_array, least: NDArray[np.float64], most: NDArray[np.float64]) -> None:
        """Add rows, each between limits."""
        index = (rows.indptr.astype(np.int32), rows.indices.astype(np.int32))
        self._highs.addRows(len(most), least, most, rows.nnz, *index, rows.data.astype(float))

    def relaxed(self, gain: NDArray[np.float64]) -> Solved:
        """Return the greatest gain in fractions."""
        self._ask(gain, self._fractions)
        self._highs.run()
        if self._highs.getModelStatus() != self._status.kOptimal:
            return Solved(None, np.inf)
        return Solved(self._values(), -float(self._highs.getInfo().objective_function_value))

    def whole(self, gain: NDArray[np.float64], nodes: int) -> Solved:
        """Return the greatest gain in whole numbers, of so many nodes searched at most."""
        scale = self._scale(gain)
        self._ask(gain * scale, self._integral)
        self._highs.setOptionValue("mip_max_nodes", nodes)
        with silent_stdout():
            self._highs.run()
        info = self._highs.getInfo()
        searched = max(1, int(info.mip_node_count))
        if self._highs.getModelStatus() == self._status.kInfeasible:
            return Solved(None, -np.inf, searched)
        found = self._values() if np.isfinite(info.objective_function_value) else None
        bound = -float(info.mip_dual_bound) / scale
        return Solved(found, np.inf if np.isnan(bound) else bound, searched)

    def _scale(self, gain: NDArray[np.float64]) -> float:
        """Return the power of two by which all there is to gain comes to less than ``_SMALL``."""
        some = gain != 0.0
        total = float(np.abs(gain[some]) @ self._most[some])
        if not 0.0 < total < np.inf:
            return 1.0
        return float(2.0 ** np.floor(np.log2(_SMALL / total)))

    def _ask(self, gain: NDArray[np.float64], kinds: NDArray[np.object_]) -> None:
        count = len(self._columns)
        self._highs.changeColsCost(count, self._columns, -gain)
        self._highs.changeColsIntegrality(count, self._columns, kinds)

    def _values(self) -> NDArray[np.float64]:
        return np.array(self._highs.getSolution().col_value, dtype=float)
