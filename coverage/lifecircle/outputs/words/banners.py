"""What stands over a result: a scenario and what it changed, a future, streets that are missing."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import listed
from lifecircle.model.problem.suspected import suspects
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.score import Score
    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.model.rules.clause import ChangedTerm
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "as_unbuilt",
    "asked",
    "banner_lines",
    "changed",
    "cited_section",
    "demanded",
    "named_future",
    "quote_mark",
    "undiagnosed",
    "unwalked",
    "without_plan",
]

_SCENARIO = "scenario"
_PLANNED = "planned_places"
_DOUBTED = "datum_doubted"
_UNWALKED = {"no_streets", "streets_refused"}
_NO_WALKS = {"absent", "refused"}
_LISTED = 6
"""Most changes that a banner names; all stand with their clauses."""


def banner_lines(result: Assessment | Score, words: Wording) -> list[str]:
    """Return the banners of a result in words: a scenario or a future, with what it changed.

    Where streets are missing, with the clauses that are open for it.
    """
    return [
        _scenario(result, words)
        if banner == _SCENARIO
        else _future(result, words)
        if banner == _PLANNED
        else _without_streets(banner, result, words)
        if banner in _UNWALKED
        else _doubted(result, words)
        if banner == _DOUBTED
        else words.banner(banner)
        for banner in result.banners
    ]


def asked(clause: ClauseResult, words: Wording) -> str:
    """Return what a clause demands and, of a plan's places as built, what it comes to without them.

    For where nothing else tells what it comes to.
    """
    return without_plan(demanded(clause, words), clause, words)


def demanded(clause: ClauseResult, words: Wording) -> str:
    """Return a clause's target, and behind it what a scenario asks otherwise than the document.

    A clause that has no version on the day asks nothing: that is not to set no figure.
    """
    if clause.status == Status.NOT_IN_FORCE and clause.target is None:
        return "–"
    target = words.target(clause.comparison, clause.target, clause.unit)
    if clause.covered_at_least is not None:
        share = f"{words.number(clause.covered_at_least)} %"
        target = words.say("target.covered", target=target, share=share)
    told = changed(clause, words)
    if told is not None:
        target = words.say("scenario.asked", target=target, changes=told)
    return target


def without_plan(told: str, clause: ClauseResult, words: Wording) -> str:
    """Return what is told of a clause, and what it comes to without and with a plan's places."""
    both = _both(clause, words)
    return told if both is None else words.say("planned.beside", told=told, **both)


def named_future(result: Assessment | Score, words: Wording) -> str | None:
    """Return the name of what is judged instead of what stands: a scenario, or a plan as built."""
    plan = getattr(result, "sites", None)
    if plan is None:
        return result.scenario
    mine = next((c for c in _clauses(result) if (c.standard, c.id) == _own(plan)), None)
    name = plan.clause if mine is None else _clause_name(mine, words)
    return words.say("planned.name", clause=name, count=len(plan.places))


def _clause_name(clause: ClauseResult, words: Wording) -> str:
    """Return a clause's number; 参考 for a check that no document asks for.

    By the clause itself: where two results are compared, an id alone is no side's.
    """
    nameless = Flag.REFERENCE in clause.flags and not clause.quote
    return words.say("clause.reference") if nameless else clause.id


def changed(clause: ClauseResult, words: Wording) -> str | None:
    """Return what a scenario changed of a clause, each old → new; None where it did not."""
    return words.phrases(_term(one, clause, words) for one in clause.changes) or None


def quote_mark(clause: ClauseResult, words: Wording) -> str | None:
    """Return what stands beside the quote of a clause that a scenario changed, else None."""
    told = changed(clause, words)
    return None if told is None else words.say("scenario.quote", changes=told)


def cited_section(clause: ClauseResult, words: Wording) -> str:
    """Return the section behind a quote, and the mark of a scenario after it."""
    return words.phrases(filter(None, (clause.section, quote_mark(clause, words))))


def _scenario(result: Assessment | Score, words: Wording) -> str:
    lines = [
        words.say("scenario.clause", clause=clause.id, changes=told)
        for clause in _clauses(result)
        if (told := changed(clause, words)) is not None
    ]
    name = result.scenario or ""
    if not lines:
        return words.say("scenario.banner", name=name)
    code = "scenario.banner_more" if len(lines) > _LISTED else "scenario.banner_changes"
    return words.say(code, name=name, changes=words.phrases(lines[:_LISTED]), n=len(lines))


def _future(result: Assessment | Score, words: Wording) -> str:
    plan = getattr(result, "sites", None)
    if plan is None:
        return words.banner(_PLANNED)
    natures = Counter(place.nature for place in plan.places)
    places = words.list(f"{words.word('nature', key)} {n}" for key, n in natures.items())
    # the plan's own clause first: the others follow from it
    clauses = sorted(_clauses(result), key=lambda c: (c.standard, c.id) != _own(plan))
    lines = [
        words.say("planned.clause", clause=_clause_name(clause, words), **both)
        for clause in clauses
        if (both := _both(clause, words)) is not None
    ]
    told = {"name": named_future(result, words), "places": places or words.say("planned.none")}
    if not lines:
        return words.say("planned.banner", **told)
    code = "planned.banner_more" if len(lines) > _LISTED else "planned.banner_changes"
    return words.say(code, changes=words.phrases(lines[:_LISTED]), n=len(lines), **told)


def _own(plan: SitingPlan) -> tuple[str, str]:
    return plan.standard, plan.clause


def as_unbuilt(clause: ClauseResult) -> ClauseResult:
    """Return a clause as it comes out without the places of a plan; itself where that is the same.

    Of its rates only the official one is known.
    """
    without = clause.unbuilt
    if without is None:
        return clause
    return dataclasses.replace(
        clause,
        status=without.status,
        value=without.value,
        low=without.low,
        high=without.high,
        official=without.official,
        rates=() if without.official is None else (without.official,),
        flags=tuple(flag for flag in clause.flags if flag != Flag.PLANNED_PLACES),
        unbuilt=None,
    )


def _both(clause: ClauseResult, words: Wording) -> dict[str, str] | None:
    """Return what a clause comes to without and with the places of a plan; None: the same."""
    if clause.unbuilt is None:
        return None
    before = as_unbuilt(clause)
    told = [words.clause_value(side) for side in (before, clause)]
    if before.status != clause.status:
        states = [words.status_word(side.status, clause.flags) for side in (before, clause)]
        told = [f"{state} {value}" for state, value in zip(states, told, strict=True)]
    return None if told[0] == told[1] else {"before": told[0], "after": told[1]}


def _without_streets(banner: str, result: Assessment | Score, words: Wording) -> str:
    """Return that streets are missing and, of each clause on a walk, how many that leaves open.

    By the result: what lies inside an area, or too far in a straight line, is settled all the same.
    """
    walks = [c for c in _clauses(result) if c.measure == "walk" and c.quote]
    cost = [
        words.say("streets.clause_open", clause=c.id, count=left)
        for c in walks
        if (left := c.counts.get(Status.NOT_ASSESSED, 0))
    ]
    judged = (Status.COMPLIANT, Status.DEFICIENT)
    settled = [
        c.id
        for c in walks
        if not c.counts.get(Status.NOT_ASSESSED, 0) and any(c.counts.get(s, 0) for s in judged)
    ]
    if settled:
        cost.append(words.say("streets.clauses_settled", clauses=words.list(settled)))
    if not walks:
        cost.append(words.say("streets.no_clause"))
    return words.phrases((words.banner(banner), *cost))


def _doubted(result: Assessment | Score, words: Wording) -> str:
    """Return that positions look like another datum, with the layers where the result tells."""
    layers = (words.say(code, **told) for code, told in _suspected(result))
    return words.phrases((words.banner(_DOUBTED), *layers))


def _suspected(result: Assessment | Score) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in suspects(result.problems):
        told = {"target": one.layer, "datum": one.datum, "declared": one.declared}
        code = "datum.suspect" if one.instead_of is None else "datum.suspect_instead"
        yield code, {**told, "offset_m": one.offset_m}


def unwalked(assessment: Assessment) -> str | None:
    """Return the text of why no walk was computed; None where walks were."""
    return f"unwalked.{assessment.streets}" if assessment.streets in _NO_WALKS else None


def undiagnosed(assessment: Assessment) -> str | None:
    """Return the text of why gates and streets were not looked into; None where they were."""
    return None if assessment.streets == "used" else f"unwalked.{assessment.streets}"


def _clauses(result: Assessment | Score) -> Iterable[ClauseResult]:
    found = getattr(result, "clauses", None)
    if found is None:
        items = getattr(result, "items", ())
        found = (clause for item in items for part in item.parts for clause in part.clauses)
    return {(clause.standard, clause.id): clause for clause in found}.values()


def _term(one: ChangedTerm, clause: ClauseResult, words: Wording) -> str:
    outer, _, inner = one.term.partition(".")
    figures = {
        name: _value(value, outer, inner, clause, words)
        for name, value in (("before", one.before), ("after", one.after))
    }
    if outer == "value":
        return words.say("scenario.value", **figures)
    label = f"scenario.term.{outer}"
    name = words.say(label, name=inner) if words.knows(label) else one.term
    return words.say("scenario.term", term=name, **figures)


def _value(value: Any, outer: str, inner: str, clause: ClauseResult, words: Wording) -> str:
    """Return one side of a changed term; 无 where the document, or the scenario, has none."""
    if value is None:
        return words.say("scenario.none")
    if isinstance(value, int | float):
        return words.value(value, clause.unit) if outer == "value" else words.number(value)
    if outer == "kinds":
        return words.kinds(value)
    if outer == "readings":
        return words.reading(inner, value)
    vocabulary = {"comparison": "comparison", "official": "basis"}.get(outer)
    told = [words.word(vocabulary or inner, part) for part in listed(value)]
    return words.list(told) or str(value)
