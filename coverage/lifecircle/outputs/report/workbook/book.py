"""``report.xlsx``: the results as a planner's ledger, with filters, units and colours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from lifecircle.outputs.office.colours import STATUS_COLOURS
from lifecircle.outputs.office.excel import COUNT, SHARE, Column, fill_sheet, put, without_clock
from lifecircle.outputs.report.districts import HOST_COLUMNS, host_rows
from lifecircle.outputs.report.workbook.sheets import SHEETS, summary_facts
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment

__all__ = ["write_workbook"]

_BANNER_FILL = PatternFill("solid", fgColor="FFF4D6")


def write_workbook(assessment: Assessment, path: Path) -> Path:
    """Write the workbook of ``assessment`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording.of(assessment)
    book = Workbook()
    book.properties.creator = "lifecircle"
    book.properties.title = assessment.study.encode("utf-8", "replace").decode("utf-8")
    summary = book.active
    summary.title = words.say("sheet.summary")  # type: ignore[union-attr]
    _fill_summary(summary, assessment, words)  # type: ignore[arg-type]
    for name, rows_of in SHEETS.items():
        sheet = book.create_sheet(words.say(f"sheet.{name}"))
        columns, rows = rows_of(assessment, words)
        fill_sheet(sheet, columns, rows, words)
    if assessment.hosts:
        sheet = book.create_sheet(words.say("sheet.hosts"), len(book.sheetnames) - 1)
        fill_sheet(sheet, HOST_COLUMNS, host_rows(assessment, words), words)
    stream = io.BytesIO()
    book.save(stream)
    with whole_file(path) as part:
        part.write_bytes(without_clock(stream, assessment.as_of))
    return path


def _fill_summary(sheet: Worksheet, assessment: Assessment, words: Wording) -> None:
    """Write title, banners, facts, the headline and its rates on every basis."""
    line = 1
    put(sheet, line, 1, assessment.study).font = Font(bold=True, size=16, color="1D3557")
    for banner in assessment.banners:
        line += 1
        cell = put(sheet, line, 1, words.banner(banner))
        cell.font = Font(bold=True, color="6B4A00")
        for number in range(1, 9):
            sheet.cell(line, number).fill = _BANNER_FILL
    for label, text in summary_facts(assessment, words):
        line += 1
        put(sheet, line, 1, label).font = Font(color="5B6673")
        put(sheet, line, 2, text)
    headline = next((c for c in assessment.clauses if c.id == assessment.headline_clause), None)
    if headline is not None:
        line += 2
        title = f"{headline.id} {words.title(headline.title, headline.id)}"
        put(sheet, line, 1, title).font = Font(bold=True, size=13, color="1D3557")
        line += 1
        figure = put(sheet, line, 1, words.clause_value(headline))
        figure.font = Font(bold=True, size=22, color=STATUS_COLOURS[headline.status].lstrip("#"))
        verdict = put(sheet, line, 2, words.word("status", str(headline.status)))
        verdict.font = Font(bold=True, color=STATUS_COLOURS[headline.status].lstrip("#"))
        put(sheet, line, 3, words.rate(headline.official))
        sheet.row_dimensions[line].height = 30
        for told in sheet[line]:
            told.alignment = Alignment(vertical="center")
        line += 1
    columns = [
        Column("basis", 26),
        Column("scope", 14),
        Column("numerator", 14, COUNT),
        Column("denominator", 14, COUNT),
        Column("rate_value", 12, SHARE),
        Column("not_assessed", 12, COUNT),
        Column("rate_low", 12, SHARE),
        Column("rate_high", 12, SHARE),
    ]
    rows = (
        [
            words.word("basis", rate.basis),
            words.word("scope", rate.scope),
            rate.numerator,
            rate.denominator,
            rate.rate,
            rate.not_assessed,
            rate.low,
            rate.high,
        ]
        for rate in (headline.rates if headline is not None else ())
        if rate.scope in {"county", "urban", "rural"}
    )
    fill_sheet(sheet, columns, rows, words, first_row=line + 1)
