"""What a file holds and what of it was read: sheets, layers, folders, hidden rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

from lifecircle.model.allowed import Count

__all__ = ["Contents", "LeftOut"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet, layer or folder of a file that was not read.

    Parameters
    ----------
    hidden
        Whether whoever opens the file does not see it.
    rows
        Rows that it holds below its header; null where nobody looked, because the study names
        what is read.
    fits
        Whether it has the columns that the layer cannot do without.
    """

    name: str
    hidden: bool = False
    rows: Count | None = None
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a file was read; ``read`` and ``left_out`` together are all that it holds.

    Parameters
    ----------
    read
        The sheets, layers or folders read, in their order; none where a file is one table.
    hidden_read
        Those of them that are hidden: the study names them.
    left_out
        The others.
    hidden_rows
        How many rows read are hidden; the problems name them.
    hidden_columns
        Headers of the columns read that are hidden.
    """

    read: tuple[str, ...] = ()
    hidden_read: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    hidden_rows: Count = 0
    hidden_columns: tuple[str, ...] = ()
