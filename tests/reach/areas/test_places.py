"""The point that stands for an area (A14): worked out by hand, and the same in every zone."""

from __future__ import annotations

import os

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from lifecircle.model.inputs.places import representative_points

HERE, NEXT, MERCATOR = "EPSG:4548", "EPSG:4547", "EPSG:32650"  # 117°, 114°, UTM 50
ORIGIN = (500_000.0, 3_880_000.0)


def point_of(shape, crs=HERE):
    found = representative_points(np.array([shapely.affinity.translate(shape, *ORIGIN)]), crs)
    return (found[0] - ORIGIN).tolist()


def comb():
    """U: two legs of 100 × 500 m, 300 m apart, on a base 200 m high; its middle is in the gap."""
    return shapely.union_all(
        [shapely.box(0, 0, 500, 200), shapely.box(0, 0, 100, 700), shapely.box(400, 0, 500, 700)]
    )


def test_a_surface_stands_at_its_centroid_where_that_is_inside():
    assert point_of(shapely.box(0, 0, 60, 40)) == pytest.approx([30, 20], abs=1e-6)
    # L of two boxes, 200 × 100 and 100 × 100: (20000·100 + 10000·50) / 30000, and 50 and 150
    bent = shapely.union_all([shapely.box(0, 0, 200, 100), shapely.box(0, 100, 100, 200)])
    assert point_of(bent) == pytest.approx([250 / 3, 250 / 3], abs=1e-6)


def test_else_at_the_place_farthest_from_the_outline_nearest_to_its_middle():
    # Three sides of a frame 1000 m wide: its middle is in the open. The bars are 200 m, but a
    # corner is wider: as far from the outer sides as from the inner corner, r = √2 (200 − r).
    frame = shapely.box(0, 0, 1000, 900).difference(shapely.box(200, 200, 800, 900))
    assert not shapely.intersects(frame, shapely.centroid(frame))
    r = 200 * 2**0.5 / (1 + 2**0.5)
    x, y = point_of(frame)
    assert [min(x, 1000 - x), y] == pytest.approx([r, r], abs=0.05)
    # One lobe of a pair is larger: 300 m square against 200 m, joined by a strip round the hole.
    pair = shapely.union_all(
        [shapely.box(0, 0, 300, 300), shapely.box(900, 0, 1100, 200), shapely.box(0, -20, 1100, 0)]
    )
    pair = shapely.union_all([pair, shapely.box(1090, 0, 1100, 900)])
    assert not shapely.intersects(pair, shapely.centroid(pair))
    # the square and the strip below it: 320 high, 300 wide at its top, so r = 150 at x = 150,
    # anywhere from y = 130 to 150, whichever is nearer to the middle
    x, y = point_of(pair)
    assert x == pytest.approx(150, abs=0.05)
    assert 129.95 <= y <= 150.05


def test_of_several_places_alike_the_one_nearest_to_the_middle():
    # a ring whose hole stands off its middle
    ring = shapely.Point(0, 0).buffer(300, 256).difference(shapely.Point(40, 0).buffer(200, 256))
    # widest in the west: from -300 to -160, so the middle of that, 70 m from either side
    assert point_of(ring) == pytest.approx([-230, 0], abs=1.5)  # the bar narrows slowly


def test_points_lines_and_nothing():
    shapes = np.array(
        [
            shapely.Point(3.25, 4.5),
            None,
            shapely.LineString([(0, 0), (30, 0), (30, 10)]),
            shapely.MultiPoint([(1, 2), (5, 2)]),
            shapely.Polygon([(0, 0), (10, 0), (5, 0)]),  # no surface at all
        ],
        dtype=object,
    )
    found = representative_points(shapes, HERE)
    assert found[0].tolist() == [3.25, 4.5]
    assert np.isnan(found[1]).all()
    assert found[2].tolist() == pytest.approx([20, 0])  # 40 m long
    assert tuple(found[3]) in {(1, 2), (5, 2)}
    assert np.isfinite(found[4]).all()
    assert representative_points(np.array([], dtype=object), HERE).shape == (0, 2)


def test_a_centroid_on_the_outline_is_not_inside():
    # Two boxes that share a corner: their middle is that corner, in any drawing.
    pair = shapely.MultiPolygon([shapely.box(0, 0, 100, 80), shapely.box(100, 80, 200, 160)])
    x, y = point_of(pair)
    assert min(abs(y - 40), abs(y - 120)) == pytest.approx(0, abs=0.05)
    assert shapely.distance(shapely.boundary(pair), shapely.Point(x, y)) >= 40 - 0.05


def _some_shapes():
    rng = np.random.default_rng(20251231)
    for number in range(120 if os.environ.get("LARGE") else 18):
        at = np.array([500_000 + rng.uniform(-1.3e5, 1.3e5), 3.9e6 + rng.uniform(-2e5, 2e5)])
        size = rng.choice([60, 300, 1500])
        turn = np.sort(rng.uniform(0, 2 * np.pi, 11))
        away = rng.uniform(0.1, 1.0, 11)
        star = np.column_stack([np.cos(turn), np.sin(turn)]) * away[:, None] * size + at
        moon = shapely.Point(at).buffer(size, 8)
        moon = moon.difference(shapely.affinity.translate(moon, size * 0.3, rng.uniform(-9, 9)))
        town = shapely.affinity.rotate(shapely.affinity.translate(comb(), *at), rng.uniform(0, 90))
        yield shapely.make_valid(shapely.Polygon(star)) if number % 3 else town
        yield moon


@pytest.fixture(scope="module")
def placed():
    """Shapes by chance, and a point of each."""
    shapes = np.array(list(_some_shapes()), dtype=object)
    return shapes, representative_points(shapes, HERE)


@pytest.mark.parametrize("other", [NEXT, MERCATOR])
def test_another_zone_or_projection_has_the_same_point_to_the_centimetre(placed, other):
    turn = Transformer.from_crs(HERE, other, always_xy=True)

    def drawn(xy):
        return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))

    shapes, here = placed
    there = representative_points(np.array([shapely.transform(s, drawn) for s in shapes]), other)
    assert np.hypot(*(drawn(here) - there).T).max() < 0.01
    assert shapely.intersects(shapes, shapely.points(here)).all()
    # what was taken before moves by hundreds of metres
    before = shapely.get_coordinates(shapely.point_on_surface(shapes))
    after = [shapely.point_on_surface(shapely.transform(s, drawn)) for s in shapes]
    assert np.hypot(*(drawn(before) - shapely.get_coordinates(after)).T).max() > 100


@pytest.mark.parametrize("east_m", [0, 120_000])
def test_a_surface_of_thirty_kilometres_has_the_same_middle_in_the_next_zone(east_m):
    """A town's territory: its centroid on a drawing moves with the zone, on the ground it is one.

    Two boxes of 30 × 20 and 10 × 10 km; drawn fine: a long side is straight on one alone.
    """
    turn = Transformer.from_crs(HERE, NEXT, always_xy=True)

    def drawn(xy):
        return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))

    bent = shapely.union_all(
        [shapely.box(0, 0, 30_000, 20_000), shapely.box(0, 20_000, 10_000, 30_000)]
    )
    town = shapely.segmentize(shapely.affinity.translate(bent, 500_000 + east_m, 3.88e6), 50)
    here = representative_points(np.array([town]), HERE)
    there = representative_points(np.array([shapely.transform(town, drawn)]), NEXT)
    moved = np.hypot(*(drawn(here) - there).T)
    assert moved.max() < 0.01
    flat = shapely.get_coordinates(shapely.centroid(np.array([town])))
    other_flat = shapely.get_coordinates(shapely.centroid(shapely.transform(town, drawn)))
    assert np.hypot(*(drawn(flat) - other_flat).T).max() > 0.05  # what is taken on a drawing
