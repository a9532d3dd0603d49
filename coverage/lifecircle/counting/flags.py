"""Flags of facilities: yes or no columns and stars, as tri-state answers (A21, A23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, number_of, truth

if TYPE_CHECKING:
    from lifecircle.model.rules.clause import Clause

__all__ = ["either", "flag", "flag_columns", "flags_met"]


def either(*answers: pd.Series) -> pd.Series:
    """Return 1 where any answer is 1, 0 where all are 0, else NaN."""
    return 1.0 - both(*(1.0 - a for a in answers))


def flag(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a yes-or-no column as 1.0, 0.0, NaN; all NaN where the layer has no such column."""
    return truth(rows[column]) if column in rows else pd.Series(np.nan, index=rows.index)


def flag_columns(clause: Clause) -> tuple[str, ...]:
    """Return the columns a clause's flag options look at."""
    options = clause.options
    star = ("star",) if "star_at_least" in options else ()
    return (*options.get("all_of", ()), *options.get("any_of", ()), *star)


def flags_met(rows: pd.DataFrame, clause: Clause) -> pd.Series:
    """Return whether each facility has what the clause asks: 1 yes, 0 no, NaN not known.

    Option ``all_of``: all of these columns are yes; ``any_of``: at least one is;
    ``star_at_least``: the star level is at least this. A clause without any asks nothing.
    """
    answers = [pd.Series(1.0, index=rows.index)]
    answers += [flag(rows, name) for name in clause.options.get("all_of", ())]
    if names := clause.options.get("any_of", ()):
        answers.append(either(*(flag(rows, name) for name in names)))
    if (least := clause.options.get("star_at_least")) is not None:
        star = number_of(rows, "star")
        answers.append((star >= least).astype(float).mask(star.isna()))
    return both(*answers)
