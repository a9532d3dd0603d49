"""Close calls: what a survey error, or the shape of the area, would decide otherwise."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.judge.decision import close_calls, deficit, margin
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.tables import Account

PARAMETERS = Parameters().having(
    positional_error_m=15.0, walk_speed_m_s=1.25, close_call_share=0.01
)
NAN = math.nan


def measured(value, required, *, low=None, high=None, required_high=None, gap=NAN):
    return pd.DataFrame(
        {
            "measured": [value],
            "low": [value if low is None else low],
            "high": [value if high is None else high],
            "required_low": [required],
            "required_high": [required if required_high is None else required_high],
            "deficit": [gap],
        },
        index=["A"],
        dtype=float,
    )


def rule(measure, value, **readings):
    return SimpleNamespace(
        id="Q", measure=measure, value=value, readings=readings, reach_key="community", options=None
    )


def reach(least, most, *, radius=1000.0, walk=1125.0):
    rows = {f"{m}_share{end}": [s] for m in ("radius", "walk") for end, s in ends(least, most)}
    frame = pd.DataFrame(rows, index=["A"], dtype=object)
    table = SimpleNamespace(frame=frame, radius_m_limit=radius, walk_m_limit=walk)
    return SimpleNamespace(parameters=PARAMETERS, reach={"community": table}, account=None)


def ends(least, most):
    return (("", least), ("_high", most))


def called(frame, given, tables):
    (found,) = close_calls(frame, given, tables)
    assert found.dtype == bool
    return bool(found)


@pytest.mark.parametrize(
    ("metres", "close"),
    [(985.0, True), (984.9, False), (1000.0, True), (1015.0, True), (1015.1, False), (NAN, False)],
)
def test_a_radius_within_the_survey_error(metres, close):
    within = 1.0 if metres <= 1000.0 else 0.0
    for readings in ({}, {"A14": "point"}, {"A14": "network"}):
        given = rule("radius", 1000.0, **readings)
        assert called(measured(metres, 1000.0), given, reach(within, within)) is close


@pytest.mark.parametrize(
    ("minutes", "close"), [(14.8, True), (14.79, False), (15.2, True), (15.21, False)]
)
def test_a_walk_within_the_survey_error(minutes, close):
    # 15 m at 1.25 m/s are 0.2 min
    within = 1.0 if minutes <= 15.0 else 0.0
    assert called(measured(minutes, 15.0), rule("walk", 15.0), reach(within, within)) is close


@pytest.mark.parametrize(
    ("measure", "value", "limit", "least", "most", "close"),
    [
        ("radius", 900.0, 1000.0, 0.2, 0.5, True),  # half of the area or more is beyond
        ("radius", 900.0, 1000.0, 0.2, 0.51, False),
        ("radius", 1100.0, 1000.0, 0.5, 0.9, True),  # half of it or more is within
        ("radius", 1100.0, 1000.0, 0.49, 0.9, False),
        ("walk", 13.0, 15.0, 0.2, 0.5, True),
        ("walk", 13.0, 15.0, 0.2, 0.51, False),
        ("walk", 17.0, 15.0, 0.5, 0.9, True),
        ("walk", 17.0, 15.0, 0.49, 0.9, False),
    ],
)
def test_most_of_an_area_on_the_other_side_of_the_limit(measure, value, limit, least, most, close):
    frame = measured(value, limit)
    assert called(frame, rule(measure, limit), reach(least, most)) is close
    # the shares of another limit say nothing
    other = reach(least, most, radius=800.0, walk=1000.0)
    assert called(frame, rule(measure, limit), other) is False
    assert called(frame, rule(measure, limit, A14="centroid"), reach(least, most)) is False


@pytest.mark.parametrize(
    ("value", "close"), [(198.0, True), (197.9, False), (202.0, True), (202.1, False)]
)
def test_what_is_within_a_hundredth_of_what_is_asked(value, close):
    tables = SimpleNamespace(parameters=PARAMETERS, account=None)
    assert called(measured(value, 200.0), rule("provision", 20.0), tables) is close
    assert called(measured(value, 200.0), rule("sum", 200.0), tables) is close


@pytest.mark.parametrize(("slack", "close"), [(2.0, True), (2.1, False), (None, True)])
def test_what_sharers_could_still_give_is_behind_a_quota_that_is_met(slack, close):
    """A phase is looked up by its lead; another clause's slack is none of its business."""
    slacks = {("L", "OTHER"): 50.0} | ({} if slack is None else {("L", "Q"): slack})
    index = pd.MultiIndex.from_tuples(slacks, names=["id", "clause"])
    frame, none = pd.DataFrame({"slack": slacks.values()}, index=index), pd.DataFrame()
    areas = pd.DataFrame({"lead": ["L"]}, index=["A"], dtype=object)
    account = Account(frame, none, none)
    tables = SimpleNamespace(parameters=PARAMETERS, account=account, areas=areas)
    assert called(measured(200.0, 200.0), rule("provision", 20.0), tables) is close


@pytest.mark.parametrize(("gap", "close"), [(2.0, True), (60.0, False)])
def test_a_place_too_small_to_count_is_near_by_what_would_cure_it(gap, close):
    # 199 m² stand, of which 60 are in a place below the minimum
    tables = SimpleNamespace(parameters=PARAMETERS, account=None)
    frame = measured(199.0, 200.0, low=139.0, gap=gap)
    assert called(frame, rule("provision", 20.0), tables) is close


def test_the_margin_is_open_where_the_requirement_is():
    assert margin(measured(210.0, 200.0)).loc["A"] == 10.0
    assert math.isnan(margin(measured(210.0, 200.0, required_high=300.0)).loc["A"])


@pytest.mark.parametrize(
    ("low", "high", "need_low", "need_high", "missing"),
    [
        (300.0, 300.0, 200.0, 300.0, 0.0),  # the worst case passes, at equality
        (100.0, 199.0, 200.0, 300.0, 60.0),  # the best case fails: what would cure it
        (100.0, 200.0, 200.0, 300.0, NAN),  # at equality the best case does not fail
        (299.0, 299.0, 200.0, 300.0, NAN),
    ],
)
def test_a_measure_that_knows_its_cure_is_believed_where_it_is_decided(
    low, high, need_low, need_high, missing
):
    frame = measured(low, need_low, high=high, required_high=need_high).assign(gap=60.0)
    found = deficit(frame, ">=").loc["A"]
    assert found == pytest.approx(missing, nan_ok=True)


@pytest.mark.parametrize(
    ("low", "high", "need_low", "need_high", "missing"),
    [
        (10.0, 40.0, 60.0, 80.0, 20.0),  # 60 are asked at least, 40 are there at most
        (10.0, 60.0, 60.0, 80.0, NAN),
        (70.0, 70.0, 60.0, 80.0, NAN),
    ],
)
def test_an_open_requirement_leaves_the_least_that_is_missing(
    low, high, need_low, need_high, missing
):
    value = low if low == high else NAN
    frame = measured(value, need_low, low=low, high=high, required_high=need_high)
    assert deficit(frame, ">=").loc["A"] == pytest.approx(missing, nan_ok=True)
