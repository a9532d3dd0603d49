"""Workbooks and their cells: data is text or number, never a formula; equal results equal bytes."""

from __future__ import annotations

import io
import math
import re
import zipfile
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pandas as pd
from lxml import etree
from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from lifecircle.model.cell import number_or_none
from lifecircle.model.status import Status
from lifecircle.outputs.office.bulk import AtLeast, BookWriter, BulkRows, Marked, Shown
from lifecircle.outputs.office.cells import RULE, plain_text, put, text_width
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.office.printing import fit_page, number_pages, set_print
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.paper.ruled import Ruled
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
    "Folded",
    "Marked",
    "Rows",
    "argb",
    "book_bytes",
    "fill_worksheet",
    "first_worksheet",
    "fit_page",
    "frame_of",
    "marked",
    "new_book",
    "number_cell",
    "number_pages",
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

_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
"""What a font says, in the order of the schema."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 5
"""Of zlib: 6, the usual one, takes half as long again for 6 % less of a large worksheet."""
_LARGE_PICTURE = 1 << 19
"""Bytes of a picture from which on it is not compressed once more: there is nothing to find."""
_HEADER_FILL = PatternFill("solid", fgColor="1D3557")
_HEADER_POINTS = 32.0
_HEADER_FONT = Font(bold=True, color="FFFFFF")
TITLE_FONT = Font(bold=True, size=16, color="1D3557")
HEADING_FONT = Font(bold=True, size=13, color="1D3557")
SOFT_FONT = Font(color="5B6673")
"""Of labels and notes."""
BANNER_FONT, BANNER_FILL = Font(bold=True, color="6B4A00"), PatternFill("solid", fgColor="FFF4D6")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the code of its header (``column.<code>`` of ``report``), its look.

    ``status`` columns hold the word of a status and are coloured by it. ``lesser`` columns stand
    last, in a group that folds away, and are not printed. ``heading`` is the header itself, where
    it is the name of something.
    """

    code: str
    width: float = 12
    number_format: str | None = None
    status: bool = False
    wrap: bool = False
    lesser: bool = False
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A row that says nothing at first sight: it stands last, in a group that is folded away."""

    cells: Sequence[Any]


Rows: TypeAlias = "tuple[Sequence[Column], Iterator[list[Any] | Folded]]"
"""What stands in a worksheet: its columns, and a list of values a row; folded ones last."""


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
            BookWriter(book, stored).save()

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


def style_header(cell: Cell) -> None:
    """Give a cell the look of a column's header."""
    cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def fill_worksheet(
    worksheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any] | Folded],
    words: Wording,
    first_row: int = 1,
    *,
    fold_note: Callable[[int], str] | None = None,
    paper: Ruled | None = None,
) -> int:
    """Write a header and ``rows`` below it: filter, frozen header, widths, colours, print set-up.

    A row has one value a column; the header stands in ``first_row`` (counted from 1). Where rows
    are folded, ``fold_note`` makes the line below them out of their number; a worksheet of folded
    rows alone is hidden. A table of a ``paper`` is ruled and set as the papers of Word are, and its
    columns are as wide as their headings need. Return how many rows there are.
    """
    columns, header = _fill_header(worksheet, columns, words, first_row, paper)
    last, folded, points = _fill_rows(worksheet, columns, rows, first_row, paper)
    end = get_column_letter(len(columns))
    worksheet.auto_filter.ref = f"A{first_row}:{end}{last}"
    if first_row == 1:
        worksheet.freeze_panes = "C2"
    for number, column in enumerate(columns, start=1):
        if column.status and last > first_row:
            letter = get_column_letter(number)
            _colour_statuses(worksheet, f"{letter}{first_row + 1}:{letter}{last}", words)
    if folded and fold_note is not None:
        put(worksheet, last + 1, 1, fold_note(folded)).font = SOFT_FONT
        worksheet.row_dimensions[last + 1].collapsed = True
        if folded == last - first_row:
            worksheet.sheet_state = "hidden"
    set_print(worksheet, columns, first_row, last + (folded > 0), (header, points))
    return last - first_row


def _fill_header(
    worksheet: Worksheet,
    columns: Sequence[Column],
    words: Wording,
    first_row: int,
    paper: Ruled | None,
) -> tuple[Sequence[Column], float]:
    """Write the header; return the columns as wide as they are, and its height in points."""
    told = [column.heading or words.say(f"column.{column.code}") for column in columns]
    named = [math.ceil(text_width(c.heading) / (c.width - 2)) for c in columns if c.heading]
    header = max([_HEADER_POINTS, *(17.0 * lines for lines in named)])
    if paper is not None:
        told = [paper.heading(heading) for heading in told]
        columns = [
            replace(column, width=paper.width(heading, column.width))
            for column, heading in zip(columns, told, strict=True)
        ]
        header = paper.head_points(told, [column.width for column in columns])
    look = None
    for number, (column, heading) in enumerate(zip(columns, told, strict=True), start=1):
        cell: Any = put(worksheet, first_row, number, heading)
        if look is not None:
            cell._style = copy(look)  # noqa: SLF001 - openpyxl copies a look so
        elif paper is None:
            style_header(cell)
            look = cell._style  # noqa: SLF001 - no public name
        else:
            paper.cell(cell, "TableHead", align="center")
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    worksheet.row_dimensions[first_row].height = header
    return columns, header


def _fill_rows(
    worksheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any] | Folded],
    first_row: int,
    paper: Ruled | None,
) -> tuple[int, int, float]:
    """Write the rows; return the number of the last, how many are folded, and their height."""
    # what is not printed makes no row higher
    shown = [Shown(c.wrap and not c.lesser, c.width, c.number_format) for c in columns]
    bulk, last, folded = BulkRows(worksheet, shown, paper), first_row, 0
    held: tuple[Sequence[Any], bool] | None = None
    for last, row in enumerate(rows, start=first_row + 1):
        if held is not None:
            bulk.add(last - 1, held[0], folded=held[1])
        away = isinstance(row, Folded)
        folded += away
        held = row.cells if isinstance(row, Folded) else row, away
    if held is not None:  # the last is of cells: a worksheet ends where its cells do
        bulk.put(last, held[0], folded=held[1])
    return last, folded, bulk.points


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
    return pd.DataFrame(frame).drop(columns=frame.active_geometry_name)


def rows_of(frame: pd.DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the label and the values of every row, as ``iterrows`` does, without a series a row."""
    if not len(frame):
        return
    names = [str(name) for name in frame.columns]
    values = (frame[name].tolist() for name in frame.columns)
    for label, *row in zip(frame.index, *values, strict=True):
        yield label, dict(zip(names, row, strict=True))


def number_cell(value: Any, words: Wording, unit: str = "m") -> float | str | None:
    """Return a number a cell can hold: infinity, which it cannot, in words of its unit."""
    if type(value) is float and math.isfinite(value):  # mostly
        return value
    found = number_or_none(value)
    return words.number(found, unit) if found is not None and math.isinf(found) else found


def marked(cell: Any, mark: str | None) -> Any:
    """Return a cell with a mark behind its number; None marks nothing, nor does a cell of text."""
    return Marked(cell, mark) if mark is not None and isinstance(cell, float) else cell


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
            elif name == "xl/styles.xml":
                data = _fonts_in_order(data)
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            picture = name.endswith(".png") and len(data) >= _LARGE_PICTURE
            member.compress_type = zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED
            target.writestr(member, data, compresslevel=_LEVEL)
    return result.getvalue()


def _fonts_in_order(styles: bytes) -> bytes:
    """Return the styles of a workbook with what a font says in the schema's order.

    openpyxl has an order of its own, which the first edition of the standard allows and the
    schema that Office itself holds a file to does not.
    """
    root = etree.fromstring(styles)
    space = f"{{{root.nsmap[None]}}}"
    for font in root.iter(f"{space}font"):
        font[:] = sorted(font, key=lambda one: _FONT.index(one.tag.removeprefix(space)))
    told: bytes = etree.tostring(root)
    return told
