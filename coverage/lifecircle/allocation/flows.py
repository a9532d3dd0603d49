"""Flows: the integer programme of one part with what every pair carries written out.

It has a column a pair more than :mod:`programme`, and says by itself what can be filled. Where many
sets of facilities matter it is sooner at an end than writing them one by one; the rows that are
known already tighten it.

It is reckoned in the whole units of the exchange. In m² a hundredth is no binary fraction: a choice
that uses up all there is lies a billionth beyond its limit as often as not, and the solver passes
over it and calls the next best the best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack

from lifecircle.allocation.solver import Solved, Solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.classes import Classes

    Rows = tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]

__all__ = ["searched_with_flows"]


def searched_with_flows(
    classes: Classes, rows: list[Rows], gain: NDArray[np.float64], nodes: int
) -> Solved:
    """Return how many of each class to fill for the greatest gain, by so many nodes at most.

    ``rows``: over the classes, each between limits.
    """
    of = classes
    flows, n, m = len(of.kind), len(of.need), len(of.spare)
    column, each = np.arange(flows), np.arange(n)
    most = np.concatenate([of.limit * of.size[of.kind], of.size]).astype(float)
    solver = Solver(most, integral=np.arange(flows + n) >= flows, quick=False)
    into = csr_array((np.ones(flows), (of.kind, column)), shape=(n, flows))
    filled = csr_array((-of.need.astype(float), (each, each)), shape=(n, n))
    solver.add(hstack([into, filled], format="csr"), np.zeros(n), np.zeros(n))
    out = csr_array((np.ones(flows), (of.facility, column)), shape=(m, flows + n))
    solver.add(out, np.full(m, -np.inf), of.spare.astype(float))
    tight = np.flatnonzero(of.limit < of.need[of.kind])  # a pair with a limit of its own
    row = np.arange(len(tight))
    narrow = csr_array((np.ones(len(tight)), (row, tight)), shape=(len(tight), flows))
    wide = csr_array((-of.limit[tight].astype(float), (row, of.kind[tight])), shape=(len(tight), n))
    solver.add(
        hstack([narrow, wide], format="csr"), np.full(len(tight), -np.inf), np.zeros(len(tight))
    )
    for matrix, least, limit in rows:
        solver.add(hstack([csr_array((len(least), flows)), matrix], format="csr"), least, limit)
    found = solver.whole(np.concatenate([np.zeros(flows), gain]), nodes)
    values = None if found.values is None else found.values[flows:]
    return Solved(values, found.bound, found.nodes)
