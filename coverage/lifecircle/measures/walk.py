"""15-minute circle: the walk on the street network, access and egress included (A15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.measures.frame import measured_frame
from lifecircle.measures.radius import reach_key
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["walk"]


def walk(tables: Tables, clause: Clause, value: float | None, subjects: pd.Index) -> pd.DataFrame:
    """Minutes to the nearest facility at the study's speed; required: ``value`` min, inclusive.

    A walk that is not known runs from the straight line to ``inf``: it is still missed where the
    straight line alone is too long.
    """
    rows = tables.reach[reach_key(clause)].frame.loc[subjects]
    per_minute = tables.parameters.walk_speed_m_s * 60.0
    worst = rows["walk_m"].astype(float) / per_minute
    best = rows["walk_low_m"].astype(float) / per_minute
    unknown = rows["walk_unknown"].notna()
    reasons = [
        _reason(row, value, per_minute, reach_key(clause), tables.parameters.search_limit_m)
        for row in rows.itertuples()
    ]
    return measured_frame(
        subjects,
        measured=worst.mask(unknown).to_numpy(),
        low=best.fillna(0.0),
        high=worst.fillna(np.inf),
        required_low=np.full(len(rows), np.nan if value is None else value),
        reason=reasons,
    )


def _reason(row: Any, value: float | None, per_minute: float, group: str, search: float) -> Reason:
    limit = np.inf if value is None else value
    best, worst = row.walk_low_m / per_minute, row.walk_m / per_minute
    if row.walk_unknown is not None and not best > limit:
        unknown: Reason = row.walk_unknown
        return unknown
    if best <= limit < worst:
        return Reason(
            ReasonCode.REACH_UNKNOWN, {"reach_group": group, "distance_m": row.walk_low_m}
        )
    if np.isinf(worst):
        if np.isinf(row.radius_m):
            return Reason(ReasonCode.NO_FACILITY, {"reach_group": group})
        return Reason(
            ReasonCode.BEYOND_SEARCH, {"search_limit_m": search, "straight_m": row.radius_m}
        )
    code = ReasonCode.WITHIN_WALK if worst <= limit else ReasonCode.BEYOND_WALK
    return Reason(
        code,
        {
            "facility": row.walk_facility,
            "walk_m": row.walk_m,
            "walk_min": worst,
            "limit_min": limit,
        },
    )
