"""Administrative coverage: does a unit have a facility of its own (A20, A21, A26, A27, A28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members
from lifecircle.counting.flags import flag, flags_met
from lifecircle.measures.frame import measured_frame
from lifecircle.measures.units.hosts import host_answer
from lifecircle.measures.units.placing import homes, may_stand_in, unplaced
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CoverageOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["coverage_answer", "unit_coverage"]

_CENTRE_WORK = ("full_care", "day_service", "home_service")
"""托养、日间照料、居家: the work of a unit's centre."""

_Way = tuple[float, float, Reason]
"""Least and most (0 or 1) of whether a unit has a facility in some way, and why."""


def unit_coverage(tables: Tables, rule: Rule[CoverageOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit with a facility in use of the clause's kinds on its territory, else 0.

    A facility belongs to the unit of its code; a community's facility belongs to the street or
    town above it too. With option ``qualified`` it must meet its standard, with ``all_of`` and
    ``any_of`` it must have those flags, and a blank there leaves the unit open. A village shares a
    happiness home whose record names one of its areas (A27). Under reading A20 ``assigned`` a unit
    whose district's host, as the clause asks for it, serves it has one too; under A28
    ``or_radius`` so has a community with one within ``reference_radius_m``, straight line,
    inclusive, of its seat or one of its areas. A facility whose unit is not known may stand in
    any: it leaves open those that lack one.
    """
    rows = tables.facilities
    answer = coverage_answer(tables, rule)
    home = homes(rows, subjects)
    adrift = unplaced(rows, answer)
    also = [_hosted(tables, rule, answer), _shared(tables, rule, answer)]
    also += [_near(tables, rule, answer, subjects), _homes_instead(tables, rule, home)]
    low, high, reasons = [], [], []
    for unit in subjects:
        here = answer[home == unit] if len(answer) else answer
        ways = [_own(here), *(way[str(unit)] for way in also if str(unit) in way)]
        if not any(way[1] for way in ways):
            ways += _adrift(adrift, str(unit))
        low.append(max(way[0] for way in ways))
        high.append(max(way[1] for way in ways))
        # of the ways to have one the surest is told, its own first
        reasons.append(max(ways, key=_surest)[2])
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )


def coverage_answer(tables: Tables, rule: Rule[CoverageOptions]) -> pd.Series:
    """Return whether each facility is one that covers its unit: 1 yes, 0 no, NaN not known."""
    rows = tables.facilities
    answers = [members(rows, rule.kinds), rows["open"], flags_met(rows, rule.options)]
    if rule.options.qualified:
        answers.append(flag(rows, "qualified"))
    return both(*answers)


def _surest(way: _Way) -> tuple[float, float, bool]:
    return way[0], way[1], way[2].code is ReasonCode.UNIT_HOME_INSTEAD


def _adrift(places: dict[str, str], unit: str) -> list[_Way]:
    """Return that a facility of unknown unit may stand in this one, if there is any."""
    here = sorted(f for f, where in places.items() if may_stand_in(where, unit))
    if not here:
        return []
    params = {"facility": here[0], "count": len(here)}
    return [(0.0, 1.0, Reason(ReasonCode.UNIT_UNPLACED, params))]


def _homes_instead(tables: Tables, rule: Rule[CoverageOptions], home: pd.Series) -> dict[str, _Way]:
    """Return unit → its care home that does the work of a centre but is not listed as one (A38).

    It covers nothing: whether it is also the unit's centre is for the county to say.
    """
    if "township_centre" not in rule.kinds or "care_home" in rule.kinds:
        return {}
    rows = tables.facilities
    works = [flag(rows, name) for name in _CENTRE_WORK]
    answers = [members(rows, ("care_home",)), rows["open"], flags_met(rows, rule.options), *works]
    if rule.options.qualified:
        answers.append(flag(rows, "qualified"))
    found = home[(both(*answers) == 1) & home.notna()]
    return {
        str(unit): (0.0, 0.0, Reason(ReasonCode.UNIT_HOME_INSTEAD, {"facility": str(facility)}))
        for facility, unit in sorted(found.items(), reverse=True)
    }


def _own(here: pd.Series) -> _Way:
    """Return least and most (0 or 1) of whether a unit has one on its territory, and why."""
    sure, open_ = here[here == 1], here[here.isna()]
    if len(sure):
        return 1.0, 1.0, Reason(ReasonCode.UNIT_HAS, {"facility": str(min(sure.index))})
    if len(open_):
        params = {"facility": str(min(open_.index))}
        return 0.0, 1.0, Reason(ReasonCode.UNIT_QUALIFIED_MISSING, params)
    return 0.0, 0.0, Reason(ReasonCode.UNIT_LACKS)


def _shared(tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series) -> dict[str, _Way]:
    """Return community → whether a facility's record names one of its areas (A27)."""
    if "A27" not in rule.readings or tables.sharing.empty:
        return {}
    village = tables.sharing["residential"].map(tables.areas["community"])
    found: dict[str, _Way] = {}
    for code, part in tables.sharing.groupby(village):
        mine = answer.reindex(part["facility"]).sort_index()
        sure, open_ = mine[mine == 1], mine[mine.isna()]
        if len(sure) or len(open_):
            first = (sure if len(sure) else open_).index[0]
            reason = Reason(ReasonCode.UNIT_SHARES, {"facility": str(first)})
            found[str(code)] = (float(len(sure) > 0), 1.0, reason)
    return found


def _near(
    tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series, subjects: pd.Index
) -> dict[str, _Way]:
    """Return community → whether one stands within the radius of it (A28 ``or_radius``)."""
    if rule.readings.get("A28") != "or_radius":
        return {}
    rows, limit = tables.facilities[answer != 0], tables.parameters.reference_radius_m
    taken = answer[answer != 0]
    found: dict[str, _Way] = {}
    units = tables.units.loc[subjects]
    for unit, own in units[units["level"] == "community"].iterrows():
        areas = tables.areas[tables.areas["community"] == unit]
        xs = np.append(areas["x"].to_numpy(dtype=float), float(own["x"]))
        ys = np.append(areas["y"].to_numpy(dtype=float), float(own["y"]))
        away = np.hypot(
            xs[:, None] - rows["x"].to_numpy(dtype=float),
            ys[:, None] - rows["y"].to_numpy(dtype=float),
        )
        nearest = pd.Series(np.fmin.reduce(away, axis=0), index=rows.index)
        sure = nearest[(taken == 1) & meets(nearest, "<=", limit)]
        maybe = nearest[meets(nearest, "<=", limit) | nearest.isna()]
        if len(sure) or len(maybe):
            told = sure if len(sure) else maybe
            first = str(told.sort_index().index[0] if told.isna().all() else told.idxmin())
            params = {"facility": first, "distance_m": float(nearest[first]), "limit_m": limit}
            reason = Reason(ReasonCode.UNIT_NEAR, params)
            found[str(unit)] = (float(len(sure) > 0), 1.0, reason)
    return found


def _hosted(tables: Tables, rule: Rule[CoverageOptions], answer: pd.Series) -> dict[str, _Way]:
    """Return unit → whether its district's host serves it, under reading A20 ``assigned``.

    The host must be all that the clause asks of a facility: only where it stands is read wider.
    """
    if rule.readings.get("A20") != "assigned":
        return {}
    return {
        str(unit): host_answer(tables.facilities, answer, district)
        for district in rule.options.districts
        for unit in district.units
    }
