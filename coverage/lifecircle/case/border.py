"""The county line: which facilities stand over it, and whom they are nearer to (A18)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.counting.eligibility import is_open, members
from lifecircle.model.finding import inclusive, meets
from lifecircle.model.gazetteer import lies_elsewhere
from lifecircle.model.inputs.layers import ROUNDED_UNITS
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.status import StageView
    from lifecircle.model.tables import Tables

__all__ = ["border_problems", "line_counts", "over_the_line", "with_nearer_outside"]

_NAMED = 5
_REACHED = frozenset(
    {
        ReasonCode.NO_FACILITY,
        ReasonCode.BEYOND_RADIUS,
        ReasonCode.WITHIN_RADIUS,
        ReasonCode.REACH_UNKNOWN,
        ReasonCode.REACH_ROUNDED,
        ReasonCode.REACH_TOO_FAR,
        ReasonCode.BEYOND_WALK,
        ReasonCode.BEYOND_SEARCH,
        ReasonCode.BEYOND_TABLE,
        ReasonCode.STRAIGHT_BEYOND_WALK,
    }
)
"""Reasons of a radius or a walk that speak of the nearest facility, or say that there is none."""


def line_counts(readings: Mapping[str, str]) -> bool:
    """Return whether what stands over the line counts for distances (A18)."""
    return readings.get("A18") == "for_distance"


def over_the_line(study: Study) -> pd.Series:
    """Return whether each facility stands over the county line, by id.

    Over the line is a code of another county, or its name; where neither is written, a place
    outside every unit that is drawn as a polygon. Without units written and polygons, and without
    a place, nothing says so.
    """
    frame = study.facilities.frame
    codes = list(zip(frame["unit"].tolist(), frame["community"].tolist(), strict=True))
    said = {pair: lies_elsewhere(*pair, study.county) for pair in set(codes)}  # few are others
    over = pd.Series([said[pair] is True for pair in codes], frame.index, dtype=bool)
    silent = np.array([said[pair] is None for pair in codes], dtype=bool)
    unsaid = silent & frame.geometry.notna().to_numpy()
    if not unsaid.any():
        return over
    drawn = None if study.units is None else study.units.frame.geometry
    shapes = np.array([]) if drawn is None else drawn[drawn.notna()].to_numpy()
    shapes = shapes[shapely.area(shapes) > 0] if len(shapes) else shapes
    if not len(shapes):
        return over
    places = shapely.points(shapely.get_coordinates(frame.geometry[unsaid].centroid.to_numpy()))
    hit, _ = shapely.STRtree(shapes).query(places, predicate="dwithin", distance=inclusive(0.0))
    over[unsaid] = ~np.isin(np.arange(len(places)), hit)
    return over


def border_problems(study: Study) -> tuple[Problem, ...]:
    """Return a note for each facility over the line, with the areas it would have covered, or may.

    Those within the reference radius of it, straight line, the nearest first.
    """
    over = over_the_line(study)
    if ROUNDED_UNITS in study.facilities.frame:  # perhaps on this side of it
        over &= study.facilities.frame[ROUNDED_UNITS].isna()
    areas = study.residential.frame
    spots = areas.geometry.representative_point()
    within_m = study.parameters.reference_radius_m
    found, code = [], ProblemCode.FACILITY_OVER_LINE
    if line_counts(study.readings):
        code = ProblemCode.FACILITY_OVER_LINE_NEAR
    for facility, row in study.facilities.frame[over].iterrows():
        away = spots.distance(row.geometry) if row.geometry is not None else pd.Series(dtype=float)
        near = away[meets(away, "<=", within_m)].sort_values()
        names = [str(areas.at[area, "name"]) for area in near.index[:_NAMED]]
        params: dict[str, Any] = {"facility": str(row["name"] or facility), "areas": names}
        params |= {"count": len(near), "within_m": within_m}
        found.append(Problem(code, Severity.INFO, params=params))
    return tuple(found)


def with_nearer_outside(
    tables: Tables, view: StageView, judged: Mapping[str, JudgedClause]
) -> dict[str, JudgedClause]:
    """Return clauses whose reasons on reach name a nearer facility that is over the line.

    Of the clause's kinds and in use, within its limit in a straight line, and nearer than what
    its reason names: it does not count (A18), and people who know it would ask. Where the study
    lets it count for distances there is nothing to name.
    """
    rows = tables.facilities
    beyond = rows[(rows["over_line"] == 1) & (rows["reaches"] == 0) & rows["x"].notna()]
    beyond = beyond[(is_open(beyond["stage"], view) == 1).to_numpy(dtype=bool)]
    if beyond.empty:
        return dict(judged)
    return {name: _naming(tables, one, beyond) for name, one in judged.items()}


def _naming(tables: Tables, one: JudgedClause, beyond: pd.DataFrame) -> JudgedClause:
    limit = _limit_m(tables, one.rule)
    if limit is None:
        return one
    fits = members(beyond, tables.reach_kinds[one.rule.reach_key]) == 1
    spots = beyond.loc[fits.to_numpy(dtype=bool), ["x", "y"]].astype(float)
    if spots.empty:
        return one
    found = one.findings.copy()
    homes = tables.areas.loc[found.index, ["x", "y"]].to_numpy(dtype=float)
    away = np.hypot(*(homes[:, None, :] - spots.to_numpy()[None, :, :]).transpose(2, 0, 1))
    away = np.where(np.isnan(away), np.inf, away)
    nearest = away.argmin(axis=1)
    told = zip(found["reason"], spots.index[nearest], away.min(axis=1).tolist(), strict=True)
    found["reason"] = pd.Series(
        [_with_nearer(reason, facility, metres, limit) for reason, facility, metres in told],
        index=found.index,
        dtype=object,
    )
    return dataclasses.replace(one, findings=found)


def _limit_m(tables: Tables, rule: Rule[Options]) -> float | None:
    """Return up to how many metres a clause reaches; None where it is not on reach by point."""
    if rule.measure not in {"radius", "walk"} or rule.value is None:
        return None
    if rule.measure == "walk":
        return float(rule.value) * 60.0 * tables.parameters.walk_speed_m_s
    return float(rule.value) if rule.readings.get("A14", "point") == "point" else None


def _with_nearer(reason: Any, facility: object, metres: float, limit: float) -> Any:
    """Return a reason with a facility over the line behind it, where that is the nearer one."""
    if not isinstance(reason, Reason) or reason.code not in _REACHED:
        return reason
    named = (reason.params.get(key) for key in ("distance_m", "walk_m", "straight_m"))
    counted = next((float(m) for m in named if m is not None), np.inf)
    if not (meets(metres, "<=", limit) and meets(metres, "<", counted)):
        return reason
    note = Reason(ReasonCode.NEARER_OUTSIDE, {"facility": str(facility), "distance_m": metres})
    return Reason(
        reason.code, {**reason.params, "notes": [*reason.params.get("notes", ()), note.to_json()]}
    )
