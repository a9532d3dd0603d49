"""How a result hangs on thresholds and speeds: rates, and curves of who is within reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from lifecircle.model.allowed import OneOf
from lifecircle.model.finding import Basis, telling

__all__ = ["Curve", "CurveStep", "SensitivityRow"]


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """Rate of one reach measure at one threshold and speed.

    Parameters
    ----------
    threshold
        In ``unit``, inclusive.
    speed_m_s
        Walking speed; None: a straight line has none.
    numerator, denominator, not_assessed
        Weight of what is within, of what is decided, of what is not, in the unit of the basis.
    low, high
        Shares over all, taking every unknown as missed and as met.
    rate
        Numerator / denominator; None: nothing is decided.
    """

    reach_group: str
    measure: Annotated[str, OneOf(("radius", "walk"))]
    threshold: float
    unit: str
    speed_m_s: float | None
    basis: Basis
    numerator: float
    denominator: float
    not_assessed: float
    low: float | None
    high: float | None
    rate: float | None

    @property
    def told(self) -> float | None:
        """The rate where it says something: see ``model.finding.telling``."""
        return telling(self.rate, self.not_assessed, self.low, self.high)


@dataclass(frozen=True, slots=True)
class CurveStep:
    """Weight within one threshold.

    Parameters
    ----------
    threshold
        In the curve's unit, inclusive.
    numerator
        What is within for certain.
    low, high
        Shares of the total: within for certain, and with the unknowns; None: the total is nothing.
    """

    threshold: float
    numerator: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """How many households (areas) are within reach, threshold by threshold.

    Parameters
    ----------
    unit
        Of the steps: m (radius) or min (walk).
    speed_m_s
        Walking speed; None: a straight line has none.
    total
        The weight of all areas whose weight is known.
    missing
        Areas whose weight is not known: they are in no share.
    """

    reach_group: str
    measure: Annotated[str, OneOf(("radius", "walk"))]
    unit: Annotated[str, OneOf(("m", "min"))]
    speed_m_s: float | None
    basis: Annotated[str, OneOf(("areas", "households"))]
    total: float
    missing: int
    steps: tuple[CurveStep, ...]
