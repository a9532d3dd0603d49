"""Stages: whether facility and housing went through the four stages together (四同步, A30)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.flags import flag
from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from lifecircle.model.rules.options import StagesOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["STAGES", "stage_days", "stages"]

STAGES = ("planned", "built", "accepted", "delivered")
"""The four stages; the columns are ``<stage>_on`` (housing) and ``care_<stage>_on`` (facility).
交付 and 移交 are one stage for the data."""

_CIVIL_AFFAIRS = ("civil_affairs_review", "civil_affairs_acceptance")


def stages(tables: Tables, rule: Rule[StagesOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area whose facility kept pace with the housing at every stage, else 0.

    Each stage is compared with the housing's same stage; the stages are no sequence among
    themselves. The facility may lag by ``stage_tolerance_days``, inclusive. One stage that is late
    decides; a missing date leaves the answer open. Option ``civil_affairs``: civil affairs must
    have joined the plan review and the acceptance.
    """
    limit = tables.parameters.stage_tolerance_days
    rows = tables.areas.loc[subjects]
    lags = pd.DataFrame({stage: _lag(rows, stage) for stage in STAGES}, index=subjects)
    joined = pd.DataFrame(index=subjects)
    if rule.options.civil_affairs:
        joined = pd.DataFrame({name: flag(rows, name) for name in _CIVIL_AFFAIRS})
    late = ~meets(lags, "<=", limit) & lags.notna()
    fails = late.any(axis=1) | (joined == 0).any(axis=1)
    passes = ~fails & lags.notna().all(axis=1) & joined.notna().all(axis=1)
    absent = (joined == 0).any(axis=1)
    gaps = _gaps(rows, joined)
    reasons = [
        _reason(lag, gap, limit, absent=away)
        for lag, gap, away in zip(lags.to_dict("records"), gaps, absent, strict=True)
    ]
    return measured_frame(
        subjects,
        low=passes.astype(float),
        high=1.0 - fails.astype(float),
        required_low=np.ones(len(subjects)),
        reason=reasons,
    )


def _gaps(rows: pd.DataFrame, joined: pd.DataFrame) -> list[list[str]]:
    """Return the columns that are missing for each area: those that could decide, in order."""
    names = [f"{end}{stage}_on" for stage in STAGES for end in ("care_", "")]
    dates = pd.DataFrame({name: stage_days(rows, name) for name in names}, index=rows.index)
    missing = dates.join(joined).isna()
    columns = missing.columns.to_numpy()
    return [list(columns[row]) for row in missing.to_numpy()]


def _lag(rows: pd.DataFrame, stage: str) -> pd.Series:
    """Return how many days the facility came after the housing, NaN where a date is missing."""
    return stage_days(rows, f"care_{stage}_on") - stage_days(rows, f"{stage}_on")


def stage_days(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of dates as day numbers, NaN where one is missing."""
    values = rows[column] if column in rows else [None] * len(rows)
    return pd.Series([_ordinal(v) for v in values], index=rows.index, dtype=float)


def _ordinal(value: Any) -> float:
    return np.nan if value is None or pd.isna(value) else float(value.toordinal())


def _reason(
    lags: Mapping[Hashable, float], gaps: list[str], limit: float, *, absent: bool
) -> Reason:
    known = {stage: lag for stage, lag in lags.items() if not np.isnan(lag)}
    stage = max(known, key=lambda name: known[name], default=None)
    worst = np.nan if stage is None else known[stage]
    if stage is not None and not meets(worst, "<=", limit):
        params = {"lag_days": float(worst), "limit_days": limit}
        return Reason(ReasonCode.STAGE_LATE, {"field": f"care_{stage}_on", **params})
    if absent:
        return Reason(ReasonCode.CIVIL_AFFAIRS_ABSENT)
    if gaps:
        return Reason(ReasonCode.STAGE_MISSING, {"fields": gaps})
    return Reason(
        ReasonCode.STAGES_TOGETHER, {"lag_days": max(0.0, float(worst)), "limit_days": limit}
    )
