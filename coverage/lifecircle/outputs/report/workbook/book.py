"""``report.xlsx``: the results to filter and print, with units and colours."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from lifecircle.outputs.office.cells import text_width
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
    fit_page,
    new_book,
    put,
    style_header,
    write_book,
)
from lifecircle.outputs.office.printing import print_at_most
from lifecircle.outputs.report.workbook.curves import draw_curves
from lifecircle.outputs.report.workbook.worksheets import WORKSHEETS, summary_facts
from lifecircle.outputs.words.banners import banner_lines, undiagnosed, unwalked
from lifecircle.outputs.words.showing import basis_word, headline, of_reference
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
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
_PAGES = 15
"""Most pages that the workbook prints on: of longer tables their first rows, the worst."""
_SELDOM = frozenset({"districts", "hosts", "ranked"})
"""Worksheets that only a few documents ask for: nobody misses them."""
_LINK_FONT = Font(color="1F5FA8", underline="single")


def write_workbook(assessment: Assessment, path: Path) -> Path:
    """Write the workbook of ``assessment`` to ``path`` and return the path.

    A worksheet without rows is not made: the summary's list of worksheets says why there is none.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording.of(assessment, "workbook")
    book = new_book(assessment.study)
    summary = first_worksheet(book, words.say("sheet.summary"))
    line = _fill_summary(summary, assessment, words)
    counts = {name: _fill(book, name, assessment, words) for name in WORKSHEETS}
    _fill_contents(book, line + 2, counts, words, assessment)
    _draw(book, assessment, words, counts)
    print_at_most(book, _PAGES, lambda n, of: words.say("printed.first", n=n, of=of))
    return write_book(book, path, assessment.as_of)


def _fill(book: Workbook, name: str, assessment: Assessment, words: Wording) -> int:
    """Make one worksheet and return how many rows it has; without any there is none."""
    columns, rows = WORKSHEETS[name](assessment, words)
    first = next(rows, None)
    if first is None:
        return 0
    worksheet = book.create_sheet(words.say(f"sheet.{name}"))
    note = f"folded.{name}"
    told = (lambda n: words.say(note, n=n)) if words.knows(note) else None
    return fill_worksheet(worksheet, columns, chain([first], rows), words, fold_note=told)


def _draw(book: Workbook, assessment: Assessment, words: Wording, counts: dict[str, int]) -> None:
    """Draw the curves below the table of sensitivity; the worksheet of their points is hidden."""
    if not counts["curves"]:
        return
    data = book[words.say("sheet.curves")]
    data.sheet_state = "hidden"
    if not counts["sensitivity"]:
        return
    worksheet = book[words.say("sheet.sensitivity")]
    row = counts["sensitivity"] + 3
    below = draw_curves(worksheet, data, assessment, words, row)
    worksheet.print_area = f"A1:{get_column_letter(max(worksheet.max_column, 12))}{below}"
    fit_page(worksheet, 1)


def _fill_contents(
    book: Workbook, line: int, counts: dict[str, int], words: Wording, assessment: Assessment
) -> None:
    """Write the list of worksheets with their numbers of rows, and why one is not there."""
    worksheet = book.worksheets[0]
    put(worksheet, line, 1, words.say("contents.title")).font = HEADING_FONT
    for number, code in enumerate(("worksheet", "rows", "contents_note"), start=1):
        style_header(put(worksheet, line + 1, number, words.say(f"column.{code}")))
    for name, count in counts.items():
        if not count and name in _SELDOM:
            continue
        line += 1
        title = words.say(f"sheet.{name}")
        label = put(worksheet, line + 1, 1, title)
        if count:
            place = f"'{title}'!A1"
            label.hyperlink = Hyperlink(ref=label.coordinate, location=place)
            label.font = _LINK_FONT
        put(worksheet, line + 1, 2, count).number_format = COUNT
        silent = bool(count) and name != "curves" and book[title].sheet_state == "hidden"
        told = words.say("folded.whole", n=count) if silent else None
        note = put(worksheet, line + 1, 3, told or _about(name, count, words, assessment))
        note.alignment = Alignment(horizontal="left", indent=1)
    worksheet.print_area = f"A1:{get_column_letter(len(_RATE_COLUMNS))}{line + 1}"
    fit_page(worksheet, 1)


def _about(name: str, count: int, words: Wording, assessment: Assessment) -> str:
    """Return what a worksheet holds; of one that is not there, why."""
    if count:
        marked = f"about.{name}.reference"
        aside = words.knows(marked) and of_reference(assessment)
        return words.phrases([words.say(f"about.{name}"), *([words.say(marked)] if aside else ())])
    why = {
        "disagreements": unwalked(assessment),
        "gate_effects": undiagnosed(assessment),
        "street_diagnosis": undiagnosed(assessment),
    }.get(name)
    code = why or f"empty.{name}"
    return words.say(code if words.knows(code) else "empty.rows")


def _fill_summary(worksheet: Worksheet, assessment: Assessment, words: Wording) -> int:
    """Write title, banners, facts, the headline and its rates on every basis; return the row."""
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
            words.word("basis", rate.basis)
            if main is None
            else basis_word(rate.basis, main, words),
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
    count = fill_worksheet(worksheet, _RATE_COLUMNS, rows, words, first_row=line + 1)
    return line + 1 + count


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
    lines = -(-text_width(told) // (_RATE_COLUMNS[1].width - 3))
    worksheet.row_dimensions[line].height = max(30, 15 * lines)
    for cell in worksheet[line]:
        cell.alignment = Alignment(vertical="center")
    verdict.alignment = Alignment(vertical="center", wrap_text=True)  # the rate stands right of it
    return line + 1
