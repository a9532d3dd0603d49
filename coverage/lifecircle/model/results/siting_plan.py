"""A siting plan of a study: where to build, and what the judgement says of it before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lifecircle.model.allowed import Count, OneOf
from lifecircle.model.finding import Rate
from lifecircle.model.results.siting import SitingAnswer

__all__ = [
    "NATURES",
    "SITING_SCHEMA",
    "WEIGHTS",
    "Alternative",
    "CurvePoint",
    "PlannedPlace",
    "SitingPlan",
]

SITING_SCHEMA = 1
NATURES = ("new", "convert", "reuse")
"""新建; 改建 of an idle building; 盘活 of a facility that is idle or used for something else."""
WEIGHTS = ("areas", "households", "population", "elders")


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """One place of the plan, in the order of building.

    Parameters
    ----------
    candidate
        Id of the candidate, or of the facility that is put back into use.
    facility
        Id under which the plan's facility was judged.
    kind
        Kind that it is planned as.
    floor_area_m2
        Usable there; null where it is not known.
    x, y
        In the study's CRS, metres.
    serves
        Areas planned for within its reach, whoever else reaches them.
    gains
        Areas that become compliant with it, all places before it built; and their weight.
    """

    candidate: str
    facility: str
    name: str
    nature: Annotated[str, OneOf(NATURES)]
    kind: str
    unit: str | None
    community: str | None
    floor_area_m2: float | None
    x: float
    y: float
    serves: tuple[str, ...]
    gains: tuple[str, ...]
    gained_weight: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another choice: what it is worth, and the sites in which it differs from the plan."""

    objective: float
    sites: tuple[str, ...]
    instead_of: tuple[str, ...]
    besides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The most that so many sites can cover, and what the last of them adds."""

    sites: Count
    objective: float
    gain: float
    proven: bool


@dataclass(frozen=True, slots=True)
class SitingPlan:
    """Where to build for one clause, judged before and after.

    Parameters
    ----------
    weight
        What is weighed; ``unweighted`` lists areas planned for whose weight is missing: they
        count 0 for cover most.
    planned_for
        Areas that do not meet the clause (and with ``include_undecided`` those 待核实).
    answer
        The choice among candidates; its demand are the areas planned for.
    before, after
        The clause's rates as judged, for the county and each unit.
    statuses
        Area planned for → its status before and after.
    """

    study: str
    standard: str
    clause: str
    stage: str
    as_of: dt.date
    weight: Annotated[str, OneOf(WEIGHTS)]
    include_undecided: bool
    planned_for: tuple[str, ...]
    unweighted: tuple[str, ...]
    answer: SitingAnswer
    places: tuple[PlannedPlace, ...]
    alternatives: tuple[Alternative, ...]
    curve: tuple[CurvePoint, ...]
    before: tuple[Rate, ...]
    after: tuple[Rate, ...]
    statuses: Mapping[str, tuple[str, str]]
