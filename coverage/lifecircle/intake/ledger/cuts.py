"""Headers that a shapefile cut: which columns they may be, and which their values allow.

A .dbf keeps ten bytes of a header. ArcGIS keeps nine, puts ``_`` for a bracket or a unit's sign,
and numbers what has become equal (``_1``): in GBK 规划条件应配面积 is 规划条件, and 建筑面积(㎡) is
建筑面积_.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.values import is_blank, read_value
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import ProblemCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["cut_columns", "marked_like"]

_LEAST, _MOST = 9, 10
"""Bytes that programs leave of a header: a further character went beyond the first, at least."""
_MARKED = re.compile(r"(.+?)(_\d+|_+)?")
_ANYTHING = frozenset({"text", "code", "serves"})
"""Types that read whatever there is."""

_GOODWILL = frozenset(
    {
        None,
        ProblemCode.NUMBER_READ_AS,
        ProblemCode.DATE_READ_AS,
        ProblemCode.KIND_LISTED,
        ProblemCode.KIND_PERHAPS,
        ProblemCode.KIND_READ_AS,
    }
)
"""What is said of values that were read all the same."""


def cut_columns(
    raw: RawTable, free: Sequence[ColumnSpec], headers: Sequence[str]
) -> dict[str, list[ColumnSpec]]:
    """Return header → the columns that it may be, cut, and that its values do not rule out.

    Parameters
    ----------
    free
        Columns that no whole header serves.
    headers
        Headers that serve no column whole.
    """
    encoding = raw.encoding or "utf-8"
    found: dict[str, list[ColumnSpec]] = {}
    for header in headers:
        said = fold(raw.repeats.get(header, header))
        fitting = [spec for spec in free if any(_is_cut(w, said, encoding) for w in _words(spec))]
        values = [value for value in raw.frame[header] if not is_blank(value)]
        allowed = [spec for spec in fitting if _reads(spec, values)]
        exact = [spec for spec in allowed if spec.type not in _ANYTHING]
        if allowed:
            found[header] = exact or allowed
    return found


def marked_like(raw: RawTable, header: str, spec: ColumnSpec) -> bool:
    """Return whether a header is a column's whole name with a mark behind: 建筑面积_1."""
    marked = _MARKED.fullmatch(fold(raw.repeats.get(header, header)))
    return marked is not None and marked[2] is not None and marked[1] in _words(spec)


def _words(spec: ColumnSpec) -> list[str]:
    return [fold(word) for word in (spec.name, *spec.aliases)]


def _is_cut(word: str, header: str, encoding: str) -> bool:
    """Return whether a header is what is left of a word, or the whole word with a mark behind."""
    marked = _MARKED.fullmatch(header)
    if marked is None or not word.startswith(marked[1]):
        return False
    kept, rest = header, word[len(marked[1]) :]
    if not rest:
        return marked[2] is not None
    size = _bytes(kept, encoding)
    return size <= _MOST and size + _bytes(rest[0], encoding) > _LEAST


def _bytes(text: str, encoding: str) -> int:
    return len(text.encode(encoding, errors="replace"))


def _reads(spec: ColumnSpec, values: Sequence[object]) -> bool:
    """Return whether a column of this type could hold all of the values."""
    return all(read_value(spec, value).code in _GOODWILL for value in values)
