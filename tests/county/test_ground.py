"""The county by hand: its gates, its streets' mistakes, what to check on site, and its curves."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

import lifecircle as lc
from lifecircle.case.ground import prepare_ground
from lifecircle.model.inputs.layers import Layer

X0, Y0, CRS = 500_000.0, 3_850_000.0, "EPSG:4548"


@pytest.fixture(scope="module")
def study(county_path):
    return lc.read_study(county_path)


def gates_of(*rows):
    """A gate layer of (area, name, open, x, y)."""
    frame = gpd.GeoDataFrame(
        {"residential": [r[0] for r in rows], "name": [r[1] for r in rows]},
        geometry=[shapely.Point(X0 + r[3], Y0 + r[4]) for r in rows],
        crs=CRS,
        index=pd.Index([f"G{i}" for i in range(1, len(rows) + 1)], name="id", dtype=object),
    )
    return Layer("gates", frame.assign(open=pd.Series([r[2] for r in rows], frame.index, object)))


def with_bridge_from(study, y):
    """The bridge's way from ``y`` on: 0 the whole bridge, 300 none at all."""
    lines = study.streets
    first = lines.way_start[1]
    xy = np.concatenate([lines.vertex_xy, [(X0 + 4000, Y0 + y)]])
    vertex = lines.way_vertex.copy()
    vertex[first] = len(xy) - 1
    if y < 300:
        return dataclasses.replace(
            study, streets=dataclasses.replace(lines, vertex_xy=xy, way_vertex=vertex)
        )
    start = lines.way_start.copy()
    start[2:] -= 1
    return dataclasses.replace(
        study,
        streets=dataclasses.replace(
            lines, way_start=start, way_vertex=np.delete(lines.way_vertex, first)
        ),
    )


def diagnosis(assessment):
    return assessment.layers["street_diagnosis"].drop(columns="geometry")


def test_a_closed_north_gate_is_a_finding(study):
    # A4's square reaches from y = -100 to the street; F2 stands 200 m along the street.
    # By the south gate 50 + 100 + 200 = 350 m, by the north gate 50 + 0 + 200 = 250 m.
    gates = gates_of(("A4", "南门", True, 3300, -100), ("A4", "北门", False, 3300, 0))
    slow = study.parameters.having(walk_speed_m_s=0.35)  # 315 m in 15 minutes
    assessed = lc.assess(dataclasses.replace(study, gates=gates, parameters=slow))
    area = assessed.layers["residential"].loc["A4"]
    assert (area["walk_m"], area["walk_status"]) == (pytest.approx(350), "deficient")
    row = assessed.layers["gate_effects"].loc["community:A4"]
    assert (row["gate"], row["side"], row["facility"], row["cures"]) == ("北门", "n", "F2", "yes")
    assert row["opened_walk_m"] == pytest.approx(250)
    assert row["opened_walk_min"] == pytest.approx(250 / 21)
    assert (area["remedy"].code, area["remedy"].params["gate"]) == ("remedy_open_gate", "北门")
    reach = assessed.reach.set_index(["reach_group", "residential"])
    assert reach.at[("community", "A4"), "open_gate_walk_m"] == pytest.approx(250)
    shown = assessed.layers["gates"]
    assert shown["open"].tolist() == [True, False]
    assert set(shown["source"]) == {"given"}
    # at the usual speed A4 is within the walk as it is: nothing to open, and its canteen likewise
    usual = lc.assess(dataclasses.replace(study, gates=gates))
    effects = usual.layers["gate_effects"]
    assert not effects["reach_group"].isin(["community", "canteen"]).any()
    assert usual.layers["residential"].at["A4", "remedy"] is None


def test_without_gates_every_side_is_open_and_with_none_open_nobody_knows(study):
    shut = dataclasses.replace(study, gates=gates_of(("A4", None, False, 3300, -100)))
    assessed = lc.assess(shut)
    row = assessed.layers["residential"].loc["A4"]
    assert (row["walk_m"], row["walk_status"]) == (np.inf, "not_assessed")  # 250 were it open
    told = [p for p in assessed.problems if p.code == "gates_all_closed"]
    assert [dict(p.params) for p in told] == [{"count": 1, "names": ["丁苑"]}]
    none = dataclasses.replace(
        study, gates=gates_of(("A4", None, True, 3300, -100)), gates_from="none"
    )
    assessed = lc.assess(none)
    assert assessed.layers["residential"].at["A4", "walk_m"] == pytest.approx(250)
    assert len(assessed.layers["gates"]) == 0


def test_gates_of_the_street_data_fill_what_the_ledger_leaves(study):
    points = gpd.GeoDataFrame(
        {"barrier": ["gate", "gate"], "name": ["东门", None]},
        geometry=[shapely.Point(X0 + x, Y0 + y) for x, y in ((3350, -50), (3050, 50))],
        crs=CRS,
    )
    osm = dataclasses.replace(
        study,
        gates=gates_of(("A4", None, True, 3300, -100)),
        gates_from="osm",
        streets=dataclasses.replace(study.streets, gates=points),
    )
    assessed = lc.assess(osm)
    gates = assessed.layers["gates"]
    # A4 has its ledger's gate; A6 gets the one on its east wall, (3050, 50)
    assert list(zip(gates["residential"], gates["source"], strict=True)) == [
        ("A4", "given"),
        ("A6", "osm"),
    ]
    # 50 to the gate, 50 to the street, 450 along it to F2: as far as by the south, 50 + 500
    assert assessed.layers["residential"].at["A6", "walk_m"] == pytest.approx(550)
    (told,) = [p for p in assessed.problems if p.code == "gates_found"]
    # polygons without a gate: A1, A7, A12
    assert dict(told.params) == {"gate_method": "osm", "count": 1, "areas": 1, "open_areas": 3}
    inferred = lc.assess(dataclasses.replace(study, gates_from="infer"))
    (told,) = [p for p in inferred.problems if p.code == "gates_found"]
    # the streets run along the blocks and cross none of the five
    assert (told.params["count"], told.params["open_areas"]) == (0, 5)


def test_bridge_removed(study):
    assessed = lc.assess(with_bridge_from(study, 300))
    rows = diagnosis(assessed)
    # the second street with its end is 4000 + 1000 m and now the main network
    part = rows.loc["C1"]
    assert (part["kind"], part["length_m"]) == ("part", pytest.approx(4000))
    # A1, A2, A4, A6, A8, A10, A11 and all but F8 are on the first street
    assert (part["areas"], part["facilities"]) == (7, 7)
    assert pd.isna(part["verdicts"])  # it has facilities of its own
    assert assessed.layers["residential"].at["A3", "walk_status"] == "deficient"
    assert not (rows["kind"] == "gap").any()


@pytest.mark.parametrize(("gap", "listed"), [(14.9, True), (15.0, True), (15.1, False)])
def test_gap_in_the_bridge(study, gap, listed):
    fast = study.parameters.having(walk_speed_m_s=1.5)  # 1350 m in 15 minutes
    assessed = lc.assess(dataclasses.replace(with_bridge_from(study, gap), parameters=fast))
    gaps = diagnosis(assessed)
    gaps = gaps[gaps["kind"] == "gap"]
    assert len(gaps) == listed
    if listed:
        # once joined, A3 walks 1300 m and A9 800 + 500 m to the canteen in F2
        row = gaps.iloc[0]
        assert (row["verdicts"], row["areas"], row["households"]) == ("A3;A9", 2, 350)
        assert row["length_m"] == pytest.approx(gap)


@pytest.mark.parametrize(("limit", "walk"), [(12.0, 1300.0), (11.9, np.inf)])
def test_repair_says_what_it_joins(study, limit, walk):
    broken = with_bridge_from(study, 12.0)
    assessed = lc.assess(
        dataclasses.replace(broken, parameters=broken.parameters.having(repair_gap_m=limit))
    )
    assert assessed.layers["residential"].at["A3", "walk_m"] == pytest.approx(walk)
    told = [dict(p.params) for p in assessed.problems if p.code == "streets_repaired"]
    joined = diagnosis(assessed)
    joined = joined[joined["kind"] == "joined"]
    if np.isinf(walk):
        assert (told, len(joined)) == ([], 0)
        return
    lon, lat = Transformer.from_crs(CRS, 4326, always_xy=True).transform(X0 + 4000, Y0)
    (message,) = told
    assert (message["count"], message["length_m"], message["limit_m"]) == (1, 12.0, 12.0)
    # the place is one of the gap's ends, 12 m (1.1e-4 degrees) apart
    assert [float(v) for v in message["places"][0].split()] == pytest.approx([lon, lat], abs=2e-4)
    assert joined["length_m"].tolist() == [pytest.approx(12)]


def test_areas_without_a_street_by_town(assessment):
    row = diagnosis(assessment).loc["N370999001"]
    assert (row["kind"], row["name"], row["areas"]) == ("no_street", "东街道", 2)  # A5, A12
    # A5's straight line is 400 m; A12's is longer than the walk, however the streets may lie
    assert (row["verdicts"], row["households"]) == ("A5", 300)


def test_field_check_says_where_to_go(assessment):
    rows = assessment.layers["close_calls"]
    there = Transformer.from_crs(CRS, 4326, always_xy=True)
    for clause in ("CX-06:A2", "CX-05:A2"):
        row = rows.loc[clause]
        assert row["facility"] == "F1"
        assert (row["distance_m"], row["margin_m"]) == pytest.approx((1000, 0), abs=1e-6)
        assert (row["lon"], row["lat"]) == pytest.approx(there.transform(X0 + 2000, Y0), abs=1e-7)
        assert (row["facility_lon"], row["facility_lat"]) == pytest.approx(
            there.transform(X0 + 1000, Y0), abs=1e-7
        )
    assert rows.loc["CX-03:A1", ["facility", "distance_m", "facility_lon"]].isna().all()


def test_disagreement_names_the_barrier_and_its_kind(study):
    river = gpd.GeoDataFrame(
        {"barrier": ["river", "wall"], "name": ["信江", None]},
        geometry=[shapely.LineString([(X0, Y0 + y), (X0 + 5000, Y0 + y)]) for y in (150, 20)],
        crs=CRS,
    )
    streets = dataclasses.replace(study.streets, barriers=river)
    rows = lc.assess(dataclasses.replace(study, streets=streets)).layers["disagreements"]
    row = rows.loc["community:A3"]  # from y = 300 the river comes first
    assert (row["barrier"], row["barrier_kind"]) == ("信江", "river")
    assert (row["radius_m"], row["walk_m"]) == pytest.approx((300, 1300))


def curve(assessment, measure, basis):
    (found,) = [
        c
        for c in assessment.curves
        if (c.reach_group, c.measure, c.basis) == ("community", measure, basis)
    ]
    return found, {step.threshold: step for step in found.steps}


def test_curve_of_the_radius(assessment):
    # m: A1 10, A11 205, A4 206, A3 300, A5 400, A8 500, A2 1000, A12 1001; A6 503, or 40 if F6 is
    areas, steps = curve(assessment, "radius", "areas")
    assert (len(steps), areas.total, areas.unit, areas.speed_m_s) == (31, 9, "m", None)
    assert {t: steps[t].numerator for t in (0, 50, 200, 500, 950, 1000, 1050, 1500)} == {
        0: 0,
        50: 1,
        200: 1,
        500: 6,
        950: 7,
        1000: 8,
        1050: 9,
        1500: 9,
    }
    assert (steps[50].low, steps[50].high) == (1 / 9, 2 / 9)
    assert (steps[1000].low, steps[1000].high) == (8 / 9, 8 / 9)
    homes, steps = curve(assessment, "radius", "households")
    assert (homes.total, homes.missing) == (2900, 1)  # A11's are not known
    assert steps[500].numerator == 600 + 200 + 200 + 300 + 100
    assert (steps[500].low, steps[500].high) == (1400 / 2900, 2400 / 2900)  # A6's 1000 if F6 is


def test_curve_of_the_walk(assessment):
    # m: A1 10, A11 205, A4 250, A8 500, A6 550 (60 if F6 is), A2 1000, A3 1300; A5 at least 400,
    # A12 at least 1001: no street
    areas, steps = curve(assessment, "walk", "areas")
    assert (len(steps), areas.unit, areas.speed_m_s) == (31, "min", pytest.approx(10 / 9))
    assert {t: steps[t].numerator for t in (0, 3, 5, 15, 19, 20, 30)} == {
        0: 0,
        3: 1,
        5: 3,
        15: 6,
        19: 6,
        20: 7,
        30: 7,
    }
    assert steps[5].high == 4 / 9
    assert steps[6].high == 5 / 9  # 400 m in 6 minutes, to the metre
    assert (steps[30].low, steps[30].high) == (7 / 9, 1.0)


def test_nothing_is_told_beyond_what_was_searched(study):
    near = study.parameters.having(search_limit_m=1000.0)
    assessed = lc.assess(dataclasses.replace(study, parameters=near))
    _, steps = curve(assessed, "walk", "areas")
    assert max(steps) == 15  # 1000 m
    speeds = {r.speed_m_s for r in assessed.sensitivity if r.measure == "walk"}
    assert speeds == {0.8, 1.0, 10 / 9}  # at 1.25 m/s 15 minutes are 1125 m


def test_the_route_of_a_disagreement_is_drawn_as_it_is_walked(study):
    # A3 stands on the second street, its facility straight across on the first: by the bridge
    tags = study.streets.tags.assign(name=["南岸路", "大桥", "北岸路"])
    streets = dataclasses.replace(study.streets, tags=tags)
    rows = lc.assess(dataclasses.replace(study, streets=streets)).layers["routes"]
    assert rows.index.tolist() == ["community:A3", "canteen:A3"]
    row = rows.loc["community:A3"]
    assert (row["facility"], row["streets"]) == ("F2", "北岸路、大桥、南岸路")
    assert (row["walk_m"], row["walk_min"]) == pytest.approx((1300, 19.5))
    assert (row["steps_m"], row["ferry_m"]) == (0, 0)
    way = [(3500, 300), (4000, 300), (4000, 0), (3500, 0)]
    assert list(row["geometry"].coords) == [(X0 + x, Y0 + y) for x, y in way]


def test_a_facility_off_the_streets_is_told_with_the_walks_that_hang_on_it(study):
    # F2, the only canteen, is moved to (3500, -800): 800 m from the street at y = 0. Within 1000 m
    # in a straight line of it are A4 (200, 750 → 776 m), A5 (400 m) and A6 (500, 850 → 986 m).
    frame = study.facilities.frame.copy()
    frame.loc["F2", "geometry"] = shapely.Point(X0 + 3500, Y0 - 800)
    assessed = lc.assess(dataclasses.replace(study, facilities=Layer("facilities", frame)))
    (told,) = [p for p in assessed.problems if p.code == "facility_off_streets"]
    assert told.severity == "warning"
    assert dict(told.params) == {
        "id": "F2",
        "name": "第二日照",
        "nearest_m": pytest.approx(800),
        "limit_m": 200,
        "count": 3,
    }
    row = diagnosis(assessed).loc["F:F2"]
    assert (row["kind"], row["name"], row["verdicts"]) == ("facility", "第二日照", "A4;A5;A6")
    assert row["length_m"] == pytest.approx(800)
    found = assessed.findings.query("clause == 'REF-walk-canteen' and id == 'A4'").iloc[0]
    assert (found["status"], found["reason"].code) == ("not_assessed", "facility_off_streets")
    assert found["reason"].params == {
        "facility": "F2",
        "nearest_m": pytest.approx(800),
        "distance_m": pytest.approx(np.hypot(200, 750), abs=1e-3),
    }
    # where it stands on the street nothing is told
    assert not [p for p in lc.assess(study).problems if p.code == "facility_off_streets"]


@pytest.mark.parametrize(
    ("canteens", "severity", "count"),
    [
        # within 1000 m of (500, -800) are A8 (500, 0), 800 m off, and A1 (0, 50), 986 m
        ([], "warning", 2),
        # F1 (1000, 0) has a canteen too: A8 walks 500 m to it, A1 50 + 1000
        (["F1"], "warning", 1),
        (["F1", "F3"], "info", 0),  # F3 (0, 0): no walk hangs on F2 any more
    ],
)
def test_it_is_a_warning_only_where_a_walk_hangs_on_it(study, canteens, severity, count):
    frame = study.facilities.frame.copy()
    frame.loc["F2", "geometry"] = shapely.Point(X0 + 500, Y0 - 800)
    frame.at["F2", "kinds"] = frozenset({"canteen"})
    for name in canteens:
        frame.at[name, "kinds"] = frozenset({"day_care", "canteen"})
    assessed = lc.assess(dataclasses.replace(study, facilities=Layer("facilities", frame)))
    (told,) = [p for p in assessed.problems if p.code == "facility_off_streets"]
    assert (str(told.severity), told.params["count"]) == (severity, count)


def test_the_legs_of_a_walk_stand_in_every_table(assessment):
    # A9 (4000, 800) → street 500 m south at y = 300; 500 + … + F2 (3500, 0) on the street
    reach = assessment.reach.set_index(["reach_group", "residential"])
    legs = ["access_m", "network_m", "egress_m"]
    walked = reach[reach["walk_m"].notna() & np.isfinite(reach["walk_m"])]
    assert walked[legs].sum(axis=1).to_numpy() == pytest.approx(walked["walk_m"].to_numpy())
    # A4 (3300, -50): 50 m to the street, 200 m along it, and F2 stands on it
    assert reach.loc[("community", "A4"), legs].tolist() == pytest.approx([50, 200, 0])
    area = assessment.layers["residential"].loc["A4"]
    assert area[legs].tolist() == pytest.approx([50, 200, 0])
    story = lc.explain(assessment, "A4")
    steps = {s.code: s.params for one in story.stories for s in one.steps}
    assert steps["walk_legs"] == pytest.approx(
        {"access_m": 50, "network_m": 200, "egress_m": 0, "walk_m": 250}
    )


@pytest.mark.parametrize(("half_width", "close"), [(5.0, True), (30.0, False)])
def test_an_area_mostly_on_the_other_side_is_a_close_call(study, half_width, close):
    # F3 stands at (0, 60). A block of 100 × 100 m begins 1010 m west of it, and a lane of 610 m
    # leads towards it: 10 m wide it weighs 6100 m² against 10000, and the middle of both is
    # (10000 · 1060 + 6100 · 705) / 16100 = 925.5 m away, while 10100 of 16100 m² are beyond.
    # 60 m wide it is most of the area.
    block = shapely.box(X0 - 1110, Y0 + 10, X0 - 1010, Y0 + 110)
    lane = shapely.box(X0 - 1010, Y0 + 60 - half_width, X0 - 400, Y0 + 60 + half_width)
    frame = study.residential.frame.copy()
    frame.loc["A1", "geometry"] = shapely.union_all([block, lane])
    found = lc.assess(dataclasses.replace(study, residential=Layer("residential", frame))).findings
    row = found.query("clause == 'CX-06' and id == 'A1'").iloc[0]
    weight = 610 * 2 * half_width
    away = (10_000 * 1060 + weight * 705) / (10_000 + weight)
    assert (row["status"], row["measured"]) == ("compliant", pytest.approx(away))
    assert ("close_call" in row["flags"]) is close


def test_a_gate_of_nobody_known_leaves_the_gates_that_are_found(study):
    """A gate that may be A6's, beside the one of the street data: that is passed for certain."""
    points = gpd.GeoDataFrame(
        {"barrier": ["gate"], "name": [None]},
        geometry=[shapely.Point(X0 + 3050, Y0 + 50)],
        crs=CRS,
    )
    given = gates_of(("A4", None, True, 3300, -100), ("A6", None, None, 3050, 0))
    beside = given.frame["residential"].eq("A6")
    frame = given.frame.assign(unowned=beside.where(beside), open_unknown=beside)
    osm = dataclasses.replace(
        study,
        gates=dataclasses.replace(given, frame=frame),
        gates_from="osm",
        streets=dataclasses.replace(study.streets, gates=points),
    )
    ground = prepare_ground(osm)
    passed = ground.gates.frame
    assert list(zip(passed["residential"], passed["source"], strict=True)) == [
        ("A4", "given"),
        ("A6", "osm"),
    ]
    assert len(ground.gate_doubt.possible) == 3
