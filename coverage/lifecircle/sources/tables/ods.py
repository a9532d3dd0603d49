"""OpenDocument sheets (.ods) as raw rows with their merged blocks.

No library that is kept up hands over the merged blocks, and without them a town written once for
ten rows would be lost for nine. The format is plain: ``content.xml`` holds rows of cells, runs of
equal ones written once with a count.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.sources.tables.header import Block

__all__ = ["read_ods"]

_MOST_BYTES = 512 * 2**20
_MOST_CELLS = 5_000_000
_COLUMNS = 16_384
"""Bounds of what is read: far beyond any ledger, and short of filling the memory."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def read_ods(path: Path, sheet: str | None) -> tuple[str, list[list[Any]], list[Block]]:
    """Return a sheet's title, its rows of cells and its merged blocks.

    Raises
    ------
    SourceError
        There is no such sheet, or the content is too large to be a ledger.
    ElementTree.ParseError, zipfile.BadZipFile, KeyError
        The file is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("content.xml").file_size > _MOST_BYTES:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        with archive.open("content.xml") as stream:
            names, page = _page(stream, sheet)
    if page is None:
        raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
    return str(page.get(f"{_TABLE}name")), *_cells(page)


def _page(stream: Any, sheet: str | None) -> tuple[list[str], ET.Element | None]:
    """Return the names of the sheets met and the one asked for."""
    names = []
    for _, element in ET.iterparse(stream):  # noqa: S314 - expat bounds the expansion of entities
        if element.tag == f"{_TABLE}table":
            names.append(str(element.get(f"{_TABLE}name")))
            if sheet in {None, names[-1]}:
                return names, element
            element.clear()
    return names, None


def _cells(page: ET.Element) -> tuple[list[list[Any]], list[Block]]:
    records: list[list[Any]] = []
    blocks: list[Block] = []
    blank = count = 0
    for row in page.iter(f"{_TABLE}table-row"):
        times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        record, spans = _record(row)
        if not record:
            blank += times  # kept back: a sheet ends in a million blank rows
            continue
        count += blank + times * len(record)
        if count > _MOST_CELLS:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        records += [[] for _ in range(blank)]
        blank = 0
        at = len(records)
        blocks += [(at, west, at + down - 1, west + across - 1) for west, down, across in spans]
        records += [list(record) for _ in range(times)]
    return records, blocks


def _record(row: ET.Element) -> tuple[list[Any], list[tuple[int, int, int]]]:
    """Return a row's values up to the last that says something, and its merged blocks."""
    values: list[Any] = []
    spans = []
    blank = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        value = None if cell.tag == _CELLS[1] else _value(cell)
        if value is None:
            blank += times
            continue
        if len(values) + blank + times > _COLUMNS:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        values += [None] * blank
        blank = 0
        if down > 1 or across > 1:
            spans.append((len(values), down, across))
        values += [value] * times
    return values, spans


def _value(cell: ET.Element) -> Any:
    """Return a cell's value, typed as openpyxl types it; None for a blank one."""
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in {"float", "currency", "percentage"}:
        number = float(cell.get(f"{_OFFICE}value", "nan"))
        return int(number) if number.is_integer() else number
    if kind == "date":
        return dt.datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    # What an error cell shows (#N/A) is its text.
    return "\n".join("".join(p.itertext()) for p in cell.findall(f"{_TEXT}p")) or None
