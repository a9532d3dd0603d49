"""The Proposal: one development project as its file says it, normalised, in a study's terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.study import likely_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import InputRecord
    from lifecircle.model.problem import Problem

__all__ = ["FACTS", "Proposal", "Supplement"]

FACTS = (
    "acceptance_no",
    "conditions_no",
    "developer",
    "designer",
    "location",
    "land_area_m2",
    "total_floor_m2",
    "above_ground_m2",
    "dwelling_m2",
    "floor_area_ratio",
    "building_density",
    "green_rate",
    "parking",
    "households_planned",
    "population",
)
"""Facts of a project (经济技术指标) that are shown as they are and decide nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """A fact that is missing: what of what. The opinion waits for it.

    Parameters
    ----------
    layer, id, name
        What it is missing of: a plot, a planned facility, or the project (``id`` empty).
    field
        What is missing, by its column.
    """

    layer: str
    id: str
    name: str
    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A project that can be judged: its plots and what it plans for older people.

    Parameters
    ----------
    name
        Of the project; the file's name where the project has none.
    number
        Project id, or None.
    facts
        ``FACTS`` that the file states: numbers as floats, the rest as text.
    plots
        The plots as residential areas: index id, columns of ``residential`` and ``land_area_m2``,
        CRS of the study. All have a place and households; ids are no ids of the study.
    facilities
        The planned facilities: index id, columns of ``facilities`` and ``plot`` (id of the plot
        it belongs to), ``floor``, ``entrance``, ``daylight``. All have a place.
    sharing
        Recorded service relations of the planned facilities: ``facility``, ``residential``,
        ``m2`` (NaN: unsaid).
    likely
        Areas that a name in such a record may mean, as ``Study.likely``.
    somewhere
        Ids of planned facilities without coordinates: they stand somewhere on their plot, and are
        told at its middle.
    removes, replaces
        Ids of the study's facilities that are pulled down, and of its areas that give way.
    supplements
        What is missing and does no harm to what is there.
    problems
        What was found in the file, none of them an error.
    """

    name: str
    number: str | None
    facts: Mapping[str, Any]
    plots: Layer
    facilities: Layer
    sharing: pd.DataFrame
    somewhere: frozenset[str] = frozenset()
    removes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    inputs: tuple[InputRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    illustrative: bool = False
    path: Path | None = field(default=None)
    likely: pd.DataFrame = field(default_factory=likely_table)
