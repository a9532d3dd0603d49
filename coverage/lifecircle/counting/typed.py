"""Typed figures: what a county enters of numbers that no ledger of its has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["PER", "TypedFigure", "stands_in", "typed_figure"]

PER = {"%": 100.0, "/1000p": 1000.0}
"""Units of a quotient → what it is multiplied by; in the other units the numerator is the value."""


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """One figure as it was entered.

    ``top``, ``bottom``: numerator and denominator, NaN where not entered; ``source``: where it
    comes from, in the county's words.
    """

    top: float
    bottom: float
    source: str

    def value(self, unit: str) -> float | None:
        """Return the figure in ``unit``; NaN where its denominator is zero; None: not entered."""
        if np.isnan(self.top):
            return None
        if unit not in PER:
            return self.top
        if np.isnan(self.bottom):
            return None
        return PER[unit] * self.top / self.bottom if self.bottom else np.nan


def typed_figure(table: pd.DataFrame | None, name: str) -> TypedFigure:
    """Return a figure of the typed ones (``id``, ``numerator``, ``denominator``, ``source``).

    One that nobody entered has neither numerator nor denominator.
    """
    found = None if table is None else table[table["id"] == name]
    if found is None or found.empty:
        return TypedFigure(np.nan, np.nan, "")
    row = found.iloc[0]
    source = "" if pd.isna(row["source"]) else str(row["source"])
    top, bottom = (
        np.nan if pd.isna(row[part]) else float(row[part]) for part in ("numerator", "denominator")
    )
    return TypedFigure(top, bottom, source)


def stands_in(rule: Rule[Options]) -> str:
    """Return the typed figure that stands in where the ledger does not tell; empty: none does."""
    return str(getattr(rule.options, "typed", ""))
