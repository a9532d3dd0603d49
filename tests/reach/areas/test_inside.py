"""Walks inside one block: straight where the line stays inside, else by the streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.model.inputs.layers import Layer
from lifecircle.reach.areas.demand import demand_points
from lifecircle.reach.areas.inside import inside_walks

CRS = "EPSG:4548"


def areas(*shapes):
    index = pd.Index([f"R{i}" for i in range(len(shapes))], name="id")
    return Layer("residential", gpd.GeoDataFrame(geometry=list(shapes), index=index, crs=CRS))


def walks(layer, *facilities):
    demand = demand_points(layer, 1.0)
    found = inside_walks(layer, demand, np.array(facilities, dtype=float).reshape(-1, 2))
    at = {p: a for a, p in enumerate(demand.representative)}
    return {
        (at[p], f): c
        for p, f, c in zip(found.point, found.facility, found.cost, strict=True)
        if p in at
    }


def test_straight_in_the_same_block():
    block = shapely.box(0, 0, 200, 100)  # representative point (100, 50)
    assert walks(areas(block), (130, 90)) == {(0, 0): pytest.approx(50.0)}  # 3-4-5


def test_border_belongs_to_the_block():
    assert walks(areas(shapely.box(0, 0, 200, 100)), (100, 100)) == {(0, 0): pytest.approx(50.0)}


def test_not_across_a_courtyard():
    ring = shapely.Polygon(
        [(0, 0), (300, 0), (300, 300), (0, 300)], [[(20, 20), (280, 20), (280, 280), (20, 280)]]
    )
    point = ring.point_on_surface()
    across = (300 - point.x, 150.0)  # on the other side, the hole between
    assert walks(areas(ring), across) == {}


def test_not_from_one_block_to_the_next():
    layer = areas(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    assert set(walks(layer, (150, 60))) == {(1, 0)}


def test_points_and_unknown_places_have_none():
    assert walks(areas(shapely.Point(0, 0)), (0, 0)) == {}
    assert walks(areas(shapely.box(0, 0, 9, 9)), (np.nan, np.nan)) == {}
    assert walks(areas(shapely.box(0, 0, 9, 9))) == {}


def test_nearest_member_of_several():
    layer = areas(shapely.box(0, 0, 200, 100))
    demand = demand_points(layer, 1.0)
    found = inside_walks(layer, demand, np.array([[100.0, 80.0], [100.0, 60.0], [100.0, 40.0]]))
    best = found.between(np.array([True, True, True]))
    mine = best.facility[best.point == demand.representative[0]]
    assert list(mine) == [1]  # 10 m like facility 2, and it stands first
    only = found.between(np.array([True, False, False]))
    assert list(only.cost[only.point == demand.representative[0]]) == [30.0]
