"""Units to the hosts of service districts, beside the document's own: evaluated, never replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from lifecircle.case.adjoining import adjoining
from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.errors import SitingError
from lifecircle.judge.readings import service_districts
from lifecircle.measures.units.assignment import journeys_of
from lifecircle.measures.units.hosts import host_of
from lifecircle.model.finding import meets
from lifecircle.model.results.siting import Districts, DistrictUnit, HostLoad
from lifecircle.model.results.siting_plan import Alternative, SitingNote, Variant
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.siting.districts import DistrictTask, assign_units, best_districts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.model.rules.rule import Rule
    from lifecircle.siting.districts import DistrictAnswer
    from lifecircle.siting.search.effort import Watch

__all__ = ["Hosted", "plan_districts"]

_ALTERNATIVES = 5
_CODE = 9


@dataclass(frozen=True, slots=True)
class Hosted:
    """Districts, the next best ones, and the best with one host less and one more."""

    districts: Districts
    alternatives: tuple[Alternative, ...] = ()
    variants: tuple[Variant, ...] = ()
    notes: tuple[SitingNote, ...] = ()


def plan_districts(bench: Bench, *, sites: int | None, watch: Watch) -> Hosted:
    """Return the districts of least driving, with room for all and each in one piece.

    The hosts are the document's, as far as the ledger tells which they are; with ``sites`` any
    facility in use that could be one, at most so many. Each unit counts the same. Room is the beds
    of a host, load what the document asks for a unit's people, where it asks for anything.

    The next best differ in the hosts that serve with ``sites``, else in at least one unit's host.
    Other numbers of hosts are asked with ``sites`` alone: else the document says which they are.
    Times by car or on foot are as the journeys have them, and no other walking speed is asked.

    Raises
    ------
    SitingError
        No way from a unit to a host is known.
    """
    documents = {
        unit: host_of(bench.bare.facilities, district)
        for district in service_districts(bench.rules)
        for unit in district.units
    }
    task, means, limited = _task(bench, documents, anybody=sites is not None)
    best = best_districts(task, _ALTERNATIVES + 1, watch, most=sites)
    answer, others = (best[0], best[1:]) if best else (assign_units(task, watch, most=sites), [])
    found = Districts(
        means=means,
        units=tuple(_unit(bench, task, unit, answer.hosts, documents) for unit in task.units),
        hosts=tuple(_host(bench, task, host, answer.hosts, documents) for host in task.hosts),
        objective=answer.objective,
        planned=_worth(task, documents),
        bound=answer.bound,
        proven=answer.proven,
        unreachable=answer.unreachable,
        borders=task.touching is not None,
        room=limited,
    )
    if answer.objective is None or watch.stop:
        return Hosted(found)
    codes = ("speeds_not_asked",) if sites is not None else ("hosts_given", "speeds_not_asked")
    return Hosted(
        found,
        tuple(_other(task, answer, one) for one in others),
        () if sites is None else tuple(_more_or_less(task, answer, sites, watch)),
        tuple(SitingNote(code, ()) for code in codes),
    )


def _other(task: DistrictTask, mine: DistrictAnswer, one: DistrictAnswer) -> Alternative:
    """Return what tells other districts from those of the plan."""
    serve, served = set(mine.hosts.values()), set(one.hosts.values())
    moves = {unit: host for unit, host in one.hosts.items() if mine.hosts[unit] != host}
    change = {
        unit: (_way(task, unit, host) or 0.0) - (_way(task, unit, mine.hosts[unit]) or 0.0)
        for unit, host in moves.items()
    }
    return Alternative(
        objective=one.objective or 0.0,
        sites=tuple(sorted(served)),
        instead_of=tuple(sorted(serve - served)),
        besides=tuple(sorted(served - serve)),
        moves=moves,
        gains=tuple(unit for unit, minutes in change.items() if minutes < 0),
        loses=tuple(unit for unit, minutes in change.items() if minutes > 0),
    )


def _more_or_less(
    task: DistrictTask, mine: DistrictAnswer, sites: int, watch: Watch
) -> Iterator[Variant]:
    """Yield the best with one host less than serve and one more than are allowed."""
    serve = set(mine.hosts.values())
    for number in (len(serve) - 1, sites + 1):
        if number < 1 or watch.stop:
            continue
        found = assign_units(task, watch, most=number)
        hosts = tuple(sorted(set(found.hosts.values())))
        if number > sites and set(hosts) == serve:
            continue  # one more gains nothing
        stay = tuple(host for host in hosts if host in serve)
        yield Variant("hosts", float(number), found.objective, hosts, stay)


def _task(
    bench: Bench, documents: Mapping[str, str | None], *, anybody: bool
) -> tuple[DistrictTask, str, bool]:
    """Return what is asked, by which means people travel, and whether the hosts' beds count."""
    listed = set() if bench.bare.units is None else set(bench.bare.units.index)
    units = [unit for unit in documents if unit in listed]
    hosts = {host for host in documents.values() if host is not None}
    chosen = sorted(hosts | _could_be(bench) if anybody else hosts)
    minutes, means = _minutes(bench, units, chosen)
    if not np.isfinite(minutes).any():
        raise SitingError("no_ways", clause="、".join(rule.id for rule in _rules(bench)))
    load, room = _loads(bench, units, chosen)
    limited = bool(np.isfinite(load).all() and np.isfinite(room).any())
    if not limited:
        load, room = np.zeros(len(units)), np.full(len(chosen), np.inf)
    at = {unit: k for k, unit in enumerate(units)}
    task = DistrictTask(
        units=tuple(units),
        hosts=tuple(chosen),
        minutes=minutes,
        weight=np.ones(len(units)),
        load=load,
        room=np.where(np.isfinite(room), room, np.inf),
        home=np.array([at.get(_home(bench, host), -1) for host in chosen], dtype=np.int64),
        touching=adjoining(bench.case, units),
    )
    return task, means, limited


def _rules(bench: Bench) -> list[Rule[AssignmentOptions]]:
    found = [rule for rule in bench.rules if isinstance(rule.options, AssignmentOptions)]
    return cast("list[Rule[AssignmentOptions]]", found)


def _could_be(bench: Bench) -> set[str]:
    """Return the facilities in use of the kinds that districts rest on."""
    facts = bench.bare.facilities
    found: set[str] = set()
    for rule in _rules(bench):
        serves = both(members(facts, rule.kinds), facts["open"])
        found |= set(map(str, serves.index[serves == 1]))
    return found


def _minutes(bench: Bench, units: list[str], hosts: list[str]) -> tuple[NDArray[np.float64], str]:
    """Return the minutes from units to hosts by car, on foot where no car's way is known."""
    rules = [rule for rule in _rules(bench) if rule.options.demand is None] or _rules(bench)
    tables = {unit: journeys_of(bench.bare, rules[0], unit) for unit in units} if rules else {}
    for means in ("drive", "walk"):
        found = np.full((len(units), len(hosts)), np.inf)
        for i, unit in enumerate(units):
            rows = tables[unit]
            for j, host in enumerate(hosts):
                if host in rows.index:
                    minutes = float(rows.at[host, f"{means}_far_min"])
                    found[i, j] = np.inf if np.isnan(minutes) else minutes
        if np.isfinite(found).any():
            return found, means
    return found, "drive"


def _loads(
    bench: Bench, units: list[str], hosts: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each unit takes and each host has, in beds; NaN: not known, or not asked for."""
    asked = [rule.options.demand for rule in _rules(bench) if rule.options.demand]
    rows = bench.bare.units
    load = np.full(len(units), np.nan)
    if asked and rows is not None and asked[0] in rows:
        load = number_of(rows, asked[0]).reindex(units).to_numpy(dtype=float)
    beds = number_of(bench.bare.facilities, "beds").reindex(hosts).to_numpy(dtype=float)
    return load, beds


def _home(bench: Bench, host: str) -> str:
    """Return the code of the unit a host stands in; blank where it is not known."""
    row = bench.bare.facilities.loc[host]
    for column in ("unit", "community"):
        if isinstance(row[column], str) and row[column]:
            return str(row[column])[:_CODE]
    return ""


def _unit(
    bench: Bench,
    task: DistrictTask,
    unit: str,
    chosen: Mapping[str, str],
    documents: Mapping[str, str | None],
) -> DistrictUnit:
    host = chosen.get(unit)
    own = documents[unit]
    rows = bench.bare.units
    name = unit if rows is None or pd.isna(rows.at[unit, "name"]) else str(rows.at[unit, "name"])
    return DistrictUnit(unit, name, host, _way(task, unit, host), own, _way(task, unit, own))


def _way(task: DistrictTask, unit: str, host: str | None) -> float | None:
    if host is None or host not in task.hosts:
        return None
    minutes = float(task.minutes[task.units.index(unit), task.hosts.index(host)])
    return minutes if np.isfinite(minutes) else None


def _host(
    bench: Bench,
    task: DistrictTask,
    host: str,
    chosen: Mapping[str, str],
    documents: Mapping[str, str | None],
) -> HostLoad:
    room = float(task.room[task.hosts.index(host)])
    loads = [
        sum(float(task.load[k]) for k, unit in enumerate(task.units) if of.get(unit) == host)
        for of in (dict[str, str | None](chosen), documents)
    ]
    name = str(bench.bare.facilities.at[host, "name"])
    return HostLoad(host, name, room if np.isfinite(room) else None, loads[0], loads[1])


def _worth(task: DistrictTask, documents: Mapping[str, str | None]) -> float | None:
    """Return Σ minutes of the document's own districts; None where a way is not known."""
    ways = [_way(task, unit, documents[unit]) for unit in task.units]
    reached = np.isfinite(task.minutes).max(axis=1).tolist()
    known = [way for way, fine in zip(ways, reached, strict=True) if fine]
    if any(way is None for way in known) or not meets(len(known), ">", 0):
        return None
    return float(sum(way for way in known if way is not None))
