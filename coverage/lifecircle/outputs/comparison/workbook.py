"""``compare.xlsx``: two assessments side by side, for filtering and printing."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment

from lifecircle import texts
from lifecircle.outputs.office.excel import (
    BANNER_FILL,
    BANNER_FONT,
    COUNT,
    HEADING_FONT,
    SHARE,
    SOFT_FONT,
    TITLE_FONT,
    Column,
    fill_worksheet,
    first_worksheet,
    fit_page,
    new_book,
    put,
    write_book,
)
from lifecircle.outputs.words.banners import asked, banner_lines
from lifecircle.outputs.words.causes import (
    cause_kinds,
    causes_text,
    setting_name,
    setting_value,
)
from lifecircle.outputs.words.changes import (
    clause_ids,
    clause_title,
    direction_word,
    figure_text,
    flag_words,
    other_counties,
    others,
    result_text,
    side_texts,
    status_word,
    subject_text,
    summary_lines,
    uncompared_lines,
)
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.comparison import (
        ClauseChange,
        Comparison,
        FindingChange,
        FindingState,
        RateChange,
        UnitChange,
    )
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.names import Side

__all__ = ["write_comparison_workbook"]

_SIGNED = "[>=0.05]+0.0;[<=-0.05]-0.0;0.0"
"""Percentage points: a gain has its sign too; what is nothing in one decimal has none."""


def write_comparison_workbook(comparison: Comparison, path: Path) -> Path:
    """Write the workbook of ``comparison`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording.of_both(comparison)
    book = new_book(words.say("title"))
    summary = first_worksheet(book, words.say("sheet.summary"))
    _fill_summary(summary, comparison, words)
    for name, rows_of in _WORKSHEETS.items():
        worksheet = book.create_sheet(words.say(f"sheet.{name}"))
        fill_worksheet(worksheet, *rows_of(comparison, words), words)
    return write_book(book, path, comparison.after.as_of)


def _fill_summary(worksheet: Worksheet, comparison: Comparison, words: Wording) -> None:
    """Write what the two are, how much changed, and why."""
    worksheet.column_dimensions["A"].width = 26
    worksheet.column_dimensions["B"].width = 110
    put(worksheet, 1, 1, words.say("title")).font = TITLE_FONT
    line = 1
    both = (comparison.before, comparison.after)
    for banner in dict.fromkeys(b for side in both for b in banner_lines(side, words)):
        line += 1
        put(worksheet, line, 1, banner).font = BANNER_FONT
        for number in (1, 2):
            worksheet.cell(line, number).fill = BANNER_FILL
    for code, told in zip(("before", "after"), side_texts(comparison, words), strict=True):
        line += 1
        put(worksheet, line, 1, words.say(f"side.{code}")).font = SOFT_FONT
        put(worksheet, line, 2, told)
    if (warning := other_counties(comparison, words)) is not None:
        line += 1
        put(worksheet, line, 1, warning).font = BANNER_FONT
    line += 1
    for text in summary_lines(comparison, words):
        line += 1
        put(worksheet, line, 1, text)
    for text in uncompared_lines(comparison, words):
        line += 1
        cell = put(worksheet, line, 1, text)
        cell.font, cell.alignment = SOFT_FONT, Alignment(wrap_text=True, vertical="top")
        worksheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=2)
        worksheet.row_dimensions[line].height = 15 * (1 + len(text) // 60)
    line = _fill_causes(worksheet, line, comparison, words)
    lines = dict.fromkeys(line for side in both for line in side.attribution)
    line += 1
    for text in lines:
        line += 1
        put(worksheet, line, 1, text).font = SOFT_FONT
    fit_page(worksheet)


def _fill_causes(worksheet: Worksheet, line: int, comparison: Comparison, words: Wording) -> int:
    """Write below ``line`` how often each sort of cause holds, and return the last line."""
    causes = Counter(
        kind for f in comparison.findings for kind in dict.fromkeys(c.kind for c in f.causes)
    )
    if not causes:
        return line
    line += 2
    put(worksheet, line, 1, words.say("summary.causes")).font = HEADING_FONT
    for kind, count in causes.most_common():
        line += 1
        put(worksheet, line, 1, words.say(f"kind.{kind}"))
        cell = put(worksheet, line, 2, count)
        cell.number_format, cell.alignment = COUNT, Alignment(horizontal="left")
    return line


_RATE_COLUMNS = [
    Column("clause", 16),
    Column("content", 34, wrap=True),
    Column("target_before", 18),
    Column("target_after", 18),
    Column("basis", 14),
    Column("result_before", 26, wrap=True),
    Column("result_after", 26, wrap=True),
    Column("counts_before", 14),
    Column("counts_after", 14),
    Column("rate_before", 13, SHARE),
    Column("rate_after", 13, SHARE),
    Column("change_pp", 12, _SIGNED),
    Column("asked", 16, wrap=True),
    Column("status_before", 11, status=True),
    Column("status_after", 11, status=True),
    Column("flags_before", 14, wrap=True),
    Column("flags_after", 14, wrap=True),
]


def _rates(comparison: Comparison, words: Wording) -> Rows:
    """Return a row a clause and basis, over the county; a clause without rates has one row."""
    each: list[tuple[ClauseChange, RateChange | None]] = []
    for change in comparison.clauses:
        over = [rate for rate in change.rates if rate.scope == "county"]
        each += [(change, rate) for rate in over] or [(change, None)]
    return _RATE_COLUMNS, (_rate(change, rate, words) for change, rate in each)


def _rate(change: ClauseChange, rate: RateChange | None, words: Wording) -> list[Any]:
    clauses = (change.before, change.after)
    rates = (None, None) if rate is None else (rate.before, rate.after)
    shares = map(_share, clauses) if rate is None else (r and r.told for r in rates)
    return [
        clause_ids(change, words),
        clause_title(change, words),
        *(c and asked(c, words) for c in clauses),
        rate and words.word("basis", rate.basis),
        _result(change.before, rate, rates[0], words, "before"),
        _result(change.after, rate, rates[1], words, "after"),
        *map(_counted, rates),
        *shares,
        *_told_apart(change, rate, words),
        *(status_word(c, None if c is None else c.status, words) for c in clauses),
        *(None if c is None else flag_words(c.flags, words) for c in clauses),
    ]


def _told_apart(
    change: ClauseChange, rate: RateChange | None, words: Wording
) -> tuple[float | None, str | None]:
    """Return how much a rate changed, and whether what is asked did; of another clause no more."""
    ids = {c.id for c in (change.before, change.after) if c is not None}
    points = _in_points(None if rate is None or len(ids) > 1 else rate.change)
    return points, words.say("asked.changed") if change.asked_otherwise else None


def _result(
    clause: ClauseResult | None,
    change: RateChange | None,
    rate: Rate | None,
    words: Wording,
    side: Side,
) -> str | None:
    """Return what one side comes to: the rate of this row whole, else the clause's result."""
    if change is None:
        return result_text(clause, words, side)
    return None if rate is None else words.rate(rate)


def _share(clause: ClauseResult | None) -> float | None:
    """Return the value of a clause in per cent as a share."""
    if clause is None or clause.value is None or clause.unit != "%":
        return None
    return clause.value / 100


def _counted(rate: Rate | None) -> str | None:
    if rate is None:
        return None
    return f"{texts.number(rate.numerator)}/{texts.number(rate.denominator)}"


def _in_points(change: float | None) -> float | None:
    return None if change is None else 100 * change


_FINDING_COLUMNS = [
    Column("clause", 15),
    Column("name", 34, wrap=True),
    Column("layer", 10),
    Column("status_before", 11, status=True),
    Column("status_after", 11, status=True),
    Column("direction", 18, wrap=True),
    Column("measured_before", 14),
    Column("measured_after", 14),
    Column("required_before", 14),
    Column("required_after", 14),
    Column("flags_before", 13, wrap=True),
    Column("flags_after", 13, wrap=True),
    Column("kinds_of_cause", 14, wrap=True),
    Column("causes", 62, wrap=True),
    Column("content", 34, wrap=True, lesser=True),
    Column("facility_before", 28, lesser=True),
    Column("facility_after", 28, lesser=True),
    Column("id_before", 12, lesser=True),
    Column("id_after", 12, lesser=True),
]


def _findings(comparison: Comparison, words: Wording) -> Rows:
    """Return the findings that changed, and why."""
    each = ((f, comparison.clauses[f.clause]) for f in comparison.findings)
    return _FINDING_COLUMNS, (_finding(f, clause, words) for f, clause in each)


def _finding(found: FindingChange, clause: ClauseChange, words: Wording) -> list[Any]:
    both = ((clause.before, found.before), (clause.after, found.after))
    return [
        clause_ids(clause, words),
        words.word("layer", "county") if found.layer == "county" else found.name,
        words.word("layer", found.layer),
        *(status_word(c, None if state is None else state.status, words) for c, state in both),
        direction_word(clause.after, found.direction, words),
        *(figure_text(c, state, words, measured=True) for c, state in both),
        *(figure_text(c, state, words, measured=False) for c, state in both),
        *(None if state is None else flag_words(state.flags, words) for _, state in both),
        cause_kinds(found.causes, words),
        causes_text(found.causes, words),
        clause_title(clause, words),
        _facility(found.before, "before", words),
        _facility(found.after, "after", words),
        *(None if found.layer == "county" else one for one in (found.id_before, found.id_after)),
    ]


def _facility(state: FindingState | None, side: Side, words: Wording) -> str | None:
    return None if state is None else words.name_or_none(state.facility, "facilities", side)


_UNIT_COLUMNS = [
    Column("rank", 8, COUNT),
    Column("name", 24),
    Column("level", 12),
    Column("rate_before", 13, SHARE),
    Column("rate_after", 13, SHARE),
    Column("change_pp", 13, _SIGNED),
    Column("better", 13, COUNT),
    Column("worse", 13, COUNT),
    Column("otherwise", 13, COUNT),
    Column("id", 16),
]


def _units(comparison: Comparison, words: Wording) -> Rows:
    """Return the units of each level, those first whose rate grew most."""
    ranks = {
        unit.id: rank
        for _, level in groupby(comparison.units, key=lambda unit: unit.level)
        for rank, unit in enumerate(level, start=1)
    }
    return _UNIT_COLUMNS, (_unit(ranks[unit.id], unit, words) for unit in comparison.units)


def _unit(rank: int, unit: UnitChange, words: Wording) -> list[Any]:
    return [
        rank if unit.change is not None else None,
        unit.name,
        words.say(f"level.{unit.level}"),
        unit.before,
        unit.after,
        _in_points(unit.change),
        unit.counts.get("better", 0),
        unit.counts.get("worse", 0),
        others(unit),
        unit.id,
    ]


_SUBJECT_COLUMNS = [
    Column("layer", 12),
    Column("change", 12),
    Column("name", 36, wrap=True),
    Column("columns", 80, wrap=True),
    Column("id_before", 16),
    Column("id_after", 16),
]


def _subjects(comparison: Comparison, words: Wording) -> Rows:
    """Return the areas and facilities that came, went or are described otherwise."""
    return _SUBJECT_COLUMNS, (
        [
            words.word("layer", s.layer),
            words.say(f"change.{s.change}"),
            s.name,
            subject_text(s, words),
            s.id_before,
            s.id_after,
        ]
        for s in comparison.subjects
    )


_SETTING_COLUMNS = [
    Column("what", 12),
    Column("setting", 50, wrap=True),
    Column("before", 44, wrap=True),
    Column("after", 44, wrap=True),
]


def _settings(comparison: Comparison, words: Wording) -> Rows:
    """Return the settings that differ."""
    return _SETTING_COLUMNS, (
        [
            words.say(f"what.{s.what}"),
            setting_name(s.what, s.name, words),
            setting_value(s.what, s.name, s.before, words),
            setting_value(s.what, s.name, s.after, words),
        ]
        for s in comparison.settings
    )


_WORKSHEETS: Mapping[str, Callable[[Comparison, Wording], Rows]] = {
    "rates": _rates,
    "findings": _findings,
    "units": _units,
    "subjects": _subjects,
    "settings": _settings,
}
