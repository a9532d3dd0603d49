"""The worksheet to hand in: the document's own table, filled in.

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

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break

from lifecircle.outputs.form.phrases import (
    clause_figure,
    marks_line,
    paper_name,
    plain_points,
    points_span,
    points_text,
    total_line,
)
from lifecircle.outputs.office.excel import fit_page, put
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.words.banners import banner_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.score import ItemScore, Score
    from lifecircle.model.rules.form import FormColumn, FormItem
    from lifecircle.outputs.words.wording import Wording

__all__ = ["fill_form"]

_PAPER = Ruled(FORM, "zh")
"""The document's table is Chinese in every language."""
_CENTRED = frozenset({"number", "group", "points", "check", "score"})
_LINE, _PADDING, _TALLEST = FORM.small_line, 8.0, 400.0
"""Points: a line of text, above and below it, the tallest row a workbook can have."""
_PAGE_WIDTH, _PAGE_HEIGHT = 842 - 2 * 36, 595 - 2 * 40
"""Points of A4 landscape within the margins (0.5 inch beside, 40 points above and below)."""
_CHARACTER, _CELL_EDGE = 5.25, 3.75
"""Points of a column's character and of its edges, in the default font."""
_FIRST_HEADER = 4
"""Row in which the header begins, below attachment number, title and who fills it in."""
_MOST_PAPERS = 8
"""Papers told in one cell; the list of papers has all."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table: the item, its cells, its height in points."""

    item: FormItem
    cells: tuple[Any, ...]
    height: float


def fill_form(worksheet: Worksheet, score: Score, words: Wording) -> None:
    """Write the document's table into ``worksheet``: headings, items, notes; A4 landscape."""
    columns = score.form.columns
    for number, column in enumerate(columns, start=1):
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    scale = _set_page(worksheet, columns)
    row, head = _headings(worksheet, score, words)
    used = sum(worksheet.row_dimensions[r].height or 15.0 for r in range(1, row + 1))
    lines = [_line(one, score, words) for one in score.items]
    first = row + 1
    for page, several in enumerate(_pages(lines, _PAGE_HEIGHT / scale, used, head)):
        if page:
            worksheet.row_breaks.append(Break(id=row))
        for _, group in groupby(several, key=lambda line: line.item.group):
            row = _group(worksheet, row + 1, list(group), columns)
    _notes(worksheet, row + 1, score, words)
    worksheet.print_area = f"A1:{get_column_letter(len(columns))}{worksheet.max_row}"
    worksheet.freeze_panes = f"A{first}"


def _set_page(worksheet: Worksheet, columns: Sequence[FormColumn]) -> float:
    """Set A4 landscape, one page wide; return the scale to expect (1.0: 100 %).

    Offices whose default font is wider shrink the worksheet more, and their pages are less full.
    """
    wide = sum(column.width * _CHARACTER + _CELL_EDGE for column in columns)
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    fit_page(worksheet)
    worksheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.55, footer=0.25)
    worksheet.print_options.horizontalCentered = True
    worksheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]
    return min(1.0, _PAGE_WIDTH / wide)


def _headings(worksheet: Worksheet, score: Score, words: Wording) -> tuple[int, float]:
    """Write attachment number, title, who fills it in, and the header.

    Returns the header's last row, and its height: it stands on every page.
    """
    columns, last = score.form.columns, len(score.form.columns)
    _PAPER.across(worksheet, 1, last, score.form.heading, "Heading 1", height=20)
    _PAPER.across(worksheet, 2, last, score.form.title["zh"], "PaperTitle", height=34)
    said = words.say("form.by", study=score.study, as_of=score.as_of.isoformat())
    _PAPER.across(worksheet, 3, last, said, height=18)
    return _header(worksheet, _FIRST_HEADER, columns)


def _header(worksheet: Worksheet, top: int, columns: Sequence[FormColumn]) -> tuple[int, float]:
    """Write the header from row ``top`` on: one row, or two where columns share a heading.

    Returns its last row, and its height in points.
    """
    deep = any(column.above for column in columns)
    bottom = top + deep
    for number, column in enumerate(columns, start=1):
        put(worksheet, top, number, column.above or column.words)
        if deep and column.above:
            put(worksheet, bottom, number, column.words)
        elif deep:
            _merge(worksheet, (top, bottom), (number, number))
    for above, several in groupby(enumerate(columns, start=1), key=lambda pair: pair[1].above):
        numbers = [number for number, _ in several]
        if above and len(numbers) > 1:
            for number in numbers[1:]:
                worksheet.cell(top, number).value = None
            _merge(worksheet, (top, top), (numbers[0], numbers[-1]))
    height = 20 if deep else 26
    for row in range(top, bottom + 1):
        worksheet.row_dimensions[row].height = height
        for cell in worksheet[row]:
            _PAPER.cell(cell, "TableHead", align="center")
    worksheet.print_title_rows = f"{top}:{bottom}"
    return bottom, float(height * (1 + deep))


def _merge(worksheet: Worksheet, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Merge the cells of the first to the last of ``rows`` and ``columns``."""
    worksheet.merge_cells(
        start_row=rows[0], end_row=rows[1], start_column=columns[0], end_column=columns[1]
    )


def _line(one: ItemScore, score: Score, words: Wording) -> _Line:
    item = one.item
    group = next(g for g in score.form.groups if g.id == item.group)
    responsible = words.say("form.responsible", lead=item.lead, units=item.units)
    cells = {
        "number": int(group.id),
        "group": group.words.replace("(", "\n(", 1),
        "item": item.words,
        "points": plain_points(item.points),
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


def _score(one: ItemScore, words: Wording) -> float | int | str:
    """Return the item's points; where a part is open, that they are, and what they can be."""
    if one.score is not None:
        return plain_points(one.score)
    return words.say("form.open", span=points_span(one.low, one.high, words))


def _materials(one: ItemScore, words: Wording) -> str:
    """Return the papers of an item, each once, then the figures that decided a part."""
    papers = [paper_name(paper, words) for part in one.parts for paper in part.materials]
    told = list(dict.fromkeys(filter(None, papers)))
    rest = len(told) - _MOST_PAPERS
    told = told[:_MOST_PAPERS]
    if rest > 0:
        told.append(words.say("form.more_papers", count=rest))
    figures = (
        clause_figure(clause, words)
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
    worksheet: Worksheet, row: int, lines: Sequence[_Line], columns: Sequence[FormColumn]
) -> int:
    """Write the items of one first-level indicator on one page; return the last row."""
    last = row + len(lines) - 1
    for at, line in enumerate(lines, start=row):
        worksheet.row_dimensions[at].height = line.height
        for number, (column, value) in enumerate(zip(columns, line.cells, strict=True), start=1):
            merged = column.key in {"number", "group"}
            cell = put(worksheet, at, number, None if merged and at > row else value)
            _PAPER.cell(cell, align="center" if column.key in _CENTRED else "left")
            if column.key == "score" and cell.data_type == "n":
                cell.font = _PAPER.font("TableStrong")
                cell.number_format = "0" if isinstance(value, int) else "0.0#"
    for number, column in enumerate(columns, start=1):
        if column.key in {"number", "group"} and last > row:
            _merge(worksheet, (row, last), (number, number))
    return last


def _notes(worksheet: Worksheet, row: int, score: Score, words: Wording) -> None:
    """Write under the table what the points add up to, and whose form it is."""
    notes = [total_line(score, words)]
    if score.to_confirm:
        notes.append(words.say("form.to_confirm", points=points_text(score.to_confirm)))
    if score.borrowed:
        notes.append(words.say("form.borrowed", number=score.form.number))
    notes += filter(None, (marks_line(score, words), *banner_lines(score, words)))
    columns = score.form.columns
    if any(column.added for column in columns):
        added = words.list(column.words for column in columns if column.added)
        notes.append(words.say("form.added", columns=added))
    last = len(columns)
    for at, note in enumerate(notes, start=row):
        style = "TableStrong" if at == row else "TableText"
        _PAPER.across(worksheet, at, last, note, style, height=20)
