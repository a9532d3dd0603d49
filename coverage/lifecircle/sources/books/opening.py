"""Which kind of workbook a file is: told by what it holds, not by what it is called."""

from __future__ import annotations

import unicodedata
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.modern import ModernBook
from lifecircle.sources.books.ods import OpenDocument
from lifecircle.sources.books.spreadsheet_xml import SpreadsheetXml, is_spreadsheet_xml
from lifecircle.sources.guards import check_content
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lifecircle.sources.books.page import Book

__all__ = ["BOOK_SUFFIXES", "is_book", "is_text", "open_book", "unmarked_utf16"]

BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xml")
"""Endings of workbooks."""

_START = 4096
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = frozenset(range(32)) - {9, 10, 13}


def is_book(path: Path) -> bool:
    """Return whether a file is a packed workbook, whatever its name: some are called ``.csv``."""
    with path.open("rb") as stream:
        return stream.read(len(_OLE)).startswith((_ZIP, _OLE))


def is_text(path: Path) -> bool:
    """Return whether a file is lines of text, whatever its name: systems call them ``.xls`` too."""
    with path.open("rb") as stream:
        start = stream.read(_START)
    if start.startswith(_MARKS):
        return not start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
    wide = unmarked_utf16(start[: len(start) // 2 * 2])
    start = start if wide is None else start.decode(wide, "replace").encode("utf-8")
    separated = any(mark in start for mark in (b"\t", b",", b";"))
    return separated and not _CONTROLS & set(start) and not start.lstrip().startswith(b"<")


def unmarked_utf16(raw: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in; None where that is not proven, or it is not.

    No other text has zeros: in UTF-16 they are the upper half of separators, digits and ends of
    lines (and the lower of some characters, as 一). Read from the wrong side, an end of a line is
    no character.
    """
    if b"\0" not in raw or len(raw) % 2:
        return None
    first, second = raw[::2].count(0), raw[1::2].count(0)
    name = "utf-16-be" if first > second else "utf-16-le"
    text = raw.decode(name, "replace")
    ends = "\n" in text or "\r" in text
    return name if ends and not any(map(_strange, set(text[:-1]))) else None


def _strange(character: str) -> bool:
    """Return whether text never has a character: controls, private ones, what is none."""
    odd = unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"}
    return character == "\ufffd" or (odd and character not in "\t\r\n")


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open a workbook for the block.

    Systems hand out ``.xlsx`` files named ``.xls``, and worse.

    Raises
    ------
    SourceError
        The file is no workbook, locked by a password, damaged, or one that would harm its reader.
    OSError
        It cannot be read.
    """
    with path.open("rb") as stream:
        start = stream.read(_START)
    try:
        if start.startswith(_OLE):
            from lifecircle.sources.books.old import OldBook  # noqa: PLC0415 - loads xlrd

            yield OldBook(path)
        elif start.startswith(_ZIP):
            check_content(path)
            if _ODS in start:
                yield OpenDocument(path)
            else:
                book = ModernBook(path)
                try:
                    yield book
                finally:
                    book.close()
        elif is_spreadsheet_xml(start):
            yield SpreadsheetXml(path)
        else:
            page = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
            detail = "web_page" if page else "no_workbook"
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail=detail)
    except (ET.ParseError, expat.ExpatError, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="damaged") from error
