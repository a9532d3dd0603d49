"""Named hosts: which row of the ledger is the house a document rests a district on (A20).

And what the ledgers hold of each such district, before anything is judged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.errors import LifecircleError
from lifecircle.measures.units.hosts import host_found
from lifecircle.model.inputs.checkup import DistrictRead
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.standards import clauses_in_force, read_standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import District

__all__ = ["districts_read", "host_problems", "standards_of"]

_TOLD = {
    "former": (ProblemCode.HOST_FORMER, Severity.INFO),
    "unit": (ProblemCode.HOST_GUESSED, Severity.INFO),
    "": (ProblemCode.HOST_LOST, Severity.WARNING),
}


def host_problems(study: Study, standards: Iterable[Standard]) -> tuple[Problem, ...]:
    """Return a note for each district whose host the ledger does not have under that very name.

    Told by its earlier name, or taken as the only house of its unit: a note. Not told at all: a
    warning. Each house once, however many clauses rest on it.
    """
    frame = study.facilities.frame
    told: dict[str, Problem] = {}
    for district in _districts(study, standards):
        host, way = host_found(frame, district)
        if way == "name" or district.host in told:
            continue
        code, severity = _TOLD[way]
        params = {"district": district.name, "host": district.host}
        if host is not None:
            params["facility"] = str(frame.at[host, "name"] or host)
        told[district.host] = Problem(code, severity, params=params, layer="facilities")
    return tuple(told.values())


def standards_of(study: Study) -> tuple[Standard, ...]:
    """Return the standards a study names; one that cannot be read is told elsewhere."""
    found = []
    for name in study.standards:
        try:
            found.append(read_standard(name))
        except (LifecircleError, OSError):
            continue
    return tuple(found)


def _districts(study: Study, standards: Iterable[Standard]) -> Iterator[District]:
    for standard in standards:
        for clause in clauses_in_force(standard, study.as_of):
            if isinstance(clause.options, AssignmentOptions):
                yield from clause.options.districts


def districts_read(study: Study, standards: Iterable[Standard]) -> tuple[DistrictRead, ...]:
    """Return a line for every service district of the documents in force, as the ledgers stand.

    Distances are straight lines from the units' seats, where those are not given from a point of
    their outline, to the host.
    """
    every = [
        clause.options
        for standard in standards
        for clause in clauses_in_force(standard, study.as_of)
        if isinstance(clause.options, AssignmentOptions)
    ]
    demands = {one.name: o.demand for o in every if o.demand for one in o.districts}
    districts = {one.name: one for o in every for one in o.districts}
    return tuple(_read(study, one, demands.get(name)) for name, one in districts.items())


def _read(study: Study, district: District, demand: str | None) -> DistrictRead:
    houses = study.facilities.frame
    host, _ = host_found(houses, district)
    rows = pd.DataFrame() if study.units is None else study.units.frame
    named = _names(rows, district)
    seats = {unit: spot for unit in named if (spot := _seat(rows, unit)) is not None}
    away = {} if host is None else _away(houses.geometry[host], seats)
    return DistrictRead(
        district=district.name,
        host=None if host is None else str(houses.at[host, "name"] or host),
        host_name=district.host,
        units=tuple(named.get(unit, unit) for unit in district.units),
        unlisted=tuple(unit for unit in district.units if unit not in named),
        without_seat=tuple(name for unit, name in named.items() if unit not in seats),
        **_farthest(away, named),
        **({} if demand is None else _beds(study, district, host, list(named), demand)),
    )


def _names(rows: pd.DataFrame, district: District) -> dict[str, str]:
    """Return code → name of the district's units that are listed."""
    listed = [unit for unit in district.units if unit in rows.index]
    return {unit: str(rows.at[unit, "name"] or unit) for unit in listed}


def _away(host: BaseGeometry | None, seats: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return how far each seat is from the host, metres; nothing where the host has no place."""
    if host is None or host.is_empty:
        return {}
    spot = host.representative_point()
    return {unit: math.hypot(x - spot.x, y - spot.y) for unit, (x, y) in seats.items()}


def _farthest(away: Mapping[str, float], named: Mapping[str, str]) -> dict[str, Any]:
    if not away:
        return {}
    far = max(away, key=lambda unit: away[unit])
    return {"far_unit": named[far], "far_m": away[far], "total_m": math.fsum(away.values())}


def _beds(
    study: Study, district: District, host: str | None, listed: list[str], demand: str
) -> dict[str, Any]:
    """Return the host's beds, and the people of the units whom they are for."""
    beds = math.nan if host is None else float(number_of(study.facilities.frame, "beds")[host])
    known = pd.Series(dtype=float)
    if study.units is not None:
        known = number_of(study.units.frame, demand).reindex(listed).dropna()
    return {
        "beds": None if math.isnan(beds) else beds,
        "demand": float(known.sum()) if len(known) else None,
        "demand_missing": len(district.units) - len(known),
    }


def _seat(rows: pd.DataFrame, unit: str) -> tuple[float, float] | None:
    """Return where a unit's journeys begin: its seat, else a point of its outline."""
    x, y = (float(number_of(rows, name)[unit]) for name in ("seat_x", "seat_y"))
    if math.isfinite(x) and math.isfinite(y):
        return x, y
    shape = rows.geometry[unit]
    if shape is None or shape.is_empty:
        return None
    point = shape.representative_point()
    return float(point.x), float(point.y)
