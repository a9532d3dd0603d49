"""Street lines by hand, shared by the tests of reach."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.reach.network.profiles import walk_cost

CRS = "EPSG:4548"


def make_lines(xy, ways, tags=None, barriers=None):
    count = [len(way) for way in ways]
    frame = pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object)
    for row, values in (tags or {}).items():
        for key, value in values.items():
            frame.loc[row, key] = value
    return StreetLines(
        crs=CRS,
        vertex_xy=np.asarray(xy, dtype=float).reshape(-1, 2),
        way_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        way_vertex=np.asarray([v for way in ways for v in way], dtype=np.int64),
        tags=frame,
        barriers=barriers,
    )


@pytest.fixture(scope="session")
def lines_of():
    """Streets over the vertices ``xy``; each way is a list of vertex numbers."""
    return make_lines


@pytest.fixture(scope="session")
def grid():
    """Streets in a grid, one way a street; vertex ``j * columns + i`` at ``(i, j) * step``."""

    def build(columns, rows, step, **more):
        xy = [(i * step, j * step) for j in range(rows) for i in range(columns)]
        across = [[j * columns + i for i in range(columns)] for j in range(rows)]
        up = [[j * columns + i for j in range(rows)] for i in range(columns)]
        return make_lines(xy, across + up, **more)

    return build


@pytest.fixture(scope="session")
def on_foot():
    """Walking costs of ``lines`` with other factors: one number a way, both directions."""

    def build(lines, factor):
        factor = np.asarray(factor, dtype=float)
        plain = walk_cost(lines, Parameters())
        return dataclasses.replace(plain, forward=factor, back=factor)

    return build


def make_layer(name, /, geometry, ids=None, **columns):
    ids = ids or [f"{name[0].upper()}{i}" for i in range(len(geometry))]
    frame = gpd.GeoDataFrame(
        columns,
        geometry=gpd.GeoSeries(geometry, crs=CRS).to_numpy(),
        index=pd.Index(ids, name="id", dtype=object),
        crs=CRS,
    )
    return Layer(name, frame)


@pytest.fixture(scope="session")
def layer_of():
    """Return a layer of shapely geometries (or None): ids are the name's initial and the row."""
    return make_layer
