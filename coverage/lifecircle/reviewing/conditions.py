"""What stands beside a review's clauses: conditions, rows for a person, what is to be supplied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.inputs.proposal import Supplement
from lifecircle.model.problem import ProblemCode
from lifecircle.model.reason import PERHAPS_EXEMPT, Reason, ReasonCode
from lifecircle.model.results.review import MANUAL_CHECKS, Condition, ManualCheck
from lifecircle.model.status import Flag, Status
from lifecircle.reviewing.cures import missing_field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.review import ReviewedClause
    from lifecircle.model.rules.clause import Standard

__all__ = ["conditions", "manual_checks", "supplements", "tolerance_days"]

_OF_FACILITIES = frozenset(
    {
        ReasonCode.FACILITY_UNKNOWN,
        ReasonCode.AREA_UNKNOWN,
        ReasonCode.RECORD_UNCLEAR,
        ReasonCode.RECORDS_UNCLEAR,
        ReasonCode.RECORD_BEYOND,
        ReasonCode.RECORDS_BEYOND,
        ReasonCode.NAME_UNCLEAR,
        ReasonCode.PLACE_UNCLEAR,
        ReasonCode.NAMES_UNCLEAR,
    }
)
"""What is open of a facility, not of the plot."""
_OF_HOMES = frozenset({ReasonCode.HOUSEHOLDS_MISSING, ReasonCode.PHASE_LACKS})
_OF_PHASES = frozenset(
    {ReasonCode.PHASE_UNKNOWN, ReasonCode.PHASE_LACKS, ReasonCode.PEOPLE_OF_PHASE}
)
_BY_PEOPLE = "m2/1000p"
_STAGE_WORDS = {"建设": "built", "验收": "accepted", "交付": "delivered", "移交": "delivered"}
"""The later three stages as the documents call them (A30), in the order they name them."""
_TOGETHER = re.compile(f"同步({'|'.join(_STAGE_WORDS)})")
_LOOKED_AT = {
    ProblemCode.PLOT_OVER_AREA: "over_area",
    ProblemCode.FACILITY_OFF_PLOT: "off_plot",
}
"""Problems of the file that a person settles → the row that asks for it."""
_FIGURES = {
    ProblemCode.LAND_DIFFERS: ("land", "{land_m2:g} / {drawn_m2:g}"),
    ProblemCode.RATIO_ABOVE: ("ratio", "{ratio:g} / {built:g}"),
    ProblemCode.RATIO_WHOLE: ("ratio", "{ratio:g} / {built:g}"),
    ProblemCode.RATIO_DIFFERS: ("ratio", "{ratio:g} × {land_m2:g} / {total_m2:g}"),
}
"""Figures that contradict each other → the row that asks for it, with both of them."""
_WORDS = {ProblemCode.PLOT_STANDS: "stage", ProblemCode.PLOT_UNLIKE: "unlike"}


def conditions(
    standard: Standard, rows: Iterable[ReviewedClause], proposal: Proposal
) -> tuple[Condition, ...]:
    """Return what is to be kept to after the plan: the later stages of 四同步, and the notes.

    The stages are those that the clause's quote names, in its order and words.
    """
    rows = list(rows)
    found: list[Condition] = []
    for name in dict.fromkeys(r.id for r in rows if r.measure == "stages"):
        clause = standard.clauses[name]
        found += [
            Condition(f"condition.{_STAGE_WORDS[called]}", {"called": called}, name)
            for called in _TOGETHER.findall(clause.quote)
        ]
        if getattr(clause.options, "civil_affairs", False):
            found.append(Condition("condition.civil_affairs", {}, name))
    for row in rows:
        if Flag.BELOW_MINIMUM in row.flags:
            plot = str(proposal.plots.frame.at[row.plot, "name"])
            found.append(Condition("condition.below_minimum", {"plot": plot}, row.id))
    if any(r.measure == "provision" and r.status == Status.COMPLIANT for r in rows):
        found.append(Condition("condition.keep", {}, None))
    return tuple(found)


def manual_checks(rows: Iterable[ReviewedClause], proposal: Proposal) -> tuple[ManualCheck, ...]:
    """Return the rows that a person fills in: of every facility what data cannot show (A37).

    Besides, what the file leaves doubtful, whether a plan that has ended has a successor, what
    exactly a figure is that was given about, and the text of figures that are not verified.
    """
    rows = list(rows)
    frame = proposal.facilities.frame
    found = [
        ManualCheck(code, str(key), frame.at[key, code])
        for code in MANUAL_CHECKS
        for key in frame.index
    ] or [ManualCheck(code, "", None) for code in MANUAL_CHECKS]
    found += _of_problems(proposal)
    ended = dict.fromkeys(r.id for r in rows if Flag.EXPIRED in r.flags)
    unsure = dict.fromkeys(r.id for r in rows if Flag.UNVERIFIED in r.flags)
    rounded = dict.fromkeys(r.id for r in rows if Flag.APPROXIMATE in r.flags)
    found += [ManualCheck("ended", name, None) for name in ended]
    found += [ManualCheck("rounded", name, None) for name in rounded]
    return (*found, *(ManualCheck("source", name, None) for name in unsure))


def _of_problems(proposal: Proposal) -> list[ManualCheck]:
    """Return the rows for what the file leaves doubtful."""
    found = []
    for problem in proposal.problems:
        if problem.code in _LOOKED_AT:
            stated = problem.params.get("residential") or problem.params.get("plot")
            found.append(ManualCheck(_LOOKED_AT[problem.code], problem.value or "", str(stated)))
        elif problem.code is ProblemCode.PEOPLE_UNLIKELY:
            told = "{people:g} / {households:g}".format_map(problem.params)
            found.append(ManualCheck("people", str(problem.params["plot"]), told))
        elif problem.code in _FIGURES:
            code, form = _FIGURES[problem.code]
            found.append(ManualCheck(code, "", form.format_map(problem.params)))
        elif problem.code in _WORDS:
            found.append(ManualCheck(_WORDS[problem.code], "", str(problem.value)))
        elif problem.code is ProblemCode.PHASE_PERHAPS:
            found.append(
                ManualCheck("phase", "", "{names}（{project}）".format_map(problem.params))
            )
    return found


def supplements(
    rows: Iterable[ReviewedClause],
    study: Study,
    proposal: Proposal,
    neighbours: Iterable[tuple[str, Reason]] = (),
) -> tuple[Supplement, ...]:
    """Return what is missing: what the file leaves blank, and what leaves a clause open.

    ``neighbours``: areas of the study of which it is open whether they lose what they need, and
    why. What is not known of another phase is asked of that one, not of the plot beside it.
    """
    rows = list(rows)
    found = [*proposal.supplements, *_people_untold(rows, proposal)]
    asked: list[tuple[str, str, Reason]] = []
    for row in rows:
        if row.status != Status.NOT_ASSESSED or not row.decides or row.reason is None:
            continue
        of_phase = row.reason.code in _OF_HOMES  # a plot has its own
        lacking = [p.id for p in row.phases if p.households is None] if of_phase else []
        asked += [("residential", phase, row.reason) for phase in lacking]
        asked += [] if lacking else [("plots", row.plot, row.reason)]
    asked += [("residential", area, reason) for area, reason in neighbours]
    for layer, subject, reason in asked:
        told = _supplement(layer, subject, reason, study, proposal)
        if told is not None and all((s.id, s.field) != (told.id, told.field) for s in found):
            found.append(told)
    return tuple(found)


def _people_untold(rows: Iterable[ReviewedClause], proposal: Proposal) -> list[Supplement]:
    """Return the plots that a quota per 1000 people asks, whose share of the planned is not told.

    The file says the people of plots of several projects in one figure.
    """
    frame = proposal.plots.frame
    if "population" not in proposal.facts:
        return []
    asked = {
        plot for row in rows if row.decides and row.target_unit == _BY_PEOPLE for plot in row.plots
    }
    silent = [key for key in frame.index if key in asked and pd.isna(frame.at[key, "population"])]
    return [Supplement("plots", str(k), str(frame.at[k, "name"]), "population") for k in silent]


def _supplement(
    layer: str, key: str, reason: Reason, study: Study, proposal: Proposal
) -> Supplement | None:
    """Return what closes a finding on a plot or an area; None where no field does."""
    name = missing_field(reason)
    if name is None:
        return None
    if reason.code in _OF_FACILITIES:
        key = str(reason.params["facility"])
        layer = "planned" if key in proposal.facilities.frame.index else "facilities"
    elif reason.code in _OF_PHASES:  # of another phase, or of the plot itself
        key = str(reason.params["residential"])
        layer = "plots" if key in proposal.plots.frame.index else "residential"
        if layer == "plots" and name == "population_planned":
            name = "population"
    elif reason.code in PERHAPS_EXEMPT and (phase := _let_off(reason)) is not None:
        layer, key = "residential", phase
    frame = {
        "plots": proposal.plots.frame,
        "planned": proposal.facilities.frame,
        "facilities": study.facilities.frame,
        "residential": study.residential.frame,
    }[layer]
    told = "streets" if name == "streets" else layer
    told = "exemptions" if reason.code in PERHAPS_EXEMPT else told
    return Supplement(told, key, str(frame.at[key, "name"]), name)


def _let_off(reason: Reason) -> str | None:
    """Return the other phase whose exemption leaves a finding open; None: it is its own."""
    notes = (Reason.from_json(note) for note in reason.params.get("notes", ()))
    whose = (n.params["residential"] for n in notes if n.code == ReasonCode.EXEMPTION_OF_PHASE)
    return next(map(str, whose), None)


def tolerance_days(study: Study, rows: Iterable[ReviewedClause]) -> float | None:
    """Return by how many days stages may be out of step; None where none are judged."""
    asked = any(row.measure == "stages" for row in rows)
    return study.parameters.stage_tolerance_days if asked else None
