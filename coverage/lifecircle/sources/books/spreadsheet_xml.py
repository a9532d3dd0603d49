"""XML Spreadsheet 2003: one XML file of worksheets, which systems still export, named ``.xls``."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.page import Page, Tab, filled_rows
from lifecircle.sources.guards import refused
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.sources.books.page import Block

__all__ = ["SpreadsheetXml", "is_spreadsheet_xml"]

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_OF = f"{{{_NAMESPACE}}}"
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")
_PROLOG = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_LARGEST = 1 << 28
_MOST = 1 << 20


def is_spreadsheet_xml(start: bytes) -> bool:
    """Return whether a file's first bytes are those of an XML Spreadsheet 2003."""
    plain = start.replace(b"\0", b"")  # UTF-16 is told by its words all the same
    return _NAMESPACE.encode() in plain or b'progid="Excel.Sheet"' in plain


class SpreadsheetXml:
    """An XML Spreadsheet 2003.

    Raises
    ------
    SourceError
        It is too large, in an encoding that nobody knows, or not well formed.
    """

    def __init__(self, path: Path) -> None:
        root = _tree(path.read_bytes())
        self._pages = {page.get(f"{_OF}Name", ""): page for page in root.iter(f"{_OF}Worksheet")}

    @property
    def tabs(self) -> list[Tab]:
        """The worksheets in their order."""
        return [Tab(title, _unseen(page)) for title, page in self._pages.items()]

    def page(self, title: str) -> Page:
        """Return the cells of a worksheet."""
        table = self._pages[title].find(f"{_OF}Table")
        cells: dict[int, dict[int, Any]] = {}
        blocks: list[Block] = []
        hidden: set[int] = set()
        uncomputed: dict[tuple[int, int], str] = {}
        row = -1
        for line in () if table is None else table.findall(f"{_OF}Row"):
            row = _place(line, row)
            if line.get(f"{_OF}Hidden") == "1" or line.get(f"{_OF}Height") == "0":
                hidden.add(row)
            column = -1
            for cell in line.findall(f"{_OF}Cell"):
                column = _place(cell, column)
                across, down = (_count(cell, f"Merge{way}") for way in ("Across", "Down"))
                if across or down:
                    blocks.append((row, column, row + down, column + across))
                value = _value(cell.find(f"{_OF}Data"))
                if value is not None:
                    cells.setdefault(row, {})[column] = value
                elif cell.get(f"{_OF}Formula"):
                    uncomputed[row, column] = cell.get(f"{_OF}Formula", "")
                column += across
            row += _count(line, "Span")
        return Page(
            filled_rows(cells, uncomputed), blocks, frozenset(hidden), _columns(table), uncomputed
        )


def _tree(data: bytes) -> ET.Element:
    if len(data) > _LARGEST:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
    declared = _DECLARED.match(data)
    encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
    if encoding.lower() in {"gb2312", "gbk", "gb_2312-80"}:
        encoding = "gb18030"  # what these names leave out is written under them all the same
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="encoding_wrong") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refused("xml_entities")
    try:
        # The declaration goes, since the text is decoded; the parser knows no GB 18030.
        return ET.fromstring(_PROLOG.sub("", text).lstrip("\ufeff"))  # noqa: S314 - no entities
    except ET.ParseError as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="damaged") from error


def _unseen(page: ET.Element) -> bool:
    words = (e.text or "" for e in page.iter() if e.tag.rsplit("}", 1)[-1] == "Visible")
    return any(word.strip() in {"SheetHidden", "SheetVeryHidden"} for word in words)


def _count(element: ET.Element, name: str) -> int:
    text = element.get(f"{_OF}{name}", "0")
    return min(int(text), _MOST) if text.isdecimal() else 0


def _place(element: ET.Element, last: int) -> int:
    """Return where a row or cell stands: at its index, else behind the last."""
    index = _count(element, "Index")
    return index - 1 if index else last + 1


def _columns(table: ET.Element | None) -> frozenset[int]:
    found: set[int] = set()
    at = -1
    for element in () if table is None else table.findall(f"{_OF}Column"):
        at = _place(element, at)
        span = _count(element, "Span")
        if element.get(f"{_OF}Hidden") == "1" or element.get(f"{_OF}Width") == "0":
            found |= set(range(at, at + span + 1))
        at += span
    return frozenset(found)


def _value(data: ET.Element | None) -> Any:
    if data is None:
        return None
    text = "".join(data.itertext())
    kind = data.get(f"{_OF}Type", "String")
    if not text.strip():
        return None
    try:
        if kind == "Number":
            number = float(text)
            return int(number) if number.is_integer() and "e" not in text.lower() else number
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        return text
    return text.strip() == "1" if kind == "Boolean" else text
