"""Columns of the page: one value a row, as numbers, texts or codes of what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.model.cell import text_or_none
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason
from lifecircle.model.status import Coverage, Status
from lifecircle.outputs.maps.pack import Codes, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "COVERAGES",
    "NONE",
    "STATUSES",
    "RowNumbers",
    "numbered",
    "numbers",
    "percents",
    "reasons",
    "said",
    "statuses",
]

STATUSES = (*map(str, Status), "none")
"""Order of the verdicts in the page; the last is that of an area the Assessment gives none."""
COVERAGES = tuple(map(str, Coverage))
NONE = 255
"""Number of nothing: no facility, no clause."""


class RowNumbers:
    """Ids of a layer → row numbers, as columns name the things they speak of."""

    def __init__(self, frame: gpd.GeoDataFrame | None) -> None:
        self.ids = [] if frame is None else [str(key) for key in frame.index]
        self._rows = {key: row for row, key in enumerate(self.ids)}

    def of(self, keys: Iterable[Any]) -> Codes:
        """Return the row number of every id, -1 where there is none."""
        return Codes(np.array([self._rows.get(key, -1) for key in keys], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)


def numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a column as numbers; NaN where it is missing, or no number at all."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    column = pd.to_numeric(frame[name], errors="coerce")
    return np.asarray(column.astype("float64").to_numpy(na_value=np.nan), dtype=float)


def percents(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares [0, 1] in per cent, one decimal; 100 and 0 only where they are exact (A2)."""
    exact = 100.0 * shares
    nearly = (exact >= 99.95) & meets(exact, "<", 100.0)  # noqa: PLR2004
    hardly = (exact <= 0.05) & meets(exact, ">", 0.0)  # noqa: PLR2004
    return np.where(nearly, 99.9, np.where(hardly, 0.1, exact))


def said(values: Iterable[Any], word: Callable[[Any], str | None]) -> Texts:
    """Return ``word`` of every value, found once for each that occurs; None for an empty cell."""
    found: dict[Hashable, str | None] = {}
    out = []
    for value in values:
        key = value if isinstance(value, str) else text_or_none(value)
        if key not in found:
            found[key] = None if key is None else word(key)
        out.append(found[key])
    return Texts(out)


def reasons(values: Iterable[Any], words: Wording) -> Texts:
    """Return many reasons in words, None where there is none."""
    return Texts([words.reason(v) or None if isinstance(v, Reason | str) else None for v in values])


def statuses(values: Iterable[Any]) -> Codes:
    """Return statuses by their number in ``STATUSES``; whatever else is ``none``."""
    return Codes(numbered(values, STATUSES, len(STATUSES) - 1))


def numbered(values: Iterable[Any], order: tuple[str, ...], other: int) -> NDArray[np.int64]:
    """Return the number of every value in ``order``; ``other`` where it is not in it."""
    known = {key: number for number, key in enumerate(order)}
    values = values.tolist() if isinstance(values, pd.Series) else values  # faster to go through
    return np.array([known.get(v, other) if isinstance(v, str) else other for v in values], int)
