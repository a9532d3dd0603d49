"""A town or village that is written once for the rows below it, and not merged."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["filled_down"]

_GROUPED = ("unit", "community")
_TWO = 2


def filled_down(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[RawTable, tuple[Problem, ...]]:
    """Return the table with each town given to the rows below it, where that is evidently meant.

    Evidently: the first row has one, there are several, each is written once, and at least as many
    rows have none. Where only some of that holds, nothing is filled in, and it is asked.

    Parameters
    ----------
    headers
        Column → header of the file.
    aside
        Positions of rows that are no records.
    """
    problems: list[Problem] = []
    if raw.header_row is None:
        return raw, ()
    frame = raw.frame
    rows = [at for at in range(len(raw)) if at not in aside]
    grouped = [headers[column] for column in _GROUPED if column in headers]
    for header in grouped:
        values = frame[header].tolist()
        written, blank = _split(raw, header, rows)
        if not _grouped(values, rows, written, blank):
            continue
        code = ProblemCode.GROUP_BLANK
        if _evident(rows, written):
            code = ProblemCode.GROUP_FILLED
            frame = frame.assign(**{header: _given(raw, values, rows, written)})
        count, total = len(blank), len(rows)
        problems.append(
            raw.problem(code, Severity.WARNING, header=header, count=count, total=total)
        )
    return dataclasses.replace(raw, frame=frame), tuple(problems)


def _split(raw: RawTable, header: str, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the rows that have a value, and those that have none; a lost formula is neither."""
    values = raw.frame[header].tolist()
    written = [at for at in rows if not is_blank(values[at])]
    blank = [at for at in rows if is_blank(values[at]) and (at, header) not in raw.uncomputed]
    return written, blank


def _grouped(
    values: Sequence[Any], rows: Sequence[int], written: Sequence[int], blank: Sequence[int]
) -> bool:
    """Return whether each value is written once, and as many rows have none, below one that has."""
    most = len(blank) >= len(written)
    return most and _once(values, written) and _follows(rows, written, blank)


def _evident(rows: Sequence[int], written: Sequence[int]) -> bool:
    """Return whether there are several groups, and the first begins the table."""
    return len(written) >= _TWO and rows[0] == written[0]


def _once(values: Sequence[Any], written: Sequence[int]) -> bool:
    said = [fold(values[at]) for at in written]
    return bool(said) and len(set(said)) == len(said)


def _follows(rows: Sequence[int], written: Sequence[int], blank: Sequence[int]) -> bool:
    """Return whether a blank stands below a value: as a group's rows do."""
    of, none = set(written), set(blank)
    return any(a in of and b in none for a, b in pairwise(rows))


def _given(
    raw: RawTable, values: list[Any], rows: Sequence[int], written: Sequence[int]
) -> list[Any]:
    """Return the values, each given to the rows below it in its sheet."""
    found = list(values)
    of = set(written)
    last, part = None, -1
    for at in rows:
        if raw.part_of(at) != part:
            last, part = None, raw.part_of(at)
        if at in of:
            last = values[at]
        else:
            found[at] = last
    return found
