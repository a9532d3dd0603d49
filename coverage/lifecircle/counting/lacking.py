"""Figures that a project lacks: the phase for want of whose the sum of all is not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.counting.eligibility import hidden, number_of

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["first_lacking", "lacking", "people_of_phases"]


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


def people_of_phases(
    areas: pd.DataFrame, persons: float | None, lead: pd.Series, asked: pd.Series
) -> dict[str, pd.Series]:
    """Return the people of every area of a project of which some phase's people are given.

    Of the others in it as many as live in their dwellings, ``persons`` in each (None: not known);
    not of one whose people are written and cannot be read. ``planned_at_most``: those planned for,
    where they are fewer than the dwellings those of the dwellings.

    Parameters
    ----------
    areas, persons
        The areas, and how many people live in a dwelling.
    lead, asked
        Who leads each, and which are asked for anything.
    """
    dwelt = number_of(areas, "counted") * (math.nan if persons is None else persons)
    found: dict[str, pd.Series] = {}
    for column in ("population", "population_planned"):
        given = number_of(areas, column)
        told = (given.notna() & asked).groupby(lead).transform("any")
        found[column] = given.fillna(dwelt.where(told & ~hidden(areas, column)))
    planned = found["population_planned"]
    slips = number_of(areas, "population_planned") < number_of(areas, "counted")
    found["planned_at_most"] = planned.mask(slips, dwelt.fillna(math.inf))
    return found
