"""review(): one development proposal judged as if it were built, clause by clause (A37)."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.case.banners import study_banners
from lifecircle.case.gathering import account_tables, with_reach
from lifecircle.case.ground import prepare_ground
from lifecircle.counting.projects import PER_PROJECT, by_project, leads
from lifecircle.judge.clause_results import RATE_MEASURES
from lifecircle.judge.clauses import JudgedClause, account_of, judge_clause, resolved
from lifecircle.judge.readings import check_switches, switched
from lifecircle.judge.reference_checks import reference_clauses
from lifecircle.measures.areas.stages import STAGES
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.review import Review, ReviewedClause, Verdict
from lifecircle.model.status import Flag, StageView, Status
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.context import prepare_reach
from lifecircle.reviewing.conditions import conditions, manual_checks, supplements
from lifecircle.reviewing.cures import cure
from lifecircle.reviewing.neighbours import side_effects
from lifecircle.reviewing.working import working
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.review import SideEffect, Step
    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.tables import Tables

__all__ = ["review"]

_ACCOUNT = ("provision", "single_minimum", "has_facility")
"""Measures read from the m² account: they join plots, what is planned and what stands there."""
_REACH = ("radius", "walk")
_CIVIL_AFFAIRS = ("civil_affairs_review", "civil_affairs_acceptance")


def review(
    study: Study,
    proposal: Proposal,
    *,
    standard: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Review:
    """Judge a development proposal against a study's standard.

    The plots and planned facilities join the study, what the proposal pulls down leaves it, and
    all is judged once everything planned is built (``stage = plan``). Clauses that apply to the
    plots decide; checks that the document does not ask for are shown and cannot fail it.

    Parameters
    ----------
    study
        As ``read_study`` returns it.
    proposal
        As ``read_proposal`` returns it, read for this study.
    standard
        Library id or path; the study's first standard by default.
    progress
        Called with the name of each step.

    Raises
    ------
    StandardError, UnknownNameError
        The standard cannot be used.
    """
    step = progress or (lambda _name: None)
    found, quotas, was, former = _before(study, standard or study.standards[0])
    after = _joined(study, proposal)
    step("judging")
    now = _account(after, found, quotas, proposal)
    judged = {c.id: judge_clause(now, c, as_of=study.as_of, standard=found) for c in quotas}
    judged |= _stages(now, found, study, proposal)
    step("reach")
    judged |= _reach(after, proposal, found)
    order = [*found.clauses, *(name for name in judged if name not in found.clauses)]
    rows = tuple(
        _row(judged[name], plots, now)
        for first in proposal.plots.frame.index
        for name in order
        if name in judged
        for plots in [_together(judged[name].clause, first, proposal, now)]
        if plots and _applies(judged[name], plots[0])
    )
    effects = side_effects(study, proposal, (was, former), (now, judged))
    missing = supplements(rows, study, proposal)
    return Review(
        study=study.name,
        county=study.county,
        standard=found.id,
        standard_title=found.title,
        standard_number=found.number,
        as_of=study.as_of,
        language=study.language,
        proposal=proposal,
        verdict=_verdict(rows, effects, open_=bool(missing)),
        clauses=rows,
        side_effects=effects,
        conditions=conditions(found, rows, study, proposal),
        manual_checks=manual_checks(rows, proposal),
        supplements=missing,
        inputs=(*study.inputs, *proposal.inputs),
        problems=(*proposal.problems, *study.problems),
        names=_names(after, study),
        banners=_banners(study, found, proposal),
        attribution=study.attribution,
    )


@lru_cache(maxsize=1)
def _before(
    study: Study, standard: str
) -> tuple[Standard, tuple[Clause, ...], Tables, dict[str, JudgedClause]]:
    """Return the standard as the study reads it, and what its quotas find without a proposal.

    Kept for the last study (by identity: a Study never changes), as proposals come in batches.
    """
    check_switches(study.readings)
    found = switched(read_standard(standard), study.readings)
    clauses = (resolved(c, found, study.as_of) for c in found.clauses.values())
    quotas = tuple(c for c in clauses if c.measure in _ACCOUNT)
    tables = _account(study, found, quotas)
    judged = {c.id: judge_clause(tables, c, as_of=study.as_of, standard=found) for c in quotas}
    return found, quotas, tables, judged


def _joined(study: Study, proposal: Proposal) -> Study:
    """Return the study with the proposal in it, and without what it takes away."""
    homes = study.residential.frame.drop(index=list(proposal.replaces))
    houses = study.facilities.frame.drop(index=list(proposal.removes))
    relations = study.sharing[
        ~study.sharing["facility"].isin(proposal.removes)
        & ~study.sharing["residential"].isin(proposal.replaces)
    ]
    return dataclasses.replace(
        study,
        residential=_with("residential", homes, proposal.plots.frame),
        facilities=_with("facilities", houses, proposal.facilities.frame),
        sharing=_stacked([relations, proposal.sharing]),
    )


def _with(name: str, first: gpd.GeoDataFrame, more: gpd.GeoDataFrame) -> Layer:
    more = more[[c for c in more.columns if c in first.columns]]
    return Layer(name, gpd.GeoDataFrame(_stacked([first, more]), crs=first.crs))


def _stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return rows one below the other; parts without any would change the columns' types."""
    full = [part for part in parts if len(part)] or list(parts[:1])
    table = pd.concat(full) if len(full) > 1 else full[0]
    if table.index.name == "id":
        return table
    return table.reset_index(drop=True)


def _account(
    study: Study, standard: Standard, quotas: Sequence[Clause], proposal: Proposal | None = None
) -> Tables:
    """Return the tables of a study with the account of its quotas, everything planned built."""
    tables = account_tables(
        study,
        standard,
        StageView.PLAN,
        positions(study.residential),
        positions(study.facilities),
    )
    if proposal is not None:
        tables = _without_strangers(tables, proposal)
    return dataclasses.replace(tables, account=account_of(tables, quotas, study.as_of))


def _without_strangers(tables: Tables, proposal: Proposal) -> Tables:
    """Return the tables with no facility own to a plot only because it stands there already.

    A project provides what it plans. What stands on its land or beside it is another's, however
    large the plot is drawn (A39 gives by position only where nobody says whose rooms they are).
    """
    near = tables.containment
    stranger = ~near["facility"].isin(proposal.facilities.frame.index)
    plots = near["residential"].isin(proposal.plots.frame.index)
    distance = near["to_area_m"].mask(stranger & plots, np.inf)
    return dataclasses.replace(tables, containment=near.assign(to_area_m=distance))


def _reach(study: Study, proposal: Proposal, standard: Standard) -> dict[str, JudgedClause]:
    """Return the clauses and reference checks on reach, judged for the plots alone.

    A plot that is not built has no gates: it is open on all sides.
    """
    plots = dataclasses.replace(
        study,
        residential=Layer("residential", proposal.plots.frame.drop(columns="land_area_m2")),
        gates=None,
        gates_from="none",
        buildings=None,
        travel=None,
    )
    ground = prepare_ground(plots)
    context = prepare_reach(
        ground.study.residential,
        study.facilities,
        study.parameters,
        streets=ground.study.streets,
    )
    tables = account_tables(
        ground.study, standard, StageView.PLAN, context.centre, context.facility_xy
    )
    tables = with_reach(tables, ground.study, context, standard)
    clauses = [c for c in standard.clauses.values() if c.measure in _REACH]
    clauses += reference_clauses(standard, study.parameters)
    return {c.id: judge_clause(tables, c, as_of=study.as_of, standard=standard) for c in clauses}


def _stages(
    tables: Tables, standard: Standard, study: Study, proposal: Proposal
) -> dict[str, JudgedClause]:
    """Return the clauses on 四同步, judged by what the proposal says of its stages.

    The facility stands in the same plan as the housing: that is the first stage. Of the others
    only dates that are typed can be missed; those that are not become conditions.
    """
    areas = tables.areas.copy()
    for stage in STAGES:
        gap = areas[f"{stage}_on"].isna() | areas[f"care_{stage}_on"].isna()
        for column in (f"{stage}_on", f"care_{stage}_on"):
            areas[column] = areas[column].astype(object).mask(gap, study.as_of)
    for column in _CIVIL_AFFAIRS:
        said = areas[column].astype(object)
        areas[column] = said.where(said.notna(), other=True)
    tables = dataclasses.replace(tables, areas=areas)
    found = {}
    for clause in standard.clauses.values():
        if clause.measure != "stages":
            continue
        one = judge_clause(tables, clause, as_of=study.as_of, standard=standard)
        found[clause.id] = dataclasses.replace(
            one, findings=_planned(one.findings, proposal, tables)
        )
    return found


def _planned(findings: pd.DataFrame, proposal: Proposal, tables: Tables) -> pd.DataFrame:
    """Return findings on stages that say whether anything is planned with the housing at all."""
    rows = findings.copy()
    lead = leads(tables.areas)
    housed = {lead[plot] for plot in proposal.facilities.frame["plot"] if plot in lead.index}
    for plot in proposal.plots.frame.index:
        if plot not in rows.index or rows.at[plot, "applies"] != 1:
            continue
        if lead[plot] not in housed:
            rows.at[plot, "status"] = Status.DEFICIENT
            rows.at[plot, "reason"] = Reason(ReasonCode.STAGE_NOT_PLANNED)
            rows.loc[plot, ["measured", "low", "high"]] = 0.0
            rows.at[plot, "deficit"] = 1.0
        elif rows.at[plot, "status"] == Status.COMPLIANT:
            rows.at[plot, "reason"] = Reason(ReasonCode.STAGE_PLANNED)
    return rows


def _applies(one: JudgedClause, plot: str) -> bool:
    rows = one.findings
    return plot in rows.index and rows.at[plot, "status"] not in {
        Status.NOT_APPLICABLE,
        Status.NOT_IN_FORCE,
    }


def _together(clause: Clause, first: str, proposal: Proposal, tables: Tables) -> tuple[str, ...]:
    """Return the plots that a clause judges as one, the leading one first; each group once (A1)."""
    if clause.measure not in PER_PROJECT:
        return (first,)
    lead = leads(tables.areas)
    plots = [str(p) for p in proposal.plots.frame.index if lead[p] == lead[first]]
    if first != plots[0]:
        return ()
    return tuple(sorted(plots, key=lambda plot: plot != lead[first]))


def _row(one: JudgedClause, plots: tuple[str, ...], tables: Tables) -> ReviewedClause:
    """Return one clause for the plots it judges as one, with the smallest change that helps."""
    plot = plots[0]
    clause, found = one.clause, one.findings.loc[plot]
    rated = clause.measure in RATE_MEASURES
    same = found["required_low"] == found["required_high"]
    status = Status(found["status"])
    flags = tuple(found["flags"])
    fails = status != Status.COMPLIANT and Flag.REFERENCE not in flags
    remedy = cure(clause, found, plot, tables) if fails else None
    if not clause.verified and Flag.UNVERIFIED not in flags:
        flags = (*flags, Flag.UNVERIFIED)
    return ReviewedClause(
        id=clause.id,
        plot=plot,
        plots=plots,
        title=clause.title,
        section=clause.section,
        quote=clause.quote,
        force=clause.force,
        references=one.result.references,
        measure=clause.measure,
        comparison=clause.comparison,
        target=one.result.target,
        target_unit=clause.unit,
        required=_number(found["required_low"]) if same else None,
        provided=_number(found["measured"]),
        low=_number(found["low"]),
        high=_number(found["high"]),
        unit="" if rated else "m2" if clause.measure == "provision" else clause.unit,
        deficit=_number(found["deficit"]) if status == Status.DEFICIENT else None,
        status=status,
        flags=flags,
        reason=found["reason"],
        remedy=remedy,
        curable=remedy is not None if fails and status == Status.DEFICIENT else None,
        working=_working(one, plot, tables),
    )


def _working(one: JudgedClause, plot: str, tables: Tables) -> tuple[Step, ...]:
    rate = one.result.target
    if one.clause.measure != "provision" or rate is None:
        return ()
    required = float(one.findings.at[plot, "required_high"])
    area = by_project(tables).areas.loc[leads(tables.areas)[plot]]
    return working(one.clause, rate, area, required, tables.parameters)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _verdict(
    rows: Iterable[ReviewedClause], effects: Iterable[SideEffect], *, open_: bool
) -> Verdict:
    """Return the conclusion: what is missed for certain goes before what is not known."""
    asked = [r for r in rows if Flag.REFERENCE not in r.flags]
    missed = [r.curable for r in asked if r.status == Status.DEFICIENT]
    missed += [e.curable for e in effects if e.blocking]
    if missed:
        return Verdict.AMEND if all(missed) else Verdict.REFUSE
    unknown = any(r.status == Status.NOT_ASSESSED for r in asked)
    return Verdict.SUPPLY if unknown or open_ else Verdict.AGREE


def _banners(study: Study, standard: Standard, proposal: Proposal) -> tuple[str, ...]:
    found = study_banners(study, [standard])
    return (*found, "invented_proposal") if proposal.illustrative else found


def _names(after: Study, before: Study) -> dict[str, dict[str, str]]:
    """Return layer → id → name of all that is there before or after."""
    return {
        name: {
            str(key): str(said)
            for study in (before, after)
            for key, said in getattr(study, name).frame["name"].items()
            if said is not None
        }
        for name in ("residential", "facilities")
    }
