"""Gates: found on outlines, inferred where streets cross them, and what one more would change."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.mending.gates import (
    crossed_outlines,
    gate_effects,
    gate_trials,
    gates_on_outlines,
    open_gates,
)
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.table import open_gate_walk, reach_table

CRS = "EPSG:4548"
BLOCK = box(0, 0, 100, 100)
# two roads past the block, joined only in the far east
ROADS = [(-100, -10), (1000, -10), (1000, 110), (-100, 110)]


def places(gates):
    return [(o, p.x, p.y) for o, p in zip(gates["residential"], gates.geometry, strict=True)]


def test_gates_of_the_data_belong_to_the_outline_they_stand_on(layer_of):
    areas = layer_of(
        "residential",
        [BLOCK, box(100, 0, 200, 100), box(0, 115, 100, 200), Point(300, 300)],
    )
    spots = [(100, 50), (50, -20), (150, -20.1), (50, 50), (50, 108), (300, 300)]
    points = gpd.GeoDataFrame(
        {"name": ["东门", None, None, None, None, None]}, geometry=list(map(Point, spots)), crs=CRS
    )
    gates = gates_on_outlines(areas, points, 20.0)
    # the first stands in a wall two areas share; the fifth 7 m off one area and 8 m off another,
    # across a lane; the third is too far, the fourth inside, the last at a point without outline
    assert places(gates) == [
        ("R0", 50, -20),
        ("R0", 50, 108),
        ("R0", 100, 50),
        ("R1", 100, 50),
        ("R2", 50, 108),
    ]
    assert gates.index.tolist() == [
        *("osm:R0:1", "osm:R0:2", "osm:R0:3", "osm:R1:1", "osm:R2:1"),
    ]
    assert gates["name"].tolist() == [None, None, "东门", "东门", None]
    assert gates["open"].tolist() == [True] * 5


def test_a_gate_is_its_own_side_of_the_lane(layer_of):
    areas = layer_of("residential", [BLOCK, box(0, 115, 100, 200)])
    points = gpd.GeoDataFrame({"name": [None]}, geometry=[Point(50, 102)], crs=CRS)
    assert places(gates_on_outlines(areas, points, 20.0)) == [("R0", 50, 102)]


def test_streets_that_cross_the_outline_are_gates(layer_of, lines_of):
    xy = [
        *((50, -50), (50, 50), (50, 100)),  # 0-2 in from the south, and on to the north wall
        *((-50, 50), (0, 50)),  # 3-4 ends at the west wall
        *((100, -50), (100, 70), (100, 150), (60, 70)),  # 5-8 along the east, and in from it
        *((-50, 20), (50, 20)),  # 9-10 over the west wall on a bridge
        *((-50, 30), (50, 30)),  # 11-12 not for people
        *((-50, 80), (50, 80)),  # 13-14 in through a house
    ]
    ways = [[0, 1], [1, 2], [3, 4], [5, 6, 7], [6, 8], [9, 10], [11, 12], [13, 14]]
    tags = {5: {"bridge": "yes"}, 6: {"foot": "no"}, 7: {"tunnel": "building_passage"}}
    lines = lines_of(xy, ways, tags)
    areas = layer_of("residential", [BLOCK, box(5000, 0, 5100, 100)])
    gates = crossed_outlines(areas, lines, build_network(lines))
    assert places(gates) == [("R0", 0, 80), ("R0", 50, 0), ("R0", 100, 70)]
    assert set(gates["source"]) == {"infer"}
    nothing = lines_of([(900, 0), (950, 0)], [[0, 1]])
    assert len(crossed_outlines(areas, nothing, build_network(nothing))) == 0


def context_of(layer_of, lines_of, gates, **more):
    return prepare_reach(
        layer_of("residential", [BLOCK]),
        layer_of("facilities", [Point(50, 120)]),
        Parameters(),
        streets=lines_of(ROADS, [[0, 1, 2, 3]], **more),
        gates=gates,
    )


@pytest.fixture
def gates(layer_of):
    return layer_of(
        "gates",
        [Point(50, 0), Point(50, 100)],
        residential=["R0", "R0"],
        name=["南门", "北门"],
        open=[True, False],
    )


ROUND = 50 + 10 + 950 + 120 + 950 + 10
"""To the south gate, the road, its east end, the north road, back west, across to the facility."""


def test_gated_block_with_the_gate_on_the_far_side(layer_of, lines_of, gates):
    passed = open_gates(gates)
    assert passed.frame["name"].tolist() == ["南门"]
    context = context_of(layer_of, lines_of, passed)
    table = reach_table(context, "g", np.ones(1), radius_m=1000, walk_m=1000)
    assert table.frame["walk_m"].tolist() == pytest.approx([ROUND])
    assert open_gate_walk(context, np.ones(1)).shape == (1,)

    walk = table.frame["walk_m"].to_numpy()
    closed = open_gates(gates, closed=True)
    (effect,) = gate_effects(context, gate_trials(context, closed), np.ones(1), walk, 1000.0)
    assert (effect.gate, effect.side, effect.xy, effect.facility) == ("G1", "n", (50.0, 100.0), 0)
    assert effect.walk_m == pytest.approx(50 + 10 + 10)

    (effect,) = gate_effects(context, gate_trials(context), np.ones(1), walk, 1000.0)
    assert (effect.gate, effect.side, effect.xy) == (None, "n", (50.0, 100.0))
    assert effect.walk_m == pytest.approx(70)
    assert gate_effects(context, gate_trials(context, closed), np.zeros(1), walk, 1000.0) == ()
    # 20 m and less are within what the places are worth
    assert (
        gate_effects(context, gate_trials(context, closed), np.ones(1), np.array([90.0]), 1000.0)
        == ()
    )
    assert (
        len(
            gate_effects(
                context, gate_trials(context, closed), np.ones(1), np.array([90.1]), 1000.0
            )
        )
        == 1
    )


def test_a_closed_gate_that_cures_goes_before_a_shorter_new_one(layer_of, lines_of):
    gates = layer_of(
        "gates",
        [Point(50, 0), Point(100, 100)],
        residential=["R0", "R0"],
        open=[True, False],
    )
    context = context_of(layer_of, lines_of, open_gates(gates))
    closed = open_gates(gates, closed=True)
    by_corner = np.hypot(50, 50) + 10 + 50 + 10
    (effect,) = gate_effects(
        context, gate_trials(context, closed), np.ones(1), np.array([float(ROUND)]), 1000.0
    )
    assert (effect.gate, effect.side, effect.walk_m) == ("G1", "ne", pytest.approx(by_corner))
    (effect,) = gate_effects(
        context, gate_trials(context, closed), np.ones(1), np.array([float(ROUND)]), 100.0
    )
    assert (effect.gate, effect.walk_m) == (None, pytest.approx(70))  # only the new one cures


@pytest.mark.parametrize(("kind", "side"), [("river", "se"), ("railway", "se"), ("wall", "n")])
def test_no_gate_onto_a_river_but_one_through_a_wall(layer_of, lines_of, gates, kind, side):
    barriers = gpd.GeoDataFrame(
        {"barrier": [kind], "name": [None]},
        geometry=[LineString([(-500, 105), (900, 105)])],
        crs=CRS,
    )
    context = context_of(layer_of, lines_of, open_gates(gates), barriers=barriers)
    (effect,) = gate_effects(
        context, gate_trials(context), np.ones(1), np.array([float(ROUND)]), 1000.0
    )
    assert effect.side == side
    if kind != "wall":  # at the corner nearest the way round
        assert effect.walk_m == pytest.approx(np.hypot(50, 50) + 10 + 900 + 120 + 950 + 10)


def test_areas_without_gates_are_told_nothing(layer_of, lines_of):
    context = context_of(layer_of, lines_of, None)
    assert gate_trials(context) is None
    assert open_gates(None) is None
