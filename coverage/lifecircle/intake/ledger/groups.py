"""A town or village that may be written once for the rows below it, and not merged."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["blank_groups"]

_GROUPED = ("unit", "community")


def blank_groups(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[Problem, ...]:
    """Return a question for each column of towns that is blank below values written once each.

    The rows may be their town's, as in a sheet whose merged cells were taken apart, or their town
    may not be known: nothing in the table tells, and a town that is guessed decides verdicts.
    Nothing is filled in.

    Parameters
    ----------
    headers
        Column → header of the file.
    aside
        Positions of rows that are no records.
    """
    if raw.header_row is None:
        return ()
    problems: list[Problem] = []
    rows = [at for at in range(len(raw)) if at not in aside]
    for header in (headers[column] for column in _GROUPED if column in headers):
        values = raw.frame[header].tolist()
        written, blank = _split(raw, header, rows)
        if _grouped(values, rows, written, blank):
            told = {"count": len(blank), "total": len(rows)}
            code = ProblemCode.GROUP_BLANK
            problems.append(raw.problem(code, Severity.WARNING, header=header, **told))
    return tuple(problems)


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


def _once(values: Sequence[Any], written: Sequence[int]) -> bool:
    said = [fold(values[at]) for at in written]
    return bool(said) and len(set(said)) == len(said)


def _follows(rows: Sequence[int], written: Sequence[int], blank: Sequence[int]) -> bool:
    """Return whether a blank stands below a value: as a group's rows do."""
    of, none = set(written), set(blank)
    return any(a in of and b in none for a, b in pairwise(rows))
