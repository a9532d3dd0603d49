"""Rows in bulk: the body of a worksheet kept as the text it is written as, not as cells.

openpyxl makes an object of every cell and an element of every object, which is most of the time
that a large workbook takes. What is written here is, byte for byte, what it would write.
"""

from __future__ import annotations

import io
import math
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from openpyxl.cell import Cell
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.merge import MergeCell, MergeCells
from openpyxl.writer.excel import ExcelWriter

from lifecircle.outputs.office.cells import RULE, is_formula_like, plain_text, put, text_width

if TYPE_CHECKING:
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.outputs.office.paper.ruled import Ruled

__all__ = ["BookWriter", "BulkRows", "Look", "Shown", "row_heights"]

_LINE_POINTS = 17.0
"""Height of a line of text."""
_ROW_POINTS = 15.0
"""Height of a row of one line, which programs fit themselves."""
_PAPER_POINTS = 4.0
"""Above and below the text of a ruled row, together."""
_MOST_CHARACTERS = 32767
"""Of a cell; what is longer is cut, by openpyxl too."""
_KNOWN_TEXTS = 1 << 15


class Look(NamedTuple):
    """What a cell of a table looks like, by what it holds."""

    text: bool
    wrap: bool
    quoted: bool
    number_format: str | None

    def give(self, cell: Cell, paper: Ruled | None = None) -> None:
        """Give a cell the look; that of a ``paper`` is ruled on all sides, in its font."""
        if self.quoted:
            cell.quotePrefix = True
        cell.border = RULE if paper is None else paper.box
        if paper is not None:
            cell.font = paper.font("TableText")
        # text keeps off the number that stands right-aligned before it
        cell.alignment = Alignment(
            wrap_text=self.wrap,
            vertical="top" if paper is None else "center",
            horizontal="left" if self.text else "right" if paper is not None else None,
            indent=int(self.text or paper is not None),
        )
        if self.number_format:
            cell.number_format = self.number_format


class Shown(NamedTuple):
    """What a cell holds, whether its text wraps, its column's width, the form of a number."""

    value: Any
    wrap: bool
    width: float
    number_format: str | None


class BulkRows:
    """Rows of one worksheet, written when the workbook is saved."""

    def __init__(self, worksheet: Worksheet, paper: Ruled | None = None) -> None:
        self._sheet, self._paper = worksheet, paper
        self._looks: dict[tuple[bool, bool, bool, str | None], Look] = {}
        self._styles: dict[Look, StyleArray] = {}
        self._rows: dict[int, tuple[int, bool, list[tuple[str, Look, str]]]] = {}
        self.points = 0.0
        """Height of the rows that are not folded, points."""
        self.heights: list[tuple[int, float]] = []
        """Row and height of each of them."""
        _BULK[worksheet] = self

    def add(self, row: int, cells: list[Shown], *, folded: bool = False) -> None:
        """Add a row, counted from 1, that stands above the last; ``folded``: hidden in a group."""
        most, written = 1, []
        for number, shown in enumerate(cells, start=1):
            kind, content, lines, look = self._told(shown)
            most = max(most, lines)
            written.append((get_column_letter(number), look, f' t="{kind}">{content}</c>'))
        self._rows[row] = most, folded, written
        self._grow(row, most, folded=folded)

    def put(self, row: int, cells: list[Shown], *, folded: bool = False) -> None:
        """Write a row as cells; ``folded``: hidden in a group."""
        most = 1
        for number, shown in enumerate(cells, start=1):
            _, _, lines, look = self._told(shown)
            most = max(most, lines)
            cell: Any = put(self._sheet, row, number, shown.value)
            cell._style = copy(self._styles[look])  # noqa: SLF001 - openpyxl copies a look so
        if (height := self._height(most)) is not None:
            self._sheet.row_dimensions[row].height = height
        if folded:
            self._sheet.row_dimensions[row].outlineLevel = 1
            self._sheet.row_dimensions[row].hidden = True
        self._grow(row, most, folded=folded)

    def _grow(self, row: int, lines: int, *, folded: bool) -> None:
        if not folded:
            height = self._height(lines) or _ROW_POINTS
            self.points += height
            self.heights.append((row, height))

    def _height(self, lines: int) -> float | None:
        """Return how high a row of so many lines is, points; None: programs fit it themselves."""
        if self._paper is not None:
            return _LINE_POINTS * lines + _PAPER_POINTS
        # programs differ in whether they fit rows to wrapped text when they open
        return _LINE_POINTS * lines if lines > 1 else None

    def _told(self, shown: Shown) -> tuple[str, str, int, Look]:
        """Return a cell's type and content, how many lines it takes, and its look."""
        value, wrap, _, number_format = shown
        kind, content, wide, quoted = _content(value)
        text = kind == _TEXT
        asked = (text, wrap, quoted, number_format if kind == "n" else None)
        look = self._looks.get(asked) or self._new_look(asked)
        lines = _lines(shown, wide) if text and wrap else 1
        return kind, content, lines, look

    def _new_look(self, asked: tuple[bool, bool, bool, str | None]) -> Look:
        """Make a look once: a workbook finds one slowly."""
        look = self._looks[asked] = Look(*asked)
        sample: Any = Cell(self._sheet, row=1, column=1)
        look.give(sample, self._paper)
        self._styles[look] = sample._style  # noqa: SLF001 - no public name
        return look

    def hold_apart(self, row: int) -> None:
        """Refuse a row that was added here and touched as cells: Excel calls such a file damaged.

        Raises
        ------
        ValueError
            The row was added.
        """
        if row in self._rows:
            msg = f"row {row} of {self._sheet.title} is written in bulk: it has no cells"
            raise ValueError(msg)

    def below(self, row: int | None) -> bytes:
        """Return the rows that stand before one (None: all that are left), and forget them."""
        due = [number for number in sorted(self._rows) if row is None or number < row]
        found: Any = self._sheet.parent
        number_of: dict[Look, int] = {}  # numbered as they are met, as openpyxl does
        parts = []
        for at in due:
            lines, folded, cells = self._rows.pop(at)
            parts.append(f'<row r="{at}"{self._dimension(lines, folded=folded)}>')
            for letter, look, tail in cells:
                if look not in number_of:
                    number_of[look] = found._cell_styles.add(self._styles[look])  # noqa: SLF001
                parts.append(f'<c r="{letter}{at}" s="{number_of[look]}"{tail}')
            parts.append("</row>")
        return "".join(parts).encode("ascii")

    def _dimension(self, lines: int, *, folded: bool) -> str:
        height = self._height(lines)
        if height is None and not folded:
            return ""
        attributes = dict(
            RowDimension(self._sheet, index=1, ht=height, hidden=folded, outlineLevel=int(folded))
        )
        return "".join(f' {name}="{value}"' for name, value in attributes.items())


def row_heights(worksheet: Worksheet) -> list[tuple[int, float]]:
    """Return row → height in points of what was written in bulk and is not folded away."""
    found = _BULK.get(worksheet)
    return [] if found is None else found.heights


def _lines(shown: Shown, wide: int) -> int:
    """Return how many lines a text takes that wraps, its own line breaks among them."""
    room = shown.width - 3
    own = str(shown.value).split("\n")
    if len(own) == 1:
        return math.ceil(wide / room)
    return sum(max(1, math.ceil(text_width(line) / room)) for line in own)


_BULK: WeakKeyDictionary[Any, BulkRows] = WeakKeyDictionary()
_TEXT = "inlineStr"


def _content(value: Any) -> tuple[str, str, int, bool]:
    """Return a cell's type, its content, how wide its text is, and whether it is quoted."""
    if type(value) is str:
        return _of_text(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "n", "", 0, False
    if isinstance(value, bool | int | float):
        return "b" if isinstance(value, bool) else "n", f"<v>{safe_string(value)}</v>", 0, False
    return _of_text(str(value))


@lru_cache(maxsize=_KNOWN_TEXTS)
def _of_text(value: str) -> tuple[str, str, int, bool]:
    text = plain_text(value)[:_MOST_CHARACTERS]
    if not text:
        return _TEXT, "", 0, False
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = safe.replace("\r", "&#13;").encode("ascii", "xmlcharrefreplace").decode("ascii")
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return _TEXT, f"<is><t{space}>{safe}</t></is>", text_width(text), is_formula_like(text)


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a worksheet, with the rows that are kept as text."""

    def __init__(self, ws: Any, out: io.BytesIO) -> None:
        super().__init__(ws, out)
        self.bytes = out

    def write_rows(self) -> None:
        bulk = _BULK.get(self.ws)
        if bulk is None:
            super().write_rows()
            return
        xf: Any = self.xf.send(True)  # noqa: FBT003 - as the function it stands for does
        with xf.element("sheetData"):
            for number, row in self.rows():
                bulk.hold_apart(number)
                self._write(xf, bulk.below(number))
                self.write_row(xf, row, number)
            self._write(xf, bulk.below(None))
        self.xf.send(None)

    def write_merged_cells(self) -> None:
        """Write the merged cells in order: openpyxl has a set, whose order differs by process."""
        ranges: Any = vars(self.ws).get("merged_cells")
        merged = () if ranges is None else ranges.sorted()
        if merged:
            self.xf.send(MergeCells(mergeCell=[MergeCell(str(one)) for one in merged]).to_tree())

    def _write(self, xf: Any, rows: bytes) -> None:
        if rows:
            xf.flush()
            self.bytes.write(rows)


class BookWriter(ExcelWriter):
    """openpyxl's writer of a workbook, with rows in bulk."""

    def write_worksheet(self, ws: Any) -> None:
        """Write one worksheet into the archive."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001 - as the method it stands for does
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # noqa: SLF001
        writer: Any = _SheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001
        archive: Any = vars(self)["_archive"]
        archive.writestr(ws.path[1:], writer.bytes.getvalue())
        self.manifest.append(ws)
