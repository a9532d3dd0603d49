"""Cells: data is text or number, never a formula; what a cell cannot hold, how wide its text is."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Border, Side

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["RULE", "is_formula_like", "plain_text", "put", "text_width"]

RULE = Border(bottom=Side(style="thin", color="DFE3E7"))
"""The line under a row."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_CHARACTERS = str.maketrans(dict.fromkeys("\ufffe\uffff", "�"))
"""Code points that XML forbids."""


def plain_text(text: str) -> str:
    """Return text that a workbook can hold: what it cannot becomes "�"."""
    if text.isprintable():  # nearly every cell: no controls, half pairs or code points of none
        return text
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return str(ILLEGAL_CHARACTERS_RE.sub("�", whole)).translate(_NO_CHARACTERS)


def is_formula_like(text: str) -> bool:
    """Return whether a spreadsheet would take a text for a formula."""
    return text.startswith(_FORMULA_STARTS)


def put(worksheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write ``value`` into a cell and return it: numbers as numbers, the rest as literal text.

    Text that a spreadsheet would take for a formula is stored as a string and marked as such
    (quote prefix), so that it stays text when the cell is edited. Characters that a workbook
    cannot hold become "�".
    """
    cell = cast("Cell", worksheet.cell(row, column))  # no cell of these worksheets is merged
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return cell
    if isinstance(value, bool | int | float):
        cell.value = value
        return cell
    text = plain_text(str(value))
    cell.value = text
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True
    return cell


def text_width(text: str) -> int:
    """Return how many characters wide a text is; a Chinese character counts two."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@cache
def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
