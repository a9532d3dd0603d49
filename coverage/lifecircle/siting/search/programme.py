"""Integer programmes: sparse matrices handed to HiGHS, started from the best answer known.

HiGHS is asked for a solution and a bound and believed in neither: whoever calls works out the
objective from the costs, and bounds are taken as no better than what was found.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lifecircle.siting.search.effort import CLOSE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.siting.search.effort import Watch

__all__ = [
    "Programme",
    "Solved",
    "duals",
    "in_whole",
    "solve",
    "solve_strictly",
    "unit_of",
    "without",
]

_FEASIBLE = 1e-7
_KEPT = 1e-6
"""By how much a row of a solution in whole numbers may be passed."""
_TRIES = 20
"""Most choices of a solver that keep a row only by its tolerance, before it is given up."""
_APART = 1e-5
"""Relative: more than tolerances explain."""
_DECIMALS = 6
_EXACT = 2.0**50
"""Whole numbers below this add up without a rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Minimise ``cost @ x`` with ``low <= matrix @ x <= high`` and ``0 <= x <= most``.

    The first ``sites`` columns choose sites: they are 0 or 1. The others are continuous unless
    ``whole`` says so.
    """

    cost: NDArray[np.float64]
    matrix: Any  # scipy.sparse.csr_array (rows, columns)
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sites: int
    most: NDArray[np.float64] | None = None
    whole: NDArray[np.bool_] | None = None

    def also(self, row: NDArray[np.float64], low: float, high: float) -> Programme:
        """Return the programme with one more row."""
        return Programme(
            self.cost,
            sparse.vstack([self.matrix, sparse.csr_array(row[None, :])], format="csr"),
            np.append(self.low, low),
            np.append(self.high, high),
            self.sites,
            self.most,
            self.whole,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What came of a programme.

    Parameters
    ----------
    values
        float64 (columns,), or None where no solution was found.
    bound
        No solution is lower; inf where there is none at all.
    finished
        The search came to its end: what it found is the best, or there is no solution.
    """

    values: NDArray[np.float64] | None
    bound: float
    finished: bool

    def chosen(self, sites: int) -> NDArray[np.int64]:
        """Return the columns that are chosen among the first ``sites``."""
        if self.values is None:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.values[:sites] > 0.5)  # noqa: PLR2004 - 0 or 1


def without(programme: Programme, chosen: NDArray[np.int64]) -> Programme:
    """Return the programme with every choice allowed but one."""
    row = np.zeros(len(programme.cost))
    row[: programme.sites] = 1.0
    row[chosen] = -1.0
    return programme.also(row, 1.0 - len(chosen), np.inf)


def unit_of(amounts: NDArray[np.float64]) -> float:
    """Return how many units of one all amounts are whole numbers of: 100 for hundredths; 0: none.

    Parameters
    ----------
    amounts
        float64, 0 or more.
    """
    for places in range(_DECIMALS + 1):
        unit = 10.0**places
        scaled = np.rint(amounts * unit)
        if (np.abs(scaled - amounts * unit) <= CLOSE * np.maximum(1.0, scaled)).all():
            return unit if float(scaled.sum()) < _EXACT else 0.0
    return 0.0


def in_whole(row: NDArray[np.float64], most: float) -> tuple[NDArray[np.float64], float]:
    """Return amounts and their limit, inclusive, as whole numbers, where they have an end.

    0.1 and 0.2 are a hair more than 0.3, and a solver may pass over what uses a limit up. Amounts
    without an end are kept, and the limit gets a hair.

    Parameters
    ----------
    row
        float64 (columns,), 0 or more.
    most
        What they may be together.
    """
    unit = unit_of(row)
    if not unit:
        return row, most + CLOSE * max(1.0, most)
    return np.rint(row * unit), float(np.floor(most * unit + CLOSE * max(1.0, most * unit)))


def _handed_over(programme: Programme) -> Any:
    import highspy  # noqa: PLC0415 - loads when something is sited

    matrix = sparse.csr_array(programme.matrix)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_ = programme.cost
    lp.col_lower_ = np.zeros(matrix.shape[1])
    lp.col_upper_ = np.ones(matrix.shape[1]) if programme.most is None else programme.most
    lp.row_lower_, lp.row_upper_ = programme.low, programme.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    solver = _silent()
    solver.setOptionValue("threads", 1)  # the answer must not depend on how many a machine has
    return solver, lp


@functools.cache
def _silent_class() -> Any:
    import highspy  # noqa: PLC0415 - loads when something is sited

    class Silent(highspy.Highs):
        """HiGHS that prints no banner: 1.16 prints one when callbacks are first enabled."""

        def enableCallbacks(self) -> None:  # noqa: N802 - its name there
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent


def _silent() -> Any:
    solver = _silent_class()()
    solver.silent()
    return solver


def duals(programme: Programme) -> NDArray[np.float64]:
    """Return one dual value a row of the programme with every column continuous.

    By interior points, without a vertex: close to the best there are, and exact in nothing. Whoever
    uses them works out what they prove.
    """
    solver, lp = _handed_over(programme)
    solver.passModel(lp)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    solver.run()
    found = np.asarray(solver.getSolution().row_dual, dtype=np.float64)
    return found if len(found) == len(programme.low) else np.zeros(len(programme.low))


def solve(
    programme: Programme,
    watch: Watch,
    *,
    start: NDArray[np.float64] | None = None,
    rounds: int | None = None,
    stop_below: float | None = None,
    stop_above: float | None = None,
) -> Solved:
    """Solve a programme as far as the watch's effort goes.

    Parameters
    ----------
    start
        float64 (columns,): a solution to start from.
    rounds
        Most nodes and rounds of cuts; default those of the watch's effort.
    stop_below
        A solution at or below this is good enough.
    stop_above
        A bound above this is all that is asked.
    """
    columns = len(programme.cost)
    if not columns:  # HiGHS calls it empty, and says nothing of the rows
        fits = bool(((programme.low <= 0) & (programme.high >= 0)).all())
        return Solved(np.zeros(0) if fits else None, 0.0 if fits else np.inf, finished=True)
    import highspy  # noqa: PLC0415 - loads when something is sited

    solver, lp = _handed_over(programme)
    whole = np.zeros(columns, dtype=bool) if programme.whole is None else programme.whole.copy()
    whole[: programme.sites] = True
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(one)] for one in whole]
    solver.passModel(lp)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    solver.setOptionValue("mip_rel_gap", max(watch.effort.gap, 0.0))
    solver.setOptionValue("mip_abs_gap", 0.0)  # weights may be shares of one
    solver.setOptionValue("mip_feasibility_tolerance", _FEASIBLE)
    if stop_below is not None:
        solver.setOptionValue("objective_target", float(stop_below))
    most = watch.effort.nodes if rounds is None else rounds
    seen = 0

    def look_up(_kind: Any, _said: str, known: Any, answer: Any, _own: Any) -> None:
        # HiGHS asks once a node and once a round of cuts, which depends on no clock
        nonlocal seen
        seen += 1
        refuted = stop_above is not None and known.mip_dual_bound > stop_above
        if seen > most or refuted or watch.stop:
            answer.user_interrupt = True

    solver.setCallback(look_up, None)
    solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    solver.run()
    answer = _answer(solver, watch, out_of_nodes=seen > most, whole_free=not whole.any())
    if start is not None and _contradicts(programme, answer, watch.effort.gap):
        # it has called the start optimal against its own bound: once more without one
        return solve(programme, watch, rounds=rounds, stop_below=stop_below, stop_above=stop_above)
    return answer


def solve_strictly(programme: Programme, watch: Watch, *, rounds: int) -> Solved:
    """Solve a programme, and take no choice that keeps its rows by the solver's tolerance alone.

    A site that is chosen but for a ten-millionth part saves three of thirty million in a row of
    prices. Such a choice is shut out, and another one asked for.

    Parameters
    ----------
    rounds
        Most nodes and rounds of cuts of each programme.
    """
    for _ in range(_TRIES):
        solved = solve(programme, watch, rounds=rounds)
        if solved.values is None or _keeps(programme, solved.values):
            return solved
        programme = without(programme, solved.chosen(programme.sites))
    return Solved(None, -np.inf, finished=False)


def _keeps(programme: Programme, values: NDArray[np.float64]) -> bool:
    """Whether a solution keeps its rows once its sites are whole."""
    sites = np.arange(len(values)) < programme.sites
    sums = np.asarray(programme.matrix @ np.where(sites, np.rint(values), values))
    hair = _KEPT + 1e-12 * np.abs(sums)  # what sums of decimals lose
    return bool(((sums >= programme.low - hair) & (sums <= programme.high + hair)).all())


def _contradicts(programme: Programme, answer: Solved, gap: float) -> bool:
    """Whether a search that says it is finished has a solution far above its bound."""
    if not answer.finished or answer.values is None:
        return False
    value = float(programme.cost @ answer.values)
    return value - answer.bound > (gap + _APART) * max(1.0, abs(value))


def _answer(solver: Any, watch: Watch, *, out_of_nodes: bool, whole_free: bool) -> Solved:
    import highspy  # noqa: PLC0415 - loads when something is sited

    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solved(None, np.inf, finished=True)
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    finished = status == highspy.HighsModelStatus.kOptimal
    watch.out_of_nodes |= out_of_nodes
    bound = float(info.mip_dual_bound)
    if whole_free:
        bound = float(info.objective_function_value) if finished else -np.inf
    return Solved(values if there else None, -np.inf if np.isnan(bound) else bound, finished)
