"""Service districts: which unit goes to which host, with room for all and each in one piece.

Least weight × minutes over whole units. A district hangs together where every unit of it is
reached from its host's unit over units of the district that touch: a flow that starts at the host
and leaves one in every unit says so (Shirabe 2005).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lifecircle.siting.search.effort import PROVEN, Watch, gap_between, watched
from lifecircle.siting.search.programme import Programme, in_whole, solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["DistrictAnswer", "DistrictTask", "assign_units", "best_districts"]


@dataclass(frozen=True, slots=True, eq=False)
class DistrictTask:
    """Units, hosts, and what lies between them.

    Parameters
    ----------
    minutes
        float64 (units, hosts); inf: not known, or no way.
    weight, load
        float64 (units,): what a minute counts, and what a unit takes of its host's room.
    room
        float64 (hosts,); inf: not limited.
    home
        int64 (hosts,), the unit a host stands in, which it serves; -1: not known, and then its
        district need not hang together.
    touching
        Pairs of unit numbers with a common border or a ferry; None: nobody knows, nothing need
        hang together.
    """

    units: tuple[str, ...]
    hosts: tuple[str, ...]
    minutes: NDArray[np.float64]
    weight: NDArray[np.float64]
    load: NDArray[np.float64]
    room: NDArray[np.float64]
    home: NDArray[np.int64]
    touching: frozenset[tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class DistrictAnswer:
    """Unit → host, and what that is worth.

    Parameters
    ----------
    objective
        Σ weight × minutes; None where no assignment keeps to room and borders.
    unreachable
        Units that no host's way is known to: they are in no district.
    """

    hosts: Mapping[str, str] = field(default_factory=dict)
    objective: float | None = None
    bound: float | None = None
    proven: bool = False
    unreachable: tuple[str, ...] = ()


def assign_units(
    task: DistrictTask, watch: Watch | None = None, *, most: int | None = None
) -> DistrictAnswer:
    """Return the districts of least weight × minutes.

    Parameters
    ----------
    most
        Most hosts that may serve; None: any, and every host serves the unit it stands in.
    """
    found = best_districts(task, 1, watch, most=most)
    return found[0] if found else DistrictAnswer(unreachable=_unreachable(task))


def best_districts(
    task: DistrictTask, count: int, watch: Watch | None = None, *, most: int | None = None
) -> list[DistrictAnswer]:
    """Return the best districts and the next best ones, best first; there may be fewer.

    Each forbids those before it (a row of the programme that they break). Exact as far as each
    search is; a search without an answer ends the list.

    Parameters
    ----------
    count
        How many to tell, the best among them.
    most
        As :func:`assign_units` has it. None: they differ in at least one unit's host. Else in the
        hosts that serve, and each has the best districts that its hosts can have.
    """
    watch = watch or Watch()
    lost: NDArray[np.bool_] = np.asarray(~np.isfinite(task.minutes).any(axis=1), dtype=bool)
    row, column = np.nonzero(np.isfinite(task.minutes))
    found: list[DistrictAnswer] = []
    if not len(row):
        return found
    programme = _programme(task, row, column, lost, most)
    with watched(watch):
        while len(found) < count and not (found and watch.stop):
            solved = solve(programme, watch)
            if solved.values is None:
                break
            chosen = np.flatnonzero(solved.values[: len(row)] > 0.5)  # noqa: PLR2004 - 0 or 1
            found.append(_answer(task, row[chosen], column[chosen], solved.bound))
            programme = _another(
                programme, chosen, column, len(task.hosts), by_host=most is not None
            )
    return found


def _unreachable(task: DistrictTask) -> tuple[str, ...]:
    reached: NDArray[np.bool_] = np.asarray(np.isfinite(task.minutes).any(axis=1), dtype=bool)
    return tuple(name for name, fine in zip(task.units, reached, strict=True) if not fine)


def _answer(
    task: DistrictTask, units: NDArray[np.int64], hosts: NDArray[np.int64], bound: float
) -> DistrictAnswer:
    objective = float((task.weight[units] * task.minutes[units, hosts]).sum())
    bound = min(max(bound, 0.0), objective)
    proven = gap_between(objective, bound) <= PROVEN
    return DistrictAnswer(
        hosts={task.units[u]: task.hosts[h] for u, h in zip(units, hosts, strict=True)},
        objective=objective,
        bound=objective if proven else bound,
        proven=proven,
        unreachable=_unreachable(task),
    )


def _another(
    programme: Programme,
    chosen: NDArray[np.int64],
    column: NDArray[np.int64],
    hosts: int,
    *,
    by_host: bool,
) -> Programme:
    """Return the programme without an answer: its assignment, or its hosts whoever they serve."""
    row = np.zeros(len(programme.cost))
    if not by_host:  # every unit has one host: not all of them the same
        row[chosen] = 1.0
        return programme.also(row, -np.inf, len(chosen) - 1.0)
    pairs, used = len(column), np.unique(column[chosen])
    row[pairs : pairs + hosts] = 1.0
    row[pairs + used] = -1.0
    return programme.also(row, 1.0 - len(used), np.inf)


class _Rows:
    """Rows of the programme, one by one: entries, least and most."""

    def __init__(self) -> None:
        self.at: list[tuple[int, int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, low: float, high: float, entries: list[tuple[int, float]]) -> None:
        self.at += [(len(self.low), column, value) for column, value in entries]
        self.low.append(low)
        self.high.append(high)


def _programme(
    task: DistrictTask,
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    lost: NDArray[np.bool_],
    most: int | None,
) -> Programme:
    """Return the programme: columns are pairs of unit and host, hosts in use, then the flows."""
    pairs, hosts = len(row), len(task.hosts)
    number = {(int(u), int(h)): k for k, (u, h) in enumerate(zip(row, column, strict=True))}
    rows = _Rows()
    for unit in np.flatnonzero(~lost).tolist():  # every unit has one host
        rows.add(1.0, 1.0, [(number[unit, h], 1.0) for h in range(hosts) if (unit, h) in number])
    for host in range(hosts):
        _host_rows(task, host, number, rows, pairs + host, limited=most is not None)
    if most is not None:
        rows.add(-np.inf, float(most), [(pairs + h, 1.0) for h in range(hosts)])
    columns = _flows(task, number, rows, pairs + hosts)
    matrix = sparse.csr_array(
        ([v for *_, v in rows.at], ([r for r, *_ in rows.at], [c for _, c, _ in rows.at])),
        shape=(len(rows.low), columns),
    )
    cost = np.zeros(columns)
    cost[:pairs] = task.weight[row] * task.minutes[row, column]
    largest = np.ones(columns)
    largest[pairs + hosts :] = float(len(task.units))
    return Programme(cost, matrix, np.array(rows.low), np.array(rows.high), pairs + hosts, largest)


def _host_rows(
    task: DistrictTask,
    host: int,
    number: Mapping[tuple[int, int], int],
    rows: _Rows,
    used: int,
    *,
    limited: bool,
) -> None:
    """Add that a host has room for its units, is in use, and serves the unit it stands in."""
    mine = [(u, k) for (u, h), k in number.items() if h == host]
    if np.isfinite(task.room[host]):
        loads, room = in_whole(task.load[[u for u, _ in mine]], float(task.room[host]))
        rows.add(-np.inf, room, list(zip([k for _, k in mine], loads.tolist(), strict=True)))
    for _, column in mine:
        rows.add(-np.inf, 0.0, [(column, 1.0), (used, -1.0)])
    if limited:  # a host that serves nobody is not in use
        rows.add(-np.inf, 0.0, [(used, 1.0), *((column, -1.0) for _, column in mine)])
    home = number.get((int(task.home[host]), host))
    if home is not None and limited:  # only where it is in use at all
        rows.add(0.0, np.inf, [(home, 1.0), (used, -1.0)])
    elif home is not None:
        rows.add(1.0, np.inf, [(home, 1.0)])


def _flows(
    task: DistrictTask, number: Mapping[tuple[int, int], int], rows: _Rows, first: int
) -> int:
    """Add what makes each district hang together; return how many columns there are then."""
    if task.touching is None:
        return first
    arcs = sorted({(a, b) for a, b in task.touching} | {(b, a) for a, b in task.touching})
    for host in range(len(task.hosts)):
        mine = {u: k for (u, h), k in number.items() if h == host}
        home = int(task.home[host])
        if home in mine:
            first += _one_piece(mine, home, arcs, rows, first, float(len(task.units)))
    return first


def _one_piece(
    mine: Mapping[int, int],
    home: int,
    arcs: list[tuple[int, int]],
    rows: _Rows,
    first: int,
    most: float,
) -> int:
    """Add a flow from ``home`` that leaves one in every unit of a district; return its columns."""
    inside = [(a, b) for a, b in arcs if a in mine and b in mine]
    into: dict[int, list[tuple[int, float]]] = {unit: [] for unit in mine}
    for k, (a, b) in enumerate(inside):
        for end in (a, b):  # it runs between units of the district alone
            rows.add(-np.inf, 0.0, [(first + k, 1.0), (mine[end], -most)])
        into[b].append((first + k, 1.0))
        into[a].append((first + k, -1.0))
    for unit, column in mine.items():
        if unit != home:
            rows.add(0.0, 0.0, [*into[unit], (column, -1.0)])
    return len(inside)
