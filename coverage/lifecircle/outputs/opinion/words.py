"""An opinion sheet in words: the rows that its Word file and its page both show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.inputs.proposal import FACTS
from lifecircle.model.problem import Severity
from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.wording import Wording, number_or_none

if TYPE_CHECKING:
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.review import Review, ReviewedClause, SideEffect

__all__ = ["ClauseRow", "EffectRow", "ManualRow", "Opinion", "opinion"]

_UNITS = {
    "land_area_m2": "m2",
    "total_floor_m2": "m2",
    "above_ground_m2": "m2",
    "dwelling_m2": "m2",
}
_ALWAYS = ("developer", "location", "households_planned", "land_area_m2", "total_floor_m2")
"""Facts that the sheet has a cell for even where the file is silent."""
_MET = {"stages", "has_facility"}


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of the sheet, in words."""

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
class Opinion:
    """The sheet: title, facts, rows, conclusion."""

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
    manual: tuple[ManualRow, ...]
    supplements: tuple[str, ...]
    verdict: str
    verdict_key: str
    verdicts: tuple[tuple[str, bool], ...]
    why: str
    changes: tuple[str, ...]
    also: str
    problems: tuple[tuple[str, str, str], ...]


class _Words:
    def __init__(self, review: Review) -> None:
        self.r = review
        self.language = review.language
        self.w = Wording(review.language, review.names)

    def t(self, code: str, **params: Any) -> str:
        """Return a text of the domain ``review``."""
        return texts.say("review", code, self.language, **params)

    def m2(self, value: float | None) -> str:
        return self.t("blank") if value is None else self.w.value(value, "m2")


def opinion(review: Review) -> Opinion:
    """Return a review as the sheet says it, in the review's language."""
    words = _Words(review)
    asked = [c for c in review.clauses if Flag.REFERENCE not in c.flags]
    other = [c for c in review.clauses if Flag.REFERENCE in c.flags]
    missed = [c for c in asked if c.status == Status.DEFICIENT]
    blocking = [e for e in review.side_effects if e.blocking]
    count = len({(c.id, c.plot) for c in missed}) + len(blocking)
    remedies = [*(c.remedy for c in missed), *(e.remedy for e in blocking)]
    cures = [words.w.reason(remedy) for remedy in remedies if remedy is not None]
    waits = bool(review.supplements) and review.verdict in {Verdict.AMEND, Verdict.REFUSE}
    return Opinion(
        title=words.t("title"),
        name=review.proposal.name,
        language=review.language,
        banners=tuple(words.w.banner(b) for b in review.banners),
        facts=_facts(words),
        wide=_wide(words),
        clauses=tuple(_clause(c, str(i), words) for i, c in enumerate(asked, start=1)),
        references=tuple(_clause(c, "", words) for c in other),
        effects=tuple(_effect(e, words) for e in review.side_effects),
        conditions=tuple(
            words.t(c.code, **c.params) + (f"（{c.clause}）" if c.clause else "")
            for c in review.conditions
        ),
        manual=tuple(
            ManualRow(
                words.t(f"check.{m.code}"),
                words.w.name(m.subject, "facilities"),
                m.stated or words.t("blank"),
            )
            for m in review.manual_checks
        ),
        supplements=tuple(
            words.t(
                "supplement",
                layer=s.layer,
                name=f"“{s.name}”",
                field=s.field,
            )
            for s in review.supplements
        ),
        verdict=texts.word("verdict", review.verdict, review.language),
        verdict_key=str(review.verdict),
        verdicts=tuple(
            (texts.word("verdict", v, review.language), v is review.verdict) for v in Verdict
        ),
        why=words.t(f"verdict.why.{review.verdict}", missed=count),
        changes=tuple(dict.fromkeys(cures)),
        also=words.t("verdict.also_supply") if waits else "",
        problems=tuple(
            _problem(p, words) for p in review.proposal.problems if p.severity is not Severity.INFO
        ),
    )


def _problem(problem: Problem, words: _Words) -> tuple[str, str, str]:
    what, _, remedy = words.w.problem(problem)
    return words.w.place(problem), what, remedy


def _facts(words: _Words) -> tuple[tuple[str, str], ...]:
    """Return the short facts of the project, label and text."""
    p = words.r.proposal
    none = words.t("fact.none")
    rows = [("number", p.number or none)]
    for name in FACTS:
        value = p.facts.get(name)
        if value is None and name == "households_planned":
            value = float(p.plots.frame["households_planned"].sum())
        if value is None and name not in _ALWAYS:
            continue
        if isinstance(value, float):
            value = _figure(name, value, words)
        rows.append((name, none if value is None else str(value)))
    rows.append(("as_of", words.r.as_of.isoformat()))
    return tuple((words.t(f"fact.{name}"), value) for name, value in rows)


def _figure(name: str, value: float, words: _Words) -> str:
    if name in _UNITS:
        return words.w.value(value, _UNITS[name])
    said = texts.number(value)
    counted = name in {"households_planned", "population"}
    return words.t(f"value.{name}", value=said) if counted else said


def _wide(words: _Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the facts that take a line each: document, plots, facilities, what is taken away."""
    r, p = words.r, words.r.proposal
    title = words.w.title(r.standard_title)
    named = f"《{title}》" if words.language == "zh" else title
    plots = tuple(
        words.t("plot.line", name=str(row["name"]), households=float(row["households_planned"]))
        for _, row in p.plots.frame.iterrows()
    )
    planned = tuple(_facility(row, words) for _, row in p.facilities.frame.iterrows())
    rows = [
        ("standard", (f"{named}（{r.standard_number}）" if r.standard_number else named,)),
        ("plots", plots),
        ("planned", planned or (words.t("facility.none"),)),
    ]
    rows += [
        (name, tuple(words.w.name(i, layer) for i in ids))
        for name, layer, ids in (
            ("removes", "facilities", p.removes),
            ("replaces", "residential", p.replaces),
        )
        if ids
    ]
    return tuple((words.t(f"fact.{name}"), lines) for name, lines in rows)


def _facility(row: Any, words: _Words) -> str:
    kinds = words.w.list(words.w.kind(k) for k in sorted(row["kinds"] or ()))
    m2 = number_or_none(row["community_area_m2"])
    m2 = number_or_none(row["floor_area_m2"]) if m2 is None else m2
    size = words.t("facility.no_m2") if m2 is None else words.t("facility.m2", m2=m2)
    floor = words.t("facility.no_floor")
    return words.t(
        "facility.line",
        name=str(row["name"]),
        kinds=kinds or words.t("facility.no_kind"),
        m2=size,
        site=words.t("facility.site", site=row["site"]) if row["site"] else "",
        floor=words.t("facility.floor", floor=row["floor"]) if row["floor"] else floor,
    )


def _clause(c: ReviewedClause, number: str, words: _Words) -> ClauseRow:
    several = len(words.r.proposal.plots) > 1
    plot = (
        words.t("plot.of", plot=words.w.list(words.w.name(p, "residential") for p in c.plots))
        if several
        else ""
    )
    quote = words.t("quote", quote=c.quote, section=c.section) if c.quote else words.t("no_quote")
    reference = Flag.REFERENCE in c.flags
    short = ""
    if c.deficit is not None and c.measure not in _MET and not reference:
        short = words.t("short", value=words.w.value(c.deficit, c.unit))
    return ClauseRow(
        number=number,
        id="" if c.id.startswith("REF-") else c.id,
        title=words.w.title(c.title),
        plot=plot,
        quote=quote,
        required=_required(c, words),
        provided=_provided(c, words),
        status=_within(c, words) if reference else words.w.word("status", c.status),
        status_key=str(c.status),
        flags=tuple(words.w.word("flag", f) for f in c.flags if f != Flag.REFERENCE),
        reason=words.w.reason(c.reason),
        short=short,
        remedy=words.w.reason(c.remedy) if c.remedy is not None else "",
    )


def _within(c: ReviewedClause, words: _Words) -> str:
    """Return the word for a reference check: within or beyond, never a verdict."""
    if c.status == Status.COMPLIANT:
        return words.t("reference.within")
    if c.status == Status.DEFICIENT:
        return words.t("reference.beyond")
    return words.w.word("status", c.status)


def _required(c: ReviewedClause, words: _Words) -> str:
    target = words.w.target(c.comparison, c.target, c.target_unit)
    if c.measure in _MET or c.target is None:
        return words.t("met")
    if c.measure == "provision":
        asked = words.m2(c.required)
        lines = [words.t(step.code, **step.params) for step in c.working]
        return asked if c.required is None else "\n".join([asked, *(lines or [target])])
    return target


def _provided(c: ReviewedClause, words: _Words) -> str:
    if c.measure in _MET:
        code = {Status.COMPLIANT: "met", Status.DEFICIENT: "unmet"}.get(c.status, "blank")
        return words.t(code)
    if c.provided is not None:
        return words.w.value(c.provided, c.unit)
    if c.low is not None and c.high is not None:
        low, high = words.w.number(c.low, c.unit), words.w.value(c.high, c.unit)
        return words.t("range", low=low, high=high)
    if c.low is not None and c.low > 0:
        return words.t("from", low=words.w.value(c.low, c.unit))
    return words.t("blank")


def _effect(e: SideEffect, words: _Words) -> EffectRow:
    named = words.w.list(words.w.name(f, "facilities") for f in e.facilities)
    gain = e.change_m2 > 0
    parts = (
        [words.t("effects.gained" if gain else "effects.lost", facilities=named)] if named else []
    )
    if e.remedy is not None:
        parts.append(words.w.reason(e.remedy))
    was, now = (words.w.word("status", s) for s in (e.status_before, e.status_after))
    sign = "+" if gain else "−" if e.change_m2 < 0 else ""
    return EffectRow(
        name=e.name,
        clause=e.clause,
        before=words.m2(e.before_m2),
        after=words.m2(e.after_m2),
        change=f"{sign}{words.m2(abs(e.change_m2))}",
        verdicts=was if was == now else words.t("effects.kept", before=was, after=now),
        because=("；" if words.language == "zh" else "; ").join(parts),
        blocking=e.blocking,
    )
