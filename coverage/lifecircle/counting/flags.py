"""Flags of facilities: yes or no columns and stars, as tri-state answers (A21, A23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, either, hidden, number_of, truth
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.rules.options import FlagOptions, ShareOptions

__all__ = ["asked_of", "deciding_columns", "flag", "flags_met"]


def flag(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a yes-or-no column as 1.0, 0.0, NaN; all NaN where the layer has no such column."""
    return truth(rows[column]) if column in rows else pd.Series(np.nan, index=rows.index)


def asked_of(rows: pd.DataFrame, options: ShareOptions) -> pd.Series:
    """Return whether a share is about each facility: 1 yes, 0 no, NaN not known.

    ``among``: all of these columns are yes; ``without``: all of these are no.
    """
    answers = [pd.Series(1.0, index=rows.index)]
    answers += [flag(rows, name) for name in options.among]
    answers += [1.0 - flag(rows, name) for name in options.without]
    return both(*answers)


def flags_met(rows: pd.DataFrame, options: FlagOptions) -> pd.Series:
    """Return whether each facility has what the clause asks: 1 yes, 0 no, NaN not known.

    ``all_of``: all of these columns are yes; ``any_of``: at least one is; ``star_at_least``: the
    star level is at least this, inclusive; ``floor_area_at_least``: so is its floor area (m²). A
    clause without any asks nothing.
    """
    every, some = _answers(rows, options)
    answers = [pd.Series(1.0, index=rows.index), *every.values()]
    return both(*answers, either(*some.values())) if some else both(*answers)


def deciding_columns(rows: pd.DataFrame, options: FlagOptions) -> list[list[str]]:
    """Return the columns that decide what :func:`flags_met` says of each facility, in their order.

    Of one that has what is asked, those that say yes; of one that has not, those that say no; else
    those that are not known. Of ``any_of`` a no says nothing beside a yes, or a blank.
    """
    every, some = _answers(rows, options)
    told = flags_met(rows, options)
    one = either(*some.values()) if some else told
    found: list[list[str]] = [[] for _ in range(len(rows))]
    for names, whole in ((every, told), (some, one)):
        for name, column in names.items():
            for row in np.flatnonzero(_same(column, told) & _same(whole, told)):
                found[row].append(name)
    return found


def _same(one: pd.Series, other: pd.Series) -> NDArray[np.bool_]:
    """Return where two answers are the same, not known being one of them."""
    return np.asarray((one == other) | (one.isna() & other.isna()), dtype=bool)


def _answers(
    rows: pd.DataFrame, options: FlagOptions
) -> tuple[dict[str, pd.Series], dict[str, pd.Series]]:
    """Return by column what each facility says, of what it must have and of what one is enough."""
    every = {name: flag(rows, name) for name in options.all_of}
    for name, least in (
        ("star", options.star_at_least),
        ("floor_area_m2", options.floor_area_at_least),
    ):
        if least is not None:
            figure = number_of(rows, name).mask(hidden(rows, name))
            every[name] = meets(figure, ">=", least).astype(float).mask(figure.isna())
    return every, {name: flag(rows, name) for name in options.any_of}
