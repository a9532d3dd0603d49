"""``compare.xlsx``: two assessments side by side, as a planner's ledger."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from lifecircle import texts
from lifecircle.model.results.comparison import Direction
from lifecircle.outputs.comparison.wording import ComparisonWording
from lifecircle.outputs.office.excel import COUNT, SHARE, Column, fill_sheet, put, without_clock
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.comparison import Comparison, RateChange

__all__ = ["write_comparison_workbook"]

_Rows: TypeAlias = "tuple[list[Column], Iterator[list[Any]]]"
_SIGNED = "+0.0;-0.0;0.0"
"""Percentage points: a gain has its sign too."""
_BANNER_FILL = PatternFill("solid", fgColor="FFF4D6")


def write_comparison_workbook(comparison: Comparison, path: Path) -> Path:
    """Write the workbook of ``comparison`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = ComparisonWording.of_both(comparison)
    book = Workbook()
    book.properties.creator = "lifecircle"
    book.properties.title = words.say("title")
    summary = book.active
    summary.title = words.say("sheet.summary")  # type: ignore[union-attr]
    _fill_summary(summary, comparison, words)  # type: ignore[arg-type]
    for name, rows_of in _SHEETS.items():
        sheet = book.create_sheet(words.say(f"sheet.{name}"))
        columns, rows = rows_of(comparison, words)
        fill_sheet(sheet, columns, rows, words)
    stream = io.BytesIO()
    book.save(stream)
    with whole_file(path) as part:
        part.write_bytes(without_clock(stream, comparison.after.as_of))
    return path


def _fill_summary(sheet: Worksheet, comparison: Comparison, words: ComparisonWording) -> None:
    """Write what the two are, how much changed, and why."""
    title = Font(bold=True, size=16, color="1D3557")
    heading, soft = Font(bold=True, size=13, color="1D3557"), Font(color="5B6673")
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 110
    put(sheet, 1, 1, words.say("title")).font = title
    line = 1
    both = (comparison.before, comparison.after)
    for banner in dict.fromkeys(b for side in both for b in side.banners):
        line += 1
        put(sheet, line, 1, words.banner(banner)).font = Font(bold=True, color="6B4A00")
        for number in (1, 2):
            sheet.cell(line, number).fill = _BANNER_FILL
    for code, side in zip(("before", "after"), both, strict=True):
        line += 1
        put(sheet, line, 1, words.say(f"side.{code}")).font = soft
        put(sheet, line, 2, words.side(side))
    line += 1
    for text in words.facts(comparison):
        line += 1
        put(sheet, line, 1, text)
    causes = Counter(
        kind for f in comparison.findings for kind in dict.fromkeys(c.kind for c in f.causes)
    )
    if causes:
        line += 2
        put(sheet, line, 1, words.say("summary.causes")).font = heading
        for kind, count in causes.most_common():
            line += 1
            put(sheet, line, 1, words.say(f"kind.{kind}"))
            cell = put(sheet, line, 2, count)
            cell.number_format, cell.alignment = COUNT, Alignment(horizontal="left")
    lines = dict.fromkeys(line for side in both for line in side.attribution)
    line += 1
    for text in lines:
        line += 1
        put(sheet, line, 1, text).font = soft
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _rates(comparison: Comparison, words: ComparisonWording) -> _Rows:
    columns = [
        Column("clause", 16),
        Column("content", 34, wrap=True),
        Column("target_before", 18),
        Column("target_after", 18),
        Column("basis", 14),
        Column("counts_before", 14),
        Column("counts_after", 14),
        Column("rate_before", 13, SHARE),
        Column("rate_after", 13, SHARE),
        Column("change_pp", 12, _SIGNED),
        Column("status_before", 11, status=True),
        Column("status_after", 11, status=True),
    ]

    def rows() -> Iterator[list[Any]]:
        for change in comparison.clauses:
            sides = (change.before, change.after)
            shown = [r for r in change.rates if r.scope == "county"]
            told: list[RateChange | None] = [*shown] or [None]
            for rate in told:
                one = rate and (rate.before, rate.after)
                values = [None if r is None else r.rate for r in one or (None, None)]
                if rate is None:
                    values = [_share(c) for c in sides]
                yield [
                    words.clause_ids(change),
                    words.clause_title(change),
                    *(None if c is None else words.target(c.comparison, c.target, c.unit)
                      for c in sides),
                    None if rate is None else words.word("basis", rate.basis),
                    *(_counted(r) for r in (one or (None, None))),
                    *values,
                    None if rate is None or rate.change is None else 100 * rate.change,
                    *(words.status(c, None if c is None else c.status) for c in sides),
                ]  # fmt: skip

    return columns, rows()


def _share(clause: ClauseResult | None) -> float | None:
    """Return the value of a clause in per cent as a share."""
    if clause is None or clause.value is None or clause.unit != "%":
        return None
    return clause.value / 100


def _counted(rate: Rate | None) -> str | None:
    if rate is None:
        return None
    return f"{texts.number(rate.numerator)}/{texts.number(rate.denominator)}"


def _findings(comparison: Comparison, words: ComparisonWording) -> _Rows:
    columns = [
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
        Column("kinds_of_cause", 14, wrap=True),
        Column("causes", 62, wrap=True),
        Column("content", 34, wrap=True, lesser=True),
        Column("facility_before", 28, lesser=True),
        Column("facility_after", 28, lesser=True),
        Column("id_before", 12, lesser=True),
        Column("id_after", 12, lesser=True),
    ]

    def rows() -> Iterator[list[Any]]:
        for f in comparison.findings:
            clause, sides = comparison.clauses[f.clause], (f.before, f.after)
            told = tuple(zip((clause.before, clause.after), sides, strict=True))
            yield [
                words.clause_ids(clause),
                words.word("layer", "county") if f.layer == "county" else f.name,
                words.word("layer", f.layer),
                *(words.status(c, None if s is None else s.status) for c, s in told),
                words.direction(clause.after, f.direction),
                *(words.figure(c, s, measured=True) for c, s in told),
                *(words.figure(c, s, measured=False) for c, s in told),
                words.kinds_of_cause(f.causes),
                words.causes(f.causes),
                words.clause_title(clause),
                *(None if s is None or s.facility is None else side.name(s.facility, "facilities")
                  for side, s in zip(words.sides, sides, strict=True)),
                f.id_before,
                f.id_after,
            ]  # fmt: skip

    return columns, rows()


def _units(comparison: Comparison, words: ComparisonWording) -> _Rows:
    columns = [
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

    def rows() -> Iterator[list[Any]]:
        for rank, unit in enumerate(comparison.units, start=1):
            known = {str(Direction.BETTER), str(Direction.WORSE)}
            yield [
                rank if unit.change is not None else None,
                unit.name,
                words.say(f"level.{unit.level}"),
                unit.before,
                unit.after,
                None if unit.change is None else 100 * unit.change,
                unit.counts.get("better", 0),
                unit.counts.get("worse", 0),
                sum(count for way, count in unit.counts.items() if way not in known),
                unit.id,
            ]

    return columns, rows()


def _subjects(comparison: Comparison, words: ComparisonWording) -> _Rows:
    columns = [
        Column("layer", 12),
        Column("change", 12),
        Column("name", 36, wrap=True),
        Column("columns", 80, wrap=True),
        Column("id_before", 16),
        Column("id_after", 16),
    ]
    rows = (
        [
            words.word("layer", s.layer),
            words.say(f"change.{s.change}"),
            s.name,
            words.changes(s),
            s.id_before,
            s.id_after,
        ]
        for s in comparison.subjects
    )
    return columns, rows


def _settings(comparison: Comparison, words: ComparisonWording) -> _Rows:
    columns = [
        Column("what", 12),
        Column("setting", 50, wrap=True),
        Column("before", 44, wrap=True),
        Column("after", 44, wrap=True),
    ]
    rows = (
        [
            words.say(f"what.{s.what}"),
            words.setting(s.what, s.name),
            words.setting_value(s.what, s.name, s.before),
            words.setting_value(s.what, s.name, s.after),
        ]
        for s in comparison.settings
    )
    return columns, rows


_SHEETS: Mapping[str, Callable[[Comparison, ComparisonWording], _Rows]] = {
    "rates": _rates,
    "findings": _findings,
    "units": _units,
    "subjects": _subjects,
    "settings": _settings,
}
