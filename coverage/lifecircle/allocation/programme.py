"""The integer programme of one connected part: which areas to fill, and how much to send.

One whole number a class of identical areas and a flow a pair, written for HiGHS through scipy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from lifecircle.allocation.silence import silent_stdout
from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.exchange import Exchange

__all__ = ["Programme"]

_ITERATIONS = 2_000_000
_UNIT = 100.0
"""The programme reckons in m², the exchange in hundredths."""


class _Class(NamedTuple):
    """What identical areas have in common; ``deals``: facility and what the pair may carry."""

    need: int
    first: float
    second: float
    deals: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """The integer programme of one part: a flow a pair of class and facility, a number a class.

    Identical areas (same need, gains and neighbours) are one class, of which the nearest members
    are filled first. Rows beside those of the flow say, for a set of facilities, how many of the
    areas that have no others can be filled at most: by their needs, and counted one by one.
    """

    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    most: NDArray[np.float64]
    members: list[NDArray[np.int64]]
    flows: int
    areas: int
    first: NDArray[np.float64]
    second: NDArray[np.float64]

    @classmethod
    def of(
        cls, part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64]
    ) -> Programme:
        """Write the programme of ``part``."""
        order = np.lexsort((part.distance, part.area))
        starts = np.searchsorted(part.area[order], np.arange(len(part.need) + 1))
        classes: dict[_Class, list[int]] = {}
        near = np.zeros(len(part.need))
        for area in range(len(part.need)):
            mine = order[starts[area] : starts[area + 1]]
            near[area] = part.distance[mine].sum()
            limits = np.minimum(part.most[mine], part.need[area])
            deals = tuple(sorted(zip(part.facility[mine].tolist(), limits.tolist(), strict=True)))
            gains = float(first[area]), float(second[area])
            classes.setdefault(_Class(int(part.need[area]), *gains, deals), []).append(area)
        members = [np.array(sorted(m, key=lambda a: (near[a], a))) for m in classes.values()]
        return cls._written(part, list(classes), members)

    @classmethod
    def _written(
        cls, part: Exchange, classes: list[_Class], members: list[NDArray[np.int64]]
    ) -> Programme:
        size = np.array([len(m) for m in members], dtype=float)
        need = np.array([k.need for k in classes]) / _UNIT
        spare = part.spare / _UNIT
        deals = [k.deals for k in classes]
        c = np.repeat(np.arange(len(classes)), [len(d) for d in deals])
        f = np.array([j for d in deals for j, _ in d], dtype=np.int64)
        limit = np.array([u for d in deals for _, u in d], dtype=float) / _UNIT
        flows, n, m = len(c), len(classes), len(spare)
        column = np.arange(flows)
        into = csr_array((np.ones(flows), (c, column)), shape=(n, flows))
        out = csr_array((np.ones(flows), (f, column)), shape=(m, flows))
        filled = csr_array((-need, (np.arange(n), np.arange(n))), shape=(n, n))
        tight = np.flatnonzero(limit < need[c] - TOLERANCE)  # a pair with a limit of its own
        narrow = csr_array(
            (np.ones(len(tight)), (np.arange(len(tight)), tight)), (len(tight), flows)
        )
        wide = csr_array((-limit[tight], (np.arange(len(tight)), c[tight])), (len(tight), n))
        blocks = [hstack([into, filled]), hstack([out, csr_array((m, n))]), hstack([narrow, wide])]
        lower = [np.zeros(n), np.full(m, -np.inf), np.full(len(tight), -np.inf)]
        upper = [np.zeros(n), spare, np.zeros(len(tight))]
        rows, limits = _rank_rows([frozenset(j for j, _ in d) for d in deals], need, size, spare)
        if len(limits):
            blocks.append(hstack([csr_array((len(limits), flows)), rows]))
            lower.append(np.full(len(limits), -np.inf))
            upper.append(limits)
        return cls(
            matrix=vstack(blocks, format="csr"),
            lower=np.concatenate(lower),
            upper=np.concatenate(upper),
            most=np.concatenate([limit * size[c], size]),
            members=members,
            flows=flows,
            areas=len(part.need),
            first=np.array([k.first for k in classes]),
            second=np.array([k.second for k in classes]),
        )

    def search(
        self, aim: NDArray[np.float64], nodes: int, *, at_least: float | None = None
    ) -> tuple[NDArray[np.bool_] | None, float, int]:
        """Return the areas filled (None: none found), the upper bound, and the nodes searched.

        ``at_least``: of the first gain, which is not to be lost.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - loads slowly

        matrix, lower, upper = self._rows(at_least)
        with silent_stdout():
            found = milp(
                np.concatenate([np.zeros(self.flows), -aim]),
                constraints=LinearConstraint(matrix, lower, upper),
                bounds=Bounds(0.0, self.most),
                integrality=np.concatenate([np.zeros(self.flows), np.ones(len(aim))]),
                options={"mip_rel_gap": 0.0, "node_limit": nodes},
            )
        bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
        searched = max(1, int(found.mip_node_count or 0))
        if found.x is None:
            return None, _whole(bound, aim), searched
        return self._areas(np.round(found.x[self.flows :])), _whole(bound, aim), searched

    def relaxed(
        self, aim: NDArray[np.float64], *, at_least: float | None = None
    ) -> tuple[NDArray[np.bool_], float]:
        """Return the areas that the linear relaxation fills for certain, and its bound."""
        matrix, lower, upper = self._rows(at_least)
        equal = lower == upper
        least, capped = np.isfinite(lower) & ~equal, np.isfinite(upper) & ~equal
        from scipy.optimize import linprog  # noqa: PLC0415 - loads slowly

        found = linprog(
            np.concatenate([np.zeros(self.flows), -aim]),
            A_ub=vstack([matrix[capped], -matrix[least]], format="csr"),
            b_ub=np.concatenate([upper[capped], -lower[least]]),
            A_eq=matrix[equal],
            b_eq=upper[equal],
            bounds=np.column_stack([np.zeros(len(self.most)), self.most]),
            method="highs-ipm",
            options={"maxiter": _ITERATIONS},
        )
        if found.x is None:
            return np.zeros(self.areas, dtype=bool), float(aim @ self.most[self.flows :])
        numbers = np.floor(found.x[self.flows :] + TOLERANCE)
        return self._areas(numbers), _whole(-float(found.fun), aim)

    def _rows(
        self, at_least: float | None
    ) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        """Return the rows and their limits, with the first gain that is not to be lost."""
        if at_least is None:
            return self.matrix, self.lower, self.upper
        kept = csr_array(np.concatenate([np.zeros(self.flows), self.first])[None, :])
        return (
            vstack([self.matrix, kept], format="csr"),
            np.append(self.lower, at_least - TOLERANCE),
            np.append(self.upper, np.inf),
        )

    def _areas(self, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
        served = np.zeros(self.areas, dtype=bool)
        for mine, number in zip(self.members, numbers, strict=True):
            served[mine[: int(number)]] = True
        return served


def _whole(bound: float, aim: NDArray[np.float64]) -> float:
    """Return a bound no larger than it must be: gains in whole numbers come to whole numbers."""
    if not np.isfinite(bound) or (aim != np.round(aim)).any():
        return bound
    return float(np.floor(bound + 1e-4))


def _rank_rows(
    neighbours: list[frozenset[int]],
    need: NDArray[np.float64],
    size: NDArray[np.float64],
    spare: NDArray[np.float64],
) -> tuple[csr_array, NDArray[np.float64]]:
    """Return rows over the classes and their upper limits, for every set of facilities that occurs.

    Of the areas that have no facility outside a set, no more can be filled than the smallest
    needs that fit into what the set has.
    """
    by_first: dict[int, list[int]] = {}
    for number, mine in enumerate(neighbours):
        by_first.setdefault(min(mine), []).append(number)
    sets = sorted(set(neighbours) | {frozenset([j]) for s in neighbours for j in s}, key=sorted)
    rows: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    limits: list[float] = []
    for chosen in sets:
        inside = [c for j in sorted(chosen) for c in by_first.get(j, ()) if neighbours[c] <= chosen]
        if not inside:
            continue
        who = np.array(inside)[np.argsort(need[inside], kind="stable")]
        has = float(spare[sorted(chosen)].sum())
        if float((need[who] * size[who]).sum()) <= has:
            continue
        one_by_one = np.repeat(need[who], size[who].astype(int))
        count = int(np.searchsorted(np.cumsum(one_by_one), has + TOLERANCE, side="right"))
        rows += [(who, need[who]), (who, np.ones(len(who)))]
        limits += [has, float(count)]
    if not rows:
        return csr_array((0, len(need))), np.array([])
    where = np.repeat(np.arange(len(rows)), [len(w) for w, _ in rows])
    matrix = csr_array(
        (np.concatenate([v for _, v in rows]), (where, np.concatenate([w for w, _ in rows]))),
        shape=(len(rows), len(need)),
    )
    return matrix, np.array(limits)
