"""Which places of what size, as a programme, and what a solution of it means in m²."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lifecircle.siting.search.effort import Watch
from lifecircle.siting.search.programme import Programme, Solved, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "HAIR_M2",
    "Part",
    "Plan",
    "in_hundredths",
    "least_unmet",
    "plan_of",
    "sizes_of",
    "sizing_programme",
]

HAIR_M2 = 1e-6
"""Less than this is nothing: solvers leave it behind."""
_TOLD = 1e-3
"""m² that a limit lets through: less than anybody is told."""


_DIGITS_M2 = 1e-4


def in_hundredths(m2: float) -> float:
    """Return m² without a solver's last digits: as hundredths, where nothing else is between."""
    whole = round(m2, 2)
    return whole if abs(whole - m2) <= _DIGITS_M2 else m2


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Areas and sites that share nothing with others; sizes in m², prices as minimised.

    ``standing`` m² of each size need no building; ``count`` is as how many places a site counts,
    each of which weighs ``place`` (0: places are not counted). Of ``new`` sites there may be
    ``most_places``, and ``most_m2`` be built there.
    """

    areas: NDArray[np.int64]
    sites: NDArray[np.int64]
    deficit: NDArray[np.float64]
    most: NDArray[np.float64]
    least: NDArray[np.float64]
    standing: NDArray[np.float64]
    count: NDArray[np.float64]
    place: float
    fixed: NDArray[np.float64]
    per_m2: NDArray[np.float64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    serve: NDArray[np.float64]
    new: NDArray[np.bool_]
    most_places: float = np.inf
    most_m2: float = np.inf

    @property
    def limited(self) -> bool:
        """Whether places or m² may not be as many as one likes."""
        return bool(np.isfinite(self.most_places) or np.isfinite(self.most_m2))

    def unlimited(self) -> Part:
        """Return the part without these limits."""
        return dataclasses.replace(self, most_places=np.inf, most_m2=np.inf)

    def beyond(self, plan: Plan) -> bool:
        """Whether a plan has more new places, or more m² to build, than the part may have."""
        new = plan.opened & self.new
        built = float((sizes_of(self, plan) - self.standing)[new].sum())
        return bool(new.sum() > self.most_places or built > self.most_m2 + 2 * _TOLD)

    @property
    def opening(self) -> NDArray[np.float64]:
        """Price of a site beside that of its m²: what stands there need not be paid for."""
        return self.fixed + self.place * self.count - self.per_m2 * self.standing


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which sites of a part are used, what flows over each pair, and what it costs."""

    opened: NDArray[np.bool_]
    flow: NDArray[np.float64]
    unmet: NDArray[np.float64]
    value: float
    bound: float


class _Rows:
    """Rows of the programme, block by block; its columns: sites, sizes, shares, what is unmet."""

    def __init__(self, part: Part) -> None:
        self.sites, self.pairs, self.areas = len(part.most), len(part.row), len(part.deficit)
        self.size, self.share = self.sites, 2 * self.sites
        self.bare = self.share + self.pairs
        self.columns = self.bare + self.areas
        self.blocks: list[Any] = []
        self.low: list[NDArray[np.float64]] = []
        self.high: list[NDArray[np.float64]] = []

    def add(self, rows: int, low: float, high: float, *entries: tuple[Any, Any, Any]) -> None:
        """Add rows between two limits; entries are rows, columns and values."""
        row, column, value = (
            np.concatenate([np.asarray(e[k], dtype=np.float64) for e in entries]) for k in range(3)
        )
        at = (row.astype(np.int64), column.astype(np.int64))
        self.blocks.append(sparse.csr_array((value, at), shape=(rows, self.columns)))
        self.low.append(np.full(rows, low))
        self.high.append(np.full(rows, high))


def sizing_programme(part: Part, unmet: float) -> Programme:
    """Return the programme of a part: which sites, their sizes, the share of each pair.

    Parameters
    ----------
    unmet
        m² that may stay unmet in all; inf: as much as likes to.
    """
    rows = _Rows(part)
    at, each, over = np.arange(rows.sites), np.arange(rows.areas), np.arange(rows.pairs)
    size, share, bare = rows.size + at, rows.share + over, rows.bare + each
    site, area, pair = np.ones(rows.sites), np.ones(rows.areas), np.ones(rows.pairs)
    given = part.deficit[part.row]
    # every area's deficit is shared out, or stays unmet
    rows.add(rows.areas, 1.0, 1.0, (part.row, share, pair), (each, bare, area))
    # a place gives no more than its size
    rows.add(rows.sites, -np.inf, 0.0, (part.column, share, given), (at, size, -site))
    # which lies between the least and the most, where it is built at all
    rows.add(rows.sites, -np.inf, 0.0, (at, size, site), (at, at, -part.most))
    rows.add(rows.sites, 0.0, np.inf, (at, size, site), (at, at, -part.least))
    # implied by these, and what makes the relaxation tight
    rows.add(rows.pairs, -np.inf, 0.0, (over, share, pair), (over, part.column, -pair))
    rows.add(1, -np.inf, unmet, (np.zeros(rows.areas), bare, part.deficit))
    one, new = np.zeros(rows.sites), part.new.astype(float)
    if np.isfinite(part.most_places):
        rows.add(1, -np.inf, part.most_places, (one, at, new))
    if np.isfinite(part.most_m2):
        stands = (one, at, -new * part.standing)
        rows.add(1, -np.inf, part.most_m2 + _TOLD, (one, size, new), stands)
    most = np.ones(rows.columns)
    most[rows.size : rows.share] = part.most
    return Programme(
        cost=np.concatenate([part.opening, part.per_m2, part.serve * given, np.zeros(rows.areas)]),
        matrix=sparse.vstack(rows.blocks, format="csr"),
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        sites=rows.sites,
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
    # a site is built or not: what tolerances let through elsewhere is nothing
    flow[(flow < HAIR_M2) | (solved.values[part.column] < 0.5)] = 0.0  # noqa: PLR2004 - 0 or 1
    met = np.bincount(part.row, flow, minlength=len(part.deficit))
    unmet = np.maximum(part.deficit - met, 0.0)
    unmet[unmet < HAIR_M2 * np.maximum(1.0, part.deficit)] = 0.0
    given = np.bincount(part.column, flow, minlength=sites)
    opened = given > 0
    size = np.where(opened, np.maximum(given, part.least), 0.0)
    value = float(part.opening[opened].sum() + part.per_m2 @ size + part.serve @ flow)
    return Plan(opened, flow, unmet, value, value)


def sizes_of(part: Part, plan: Plan) -> NDArray[np.float64]:
    """Return the m² of each site: what it gives, and no less than the least; 0 if not built."""
    given = np.bincount(part.column, plan.flow, minlength=len(part.most))
    return np.where(plan.opened, np.maximum(given, part.least), 0.0)
