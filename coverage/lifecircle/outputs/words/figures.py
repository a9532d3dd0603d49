"""Figures: how many decimals one has in its unit, and percentages that never round to a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.finding import meets
from lifecircle.texts import number

if TYPE_CHECKING:
    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import SensitivityRow

__all__ = [
    "decimals",
    "either_way",
    "no_figure",
    "one_decimal",
    "out_of",
    "span_of_shares",
    "told_as",
]

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


def span_of_shares(low: float, high: float) -> str:
    """Return the range of a share [0, 1] in per cent; one figure where its ends are one.

    Ends that differ and would print alike have as many decimals as tell them apart: 33.3–33.3 %
    would be no range, and 33.3 % not what is known.
    """
    ends = (100 * low, 100 * high)
    if meets(high, "=", low):
        return f"{one_decimal(ends[0])} %"
    told = [one_decimal(end) for end in ends]
    places = 2
    while told[0] == told[1]:
        told = [f"{end:.{places}f}" for end in ends]
        places += 1
    return f"{'–'.join(told)} %"


def either_way(rate: Rate | SensitivityRow) -> bool:
    """Return whether a rate is one figure however those that are open turn out."""
    return rate.low is not None and rate.high is not None and meets(rate.high, "=", rate.low)


def no_figure(rate: Rate | SensitivityRow) -> bool:
    """Return whether nothing is known of a rate: nothing is decided, and its range is the whole.

    A range alone may decide, where less than all can ever be met: then it is what there is to say.
    """
    if rate.rate is not None:
        return False
    ends = (rate.low, rate.high)
    return None in ends or ends == (0.0, 1.0)


def told_as(rate: Rate) -> str | None:
    """Return the sentence that tells a rate of which some are open (``rate.…``); None for none.

    A rate that is the same however they turn out has no range: 范围 100 % would be none.
    """
    one = either_way(rate)
    if rate.told is None and rate.rate is not None:
        return "sure" if one else "range_only"
    if not rate.not_assessed:
        return None
    if rate.low is None or rate.high is None:
        return "missing"
    if rate.rate is None and not one:  # of 0–54.5 % more is known than that all are open
        return "open" if no_figure(rate) else "range_only"
    if rate.rate is None:
        return "one_way"
    return "either" if one else "open"
