"""A town or village that may be written once for the rows below it, and not merged."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["blank_groups", "captioned_groups", "is_caption"]

_GROUPED = ("unit", "community")
_HEADED = frozenset({"facilities", "residential"})
_SHOWN = 5
_NUMBER = re.compile(r"\(?([一二三四五六七八九十]+|\d{1,2})(\)[、.．]?|[、.．])")
"""三里村 begins with no number."""
_COUNTED = re.compile(r"(\([^()]*\))?[:：]?")
_TOWN = re.compile(r".{1,10}(镇|乡|街道|街道办|办事处)")
_PLACE = re.compile(
    r".{1,12}(镇|乡|街道|街道办|办事处|社区|村|居委会|村委会|居民委员会|村民委员会)"
)


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


def is_caption(text: str, layer: str, *, named: bool) -> bool:
    """Return whether a folded text that stands alone in a row is a unit over the rows below it.

    二、高河街道, (二)高河街道, 2、高河街道(12个), 高河街道. ``named``: it stands in the column of
    names, where an area may be called like a village or a town, and a facility like a village.
    """
    if layer not in _HEADED:
        return False  # a list of units may have nothing but names
    number = _NUMBER.match(text)
    plain = text[number.end() :] if number else text
    ends = [found.start() for found in _COUNTED.finditer(plain) if found.end() == len(plain)]
    plain = plain[: min(ends, default=len(plain))]
    if named:
        return layer == "facilities" and _TOWN.fullmatch(plain) is not None
    return _PLACE.fullmatch(plain) is not None


def captioned_groups(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int], notes: Mapping[int, Any]
) -> tuple[Problem, ...]:
    """Return a question where units stand over the rows or name their sheet, and not in them.

    A heading may have been moved, or rows sorted from under it: the rows are of no unit by it, and
    whoever typed them is asked to write it in each.

    Parameters
    ----------
    headers, aside
        As of ``blank_groups``.
    notes
        Position → the text of each row that is none but for a note or a heading.
    """
    written = [headers[c] for c in _GROUPED if c in headers]
    columns = [raw.frame[header].tolist() for header in written]
    rows = [(at, over) for at, over in enumerate(_captions(raw, notes)) if at not in aside]
    blank = [over for at, over in rows if over and all(is_blank(values[at]) for values in columns)]
    if not blank:
        return ()
    names = list(dict.fromkeys(blank))[:_SHOWN]
    told: dict[str, Any] = {"count": len(blank), "total": len(rows), "names": names}
    code, header = ProblemCode.GROUP_CAPTIONED, next(iter(written), None)
    return (raw.problem(code, Severity.WARNING, header=header, **told),)


def _captions(raw: RawTable, notes: Mapping[int, Any]) -> list[str | None]:
    """Return the unit that stands over each row; None where none does, or another heading.

    Of several sheets or files each is called by what it holds, where that is a unit.
    """
    starts = {part.start: part.sheet or PurePath(part.file).stem for part in raw.parts}
    over, found = None, []
    for at in range(len(raw)):
        if at in starts:
            over = _unit(starts[at], raw.layer)
        if at in notes:
            over = _unit(str(notes[at]), raw.layer)
        found.append(over)
    return found


def _unit(text: str, layer: str) -> str | None:
    return text if is_caption(fold(text), layer, named=False) else None
