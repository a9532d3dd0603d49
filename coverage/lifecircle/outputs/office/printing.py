"""Worksheets on paper: lying, one page wide, as few pages as can be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from lifecircle.outputs.office.bulk import row_heights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["fit_page", "number_pages", "print_at_most", "set_print"]

_CHARACTER_POINTS = 5.25
"""Width of a character of a column's width."""
_PAPER_POINTS = (842.0, 595.0)
"""A4 lying."""
_SIDE_INCHES, _TOP_INCHES, _FOOT_INCHES = 0.4, 0.45, 0.55
_WIDE = _PAPER_POINTS[0] - 72 * 2 * _SIDE_INCHES
_HIGH = _PAPER_POINTS[1] - 72 * (_TOP_INCHES + _FOOT_INCHES)
_SCALE = 0.6
"""How far a table is made smaller to save pages: 11 points become 6.6, 小六, which still reads."""
_MOST_PAGES = 20
"""Pages of a worksheet above which their number is left to the program that prints."""
_ROW_POINTS = 17.0
"""Height of a row above a table."""


class _Column(Protocol):
    @property
    def width(self) -> float: ...

    @property
    def lesser(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Printed:
    """How a table is printed: its header's row, its last column, its scale, what stands on top."""

    header: int
    end: str
    scale: float
    above: float
    pages: int


_PRINTED: WeakKeyDictionary[Any, _Printed] = WeakKeyDictionary()


def fit_page(worksheet: Worksheet, pages: int = 0) -> None:
    """Print lying, one page wide; on A4 where nothing else is said, never on Letter.

    ``pages``: how many at most, where that is known to be readable; 0: as many as it takes.
    """
    if worksheet.page_setup.paperSize is None:
        worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, pages
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def number_pages(worksheet: Worksheet) -> None:
    """Print the worksheet's name and the number of the page at the foot."""
    foot: Any = worksheet.oddFooter
    foot.left.text, foot.right.text = "&A", "&P / &N"


def set_print(
    worksheet: Worksheet,
    columns: Sequence[_Column],
    first_row: int,
    last: int,
    heights: tuple[float, float],
) -> None:
    """Print lying, one page wide, the header on every page, without the lesser columns.

    ``heights``: of the header and of the rows below it, points.
    """
    worksheet.print_title_rows = f"{first_row}:{first_row}"
    printed = [column for column in columns if not column.lesser]
    end = get_column_letter(len(printed))
    if len(printed) < len(columns):
        start = get_column_letter(len(printed) + 1)
        worksheet.column_dimensions.group(
            start, get_column_letter(len(columns)), outline_level=1, hidden=False
        )
        worksheet.print_area = f"A1:{end}{last}"
    worksheet.page_margins = PageMargins(
        left=_SIDE_INCHES, right=_SIDE_INCHES, top=_TOP_INCHES, bottom=_FOOT_INCHES, footer=0.25
    )
    number_pages(worksheet)
    width = _CHARACTER_POINTS * sum(column.width for column in printed)
    scale, above = min(_SCALE, _WIDE / width), _ROW_POINTS * (first_row - 1) + heights[0]
    pages = math.ceil((above + heights[1]) * scale / _HIGH)
    _PRINTED[worksheet] = _Printed(first_row, end, scale, above, pages)
    fit_page(worksheet, pages if pages <= _MOST_PAGES else 0)


def print_at_most(book: Workbook, pages: int, told: Callable[[int, int], str]) -> None:
    """Print only the first rows of the longest tables, until a workbook takes so many pages.

    The tables stay whole: their print areas end earlier, and the foot says so. ``told(n, of)`` is
    what it says of ``n`` of so many rows. A worksheet takes a page at least.
    """
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    takes = [_PRINTED[one].pages if one in _PRINTED else 1 for one in shown]
    asked = [int(one.page_setup.fitToHeight or 0) for one in shown]
    # one whose pages were set otherwise has rows beside its table
    takes = [
        take if fit in {0, take} else max(fit, 1) for take, fit in zip(takes, asked, strict=True)
    ]
    left = list(takes)
    while sum(left) > pages and max(left) > 1:
        left[left.index(max(left))] -= 1
    for sheet, now, before in zip(shown, left, takes, strict=True):
        if now < before:
            _end_early(sheet, now, told)


def _end_early(worksheet: Worksheet, pages: int, told: Callable[[int, int], str]) -> None:
    """Print what of a table finds room on so many pages."""
    how = _PRINTED[worksheet]
    room, rows, last = pages * _HIGH / how.scale, 0, how.header
    heights = row_heights(worksheet)
    room -= how.above + (pages - 1) * how.above  # the header is said again on every page
    for at, height in heights:
        room -= height
        if room < 0:
            break
        rows, last = rows + 1, at
    worksheet.print_area = f"A1:{how.end}{max(last, how.header + 1)}"
    foot: Any = worksheet.oddFooter
    foot.center.text = told(rows, len(heights))
    fit_page(worksheet, pages)
