"""OpenDocument sheets (.ods) as raw rows with their merged blocks.

No library that is kept up hands over the merged blocks and what is hidden or struck through, and
without them a town written once for ten rows would be lost for nine. The format is plain:
``content.xml`` holds rows of cells, runs of equal ones written once with a count.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.page import Page, Tab, mostly_struck
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from lifecircle.sources.books.page import Block

__all__ = ["OpenDocument"]

_MOST_BYTES = 512 * 2**20
_MOST_CELLS = 5_000_000
_COLUMNS = 16_384
"""Bounds of what is read: far beyond any ledger, and short of filling the memory."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_UNSEEN = frozenset({"collapse", "filter"})


class OpenDocument:
    """An OpenDocument workbook, read whole: its sheets stand one after the other in one part.

    Raises
    ------
    SourceError
        The content is too large to be a ledger.
    ElementTree.ParseError, zipfile.BadZipFile, KeyError
        The file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.tabs: list[Tab] = []
        self._pages: dict[str, Page] = {}
        self._struck: set[tuple[str | None, str | None]] = set()
        with zipfile.ZipFile(path) as archive:
            # the looks that have names stand in a part of their own, which not every program writes
            for part in ("styles.xml", "content.xml"):
                if part == "styles.xml" and part not in archive.namelist():
                    continue
                if archive.getinfo(part).file_size > _MOST_BYTES:
                    raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
                with archive.open(part) as stream:
                    self._read(stream)

    def page(self, title: str) -> Page:
        """Return the cells of a worksheet."""
        return self._pages[title]

    def _read(self, stream: Any) -> None:
        unseen: set[str | None] = set()
        # expat bounds the expansion of entities
        for _, element in ET.iterparse(stream):  # noqa: S314
            if element.tag == f"{_STYLE}style":
                self._look(element)
                looks = element.find(f"{_STYLE}table-properties")
                if looks is not None and looks.get(f"{_TABLE}display") == "false":
                    unseen.add(element.get(f"{_STYLE}name"))
            elif element.tag == f"{_TABLE}table":
                title = str(element.get(f"{_TABLE}name"))
                hidden = element.get(f"{_TABLE}style-name") in unseen
                if title not in self._pages:
                    self.tabs.append(Tab(title, hidden))
                    self._pages[title] = _page(element, self._struck)
                element.clear()

    def _look(self, style: ET.Element) -> None:
        """Keep a style, of cells or of text in them, whose text is struck through."""
        family, text = style.get(f"{_STYLE}family"), style.find(f"{_STYLE}text-properties")
        names = ("text-line-through-style", "text-line-through-type")
        lines = [] if text is None else [text.get(f"{_STYLE}{name}") for name in names]
        said = [line for line in lines if line is not None]
        parent = family, style.get(f"{_STYLE}parent-style-name")
        if ("none" not in said) if said else parent in self._struck:
            self._struck.add((family, style.get(f"{_STYLE}name")))


def _page(table: ET.Element, looks: AbstractSet[tuple[str | None, str | None]]) -> Page:
    """Return a sheet; ``looks``: the styles, by family and name, whose text is struck through."""
    records: list[list[Any]] = []
    blocks: list[Block] = []
    hidden: set[int] = set()
    uncomputed: dict[tuple[int, int], str] = {}
    struck: set[tuple[int, int]] = set()
    usual = _usual_looks(table)
    blank = count = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        record, spans, formulas = _record(row)
        if not record and not formulas:
            blank += times  # kept back: a sheet ends in a million blank rows
            continue
        count += blank + times * max(len(record), 1)
        if count > _MOST_CELLS:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        records += [[] for _ in range(blank)]
        blank = 0
        at = len(records)
        blocks += [(at, west, at + down - 1, west + across - 1) for west, down, across in spans]
        uncomputed |= {(at, column): formula for column, formula in formulas.items()}
        if row.get(f"{_TABLE}visibility") in _UNSEEN:
            hidden |= set(range(at, at + times))
        through = _struck(row, record, usual, looks)
        struck |= {(at + n, column) for n in range(times) for column in through}
        records += [list(record) for _ in range(times)]
    columns, lines = _hidden_columns(table), mostly_struck(_said(records, struck), struck)
    return Page(records, blocks, frozenset(hidden), columns, uncomputed, lines)


def _said(records: list[list[Any]], struck: set[tuple[int, int]]) -> dict[int, dict[int, Any]]:
    """Return the values of the rows of which some are struck through, by row and column."""
    rows = {row for row, _ in struck}
    return {at: {n: v for n, v in enumerate(records[at]) if v is not None} for at in rows}


def _usual_looks(table: ET.Element) -> list[str | None]:
    """Return the style of the cells of each column that have none of their own."""
    found: list[str | None] = []
    for column in table.iter(f"{_TABLE}table-column"):
        times = min(int(column.get(f"{_TABLE}number-columns-repeated", "1")), _COLUMNS)
        found += [column.get(f"{_TABLE}default-cell-style-name")] * times
    return found[:_COLUMNS]


def _struck(
    row: ET.Element,
    record: list[Any],
    usual: list[str | None],
    looks: AbstractSet[tuple[str | None, str | None]],
) -> list[int]:
    """Return the columns of a row's values that are struck through: the cell, or all its text."""
    found: list[int] = []
    if not looks:
        return found
    at, own = 0, row.get(f"{_TABLE}default-cell-style-name")
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _COLUMNS)
        look = cell.get(f"{_TABLE}style-name") or own
        through = bool(spans := list(cell.iter(f"{_TEXT}span"))) and all(
            ("text", span.get(f"{_TEXT}style-name")) in looks for span in spans
        )
        through &= "".join(cell.itertext()) == "".join("".join(s.itertext()) for s in spans)
        for column in range(at, min(at + times, len(record))):
            of_column = usual[column] if column < len(usual) else None
            if record[column] is not None and (
                through or ("table-cell", look or of_column) in looks
            ):
                found.append(column)
        at += times
    return found


def _hidden_columns(table: ET.Element) -> frozenset[int]:
    found: set[int] = set()
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        times = min(int(column.get(f"{_TABLE}number-columns-repeated", "1")), _COLUMNS)
        if column.get(f"{_TABLE}visibility") in _UNSEEN:
            found |= set(range(at, at + times))
        at += times
    return frozenset(found)


def _record(row: ET.Element) -> tuple[list[Any], list[tuple[int, int, int]], dict[int, str]]:
    """Return a row's values up to the last that says something, merged blocks, lost formulas."""
    values: list[Any] = []
    spans = []
    formulas: dict[int, str] = {}
    blank = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        value = None if cell.tag == _CELLS[1] else _value(cell)
        formula = cell.get(f"{_TABLE}formula")
        if value is None:
            if formula and cell.get(f"{_OFFICE}value-type") is None:
                formulas[len(values) + blank] = f"={formula.partition('=')[2] or formula}"
            blank += times
            continue
        if len(values) + blank + times > _COLUMNS:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        values += [None] * blank
        blank = 0
        if down > 1 or across > 1:
            spans.append((len(values), down, across))
        values += [value] * times
    return values, spans, formulas


def _value(cell: ET.Element) -> Any:
    """Return a cell's value, typed as those of other workbooks are; None for a blank one."""
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
