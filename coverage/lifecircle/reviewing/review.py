"""review(): one development proposal judged as if it were built, clause by clause (A37)."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.account.ownership import ownership
from lifecircle.account.sums import rows_of
from lifecircle.case.banners import study_banners
from lifecircle.case.bench import Bench, open_bench
from lifecircle.case.case import Plots, open_case
from lifecircle.case.edited import home_studies
from lifecircle.counting.eligibility import members
from lifecircle.counting.projects import by_project, leads
from lifecircle.judge.clauses import JudgedClause, judge_rule
from lifecircle.measures.areas.stages import STAGES
from lifecircle.model.dictionary import group_kinds
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY, ROUNDED, Layer
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.review import Review, Verdict
from lifecircle.model.sites import SITE_PART
from lifecircle.model.status import Flag, StageView, Status
from lifecircle.model.strings import plain_strings
from lifecircle.reviewing.conditions import conditions, manual_checks, supplements, tolerance_days
from lifecircle.reviewing.doubted import effects_anywhere, open_elsewhere
from lifecircle.reviewing.neighbours import side_effects, why_open, with_radius
from lifecircle.reviewing.planned import Planned, left_standing, open_of
from lifecircle.reviewing.reached import reach_of_plots
from lifecircle.reviewing.rounded import rounded_marked
from lifecircle.reviewing.rows import deciding, jointly, reviewed_row
from lifecircle.reviewing.sketch import sketched
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.review import ReviewedClause, SideEffect
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["review"]

_ROOMS = ("provision", "single_minimum", "has_facility")
"""Measures of whose rooms are whose: they join plots, what is planned and what stands there."""
_MAYBE = 0.5
_PERHAPS_ONE = (HOUSE, HOUSE_ASTRAY, ROUNDED, SITE_PART)  # columns of layers with such rows
_CIVIL_AFFAIRS = ("civil_affairs_review", "civil_affairs_acceptance")


@plain_strings()
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
    name = standard or study.standards[0]
    before = _before(study, name)
    step("judging")
    _, after, as_read = _there(before, proposal, step)
    found, now = after.rules.standard, _on_account(after)
    homes, elsewhere = _elsewhere(study, name, proposal)
    judged = open_elsewhere(as_read, homes, study)
    order = [*found.clauses, *(name for name in judged if name not in found.clauses)]
    quotas = {rule.id: cast("Rule[ProvisionOptions]", rule) for rule in after.rules.of("provision")}
    planned = Planned(proposal, quotas)
    found_rows = (
        reviewed_row(judged[name], plots, now, planned)
        for first in proposal.plots.frame.index
        for name in order
        if name in judged
        for plots in [_together(judged[name].rule, first, proposal, now)]
        if plots and _applies(judged[name], plots[0])
    )
    rules = {name: one.rule for name, one in judged.items()}
    rows = deciding(jointly(found_rows, rules, now, planned))
    rows = _rounded(rows, proposal, before, now)
    was, then = with_radius((before, _rooms(before)), (after, as_read), proposal)
    effects = side_effects(study, proposal, (_on_account(before), was), (now, then))
    effects = effects_anywhere(effects, elsewhere)
    missing = supplements(rows, study, proposal, why_open(effects, was, then))
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
        conditions=conditions(found, rows, proposal),
        manual_checks=manual_checks(rows, proposal),
        supplements=missing,
        inputs=(*study.inputs, *proposal.inputs),
        problems=(*proposal.problems, *study.problems),
        households=float(proposal.plots.frame["households_planned"].sum()),
        names=_names(after.case.study, study),
        banners=_banners(study, found, proposal, rows),
        tolerance_days=tolerance_days(study, rows),
        sketch=sketched(after.case.given, proposal, now, rows, judged),
        attribution=study.attribution,
    )


@lru_cache(maxsize=1)
def _before(study: Study, standard: str) -> Bench:
    """Return the study without a proposal under a standard, everything planned built.

    Kept for the last study (by identity: a Study never changes), as proposals come in batches.
    """
    return open_bench(open_case(study, StageView.PLAN, walked=False), read_standard(standard))


@lru_cache(maxsize=1)
def _homes(study: Study, standard: str) -> tuple[Bench, ...]:
    """Return what :func:`_before` does with doubted positions where another datum has them."""
    cases = (open_case(one, StageView.PLAN, walked=False) for one in home_studies(study))
    return tuple(open_bench(case, read_standard(standard)) for case in cases)


def _there(
    before: Bench, proposal: Proposal, step: Callable[[str], None] = lambda _name: None
) -> tuple[Bench, Bench, dict[str, JudgedClause]]:
    """Return a study, the same with a proposal in it, and its clauses judged for the plots."""
    after = _joined(before, proposal)
    judged = _rooms(after) | _stages(after, _on_account(after), proposal)
    step("reach")
    return before, after, judged | reach_of_plots(after, proposal)


def _elsewhere(
    study: Study, standard: str, proposal: Proposal
) -> tuple[list[dict[str, JudgedClause]], list[tuple[SideEffect, ...]]]:
    """Return the clauses and side effects with doubted positions where another datum has them."""
    clauses, effects = [], []
    for bench in _homes(study, standard):
        before, after, judged = _there(bench, proposal)
        was, then = with_radius((before, _rooms(before)), (after, judged), proposal)
        sides = (_on_account(before), was), (_on_account(after), then)
        clauses.append(judged)
        effects.append(side_effects(before.case.given, proposal, *sides))
    return clauses, effects


def _joined(
    before: Bench, proposal: Proposal, layers: Mapping[str, pd.DataFrame] | None = None
) -> Bench:
    """Return the study with the proposal in it, and without what it takes away.

    ``layers``: those of the study that differ, by name, and its ``sharing``.
    """
    study, others = before.case.given, layers or {}
    homes = others.get("residential", study.residential.frame).drop(index=list(proposal.replaces))
    houses = left_standing(others.get("facilities", study.facilities.frame), proposal.removes)
    relations = others.get("sharing", study.sharing)
    gone = relations["facility"].isin(proposal.removes)
    relations = relations[~gone & ~relations["residential"].isin(proposal.replaces)]
    likely = study.likely[
        ~study.likely["facility"].isin(proposal.removes)
        & ~study.likely["residential"].isin(proposal.replaces)
    ]
    before.settle()
    case = before.case.changed(
        areas=_with("residential", homes, proposal.plots.frame),
        facilities=_with("facilities", houses, proposal.facilities.frame),
        sharing=_stacked([relations, proposal.sharing]),
        likely=_stacked([likely, proposal.likely]) if len(proposal.likely) else likely,
        plots=Plots(
            frozenset(proposal.plots.frame.index), frozenset(proposal.facilities.frame.index)
        ),
    )
    references = bool(before.references)
    return open_bench(case, before.rules.standard, references=references, earlier=before)


def _on_account(bench: Bench) -> Tables:
    """Return the tables with their account."""
    return dataclasses.replace(bench.bare, account=bench.account)


def _rounded(
    rows: Sequence[ReviewedClause], proposal: Proposal, before: Bench, now: Tables
) -> tuple[ReviewedClause, ...]:
    """Return the rows, those marked that hang on a round figure of the plan or beside it."""

    def judge(varied: Proposal, layers: Mapping[str, pd.DataFrame]) -> dict[str, JudgedClause]:
        return _rooms(_joined(before, varied, layers))

    return rounded_marked(rows, proposal, before.case.given, _standing(now, proposal), judge)


def _standing(tables: Tables, proposal: Proposal) -> set[str]:
    """Return the rooms that stand in the projects of the plots already; none without an account."""
    if tables.account is None:
        return set()
    lead, places = leads(tables.areas), tables.account.places
    mine = {lead[plot] for plot in proposal.plots.frame.index if plot in lead.index}
    rooms = set(places.loc[places["residential"].isin(mine), "facility"])
    return rooms - set(proposal.facilities.frame.index)


def _rooms(bench: Bench) -> dict[str, JudgedClause]:
    """Return the clauses on floor area and facilities of one's own."""
    return {rule.id: bench.one(rule.id) for rule in bench.rules.of(*_ROOMS)}


def _with(name: str, first: gpd.GeoDataFrame, more: gpd.GeoDataFrame) -> Layer:
    more = more[[c for c in more.columns if c in first.columns or c in _PERHAPS_ONE]]
    return Layer(name, gpd.GeoDataFrame(_stacked([first, more]), crs=first.crs))


def _stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return rows one below the other; parts without any would change the columns' types."""
    full = [part for part in parts if len(part)] or list(parts[:1])
    table = pd.concat(full) if len(full) > 1 else full[0]
    if table.index.name == "id":
        return table
    return table.reset_index(drop=True)


def _stages(after: Bench, tables: Tables, proposal: Proposal) -> dict[str, JudgedClause]:
    """Return the clauses on 四同步, judged by what the proposal says of its stages.

    The facility stands in the same plan as the housing: that is the first stage. Of the others
    only dates that are typed can be missed; those that are not become conditions.
    """
    areas = tables.areas.copy()
    for stage in STAGES:
        gap = areas[f"{stage}_on"].isna() | areas[f"care_{stage}_on"].isna()
        for column in (f"{stage}_on", f"care_{stage}_on"):
            areas[column] = areas[column].astype(object).mask(gap, after.case.day)
    for column in _CIVIL_AFFAIRS:
        said = areas[column].astype(object)
        areas[column] = said.where(said.notna(), other=True)
    tables = dataclasses.replace(tables, areas=areas)
    found = {}
    for rule in after.rules.of("stages"):
        one = judge_rule(tables, rule)
        told = _planned(one.findings, proposal, tables)
        found[rule.id] = dataclasses.replace(one, findings=told)
    return found


def _planned(findings: pd.DataFrame, proposal: Proposal, tables: Tables) -> pd.DataFrame:
    """Return findings on stages that say whether anything is planned with the housing at all.

    What counts is a community facility: countable m² (A16), or a kind that serves the community,
    that is to be in use (planned as 闲置, it is none).
    """
    rows = findings.copy()
    lead = leads(tables.areas)
    built = tables.facilities["built"].astype(float).fillna(_MAYBE)
    counts = np.fmin(_community_rooms(tables.facilities), built)
    beside = _of_other_phases(tables, proposal, counts)
    housed: dict[str, tuple[float, str]] = {}
    for facility, plot in proposal.facilities.frame["plot"].items():
        if plot in lead.index and facility in counts.index:
            best = housed.get(lead[plot], (0.0, ""))
            housed[lead[plot]] = max(best, (counts[facility], facility))
    for plot in proposal.plots.frame.index:
        if plot not in rows.index or rows.at[plot, "applies"] != 1:
            continue
        (answer, own), elsewhere = (d.get(lead[plot], (0.0, "")) for d in (housed, beside))
        other = elsewhere[0] > answer
        if (answer := max(answer, elsewhere[0])) == 0:
            rows.at[plot, "status"] = Status.DEFICIENT
            rows.at[plot, "reason"] = Reason(ReasonCode.STAGE_NOT_PLANNED)
            rows.loc[plot, ["measured", "low", "high"]] = 0.0
            rows.at[plot, "deficit"] = 1.0
        elif rows.at[plot, "status"] != Status.COMPLIANT:
            continue
        elif answer < 1:
            rows.at[plot, "status"] = Status.NOT_ASSESSED
            told = Reason(ReasonCode.AREA_UNKNOWN, {"facility": elsewhere[1]})
            rows.at[plot, "reason"] = told if other else open_of(tables.facilities, own)
            rows.at[plot, "low"] = 0.0
        elif other:
            rows.at[plot, "reason"] = Reason(ReasonCode.STAGE_OF_PHASE, {"facility": elsewhere[1]})
        else:
            rows.at[plot, "reason"] = Reason(ReasonCode.STAGE_PLANNED)
    return rows


def _of_other_phases(
    tables: Tables, proposal: Proposal, counts: pd.Series
) -> dict[str, tuple[float, str]]:
    """Return, by leading phase, what the study's phases of its project have that counts.

    1 for certain, or 0.5, and the facility: what serves one phase serves the project (A1).
    """
    own = ownership(by_project(tables)).own
    own = own[~own["facility"].isin(proposal.facilities.frame.index)]
    found: dict[str, tuple[float, str]] = {}
    for facility, lead, sure in rows_of(own, "facility", "residential", "sure"):
        answer = float(counts[facility] if sure else min(counts[facility], _MAYBE))
        if answer > found.get(lead, (0.0, ""))[0]:
            found[lead] = (answer, facility)
    return found


def _community_rooms(facilities: pd.DataFrame) -> pd.Series:
    """Return 1 for a community facility, 0 for none, 0.5 where it is not known."""
    kind = members(facilities, group_kinds("community"))
    sure = (kind == 1) | (facilities["quota_m2_low"] > 0)
    may = facilities["quota_m2_high"] > 0
    return sure.astype(float).where(sure | ~may, _MAYBE)


def _applies(one: JudgedClause, plot: str) -> bool:
    rows = one.findings
    return plot in rows.index and rows.at[plot, "status"] not in {
        Status.NOT_APPLICABLE,
        Status.NOT_IN_FORCE,
    }


def _together(
    rule: Rule[Options], first: str, proposal: Proposal, tables: Tables
) -> tuple[str, ...]:
    """Return the plots that a clause judges as one, the leading one first; each group once (A1)."""
    if not rule.spec.per_project:
        return (first,)
    lead = leads(tables.areas)
    plots = [str(p) for p in proposal.plots.frame.index if lead[p] == lead[first]]
    if first != plots[0]:
        return ()
    return tuple(sorted(plots, key=lambda plot: plot != lead[first]))


def _verdict(
    rows: Iterable[ReviewedClause], effects: Iterable[SideEffect], *, open_: bool
) -> Verdict:
    """Return the conclusion: what is missed for certain goes before what is not known."""
    asked = [r for r in rows if r.decides]
    missed = [r.curable for r in asked if r.status == Status.DEFICIENT]
    missed += [e.curable for e in effects if e.blocking]
    if missed:
        return Verdict.AMEND if all(missed) else Verdict.REFUSE
    unknown = any(r.status == Status.NOT_ASSESSED for r in asked) or any(e.open for e in effects)
    return Verdict.SUPPLY if unknown or open_ else Verdict.AGREE


def _banners(
    study: Study, standard: Standard, proposal: Proposal, rows: Iterable[ReviewedClause]
) -> tuple[str, ...]:
    found = study_banners(study, [standard])
    if any(Flag.EXPIRED in row.flags for row in rows):
        found = (*found, "ended_plan")
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
