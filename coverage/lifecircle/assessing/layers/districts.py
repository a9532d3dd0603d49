"""Service districts: a line each, and what of them is drawn on a map."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point

from lifecircle.case.adjoining import adjoining
from lifecircle.counting.eligibility import number_of
from lifecircle.judge.readings import service_districts
from lifecircle.measures.units.hosts import host_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import ReasonCode
from lifecircle.model.results.service_district import ServiceDistrict
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.assessment import HostJourney
    from lifecircle.model.rules.options import District
    from lifecircle.model.tables import Tables

__all__ = ["district_layer", "service_district_lines"]

_WORST = (Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT)
_WET = frozenset({ReasonCode.ISLAND_WITHOUT_FERRY, ReasonCode.STREET_FRAGMENT})
_CODE = 9
_COLUMNS = (
    "id",
    "district",
    "number",  # of the district, from 0: its colour
    "role",  # unit | way | host
    "unit",
    "host",
    "host_name",
    "straight_m",
    "drive_min",
    "nearer",  # the host of another district that is nearer
)


def service_district_lines(
    bench: Bench, hosts: Sequence[HostJourney]
) -> tuple[ServiceDistrict, ...]:
    """Return a line for every service district that a clause in force fixes.

    ``hosts``: the journeys of the units to their hosts, of this standard.
    """
    of: dict[tuple[str, str], list[HostJourney]] = defaultdict(list)
    for one in hosts:
        of[one.clause, one.district].append(one)
    return tuple(
        _line(bench, name, district, of[name, district.name])
        for name, one in bench.judged.items()
        if isinstance(one.rule.options, AssignmentOptions) and one.rule.options.demand is None
        for district in one.rule.options.districts
        if (name, district.name) in of
    )


def _line(
    bench: Bench, clause: str, district: District, ways: Sequence[HostJourney]
) -> ServiceDistrict:
    tables = bench.tables
    host = host_of(tables.facilities, district)
    statuses = {way.status for way in ways}
    return ServiceDistrict(
        standard=bench.judged[clause].rule.clause.standard,
        clause=clause,
        district=district.name,
        host=host,
        host_name=district.host,
        host_unit=_stands_in(tables, host) or district.host_unit,
        units=district.units,
        status=next((status for status in _WORST if status in statuses), Status.NOT_APPLICABLE),
        **_beds(tables, bench.judged, district, host),
        **_journeys(ways),
        nearer=_all_nearer(bench, ways, host),
        apart=_apart(bench, district, host),
    )


def _journeys(ways: Sequence[HostJourney]) -> dict[str, Any]:
    """Return what the journeys of a district's units come to."""
    far, slow = _largest(ways, "straight_far_m"), _largest(ways, "drive_far_min")
    return {
        "far_unit": None if far is None else far.unit,
        "far_m": None if far is None else far.straight_far_m,
        "slow_unit": None if slow is None else slow.unit,
        "slow_min": None if slow is None else slow.drive_far_min,
        "total_m": _total(ways, "straight_far_m"),
        "total_min": _total(ways, "drive_far_min"),
        "untimed": tuple(way.unit for way in ways if way.drive_far_min is None),
        "by_ferry": tuple(way.unit for way in ways if way.drive_ferry or way.walk_ferry),
        "only_by_ferry": tuple(way.unit for way in ways if way.ferry_only),
        "cut_off": tuple(way.unit for way in ways if _cut_off(way)),
    }


def _all_nearer(bench: Bench, ways: Sequence[HostJourney], host: str | None) -> dict[str, str]:
    """Return unit → the host of another district that is nearer to it, where one is."""
    facilities = bench.bare.facilities
    hosts = {host_of(facilities, one) for one in service_districts(bench.rules)}
    others = {one for one in hosts if one is not None and one != host}
    found = {way.unit: _nearer(bench.bare, way, others) for way in ways}
    return {unit: one for unit, one in found.items() if one is not None}


def _largest(ways: Sequence[HostJourney], name: str) -> HostJourney | None:
    known = [way for way in ways if getattr(way, name) is not None]
    return max(known, key=lambda way: float(getattr(way, name)), default=None)


def _total(ways: Sequence[HostJourney], name: str) -> float | None:
    known = [float(getattr(way, name)) for way in ways if getattr(way, name) is not None]
    return math.fsum(known) if known else None


def _cut_off(way: HostJourney) -> bool:
    """Return whether no road and no ferry of the data leads to the host, by car or on foot."""
    return (
        way.drive_min is None
        and way.walk_min is None
        and any(
            why is not None and why.code in _WET for why in (way.drive_unknown, way.walk_unknown)
        )
    )


def _nearer(tables: Tables, way: HostJourney, others: set[str]) -> str | None:
    """Return the host of another district that is nearer to a unit than its own; None: none."""
    if tables.journeys is None:
        return None
    rows = tables.journeys[tables.journeys["unit"] == way.unit]
    rows = rows[(rows["start"] == way.start) & rows["facility"].isin(others)]
    rows = rows.set_index("facility")
    for column in ("drive_far_min", "straight_far_m"):
        own = getattr(way, column)
        if own is None:
            continue
        known = rows[column].astype(float).dropna().sort_index()
        if len(known):
            best = str(known.idxmin())
            return best if meets(float(known[best]), "<", own) else None
    return None


def _beds(
    tables: Tables, judged: Mapping[str, JudgedClause], district: District, host: str | None
) -> dict[str, Any]:
    """Return the host's beds and the people they are for, where a clause asks for them."""
    for one in judged.values():
        options = one.rule.options
        if not isinstance(options, AssignmentOptions) or options.demand is None:
            continue
        if district.name not in {other.name for other in options.districts}:
            continue
        asked = number_of(tables.units, options.demand).reindex(list(district.units))
        beds = np.nan if host is None else float(number_of(tables.facilities, "beds")[host])
        mine = one.findings.index.intersection(list(district.units))
        return {
            "beds": None if np.isnan(beds) else beds,
            "demand": None if asked.isna().all() else float(asked.sum()),
            "demand_missing": int(asked.isna().sum()),
            "room": Status(one.findings.at[mine[0], "status"]) if len(mine) else None,
        }
    return {}


def _stands_in(tables: Tables, host: str | None) -> str:
    """Return the code of the street or town a facility stands in; blank where it is not known."""
    if host is None:
        return ""
    codes = (tables.facilities.at[host, name] for name in ("unit", "community"))
    return next((code[:_CODE] for code in codes if isinstance(code, str) and code), "")


def _apart(bench: Bench, district: District, host: str | None) -> tuple[str, ...] | None:
    """Return the units that nothing joins to the host's within the district; None: not drawn."""
    pairs = adjoining(bench.case, district.units)
    if pairs is None:
        return None
    home = _stands_in(bench.bare, host) or district.host_unit
    reached = {district.units.index(home) if home in district.units else 0}
    grown = True
    while grown:
        fresh = {b for a, b in pairs if a in reached} | {a for a, b in pairs if b in reached}
        grown = not fresh <= reached
        reached |= fresh
    return tuple(unit for n, unit in enumerate(district.units) if n not in reached)


def district_layer(
    study: Study,
    tables: Tables,
    districts: Sequence[ServiceDistrict],
    hosts: Sequence[HostJourney],
) -> gpd.GeoDataFrame:
    """Return what is drawn of the districts: their units, the ways to the host, the host.

    A unit is its outline, where it is not drawn its seat; a way is a straight line.
    """
    journeys = {(one.clause, one.unit): one for one in hosts}
    rows = [
        row
        for number, one in enumerate(districts)
        for row in _drawn(study, tables, number, one, journeys)
    ]
    table = pd.DataFrame(rows, columns=[*_COLUMNS, "geometry"]).set_index("id")
    figures = dict.fromkeys(("straight_m", "drive_min"), float)
    return gpd.GeoDataFrame(table.astype(figures), geometry="geometry", crs=study.crs)


def _drawn(
    study: Study,
    tables: Tables,
    number: int,
    one: ServiceDistrict,
    journeys: Mapping[tuple[str, str], HostJourney],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one district: outlines first, so that what lies on them can be clicked."""
    facts = {"district": one.district, "number": number, "host": one.host}
    facts |= {"host_name": one.host_name}
    there = None if one.host is None else _point(tables.facilities, one.host, "x", "y")
    for unit in (unit for unit in one.units if unit in tables.units.index):
        told = facts | _told(one, unit, journeys.get((one.clause, unit)))
        seat = _point(tables.units, unit, "seat_x", "seat_y") or _point(
            tables.units, unit, "x", "y"
        )
        name = f"{one.clause}:{one.district}:{unit}"
        yield told | {"id": name, "role": "unit", "geometry": _outline(study, unit) or seat}
        if seat is not None and there is not None and not seat.equals(there):
            line = LineString([seat, there])
            yield told | {"id": f"{name}:way", "role": "way", "geometry": line}
    if there is not None:
        home = {"unit": one.host_unit or None, "id": f"{one.clause}:{one.district}:host"}
        yield facts | home | {"role": "host", "geometry": there}


def _told(one: ServiceDistrict, unit: str, way: HostJourney | None) -> dict[str, Any]:
    return {
        "unit": unit,
        "straight_m": None if way is None else way.straight_far_m,
        "drive_min": None if way is None else way.drive_far_min,
        "nearer": one.nearer.get(unit),
    }


def _outline(study: Study, unit: str) -> Any:
    """Return a unit's outline; None where it is not drawn as an area."""
    shape = None if study.units is None else study.units.frame.geometry.get(unit)
    drawn = shape is not None and not shape.is_empty and shape.area > 0
    return shape if drawn else None


def _point(rows: pd.DataFrame, name: str, x: str, y: str) -> Point | None:
    """Return where something is; None where that is not known."""
    spot = rows.loc[name].reindex([x, y]).to_numpy(dtype=float)
    return Point(*spot) if np.isfinite(spot).all() else None
