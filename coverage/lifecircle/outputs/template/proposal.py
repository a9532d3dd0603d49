"""The workbook of an empty proposal: its facts one a line, its plots, what it plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from lifecircle.errors import OutputError
from lifecircle.model.dictionary import PROPOSAL_PARTS, columns
from lifecircle.outputs.office.excel import (
    TITLE_FONT,
    book_bytes,
    fit_page,
    new_book,
    put,
    style_header,
)
from lifecircle.outputs.template.book import fill_of, offer_words, vocabulary
from lifecircle.outputs.template.columns import header_of
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["proposal_bytes", "write_proposal_template"]

_STEPS = ("fill", "place", "blank", "run")
_DATUMS = ("cgcs2000", "wgs84", "gcj02", "bd09", "EPSG:4548")
_NEEDED = {"name", "coordinates", "households_planned", "kinds", "floor_area_m2", "lon", "lat"}
"""Columns without which a proposal comes back, or cannot be decided."""
_WIDTHS = (26, 24, 8, 72)
_ROWS = 60
"""Rows that drop-downs reach down to: a proposal is small."""


def write_proposal_template(folder: Path, day: dt.date, *, language: str, coordinates: str) -> Path:
    """Write the workbook into ``folder`` and return its path.

    Raises
    ------
    OutputError
        The folder is a file, has such a workbook already, or cannot be written.
    """
    path = folder / Wording(language, "init").say("proposal.file")
    if path.exists() or (folder.exists() and not folder.is_dir()):
        raise OutputError(f"{path}")
    with whole_file(path) as part:
        part.write_bytes(proposal_bytes(day, language=language, coordinates=coordinates))
    return path


def proposal_bytes(day: dt.date, *, language: str, coordinates: str) -> bytes:
    """Return the workbook, the same bytes for the same words."""
    words = Wording(language, "init")
    book = new_book()
    _guide(book.worksheets[0], words)
    lists = book.create_sheet(words.say("sheet.lists"))
    for number, part in enumerate(PROPOSAL_PARTS, start=1):
        worksheet = book.create_sheet(words.say(f"proposal.sheet.{part}"), number)
        fill = _facts if part == "project" else _rows
        fill(worksheet, lists, part, words)
    project = book.worksheets[1]
    for row in project.iter_rows(min_row=2):
        if row[0].value == header_name(columns("project")["coordinates"], language):
            row[1].value = coordinates
    lists.sheet_state = "hidden"
    return book_bytes(book, day)


def header_name(spec: ColumnSpec, language: str) -> str:
    """Return what a fact is called, without its unit, which has a column of its own."""
    return spec.aliases[0] if language == "zh" else spec.name


def _specs(part: str) -> list[ColumnSpec]:
    return [spec for spec in columns(part).values() if spec.name != "illustrative"]


def _guide(worksheet: Worksheet, words: Wording) -> None:
    worksheet.title = words.say("sheet.guide")
    worksheet.column_dimensions["A"].width = 110
    worksheet.sheet_view.showGridLines = False
    put(worksheet, 1, 1, words.say("proposal.title")).font = TITLE_FONT
    for number, step in enumerate(_STEPS, start=1):
        cell = put(worksheet, number + 1, 1, f"{number}. {words.say(f'proposal.{step}')}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        worksheet.row_dimensions[number + 1].height = 34
    fit_page(worksheet)


def _facts(worksheet: Worksheet, lists: Worksheet, part: str, words: Wording) -> None:
    """Write one line a fact: name, value, unit, what it means."""
    for number, head in enumerate(("item", "value", "unit", "note"), start=1):
        style_header(put(worksheet, 1, number, words.say(f"proposal.head.{head}")))
        worksheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[number - 1]
    for line, spec in enumerate(_specs(part), start=2):
        name = put(worksheet, line, 1, header_name(spec, words.language))
        name.font = Font(bold=spec.name in _NEEDED)
        put(worksheet, line, 3, spec.unit or None)
        note = put(worksheet, line, 4, spec.description[words.language])
        note.alignment = Alignment(wrap_text=True, vertical="top")
        if spec.type in {"code", "text", "serves"}:
            worksheet.cell(line, 2).number_format = "@"
        offered = _offered(part, spec, words)
        if offered:
            cells = _listed(lists, offered)
            offer_words(worksheet, f"B{line}", cells, several=spec.name == "coordinates")
    worksheet.freeze_panes = "B2"
    fit_page(worksheet)


def _rows(worksheet: Worksheet, lists: Worksheet, part: str, words: Wording) -> None:
    """Write a header for each column, with its note and its drop-down."""
    for number, spec in enumerate(_specs(part), start=1):
        letter = get_column_letter(number)
        cell = put(worksheet, 1, number, header_of(spec, words.language))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = fill_of(required=spec.name in _NEEDED, counted=False)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(spec.description[words.language], "lifecircle", 120, 280)
        worksheet.column_dimensions[letter].width = 24 if spec.name in {"name", "kinds"} else 15
        if spec.type in {"code", "text", "serves"}:
            for row in range(2, _ROWS):
                worksheet.cell(row, number).number_format = "@"
        offered = _offered(part, spec, words)
        if offered:
            cells = _listed(lists, offered)
            span = f"{letter}2:{letter}{_ROWS}"
            offer_words(worksheet, span, cells, several=spec.type == "kinds")
    worksheet.row_dimensions[1].height = 32
    worksheet.freeze_panes = "C2"
    fit_page(worksheet)


def _offered(part: str, spec: ColumnSpec, words: Wording) -> tuple[str, ...]:
    if spec.name == "coordinates":
        return _DATUMS
    return vocabulary("residential" if part == "plots" else part, spec, words.language)


def _listed(lists: Worksheet, offered: tuple[str, ...]) -> str:
    """Write the words of a drop-down into a column of their own; return the cells."""
    taken = 0 if lists["A1"].value is None else lists.max_column
    letter = get_column_letter(taken + 1)
    for number, text in enumerate(offered, start=1):
        put(lists, number, taken + 1, text)
    return f"'{lists.title}'!${letter}$1:${letter}${len(offered)}"
