"""assess(): a Study judged by its standards, as one Assessment."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.assessing.accounts import (
    provision_table,
    remedy_table,
    settlements,
    stage_table,
)
from lifecircle.assessing.diagnosis import diagnosis_layer, gate_effect_layer
from lifecircle.assessing.hosts import host_table
from lifecircle.assessing.layers import (
    candidate_sites,
    facility_layer,
    reach_rows,
    residential_layer,
    site_layer,
    unit_layer,
)
from lifecircle.assessing.lists import close_call_layer, disagreement_layer
from lifecircle.assessing.remedies import RemedyBook
from lifecircle.assessing.routes import route_layer
from lifecircle.assessing.sensitivity import curves, sensitivity
from lifecircle.assessing.shapes import (
    barrier_layer,
    gate_layer,
    reached_street_layer,
    service_area_layer,
    street_layer,
)
from lifecircle.assessing.switches import what_switches_change
from lifecircle.case.banners import study_banners
from lifecircle.case.gathering import gather, gathered_anew, group_membership
from lifecircle.case.ground import prepare_ground
from lifecircle.errors import UnknownNameError
from lifecircle.judge.clause_results import RATE_MEASURES
from lifecircle.judge.clauses import JudgedClause, judge_clause, judge_standard
from lifecircle.judge.exemptions import exemption_list
from lifecircle.judge.readings import check_switches, switched
from lifecircle.judge.reference_checks import reference_clauses
from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.problem import by_severity
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    REACH_TABLE_COLUMNS,
    Assessment,
    HostJourney,
    ReadingRecord,
    ReadingSwitch,
)
from lifecircle.model.status import StageView
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.table import open_gate_walk
from lifecircle.standards import apply_scenario, read_standard, readings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lifecircle.case.ground import Ground
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext

__all__ = ["assess"]

_SUBJECT_UNITS = {"provision": "m2"} | dict.fromkeys(RATE_MEASURES, "")
"""Units of a subject's numbers where they are not the clause's: m², or met (1) and not (0)."""


def assess(
    study: Study,
    *,
    standards: Sequence[str] = (),
    view: StageView | str = StageView.NOW,
    scenario: tuple[str, Mapping[str, float]] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Assessment:
    """Judge a study.

    Parameters
    ----------
    study
        As ``read_study`` returns it.
    standards
        Library ids or paths; by default those the study names. The first one's headline and
        quotas make the map.
    view
        ``now`` or ``plan`` (planned and under construction count on both sides, A17).
    scenario
        A name and changes over the standards, e.g. ``("Jinxiang's 30", {"CX-01.value": 30})``.
    progress
        Called with the name of each step.

    Raises
    ------
    StandardError, UnknownNameError
        A standard or a scenario cannot be used.
    """
    step = progress or (lambda _name: None)
    view = StageView(view)
    read = [read_standard(name) for name in standards or study.standards]
    known = {name for standard in read for name in standard.clauses}
    for path in () if scenario is None else scenario[1]:
        if path.split(".", 1)[0] not in known:
            raise UnknownNameError("clause", path.split(".", 1)[0], known)
    found = [_varied(standard, scenario, study) for standard in read]
    step("streets")
    ground = prepare_ground(study)
    study = ground.study
    context = prepare_reach(
        study.residential,
        study.facilities,
        study.parameters,
        streets=study.streets,
        gates=ground.gates,
        buildings=study.buildings,
        travel=study.travel,
    )
    judged: dict[tuple[str, str], JudgedClause] = {}
    tables: list[Tables] = []
    switches: list[ReadingSwitch] = []
    hosts: list[HostJourney] = []
    for standard in found:
        step("reach")
        table = gather(study, context, standard, view)
        step("judging")
        table, mine = judge_standard(
            table, standard, as_of=study.as_of, exemptions=study.exemptions
        )
        if standard is found[0]:
            for clause in reference_clauses(standard, study.parameters):
                mine[clause.id] = judge_clause(table, clause, as_of=study.as_of)
        switches += what_switches_change(
            table,
            standard,
            mine,
            as_of=study.as_of,
            exemptions=study.exemptions,
            gathered=_gathering(table, study, context, standard, view),
        )
        hosts += host_table(table, mine)
        tables.append(table)
        # a clause of the base is judged for the document that inherits it
        judged |= {
            (standard.id, name): dataclasses.replace(
                one, result=dataclasses.replace(one.result, standard=standard.id)
            )
            for name, one in mine.items()
        }
    step("drawing")
    assessment = _assembled(ground, context, found, tables, judged, view)
    exemptions, found_wrong = exemption_list(study.exemptions, judged, study.as_of)
    return dataclasses.replace(
        assessment,
        switches=tuple(switches),
        hosts=tuple(hosts),
        exemptions=exemptions,
        problems=by_severity((*assessment.problems, *found_wrong)),
    )


def _gathering(
    table: Tables, study: Study, context: ReachContext, standard: Standard, view: StageView
) -> Callable[[Mapping[str, str]], Tables]:
    """Return reading → choice to the tables as they then were, for what switches change."""

    def gathered(choices: Mapping[str, str]) -> Tables:
        readings = {**study.readings, **choices}
        return gathered_anew(table, study, context, standard, view, readings)

    return gathered


def _varied(
    standard: Standard, scenario: tuple[str, Mapping[str, float]] | None, study: Study
) -> Standard:
    """Return a standard under the scenario and with the readings the study sets."""
    if scenario is not None:
        name, changes = scenario
        mine = {k: v for k, v in changes.items() if k.split(".", 1)[0] in standard.clauses}
        standard = apply_scenario(standard, mine, name)
    check_switches(study.readings)
    return switched(standard, study.readings)


def _assembled(
    ground: Ground,
    context: ReachContext,
    found: list[Standard],
    tables: list[Tables],
    judged: dict[tuple[str, str], JudgedClause],
    view: StageView,
) -> Assessment:
    study, first, table = ground.study, found[0], tables[0]
    mine = {name: one for (standard, name), one in judged.items() if standard == first.id}
    headline = study.headline or first.headline or next(iter(first.clauses))
    minutes = _walk_minutes(study, first)
    gates = {
        group: open_gate_walk(context, group_membership(table, group)) for group in table.reach
    }
    reach = reach_rows(table, minutes, gates)
    effects = gate_effect_layer(study, context, table, reach)
    book = RemedyBook(table, candidate_sites(study), _sharing_radius(study, first))
    residential = residential_layer(
        study,
        table,
        mine,
        headline=headline,
        reach=reach,
        effects=effects,
        book=book,
        own_measure="radius" if context.network is None and study.travel is None else "walk",
    )
    disagreements = disagreement_layer(study, table, reach)
    layers = {
        "residential": residential,
        "facilities": facility_layer(study, table),
        "units": unit_layer(study, table, residential),
        "gates": gate_layer(study),
        "gate_effects": effects,
        "service_areas": service_area_layer(study, context, table),
        "reached_streets": reached_street_layer(study, context, table),
        "disagreements": disagreements,
        "routes": route_layer(study, context, table, disagreements),
        "close_calls": close_call_layer(study, table, mine),
        "street_diagnosis": diagnosis_layer(study, context, table, reach, ground.joins),
        "sites": site_layer(study),
        "streets": street_layer(study),
        "barriers": barrier_layer(study),
    }
    scenario = next((s.scenario for s in found if s.scenario), None)
    return Assessment(
        study=study.name,
        county=study.county,
        standards=tuple(s.id for s in found),
        scenario=scenario,
        stage=str(view),
        as_of=study.as_of,
        language=study.language,
        crs=study.crs,
        headline_clause=headline,
        clauses=tuple(one.result for one in judged.values()),
        findings=_findings(judged),
        reach=reach[list(REACH_TABLE_COLUMNS)],
        allocation=_allocation(tables),
        layers=layers,
        parameters=study.parameters.records(),
        readings=_readings([one.clause for one in judged.values()]),
        inputs=study.inputs,
        problems=study.problems,
        banners=study_banners(study, found),
        attribution=study.attribution,
        map=study.map,
        sensitivity=sensitivity(table, minutes, _given_m(study)),
        curves=curves(table, _given_m(study)),
        standard_titles={s.id: dict(s.title) for s in found},
        settlements=settlements(tables, found),
        provision=provision_table(table, residential),
        remedies=remedy_table(book, residential),
        stages=stage_table(table, mine),
    )


def _findings(judged: dict[tuple[str, str], JudgedClause]) -> pd.DataFrame:
    parts = []
    for (standard, name), one in judged.items():
        rows = one.findings
        same = rows["required_low"] == rows["required_high"]
        unit = _SUBJECT_UNITS.get(one.clause.measure, one.clause.unit)
        if one.clause.readings.get("A14", "point") not in {"point", "network"}:
            unit = "%"  # shares of the area, not metres or minutes
        parts.append(
            pd.DataFrame(
                {
                    "standard": standard,
                    "clause": name,
                    "layer": one.clause.subject,
                    "id": rows.index.astype(str),
                    "part": "",
                    "required": rows["required_low"].where(same).astype(float),
                    "measured": rows["measured"].astype(float),
                    "unit": unit,
                    "deficit": rows["deficit"].astype(float),
                    "low": rows["low"].astype(float),
                    "high": rows["high"].astype(float),
                    "status": rows["status"].astype(str),
                    "flags": rows["flags"],
                    "reason": rows["reason"],
                }
            )
        )
    table = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    return table[list(FINDING_COLUMNS)]


def _allocation(tables: list[Tables]) -> pd.DataFrame:
    parts = [t.account.allocation for t in tables if t.account is not None]
    parts = [p for p in parts if len(p)] or parts[:1]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(ALLOCATION_COLUMNS))


def _readings(clauses: list[Clause]) -> tuple[ReadingRecord, ...]:
    """Return every reading taken, clause by clause, and those of no clause with their default."""
    specs = readings()
    taken = {reading for clause in clauses for reading in clause.readings}
    general = (
        ReadingRecord(id=name, clause="", choice=spec.choices[0], default=spec.choices[0])
        for name, spec in specs.items()
        if name not in taken
    )
    of_clauses = tuple(
        ReadingRecord(
            id=reading,
            clause=clause.id,
            choice=choice,
            default=specs[reading].default(clause.measure),
        )
        for clause in clauses
        for reading, choice in clause.readings.items()
    )
    return (*of_clauses, *general)


def _walk_minutes(study: Study, standard: Standard) -> float:
    for clause in standard.clauses.values():
        version = clause.version_on(study.as_of)
        if clause.measure == "walk" and version is not None and version.value is not None:
            return version.value
    return study.parameters.reference_walk_min


def _given_m(study: Study) -> float | None:
    """Return the longest walk of a table the study hands in, metres; None without one."""
    if study.travel is None:
        return None
    per_unit = 60.0 * study.parameters.walk_speed_m_s if study.travel.unit == "min" else 1.0
    return study.travel.limit * per_unit


def _sharing_radius(study: Study, standard: Standard) -> float:
    own = [
        float(c.options["sharing_radius_m"])
        for c in standard.clauses.values()
        if "sharing_radius_m" in c.options
    ]
    return max(
        own, default=study.parameters.sharing_radius_m or study.parameters.reference_radius_m
    )
