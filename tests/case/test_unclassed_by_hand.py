"""Areas of unknown class told by hand, in the county of ``test_open_by_hand``."""

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
CLASSES = ("new", "approved", "existing", "old")


def ends(bench, clause):
    """Return the ends of a clause's rate by areas, of the county."""
    rates = bench.one(clause).result.rates
    return next((r.low, r.high) for r in rates if (r.basis, r.scope) == ("areas", "county"))


@pytest.mark.parametrize(
    ("m2", "minimum", "rate"),
    [
        # 300 homes: 200 m² in one place if new, 60 m² if existing, between the two if approved
        (250, "compliant", "compliant"),
        (200, "compliant", "compliant"),
        (199, "not_assessed", "not_assessed"),
        (60, "not_assessed", "not_assessed"),
        (59, "not_assessed", "deficient"),  # whatever it is: its place may do, its m² do not
    ],
)
def test_one_place_of_an_area_that_may_be_approved_is_asked_200_m2_only_perhaps(m2, minimum, rate):
    row = area(households=300, households_planned=300, age_class=None, built_year=base.NAN)
    bench = county("jinxiang-2023", {"R": row}, {"F": room(m2)})
    assert status(bench, "JX-07") == rate
    assert status(bench, "JX-07", "R") == rate
    told = {}
    for age_class in CLASSES:
        whole = county("jinxiang-2023", {"R": row | {"age_class": age_class}}, {"F": room(m2)})
        told[age_class] = status(whole, "JX-07")
        if age_class in {"new", "approved"}:
            low, high = ends(bench, "JX-04")
            assert low <= ends(whole, "JX-04")[0] <= ends(whole, "JX-04")[1] <= high
    assert rate == "not_assessed" or set(told.values()) == {rate}
    assert ends(bench, "JX-04") == ((1.0, 1.0) if minimum == "compliant" else (0.0, 1.0))
