"""Areas that may be phases of one project: what both together may have, and what others lose."""

from __future__ import annotations

import dataclasses

import pytest
from tests.on_a_line import NAN, county, rules_of

from lifecircle.judge.clauses import account_of, judge_rule

# 15 m² a 100 households, shared up to 1000 m (CX-03)
PHASE = {"project": "P", "households": 1000}


def statuses(areas, facilities, sharing=()):
    tables = county(areas, facilities, sharing)
    rules = rules_of("caoxian-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    found = judge_rule(tables, rules["CX-03"]).findings
    return {area: str(status) for area, status in found["status"].items()}, found


def settings(areas, setting):
    """Return areas of which A has a setting: what is blank once it is known."""
    return areas | {"A": areas["A"] | {"setting": setting}}


def test_a_record_of_both_may_be_a_record_of_one_area():
    # A lies 3000 m from the rooms, too far to share; B has them by record, but 30 m² only
    areas = {"A": PHASE | {"x": 0}, "B": PHASE | {"x": 3000}}
    rooms = {"F": {"x": 3000, "floor_area_m2": 300}}
    sharing = [("F", "A", NAN), ("F", "B", 30.0)]
    alone, _ = statuses(settings(areas, "rural"), rooms, sharing)
    assert alone["B"] == "deficient"  # 30 of 150
    both, _ = statuses(settings(areas, "urban"), rooms, sharing)
    assert both == {"A": "compliant", "B": "compliant"}  # one area, 300 of 300
    open_, found = statuses(settings(areas, None), rooms, sharing)
    assert open_["B"] == "not_assessed"
    row = found.loc["B"]
    assert (row["low"], row["high"]) == (30.0, 300.0)
    assert (row["required_low"], row["required_high"]) == (150.0, 300.0)


@pytest.mark.parametrize(("named", "high"), [((40.0, 30.0), 70.0), ((400.0, 30.0), 300.0)])
def test_together_they_have_what_the_record_names_or_what_there_is(named, high):
    areas = {"A": PHASE | {"x": 0, "setting": None}, "B": PHASE | {"x": 3000}}
    rooms = {"F": {"x": 3000, "floor_area_m2": 300}}
    sharing = [("F", area, m2) for area, m2 in zip("AB", named, strict=True)]
    _, found = statuses(areas, rooms, sharing)
    assert found.at["B", "high"] == high


def test_rooms_that_may_stand_in_one_phase_may_count_for_the_other():
    areas = {
        "A": PHASE | {"x": 0, "community": "c1"},
        "B": PHASE | {"x": 3000, "community": "c2"},
    }
    rooms = {
        "F": {"x": 0, "floor_area_m2": 90},
        "G": {"x": 3000, "floor_area_m2": 50},
        "H": {"community": "c2", "floor_area_m2": 200},
    }
    open_, found = statuses(settings(areas, None), rooms)
    # alone 90 of 150; as one, if H stands in B, 90 + 50 + 200 of 300
    assert open_["A"] == "not_assessed"
    assert (found.at["A", "low"], found.at["A", "high"]) == (90.0, 340.0)


def test_who_shares_with_phases_may_have_what_they_do_not_get_as_one():
    areas = {
        "A": PHASE | {"x": 0},
        "B": PHASE | {"x": 1200},
        "Z": {"x": 1400, "households": 2200},
    }
    rooms = {"F": {"x": 600, "floor_area_m2": 330}}
    sharing = [("F", area, NAN) for area in areas]
    # of two areas, 300 m², more are served than of Z, 330 m²; as one they are one area of 2000
    # households beside Z's 2200
    both, _ = statuses(settings(areas, "urban") | {"B": areas["B"]}, rooms, sharing)
    assert both == {"A": "deficient", "B": "deficient", "Z": "compliant"}
    apart = areas | {"A": areas["A"] | {"project": None}}
    two, _ = statuses(apart, rooms, sharing)
    assert two == {"A": "compliant", "B": "compliant", "Z": "deficient"}
    open_, _ = statuses(settings(areas, None), rooms, sharing)
    assert open_ == dict.fromkeys(areas, "not_assessed")
