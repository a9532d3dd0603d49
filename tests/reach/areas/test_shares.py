from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from lifecircle.model.tables import CONTAINMENT_COLUMNS
from lifecircle.reach.areas.shares import circles, containment, nearest_straight, share_within


def star(rng, centre, size):
    """A simple polygon, not convex, around ``centre``."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
    far = rng.uniform(0.3, 1.0, 9) * size
    ring = centre + np.stack([np.cos(angle), np.sin(angle)], 1) * far[:, None]
    return shapely.make_valid(shapely.Polygon(ring))


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 12),
    st.integers(0, 12),
    st.sampled_from([300.0, 1000.0]),
)
@settings(deadline=None, max_examples=60)
def test_share_is_that_of_plain_intersection_and_union(seed, n_areas, n_places, radius):
    rng = np.random.default_rng(seed)
    polygons = np.array(
        [star(rng, rng.uniform(0, 4000, 2), rng.uniform(50, 1500)) for _ in range(n_areas)]
    )
    if n_areas > 2:
        polygons[0] = shapely.union_all(polygons[:2])  # perhaps in several parts
    places = rng.uniform(0, 4000, (n_places, 2))
    if n_places > 1:
        places[0] = places[1]
    blob = shapely.union_all(circles(places, radius))
    plain = shapely.area(shapely.intersection(polygons, blob)) / shapely.area(polygons)
    assert share_within(polygons, places, radius) == pytest.approx(plain, abs=1e-9)


def test_share_of_a_cap_and_of_a_circle_inside():
    # the cap of a circle of 1000 m beyond x = 600: r² acos(d/r) - d √(r² - d²)
    cap = 1e6 * math.acos(0.6) - 600 * 800
    beyond = share_within(np.array([box(600, -1000, 1000, 1000)]), np.zeros((1, 2)), 1000.0)
    assert beyond == pytest.approx([cap / 800_000], rel=1e-4)
    # a circle of 100 m inside a square of 400 m: π / 16
    inside = share_within(np.array([box(-200, -200, 200, 200)]), np.zeros((1, 2)), 100.0)
    assert inside == pytest.approx([math.pi / 16], rel=2e-5)


def test_share_is_whole_where_the_farthest_corner_is_on_the_border():
    # (600, 800) is 1000 m away, as are many others in other directions
    angle = np.linspace(0, 2 * np.pi, 1001)[:-1]
    corner = 1000 * np.stack([np.cos(angle), np.sin(angle)], 1)
    triangles = [shapely.Polygon([(0, 0), tuple(c), (c[0], 0)]) for c in corner[1:249]]
    triangles.append(shapely.Polygon([(0, 0), (600, 800), (600, 0)]))
    share = share_within(np.array(triangles), np.zeros((1, 2)), 1000.0)
    assert share == pytest.approx(np.ones(249), abs=1e-12)


def test_share_of_parts_points_and_nothing():
    twins = MultiPolygon([box(-10, -10, 10, 10), box(5000, 0, 5020, 20)])
    shapes = np.array([twins, Point(0, 0), None, box(3000, 0, 3010, 10)])
    share = share_within(shapes, np.zeros((1, 2)), 1000.0)
    assert share[[0, 3]] == pytest.approx([0.5, 0.0])
    assert np.isnan(share[[1, 2]]).all()
    for nowhere in (np.empty((0, 2)), np.full((1, 2), np.nan)):
        assert share_within(shapes, nowhere, 1000.0)[[0, 3]].tolist() == [0.0, 0.0]
    assert share_within(np.array([], dtype=object), np.zeros((1, 2)), 1.0).shape == (0,)


def test_a_polygon_of_a_quarter_square_metre_has_a_share_too():
    tiny = np.array([box(0, 0, 0.5, 0.5), box(2000, 0, 2000.5, 0.5)])
    assert share_within(tiny, np.zeros((1, 2)), 1000.0).tolist() == [1.0, 0.0]


def test_a_circle_is_drawn_around_the_true_one_by_a_centimetre_at_most():
    (drawn,) = circles(np.array([[500.0, 700.0]]), 1000.0)
    centre, corners = Point(500, 700), shapely.points(shapely.get_coordinates(drawn))
    assert shapely.distance(drawn.exterior, centre) >= 1000.0 - 1e-9
    assert shapely.distance(corners, centre).max() <= 1000.01


def test_share_grows_with_places_and_radius():
    rng = np.random.default_rng(3)
    polygons = np.array([star(rng, rng.uniform(0, 3000, 2), 600) for _ in range(30)])
    places = rng.uniform(0, 3000, (8, 2))
    base = share_within(polygons, places[:5], 500.0)
    assert (share_within(polygons, places, 500.0) >= base - 1e-12).all()
    assert (share_within(polygons, places[:5], 700.0) >= base - 1e-12).all()


def test_nearest_is_brute_force_and_ties_go_to_the_first():
    rng = np.random.default_rng(4)
    xy, places = rng.uniform(0, 100, (200, 2)), rng.uniform(0, 100, (30, 2))
    far, row = nearest_straight(xy, places)
    table = np.hypot(*(xy[:, None] - places[None]).transpose(2, 0, 1))
    assert far == pytest.approx(table.min(axis=1), abs=1e-12)
    assert np.array_equal(row, table.argmin(axis=1))
    square = np.array([[np.nan, 0], [3, 4], [-5, 0], [0, 5], [3, 4]])
    assert nearest_straight(np.zeros((1, 2)), square)[1].tolist() == [1]


def test_nearest_of_unknown_places():
    far, row = nearest_straight(np.array([[np.nan, np.nan], [0, 0]]), np.array([[3.0, 4.0]]))
    assert far.tolist() == [np.inf, 5.0]
    assert row.tolist() == [-1, 0]
    far, row = nearest_straight(np.zeros((2, 2)), np.empty((0, 2)))
    assert far.tolist() == [np.inf, np.inf]
    assert row.tolist() == [-1, -1]


def test_containment_by_hand(layer_of):
    areas = layer_of("residential", [box(0, 0, 100, 100), Point(200, 50), None])
    facilities = layer_of(
        "facilities",
        [Point(50, 50), Point(150, 50), Point(100, 90), None, Point(150.001, 50)],
    )
    found = containment(areas, facilities, 50.0)
    assert tuple(found.columns) == CONTAINMENT_COLUMNS
    assert found.to_numpy().tolist() == [
        ["F0", "R0", 0.0, 0.0],
        ["F1", "R0", 50.0, 100.0],
        ["F1", "R1", 50.0, 50.0],
        ["F2", "R0", 0.0, pytest.approx(math.hypot(50, 40))],
        ["F4", "R1", pytest.approx(49.999), pytest.approx(49.999)],
    ]
    empty = containment(layer_of("residential", []), layer_of("facilities", []), 50.0)
    assert tuple(empty.columns) == CONTAINMENT_COLUMNS
    assert len(empty) == 0
