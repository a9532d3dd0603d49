"""Rows in bulk: the body of a worksheet kept as the text it is written as, not as cells.

openpyxl makes an object of every cell and an element of every object, which is most of the time
that a large workbook takes. What is written here is, byte for byte, what it would write.
"""

from __future__ import annotations

import io
import math
from copy import copy
from dataclasses import dataclass
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
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.outputs.office.paper.ruled import Ruled

__all__ = ["AtLeast", "BookWriter", "BulkRows", "Look", "Marked", "Shown", "row_heights"]

_LINE_POINTS = 17.0
"""Height of a line of text."""
_ROW_POINTS = 15.0
"""Height of a row of one line, which programs fit themselves."""
_PAPER_POINTS = 4.0
"""Above and below the text of a ruled row, together."""
_MOST_CHARACTERS = 32767
"""Of a cell; what is longer is cut, by openpyxl too."""
_KNOWN_TEXTS = 1 << 15
_ROW = "\0"
"""Stands for a row's number: no XML holds it."""


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
    """How a column shows its cells: whether text wraps, its width, the form of a number."""

    wrap: bool
    width: float
    number_format: str | None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number known to be incomplete: it stays a number and is shown as ``≥ n``."""

    value: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A number shown with a mark behind it, and still a number."""

    value: float
    mark: str


class _Row(NamedTuple):
    """A row as it is kept: how many lines it takes, and of each cell its look and its text."""

    lines: int
    folded: bool
    looks: tuple[Look, ...]
    tails: tuple[str, ...]


class BulkRows:
    """Rows of one worksheet, written when the workbook is saved.

    Parameters
    ----------
    columns
        How each column shows its cells.
    paper
        Whose look cells have; a worksheet's own by default.
    """

    def __init__(
        self, worksheet: Worksheet, columns: Iterable[Shown], paper: Ruled | None = None
    ) -> None:
        self._sheet, self._paper = worksheet, paper
        self._columns = [_Cells(shown, self._look) for shown in columns]
        self._looks: dict[tuple[bool, bool, bool, str | None], Look] = {}
        self._styles: dict[Look, StyleArray] = {}
        self._rows: dict[int, _Row] = {}
        self.points = 0.0
        """Height of the rows that are not folded, points."""
        self.heights: list[tuple[int, float]] = []
        """Row and height of each of them."""
        _BULK[worksheet] = self

    def add(self, row: int, values: Sequence[Any], *, folded: bool = False) -> None:
        """Add a row, counted from 1, that stands above the last; ``folded``: hidden in a group.

        A value a column: text, a number, ``AtLeast``, ``Marked`` or nothing.
        """
        looks, tails, lines = self._told(values)
        self._rows[row] = _Row(max(lines), folded, looks, tails)
        self._grow(row, max(lines), folded=folded)

    def put(self, row: int, values: Sequence[Any], *, folded: bool = False) -> None:
        """Write a row as cells; ``folded``: hidden in a group."""
        looks, _, lines = self._told(values)
        for number, (value, look) in enumerate(zip(values, looks, strict=True), start=1):
            held = value.value if isinstance(value, AtLeast | Marked) else value
            cell: Any = put(self._sheet, row, number, held)
            cell._style = copy(self._styles[look])  # noqa: SLF001 - openpyxl copies a look so
        if (height := self._height(max(lines))) is not None:
            self._sheet.row_dimensions[row].height = height
        if folded:
            self._sheet.row_dimensions[row].outlineLevel = 1
            self._sheet.row_dimensions[row].hidden = True
        self._grow(row, max(lines), folded=folded)

    def _told(
        self, values: Sequence[Any]
    ) -> tuple[tuple[Look, ...], tuple[str, ...], tuple[int, ...]]:
        """Return of every cell its look, what is written behind it, and how many lines it takes."""
        told = [
            (cells.texts.get(v) if type(v) is str else None) or cells.told(v)
            for cells, v in zip(self._columns, values, strict=True)
        ]
        looks, tails, lines = zip(*told, strict=True)
        return looks, tails, lines

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

    def _look(self, *asked: Any) -> Look:
        """Return a look, made once: a workbook finds one slowly."""
        if asked not in self._looks:
            look = self._looks[asked] = Look(*asked)
            sample: Any = Cell(self._sheet, row=1, column=1)
            look.give(sample, self._paper)
            self._styles[look] = sample._style  # noqa: SLF001 - no public name
        return self._looks[asked]

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
        forms: dict[tuple[Look, ...], str] = {}
        sizes: dict[tuple[int, bool], str] = {}
        parts = []
        for at in due:
            lines, folded, looks, tails = self._rows.pop(at)
            if looks not in forms:  # numbered as they are met, as openpyxl does
                forms[looks] = self._form(looks)
            size = sizes.get((lines, folded))
            if size is None:
                size = sizes[lines, folded] = self._dimension(lines, folded=folded)
            cells = forms[looks].replace(_ROW, str(at)) % tails
            parts.append(f'<row r="{at}"{size}>{cells}</row>')
        return "".join(parts).encode("ascii")

    def _form(self, looks: tuple[Look, ...]) -> str:
        """Return the cells of such a row: ``_ROW`` for its number, ``%s`` for what each has."""
        book: Any = self._sheet.parent
        styles = [book._cell_styles.add(self._styles[look]) for look in looks]  # noqa: SLF001
        return "".join(
            f'<c r="{get_column_letter(n)}{_ROW}" s="{style}"%s'
            for n, style in enumerate(styles, start=1)
        )

    def _dimension(self, lines: int, *, folded: bool) -> str:
        height = self._height(lines)
        if height is None and not folded:
            return ""
        attributes = dict(
            RowDimension(self._sheet, index=1, ht=height, hidden=folded, outlineLevel=int(folded))
        )
        return "".join(f' {name}="{value}"' for name, value in attributes.items())


class _Cells:
    """The cells of one column; a text that comes again is told once."""

    def __init__(self, shown: Shown, look: Callable[..., Look]) -> None:
        self._shown, self._look = shown, look
        self.texts: dict[str, tuple[Look, str, int]] = {}
        self._number: Look | None = None
        self._forms: dict[str, _Cells] = {}

    def told(self, value: Any) -> tuple[Look, str, int]:
        """Return a cell's look, what is written behind it, and how many lines it takes."""
        kind = type(value)
        if kind is str:
            return self.texts.get(value) or self._text(value)
        if kind is int or (kind is float and math.isfinite(value)):
            return self._number or self._numbers(), f' t="n"><v>{value:.16g}</v></c>', 1
        if value is None:
            return self._number or self._numbers(), ' t="n"></c>', 1
        return self._seldom(value)

    def _seldom(self, value: Any) -> tuple[Look, str, int]:
        if isinstance(value, float) and math.isnan(value):
            return self._number or self._numbers(), ' t="n"></c>', 1
        if isinstance(value, AtLeast):
            return self._formed('"≥ "{}').told(value.value)
        if isinstance(value, Marked):
            return self._formed(f'{{}}"{value.mark}"').told(value.value)
        if isinstance(value, bool):
            look = self._look(False, self._shown.wrap, False, None)  # noqa: FBT003 - a look's
            return look, f' t="b"><v>{safe_string(value)}</v></c>', 1
        if isinstance(value, int | float):
            return self._number or self._numbers(), f' t="n"><v>{safe_string(value)}</v></c>', 1
        return self.texts.get(str(value)) or self._text(str(value))

    def _text(self, value: str) -> tuple[Look, str, int]:
        content, wide, quoted = _content(value)
        shown = self._shown
        look = self._look(True, shown.wrap, quoted, None)  # noqa: FBT003 - a look's
        lines = max(1, _lines(value, shown.width, wide)) if shown.wrap else 1
        found = self.texts[value] = look, f' t="inlineStr">{content}</c>', lines
        return found

    def _numbers(self) -> Look:
        shown = self._shown
        look = self._number = self._look(False, shown.wrap, False, shown.number_format)  # noqa: FBT003
        return look

    def _formed(self, form: str) -> _Cells:
        """Return this column's cells with something around the form of their number."""
        if form not in self._forms:
            asked = self._shown.number_format
            formed = self._shown._replace(number_format=asked and form.format(asked))
            self._forms[form] = _Cells(formed, self._look)
        return self._forms[form]


def row_heights(worksheet: Worksheet) -> list[tuple[int, float]]:
    """Return row → height in points of what was written in bulk and is not folded away."""
    found = _BULK.get(worksheet)
    return [] if found is None else found.heights


def _lines(value: str, width: float, wide: int) -> int:
    """Return how many lines a text takes that wraps, its own line breaks among them."""
    room = width - 3
    own = value.split("\n")
    if len(own) == 1:
        return math.ceil(wide / room)
    return sum(max(1, math.ceil(text_width(line) / room)) for line in own)


_BULK: WeakKeyDictionary[Any, BulkRows] = WeakKeyDictionary()


@lru_cache(maxsize=_KNOWN_TEXTS)
def _content(value: str) -> tuple[str, int, bool]:
    """Return the content of a cell of text, how wide the text is, and whether it is quoted."""
    text = plain_text(value)[:_MOST_CHARACTERS]
    if not text:
        return "", 0, False
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = safe.replace("\r", "&#13;").encode("ascii", "xmlcharrefreplace").decode("ascii")
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<is><t{space}>{safe}</t></is>", text_width(text), is_formula_like(text)


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
