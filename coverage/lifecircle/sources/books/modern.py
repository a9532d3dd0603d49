"""Workbooks of Excel and WPS (``.xlsx``), read by their values.

No library hands over all that is asked here in one pass: values without their looks, what is
hidden, merged blocks, and formulas never computed. Each worksheet is one XML file of rows and
cells; a cell without a value costs nothing, however far down its format reaches.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.page import Page, Tab, filled_rows, mostly_struck
from lifecircle.sources.books.parts import Parts, unescaped
from lifecircle.sources.guards import refused
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.sources.books.page import Block

__all__ = ["ModernBook"]

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ROWS, _COLUMNS = 1 << 20, 1 << 14
_TRUE = frozenset({"1", "true", "on"})
_TEXTS = frozenset({"f", "v", "t"})


class ModernBook:
    """An open ``.xlsx`` workbook."""

    def __init__(self, path: Path) -> None:
        self._parts = Parts(path)
        self._strings: list[str] | None = None
        self._dates: frozenset[int] | None = None
        self._units: dict[int, str] = {}
        self._struck: frozenset[int] = frozenset()

    @property
    def tabs(self) -> list[Tab]:
        """The worksheets in their order."""
        return [Tab(sheet.title, sheet.hidden) for sheet in self._parts.sheets]

    def page(self, title: str) -> Page:
        """Return the cells of a worksheet."""
        member = next(sheet.member for sheet in self._parts.sheets if sheet.title == title)
        if self._strings is None or self._dates is None:
            self._strings, self._dates = self._parts.strings(), self._parts.date_styles()
            self._units = self._parts.unit_styles()
            self._struck = self._parts.struck_styles()
        reader = _Reader(self._strings, self._dates, self._units, self._parts.epoch, self._struck)
        with self._parts.stream(member) as stream:
            return reader.read(stream)

    def close(self) -> None:
        """Let the file go."""
        self._parts.close()


class _Reader:
    """Reads one worksheet as it is unpacked: rows and cells as expat meets them."""

    def __init__(
        self,
        strings: list[str],
        dates: frozenset[int],
        units: dict[int, str],
        epoch: dt.datetime,
        lined: frozenset[int],
    ) -> None:
        self.strings, self.dates, self.units, self.epoch = strings, dates, units, epoch
        self.lined = lined
        self.struck: set[tuple[int, int]] = set()
        self.cells: dict[int, dict[int, Any]] = {}
        self.blocks: list[Block] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.uncomputed: dict[tuple[int, int], str] = {}
        self.row, self.column = -1, -1
        self.kind, self.style = "n", 0
        self.said: dict[str, str] | None = None
        self.text: list[str] | None = None
        self.spoken = False

    def read(self, stream: Any) -> Page:
        """Return the page that a stream of XML describes."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.ParseFile(stream)
        rows = filled_rows(self.cells, self.uncomputed)
        return Page(
            rows,
            [block for block in map(_within(len(rows)), self.blocks) if block is not None],
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.uncomputed,
            mostly_struck(self.cells, self.struck),
        )

    def _begin(self, name: str, given: dict[str, str]) -> None:
        tag = name.rsplit("}", 1)[-1]
        if tag == "c":
            self._begin_cell(given)
        elif tag in _TEXTS:
            # the runs of an inline text stand in t, its pronunciation in t too, but under rPh
            self.text = [] if self.said is not None and not self.spoken else None
            if tag == "f" and self.said is not None:
                self.said.setdefault("f", "")
        elif tag == "rPh":
            self.spoken = True
        elif tag == "row":
            self._begin_row(given)
        elif tag == "col":
            self._columns(given)
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def _begin_row(self, given: dict[str, str]) -> None:
        number = given.get("r", "")
        self.row = int(number) - 1 if number.isdecimal() and number != "0" else self.row + 1
        if self.row >= _ROWS:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        self.column = -1
        if given.get("hidden") in _TRUE or _is_none(given.get("ht")):
            self.hidden_rows.add(self.row)

    def _begin_cell(self, given: dict[str, str]) -> None:
        found = _ADDRESS.fullmatch(given.get("r", ""))
        self.column = _number_of(found[1]) if found else self.column + 1
        self.kind = given.get("t", "n")
        style = given.get("s", "")
        self.style = int(style) if style.isdecimal() else 0
        self.said = {}

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end(self, name: str) -> None:
        tag = name.rsplit("}", 1)[-1]
        if tag in _TEXTS and self.text is not None:
            if self.said is not None:
                self.said[tag] = self.said.get(tag, "") + "".join(self.text)
            self.text = None
        elif tag == "rPh":
            self.spoken = False
        elif tag == "c" and self.said is not None:
            if self.said:
                self._keep(self.said)
            self.said = None

    def _keep(self, said: dict[str, str]) -> None:
        text = said.get("v", "") if self.kind != "inlineStr" else said.get("t", "")
        if not text:
            # a formula that says nothing when computed is marked as text
            if "f" in said and self.kind != "str":
                self.uncomputed[self.row, self.column] = f"={said['f']}"
            return
        if self.column >= _COLUMNS or self.row < 0:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="too_large")
        self.cells.setdefault(self.row, {})[self.column] = self._value(text)
        if self.style in self.lined:
            self.struck.add((self.row, self.column))

    def _value(self, text: str) -> Any:
        if self.kind == "s":
            at = int(text)
            return self.strings[at] or None if 0 <= at < len(self.strings) else None
        if self.kind == "n":
            return self._number(text)
        if self.kind == "b":
            return text.strip() in _TRUE
        return _iso(text) if self.kind == "d" else unescaped(text)

    def _number(self, text: str) -> Any:
        number = _figure(text)
        if self.style in self.units and not isinstance(number, str):
            return f"{text}{self.units[self.style]}"  # as it is shown: 3 with the format 0"亩"
        if self.style not in self.dates or isinstance(number, str):
            return number
        try:
            return _dated(from_excel(number, self.epoch), number)
        except (ValueError, OverflowError):
            return number

    def _columns(self, given: dict[str, str]) -> None:
        if given.get("hidden") in _TRUE or _is_none(given.get("width")):
            first, last = (given.get(name, "") for name in ("min", "max"))
            if first.isdecimal() and last.isdecimal():
                self.hidden_columns |= set(range(int(first) - 1, min(int(last), _COLUMNS)))

    def _merge(self, ref: str) -> None:
        ends = [_ADDRESS.fullmatch(part) for part in ref.split(":")]
        if ends and all(ends):
            corners = [(int(end[2]) - 1, _number_of(end[1])) for end in ends if end]
            (north, west), (south, east) = corners[0], corners[-1]
            self.blocks.append((north, west, south, east))


def _no_doctype(*_: Any) -> None:
    raise refused("xml_entities")


def _within(rows: int) -> Any:
    """Return what cuts a block at the last row that says something; None where it lies below."""

    def cut(block: Block) -> Block | None:
        north, west, south, east = block
        return None if north >= rows else (north, west, min(south, rows - 1), east)

    return cut


def _number_of(letters: str) -> int:
    """Return a column's number, A is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _is_none(size: str | None) -> bool:
    """Return whether a height or width is nothing at all."""
    try:
        return size is not None and float(size) == 0
    except ValueError:
        return False


def _figure(text: str) -> Any:
    """Return a number; a whole one without a fraction is an int, as it is shown."""
    try:
        return float(text) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        return unescaped(text)


def _dated(value: Any, number: float) -> Any:
    """Return what a number in a date's format means; a time of day or a span stays a number."""
    return value if isinstance(value, dt.date) else number


def _iso(text: str) -> Any:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return text
