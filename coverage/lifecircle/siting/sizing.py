"""Which places of what size, as a programme, and what a solution of it means in m²."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lifecircle.siting.effort import Watch
from lifecircle.siting.programme import Programme, Solved, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HAIR_M2", "Part", "Plan", "least_unmet", "plan_of", "sizes_of", "sizing_programme"]

HAIR_M2 = 1e-6
"""Less than this is nothing: solvers leave it behind."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Areas and sites that share nothing with others; sizes in m², prices as minimised."""

    areas: NDArray[np.int64]
    sites: NDArray[np.int64]
    deficit: NDArray[np.float64]
    most: NDArray[np.float64]
    least: NDArray[np.float64]
    fixed: NDArray[np.float64]
    per_m2: NDArray[np.float64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    serve: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which sites of a part are used, what flows over each pair, and what it costs."""

    opened: NDArray[np.bool_]
    flow: NDArray[np.float64]
    unmet: NDArray[np.float64]
    value: float
    bound: float


def sizing_programme(part: Part, unmet: float) -> Programme:
    """Return the programme: sites, their sizes, the share of each pair, what stays unmet."""
    areas, sites, pairs = len(part.deficit), len(part.most), len(part.row)
    at, each, one = np.arange(sites), np.arange(areas), np.ones
    size, share, bare = sites, 2 * sites, 2 * sites + pairs
    columns = bare + areas
    over = np.arange(pairs)

    def block(rows: int, *entries: tuple[object, object, object]) -> sparse.csr_array:
        row, column, value = (
            np.concatenate([np.asarray(e[k], dtype=np.float64) for e in entries]) for k in range(3)
        )
        return sparse.csr_array(
            (value, (row.astype(np.int64), column.astype(np.int64))), shape=(rows, columns)
        )

    given = part.deficit[part.row]
    blocks = [
        # every area's deficit is shared out, or stays unmet
        (
            block(areas, (part.row, share + over, one(pairs)), (each, bare + each, one(areas))),
            one(areas),
            one(areas),
        ),
        # a place gives no more than its size
        (
            block(sites, (part.column, share + over, given), (at, size + at, -one(sites))),
            np.full(sites, -np.inf),
            np.zeros(sites),
        ),
        # its size is between the least and the most, where it is built at all
        (
            block(sites, (at, size + at, one(sites)), (at, at, -part.most)),
            np.full(sites, -np.inf),
            np.zeros(sites),
        ),
        (
            block(sites, (at, size + at, one(sites)), (at, at, -part.least)),
            np.zeros(sites),
            np.full(sites, np.inf),
        ),
        # implied by these, and what makes the relaxation tight
        (
            block(pairs, (over, share + over, one(pairs)), (over, part.column, -one(pairs))),
            np.full(pairs, -np.inf),
            np.zeros(pairs),
        ),
        (
            block(1, (np.zeros(areas), bare + each, part.deficit)),
            np.full(1, -np.inf),
            np.full(1, unmet),
        ),
    ]
    most = np.ones(columns)
    most[size:share] = part.most
    cost = np.concatenate([part.fixed, part.per_m2, part.serve * given, np.zeros(areas)])
    return Programme(
        cost=cost,
        matrix=sparse.vstack([matrix for matrix, _, _ in blocks], format="csr"),
        low=np.concatenate([low for _, low, _ in blocks]),
        high=np.concatenate([high for _, _, high in blocks]),
        sites=sites,
        most=most,
    )


def least_unmet(part: Part) -> float:
    """Return the m² that stay unmet with every site at its largest."""
    areas, pairs = len(part.deficit), len(part.row)
    capacity = sparse.csr_array(
        (np.ones(pairs), (part.column, np.arange(pairs))), shape=(len(part.most), pairs)
    )
    need = sparse.csr_array((np.ones(pairs), (part.row, np.arange(pairs))), shape=(areas, pairs))
    programme = Programme(
        cost=-np.ones(pairs),
        matrix=sparse.vstack([capacity, need], format="csr"),
        low=np.full(len(part.most) + areas, -np.inf),
        high=np.concatenate([part.most, part.deficit]),
        sites=0,
        most=part.deficit[part.row],
    )
    solved = solve(programme, Watch())
    met = 0.0 if solved.values is None else float(solved.values.sum())
    return max(float(part.deficit.sum()) - met, 0.0)


def plan_of(part: Part, programme: Programme, solved: Solved) -> Plan | None:
    """Return the plan of a solution, worked out anew; sites that give nothing are not built."""
    if solved.values is None:
        return None
    sites, pairs = programme.sites, len(part.row)
    share = np.clip(solved.values[2 * sites : 2 * sites + pairs], 0.0, 1.0)
    flow = share * part.deficit[part.row]
    flow[flow < HAIR_M2] = 0.0
    met = np.bincount(part.row, flow, minlength=len(part.deficit))
    unmet = np.maximum(part.deficit - met, 0.0)
    unmet[unmet < HAIR_M2 * np.maximum(1.0, part.deficit)] = 0.0
    given = np.bincount(part.column, flow, minlength=sites)
    opened = given > 0
    size = np.where(opened, np.maximum(given, part.least), 0.0)
    value = float(part.fixed[opened].sum() + part.per_m2 @ size + part.serve @ flow)
    return Plan(opened, flow, unmet, value, value)


def sizes_of(part: Part, plan: Plan) -> NDArray[np.float64]:
    """Return the m² of each site: what it gives, and no less than the least; 0 if not built."""
    given = np.bincount(part.column, plan.flow, minlength=len(part.most))
    return np.where(plan.opened, np.maximum(given, part.least), 0.0)
