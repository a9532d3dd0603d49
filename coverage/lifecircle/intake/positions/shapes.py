"""Shapes of a layer's rows in the study's CRS: what is repaired, and what cannot be used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.positions.locating import unplaced_severity
from lifecircle.model.inputs.places import representative_points
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["settle"]

_POLYGONS = ("Polygon", "MultiPolygon")
_POINTS = ("Point",)
_ACCEPTED = {
    "residential": (*_POLYGONS, *_POINTS),
    "units": _POLYGONS,
    "buildings": (*_POLYGONS, *_POINTS),
    "plots": (*_POLYGONS, *_POINTS),
}
_COUNTED_CHANGE_M2 = 0.01


def settle(ledger: Ledger, shapes: Shapes, crs: str) -> tuple[Shapes, tuple[Problem, ...]]:
    """Return the shapes as the layer may hold them: 2D, valid, of the layer's types.

    Parameters
    ----------
    ledger
        The rows.
    shapes
        Their shapes in ``crs``.
    crs
        The study's projected CRS (metres).

    Notes
    -----
    An invalid outline is repaired and the change of its area reported. A polygon where a point is
    expected becomes its representative point. A shape of another type (a line) is dropped: its
    place is unknown. Several polygons of one area stay together; arcs arrive as line segments, as
    the reader of the file made them.
    """
    layer = ledger.raw.layer
    expected = _ACCEPTED.get(layer, _POINTS)
    written = shapes if ledger.raw.geometry is None else ledger.raw.geometry[ledger.at]
    flattened = shapely.has_z(written).sum()
    settled: Shapes = np.full(len(shapes), None, dtype=object)
    problems: list[Problem] = []
    pointed = 0
    for row, shape in enumerate(shapely.force_2d(shapes)):
        if shape is not None:
            settled[row], reduced, found = _settled(ledger, row, shape, expected, crs)
            pointed += reduced
            problems += found
    counts = {ProblemCode.GEOMETRY_AS_POINT: pointed, ProblemCode.GEOMETRY_FLATTENED: flattened}
    if layer == "residential":
        counts[ProblemCode.AREAS_AS_POINTS] = sum(
            s is not None and s.geom_type == "Point" for s in settled
        )
    problems += [
        ledger.raw.problem(code, Severity.INFO, count=int(count))
        for code, count in counts.items()
        if count
    ]
    return settled, tuple(problems)


def _settled(
    ledger: Ledger, row: int, shape: shapely.Geometry, expected: tuple[str, ...], crs: str
) -> tuple[shapely.Geometry | None, bool, list[Problem]]:
    """Return one row's shape, whether it is a point for a polygon, and what is to be said.

    None: there is no using it.
    """
    if not all(map(math.isfinite, shape.bounds)):  # too far off for the study's projection
        severity = unplaced_severity(ledger)
        return None, False, [ledger.problem(ProblemCode.COORDINATE_RANGE, severity, row)]
    problems = []
    found = shape.geom_type
    if not shape.is_valid:
        shape, change = _repaired(shape)
        problems.append(
            ledger.problem(
                ProblemCode.GEOMETRY_REPAIRED,
                Severity.WARNING if change > _COUNTED_CHANGE_M2 else Severity.INFO,
                row,
                change_m2=round(change, 2),
            )
        )
    if shape.geom_type in {"MultiPoint", "GeometryCollection"} and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    reduced = shape.geom_type in _POLYGONS and expected == _POINTS
    if reduced:
        shape = shapely.Point(representative_points([shape], crs)[0])
    if shape.geom_type not in expected or shape.is_empty:
        problems.append(
            ledger.problem(
                ProblemCode.GEOMETRY_TYPE,
                unplaced_severity(ledger),
                row,
                found=found,
                expected=list(expected),
            )
        )
        return None, reduced, problems
    return shape, reduced, problems


def _repaired(shape: shapely.Geometry) -> tuple[shapely.Geometry, float]:
    """Return a valid shape of the same dimension, and by how many m² its area changed."""
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.geom_type == "GeometryCollection":
        areas = [g for g in mended.geoms if g.geom_type in _POLYGONS]
        mended = shapely.union_all(areas)
    return mended, abs(mended.area - shape.area)
