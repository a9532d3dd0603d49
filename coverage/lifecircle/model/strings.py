"""Strings of tables kept as Python holds them while we work on them.

Where pyarrow is installed, pandas keeps text in Arrow's arrays: good for a million rows in one
operation, but the tables here are short and looked at many times, and every look copies the text
out again. Without pyarrow pandas keeps it as below by itself; values are the same in both.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["ColumnWords", "plain_strings"]


@contextmanager
def plain_strings() -> Iterator[None]:
    """Let text in new tables be Python's, inside a ``with`` or a decorated function."""
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    with pd.option_context("mode.string_storage", "python"):
        yield


class ColumnWords:
    """The words of columns, each once, and which of them every row has.

    Columns that are one array in memory are looked at once: of a street layer most are, for all
    tags that no street has share the one column of nothing.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[int, ...], int], _Known] = {}

    def of(self, column: pd.Series[Any]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Return the number of every row's word, -1 where there is none, and the words."""
        known = self._of(column)
        return known.codes, known.words

    def are_text(self, column: pd.Series[Any]) -> bool:
        """Return whether a column holds text and None, and nothing else."""
        return self._of(column).are_text

    def _of(self, column: pd.Series[Any]) -> _Known:
        values = column.to_numpy(dtype=object)
        place = values.__array_interface__["data"][0], values.strides, len(values)
        if place not in self._known:
            self._known[place] = _Known(values)
        return self._known[place]


class _Known:
    """What is known of one array, which is kept: no other takes its place in memory."""

    def __init__(self, values: NDArray[np.object_]) -> None:
        import pandas as pd  # noqa: PLC0415 - see above

        self._values = values
        self.codes, self.words = pd.factorize(values)

    @cached_property
    def are_text(self) -> bool:
        blank = self._values[self.codes < 0].tolist()
        return blank.count(None) == len(blank) and all(isinstance(w, str) for w in self.words)
