"""Strings of tables kept as Python holds them while we work on them.

Where pyarrow is installed, pandas keeps text in Arrow's arrays: good for a million rows in one
operation, but the tables here are short and looked at many times, and every look copies the text
out again. Without pyarrow pandas keeps it as below by itself; values are the same in both.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Words", "plain_strings", "words_of"]


@contextmanager
def plain_strings() -> Iterator[None]:
    """Let text in new tables be Python's, inside a ``with`` or a decorated function."""
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    with pd.option_context("mode.string_storage", "python"):
        yield


class Words:
    """The words of a column, each once, and the number of every row's word, -1 where it has none.

    Parameters
    ----------
    values
        Of the column; they are not kept.
    """

    def __init__(self, values: NDArray[np.object_]) -> None:
        import pandas as pd  # noqa: PLC0415 - see above

        self.codes, self.words = pd.factorize(values)
        self.codes.flags.writeable = self.words.flags.writeable = False  # others read them, too
        self._are_text: bool | None = None

    def are_text(self, column: pd.Series[Any]) -> bool:
        """Return whether the column, whose words these are, holds text and None, nothing else."""
        if self._are_text is None:
            blank = column.to_numpy(dtype=object)[self.codes < 0].tolist()
            text = all(isinstance(word, str) for word in self.words)
            self._are_text = text and blank.count(None) == len(blank)
        return self._are_text


_KNOWN: dict[int, Words] = {}
"""Array (its ``id``) → its words, as long as there is the array."""


def words_of(column: pd.Series[Any]) -> Words:
    """Return the words of a column of objects.

    An array that nobody can write to is looked at once, whichever columns it is and whoever asks:
    of a street layer most tags share the one column of nothing, and many ask for the others.
    """
    values = column.to_numpy(dtype=object)
    whole: Any = values if values.base is None else values.base
    fixed = isinstance(whole, type(values)) and not whole.flags.writeable
    if not (fixed and whole.base is None and _ends(whole) == _ends(values)):
        return Words(values)
    if id(whole) not in _KNOWN:
        _KNOWN[id(whole)] = Words(values)
        weakref.finalize(whole, _KNOWN.pop, id(whole), None).atexit = False
    return _KNOWN[id(whole)]


def _ends(values: NDArray[np.object_]) -> tuple[int, int, bool]:
    """Return where in memory values begin, how many they are, and whether they lie in a row."""
    plain = values.flags.c_contiguous
    return values.__array_interface__["data"][0], values.size, plain
