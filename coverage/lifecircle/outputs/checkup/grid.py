"""What stands in a workbook's cells, whichever program wrote them down.

Office programs save the same content in many ways: 5 or 5.0, an empty text or nothing, a formula
with or without spaces. Here they are the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import warnings
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.workbook import Workbook

__all__ = ["Grid", "cells_of", "grid_digest", "grid_of", "open_book"]

Grid = dict[tuple[str, str], Any]
"""(worksheet, cell) → what stands there; blank cells are not in it."""

_DIGITS = 12
_SECONDS = len("2024-12-31T23:59:59")


def open_book(path: Path, *, values: bool = False) -> Workbook:
    """Open a workbook; with ``values`` its formulas as last computed, None where never."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library cannot carry is not written from here
        return openpyxl.load_workbook(path, data_only=values)


def grid_of(book: Workbook, names: Iterable[str]) -> Grid:
    """Return what stands in the worksheets of these names, as far as they are there."""
    there = {worksheet.title: worksheet for worksheet in book.worksheets}
    return {
        (name, cell.coordinate): plain
        for name in names
        if name in there
        for cell in cells_of(there[name])
        if (plain := _plain(cell.value, cell.data_type)) is not None
    }


def cells_of(worksheet: Any) -> list[Any]:
    """Return the cells that a worksheet has.

    Walking its rows would make every cell up to the last: 17 billion for one stray in a corner.
    """
    return list(worksheet._cells.values())  # noqa: SLF001 - no public way leaves out the others


def grid_digest(grid: Mapping[tuple[str, str], Any]) -> str:
    """Return one checksum of a grid."""
    found = hashlib.sha256()
    for place in sorted(grid):
        found.update(repr((place, grid[place])).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _plain(value: Any, kind: str) -> Any:
    """Return a value in the one form it is compared in."""
    plain: Any = value if value is None else str(value)
    if isinstance(value, bool):
        plain = value
    elif isinstance(value, ArrayFormula | DataTableFormula):
        plain = ("formulas", value.ref, str(getattr(value, "text", "")))
    elif isinstance(value, int | float):
        number = float(f"{value:.{_DIGITS}g}")
        plain = int(number) if number.is_integer() else number
    elif isinstance(value, dt.datetime | dt.time):
        plain = value.isoformat()[:_SECONDS].removesuffix("T00:00:00")
    elif kind == "f":
        plain = ("formula", "".join(str(value).split()).upper())
    elif isinstance(value, str):
        plain = value.replace("\r\n", "\n").replace("_x000D_", "") or None
    return plain
