"""Four stages of which a date has no day: decided where every day decides alike (A30)."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.areas.stages import STAGES, stages
from lifecircle.model.days import DaySpan

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
