"""Workbooks and their cells: data is text or number, never a formula; equal results equal bytes."""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.writer.excel import ExcelWriter

from lifecircle.model.cell import number_or_none
from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "BANNER_FILL",
    "BANNER_FONT",
    "COUNT",
    "DEGREES",
    "HEADING_FONT",
    "M2",
    "METRES",
    "MINUTES",
    "RULE",
    "SHARE",
    "SOFT_FONT",
    "TITLE_FONT",
    "VALUE",
    "AtLeast",
    "Column",
    "Rows",
    "argb",
    "book_bytes",
    "fill_worksheet",
    "first_worksheet",
    "fit_page",
    "frame_of",
    "new_book",
    "number_cell",
    "plain_text",
    "put",
    "rows_of",
    "style_header",
    "text_width",
    "without_clock",
    "write_book",
]

COUNT, M2, METRES, MINUTES, SHARE, VALUE = "#,##0", "#,##0.00", "#,##0", "0.0", "0.0%", "#,##0.0"
DEGREES = "0.000000"
"""Number formats."""

_A4_WIDTH = 160
"""Widest worksheet, in characters, readable on A4 landscape; wider ones are printed on A3."""
_LINE_POINTS = 17.0
"""Height of a line of text."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_HEADER_FILL = PatternFill("solid", fgColor="1D3557")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
RULE = Border(bottom=Side(style="thin", color="DFE3E7"))
"""The line under a row."""
TITLE_FONT = Font(bold=True, size=16, color="1D3557")
HEADING_FONT = Font(bold=True, size=13, color="1D3557")
SOFT_FONT = Font(color="5B6673")
"""Of labels and notes."""
BANNER_FONT, BANNER_FILL = Font(bold=True, color="6B4A00"), PatternFill("solid", fgColor="FFF4D6")


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


Rows: TypeAlias = "tuple[Sequence[Column], Iterator[list[Any]]]"
"""What stands in a worksheet: its columns, and a list of values a row."""


def new_book(title: str = "") -> Workbook:
    """Return a workbook of ours with one empty worksheet."""
    book = Workbook()
    book.properties.creator = "lifecircle"
    if title:
        book.properties.title = plain_text(title)
    return book


def first_worksheet(book: Workbook, title: str) -> Worksheet:
    """Return the worksheet that a new workbook has, under its title."""
    worksheet = cast("Worksheet", book.worksheets[0])
    worksheet.title = title
    return worksheet


def book_bytes(book: Workbook, day: dt.date) -> bytes:
    """Return the file's bytes, the same for the same workbook and day."""

    def save(stream: io.BytesIO) -> None:
        with zipfile.ZipFile(stream, "w") as stored:  # without_clock compresses, once
            ExcelWriter(book, stored).save()

    return without_clock(save, day)


def write_book(book: Workbook, path: Path, day: dt.date) -> Path:
    """Write a workbook with ``day`` for every time in it, and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    with whole_file(path) as part:
        part.write_bytes(book_bytes(book, day))
    return path


def argb(colour: str) -> str:
    """Return a colour such as ``#c4491a`` as a workbook has it."""
    return colour.lstrip("#").upper()


def plain_text(text: str) -> str:
    """Return text that a workbook can hold: what it cannot becomes "�"."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return str(ILLEGAL_CHARACTERS_RE.sub("�", whole))


def put(worksheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write ``value`` into a cell and return it: numbers as numbers, the rest as literal text.

    Text that a spreadsheet would take for a formula is stored as a string and marked as such
    (quote prefix), so that it stays text when the cell is edited. Characters that a workbook
    cannot hold become "�".
    """
    cell = cast("Cell", worksheet.cell(row, column))  # no cell of these worksheets is merged
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return cell
    if isinstance(value, bool | int | float):
        cell.value = value
        return cell
    text = plain_text(str(value))
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def style_header(cell: Cell) -> None:
    """Give a cell the look of a column's header."""
    cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def fill_worksheet(
    worksheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    words: Wording,
    first_row: int = 1,
) -> None:
    """Write a header and ``rows`` below it: filter, frozen header, widths, colours, print set-up.

    A row has one value a column; the header stands in ``first_row`` (counted from 1).
    """
    for number, column in enumerate(columns, start=1):
        style_header(put(worksheet, first_row, number, words.say(f"column.{column.code}")))
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    last, looks = first_row, _Looks()
    for last, row in enumerate(rows, start=first_row + 1):
        cells = zip(columns, row, strict=True)
        lines = max(
            _fill(worksheet, last, n, *cell, looks) for n, cell in enumerate(cells, start=1)
        )
        if lines > 1:  # programs differ in whether they fit rows to wrapped text when they open
            worksheet.row_dimensions[last].height = _LINE_POINTS * lines
    worksheet.row_dimensions[first_row].height = 32
    end = get_column_letter(len(columns))
    worksheet.auto_filter.ref = f"A{first_row}:{end}{last}"
    if first_row == 1:
        worksheet.freeze_panes = "C2"
    for number, column in enumerate(columns, start=1):
        if column.status and last > first_row:
            letter = get_column_letter(number)
            _colour_statuses(worksheet, f"{letter}{first_row + 1}:{letter}{last}", words)
    _set_print(worksheet, columns, first_row, last)


def _fill(
    worksheet: Worksheet, row: int, number: int, column: Column, value: Any, looks: _Looks
) -> int:
    """Write one cell of a column's; return how many lines its text takes."""
    low = isinstance(value, AtLeast)
    cell = put(worksheet, row, number, value.value if isinstance(value, AtLeast) else value)
    text = cell.data_type == "s"
    number_format = column.number_format if cell.data_type == "n" else None
    if number_format and low:
        number_format = f'"≥ "{number_format}'
    looks.give(cell, text=text, wrap=column.wrap, number_format=number_format)
    wrapped = text and column.wrap
    return math.ceil(text_width(str(cell.value)) / (column.width - 3)) if wrapped else 1


class _Looks:
    """How cells of one worksheet look: made once, copied to all that look the same.

    A workbook finds a style by comparing it with all others, which costs more than the cell.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bool, bool, bool, str | None], StyleArray] = {}

    def give(self, cell: Cell, *, text: bool, wrap: bool, number_format: str | None) -> None:
        """Give a cell the look of its kind."""
        key = text, wrap, bool(cell.quotePrefix), number_format
        if key in self._known:
            alike: Any = cell  # no public name, and openpyxl's own way of copying a look
            alike._style = copy(self._known[key])  # noqa: SLF001
            return
        cell.border = RULE
        # text keeps off the number that stands right-aligned before it
        cell.alignment = Alignment(
            wrap_text=wrap,
            vertical="top",
            horizontal="left" if text else None,
            indent=int(text),
        )
        if number_format:
            cell.number_format = number_format
        made: Any = cell
        self._known[key] = copy(made._style)  # noqa: SLF001


def fit_page(worksheet: Worksheet) -> None:
    """Print landscape, one page wide; on A4 where nothing else is said, never on Letter."""
    if worksheet.page_setup.paperSize is None:
        worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _set_print(worksheet: Worksheet, columns: Sequence[Column], first_row: int, last: int) -> None:
    """Print landscape, one page wide, the header on every page, without the lesser columns."""
    worksheet.print_title_rows = f"{first_row}:{first_row}"
    printed = [column for column in columns if not column.lesser]
    if len(printed) < len(columns):
        start = get_column_letter(len(printed) + 1)
        worksheet.column_dimensions.group(
            start, get_column_letter(len(columns)), outline_level=1, hidden=False
        )
        worksheet.print_area = f"A1:{get_column_letter(len(printed))}{last}"
    wide = sum(column.width for column in printed) > _A4_WIDTH
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A3 if wide else worksheet.PAPERSIZE_A4
    worksheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    fit_page(worksheet)


def text_width(text: str) -> int:
    """Return how many characters wide a text is; a Chinese character counts two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _colour_statuses(worksheet: Worksheet, cells: str, words: Wording) -> None:
    for status in Status:
        rule = CellIsRule(  # type: ignore[no-untyped-call]
            operator="equal",
            formula=[f'"{words.word("status", str(status))}"'],
            fill=PatternFill(bgColor=argb(STATUS_TINTS[status])),
            font=Font(bold=True, color=argb(STATUS_COLOURS[status])),
        )
        worksheet.conditional_formatting.add(cells, rule)


def frame_of(assessment: Assessment, name: str) -> pd.DataFrame:
    """Return a layer without its geometry."""
    frame = assessment.layers[name]
    return pd.DataFrame(frame.drop(columns=frame.geometry.name))


def rows_of(frame: pd.DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the label and the values of every row, as ``iterrows`` does, without a series a row."""
    names = [str(name) for name in frame.columns]
    values = (frame[name].tolist() for name in frame.columns)
    for label, *row in zip(frame.index, *values, strict=True):
        yield label, dict(zip(names, row, strict=True))


def number_cell(value: Any, words: Wording) -> float | str | None:
    """Return a number a cell can hold: infinity, which it cannot, in words."""
    found = number_or_none(value)
    return words.say("value.unreached") if found is not None and math.isinf(found) else found


def without_clock(save: Callable[[io.BytesIO], None], day: dt.date) -> bytes:
    """Return what ``save`` writes with ``day`` for every time in it: equal results, equal bytes.

    The moment of saving is stamped into the properties and into every member of the archive.
    """
    stream = io.BytesIO()
    save(stream)
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
