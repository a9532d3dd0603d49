"""Formulas of an ``.xls`` that no program ever computed: found in the file's own records.

The old form keeps a result with every formula. A program that writes formulas without computing
them writes a blank text there or 0, which a computed formula may hold too; the rest of the
workbook tells. Excel marks a workbook with the engine that computed it (RECALCID), and a worksheet
that it saved uncomputed (UNCALCED).
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlrd.compdoc import CompDoc, CompDocError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["FORMULA", "uncomputed_formulas"]

FORMULA = "=…"
"""What stands for the formula itself: the file holds it as a program."""

_STREAM = "Workbook"
"""The part of the container that Excel 97 and later write; older ones write ``Book``."""
_BOF, _EOF, _BOUNDSHEET, _FORMULA, _UNCALCED, _RECALCID = 0x809, 0x0A, 0x85, 0x06, 0x5E, 0x1C1
_RESULT = 14
"""Bytes of a formula's record up to the end of its result."""
_BLANK = 3
"""The kind of a result that is a text of no letters."""

Cells = dict[tuple[int, int], str]


@dataclass(slots=True)
class _Sheet:
    """Formulas of one worksheet: (row, column) → whether it holds 0 or a blank text."""

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    uncalced: bool = False


def uncomputed_formulas(path: Path) -> Mapping[str, Cells]:
    """Return worksheet → cells (row, column, from 0) of the formulas that were never computed.

    All formulas of a worksheet that is marked as saved uncomputed; and all of a workbook that no
    Excel computed, where each of them holds 0 or a blank text.
    """
    try:
        container = CompDoc(path.read_bytes(), logfile=io.StringIO())
        stream = container.get_named_stream(_STREAM)
        if stream is None:
            return {}
        computed, sheets = _read(stream)
    except (CompDocError, struct.error, IndexError, KeyError):  # damaged: the reader will say so
        return {}
    empty = [is_empty for sheet in sheets.values() for is_empty in sheet.formulas.values()]
    never = not computed and all(empty)
    return {
        name: dict.fromkeys(sheet.formulas, FORMULA)
        for name, sheet in sheets.items()
        if sheet.formulas and (never or sheet.uncalced)
    }


def _read(stream: bytes) -> tuple[bool, dict[str, _Sheet]]:
    """Return whether Excel computed the workbook, and its worksheets."""
    computed, starts = False, {}
    for kind, data in _records(stream, 0):
        if kind == _RECALCID:
            # a program that asks for computing when it is opened writes no engine
            computed = len(data) >= 8 and struct.unpack_from("<I", data, 4)[0] != 0  # noqa: PLR2004
        elif kind == _BOUNDSHEET:
            (start,) = struct.unpack_from("<I", data)
            starts[_name(data[6:])] = start
    return computed, {name: _sheet(stream, start) for name, start in starts.items()}


def _sheet(stream: bytes, start: int) -> _Sheet:
    found = _Sheet()
    for kind, data in _records(stream, start):
        if kind == _UNCALCED:
            found.uncalced = True
        elif kind == _FORMULA and len(data) >= _RESULT:
            row, column = struct.unpack_from("<2H", data)
            found.formulas[row, column] = _is_empty(data[6:_RESULT])
    return found


def _is_empty(result: bytes) -> bool:
    if result[6:] == b"\xff\xff":
        return result[0] == _BLANK
    return struct.unpack("<d", result)[0] == 0  # type: ignore[no-any-return]


def _name(data: bytes) -> str:
    """Return a name with its length before it, in one or two bytes a letter."""
    length, wide = data[0], data[1] & 1
    text = data[2 : 2 + length * (1 + wide)]
    return text.decode("utf-16-le" if wide else "latin-1", errors="replace")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of one part, charts within it passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
