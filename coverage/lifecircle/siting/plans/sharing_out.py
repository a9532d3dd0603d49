"""Who gets how many m² from which place: whole hundredths, the nearest first, each m² once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import maximum_flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["shared_out"]


def shared_out(
    short: Mapping[str, int],
    gives: Mapping[str, int],
    pairs: Mapping[tuple[str, str], float],
) -> dict[tuple[str, str], int]:
    """Return area and place → what the place gives the area: as much as can be, walked least.

    With sizes that are whole numbers the best is at whole numbers: a problem of transport.

    Parameters
    ----------
    short, gives
        Area → what it lacks, place → what it has, in hundredths of an m².
    pairs
        Area and place → metres; others cannot be served.
    """
    used = sorted(one for one in pairs if short.get(one[0], 0) > 0 and gives.get(one[1], 0) > 0)
    if not used:
        return {}
    areas, places = sorted({a for a, _ in used}), sorted({p for _, p in used})
    row = np.searchsorted(areas, [a for a, _ in used])
    column = np.searchsorted(places, [p for _, p in used])
    lack = np.array([short[a] for a in areas])
    have = np.array([gives[p] for p in places])
    far = np.array([pairs[one] for one in used])
    flow = _least_walked(row, column, lack, have, far)
    if flow is None:
        flow = _most(row, column, lack, have)
    return {one: int(m2) for one, m2 in zip(used, flow, strict=True) if m2 > 0}


def _least_walked(
    row: Ints, column: Ints, lack: Ints, have: Ints, far: NDArray[np.float64]
) -> Ints | None:
    """Return the flow of most m² and least way; None where the solver's is not whole."""
    pairs = len(row)
    ones, at = np.ones(pairs), np.arange(pairs)
    matrix = sparse.vstack(
        [
            sparse.csr_array((ones, (row, at)), shape=(len(lack), pairs)),
            sparse.csr_array((ones, (column, at)), shape=(len(have), pairs)),
        ]
    )
    # serving goes before walking: a metre less is worth nothing that is left unserved
    cost = far / (2.0 * (float(far.max()) + 1.0)) - 1.0
    found = linprog(cost, matrix, np.concatenate([lack, have]), method="highs-ds")
    if found.status != 0:
        return None
    flow = np.rint(found.x).astype(np.int64)
    given = np.bincount(column, flow, minlength=len(have))
    got = np.bincount(row, flow, minlength=len(lack))
    whole = (given <= have).all() and (got <= lack).all()
    most = _most(row, column, lack, have).sum()
    return flow if whole and flow.sum() == most else None


def _most(row: Ints, column: Ints, lack: Ints, have: Ints) -> Ints:
    """Return a flow of most m²."""
    places, areas = len(have), len(lack)
    start, end = 0, 1 + places + areas
    tail = np.concatenate(
        [np.zeros(places, dtype=np.int64), 1 + column, 1 + places + np.arange(areas)]
    )
    head = np.concatenate([1 + np.arange(places), 1 + places + row, np.full(areas, end)])
    most = np.concatenate([have, np.minimum(have[column], lack[row]), lack])
    # csr_matrix indexes by 32 bits, which is all that the flow of older SciPy takes
    graph = sparse.csr_matrix((most.astype(np.int32), (tail, head)), shape=(end + 1, end + 1))
    flow = maximum_flow(graph, start, end).flow
    return np.asarray(flow[1 + column, 1 + places + row]).ravel()
