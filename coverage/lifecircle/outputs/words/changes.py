"""What changed between two results, in words: both sides of a figure, directions, subjects."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.cell import number_or_none
from lifecircle.model.finding import meets
from lifecircle.model.results.comparison import Direction
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.banners import named_future
from lifecircle.outputs.words.causes import column_name
from lifecircle.outputs.words.showing import has_figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import (
        ClauseChange,
        Comparison,
        FindingState,
        SubjectChange,
        UnitChange,
    )
    from lifecircle.outputs.words.names import Side
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "change_text",
    "clause_ids",
    "clause_title",
    "direction_word",
    "figure_text",
    "flag_words",
    "other_counties",
    "others",
    "percentage_points",
    "result_text",
    "side_texts",
    "status_word",
    "subject_text",
    "summary_lines",
    "uncompared_lines",
]

_WORDED = {"stage": "stage", "setting": "setting", "age_class": "age_class"}
_HARDLY = 5e-4
"""Less than half of the last decimal of percentage points."""


def side_texts(comparison: Comparison, words: Wording) -> tuple[str, str]:
    """Return what each side is: study, date, stage view, scenario; its documents if they differ."""
    sides = (comparison.before, comparison.after)
    differ = sides[0].standards != sides[1].standards
    before, after = (_side_text(side, words, documents=differ) for side in sides)
    return before, after


def _side_text(assessment: Assessment, words: Wording, *, documents: bool) -> str:
    told = words.say(
        "side.label",
        study=assessment.study,
        as_of=assessment.as_of.isoformat(),
        stage=words.word("stage_view", assessment.stage),
    )
    future = named_future(assessment, words)
    parts = [told] if future is None else [told, words.say("side.scenario", scenario=future)]
    if documents:
        titles = assessment.standard_titles
        named = words.list(words.title(titles.get(key, {}), key) for key in assessment.standards)
        parts.append(words.say("side.documents", documents=named))
    return " ".join(parts)


def other_counties(comparison: Comparison, words: Wording) -> str | None:
    """Return that the two are of different counties; None where they are of one."""
    codes = {"before": comparison.before.county, "after": comparison.after.county}
    return None if codes["before"] == codes["after"] else words.say("counties", **codes)


_UNASKED = frozenset({None, str(Status.NOT_APPLICABLE), str(Status.NOT_IN_FORCE)})
"""What an area's verdict says where the clause is not about it."""


def summary_lines(comparison: Comparison, words: Wording) -> list[str]:
    """Return how much changed, line by line."""
    if comparison.empty:
        return [words.say("empty")]
    asked = [area for area in comparison.areas if {area.before, area.after} - _UNASKED]
    ways = Counter(area.direction for area in asked)
    named = (Direction.BETTER, Direction.WORSE, Direction.SAME)
    anew = (Direction.MET_ANEW, Direction.MISSED_ANEW)
    other = sum(count for way, count in ways.items() if way not in {*named, *anew})
    there = Counter((s.layer, s.change) for s in comparison.subjects)
    return [
        words.say("summary.findings", count=len(comparison.findings)),
        words.say("summary.areas", other=other, **{str(way): ways[way] for way in named}),
        *_unasked_lines(len(comparison.areas) - len(asked), words),
        *_asked_lines(comparison, {str(way): ways[way] for way in anew}, words),
        words.say(
            "summary.subjects",
            areas_added=there["residential", "added"],
            areas_removed=there["residential", "removed"],
            facilities_added=there["facilities", "added"],
            facilities_removed=there["facilities", "removed"],
        ),
    ]


def _unasked_lines(count: int, words: Wording) -> list[str]:
    """Return how many areas (villages, mostly) no main clause is about: nothing of them is same."""
    return [words.say("summary.unasked", count=count)] if count else []


def _asked_lines(comparison: Comparison, anew: dict[str, int], words: Wording) -> list[str]:
    """Return what is no improvement nor decline, since the two sides are not asked the same.

    ``anew``: how many areas came to another verdict so, by which way they went.
    """
    lines = [words.say("summary.anew", **anew)] if any(anew.values()) else []
    if comparison.headline_otherwise:
        sides = (comparison.before, comparison.after)
        ids = (f"{side.standards[0]} {side.headline_clause}" for side in sides)
        lines.append(words.say("summary.headline", clauses=" → ".join(dict.fromkeys(ids))))
    return lines


def uncompared_lines(comparison: Comparison, words: Wording) -> list[str]:
    """Return, of each layer whose files differ, the columns that are not compared row by row."""
    return [
        words.say(
            "summary.uncompared",
            layer=words.word("layer", layer),
            columns=words.list(words.word("field", name) for name in names),
        )
        for layer, names in comparison.uncompared.items()
        if names
    ]


def change_text(change: ClauseChange, words: Wording) -> str:
    """Return how a clause's rate, else its value, changed."""
    clause = change.after
    if change.before is None or clause is None:
        return words.say("only")
    if change.before.id != clause.id and change.asked_otherwise:
        return words.say("change.replaced")
    told = _difference(change, clause, words)
    if not change.asked_otherwise or _of_one_measure(change.before, clause) or told == "–":
        return told
    return words.say("change.asked_otherwise", change=told)


def _of_one_measure(old: ClauseResult, new: ClauseResult) -> bool:
    """Return whether a county's figure is the same figure, though more or less of it is asked."""
    terms = ("measure", "subject", "kinds", "unit", "counted", "reading")
    same = all(getattr(old, name) == getattr(new, name) for name in terms)
    varied = {term.term for side in (old, new) for term in side.changes}
    return new.subject == "county" and same and varied <= {"value"}


def _difference(change: ClauseChange, clause: ClauseResult, words: Wording) -> str:
    rate = None if change.official is None else change.official.change
    if rate is not None and clause.subject != "county":
        return percentage_points(rate, words)
    if change.change is None:
        return "–"
    if clause.unit == "%":
        return percentage_points(change.change / 100, words)
    if meets(change.change, "=", 0.0):
        return words.say("unchanged")
    sign = "+" if change.change > 0 else "−"
    return f"{sign}{words.value(abs(change.change), clause.unit)}"


def clause_title(change: ClauseChange, words: Wording) -> str:
    """Return what a clause is about."""
    clause = change.after or change.before
    return "–" if clause is None else words.title(clause.title, clause.id)


def clause_ids(change: ClauseChange, words: Wording) -> str:
    """Return a clause's number, both where they differ."""
    both: tuple[tuple[Side, ClauseResult | None], ...] = (
        ("before", change.before),
        ("after", change.after),
    )
    ids = [words.clause(clause.id, side) for side, clause in both if clause is not None]
    return " → ".join(dict.fromkeys(ids))


def status_word(clause: ClauseResult | None, status: str | None, words: Wording) -> str | None:
    """Return a status in words; of a check outside the verdict, that it is a reference."""
    if clause is None or status is None:
        return None
    code = f"reference.{status}"
    reference = Flag.REFERENCE in clause.flags and words.knows(code)
    return words.say(code) if reference else words.word("status", status)


def flag_words(flags: Iterable[str], words: Wording) -> str | None:
    """Return the marks beside a status; None where there are none.

    The status itself says that something is a reference (:func:`status_word`).
    """
    told = [words.word("flag", str(flag)) for flag in flags if flag != Flag.REFERENCE]
    return words.list(told) if told else None


def result_text(clause: ClauseResult | None, words: Wording, side: Side) -> str | None:
    """Return what a clause comes to on a side: its rate whole, else its value, or in words."""
    if clause is None:
        return None
    rated = clause.official is not None and clause.subject != "county"
    if rated:
        return words.rate(clause.official)
    own = dataclasses.replace(words, names=words.names.on(side), said={})
    return own.told_value(clause)


def others(unit: UnitChange) -> int:
    """Return how many areas of a unit went neither from deficient to compliant nor back."""
    known = {str(Direction.BETTER), str(Direction.WORSE)}
    return sum(count for way, count in unit.counts.items() if str(way) not in known)


def direction_word(clause: ClauseResult | None, direction: Direction, words: Wording) -> str:
    """Return which way a finding went; a reference is neither better nor worse."""
    reference = clause is not None and Flag.REFERENCE in clause.flags
    if reference and direction is not Direction.SAME:
        return words.say("direction.reference")
    return words.say(f"direction.{direction}")


def figure_text(
    clause: ClauseResult | None, state: FindingState | None, words: Wording, *, measured: bool
) -> str | None:
    """Return a measured or required value with its unit; None where there is none.

    Of a clause that only reports who has something, whether it is there: its status does not tell.
    """
    value = None if state is None else state.measured if measured else state.required
    if state is None or clause is None:
        return None
    if measured and state.status == Status.REPORTED and not has_figures(clause):
        return words.say(
            "reported.open" if value is None else "reported.yes" if value else "reported.no"
        )
    if value is None or not has_figures(clause):
        return None
    return words.say("value.unreached") if math.isinf(value) else words.value(value, state.unit)


def percentage_points(change: float | None, words: Wording) -> str:
    """Return a change of a share in percentage points."""
    if change is None:
        return "–"
    if abs(change) < _HARDLY:
        return words.say("unchanged")
    # by the template itself: its format wants a plain number, with its sign
    return texts.catalogue("compare", words.language)["points"].format(points=100 * change)


def subject_text(subject: SubjectChange, words: Wording) -> str:
    """Return what is described otherwise of a subject, column by column."""
    return words.phrases(
        _moved(old, new, words)
        if column == "place"
        else words.say(
            "from_to",
            column=column_name(column, words),
            before=_cell(column, old, "before", words),
            after=_cell(column, new, "after", words),
        )
        for column, (old, new) in subject.columns.items()
    )


def _moved(before: float | None, metres: float | None, words: Wording) -> str:
    if before is None or metres is None:
        return words.say("placed" if before is None else "unplaced")
    return words.say("moved", metres=metres)


def _cell(column: str, value: Any, side: Side, words: Wording) -> str:
    if value is None:
        return "–"
    if column in _WORDED:
        return words.word(_WORDED[column], value)
    if column == "kinds":
        return words.kinds(value)
    if column == "serves":
        return words.list(words.name(key, "residential", side) for key in str(value).split(";"))
    found = None if isinstance(value, str | bool) else number_or_none(value)
    if found is not None and column.endswith("_year"):
        return f"{found:.0f}"  # a year has no thousands
    return str(value) if found is None else texts.number(found)
