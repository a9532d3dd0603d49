"""Journeys to hosts: times on foot and by car, over ferries, and why there is none."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import ReasonCode
from lifecircle.reach.journeys import drives, walks

# 20 km of main road in the south, 3 km of side road on the island, a crossing of 6 minutes
XY = [(0, 0), (20_000, 0), (0, 1000), (3000, 1000)]
TAGS = {0: {"highway": "primary"}, 1: {"highway": "residential"}}
FERRY = {"route": "ferry", "duration": "6"}
ISLAND, HOST = np.array([[3000.0, 1000.0]]), np.array([[20_000.0, 0.0]])
WATER = gpd.GeoDataFrame(
    {"barrier": ["river"], "name": ["湖"]},
    geometry=[LineString([(-100, 500), (21_000, 500)])],
    crs="EPSG:4548",
)


def test_a_ferry_is_taken_at_its_own_time(lines_of):
    streets = lines_of(XY, [[0, 1], [2, 3], [0, 2]], {**TAGS, 2: FERRY})
    on_foot = walks(ISLAND, HOST, streets, Parameters())
    # 23 km at 4 km/h is 345 min; the ferry takes 6
    assert on_foot.minutes == pytest.approx(np.array([[345 + 6]]))
    by_car = drives(ISLAND, HOST, streets, Parameters())
    # 3 km at 20 km/h: 9 min; 20 km at 50 km/h: 24
    assert by_car.minutes == pytest.approx(np.array([[9 + 6 + 24]]))
    assert on_foot.by_ferry.all()
    assert by_car.by_ferry.all()
    assert by_car.unknown.tolist() == [[None]]
    waiting = Parameters().having(ferry_wait_min=15.0)  # on foot and by car alike
    assert walks(ISLAND, HOST, streets, waiting).minutes == pytest.approx(
        np.array([[345 + 6 + 15]])
    )
    assert drives(ISLAND, HOST, streets, waiting).minutes == pytest.approx(
        np.array([[9 + 6 + 15 + 24]])
    )
    faster = Parameters().having(drive_primary_kmh=100.0)
    assert drives(ISLAND, HOST, streets, faster).minutes == pytest.approx(np.array([[9 + 6 + 12]]))


def test_an_island_without_its_ferry_is_not_known(lines_of):
    streets = lines_of(XY, [[0, 1], [2, 3]], TAGS, barriers=WATER)
    for times in (walks, drives):
        found = times(ISLAND, HOST, streets, Parameters())
        assert np.isnan(found.minutes).all()
        assert found.unknown[0, 0].code == ReasonCode.ISLAND_WITHOUT_FERRY
        assert not found.by_ferry.any()
    dry = walks(ISLAND, HOST, lines_of(XY, [[0, 1], [2, 3]], TAGS), Parameters())
    assert dry.unknown[0, 0].code == ReasonCode.STREET_FRAGMENT
    assert dry.unknown[0, 0].params == {"fragment_m": 3000.0}


def test_the_shorter_of_a_stray_path_and_the_main_network_is_taken(lines_of):
    # a path of 800 m beside a main network that goes round it, 150 m off at both its ends
    xy = [(0, 0), (0, -1500), (600, -1500), (600, 0), (-3000, -1500), (-100, 150), (700, 150)]
    streets = lines_of(xy, [[0, 1, 2, 3], [1, 4], [5, 6]])
    here, there = np.array([[0.0, 150.0], [0.0, 0.0]]), np.array([[600.0, 150.0]])
    found = walks(here, there, streets, Parameters())
    # 600 m on the path; from the main network 1500 + 600 + 1500 + 150 m; at 10/9 m/s
    assert found.minutes == pytest.approx(np.array([[600.0], [3750.0]]) / (60 * 10 / 9))
    assert found.unknown.tolist() == [[None], [None]]


def test_why_there_is_no_time(lines_of):
    streets = lines_of(XY, [[0, 1], [2, 3], [0, 2]], {**TAGS, 2: FERRY})
    lost = np.array([[np.nan, np.nan], [5000.0, -300.0]])
    found = walks(lost, HOST, streets, Parameters())
    assert [r.code for r in found.unknown[:, 0]] == [
        ReasonCode.POSITION_MISSING,
        ReasonCode.NO_STREET_WITHIN_SNAP,
    ]
    assert found.unknown[1, 0].params == {"snap_limit_m": 200.0, "nearest_m": 300.0}
    for none in (walks(ISLAND, lost, None, Parameters()), drives(ISLAND, lost, None, Parameters())):
        assert [r.code for r in none.unknown[0]] == [ReasonCode.NO_STREETS] * 2
        assert np.isnan(none.minutes).all()


def test_one_way_streets_bind_cars_only(lines_of):
    # out by a one-way road, and no road back
    streets = lines_of(XY[:2], [[0, 1]], {0: {"highway": "primary", "oneway": "yes"}})
    here, there = np.array([[0.0, 0.0]]), np.array([[10_000.0, 0.0]])
    assert drives(here, there, streets, Parameters()).minutes == pytest.approx(np.array([[12.0]]))
    back = drives(there, here, streets, Parameters())
    assert back.unknown[0, 0].code == ReasonCode.NO_WAY
    assert walks(there, here, streets, Parameters()).minutes == pytest.approx(np.array([[150.0]]))
