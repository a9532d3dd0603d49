"""A changed bench equals judging anew, table by table, after any sequence of changes."""

from __future__ import annotations

import dataclasses
import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from lifecircle.case import bench as bench_module
from lifecircle.case import tables as tables_module
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.model.inputs.layers import Layer
from lifecircle.standards import apply_scenario, read_standard

X0, Y0 = 500_000.0, 3_850_000.0
STREET = "370999001"
STANDARDS = ("caoxian-2023", "jinxiang-2023", "pingyin-2022", "weishan-2023")
READINGS = [
    {"A1": "households"},
    {"A3": "allocated"},
    {"A5": "ceil"},
    {"A6": "planned"},
    {"A8": "all_areas"},
    {"A8": "pooled"},
    {"A12": "has_facility"},
    {"A14": "whole"},
    {"A17": "in_use"},
    {"A20": "assigned"},
    {"A26": "committee"},
    {"A28": "or_radius"},
]
FACILITIES = ("F1", "F2", "F3", "F4", "F5", "F6")
AREAS = ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9")
KINDS = ("day_care", "township_centre", "happiness_home", "canteen", "nursing_institution")

CHANGE = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(FACILITIES), st.integers(0, 14_000)),
    st.tuples(st.just("lose"), st.sampled_from(FACILITIES), st.none()),
    st.tuples(st.just("remove"), st.sampled_from(FACILITIES), st.none()),
    st.tuples(st.just("add"), st.sampled_from(KINDS), st.integers(0, 14_000)),
    st.tuples(st.just("floor_area_m2"), st.sampled_from(FACILITIES), st.integers(0, 400)),
    st.tuples(
        st.just("stage"),
        st.sampled_from(FACILITIES),
        st.sampled_from(["in_use", "idle", "planned", None]),
    ),
    st.tuples(st.just("kinds"), st.sampled_from(FACILITIES), st.sampled_from(KINDS)),
    st.tuples(st.just("beds"), st.sampled_from(FACILITIES), st.integers(0, 200)),
    st.tuples(st.just("unit"), st.sampled_from(FACILITIES), st.sampled_from([STREET, None])),
    st.tuples(st.just("households"), st.sampled_from(AREAS), st.sampled_from([0, 90, 700, None])),
    st.tuples(st.just("age_class"), st.sampled_from(AREAS), st.sampled_from(["new", "old", None])),
    st.tuples(
        st.just("setting"), st.sampled_from(AREAS), st.sampled_from(["urban", "rural", None])
    ),
    st.tuples(st.just("project"), st.sampled_from(AREAS), st.sampled_from(["P1", None])),
    st.tuples(st.just("shift"), st.sampled_from(AREAS), st.integers(0, 14_000)),
    st.tuples(st.just("readings"), st.sampled_from(READINGS), st.none()),
    st.tuples(st.just("rules"), st.sampled_from(STANDARDS), st.none()),
    st.tuples(st.just("scenario"), st.sampled_from([0.5, 2.0]), st.none()),
)


def put(layer, row, column, value):
    frame = layer.frame.copy()
    if column == "geometry":
        shapes = frame.geometry.to_numpy().copy()
        shapes[frame.index.get_loc(row)] = value
        frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=frame.crs)
    else:
        frame[column] = frame[column].astype(object)
        frame.at[row, column] = value
        if column in {"floor_area_m2", "beds", "households"}:
            frame[column] = frame[column].astype(float)
    return Layer(layer.name, frame)


def changed(bench, change):
    """Return the bench after one change; the same where it cannot be made any more."""
    what, whom, value = change
    study = bench.case.given
    if what == "readings":
        return bench.changed(readings=whom)
    if what == "rules":
        return bench.changed(rules=read_standard(whom))
    if what == "scenario":
        quotas = {
            f"{rule.id}.value": rule.value * whom
            for rule in bench.rules.of("provision")
            if rule.value
        }
        return bench.changed(rules=apply_scenario(bench.rules.standard, quotas, "half or double"))
    if what == "add":
        frame = study.facilities.frame
        fresh = frame.iloc[[0]].copy()
        fresh.index = pd.Index([f"N{len(frame)}-{value}"], name="id")
        fresh["kinds"] = [frozenset({whom})]
        fresh = fresh.set_geometry([Point(X0 + value, Y0)], crs=frame.crs)
        frame = gpd.GeoDataFrame(pd.concat([frame, fresh]), crs=frame.crs)
        frame.index = pd.Index(frame.index, dtype=object, name="id")  # as layers have it
        return (
            bench.changed(facilities=Layer("facilities", frame)) if frame.index.is_unique else bench
        )
    layer = study.residential if whom in AREAS else study.facilities
    if whom not in layer.frame.index:
        return bench
    if what == "remove":
        layer = Layer("facilities", layer.frame.drop(index=whom))
    elif what in {"move", "shift"}:
        layer = put(layer, whom, "geometry", Point(X0 + value, Y0))
    elif what == "lose":
        layer = put(layer, whom, "geometry", None)
    elif what == "kinds":
        layer = put(layer, whom, "kinds", frozenset({value}))
    else:
        layer = put(layer, whom, what, value)
    return bench.changed(areas=layer) if whom in AREAS else bench.changed(facilities=layer)


def same(one, other):
    pd.testing.assert_frame_equal(one, other, check_like=False)


def assert_alike(bench, anew):
    for name, judged in anew.judged.items():
        mine = bench.one(name)
        assert mine.rule == judged.rule, name
        same(mine.findings, judged.findings)
        assert mine.result == judged.result, name
    assert list(bench.judged) == list(anew.judged)
    for name in ("areas", "facilities", "units", "containment", "sharing", "journeys"):
        same(getattr(bench.tables, name), getattr(anew.tables, name))
    assert list(bench.tables.reach) == list(anew.tables.reach)
    for key, table in anew.tables.reach.items():
        same(bench.tables.reach[key].frame, table.frame)
    for name in ("frame", "allocation", "places"):
        same(getattr(bench.account, name), getattr(anew.account, name))


@settings(settings.get_profile("costly"))
@given(
    standard=st.sampled_from(STANDARDS),
    view=st.sampled_from(["now", "plan"]),
    changes=st.lists(CHANGE, min_size=1, max_size=4),
)
def test_a_changed_bench_equals_judging_anew(town, standard, view, changes):
    bench = open_bench(open_case(town(), view), read_standard(standard), references=True)
    assert bench.judged
    for change in changes:
        bench = changed(bench, change)
    anew = open_bench(open_case(bench.case.given, view), bench.rules.standard, references=True)
    assert_alike(bench, anew)


def test_what_a_change_cannot_touch_is_taken(town):
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"), references=True)
    assert bench.judged
    # F6 is a canteen: its beds touch the sums of beds and nothing that is measured in metres or m²
    after = bench.changed(facilities=put(bench.case.given.facilities, "F6", "beds", 9))
    assert after.account is bench.account
    for name in ("CX-01", "CX-03", "CX-07", "REF-radius-community", "REF-walk-canteen"):
        assert after.one(name) is bench.one(name), name
    assert after.bare.reach["community"] is bench.bare.reach["community"]
    # moving it is read by the reach of its own groups alone
    moved = put(bench.case.given.facilities, "F6", "geometry", Point(X0 + 13_000, Y0))
    after = bench.changed(facilities=moved)
    assert after.bare.reach["village"] is bench.bare.reach["village"]
    assert after.one("REF-radius-village") is bench.one("REF-radius-village")
    assert after.bare.reach["canteen"] is not bench.bare.reach["canteen"]
    assert after.one("REF-radius-canteen") is not bench.one("REF-radius-canteen")


def test_what_an_account_stands_on_is_taken(town):
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"))
    assert bench.judged
    # how much is asked says nothing of whose the rooms are, nor does how large they are
    asked = bench.changed(readings={"A5": "ceil"})
    larger = bench.changed(facilities=put(bench.case.given.facilities, "F1", "floor_area_m2", 1.0))
    moved = bench.changed(facilities=put(bench.case.given.facilities, "F1", "geometry", None))
    claims = bench.prepared.claimed
    assert asked.prepared.claimed is claims
    assert asked.prepared.whose is bench.prepared.whose  # who pools is the same
    assert larger.prepared.claimed is claims
    assert moved.prepared.claimed is not claims
    assert asked.account is not bench.account
    # where areas and facilities stand is sought once
    assert asked.case.centre is moved.case.centre is bench.case.centre
    assert asked.case.facility_xy is bench.case.facility_xy
    assert np.isnan(moved.case.facility_xy).sum() > np.isnan(bench.case.facility_xy).sum()
    # tables of what a reading does not speak of are not made anew
    built = bench.changed(readings={"A6": "built"})
    assert built.bare.facilities is bench.bare.facilities
    used = bench.changed(readings={"A17": "in_use"})
    assert used.bare.areas is bench.bare.areas
    # who is served first, where the same m² are shared all the same
    first = bench.changed(readings={"A1": "households"}, arranging=False)
    assert first.prepared is bench.prepared
    assert first.account is not bench.account
    assert first.one("CX-01") is bench.one("CX-01")


@pytest.mark.parametrize("metres", [0, 1, 40, 400, 13_000])
def test_of_a_reach_sought_again_the_areas_that_are_others_are_told(town, metres):
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"), references=True)
    assert bench.judged
    stood = bench.case.given.facilities.frame.loc["F6", "geometry"]
    moved = Point(stood.x + metres, stood.y)
    after = bench.changed(facilities=put(bench.case.given.facilities, "F6", "geometry", moved))
    was, now = (one.bare.reach["canteen"].frame for one in (bench, after))
    cells = [
        [repr(row) for row in table.astype(object).itertuples(name=None)] for table in (was, now)
    ]
    others = [area for area, *rows in zip(was.index, *cells, strict=True) if rows[0] != rows[1]]
    assert list(after.gathered.rows.get("canteen", others)) == others


@pytest.mark.parametrize("clause", [None, "CX-01"])
def test_a_table_is_made_anew_only_where_something_it_is_made_from_is_another(
    town, monkeypatch, clause
):
    study, made = town(), []
    if clause is not None:
        row = {"id": ["R1"], "clause": [clause], "reason": ["-"], "reference": ["-"]}
        study = dataclasses.replace(study, exemptions=pd.DataFrame({**row, "until": [None]}))
    for name in ("area_columns", "facility_columns"):
        told = getattr(tables_module, name)

        def noted(*args, name=name, told=told, **kwargs):
            made.append(name)
            return told(*args, **kwargs)

        monkeypatch.setattr(tables_module, name, noted)
    bench = open_bench(open_case(study), read_standard("caoxian-2023"))
    assert bench.judged
    for layer, row, after in (("facilities", "F6", "beds"), ("residential", "R1", "households")):
        made.clear()
        given = put(getattr(bench.case.given, layer), row, after, 9)
        bench = bench.changed(**{"areas" if layer == "residential" else layer: given})
        assert bench.judged
        assert made == ["area_columns" if layer == "residential" else "facility_columns"]


def test_what_is_judged_briefly_comes_to_the_same(town):
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"), references=True)
    assert bench.judged
    for reading in READINGS:
        brief = bench.changed(readings=reading, briefly=True)
        whole = bench.changed(readings=reading)
        for name, judged in whole.judged.items():
            mine = brief.one(name)
            assert mine.findings["status"].equals(judged.findings["status"]), (reading, name)
            told = [(one.status, one.value, one.low, one.high, one.official, one.counts)
                    for one in (mine.result, judged.result)]  # fmt: skip
            assert told[0] == told[1], (reading, name)


# a station that is accepted opens by the one choice; by the other it is not built
@pytest.mark.parametrize(("choice", "stations"), [("accepted", False), ("in_use", True)])
def test_what_a_reading_of_the_tables_does_not_touch_finds_the_same(town, choice, stations):
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"))
    assert bench.judged
    reading = {"A17": choice}
    again = bench.changed(readings=reading)
    untouched = [rule.id for rule in again.rules if again.untouched(rule.id)]
    # another reading is another rule, though nothing that it looks at is other
    other = [name for name in untouched if again.rules[name] != bench.rules[name]]
    assert ("CX-11" in other) != stations
    for name in untouched:
        same(again.one(name).findings, bench.one(name).findings)
    assert ("CX-04" in untouched) == stations
    # rules in force already are taken as they are
    assert bench.changed(readings=reading, rules=again.rules).rules is again.rules


def test_only_areas_that_a_change_can_touch_are_judged_again(town, monkeypatch):
    again = {}
    judged = bench_module.judge_again

    def noted(tables, part, former, **how):
        again[former.rule.id] = list(part.areas.index)
        return judged(tables, part, former, **how)

    monkeypatch.setattr(bench_module, "judge_again", noted)
    bench = open_bench(open_case(town()), read_standard("caoxian-2023"), references=True)
    assert bench.judged
    # R8 stands alone: its 1000 households ask for 150 m², its 50 m² are nobody else's
    after = bench.changed(areas=put(bench.case.given.residential, "R8", "households", 90.0))
    rows = after.one("CX-03").findings.loc["R8"]
    assert (rows["required_low"], rows["measured"], str(rows["status"])) == (
        13.5,
        50.0,
        "compliant",
    )
    assert after.judged
    assert again["CX-03"] == ["R8"]
    assert set(again) >= {"CX-01", "CX-03", "CX-07", "REF-radius-community"}
    # how far it has to walk does not hang on its households: they weigh in the rate alone
    assert again["REF-radius-community"] == []
    assert all(rows in (["R8"], []) for rows in again.values())
    # of moved rooms those areas alone are asked whose nearest place or m² may be others
    again.clear()
    moved = put(bench.case.given.facilities, "F5", "geometry", Point(X0 + 12_300, Y0))
    after = bench.changed(facilities=moved)
    assert after.judged
    assert again["CX-03"] == ["R8"]
    # F5 is the nearest of R7 (2500 m), R8 and R9 (2000 m); R6 is nearer to F3
    assert again["REF-radius-community"] == ["R7", "R8", "R9"]
    anew = open_bench(open_case(after.case.given), after.rules.standard, references=True)
    assert_alike(after, anew)


@pytest.mark.parametrize("one", ["F1", "F3", "F5"])
@pytest.mark.parametrize("place", [0, 3_000, 9_000])
def test_who_may_stand_among_areas_that_a_change_does_not_touch_still_may(town, one, place):
    """It stands somewhere at R5: of R4, 100 m away, nobody knows, whatever is built beside."""
    study = town()
    lost = put(study.facilities, one, "geometry", None)
    record = pd.DataFrame({"facility": [one], "residential": ["R5"], "m2": [np.nan]})
    study = dataclasses.replace(study, facilities=lost, sharing=record)
    bench = open_bench(open_case(study), read_standard("caoxian-2023"), references=True)
    assert bench.judged
    bench = changed(bench, ("add", "day_care", place))
    anew = open_bench(open_case(bench.case.given), bench.rules.standard, references=True)
    assert_alike(bench, anew)


def test_a_case_can_be_sent_and_judged_elsewhere(town):
    case = open_case(town()).changed(readings={"A5": "ceil"})
    sent = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own bytes
    standard = read_standard("caoxian-2023")
    assert_alike(open_bench(sent, standard), open_bench(case, standard))


def test_a_case_never_changes(town):
    case = open_case(town())
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.view = "plan"
    before = case.given.facilities.frame.copy()
    case.changed(facilities=put(case.given.facilities, "F1", "floor_area_m2", 1.0))
    pd.testing.assert_frame_equal(case.given.facilities.frame, before)
    assert np.isfinite(case.facility_xy).all()
