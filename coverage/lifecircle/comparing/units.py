"""Administrative units of two assessments, ranked by how their headline rate changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle.comparing.differences import same
from lifecircle.model.finding import telling
from lifecircle.model.results.comparison import Direction, UnitChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.comparison import AreaChange

__all__ = ["unit_changes"]

_FIGURES = ("areas", "compliant", "deficient", "not_assessed", "rate")


def unit_changes(
    before: Assessment,
    after: Assessment,
    pairs: Mapping[str, Pairs],
    areas: Sequence[AreaChange],
) -> tuple[UnitChange, ...]:
    """Return the units whose areas changed: streets and towns, then communities and villages.

    Of each level the largest gain stands first and the largest loss last; units without a rate on
    both sides follow, by code. A unit counts the areas of both levels,
    street and community, by the later side's membership.
    """
    sides = (before.layers["units"], after.layers["units"])
    counts = _directions(after, before, areas)
    changes = (
        _unit_change(ids, [_row(*one) for one in zip(sides, ids, strict=True)], counts)
        for ids in pairs["units"].rows
    )
    found = [change for change in changes if change is not None]
    found.sort(key=lambda u: (u.level != "township", u.change is None, -(u.change or 0.0), u.id))
    return tuple(found)


def _row(side: pd.DataFrame, key: str | None) -> pd.Series | None:
    return None if key is None else side.loc[key]


def _unit_change(
    ids: tuple[str | None, str | None],
    told: Sequence[pd.Series | None],
    counts: Mapping[str, Counter[str]],
) -> UnitChange | None:
    """Return what became of a unit's figures and areas, None where nothing did."""
    key, row = (ids[1], told[1]) if told[1] is not None else (ids[0], told[0])
    if row is None or key is None:
        return None
    mine = counts.get(key, Counter())
    if all(same(*(_figure(t, f) for t in told)) for f in _FIGURES) and not mine:
        return None
    old, new = (_rate(t) for t in told)
    change = _certain(old, new, told)
    name = row["name"] if isinstance(row["name"], str) else key
    directions = dict(sorted(mine.items()))
    return UnitChange(key, name, str(row["level"]), old, new, change, directions)


def _certain(
    old: float | None, new: float | None, told: Sequence[pd.Series | None]
) -> float | None:
    """Return how much a rate changed; None: it is not told, or what is open may make it another."""
    if old is None or new is None:
        return None
    change = new - old
    open_ = any(_figure(row, "not_assessed") for row in told)
    return None if open_ and not same(change, 0.0) else change


def _figure(row: pd.Series | None, name: str) -> float | None:
    value: Any = None if row is None else row[name]
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - NaN


def _rate(row: pd.Series | None) -> float | None:
    return telling(_figure(row, "rate"), _figure(row, "not_assessed") or 0.0)


def _directions(
    after: Assessment, before: Assessment, areas: Sequence[AreaChange]
) -> dict[str, Counter[str]]:
    """Return unit code → how many of its areas went which way."""
    found: dict[str, Counter[str]] = {}
    for area in areas:
        if area.direction is Direction.SAME:
            continue
        side, key = (after, area.id_after) if area.id_after else (before, area.id_before)
        row = side.layers["residential"].loc[key]
        for code in {row["unit"], row["community"]}:
            if isinstance(code, str) and code:
                found.setdefault(code, Counter())[str(area.direction)] += 1
    return found
