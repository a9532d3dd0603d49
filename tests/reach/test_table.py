"""Reach tables worked out by hand on a straight street, and what always holds on random ones."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import REACH_COLUMNS, TravelTable, perhaps_table
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.table import open_gate_walk, reach_table

STREET = [(0, 0), (6000, 0)]
"""One street of 6 km along y = 0."""


def prepare(residential, facilities, streets, gates=None, **parameters):
    return prepare_reach(
        residential, facilities, Parameters().having(**parameters), streets=streets, gates=gates
    )


def table(context, membership, **more):
    limits = {"radius_m": 1000.0, "walk_m": 1000.0} | more
    return reach_table(context, "community", np.asarray(membership, dtype=float), **limits).frame


@pytest.fixture(scope="module")
def street(lines_of):
    return lines_of(STREET, [[0, 1]])


def test_points_on_one_street(layer_of, street):
    areas = layer_of("residential", [Point(x, 30) for x in (0, 60, 70, 3000, 5000)])
    places = layer_of("facilities", [Point(1000, -30), Point(1000, -30), Point(3000, 0)])
    frame = table(prepare(areas, places, street), [1, 1, 0])
    assert tuple(frame.columns) == REACH_COLUMNS
    assert frame.index.tolist() == areas.frame.index.tolist()
    assert frame["walk_m"].tolist() == pytest.approx([1060, 1000, 990, 2060, np.inf])
    straight = [np.hypot(1000 - x, 60) for x in (0, 60, 70, 3000, 5000)]
    assert frame["radius_m"].tolist() == pytest.approx(straight)
    # 1060 m, exactly 1000 m (inclusive), below; the last is beyond the search limit of 3000 m
    assert frame["walk_share"].tolist() == [0, 1, 1, 0, 0]
    assert frame["radius_share"].tolist() == [0, 1, 1, 0, 0]
    assert frame["walk_facility"].tolist() == ["F0"] * 4 + [None]
    assert frame["radius_facility"].tolist() == ["F0"] * 5
    assert frame["straight_m"].tolist()[:4] == pytest.approx(straight[:4])
    assert np.isnan(frame["straight_m"].iloc[4])
    assert frame["snap_m"].tolist() == [30.0] * 5
    assert frame["walk_unknown"].tolist() == [None] * 5
    assert frame["barrier"].tolist() == [None] * 5
    for low, plain in (("radius_low_m", "radius_m"), ("walk_low_m", "walk_m")):
        assert frame[low].tolist() == frame[plain].tolist()
    for high, plain in (
        ("radius_share_high", "radius_share"),
        ("walk_share_high", "walk_share"),
    ):
        assert frame[high].tolist() == frame[plain].tolist()


def test_a_possible_facility_is_the_best_case_only(layer_of, street):
    areas = layer_of("residential", [Point(100, 0), Point(2000, 0)])
    places = layer_of("facilities", [Point(1500, 0), Point(300, 0)])
    frame = table(prepare(areas, places, street), [1, np.nan])
    assert frame["walk_m"].tolist() == [1400, 500]
    assert frame["walk_low_m"].tolist() == [200, 500]
    assert frame["radius_m"].tolist() == [1400, 500]
    assert frame["radius_low_m"].tolist() == [200, 500]
    assert frame["radius_placed_facility"].tolist() == ["F1", "F0"]
    assert frame["walk_placed_facility"].tolist() == ["F1", "F0"]
    assert frame["walk_facility"].tolist() == frame["radius_facility"].tolist() == ["F0", "F0"]
    assert frame["walk_share"].tolist() == frame["radius_share"].tolist() == [0, 1]
    assert frame["walk_share_high"].tolist() == frame["radius_share_high"].tolist() == [1, 1]


def test_a_facility_of_unknown_place_widens_the_areas_its_record_names(layer_of, street):
    areas = layer_of("residential", [Point(100, 0), Point(2000, 0), Point(4000, 0)])
    places = layer_of("facilities", [Point(5500, 0), None, None])
    context = prepare(areas, places, street)
    named = {"F1": ["R0", "R9"], "F2": ["R1"], "F0": ["R2"]}
    frame = table(context, [1, np.nan, 0], widened=named)
    assert frame["walk_m"].tolist() == [np.inf, np.inf, 1500]
    assert frame["walk_low_m"].tolist() == [0, np.inf, 1500]
    assert frame["radius_low_m"].tolist() == [0, 3500, 1500]
    assert frame["walk_share_high"].tolist() == frame["radius_share_high"].tolist() == [1, 0, 0]
    assert frame["walk_share"].tolist() == [0, 0, 0]
    assert frame["walk_unknown"].tolist() == [None] * 3
    certain = table(context, [0, 1, 0], widened=named)
    assert certain["walk_low_m"].tolist() == [0, np.inf, np.inf]
    assert certain["radius_low_m"].tolist() == [0, np.inf, np.inf]
    # a row that was set aside is in no layer, but its record may name an area
    aside = table(context, [1, 0, 0], widened={"set aside": ["R1"]})
    assert aside["walk_low_m"].tolist() == [np.inf, 0, 1500]
    assert table(context, [1, 1, 1])["walk_low_m"].tolist() == [np.inf, np.inf, 1500]


def test_a_facility_of_unknown_place_may_cover_all_of_an_outline(layer_of, street):
    areas = layer_of("residential", [box(0, -50, 100, 50), box(2000, -50, 2100, 50)])
    places = layer_of("facilities", [Point(5500, 0), None])
    context = prepare(areas, places, street)
    frame = table(context, [1, np.nan], widened={"F1": ["R0"]})
    # F0 is 3400 m away from both; F1 may stand in the first, and then covers it whole
    for how in ("radius", "walk"):
        assert frame[f"{how}_share"].tolist() == [0, 0]
        assert frame[f"{how}_share_high"].tolist() == [1, 0]


def test_no_street_within_the_snap_limit(layer_of, street):
    areas = layer_of("residential", [Point(500, 200), Point(500, 200.5), Point(500, 1200)])
    frame = table(prepare(areas, layer_of("facilities", [Point(0, 0)]), street), [1])
    assert frame["walk_m"].tolist() == [700, np.inf, np.inf]
    assert frame["walk_low_m"].tolist() == pytest.approx([700, np.hypot(500, 200.5), 1300])
    assert frame["snap_m"].tolist() == pytest.approx([200, 200.5, 1200])
    assert frame["walk_unknown"].tolist() == [
        None,
        Reason(ReasonCode.NO_STREET_WITHIN_SNAP, {"snap_limit_m": 200.0, "nearest_m": 200.5}),
        Reason(ReasonCode.NO_STREET_WITHIN_SNAP, {"snap_limit_m": 200.0, "nearest_m": 1200.0}),
    ]
    # the last is out of reach even by the straight line: nobody there is reached in any case
    assert frame["walk_share"].tolist() == pytest.approx([1, np.nan, 0], nan_ok=True)
    assert frame["walk_share_high"].tolist() == pytest.approx([1, np.nan, 0], nan_ok=True)


def test_no_streets_at_all(layer_of, lines_of):
    areas = layer_of("residential", [Point(0, 0), None])
    places = layer_of("facilities", [Point(30, 40)])
    motorway = lines_of(STREET, [[0, 1]], {0: {"highway": "motorway"}})
    for streets in (None, motorway):
        context = prepare(areas, places, streets)
        frame = table(context, [1])
        assert frame["walk_m"].tolist() == [np.inf, np.inf]
        assert frame["walk_low_m"].tolist() == [50, 0]
        assert [r.code for r in frame["walk_unknown"]] == [
            ReasonCode.NO_STREETS,
            ReasonCode.POSITION_MISSING,
        ]
        assert frame["radius_m"].tolist() == pytest.approx([50, np.nan], nan_ok=True)
        assert frame["radius_low_m"].tolist() == [50, 0]
        assert frame[["radius_share", "radius_share_high"]].iloc[1].isna().all()
        assert frame[["walk_share", "walk_share_high", "snap_m"]].isna().all(axis=None)
        # nobody to walk to: no street would change that
        assert table(context, [0])["walk_unknown"].iloc[0] is None
        assert table(context, [0])["walk_low_m"].tolist() == [np.inf, np.inf]


ISLE = [*STREET, (0, 900), (1500, 900), (4000, 900), (4030, 900)]
"""Beside the street a part of 1.5 km and one of 30 m, 900 m north of it."""


def test_short_fragment_without_a_facility(layer_of, lines_of):
    streets = lines_of(ISLE, [[0, 1], [2, 3], [4, 5]])
    areas = layer_of("residential", [Point(100, 900), Point(4000, 900), Point(3000, 5)])
    places = layer_of("facilities", [Point(100, 0), Point(1400, 900), Point(4020, 850)])
    context = prepare(areas, places, streets)

    frame = table(context, [1, 0, 0])
    assert frame["walk_m"].tolist() == [np.inf, np.inf, 2905]
    assert frame["walk_low_m"].tolist() == pytest.approx([900, np.hypot(3900, 900), 2905])
    assert frame["walk_unknown"].tolist() == [
        Reason(ReasonCode.STREET_FRAGMENT, {"fragment_m": 1500.0}),
        Reason(ReasonCode.STREET_FRAGMENT, {"fragment_m": 30.0}),
        None,
    ]
    # with a facility of its own, certain or possible, the fragment is a network like any other
    for member in (1, np.nan):
        frame = table(context, [1, member, 0])
        assert frame["walk_unknown"].iloc[0] is None
        assert frame["walk_low_m"].iloc[0] == 1300
        assert frame["walk_m"].iloc[0] == (1300 if member == 1 else np.inf)
    # a part that is long is uncovered, not unknown
    frame = table(prepare(areas, places, streets, short_fragment_m=1500.0), [1, 0, 0])
    assert frame["walk_unknown"].iloc[0] is None
    assert frame["walk_low_m"].iloc[0] == np.inf


def river_at(y):
    return gpd.GeoDataFrame(
        {"barrier": ["river"], "name": ["信江"]},
        geometry=[LineString([(-500, y), (7000, y)])],
        crs="EPSG:4548",
    )


def test_island_without_a_ferry_in_the_data(layer_of, lines_of):
    streets = lines_of(ISLE, [[0, 1], [2, 3], [4, 5]], barriers=river_at(450))
    areas = layer_of("residential", [Point(100, 900), Point(4000, 900), Point(5900, 5)])
    places = layer_of("facilities", [Point(100, 0), Point(1400, 900)])
    for short in (1000.0, 2000.0):  # long or short: what water cuts off is unknown
        context = prepare(areas, places, streets, short_fragment_m=short)
        frame = table(context, [1, 0])
        assert [r and r.code for r in frame["walk_unknown"]] == [
            ReasonCode.ISLAND_WITHOUT_FERRY,
            ReasonCode.ISLAND_WITHOUT_FERRY,
            None,
        ]
        assert frame["walk_low_m"].iloc[0] == 900
        assert table(context, [1, 1])["walk_m"].iloc[0] == 1300
    dry = lines_of(ISLE, [[0, 1], [2, 3], [4, 5]], barriers=river_at(5000))
    frame = table(prepare(areas, places, dry, short_fragment_m=1000.0), [1, 0])
    assert [r and r.code for r in frame["walk_unknown"]] == [None, ReasonCode.STREET_FRAGMENT, None]


def test_ferry_takes_its_own_time(layer_of, lines_of):
    areas = layer_of("residential", [Point(100, 900), Point(4000, 900)])
    places = layer_of("facilities", [Point(100, 0)])
    # 3 minutes at 10/9 m/s are 200 m of walking; the crossing itself is 900 m
    tags = {3: {"route": "ferry", "duration": "00:03"}}
    streets = lines_of(ISLE, [[0, 1], [2, 3], [4, 5], [2, 0]], tags, barriers=river_at(450))
    frame = table(prepare(areas, places, streets), [1])
    assert frame["walk_m"].iloc[0] == pytest.approx(100 + 200 + 100)
    assert frame["by_ferry"].tolist() == [True, False]
    # the other part has no ferry: it is unknown, and the straight line may be 700 m too much
    assert frame["walk_unknown"].iloc[1].code == ReasonCode.ISLAND_WITHOUT_FERRY
    assert frame["walk_low_m"].iloc[1] == pytest.approx(np.hypot(3900, 900) - 700)
    # at half the speed the same 3 minutes are 100 m
    slow = table(prepare(areas, places, streets, walk_speed_m_s=5 / 9), [1])
    assert slow["walk_m"].iloc[0] == pytest.approx(100 + 100 + 100)
    # without a duration: 900 m at 10.8 km/h = 3 m/s are 300 s
    bare = lines_of(ISLE, [[0, 1], [2, 3], [4, 5], [2, 0]], {3: {"route": "ferry"}})
    frame = table(prepare(areas, places, bare, ferry_speed_kmh=10.8), [1])
    assert frame["walk_m"].iloc[0] == pytest.approx(100 + 300 * 10 / 9 + 100)


def test_legs_that_cross_a_barrier_say_so(layer_of, lines_of):
    streets = lines_of(STREET, [[0, 1]], barriers=river_at(50))
    areas = layer_of("residential", [Point(100, 60), Point(200, 40), Point(300, -60), None])
    near, over = [Point(0, 10)], [Point(0, 70)]
    frame = table(prepare(areas, layer_of("facilities", near), streets), [1])
    assert frame["access_barrier"].tolist() == ["信江", None, None, None]
    frame = table(prepare(areas, layer_of("facilities", over), streets), [1])
    assert frame["access_barrier"].tolist() == ["信江", "信江", "信江", None]
    assert frame["by_ferry"].tolist() == [False] * 4


def test_facility_the_streets_do_not_tell_of_is_known_by_the_straight_line(layer_of, lines_of):
    streets = lines_of(ISLE, [[0, 1], [2, 3], [4, 5]])
    areas = layer_of("residential", [Point(4000, 0), Point(1000, 0)])
    places = layer_of("facilities", [Point(4000, 900), Point(1000, 700), Point(3900, 0)])
    context = prepare(areas, places, streets)  # on a stub without areas; by the 1.5 km part
    frame = table(context, [1, 0, 0])
    assert frame["walk_m"].tolist() == [np.inf, np.inf]
    assert frame["walk_low_m"].tolist() == pytest.approx([900, np.hypot(3000, 900)])
    assert frame["walk_share"].tolist() == [0, 0]
    assert frame["walk_share_high"].tolist() == [1, 0]
    assert frame["walk_unknown"].tolist() == [None, None]
    assert table(context, [1, 0, 1])["walk_m"].tolist() == [100, 2900]
    assert table(context, [1, 0, 1])["walk_low_m"].tolist() == [100, 2900]
    # where somebody lives on the fragment, it is really elsewhere
    lived = layer_of("residential", [Point(4000, 0), Point(200, 900)])
    assert table(prepare(lived, places, streets), [0, 1, 0])["walk_low_m"].tolist() == [
        np.inf,
        1000,
    ]


def test_gates_are_walked_through(layer_of, street):
    square = box(400, 0, 600, 400)  # its middle, (500, 200), walks 200 m were it not for the wall
    areas = layer_of("residential", [square, Point(2000, 0)])
    places = layer_of("facilities", [Point(0, 0), Point(1000, 0)])
    gates = layer_of("gates", [Point(600, 200), Point(400, 250)], residential=["R0", "R0"])
    frame = table(prepare(areas, places, street, gates, snap_limit_m=250.0), [1, 0])
    # by (400, 250): hypot(100, 50) to the gate, 250 m to the street, 400 m along it
    assert frame["walk_m"].iloc[0] == pytest.approx(np.hypot(100, 50) + 250 + 400)
    assert frame["radius_m"].iloc[0] == pytest.approx(np.hypot(400, 250))
    assert frame["straight_m"].iloc[0] == pytest.approx(np.hypot(500, 200))
    assert frame["snap_m"].iloc[0] == 200
    assert table(prepare(areas, places, street, gates, snap_limit_m=249.0), [1, 0])["walk_m"].iloc[
        0
    ] == pytest.approx(100 + 200 + 600)
    beyond = table(prepare(areas, places, street, gates, snap_limit_m=199.0), [1, 0])
    assert beyond["walk_unknown"].iloc[0].params == {"snap_limit_m": 199.0, "nearest_m": 200.0}
    assert beyond["walk_low_m"].iloc[0] == pytest.approx(np.hypot(500, 200))


def test_walk_through_gates_beside_the_walk_if_the_area_were_open(layer_of, street):
    areas = layer_of("residential", [Point(500, 100), Point(800, 100), Point(9000, 100), None])
    places = layer_of("facilities", [Point(0, 0), Point(900, 0), None])
    gates = layer_of(
        "gates", [Point(500, 150), Point(9000, 0), Point(0, 0)], residential=["R0", "R2", "R3"]
    )
    context = prepare(areas, places, street, gates)
    assert table(context, [1, np.nan, 1])["walk_m"].tolist() == [700, 900, np.inf, np.inf]
    assert open_gate_walk(context, np.array([1, np.nan, 1])).tolist() == pytest.approx(
        [600, np.nan, np.inf, np.nan], nan_ok=True
    )
    assert np.isnan(open_gate_walk(prepare(areas, places, street), np.ones(3))).all()
    assert np.isnan(open_gate_walk(prepare(areas, places, None, gates), np.ones(3))).all()


@pytest.mark.parametrize(("unit", "scale"), [("m", 1.0), ("min", 60 * 10 / 9)])
def test_costs_the_study_hands_in_stand_for_the_streets(layer_of, street, unit, scale):
    areas = layer_of("residential", [Point(100, 0), Point(200, 0), None, Point(300, 0)])
    places = layer_of("facilities", [Point(0, 0), None, None])
    rows = [
        ("R0", "F0", 1000.0),
        ("R0", "F1", 1000.0),
        ("R1", "F0", 1600.0),
        ("R1", "F1", 400.0),
        ("R2", "F0", 1500.0),
        ("R3", "F0", 3001.0),
        ("elsewhere", "F0", 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["demand", "facility", "cost"])
    frame["cost"] /= scale
    travel = TravelTable(frame, unit, 3000.0 / scale, "given")
    context = prepare_reach(areas, places, Parameters(), streets=street, travel=travel)
    named = {"F1": ["R3"], "F2": ["R3"]}
    found = table(context, [1, np.nan, 0], widened=named)
    assert found["walk_m"].tolist() == pytest.approx([1000, 1600, 1500, np.inf])
    assert found["walk_low_m"].tolist() == pytest.approx([1000, 400, 1500, np.inf])
    assert found["walk_facility"].tolist() == ["F0", "F0", "F0", None]
    assert found["walk_share"].tolist() == [1, 0, 0, 0]
    assert found["walk_share_high"].tolist() == [1, 1, 0, 0]
    assert found["walk_unknown"].tolist() == [None] * 4
    assert found["straight_m"].tolist() == pytest.approx([100, 200, np.nan, np.nan], nan_ok=True)
    # F2 is in no row and has no place: it may stand where its record says
    assert table(context, [1, 0, np.nan], widened=named)["walk_low_m"].iloc[3] == 0


@st.composite
def unclear_tables(draw):
    """Draw rows of a table of walks, of each the pairs it may mean, and who is a member."""
    pairs = st.tuples(st.sampled_from(["R0", "R1", "R2"]), st.sampled_from(["F0", "F1", "F2"]))
    cost = st.sampled_from([200.0, 500.0, 900.0, 1400.0])
    plain = draw(st.lists(st.tuples(pairs, cost), max_size=3))
    meant = st.lists(pairs, min_size=1, max_size=3, unique=True)
    unclear = draw(st.lists(st.tuples(meant, cost, st.booleans()), min_size=1, max_size=3))
    return (
        plain,
        unclear,
        draw(st.lists(st.sampled_from([1.0, 0.0, np.nan]), min_size=3, max_size=3)),
    )


@given(unclear_tables())
def test_walks_lie_between_the_best_and_worst_that_unclear_rows_can_mean(layer_of, drawn):
    plain, unclear, member = drawn
    rows = [(*pair, cost) for pair, cost in plain]
    perhaps = [
        (row, *pair, cost, "书香苑", fits)
        for row, (meant, cost, fits) in enumerate(unclear)
        for pair in meant
    ]
    frame = pd.DataFrame(rows, columns=["demand", "facility", "cost"]).astype({"cost": float})
    travel = TravelTable(frame, "m", 3000.0, "given", perhaps_table(perhaps))
    areas = layer_of("residential", [Point(100 * k, 0) for k in range(3)])
    places = layer_of("facilities", [Point(100 * k, 50) for k in range(3)])
    found = table(prepare_reach(areas, places, Parameters(), travel=travel), member)
    ways = [[*meant, *([] if fits else [None])] for meant, _, fits in unclear]
    walks = {"R0": [], "R1": [], "R2": []}
    counts = [[0.0, 1.0] if np.isnan(one) else [one] for one in member]
    for chosen in itertools.product(*ways):
        told = rows + [(*p, one[1]) for p, one in zip(chosen, unclear, strict=True) if p]
        for some in itertools.product(*counts):
            there = {f"F{k}" for k in range(3) if some[k]}
            for area, known in walks.items():
                costs = [cost for a, f, cost in told if a == area and f in there]
                known.append(min(costs, default=np.inf))
    for area, known in walks.items():
        row = found.loc[area]
        assert (row["walk_low_m"], row["walk_m"]) == (min(known), max(known))
        assert row["walk_share"] == float(max(known) <= 1000.0)
        assert row["walk_share_high"] == float(min(known) <= 1000.0)
        if min(known) < max(known) and not np.isnan(member).any():
            reason = row["walk_doubt"]
            assert (reason.code, reason.params["written"]) == (
                ReasonCode.WALK_NAME_UNCLEAR,
                "书香苑",
            )
            assert reason.params["walk_m"] == min(known)


def test_share_counts_points_the_streets_lose_as_possible(layer_of, street):
    # lattice of 100 m: 5 rows at y = 100 … 500, 7 columns at x = 100 … 700, and the middle
    tall = layer_of("residential", [box(50, 50, 750, 550)])
    places = layer_of("facilities", [Point(400, 0)])
    context = prepare(tall, places, street, demand_points=35.0, snap_limit_m=300.0)
    frame = table(context, [1], walk_m=500.0)
    # walks |x - 400| + y <= 500: 7 + 7 (y = 100, 200: |dx| <= 300), 5 (300) and the middle 300;
    # lost, by the straight line: y = 400, |dx| <= 300: 7; y = 500: dx = 0
    assert frame["walk_m"].tolist() == [300]
    assert frame["walk_share"].tolist() == pytest.approx([20 / 36])
    assert frame["walk_share_high"].tolist() == pytest.approx([28 / 36])
    assert frame["walk_share_error"].tolist() == pytest.approx([(20 * 16) ** 0.5 / 36**1.5])
    # a census of homes has no sampling error
    homes = layer_of(
        "buildings",
        [Point(100, 100), Point(400, 100), Point(700, 500)],
        residential=["R0"] * 3,
        dwellings=[10.0] * 3,
    )
    counted = prepare_reach(
        tall, places, Parameters().having(snap_limit_m=600.0), streets=street, buildings=homes
    )
    frame = table(counted, [1], walk_m=500.0)
    assert frame["walk_share"].tolist() == pytest.approx([2 / 3])
    assert frame["walk_share_error"].tolist() == [0.0]


def test_a_gate_on_the_far_side_makes_the_walk_go_round(layer_of, lines_of):
    # a block of 200 m × 100 m in a ring of streets; the facility is south, the gate north
    xy = [(0, 0), (200, 0), (200, 100), (0, 100)]
    streets = lines_of(xy, [[0, 1, 2, 3, 0]])
    block = layer_of("residential", [box(10, 10, 190, 90)])
    places = layer_of("facilities", [Point(100, -5)])
    gate = layer_of("gates", [Point(100, 90)], residential=["R0"])
    context = prepare(block, places, streets, gate)
    # 40 m to the gate, 10 m to the street, 100 + 100 + 100 m round the block, 5 m to the door
    assert table(context, [1])["walk_m"].tolist() == pytest.approx([40 + 10 + 300 + 5])
    # were the block open on all sides: 50 m straight to the southern street
    assert open_gate_walk(context, np.ones(1)).tolist() == pytest.approx([50 + 5])


def test_barrier_between_area_and_nearest_facility(layer_of, lines_of):
    river = gpd.GeoDataFrame(
        {"barrier": ["river"], "name": ["信江"]},
        geometry=[LineString([(1000, -500), (1000, 500)])],
        crs="EPSG:4548",
    )
    streets = lines_of(STREET, [[0, 1]], barriers=river)
    areas = layer_of("residential", [Point(900, 0), Point(1200, 0), None])
    frame = table(prepare(areas, layer_of("facilities", [Point(1100, 0)]), streets), [1])
    assert frame["barrier"].tolist() == ["信江", None, None]


def test_nothing_to_reach_and_nobody_to_reach_it(layer_of, street):
    areas = layer_of("residential", [box(0, 0, 90, 90), None])
    none = layer_of("facilities", [])
    frame = table(prepare(areas, none, street), [])
    assert frame["radius_m"].tolist() == pytest.approx([np.inf, np.nan], nan_ok=True)
    assert frame["radius_low_m"].tolist() == frame["walk_low_m"].tolist() == [np.inf, np.inf]
    assert frame["walk_m"].tolist() == [np.inf, np.inf]
    assert frame["radius_share"].iloc[0] == frame["walk_share"].iloc[0] == 0
    empty = table(prepare(layer_of("residential", []), none, street), [])
    assert empty.shape == (0, len(REACH_COLUMNS))
    empty = table(prepare(layer_of("residential", []), none, None), [])
    assert empty.shape == (0, len(REACH_COLUMNS))


def test_membership_is_checked(layer_of, street):
    areas, places = layer_of("residential", [Point(0, 0)]), layer_of("facilities", [Point(0, 0)])
    for wrong in ([], [1, 1], [0.5]):
        with pytest.raises(ValueError, match="membership"):
            table(prepare(areas, places, street), wrong)


@st.composite
def counties(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n, f = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    shapes = [
        draw(st.sampled_from([Point(x, y), box(x, y, x + 300, y + 200), None]))
        for x, y in rng.uniform(-300, 2500, (n, 2))
    ]
    places = [
        draw(st.sampled_from([Point(x, y), Point(x, y), None]))
        for x, y in rng.uniform(-300, 2500, (f, 2))
    ]
    member = [draw(st.sampled_from([0.0, 1.0, np.nan])) for _ in range(f)]
    wide = {f"F{i}": [f"R{draw(st.integers(0, 6))}"] for i in range(f) if draw(st.booleans())}
    ways = draw(st.lists(st.lists(st.integers(0, 11), min_size=2, max_size=5), max_size=6))
    return shapes, places, member, wide, rng.uniform(0, 2200, (12, 2)), ways


@given(counties())
@settings(settings.get_profile("costly"))
def test_what_always_holds(layer_of, lines_of, county):
    shapes, places, member, wide, xy, ways = county
    areas, facilities = layer_of("residential", shapes), layer_of("facilities", places)
    context = prepare(areas, facilities, lines_of(xy, ways), demand_points=5.0)
    frame = table(context, member, widened=wide)

    assert (frame["walk_low_m"] >= 0).all()
    assert (frame["walk_low_m"] <= frame["walk_m"]).all()
    known = frame["radius_m"].notna()
    assert (frame["radius_low_m"][known] <= frame["radius_m"][known]).all()
    assert frame["radius_low_m"].notna().all()
    assert known.tolist() == [shape is not None for shape in shapes]
    led = frame["walk_facility"].notna()
    assert (np.isfinite(frame["walk_m"]) == led).all()
    assert (frame["walk_m"] >= frame["straight_m"] - 1e-6)[led].all()
    assert (frame["straight_m"] >= frame["radius_m"] - 1e-9)[led].all()
    decided = [reason is None for reason in frame["walk_unknown"]]
    assert np.array(decided)[led.to_numpy()].all()
    for name in ("radius_share", "walk_share"):
        share, high = frame[name], frame[f"{name}_high"]
        assert (share.isna() == high.isna()).all()
        assert ((share >= 0) & (share <= high) & (high <= 1))[share.notna()].all()

    # the best case is the worst case of a county where all that may be is
    sure = table(context, [1.0 if m != 0 else 0.0 for m in member])
    assert (frame["radius_low_m"] <= sure["radius_low_m"] + 1e-9).all()
    assert (frame["walk_low_m"] <= sure["walk_low_m"] + 1e-6).all()
    assert (sure["walk_m"] <= frame["walk_m"] + 1e-6).all()

    # neither the order of areas nor that of facilities changes a number
    turned = prepare(
        layer_of("residential", shapes[::-1], ids=areas.frame.index[::-1].tolist()),
        layer_of("facilities", places[::-1], ids=facilities.frame.index[::-1].tolist()),
        lines_of(xy, ways[::-1]),
        demand_points=5.0,
    )
    again = table(turned, member[::-1], widened=wide).loc[frame.index]
    numbers = [c for c in REACH_COLUMNS if c.endswith(("_m", "share", "high"))]
    pd.testing.assert_frame_equal(
        frame[numbers], again[numbers], check_index_type=False, rtol=0, atol=1e-6
    )
    assert frame["walk_unknown"].tolist() == again["walk_unknown"].tolist()
