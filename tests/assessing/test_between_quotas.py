"""Approved areas between two quotas: gap, remedy and words, every figure reckoned by hand.

Jinxiang asks 30 m² a hundred households of new areas, 200 m² at least in one place, and 20 m² of
existing ones, in places of any size.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from pathlib import Path

import pytest

from lifecircle.assessing.explanation import explain
from lifecircle.outputs.words.showing import known_gaps

_SPEC = importlib.util.spec_from_file_location(
    "whose_rooms", Path(__file__).with_name("test_whose_rooms.py")
)
whose = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(whose)

_quotas_alone = whose._quotas_alone
APPROVED = {"age_class": "approved"}


def judged(households, *rooms, of=APPROVED):
    """Judge one area, approved or ``of`` another class, with rooms that are a place each."""
    homes = {"households_planned": households, "households": households}
    areas = {"A": (whose.box(0), of | homes)}
    facilities = {f"F{k}": (4.0 * k, {"floor_area_m2": m2}) for k, m2 in enumerate(rooms)}
    # somebody has a room, or the county would have none at all
    facilities["Z"] = (5000, {"floor_area_m2": 900})
    return whose.county(areas, facilities)


@pytest.mark.parametrize(
    ("households", "rooms", "status", "least", "surely"),
    [
        # 80 as an existing area, 200 as a new one (0.30 x 400 is less): the least gap is 80
        (400, (), "deficient", 80, 200),
        (400, (79,), "deficient", 1, 121),
        (400, (80,), "not_assessed", None, None),
        (400, (199,), "not_assessed", None, None),
        (400, (200,), "compliant", 0, None),
        # 200 or 300: the place of 199 m² may count as it is, or must become one of 300
        (1000, (199,), "deficient", 1, 101),
        (1000, (), "deficient", 200, 300),
        # 100 and 99 m² are 199 in all, and two places too small for a new area
        (1000, (100, 99), "deficient", 1, 200),
        (1000, (250,), "not_assessed", None, None),
    ],
)
def test_the_gap_is_the_least_and_the_remedy_cures_either_way(
    households, rooms, status, least, surely
):
    found = judged(households, *rooms)
    got, deficit = whose.verdict(found, "JX-03", "A")
    assert got == status
    if least is not None:
        assert deficit == pytest.approx(least)
    if surely is None:
        return
    row = found.layers["residential"].loc["A"]
    assert row["deficit_m2"] == pytest.approx(least)
    assert row["remedy"].params["deficit_m2"] == pytest.approx(surely)
    county = found.provision.set_index("scope").loc["county"]
    assert (county["deficit_m2"], county["at_least"]) == (pytest.approx(least), "yes")
    needed = found.brief.needed
    assert (needed.build_m2, needed.at_least) == (pytest.approx(least), True)
    assert [s.at_least for s in found.brief.shortfalls if s.clause == "JX-03"] == [True]
    assert f"至少缺 {least} m²" in whose.told(found, "A")[0]
    # whoever does what it says is done, whichever quota it is
    grown = max(rooms, default=0) + surely
    rest = sorted(rooms)[:-1]
    assert whose.verdict(judged(households, grown, *rest), "JX-03", "A")[0] == "compliant"


def test_what_is_asked_stands_once_where_it_is_a_range():
    story = explain(judged(400, 79), "A")
    (quota,) = (one for one in story.stories if one.result.id == "JX-03")
    assert [step.code for step in quota.steps] == ["balance_open_alone"]
    assert quota.steps[0].params == {"low": 0.0, "high": 79.0}
    assert quota.finding["reason"].params["required_low_m2"] == 80


@pytest.mark.parametrize(
    ("households", "rooms", "least", "surely"),
    [
        (400, (), 80, 200),  # existing 80, new 200 in one place
        (400, (79,), 1, 121),
        (1000, (), 200, 300),
        (1000, (199,), 1, 101),
    ],
)
def test_an_area_of_unknown_class_lacks_the_least_it_may_be_asked_for(
    households, rooms, least, surely
):
    """It is missed whichever class it has, so it is no area without a gap."""
    found = judged(households, *rooms, of={"age_class": None})
    assert whose.verdict(found, "JX-07", "A")[0] == "deficient"
    row = found.layers["residential"].loc["A"]
    assert (row["verdict"], row["deficit_m2"]) == ("deficient", pytest.approx(least))
    # as its reason says it: it may be asked what a new one is (200 m² at least)
    assert math.isnan(row["required_m2"])
    told = row["reason"].params
    assert told["required_low_m2"] == pytest.approx(0.20 * households)
    assert told["required_m2"] == pytest.approx(max(200, 0.30 * households))
    assert told["deficit_m2"] == pytest.approx(least)
    assert found.brief.needed.at_least
    assert row["remedy"].params["deficit_m2"] == pytest.approx(surely)
    needed = found.brief.needed
    assert (needed.areas, needed.m2) == (1, pytest.approx(least))
    grown = max(rooms, default=0) + surely
    rest = sorted(rooms)[:-1]
    cured = judged(households, grown, *rest, of={"age_class": None})
    assert whose.verdict(cured, "JX-07", "A")[0] == "compliant"


def test_one_that_one_class_leaves_open_has_no_gap_for_certain():
    """150 m² of 400 households: enough as an existing area (80), too little as a new one."""
    found = judged(400, 150, of={"age_class": None})
    assert found.layers["residential"].loc["A", "verdict"] == "not_assessed"
    assert known_gaps(found.layers["residential"]).isna().all()


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ({"age_class": None, "condition_on": dt.date(2024, 1, 1)}, "remedy_enlarge"),
        ({"age_class": "new"}, "remedy_enlarge"),
    ],
)
def test_a_new_area_by_its_dates_is_told_what_cures_a_new_one(of, code):
    """0.30 x 700 = 210 of 200 m²: ten are short, and a new area has its own, pooled with nobody."""
    found = judged(700, 200, of=of)
    assert whose.verdict(found, "JX-03", "A") == ("deficient", pytest.approx(10))
    remedy = found.layers["residential"].loc["A", "remedy"]
    assert (str(remedy.code), remedy.params["deficit_m2"]) == (code, pytest.approx(10))
