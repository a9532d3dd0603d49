"""Figures: how many decimals one has in its unit, and percentages that never round to a whole."""

from __future__ import annotations

from lifecircle.model.finding import meets

__all__ = ["decimals", "one_decimal"]

_WHOLE = ("m", "places", "facilities", "areas", "beds", "persons")
_DECIMALS = dict.fromkeys(_WHOLE, 0) | {"min": 1}


def decimals(unit: str) -> int:
    """Return how many decimals a figure has in a unit; trailing zeros are dropped."""
    return _DECIMALS.get(unit, 2)


def one_decimal(percent: float) -> str:
    """Return a percentage with one decimal that never rounds 99.96 to 100 nor 0.04 to 0 (A2)."""
    rounded = round(percent, 1)
    if rounded == 100 and meets(percent, "<", 100):  # noqa: PLR2004 - per cent
        rounded = 99.9
    if rounded == 0 and meets(percent, ">", 0.0):
        rounded = 0.1
    return f"{rounded:.1f}".removesuffix(".0") if rounded in {0.0, 100.0} else f"{rounded:.1f}"
