"""Stages: whether facility and housing went through the four stages together (四同步, A30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.flags import flag
from lifecircle.measures.frame import measured_frame
from lifecircle.model.days import DaySpan
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from lifecircle.model.rules.options import StagesOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["STAGES", "lags", "stage_days", "stages"]

STAGES = ("planned", "built", "accepted", "delivered")
"""The four stages; the columns are ``<stage>_on`` (housing) and ``care_<stage>_on`` (facility).
交付 and 移交 are one stage for the data."""

_CIVIL_AFFAIRS = ("civil_affairs_review", "civil_affairs_acceptance")


def stages(tables: Tables, rule: Rule[StagesOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area whose facility kept pace with the housing at every stage, else 0.

    Each stage is compared with the housing's same stage; the stages are no sequence among
    themselves. The facility may lag by ``stage_tolerance_days``, inclusive. One stage that is late
    decides; a missing date leaves the answer open, and so does one that only tells a month or a
    year where its days differ. Option ``civil_affairs``: civil affairs must
    have joined the plan review and the acceptance.
    """
    limit = tables.parameters.stage_tolerance_days
    rows = tables.areas.loc[subjects]
    told = {stage: lags(rows, stage) for stage in STAGES}
    least, most = (
        pd.DataFrame({stage: lag[end] for stage, lag in told.items()}, index=subjects)
        for end in (0, 1)
    )
    joined = pd.DataFrame(index=subjects)
    if rule.options.civil_affairs:
        joined = pd.DataFrame({name: flag(rows, name) for name in _CIVIL_AFFAIRS})
    late = ~meets(least, "<=", limit) & least.notna()
    fails = late.any(axis=1) | (joined == 0).any(axis=1)
    in_step = meets(most, "<=", limit) & most.notna()
    passes = ~fails & in_step.all(axis=1) & joined.notna().all(axis=1)
    absent = (joined == 0).any(axis=1)
    gaps = _gaps(rows, joined)
    reasons = [
        _reason(lag, at_most, gap, limit, absent=away)
        for lag, at_most, gap, away in zip(
            least.to_dict("records"), most.to_dict("records"), gaps, absent, strict=True
        )
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
    dates = pd.DataFrame({name: stage_days(rows, name)[0] for name in names}, index=rows.index)
    missing = dates.join(joined).isna()
    columns = missing.columns.to_numpy()
    return [list(columns[row]) for row in missing.to_numpy()]


def lags(rows: pd.DataFrame, stage: str) -> tuple[pd.Series, pd.Series]:
    """Return how many days the facility came after the housing, at least and at most.

    NaN where a date is missing; apart where one only tells a month or a year.
    """
    housing, care = (stage_days(rows, f"{part}{stage}_on") for part in ("", "care_"))
    return care[0] - housing[1], care[1] - housing[0]


def stage_days(rows: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """Return a column of dates as day numbers, the first and the last that each leaves open.

    NaN where one is missing.
    """
    values = rows[column] if column in rows else [None] * len(rows)
    spans = [DaySpan.of(value) for value in values]
    ends = (
        [np.nan if one is None else float(getattr(one, end).toordinal()) for one in spans]
        for end in ("first", "last")
    )
    first, last = (pd.Series(days, index=rows.index, dtype=float) for days in ends)
    return first, last


def _reason(
    least: Mapping[Hashable, float],
    most: Mapping[Hashable, float],
    gaps: list[str],
    limit: float,
    *,
    absent: bool,
) -> Reason:
    late = [stage for stage, lag in least.items() if meets(lag, ">", limit)]
    told = [
        Reason(
            ReasonCode.STAGE_LATE,
            {"field": f"care_{stage}_on", "lag_days": float(least[stage]), "limit_days": limit},
        )
        for stage in sorted(late, key=lambda stage: -least[stage])
    ]
    told += [Reason(ReasonCode.CIVIL_AFFAIRS_ABSENT)] * absent
    if told:  # the gravest, and with it all that is wrong besides
        notes = {"notes": [one.to_json() for one in told[1:]]} if told[1:] else {}
        return Reason(told[0].code, {**told[0].params, **notes})
    if gaps:
        return Reason(ReasonCode.STAGE_MISSING, {"fields": gaps})
    stage = max(most, key=lambda name: most[name])
    if not meets(most[stage], "<=", limit):
        days = {"lag_days": least[stage], "most_days": most[stage], "limit_days": limit}
        return Reason(ReasonCode.STAGE_BY_DAY, {"field": f"care_{stage}_on", **days})
    lag = max(0.0, float(max(most.values())))
    return Reason(ReasonCode.STAGES_TOGETHER, {"lag_days": lag, "limit_days": limit})
