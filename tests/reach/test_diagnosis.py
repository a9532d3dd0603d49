from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import LineString

from lifecircle.reach.diagnosis import barrier_between, street_components
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.search.snapping import snap

XY = [(0, 0), (5000, 0), (0, 1000), (3000, 1000), (0, 2000), (70, 2000), (40, 1000)]
WAYS = [[0, 1], [2, 6, 3], [4, 5], [6, 0]]


def test_parts_cut_off_are_told_with_what_stands_on_them(lines_of):
    network = build_network(lines_of(XY, WAYS[:3]))
    areas = snap(network, np.array([[10.0, 1990], [20, 2010], [5, 5], [9000, 0]]), 50.0)
    facilities = snap(network, np.array([[2000.0, 1000.0]]), 50.0)
    table = street_components(network, areas, facilities, short_fragment_m=2000.0)
    assert tuple(table.columns) == ("kind", "length_m", "areas", "facilities", "geometry")
    assert table.drop(columns="geometry").to_numpy().tolist() == [
        ["part", 3000.0, 0, 1],
        ["fragment", 70.0, 2, 0],
    ]
    assert table.geometry.length.tolist() == [3000.0, 70.0]
    whole = build_network(lines_of(XY[:2], WAYS[:1]))
    assert len(street_components(whole, areas.take([]), facilities, short_fragment_m=2000.0)) == 0


def test_first_barrier_on_the_line_is_named():
    barriers = gpd.GeoDataFrame(
        {"barrier": ["railway", "river", "wall"], "name": ["京九铁路", None, ""]},
        geometry=[LineString([(x, -10), (x, 10)]) for x in (70, 30, 110)],
        crs="EPSG:4548",
    )
    start = np.array([[0.0, 0], [100, 0], [0, 20], [105, 0], [np.nan, 0]])
    end = np.array([[100.0, 0], [0, 0], [100, 20], [120, 0], [5, 5]])
    found = barrier_between(barriers, start, end)
    assert found.tolist() == ["river", "京九铁路", None, "wall", None]
    assert barrier_between(None, start, end).tolist() == [None] * 5
    assert barrier_between(barriers.iloc[:0], start, end).tolist() == [None] * 5
