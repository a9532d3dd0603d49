"""Who is exempt from the quota that asks about them: an exemption from another one is none."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.counting.let_off import LetOff, let_off

QUOTAS = {
    "NEW": {"age_class": ("new", "approved"), "setting": ("urban",)},
    "OLD": {"age_class": ("existing", "old"), "setting": ("urban",)},
}


@pytest.mark.parametrize(
    ("age_class", "setting", "exempt", "found"),
    [
        ("new", "urban", {"NEW": False}, "firm"),
        ("new", "urban", {"OLD": False}, None),  # asks nothing of a new one
        ("new", "rural", {"NEW": False}, None),  # nor of a village
        ("new", "urban", {"NEW": True}, "perhaps"),  # its end cannot be read
        ("new", "urban", {"NEW": True, "OLD": False}, "perhaps"),
        (None, "urban", {"NEW": False}, "perhaps"),  # if it is new
        (None, "urban", {"NEW": False, "OLD": False}, "firm"),  # whatever it is
        (None, "urban", {"NEW": False, "OLD": True}, "perhaps"),
        (None, "rural", {"NEW": False, "OLD": False}, None),
        ("old", None, {"OLD": False}, "firm"),  # urban, or nothing is asked of it
        ("old", "urban", {"GONE": False}, None),
    ],
)
def test_an_exemption_from_a_quota_that_asks_about_an_area(age_class, setting, exempt, found):
    areas = pd.DataFrame({"age_class": [age_class], "setting": [setting]}, index=["A"])
    told = [LetOff(area, *one) for area in "AZ" for one in exempt.items()]
    sides = {"firm": ({"A"}, set()), "perhaps": (set(), {"A"}), None: (set(), set())}
    assert let_off(areas, told, QUOTAS) == sides[found]
