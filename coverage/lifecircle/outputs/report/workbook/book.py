"""``report.xlsx``: the results to filter and print, with units and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font

from lifecircle.outputs.office.colours import STATUS_COLOURS
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
    new_book,
    put,
    write_book,
)
from lifecircle.outputs.report.districts import HOST_COLUMNS, host_rows
from lifecircle.outputs.report.workbook.worksheets import WORKSHEETS, ranked_rows, summary_facts
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.showing import headline
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment, ClauseResult

__all__ = ["write_workbook"]

_RATE_COLUMNS = [
    Column("basis", 26),
    Column("scope", 14),
    Column("numerator", 14, COUNT),
    Column("denominator", 14, COUNT),
    Column("rate_value", 12, SHARE),
    Column("not_assessed", 12, COUNT),
    Column("rate_low", 12, SHARE),
    Column("rate_high", 12, SHARE),
]


def write_workbook(assessment: Assessment, path: Path) -> Path:
    """Write the workbook of ``assessment`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording.of(assessment)
    book = new_book(assessment.study)
    _fill_summary(first_worksheet(book, words.say("sheet.summary")), assessment, words)
    for name, rows_of in WORKSHEETS.items():
        worksheet = book.create_sheet(words.say(f"sheet.{name}"))
        fill_worksheet(worksheet, *rows_of(assessment, words), words)
        _say_empty(worksheet, name, words)
    if assessment.hosts:
        worksheet = book.create_sheet(words.say("sheet.hosts"), len(book.sheetnames) - 1)
        fill_worksheet(worksheet, HOST_COLUMNS, host_rows(assessment, words), words)
    columns, rows = ranked_rows(assessment, words)
    if ranked := list(rows):
        worksheet = book.create_sheet(words.say("sheet.ranked"), len(book.sheetnames) - 1)
        fill_worksheet(worksheet, columns, iter(ranked), words)
    return write_book(book, path, assessment.as_of)


def _say_empty(worksheet: Worksheet, name: str, words: Wording) -> None:
    """Say in words that a worksheet has no rows: a header alone looks forgotten.

    The line stands one below the table, so that a program that reads the rows finds none.
    """
    if worksheet.max_row == 1:
        code = f"empty.{name}"
        told = words.say(code if words.knows(code) else "empty.rows")
        put(worksheet, 3, 1, told).font = SOFT_FONT


def _fill_summary(worksheet: Worksheet, assessment: Assessment, words: Wording) -> None:
    """Write title, banners, facts, the headline and its rates on every basis."""
    line = 1
    put(worksheet, line, 1, assessment.study).font = TITLE_FONT
    for banner in banner_lines(assessment, words):
        line += 1
        put(worksheet, line, 1, banner).font = BANNER_FONT
        for number in range(1, 9):
            worksheet.cell(line, number).fill = BANNER_FILL
    for label, text in summary_facts(assessment, words):
        line += 1
        put(worksheet, line, 1, label).font = SOFT_FONT
        put(worksheet, line, 2, text)
    main = headline(assessment)
    if main is not None:
        line = _fill_headline(worksheet, line + 2, main, words)
    rows = (
        [
            words.word("basis", rate.basis),
            words.word("scope", rate.scope),
            rate.numerator,
            rate.denominator,
            rate.told,
            rate.not_assessed,
            rate.low,
            rate.high,
        ]
        for rate in (() if main is None else main.rates)
        if rate.scope in {"county", "urban", "rural"}
    )
    fill_worksheet(worksheet, _RATE_COLUMNS, rows, words, first_row=line + 1)


def _fill_headline(worksheet: Worksheet, line: int, main: ClauseResult, words: Wording) -> int:
    """Write the headline clause from row ``line`` on, its figure large; return the last row."""
    put(worksheet, line, 1, f"{main.id} {words.title(main.title, main.id)}").font = HEADING_FONT
    line += 1
    colour = STATUS_COLOURS[main.status].removeprefix("#")
    figure = put(worksheet, line, 1, words.clause_value(main))
    figure.font = Font(bold=True, size=22, color=colour)
    told = words.word("status", str(main.status))
    if main.flags:
        flags = words.list(words.word("flag", flag) for flag in main.flags)
        told = words.say("headline.flagged", status=told, flags=flags)
    verdict = put(worksheet, line, 2, told)
    verdict.font = Font(bold=True, color=colour)
    put(worksheet, line, 3, words.rate(main.official))
    worksheet.row_dimensions[line].height = 30
    for cell in worksheet[line]:
        cell.alignment = Alignment(vertical="center")
    return line + 1
