"""Rows of a layer changed, added and taken away; every column keeps its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["with_rows", "with_shape", "with_values"]


def with_rows(
    frame: gpd.GeoDataFrame,
    ids: Sequence[str],
    given: Mapping[str, Sequence[Any]],
    xy: Sequence[tuple[float, float]],
) -> gpd.GeoDataFrame:
    """Return a layer's table with rows added at the end; columns that are not given are blank.

    Parameters
    ----------
    given
        Column → a value a row.
    xy
        Where each stands, metres in the layer's CRS.
    """
    index = pd.Index([*frame.index, *ids], dtype=frame.index.dtype, name=frame.index.name)
    columns: dict[str, Any] = {}
    for name, old in frame.drop(columns=frame.geometry.name).items():
        blank = np.nan if old.dtype.kind == "f" else None
        fresh = given.get(name, [False if old.dtype.kind == "b" else blank] * len(ids))
        columns[name] = pd.Series(_longer(old, fresh), index=index, dtype=old.dtype)
    spots = shapely.points(np.asarray(xy, dtype=float).reshape(-1, 2))
    shapes = np.concatenate([frame.geometry.to_numpy(), spots])
    geometry = gpd.GeoSeries(shapes, index=index, crs=frame.crs)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=frame.crs)[list(frame.columns)]


def _longer(old: pd.Series, fresh: Sequence[Any]) -> Any:
    """Return the cells of a column and some more, as an array where numpy has the type."""
    if old.dtype.kind not in "fbO" or not isinstance(old.dtype, np.dtype):
        return [*old.tolist(), *fresh]
    cells = np.empty(len(old) + len(fresh), dtype=old.dtype)
    cells[: len(old)] = old.to_numpy()
    for row, cell in enumerate(fresh, start=len(old)):  # one by one: a cell may hold several
        cells[row] = np.nan if cell is None and old.dtype.kind == "f" else cell
    return cells


def with_values(frame: gpd.GeoDataFrame, row: str, values: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return a layer's table with other values in one row."""
    frame, at = frame.copy(), frame.index.get_loc(row)
    for name, value in values.items():
        old = frame[name]
        cells = old.to_numpy(dtype=old.dtype, copy=True)
        cells[at] = np.nan if value is None and old.dtype.kind == "f" else value
        frame[name] = pd.Series(cells, index=frame.index, dtype=old.dtype)
    return frame


def with_shape(frame: gpd.GeoDataFrame, row: str, shape: Any) -> gpd.GeoDataFrame:
    """Return a layer's table with one row in another place."""
    shapes = frame.geometry.to_numpy().copy()
    shapes[frame.index.get_loc(row)] = shape
    name = frame.geometry.name
    made = frame.drop(columns=name).assign(**{name: shapes})
    return gpd.GeoDataFrame(made, geometry=name, crs=frame.crs)[list(frame.columns)]
