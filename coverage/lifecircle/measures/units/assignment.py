"""Assignment: service districts fixed by the document, each with its host (A20, A33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.counting.figures import contradicted
from lifecircle.measures.frame import measured_frame
from lifecircle.measures.units.hosts import host_answer, host_of, host_told
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.tables import JOURNEY_COLUMNS

if TYPE_CHECKING:
    from lifecircle.model.rules.options import AssignmentOptions, District
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["assignment", "journeys_of", "nearest_by"]


def assignment(tables: Tables, rule: Rule[AssignmentOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit whose district's host serves it as the document fixed, else 0.

    Option ``districts``: ``name``, ``host`` (the facility's name) and ``units`` (codes). A host
    serves if it is in use, of the clause's kinds, and stands in its own district. With option
    ``demand`` (a column of the units) its beds must hold the district's demand instead, and the
    district has one row, its host's unit: what is counted are districts. A unit of no district has
    no row. The journey to the host, and the nearest facility of the kinds, stand in
    the reason: the plan is evaluated, never replaced.
    """
    district_of = {str(u): d for d in rule.options.districts for u in d.units}
    demand = rule.options.demand
    if demand:
        district_of = {_seat(d, subjects): d for d in rule.options.districts}
    known = [u for u in subjects if str(u) in district_of]
    rows = tables.facilities
    answer = both(members(rows, rule.kinds), rows["open"])
    answers = {}
    for district in rule.options.districts:
        answers[district.name] = (
            _beds(tables, answer, district, demand)
            if demand
            else host_answer(rows, answer, district)
        )
    low, high, reasons = [], [], []
    for unit in known:
        district = district_of[str(unit)]
        least, most, reason = answers[district.name]
        low.append(least)
        high.append(most)
        reasons.append(reason if demand else _with_journeys(tables, rule, str(unit), reason))
    return measured_frame(
        pd.Index(known, name="id"),
        low=low,
        high=high,
        required_low=np.ones(len(known)),
        reason=reasons,
    )


def _seat(district: District, subjects: pd.Index) -> str:
    """Return the unit that stands for a district: its host's, else the first that is listed."""
    listed = [unit for unit in (district.host_unit, *district.units) if unit in subjects]
    return listed[0] if listed else ""


def _beds(
    tables: Tables, answer: pd.Series, district: District, demand: str
) -> tuple[float, float, Reason]:
    """Return whether the host's beds hold the demand of its district's units."""
    rows, units = tables.facilities, tables.units
    host = host_of(rows, district)
    least, most, reason = host_answer(rows, answer, district)
    if host is None or most == 0 or not host_told(rows, district):
        return least, most, reason
    beds = float(number_of(rows, "beds")[host])
    named = [u for u in district.units if u in units.index]
    asked = number_of(units, demand).loc[named]
    gap = len(named) < len(district.units) or bool(asked.isna().any())
    total = float(asked.sum())
    params = {"beds": beds, "demand": total, "district": district.name}
    more = bool(contradicted(rows, "beds")[host])
    if meets(beds, "<", total) and not more:  # what is not known of the demand can only add to it
        return 0.0, 0.0, Reason(ReasonCode.BEDS_SHORT, params)
    if np.isnan(beds) or gap or least < 1 or meets(beds, "<", total):
        return 0.0, 1.0, Reason(ReasonCode.BEDS_UNKNOWN, {"district": district.name})
    return 1.0, 1.0, Reason(ReasonCode.BEDS_ENOUGH, params)


def _with_journeys(
    tables: Tables, rule: Rule[AssignmentOptions], unit: str, reason: Reason
) -> Reason:
    """Add how far it is from the unit to its host, and to the nearest of the kinds."""
    if reason.code is not ReasonCode.HOST_SERVES:  # a renamed host is told as such
        return reason
    rows = journeys_of(tables, rule, unit)
    host = str(reason.params["facility"])
    if rows.empty or host not in rows.index:
        return reason
    way = rows.loc[host]
    by, code = "straight_far_m", ReasonCode.HOST_SERVES_AWAY
    params = {**reason.params, "distance_m": float(way["straight_far_m"])}
    if np.isfinite(way["drive_far_min"]) and np.isfinite(way["walk_far_min"]):
        by, code = "drive_far_min", ReasonCode.HOST_SERVES_TIMED
        params["drive_min"] = float(way["drive_far_min"])
        params["walk_min"] = float(way["walk_far_min"])
    nearest = nearest_by(rows, by) or host
    params |= {"nearest": nearest, "nearest_m": float(rows.at[nearest, "straight_far_m"])}
    if code is ReasonCode.HOST_SERVES_TIMED:
        params["nearest_min"] = float(rows.at[nearest, by])
    return Reason(code, params)


def journeys_of(tables: Tables, rule: Rule[AssignmentOptions], unit: str) -> pd.DataFrame:
    """Return a unit's journeys to the hosts and all in use of the clause's kinds, by facility.

    Reading A33 ``from_seat`` (default): from the unit's seat, where it is not known from its
    villages; ``from_villages``: the other way round.
    """
    if tables.journeys is None:
        return pd.DataFrame(columns=list(JOURNEY_COLUMNS))
    rows = tables.journeys[tables.journeys["unit"] == unit]
    first = "villages" if rule.readings.get("A33") == "from_villages" else "seat"
    rows = rows[rows["start"] == first] if (rows["start"] == first).any() else rows
    facts = tables.facilities
    serves = both(members(facts, rule.kinds), facts["open"]) == 1
    hosts = {host_of(facts, d) for d in rule.options.districts}
    wanted = hosts | set(facts.index[serves])
    found = rows[rows["facility"].isin(wanted)].set_index("facility")
    return found.assign(serves=serves.reindex(found.index))


def nearest_by(rows: pd.DataFrame, column: str) -> str | None:
    """Return the facility in use that is nearest by a column of :func:`journeys_of`."""
    known = rows.loc[rows["serves"].astype(bool), column].astype(float).dropna().sort_index()
    return str(known.idxmin()) if len(known) else None
