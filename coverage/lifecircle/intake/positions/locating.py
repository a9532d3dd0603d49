"""Where the rows of a layer are, in the system their numbers are in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS

from lifecircle.intake.positions.datum import to_wgs84
from lifecircle.intake.positions.decimals import coarse
from lifecircle.intake.positions.packed import packed
from lifecircle.intake.positions.row_datums import RowDatums, in_system_of_rows, row_datums
from lifecircle.intake.positions.systems import exchanged, find_system
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions

    Shapes = NDArray[np.object_]

__all__ = [
    "POSITION_NEEDED",
    "Positions",
    "in_crs",
    "locate",
    "located_by_columns",
    "reproject",
    "unplaced_severity",
]

_DEGREES = "EPSG:4490"
POSITION_NEEDED = frozenset({"gates", "buildings"})
"""Layers whose rows are only a place: a row without one says nothing and is set aside."""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Shapes of a ledger's rows (None: unknown) in the CRS ``crs`` (None: no place is known)."""

    shapes: Shapes
    crs: CRS | None


def locate(ledger: Ledger, options: LayerOptions) -> tuple[Positions | None, tuple[Problem, ...]]:
    """Return where the rows are, in the file's own CRS or, after a datum shift, in degrees.

    A declared ``crs`` beats the file's; a declared ``coordinates`` that shifts (gcj02, bd09) is
    undone on any layer. None means that the layer is unusable: its positions cannot be told.
    """
    raw = ledger.raw
    if raw.geometry is None:
        return _from_columns(ledger, options)
    typed = _of_tables_without_shapes(ledger)
    if typed.any():
        return _beside_shapes(ledger, options, typed)
    shapes = raw.geometry[ledger.at]
    located = np.array([s is not None and not s.is_empty for s in shapes], dtype=bool)
    if not located.any():
        nowhere: Shapes = np.full(len(shapes), None, dtype=object)
        return Positions(nowhere, None), _unlocated(ledger, ~located)
    shapes = _keep(shapes, located)
    if options.swap:
        shapes = shapely.transform(shapely.force_2d(shapes), lambda xy: xy[:, ::-1])
    bounds = shapely.bounds(shapes)
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    options = in_system_of_rows(ledger, options, located)
    by_row, told = _of_shapes(ledger, options)
    options = by_row.declared(options, located) if raw.crs is None else options
    system = find_system(raw, options, middles, shapely.total_bounds(shapes))
    if system.crs is None:
        return None, system.problems
    crs = system.crs
    swapped = exchanged(middles, crs)
    shapes, astray = _within_reason(_keep(shapes, ~swapped & ~by_row.unknown), crs)
    problems = [*system.problems, *told, *_misplaced(ledger, swapped, astray)]
    placed = _shifted_by_row(shapes, crs, by_row.of(options.coordinates))
    return placed, (*_unlocated(ledger, ~located), *problems)


def _of_tables_without_shapes(ledger: Ledger) -> NDArray[np.bool_]:
    """Return the rows of those files of a layer that have no shapes, but lon and lat columns."""
    raw, none = ledger.raw, np.zeros(len(ledger.frame), dtype=bool)
    if raw.geometry is None or raw.layer == "units" or not {"lon", "lat"} <= ledger.headers.keys():
        return none
    starts = [part.start for part in raw.parts] or [0]
    drawn = np.array([shape is not None for shape in raw.geometry], dtype=bool)
    for first, last in zip(starts, [*starts[1:], len(raw)], strict=True):
        if not drawn[first:last].any():
            none |= (ledger.at >= first) & (ledger.at < last)
    return none


def _beside_shapes(
    ledger: Ledger, options: LayerOptions, typed: NDArray[np.bool_]
) -> tuple[Positions | None, tuple[Problem, ...]]:
    """Return the positions of a layer of which some files have shapes, others columns (``typed``).

    Each is read as if it were the only one; all are told in the system of the shapes.
    """
    alone = dataclasses.replace(ledger.raw, geometry=None, crs=None)
    columns = dataclasses.replace(ledger.without(~typed), raw=alone)
    if typed.all():
        return _from_columns(columns, options)
    drawn, problems = locate(ledger.without(typed), options)
    by_columns, found = located_by_columns(columns, options)
    if drawn is None or by_columns is None:
        return None, (*problems, *found)
    shapes: Shapes = np.full(len(typed), None, dtype=object)
    shapes[~typed] = drawn.shapes
    crs = drawn.crs or by_columns.crs
    if crs is not None and by_columns.crs is not None:
        shapes[typed] = _transform(by_columns.shapes, by_columns.crs, crs)
    return Positions(shapes, crs), (*problems, *found)


def _of_shapes(ledger: Ledger, options: LayerOptions) -> tuple[RowDatums, tuple[Problem, ...]]:
    """Return the datum of each row's shape; of units with seats the column speaks of the seats."""
    seats = ledger.raw.layer == "units" and {"lon", "lat"} <= ledger.headers.keys()
    return (RowDatums.silent(len(ledger.frame)), ()) if seats else row_datums(ledger, options)


def _from_columns(
    ledger: Ledger, options: LayerOptions
) -> tuple[Positions | None, tuple[Problem, ...]]:
    """Return points from the lon and lat columns; a table without them has no positions."""
    frame, raw = ledger.frame, ledger.raw
    nowhere: Shapes = np.full(len(frame), None, dtype=object)
    if raw.layer == "units" or not {"lon", "lat"} <= ledger.headers.keys():
        # A unit's lon/lat is its seat, not its territory.
        missing = raw.layer != "units" and len(frame) > 0 and not _outlined(options)
        problem = raw.problem(ProblemCode.GEOMETRY_MISSING, Severity.WARNING)
        return Positions(nowhere, None), (problem,) if missing else ()
    return located_by_columns(ledger, options)


def located_by_columns(
    ledger: Ledger, options: LayerOptions
) -> tuple[Positions | None, tuple[Problem, ...]]:
    """Return the points of a ledger's lon and lat, as :func:`locate` does."""
    frame, raw = ledger.frame, ledger.raw
    nowhere: Shapes = np.full(len(frame), None, dtype=object)
    columns = ["lat", "lon"] if options.swap else ["lon", "lat"]
    xy = frame[columns].to_numpy(float, copy=True)
    given = np.isfinite(xy).all(axis=1)
    xy[(xy == 0).all(axis=1) | ~given] = np.nan  # an unset position is often written as 0, 0
    placed = np.isfinite(xy).all(axis=1)
    options = in_system_of_rows(ledger, options, placed)
    by_row, told = row_datums(ledger, options)
    options = by_row.declared(options, placed)
    system = find_system(raw, options, xy)
    if system.crs is None:
        return None, system.problems
    crs = system.crs
    swapped = exchanged(xy, crs)
    good = np.isfinite(xy).all(axis=1) & ~swapped
    if crs.is_geographic:
        with np.errstate(invalid="ignore"):
            good &= (np.abs(xy) <= [180, 90]).all(axis=1)
    shapes = nowhere.copy()
    told_where = good & ~by_row.unknown
    shapes[told_where] = shapely.points(xy[told_where])
    problems = (
        [*system.problems]
        if _outlined(options) or raw.layer == "units"  # a unit without a seat is no mistake
        else [*system.problems, *_unlocated(ledger, ~given, "lon")]
    )
    if crs.is_geographic and raw.layer != "units":
        rounded, said = coarse(ledger, told_where)
        shapes[rounded] = None
        problems += (*said, *packed(ledger, xy, told_where & ~rounded))
    problems += [*told, *_misplaced(ledger, swapped, given & ~good & ~swapped, "lon")]
    return _shifted_by_row(shapes, crs, by_row.of(options.coordinates)), tuple(problems)


def _misplaced(
    ledger: Ledger,
    swapped: NDArray[np.bool_],
    astray: NDArray[np.bool_],
    column: str | None = None,
) -> list[Problem]:
    """Return a problem of each row whose coordinates are exchanged, or cannot be."""
    rows = ((ProblemCode.COORDINATES_SWAPPED, swapped), (ProblemCode.COORDINATE_RANGE, astray))
    return [
        ledger.problem(code, unplaced_severity(ledger), int(row), column)
        for code, which in rows
        for row in np.flatnonzero(which)
    ]


def _shifted_by_row(shapes: Shapes, crs: CRS, datums: NDArray[np.object_]) -> Positions:
    """Return the positions with the shift of each row's own datum undone (None: it has none).

    A CRS with parameters of its own (``+towgs84``) is followed to WGS 84 here: PROJ applies them
    on the way there and on no other.
    """
    if crs.is_bound:
        shapes, crs = _transform(shapes, crs, CRS("EPSG:4326")), CRS("EPSG:4326")
    shifting = [(datum, datums == datum) for datum in ("gcj02", "bd09") if (datums == datum).any()]
    if not shifting:
        return Positions(shapes, crs)
    degrees = CRS(_DEGREES)
    shapes = _transform(shapes, crs, degrees).copy()
    for datum, rows in shifting:
        shapes[rows] = _unshift(shapes[rows], datum)
    return Positions(shapes, degrees)


def _outlined(options: LayerOptions) -> bool:
    """Return whether the positions of a table come from a file of outlines, joined by name."""
    return getattr(options, "shapes", None) is not None


def unplaced_severity(ledger: Ledger) -> Severity:
    """Return how bad an unknown place is: the row is set aside, or used without it."""
    return Severity.ERROR if ledger.raw.layer in POSITION_NEEDED else Severity.WARNING


def _unlocated(
    ledger: Ledger, rows: NDArray[np.bool_], column: str | None = None
) -> tuple[Problem, ...]:
    return tuple(
        ledger.problem(ProblemCode.GEOMETRY_MISSING, unplaced_severity(ledger), int(row), column)
        for row in np.flatnonzero(rows)
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


def _transform(shapes: Shapes, source: CRS, target: CRS) -> Shapes:
    if source.equals(target, ignore_axis_order=True):
        return shapes
    forward = way_between(source, target)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(forward.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shapely.force_2d(shapes), move)  # type: ignore[no-any-return]


def _unshift(shapes: Shapes, datum: str) -> Shapes:
    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    return shapely.transform(shapely.force_2d(shapes), move)  # type: ignore[no-any-return]


def reproject(positions: Positions, crs: str) -> Shapes:
    """Return the shapes in ``crs``; untouched where they are in it already."""
    return in_crs(positions, CRS.from_user_input(crs))


def in_crs(positions: Positions, crs: CRS) -> Shapes:
    """Return the shapes in ``crs``; as they are where no place is known."""
    return (
        positions.shapes
        if positions.crs is None
        else _transform(positions.shapes, positions.crs, crs)
    )
