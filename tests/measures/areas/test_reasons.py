"""What stands behind a finding of an area: every reason with its figures, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lifecircle import texts
from lifecircle.measures.areas import compliance_rate, provision, stages
from lifecircle.measures.areas.extent import along_streets, by_share
from lifecircle.measures.areas.radius import radius
from lifecircle.measures.areas.walk import walk
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import REACH_COLUMNS
from lifecircle.model.reason import Reason
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.status import Status
from lifecircle.model.tables import Account

NAN, INF = math.nan, math.inf
AREA = pd.Index(["A"], name="id")
DOUBT = Reason(R.NO_STREETS)


def quota(low, high, need_low, need_high, **more):
    given = {"unknown": None, "gap": NAN, "below": 0.0, "minimum": 0.0, "least_place": 0.0}
    need = {"required_low": need_low, "required_high": need_high}
    return SimpleNamespace(low=low, high=high, **need, **(given | more))


UNDECIDED = {"low_m2": 150.0, "high_m2": 200.0, "required_low_m2": 200.0, "required_m2": 200.0}
SHORT = {"provided_m2": 150.0, "required_m2": 200.0, "deficit_m2": 50.0}


@pytest.mark.parametrize(
    ("row", "code", "params"),
    [
        (quota(200, 300, 200, 200), R.QUOTA_MET, {"provided_m2": 200, "required_m2": 200}),
        (quota(150, 150, 200, 200, gap=50.0), R.QUOTA_SHORT, SHORT),
        (quota(100, 150, 200, 200, gap=50.0), R.QUOTA_SHORT_AT_LEAST, SHORT),
        (
            quota(150, 150, 200, 300, gap=50.0),
            R.QUOTA_SHORT_BETWEEN,
            {**SHORT, "required_low_m2": 200.0, "required_m2": 300.0},
        ),
        (
            quota(150, 150, 200, 200, gap=50.0, below=60.0, minimum=100.0),
            R.QUOTA_SHORT_SMALL,
            {**SHORT, "standing_m2": 210.0, "below_m2": 60.0, "minimum_m2": 100.0},
        ),
        (  # 50 m² of the 150 may not count
            quota(100, 150, 200, 200, gap=50.0, below=60.0, minimum=100.0),
            R.QUOTA_SHORT_SMALL_AT_LEAST,
            {**SHORT, "standing_m2": 210.0, "below_m2": 60.0, "minimum_m2": 100.0},
        ),
        (  # households unknown, or an approved area: 200 at least
            quota(150, 150, 200, INF, gap=50.0, below=60.0, minimum=100.0),
            R.QUOTA_SHORT_SMALL_BETWEEN,
            {
                **SHORT,
                "required_low_m2": 200.0,
                "required_m2": INF,
                "standing_m2": 210.0,
                "below_m2": 60.0,
                "minimum_m2": 100.0,
            },
        ),
        (quota(150, 200, 200, 200), R.QUOTA_UNDECIDED, UNDECIDED),  # it may just be met
        (quota(150, 200, 200, 200, unknown=DOUBT), R.NO_STREETS, {}),
        (
            quota(250, 250, 200, 300),
            R.QUOTA_BETWEEN,
            {"provided_m2": 250, "required_low_m2": 200, "required_m2": 300},
        ),
    ],
)
def test_how_a_quota_stands(row, code, params):
    reason = provision._reason(row)
    assert (reason.code, reason.params) == (code, params)


@pytest.mark.parametrize(
    ("taken", "low", "high"),
    [
        ({}, 130.0, 250.0),  # own and recorded
        ({"A3": "own"}, 100.0, 200.0),
        ({"A3": "allocated"}, 137.0, 257.0),
    ],
)
def test_what_counts_towards_a_quota(taken, low, high):
    names = ["own_low", "own_high", "recorded_low", "recorded_high", "arrangeable"]
    rows = pd.DataFrame([[100.0, 200.0, 30.0, 50.0, 7.0]], columns=names)
    credit = provision.credited(rows, SimpleNamespace(readings=taken))
    assert credit.to_numpy().tolist() == [[low, high]]
    assert list(credit.columns) == ["low", "high"]


def test_of_a_quota_that_is_met_only_what_it_rests_on_is_told():
    always, other = Reason(R.OWN_BY_NAME, {"facility": "F"}), Reason(R.NO_STREETS)
    met, short = Reason(R.QUOTA_MET, {"x": 1}), Reason(R.QUOTA_SHORT, {"x": 1})
    told = provision.noted(met, (other, always))
    assert told.params == {"x": 1, "notes": [always.to_json()]}
    told = provision.noted(short, (other, always))
    assert told.params["notes"] == [other.to_json(), always.to_json()]
    assert provision.noted(met, (other,)) is met


@pytest.mark.parametrize(("high", "provided"), [(150.0, 150.0), (151.0, NAN)])
def test_a_phase_is_told_by_its_project(high, provided):
    reason = provision._as_phase("L", quota(150.0, high, 180.0, 200.0))
    assert reason.code is R.PHASE_OF
    assert reason.params == pytest.approx(
        {"residential": "L", "provided_m2": provided, "required_m2": 200.0}, nan_ok=True
    )


def test_a_phase_tells_what_stands_below_the_minimum_of_one_place():
    """2 × 100 m² where no place below 200 m² counts: 200 stand, none of them counts."""
    row = quota(0.0, 0.0, 240.0, 240.0, below=200.0, minimum=200.0)
    reason = provision._as_phase("L", row)
    assert reason.code is R.PHASE_OF_SMALL
    assert reason.params == {
        "residential": "L",
        "provided_m2": 0.0,
        "required_m2": 240.0,
        "standing_m2": 200.0,
        "below_m2": 200.0,
        "minimum_m2": 200.0,
    }
    told = texts.say("reasons", reason.code, "zh", **reason.params)
    assert "应配 240 m²，现有 200 m²（其中 200 m² 单处不足 200 m²，不计）" in told
    met = quota(240.0, 240.0, 240.0, 240.0, below=100.0, minimum=200.0)
    assert provision._as_phase("L", met).code is R.PHASE_OF


def reached(**given):
    perhaps = dict.fromkeys(("radius_placed_facility", "walk_placed_facility"), "P")
    row = dict.fromkeys(REACH_COLUMNS) | perhaps | given
    frame = pd.DataFrame([row], index=AREA, dtype=object)
    return SimpleNamespace(
        reach={"community": SimpleNamespace(frame=frame, may_stand={}, given_m=None)},
        # 1 m/s: a minute is 60 m
        parameters=Parameters().having(walk_speed_m_s=1.0, search_limit_m=5000.0),
    )


def rule(value, **readings):
    return SimpleNamespace(value=value, readings=readings, reach_key="community")


def told(found):
    (reason,) = found["reason"]
    figures = found[["measured", "low", "high", "required_low", "required_high"]].iloc[0]
    return (reason.code, reason.params), figures.tolist()


GROUP = {"reach_group": "community"}
MAY = {**GROUP, "facility": "P"}


@pytest.mark.parametrize(
    ("far", "near", "code", "params", "figures"),
    [
        (
            1000.0,
            1000.0,
            R.WITHIN_RADIUS,
            {"facility": "F", "distance_m": 1000.0, "limit_m": 1000.0},
            [1000.0, 1000.0, 1000.0],
        ),
        (
            1001.0,
            1001.0,
            R.BEYOND_RADIUS,
            {"facility": "F", "distance_m": 1001.0, "limit_m": 1000.0},
            [1001.0, 1001.0, 1001.0],
        ),
        (INF, 1000.0, R.REACH_UNKNOWN, {**MAY, "distance_m": 1000.0}, [INF, 1000.0, INF]),
        (INF, INF, R.NO_FACILITY, GROUP, [INF, INF, INF]),
        (
            INF,
            1001.0,  # whether it counts nobody knows, and it is too far off anyway
            R.REACH_TOO_FAR,
            {**GROUP, "distance_m": 1001.0, "limit_m": 1000.0},
            [INF, 1001.0, INF],
        ),
        (NAN, 0.0, R.POSITION_MISSING, {}, [NAN, 0.0, INF]),
    ],
)
def test_a_radius_is_told_with_its_metres(far, near, code, params, figures):
    found = {"radius_m": far, "radius_low_m": near, "radius_by_gate_m": NAN}
    tables = reached(**found, radius_facility="F")
    reason, found = told(radius(tables, rule(1000.0), AREA))
    assert reason == (code, params)
    assert found == pytest.approx([*figures, 1000.0, 1000.0], nan_ok=True)


@pytest.mark.parametrize(
    ("placed", "code", "said"),
    [
        (900.0, R.REACH_UNKNOWN, {**MAY, "distance_m": 900.0}),
        (1000.0, R.REACH_UNKNOWN, {**MAY, "distance_m": 1000.0}),
        (1001.0, R.REACH_UNPLACED, {**GROUP, "facility": "U", "count": 2}),
        (INF, R.REACH_UNPLACED, {**GROUP, "facility": "U", "count": 2}),
    ],
)
def test_beside_facilities_of_unknown_place_the_metres_of_one_that_may_count_are_told(
    placed, code, said
):
    """U and V may stand in A, 0 m off; F, that perhaps counts, at 1000 m at most or farther.

    Of a radius of 1000 m, and of a walk of 1000 m at 1 m/s.
    """
    line = {"radius_m": INF, "radius_low_m": 0.0, "radius_placed_m": placed}
    way = {"walk_m": INF, "walk_low_m": 0.0, "walk_placed_m": placed, "walk_facility": None}
    tables = reached(**line, **way, radius_by_gate_m=NAN)
    tables.reach["community"].may_stand = {"A": ("U", "V")}
    for measure, limit in ((radius, 1000.0), (walk, 1000.0 / 60.0)):
        assert told(measure(tables, rule(limit), AREA))[0] == (code, said)


@pytest.mark.parametrize(("near", "open_"), [(990.0, True), (1000.0, True), (1001.0, False)])
def test_a_radius_that_hangs_on_gates_is_told_with_both_ends(near, open_):
    """The gate 1050 m off may be the only open one, the nearest as well."""
    found = {"radius_m": 1050.0, "radius_low_m": near, "radius_by_gate_m": near}
    (code, params), figures = told(
        radius(reached(**found, radius_facility="F"), rule(1000.0), AREA)
    )
    assert code is (R.GATE_UNKNOWN if open_ else R.BEYOND_RADIUS)
    assert not open_ or params == {"near_m": near, "distance_m": 1050.0}
    assert figures[:3] == [1050.0, near, 1050.0]


@pytest.mark.parametrize(
    ("given", "code", "params", "figures"),
    [
        (
            {"walk_m": 900.0, "walk_low_m": 900.0},
            R.WITHIN_WALK,
            {"facility": "F", "walk_m": 900.0, "walk_min": 15.0, "limit_min": 15.0},
            [15.0, 15.0, 15.0],
        ),
        (
            {"walk_m": 960.0, "walk_low_m": 960.0},
            R.BEYOND_WALK,
            {"facility": "F", "walk_m": 960.0, "walk_min": 16.0, "limit_min": 15.0},
            [16.0, 16.0, 16.0],
        ),
        ({"walk_m": INF, "walk_low_m": INF, "radius_m": INF}, R.NO_FACILITY, GROUP, [INF] * 3),
        (
            {"walk_m": INF, "walk_low_m": INF, "radius_m": 6000.0},
            R.BEYOND_SEARCH,
            {"search_limit_m": 5000.0, "straight_m": 6000.0},
            [INF] * 3,
        ),
        (
            {"walk_m": INF, "walk_low_m": 600.0},
            R.REACH_UNKNOWN,
            {**MAY, "distance_m": 600.0},
            [INF, 10.0, INF],
        ),
        (
            {"walk_m": INF, "walk_low_m": 600.0, "walk_low_facility": "G"},
            R.WALK_UNKNOWN,
            {"facility": "G", "distance_m": 600.0},
            [INF, 10.0, INF],
        ),
        (
            {"walk_m": INF, "walk_low_m": 600.0, "walk_low_facility": "G", "walk_doubt": DOUBT},
            R.NO_STREETS,
            {},
            [INF, 10.0, INF],
        ),
        (
            {"walk_m": NAN, "walk_low_m": 900.0, "walk_unknown": DOUBT},
            R.NO_STREETS,
            {},
            [NAN, 15.0, INF],
        ),
        (
            {"walk_m": NAN, "walk_low_m": 960.0, "walk_unknown": DOUBT},
            R.STRAIGHT_BEYOND_WALK,
            {"straight_m": 960.0, "straight_min": 16.0, "limit_min": 15.0},
            [NAN, 16.0, INF],
        ),
        (
            {"walk_m": NAN, "walk_low_m": NAN, "walk_unknown": DOUBT},
            R.NO_STREETS,
            {},
            [NAN, 0.0, INF],
        ),
    ],
)
def test_a_walk_is_told_with_its_metres_and_minutes(given, code, params, figures):
    tables = reached(walk_facility="F", **given)
    reason, found = told(walk(tables, rule(15.0), AREA))
    assert reason == (code, params)
    assert found == pytest.approx([*figures, 15.0, 15.0], nan_ok=True)


@pytest.mark.parametrize(
    ("taken", "sure", "best", "figures", "params"),
    [
        ("share>=0.8", 0.7, 0.85, [NAN, 15, 30, 20, 20], (70, 85, 80)),
        ("share>=0.8", 0.85, 0.85, [15, 15, 15, 20, 20], (85, 85, 80)),
        ("whole", 0.7, 0.85, [NAN, 15, 30, 0, 0], (70, 85, 100)),
        ("whole", NAN, NAN, [NAN, 0, 100, 0, 0], (0, 100, 100)),
    ],
)
def test_a_share_is_told_by_what_is_left(taken, sure, best, figures, params):
    tables = reached(walk_share=sure, walk_share_high=best)
    reason, found = told(by_share(tables, rule(15.0, A14=taken), AREA, "walk_share"))
    assert found == pytest.approx(figures, nan_ok=True)
    names = ("low_percent", "percent", "least_percent")
    assert reason[0] is R.SHARE_COVERED
    assert reason[1] == pytest.approx(dict(zip(names, params, strict=True)))


@pytest.mark.parametrize(
    ("given", "code", "figures"),
    [
        ({"walk_m": 1000.0, "walk_low_m": 900.0}, R.WITHIN_WALK, [1000.0, 900.0, 1000.0]),
        ({"walk_m": 1001.0, "walk_low_m": 900.0}, R.BEYOND_WALK, [1001.0, 900.0, 1001.0]),
        ({"walk_low_m": 1000.0, "walk_unknown": DOUBT}, R.NO_STREETS, [NAN, 1000.0, INF]),
        ({"walk_low_m": 1001.0, "walk_unknown": DOUBT}, R.BEYOND_WALK, [NAN, 1001.0, INF]),
        ({"walk_m": 800.0, "walk_low_m": NAN}, R.WITHIN_WALK, [800.0, 0.0, 800.0]),
    ],
)
def test_the_way_along_the_streets_against_metres(given, code, figures):
    metres = given.get("walk_m", NAN)
    tables = reached(walk_facility="F", **({"walk_m": NAN} | given))
    reason, found = told(along_streets(tables, rule(1000.0), AREA))
    assert found == pytest.approx([*figures, 1000.0, 1000.0], nan_ok=True)
    assert reason[0] is code
    if code is not R.NO_STREETS:
        times = {"walk_min": metres / 60, "limit_min": 1000 / 60}
        wanted = {"facility": "F", "walk_m": metres, **times}
        assert reason[1] == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    ("lags", "gaps", "absent", "code", "params"),
    [
        (
            {"planned": 10.0, "built": 31.0},
            ["x"],
            True,
            R.STAGE_LATE,
            {
                "field": "care_built_on",
                "lag_days": 31.0,
                "limit_days": 30.0,
                "notes": [{"code": "civil_affairs_absent", "params": {}}],
            },
        ),
        ({"planned": 30.0}, ["x"], True, R.CIVIL_AFFAIRS_ABSENT, {}),
        ({"planned": NAN}, ["x"], False, R.STAGE_MISSING, {"fields": ["x"]}),
        ({"built": 30.0}, [], False, R.STAGES_TOGETHER, {"lag_days": 30.0, "limit_days": 30.0}),
        ({"built": -5.0}, [], False, R.STAGES_TOGETHER, {"lag_days": 0.0, "limit_days": 30.0}),
    ],
)
def test_stages_are_told_by_the_worst_lag(lags, gaps, absent, code, params):
    reason = stages._reason(lags, lags, gaps, 30.0, absent=absent)
    assert (reason.code, reason.params) == (code, params)


def judged(status, need, have):
    code, figures = R.QUOTA_MET, {"provided_m2": have, "required_m2": need}
    if status == Status.DEFICIENT:
        code, figures = R.QUOTA_SHORT, {**figures, "deficit_m2": need - have}
    return {
        "decided": status,
        "own_reason": Reason(code, figures),
        "required_low": need,
        "required_high": need,
        "low": have,
        "high": have,
    }


def test_an_area_of_unknown_age_class_is_told_by_the_quota_that_decides():
    short = [judged(Status.DEFICIENT, need, 100.0) for need in (200.0, 150.0, 180.0)]
    reason = compliance_rate._agreed(short)  # even the lowest is missed, by 50 m² at least
    need = {"required_low_m2": 150.0, "required_m2": 200.0}
    assert (reason.code, reason.params) == (
        R.QUOTA_SHORT_BETWEEN,
        {"provided_m2": 100.0, "deficit_m2": 50.0} | need,
    )
    same = compliance_rate._agreed([judged(Status.DEFICIENT, 150.0, 100.0) for _ in range(2)])
    assert (same.code, same.params["required_m2"]) == (R.QUOTA_SHORT, 150.0)
    met = [judged(Status.COMPLIANT, need, 300.0) for need in (150.0, 200.0, 180.0)]
    reason = compliance_rate._agreed(met)  # even the highest is met
    params = {"provided_m2": 300.0, "required_m2": 200.0}
    assert (reason.code, reason.params) == (R.QUOTA_MET, params)


@pytest.mark.parametrize(
    ("low", "high", "gap", "measured"),
    [
        (150.0, 150.0, 50.0, 190.0),  # short: what stands is shown, 40 m² too small to count
        (200.0, 200.0, 0.0, 200.0),  # met: what does not count is not shown
        (150.0, 200.0, 0.0, NAN),
    ],
)
def test_a_place_too_small_is_shown_where_it_is_missed(low, high, gap, measured):
    index = pd.MultiIndex.from_tuples([("A", "Q")], names=["id", "clause"])
    row = {"own_low": low, "own_high": high, "recorded_low": 0.0, "recorded_high": 0.0}
    row |= {"arrangeable": 0.0, "required_low": 200.0, "required_high": 200.0, "unknown": None}
    row |= {"if_asked": 200.0}
    row |= {
        "below": 40.0,
        "small": (40.0,),
        "large": True,
        "minimum": 100.0,
        "least_place": 100.0,
        "waits": None,
    }
    frame = pd.DataFrame([row], index, dtype=object)
    frame = frame.astype({n: float for n in row if n not in {"unknown", "small", "large", "waits"}})
    account = Account(frame, pd.DataFrame(), pd.DataFrame())
    tables = SimpleNamespace(account=account, areas=pd.DataFrame(index=AREA))
    found = provision.provision(tables, SimpleNamespace(id="Q", readings={}), AREA).loc["A"]
    assert [found["low"], found["high"], found["gap"]] == [low, high, gap]
    assert found["measured"] == pytest.approx(measured, nan_ok=True)


_OWN = {
    Status.COMPLIANT: R.QUOTA_MET,
    Status.DEFICIENT: R.QUOTA_SHORT,
    Status.NOT_ASSESSED: R.FACILITY_UNKNOWN,
    Status.NOT_APPLICABLE: R.OTHER_AGE_CLASS,
    Status.EXEMPT: R.QUOTA_SHORT,
}
"""What an area's own m² come to, also where its clause may not apply."""


def finding(decided, *, applies=1.0, status=None, code=R.QUOTA_MET, void=False):
    known = {"applies": applies, "decided": decided, "void": void}
    known |= {"reason": Reason(code), "own_reason": Reason(_OWN[decided])}
    figures = dict.fromkeys(("low", "high", "required_low", "required_high"), 1.0)
    return {**known, "status": decided if status is None else status, **figures}


MET, MISSED, OPEN = Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED
AGE = {"applies": NAN, "status": OPEN, "code": R.AGE_CLASS_MISSING}
PLACE = {"applies": NAN, "status": OPEN, "code": R.SETTING_MISSING}


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        ([], None),
        ([finding(Status.NOT_APPLICABLE, applies=0.0)], None),
        ([finding(MET)], (1.0, 1.0)),
        ([finding(MET), finding(MISSED)], (0.0, 0.0)),
        ([finding(MET), finding(OPEN)], (0.0, 1.0)),
        ([finding(MISSED), finding(OPEN)], (0.0, 0.0)),
        # one that may apply besides: missed, it leaves the answer open
        ([finding(MET), finding(MISSED, **PLACE)], (0.0, 1.0)),
        ([finding(MISSED), finding(MET, **PLACE)], (0.0, 0.0)),
        ([finding(MET), finding(MET, **PLACE)], (1.0, 1.0)),
        ([finding(MET), finding(MISSED, **AGE), finding(MET, **AGE)], (0.0, 1.0)),
        # only which of them applies is not known
        ([finding(MET, **AGE), finding(MET, **AGE)], (1.0, 1.0)),
        ([finding(MISSED, **AGE), finding(MISSED, **AGE)], (0.0, 0.0)),
        ([finding(MET, **AGE), finding(MISSED, **AGE)], (0.0, 1.0)),
        ([finding(OPEN, **AGE)], (0.0, 1.0)),
        ([finding(MET, **AGE), finding(OPEN, **AGE)], (0.0, 1.0)),
        ([finding(MISSED, **AGE), finding(OPEN, **AGE)], (0.0, 1.0)),
        # whether any applies is not: met in every case in which it counts
        ([finding(MET, **PLACE)], (1.0, 1.0)),
        ([finding(MET, **PLACE), finding(MET, **PLACE)], (1.0, 1.0)),
        ([finding(MISSED, **PLACE)], (0.0, 1.0)),
        ([finding(MET, **PLACE), finding(MISSED, **PLACE)], (0.0, 1.0)),
    ],
)
def test_an_area_meets_all_that_applies_to_it(own, answer):
    found = answered(own)
    assert (found if found is None else found[:2]) == answer


VOID = AGE | {"void": True}


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        # a new area is held to A and B, an existing one to C: whichever it is, it misses one
        ([finding(MISSED, **AGE), finding(OPEN, **AGE), finding(MISSED, **AGE)], (0.0, 0.0)),
        ([finding(MET, **AGE), finding(MISSED, **AGE), finding(MISSED, **AGE)], (0.0, 0.0)),
        ([finding(MET, **AGE), finding(MISSED, **AGE), finding(MET, **AGE)], (0.0, 1.0)),
        ([finding(MET, **AGE), finding(OPEN, **AGE), finding(MISSED, **AGE)], (0.0, 1.0)),
        ([finding(MET, **AGE), finding(MET, **AGE), finding(MET, **AGE)], (1.0, 1.0)),
        # B may have nothing to judge, and A alone is met then
        ([finding(MET, **AGE), finding(MISSED, **VOID), finding(MISSED, **AGE)], (0.0, 1.0)),
        ([finding(MISSED, **AGE), finding(MISSED, **VOID), finding(MISSED, **AGE)], (0.0, 0.0)),
    ],
)
def test_what_holds_for_one_class_of_areas_holds_together(own, answer):
    assert answered(own, [("A", "B"), ("C",)])[:2] == answer


def test_an_area_whose_class_may_be_held_to_nothing_may_not_count():
    own = [finding(MISSED, **AGE), finding(MISSED, **AGE)]
    assert answered(own, [("A",), ("B",)])[:2] == (0.0, 0.0)
    assert answered(own, [("A",), ("B",), ()])[:2] == (0.0, 1.0)
    met = [finding(MET), finding(MISSED, **AGE)]  # A holds for every class
    assert answered(met, [("A", "B")])[:2] == (0.0, 0.0)
    assert answered(met, [("A", "B"), ()])[:2] == (0.0, 1.0)


def answered(own, together=()):
    """Answer of clauses A, B, …: each a class's own, where nothing else is said."""
    rows = [row | {"clause": name} for name, row in zip("ABCDEF", own, strict=False)]
    return compliance_rate._answer(rows, together or [(row["clause"],) for row in rows])


def test_an_area_exempt_from_all_that_applies_to_it_has_no_answer():
    low, high = answered([finding(Status.EXEMPT)])[:2]
    assert np.isnan([low, high]).all()


def test_an_area_is_told_by_the_clause_that_it_misses():
    met, missed = finding(MET), finding(MISSED, code=R.QUOTA_SHORT)
    assert answered([met, missed])[2].code is R.QUOTA_SHORT
    assert answered([met, finding(MISSED, **PLACE)])[2].code is R.SETTING_MISSING
    assert answered([met])[2].code is R.QUOTA_MET
    # where only the age class is open: the quota that decides, or that it is open
    agreed = answered([finding(MISSED, **AGE), finding(MISSED, **AGE)])
    assert agreed[2].code is R.QUOTA_SHORT
    agreed = answered([finding(MET, **AGE), finding(MET, **AGE)])
    assert agreed[2].code is R.QUOTA_MET
    apart = answered([finding(MET, **AGE), finding(MISSED, **AGE)])
    assert apart[2].code is R.AGE_CLASS_MISSING
