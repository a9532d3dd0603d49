"""What stands in a unit and does not cover it is named, with its reason."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.units.passed_over import passed_over
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.rules.options import CoverageOptions

REGIONAL, TOWNSHIP, HOME = "regional_centre", "township_centre", "care_home"


def told(rows, kinds=(TOWNSHIP,), **options):
    """Return code and the rest of what is told of unit T, with facilities F0, F1 … in it."""
    plain = {"kinds": frozenset({TOWNSHIP}), "open": 1.0, "stage": "in_use", "qualified": None}
    plain |= {"star": float("nan"), "full_care": None, "day_service": None, "floor_area_m2": 500.0}
    plain |= {"beds": float("nan"), "unit": "T"}
    names = [f"F{n}" for n in range(len(rows))]
    frame = pd.DataFrame([plain | row for row in rows], index=names, dtype=object)
    frame = frame.astype({"open": float, "star": float, "floor_area_m2": float, "beds": float})
    rule = SimpleNamespace(kinds=kinds, options=CoverageOptions(**options))
    found = passed_over(frame, rule, frame["unit"])
    if not found:
        return None
    assert set(found) == {"T"}
    params = dict(found["T"].params)
    return found["T"].code, params.pop("facility"), *params.values()


KIND = {"kinds": frozenset({REGIONAL})}


@pytest.mark.parametrize(
    ("rows", "given", "expected"),
    [
        ([KIND], {}, (R.UNIT_OTHER_KIND, "F0", [REGIONAL])),
        ([KIND], {"kinds": (TOWNSHIP, REGIONAL)}, None),  # it counts, under A22 for instance
        ([KIND], {"kinds": ("day_care",)}, None),  # no clause on centres
        ([{**KIND, "open": 0.0, "stage": "idle"}], {}, None),  # neither of the kind nor in use
        ([{**KIND, "unit": None}], {}, None),  # nobody knows where
        ([{"open": 0.0, "stage": "idle"}], {}, (R.UNIT_OUT_OF_USE, "F0", "idle")),
        ([{"open": 0.0, "stage": None}], {}, None),  # not in use for another reason
        ([{"open": float("nan"), "stage": None}], {}, None),  # it may be: told as open
        (
            [{"qualified": False}],
            {"qualified": True},
            (R.UNIT_UNMET, "F0", ["qualified"]),
        ),
        ([{"qualified": None}], {"qualified": True}, None),
        (
            [{"full_care": True, "day_service": False}],
            {"all_of": ("full_care", "day_service")},
            (R.UNIT_UNMET, "F0", ["day_service"]),
        ),
        (
            [{"full_care": False, "day_service": False}],
            {"any_of": ("full_care", "day_service")},
            (R.UNIT_UNMET, "F0", ["full_care", "day_service"]),
        ),
        ([{"full_care": False}], {"any_of": ("full_care", "day_service")}, None),
        ([{"star": 1.0}], {"star_at_least": 2}, (R.UNIT_UNMET, "F0", ["star"])),
        ([{"star": float("nan")}], {"star_at_least": 2}, None),
        ([{"floor_area_m2": 1.0}], {"floor_area_at_least": 200.0}, None),  # told by its size
        # of several the one that comes nearest
        (
            [KIND, {"open": 0.0, "stage": "planned"}],
            {},
            (R.UNIT_OUT_OF_USE, "F1", "planned"),
        ),
        (
            [{"open": 0.0, "stage": "planned"}, {"qualified": False}],
            {"qualified": True},
            (R.UNIT_UNMET, "F1", ["qualified"]),
        ),
    ],
)
def test_what_comes_nearest_is_named_with_its_reason(rows, given, expected):
    assert told(rows, **given) == expected
