"""The hand-in sheet: the document's own table, filled in.

Widths, heights and page breaks are set here, so that every office prints the same pages: the
first-level indicator is merged over its items and said again where a page begins, as in the
printed document.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break

from lifecircle.outputs.office.excel import put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.score import ItemScore, Score
    from lifecircle.model.rules.form import FormColumn, FormItem
    from lifecircle.outputs.form.wording import ScoreWording

__all__ = ["fill_form"]

_FACE, _HEAD_FACE = "宋体", "黑体"
_THIN = Side(style="thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRED = frozenset({"number", "group", "points", "check", "score"})
_LINE, _PADDING, _TALLEST = 14.0, 8.0, 400.0
"""Points: a line of text, above and below it, the tallest row a workbook can have."""
_PAGE_WIDTH, _PAGE_HEIGHT = 842 - 2 * 36, 595 - 2 * 40
"""Points of A4 landscape within the margins (0.5 inch beside, 40 points above and below)."""
_CHARACTER, _CELL_EDGE = 5.25, 3.75
"""Points of a column's character and of its edges, in the default font."""
_MOST_PAPERS = 8
"""Papers told in one cell; the list of papers has all."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table: the item, its cells, its height in points."""

    item: FormItem
    cells: tuple[Any, ...]
    height: float


def fill_form(sheet: Worksheet, score: Score, words: ScoreWording) -> None:
    """Write the document's table into ``sheet``: headings, items, notes; A4 landscape."""
    columns = score.form.columns
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    scale = _set_page(sheet, columns)
    row, head = _headings(sheet, score, words)
    used = sum(sheet.row_dimensions[r].height or 15.0 for r in range(1, row + 1))
    lines = [_line(one, score, words) for one in score.items]
    first = row + 1
    for page, several in enumerate(_pages(lines, _PAGE_HEIGHT / scale, used, head)):
        if page:
            sheet.row_breaks.append(Break(id=row))
        for _, group in groupby(several, key=lambda line: line.item.group):
            row = _group(sheet, row + 1, list(group), columns)
    _notes(sheet, row + 1, score, words)
    sheet.print_area = f"A1:{get_column_letter(len(columns))}{sheet.max_row}"
    sheet.freeze_panes = f"A{first}"


def _set_page(sheet: Worksheet, columns: Sequence[FormColumn]) -> float:
    """Set A4 landscape, one page wide; return the scale to expect (1.0: 100 %).

    Offices whose default font is wider shrink the sheet more, and their pages are less full.
    """
    wide = sum(column.width * _CHARACTER + _CELL_EDGE for column in columns)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.55, footer=0.25)
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]
    return min(1.0, _PAGE_WIDTH / wide)


def _headings(sheet: Worksheet, score: Score, words: ScoreWording) -> tuple[int, float]:
    """Write attachment number, title, who fills it in, and the header.

    Returns the header's last row, and its height: it stands on every page.
    """
    columns, last = score.form.columns, len(score.form.columns)
    _across(sheet, 1, last, score.form.heading, Font(name=_HEAD_FACE, size=14), 20)
    title = _across(sheet, 2, last, score.form.title["zh"], Font(name=_HEAD_FACE, size=18), 34)
    title.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    said = words.say("form.by", study=score.study, as_of=score.as_of.isoformat())
    _across(sheet, 3, last, said, Font(name=_FACE, size=10), 18)
    top = 4
    deep = any(column.above for column in columns)
    for number, column in enumerate(columns, start=1):
        put(sheet, top, number, column.above or column.words)
        if deep and column.above:
            put(sheet, top + 1, number, column.words)
        elif deep:
            sheet.merge_cells(
                start_row=top, end_row=top + 1, start_column=number, end_column=number
            )
    for above, several in groupby(enumerate(columns, start=1), key=lambda pair: pair[1].above):
        numbers = [number for number, _ in several]
        if above and len(numbers) > 1:
            for number in numbers[1:]:
                sheet.cell(top, number).value = None
            sheet.merge_cells(
                start_row=top, end_row=top, start_column=numbers[0], end_column=numbers[-1]
            )
    bottom = top + deep
    for row in range(top, bottom + 1):
        sheet.row_dimensions[row].height = 20 if deep else 26
        for number in range(1, last + 1):
            cell = sheet.cell(row, number)
            cell.font, cell.border = Font(name=_HEAD_FACE, size=10.5), _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.print_title_rows = f"{top}:{bottom}"
    return bottom, 40.0 if deep else 26.0


def _across(sheet: Worksheet, row: int, last: int, text: str, font: Font, height: float) -> Cell:
    cell = put(sheet, row, 1, text)
    cell.font = font
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    sheet.row_dimensions[row].height = height
    return cell


def _line(one: ItemScore, score: Score, words: ScoreWording) -> _Line:
    item = one.item
    group = next(g for g in score.form.groups if g.id == item.group)
    responsible = words.say("form.responsible", lead=item.lead, units=item.units)
    cells = {
        "number": int(group.id),
        "group": group.words.replace("(", "\n(", 1),
        "item": item.words,
        "points": _whole(item.points),
        "rule": item.rule,
        "check": "\n".join(item.check),
        "responsible": responsible,
        "material": _materials(one, words),
        "score": _score(one, words),
    }
    row = tuple(cells[column.key] for column in score.form.columns)
    merged = {"number", "group"}
    lines = max(
        _lines(str(cell), column.width)
        for cell, column in zip(row, score.form.columns, strict=True)
        if column.key not in merged
    )
    return _Line(item, row, min(_TALLEST, _LINE * lines + _PADDING))


def _whole(points: float) -> float | int:
    return int(points) if points == int(points) else points


def _score(one: ItemScore, words: ScoreWording) -> float | int | str:
    """Return the item's points; where a part is open, that they are, and what they can be."""
    if one.score is not None:
        return _whole(one.score)
    return words.say("form.open", span=words.span_of_points(one.low, one.high))


def _materials(one: ItemScore, words: ScoreWording) -> str:
    """Return the papers of an item, each once, then the figures that decided a part."""
    papers = [words.paper(paper) for part in one.parts for paper in part.materials]
    told = list(dict.fromkeys(filter(None, papers)))
    rest = len(told) - _MOST_PAPERS
    told = told[:_MOST_PAPERS]
    if rest > 0:
        told.append(words.say("form.more_papers", count=rest))
    figures = (
        words.figure(clause)
        for part in one.parts
        for clause in part.clauses
        if clause.value is not None or clause.official is not None
    )
    told += [words.say("form.figure", figure=figure) for figure in dict.fromkeys(figures)]
    return "\n".join(told)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese character is two wide."""
    room = max(width - 1.0, 2.0)
    return sum(max(1, math.ceil(_width(line) / room)) for line in text.split("\n"))


def _width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(c) in "WFA" else 1.05 for c in text)


def _pages(lines: Sequence[_Line], room: float, used: float, head: float) -> Iterator[list[_Line]]:
    """Yield the lines of each page; the first has ``used`` points taken, the others the header."""
    page: list[_Line] = []
    for line in lines:
        if page and used + line.height > room:
            yield page
            page, used = [], head
        page.append(line)
        used += line.height
    yield page


def _group(
    sheet: Worksheet, row: int, lines: Sequence[_Line], columns: Sequence[FormColumn]
) -> int:
    """Write the items of one first-level indicator on one page; return the last row."""
    last = row + len(lines) - 1
    for at, line in enumerate(lines, start=row):
        sheet.row_dimensions[at].height = line.height
        for number, (column, value) in enumerate(zip(columns, line.cells, strict=True), start=1):
            merged = column.key in {"number", "group"}
            cell = put(sheet, at, number, None if merged and at > row else value)
            cell.font, cell.border = Font(name=_FACE, size=10), _BOX
            cell.alignment = Alignment(
                horizontal="center" if column.key in _CENTRED else "left",
                vertical="center",
                wrap_text=True,
            )
            if column.key == "score" and cell.data_type == "n":
                cell.font = Font(name=_FACE, size=11, bold=True)
                cell.number_format = "0" if isinstance(value, int) else "0.0#"
    for number, column in enumerate(columns, start=1):
        if column.key in {"number", "group"} and last > row:
            sheet.merge_cells(start_row=row, end_row=last, start_column=number, end_column=number)
    return last


def _notes(sheet: Worksheet, row: int, score: Score, words: ScoreWording) -> None:
    """Write under the table what the points add up to, and whose form it is."""
    notes = [words.total(score)]
    if score.to_confirm:
        notes.append(words.say("form.to_confirm", points=words.points(score.to_confirm)))
    if score.borrowed:
        notes.append(words.say("form.borrowed", number=score.form.number))
    notes += [words.banner(banner) for banner in score.banners]
    columns = score.form.columns
    if any(column.added for column in columns):
        added = words.list(column.words for column in columns if column.added)
        notes.append(words.say("form.added", columns=added))
    last = len(columns)
    for at, note in enumerate(notes, start=row):
        bold = at == row
        _across(sheet, at, last, note, Font(name=_FACE, size=10.5, bold=bold), 20)
