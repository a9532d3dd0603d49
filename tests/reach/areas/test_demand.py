from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, box

from lifecircle.reach.areas.demand import demand_points, lattice, positions


def test_lattice_passes_through_the_origin_and_adapts_its_spacing():
    # 600 × 600 m and 36 points: a point each 100 m, at whole hundreds, none on the outline
    xy, of = lattice(np.array([box(10, 10, 610, 610), box(40, 20, 640, 620)]), 36)
    for row in (0, 1):
        assert sorted(map(tuple, xy[of == row])) == [
            (x, y) for x in range(100, 700, 100) for y in range(100, 700, 100)
        ]
    # 60 × 15 m: sqrt(900 / 36) = 5 m
    small, _ = lattice(np.array([box(0.5, 0.5, 60.5, 15.5)]), 36)
    assert len(small) == 12 * 3
    assert not (small % 5).any()


def test_lattice_of_islands_far_apart_is_small_and_leaves_holes():
    far = MultiPolygon([box(0, 0, 30, 30), box(1e6, 1e6, 1e6 + 30, 1e6 + 30)])
    xy, _ = lattice(np.array([far]), 36)
    assert 25 <= len(xy) <= 49
    ring = box(0, 0, 100, 100).difference(box(20, 20, 80, 80))
    xy, _ = lattice(np.array([ring]), 36)
    assert shapely.contains_xy(ring, xy).all()
    assert len(lattice(np.array([Point(1, 1), None, box(0, 0, 0.2, 0.2)]), 36)[0]) == 0
    assert len(lattice(np.array([], dtype=object), 36)[0]) == 0


def test_lattices_laid_in_portions_are_those_laid_at_once(monkeypatch):
    """Squares of 100 m with a point each 10 m: 9 by 9 inside, 11 by 11 in the box."""
    monkeypatch.setattr("lifecircle.reach.areas.demand._AT_ONCE", 200)
    squares = np.array([box(x, 0, x + 100, 100) for x in range(0, 5_000, 1_000)])
    xy, of = lattice(squares, 100)
    tens = np.arange(10, 100, 10)
    expected = [(x, y) for y in tens for x in tens]
    for row in range(5):
        assert (xy[of == row] - [1_000 * row, 0]).tolist() == [list(one) for one in expected]
    assert (np.diff(of) >= 0).all()


def test_about_as_many_points_as_asked_for():
    rng = np.random.default_rng(7)
    hulls = [shapely.MultiPoint(rng.uniform(0, 900, (12, 2))).convex_hull for _ in range(50)]
    count = np.bincount(lattice(np.array(hulls), 36)[1])
    assert count.min() >= 28
    assert count.max() <= 44


def test_points_of_an_area_stand_together_representative_first(layer_of):
    areas = layer_of("residential", [box(0, 0, 60, 60), None, Point(500, 500)])
    demand = demand_points(areas, 36)
    assert demand.representative.tolist() == [0, -1, len(demand) - 1]
    assert (np.diff(demand.point_area) >= 0).all()
    assert set(demand.point_area) == {0, 2}
    assert tuple(demand.point_xy[0]) == (30.0, 30.0)
    assert np.bincount(demand.point_area, weights=demand.point_weight)[[0, 2]] == pytest.approx(1)
    assert np.ptp(demand.point_weight[demand.point_area == 0]) == 0
    assert np.array_equal(demand.origin_xy, demand.point_xy)
    assert not demand.start_lead_m.any()


def test_demand_does_not_depend_on_the_order_of_rows(layer_of):
    shapes = [box(0, 0, 70, 40), Point(9, 9), box(100, 3, 190, 90), box(7, 200, 9, 260)]
    one = demand_points(layer_of("residential", shapes), 20)
    two = demand_points(layer_of("residential", shapes[::-1]), 20)
    for row in range(4):
        assert np.array_equal(
            one.point_xy[one.point_area == row], two.point_xy[two.point_area == 3 - row]
        )


def test_buildings_weigh_by_dwellings_else_by_floor_area(layer_of):
    areas = layer_of("residential", [box(0, 0, 100, 100), box(200, 0, 300, 100), Point(0, 500)])
    buildings = layer_of(
        "buildings",
        [
            box(10, 10, 20, 20),
            box(40, 10, 60, 20),
            box(210, 10, 220, 20),  # 100 m² × 6
            box(240, 10, 260, 20),  # 200 m² × the median, 6
            box(5, 505, 9, 509),  # named: stands in no polygon
            box(900, 900, 910, 910),  # nobody's
            None,
        ],
        residential=[None, None, None, "R1", "R2", None, "R0"],
        dwellings=[30.0, 10.0, 8.0, None, None, 5.0, 7.0],
        floors=[None, None, 6.0, None, None, 1.0, None],
    )
    demand = demand_points(areas, 36, buildings=buildings)
    weight = [demand.point_weight[demand.point_area == a].tolist() for a in range(3)]
    assert weight == [[0.0, 0.75, 0.25], pytest.approx([0, 1 / 3, 2 / 3]), [0.0, 1.0]]
    assert tuple(demand.point_xy[1]) == (15.0, 15.0)
    # buildings without a figure count alike
    points = layer_of("buildings", [Point(1, 1), Point(2, 2)])
    demand = demand_points(areas, 36, buildings=points)
    assert demand.point_weight[demand.point_area == 0].tolist() == [0.0, 0.5, 0.5]


def test_an_area_with_gates_is_left_by_one_of_them(layer_of):
    areas = layer_of("residential", [Point(0, 0), Point(100, 0), Point(200, 0)])
    gates = layer_of(
        "gates",
        [Point(106, 8), Point(5, 5), Point(100, 30), None, Point(7, 7)],
        residential=["R1", "elsewhere", "R1", "R0", None],
    )
    demand = demand_points(areas, 36, gates=gates)
    assert demand.start_point.tolist() == [0, 1, 1, 2]
    ends = demand.origin_xy[demand.start_origin]
    assert ends.tolist() == [[0, 0], [100, 30], [106, 8], [200, 0]]
    assert demand.start_lead_m.tolist() == [0.0, 30.0, 10.0, 0.0]


def test_no_areas(layer_of):
    demand = demand_points(layer_of("residential", []), 36)
    assert len(demand) == 0
    assert demand.origin_xy.shape == (0, 2)


def test_positions_lie_on_the_surface(layer_of):
    horseshoe = box(0, 0, 100, 100).difference(box(10, 10, 90, 100))
    xy = positions(layer_of("residential", [horseshoe, Point(3, 4), None]))
    assert horseshoe.contains(Point(xy[0]))
    assert xy[1].tolist() == [3.0, 4.0]
    assert np.isnan(xy[2]).all()
