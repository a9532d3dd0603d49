"""assess(): a Study judged by its standards, as one Assessment."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from lifecircle.assessing.accounts import settlements
from lifecircle.assessing.approximations import rounded_marked
from lifecircle.assessing.doubted.positions import doubted
from lifecircle.assessing.drawing import Drawing
from lifecircle.assessing.exemptions import clause_problems, exemption_list
from lifecircle.assessing.planned import built_marked, check_plan, check_rates, future_case
from lifecircle.assessing.scenarios import marked
from lifecircle.case.banners import ended_banners, street_state, study_banners, walk_banners
from lifecircle.case.bench import open_bench
from lifecircle.case.border import border_problems, with_nearer_outside
from lifecircle.case.case import open_case
from lifecircle.case.named_hosts import host_problems
from lifecircle.errors import UnknownNameError
from lifecircle.judge.facts import with_facts
from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.on_demand import Later
from lifecircle.model.problem import by_severity
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    REACH_TABLE_COLUMNS,
    Assessment,
    ReadingRecord,
)
from lifecircle.model.rules.measures import answering
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.model.status import StageView
from lifecircle.model.strings import plain_strings
from lifecircle.standards import (
    apply_scenario,
    read_standard,
    readings,
    unasked_figures,
    unread_papers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lifecircle.assessing.doubted.positions import Doubted
    from lifecircle.case.bench import Bench
    from lifecircle.case.case import Case
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule, Rules
    from lifecircle.model.tables import Tables

__all__ = ["as_assessment", "assess", "judged_benches", "rules_under"]

_SUBJECT_UNITS = {"provision": "m2"} | dict.fromkeys(answering(yes_no=True), "")
"""Units of a subject's numbers where they are not the clause's: m², or met (1) and not (0)."""


@plain_strings()
def assess(
    study: Study,
    *,
    standards: Sequence[str] = (),
    view: StageView | str | None = None,
    scenario: tuple[str, Mapping[str, float]] | None = None,
    sites: SitingPlan | None = None,
    progress: Callable[[str], None] | None = None,
) -> Assessment:
    """Judge a study.

    Clauses and findings are there at once; layers, sensitivity, routes, diagnosis and what
    switches change are made when they are first read.

    Parameters
    ----------
    study
        As ``read_study`` returns it.
    standards
        Library ids or paths; by default those the study names. The first one's headline and
        quotas make the map.
    view
        ``now`` or ``plan`` (planned and under construction count on both sides, A17); by default
        that of ``sites``, else ``now``.
    scenario
        A name and changes over the standards, e.g. ``("Jinxiang's 30", {"CX-01.value": 30})``.
    sites
        A siting plan of this study, whose places are taken as built: the future is judged, and
        every clause that comes out otherwise says how it does without them.
    progress
        Called with the name of each step.

    Raises
    ------
    StandardError, UnknownNameError
        A standard or a scenario cannot be used.
    SitingError
        The plan is not of this study, these files, this view or these documents, or the future
        comes to other rates than it was proven with.
    """
    step = progress or (lambda _name: None)
    published = [read_standard(name) for name in standards or study.standards]
    found = rules_under(scenario, published)
    view = StageView(view or ("now" if sites is None else sites.stage))
    if sites is not None:
        varied = scenario is not None
        check_plan(study, sites, [standard.id for standard in found], str(view), varied=varied)
    step("streets")
    case = open_case(study, view)
    step("reach")
    benches = judged_benches(case, found, step)
    told = marked(benches, published)
    if sites is not None:
        before, benches = benches, judged_benches(future_case(case, sites), found, step, benches)
        check_rates(benches, sites)
        told = built_marked(benches, before)
    step("drawing")
    return as_assessment(benches, told, sites)


def as_assessment(
    benches: Sequence[Bench],
    told: Sequence[Mapping[str, JudgedClause]],
    sites: SitingPlan | None = None,
) -> Assessment:
    """Return what benches have judged as one result; ``told``: with the marks of a scenario."""
    known = doubted(benches, rounded_marked(benches, told))
    bordered = (
        with_nearer_outside(bench.tables, bench.case.view, with_facts(clauses))
        for bench, clauses in zip(benches, known.told, strict=True)
    )
    known = known._replace(told=tuple(bordered))
    return _drawn_up(tuple(benches), known, sites)


def judged_benches(
    case: Case,
    standards: Sequence[Standard | Rules],
    step: Callable[[str], None],
    before: Sequence[Bench] = (),
    *,
    arranging: bool = True,
) -> list[Bench]:
    """Return a bench for each standard, judged; ``before``: of the case that it differs from.

    ``arranging = False`` leaves out what could be arranged where no verdict hangs on it.
    """
    benches: list[Bench] = []
    for standard in standards:
        first = benches[0] if benches else None
        earlier = first if first is not None or not before else before[0]
        benches.append(
            open_bench(
                case,
                standard,
                references=first is None,
                earlier=earlier,
                arranging=arranging,
            )
        )
        _ = benches[-1].bare
        step("judging")
        _ = benches[-1].judged
    return benches


def rules_under(
    scenario: tuple[str, Mapping[str, float]] | None, found: list[Standard]
) -> list[Standard]:
    """Return the standards under a scenario; each takes the changes of its own clauses."""
    if scenario is None:
        return found
    name, changes = scenario
    known = [clause for standard in found for clause in standard.clauses]
    own = {path: path.split(".", 1)[0] for path in changes}
    for clause in own.values():
        if clause not in known:
            raise UnknownNameError("clause", clause, known)
    return [
        apply_scenario(
            standard, {p: v for p, v in changes.items() if own[p] in standard.clauses}, name
        )
        for standard in found
    ]


def _drawn_up(
    benches: tuple[Bench, ...],
    known: Doubted,
    sites: SitingPlan | None,
) -> Assessment:
    first = benches[0]
    study, standards = first.case.study, [bench.rules.standard for bench in benches]
    headline = study.headline or standards[0].headline or next(iter(standards[0].clauses))
    # a clause of the base is judged for the document that inherits it
    judged = {
        (bench.rules.standard.id, name): dataclasses.replace(
            one, result=dataclasses.replace(one.result, standard=bench.rules.standard.id)
        )
        for bench, clauses in zip(benches, known.told, strict=True)
        for name, one in clauses.items()
    }
    tables = [bench.tables for bench in benches]
    meant = [bench.case.exemptions(bench.rules) for bench in benches]
    exemptions, unmatched = exemption_list(study, judged, meant)
    drawing = Drawing(benches, known, headline, sites)
    results, findings = tuple(one.result for one in judged.values()), _findings(judged)
    streets = street_state(study, network=first.case.context.network is not None)
    later = cast("Any", Later)  # read as what it makes
    return Assessment(
        study=study.name,
        county=study.county,
        standards=tuple(s.id for s in standards),
        scenario=next((s.scenario for s in standards if s.scenario), None),
        stage=str(first.case.view),
        as_of=study.as_of,
        language=study.language,
        crs=study.crs,
        headline_clause=headline,
        clauses=results,
        findings=findings,
        reach=drawing.reach[list(REACH_TABLE_COLUMNS)],
        allocation=_allocation(tables, standards),
        layers=drawing.layers(results, findings),
        parameters=study.parameters.records(),
        readings=_readings([one.rule for one in judged.values()]),
        inputs=study.inputs,
        problems=_problems(study, standards, (*unmatched, *drawing.stray_problems())),
        banners=_banners(benches, streets, [one.rule for one in judged.values()], sites),
        streets=streets,
        attribution=study.attribution,
        map=study.map,
        sensitivity=later(drawing.sensitivity),
        curves=later(drawing.curves),
        switches=later(drawing.switches),
        hosts=drawing.hosts,
        districts=drawing.districts,
        standard_titles={s.id: dict(s.title) for s in standards},
        exemptions=exemptions,
        settlements=settlements(tables, standards),
        provision=later(lambda: drawing.provision(results, findings)),
        remedies=later(drawing.remedies),
        stages=later(drawing.stages),
        brief=later(lambda: drawing.brief(results, findings)),
        sites=sites,
    )


def _problems(
    study: Study, standards: list[Standard], found: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    own = (*study.problems, *border_problems(study), *host_problems(study, standards))
    figures = unasked_figures(map(str, study.indicators["id"]), standards)
    papers = unread_papers(study.materials, standards)
    clauses = clause_problems(study, standards)
    return by_severity((*own, *figures, *papers, *clauses, *found))


def _banners(
    benches: Sequence[Bench], streets: str, rules: list[Rule[Options]], sites: SitingPlan | None
) -> tuple[str, ...]:
    future = () if sites is None else ("planned_places",)
    said = study_banners(benches[0].case.study, [bench.rules.standard for bench in benches])
    return (*future, *said, *ended_banners(rules), *walk_banners(streets))


def _findings(judged: dict[tuple[str, str], JudgedClause]) -> pd.DataFrame:
    """Return the findings of all clauses below each other, column by column: one table in all."""
    found = [(key, one.rule, one.findings) for key, one in judged.items() if len(one.findings)]
    same = [(*key, rule.subject, _unit(rule)) for key, rule, _ in found]  # in all its rows
    sizes = [len(rows) for *_, rows in found]
    heads = np.repeat(np.array(same, dtype=object).reshape(-1, 4), sizes, axis=0)

    def of(name: str, kind: type = float) -> Any:
        columns = (rows[name].to_numpy(dtype=kind) for *_, rows in found)
        return np.concatenate([np.empty(0, dtype=kind), *columns])

    least, most = of("required_low"), of("required_high")
    words = {
        **dict(zip(("standard", "clause", "layer", "unit"), heads.T, strict=True)),
        "id": [str(subject) for *_, rows in found for subject in rows.index.tolist()],
        "part": [part for _, rule, rows in found for part in _parts(rule, rows.index)],
        "status": of("status", object),
    }
    table = {
        **{name: pd.Series(told, dtype=str) for name, told in words.items()},
        **{name: of(name) for name in ("measured", "deficit", "low", "high")},
        **{name: of(name, object) for name in ("flags", "reason")},
        "required": np.where(least == most, least, np.nan),
    }
    return pd.DataFrame(table, columns=list(FINDING_COLUMNS))


def _unit(rule: Rule[Options]) -> str:
    """Return the unit of a subject's numbers."""
    if rule.readings.get("A14", "point") not in {"point", "network"}:
        return "%"  # shares of the area, not metres or minutes
    return _SUBJECT_UNITS.get(rule.measure, rule.unit)


def _parts(rule: Rule[Options], ids: pd.Index) -> list[str]:
    """Return the district that each unit stands for, where districts are counted; else nothing."""
    if rule.counted != "districts" or not isinstance(rule.options, AssignmentOptions):
        return [""] * len(ids)
    named = {unit: d.name for d in rule.options.districts for unit in (*d.units, d.host_unit)}
    return [named.get(str(unit), "") for unit in ids]


def _allocation(tables: list[Tables], standards: list[Standard]) -> pd.DataFrame:
    parts = [
        table.account.allocation.assign(standard=standard.id)
        for table, standard in zip(tables, standards, strict=True)
        if table.account is not None
    ]
    parts = [p for p in parts if len(p)] or parts[:1]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(ALLOCATION_COLUMNS))


def _readings(rules: Iterable[Rule[Options]]) -> tuple[ReadingRecord, ...]:
    """Return every reading taken, clause by clause, and those of no clause with their default."""
    specs = readings()
    taken = {reading for rule in rules for reading in rule.readings}
    general = (
        ReadingRecord(id=name, clause="", choice=spec.choices[0], default=spec.choices[0])
        for name, spec in specs.items()
        if name not in taken
    )
    of_clauses = tuple(
        ReadingRecord(
            id=reading,
            clause=rule.id,
            choice=choice,
            default=specs[reading].default(rule.measure),
        )
        for rule in rules
        for reading, choice in rule.readings.items()
    )
    return (*of_clauses, *general)
