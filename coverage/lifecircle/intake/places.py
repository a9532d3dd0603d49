"""Where the rows of a layer are: their CRS, their shapes, and what had to be repaired."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from lifecircle.intake.datum import to_wgs84
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.rows import Ledger
    from lifecircle.intake.study_schema import LayerOptions

    Shapes = NDArray[np.object_]

__all__ = ["PLACE_NEEDED", "Places", "locate", "reproject", "settle"]

_DEGREES = "EPSG:4490"
_AREA_MARGIN = 3.0
"""Degrees by which data may leave the area a CRS is made for: counties straddle zones."""
_ACCEPTED = {
    "residential": ("Polygon", "MultiPolygon", "Point"),
    "units": ("Polygon", "MultiPolygon"),
    "buildings": ("Polygon", "MultiPolygon", "Point"),
}
_POINTS = ("Point",)
PLACE_NEEDED = frozenset({"gates", "buildings"})
"""Layers whose rows are only a place: a row without one says nothing and is set aside."""
_COUNTED_CHANGE_M2 = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Shapes of a ledger's rows (None: unknown) in the CRS ``crs`` (None: no place is known)."""

    shapes: Shapes
    crs: CRS | None


def locate(ledger: Ledger, options: LayerOptions) -> tuple[Places | None, tuple[Problem, ...]]:
    """Return where the rows are, in the file's own CRS or, after a datum shift, in degrees.

    A declared ``crs`` beats the file's; a declared ``coordinates`` that shifts (gcj02, bd09) is
    undone on any layer. None means that the layer is unusable: its places cannot be told.
    """
    raw = ledger.raw
    if raw.geometry is None:
        return _from_columns(ledger, options)
    shapes = raw.geometry[ledger.at]
    located = np.array([s is not None and not s.is_empty for s in shapes], dtype=bool)
    if not located.any():
        return Places(np.full(len(shapes), None, dtype=object), None), _missing(ledger, ~located)
    shapes = _keep(shapes, located)
    if options.crs is None and raw.crs is None and options.coordinates is None:
        return None, (raw.problem(ProblemCode.CRS_MISSING, Severity.ERROR),)
    try:
        crs = CRS.from_user_input(options.crs or raw.crs or _degrees(options))
    except CRSError as error:
        detail = options.crs or str(error)
        return None, (raw.problem(ProblemCode.CRS_UNKNOWN, Severity.ERROR, detail=detail),)
    if problem := _crs_problem(ledger, shapes, crs):
        return None, (problem,)
    shapes, astray = _within_reason(shapes, crs)
    problems = [
        ledger.problem(ProblemCode.COORDINATE_RANGE, _severity(ledger), int(row))
        for row in np.flatnonzero(astray)
    ]
    if options.coordinates in {"gcj02", "bd09"}:
        shapes = _unshift(_transform(shapes, crs, CRS(_DEGREES)), options.coordinates)
        crs = CRS(_DEGREES)
    return Places(shapes, crs), (*_missing(ledger, ~located), *problems)


def _from_columns(
    ledger: Ledger, options: LayerOptions
) -> tuple[Places | None, tuple[Problem, ...]]:
    """Return points from the lon and lat columns; a table without them has no places."""
    frame, raw = ledger.frame, ledger.raw
    nowhere: Shapes = np.full(len(frame), None, dtype=object)
    if raw.layer == "units" or not {"lon", "lat"} <= ledger.headers.keys():
        # A unit's lon/lat is its seat, not its territory.
        missing = raw.layer != "units" and len(frame) > 0
        problem = raw.problem(ProblemCode.GEOMETRY_MISSING, Severity.WARNING)
        return Places(nowhere, None), (problem,) if missing else ()
    if options.coordinates is None and options.crs is None:
        return None, (raw.problem(ProblemCode.COORDINATES_UNDECLARED, Severity.ERROR),)
    try:
        crs = CRS.from_user_input(options.crs or _degrees(options))
    except CRSError:
        detail = options.crs
        return None, (raw.problem(ProblemCode.CRS_UNKNOWN, Severity.ERROR, detail=detail),)
    x, y = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    given = np.isfinite(x) & np.isfinite(y)
    astray = given & (x == 0) & (y == 0)
    if crs.is_geographic:
        astray |= given & ((np.abs(x) > 180) | (np.abs(y) > 90))  # noqa: PLR2004
    good = given & ~astray
    shapes = nowhere.copy()
    shapes[good] = shapely.points(x[good], y[good])
    problems = [*_missing(ledger, ~given, "lon")]
    problems += [
        ledger.problem(ProblemCode.COORDINATE_RANGE, _severity(ledger), int(row), "lon")
        for row in np.flatnonzero(astray)
    ]
    if good.any() and (wrong := _crs_problem(ledger, shapes, crs)):
        return None, (*problems, wrong)
    if options.coordinates in {"gcj02", "bd09"}:
        shapes = _unshift(_transform(shapes, crs, CRS(_DEGREES)), options.coordinates)
        crs = CRS(_DEGREES)
    return Places(shapes, crs), tuple(problems)


def _degrees(options: LayerOptions) -> str:
    return "EPSG:4326" if options.coordinates == "wgs84" else _DEGREES


def _severity(ledger: Ledger) -> Severity:
    """Return how bad an unknown place is: the row is set aside, or used without it."""
    return Severity.ERROR if ledger.raw.layer in PLACE_NEEDED else Severity.WARNING


def _missing(
    ledger: Ledger, rows: NDArray[np.bool_], column: str | None = None
) -> tuple[Problem, ...]:
    return tuple(
        ledger.problem(ProblemCode.GEOMETRY_MISSING, _severity(ledger), int(row), column)
        for row in np.flatnonzero(rows)
    )


def _crs_problem(ledger: Ledger, shapes: Shapes, crs: CRS) -> Problem | None:
    """Return the problem of numbers that cannot be in the CRS that the layer claims.

    Judged by the middle feature, so that one stray point does not condemn the layer.
    """
    known = shapes[[s is not None for s in shapes]]
    bounds = shapely.bounds(known)
    middle_x, middle_y = (
        np.nanmedian((bounds[:, 0] + bounds[:, 2]) / 2),
        np.nanmedian((bounds[:, 1] + bounds[:, 3]) / 2),
    )
    if _possible(float(middle_x), float(middle_y), crs):
        return None
    total = [round(float(v), 3) for v in shapely.total_bounds(known)]
    return ledger.raw.problem(ProblemCode.CRS_WRONG, Severity.ERROR, crs=_named(crs), bounds=total)


def _possible(x: float, y: float, crs: CRS) -> bool:
    """Return whether a coordinate can be one of the CRS, by the area the CRS is made for."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return False
    if crs.is_geographic:
        lon, lat = x, y
    else:
        lon, lat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
        return False
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return True
    return (
        area.west - _AREA_MARGIN <= lon <= area.east + _AREA_MARGIN
        and area.south - _AREA_MARGIN <= lat <= area.north + _AREA_MARGIN
    )


def _within_reason(shapes: Shapes, crs: CRS) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return the shapes without those whose coordinates are not finite or cannot be, and which."""
    bounds = shapely.bounds(shapes)
    known = np.array([s is not None for s in shapes], dtype=bool)
    astray = known & ~np.isfinite(bounds).all(axis=1)
    if crs.is_geographic:
        with np.errstate(invalid="ignore"):
            astray |= known & (
                (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1)  # noqa: PLR2004
                | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)  # noqa: PLR2004
            )
    return _keep(shapes, ~astray), astray


def _keep(shapes: Shapes, rows: NDArray[np.bool_]) -> Shapes:
    kept = shapes.copy()
    kept[~rows] = None
    return kept


def _named(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def _transform(shapes: Shapes, source: CRS, target: CRS) -> Shapes:
    if source.equals(target, ignore_axis_order=True):
        return shapes
    forward = Transformer.from_crs(source, target, always_xy=True)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(forward.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shapely.force_2d(shapes), move)  # type: ignore[no-any-return]


def _unshift(shapes: Shapes, datum: str) -> Shapes:
    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    return shapely.transform(shapely.force_2d(shapes), move)  # type: ignore[no-any-return]


def reproject(places: Places, crs: str) -> Shapes:
    """Return the shapes in ``crs``; untouched where they are in it already."""
    if places.crs is None:
        return places.shapes
    return _transform(places.shapes, places.crs, CRS.from_user_input(crs))


def settle(ledger: Ledger, shapes: Shapes) -> tuple[Shapes, tuple[Problem, ...]]:
    """Return the shapes as the layer may hold them: 2D, valid, of the layer's types.

    Parameters
    ----------
    ledger
        The rows.
    shapes
        Their shapes in projected metres.

    Notes
    -----
    A self-crossing outline is repaired and the change of its area reported. A polygon where a
    point is expected becomes its point-on-surface. A shape of another type (a line) is dropped:
    its place is unknown.
    """
    layer = ledger.raw.layer
    expected = _ACCEPTED.get(layer, _POINTS)
    shapes = shapely.force_2d(shapes)
    settled: Shapes = np.full(len(shapes), None, dtype=object)
    problems: list[Problem] = []
    pointed = 0
    for row, shape in enumerate(shapes):
        if shape is None:
            continue
        if not np.isfinite(shape.bounds).all():  # too far off for the study's projection
            problems.append(ledger.problem(ProblemCode.COORDINATE_RANGE, _severity(ledger), row))
            continue
        found = shape.geom_type
        if not shape.is_valid:
            shape, change = _repaired(shape)  # noqa: PLW2901
            if change > _COUNTED_CHANGE_M2:
                problems.append(
                    ledger.problem(
                        ProblemCode.GEOMETRY_REPAIRED,
                        Severity.WARNING,
                        row,
                        change_m2=round(change, 2),
                    )
                )
        if shape.geom_type in {"MultiPoint", "GeometryCollection"} and len(shape.geoms) == 1:
            shape = shape.geoms[0]  # noqa: PLW2901
        if shape.geom_type in {"Polygon", "MultiPolygon"} and expected == _POINTS:
            pointed += 1
            shape = shape.point_on_surface()  # noqa: PLW2901
        if shape.geom_type not in expected or shape.is_empty:
            problems.append(
                ledger.problem(
                    ProblemCode.GEOMETRY_TYPE,
                    _severity(ledger),
                    row,
                    found=found,
                    expected=list(expected),
                )
            )
            continue
        settled[row] = shape
    if pointed:
        problems.append(
            ledger.raw.problem(ProblemCode.GEOMETRY_AS_POINT, Severity.INFO, count=pointed)
        )
    return settled, tuple(problems)


def _repaired(shape: shapely.Geometry) -> tuple[shapely.Geometry, float]:
    """Return a valid shape of the same dimension, and by how many m² its area changed."""
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.geom_type == "GeometryCollection":
        areas = [g for g in mended.geoms if g.geom_type in {"Polygon", "MultiPolygon"}]
        mended = shapely.union_all(areas)
    return mended, abs(mended.area - shape.area)
