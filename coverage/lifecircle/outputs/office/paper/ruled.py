"""Ruled cells: a workbook that is printed, filled in and signed looks as the papers of Word do."""

from __future__ import annotations

import math
import re
from copy import copy
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.cell_range import CellRange

from lifecircle.outputs.office.cells import put, text_width
from lifecircle.outputs.office.paper.typeface import (
    FORM_HEADING,
    LATIN,
    RULE_COLOUR,
    SHADE,
    faces,
    on_every_desk,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.outputs.office.paper.typeface import Look

    _Cell = Cell | MergedCell

__all__ = ["Ruled"]

_EDGE = Side(style="thin", color=RULE_COLOUR)
"""The narrowest unbroken rule of a workbook, printed at half a point."""
_BUTTON = 3.0
"""Characters of a heading's width that the button of the filter covers."""
_LEADING = 1.4
"""Pitch of lines to their size."""
_UNIT = re.compile("(?<=[^（])（")
_WORD = re.compile(r"\S+")
_EAST_ASIAN = re.compile("[⺀-鿿＀-￯]")
_MOST_IN_LINE = 12
"""Characters of a Chinese heading that stand in one line; a longer one is set in two."""


class Ruled:
    """Cells in a look, for one language.

    Chinese is set in the East Asian fonts of the look, in what every office computer has of them: a
    workbook cannot say what stands in. Other languages are set in the Latin font, bold where
    Chinese has 黑体 or 小标宋.
    """

    def __init__(self, look: Look, language: str) -> None:
        self.look, self.language = look, language
        self._fonts = {name: self._font(*face) for name, face in faces(look).items()}
        self.box = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
        self.shade = PatternFill("solid", fgColor=SHADE)
        self._styles: WeakKeyDictionary[Any, dict[tuple[Any, ...], StyleArray]]
        self._styles = WeakKeyDictionary()

    def _font(self, face: str, size: float) -> Font:
        desk = on_every_desk(face)
        # a heavy face that lighter ones stand in for is set bold
        heavy = face == self.look.title[0] and desk != face
        if self.language == "zh":
            return Font(name=desk, sz=size, b=heavy)
        return Font(name=LATIN, sz=size, b=heavy or face == FORM_HEADING)

    def font(self, style: str) -> Font:
        """Return the font of a style (``typeface.faces``)."""
        return self._fonts[style]

    def cell(self, cell: _Cell, style: str = "TableText", *, align: str = "left") -> None:
        """Rule a cell of a table: heads and labels (``TableHead``) are shaded."""
        styled: Any = cell  # openpyxl tells nobody where a cell keeps its look
        before = styled._style or StyleArray()  # noqa: SLF001 - a text like a formula is so marked
        key = (style, align, before.quotePrefix, before.numFmtId)
        known = self._styles.setdefault(styled.parent.parent, {})
        if key in known:  # it finds a look among all of a workbook's slowly
            styled._style = copy(known[key])  # noqa: SLF001
            return
        cell.font, cell.border = self._fonts[style], self.box
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if style == "TableHead":
            cell.fill = self.shade
        known[key] = copy(styled._style)  # noqa: SLF001

    def across(
        self,
        worksheet: Worksheet,
        row: int,
        last: int,
        text: str,
        style: str = "TableText",
        *,
        height: float = 0.0,
    ) -> Cell:
        """Write a line over the columns up to the ``last``; a title stands in the middle.

        ``height``: points; by default what one line of the style takes.
        """
        cell = put(worksheet, row, 1, text)
        cell.font = self._fonts[style]
        align = "center" if style == "PaperTitle" else "left"
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        self.merge(worksheet, row, 1, last)
        worksheet.row_dimensions[row].height = height or math.ceil(self.points(style) * 1.6)
        return cell

    @staticmethod
    def merge(worksheet: Worksheet, row: int, first: int, last: int) -> None:
        """Make the cells of a row from the first to the last column one."""
        if last > first:
            # openpyxl's merge_cells looks through all merged before: of 200 forms that is minutes
            merged = CellRange(min_row=row, min_col=first, max_row=row, max_col=last)
            worksheet.merged_cells.ranges.add(merged)

    def points(self, style: str) -> float:
        """Return the size of a style, points."""
        return faces(self.look)[style][1]

    def heading(self, text: str) -> str:
        """Return a column's heading with the unit of a Chinese one in a line of its own."""
        return _UNIT.sub("\n（", text, count=1)

    def width(self, heading: str, planned: float) -> float:
        """Return how wide a column is, characters: as planned, or what its heading needs.

        No word of a heading is parted and none lies under the button of the filter; a Chinese line
        of more than twelve characters' width is set in two.
        """
        needs = []
        for line in heading.split("\n"):
            if _EAST_ASIAN.search(line):
                wide = text_width(line)
                needs.append(wide if wide <= _MOST_IN_LINE else math.ceil(wide / 4) * 2)
            else:
                needs.append(max(map(len, _WORD.findall(line)), default=0))
        return max(planned, max(needs) + _BUTTON)

    def head_points(self, headings: Sequence[str], widths: Sequence[float]) -> float:
        """Return how high the row of headings is, points: as its highest needs."""
        lines = [
            sum(_lines(line, width - _BUTTON) for line in heading.split("\n"))
            for heading, width in zip(headings, widths, strict=True)
        ]
        return math.ceil(max(lines, default=1) * self.points("TableHead") * _LEADING + 6.0)


def _lines(text: str, room: float) -> int:
    """Return how many lines a text takes where words are not parted and Chinese may be."""
    if _EAST_ASIAN.search(text):
        return max(1, math.ceil(text_width(text) / room))
    lines, used = 1, 0.0
    for word in _WORD.findall(text):
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, float(len(word))
        else:
            used += len(word) + bool(used)
    return lines
