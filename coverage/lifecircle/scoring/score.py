"""score(): the self-assessment form filled in from an assessment and the study's evidence."""

from __future__ import annotations

import dataclasses
from math import fsum
from typing import TYPE_CHECKING

from lifecircle.case.bench import open_bench
from lifecircle.case.built import with_plan
from lifecircle.case.case import open_case
from lifecircle.errors import UnknownNameError
from lifecircle.judge.topics import topic
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.model.results.score import ItemScore, Origin, OriginSum, PartScore, Score
from lifecircle.model.status import Flag
from lifecircle.model.strings import plain_strings
from lifecircle.scoring.answers import answered
from lifecircle.scoring.parts import questioned, score_part, unledgered
from lifecircle.scoring.relations import related
from lifecircle.scoring.rounded import rounded_results
from lifecircle.standards import form_of, forms, papers_asked, read_form, read_standard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.rules.form import Form, FormItem

__all__ = ["own_form", "score", "unread_answers"]

_OF_WALKS = {"no_streets", "streets_refused"}
_UNREAD = {ProblemCode.EVIDENCE_VALUE, ProblemCode.EVIDENCE_CLAIM}
_TYPED_LAYERS = {"evidence", "indicators", "exemptions"}
"""Inputs whose problems stand with the form; those of the ledgers are the assessment's."""


@plain_strings()
def score(study: Study, assessment: Assessment, form: str | None = None) -> Score:
    """Fill in the 100-point form.

    A part is settled by the clause it names (the assessment's; where the assessed documents have
    none, the form's own, judged on the study), or by an answer with the paper that shows it. What
    neither settles is open, and counts neither as points nor as zero.

    Parameters
    ----------
    study
        As ``read_study`` returns it; its ``materials`` are the answers.
    assessment
        The same study, judged; of a future, the form is filled in as if the plan were built.
    form
        A form of the library (``forms()``) or a path; by default the one that belongs to the
        first standard. A county whose document has none must choose, and it is marked borrowed.

    Raises
    ------
    UnknownNameError
        No form belongs to the standard and none was chosen, or it does not exist.
    StandardError
        The form's file cannot be used.
    SitingError
        A future's plan is of another state of the ledger.
    """
    chosen = read_form(form or own_form(assessment.standards[0]))
    if assessment.sites is not None:
        study = with_plan(study, assessment.sites)
    parts, problems = _parts(study, assessment, chosen)
    items = tuple(_item(item, [parts[part.id] for part in item.parts]) for item in chosen.items)
    return Score(
        study=study.name,
        county=study.county,
        as_of=study.as_of,
        stage=str(assessment.stage),
        language=study.language,
        standards=assessment.standards,
        scenario=assessment.scenario,
        form=chosen,
        borrowed=chosen.county != study.county,
        items=items,
        settled=fsum(item.settled for item in items),
        assessed_points=fsum(item.assessed_points for item in items),
        points=fsum(item.item.points for item in items),
        low=fsum(item.low for item in items),
        high=fsum(item.high for item in items),
        to_confirm=fsum(p.part.points for p in parts.values() if p.origin is Origin.SUGGESTED),
        origins=tuple(_sum_of(origin, parts.values()) for origin in Origin),
        problems=(*_beside(_typed_problems(assessment), problems), *problems),
        # the form asks for no walk
        banners=tuple(b for b in assessment.banners if b not in _OF_WALKS),
        attribution=assessment.attribution,
        exemptions=assessment.exemptions,
    )


def unread_answers(study: Study, papers: tuple[Problem, ...] = ()) -> tuple[Problem, ...]:
    """Return what is wrong with a study's answers to its own form, before anything is judged.

    Words that no part knows (正在制定), points that cannot be claimed, rows of no part. Of a study
    whose document has no form nothing: which one it borrows is not known yet. ``papers``: what is
    said of the clauses' papers, which comes first; a row that is an answer too is told once.
    """
    if not study.standards or (own := form_of(study.standards[0])) is None:
        return papers
    form = read_form(own)
    answers, found = answered(form, study.materials, _papers(study))
    problems = list(found)
    for part in form.parts.values():
        problems += score_part(part, answers[part.id], (), study.language)[1]
    return (*_beside(papers, problems), *problems)


def _beside(papers: Iterable[Problem], answers: list[Problem]) -> tuple[Problem, ...]:
    """Return what is said of papers, without the rows of which the form's answers say it."""
    told = {(one.file, one.sheet, one.row, one.value) for one in answers}
    return tuple(
        one
        for one in papers
        if one.code is not ProblemCode.PAPER_VALUE
        or (one.file, one.sheet, one.row, one.value) not in told
    )


def own_form(standard: str) -> str:
    """Return the form that belongs to a standard: the one filled in where none is chosen.

    Raises
    ------
    UnknownNameError
        None does: ``what`` is ``form_of``, ``known`` are the forms to choose from.
    """
    own = form_of(standard)
    if own is None:
        raise UnknownNameError("form_of", standard, forms())
    return own


def _parts(
    study: Study, assessment: Assessment, form: Form
) -> tuple[dict[str, PartScore], list[Problem]]:
    """Return part id → its points, with what the parts mean for each other, and what is wrong."""
    answers, found = answered(form, study.materials, _papers(study))
    results = _results(study, assessment, form)
    problems = list(found)
    parts: dict[str, PartScore] = {}
    for part in form.parts.values():
        clauses = tuple(results[name] for name in part.clauses if name in results)
        scored, more = score_part(part, answers[part.id], clauses, study.language)
        empty = study.facilities.frame.empty
        scored, against = questioned(scored, answers[part.id], empty=empty)
        parts[part.id] = unledgered(scored) if empty else scored
        problems += more + against
    parts, more = related(parts, answers)
    return parts, _unread_once(problems + more)


def _unread_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems, of an answer that cannot be read that alone, not what it contradicts too.

    The part says beside its points what it contradicts.
    """
    unread: set[object] = set()
    kept = []
    for one in problems:
        key = (one.params.get("item"), one.file, one.sheet, one.row, one.value)
        if one.code is ProblemCode.EVIDENCE_DEPENDS and key in unread:
            continue
        if one.code in _UNREAD:
            unread.add(key)
        kept.append(one)
    return kept


def _papers(study: Study) -> set[str]:
    """Return the papers that clauses of the study's documents ask for."""
    return papers_asked(map(read_standard, study.standards))


def _typed_problems(assessment: Assessment) -> list[Problem]:
    """Return the assessment's problems that stand with the form."""
    return [
        problem
        for problem in assessment.problems
        if problem.layer in _TYPED_LAYERS and problem.severity is not Severity.INFO
    ]


def _sum_of(origin: Origin, parts: Iterable[PartScore]) -> OriginSum:
    mine = [part for part in parts if part.origin is origin]
    return OriginSum(
        origin,
        len(mine),
        fsum(part.part.points for part in mine),
        fsum(part.low for part in mine if part.score is not None),
    )


def _results(study: Study, assessment: Assessment, form: Form) -> dict[str, ClauseResult]:
    """Return clause id → result, for every clause a part names and that can be had."""
    judged = {r.id: r for r in assessment.clauses if r.standard == form.standard}
    found: dict[str, ClauseResult] = {}
    lacking: set[str] = set()
    for part in form.parts.values():
        for name in part.clauses:
            if name in judged:
                found[name] = judged[name]
            elif not part.county_own:
                lacking.add(name)
            elif (own := _same_topic(assessment, form, name)) is not None:
                found[name] = own
    return {**found, **_judged(study, form, lacking, assessment.stage)}


def _same_topic(assessment: Assessment, form: Form, name: str) -> ClauseResult | None:
    """Return the county's own clause on what a clause of the form's document is about."""
    wanted = topic(read_standard(form.standard).clauses[name])
    for result in assessment.clauses:
        if result.topic == wanted and Flag.REFERENCE not in result.flags:
            return result
    return None


def _judged(study: Study, form: Form, names: Iterable[str], view: str) -> dict[str, ClauseResult]:
    """Judge clauses that the assessment has not: the form's own, or those of its document.

    None of them asks for a walk, so no street is needed.
    """
    standard = read_standard(form.standard)
    known = {**standard.clauses, **form.clauses}
    wanted = set(names)
    if not wanted:
        return {}
    mine = {name: clause for name, clause in known.items() if name in wanted}
    case = open_case(study, view, walked=False)
    bench = open_bench(case, dataclasses.replace(standard, clauses=mine))
    return rounded_results(bench)


def _item(item: FormItem, parts: list[PartScore]) -> ItemScore:
    settled = [part for part in parts if part.score is not None]
    return ItemScore(
        item=item,
        parts=tuple(parts),
        score=fsum(p.low for p in parts) if len(settled) == len(parts) else None,
        settled=fsum(p.low for p in settled),
        assessed_points=fsum(p.part.points for p in settled),
        low=fsum(p.low for p in parts),
        high=fsum(p.high for p in parts),
    )
