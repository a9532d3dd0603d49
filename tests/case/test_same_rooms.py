"""A second service of a site: same rooms where its figure is blank (design: Facility)."""

import math

import pandas as pd
import pytest

from lifecircle.case.columns import facility_columns

DAY_CARE, CANTEEN = frozenset({"day_care"}), frozenset({"canteen"})


def quotas(*rows):
    """Return low and high m² of rows: (kinds, stage, m², site, whether the figure is unread)."""
    names = ["kinds", "stage", "floor_area_m2", "site", "floor_area_m2_unread"]
    frame = pd.DataFrame(rows, columns=names).astype({"floor_area_m2": float})
    found = facility_columns(frame)
    return list(zip(found["quota_m2_low"], found["quota_m2_high"], strict=True))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # a blank beside a figure of its site adds nothing, in use or not
        (("in_use", 80, "S"), ("in_use", None, "S", False), [(80, 80), (0, 0)]),
        (("in_use", 80, "S"), ("closed", None, "S", False), [(80, 80), (0, 0)]),
        # another site, or no site: rooms of its own, of which nothing is known
        (("in_use", 80, "S"), ("in_use", None, "T", False), [(80, 80), (0, math.inf)]),
        (("in_use", 80, None), ("in_use", None, None, False), [(80, 80), (0, math.inf)]),
        # what is written and cannot be read is no blank
        (("in_use", 80, "S"), ("in_use", None, "S", True), [(80, 80), (0, math.inf)]),
        # rooms that one row calls idle and the other in use: any part of 80
        (("idle", 80, "S"), ("in_use", None, "S", False), [(0, 0), (0, 80)]),
        (("idle", 80, "S"), ("idle", None, "S", False), [(0, 0), (0, 0)]),
    ],
)
def test_a_second_row_of_a_site(first, second, expected):
    rows = [(DAY_CARE, *first, False), (CANTEEN, *second)]
    assert quotas(*rows) == expected


def test_rooms_in_doubt_count_once():
    # two blank rows in use in the 80 m² that the first calls idle: 80 m² at most, not 160
    rows = [(DAY_CARE, "idle", 80, "S", False)]
    rows += [(CANTEEN, "in_use", None, "S", False)] * 2
    low, high = zip(*quotas(*rows), strict=True)
    assert (sum(low), sum(high)) == (0, 80)
    # of two typed rows one is in use: the blank one is its second service
    rows = [(DAY_CARE, "idle", 80, "S", False), (DAY_CARE, "in_use", 50, "S", False)]
    assert quotas(*rows, (CANTEEN, "in_use", None, "S", False)) == [(0, 0), (50, 50), (0, 0)]


@pytest.mark.parametrize(
    ("m2", "x", "serves", "astray", "low"),
    [
        ((100, 110), (0, None), "RR", False, (100, 0)),  # of the one that has a position
        ((110, 100), (None, 0), "RR", False, (0, 100)),
        ((100, 110), (0, 0), "RR", False, (0, 100)),
        ((100, 110), (0, None), "RS", False, (0, 0)),  # nobody knows whose
        ((100, 110), (0, 0), "  ", True, (0, 0)),
        ((100, 110), (0, 0), "  ", None, (0, 100)),  # another layer has the column
    ],
)
def test_what_may_be_one_house_counts_once_where_it_has_a_place(m2, x, serves, astray, low):
    rows = {"kinds": DAY_CARE, "stage": "in_use", "site": None, "house": "A"}
    frame = pd.DataFrame([rows, rows]).assign(
        floor_area_m2=m2, x=x, serves=[one.strip() for one in serves], house_astray=astray
    )
    found = facility_columns(frame)
    assert (*found["quota_m2_low"],) == low
    assert (*found["quota_m2_high"],) == m2
