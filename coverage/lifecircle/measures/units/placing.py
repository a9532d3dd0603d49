"""Placing: the unit a facility belongs to, and how many units those of unknown unit can cover."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.inputs.layers import ROUNDED_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "homes",
    "may_stand_in",
    "most_covered",
    "rounded_units",
    "unplaced",
    "unplaced_areas",
]

_TOWNSHIP = 9
"""Digits of a street's or town's code, with which those of its communities begin."""


def homes(facilities: pd.DataFrame, units: pd.Index) -> pd.Series:
    """Return the unit among ``units`` that each facility belongs to, or None."""
    known = set(units)

    def home(unit: object, community: object) -> str | None:
        for code in (community, unit):
            text = _code(code)
            if text in known:
                return text
            if text[:_TOWNSHIP] in known:
                return text[:_TOWNSHIP]
        return None

    return pd.Series(
        [home(u, c) for u, c in zip(facilities["unit"], facilities["community"], strict=True)],
        index=facilities.index,
        dtype=object,
    )


def rounded_units(
    facilities: pd.DataFrame, home: pd.Series, units: pd.Index
) -> dict[str, tuple[str, ...]]:
    """Return facility → the units in one of which it stands, where rounding leaves that open.

    ``home``: as of :func:`homes`, its unit as its coordinates are written.
    """
    if ROUNDED_UNITS not in facilities:
        return {}
    some = facilities[ROUNDED_UNITS].dropna()
    known, found = set(units), {}
    for facility, codes in some.items():
        named = (code if code in known else code[:_TOWNSHIP] for code in codes.split())
        each = dict.fromkeys(code for code in (home[facility], *named) if code in known)
        if [*each] != [home[facility]] and each:
            found[str(facility)] = tuple(each)
    return found


def unplaced(facilities: pd.DataFrame, answer: pd.Series) -> dict[str, str]:
    """Return facility → the street or town in which it stands somewhere, blank: not known either.

    ``answer``: whether each is what is looked for; those that are not are left out, and so are
    those whose community is known, and those that stand outside every unit's outline
    (``beyond_units``).
    """
    rows = facilities[answer != 0]
    beyond = rows["beyond_units"] if "beyond_units" in rows else [False] * len(rows)
    found: dict[str, str] = {}
    for facility, unit, community, out in zip(
        rows.index, rows["unit"], rows["community"], beyond, strict=True
    ):
        code = _code(community) or _code(unit)
        if len(code) <= _TOWNSHIP and (code or not out):
            found[str(facility)] = code
    return found


def unplaced_areas(areas: pd.DataFrame) -> dict[str, str]:
    """Return area → the street or town of which it is somewhere, blank: not known either.

    Those whose community is known are left out.
    """
    codes = zip(areas.index, map(_code, areas["unit"]), map(_code, areas["community"]), strict=True)
    return {str(area): unit for area, unit, community in codes if len(community) <= _TOWNSHIP}


def may_stand_in(place: str, unit: str) -> bool:
    """Return whether a facility of :func:`unplaced` may stand in ``unit``.

    One whose street or town is known stands in one of its communities, and has no other.
    """
    return not place or (unit.startswith(place) and len(unit) > len(place))


def most_covered(units: Iterable[str], places: Iterable[str]) -> int:
    """Return how many of ``units`` the facilities of unknown unit can cover at best, one each.

    Those of a known street or town take its communities first, the others any that are left: no
    other way covers more.
    """
    left = Counter(unit[:_TOWNSHIP] for unit in units if len(unit) > _TOWNSHIP)
    whole = sum(left.values()) + sum(1 for unit in units if len(unit) <= _TOWNSHIP)
    bound = Counter(places)
    free = bound.pop("", 0)
    local = sum(min(count, left[place]) for place, count in bound.items())
    return min(whole, local + free)


def _code(value: object) -> str:
    """Return a code; a name that is no unit's tells nothing."""
    return value if isinstance(value, str) and value.isdigit() else ""
