"""Served: which areas to fill when there is not enough for all, exactly where that can be proven.

The first aim is the greatest gain of the areas that are filled (their number, by default), the
second one the greatest gain of another kind (their households) among those. What is certain is
settled first: a facility with enough for all its neighbours gives to all of them, and an area that
even all its neighbours together cannot fill is left out. Of a small connected part of what remains
every set is looked at (:mod:`outright`); a larger one is a mixed-integer programme (HiGHS through
scipy), one whole number a class of identical areas and a flow a pair. Parts too large, or not
closed within their share of nodes, keep the best set found and an upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from lifecircle.allocation.exchange import Exchange, most_given
from lifecircle.allocation.outright import outright
from lifecircle.allocation.silence import silent_stdout
from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EXACT_AREAS", "Choice", "choose"]

EXACT_AREAS = 1000
"""Largest part, in areas, whose integer programme is tried."""
_NODE_WORK = 1_000_000
"""Search nodes x pairs that one choice may cost; parts are searched from the smallest on."""
_MOST_NODES = 20_000
_ITERATIONS = 2_000_000
_UNIT = 100.0
"""The programme reckons in m², the exchange in hundredths."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which areas are filled, and how good that is.

    ``gain`` and ``bound``: the first aim reached and its upper bound; ``second`` and its bound:
    the second aim (no bound where the first is open); equal bounds are a proof.
    """

    served: NDArray[np.bool_]
    gain: float
    bound: float
    second: float
    second_bound: float | None

    @property
    def proven(self) -> bool:
        """Whether no better set exists."""
        return self.bound <= self.gain + TOLERANCE and (
            self.second_bound is not None and self.second_bound <= self.second + TOLERANCE
        )


def choose(exchange: Exchange, first: NDArray[np.float64], second: NDArray[np.float64]) -> Choice:
    """Return the areas to fill.

    Parameters
    ----------
    first, second
        Gain of each area under the first and the second aim, >= 0.
    """
    served, rest, spare, need = _certain(exchange)
    gain = float(first[served].sum())
    also: float | None = float(second[served].sum())
    bound, done = gain, float(second[served].sum())
    left = Exchange(need, spare, exchange.area, exchange.facility, exchange.most, exchange.distance)
    pairs = rest[exchange.area] & (spare[exchange.facility] > 0)
    kept, numbers = left.part(pairs)
    work = _NODE_WORK
    parts = sorted((kept.part(c) for c in kept.components()), key=lambda p: len(p[0].need))
    for part, inside in parts:
        where = numbers[inside]
        found, spent = _settle(part, first[where], second[where], work)
        work = max(0, work - spent)
        served[where] = found.served
        gain, bound, done = gain + found.gain, bound + found.bound, done + found.second
        also = None if also is None or found.second_bound is None else also + found.second_bound
    return Choice(served, gain, bound, done, also if bound <= gain + TOLERANCE else None)


def _certain(
    exchange: Exchange,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Return who is filled for certain, who is open, and what is then left to have and to need."""
    n, m = len(exchange.need), len(exchange.spare)
    need, spare = exchange.need.copy(), exchange.spare.copy()
    open_ = np.ones(n, dtype=bool)
    by_area = np.argsort(exchange.area, kind="stable")
    while True:
        ask = np.minimum(exchange.most, need[exchange.area])
        could = np.minimum(ask, spare[exchange.facility])
        open_ &= np.bincount(exchange.area, could, minlength=n) >= need
        ask = np.where(open_[exchange.area], ask, 0)
        asked = np.bincount(exchange.facility, ask, minlength=m)
        ample = (asked <= spare) & (asked > 0)
        if not ample.any():
            break
        # an area between two ample facilities takes from the first what it needs
        gift = np.where(ample[exchange.facility], ask, 0)[by_area]
        area = exchange.area[by_area]
        before = np.cumsum(gift) - gift
        first = np.searchsorted(area, area)
        given = np.clip(need[area] - (before - before[first]), 0, gift)
        need -= np.bincount(area, given, minlength=n).astype(np.int64)
        spare[ample] = 0
    served = open_ & (need == 0)
    return served, open_ & ~served, spare, need


def _settle(
    part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64], work: int
) -> tuple[Choice, int]:
    """Return the choice for one connected part, and the work its search took."""
    n, pairs = len(part.need), len(part.area)
    at_once = outright(part, first, second)
    if at_once is not None:
        one, two = float(first[at_once].sum()), float(second[at_once].sum())
        return Choice(at_once, one, one, two, two), 2 * pairs
    programme, spent = _Programme.of(part, first, second), 0
    nodes = min(_MOST_NODES, work // pairs)
    best, bound, also = np.zeros(n, dtype=bool), np.inf, None
    if n <= EXACT_AREAS and nodes:
        found, bound, count = programme.search(programme.first, nodes)
        spent += count * pairs
        if found is not None and _feasible(part, found):
            best = found
            reached = float(first[best].sum())
            if bound <= reached + TOLERANCE:
                found, limit, count = programme.search(programme.second, nodes, at_least=reached)
                spent += count * pairs
                better = found is not None and float(first[found].sum()) >= reached - TOLERANCE
                if found is not None and better and _feasible(part, found):
                    best = found
                also = limit
                if limit > float(second[best].sum()) + TOLERANCE:
                    also = min(limit, programme.relaxed(programme.second, at_least=reached)[1])
    if also is None:  # not closed: what turn by turn and the relaxation find may be better
        relaxed, limit = programme.relaxed(programme.first)
        bound = min(bound, limit)
        for start in (np.zeros(n, dtype=bool), relaxed):
            other = _in_turn(part, first, second, start)
            if _gain(other, first, second) > _gain(best, first, second):
                best = other
    gain = float(first[best].sum())
    return Choice(best, gain, max(bound, gain), float(second[best].sum()), also), spent


def _gain(
    served: NDArray[np.bool_], first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[float, float]:
    return float(first[served].sum()), float(second[served].sum())


def _feasible(part: Exchange, served: NDArray[np.bool_]) -> bool:
    """Return whether all of ``served`` can be filled at once, to the last unit."""
    want = np.where(served, part.need, 0)
    return int(most_given(part, want).sum()) == int(want.sum())


def _in_turn(
    part: Exchange,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    start: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return ``start`` and whoever can still be filled from what it leaves, the cheapest first.

    Cheapest is least need a gain, then most of the second gain. Each takes from the facilities
    that fewest others want.
    """
    n, m = len(part.need), len(part.spare)
    flow = most_given(part, np.where(start, part.need, 0))
    served = np.bincount(part.area, flow, minlength=n) >= part.need
    served &= start
    flow[~served[part.area]] = 0
    spare = part.spare - np.bincount(part.facility, flow, minlength=m).astype(np.int64)
    asked = np.bincount(part.facility, np.minimum(part.most, part.need[part.area]), minlength=m)
    press = (asked / np.maximum(part.spare, 1))[part.facility]
    order = np.lexsort((press, part.area))
    starts = np.searchsorted(part.area[order], np.arange(n + 1))
    price = part.need / np.maximum(first, TOLERANCE)
    for area in np.lexsort((np.arange(n), -second, price)):
        if served[area]:
            continue
        mine = order[starts[area] : starts[area + 1]]
        here = part.facility[mine]
        could = np.minimum(part.most[mine], spare[here])
        if could.sum() < part.need[area]:
            continue
        take = np.clip(part.need[area] - (np.cumsum(could) - could), 0, could)
        spare[here] -= take
        served[area] = True
    return served


class _Class(NamedTuple):
    """What identical areas have in common; ``deals``: facility and what the pair may carry."""

    need: int
    first: float
    second: float
    deals: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Programme:
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
    ) -> _Programme:
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
    ) -> _Programme:
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
