"""15-minute circle: the walk on the street network, access and egress included (A15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifecircle.measures.areas.extent import by_share, either, rounding_of
from lifecircle.measures.frame import measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["walk"]


def walk(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Minutes to the nearest facility at the study's speed; required: the rule's, inclusive.

    A walk that is not known runs from the straight line to ``inf``: it is still missed where the
    straight line alone is too long.
    """
    if rule.readings.get("A14", "point") != "point":
        return by_share(tables, rule, subjects, "walk_share")
    reach = tables.reach[rule.reach_key]
    rows, may = reach.frame.loc[subjects], reach.may_stand
    per_minute = tables.parameters.walk_speed_m_s * 60.0
    worst, best = (
        rows[name].to_numpy(dtype=float) / per_minute for name in ("walk_m", "walk_low_m")
    )
    unknown = rows["walk_unknown"].notna().to_numpy()
    ask = _Asked(rule, per_minute, tables.parameters.search_limit_m, reach.given_m)
    off = rounding_of(rows, "walk")
    unknown = unknown | either(best, worst, off, rule)
    columns = (rows[name].tolist() for name in _Walked._fields[:-1])
    told = zip(*columns, off.tolist(), strict=True)
    return measured_frame(
        subjects,
        measured=np.where(unknown, np.nan, worst - off / per_minute),
        low=np.where(np.isnan(best), 0.0, best),
        high=np.where(np.isnan(worst), np.inf, worst),
        required_low=np.full(len(rows), target_of(rule)),
        reason=[
            _reason(_Walked(*one), ask, may.get(str(area), ()))
            for area, one in zip(subjects, told, strict=True)
        ],
    )


class _Walked(NamedTuple):
    """How far an area walks, and what is not known of it."""

    walk_m: float
    walk_low_m: float
    walk_placed_m: float
    walk_placed_facility: str | None
    walk_facility: str | None
    walk_low_facility: str | None
    walk_unknown: Reason | None
    walk_doubt: Reason | None
    radius_m: float
    rounded_m: float = 0.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every area: the rule's minutes, at so many metres a minute."""

    rule: Rule[Options]
    per_minute: float
    search_m: float
    given_m: float | None = None

    @property
    def limit(self) -> float:
        value = self.rule.value
        return np.inf if value is None else value

    @property
    def group(self) -> str:
        return self.rule.reach_key


def _reason(row: _Walked, ask: _Asked, may: tuple[str, ...]) -> Reason:
    limit, group = ask.limit, ask.group
    best, worst = row.walk_low_m / ask.per_minute, row.walk_m / ask.per_minute
    if row.walk_unknown is not None:
        return _unknown(row, row.walk_unknown, best, limit, group)
    within = meets(worst, "<=", limit)
    if meets(best, "<=", limit) and not within:
        return _might_be(row, ask, may)
    if np.isinf(worst):
        if np.isinf(row.radius_m):
            return Reason(ReasonCode.NO_FACILITY, {"reach_group": group})
        if ask.given_m is not None:
            within_min = ask.given_m / ask.per_minute
            params = {"limit_min": within_min, "straight_m": row.radius_m}
            return Reason(ReasonCode.BEYOND_TABLE, params)
        params = {"search_limit_m": ask.search_m, "straight_m": row.radius_m}
        return Reason(ReasonCode.BEYOND_SEARCH, params)
    code = ReasonCode.WITHIN_WALK if within else ReasonCode.BEYOND_WALK
    return Reason(
        code,
        {
            "facility": row.walk_facility,
            "walk_m": row.walk_m - row.rounded_m,
            "walk_min": worst - row.rounded_m / ask.per_minute,
            "limit_min": limit,
        },
    )


def _might_be(row: _Walked, ask: _Asked, may: tuple[str, ...]) -> Reason:
    """Return what leaves a known walk open: the streets, a facility nobody can place or count."""
    group, nearest = ask.group, max(row.walk_m - 2 * row.rounded_m, 0.0)
    if row.rounded_m and meets(nearest / ask.per_minute, "<=", ask.limit):
        who = row.walk_facility
        ends = {"facility": who, "near_m": nearest, "distance_m": row.walk_m}
        return Reason(ReasonCode.WALK_ROUNDED, ends)
    if row.walk_doubt is not None:
        return row.walk_doubt
    if row.walk_low_facility is not None:
        params = {"facility": row.walk_low_facility, "distance_m": row.walk_low_m}
        return Reason(ReasonCode.WALK_UNKNOWN, params)
    if may and not meets(row.walk_placed_m / ask.per_minute, "<=", ask.limit):
        params = {"reach_group": group, "facility": may[0], "count": len(may)}
        return Reason(ReasonCode.REACH_UNPLACED, params)
    placed = row.walk_placed_m if may else row.walk_low_m  # of one whose place is known
    who = row.walk_placed_facility
    params = {"reach_group": group, "facility": who, "distance_m": placed}
    return Reason(ReasonCode.REACH_UNKNOWN, params)


def _unknown(row: _Walked, why: Reason, best: float, limit: float, group: str) -> Reason:
    """Return why the walk is not known, or that the straight line alone is too long."""
    if np.isinf(best):  # whatever is unknown of the place, nobody is there to walk to
        return Reason(ReasonCode.NO_FACILITY, {"reach_group": group})
    if meets(best, ">", limit):
        params = {"straight_m": row.walk_low_m, "straight_min": best, "limit_min": limit}
        return Reason(ReasonCode.STRAIGHT_BEYOND_WALK, params)
    return why
