"""Cells and sheets of the workbook: data is text or number, never a formula."""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.words.wording import number_or_none, text_or_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "COUNT",
    "DEGREES",
    "M2",
    "METRES",
    "MINUTES",
    "SHARE",
    "VALUE",
    "AtLeast",
    "Column",
    "fill_sheet",
    "frame_of",
    "name_cell",
    "number_cell",
    "put",
    "style_header",
    "without_clock",
    "word_cell",
]

COUNT, M2, METRES, MINUTES, SHARE, VALUE = "#,##0", "#,##0.00", "#,##0", "0.0", "0.0%", "#,##0.0"
DEGREES = "0.000000"
"""Number formats."""

_A4_WIDTH = 160
"""Widest sheet, in characters, that is readable on A4 landscape; wider ones are printed on A3."""
_LINE_POINTS = 17.0
"""Height of a line of text."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_HEADER_FILL = PatternFill("solid", fgColor="1D3557")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_RULE = Border(bottom=Side(style="thin", color="DFE3E7"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the code of its header (``column.<code>`` of ``report``), its look.

    ``status`` columns hold the word of a status and are coloured by it. ``lesser`` columns stand
    last, in a group that folds away, and are not printed.
    """

    code: str
    width: float = 12
    number_format: str | None = None
    status: bool = False
    wrap: bool = False
    lesser: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number known to be incomplete: it stays a number and is shown as ``≥ n``."""

    value: float


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write ``value`` into a cell and return it: numbers as numbers, the rest as literal text.

    Text that a spreadsheet would take for a formula is stored as a string and marked as such
    (quote prefix), so that it stays text when the cell is edited. Characters that a workbook
    cannot hold become "�".
    """
    cell = cast("Cell", sheet.cell(row, column))  # no cell of these sheets is merged
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return cell
    if isinstance(value, bool | int | float):
        cell.value = value
        return cell
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text)
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def style_header(cell: Cell) -> None:
    """Give a cell the look of a column's header."""
    cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def fill_sheet(
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    words: Wording,
    first_row: int = 1,
) -> None:
    """Write a header and ``rows`` below it: filter, frozen header, widths, colours, print set-up.

    A row has one value a column; the header stands in ``first_row`` (counted from 1).
    """
    for number, column in enumerate(columns, start=1):
        style_header(put(sheet, first_row, number, words.say(f"column.{column.code}")))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    last = first_row
    for last, row in enumerate(rows, start=first_row + 1):
        lines = 1
        for number, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            low = isinstance(value, AtLeast)
            cell = put(sheet, last, number, value.value if isinstance(value, AtLeast) else value)
            cell.border = _RULE
            text = cell.data_type == "s"
            # text keeps off the number that stands right-aligned before it
            cell.alignment = Alignment(
                wrap_text=column.wrap,
                vertical="top",
                horizontal="left" if text else None,
                indent=int(text),
            )
            if text and column.wrap:
                lines = max(lines, math.ceil(_width(str(cell.value)) / (column.width - 3)))
            if column.number_format and cell.data_type == "n":
                cell.number_format = f'"≥ "{column.number_format}' if low else column.number_format
        if lines > 1:  # programs differ in whether they fit rows to wrapped text when they open
            sheet.row_dimensions[last].height = _LINE_POINTS * lines
    sheet.row_dimensions[first_row].height = 32
    end = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{first_row}:{end}{last}"
    if first_row == 1:
        sheet.freeze_panes = "C2"
    for number, column in enumerate(columns, start=1):
        if column.status and last > first_row:
            letter = get_column_letter(number)
            _colour_statuses(sheet, f"{letter}{first_row + 1}:{letter}{last}", words)
    _set_print(sheet, columns, first_row, last)


def _set_print(sheet: Worksheet, columns: Sequence[Column], first_row: int, last: int) -> None:
    """Print landscape, one page wide, the header on every page, without the lesser columns."""
    sheet.print_title_rows = f"{first_row}:{first_row}"
    printed = [column for column in columns if not column.lesser]
    if len(printed) < len(columns):
        start = get_column_letter(len(printed) + 1)
        sheet.column_dimensions.group(
            start, get_column_letter(len(columns)), outline_level=1, hidden=False
        )
        sheet.print_area = f"A1:{get_column_letter(len(printed))}{last}"
    sheet.page_setup.orientation = "landscape"
    wide = sum(column.width for column in printed) > _A4_WIDTH
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if wide else sheet.PAPERSIZE_A4
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _width(text: str) -> int:
    """Return how many characters wide a text is; a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _colour_statuses(sheet: Worksheet, cells: str, words: Wording) -> None:
    for status in Status:
        rule = CellIsRule(  # type: ignore[no-untyped-call]
            operator="equal",
            formula=[f'"{words.word("status", str(status))}"'],
            fill=PatternFill(bgColor=STATUS_TINTS[status].lstrip("#").upper()),
            font=Font(bold=True, color=STATUS_COLOURS[status].lstrip("#").upper()),
        )
        sheet.conditional_formatting.add(cells, rule)


def frame_of(assessment: Assessment, name: str) -> pd.DataFrame:
    """Return a layer without its geometry."""
    frame = assessment.layers[name]
    return pd.DataFrame(frame.drop(columns=frame.geometry.name))


def number_cell(value: Any, words: Wording) -> float | str | None:
    """Return a number a cell can hold: infinity, which it cannot, in words."""
    found = number_or_none(value)
    return words.say("value.unreached") if found is not None and math.isinf(found) else found


def word_cell(vocabulary: str, key: Any, words: Wording) -> str | None:
    """Return a vocabulary's word; None for an empty cell."""
    return None if text_or_none(key) is None else words.word(vocabulary, key)


def name_cell(key: Any, words: Wording, layer: str) -> str | None:
    """Return the name of a row of ``layer``; None for an empty cell."""
    return None if text_or_none(key) is None else words.name(key, layer)


def without_clock(stream: io.BytesIO, day: dt.date) -> bytes:
    """Return the workbook with ``day`` for every time in it, so that equal results are equal bytes.

    openpyxl stamps the moment of saving into the properties and into every member of the archive.
    """
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(stream) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data)
    return result.getvalue()
