"""The counties of a batch put side by side: rates summed, never averaged."""

from __future__ import annotations

import json
import math
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING

from lifecircle.batch.outlines import result_areas, study_area
from lifecircle.model.finding import Rate
from lifecircle.model.results.assessment import SCHEMA
from lifecircle.model.results.county_run import RunState
from lifecircle.model.results.province import (
    CountyClause,
    Province,
    ProvinceArea,
    ProvinceClause,
    ProvinceCounty,
)
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.plans.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.county_run import CountyRun

__all__ = ["gather_province", "summed"]

_WHOLE = "county"
_TOWNSHIP_DIGITS = 9


def gather_province(
    home: Path,
    runs: Sequence[CountyRun],
    language: str = "zh",
    studies: Mapping[str, Path] = MappingProxyType({}),
) -> Province:
    """Return the results of a batch side by side, read from what it has written.

    Parameters
    ----------
    studies
        Name of a county → its ``study.toml``, for the outlines of those without a result.

    Raises
    ------
    AssessmentFormatError
        A county's ``assessment.json`` is missing, damaged or of another version.
    """
    documents = {run.name: _document(home / run.name, language) for run in runs if run.has_result}
    partial = {run.name for run in runs if run.state is RunState.PARTIAL}
    titles: dict[str, Mapping[str, str]] = {}
    for document in documents.values():
        titles |= {name: dict(title) for name, title in document.standard_titles.items()}
    groups, views = _grouped(documents.items())
    clauses = tuple(_clause(rows, *views[key]) for key, rows in groups.items())
    return Province(
        counties=tuple(_county(n, d, partial=n in partial) for n, d in documents.items()),
        others=tuple(run for run in runs if not run.has_result),
        clauses=clauses,
        standard_titles=titles,
        ranked=_ranked(documents.values()),
        areas=tuple(area for run in runs for area in _areas(run, home, studies)),
        unit_rates=tuple(
            _unit_rates(rows, clause.shown_basis)
            for rows, clause in zip(groups.values(), clauses, strict=True)
        ),
    )


def _areas(run: CountyRun, home: Path, studies: Mapping[str, Path]) -> tuple[ProvinceArea, ...]:
    """Return what the map draws of a county."""
    if run.has_result:
        return result_areas(run.name, home / run.name, str(run.state))
    study, state = studies.get(run.name), str(run.state)
    if study is None:
        return (ProvinceArea(run.name, None, run.name, None, state, run.lines),)
    return (study_area(run.name, study, state, run.lines),)


def _unit_rates(
    rows: list[tuple[str, ClauseResult]], basis: str | None
) -> dict[tuple[str, str], Rate]:
    """Return (county, code) → the rate of every street and town on one basis."""
    return {
        (name, rate.scope): rate
        for name, clause in rows
        for rate in clause.rates
        if rate.basis == basis and rate.scope.isdigit() and len(rate.scope) == _TOWNSHIP_DIGITS
    }


def _document(folder: Path, language: str) -> AssessmentDocument:
    file = folder / "assessment.json"
    document, _ = read_document(AssessmentDocument, file, SCHEMA, language)
    return document


def _ranked(documents: Iterable[AssessmentDocument]) -> tuple[str, str] | None:
    """Return the clause that most counties' maps are drawn by."""
    counts = Counter(_headline(document) for document in documents if document.standards)
    return min(counts, key=lambda one: (-counts[one], one), default=None)


def _headline(document: AssessmentDocument) -> tuple[str, str]:
    """Return the clause a county's map is drawn by, with the document it is judged for."""
    name = document.headline_clause
    owner = next((c.standard for c in document.clauses if c.id == name), document.standards[0])
    return owner, name


def _county(name: str, document: AssessmentDocument, *, partial: bool) -> ProvinceCounty:
    return ProvinceCounty(
        name=name,
        study=document.study,
        county=document.county,
        as_of=document.as_of,
        stage=str(document.stage),
        standards=tuple(document.standards),
        scenario=document.scenario,
        headline=document.headline_clause,
        partial=partial,
        banners=tuple(document.banners),
    )


def _grouped(
    documents: Iterable[tuple[str, AssessmentDocument]],
) -> tuple[dict[str, list[tuple[str, ClauseResult]]], dict[str, tuple[str | None, str]]]:
    """Return the clauses in the order in which the counties first have them.

    Beside them scenario and stage, by the same keys.
    """
    groups: dict[str, list[tuple[str, ClauseResult]]] = {}
    views: dict[str, tuple[str | None, str]] = {}
    for name, document in documents:
        for clause in document.clauses:
            view = document.scenario, str(document.stage)
            key = _key(clause, view)
            groups.setdefault(key, []).append((name, clause))
            views[key] = view
    return groups, views


def _key(clause: ClauseResult, view: tuple[str | None, str]) -> str:
    """Return what two counties must share for a clause to be the same question."""
    asked = [clause.standard, clause.id, clause.comparison, clause.target, clause.unit]
    return json.dumps([*asked, sorted(clause.reading.items()), *view], default=str)


def _clause(
    rows: list[tuple[str, ClauseResult]], scenario: str | None, stage: str
) -> ProvinceClause:
    first = rows[0][1]
    counties = tuple(
        CountyClause(
            county=name,
            status=clause.status,
            value=clause.value,
            low=clause.low,
            high=clause.high,
            rates=tuple(rate for rate in clause.rates if rate.scope == _WHOLE),
            flags=tuple(map(str, clause.flags)),
        )
        for name, clause in rows
    )
    bases = dict.fromkeys(rate.basis for one in counties for rate in one.rates)
    officials = (clause.official for _, clause in rows)
    return ProvinceClause(
        standard=first.standard,
        id=first.id,
        title=first.title,
        measure=first.measure,
        subject=first.subject,
        comparison=first.comparison,
        target=first.target,
        unit=first.unit,
        reading=first.reading,
        scenario=scenario,
        basis=next((rate.basis for rate in officials if rate is not None), None),
        rates=tuple(
            summed([rate for one in counties for rate in one.rates if rate.basis == basis])
            for basis in bases
        ),
        counts=dict(Counter(str(one.status) for one in counties)),
        counties=counties,
        stage=stage,
    )


def summed(rates: Sequence[Rate]) -> Rate:
    """Return the rate of several counties together, of one basis.

    Its range is None where one of them has none, or does not say how much is open in it.
    """
    met = math.fsum(rate.numerator for rate in rates)
    decided = math.fsum(rate.denominator for rate in rates)
    low, high, undecided = _range(rates)
    return Rate(
        basis=rates[0].basis,
        scope="province",
        numerator=met,
        denominator=decided,
        not_assessed=math.fsum(rate.not_assessed for rate in rates),
        low=low,
        high=high,
        rate=met / decided if decided > 0 else None,
        undecided=undecided,
        doubted=math.fsum(rate.doubted for rate in rates),
        doubted_missed=math.fsum(rate.doubted_missed for rate in rates),
    )


def _range(rates: Sequence[Rate]) -> tuple[float | None, float | None, float | None]:
    """Return the least and the most the sum can come to, and how much is open in it.

    A county's ``low`` is over all but what is met if it is a subject and may be none, its ``high``
    over all but what is missed then; one of which nothing is left may be no part of the sum. How
    much is open is None, never 0, where a county does not say it.
    """
    least = of_least = most = of_most = undecided = 0.0
    someone = False
    for rate in rates:
        open_ = 0.0 if rate.low == rate.high and not rate.not_assessed else rate.undecided
        if open_ is None:
            return None, None, None
        total = rate.denominator + open_
        undecided += open_
        if total <= 0:
            continue
        if rate.low is None or rate.high is None:
            return None, None, None
        least += rate.low * (total - rate.doubted)
        of_least += total - rate.doubted
        most += rate.high * (total - rate.doubted_missed)
        of_most += total - rate.doubted_missed
        someone = True
    if not someone:
        return None, None, undecided
    high = most / of_most if of_most > 0 else 0.0
    return (least / of_least if of_least > 0 else high), high, undecided
