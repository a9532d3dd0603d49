"""Assignment: service districts fixed by the document, each with its host (A20, A33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.measures.frame import measured_frame
from lifecircle.model.dictionary import fold
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.tables import JOURNEY_COLUMNS

if TYPE_CHECKING:
    from lifecircle.model.rules.options import AssignmentOptions, District
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["assignment", "host_answer", "host_of", "journeys_of", "nearest_by"]


def assignment(tables: Tables, rule: Rule[AssignmentOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit whose district's host serves it as the document fixed, else 0.

    Option ``districts``: ``name``, ``host`` (the facility's name) and ``units`` (codes). A host
    serves if it is in use, of the clause's kinds, and stands in its own district. With option
    ``demand`` (a column of the units) its beds must hold the district's demand instead. A unit of
    no district has no row. The journey to the host, and the nearest facility of the kinds, stand in
    the reason: the plan is evaluated, never replaced.
    """
    district_of = {str(u): d for d in rule.options.districts for u in d.units}
    known = [u for u in subjects if str(u) in district_of]
    demand = rule.options.demand
    answers = {}
    for district in rule.options.districts:
        answers[district.name] = (
            _beds(tables, rule, district, demand)
            if demand
            else host_answer(tables, rule.kinds, district)
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


def host_of(facilities: pd.DataFrame, name: str) -> str | None:
    """Return the id of the facility called ``name``: exactly, or the only one whose name has it."""
    folded = facilities["name"].map(fold)
    for hits in (folded == fold(name), folded.str.contains(fold(name), regex=False)):
        if hits.sum() == 1:
            return str(facilities.index[hits][0])
    return None


def host_answer(
    tables: Tables, kinds: tuple[str, ...], district: District
) -> tuple[float, float, Reason]:
    """Return least and most (0 or 1) of whether a district's host serves it, and why."""
    rows, name = tables.facilities, {"district": district.name}
    host = host_of(rows, district.host)
    if host is None:
        return 0.0, 0.0, Reason(ReasonCode.HOST_MISSING, {"host": district.host, **name})
    about = {"facility": host, **name}
    home = _home(rows.loc[host])
    if home is not None and home not in district.units:
        return 0.0, 0.0, Reason(ReasonCode.HOST_OUTSIDE, about)
    serves = float(both(members(rows, kinds), rows["open"])[host])
    if serves == 0:
        return 0.0, 0.0, Reason(ReasonCode.HOST_NOT_READY, about)
    if np.isnan(serves) or home is None:
        unknown = {"host": district.host, **name}
        return 0.0, 1.0, Reason(ReasonCode.HOST_UNKNOWN, unknown)
    return 1.0, 1.0, Reason(ReasonCode.HOST_SERVES, about)


def _home(facility: pd.Series) -> str | None:
    """Return the 9-digit code of the unit a facility belongs to, or None."""
    for column in ("unit", "community"):
        if isinstance(facility[column], str) and facility[column]:
            return str(facility[column])[:9]
    return None


def _beds(
    tables: Tables, rule: Rule[AssignmentOptions], district: District, demand: str
) -> tuple[float, float, Reason]:
    """Return whether the host's beds hold the demand of its district's units."""
    rows, units = tables.facilities, tables.units
    host = host_of(rows, district.host)
    least, most, reason = host_answer(tables, rule.kinds, district)
    if host is None or most == 0:
        return least, most, reason
    beds = float(number_of(rows, "beds")[host])
    named = [u for u in district.units if u in units.index]
    asked = number_of(units, demand).loc[named]
    gap = len(named) < len(district.units) or bool(asked.isna().any())
    total = float(asked.sum())
    params = {"beds": beds, "demand": total, "district": district.name}
    if beds < total - TOLERANCE:  # what is not known of the demand can only add to it
        return 0.0, 0.0, Reason(ReasonCode.BEDS_SHORT, params)
    if np.isnan(beds) or gap or least < 1:
        return 0.0, 1.0, Reason(ReasonCode.BEDS_UNKNOWN, {"district": district.name})
    return 1.0, 1.0, Reason(ReasonCode.BEDS_ENOUGH, params)


def _with_journeys(
    tables: Tables, rule: Rule[AssignmentOptions], unit: str, reason: Reason
) -> Reason:
    """Add how far it is from the unit to its host, and to the nearest of the kinds."""
    if reason.code is not ReasonCode.HOST_SERVES:
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
    hosts = {host_of(facts, d.host) for d in rule.options.districts}
    wanted = hosts | set(facts.index[serves])
    found = rows[rows["facility"].isin(wanted)].set_index("facility")
    return found.assign(serves=serves.reindex(found.index))


def nearest_by(rows: pd.DataFrame, column: str) -> str | None:
    """Return the facility in use that is nearest by a column of :func:`journeys_of`."""
    known = rows.loc[rows["serves"].astype(bool), column].astype(float).dropna().sort_index()
    return str(known.idxmin()) if len(known) else None
