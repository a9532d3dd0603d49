"""Service radius: straight line from the representative point to the nearest facility (A14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifecircle.measures.areas.extent import along_streets, by_share, either, rounding_of
from lifecircle.measures.frame import measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["radius"]


def radius(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Metres to the nearest facility that certainly counts (worst case) or may (best case).

    ``inf``: no such facility. Required: the rule's metres, inclusive. Under reading A14 the share
    of the area beyond it, in per cent, or the way along the streets, in metres.
    """
    taken = rule.readings.get("A14", "point")
    if taken == "network":
        return along_streets(tables, rule, subjects)
    if taken != "point":
        return by_share(tables, rule, subjects, "radius_share")
    reach = tables.reach[rule.reach_key]
    rows, may = reach.frame.loc[subjects], reach.may_stand
    worst, best = (rows[name].to_numpy(dtype=float) for name in ("radius_m", "radius_low_m"))
    unplaced = np.isnan(worst) & np.isfinite(best)
    high = np.where(np.isnan(worst), np.inf, worst)  # nobody's position matters without a facility
    off = rounding_of(rows, "radius")
    *figures, one, other = _Reached._fields[1:-1]
    metres = (rows[name].to_numpy(dtype=float).tolist() for name in figures)
    whose = (rows[name].tolist() for name in (one, other))
    told = zip(unplaced.tolist(), *metres, *whose, off.tolist(), strict=True)
    return measured_frame(
        subjects,
        measured=np.where(unplaced | either(best, high, off, rule), np.nan, high - off),
        low=best,
        high=high,
        required_low=np.full(len(rows), target_of(rule)),
        reason=[
            _reason(_Reached(*one), rule, may.get(str(area), ()))
            for area, one in zip(subjects, told, strict=True)
        ],
    )


class _Reached(NamedTuple):
    """What an area has within reach; ``unplaced``: nobody knows how far away it is itself."""

    unplaced: bool
    radius_m: float
    radius_low_m: float
    radius_placed_m: float
    radius_by_gate_m: float
    radius_facility: str | None
    radius_placed_facility: str | None
    rounded_m: float = 0.0


def _reason(row: _Reached, rule: Rule[Options], may: tuple[str, ...]) -> Reason:
    value, group = rule.value, rule.reach_key
    if row.unplaced:
        return Reason(ReasonCode.POSITION_MISSING)
    distance, best = row.radius_m, row.radius_low_m
    distance = np.inf if np.isnan(distance) else distance
    limit = np.inf if value is None else value
    within = meets(distance, "<=", limit)
    if not within and meets(best, "<=", limit):
        return _open(row, group, limit, distance, may)
    if np.isinf(distance) and np.isfinite(best):  # one may count, and is too far off anyway
        params = {"reach_group": group, "distance_m": best, "limit_m": limit}
        return Reason(ReasonCode.REACH_TOO_FAR, params)
    if np.isinf(distance):
        return Reason(ReasonCode.NO_FACILITY, {"reach_group": group})
    code = ReasonCode.WITHIN_RADIUS if within else ReasonCode.BEYOND_RADIUS
    facility, written = row.radius_facility, distance - row.rounded_m
    return Reason(code, {"facility": facility, "distance_m": written, "limit_m": limit})


def _open(row: _Reached, group: str, limit: float, distance: float, may: tuple[str, ...]) -> Reason:
    """Return what leaves open whether an area has a facility within reach: gates first."""
    if meets(row.radius_by_gate_m, "<=", limit):
        ends = {"near_m": row.radius_by_gate_m, "distance_m": distance}
        return Reason(ReasonCode.GATE_UNKNOWN, ends)
    if row.rounded_m and meets(nearest := max(distance - 2 * row.rounded_m, 0.0), "<=", limit):
        told = {"facility": row.radius_facility, "near_m": nearest, "distance_m": distance}
        return Reason(ReasonCode.REACH_ROUNDED, told)
    if may and not meets(row.radius_placed_m, "<=", limit):
        params = {"reach_group": group, "facility": may[0], "count": len(may)}
        return Reason(ReasonCode.REACH_UNPLACED, params)
    placed = row.radius_placed_m if may else row.radius_low_m  # of one whose place is known
    who = row.radius_placed_facility
    params = {"reach_group": group, "facility": who, "distance_m": placed}
    return Reason(ReasonCode.REACH_UNKNOWN, params)
