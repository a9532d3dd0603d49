"""Most met: how many areas can be met at once by rooms of which nobody knows whom they serve.

Each whole room stands in one area. So what is sought is the greatest weight of areas of which each
is given what it needs; a bound that is too high is safe, one that is too low is not. Exact where
every room suffices for every area it may stand in (a matching, filled greedily), where every set
of the few areas of a connected part is looked at, and where the integer programme of it closes
within its nodes; else its bound is taken, or for parts too large for it the least of two counts:
one area a room, and no more m² than there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from lifecircle.allocation.best_case.every_set import best_of_every_set
from lifecircle.allocation.best_case.waiting import Arc, same_rooms
from lifecircle.allocation.remembered import Remembered, content
from lifecircle.allocation.solver import Solver
from lifecircle.model.finding import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lifecircle.allocation.best_case.waiting import Waiting

    Floats = NDArray[np.float64]

__all__ = ["most_met"]

_MOST_ARCS = 4000
"""Pairs of room and area of the largest part whose integer programme is tried."""
_NODES = 500
_KNOWN: Remembered[tuple[float, bool]] = Remembered(4096)
_SEEN: Remembered[tuple[list[Sequence[Waiting]], Floats]] = Remembered(4096)
"""Parts by the very objects they are made of, which are kept with what they come to."""


def most_met(waiting: Sequence[Sequence[Waiting]], weight: Floats) -> Floats:
    """Return an upper bound of the weight that can be met at once, of every kind of weight.

    Parameters
    ----------
    waiting
        Of every area, what would meet it: any one of these does.
    weight
        float64 (n, k), not negative: k kinds of weight of each area.

    Returns
    -------
    ndarray
        float64 (k,), never less than what some way to give the rooms comes to.
    """
    most = np.zeros(weight.shape[1])
    for part in _parts(waiting):
        most += _most_of([waiting[n] for n in part], np.ascontiguousarray(weight[part].T))
    return most


def _most_of(claims: list[Sequence[Waiting]], weights: Floats) -> Floats:
    """Return the bounds of one part; ``weights``: kind by kind, of its areas.

    Where all areas are known to be met at once they are so whatever they weigh, and no further
    programme is asked. What no change has touched is the same objects again.
    """
    told = [len(claims), *(told for ways in claims for told in (len(ways), *map(id, ways)))]
    key = np.array(told, dtype=np.int64).tobytes() + weights.tobytes()
    seen = _SEEN.of(key, 0)
    if seen is None:
        found, at_once = np.zeros(len(weights)), False
        for kind, weight in enumerate(weights):
            kept = list(range(len(claims))) if at_once else _undominated(claims, weight)
            part = _Part([claims[n] for n in kept])
            found[kind], all_kept = part.most(weight[kept], at_once=at_once)
            at_once = all_kept and len(kept) == len(claims)
        seen = claims, found
        _SEEN.keep(key, seen, 0)
    return seen[1]


def _parts(waiting: Sequence[Sequence[Waiting]]) -> Iterator[list[int]]:
    """Yield the areas that common rooms link, as positions."""
    root = list(range(len(waiting)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    first: dict[str, int] = {}
    seen: dict[int, int] = {}  # sources are shared objects: one look each
    for n, ways in enumerate(waiting):
        for source in (source for way in ways for source, _ in way.claims):
            if id(source) in seen:
                root[find(n)] = find(seen[id(source)])
                continue
            seen[id(source)] = n
            for facility in source.facilities:
                root[find(n)] = find(first.setdefault(facility, n))
    parts: dict[int, list[int]] = defaultdict(list)
    for n in range(len(waiting)):
        parts[find(n)].append(n)
    yield from parts.values()


def _undominated(waiting: Sequence[Sequence[Waiting]], weight: Floats) -> list[int]:
    """Return the areas that a best choice needs to look at, in their order.

    Of areas with the same claims on ``n`` whole rooms, one with less weight and more need than
    ``n`` others is never met in place of all of them: there are no more rooms than that. One that
    has a claim on no room is not met at all.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    kept: list[int] = []
    same = same_rooms(way for ways in waiting for way in ways)
    for n, ways in enumerate(waiting):
        if len(ways) == 1 and all(source.whole for source, _ in ways[0].claims):
            alike[tuple((same[id(s)], most) for s, most in ways[0].claims)].append(n)
        else:
            kept.append(n)
    for rows in alike.values():
        rooms = len({f for s, _ in waiting[rows[0]][0].claims for f in s.facilities})
        rows.sort(key=lambda n: (waiting[n][0].need, -weight[n]))
        heaviest: list[float] = []
        for n in rows:
            if len(heaviest) < rooms or (rooms and weight[n] > heaviest[0]):
                kept.append(n)
                heaviest = sorted([*heaviest, float(weight[n])])[-rooms:]
    return sorted(kept)


class _Part:
    """Areas linked by rooms, and what each room may do for each of them."""

    def __init__(self, waiting: Sequence[Sequence[Waiting]]) -> None:
        self.waiting = waiting
        self.rooms = dict.fromkeys(
            facility
            for ways in waiting
            for way in ways
            for source, _ in way.claims
            for facility in source.facilities
        )
        pairs = sum(len(s.facilities) for ways in waiting for way in ways for s, _ in way.claims)
        self.small = pairs <= _MOST_ARCS

    def most(self, weight: Floats, *, at_once: bool) -> tuple[float, bool]:
        """Return an upper bound of the weight that can be met at once, and whether all can be.

        ``at_once``: it is known that all can be.
        """
        if not self.small:
            return self._counted(weight), False
        if at_once:
            return min(float(weight.sum()), self._counted(weight)), True
        programme = _Programme.of(self.waiting)
        if programme.ample:
            return programme.matched(weight), False
        bound, at_once = programme.bound(weight)
        return min(bound, self._counted(weight)), at_once

    def _counted(self, weight: Floats) -> float:
        """Return the least of two counts: one area a whole room, and no more m² than there are."""
        whole = all(s.whole for ways in self.waiting for way in ways for s, _ in way.claims)
        heaviest = np.sort(weight)[::-1]
        most = float(heaviest[: len(self.rooms)].sum() if whole else heaviest.sum())
        size: dict[str, float] = {}
        for ways in self.waiting:
            for way in ways:
                for source, _ in way.claims:
                    for facility, m2 in zip(source.facilities, source.sizes, strict=True):
                        size[facility] = max(m2, size.get(facility, 0.0))
        total = sum(size.values())
        if not np.isfinite(total) or any(len(ways) != 1 for ways in self.waiting):
            return most
        need = np.array([max(ways[0].need - 2 * TOLERANCE, TOLERANCE) for ways in self.waiting])
        order = np.argsort(-weight / need, kind="stable")
        before = np.concatenate([[0.0], np.cumsum(need[order])[:-1]])
        taken = np.clip((total - before) / need[order], 0.0, 1.0)
        return min(most, _whole(float((weight[order] * taken).sum()), weight))


@dataclass(slots=True)
class _Room:
    """One room: of several ways to say what it may do the widest."""

    size: float = 0.0
    whole: bool = True
    sets: tuple[frozenset[int], ...] | None = None
    arcs: dict[int, Arc] = field(default_factory=dict)

    def add(self, arc: Arc, size: float, sets: tuple[frozenset[int], ...], *, whole: bool) -> None:
        """Add what it may do for one area."""
        old = self.arcs.get(arc.area)
        if old is not None:
            arc = Arc(arc.area, max(arc.share, old.share), min(arc.need, old.need))
        self.arcs[arc.area] = arc
        self.size, self.whole = max(self.size, size), self.whole and whole
        self.sets = sets if self.sets in (None, sets) else ()

    def told(self) -> tuple[float, bool, tuple[frozenset[int], ...] | None, tuple[Arc, ...]]:
        """Return what tells rooms apart."""
        return self.size, self.whole, self.sets, tuple(self.arcs[n] for n in sorted(self.arcs))


def _rooms(ways: Sequence[tuple[int, Waiting]]) -> dict[str, _Room]:
    """Return what each room may do for the areas, which are told by their number."""
    rooms: dict[str, _Room] = defaultdict(_Room)
    at: dict[str, set[int]] = defaultdict(set)
    for n, way in ways:
        at[way.area].add(n)
    for n, way in ways:
        # what meets within the tolerance is met: a hair less is enough
        need = max(way.need - 2 * TOLERANCE, TOLERANCE)
        for source, most in way.claims:
            sets = tuple(frozenset(m for a in one for m in at[a]) for one in source.together)
            for facility, m2 in zip(source.facilities, source.sizes, strict=True):
                share = min(1.0, min(m2, most) / need)
                rooms[facility].add(Arc(n, share, need), m2, sets, whole=source.whole)
    return rooms


@dataclass(frozen=True, slots=True)
class _Programme:
    """Rooms that are alike as one group: how many, their size, their arcs, their sets."""

    count: list[int]
    size: list[float]
    whole: list[bool]
    arcs: list[tuple[Arc, ...]]
    together: list[tuple[frozenset[int], ...]]

    @classmethod
    def of(cls, waiting: Sequence[Sequence[Waiting]]) -> _Programme:
        """Write down what each room may do, rooms that are alike as one group."""
        rooms = _rooms([(n, way) for n, ways in enumerate(waiting) for way in ways])
        groups = Counter(room.told() for room in rooms.values())
        return cls(
            count=list(groups.values()),
            size=[size for size, *_ in groups],
            whole=[whole for _, whole, *_ in groups],
            arcs=[arcs for _, _, _, arcs in groups],
            together=[sets or () for _, _, sets, _ in groups],
        )

    @property
    def ample(self) -> bool:
        """Whether every room is whole, and suffices for every area it may stand in."""
        return all(self.whole) and all(arc.share >= 1.0 for mine in self.arcs for arc in mine)

    def matched(self, weight: Floats) -> float:
        """Return the greatest weight of a matching, one room an area: the heaviest areas first."""
        of: dict[int, list[int]] = defaultdict(list)
        for group, mine in enumerate(self.arcs):
            for arc in mine:
                of[arc.area].append(group)
        given: list[list[int]] = [[] for _ in self.count]

        def give(area: int, tried: set[int]) -> bool:
            for group in of[area]:
                if group in tried:
                    continue
                tried.add(group)
                if len(given[group]) < self.count[group]:
                    given[group].append(area)
                    return True
                for place, other in enumerate(given[group]):
                    if give(other, tried):
                        given[group][place] = area
                        return True
            return False

        heaviest = np.argsort(-weight, kind="stable").tolist()
        return float(sum(weight[area] for area in heaviest if give(area, set())))

    def bound(self, weight: Floats) -> tuple[float, bool]:
        """Return the upper bound that the integer programme proves within its nodes.

        And whether it found a way to meet all areas.
        """
        key = content([weight, *self._arrays()])
        known = _KNOWN.of(key, _NODES)
        if known is None:
            known = self._bound(weight)
            _KNOWN.keep(key, known, 0)
        return known

    def _arrays(self) -> list[Floats]:
        plain = [np.array([self.count, self.size, self.whole], dtype=float)]
        plain += [np.array([(a.area, a.share, a.need) for a in mine]) for mine in self.arcs]
        sets = [sorted(one) for sets in self.together for one in (*sets, frozenset())]
        return [*plain, *(np.array(one, dtype=float) for one in sets)]

    def _bound(self, weight: Floats) -> tuple[float, bool]:
        if not any(self.whole) and not any(self.together):
            known = best_of_every_set(self.count, self.size, self.arcs, weight)
            if known is not None:
                return min(float(weight.sum()), _whole(known[0], weight)), known[1]
        rows = _Rows(len(weight))
        for group, mine in enumerate(self.arcs):
            count = self.count[group]
            if self.whole[group]:
                rows.add_whole(mine, count)
            else:
                rows.add_shared(mine, count, self.size[group], self.together[group])
        matrix, lower, upper, most, integral = rows.written()
        aim = np.zeros(len(most))
        aim[: len(weight)] = weight
        solver = Solver(most, integral=integral, quick=False)
        solver.add(matrix, lower, upper)
        solved = solver.whole(aim, _NODES)
        met = solved.values is not None and bool((solved.values[: len(weight)] > 1 - 1e-6).all())
        if not np.isfinite(solved.bound):
            return float(weight.sum()), met
        return min(float(weight.sum()), _whole(solved.bound, weight)), met


class _Rows:
    """The programme's rows: an area is a number of 0 or 1 first, then what rooms give."""

    def __init__(self, areas: int) -> None:
        self.most = [1.0] * areas
        self.integral = [1] * areas
        self.entries: list[tuple[int, int, float]] = [(n, n, -1.0) for n in range(areas)]
        self.lower: list[float] = [0.0] * areas
        self.upper: list[float] = [np.inf] * areas

    def add_whole(self, arcs: tuple[Arc, ...], count: int) -> None:
        """Write what whole rooms give: each to one area."""
        columns = []
        for arc in arcs:
            columns.append(self._column(count, whole=True))
            self.entries.append((arc.area, columns[-1], arc.share))
        self._row([(column, 1.0) for column in columns], count)

    def add_shared(
        self,
        arcs: tuple[Arc, ...],
        count: int,
        size: float,
        together: tuple[frozenset[int], ...],
    ) -> None:
        """Write what rooms give whose m² may be shared out: no more than they have."""
        columns = []
        for arc in arcs:
            columns.append(self._column(count * arc.share, whole=False))
            self.entries.append((arc.area, columns[-1], 1.0))
        if np.isfinite(size) and size > 0:
            used = [(c, arc.need / size) for c, arc in zip(columns, arcs, strict=True)]
            self._row(used, count)
        if not together:
            return
        places = [self._column(count, whole=True) for _ in together]
        self._row([(place, 1.0) for place in places], count)
        for column, arc in zip(columns, arcs, strict=True):
            here = [p for p, one in zip(places, together, strict=True) if arc.area in one]
            self._row([(column, 1.0), *((p, -arc.share) for p in here)], 0.0)

    def _column(self, most: float, *, whole: bool) -> int:
        self.most.append(most)
        self.integral.append(int(whole))
        return len(self.most) - 1

    def _row(self, entries: list[tuple[int, float]], most: float) -> None:
        row = len(self.lower)
        self.entries += [(row, column, value) for column, value in entries]
        self.lower.append(-np.inf)
        self.upper.append(most)

    def written(self) -> tuple[csr_array, Floats, Floats, Floats, NDArray[np.bool_]]:
        """Return the matrix, the limits of its rows, of its columns, and which are whole."""
        row, column, value = (np.array(one) for one in zip(*self.entries, strict=True))
        shape = (len(self.lower), len(self.most))
        return (
            coo_array((value.astype(float), (row, column)), shape=shape).tocsr(),
            np.array(self.lower),
            np.array(self.upper),
            np.array(self.most, dtype=float),
            np.array(self.integral, dtype=bool),
        )


def _whole(bound: float, weight: Floats) -> float:
    """Return a bound no larger than it must be: whole weights come to whole numbers."""
    if (weight != np.round(weight)).any():
        return bound * (1 + TOLERANCE) + TOLERANCE
    return float(np.floor(bound + 1e-4))
