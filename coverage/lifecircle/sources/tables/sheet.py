"""Sheets: CSV files and Excel, WPS and LibreOffice workbooks as raw rows."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Any

from openpyxl.utils import column_index_from_string

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.opening import is_text, open_book, unmarked_utf16
from lifecircle.sources.books.page import Page
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.choice import ALL, Candidate, choose
from lifecircle.sources.tables.header import plain, table_fields

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.sources.books.page import Book, Tab
    from lifecircle.sources.tables.choice import Asked, Wanted

__all__ = ["read_text", "read_workbook"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATED = 20
"""Lines in which the separator is looked for."""


def read_text(path: Path, encoding: str | None, wanted: Wanted) -> dict[str, Any]:
    """Return the fields of a RawTable from lines of separated text; every value is text.

    The separator is the one of ``, ; tab`` most frequent in the first lines; ``，`` where there is
    none of them.
    """
    raw = path.read_bytes()
    text, chosen = _decoded(raw, encoding)
    top = "\n".join(text.split("\n", _SEPARATED)[:_SEPARATED])
    separator = max(",;\t", key=top.count)
    separator = separator if separator in top or "，" not in top else "，"
    records = [
        [plain(cell) for cell in record]
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ]
    # A byte order mark declares the encoding; ASCII reads the same in any.
    marked = raw.startswith(_MARKS) and chosen.startswith("utf")
    plain_text = raw.isascii() and b"\0" not in raw
    say = encoding is None and not plain_text and not marked
    fields = table_fields(Page(records), wanted)
    return fields | {
        **_uneven(records, fields),
        "separator": separator,
        "encoding": chosen.removesuffix("-sig"),
        "say_encoding": say,
    }


def _decoded(raw: bytes, encoding: str | None) -> tuple[str, str]:
    """Return the text of a file, and the encoding that it is read by."""
    unproven = b"\0" in raw and not raw.startswith(_MARKS) and unmarked_utf16(raw) is None
    if encoding is None and unproven:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="zeros")
    chosen = encoding or _text_encoding(raw)
    try:
        return _unmarked(raw, chosen).decode(chosen), chosen
    except LookupError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="encoding_name") from error
    except UnicodeDecodeError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="encoding_wrong") from error


def _uneven(records: list[list[Any]], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the rows that have more or fewer cells than the header; blank ones behind are none.

    A header of two levels is as wide as both are: the lower may end before the upper.
    """
    width = max(map(column_index_from_string, fields["letters"].values()), default=0)
    found = {}
    for at, row in enumerate(fields["rows"]):
        cells = list(records[row - 1])
        while len(cells) > width and cells[-1] is None:
            cells.pop()
        if len(cells) != width:
            found[at] = tuple(cells)
    return {"uneven": found, "width": width}


def _unmarked(raw: bytes, encoding: str) -> bytes:
    """Return text without the mark of UTF-8 where it is none: scripts put it before GBK too."""
    return raw if encoding.lower().startswith("utf") else raw.removeprefix(codecs.BOM_UTF8)


def _text_encoding(raw: bytes) -> str:
    if raw.startswith(_MARKS[1:]):
        return "utf-16"
    if (wide := unmarked_utf16(raw)) is not None:
        return wide
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def read_workbook(
    path: Path, asked: Asked, encoding: str | None, wanted: Wanted
) -> list[dict[str, Any]]:
    """Return the fields of a RawTable of each sheet of a workbook that is to be read.

    Read by what the file is, not by what it is called: systems hand out .xlsx files and lines of
    text named .xls. Values are those the program last computed; an error (#N/A) is text.

    Raises
    ------
    SourceError
        There is no such sheet, it is blank, or the file is no workbook or locked by a password.
    """
    if is_text(path):
        return [read_text(path, encoding, wanted)]
    with open_book(path) as book:
        if not book.tabs:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="no_workbook")
        looked = asked is None or asked == ALL
        tables = {tab.title: _fields(book, tab, wanted) for tab in book.tabs if looked}
        candidates = [
            _candidate(tab, tables.get(tab.title), wanted, looked=looked) for tab in book.tabs
        ]
        contents = choose(candidates, asked)
        hidden = {tab.title: tab for tab in book.tabs}
        found = [tables.get(name) or _fields(book, hidden[name], wanted) for name in contents.read]
    if not any(found):
        raise SourceError(ProblemCode.LAYER_EMPTY)
    return [fields | {"contents": contents} for fields in found if fields is not None]


def _fields(book: Book, tab: Tab, wanted: Wanted) -> dict[str, Any] | None:
    """Return the fields of a sheet's table; None where it is blank."""
    page = book.page(tab.title)
    return table_fields(page, wanted) | {"sheet": tab.title} if page.records else None


def _candidate(
    tab: Tab, fields: dict[str, Any] | None, wanted: Wanted, *, looked: bool
) -> Candidate:
    if fields is None:
        return Candidate(tab.title, tab.hidden, 0 if looked else None)
    names = list(fields["frame"])
    rows = len(fields["rows"])
    return Candidate(tab.title, tab.hidden, rows, wanted.known(names), wanted.fits(names))
