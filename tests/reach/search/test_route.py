"""The course of a walk: by hand, and as long as its travel cost on random streets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.profiles import drive_cost, walk_cost
from lifecircle.reach.search import travel
from lifecircle.reach.search.route import Wayfinder, route
from lifecircle.reach.search.snapping import snap, standing


def place(network, *xy):
    return snap(network, np.array([xy], dtype=float), 1e9).take([0])  # on the nearest street


def test_over_the_one_bridge(lines_of):
    xy = [(0, 0), (900, 0), (1000, 0), (0, 50), (900, 50), (1000, 50)]
    lines = lines_of(xy, [[0, 1, 2], [3, 4, 5], [1, 4]], {2: {"highway": "steps"}})
    network = build_network(lines, walk_cost(lines, Parameters().having(steps_factor=2.0)))
    way = route(network, place(network, 0, 60), place(network, 100, -10))
    assert way.geometry.wkt == "LINESTRING (0 50, 900 50, 900 0, 100 0)"
    assert way.cost_m == 10 + 900 + 2 * 50 + 800 + 10
    assert (way.length_m, way.steps_m, way.ferry_m) == (900 + 50 + 800, 50, 0)
    assert network.node_xy[way.nodes].tolist() == [[900, 50], [900, 0]]
    assert network.edge_way[way.edges].tolist() == [1, 2, 0]
    assert route(network, place(network, 0, 60), place(network, 100, -10), limit_m=1819) is None
    # without the bridge there is no way
    cut = build_network(lines_of(xy, [[0, 1, 2], [3, 4, 5]]))
    assert route(cut, place(cut, 0, 60), place(cut, 100, -10)) is None


def test_along_one_edge_and_on_the_spot(lines_of):
    network = build_network(lines_of([(0, 0), (50, 0), (50, 50)], [[0, 1, 2]]))
    way = route(network, place(network, 50, 20), place(network, 10, 0))
    assert way.geometry.wkt == "LINESTRING (50 20, 50 0, 10 0)"
    assert (way.cost_m, way.length_m, len(way.nodes), len(way.edges)) == (60, 60, 0, 1)
    still = route(network, place(network, 10, 3), place(network, 10, -4))
    assert (still.cost_m, still.length_m) == (7, 0)
    nowhere = snap(network, np.array([[np.nan, 0.0]]), 5.0)
    assert route(network, nowhere, place(network, 10, 0)) is None
    with pytest.raises(ValueError, match="one place"):
        route(network, nowhere.take([]), nowhere)


def test_round_a_loop_and_by_the_shorter_of_two(lines_of):
    loop = build_network(lines_of([(0, 0), (30, 0), (30, 30), (0, 30)], [[0, 1, 2, 3, 0]]))
    way = route(loop, place(loop, 10, 0), place(loop, 0, 10))
    assert shapely.normalize(way.geometry).equals(
        shapely.normalize(shapely.LineString([(10, 0), (0, 0), (0, 10)]))
    )
    assert way.length_m == 20
    # a bow and its chord: to the far side of the bow by the chord
    bow = build_network(lines_of([(0, 0), (5, 100), (10, 0)], [[0, 1, 2], [0, 2]]))
    way = route(bow, place(bow, 1, 20), place(bow, 9, 20))
    assert way.geometry.wkt == "LINESTRING (1 20, 0 0, 10 0, 9 20)"


def test_ferries_and_one_way_streets(lines_of):
    xy = [(0, 0), (500, 0), (0, 300), (500, 300)]
    tags = {2: {"route": "ferry", "duration": "3"}}
    network = build_network(lines_of(xy, [[0, 1], [2, 3], [0, 2]], tags))
    way = route(network, place(network, 100, 0), place(network, 100, 300))
    assert (way.cost_m, way.ferry_m) == (pytest.approx(100 + 200 + 100), 300)
    # round the block by car, as the short side is one-way against us
    oneway = {i: {"highway": "tertiary", "oneway": "yes"} for i in range(4)}
    lines = lines_of(xy, [[0, 1], [1, 3], [3, 2], [2, 0]], oneway)
    by_car = build_network(lines, drive_cost(lines, Parameters()))
    way = route(by_car, place(by_car, 200, 0), place(by_car, 100, 0))
    assert way.length_m == 300 + 300 + 500 + 300 + 100
    assert way.geometry.coords[1] == (500, 0)


@given(st.integers(0, 2**32 - 1))
@settings(settings.get_profile("costly"))
def test_a_route_is_as_long_as_its_travel_cost(lines_of, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 10))
    ways = [rng.integers(0, n, rng.integers(2, 6)).tolist() for _ in range(rng.integers(1, 7))]
    ways = [w for w in ways if len(set(w)) > 1] or [[0, 1]]
    oneway = ["yes", "-1", None]
    tags = {i: {"highway": "residential", "oneway": oneway[i % 3]} for i in range(len(ways))}
    lines = lines_of(rng.uniform(0, 1000, (n, 2)), ways, tags)
    for on_foot, cost in enumerate(
        (drive_cost(lines, Parameters()), walk_cost(lines, Parameters()))
    ):
        network = build_network(lines, cost)
        a, b = (snap(network, rng.uniform(0, 1000, (3, 2)), 1e9).take([0, 1, 2]) for _ in "ab")
        i, j, expected = travel.pairs(network, a, b, 1e9)
        known = dict(zip(zip(i.tolist(), j.tolist(), strict=True), expected, strict=True))
        for d, s in itertools.product(range(3), range(3)):
            way = route(network, a.take([d]), b.take([s]))
            assert (way is None) == ((d, s) not in known)
            if way is None:
                continue
            assert way.cost_m == pytest.approx(known[d, s], abs=1e-6)
            assert way.geometry.length == pytest.approx(way.length_m, abs=1e-6)
            if on_foot:
                legs = a.access_m[d] + b.access_m[s]
                assert way.cost_m == pytest.approx(legs + way.length_m, abs=1e-6)
            ends = standing(network, a)[d], standing(network, b)[s]
            course = shapely.get_coordinates(way.geometry)
            assert np.abs(course[[0, -1]] - ends).max() <= 1e-6


@given(st.integers(0, 2**32 - 1))
@settings(settings.get_profile("costly"))
def test_a_bounded_search_finds_the_way_of_the_whole_network(lines_of, seed):
    """A limit cuts the network down to what walks can touch; ferries are cheaper than they look."""
    rng = np.random.default_rng(seed)
    n = 14
    ways = [[i, (i + 1) % n] for i in range(n)] + rng.integers(0, n, (8, 2)).tolist()
    ways = [way for way in ways if way[0] != way[1]]
    tags = {0: {"route": "ferry", "duration": "1"}, 1: {"highway": "steps"}}
    lines = lines_of(rng.uniform(0, 3000, (n, 2)), ways, tags)
    network = build_network(lines, walk_cost(lines, Parameters()))
    finder = Wayfinder(network)
    places = snap(network, rng.uniform(0, 3000, (6, 2)), 1e9)
    for d, s in itertools.permutations(range(6), 2):
        whole = route(network, places.take([d]), places.take([s]))
        if whole is None:
            assert finder.route(places.take([d]), places.take([s]), limit_m=500) is None
            continue
        near = finder.route(places.take([d]), places.take([s]), limit_m=whole.cost_m)
        assert near.cost_m == whole.cost_m
        assert near.edges.tolist() == whole.edges.tolist()
        assert near.geometry.equals(whole.geometry)
        below = finder.route(places.take([d]), places.take([s]), limit_m=whole.cost_m - 1e-3)
        assert below is None


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_ways_to_the_nearest_are_those_sought_one_by_one(lines_of, seed):
    """On a grid, where most ways have an equal, places stand on junctions and one-ways turn one."""
    rng = np.random.default_rng(seed)
    xy = [(100.0 * x, 100.0 * y) for x in range(4) for y in range(4)]
    pairs = [(i, j) for i, j in itertools.combinations(range(16), 2)]
    near = [(i, j) for i, j in pairs if np.hypot(*np.subtract(xy[i], xy[j])) == 100]
    ways = [list(near[i]) for i in rng.permutation(len(near))[: rng.integers(8, 24)]]
    tags = {0: {"highway": "steps"}, 1: {"route": "ferry", "duration": "1"}}
    tags |= {i: {"highway": "footway", "oneway:foot": "yes"} for i in (2, 3)}
    lines = lines_of(xy, [*ways, [0, 5, 15], [2, 2, 7, 2]], tags)
    network = build_network(lines, walk_cost(lines, Parameters()))
    finder = Wayfinder(network)
    spots = np.where(
        rng.random((9, 1)) < 0.5, rng.integers(0, 4, (9, 2)), rng.uniform(0, 3, (9, 2))
    )
    places = snap(network, 100.0 * spots, 1e9)
    demand, supply = places.take(np.arange(len(places)) % 2 == 0), places.take([1, 3, 5])
    limit = float(rng.choice([150.0, 1e9]))
    cost, which = travel.nearest(network, demand, supply, limit)
    for row, way in enumerate(finder.to_nearest(demand, supply, limit_m=limit)):
        assert (way is None) == (which[row] < 0)
        if way is None:
            continue
        alone = route(network, demand.take([row]), supply.take([which[row]]))
        assert way.cost_m == pytest.approx(cost[row]) == pytest.approx(alone.cost_m)
        # two ways of one length may differ in their nodes; neither comes to one twice
        assert len(set(way.nodes.tolist())) == len(way.nodes)
        assert way.length_m == pytest.approx(way.geometry.length)
        course = shapely.get_coordinates(way.geometry)
        ends = standing(network, demand.take([row])), standing(network, supply.take([which[row]]))
        assert np.abs(course[[0, -1]] - np.concatenate(ends)).max() <= 1e-6
        if len(way.nodes):
            walked = network.edge_cost_m[way.edges[1:-1]]
            back = network.edge_back_m[way.edges[1:-1]]
            forward = network.edge_u[way.edges[1:-1]] == way.nodes[:-1]
            assert np.isfinite(np.where(forward, walked, back)).all()


def test_ways_to_the_nearest_by_hand(lines_of):
    """A street of 300 m with a bend; one place at either end, three who walk."""
    network = build_network(lines_of([(0, 0), (100, 0), (100, 200)], [[0, 1], [1, 2]]))
    demand = snap(network, np.array([(30.0, 5.0), (100.0, 90.0), (np.nan, 0.0)]), 10.0)
    supply = snap(network, np.array([(0.0, 1.0), (100.0, 200.0)]), 10.0)
    first, second, nobody = Wayfinder(network).to_nearest(demand, supply, limit_m=111.0)
    assert (first.cost_m, first.geometry.wkt) == (5 + 30 + 1, "LINESTRING (30 0, 0 0)")
    assert (second.cost_m, second.geometry.wkt) == (110, "LINESTRING (100 90, 100 200)")
    assert nobody is None
    assert Wayfinder(network).to_nearest(demand, supply, limit_m=35.9)[0] is None
    by_bend = Wayfinder(network).to_nearest(demand, supply.take([0]), limit_m=1e3)[1]
    assert by_bend.geometry.wkt == "LINESTRING (100 90, 100 0, 0 0)"
    assert network.node_xy[by_bend.nodes].tolist() == [[100, 0]]
    assert (by_bend.cost_m, by_bend.length_m) == (90 + 100 + 1, 190)
