"""Findings and rates: what is known of every clause for every subject, and in sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["BASES", "FINDING_COLUMNS", "MEASURED_COLUMNS", "TOLERANCE", "Rate", "meets"]

TOLERANCE = 1e-6
"""Metres, minutes, m², and shares: the one tolerance of every inclusive comparison."""

MEASURED_COLUMNS = ("measured", "low", "high", "required_low", "required_high", "reason")
"""What every measure returns, one row a subject, index = subject id.

``measured``: point value, NaN where an input is missing; ``low``, ``high``: its interval over the
unknowns (inf allowed); ``required_*``: the threshold's interval; ``reason``: Reason or None.
"""

FINDING_COLUMNS = (
    "standard",
    "clause",
    "layer",
    "id",
    "part",
    "required",
    "measured",
    "unit",
    "deficit",
    "low",
    "high",
    "status",
    "flags",
    "reason",
)
"""Columns of the findings table. ``flags`` is a tuple of Flag values, ``reason`` a Reason."""

BASES = (
    "areas",
    "households",
    "households_reached",
    "population",
    "elders",
    "land_area",
    "units",
    "facilities",
    "beds",
)
"""Bases of a rate."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: numerator / denominator over what is decided, and what the unknowns leave open.

    ``denominator`` holds decided subjects only; ``low`` and ``high`` are shares over all
    applicable ones, taking every unknown as missed and as met. ``rate`` is None when nothing is
    decided. ``scope`` is ``county``, a unit code, ``urban`` or ``rural``.
    """

    basis: str
    scope: str
    numerator: float
    denominator: float
    not_assessed: float
    low: float | None
    high: float | None
    rate: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the plain mapping of ``assessment.json``."""
        return {name: getattr(self, name) for name in self.__slots__}


def meets(measured: Any, comparison: str, required: Any) -> Any:
    """Return whether ``measured`` meets ``required``, number by number or array by array.

    Inclusive operators (``>=``, ``<=``, ``=``) are met at equality within ``TOLERANCE``, strict
    ones (``>``, ``<``) are not. The single place where a threshold is compared. NaN meets nothing.

    Raises
    ------
    ValueError
        The comparison is not one of the five.
    """
    if comparison == ">=":
        return measured >= required - TOLERANCE
    if comparison == "<=":
        return measured <= required + TOLERANCE
    if comparison == ">":
        return measured > required + TOLERANCE
    if comparison == "<":
        return measured < required - TOLERANCE
    if comparison == "=":
        return abs(measured - required) <= TOLERANCE
    raise ValueError(f"unknown comparison {comparison!r}")
