"""The one page in words: chosen, ordered and cut to fit, nothing computed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lifecircle.model.cell import number_or_none
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason
from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import MAP_FILLS, NO_VERDICT_FILL
from lifecircle.outputs.report.brief.situation import Situation, draw_situation, verdict_look
from lifecircle.outputs.report.brief.suppliers import suppliers
from lifecircle.outputs.words.banners import banner_lines, demanded, without_plan
from lifecircle.outputs.words.figures import either_way
from lifecircle.outputs.words.quantities import parts_beside
from lifecircle.outputs.words.showing import (
    documents_of,
    gaps_in_words,
    headline,
    marked,
)
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.counted.brief import Shortfall
    from lifecircle.outputs.report.brief.suppliers import Supplied

__all__ = [
    "Fails",
    "Missing",
    "OnePage",
    "Worst",
    "cut",
    "failing",
    "gap_of",
    "needed_lines",
    "one_page",
    "stock_counts",
    "verdict_lines",
]

_FAILS, _MISSING, _BANNERS = 6, 6, 3
"""Most rows that fit on the page."""
_STUDY, _NAME, _UNIT, _REMEDY, _TITLE, _SUPPLIER, _BANNER = 28, 20, 7, 42, 18, 32, 56
_DOCUMENTS, _REQUIRED, _MARKED, _RESULT, _GAP, _VERDICT = 40, 24, 42, 20, 30, 110
"""Room for a text on it, in Chinese characters."""
_PHRASE_END = re.compile(r"[，；。：]|[,;:.](?=\s)")
_UNPARTED = re.compile(r"[\d≥≤][\d.,]*\s?(?:m²|[A-Za-z]+|[㎡%米分])?|[A-Za-z][\w'-]*")
"""A figure with its unit, a word."""
_WIDE, _LETTER = 0x2E7F, 0.6
"""From which code point on a character is as wide as it is tall; the width of others."""
_COUNTED = (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED, Status.EXEMPT)


@dataclass(frozen=True, slots=True)
class Fails:
    """A clause that is missed."""

    clause: str
    required: str
    result: str
    subjects: str
    gap: str


@dataclass(frozen=True, slots=True)
class Worst:
    """One of the areas that are shortest, at most five; figures as written."""

    number: int
    name: str
    unit: str
    households: str
    required: str
    provided: str
    deficit: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not known: who supplies it, and how many it leaves open."""

    supplier: str
    subjects: str


@dataclass(frozen=True, slots=True)
class OnePage:
    """The page, ready to be set.

    Attributes
    ----------
    verdict
        Sentences under the title.
    more
        Names of the tables (``fails``, ``missing``) that are cut.
    needed
        Sentences.
    none
        End of the code of what is said where a table is empty.
    legend
        Colour and word of each value on the map.
    notes
        Beside the map.
    """

    title: str
    study: str
    lead: str
    banners: tuple[str, ...]
    status: str
    verdict: tuple[str, ...]
    fails: tuple[Fails, ...]
    worst: tuple[Worst, ...]
    missing: tuple[Missing, ...]
    more: frozenset[str]
    needed: tuple[str, ...]
    none: str
    situation: Situation | None
    legend: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


_TOLD: WeakKeyDictionary[Assessment, OnePage] = WeakKeyDictionary()
"""Its map stands in three files, and is drawn once."""


def one_page(assessment: Assessment) -> OnePage:
    """Return the one page of an Assessment."""
    if assessment not in _TOLD:
        _TOLD[assessment] = _one_page(assessment)
    return _TOLD[assessment]


def _one_page(assessment: Assessment) -> OnePage:
    words = Wording.of(assessment, "brief")
    brief, asked = assessment.brief, suppliers(assessment, words)
    top = headline(assessment)
    situation = draw_situation(assessment, verdict_look(), brief.worst)
    banners = banner_lines(assessment, words)
    return OnePage(
        title=words.say("page.title"),
        study=cut(assessment.study, _STUDY),
        lead=words.say(
            "page.lead",
            documents=cut(words.list(documents_of(assessment, words)), _DOCUMENTS),
            day=assessment.as_of.isoformat(),
            view=words.word("stage_view", assessment.stage),
        ),
        banners=tuple(cut(banner, _BANNER) for banner in banners[:_BANNERS]),
        status=str(Status.REPORTED if top is None else top.status),
        verdict=tuple(cut(line, _VERDICT) for line in verdict_lines(top, words)),
        fails=tuple(_fails(one, assessment, words) for one in brief.shortfalls[:_FAILS]),
        worst=_worst(assessment, words),
        missing=tuple(_missing(one, words) for one in asked[:_MISSING]),
        more=frozenset(
            name
            for name, found, most in (
                ("fails", brief.shortfalls, _FAILS),
                ("missing", asked, _MISSING),
            )
            if len(found) > most
        ),
        needed=needed_lines(assessment, words),
        none=_none(assessment),
        situation=situation,
        legend=() if situation is None else _legend(situation, words),
        notes=_notes(assessment, situation, words),
    )


def cut(text: str, most: int) -> str:
    """Return a text no wider than ``most`` Chinese characters; a longer one ends with an ellipsis.

    A letter or digit takes three fifths of the room. A longer text ends with a whole phrase, where
    one ends in the second half of the room, and never within a figure and its unit or a word.
    """
    room = float(most)
    for at, character in enumerate(text):
        room -= 1.0 if ord(character) > _WIDE else _LETTER
        if room < 0:
            return f"{_whole(text, max(at - 1, 0))}…"
    return text


def _whole(text: str, end: int) -> str:
    """Return the beginning of a text up to ``end``, or to the last whole phrase before."""
    phrase, depth = 0, 0
    for at, character in enumerate(text[:end]):
        if depth == 0 and (character in "（(" or _PHRASE_END.match(text, at)):
            phrase = at  # before a bracket too: one that is opened would stay open
        depth = max(depth + (character in "（(") - (character in "）)"), 0)
        if depth == 0 and character in "）)":
            phrase = at + 1
    if 2 * phrase >= end:
        return text[:phrase].rstrip()
    for one in _UNPARTED.finditer(text):
        if one.start() < end < one.end() and 2 * one.start() >= end:
            return text[: one.start()].rstrip()
    return text[:end]


def stock_counts(clause: ClauseResult, words: Wording) -> str:
    """Return how many areas came to what: 达标 42 个、不达标 20 个、待核实 8 个; places: 处."""
    code = "verdict.places" if clause.counts_in == "facilities" else "verdict.count"
    found = ((status, clause.counts.get(status, 0)) for status in _COUNTED)
    return words.list(words.say(code, status=words.word("status", s), n=n) for s, n in found if n)


def verdict_lines(top: ClauseResult | None, words: Wording) -> tuple[str, ...]:
    """Return the conclusion: the headline clause with its rate, and the areas by status."""
    if top is None:
        return (words.say("verdict.none"),)
    told = [
        words.say(
            "verdict.rate",
            title=words.title(top.title, top.id),
            value=without_plan(
                words.rate(top.official) if top.official else words.clause_value(top), top, words
            ),
            target=demanded(top, words),
            status=marked(words.word("status", top.status), top, words),
        )
    ]
    counts = stock_counts(top, words)
    if top.subject == "residential" and counts:
        told.append(words.say("verdict.counts", counts=counts))
    return tuple(told)


def _fails(one: Shortfall, assessment: Assessment, words: Wording) -> Fails:
    clause = assessment.clause(one.clause, one.standard)
    asked = cut(demanded(clause, words), _REQUIRED)
    return Fails(
        clause=f"{clause.id} {cut(words.title(clause.title), _TITLE)}".strip(),
        required=cut(marked(asked, clause, words, of="demand"), _MARKED),
        result=marked(_result(one, clause, words), clause, words, of="result"),
        subjects=failing(one, clause, words),
        gap=cut(gap_of(one, words), _GAP),
    )


def _result(one: Shortfall, clause: ClauseResult, words: Wording) -> str:
    """Return the result in a cell's room: where it has none for all, the share and its range."""
    rate = clause.official if one.subjects else None
    whole = words.clause_value(clause) if one.subjects else result_by_counting(clause, words)
    if cut(whole, _RESULT) == whole or rate is None or rate.told is None:
        return cut(whole, _RESULT)
    if rate.low is None or rate.high is None or either_way(rate):
        return words.share(rate)
    ends = words.range(rate.low, rate.high)
    return words.say("result.range", share=words.share(rate), range=ends)


def failing(one: Shortfall, clause: ClauseResult, words: Wording) -> str:
    """Return how many miss a clause.

    Where none does for certain, and the clause is missed because the unknowns cannot all turn out
    well, at least how many will: "0 of them" would be no reason to miss it.
    """
    if one.least is None:
        return words.say(f"subjects.{clause.counts_in}", n=one.subjects)
    some = words.say("subjects.least", n=one.least)
    return words.say("subjects.some", subjects=words.say(f"subjects.{clause.counts_in}", n=some))


def result_by_counting(clause: ClauseResult, words: Wording) -> str:
    """Return the range of a clause that is missed by counting: its 1/1 = 100 % says nothing."""
    rate = clause.official
    if rate is None or rate.low is None or rate.high is None:
        return words.clause_value(clause)
    return words.range(rate.low, rate.high)


def gap_of(one: Shortfall, words: Wording) -> str:
    """Return by how much a clause is missed (at least); – where there is no figure."""
    if one.largest is None:
        return "–"
    largest = words.value(one.largest, one.unit)
    if one.total is None and one.unit == "%":  # 62.5 % of 65 % is no 2.5 % short
        return words.say("gap.points", points=largest.removesuffix(" %"))
    if one.total is None:
        return words.say("gap.over" if one.unit in {"m", "min"} else "gap.lacks", largest=largest)
    total = words.value(one.total, one.unit)
    code = "gap.total" if one.subjects > 1 else "gap.single"
    return words.say(f"{code}_least" if one.at_least else code, total=total, largest=largest)


def _worst(assessment: Assessment, words: Wording) -> tuple[Worst, ...]:
    rows = assessment.layers["residential"]
    lacks = gaps_in_words(assessment, words)
    found = []
    for number, area in enumerate(assessment.brief.worst, start=1):
        row = rows.loc[area]
        has, plus = [row["own_m2"]], "＋" if words.language == "zh" else " + "
        if meets(number_or_none(row["recorded_m2"]) or 0.0, ">", 0.0):
            has.append(row["recorded_m2"])
        provided = plus.join(parts_beside(has, row["required_m2"], "", words))
        if isinstance(row["reason"], Reason) and "below_m2" in row["reason"].params:
            # or 200 asked, 0 there and 40 short would look like a slip
            small = words.number(row["reason"].params["below_m2"])
            provided = words.say("provided.small", provided=provided, small=small)
        remedy = words.remedy(row["remedy"]) or words.reason(row["reason"])
        found.append(
            Worst(
                number=number,
                name=cut(words.name(area, "residential"), _NAME),
                unit=cut(words.name(row["unit"], "units"), _UNIT),
                households=words.number(row["households"]),
                required=lacks(area, row["required_m2"], lacking=False, beside=sum(has)),
                provided=provided,
                deficit=lacks(area, row["deficit_m2"], lacking=True),
                remedy=cut(remedy, _REMEDY),
            )
        )
    return tuple(found)


def _missing(one: Supplied, words: Wording) -> Missing:
    return Missing(
        supplier=cut(one.supplier, _SUPPLIER),
        subjects=words.say(f"subjects.{one.layer}", n=one.subjects),
    )


def _none(assessment: Assessment) -> str:
    """Return how it is said that nothing falls short: at all, for certain, by the first alone."""
    if assessment.brief.shortfalls and len(assessment.standards) > 1:
        return "none_first"
    return "none_certain" if assessment.brief.missing else "none"


def needed_lines(assessment: Assessment, words: Wording) -> tuple[str, ...]:
    """Return what it takes: short, arranged, to be built; what a plan builds first."""
    brief, told = assessment.brief, []
    needed, planned = brief.needed, brief.planned
    if planned is not None and planned.m2 is not None:
        figures = {"places": planned.places, "m2": planned.m2, "gains": planned.gains}
        told.append(words.say("needed.planned", **figures))
    elif planned is not None:
        told.append(words.say("needed.planned_reach", places=planned.places, gains=planned.gains))
    if not needed.areas:
        none = _none(assessment)
        none = "none_open" if needed.undecided and none != "none_first" else none
        return (*told, words.say(f"needed.{none}", open=needed.undecided))
    least, code = "_least" if needed.at_least else "", "open" if needed.undecided else "all"
    figures = {"areas": needed.areas, "m2": needed.m2, "open": needed.undecided}
    told.append(words.say(f"needed.short{least}_{code}", **figures))
    if meets(needed.arranged_m2, ">", 0.0):
        figures = {"areas": needed.arranged_areas, "m2": needed.arranged_m2}
        told.append(words.say(f"needed.arranged{least}", **figures))
    else:
        told.append(words.say("needed.not_arranged" + ("_open" if needed.undecided else "")))
    if needed.build_areas:
        told.append(
            words.say(
                f"needed.build{least}",
                areas=needed.build_areas,
                m2=needed.build_m2,
                places_m2=needed.places_m2,
            )
        )
    return tuple(told)


def _legend(situation: Situation, words: Wording) -> tuple[tuple[str, str], ...]:
    return tuple(
        (MAP_FILLS[Status(value)], words.word("status", value))
        if value
        else (NO_VERDICT_FILL, words.say("no_verdict"))
        for value in reversed(situation.shown)
    )


def _notes(assessment: Assessment, situation: Situation | None, words: Wording) -> tuple[str, ...]:
    """Return what the map shows; of streets only where there are any."""
    if situation is None:
        return (words.say("map.none"),)
    shown = "worst" if assessment.brief.worst else "plain"
    streets = assessment.layers.get("streets")
    bare = "_bare" if streets is None or not len(streets) else ""
    notes = [words.say(f"map.{shown}{bare}")]
    if situation.unplaced:
        notes.append(words.say("map.unplaced", n=situation.unplaced))
    return tuple(notes)
