"""Streets of a line layer: GeoPackage, shapefile, GeoJSON, KML, whatever GDAL opens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.contents import Contents
from lifecircle.model.inputs.datums import DATUM_HEADERS
from lifecircle.model.inputs.street_words import drawn_class, is_class
from lifecircle.model.inputs.streets import TAGS
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.geopackage import PlainLines
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.layer_tags import LayerTags, layer_tags
from lifecircle.sources.streets.lines import (
    BARRIER_TAGS,
    STATE_TAGS,
    StreetSource,
    barrier_frame,
    barrier_kind,
    first_values,
    gate_kind,
    is_street,
    pack_courses,
    post_frame,
    state_with_days,
)
from lifecircle.sources.tables.features import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["read_layer_streets"]

_LINES = (1, 2, 5)  # LineString, LinearRing, MultiLineString
_MULTI_LINE = 5
_AREAS = (3, 6)  # Polygon, MultiPolygon
_POINT = 0
_SEVERAL = 2
_LAYER_HEADERS = frozenset(
    fold(name)
    for name in ("Layer", "图层", "图层名", "图层名称", "所在图层", "CAD图层", "CAD_Layer")
)
"""Columns that name the layers of a drawing turned into a GIS layer."""


def read_layer_streets(path: Path | str, layer: str | None = None) -> StreetSource:
    """Read the lines of one layer or table, every vertex for itself (``joined`` is False).

    ``layer`` defaults to the first that may hold lines. Tags are those of
    :func:`lifecircle.sources.streets.layer_tags.layer_tags`. Where ``highway`` or ``route`` is
    filled in for any row, rows that are neither street nor ferry are no streets (an OSM line layer
    also holds rivers and borders); where both are absent, every line is a street, of the class
    that a column or, in a drawing of several layers, the name of its layer tells. Areas with a
    ``highway`` are walked along their outline; points with a ``barrier`` are posts.

    Raises
    ------
    SourceError
        The file has no such layer, no layer at all, or no geometry.
    RuntimeError
        GDAL cannot open the file.
    """
    found = read_features(path, layer, lines=True)
    if found["geometry"] is None:
        raise SourceError(ProblemCode.GEOMETRY_TYPE, found="-", expected="LineString")
    if isinstance(found["geometry"], PlainLines):
        return _of_plain_lines(found)
    shapes = found["geometry"].copy()
    if shapely.has_z(shapes).any():
        shapes = shapely.force_2d(shapes)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    told = layer_tags(found["frame"], cut=bool(found.get("header_bytes")))
    lines = np.isin(kinds, _LINES) & ~empty
    told, drawn = _drawing(path, layer, found["frame"], told, lines)
    square = np.isin(kinds, _AREAS) & ~empty & told.has("highway") & told.tagged
    if square.any():
        shapes[square] = shapely.boundary(shapes[square])
        told = told.with_tag("area", square, "yes")
    post = (kinds == _POINT) & ~empty & told.has("barrier")
    lines |= square
    return StreetSource(
        lines=_packed(found["crs"] or "", shapes, told, lines, post),
        joined=False,
        empty_rows=tuple((np.flatnonzero(empty) + 1).tolist()),
        other_geometries=tuple(sorted({s.geom_type for s in shapes[~lines & ~empty & ~post]})),
        unread=told.unread,
        drawn=drawn,
        datums=_datum_words(found["frame"]),
        objects=found.get("unread", ()),
        contents=_contents(found),
    )


def _of_plain_lines(found: Mapping[str, Any]) -> StreetSource:
    """Return the streets of a layer in which nothing stands but lines."""
    told, lines = layer_tags(found["frame"]), found["geometry"]
    every = np.ones(told.count, dtype=bool)
    told, drawn = _drawing("", None, found["frame"], told, every)
    return StreetSource(
        lines=_packed(found["crs"] or "", lines, told, every, ~every),
        joined=False,
        unread=told.unread,
        drawn=drawn,
        datums=_datum_words(found["frame"]),
        contents=_contents(found),
    )


def _contents(found: Mapping[str, Any]) -> Contents | None:
    """Return what was read of a file of several layers, or of a database."""
    contents = found.get("contents")
    if contents is None and found.get("sheet"):
        return Contents(read=(str(found["sheet"]),))
    return contents


def _datum_words(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the words of the columns that say the datum row by row."""
    found = [frame[name] for name in frame if fold(str(name)) in DATUM_HEADERS]
    words = dict.fromkeys(str(v).strip() for column in found for v in column.dropna())
    return tuple(word for word in words if word)


def _packed(
    crs: str,
    shapes: NDArray[np.object_] | PlainLines,
    told: LayerTags,
    lines: NDArray[np.bool_],
    post: NDArray[np.bool_],
) -> StreetLines:
    """Return the streets among the rows, and the barriers and posts."""
    of_kind, rows = told.kinds(("highway", "route"))
    street = np.array([is_street(row) or not told.tagged for row in rows], bool)[of_kind] & lines
    xy, count, row_of = _courses(shapes, street)
    places = zip(np.flatnonzero(post).tolist(), _shapes(shapes, post), strict=True)
    posts = [(told.row(row), place) for row, place in places]
    gates = [(kind, tags.get("name"), at) for tags, at in posts if (kind := gate_kind(tags))]
    return pack_courses(
        crs,
        xy,
        np.arange(len(xy)),
        count,
        _tag_frame(told, np.flatnonzero(street)[row_of]),
        barrier_frame(_barriers(told, shapes, lines), crs),
        gates=barrier_frame(gates, crs),
        posts=post_frame(posts, crs),
    )


def _courses(
    shapes: NDArray[np.object_] | PlainLines, rows: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the vertices of the single lines of some rows, how many each has, and its row."""
    if isinstance(shapes, PlainLines):
        lines = shapes.of(rows)
        return lines.xy, lines.count, np.arange(len(lines.count))
    parts, row_of = shapes[rows], np.arange(np.count_nonzero(rows))
    # taking apart copies every line, and most layers have single lines alone
    if (shapely.get_type_id(parts) == _MULTI_LINE).any():
        parts, row_of = shapely.get_parts(parts, return_index=True)
    xy, part_of = shapely.get_coordinates(parts, return_index=True)
    return xy, np.bincount(part_of, minlength=len(parts)), row_of


def _shapes(
    shapes: NDArray[np.object_] | PlainLines, rows: NDArray[np.bool_]
) -> NDArray[np.object_]:
    return shapes.shapes(rows) if isinstance(shapes, PlainLines) else shapes[rows]


def _tag_frame(told: LayerTags, numbers: NDArray[np.int64]) -> pd.DataFrame:
    """Return the columns ``TAGS`` of some rows; ``state`` as told, else by life-cycle tags."""
    kind, rows = told.kinds((*STATE_TAGS, "highway", "state", "days"))
    states = np.array([state_with_days(row) for row in rows], dtype=object)
    nothing = np.full(len(numbers), None, dtype=object)  # one for all tags that no row has
    columns = {
        tag: told.columns[tag][numbers] if tag in told.columns else nothing for tag in TAGS
    } | {"state": states[kind][numbers] if any(states) else nothing}
    for column in columns.values():
        column.flags.writeable = False
    series = {tag: pd.Series(w, dtype=object, copy=False) for tag, w in columns.items()}
    return pd.DataFrame(series, copy=False)


def _barriers(
    told: LayerTags, shapes: NDArray[np.object_] | PlainLines, lines: NDArray[np.bool_]
) -> list[tuple[str, str | None, Any]]:
    """Return kind, name and shape of the lines that bar the way, in the order of the rows."""
    kind, rows = told.kinds((*BARRIER_TAGS, "bridge", "tunnel", "highway", "motorroad", "foot"))
    bars = [barrier_kind(first_values(row)) for row in rows]
    barring = np.array([bar is not None for bar in bars], bool)[kind] & lines
    names, found = told.told("name")[barring], _shapes(shapes, barring)
    return [
        (str(bars[of]), name, shape)
        for of, name, shape in zip(kind[barring].tolist(), names, found, strict=True)
    ]


def _drawing(
    path: Path | str,
    layer: str | None,
    frame: pd.DataFrame,
    told: LayerTags,
    lines: NDArray[np.bool_],
) -> tuple[LayerTags, tuple[tuple[str, int, str], ...]]:
    """Give the lines of a drawing the class their layer's name tells; return the layers too.

    A drawing that was turned into a GIS layer keeps the names in a column, where a line's own
    class goes before what its drawing layer says, unless that is no street.
    """
    dxf = not isinstance(path, str) and path.suffix.lower() == ".dxf"
    column = _layer_column(frame, dxf=dxf)
    if column is None or (layer is not None if dxf else told.tagged):
        return told, ()
    names = frame[column].fillna("").astype(str)
    counts = names[lines].value_counts(sort=False)
    classes = {name: drawn_class(name) for name in counts.index}
    if len(counts) < _SEVERAL or not (dxf or any(c != name for name, c in classes.items())):
        return told, ()
    drawn = np.array([classes.get(name) for name in names], dtype=object)
    given = lines if dxf else lines & ~(told.has("highway") & (drawn != "no"))
    told = told.with_tag("highway", given, drawn[given])
    told = replace(told, unread=tuple(name for name in told.unread if name != column))
    return told, _sorted_layers(classes, counts)


def _sorted_layers(
    classes: Mapping[str, str], counts: pd.Series
) -> tuple[tuple[str, int, str], ...]:
    """Return the layers of a drawing, how many lines each has, and what they were taken for."""
    words = {"no": "no", "road": "street"}
    return tuple(
        (str(name), int(counts[name]), words.get(kind, "street" if is_class(kind) else "unknown"))
        for name, kind in sorted(classes.items())
    )


def _layer_column(frame: pd.DataFrame, *, dxf: bool) -> str | None:
    """Return the column that names the layers of a drawing; None where there is none."""
    if dxf:
        return "Layer" if "Layer" in frame else None
    return next((str(name) for name in frame if fold(str(name)) in _LAYER_HEADERS), None)
