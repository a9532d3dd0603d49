"""Four stages of which a date has no day: decided where every day decides alike (A30)."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.areas.stages import STAGES, stages
from lifecircle.model.days import DaySpan
from lifecircle.model.reason import Reason
from lifecircle.model.reason import ReasonCode as R

AUGUST = DaySpan(dt.date(2023, 8, 1), dt.date(2023, 8, 31))
YEAR = DaySpan(dt.date(2023, 1, 1), dt.date(2023, 12, 31))


def judged(housing, care):
    """Judge an area whose stages all went together, but for the hand-over."""
    day = dt.date(2022, 1, 1)
    row = {f"{part}{stage}_on": day for part in ("", "care_") for stage in STAGES}
    row |= {"delivered_on": housing, "care_delivered_on": care}
    tables = SimpleNamespace(
        areas=pd.DataFrame([row], index=["R"], dtype=object),
        parameters=SimpleNamespace(stage_tolerance_days=90),
    )
    rule = SimpleNamespace(options=SimpleNamespace(civil_affairs=False))
    found = stages(tables, rule, pd.Index(["R"])).loc["R"]
    return found["low"], found["high"], str(found["reason"].code)


@pytest.mark.parametrize(
    ("housing", "care", "expected"),
    [
        (AUGUST, AUGUST, (1, 1, "stages_together")),  # 30 days apart at most
        (dt.date(2023, 8, 1), AUGUST, (1, 1, "stages_together")),
        (dt.date(2023, 6, 2), AUGUST, (1, 1, "stages_together")),  # 90 days to 31 August
        (dt.date(2023, 6, 1), AUGUST, (0, 1, "stage_by_day")),  # 61 to 91 days
        (dt.date(2023, 5, 3), AUGUST, (0, 1, "stage_by_day")),  # 90 days to 1 August
        (dt.date(2023, 5, 2), AUGUST, (0, 0, "stage_late")),  # 91 at least
        (YEAR, AUGUST, (0, 1, "stage_by_day")),
        (AUGUST, dt.date(2023, 8, 1), (1, 1, "stages_together")),
        (None, AUGUST, (0, 1, "stage_missing")),
    ],
)
def test_every_day_of_the_month_or_none(housing, care, expected):
    assert judged(housing, care) == expected


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("late", [some for n in range(5) for some in combinations(STAGES, n)])
def test_every_stage_that_is_late_is_named_the_latest_first(late, joined):
    """The k-th of the four is 100 + k days late, where it is late at all; 90 are allowed."""
    day = dt.date(2022, 1, 1)
    row = {f"{part}{stage}_on": day for part in ("", "care_") for stage in STAGES}
    lag = {stage: 100 + k for k, stage in enumerate(STAGES) if stage in late}
    row |= {f"care_{stage}_on": day + dt.timedelta(days=lag[stage]) for stage in late}
    row |= {"civil_affairs_review": joined, "civil_affairs_acceptance": True}
    tables = SimpleNamespace(
        areas=pd.DataFrame([row], index=["R"], dtype=object),
        parameters=SimpleNamespace(stage_tolerance_days=90),
    )
    rule = SimpleNamespace(options=SimpleNamespace(civil_affairs=True))
    reason = stages(tables, rule, pd.Index(["R"])).at["R", "reason"]
    told = [reason, *(Reason.from_json(note) for note in reason.params.get("notes", ()))]
    expected = [(f"care_{stage}_on", lag[stage]) for stage in reversed(late)]
    named = [(r.params["field"], r.params["lag_days"]) for r in told if r.code == R.STAGE_LATE]
    assert named == expected
    assert [r.code for r in told][len(late) :] == (
        [R.CIVIL_AFFAIRS_ABSENT] * (not joined) or [R.STAGES_TOGETHER] * (not late)
    )
