from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.profiles import drive_cost, ferry_minutes, slope, walk_cost
from lifecircle.reach.search import travel
from lifecircle.reach.search.snapping import snap

LINE = [(0, 0), (100, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5%", 0.05),
        ("-12.5 %", 0.125),
        ("+8", 0.08),
        ("3°", np.tan(np.radians(3))),
        ("up", np.inf),
        ("down", np.inf),
        ("steep", 0.0),
        ("", 0.0),
        (None, 0.0),
    ],
)
def test_slopes_are_read(text, expected):
    assert slope(pd.DataFrame({"incline": [text]}))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:15", 15.0),
        ("1:20", 80.0),
        ("0:02:30", 2.5),
        ("7", 7.0),
        ("PT1H20M", 80.0),
        ("PT90S", 1.5),
        ("PT", np.nan),
        ("0", np.nan),
        ("often", np.nan),
        (None, np.nan),
    ],
)
def test_crossing_times_are_read(text, expected):
    minutes = ferry_minutes(pd.DataFrame({"duration": [text]}))[0]
    assert minutes == pytest.approx(expected, nan_ok=True)


def test_stairs_and_slopes_cost_what_the_study_says(lines_of):
    tags = {
        0: {"highway": "steps", "incline": "up"},
        1: {"highway": "path", "incline": "5%"},
        2: {"highway": "path", "incline": "4.9%"},
        3: {"highway": "residential"},
    }
    lines = lines_of(LINE, [[0, 1]] * 4, tags)
    cost = walk_cost(lines, Parameters().having(steps_factor=2.5, incline_factor=1.4))
    assert cost.forward.tolist() == cost.back.tolist() == [2.5, 1.4, 1.0, 1.0]
    assert cost.steps.tolist() == [True, False, False, False]
    assert walk_cost(lines, Parameters()).forward.tolist() == [1.0] * 4
    network = build_network(lines, cost)
    assert network.edge_steps[network.edge_way == 0].all()
    assert network.edge_steps.sum() == 1


def test_car_roads_and_their_speeds(lines_of):
    ways = [
        ("motorway", 80.0),
        ("trunk_link", 60.0),
        ("primary", 50.0),
        ("secondary", 40.0),
        ("tertiary", 30.0),
        ("residential", 20.0),
        (None, 20.0),
        ("footway", None),
        ("track", None),
        ("construction", None),
    ]
    tags = {i: {"highway": way} for i, (way, _) in enumerate(ways)}
    tags[len(ways)] = {"highway": "service", "access": "private"}
    tags[len(ways) + 1] = {"route": "ferry"}
    lines = lines_of(LINE, [[0, 1]] * len(tags), tags)
    cost = drive_cost(lines, Parameters())
    assert cost.used.tolist() == [kmh is not None for _, kmh in ways] + [False, False]
    walk = 10 / 9 * 3.6  # km/h: a metre at 20 km/h costs a fifth of one walked
    assert cost.forward[:7] == pytest.approx([walk / kmh for _, kmh in ways[:7]])
    assert np.isinf(cost.back[0])  # motorways run one way, drawn forward
    assert cost.back[1:7] == pytest.approx(cost.forward[1:7])
    assert cost.open[:7].tolist() == [False] + [True] * 6


def test_one_way_streets_are_driven_one_way(lines_of):
    # a square of 1 km sides, one way round: 0 → 1 → 2 → 3 → 0; the last is drawn backwards
    xy = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
    tags = {0: {"highway": "tertiary", "oneway": "yes"}, 1: {"highway": "tertiary", "oneway": "-1"}}
    lines = lines_of(xy, [[0, 1, 2], [0, 3, 2]], tags)
    parameters = Parameters()
    network = build_network(lines, drive_cost(lines, parameters))
    spots = np.array([[500.0, 0.0], [1000.0, 500.0], [0.0, 500.0]])
    places = snap(network, spots, 10.0)
    i, j, cost = travel.pairs(network, places, places, 1e6)
    minutes = cost / (60 * parameters.walk_speed_m_s)
    at_30 = 2.0  # minutes a kilometre
    km = np.array([[0, 1, 3], [3, 0, 2], [1, 2, 0]])
    assert (i.tolist(), j.tolist()) == ([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3)
    assert minutes.reshape(3, 3) == pytest.approx(km * at_30)
    nearest, who = travel.nearest(network, places.take([1]), places.take([0, 2]), 1e6)
    assert nearest / (60 * parameters.walk_speed_m_s) == pytest.approx([2 * at_30])
    assert who.tolist() == [1]
    assert network.component_length_m.tolist() == [4000.0]
    # on foot nobody minds
    on_foot = build_network(lines)
    places = snap(on_foot, spots, 10.0)
    assert travel.pairs(on_foot, places, places, 1e6)[2].reshape(3, 3) == pytest.approx(
        1000.0 * np.array([[0, 1, 1], [1, 0, 2], [1, 2, 0]])
    )
