"""Workbooks of the old binary form: ``.xls`` of Excel and WPS, ``.et`` of WPS."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlrd

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.books.old_formulas import uncomputed_formulas
from lifecircle.sources.books.page import Page, Tab, filled_rows, mostly_struck
from lifecircle.sources.raw import SourceError
from lifecircle.stopping import heed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["OldBook"]


class OldBook:
    """An open ``.xls`` workbook.

    Raises
    ------
    SourceError
        It is locked by a password (Excel keeps a locked ``.xlsx`` in the same kind of container),
        or no workbook.
    """

    def __init__(self, path: Path) -> None:
        self._book, self._looks = _opened(path)
        self._uncomputed = uncomputed_formulas(path)

    @property
    def tabs(self) -> list[Tab]:
        """The worksheets in their order."""
        return [Tab(page.name, page.visibility != 0) for page in self._book.sheets()]

    def page(self, title: str) -> Page:
        """Return the cells of a worksheet."""
        page = self._book.sheet_by_name(title)
        cells: dict[int, dict[int, Any]] = {}
        lost = self._uncomputed.get(title, {})
        for row in range(page.nrows):
            for column, cell in enumerate(page.row(row)):
                value = _value(cell, self._book.datemode)
                if value is not None and (row, column) not in lost:
                    cells.setdefault(row, {})[column] = value
        records = filled_rows(cells, lost)
        if not self._looks:
            return Page(records, uncomputed=lost)
        return Page(
            records,
            [(north, west, south - 1, east - 1) for north, south, west, east in page.merged_cells],
            frozenset(row for row, info in page.rowinfo_map.items() if _unseen_row(info)),
            frozenset(at for at, info in page.colinfo_map.items() if info.hidden or not info.width),
            lost,
            mostly_struck(cells, self._struck(page, cells)),
        )

    def _struck(self, page: Any, cells: Mapping[int, Mapping[int, Any]]) -> set[tuple[int, int]]:
        """Return the cells whose text is struck through."""
        fonts, looks = self._book.font_list, self._book.xf_list
        return {
            (row, column)
            for row, columns in cells.items()
            for column in columns
            if fonts[looks[page.cell_xf_index(row, column)].font_index].struck_out
        }


def _unseen_row(info: Any) -> bool:
    return bool(info.hidden) or (info.height == 0 and not info.has_default_height)


def _opened(path: Path) -> tuple[Any, bool]:
    """Return the workbook, and whether its looks (merged blocks, hidden rows) could be read."""
    failure: Exception | None = None
    for looks in (True, False):  # values need no styles: damaged ones are passed over
        try:
            book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=looks)
        except xlrd.XLRDError as error:
            if "encrypted" in str(error) or "find workbook" in str(error):
                raise SourceError(ProblemCode.FILE_UNREADABLE, detail="locked") from error
            failure = error
        except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere inside xlrd
            heed()
            failure = error
        else:
            return book, looks
    raise SourceError(ProblemCode.FILE_UNREADABLE, detail="damaged") from failure


def _value(cell: Any, datemode: int) -> Any:
    """Return the value of a cell, typed as those of other workbooks are."""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(cell.value) if cell.value.is_integer() else cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell.value or None
