"""Gates of which only the area is known: they may stand anywhere on its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.model.inputs.layers import Layer

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["gates_anywhere"]

_SPACING_M = 10.0
_MOST = 64
_ESTATE_M = 300.0
"""An estate known as a point alone is hardly larger: its gates lie no farther from the point."""


def gates_anywhere(residential: Layer, areas: Collection[str]) -> Layer:
    """Return a gate every ten metres, 64 at most, of the outline of each area of known place.

    Columns as the gates of a study have them; ``source`` is ``somewhere``: none of them need be.
    """
    located = residential.frame[residential.located]
    shapes = located.geometry[located.index.isin(list(areas))]
    owners: list[str] = []
    spots = [np.empty((0, 2))]
    for owner, shape in shapes.items():
        point = shape.geom_type == "Point"
        line = shapely.boundary(shape.buffer(_ESTATE_M) if point else shape)
        for ring in shapely.get_parts(line):
            n = int(np.clip(np.ceil(ring.length / _SPACING_M), 4, _MOST))
            along = shapely.line_interpolate_point(ring, np.arange(n) * (ring.length / n))
            spots.append(shapely.get_coordinates(along))
            owners += [str(owner)] * n
    frame = gpd.GeoDataFrame(
        {"residential": owners, "name": None, "open": None, "open_unknown": True},
        geometry=shapely.points(np.concatenate(spots)),
        crs=residential.crs,
    )
    ids = [f"somewhere-{n}" for n in range(len(frame))]
    frame.index = pd.Index(ids, name="id", dtype=object)
    return Layer("gates", frame.assign(source="somewhere"))
