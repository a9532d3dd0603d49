"""Allocation: who gets whose spare m², exactly and the same whatever order the rows come in.

The aims are lexicographic: most areas fully served, then most households in them, then most m²
given, then the shortest way. Each is a mixed-integer programme (HiGHS through scipy) with the aims
before it as constraints, solved per connected component in integers of 0.01 m². A component of more
than ``EXACT_AREAS`` areas is served one area after the other, the smallest need first, and marked
not proven. Rows are sorted by content first, so that relabelling or reordering the input changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EXACT_AREAS", "Allocation", "allocate"]

_CENT = 100.0
_NODE_LIMIT = 200_000
EXACT_AREAS = 40
"""Largest component, in areas, that is solved exactly."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """m² per pair (row order of the pairs given) and whether it is proven optimal."""

    m2: NDArray[np.float64]
    proven: bool


def allocate(pairs: pd.DataFrame, areas: pd.DataFrame, capacity: pd.Series) -> Allocation:
    """Share out spare m².

    Parameters
    ----------
    pairs
        ``facility``, ``residential``, ``distance`` (m), ``most`` (m² this pair may carry; inf: no
        limit of its own).
    areas
        Index residential id: ``need`` (m² still short, > 0), ``weight`` (households), ``x``, ``y``.
    capacity
        Spare m² by facility id.
    """
    given = np.zeros(len(pairs))
    if pairs.empty:
        return Allocation(given, proven=True)
    proven = True
    usable = pairs["residential"].isin(areas.index) & (
        pairs["facility"].map(capacity).astype(float) > 0
    )
    work = pairs[usable.to_numpy()].assign(row=np.flatnonzero(usable.to_numpy()))
    work = work.join(areas, on="residential").assign(
        spare=work["facility"].map(capacity).astype(float)
    )
    content = ["weight", "need", "x", "y", "spare", "distance", "residential", "facility"]
    work = work.sort_values(content, ignore_index=True)
    for _, part in work.groupby(_component(work), sort=False):
        rows = part.reset_index(drop=True)
        small = rows["residential"].nunique() <= EXACT_AREAS
        m2, sure = _solve(rows) if small else (_serve_in_turn(rows), False)
        given[part["row"].to_numpy()] = m2
        proven &= sure
    return Allocation(given, proven)


def _component(work: pd.DataFrame) -> NDArray[np.int64]:
    f, _ = pd.factorize(work["facility"])
    a, names = pd.factorize(work["residential"])
    n = len(names) + (f.max() + 1 if len(f) else 0)
    graph = coo_array((np.ones(len(f)), (a, f + len(names))), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[a], dtype=np.int64)


def _solve(work: pd.DataFrame) -> tuple[NDArray[np.float64], bool]:
    """Solve one component; columns of the programme: a flow per pair, then a 0/1 per area."""
    f, f_first = _codes(work["facility"])
    a, a_first = _codes(work["residential"])
    need = np.ceil(work["need"].to_numpy()[a_first] * _CENT - 1e-6)
    spare = np.floor(work["spare"].to_numpy()[f_first] * _CENT + 1e-6)
    weight = np.nan_to_num(work["weight"].to_numpy()[a_first])
    n_pairs, n_areas = len(work), len(need)
    most = np.floor(np.minimum(work["most"].to_numpy() * _CENT + 1e-6, need[a]))
    flow = np.arange(n_pairs)

    into = csr_array((np.ones(n_pairs), (a, flow)), shape=(n_areas, n_pairs))
    out = csr_array((np.ones(n_pairs), (f, flow)), shape=(len(spare), n_pairs))
    served = csr_array((-need, (np.arange(n_areas), np.arange(n_areas))))
    none = csr_array((len(spare), n_areas))
    zero = csr_array((n_areas, n_areas))
    matrix = vstack(
        [hstack([into, zero]), hstack([out, none]), hstack([into, served])], format="csr"
    )
    lower = np.concatenate([np.zeros(n_areas), np.zeros(len(spare)), np.zeros(n_areas)])
    upper = np.concatenate([need, spare, np.full(n_areas, np.inf)])
    bounds = Bounds(np.zeros(n_pairs + n_areas), np.concatenate([most, np.ones(n_areas)]))

    zeros, ones = np.zeros(n_pairs), np.ones(n_pairs)
    aims = [
        np.concatenate([zeros, np.ones(n_areas)]),
        np.concatenate([zeros, weight]),
        np.concatenate([ones, np.zeros(n_areas)]),
        np.concatenate([-work["distance"].fillna(0.0).to_numpy() / 1e3, np.zeros(n_areas)]),
    ]
    proven, best = True, np.zeros(n_pairs + n_areas)
    for aim in aims:
        result = milp(
            -aim,
            constraints=LinearConstraint(matrix, lower, upper),
            bounds=bounds,
            integrality=np.ones(n_pairs + n_areas),
            options={"mip_rel_gap": 0.0, "node_limit": _NODE_LIMIT},
        )
        if result.x is None:
            return np.floor(best[:n_pairs]) / _CENT, False
        proven &= result.status == 0
        best = np.round(result.x)
        # what is reached stays reached; the slack keeps rounding from making it infeasible
        matrix = vstack([matrix, csr_array(aim[None, :])], format="csr")
        lower = np.append(lower, aim @ best - 1e-6)
        upper = np.append(upper, np.inf)
    return best[:n_pairs] / _CENT, proven


def _serve_in_turn(work: pd.DataFrame) -> NDArray[np.float64]:
    """Serve the areas in turn: smallest need, then most households; nearest facilities first.

    An area that what is left cannot fill waits; in a second round the rest goes to those who wait.
    """
    f, f_first = _codes(work["facility"])
    a, a_first = _codes(work["residential"])
    need = np.ceil(work["need"].to_numpy()[a_first] * _CENT - 1e-6)
    spare = np.floor(work["spare"].to_numpy()[f_first] * _CENT + 1e-6)
    weight = np.nan_to_num(work["weight"].to_numpy()[a_first])
    most = np.floor(np.minimum(work["most"].to_numpy() * _CENT + 1e-6, need[a]))
    nearest = np.argsort(work["distance"].fillna(0.0).to_numpy(), kind="stable")
    given = np.zeros(len(work))
    pairs_of = [nearest[a[nearest] == area] for area in range(len(need))]
    turn = np.lexsort((np.arange(len(need)), -weight, need))
    for whole in (True, False):
        for area in turn:
            pairs = pairs_of[area]
            short = need[area] - given[pairs].sum()
            if short <= 0 or (whole and np.minimum(most[pairs], spare[f[pairs]]).sum() < short):
                continue
            for pair in pairs:
                take = min(short, most[pair] - given[pair], spare[f[pair]])
                given[pair] += take
                spare[f[pair]] -= take
                short -= take
    return given / _CENT


def _codes(names: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return codes in order of appearance and the first row of each."""
    codes, _ = pd.factorize(names)
    _, first = np.unique(codes, return_index=True)
    return np.asarray(codes, dtype=np.int64), first
