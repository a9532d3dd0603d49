"""The smallest place an area rests on: which places those are, and what it comes to at best."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.areas.single_minimum import single_minimum
from lifecircle.model.reason import Reason
from lifecircle.model.reason import ReasonCode as R

NAN = math.nan
UNKNOWN = Reason(R.FACILITY_UNKNOWN, {"facility": "F", "field": "floor_area_m2"})
ACCOUNT = {"own_low": 0.0, "own_high": 0.0, "recorded_low": 0.0, "recorded_high": 0.0}
ACCOUNT |= {"required_low": 300.0, "required_high": 300.0, "unknown": None}
ACCOUNT |= {"loose_low": NAN, "loose_high": NAN, "loose": None}


def found_of(places, *, taken="new_areas", area=None, quotas=("Q",), **account):
    """Judge area A, which is asked 300 m² in places of 200."""
    index = pd.MultiIndex.from_tuples([("A", "Q"), ("A", "P")], names=["id", "clause"])
    given = ACCOUNT | account
    frame = pd.DataFrame([given, ACCOUNT | {"required_high": 9999.0}], index, dtype=object)
    frame = frame.astype({name: float for name in given if name not in {"unknown", "loose"}})
    rows = [("A", "Q", f"s{n}", f"F{n}", low, high) for n, (low, high) in enumerate(places)]
    names = ["residential", "clause", "site", "facility", "place_low", "place_high"]
    table = pd.DataFrame(rows, columns=names)
    table["m2_high"] = table["place_high"]
    for end in ("low", "high"):  # of a quota that counts no place below 200 itself
        table[f"counted_{end}"] = table[f"place_{end}"].where(table[f"place_{end}"] >= 200, 0.0)
    table = table.assign(shared=False, most=math.inf)
    areas = {"age_class": "new", "required_m2": NAN} | (area or {})
    tables = SimpleNamespace(
        account=SimpleNamespace(frame=frame, places=table),
        areas=pd.DataFrame([areas], index=pd.Index(["A"], name="id")),
    )
    options = SimpleNamespace(quota="Q", quotas=quotas)
    where = {} if taken == "all_areas" else {"age_class": ("new", "approved")}
    rule = SimpleNamespace(value=200.0, options=options, readings={"A8": taken}, where=where)
    return single_minimum(tables, rule, pd.Index(["A"]))


def loose(m2):
    """Return what the account says of a room of ``m2`` that may stand here or elsewhere."""
    return {"loose_low": m2, "loose_high": m2, "loose": UNKNOWN}


def judged(places, **given):
    """Return low, high, least asked and reason of area A; None: it has nothing to judge."""
    found = found_of(places, **given)
    if found.empty:
        return None
    row = found.loc["A"]
    assert row["required_high"] == 200.0
    return row["low"], row["high"], row["required_low"], row["reason"].code


@pytest.mark.parametrize(
    ("places", "account", "expected"),
    [
        # 250 and 80: without the small one the quota is missed, so that it is rested on
        ([(250, 250), (80, 80)], {"own_low": 250, "own_high": 250}, (80, 80, 200, "below")),
        # 310 alone suffice, at equality too: the small one is a note
        ([(310, 310), (80, 80)], {"own_low": 310, "own_high": 310}, (310, 310, 200, "met")),
        ([(300, 300), (80, 80)], {"own_low": 300, "own_high": 300}, (300, 300, 200, "met")),
        ([(200, 200)], {"own_low": 200, "own_high": 200}, (200, 200, 200, "met")),
        ([(199, 199)], {}, (199, 199, 200, "below")),
        # perhaps the large one suffices: at best nothing smaller counts
        ([(250, 350), (80, 80)], {"own_low": 250, "own_high": 350}, (80, 350, 200, "below")),
        ([(80, 320)], {"own_high": 320}, (80, 320, 200, "below")),
        ([(80, 320)], {"own_high": 320, "unknown": UNKNOWN}, (80, 320, 200, "unknown")),
        ([(80, 80)], {"unknown": UNKNOWN}, (80, 80, 200, "below")),  # nothing could help
        ([(80, 80), (90, 90)], {}, (80, 80, 200, "below")),
        ([(250, 250), (80, 80)], {"own_low": 250, "recorded_low": 50}, (80, 80, 200, "below")),
        # what may be recorded is no place of its own, and does not help
        (
            [(250, 250), (80, 80)],
            {"own_low": 250, "own_high": 250, "recorded_high": 50},
            (80, 80, 200, "below"),
        ),
        # rooms of unknown whereabouts may be the large place that the quota rests on
        (
            [(199, 199)],
            {"own_high": 700, "unknown": UNKNOWN, **loose(700)},
            (199, 700, 200, "unknown"),
        ),
        (
            [(199, 199)],
            {"own_high": 250, "unknown": UNKNOWN, **loose(250)},
            (199, 199, 200, "below"),
        ),
        ([], {}, None),
        ([(0, 0)], {}, None),
    ],
)
def test_the_smallest_place_that_counts(places, account, expected):
    codes = {"below": R.PLACE_BELOW_MINIMUM, "met": R.QUOTA_MET, "unknown": R.FACILITY_UNKNOWN}
    wanted = expected if expected is None else (*expected[:3], codes[expected[3]])
    assert judged(places, **account) == wanted


@pytest.mark.parametrize(
    ("places", "account"),
    [
        ([(100, 100), (0, 15)], {}),  # F1 may not be there at all
        ([(100, 100)], {"unknown": UNKNOWN, **loose(15)}),  # nor may what stands here or elsewhere
        ([(100, 100), (0, 15)], {"own_low": 100, "own_high": 115}),
    ],
)
def test_what_is_too_small_for_certain_is_named(places, account):
    reason = found_of(places, **account).at["A", "reason"]
    assert reason.code is R.PLACE_BELOW_MINIMUM
    assert reason.params == {"facility": "F0", "place_m2": 100.0, "minimum_m2": 200.0}


def test_areas_that_pool_rest_on_what_is_recorded_too():
    have = {"own_low": 80.0, "own_high": 80.0, "recorded_low": 220.0, "recorded_high": 220.0}
    assert judged([(80, 80)], **have)[3] is R.PLACE_BELOW_MINIMUM
    assert judged([(80, 80)], taken="pooled", **have) is None  # what it has is pooled elsewhere
    short = have | {"recorded_low": 219.0, "recorded_high": 219.0}
    assert judged([(80, 80)], taken="pooled", **short)[3] is R.PLACE_BELOW_MINIMUM
    assert judged([(80, 80)], taken="all_areas", **have)[3] is R.PLACE_BELOW_MINIMUM


def test_places_of_other_quotas_are_left_alone():
    assert judged([(80, 80)], quotas=("P",)) is None
    assert judged([(80, 80)], quotas=())[0] == 80.0  # the option quota alone


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ({"age_class": "approved"}, (80.0, 80.0, 0.0, R.QUOTA_BETWEEN)),
        # its conditions name m² in all, and say nothing of the size of a place
        ({"age_class": "approved", "required_m2": 90.0}, (80.0, 80.0, 0.0, R.MINIMUM_OPEN)),
        ({"age_class": "new", "required_m2": 90.0}, (80.0, 80.0, 200.0, R.PLACE_BELOW_MINIMUM)),
        ({"age_class": "existing"}, (80.0, 80.0, 200.0, R.PLACE_BELOW_MINIMUM)),
        # of unknown class it may be an approved one
        ({"age_class": None}, (80.0, 80.0, 0.0, R.QUOTA_BETWEEN)),
        ({"age_class": None, "required_m2": 90.0}, (80.0, 80.0, 0.0, R.MINIMUM_OPEN)),
    ],
)
def test_of_an_approved_area_it_is_open_whether_it_is_asked(area, expected):
    assert judged([(80, 80)], area=area) == expected


@pytest.mark.parametrize("age_class", ["approved", None])
def test_where_all_areas_are_asked_an_approved_one_is(age_class):
    found = judged([(80, 80)], area={"age_class": age_class}, taken="all_areas")
    assert found == (80.0, 80.0, 200.0, R.PLACE_BELOW_MINIMUM)


@pytest.mark.parametrize(
    ("places", "loose", "account", "expected"),
    [
        # nothing else stands there: 100 or 250 m², or no place at all
        ([], (100, 100), {"own_high": 100}, (100, 100, True)),
        ([], (250, 250), {"own_high": 250}, (250, 250, True)),
        ([], (100, 250), {"own_high": 350}, (100, 250, True)),
        ([(0, 150)], (math.nan,) * 2, {"own_high": 150}, (0, 150, True)),
        # 250 m² stand there and 300 are asked: beside them 100 would be a place too small
        ([(250, 250)], (100, 100), {"own_low": 250, "own_high": 250}, (100, 250, False)),
        # 310 do alone: 100 more would be a note, 220 more the smallest that counts
        ([(310, 310)], (100, 100), {"own_low": 310, "own_high": 310}, (310, 310, False)),
        ([(310, 310)], (220, 220), {"own_low": 310, "own_high": 530}, (220, 310, False)),
        # 80 m² are too small, unless 300 stand there too
        ([(80, 80)], (300, 300), {"own_high": 300}, (80, 300, False)),
        ([(80, 80)], (299, 299), {"own_high": 299}, (80, 80, False)),
    ],
)
def test_rooms_that_may_stand_there_widen_what_it_has(places, loose, account, expected):
    missing = None if math.isnan(loose[0]) else UNKNOWN
    low, high = loose
    told = {"loose_low": low, "loose_high": high, "loose": missing, "unknown": UNKNOWN}
    found = found_of(places, **told, **account)
    row = found.loc["A"]
    assert (row["low"], row["high"], row["perhaps"]) == expected
    decided = row["low"] >= 200 and not row["perhaps"]
    assert row["reason"].code is (R.QUOTA_MET if decided else expected_code(row))


def expected_code(row):
    """Return what is said of what is open: the facility, unless nothing could help any more."""
    return R.FACILITY_UNKNOWN if row["perhaps"] or row["high"] >= 200 else R.PLACE_BELOW_MINIMUM
