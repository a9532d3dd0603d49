"""Flags of facilities: yes or no columns and stars, as tri-state answers (A21, A23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, either, number_of, truth
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from lifecircle.model.rules.options import FlagOptions, ShareOptions

__all__ = ["asked_of", "flag", "flag_columns", "flags_met"]


def flag(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a yes-or-no column as 1.0, 0.0, NaN; all NaN where the layer has no such column."""
    return truth(rows[column]) if column in rows else pd.Series(np.nan, index=rows.index)


def flag_columns(options: FlagOptions) -> tuple[str, ...]:
    """Return the columns a clause's flag options look at."""
    star = () if options.star_at_least is None else ("star",)
    size = () if options.floor_area_at_least is None else ("floor_area_m2",)
    return (*options.all_of, *options.any_of, *star, *size)


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
    answers = [pd.Series(1.0, index=rows.index)]
    answers += [flag(rows, name) for name in options.all_of]
    if options.any_of:
        answers.append(either(*(flag(rows, name) for name in options.any_of)))
    if options.star_at_least is not None:
        star = number_of(rows, "star")
        answers.append(meets(star, ">=", options.star_at_least).astype(float).mask(star.isna()))
    if options.floor_area_at_least is not None:
        m2 = number_of(rows, "floor_area_m2")
        answers.append(meets(m2, ">=", options.floor_area_at_least).astype(float).mask(m2.isna()))
    return both(*answers)
