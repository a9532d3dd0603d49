"""Streets of a line layer: GeoPackage, shapefile, GeoJSON, KML, whatever GDAL opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.model.inputs.streets import TAGS
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.lines import (
    BARRIER_TAGS,
    StreetSource,
    barrier_frame,
    barrier_kind,
    is_street,
    pack_lines,
    tag_frame,
)
from lifecircle.sources.tables.features import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["read_layer_streets"]

_SPELLINGS = {
    "highway": ("highway", "fclass"),  # fclass: the shapefiles cut from OSM by country
    "osm_id": ("osm_id", "osmid", "osm_way_id"),
    "name": ("name", "名称", "道路名称", "道路名", "路名"),
}
"""Other names of a column, after folding case."""

_LINES = (1, 2, 5)  # LineString, LinearRing, MultiLineString
_NO = frozenset({"", "f", "false", "0", "none", "nan"})
_YES = frozenset({"t", "true", "1"})


def read_layer_streets(path: Path | str, layer: str | None = None) -> StreetSource:
    """Read the lines of one layer or table, every vertex for itself (``joined`` is False).

    ``layer`` defaults to the first that may hold lines. Tags are taken from the columns of their
    names. Where ``highway`` or ``route`` is filled in for any row, rows that are neither street
    nor ferry are no streets (an OSM line layer also holds rivers and borders); where both are
    absent, every line is a street.

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
    shapes = shapely.force_2d(found["geometry"])
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    lines = np.isin(shapely.get_type_id(shapes), _LINES) & ~empty

    rows = _tags(found["frame"])
    tagged = any(row.get("highway") or row.get("route") for row in rows)
    street = np.array([is_street(row) or not tagged for row in rows], bool) & lines
    crs = found["crs"] or ""

    parts, row_of = shapely.get_parts(shapes[street], return_index=True)
    xy, part_of = shapely.get_coordinates(parts, return_index=True)
    ways = np.split(np.arange(len(xy)), np.flatnonzero(np.diff(part_of)) + 1) if len(xy) else []
    numbers = np.flatnonzero(street)[row_of]
    barriers = [
        (kind, row.get("name"), shape)
        for row, shape, line in zip(rows, shapes, lines, strict=True)
        if line and (kind := barrier_kind(row))
    ]
    return StreetSource(
        lines=pack_lines(
            crs, xy, ways, tag_frame([rows[i] for i in numbers]), barrier_frame(barriers, crs)
        ),
        joined=False,
        empty_rows=tuple((np.flatnonzero(empty) + 1).tolist()),
        other_geometries=tuple(sorted({s.geom_type for s in shapes[~lines & ~empty]})),
    )


def _tags(frame: pd.DataFrame) -> list[dict[str, str | None]]:
    """Return the tags of every row that streets have."""
    columns = _columns(frame.columns.tolist())
    cells = [frame[column].tolist() for column in columns.values()]
    return [
        {tag: _text(tag, column[i]) for tag, column in zip(columns, cells, strict=True)}
        for i in range(len(frame))
    ]


def _columns(fields: list[str]) -> Mapping[str, str]:
    """Return tag → the layer's column that holds it."""
    folded = {field.casefold(): field for field in reversed(fields)}
    return {
        tag: folded[found]
        for tag in (*TAGS, *BARRIER_TAGS)
        if (found := next((s for s in _SPELLINGS.get(tag, (tag,)) if s in folded), None))
    }


def _text(tag: str, value: Any) -> str | None:
    """Return a cell as an OSM tag's text: no blanks, no ``123.0``, no T and F."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    if tag in {"bridge", "tunnel"}:
        return None if text.casefold() in _NO else "yes" if text.casefold() in _YES else text
    return None if text.casefold() in {"", "nan", "none"} else text
