"""Sheets: CSV files and Excel, WPS and LibreOffice workbooks as raw rows."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from typing import TYPE_CHECKING, Any

import openpyxl
import xlrd

from lifecircle.model.inputs.checkup import FRONT_SHEETS
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.header import plain, table_fields
from lifecircle.sources.tables.ods import read_ods

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.sources.tables.header import Block

__all__ = ["read_csv", "read_workbook"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATED = 20
"""Lines in which the separator is looked for."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


def read_csv(path: Path, encoding: str | None, headers: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a RawTable from a CSV file; every value is text.

    The separator is the one of ``, ; tab`` most frequent in the first lines.
    """
    raw = path.read_bytes()
    chosen = encoding or _csv_encoding(raw)
    try:
        text = raw.decode(chosen)
    except LookupError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="encoding_name") from error
    except UnicodeDecodeError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="encoding_wrong") from error
    top = "\n".join(text.split("\n", _SEPARATED)[:_SEPARATED])
    separator = max(",;\t", key=top.count)
    records = [
        [plain(cell) for cell in record]
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ]
    # A byte order mark declares the encoding; ASCII reads the same in any.
    say = encoding is None and not raw.isascii() and not raw.startswith(_MARKS)
    return table_fields(records, headers) | {
        "encoding": chosen.removesuffix("-sig"),
        "say_encoding": say,
    }


def _csv_encoding(raw: bytes) -> str:
    if raw.startswith(_MARKS[1:]):
        return "utf-16"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def read_workbook(path: Path, sheet: str | None, headers: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a RawTable from one sheet of a workbook, the first by default.

    Read by what the file is, not by what it is called: systems hand out .xlsx files named .xls.
    Values are those the program last computed; an error (#N/A) is text.

    Raises
    ------
    SourceError
        There is no such sheet, it is blank, or the file is no workbook or locked by a password.
    """
    with path.open("rb") as stream:
        start = stream.read(2048)
    if start.startswith(_OLE):
        title, records, blocks = _old(path, sheet)
    elif start.startswith(_ZIP):
        title, records, blocks = read_ods(path, sheet) if _ODS in start else _modern(path, sheet)
    elif start.lstrip().startswith(b"<"):
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="web_page")
    else:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="no_workbook")
    rows = [[plain(value) for value in record] for record in records]
    return table_fields(rows, headers, blocks) | {"sheet": title}


_Sheet = tuple[str, list[list[Any]], list["Block"]]


def _modern(path: Path, sheet: str | None) -> _Sheet:
    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
        book = openpyxl.load_workbook(stream, data_only=True)  # by path it minds the file's name
    try:
        names = [page.title for page in book.worksheets]
        if sheet is not None and sheet not in names:
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
        # A ledger that `check` has marked carries its list of problems in front.
        first = next((name for name in names if name not in FRONT_SHEETS), names[0])
        page = book[sheet or first]
        records = [list(row) for row in page.iter_rows(values_only=True)]
        blocks = [
            (block.min_row - 1, block.min_col - 1, block.max_row - 1, block.max_col - 1)
            for block in page.merged_cells.ranges
        ]
        return page.title, records, blocks
    finally:
        book.close()


def _old(path: Path, sheet: str | None) -> _Sheet:
    """Read an .xls file. Excel keeps a locked .xlsx in the same kind of container."""
    try:
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True)
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error) or "find workbook" in str(error)
        detail = "locked" if locked else "damaged"
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail=detail) from error
    names = book.sheet_names()
    if sheet is not None and sheet not in names:
        raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
    page = book.sheet_by_name(sheet) if sheet is not None else book.sheet_by_index(0)
    records = [
        [_old_value(page.cell(row, column), book.datemode) for column in range(page.ncols)]
        for row in range(page.nrows)
    ]
    blocks = [(north, west, south - 1, east - 1) for north, south, west, east in page.merged_cells]
    return page.name, records, blocks


def _old_value(cell: Any, datemode: int) -> Any:
    """Return the value of an .xls cell, typed as openpyxl types it."""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(cell.value) if cell.value.is_integer() else cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell.value or None
