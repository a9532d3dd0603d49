"""Geometry as the page holds it: WGS 84, whole numbers of 1e-6 degree, step by step.

A table of shapes is a few columns: of every shape its dimension and how many rings it has, of
every ring how many vertices and the step to its first from the last of the ring before (of the
first ring, from 0, 0), of every further vertex the step from the one before, lat and lon. A ring is
a polygon's ring, a line, or a point; a polygon's closing vertex is left out. 1e-6 degree is 0.1 m.
Lines and surfaces of very many vertices are drawn to 1e-5 degree, half a metre to either side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.coordinates.projecting import way_between
from lifecircle.outputs.maps.pack import Codes, Pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

__all__ = ["bounds", "inner_points", "located", "rows", "spots", "table", "together"]

_LEAST_EXTENT = 0.02
"""Degrees, some 2 km: areas that lie in a row, or are one, have surroundings too."""

_DEGREE = 1e6
_COARSE = 10
_MANY_VERTICES = 50_000
"""Vertices of one table from which on it may be drawn ten times coarser."""
NOWHERE = 255
"""Dimension of a row that has no position."""
_SURFACE = 2


def rows(frame: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    """Return a layer's rows as plain mappings with their ``id`` (text) and no geometry."""
    if frame is None:
        return []
    told = frame.columns[frame.dtypes != "geometry"]
    records = pd.DataFrame(frame)[told].to_dict("records")
    return [{**row, "id": str(key)} for key, row in zip(frame.index, records, strict=True)]


def located(frame: gpd.GeoDataFrame | None, crs: str) -> NDArray[np.object_]:
    """Return the geometries of a layer in EPSG:4326, row by row; None where there is none.

    Nowhere are rows without geometry, with an empty one, or with one that has no position on the
    globe. ``crs`` is taken where the frame does not say.
    """
    if frame is None or not hasattr(frame, "geometry"):
        return np.empty(0 if frame is None else len(frame), dtype=object)
    way = way_between(frame.crs or crs, "EPSG:4326")  # kept, which ``to_crs`` does not
    found: NDArray[np.object_] = shapely.transform(
        np.array(frame.geometry.array, dtype=object), way.transform, interleaved=False
    )
    found[~np.isfinite(shapely.bounds(found)).all(axis=1)] = None
    return found


def table(
    geometries: Sequence[BaseGeometry | None] | NDArray[np.object_], *, ground: bool = False
) -> dict[str, Any]:
    """Return shapes as columns; of a mixed collection only its highest dimension is kept.

    Parameters
    ----------
    ground
        Whether they lie under what is judged (streets, reach): then very many vertices are drawn
        to 1e-5 degree.

    Returns
    -------
    dict
        ``dim``, ``rings`` a shape; ``count``, ``start`` (dlat, dlon) a ring; ``steps`` (dlat, dlon)
        of all further vertices, in ``unit`` times 1e-6 degree.
    """
    given = np.asarray(geometries, dtype=object)
    dimension = shapely.get_dimensions(given) if len(given) else np.empty(0, dtype=int)
    if (dimension >= _SURFACE).any():  # holes turn the other way: many shapes fill as one path
        given = shapely.orient_polygons(given)
    rings, owner = _rings(given, dimension)
    where, ring = shapely.get_coordinates(rings, return_index=True)
    unit = _COARSE if ground and len(where) > _MANY_VERTICES else 1
    spots = np.rint(where[:, ::-1] * (_DEGREE / unit)).astype(np.int64)
    first = np.ones(len(ring), dtype=bool)
    first[1:] = ring[1:] != ring[:-1]
    steps = np.diff(spots, axis=0, prepend=spots[:1])
    # vertices that fall together at this precision draw nothing, nor does a ring's closing one
    closing = np.zeros(len(ring), dtype=bool)
    last = np.append(first[1:], True) if len(ring) else first
    closing[last] = dimension[owner[ring[last]]] == _SURFACE
    kept = first | ((steps != 0).any(axis=1) & ~closing)
    onward, starts = np.flatnonzero(kept), np.flatnonzero(first)
    jumps = spots[starts]  # a copy
    jumps[1:] -= spots[onward[np.searchsorted(onward, starts[1:]) - 1]]
    return {
        "n": len(given),
        "unit": unit,
        "dim": Codes(np.where(dimension < 0, NOWHERE, dimension)),
        "rings": Codes(np.bincount(owner, minlength=len(given))),
        "count": Codes(np.bincount(ring[kept], minlength=len(rings))),
        "start": Pairs(jumps.ravel()),
        "steps": Pairs(steps[kept & ~first].ravel()),
    }


def inner_points(geometries: NDArray[np.object_]) -> Pairs:
    """Return ``lat, lon`` of a point on each geometry, for its name; 0, 0 where it has none."""
    points = shapely.point_on_surface(geometries)
    spots = np.column_stack([shapely.get_y(points), shapely.get_x(points)])
    return Pairs(np.rint(np.nan_to_num(spots) * _DEGREE).astype(np.int64).ravel())


def bounds(geometries: NDArray[np.object_]) -> list[list[float]] | None:
    """Return ``[[south, west], [north, east]]``; None where there is nothing."""
    ends = shapely.total_bounds(geometries) if len(geometries) else np.array([np.nan])
    if not np.isfinite(ends).all():
        return None
    west, south, east, north = (round(float(end), 6) for end in ends)
    return [[south, west], [north, east]]


def together(homes: NDArray[np.object_], places: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return areas with the facilities about them: a first view shows both, and no slip far off.

    About them is what lies within half the extent of the areas beyond it, on every side.
    """
    homes, places = (a[~(shapely.is_missing(a) | shapely.is_empty(a))] for a in (homes, places))
    if not len(homes) or not len(places):
        return homes
    west, south, east, north = shapely.total_bounds(homes)
    wide, high = (max(extent, _LEAST_EXTENT) / 2 for extent in (east - west, north - south))
    near = shapely.box(west - wide, south - high, east + wide, north + high)
    return np.concatenate([homes, places[shapely.intersects(places, near)]])


def spots(geometries: NDArray[np.object_]) -> list[list[float] | None]:
    """Return ``[lat, lon]`` of each geometry's point on surface; None where it has none."""
    points = shapely.point_on_surface(geometries)
    pairs = zip(shapely.get_y(points).tolist(), shapely.get_x(points).tolist(), strict=True)
    return [None if lat != lat else [round(lat, 6), round(lon, 6)] for lat, lon in pairs]  # noqa: PLR0124 - NaN


def _rings(
    given: NDArray[np.object_], dimension: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return rings, lines and points of all shapes in order, and the shape each belongs to."""
    parts, owner = shapely.get_parts(given, return_index=True)
    # a collection may hold collections
    while (shapely.get_type_id(parts) >= _MULTI).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    kept = (shapely.get_dimensions(parts) == dimension[owner]) & ~shapely.is_empty(parts)
    parts, owner = parts[kept], owner[kept]
    surface = dimension[owner] == _SURFACE
    rings, inside = shapely.get_rings(parts[surface], return_index=True)
    pieces = np.concatenate([rings, parts[~surface]])
    owners = np.concatenate([owner[surface][inside], owner[~surface]]).astype(np.int64)
    order = np.argsort(owners, kind="stable")
    return pieces[order], owners[order]


_MULTI = 4
"""Type ids from here on are collections: MultiPoint, MultiLineString, MultiPolygon, any."""
