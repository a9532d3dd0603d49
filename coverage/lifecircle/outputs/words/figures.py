"""Figures: how many decimals one has in its unit, and percentages that never round to a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.finding import meets
from lifecircle.texts import number

if TYPE_CHECKING:
    from lifecircle.model.finding import Rate

__all__ = ["decimals", "one_decimal", "out_of"]

_MANY = 1000
"""From here on a fraction says nothing: land is not known to the hundredth of a square metre."""
_WHOLE = ("m", "places", "facilities", "areas", "beds", "persons")
_DECIMALS = dict.fromkeys(_WHOLE, 0) | {"min": 1}


def decimals(unit: str) -> int:
    """Return how many decimals a figure has in a unit; trailing zeros are dropped."""
    return _DECIMALS.get(unit, 2)


def out_of(rate: Rate) -> str:
    """Return a rate's numerator and denominator: 37/55; of thousands no decimals (m², shares).

    Unless that would make a part the whole.
    """
    parts = (rate.numerator, rate.denominator)
    told = [number(part, 0 if rate.denominator >= _MANY else 2) for part in parts]
    if told[0] == told[1] and not meets(parts[0], "=", parts[1]):
        told = [number(part) for part in parts]
    return "/".join(told)


def one_decimal(percent: float) -> str:
    """Return a percentage with one decimal that never rounds 99.96 to 100 nor 0.04 to 0 (A2)."""
    rounded = round(percent, 1)
    if rounded == 100 and meets(percent, "<", 100):  # noqa: PLR2004 - per cent
        rounded = 99.9
    if rounded == 0 and meets(percent, ">", 0.0):
        rounded = 0.1
    return f"{rounded:.1f}".removesuffix(".0") if rounded in {0.0, 100.0} else f"{rounded:.1f}"
