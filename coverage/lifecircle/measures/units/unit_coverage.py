"""Administrative coverage: does a unit have a facility of its own (A20, A21, A26, A27, A28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members
from lifecircle.counting.flags import flag, flags_met
from lifecircle.measures.frame import measured_frame
from lifecircle.measures.units.assignment import host_answer
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CoverageOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["unit_coverage"]

_TOWN = 9
_Way = tuple[float, float, Reason]
"""Least and most (0 or 1) of whether a unit has a facility in some way, and why."""


def unit_coverage(tables: Tables, rule: Rule[CoverageOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a unit with a facility in use of the clause's kinds on its territory, else 0.

    A facility belongs to the unit of its code; a community's facility belongs to the street or
    town above it too. With option ``qualified`` it must meet its standard, with ``all_of`` and
    ``any_of`` it must have those flags, and a blank there leaves the unit open. A village shares a
    happiness home whose record names one of its areas (A27). A facility whose unit nobody knows
    may be that of any unit without one: the reason says how many such there are. Under reading A20
    ``assigned`` a unit whose district's host serves it has one too; under A28 ``or_radius`` so has
    a community with one within ``reference_radius_m``, straight line, inclusive, of its seat or
    one of its areas.
    """
    rows = tables.facilities
    answers = [members(rows, rule.kinds), rows["open"], flags_met(rows, rule.options)]
    if rule.options.qualified:
        answers.append(flag(rows, "qualified"))
    answer = both(*answers)
    home = _homes(rows, subjects)
    also = [
        _unplaced(tables, answer, subjects),
        _hosted(tables, rule),
        _shared(tables, rule, answer),
        _near(tables, rule, answer, subjects),
    ]
    low, high, reasons = [], [], []
    for unit in subjects:
        here = answer[home == unit] if len(answer) else answer
        ways = [_own(here), *(way[str(unit)] for way in also if str(unit) in way)]
        low.append(max(way[0] for way in ways))
        high.append(max(way[1] for way in ways))
        # of the ways to have one the surest is told, its own first
        reasons.append(max(ways, key=lambda way: (way[0], way[1]))[2])
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )


def _own(here: pd.Series) -> _Way:
    """Return least and most (0 or 1) of whether a unit has one on its territory, and why."""
    sure, open_ = here[here == 1], here[here.isna()]
    if len(sure):
        return 1.0, 1.0, Reason(ReasonCode.UNIT_HAS, {"facility": str(min(sure.index))})
    if len(open_):
        params = {"facility": str(min(open_.index))}
        return 0.0, 1.0, Reason(ReasonCode.UNIT_QUALIFIED_MISSING, params)
    return 0.0, 0.0, Reason(ReasonCode.UNIT_LACKS)


def _unplaced(tables: Tables, answer: pd.Series, subjects: pd.Index) -> dict[str, _Way]:
    """Return unit → that a facility may be its own whose unit, or community, is not known.

    The reason counts those that can only be in its street or town (``within``), and those that
    may be anywhere in the county (``anywhere``): each has one unit, whichever.
    """
    rows = tables.facilities[answer != 0]
    if not len(rows) or not len(subjects):
        return {}
    levels = tables.units["level"]
    told = [
        (row, *_told(unit, community, levels))
        for row, unit, community in zip(rows.index, rows["unit"], rows["community"], strict=True)
    ]
    beyond = rows["beyond_units"] if "beyond_units" in rows else pd.Series(False, index=rows.index)  # noqa: FBT003
    anywhere = [row for row, town, _ in told if town is None and not beyond[row]]
    within: dict[str, list[str]] = {}
    for row, town, local in told:
        if town is not None and local is None:
            within.setdefault(town, []).append(row)
    found: dict[str, _Way] = {}
    for unit in subjects:
        inside = within.get(str(unit)[:_TOWN], []) if levels.get(unit) == "community" else []
        if inside or anywhere:
            params = {
                "facility": str(min(inside or anywhere)),
                "within": len(inside),
                "anywhere": len(anywhere),
            }
            found[str(unit)] = (0.0, 1.0, Reason(ReasonCode.UNIT_UNCERTAIN, params))
    return found


def _told(unit: object, community: object, levels: pd.Series) -> tuple[str | None, str | None]:
    """Return the codes of the street or town, and of the community, that a facility is said in.

    Of another county too: it is told then, and not here. A name that is no unit tells nothing.
    """
    codes = [
        str(code)
        for code in (community, unit)
        if isinstance(code, str) and (code in levels.index or code.isdigit())
    ]
    town = next((code[:_TOWN] for code in codes if len(code) >= _TOWN), None)
    return town, next((code for code in codes if len(code) > _TOWN), None)


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


def _hosted(tables: Tables, rule: Rule[CoverageOptions]) -> dict[str, _Way]:
    """Return unit → whether its district's host serves it, under reading A20 ``assigned``."""
    if rule.readings.get("A20") != "assigned":
        return {}
    return {
        str(unit): host_answer(tables, rule.kinds, district)
        for district in rule.options.districts
        for unit in district.units
    }


def _homes(facilities: pd.DataFrame, units: pd.Index) -> pd.Series:
    """Return the unit among ``units`` that each facility belongs to, or None."""
    known = set(units)

    def home(unit: object, community: object) -> str | None:
        for code in (community, unit):
            text = "" if code is None or code is pd.NA or code != code else str(code)  # noqa: PLR0124
            if text in known:
                return text
            if text[:_TOWN] in known:
                return text[:_TOWN]
        return None

    return pd.Series(
        [home(u, c) for u, c in zip(facilities["unit"], facilities["community"], strict=True)],
        index=facilities.index,
        dtype=object,
    )
