"""Sheets: CSV files and Excel, WPS and LibreOffice workbooks as raw rows."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.checkup import FRONT_SHEETS
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.opening import is_text, open_book
from lifecircle.sources.books.page import Page
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.header import plain, table_fields

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_text", "read_workbook"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATED = 20
"""Lines in which the separator is looked for."""


def read_text(path: Path, encoding: str | None, headers: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a RawTable from lines of separated text; every value is text.

    The separator is the one of ``, ; tab`` most frequent in the first lines.
    """
    raw = path.read_bytes()
    chosen = encoding or _text_encoding(raw)
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
    return table_fields(Page(records), headers) | {
        "encoding": chosen.removesuffix("-sig"),
        "say_encoding": say,
    }


def _text_encoding(raw: bytes) -> str:
    if raw.startswith(_MARKS[1:]):
        return "utf-16"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def read_workbook(
    path: Path, sheet: str | None, encoding: str | None, headers: frozenset[str]
) -> dict[str, Any]:
    """Return the fields of a RawTable from one sheet of a workbook, the first by default.

    Read by what the file is, not by what it is called: systems hand out .xlsx files and lines of
    text named .xls. Values are those the program last computed; an error (#N/A) is text.

    Raises
    ------
    SourceError
        There is no such sheet, it is blank, or the file is no workbook or locked by a password.
    """
    if is_text(path):
        return read_text(path, encoding, headers)
    with open_book(path) as book:
        names = [tab.title for tab in book.tabs]
        if not names:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="no_workbook")
        if sheet is not None and sheet not in names:
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
        # A ledger that `check` has marked carries its list of problems in front.
        first = next((name for name in names if name not in FRONT_SHEETS), names[0])
        page = book.page(sheet or first)
    return table_fields(page, headers) | {"sheet": sheet or first}
