"""An opinion in words: the rows that its Word file and its page both show."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.cell import number_or_none
from lifecircle.model.inputs.proposal import FACTS
from lifecircle.model.problem import Severity
from lifecircle.model.results.review import Verdict
from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.opinion.citing import aside, other_documents, quoted
from lifecircle.outputs.opinion.remarked import remark_notes
from lifecircle.outputs.opinion.verdicts import asked_m2, needed, remedy_of, short_of, why_so
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.problems import problem_text, problem_where
from lifecircle.outputs.words.quantities import beside, figure_beside
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.results.review import Review, ReviewedClause, SideEffect

__all__ = ["ClauseRow", "Conclusion", "EffectRow", "ManualRow", "Opinion", "opinion_of"]

_UNITS = {
    "land_area_m2": "m2",
    "total_floor_m2": "m2",
    "above_ground_m2": "m2",
    "dwelling_m2": "m2",
}
_ALWAYS = (
    "acceptance_no",
    "conditions_no",
    "developer",
    "location",
    "households_planned",
    "land_area_m2",
    "total_floor_m2",
)
"""Facts that the opinion has a cell for even where the file is silent."""
_MET = {"stages", "has_facility"}
_ASKED = {False: "line", True: "exempt", None: "perhaps"}
_TOLD_GROUPS = ("-community", "-village")
"""Reach groups of our own checks that an applicant is told of; no document asks for the others."""


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of the opinion, in words."""

    number: str
    id: str
    title: str
    plot: str
    quote: str
    required: str
    provided: str
    status: str
    status_key: str
    flags: tuple[str, ...]
    reason: str
    short: str
    remedy: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One neighbour, in words."""

    name: str
    clause: str
    before: str
    after: str
    change: str
    verdicts: str
    because: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class ManualRow:
    """One row for a person, in words."""

    item: str
    subject: str
    stated: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The verdict, every verdict there is with whether it is this one, and what leads to it."""

    verdict: str
    key: str
    choices: tuple[tuple[str, bool], ...]
    why: str
    changes: tuple[str, ...]
    also: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What both show: title, facts, rows, conclusion."""

    title: str
    name: str
    language: str
    banners: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    wide: tuple[tuple[str, tuple[str, ...]], ...]
    clauses: tuple[ClauseRow, ...]
    references: tuple[ClauseRow, ...]
    effects: tuple[EffectRow, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    manual: tuple[ManualRow, ...]
    supplements: tuple[str, ...]
    conclusion: Conclusion
    problems: tuple[tuple[str, str, str], ...]


def opinion_of(review: Review, language: str | None = None) -> Opinion:
    """Return a review as its opinion says it, in the review's language unless told otherwise."""
    words = Wording(language or review.language, "review", Names(review.names))
    asked = [c for c in review.clauses if Flag.REFERENCE not in c.flags]
    other = [c for c in review.clauses if Flag.REFERENCE in c.flags and _worth_telling(c)]
    return Opinion(
        title=words.say("title"),
        name=review.proposal.name,
        language=words.language,
        banners=tuple(map(words.banner, review.banners)),
        facts=_facts(review, words),
        wide=_wide(review, words),
        clauses=tuple(_clause(c, str(i), review, words) for i, c in enumerate(asked, start=1)),
        references=tuple(_clause(c, "", review, words) for c in other),
        effects=tuple(_effect(e, words) for e in review.side_effects),
        conditions=_conditions(review, words),
        notes=_notes(review, words),
        manual=_manual(review, words),
        supplements=tuple(
            words.say("supplement", layer=s.layer, name=f"“{s.name}”", field=s.field)
            for s in review.supplements
        ),
        conclusion=_conclusion(review, asked, words),
        problems=tuple(
            (problem_where(p, words.language), what, remedy)
            for p in review.proposal.problems
            if p.severity is not Severity.INFO
            for what, _, remedy in [problem_text(p, words.language)]
        ),
    )


def _conclusion(review: Review, asked: list[ReviewedClause], words: Wording) -> Conclusion:
    """Return the verdict, why it is so, and what would have to change."""
    missed = [c for c in asked if c.status == Status.DEFICIENT and c.decides]
    blocking = [e for e in review.side_effects if e.blocking]
    count = len({(c.id, c.plot) for c in missed}) + len(blocking)
    cures = [remedy_of(c, words) for c in needed(missed)]
    cures += [words.reason(e.remedy) for e in blocking]
    waits = bool(review.supplements) and review.verdict in {Verdict.AMEND, Verdict.REFUSE}
    return Conclusion(
        verdict=words.word("verdict", review.verdict),
        key=str(review.verdict),
        choices=tuple((words.word("verdict", v), v is review.verdict) for v in Verdict),
        why=why_so(review, count, words),
        changes=tuple(dict.fromkeys(filter(None, cures))),
        also=words.say("verdict.also_supply") if waits else "",
    )


def _conditions(review: Review, words: Wording) -> tuple[str, ...]:
    """Return what is to be written into the land contract, each with its clause."""
    return tuple(aside(words.say(c.code, **c.params), c.clause, words) for c in review.conditions)


def _notes(review: Review, words: Wording) -> tuple[str, ...]:
    """Return what it rests on that no document says, nor a clause's number; remarks not read."""
    remarks = tuple(remark_notes(review, words))
    if review.tolerance_days is None or not review.conditions:
        return remarks
    return (words.say("note.tolerance", days=review.tolerance_days), *remarks)


def _worth_telling(c: ReviewedClause) -> bool:
    """Return whether a reference is shown: the document's own, and reach of the main groups."""
    return not is_own_check(c.id) or c.id.endswith(_TOLD_GROUPS)


def _manual(review: Review, words: Wording) -> tuple[ManualRow, ...]:
    """Return what a person has to check."""
    return tuple(
        ManualRow(
            words.say(f"check.{m.code}"),
            words.name(m.subject, "facilities"),
            m.stated or words.say("blank"),
        )
        for m in review.manual_checks
    )


def _facts(review: Review, words: Wording) -> tuple[tuple[str, str], ...]:
    """Return the short facts of the project, label and text."""
    p = review.proposal
    none = words.say("fact.none")
    rows = [("number", p.number or none)]
    for name in FACTS:
        value = p.facts.get(name)
        if value is None and name == "households_planned":
            value = review.households
        if value is None and name not in _ALWAYS:
            continue
        if isinstance(value, float):
            value = _figure(name, value, words)
        rows.append((name, none if value is None else str(value)))
    rows.append(("as_of", review.as_of.isoformat()))
    return tuple((words.say(f"fact.{name}"), value) for name, value in rows)


def _figure(name: str, value: float, words: Wording) -> str:
    if name in _UNITS:
        return words.value(value, _UNITS[name])
    said = texts.number(value)
    counted = name in {"households_planned", "population"}
    return words.say(f"value.{name}", value=said) if counted else said


def _wide(review: Review, words: Wording) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the facts that take a line each: document, plots, facilities, what is taken away."""
    p = review.proposal
    title = words.title(review.standard_title)
    named, number = f"《{title}》" if words.language == "zh" else title, review.standard_number
    plots = tuple(
        words.say("plot.line", name=str(row["name"]), households=float(row["households_planned"]))
        for _, row in p.plots.frame.iterrows()
    )
    phases = {phase.id: phase for c in review.clauses for phase in c.phases}
    plots += tuple(
        words.say(
            f"plot.phase_{_ASKED[phase.exempt]}",
            name=words.name(phase.id, "residential"),
            households=phase.households,
        )
        for phase in phases.values()
    )
    planned = tuple(_facility(row, words) for _, row in p.facilities.frame.iterrows())
    rows = [
        (
            "standard",
            (aside(named, number, words), *other_documents(review, words)),
        ),
        ("plots", plots),
        ("planned", planned or (words.say("facility.none"),)),
    ]
    rows += [
        (name, tuple(words.name(i, layer) for i in ids))
        for name, layer, ids in (
            ("removes", "facilities", p.removes),
            ("replaces", "residential", p.replaces),
        )
        if ids
    ]
    return tuple((words.say(f"fact.{name}"), lines) for name, lines in rows)


def _facility(row: Any, words: Wording) -> str:
    kinds = words.list(words.kind(k) for k in sorted(row["kinds"] or ()))
    m2 = number_or_none(row["community_area_m2"])
    m2 = number_or_none(row["floor_area_m2"]) if m2 is None else m2
    size = words.say("facility.no_m2") if m2 is None else words.say("facility.m2", m2=m2)
    floor = words.say("facility.no_floor")
    return words.say(
        "facility.line",
        name=str(row["name"]),
        kinds=kinds or words.say("facility.no_kind"),
        m2=size,
        site=words.say("facility.site", site=row["site"].removeprefix("new:"))
        if row["site"]
        else "",
        floor=words.say("facility.floor", floor=row["floor"]) if row["floor"] else floor,
    )


def _clause(c: ReviewedClause, number: str, review: Review, words: Wording) -> ClauseRow:
    several = len(review.proposal.plots) > 1
    lines = [words.say("plot.of", plot=_named(c.plots, words))] if several else []
    if c.phases and c.measure in {"provision", "single_minimum"}:
        lines.append(words.say("plot.phases", phases=_named([p.id for p in c.phases], words)))
    reference = Flag.REFERENCE in c.flags
    short = "" if c.measure in _MET or reference else short_of(c, words)
    return ClauseRow(
        number=number,
        id="" if is_own_check(c.id) else c.id,
        title=words.title(c.title),
        plot="\n".join(lines),
        quote=quoted(c, words),
        required=_required(c, words),
        provided=_provided(c, words),
        status=_within(c, words) if reference else words.word("status", c.status),
        status_key=str(c.status),
        flags=tuple(words.word("flag", f) for f in c.flags if f != Flag.REFERENCE),
        reason=words.reason(c.reason),
        short=short,
        remedy=remedy_of(c, words),
    )


def _named(areas: Iterable[str], words: Wording) -> str:
    return words.list(words.name(area, "residential") for area in areas)


def _within(c: ReviewedClause, words: Wording) -> str:
    """Return the word for a reference: within or beyond what the document names, never a verdict.

    A check of ours has no limit that anybody asks for: its figure is for information.
    """
    if is_own_check(c.id) and c.status in {Status.COMPLIANT, Status.DEFICIENT}:
        return words.say("reference.told")
    if c.status == Status.COMPLIANT:
        return words.say("reference.within")
    if c.status == Status.DEFICIENT:
        return words.say("reference.beyond")
    return words.word("status", c.status)


def _required(c: ReviewedClause, words: Wording) -> str:
    if is_own_check(c.id):
        return words.say("not_asked")
    target = words.target(c.comparison, c.target, c.target_unit)
    if c.measure in _MET or c.target is None:
        return words.say("met")
    if c.measure == "provision":
        asked = asked_m2(c, words)
        lines = [words.say(step.code, **step.params) for step in c.working]
        return asked if c.required is None else "\n".join([asked, *(lines or [target])])
    return target


def _provided(c: ReviewedClause, words: Wording) -> str:
    if c.measure in _MET:
        code = {Status.COMPLIANT: "met", Status.DEFICIENT: "unmet"}.get(c.status, "blank")
        return words.say(code)
    asked = c.required
    if asked is None and c.target_unit == c.unit:
        asked = c.target
    if c.uncounted_m2 and c.least_m2 is not None:
        return _uncounted(c, c.least_m2, words)
    if c.provided is not None:
        return beside(c.provided, asked, c.unit, words)
    if c.low is not None and c.high is not None:
        low, high = figure_beside(c.low, asked, c.unit, words), beside(c.high, asked, c.unit, words)
        return words.say("range", low=low, high=high)
    if c.low is not None and c.low > 0:
        return words.say("from", low=words.value(c.low, c.unit))
    return words.say("blank")


def _uncounted(c: ReviewedClause, least: float, words: Wording) -> str:
    """Return the m² on the drawing, with those that earn no credit: nothing drawn reads as 0."""
    small = fsum(c.uncounted_m2)
    params = {"m2": small, "least": least, "count": len(c.uncounted_m2)}
    counted = c.low or 0.0  # ``provided`` is what is drawn
    if counted:
        return words.say("uncounted.besides", provided=words.value(counted, c.unit), **params)
    return words.say("uncounted.one" if len(c.uncounted_m2) == 1 else "uncounted.several", **params)


def _effect(e: SideEffect, words: Wording) -> EffectRow:
    named = words.list(words.name(f, "facilities") for f in e.facilities)
    gain = e.change_m2 > 0
    parts = (
        [words.say("effects.gained" if gain else "effects.lost", facilities=named)] if named else []
    )
    if e.remedy is not None:
        parts.append(words.reason(e.remedy))
    was, now = (words.word("status", s) for s in (e.status_before, e.status_after))
    sign = "+" if gain else "−" if e.change_m2 < 0 else ""
    of_m2 = e.required is not None or e.before_m2 > 0 or e.after_m2 > 0
    figures = ((e.before_m2, e.after_m2), (e.after_m2, e.before_m2), (abs(e.change_m2), 0.0))
    before, after, change = (_m2(m2 if of_m2 else None, words, other) for m2, other in figures)
    return EffectRow(
        name=e.name,
        clause=e.clause,
        before=before,
        after=after,
        change=f"{sign}{change}",
        verdicts=was if was == now else words.say("effects.kept", before=was, after=now),
        because=words.phrases(parts),
        blocking=e.blocking,
    )


def _m2(value: float | None, words: Wording, other: float | None) -> str:
    return words.say("blank") if value is None else beside(value, other, "m2", words)
