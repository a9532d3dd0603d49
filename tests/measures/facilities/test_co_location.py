"""Two houses side by side: on one site, within the metres, or open where a place is missing."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.facilities.co_location import co_location
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import ReasonCode as R

NAN = math.nan
HOME, CLINIC, UNKNOWN = frozenset({"care_home"}), frozenset({"health"}), frozenset()
NAMES = ["kinds", "open", "x", "y", "site"]


def judged(*others, limit=None, off=None):
    rows = [(HOME, 1.0, 0.0, 0.0, "s"), *others]
    index = pd.Index([f"F{n}" for n in range(len(rows))], name="id")
    frame = pd.DataFrame(rows, index, NAMES, dtype=object)
    frame = frame.astype({"open": float, "x": float, "y": float})
    frame = frame if off is None else frame.assign(rounded_m=off)
    tables = SimpleNamespace(facilities=frame, parameters=Parameters().having(co_location_m=100.0))
    options = SimpleNamespace(within_m=limit, near_kinds=("health",))
    found = co_location(tables, SimpleNamespace(options=options), pd.Index(["F0"]))
    (reason,) = found["reason"]
    return found[["low", "high"]].iloc[0].tolist(), reason


@pytest.mark.parametrize(
    ("others", "limit", "bounds", "code", "metres"),
    [
        ([(CLINIC, 1.0, 60.0, 80.0, None)], None, [1, 1], R.PAIRED, 100.0),  # 60² + 80² = 100²
        ([(CLINIC, 1.0, 60.0, 80.1, None)], None, [0, 0], R.NOT_PAIRED, math.hypot(60.0, 80.1)),
        ([(CLINIC, 1.0, 60.0, 80.0, None)], 99.0, [0, 0], R.NOT_PAIRED, 100.0),
        ([(CLINIC, 1.0, 60.0, 80.1, None)], 200.0, [1, 1], R.PAIRED, math.hypot(60.0, 80.1)),
        ([(CLINIC, 1.0, 900.0, 0.0, "s")], None, [1, 1], R.PAIRED, 0.0),  # one site
        ([(CLINIC, 1.0, 900.0, 0.0, "t")], None, [0, 0], R.NOT_PAIRED, 900.0),
        ([(CLINIC, 1.0, NAN, NAN, None)], None, [0, 1], R.PAIR_UNKNOWN, None),
        ([(CLINIC, NAN, 60.0, 80.0, None)], None, [0, 1], R.PAIR_UNKNOWN, None),
        ([(CLINIC, 0.0, 60.0, 80.0, None)], None, [0, 1], R.PAIR_UNKNOWN, None),  # none in use
        ([], None, [0, 1], R.PAIR_UNKNOWN, None),
        (
            [(CLINIC, 1.0, 900.0, 0.0, None), (UNKNOWN, 1.0, 10.0, 0.0, None)],
            None,
            [0, 1],
            R.PAIR_UNKNOWN,
            None,
        ),
        (
            [(CLINIC, 1.0, 900.0, 0.0, None), (UNKNOWN, 1.0, 110.0, 0.0, None)],
            None,
            [0, 0],
            R.NOT_PAIRED,
            900.0,
        ),
    ],
)
def test_what_stands_beside_a_house(others, limit, bounds, code, metres):
    found, reason = judged(*others, limit=limit)
    assert (found, reason.code) == (bounds, code)
    assert reason.params["limit_m"] == (100.0 if limit is None else limit)
    assert reason.params.get("distance_m") == metres


def test_the_nearest_is_named():
    rows = [(CLINIC, 1.0, x, 0.0, None) for x in (90.0, 20.0, 40.0)]
    _, reason = judged(*rows)
    assert (reason.params["facility"], reason.params["distance_m"]) == ("F2", 20.0)


@pytest.mark.parametrize(
    ("away", "site", "off", "bounds", "ends"),
    [
        (100.0, None, [0.0, 0.0], [1, 1], None),
        (100.0, None, [73.0, 0.0], [0, 1], (27.0, 173.0)),
        (173.0, None, [0.0, 73.0], [0, 1], (100.0, 246.0)),
        (173.1, None, [0.0, 73.0], [0, 0], None),
        (240.0, None, [73.0, 73.0], [0, 1], (94.0, 386.0)),
        (27.0, None, [73.0, NAN], [1, 1], None),
        (0.0, None, [73.0, 73.0], [0, 1], (0.0, 146.0)),  # one rounded point is no one place
        (0.0, "s", [73.0, 73.0], [1, 1], None),
    ],
)
def test_what_is_rounded_is_paired_for_certain_only_beyond_that(away, site, off, bounds, ends):
    found, reason = judged((CLINIC, 1.0, away, 0.0, site), off=off)
    assert found == bounds
    told = (reason.params.get("near_m"), reason.params.get("distance_m"))
    assert (told == ends) if ends else reason.code in {R.PAIRED, R.NOT_PAIRED}
