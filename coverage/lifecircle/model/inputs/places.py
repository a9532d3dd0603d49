"""Where an area stands: one point of a shape, the same whatever projection it is drawn in (A14)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from lifecircle.model.coordinates.projecting import way_between

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import Transformer

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

__all__ = ["representative_points"]

_SURFACE = 2
_PLACE_M = 0.01
"""What a place is told to: a centroid nearer than this to the outline is not inside."""
_WIDE_M = 1000.0
"""Wider shapes have their centroid taken on the ground: that of a drawing moves with the zone, by
2 mm at this width and 400 km from the meridian."""
_GRID_M = 0.001
_CLEARANCE_M = 0.005
"""How near the greatest clearance is told."""
_MERIDIAN_STEP = 0.1  # degrees


def representative_points(shapes: Shapes | list[Any], crs: Any) -> Floats:
    """Return the point that stands for each shape, (n, 2) in ``crs``; NaN for None.

    A point stands for itself. A surface stands at its centroid where that lies inside, else at its
    pole of inaccessibility: the place farthest from the outline, of several the one nearest to the
    centroid. A line stands at its middle.

    Parameters
    ----------
    shapes
        Geometries or None.
    crs
        Their projected CRS, metres.

    Notes
    -----
    The same shape drawn in another zone or projection has the same point to the centimetre. So a
    pole is sought in a frame that belongs to the shape's place on the ground and on coordinates
    rounded to a millimetre there, where the noise of projecting does not reach. A point on the
    surface, as GEOS gives it, moves by hundreds of metres when the drawing turns by a degree.
    """
    shapes = np.asarray(shapes, dtype=object)
    kind, dimension = shapely.get_type_id(shapes), shapely.get_dimensions(shapes)
    xy = np.full((len(shapes), 2), np.nan)
    points = np.flatnonzero((kind == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes))
    xy[points] = shapely.get_coordinates(shapes[points])
    solid = np.flatnonzero(dimension == _SURFACE)
    if len(solid):
        xy[solid] = _of_surfaces(shapes[solid], crs)
    lines = np.isin(
        kind,
        (
            shapely.GeometryType.LINESTRING,
            shapely.GeometryType.LINEARRING,
            shapely.GeometryType.MULTILINESTRING,
        ),
    )
    for row in np.flatnonzero(lines & (dimension == 1)):
        longest = max(shapely.get_parts(shapes[row]), key=shapely.length)
        xy[row] = shapely.get_coordinates(
            shapely.line_interpolate_point(longest, 0.5, normalized=True)
        )
    # what is none of these: several points, a mixture without surface
    other = np.flatnonzero(np.isnan(xy[:, 0]) & (dimension >= 0))
    inside = shapely.point_on_surface(shapes[other])
    xy[other] = np.stack([shapely.get_x(inside), shapely.get_y(inside)], axis=1)
    return xy


def _of_surfaces(shapes: Shapes, crs: Any) -> Floats:
    low, high = np.split(shapely.bounds(shapes), 2, axis=1)
    middle: Floats = shapely.get_coordinates(shapely.centroid(shapes))
    for row in np.flatnonzero((high - low).max(axis=1) > _WIDE_M):
        middle[row] = _on_the_ground(shapes[row], middle[row], crs, shapely.centroid)
    spots = shapely.points(middle)
    inside = shapely.intersects(shapes, spots)
    inside &= shapely.distance(shapely.boundary(shapes), spots) > _PLACE_M
    for row in np.flatnonzero(~inside):
        middle[row] = _on_the_ground(shapes[row], middle[row], crs, _pole)
    return middle


def _on_the_ground(shape: shapely.Geometry, near: Floats, crs: Any, point: Any) -> Floats:
    """Return a point of a shape, found in the frame of its place: upright, true to scale."""
    try:
        to_degrees, back = _degrees(CRS.from_user_input(crs).to_wkt())
        longitude = to_degrees.transform(*near)[0]
        meridian = round(longitude / _MERIDIAN_STEP) * _MERIDIAN_STEP
        to_frame, from_frame = _frame(round(meridian, 1))
    except ValueError:
        spot: Floats = shapely.get_coordinates(point(shape))[0]
        return spot

    def ahead(xy: Floats) -> Floats:
        turned = to_frame.transform(*to_degrees.transform(xy[:, 0], xy[:, 1]))
        return np.round(np.column_stack(turned) / _GRID_M) * _GRID_M

    there = shapely.transform(shape, ahead)
    if not shapely.is_valid(there):  # what was finer than the grid
        there = shapely.make_valid(there)
    x, y = shapely.get_coordinates(point(there))[0]
    return np.array(back.transform(*from_frame.transform(x, y)))


def _pole(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the point of a surface farthest from its outline, of several that nearest its middle.

    Among points whose clearance differs by less than a place is told to, the middle decides: two
    halves alike to the eye are never told apart by rounding alone.
    """
    if shapely.get_dimensions(shape) < _SURFACE or shapely.area(shape) == 0:
        return shapely.point_on_surface(shape)
    ray = shapely.maximum_inscribed_circle(shape, tolerance=_CLEARANCE_M)
    centre = shapely.get_point(ray, 0)
    widest = shapely.length(ray) - _PLACE_M
    clear = shapely.buffer(shape, -widest, quad_segs=64) if widest > 0 else shapely.Polygon()
    if shapely.is_empty(clear):
        return centre
    return shapely.get_point(shapely.shortest_line(clear, shapely.centroid(shape)), 0)


@lru_cache(maxsize=32)
def _degrees(crs: str) -> tuple[Transformer, Transformer]:
    there = way_between(crs, "EPSG:4326")
    return there, way_between("EPSG:4326", crs)


@lru_cache(maxsize=64)
def _frame(meridian: float) -> tuple[Transformer, Transformer]:
    """Return the way from degrees to a plane that is true along ``meridian``, and back."""
    plane = CRS.from_proj4(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +datum=WGS84 +units=m")
    there = way_between("EPSG:4326", plane)
    return there, way_between(plane, "EPSG:4326")
