"""A siting plan in words: what its files say beside the table of projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.status import Status
from lifecircle.outputs.project.choices import (
    NUMBERED,
    told_choice,
    told_closing,
    told_districts,
    told_variants,
)
from lifecircle.outputs.project.table import project_rows
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.outputs.project.table import ProjectRow

__all__ = ["PlanTold", "RateRow", "plan_told", "plan_words"]

_OPEN = ("land", "floor", "beds", "cost")
"""Columns with a figure that the candidate's row may not say."""
_REFERENCE = "REF-"
_WHOLE = frozenset({"county", "urban", "rural"})


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate of the plan's clause, without and with its places.

    ``whole``: of the county, its towns or its villages, and not of a unit.
    """

    whole: bool
    scope: str
    basis: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanTold:
    """What the files of a plan say.

    Parameters
    ----------
    arranged
        Place in use, area and m²: what is shared out before anything is built.
    notes
        What is to be settled or checked, and why.
    choices
        The next best choices, best first, in the columns of :func:`choice_columns`.
    gains
        How many places, what they are worth at best, what the last adds, whether that pays.
    variants
        Asked otherwise (more, fewer, slower): which places stay, which do not.
    districts
        Of service districts: unit, host and minutes there, the document's own host and minutes.
    closing
        Place in use, whom closing it would lose and their weight, for whom it would be open.
    """

    title: str
    banner: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[ProjectRow, ...]
    rates: tuple[RateRow, ...]
    arranged: tuple[tuple[str, str, float], ...]
    notes: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    gains: tuple[tuple[int, str, str, str], ...]
    variants: tuple[tuple[str, str, str], ...]
    closing: tuple[tuple[str, str, str, str], ...]
    districts: tuple[tuple[str, str, str, str, str], ...]
    attribution: tuple[str, ...]


def plan_words(plan: SitingPlan) -> Wording:
    """Return the words for a plan: its language, and its own names of areas and units."""
    origin = plan.origin
    named = {one.id: one.name for one in origin.areas}
    language = origin.language if origin.language in texts.LANGUAGES else texts.LANGUAGES[0]
    return Wording(language, "sites", Names({"residential": named, "units": dict(origin.units)}))


def plan_told(plan: SitingPlan) -> PlanTold:
    """Return what the files of a plan say, in its study's language."""
    words = plan_words(plan)
    rows = project_rows(plan, words)
    return PlanTold(
        title=words.say("title", study=plan.study),
        banner=words.say("banner"),
        facts=tuple(_facts(plan, words)),
        rows=rows,
        rates=tuple(_rates(plan, words)),
        arranged=tuple((one.name, one.area_name, one.m2) for one in plan.origin.arranged),
        notes=tuple(_notes(plan, rows, words)),
        choices=tuple(told_choice(plan, one, words) for one in plan.alternatives),
        gains=tuple(
            (
                point.sites,
                words.number(point.objective),
                words.number(point.gain),
                words.say("yes" if point.pays else "no"),
            )
            for point in plan.curve
        ),
        variants=tuple(told_variants(plan, words)),
        closing=tuple(told_closing(plan, words)),
        districts=tuple(told_districts(plan, words)),
        attribution=plan.origin.attribution,
    )


def _facts(plan: SitingPlan, words: Wording) -> Iterator[tuple[str, str]]:
    title = words.title(plan.origin.clause_title)
    clause = title if plan.clause.startswith(_REFERENCE) else f"{plan.clause} {title}"
    marks = words.list(words.word("flag", mark) for mark in plan.origin.marks)
    clause = words.say("marked", told=clause, marks=marks) if marks else clause
    document = words.title(plan.origin.standard_title, plan.standard)
    yield words.say("fact.study"), plan.study
    yield words.say("fact.date"), f"{plan.as_of.isoformat()} · {_view(plan, words)}"
    yield words.say("fact.clause"), clause
    yield words.say("fact.standard"), document
    yield words.say("fact.places"), words.say("places", n=len(plan.places))
    if plan.provision is not None:
        yield words.say("fact.m2"), words.value(plan.provision.m2, "m2")
    yield words.say("fact.proof"), _proof(plan, words)


def _view(plan: SitingPlan, words: Wording) -> str:
    return words.word("stage_view", plan.stage)


def _proof(plan: SitingPlan, words: Wording) -> str:
    """Return how the places were chosen, and whether anything could be better."""
    found = plan.answer if plan.answer is not None else plan.provision
    if found is None:
        return words.say("proof.none")
    model = "provision" if plan.answer is None else plan.answer.model
    chosen = words.say(f"model.{model}")
    gap = found.gap
    if found.proven:
        told = words.say("proof.proven")
    elif gap is None:
        told = words.say("proof.open")
    else:
        told = words.say("proof.gap", gap=words.percent(gap))
    return words.phrases((chosen, told))


def _rates(plan: SitingPlan, words: Wording) -> Iterator[RateRow]:
    after = {(rate.scope, rate.basis): rate for rate in plan.after}
    for rate in plan.before:
        yield RateRow(
            whole=rate.scope in _WHOLE,
            scope=_scope(rate, words),
            basis=words.word("basis", rate.basis),
            before=words.rate(rate),
            after=words.rate(after.get((rate.scope, rate.basis))),
        )


def _scope(rate: Rate, words: Wording) -> str:
    code = f"scope.{rate.scope}"
    return words.say(code) if words.knows(code) else words.name(rate.scope, "units")


def _notes(plan: SitingPlan, rows: tuple[ProjectRow, ...], words: Wording) -> Iterator[str]:
    if rows:
        yield words.say("note.open")
        yield from _open_figures(rows, words)
        yield words.say("note.office")
        numbered = (f"{place.sequence} = {place.candidate}" for place in plan.places)
        yield words.say("note.ids", numbers=words.list(numbered))
    yield from _to_check(plan, words)
    for code, status in (("left", Status.DEFICIENT), ("left_open", Status.NOT_ASSESSED)):
        left = [area for area, (_, after) in plan.statuses.items() if after == status]
        if left:
            names = words.list(words.name(area, "residential") for area in left)
            yield words.say(f"note.{code}", count=len(left), names=names)
    for note in plan.notes:
        params = {"count": len(note.ids), "names": words.list(note.ids)}
        yield texts.say("cli", f"site.note.{note.code}", words.language, **params)


def _open_figures(rows: tuple[ProjectRow, ...], words: Wording) -> Iterator[str]:
    """Yield which figures are to be settled, column by column."""
    for column in _OPEN:
        numbers = [str(row.number) for row in rows if row.figure(column) is None]
        if numbers:
            named = words.list(numbers[:NUMBERED]) + (" …" if len(numbers) > NUMBERED else "")
            yield words.say(f"note.{column}", numbers=named)


def _to_check(plan: SitingPlan, words: Wording) -> Iterator[str]:
    """Yield what may rule a place out, and whose households are not given."""
    for place in plan.places:
        if place.to_check:
            listed = words.list(words.word("to_check", one) for one in place.to_check)
            yield words.say("note.to_check", n=place.sequence, what=listed)
    unknown = [one.name for place in plan.places for one in place.serves if one.households is None]
    if unknown:
        yield words.say("note.households", names=words.list(dict.fromkeys(unknown)))
