"""Extent: other ways an area may be covered than at its representative point (A14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.measures.frame import measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Floats = NDArray[np.float64]

__all__ = ["along_streets", "by_share", "either", "rounding_of"]


def by_share(tables: Tables, rule: Rule[Options], subjects: pd.Index, column: str) -> pd.DataFrame:
    """Return the share of each area that is *not* covered, in per cent, against what may be left.

    ``whole`` leaves nothing, ``share>=0.8`` a fifth.
    """
    taken = rule.readings["A14"]
    least = 1.0 if taken == "whole" else float(taken.removeprefix("share>="))
    rows = tables.reach[rule.reach_key].frame.loc[subjects]
    covered = rows[column].astype(float)
    best = rows[f"{column}_high"].astype(float)
    low, high = 100.0 * (1.0 - best.fillna(1.0)), 100.0 * (1.0 - covered.fillna(0.0))
    left = 100.0 * (1.0 - least)
    reasons = [
        Reason(
            ReasonCode.SHARE_COVERED,
            {"low_percent": 100.0 - most, "percent": 100.0 - rest, "least_percent": 100.0 * least},
        )
        for rest, most in zip(low, high, strict=True)
    ]
    return measured_frame(
        subjects, low=low, high=high, required_low=np.full(len(rows), left), reason=reasons
    )


def rounding_of(rows: pd.DataFrame, measure: str) -> Floats:
    """Return how much of each worst distance is what rounded positions may be off, metres."""
    name = f"{measure}_rounded_m"
    found = rows[name].to_numpy(dtype=float) if name in rows else np.zeros(len(rows))
    return np.where(np.isfinite(rows[f"{measure}_m"].to_numpy(dtype=float)), found, 0.0)


def either(low: Floats, high: Floats, off: Floats, rule: Rule[Options]) -> NDArray[np.bool_]:
    """Return where rounded positions leave open whether a distance is within the rule's."""
    limit = np.inf if rule.value is None else rule.value
    found: NDArray[np.bool_] = (off > 0) & meets(low, "<=", limit) & ~meets(high, "<=", limit)
    return found


def along_streets(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return metres of level walking to the nearest facility against the rule's metres."""
    rows = tables.reach[rule.reach_key].frame.loc[subjects]
    worst, best = rows["walk_m"].astype(float), rows["walk_low_m"].astype(float).fillna(0.0)
    limit, off = np.inf if rule.value is None else rule.value, rounding_of(rows, "walk")
    per_minute = tables.parameters.walk_speed_m_s * 60.0
    reasons: list[Reason] = []
    for row, rounded_m in zip(rows.itertuples(), off.tolist(), strict=True):
        if row.walk_unknown is not None and meets(row.walk_low_m, "<=", limit):
            reasons.append(row.walk_unknown)
            continue
        within = meets(row.walk_m, "<=", limit)
        nearest = max(row.walk_m - 2 * rounded_m, 0.0)
        if rounded_m and meets(nearest, "<=", limit) and not within:
            ends = {"facility": row.walk_facility, "near_m": nearest, "distance_m": row.walk_m}
            reasons.append(Reason(ReasonCode.WALK_ROUNDED, ends))
            continue
        if row.walk_doubt is not None and meets(row.walk_low_m, "<=", limit) and not within:
            reasons.append(row.walk_doubt)
            continue
        code = ReasonCode.WITHIN_WALK if within else ReasonCode.BEYOND_WALK
        params = {
            "facility": row.walk_facility,
            "walk_m": row.walk_m - rounded_m,
            "walk_min": (row.walk_m - rounded_m) / per_minute,
            "limit_min": limit / per_minute,
        }
        reasons.append(Reason(code, params))
    unknown = rows["walk_unknown"].notna() | either(best.to_numpy(), worst.to_numpy(), off, rule)
    return measured_frame(
        subjects,
        measured=worst.mask(unknown).to_numpy() - off,
        low=best,
        high=worst.fillna(np.inf),
        required_low=np.full(len(rows), target_of(rule)),
        reason=reasons,
    )
