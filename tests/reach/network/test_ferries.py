from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.network.graph import build_network, without_ferries
from lifecircle.reach.network.islands import islands
from lifecircle.reach.network.profiles import walk_cost
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import nearest

XY = [(0, 0), (5000, 0), (0, 1000), (3000, 1000), (0, 30), (0, 901), (9000, 9000), (9000, 9900)]
BANKS = [[0, 1], [2, 3]]
FERRY = {"route": "ferry", "duration": "6"}


def test_a_pier_that_is_not_drawn_is_walked_to(lines_of):
    # 30 m from the southern street and 99 m from the northern: both within 100 m
    network = build_network(lines_of(XY, [*BANKS, [4, 5]], {2: FERRY}))
    assert network.component_length_m.tolist() == [8000 + 30 + 99]
    assert network.edge_ferry.sum() == 1
    assert network.edge_way[network.edge_ferry].tolist() == [2]
    assert network.edge_open.sum() == 2
    here = snap(network, np.array([[0.0, 1000.0]]), 5.0)
    there = snap(network, np.array([[0.0, 0.0]]), 5.0)
    cost, _ = nearest(network, here, there, 3000.0)
    assert cost == pytest.approx([99 + 6 * 60 * 10 / 9 + 30])
    assert np.isinf(nearest(without_ferries(network), here, there, 3000.0)[0]).all()
    # nobody stands on a ferry: the point beside it goes to the street
    aboard = snap(network, np.array([[1.0, 450.0]]), 600.0)
    assert aboard.access_m.tolist() == [450.0]


def test_a_ferry_that_lands_nowhere_is_left_out(lines_of):
    far = [*XY[:4], (0, 101), (0, 899)]
    for ways, tags in (
        ([*BANKS, [4, 5]], {2: FERRY}),  # both ends more than 100 m from a street
        ([*BANKS, [0, 2]], {2: FERRY | {"foot": "no"}}),
        (BANKS, {}),
    ):
        network = build_network(lines_of(far, ways, tags))
        assert network.component_length_m.tolist() == [5000, 3000]
        assert not network.edge_ferry.any()
    # of two ferries only the one that can be boarded
    network = build_network(lines_of(XY, [*BANKS, [0, 2], [6, 7]], {2: FERRY, 3: FERRY}))
    assert network.edge_ferry.sum() == 1


def test_a_ferry_of_several_ways_is_one_crossing(lines_of):
    network = build_network(lines_of(XY, [*BANKS, [0, 4], [4, 2]], {2: FERRY, 3: FERRY}))
    here = snap(network, np.array([[0.0, 1000.0]]), 5.0)
    there = snap(network, np.array([[0.0, 0.0]]), 5.0)
    assert nearest(network, here, there, 3000.0)[0] == pytest.approx([2 * 6 * 60 * 10 / 9])


def test_islands_are_what_water_parts_from_the_main_network(lines_of):
    xy = [(0, 0), (5000, 0), (0, 1000), (3000, 1000), (0, -400), (70, -400)]
    network = build_network(lines_of(xy, [[0, 1], [2, 3], [4, 5]]))

    def line(kind, y):
        return gpd.GeoDataFrame(
            {"barrier": [kind], "name": [None]},
            geometry=[LineString([(-100, y), (6000, y)])],
            crs="EPSG:4548",
        )

    assert islands(network, line("river", 500)).tolist() == [False, True, False]
    assert islands(network, line("river", -100)).tolist() == [False, False, True]
    assert not islands(network, line("railway", 500)).any()
    assert not islands(network, None).any()


def test_whoever_crosses_waits_once(lines_of):
    # 6 minutes on the water and 10 of waiting at 4 km/h, on a crossing of one way and of two
    wait = Parameters().having(ferry_wait_min=10.0)
    whole = lines_of(XY, [*BANKS, [0, 2]], {2: FERRY})
    halves = lines_of(XY, [*BANKS, [0, 4], [4, 2]], {2: FERRY, 3: FERRY})
    for lines, sailing in ((whole, 6), (halves, 2 * 6)):
        network = build_network(lines, walk_cost(lines, wait))
        here = snap(network, np.array([[0.0, 1000.0]]), 5.0)
        there = snap(network, np.array([[0.0, 0.0]]), 5.0)
        for ends in ((here, there), (there, here)):
            cost, _ = nearest(network, *ends, 3000.0)
            assert cost == pytest.approx([(sailing + 10) * 60 * 10 / 9])


def test_two_ferries_are_waited_for_twice(lines_of):
    # over the water to an island, 100 m along its shore, and over the water again
    xy = [(0, 0), (1000, 0), (0, 1000), (100, 1000), (100, 2000), (1000, 2000)]
    ways = [[0, 1], [2, 3], [4, 5], [0, 2], [3, 4]]
    lines = lines_of(xy, ways, {3: FERRY, 4: FERRY})
    network = build_network(lines, walk_cost(lines, Parameters().having(ferry_wait_min=10.0)))
    here = snap(network, np.array([[0.0, 0.0]]), 5.0)
    there = snap(network, np.array([[100.0, 2000.0]]), 5.0)
    cost, _ = nearest(network, here, there, 9000.0)
    assert cost == pytest.approx([100 + 2 * (6 + 10) * 60 * 10 / 9])
