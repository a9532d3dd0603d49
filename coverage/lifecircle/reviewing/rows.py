"""Rows: one clause of a review for the plots it judges as one, with what would cure it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from lifecircle.counting.projects import by_project, leads
from lifecircle.model.reason import ReasonCode
from lifecircle.model.results.review import ReviewedClause
from lifecircle.model.status import Flag, Status
from lifecircle.reviewing.cures import cure
from lifecircle.reviewing.rooms import added_m2
from lifecircle.reviewing.tried import ROOM_REMEDIES, Project
from lifecircle.reviewing.working import working

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.review import Phase, Step
    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables
    from lifecircle.reviewing.planned import Planned

__all__ = ["deciding", "jointly", "reviewed_row"]

_ROOMS = "community_station"
"""The kind that 社区养老服务用房 is."""
_MERGING = (ReasonCode.REMEDY_PLAN_TOGETHER, ReasonCode.REMEDY_PLAN_TOGETHER_LARGER)
_ASKED_BY = {"single_minimum": "provision"}
"""Measure → the measure whose rule takes its place: a single minimum goes with its quota."""


def reviewed_row(
    one: JudgedClause, plots: tuple[str, ...], tables: Tables, planned: Planned
) -> ReviewedClause:
    """Return one clause for the plots it judges as one, with the smallest change that helps."""
    plot = plots[0]
    rule, clause = one.rule, one.rule.clause
    found = one.findings.loc[plot]
    same = found["required_low"] == found["required_high"]
    status = Status(found["status"])
    flags = tuple(found["flags"])
    fails = status != Status.COMPLIANT and Flag.REFERENCE not in flags
    remedy = cure(rule, found, plot, tables, planned) if fails else None
    if not clause.verified and Flag.UNVERIFIED not in flags:
        flags = (*flags, Flag.UNVERIFIED)
    if rule.expired and Flag.EXPIRED not in flags:
        flags = (*flags, Flag.EXPIRED)
    phases = planned.phases(tables, plot) if rule.spec.per_project else ()
    return ReviewedClause(
        id=clause.id,
        plot=plot,
        plots=plots,
        title=clause.title,
        section=clause.section,
        quote=clause.quote,
        force=clause.force,
        references=one.result.references,
        measure=rule.measure,
        comparison=rule.comparison,
        target=one.result.target,
        target_unit=rule.unit,
        required=_number(found["required_low"]) if same else None,
        provided=_number(found["measured"]),
        low=_number(found["low"]),
        high=_number(found["high"]),
        unit="" if rule.spec.yes_no else "m2" if rule.measure == "provision" else rule.unit,
        deficit=_gap(found, remedy if same else None) if status == Status.DEFICIENT else None,
        status=status,
        flags=flags,
        reason=found["reason"],
        remedy=remedy,
        curable=remedy is not None if fails and status == Status.DEFICIENT else None,
        working=_working(one, plot, tables, phases),
        standard=clause.standard,
        phases=phases,
        uncounted_m2=_uncounted(rule, plot, tables, planned),
        least_m2=_least(rule),
        decides=Flag.REFERENCE not in flags,
    )


def _gap(found: pd.Series, remedy: Reason | None) -> float | None:
    """Return how much is short: of rooms the least that cures it, not what counts for nothing.

    Without ``remedy`` at least that: of a plot between two quotas the change cures under either.
    """
    if remedy is not None and remedy.code in ROOM_REMEDIES:
        return added_m2(remedy)
    return _number(found["deficit"])


def _uncounted(
    rule: Rule[Options], plot: str, tables: Tables, planned: Planned
) -> tuple[float, ...]:
    """Return the m² of planned places too small to earn credit, the largest first."""
    if rule.measure != "provision" or tables.account is None:
        return ()
    places = planned.places(tables.account, str(leads(tables.areas)[plot]), rule.id)
    return tuple(sorted(p.most_m2 for p in places if not p.counts and p.most_m2 > 0))[::-1]


def _least(rule: Rule[Options]) -> float | None:
    return getattr(rule.options, "minimum_m2", 0.0) or None


def _working(
    one: JudgedClause, plot: str, tables: Tables, phases: tuple[Phase, ...]
) -> tuple[Step, ...]:
    rate = one.result.target
    if one.rule.measure != "provision" or rate is None:
        return ()
    rule = cast("Rule[ProvisionOptions]", one.rule)
    required = float(one.findings.at[plot, "required_high"])
    area = by_project(tables).areas.loc[leads(tables.areas)[plot]]
    if any(phase.exempt is None for phase in phases):  # which households are asked is not known
        return ()
    asked = [phase.households for phase in phases if not phase.exempt]
    others = [households for households in asked if households is not None]
    return working(rule, rate, area, required, tables.parameters, sum(others))


def jointly(
    rows: Iterable[ReviewedClause],
    rules: Mapping[str, Rule[Options]],
    tables: Tables,
    planned: Planned,
) -> tuple[ReviewedClause, ...]:
    """Return the rows, each with the other clauses missed that its change of rooms cures too."""
    rows = tuple(rows)
    account = tables.account
    if account is None:
        return rows
    lead = leads(tables.areas)
    missed = [r for r in rows if r.status == Status.DEFICIENT]
    missed = [r for r in missed if rules[r.id].spec.account or _asks_for_rooms(r)]
    told = []
    for row in rows:
        project = Project(account, str(lead[row.plot]), planned)
        others = [o for o in missed if o.id != row.id and lead[o.plot] == lead[row.plot]]
        cures = tuple(o.id for o in others if _cures(row, o, rules[o.id], project))
        told.append(replace(row, cures=cures))
    return tuple(_with_one_change(row, told) for row in told)


def _cures(
    row: ReviewedClause, other: ReviewedClause, rule: Rule[Options], project: Project
) -> bool:
    """Return whether a change of rooms that a row asks for cures another clause of its project."""
    remedy = row.remedy
    if row.deficit is None or remedy is None or remedy.code not in ROOM_REMEDIES:
        return False
    if rule.spec.account:
        return project.passes(rule, remedy)
    return remedy.code == ReasonCode.REMEDY_PLAN_ROOM and set(other.plots) <= set(row.plots)


def _asks_for_rooms(row: ReviewedClause) -> bool:
    """Return whether a clause is cured by any community rooms on the plot."""
    remedy = row.remedy
    if remedy is None or remedy.code != ReasonCode.REMEDY_PLAN_KIND:
        return False
    return _ROOMS in remedy.params["kinds"]


def _with_one_change(row: ReviewedClause, rows: Iterable[ReviewedClause]) -> ReviewedClause:
    """Return a row with the change of another one that cures it and more than its own does.

    Two changes of the same rooms cannot both be made: 199 m² enlarged to 200, or put together
    with the 250 beside them.
    """
    if row.remedy is None or row.remedy.code not in _MERGING:
        return row
    beside = (r for r in rows if r.decides and set(r.plots) & set(row.plots))
    best = max(
        (r for r in beside if row.id in r.cures),
        key=lambda r: len(r.cures),
        default=row,
    )
    if len(best.cures) <= len(row.cures):
        return row
    cures = sorted({*best.cures, best.id} - {row.id})
    return replace(row, remedy=best.remedy, cures=tuple(cures))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def deciding(rows: Iterable[ReviewedClause]) -> tuple[ReviewedClause, ...]:
    """Return the rows, those of an ended plan without a say where another rule is in force.

    What stood before the plan, or stands in the province, then applies. Where nothing does, the
    last value decides on, marked as expired.
    """
    rows = tuple(rows)
    return tuple(replace(row, decides=False) if _succeeded(row, rows) else row for row in rows)


def _succeeded(row: ReviewedClause, rows: Iterable[ReviewedClause]) -> bool:
    """Return whether another rule, in force, asks the same of a plot of the row."""
    if Flag.EXPIRED not in row.flags:
        return False
    asks = _ASKED_BY.get(row.measure, row.measure)
    return any(
        other.decides
        and Flag.EXPIRED not in other.flags
        and other.measure == asks
        and set(other.plots) & set(row.plots)
        for other in rows
    )
