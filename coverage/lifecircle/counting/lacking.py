"""Figures that a project lacks: the phase for want of whose the sum of all is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["first_lacking", "lacking"]


def lacking(column: str) -> str:
    """Return the column that names the phase for want of whose figure a project has none."""
    return f"{column}_lacking"


def first_lacking(figure: pd.Series, lead: pd.Series) -> pd.Series:
    """Return of every lead whose own figure is known the first phase of which it is not.

    Parameters
    ----------
    figure, lead
        Of the phases that are counted: their figure, NaN where missing, and who leads them.
    """
    gaps = figure.isna().to_numpy() & figure.reindex(lead).notna().to_numpy()
    found: dict[Hashable, object] = {}
    for phase, one in lead[gaps].items():
        found.setdefault(one, phase)
    return pd.Series(found, dtype=object)
