"""Records of rooms whose place is not known: whoever they stand with has them first."""

from __future__ import annotations

import dataclasses

import pytest
from tests.on_a_line import NAN, county, rules_of

from lifecircle.judge.clauses import account_of, judge_rule

# 20 m² a 100 households, shared however far (JX-06): 200 and 100 m²
AREAS = {"A": {"x": 0, "households": 1000}, "B": {"x": 3000, "households": 500}}


def verdicts(place, m2, named=(NAN, NAN), areas=AREAS):
    sharing = [("F", area, one) for area, one in zip("AB", named, strict=True)]
    room = {"kinds": frozenset({"care_home"}), "floor_area_m2": m2, "community_area_m2": m2}
    tables = county(areas, {"F": room | place}, sharing)
    rules = rules_of("jinxiang-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    found = judge_rule(tables, rules["JX-06"]).findings
    return [str(found.at[area, "status"]) for area in AREAS]


@pytest.mark.parametrize(
    ("m2", "in_a", "in_b", "nowhere"),
    [
        # in B they are B's up to 100 m², and 100 are left of the 200 that A asks; else A has them,
        # which has more households
        (200, "10", "01", "??"),
        (299, "10", "01", "??"),
        (300, "11", "11", "11"),  # enough for both
        (99, "00", "00", "00"),  # for neither
    ],
)
def test_who_they_stand_with_has_them_first(m2, in_a, in_b, nowhere):
    words = {"1": "compliant", "0": "deficient", "?": "not_assessed"}
    told = [[words[one] for one in row] for row in (in_a, in_b, nowhere)]
    assert [verdicts(place, m2) for place in ({"x": 0}, {"x": 3000}, {})] == told


def test_what_a_record_names_stands_wherever_the_rooms_do():
    for place in ({"x": 0}, {"x": 3000}, {}):
        assert verdicts(place, 250, (150.0, 100.0)) == ["deficient", "compliant"]


def test_rooms_of_unknown_place_have_nothing_to_spare_for_certain():
    """30 m² somewhere may be those that the second area asks for; 20 m² in the first spare 5."""
    rooms = {"F": {"x": 0, "floor_area_m2": 20.0}, "G": {"x": NAN, "floor_area_m2": 30.0}}
    areas = {"A": {"x": 0, "households": 100}, "B": {"x": 600, "households": 200}}
    found = account_of(county(areas, rooms), rules_of("caoxian-2023"), arranging=True)
    assert found.unassigned.to_dict() == {"F": 5.0, "G": 0.0}
