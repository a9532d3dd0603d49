"""What stands today of a clause that is judged as if a plan were built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from lifecircle.model.allowed import OneOf
from lifecircle.model.finding import Rate
from lifecircle.model.status import Status

__all__ = ["TodayFigures", "Unbuilt"]


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """What a clause measures of one subject without the places, in the clause's unit.

    ``measured``, ``required``, ``deficit``: null: missing, or without bound; ``beyond``: measured
    is without bound: nothing is in reach.
    """

    measured: float | None
    required: float | None
    deficit: float | None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """How a clause comes out without the places of a siting plan.

    Parameters
    ----------
    value, low, high
        In the clause's unit; None: missing, or without bound.
    official
        The rate the document asks for.
    statuses
        Subjects whose status differs → what it is without the places.
    figures
        Subjects whose figures differ → those without the places.
    """

    status: Status
    value: float | None
    low: float | None
    high: float | None
    official: Rate | None
    statuses: Mapping[str, Annotated[str, OneOf(tuple(Status))]]
    figures: Mapping[str, TodayFigures] = field(default_factory=dict)
