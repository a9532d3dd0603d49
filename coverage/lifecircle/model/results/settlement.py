"""Settlement: how well spare m² were shared out, and how much better it could be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pandas as pd

from lifecircle.model.allowed import Count, OneOf

__all__ = ["PROVISION_COLUMNS", "REMEDY_COLUMNS", "STAGE_COLUMNS", "Settlement", "empty_table"]

PROVISION_COLUMNS = (
    "scope",
    "areas",
    "unknown",
    "required_m2",
    "own_m2",
    "recorded_m2",
    "arrangeable_m2",
    "deficit_m2",
    "deficit_if_arranged_m2",
    "surplus_m2",
    "unassigned_m2",
    "reference_areas",
    "reference_required_m2",
    "reference_own_m2",
    "reference_recorded_m2",
    "reference_deficit_m2",
    "at_least",
)
"""Floor area in sum: one row a ``scope`` (``county``, code of a street or town, of a community).

``areas``: accounts in the sums; ``unknown``: accounts left out, as a figure of theirs is not known,
or whether they count at all. What the former lack for certain is in the deficits all the same.
``at_least``: yes where there are any, so that more may be lacking than the deficits say. Who is
exempt is in neither.
``surplus_m2``: what areas have beyond their requirement; ``unassigned_m2``: what the facilities of
the place could still share. Deficits and surpluses do not cancel. Accounts that no clause in
judgment asks stand apart, as ``reference_…``: nobody has to build what they lack.
"""

REMEDY_COLUMNS = ("residential", "rank", "remedy")
"""Every step that would cure an area's deficit, the cheapest first (``rank`` from 1)."""

STAGE_COLUMNS = (
    "residential",
    "clause",
    "stage",
    "housing_on",
    "care_on",
    "days_late",
    "tolerance_days",
    "status",
)
"""四同步, one row an area and stage (planned, built, accepted, delivered): both dates (ISO), days
the facility came after the housing (negative: before; NaN: a date is missing)."""


def empty_table(columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with these columns and no row."""
    return pd.DataFrame({name: [] for name in columns})


@dataclass(frozen=True, slots=True)
class Settlement:
    """One distribution of spare m² under one standard, and how much better it could be.

    Parameters
    ----------
    basis
        ``recorded``: among the areas that a record names; ``suggested``: what could be arranged.
    official
        What is to be served most: ``areas``, ``households`` or ``population``.
    short, served
        Areas that lacked m², and those of them that are now filled.
    gain, bound
        Served on the official basis, and what no distribution can exceed.
    households, households_bound
        Households in what is served; their bound among the best on the official basis, None where
        that itself is open.
    proven
        Whether nothing better exists.
    undecided
        Those of ``short`` that may lack nothing after all: what they have, or need, is not known.
    """

    standard: str
    basis: Annotated[str, OneOf(("recorded", "suggested"))]
    official: Annotated[str, OneOf(("areas", "households", "population"))]
    short: Count
    served: Count
    gain: float
    bound: float
    households: float
    households_bound: float | None
    proven: bool
    undecided: Count = 0
