"""What a cell of a table says: nothing, a number, a text, several things, yes or no.

Cells come from frames, so that an empty one may be None, NaN or pandas' own gap, and a number
numpy's. And which cells of a row are a part of another.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "PART_OF",
    "is_missing",
    "is_no",
    "is_yes",
    "keep_most",
    "listed",
    "marks_of",
    "most_of",
    "number_or_none",
    "text_or_none",
]

PART_OF: Mapping[str, str] = {"nursing_beds": "beds", "public_beds": "beds", "elders": "population"}
"""Column → the one that it is a part of: nobody has more of the one than of the other."""


def is_missing(value: Any) -> bool:
    """Return whether a cell is empty; infinity and an empty text are not."""
    if value is None:
        return True
    kind = type(value)
    if kind is str or kind is int:  # asked a million times of a county, and mostly of these
        return False
    if kind is float:
        return math.isnan(value)
    if value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def number_or_none(value: Any) -> float | None:
    """Return a cell's number, infinity included; None where it is empty or holds no number."""
    if type(value) is float:  # mostly
        return None if math.isnan(value) else value
    if is_missing(value):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(found) else found


def text_or_none(value: Any) -> str | None:
    """Return a cell's text; None where it is empty."""
    if type(value) is str:  # mostly
        return value or None
    return None if is_missing(value) or str(value) == "" else str(value)


def listed(value: Any) -> list[str]:
    """Return the parts of a cell that holds several: ``"a;b"``, a tuple, a set or nothing."""
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return [part.strip() for part in (text_or_none(value) or "").split(";") if part.strip()]


def is_yes(value: Any) -> bool:
    """Return whether a cell says yes: True or 1, not an empty one."""
    return number_or_none(value) == 1


def is_no(value: Any) -> bool:
    """Return whether a cell says no: False or 0, not an empty one."""
    return number_or_none(value) == 0


def most_of(part: str) -> str:
    """Return the column that keeps a part as it was written where it is more than its whole.

    One of the two is wrong, and nobody knows which: the part is not known, up to what was written,
    and the whole is as many as were written or more. NaN of other rows; a layer without such rows
    has no such column.
    """
    return f"{part}_most"


def marks_of(column: str) -> Iterator[str]:
    """Yield the columns of :func:`most_of` that tell of a column, be it the part or the whole."""
    return (most_of(part) for part, whole in PART_OF.items() if column in {part, whole})


def keep_most(frame: pd.DataFrame, row: int, column: str, most: float) -> None:
    """Enter how much there may be of a figure of one row, in a column beside it."""
    if column not in frame:
        frame[column] = math.nan
    frame.iloc[row, frame.columns.get_loc(column)] = most
