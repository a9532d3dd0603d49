"""The whole Assessment of the hand-made county, number by number.

The arithmetic stands beside each expectation. Speed 10/9 m/s: 1000 m are 15 min, 1 m is 0.015 min.
"""

from __future__ import annotations

import math

import pytest

OPEN = math.inf
WEST = math.hypot(1000, 50)  # A12's centre (-1000, 110) to F3 (0, 60)


def finding(assessment, clause, subject):
    rows = assessment.findings
    rows = rows[(rows["clause"] == clause) & (rows["id"] == subject)]
    assert len(rows) == 1, f"{clause} {subject}: {len(rows)} findings"
    return rows.iloc[0]


def statuses(assessment, clause):
    rows = assessment.findings[assessment.findings["clause"] == clause]
    return dict(zip(rows["id"], rows["status"], strict=True))


def test_every_area_has_its_straight_line(assessment):
    expected = {
        "A1": 10.0,  # centre (0, 50) to F3 (0, 60)
        "A2": 1000.0,  # F1 exactly at the radius; F5 is an institution without day service
        "A3": 300.0,  # F2, over the river
        "A4": math.hypot(200, 50),  # F2
        "A5": 400.0,  # F2
        "A6": math.hypot(500, 50),  # F2: the stage of F6 is not known
        "A8": 500.0,  # F1
        "A11": 205.0,  # F1
        "A12": WEST,
    }
    rows = assessment.layers["residential"]
    for area, metres in expected.items():
        assert rows.at[area, "radius_m"] == pytest.approx(metres, abs=1e-6), area
    assert rows.at["A2", "radius_facility"] == "F1"  # F7 stands on the same point


def test_every_area_has_its_walk(assessment):
    expected = {
        "A1": 10.0,  # F3 stands in the same block: straight, not out to the street and back
        "A2": 1000.0,
        "A3": 1300.0,  # 500 east, 300 over the bridge, 500 back: the straight line is 300
        "A4": 250.0,  # 50 to the street, 200 along it
        "A6": 550.0,  # 50 + 500 to F2
        "A8": 500.0,
        "A11": 205.0,
    }
    rows = assessment.layers["residential"]
    for area, metres in expected.items():
        assert rows.at[area, "walk_m"] == pytest.approx(metres, abs=1e-6), area
        assert rows.at[area, "walk_min"] == pytest.approx(metres * 0.015, abs=1e-9), area
    assert rows.at["A5", "snap_m"] == pytest.approx(400.0)
    assert rows.at["A12", "snap_m"] == pytest.approx(math.hypot(1000, 110))
    assert math.isnan(rows.at["A5", "walk_m"])
    assert rows.at["A5", "walk_status"] == "not_assessed"
    assert rows.at["A12", "walk_status"] == "deficient"  # the straight line alone is too long


def test_shares_and_coverage(assessment):
    rows = assessment.layers["residential"]
    assert rows.at["A1", "radius_share"] == pytest.approx(1.0)
    # A12 is [-1050, -950] x [60, 160]; the circle of F3 reaches x = -sqrt(1000² - (y - 60)²):
    # area = ∫0..100 sqrt(1000² - t²) dt - 950 x 100
    inside = 50 * math.sqrt(1e6 - 1e4) + 5e5 * math.asin(0.1) - 95_000
    assert rows.at["A12", "radius_share"] == pytest.approx(inside / 10_000, abs=1e-4)
    # coverage is told by the walk, a point counting 0 or 1
    assert rows.at["A12", "coverage"] == "unknown"  # no street near
    assert rows.at["A1", "coverage"] == "full"
    assert rows.at["A9", "coverage"] == "none"  # 800 + 500 m to F2
    assert rows.at["A2", "coverage"] == "full"  # 1000 m are within


@pytest.mark.parametrize(
    ("area", "status", "measured"),
    [
        ("A1", "compliant", 10.0),
        ("A2", "compliant", 1000.0),  # at the threshold
        ("A3", "compliant", 300.0),
        ("A4", "compliant", math.hypot(200, 50)),
        ("A5", "compliant", 400.0),
        ("A6", "not_applicable", math.nan),  # new: CX-06 is about old and built areas (A35)
        ("A7", "not_applicable", math.nan),  # under construction
        ("A8", "not_assessed", 500.0),  # age class missing: may not be about it
        ("A9", "not_applicable", math.nan),  # a village
        ("A10", "not_applicable", math.nan),  # nobody lives there
        ("A11", "compliant", 205.0),
        ("A12", "deficient", WEST),
    ],
)
def test_radius_clause(assessment, area, status, measured):
    row = finding(assessment, "CX-06", area)
    assert row["status"] == status
    assert row["measured"] == pytest.approx(measured, nan_ok=True)
    if status == "deficient":
        assert row["deficit"] == pytest.approx(WEST - 1000)


def test_close_calls(assessment):
    near = assessment.layers["close_calls"]
    # within 20 m of 1000 m: A2 (0 m) and A12 (+1.2 m) by radius, A2 by walk; within 1 % of its
    # quota: A1 (90 of 90) and A4 (30 of 30); the county's nursing beds are 65 % of 65
    found = set(near.index[~near["clause"].str.startswith("REF")])
    areas = {"CX-06:A2", "CX-06:A12", "CX-05:A2", "CX-03:A1", "CX-03:A4"}
    assert found == areas | {"CX-16"}
    assert near.at["CX-06:A12", "margin"] == pytest.approx(WEST - 1000)


def test_walk_clause_is_a_reference(assessment):
    assert statuses(assessment, "CX-05") == {
        "A1": "compliant",
        "A2": "compliant",  # 15.000 min
        "A3": "deficient",  # 19.5 min
        "A4": "compliant",
        "A5": "not_assessed",  # no street within 200 m
        "A6": "not_applicable",
        "A7": "not_applicable",
        "A8": "not_assessed",
        "A9": "not_applicable",
        "A10": "not_applicable",
        "A11": "compliant",
        "A12": "deficient",
    }
    result = assessment.clause("CX-05")
    assert "reference" in result.flags
    assert finding(assessment, "CX-05", "A3")["measured"] == pytest.approx(19.5)
    assert finding(assessment, "CX-05", "A3")["deficit"] == pytest.approx(4.5)


def test_disagreement(assessment):
    rows = assessment.layers["disagreements"]
    mine = rows[rows["reach_group"] == "community"]
    assert list(mine["residential"]) == ["A3"]
    assert mine["detour"].iloc[0] == pytest.approx(1300 / 300)


@pytest.mark.parametrize(
    ("area", "status", "required", "low", "high"),
    [
        ("A1", "compliant", 90, 90, 90),  # 600 x 15 / 100; F3 stands inside: equality
        ("A2", "deficient", 60, 0, 0),  # F5 is within 50 m but has 0 m² for the community
        ("A3", "deficient", 30, 0, 0),
        ("A4", "compliant", 30, 30, 30),  # F2's record: 30 m² for A4
        ("A5", "deficient", 45, 30, 30),  # F2's rest, 60 - 30
        ("A8", "not_assessed", 15, 0, 0),  # if existing
        ("A11", "not_assessed", math.nan, 0, 0),  # households missing
        ("A12", "deficient", 15, 0, 0),
    ],
)
def test_existing_quota(assessment, area, status, required, low, high):
    row = finding(assessment, "CX-03", area)
    assert row["status"] == status
    assert row["required"] == pytest.approx(required, nan_ok=True)
    assert (row["low"], row["high"]) == pytest.approx((low, high))


def test_new_quota(assessment):
    # 1000 planned x 20 / 100 = 200; F6's 200 m² count if it is accepted, else nothing
    row = finding(assessment, "CX-01", "A6")
    assert (row["status"], row["required"]) == ("not_assessed", 200)
    assert (row["low"], row["high"]) == (0, 200)
    assert row["reason"].code == "facility_unknown"
    assert row["reason"].params["field"] == "stage"
    assert finding(assessment, "CX-01", "A7")["status"] == "not_applicable"


def test_provision_account(assessment):
    rows = assessment.layers["residential"]
    wanted = {
        # required, own, recorded, arrangeable, deficit, deficit if arranged
        "A1": (90, 90, 0, 0, 0, 0),
        "A2": (60, 0, 0, 60, 60, 0),  # F1 has 90 m² to spare at exactly 1000 m
        "A3": (30, 0, 0, 0, 30, 30),  # F2 has nothing left
        "A4": (30, 0, 30, 0, 0, 0),
        "A5": (45, 0, 30, 0, 15, 15),
    }
    names = ["required_m2", "own_m2", "recorded_m2", "arrangeable_m2"]
    names += ["deficit_m2", "deficit_if_arranged_m2"]
    for area, numbers in wanted.items():
        assert tuple(rows.loc[area, names]) == pytest.approx(numbers), area
    given = {(r.facility, r.residential, r.basis): r.m2 for r in assessment.allocation.itertuples()}
    assert given == {
        ("F3", "A1", "own"): 90,
        ("F2", "A4", "recorded"): 30,
        ("F2", "A5", "recorded"): 30,
        ("F1", "A2", "suggested"): 60,
        ("F1", "A8", "suggested"): 15,  # if A8 is an existing area
    }


def test_adjustable_is_a_mark_not_a_verdict(assessment):
    row = finding(assessment, "CX-03", "A2")
    assert row["status"] == "deficient"
    assert "adjustable" in row["flags"]
    assert assessment.layers["residential"].at["A2", "remedy"].code == "remedy_arrange"
    assert "adjustable" not in finding(assessment, "CX-03", "A3")["flags"]


def test_compliance_rate(assessment):
    assert {k: v for k, v in statuses(assessment, "CX-07").items() if v != "not_applicable"} == {
        "A1": "compliant",
        "A2": "deficient",
        "A3": "deficient",
        "A4": "compliant",
        "A5": "deficient",
        "A6": "not_assessed",
        "A8": "deficient",  # 0 m²: short whether it is new or existing
        "A11": "not_assessed",
        "A12": "deficient",
    }
    result = assessment.clause("CX-07")
    assert result.status == "deficient"
    assert result.value == pytest.approx(100 * 2 / 7)
    assert (result.official.numerator, result.official.denominator) == (2, 7)
    assert result.official.not_assessed == 2
    assert (result.official.low, result.official.high) == pytest.approx((2 / 9, 4 / 9))
    households = next(r for r in result.rates if (r.basis, r.scope) == ("households", "county"))
    # 600 + 200 of 600 + 400 + 200 + 200 + 300 + 100 + 100; A11's households are missing
    assert (households.numerator, households.denominator) == (800, 1900)
    assert households.low is None


def test_rates_by_unit_and_setting(assessment):
    rates = {(r.basis, r.scope): r for r in assessment.clause("CX-06").rates}
    assert (rates["areas", "county"].numerator, rates["areas", "county"].denominator) == (6, 7)
    assert rates["areas", "county"].not_assessed == 1
    assert (rates["areas", "370999001"].numerator, rates["areas", "370999001"].denominator) == (
        6,
        7,
    )
    assert ("areas", "rural") not in rates  # nothing there is judged
    # households: A1 600 + A2 400 + A3 200 + A4 200 + A5 300 of those + A12 100
    assert rates["households", "county"].numerator == 1700
    assert rates["households", "county"].denominator == 1800


def test_units(assessment):
    assert statuses(assessment, "CX-17") == {"370999001": "compliant", "370999101": "deficient"}
    result = assessment.clause("CX-17")
    assert (result.value, result.status) == (50.0, "deficient")
    assert "overdue" in result.flags  # due 2023-10-30
    assert assessment.clause("CX-18").value == 100.0  # F1, F2, F8 in the three communities
    assert assessment.clause("CX-18").status == "reported"
    assert assessment.clause("CX-19").value == pytest.approx(100 / 3)


def test_counts_sums_ratios(assessment):
    beds = assessment.clause("CX-16")
    assert (beds.value, beds.status) == (65.0, "compliant")  # 65 of 100, at the threshold
    assert assessment.clause("CX-09").status == "not_assessed"  # no figure in the ledger
    tenure = assessment.clause("CX-04")
    # F2 is rented; F1's tenure and F6's stage are not known
    assert (tenure.status, tenure.low, tenure.high) == ("reported", 1, 3)


def test_village_has_its_own_reach(assessment):
    row = finding(assessment, "REF-walk-village", "A9")
    assert (row["status"], row["measured"]) == ("compliant", pytest.approx(7.5))  # 500 m
    assert statuses(assessment, "REF-walk-village")["A1"] == "not_applicable"


def test_plan_counts_what_will_be_built(plan):
    # A7 enters with 500 x 20 / 100 = 100 m² and nothing on its site
    row = finding(plan, "CX-01", "A7")
    assert (row["status"], row["required"], row["deficit"]) == ("deficient", 100, 100)
    assert plan.clause("CX-07").official.denominator == 8


def test_headline_layer(assessment):
    rows = assessment.layers["residential"]
    assert rows.at["A2", "verdict"] == "deficient"
    assert rows.at["A2", "clause"] == "CX-03"
    assert rows.at["A9", "verdict"] == "not_applicable"
    assert rows.at["A9", "reason"].code == "other_setting"
    assert rows.at["A7", "reason"].code == "not_yet_lived_in"
    assert rows.at["A10", "reason"].code == "zero_households"


def test_sensitivity(assessment):
    rows = {
        (r.measure, r.threshold, r.speed_m_s, r.basis): r
        for r in assessment.sensitivity
        if r.reach_group == "community"
    }
    # urban areas that are lived in: A1–A6, A8, A11, A12
    areas = rows["radius", 500.0, None, "areas"]
    # within 500 m: A1, A3, A4, A5, A8 (at 500), A11; A6 is at 502.5 m, or at 40 m if F6 serves
    assert (areas.numerator, areas.denominator, areas.not_assessed) == (6, 8, 1)
    slow = rows["walk", 15.0, 0.8, "areas"]  # 720 m
    # A1, A4, A8, A11 and A6 (550 m); not A2, A3, A12; A5 is not known
    assert (slow.numerator, slow.denominator, slow.not_assessed) == (5, 8, 1)
    fast = rows["walk", 15.0, 1.25, "areas"]  # 1125 m: A2 too, A3's 1300 m still not
    assert fast.numerator == 6
