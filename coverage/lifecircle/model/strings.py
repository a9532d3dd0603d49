"""Strings of tables kept as Python holds them while we work on them.

Where pyarrow is installed, pandas keeps text in Arrow's arrays: good for a million rows in one
operation, but the tables here are short and looked at many times, and every look copies the text
out again. Without pyarrow pandas keeps it as below by itself; values are the same in both.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["plain_strings"]


@contextmanager
def plain_strings() -> Iterator[None]:
    """Let text in new tables be Python's, inside a ``with`` or a decorated function."""
    import pandas as pd  # noqa: PLC0415 - the command line starts without it

    with pd.option_context("mode.string_storage", "python"):
        yield
