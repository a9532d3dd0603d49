from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.reach.network.graph import build_network, edge_lines
from lifecircle.reach.search import rough, snapping
from lifecircle.reach.search.snapping import snap, standing


@pytest.fixture(scope="module")
def bent(lines_of):
    """One street of 30 m with a bend at 10 m, and 100 m further a stub of 4 m."""
    return build_network(
        lines_of([(0, 0), (10, 0), (10, 20), (110, 0), (110, 4)], [[0, 1, 2], [3, 4]])
    )


def test_positions_are_exact_and_measured_along_the_course(bent):
    found = snap(bent, np.array([[4.0, 3.0], [12.0, 5.0], [-3.0, -4.0]]), 5.0)
    along = found.along_m
    if bent.node_xy[bent.edge_u[0], 0] == 10.0:
        along = 30.0 - along
    assert along.tolist() == pytest.approx([4.0, 15.0, 0.0], abs=1e-9)
    assert found.access_m.tolist() == pytest.approx([3.0, 2.0, 5.0], abs=1e-12)
    assert found.component.tolist() == [0, 0, 0]


def test_the_limit_is_inclusive_and_the_nearest_is_told_beyond_it(bent):
    found = snap(bent, np.array([[4.0, -200.0], [4.0, -200.01]]), 200.0)
    assert (found.edge >= 0).tolist() == [True, False]
    assert found.nearest_m.tolist() == pytest.approx([200.0, 200.01])
    assert np.isnan([found.access_m[1], found.along_m[1], found.offset_m[1]]).all()
    assert found.component[1] == -1


def test_beside_a_fragment_there_is_a_position_on_the_main_network_too(bent):
    xy = np.array([[50.0, 0.0], [108.0, 0.0]])  # the other is 2 m from the stub, 98 m from the main
    found = snap(bent, xy, 98.0)
    assert found.place.tolist() == [0, 1, 1]
    assert found.component.tolist() == [0, 1, 0]
    assert found.access_m.tolist() == [40.0, 2.0, 98.0]
    assert found.nearest_m.tolist() == [40.0, 2.0, 2.0]
    assert snap(bent, xy, 97.999).place.tolist() == [0, 1]
    assert found.of(np.array([False, True])).component.tolist() == [1, 0]
    assert len(found.of(np.array([False, False]))) == 0


def test_a_long_part_gives_way_to_no_fragment_and_to_the_main_network(lines_of):
    # 3000 m of main street at y = 0, a part of 2000 m at y = 90, a stray path of 50 m at y = 100
    xy = [(0, 0), (3000, 0), (0, 90), (2000, 90), (1000, 100), (1050, 100)]
    network = build_network(lines_of(xy, [[0, 1], [2, 3], [4, 5]]))
    place = np.array([[1020.0, 101.0], [500.0, 95.0]])
    found = snap(network, place, 150.0, fragment_m=2000.0)
    assert found.place.tolist() == [0, 1, 0, 0, 1]
    assert found.access_m.tolist() == pytest.approx([1.0, 5.0, 11.0, 101.0, 95.0])
    assert found.component.tolist() == [2, 1, 1, 0, 0]
    # were the part a fragment as well, there would be no reason to stand on it
    found = snap(network, place, 150.0, fragment_m=2000.1)
    assert found.access_m.tolist() == pytest.approx([1.0, 5.0, 101.0, 95.0])
    # beyond the limit there is only what is near
    assert snap(network, place, 50.0, fragment_m=2000.0).access_m.tolist() == [1.0, 5.0, 11.0]


def test_of_few_places_cut_off_only_the_streets_near_them_are_asked(lines_of, monkeypatch):
    """12 km along either axis in pieces of 100 m, and stubs of 4 m at 61 m from the main street."""
    main = [(100 * n, 0) for n in range(121)] + [(0, 100 * n) for n in range(1, 121)]
    ways = [[n, n + 1] for n in range(120)] + [[0, 121], *([n, n + 1] for n in range(121, 240))]
    stubs = [(5050, 61), (5054, 61), (9050, -61), (9054, -61)]
    network = build_network(lines_of([*main, *stubs], [*ways, [241, 242], [243, 244]]))
    places = np.array([[5052.0, 62.0], [9052.0, -62.0], [2010.0, 7.0]])
    found = snap(network, places, 62.0)
    assert found.place.tolist() == [0, 1, 2, 0, 1]
    assert found.access_m.tolist() == pytest.approx([1.0, 1.0, 7.0, 62.0, 62.0], abs=1e-9)
    assert len(snap(network, places, 61.999)) == 3
    near = snapping._around(network, shapely.points(places[:2]), 62.0)
    assert len(near) == 4  # each stub, and the piece of the main street that passes it
    monkeypatch.setattr(snapping, "_RARE", np.inf)
    assert len(snapping._around(network, shapely.points(places[:2]), 62.0)) == 242
    asked_all = snap(network, places, 62.0)
    for name in ("edge", "along_m", "access_m", "nearest_m", "place"):
        assert np.array_equal(getattr(found, name), getattr(asked_all, name))


def test_unknown_places_and_empty_networks_have_no_position(bent, lines_of):
    unknown = snap(bent, np.array([[np.nan, np.nan], [1.0, 0.0]]), 10.0)
    assert (unknown.edge >= 0).tolist() == [False, True]
    assert np.isnan(unknown.nearest_m[0])
    nowhere = snap(build_network(lines_of([], [])), np.zeros((2, 2)), 10.0)
    assert nowhere.edge.tolist() == [-1, -1]
    assert np.isnan(nowhere.nearest_m).all()
    assert len(snap(bent, np.empty((0, 2)), 10.0)) == 0


def test_equally_near_streets_are_told_apart_by_place_not_by_order(lines_of):
    xy = [(0, 0), (0, 100), (20, 0), (20, 100), (0, 130), (20, 130)]
    place = np.array([[10.0, 50.0]])
    for ways in (
        [[0, 1, 4, 5, 3, 2]],
        [[2, 3], [1, 0], [3, 5, 4, 1]],
        [[0, 1], [4, 1], [5, 4], [5, 3], [2, 3]],
    ):
        network = build_network(lines_of(xy, ways))
        found = snap(network, place, 50.0)
        u = network.node_xy[network.edge_u[found.edge[0]]]
        # the eastern street is a position too; which comes first is told by the place
        assert found.access_m.tolist() == [10.0, 10.0]
        assert found.place.tolist() == [0, 0]
        assert np.hypot(*np.diff(standing(network, found), axis=0).T) == pytest.approx(20.0)
        # the western street: its southern end is 50 m away
        south_first = tuple(u) == (0.0, 0.0)
        length = network.edge_length_m[found.edge[0]]
        from_south = found.along_m[0] if south_first else length - found.along_m[0]
        ends = {tuple(u), tuple(network.node_xy[network.edge_v[found.edge[0]]])}
        assert (0.0, 0.0) in ends
        assert from_south == pytest.approx(50.0)


def test_streets_that_meet_where_they_are_nearest_are_one_position(lines_of):
    # three arms of a junction, nearest to the place in the junction itself, 5 m off
    arms = lines_of([(0, 0), (100, 0), (0, -100), (-60, -80)], [[0, 1], [0, 2], [0, 3]])
    assert len(snap(build_network(arms), np.array([[-3.0, 4.0]]), 50.0)) == 1
    # a bridge over a street: nothing meets, and both are 0 m away
    over = build_network(lines_of([(-50, 0), (50, 0), (0, -50), (0, 50)], [[0, 1], [2, 3]]))
    found = snap(over, np.array([[0.0, 0.0]]), 50.0)
    assert (sorted(found.edge), found.along_m.tolist()) == ([0, 1], [50.0, 50.0])


def test_offset_is_in_cost_along_is_on_the_ground(lines_of, on_foot):
    lines = lines_of([(0, 0), (100, 0)], [[0, 1]])
    network = build_network(lines, on_foot(lines, [1.5]))
    found = snap(network, np.array([[40.0, 1.0]]), 10.0)
    assert found.offset_m.tolist() == pytest.approx((1.5 * found.along_m).tolist())


def test_a_street_without_length_can_be_snapped_to(lines_of):
    network = build_network(lines_of([(5, 5), (5, 5)], [[0, 1]]))
    found = snap(network, np.array([[5.0, 8.0]]), 10.0)
    assert (found.edge[0], found.along_m[0], found.access_m[0]) == (0, 0.0, 3.0)


@pytest.mark.parametrize("few", [0, 4096])
def test_every_place_is_snapped_as_if_it_were_alone(grid, few, monkeypatch):
    monkeypatch.setattr(rough, "_FEW_POINTS", few)
    network = build_network(grid(20, 20, 97.0))
    rng = np.random.default_rng(11)
    # west and south of the origin, too; so many that the nearest are sought by ends of streets,
    # unless so few ask the streets themselves
    places = rng.uniform(-900, 2700, (160, 2))
    places[[7, 31]] = np.nan
    together = snap(network, places, 300.0)
    lines = edge_lines(network)
    for row, place in enumerate(places):
        alone = snap(network, place[None], 300.0)
        for name in ("edge", "along_m", "offset_m", "access_m", "nearest_m", "component"):
            assert np.array_equal(
                getattr(together, name)[[row]], getattr(alone, name), equal_nan=True
            )
        if np.isfinite(place).all():
            least = shapely.distance(lines, shapely.Point(place)).min()
            assert together.nearest_m[row] == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("few", [0, 4096])
def test_of_straight_and_bent_streets_all_that_are_nearest_may_be(lines_of, few, monkeypatch):
    monkeypatch.setattr(rough, "_FEW_POINTS", few)
    rng = np.random.default_rng(5)
    # on whole metres, so that many places are as near to one street as to another
    corners = rng.integers(0, 200, (400, 2)).astype(float)
    ways, at = [], 0
    while at < len(corners):
        ways.append(list(range(at, min(at + int(rng.integers(2, 5)), len(corners)))))
        at += len(ways[-1])
    network = build_network(lines_of(corners, [way for way in ways if len(way) > 1]))
    lines, among = edge_lines(network), np.arange(len(network.edge_u))
    points = shapely.points(rng.integers(-50, 250, (300, 2)).astype(float))
    point, street = rough.perhaps_nearest(network, points, among, shapely.STRtree(lines))
    found = set(zip(point.tolist(), street.tolist(), strict=True))
    far = shapely.distance(points[:, None], lines)
    nearest = np.argwhere(far <= far.min(axis=1)[:, None] + 1e-6)
    assert {(int(p), int(s)) for p, s in nearest} <= found
    assert len(found) < far.size / 4
    assert (np.diff(point) >= 0).all()
