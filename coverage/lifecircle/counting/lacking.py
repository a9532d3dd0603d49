"""Figures not known for certain: of a project for want of a phase's, of an estate on two rows.

And people and dwellings of a plan that cannot both be right.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.counting.eligibility import hidden, number_of
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import REPEATS

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = [
    "CROWDED",
    "either",
    "first_lacking",
    "lacking",
    "of_either_row",
    "people_of_phases",
    "planned_people",
    "usual_persons",
]

_FIGURES = ("counted", "population", "population_planned")
_ENDS = ("less", "more")
_USUAL = (1.5, 5.0)
"""Persons per household that nobody asks about where the study sets none."""
CROWDED = 10.0
"""People in every dwelling of an area: more live nowhere, so that one of two figures is wrong."""
_APART = 1.5
"""Factor by which persons per household may differ from what the study sets."""


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
    not of one whose people are written and cannot be read. ``planned_least`` and ``planned_most``:
    those planned for at least and at most (:func:`planned_people`); ``planned_fitting``: those
    planned for, NaN where the dwellings contradict them.

    Parameters
    ----------
    areas, persons
        The areas, and how many people live in a dwelling.
    lead, asked
        Who leads each, and which are asked for anything.
    """
    homes = number_of(areas, "counted")
    dwelt = homes * (math.nan if persons is None else persons)
    found: dict[str, pd.Series] = {}
    for column in ("population", "population_planned"):
        given = number_of(areas, column)
        told = (given.notna() & asked).groupby(lead).transform("any")
        found[column] = given.fillna(dwelt.where(told & ~hidden(areas, column)))
    planned = found["population_planned"]
    least, most = planned_people(number_of(areas, "population_planned"), homes, persons)
    found["planned_least"], found["planned_most"] = least.fillna(planned), most.fillna(planned)
    found["planned_fitting"] = planned.mask(least < most)
    return found | _spreads_of_phases(areas, persons)


def of_either_row(areas: pd.DataFrame) -> dict[str, pd.Series]:
    """Return by how much fewer, and more, households and people an area may have: those of a row.

    Of areas that another row may say again (``REPEATS``) with another figure: if the two are one
    estate, either may be right. Columns as of :func:`either`; none where no row differs.
    """
    again = areas[REPEATS] if REPEATS in areas else pd.Series(dtype=object)
    again = again[again.isin(areas.index)]
    if again.empty:
        return {}
    found: dict[str, pd.Series] = {}
    for name in _FIGURES:
        own = number_of(areas, name)
        theirs = own[again.index].groupby(again)
        found[f"{name}_less"] = (own - theirs.min().reindex(areas.index)).clip(lower=0.0)
        found[f"{name}_more"] = (theirs.max().reindex(areas.index) - own).clip(lower=0.0)
    if areas["counted"].isna().any():  # of unknown class: what either class would count
        for end in _ENDS:
            by_class = _by_class(areas, again, end)
            found[f"counted_{end}"] = found[f"counted_{end}"].where(
                areas["counted"].notna(), by_class
            )
    found = {name: spread.fillna(0.0) for name, spread in found.items()}
    return found if any((spread > 0).any() for spread in found.values()) else {}


def _by_class(areas: pd.DataFrame, again: pd.Series, end: str) -> pd.Series:
    """Return how far a row's households may be off at one ``end``, whichever class it is of."""
    found = pd.Series(0.0, areas.index)
    for name in ("counted_if_new", "counted_if_existing"):
        own = number_of(areas, name)
        theirs = own[again.index].groupby(again)
        ends = (own - theirs.min().reindex(areas.index), theirs.max().reindex(areas.index) - own)
        found = found.combine(ends[end == "more"].fillna(0.0), max)
    return found


def either(areas: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    """Return by how much a figure may be less, and more, as another row says (0: it is known)."""
    less, more = (number_of(areas, f"{name}_{end}").fillna(0.0) for end in _ENDS)
    return less, more


def _spreads_of_phases(areas: pd.DataFrame, persons: float | None) -> dict[str, pd.Series]:
    """Return the columns of :func:`of_either_row`; of phases without people those of dwellings."""
    found: dict[str, pd.Series] = {}
    for end in _ENDS if "counted_less" in areas else ():
        homes = number_of(areas, f"counted_{end}").fillna(0.0)
        found[f"counted_{end}"] = homes
        for name in _FIGURES[1:]:
            own, given = number_of(areas, f"{name}_{end}"), number_of(areas, name).notna()
            found[f"{name}_{end}"] = own.fillna(0.0).where(given, homes * (persons or 0.0))
    return found


def usual_persons(persons: float | None) -> tuple[float, float]:
    """Return how many people in a household nobody asks about, from and to; never less than one.

    ``persons``: per household, as the study sets them, or None.
    """
    low, high = _USUAL if persons is None else (persons / _APART, persons * _APART)
    return max(low, 1.0), max(high, 1.0)


def planned_people(
    planned: pd.Series, homes: pd.Series, persons: float | None
) -> tuple[pd.Series, pd.Series]:
    """Return how many people an area is planned for, at least and at most.

    As many as are written. Of fewer people than dwellings, and of more than ten in each, one of the
    two figures is a slip, which of them nobody knows: if it is the people, they are as many as live
    in such dwellings, ``persons`` in each; where the study sets none one at least, and anything at
    most.
    """
    few = meets(planned, "<", homes) & (homes > 0)
    many = meets(planned, ">", homes * CROWDED) & (homes > 0)
    least, most = (1.0, math.inf) if persons is None else (persons, persons)
    return planned.mask(many, homes * least), planned.mask(few, homes * most)
