"""Sheets: CSV files and Excel workbooks as raw rows."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from lifecircle.model.dictionary import fold, without_unit
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.tables_raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_csv", "read_workbook"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEADER_ROWS = 20
"""Title rows above the header are looked through this far."""


def read_csv(path: Path, encoding: str | None, headers: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a RawTable from a CSV file; every value is text.

    The separator is the one of ``, ; tab`` most frequent in the first lines.
    """
    raw = path.read_bytes()
    chosen = encoding or _csv_encoding(raw)
    text = raw.decode(chosen)
    top = "\n".join(text.split("\n", _HEADER_ROWS)[:_HEADER_ROWS])
    separator = max(",;\t", key=top.count)
    records = [
        [cell.strip() or None for cell in record]
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ]
    # A byte order mark declares the encoding; ASCII reads the same in any.
    say = encoding is None and not raw.isascii() and not raw.startswith(_MARKS)
    return _fields(records, headers) | {
        "encoding": chosen.removesuffix("-sig"),
        "say_encoding": say,
    }


def _csv_encoding(raw: bytes) -> str:
    if raw.startswith(_MARKS[1:]):
        return "utf-16"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def read_workbook(path: Path, sheet: str | None, headers: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a RawTable from one sheet of a workbook.

    Values are those Excel last computed. A merged block gives its value to each of its cells:
    ledgers write a town once for all its rows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
        book = openpyxl.load_workbook(path, data_only=True)
    try:
        names = [ws.title for ws in book.worksheets]
        if sheet is not None and sheet not in names:
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
        page = book[sheet] if sheet is not None else book.worksheets[0]
        records = _records(page)
        title = page.title
    finally:
        book.close()
    return _fields(records, headers) | {"sheet": title}


def _records(page: Worksheet) -> list[list[Any]]:
    records = [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]
    for block in page.merged_cells.ranges:
        west, north, east, south = block.bounds
        value = records[north - 1][west - 1]
        for row in range(north - 1, min(south, len(records))):
            for column in range(west - 1, min(east, len(records[row]))):
                records[row][column] = value
    return records


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _fields(records: Sequence[Sequence[Any]], headers: frozenset[str]) -> dict[str, Any]:
    """Return header and body of the records; blank rows are left out, their numbers kept."""
    if not records:
        raise SourceError(ProblemCode.LAYER_EMPTY)
    at = _header(records, headers)
    names: dict[str, int] = {}
    for column, value in enumerate(records[at]):
        if value is not None:
            name = " ".join(str(value).split())
            names[_unused(name, names)] = column
    body = [
        (number, record)
        for number, record in enumerate(records[at + 1 :], start=at + 2)
        if any(value is not None for value in record)
    ]
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [record[column] if column < len(record) else None for _, record in body],
                dtype=object,
            )
            for name, column in names.items()
        },
        index=pd.RangeIndex(len(body)),
    )
    return {
        "frame": frame,
        "rows": np.array([number for number, _ in body], dtype=np.int64),
        "header_row": at + 1,
        "letters": {name: get_column_letter(column + 1) for name, column in names.items()},
    }


def _header(records: Sequence[Sequence[Any]], headers: frozenset[str]) -> int:
    """Return the index of the row in which most of the expected headers stand."""

    def hits(record: Sequence[Any]) -> int:
        folded = {fold(value) for value in record if isinstance(value, str)}
        return len(headers & (folded | {without_unit(f) for f in folded}))

    top = range(min(_HEADER_ROWS, len(records)))
    found = [hits(records[i]) for i in top]
    best = found.index(max(found))
    # Under a header of two levels, merged cells repeat the upper level in the lower.
    while found[best] > 1 and found[best : best + 2].count(found[best]) > 1:
        best += 1
    if found[best]:
        return best
    # No known header: the first row that is not blank, so that the message can name what is there.
    return next((i for i in top if any(v is not None for v in records[i])), 0)


def _unused(name: str, taken: dict[str, int]) -> str:
    """Return ``name``, numbered where the sheet repeats it."""
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}#{count}"
    return candidate
