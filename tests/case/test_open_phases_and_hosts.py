"""Open phases, classes and hosts told by hand, in the county of ``test_open_by_hand``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "open_by_hand", Path(__file__).with_name("test_open_by_hand.py")
)
hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hand)

area, room, county, status, base = hand.area, hand.room, hand.county, hand.status, hand.base


@pytest.mark.parametrize(
    ("age_class", "m2", "told"),
    [
        # 50 homes stand of 300 planned: 60 m² are asked of a new area, 7.5 of an existing one
        ("new", 10, {"CX-01": "deficient", "CX-03": "not_applicable", "CX-07": "deficient"}),
        ("existing", 10, {"CX-01": "not_applicable", "CX-03": "compliant", "CX-07": "compliant"}),
        (None, 10, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "not_assessed"}),
        (None, 60, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "compliant"}),
        (None, 7, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "deficient"}),
    ],
)
def test_which_of_two_numbers_of_homes_counts_is_open_where_the_class_is(age_class, m2, told):
    row = area(households=50, households_planned=300, age_class=age_class, built_year=base.NAN)
    bench = county("caoxian-2023", {"R": row}, {"F": room(m2)})
    assert {clause: status(bench, clause, "R") for clause in told} == told


def test_a_rate_of_homes_is_open_where_it_is_open_how_many_an_area_has():
    # R reached, Q not: 50 of 150 homes, or 300 of 400
    areas = {
        "R": area(households=50, households_planned=300, age_class=None, built_year=base.NAN),
        "Q": area((3000, 0)),
    }
    ends = {}
    for age_class in ("existing", "new", None):
        areas["R"]["age_class"] = age_class
        result = county("shandong", areas, {"F": room(60)}).one("REF-radius-community").result
        rate = next(
            one for one in result.rates if (one.basis, one.scope) == ("households", "county")
        )
        ends[age_class] = rate.low, rate.high
    assert ends["existing"] == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert ends["new"] == (0.75, 0.75)
    assert ends[None] == (None, None)
