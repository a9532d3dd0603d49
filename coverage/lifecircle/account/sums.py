"""Sums: rows of tables as plain values, and square metres added up by area, facility or account."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    K = TypeVar("K", bound=Hashable)
    Row = tuple[str, str, float]

__all__ = [
    "added",
    "added_by",
    "added_up",
    "in_order",
    "largest",
    "looked_up",
    "rows_of",
    "table_of",
    "within_rooms",
]

_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("m2", "most", "least", "distance"), float),
    **dict.fromkeys(("shared", "sure", "if_built", "nearer", "contested"), bool),
}
"""Columns that are numbers or yes and no; the others are words."""


def rows_of(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield some columns of a table row by row, as plain values; numbers with gaps as NaN."""
    plain = (table[name].to_numpy(dtype=_TYPES.get(name)).tolist() for name in columns)
    return zip(*plain, strict=True)


def table_of(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table, whose columns have their types with rows or without."""
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    index = pd.RangeIndex(len(cells[0]))
    table: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=True):
        if name in _TYPES:
            table[name] = np.array(cell, dtype=_TYPES[name])
        else:  # said outright, and of one index: nothing is guessed, nothing put side by side
            table[name] = pd.Series(list(cell), index, dtype=object)
    return pd.DataFrame(table, index=index)


def added_up(rows: Iterable[Row]) -> list[Row]:
    """Return pairs once, with their m² added: an area may be named twice."""
    total: dict[tuple[str, str], float] = {}
    for facility, area, m2 in rows:
        known = total.get((facility, area), math.nan)
        said = [one for one in (known, m2) if not math.isnan(one)]
        total[facility, area] = sum(said) if said else math.nan
    return [(*pair, m2) for pair, m2 in total.items()]


def added(keys: Iterable[K], values: Iterable[float]) -> dict[K, float]:
    """Return the sum of the values of each key; gaps (NaN) add nothing.

    What is lost to rounding is carried along (Kahan), so that a thousand small rooms add up.
    """
    total: dict[K, float] = {}
    carried: dict[K, float] = {}
    for key, value in zip(keys, values, strict=True):
        if key not in total:
            total[key] = carried[key] = 0.0
        if value != value:  # noqa: PLR0124 - NaN
            continue
        here = value - carried[key]
        before = total[key]
        total[key] = after = before + here
        lost = after - before - here
        carried[key] = lost if lost == lost else 0.0  # noqa: PLR0124 - of infinite sums none
    return total


def added_by(keys: Iterable[K], values: Iterable[float]) -> NDArray[np.float64]:
    """Return, of every row, the sum of the values of its key."""
    names = list(keys)
    return looked_up(names, added(names, values))


def largest(keys: Iterable[K], values: Iterable[float]) -> dict[K, float]:
    """Return the largest of the values of each key."""
    found: dict[K, float] = {}
    for key, value in zip(keys, values, strict=True):
        found[key] = max(found.get(key, value), value)
    return found


def looked_up(
    keys: Iterable[K], values: Mapping[K, float], gap: float = 0.0
) -> NDArray[np.float64]:
    """Return the value of each key, ``gap`` where it has none."""
    return np.array([values.get(key, gap) for key in keys], dtype=np.float64)


def in_order(*numbers: float) -> tuple[tuple[bool, float], ...]:
    """Return a key that sorts by some numbers, gaps last."""
    return tuple((n != n, 0.0 if n != n else n) for n in numbers)  # noqa: PLR0124 - NaN


def within_rooms(ways: Sequence[Sequence[Row]], rooms: float) -> list[list[Row]]:
    """Return ways to read a record, no part of open m² (75以上) larger than others leave of it.

    A part that has several m² has the least of them at least. Of a way that promises more than
    there is with the least of all parts, nobody knows which of them is wrong.
    """
    least: dict[str, float] = {}
    for _, area, m2 in (row for way in ways for row in way):
        least[area] = min(least.get(area, m2), m2)
    found = []
    for way in ways:
        told = [(area, m2) for _, area, m2 in way if not math.isnan(m2)]
        fits = meets(sum(least[area] for area, _ in told), "<=", rooms)
        over = sum(m2 for _, m2 in told) - rooms if fits else 0.0
        rows = []
        for facility, area, m2 in way:
            less = max(0.0, min(over, m2 - least[area])) if over > 0 and m2 > least[area] else 0.0
            over -= less
            rows.append((facility, area, m2 - less))
        found.append(rows)
    return found
