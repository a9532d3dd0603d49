"""Quantities: a number with what it counts, a straight line, a walk.

On screen and on paper the same; the texts are those of the domain ``map``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.cell import number_or_none, text_or_none
from lifecircle.outputs.words.figures import decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "beside",
    "figure_beside",
    "measured",
    "parts_beside",
    "quantity",
    "straight",
    "walk",
]


def quantity(value: Any, words: Wording, unit: str = "plain", digits: int = 0) -> str | None:
    """Return a number with its unit (text ``value.<unit>``); None where it is missing."""
    found = number_or_none(value)
    if found is None:
        return None
    return words.say(f"value.{unit}", n=texts.number(found, digits))


def beside(value: Any, other: Any, unit: str, words: Wording) -> str:
    """Return a value with its unit as it stands beside another of that unit, in a cell or a text.

    With as many decimals as tell the two apart where they would look alike and are not: 199.996 m²
    beside 200 m². A percentage has a rule of its own (A2).
    """
    figure = figure_beside(value, other, unit, words)
    if unit == "%" or figure == words.number(value, unit):
        return words.value(value, unit)
    return f"{figure} {texts.unit(unit, figure, words.language) if unit else ''}".strip()


def figure_beside(value: Any, other: Any, unit: str, words: Wording) -> str:
    """Return the number alone, as :func:`beside` has it."""
    found, against = number_or_none(value), number_or_none(other)
    if found is None or against is None:
        return words.number(value, unit)
    shown = decimals(unit)
    digits = texts.decimals_apart((found, shown), (against, shown))
    return words.number(value, unit) if digits is None else texts.number(found, digits)


def parts_beside(parts: Sequence[Any], other: Any, unit: str, words: Wording) -> list[str]:
    """Return numbers whose sum stands beside another: with the decimals that tell the two apart."""
    whole, against = sum(number_or_none(one) or 0.0 for one in parts), number_or_none(other)
    shown = decimals(unit)
    digits = None if against is None else texts.decimals_apart((whole, shown), (against, shown))
    found = ((one, number_or_none(one)) for one in parts)
    return [
        words.number(one, unit) if digits is None or m2 is None else texts.number(m2, digits)
        for one, m2 in found
    ]


def straight(metres: Any, words: Wording) -> str:
    """Return a straight line: metres, none at all, or not known."""
    found = number_or_none(metres)
    if found is None:
        return words.say("unknown")
    return words.say("none") if math.isinf(found) else quantity(found, words, "m") or ""


def walk(metres: Any, minutes: Any, words: Wording) -> str:
    """Return a walk: metres and minutes, beyond the search limit, or not known."""
    found = (number_or_none(metres), number_or_none(minutes))
    known = [value for value in found if value is not None]
    if not known:
        return words.say("unknown")
    if all(map(math.isinf, known)):
        limit = words.search_limit_m
        return words.say("beyond") if limit is None else words.say("beyond_limit", limit_m=limit)
    told = (
        quantity(value, words, unit, digits)
        for value, unit, digits in zip(found, ("m", "min"), (0, 1), strict=True)
        if value is not None and math.isfinite(value)
    )
    return " · ".join(filter(None, told))


def measured(value: Any, unit: Any, words: Wording, other: Any = None) -> str:
    """Return a measured or required value in the unit of its finding, told from the ``other``."""
    found, known = number_or_none(value), text_or_none(unit) or ""
    if found is not None and math.isinf(found) and known in {"m", "min"}:
        return words.say("none") if known == "m" else walk(None, found, words)
    return beside(found, other, known, words)
