"""Reached: the clauses on reach, judged for the plots, with rooms that stand somewhere on a plot.

A planned room without coordinates stands on its plot, and nobody knows where: distances are told
to the plot's middle, and hold within what lies between it and the farthest corner. What is too far
for certain is farther than the limit wherever any of them stands.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.case.bench import Bench, open_bench
from lifecircle.case.case import open_case
from lifecircle.counting.eligibility import both, members
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import StageView, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pandas as pd

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["reach_of_plots"]

_REACH = ("radius", "walk")
_DECIDED = frozenset({Status.COMPLIANT, Status.DEFICIENT})
_CONVEX = 0.999
_LONG = 2.0
"""Farthest corner of land of which only the area is known, as a multiple of its root: from one end
to the other of a strip four times as long as wide."""


def reach_of_plots(after: Bench, proposal: Proposal) -> dict[str, JudgedClause]:
    """Return the clauses and reference checks on reach, judged for the plots alone.

    A plot that is not built has no gates: it is open on all sides.
    """
    judged, tables = _judged(after, proposal, ())
    spread = {room: _spread(proposal, room) for room in proposal.somewhere}
    open_rows = [
        (name, plot)
        for name, one in judged.items()
        for plot in one.findings.index
        if spread and one.findings.at[plot, "status"] in {*_DECIDED, Status.NOT_ASSESSED}
    ]
    if not open_rows:
        return judged

    @cache
    def placed() -> dict[str, JudgedClause]:
        """Judge what is certain without them, once: most rooms are near enough or too far."""
        return _judged(after, proposal, proposal.somewhere)[0]

    speed = after.case.given.parameters.walk_speed_m_s * 60.0
    for name, one in judged.items():
        rows = one.findings.copy()
        walked = one.rule.measure == "walk"
        unit = speed if walked else 1.0
        ways = {room: far[walked] / unit for room, far in spread.items()}
        nearest = _least(tables, one.rule, {room: far[0] for room, far in spread.items()})
        for plot in (plot for told, plot in open_rows if told == name):
            _bounded(rows, plot, partial(_found, placed, name), ways, speed if walked else None)
            room, metres = nearest.get(plot, ("", math.inf))
            _perhaps_nearer(rows, plot, room, metres / unit)
        judged[name] = dataclasses.replace(one, findings=rows)
    return judged


def _judged(
    after: Bench, proposal: Proposal, without: Collection[str]
) -> tuple[dict[str, JudgedClause], Tables]:
    study: Study = after.case.given
    plots = dataclasses.replace(
        study,
        residential=Layer("residential", proposal.plots.frame.drop(columns="land_area_m2")),
        facilities=Layer("facilities", study.facilities.frame.drop(index=list(without)))
        if without
        else study.facilities,
        gates=None,
        gates_from="none",
        buildings=None,
        travel=None,
    )
    bench = open_bench(open_case(plots, StageView.PLAN), after.rules.standard, references=True)
    asked = [*bench.rules.of(*_REACH), *bench.references]
    return {rule.id: bench.one(rule.id) for rule in asked}, bench.bare


def _found(judged: Callable[[], Mapping[str, JudgedClause]], name: str) -> pd.DataFrame:
    return judged()[name].findings


def _bounded(
    rows: pd.DataFrame,
    plot: str,
    placed: Callable[[], pd.DataFrame],
    spread: Mapping[str, float],
    speed: float | None,
) -> None:
    """Put into a finding what holds wherever on its plot a room stands.

    ``placed``: the findings without such rooms. ``spread``: room → how far it may stand from where
    it is told, in the rule's unit; ``speed``: metres a minute, None of a straight line.
    """
    reason, limit = rows.at[plot, "reason"], float(rows.at[plot, "required_low"])
    room = str(reason.params.get("facility")) if isinstance(reason, Reason) else ""
    if rows.at[plot, "status"] == Status.NOT_ASSESSED:
        least = float(rows.at[plot, "low"]) - max(spread.values())
        rows.at[plot, "low"] = least if least > 0 else min(float(rows.at[plot, "low"]), 0.0)
        return
    if not isinstance(room, str) or spread.get(room, 0.0) == 0.0:
        return
    told, most = float(rows.at[plot, "high"]), spread[room]
    low, high = max(0.0, told - most), told + most
    if meets(low, ">", limit):
        return
    if not meets(high, "<=", limit):
        certain = placed()
        if certain.at[plot, "status"] == Status.COMPLIANT:
            for column in rows.columns:
                rows.at[plot, column] = certain.at[plot, column]
            return
        rows.at[plot, "status"] = Status.NOT_ASSESSED
        field = {"facility": room, "field": "position"}
        rows.at[plot, "reason"] = Reason(ReasonCode.FACILITY_UNKNOWN, field)
    elif speed is None:
        params = {"facility": room, "most_m": high, "limit_m": limit}
        rows.at[plot, "reason"] = Reason(ReasonCode.RADIUS_ON_PLOT, params)
    else:
        params = {"facility": room, "most_m": high * speed, "most_min": high, "limit_min": limit}
        rows.at[plot, "reason"] = Reason(ReasonCode.WALK_ON_PLOT, params)
    rows.loc[[plot], ["measured", "deficit"]] = np.nan
    rows.at[plot, "low"], rows.at[plot, "high"] = low, high if math.isfinite(high) else np.nan


def _least(
    tables: Tables, rule: Rule[Options], spread: Mapping[str, float]
) -> dict[str, tuple[str, float]]:
    """Return plot → the room of those in ``spread`` that may be nearest, and metres at least.

    Of rooms that the rule may mean; no walk is shorter than the straight line.
    """
    rows, plots = tables.facilities, tables.areas
    asked = both(members(rows, rule.kinds), rows["open"]).ne(0)
    rooms = [room for room in spread if room in rows.index and asked[room]]
    found = {}
    for plot, x, y in zip(plots.index, plots["x"], plots["y"], strict=True) if rooms else ():
        away = np.hypot(rows["x"][rooms] - x, rows["y"][rooms] - y)
        least = (away - [spread[room] for room in rooms]).clip(lower=0.0).fillna(0.0)
        found[str(plot)] = (str(least.idxmin()), float(least.min()))
    return found


def _perhaps_nearer(rows: pd.DataFrame, plot: str, room: str, least: float) -> None:
    """Leave open what is too far, if a room that stands somewhere may be near enough.

    ``least``: how far it is at least, in the rule's unit.
    """
    limit = float(rows.at[plot, "required_low"])
    if rows.at[plot, "status"] != Status.DEFICIENT or not meets(least, "<=", limit):
        return
    rows.at[plot, "status"] = Status.NOT_ASSESSED
    field = {"facility": room, "field": "position"}
    rows.at[plot, "reason"] = Reason(ReasonCode.FACILITY_UNKNOWN, field)
    rows.loc[[plot], ["measured", "deficit"]] = np.nan
    rows.at[plot, "low"] = least


def _spread(proposal: Proposal, room: str) -> tuple[float, float]:
    """Return how far on its plot a room may stand from where it is told: straight, and walked."""
    home = proposal.facilities.frame.at[room, "plot"]
    if home not in proposal.plots.frame.index:
        return math.inf, math.inf
    land = proposal.plots.frame.loc[home]
    if land.geometry.area <= 0:
        area = float(land["land_area_m2"])
        most = math.inf if math.isnan(area) else _LONG * math.sqrt(area)
        return most, most
    hull = shapely.convex_hull(land.geometry)
    corners = shapely.points(shapely.get_coordinates(hull))
    point = proposal.facilities.frame.geometry[room]
    most = float(shapely.distance(point, corners).max())
    round_it = 0.0 if land.geometry.area >= _CONVEX * hull.area else land.geometry.length / 2
    return most, most + round_it
