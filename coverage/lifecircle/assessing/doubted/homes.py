"""The study with the positions that look like another datum where that datum has them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from lifecircle.model.inputs.layers import AS_READ, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.inputs.study import Study

__all__ = ["home_studies"]


def home_studies(study: Study) -> Iterator[Study]:
    """Yield the study under each choice of layers that may lie elsewhere (``Study.homes``).

    Rows that stand otherwise than they were read, a person's trial, stay where they are.
    """
    for choice in study.homes:
        change: dict[str, Any] = {}
        for name, home in choice.items():
            layer = getattr(study, name)
            if isinstance(layer, Layer) and isinstance(home, gpd.GeoDataFrame):
                change[name] = _at_home(layer, home)
            elif name == "streets":
                change[name] = home
        yield dataclasses.replace(study, homes=(), **change)


def _at_home(layer: Layer, home: gpd.GeoDataFrame) -> Layer:
    frame = layer.frame
    ids = home.index[home.index.isin(frame.index)]
    at, home = frame.index.get_indexer(ids), home.loc[ids]
    shapes = frame.geometry.to_numpy().copy()
    same = shapely.to_wkb(shapes[at]) == shapely.to_wkb(home[AS_READ].to_numpy())
    at, home = at[same], home[same]
    shapes[at] = home.geometry.to_numpy()
    columns: dict[str, Any] = {frame.geometry.name: gpd.GeoSeries(shapes, frame.index, frame.crs)}
    for name in home.columns.difference([AS_READ, home.geometry.name]):
        values = frame[name].copy()
        values.iloc[at] = home[name].to_numpy()
        columns[name] = values
    return Layer(layer.name, frame.assign(**columns))
