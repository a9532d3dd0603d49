"""Where a sheet's header stands, what each column is called, and which rows are its body."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from lifecircle.model.dictionary import fold, qualifier, without_unit
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from lifecircle.sources.books.page import Block, Page
    from lifecircle.sources.tables.choice import Wanted

__all__ = ["plain", "table_fields", "unused"]

_SEARCHED = 20
"""Title rows above the header are looked through this far."""
_LEVELS = 3
_GENERAL = re.compile(r"[(\[【].*[)\]】]|总?数量?|总计|合计|小计")
"""A lower header that only says "in all" or a unit: the upper one is the column's name."""
_FIGURE = re.compile(r"[-+.,:/%年月日\d\s]+")


def plain(value: Any) -> Any:
    """Return a cell's value: text without white space around it, None for nothing."""
    return value.strip() or None if isinstance(value, str) else value


def table_fields(page: Page, wanted: Wanted) -> dict[str, Any]:
    """Return the fields of a RawTable from the rows of a sheet.

    Parameters
    ----------
    page
        The sheet. In the header a merged block names all of its cells; below, it gives its value
        to every row it spans, in its first column: ledgers write a town once for all its rows.
    wanted
        The headers to look for.

    Raises
    ------
    SourceError
        The sheet is blank.
    """
    records = [[plain(value) for value in record] for record in page.records]
    blocks = page.blocks
    if not records:
        raise SourceError(ProblemCode.LAYER_EMPTY)
    top = _filled([list(record) for record in records[: _SEARCHED + _LEVELS]], blocks)
    first, last = _header(top, wanted, blocks)
    names: dict[str, int] = {}
    repeats: dict[str, str] = {}
    for column, name in _names(_spread(top[first : last + 1]), wanted).items():
        own = unused(name, names)
        names[own] = column
        if own != name:
            repeats[own] = name
    body = _body(records, last + 1, page)
    columns = {
        name: [_at(records[number], column) for number in body] for name, column in names.items()
    }
    shared = _share(columns, names, body, blocks)
    return {
        "frame": pd.DataFrame(
            {name: pd.Series(values, dtype=object) for name, values in columns.items()},
            index=pd.RangeIndex(len(body)),
        ),
        "rows": np.array(body, dtype=np.int64) + 1,
        "header_row": last + 1,
        "letters": {name: get_column_letter(column + 1) for name, column in names.items()},
        "shared": shared,
        "repeats": repeats,
        **_unseen(page, names, body),
    }


def _body(records: Sequence[Sequence[Any]], start: int, page: Page) -> list[int]:
    """Return the numbers of the rows that say something, from ``start``."""
    lost = {row for row, _ in page.uncomputed}  # formulas without a value are no blank row
    return [
        number
        for number, record in enumerate(records[start:], start=start)
        if number in lost or any(value is not None for value in record)
    ]


def _unseen(page: Page, names: Mapping[str, int], body: Sequence[int]) -> dict[str, Any]:
    """Return what a reader of the page does not see, and what it does not say."""
    position = {number: at for at, number in enumerate(body)}
    header = {column: name for name, column in names.items()}
    return {
        "hidden": frozenset(position[row] for row in page.hidden_rows if row in position),
        "struck": frozenset(position[row] for row in page.struck_rows if row in position),
        "hidden_headers": tuple(n for n, column in names.items() if column in page.hidden_columns),
        "uncomputed": {
            (position[row], header[column]): formula
            for (row, column), formula in page.uncomputed.items()
            if row in position and column in header
        },
    }


def _at(record: Sequence[Any], column: int) -> Any:
    return record[column] if column < len(record) else None


def _filled(rows: list[list[Any]], blocks: Iterable[Block]) -> list[list[Any]]:
    """Return the rows with each block's value in all of its cells."""
    for north, west, south, east in blocks:
        if north >= len(rows):
            continue
        value = _at(rows[north], west)
        for row in rows[north : south + 1]:
            row[west : east + 1] = [value] * len(row[west : east + 1])
    return rows


def _share(
    columns: Mapping[str, list[Any]],
    names: Mapping[str, int],
    body: Sequence[int],
    blocks: Iterable[Block],
) -> dict[str, dict[int, tuple[int, int]]]:
    """Give each block's value to its rows; return what :attr:`RawTable.shared` says."""
    position = {number: at for at, number in enumerate(body)}
    header = {column: name for name, column in names.items()}
    shared: dict[str, dict[int, tuple[int, int]]] = {}
    for north, west, south, _ in blocks:
        rows = [position[n] for n in range(north, south + 1) if n in position]
        if north not in position or len(rows) < 2 or west not in header:  # noqa: PLR2004
            continue
        values = columns[header[west]]
        for at in rows:
            values[at] = values[position[north]]
            shared.setdefault(header[west], {})[at] = (rows[0], len(rows))
    return shared


def _header(
    top: Sequence[Sequence[Any]], wanted: Wanted, blocks: Sequence[Block]
) -> tuple[int, int]:
    """Return the first and last row of the header: those that name most of what is expected."""
    best, most = (0, 0), 0
    for first in range(min(_SEARCHED, len(top))):
        for last in range(first, min(first + _LEVELS, len(top))):
            if last > first and not _wording(top[last]):
                break
            found = wanted.known(_names(top[first : last + 1], wanted).values())
            if found > most:
                best, most = (first, last), found
    if not most:
        # No known header: the first row that says something, so that a message can name it.
        at = next((i for i, row in enumerate(top) if any(v is not None for v in row)), 0)
        return at, at
    first, last = best
    for north, _, south, _ in sorted(blocks):
        # A cell merged downwards out of the header says that the header has one more level.
        if first <= north <= last < south < min(first + _LEVELS, len(top)):
            last = south
    if last + 1 < min(first + _LEVELS, len(top)) and _goes_on(top[last:]):
        last += 1
    return first, last


def _goes_on(rows: Sequence[Sequence[Any]]) -> bool:
    """Return whether the second row is a level of the header of which the first is one.

    Its words stand below headings that span several columns (户数 over 规划 and 现状), merged or
    with blanks behind them, and nothing below the others; the rows below have values there.
    """
    upper, lower = rows[:2]
    spans = {column for span in _spans(upper, lower) for column in span}
    if not spans or not _wording(lower):
        return False
    if any(value is not None and column not in spans for column, value in enumerate(lower)):
        return False
    below = next((row for row in rows[2:] if any(value is not None for value in row)), ())
    return any(
        value is not None and column not in spans and _at(below, column) is not None
        for column, value in enumerate(upper)
    )


def _spans(upper: Sequence[Any], lower: Sequence[Any]) -> list[range]:
    """Return the columns of each heading that has several of them, by the words below it."""
    found = []
    start, width = 0, max(len(upper), len(lower))
    while start < width:
        name, end = _at(upper, start), start + 1
        while end < width and _at(lower, end) is not None and _at(upper, end) in {None, name}:
            end += 1
        if name is not None and end > start + 1:
            found.append(range(start, end))
        start = end
    return found


def _spread(levels: Sequence[list[Any]]) -> list[list[Any]]:
    """Return the levels of a header, each heading written over all of its columns.

    As a merged block is; CSV files and ledgers whose blocks were taken apart have it once. A row
    that says one thing is a title.
    """
    found = [list(row) for row in levels]
    for upper, lower in pairwise(found):
        if sum(value is not None for value in upper) < 2:  # noqa: PLR2004
            continue
        upper.extend([None] * (len(lower) - len(upper)))
        for span in _spans(upper, lower):
            upper[span.start : span.stop] = [upper[span.start]] * len(span)
    return found


def _wording(record: Sequence[Any]) -> bool:
    """Return whether a row may be a level of a header: words only, no figures."""
    values = [value for value in record if value is not None]
    return bool(values) and all(
        isinstance(value, str) and not _FIGURE.fullmatch(value) for value in values
    )


def _names(levels: Sequence[Sequence[Any]], wanted: Wanted) -> dict[int, str]:
    """Return column → name.

    Of two levels the joined name is taken where it is expected (规划 over 户数 is 规划户数), else
    the lower, else the upper where the lower only says a unit or a total. A lower that the upper
    makes another figure (占地 over 面积) is not the lower alone: then the joined name stays.
    """
    width = max(map(len, levels))
    found = {}
    for column in range(width):
        parts = [" ".join(str(v).split()) for row in levels if (v := _at(row, column)) is not None]
        parts = list(dict.fromkeys(part for part in parts if part))
        if not parts:
            continue
        lower = parts[-1]
        choices = ["".join(parts), "".join(reversed(parts)), lower] if len(parts) > 1 else [lower]
        if len(parts) > 1 and _GENERAL.fullmatch(fold(lower)):
            choices += reversed(parts[:-1])
        if _is_other(lower, parts[:-1], wanted):
            choices, lower = choices[:2], choices[0]
        found[column] = next((c for c in choices if wanted.known([c])), lower)
    return found


def _is_other(lower: str, uppers: Sequence[str], wanted: Wanted) -> bool:
    """Return whether the levels above make another figure of the lowest, as brackets behind do."""
    plain_lower = fold(lower)
    if without_unit(plain_lower) not in wanted.figures:
        return False
    words = [word for upper in uppers if (word := qualifier(fold(upper))) is not None]
    land = "建筑" in plain_lower  # a building's floor area is none of its land
    return any(word not in plain_lower and not (land and "地" in word[1:]) for word in words)


def unused(name: str, taken: Container[str]) -> str:
    """Return ``name``, numbered where the sheet repeats it."""
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}#{count}"
    return candidate
