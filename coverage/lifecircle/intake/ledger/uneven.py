"""Rows of separated text with more or fewer cells than the header has.

A thousands' comma without quotes makes two cells of one; every later figure then stands in
another's column. Where that happened is found by what each column can hold, the cell put together
again included: whatever all possible places agree on is read, the rest is not known.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from openpyxl.utils import column_index_from_string

from lifecircle.intake.ledger.values import is_blank, read_value
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["realigned"]

_ANYTHING = frozenset({"text", "code", "serves"})
_READ = frozenset(
    {
        None,
        ProblemCode.NUMBER_READ_AS,
        ProblemCode.DATE_READ_AS,
        ProblemCode.KIND_LISTED,
        ProblemCode.KIND_PERHAPS,
        ProblemCode.KIND_READ_AS,
    }
)
_GROUPED = frozenset({"m²", "户", "人", "张"})
_UNKNOWN = object()


def realigned(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[RawTable, frozenset[int], tuple[Problem, ...]]:
    """Return the table with what its uneven rows say for certain, the rows that say nothing, why.

    Parameters
    ----------
    headers
        Column → header of the file.
    aside
        Positions of rows that are no records.
    """
    if not raw.uneven:
        return raw, frozenset(), ()
    specs = columns(raw.layer)
    read = {h: specs[c] for c, h in headers.items() if h in raw.letters}
    places = {h: column_index_from_string(raw.letters[h]) - 1 for h in read}
    frame = raw.frame.copy()
    lost: set[int] = set()
    problems = []
    for at, cells in raw.uneven.items():
        if at in aside:
            continue
        sure = _sure(raw, cells, read, places)
        unsure = [h for h in read if sure is not None and sure[h] is _UNKNOWN]
        said = {} if sure is None else sure
        for header, value in said.items():
            frame.iat[at, frame.columns.get_loc(header)] = None if value is _UNKNOWN else value
        if sure is None:
            lost.add(at)
        problems.append(_told(raw, at, cells, sure, unsure))
    return dataclasses.replace(raw, frame=frame), frozenset(lost), tuple(problems)


def _told(
    raw: RawTable,
    at: int,
    cells: Sequence[Any],
    sure: Mapping[str, Any] | None,
    unsure: list[str],
) -> Problem:
    harmless = len(cells) < raw.width and not unsure  # blank cells behind the last are left away
    code = ProblemCode.ROW_CELLS if unsure else ProblemCode.ROW_CELLS_SURE
    severity = Severity.INFO if harmless else Severity.WARNING
    if sure is None:
        code, severity = ProblemCode.ROW_CELLS_LOST, Severity.ERROR
    count, expected = len(cells), raw.width
    return raw.problem(code, severity, at=at, count=count, expected=expected, columns=unsure)


def _sure(
    raw: RawTable, cells: Sequence[Any], read: Mapping[str, ColumnSpec], places: Mapping[str, int]
) -> dict[str, Any] | None:
    """Return header → what the row says there for certain; None where no place fits."""
    more = len(cells) - raw.width
    found: dict[str, Any] | None = None
    for place in range(raw.width) if more > 0 else range(len(cells), -1, -1):
        whole = _together(cells, place, more, raw.separator)
        said = {header: whole[at] for header, at in places.items()}
        if not all(_fits(read[h], value, whole=places[h] == place) for h, value in said.items()):
            continue
        if more < 0 and place == len(cells):
            return said  # blank cells behind the last value are often left away
        found = said if found is None else _agreed(found, said)
    return found


def _together(cells: Sequence[Any], place: int, more: int, separator: str) -> Sequence[Any]:
    """Return a row's cells if at ``place`` one became several, or several are missing."""
    if more < 0:
        return (*cells[:place], *[None] * -more, *cells[place:])
    one = separator.join(
        "" if cell is None else str(cell) for cell in cells[place : place + more + 1]
    )
    return (*cells[:place], one, *cells[place + more + 1 :])


def _agreed(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {header: v if other[header] == v else _UNKNOWN for header, v in one.items()}


def _fits(spec: ColumnSpec, value: Any, *, whole: bool) -> bool:
    """Return whether a column can hold a value; ``whole``: one that was put together."""
    if is_blank(value) or spec.type in _ANYTHING:
        return True
    if whole and spec.type == "number" and spec.unit not in _GROUPED:
        return False  # nobody groups the thousands of a coordinate
    if whole and spec.type == "kinds":  # 敬老院,1 is a kind and another column's figure
        return all(read_value(spec, one).code in _READ for one in re.split(r"[,;\t]", str(value)))
    return read_value(spec, value).code in _READ
