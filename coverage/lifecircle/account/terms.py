"""Terms of sharing: who may take m² of others, how far, and from how large a place (A4, A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.sums import added_by, looked_up
from lifecircle.counting.eligibility import number_of
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = [
    "large_enough",
    "place_m2",
    "pooling_areas",
    "sharing_limits",
    "sharing_radius",
    "taking_areas",
]


def taking_areas(frame: pd.DataFrame, rules: dict[str, Rule[ProvisionOptions]]) -> pd.DataFrame:
    """Return the rows that may take shared m², one an area, indexed by area.

    ``key``: area and clause; ``row``: which row of ``frame`` it is.
    """
    small = pooling_areas(frame, rules)
    first: dict[str, int] = {}
    for row, (area, clause) in enumerate(frame.index):
        options = rules[clause].options
        if options.sharing != "none" and (area in small or not options.pooled):
            first.setdefault(area, row)
    at = np.array(list(first.values()), dtype=np.int64)
    rows = frame.take(at)
    areas, clauses = (rows.index.get_level_values(level) for level in (0, 1))
    return rows.assign(key=list(rows.index), row=at, clause=clauses).set_axis(areas)


def pooling_areas(frame: pd.DataFrame, rules: dict[str, Rule[ProvisionOptions]]) -> set[str]:
    """Return the areas small enough to pool: alone they need less than the single minimum (A8)."""
    return {
        str(area)
        for area, clause in frame.index
        if rules[clause].options.pooled
        and meets(frame.at[(area, clause), "required_high"], "<", rules[clause].options.minimum_m2)
    }


def large_enough(
    tables: Tables,
    pairs: pd.DataFrame,
    taking: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
) -> pd.Series:
    """Return 1 where a shared place has the taker's single minimum, 0 where not, NaN unknown."""
    rooms, areas = pairs["facility"].tolist(), pairs["residential"].tolist()
    whole = place_m2(tables.facilities)
    low, high = (looked_up(rooms, whole[end], np.nan) for end in ("low", "high"))
    asked = {a: rules[c].options.minimum_m2 for a, c in taking["clause"].items()}
    least = looked_up(areas, asked, np.nan)
    enough, maybe = meets(low, ">=", least), meets(high, ">=", least)
    return pd.Series(np.where(~enough & maybe, np.nan, enough), pairs.index, dtype=float)


def place_m2(facilities: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return, by ``low`` and ``high``, the m² of the whole place that each facility is part of.

    A place is the rooms of one site; rooms without a site are one of their own. A second service
    is in rooms of the site that are added up already.
    """
    second = number_of(facilities, "same_rooms_m2").to_numpy() > 0
    names = facilities.index.tolist()
    sites = facilities["site"].tolist()
    sites = [s if isinstance(s, str) else f for s, f in zip(sites, names, strict=True)]
    return {
        end: dict(zip(names, added_by(sites, facilities[name].mask(second, 0.0)), strict=True))
        for end, name in (("low", "quota_m2_low"), ("high", "quota_m2_high"))
    }


def sharing_radius(rule: Rule[ProvisionOptions], tables: Tables) -> float | None:
    """Return how far m² may be shared under a quota, metres: its own radius, else the study's."""
    own = rule.options.sharing_radius_m
    return tables.parameters.sharing_radius_m if own is None else own


def sharing_limits(rules: Mapping[str, Rule[ProvisionOptions]], tables: Tables) -> dict[str, float]:
    """Return how far the record of an area under each clause may reach, metres (inf: any).

    The clause's own radius, else the study's, else that of another quota of the document: what it
    says of sharing is said of records.
    """
    radii = {name: sharing_radius(rule, tables) for name, rule in rules.items()}
    least = min((radius for radius in radii.values() if radius is not None), default=np.inf)
    return {name: least if radius is None else radius for name, radius in radii.items()}
