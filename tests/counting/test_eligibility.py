"""Which facilities count, and what is not known about them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lifecircle.counting.eligibility import both, built, countable_m2, is_open, lived_in, members
from lifecircle.model.status import StageView

YES, NO, OPEN = 1.0, 0.0, math.nan


def same(series, expected):
    assert list(series) == pytest.approx(expected, nan_ok=True)


def test_both_is_no_before_it_is_unknown():
    a = pd.Series([YES, YES, YES, NO, NO, OPEN])
    b = pd.Series([YES, OPEN, NO, NO, OPEN, OPEN])
    same(both(a, b), [YES, OPEN, NO, NO, NO, OPEN])


STAGES = pd.Series(
    [
        "planned",
        "under_construction",
        "accepted",
        "handed_over",
        "in_use",
        "idle",
        "misused",
        "closed",
        None,
    ],
    dtype=object,
)


def test_stages_now():
    same(is_open(STAGES, StageView.NOW), [0, 0, 0, 0, 1, 0, 0, 0, OPEN])
    same(built(STAGES, StageView.NOW), [0, 0, 1, 1, 1, 0, 0, 0, OPEN])
    same(lived_in(STAGES, StageView.NOW), [0, 0, 0, 1, 1, 0, 0, 0, 1])


def test_stages_in_the_plan():
    same(is_open(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, OPEN])
    same(built(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, OPEN])
    same(lived_in(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, 1])


@pytest.mark.parametrize(
    ("kinds", "service", "community", "village"),
    [
        ({"day_care"}, None, YES, NO),
        ({"happiness_home"}, None, NO, YES),
        ({"canteen"}, None, OPEN, NO),  # a canteen with other services would count (A16)
        ({"canteen"}, False, NO, NO),
        ({"canteen", "day_care"}, None, YES, NO),
        ({"care_home"}, True, YES, NO),
        ({"care_home"}, False, NO, NO),
        ({"care_home"}, None, OPEN, NO),
        ({"family_bed"}, True, NO, NO),
        ({"other"}, None, OPEN, OPEN),
        (set(), None, OPEN, OPEN),
    ],
)
def test_membership_of_groups(kinds, service, community, village):
    rows = pd.DataFrame({"kinds": [frozenset(kinds)], "day_service": [service]}, dtype=object)
    same(members(rows, ("group:community",)), [community])
    same(members(rows, ("group:village",)), [village])


@pytest.mark.parametrize(
    ("kinds", "floor", "community", "low", "high"),
    [
        ({"day_care"}, 120, None, 120, 120),
        ({"day_care", "canteen"}, 120, None, 120, 120),
        ({"day_care"}, None, None, 0, math.inf),
        ({"care_home"}, 3000, 80, 80, 80),  # a typed part of a larger house
        ({"care_home"}, 3000, 0, 0, 0),  # never its bed space
        ({"care_home"}, 3000, None, 0, 3000),  # how much is open to all nobody says
        ({"township_centre"}, 3000, None, 0, 3000),  # any part of it, or none
        ({"care_home", "day_care"}, 3000, None, 0, 3000),
        ({"family_bed"}, None, None, 0, 0),
        (set(), 100, None, 0, 100),
    ],
)
def test_countable_floor_area(kinds, floor, community, low, high):
    rows = pd.DataFrame(
        {"kinds": [frozenset(kinds)], "floor_area_m2": [floor], "community_area_m2": [community]}
    )
    m2 = countable_m2(rows)
    assert (m2["low"].iloc[0], m2["high"].iloc[0]) == (low, high)
