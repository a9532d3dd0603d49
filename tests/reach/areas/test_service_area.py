from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.reach.areas.service_area import radius_area, reached_streets, walk_area
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import nearest


def test_a_cross_is_reached_equally_far_in_all_directions(lines_of):
    xy = [(0, 0), (500, 0), (-500, 0), (0, 500), (0, -500)]
    network = build_network(lines_of(xy, [[1, 0, 2], [3, 0, 4]]))
    place = snap(network, np.array([[100.0, 20.0]]), 50.0)
    reached = reached_streets(network, place, 320.0)
    # 300 m are left on the street: from -200 to 400 across, 200 up and down
    assert reached.length == pytest.approx(600 + 400)
    assert reached.bounds == pytest.approx((-200, -200, 400, 200))


def test_two_ends_of_one_edge_leave_its_middle_out(lines_of):
    network = build_network(lines_of([(0, 0), (50, 0), (100, 0)], [[0, 1, 2]]))
    ends = snap(network, np.array([[0.0, 0.0], [100.0, 0.0]]), 5.0)
    assert reached_streets(network, ends, 30.0).length == pytest.approx(60)
    assert reached_streets(network, ends, 50.0).length == pytest.approx(100)
    assert len(reached_streets(network, ends, 60.0).geoms) == 1


def test_steps_are_reached_less_far(lines_of, on_foot):
    lines = lines_of([(0, 0), (100, 0)], [[0, 1]])
    network = build_network(lines, on_foot(lines, [2.0]))
    foot = snap(network, np.array([[0.0, 0.0]]), 5.0)
    assert reached_streets(network, foot, 60.0).length == pytest.approx(30)


@given(st.integers(0, 2**32 - 1), st.floats(50, 900))
@settings(deadline=None, max_examples=30)
def test_reached_streets_are_the_places_within_the_cutoff(grid, seed, cutoff):
    rng = np.random.default_rng(seed)
    network = build_network(grid(6, 5, 120.0))
    supply = snap(network, rng.uniform(0, 600, (3, 2)), 500.0)
    on_streets = np.round(rng.uniform(0, 600, (60, 2)))
    on_streets[:30, 0] = 120 * rng.integers(0, 6, 30)
    on_streets[30:, 1] = 120 * rng.integers(0, 5, 30)
    on_streets[:30, 1] = np.minimum(on_streets[:30, 1], 480)
    cost, _ = nearest(network, snap(network, on_streets, 1.0), supply, 5000.0)
    drawn = reached_streets(network, supply, cutoff)
    away = shapely.distance(shapely.points(on_streets), drawn)
    if drawn.is_empty:
        assert (cost >= cutoff - 1e-6).all()
        return
    clear = np.abs(cost - cutoff) > 1e-6
    assert np.array_equal((away < 1e-6)[clear], (cost <= cutoff)[clear])


@given(st.integers(0, 2**32 - 1), st.floats(100, 900))
@settings(deadline=None, max_examples=30)
def test_no_surface_holds_what_is_out_of_reach_by_more_than_the_buffer(grid, seed, cutoff):
    rng = np.random.default_rng(seed)
    network = build_network(grid(6, 5, 120.0))
    supply = snap(network, rng.uniform(0, 600, (4, 2)), 60.0)
    people = rng.uniform(-50, 650, (300, 2))
    streets = reached_streets(network, supply, cutoff)
    area = walk_area(streets)
    assert area.is_empty == streets.is_empty
    away = shapely.distance(shapely.points(people), streets)
    held = shapely.contains_xy(area, people[:, 0], people[:, 1])
    assert (away[held] <= 25.0 + 1e-6).all()
    # the streets themselves lie in it
    assert shapely.intersection(streets, area).length >= streets.length * (1 - 1e-9)


def test_ferries_are_not_drawn(lines_of):
    xy = [(0, 0), (100, 0), (0, 300), (100, 300)]
    tags = {2: {"route": "ferry", "duration": "1"}}
    network = build_network(lines_of(xy, [[0, 1], [2, 3], [0, 2]], tags))
    place = snap(network, np.array([[0.0, 0.0]]), 5.0)
    drawn = reached_streets(network, place, 120.0)
    # 100 m here, and beyond a minute on the water what is left of 120 m
    assert sorted(line.length for line in drawn.geoms) == pytest.approx([120 - 60 * 10 / 9, 100])
    assert drawn.bounds == (0, 0, 100, 300)


def test_surfaces():
    street = shapely.MultiLineString([[(0, 0), (100, 0)], [(100, 0), (100, 100)]])
    surface = walk_area(street)
    assert surface.geom_type == "Polygon"
    assert surface.bounds == pytest.approx((-25, -25, 125, 125))
    assert walk_area(shapely.MultiLineString()).is_empty
    both = radius_area(np.array([[0.0, 0.0], [5000.0, 0.0], [np.nan, np.nan]]), 1000.0)
    assert both.area == pytest.approx(2e6 * math.pi, rel=1e-3)
    assert radius_area(np.empty((0, 2)), 1000.0).is_empty


def test_nothing_is_reached_from_nowhere(grid):
    network = build_network(grid(2, 2, 100.0))
    nobody = snap(network, np.full((1, 2), np.nan), 5.0)
    assert reached_streets(network, nobody, 500.0).is_empty
    far = snap(network, np.array([[-30.0, 0.0]]), 50.0)
    assert reached_streets(network, far, 30.0).is_empty
