"""Hosts beside the nearest: what a fixed assignment costs every unit in metres and minutes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from lifecircle.measures.units.assignment import journeys_of, nearest_by
from lifecircle.measures.units.hosts import host_of
from lifecircle.model.results.assessment import HostJourney
from lifecircle.model.rules.options import AssignmentOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.rules.options import District
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["host_table"]

_WAYS = ("walk", "drive")


def host_table(tables: Tables, judged: Mapping[str, JudgedClause]) -> tuple[HostJourney, ...]:
    """Return a line for every unit that an assignment clause in force gives a host.

    The nearest facility in use of the clause's kinds stands beside the host, by straight line, on
    foot and by car: the plan is evaluated, never replaced.
    """
    return tuple(
        _line(tables, one, str(unit), district)
        for one in judged.values()
        for options in [one.rule.options]
        if isinstance(options, AssignmentOptions) and options.demand is None
        for district in options.districts
        for unit in district.units
        if unit in one.findings.index
    )


def _line(tables: Tables, one: JudgedClause, unit: str, district: District) -> HostJourney:
    rule = cast("Rule[AssignmentOptions]", one.rule)
    host = host_of(tables.facilities, district)
    rows = journeys_of(tables, rule, unit)
    way = rows.loc[host] if host in rows.index else None
    times: dict[str, Any] = dict(_times(way))
    for name, column in (("", "straight_far_m"), *((f"_{w}", f"{w}_far_min") for w in _WAYS)):
        nearest = nearest_by(rows, column)
        unit_of = "m" if not name else "min"
        times[f"nearest{name}"] = nearest
        times[f"nearest{name}_{unit_of}"] = (
            None if nearest is None else float(rows.at[nearest, column])
        )
    return HostJourney(
        standard=rule.clause.standard,
        clause=rule.id,
        district=district.name,
        unit=unit,
        host=host,
        host_name=district.host,
        status=one.findings.at[unit, "status"],
        start=None if way is None else str(way["start"]),
        starts=0 if way is None else int(way["starts"]),
        **times,
    )


def _times(way: pd.Series | None) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a journey; None for what is not known."""
    names = ["straight_m", "straight_far_m"]
    names += [f"{w}_{part}" for w in _WAYS for part in ("min", "far_min")]
    for name in names:
        found = math.nan if way is None else float(way[name])
        yield name, None if math.isnan(found) else found
    for w in _WAYS:
        yield f"{w}_ferry", way is not None and bool(way[f"{w}_ferry"])
        yield f"{w}_unknown", None if way is None else way[f"{w}_unknown"]
    yield "ferry_only", way is not None and bool(way["ferry_only"])
