"""Geometry as the page holds it: WGS 84, whole numbers of 1e-6 degree, step by step.

A geometry is ``[dimension, parts]``: points (0), lines (1) or polygons (2, each part a list of
rings). Coordinates are ``lat, lon`` and then the steps ``dlat, dlon, …``, which is a third of the
text that decimals would take; 1e-6 degree is 0.1 m.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Shape", "bounds", "encode", "inner_point", "located", "rows"]

Shape = list[Any]
"""``[dimension, parts]`` as described above."""

_DEGREE = 1e6


def rows(frame: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    """Return a layer's rows as plain mappings with their ``id`` (text) and no geometry."""
    if frame is None:
        return []
    table = frame.drop(columns=frame.columns[frame.dtypes == "geometry"])
    records = table.to_dict("records")
    return [{**row, "id": str(key)} for key, row in zip(frame.index, records, strict=True)]


def located(frame: gpd.GeoDataFrame | None, crs: str) -> dict[str, BaseGeometry]:
    """Return id → geometry in EPSG:4326 of every row that has a usable one.

    Left out are rows without geometry, with an empty one, or with one that has no place on the
    globe. ``crs`` is taken where the frame does not say.
    """
    if frame is None or frame.empty or not hasattr(frame, "geometry"):
        return {}
    column = frame.geometry
    column = (column if column.crs is not None else column.set_crs(crs)).to_crs(4326)
    found = {}
    for key, geometry in zip(frame.index, column, strict=True):
        if geometry is None or geometry.is_empty:
            continue
        if np.isfinite(shapely.get_coordinates(geometry)).all():
            found[str(key)] = geometry
    return found


def encode(geometry: BaseGeometry | None) -> Shape | None:
    """Return a geometry as the page holds it; of a mixed collection, its highest dimension."""
    if geometry is None:
        return None
    dimension = int(shapely.get_dimensions(geometry))
    parts = [part for part in _parts(geometry) if shapely.get_dimensions(part) == dimension]
    if dimension == 2:  # noqa: PLR2004 - surfaces
        rings = [[p.exterior, *p.interiors] for p in parts]
        return [2, [[_steps(ring) for ring in part] for part in rings]]
    return [dimension, [_steps(part) for part in parts]]


def inner_point(geometry: BaseGeometry) -> list[float]:
    """Return ``[lat, lon]`` of a point on the geometry, for its name."""
    point = shapely.point_on_surface(geometry)
    return [round(point.y, 6), round(point.x, 6)]


def bounds(geometries: list[BaseGeometry]) -> list[list[float]] | None:
    """Return ``[[south, west], [north, east]]``; None where there is nothing."""
    if not geometries:
        return None
    west, south, east, north = shapely.total_bounds(geometries)
    return [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    parts = list(shapely.get_parts(geometry))
    # a collection may hold collections
    while any(hasattr(part, "geoms") for part in parts):
        parts = [piece for part in parts for piece in shapely.get_parts(part)]
    return parts


def _steps(geometry: BaseGeometry) -> list[int]:
    lonlat = np.rint(shapely.get_coordinates(geometry) * _DEGREE).astype(np.int64)
    latlon = lonlat[:, ::-1]
    steps = np.diff(latlon, axis=0)
    # vertices that fall together at this precision draw nothing
    steps = steps[(steps != 0).any(axis=1)]
    flat: list[int] = np.concatenate([latlon[:1], steps]).ravel().tolist()
    return flat
