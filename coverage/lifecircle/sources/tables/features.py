"""Features of any source: which reader a file's ending or a database's URL asks for."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.archives import ARCHIVES, unpacked
from lifecircle.sources.database import is_database
from lifecircle.sources.guards import check_content, refused
from lifecircle.sources.osm_file import is_overpass
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.choice import Wanted
from lifecircle.sources.tables.drawing import read_drawing
from lifecircle.sources.tables.postgis_extra import postgis
from lifecircle.sources.tables.vector import read_shapefile, read_vector
from lifecircle.sources.xml_files import XML_SUFFIXES, in_utf8

if TYPE_CHECKING:
    from lifecircle.sources.tables.choice import Asked

__all__ = ["FEATURE_SUFFIXES", "read_feature_tables", "read_features"]

_PARQUET = (".parquet", ".geoparquet")
_DATA_SETS = (
    ".gpkg",
    ".geojson",
    ".json",
    ".geojsonl",
    ".geojsons",
    ".shp",
    ".gdb",
    ".fgb",
    ".kml",
    ".gml",
    ".gpx",
    ".tab",
    ".mif",
    ".dxf",
    *_PARQUET,
)
FEATURE_SUFFIXES = (*_DATA_SETS, *ARCHIVES)
"""Endings of files that hold features; ``.gdb`` is a folder."""
_MAPINFO = (".tab", ".mif")
_BESIDE = (".xsd",)
"""What is copied with a GML file."""


def read_features(
    source: Path | str,
    layer: str | None = None,
    encoding: str | None = None,
    *,
    lines: bool = False,
) -> dict[str, Any]:
    """Return the fields of a RawTable from one layer of a file or database.

    Parameters
    ----------
    source
        A file with one of :data:`FEATURE_SUFFIXES`, or a PostGIS database's URL.
    layer
        Layer, table, or data set of an archive; default the first.
    encoding
        Encoding of the text, for formats that do not fix it.
    lines
        Prefer, without ``layer``, the first layer that may hold lines. The geometry of one that
        holds nothing else may be :class:`lifecircle.sources.geopackage.PlainLines`.

    Raises
    ------
    SourceError
        The source is refused, is not there, has no such layer, or needs an extra.
    """
    return _tables(source, layer, encoding, None if lines else Wanted())[0]


def read_feature_tables(
    source: Path | str, asked: Asked, encoding: str | None, wanted: Wanted
) -> list[dict[str, Any]]:
    """Return the fields of a RawTable of each layer of a file or database that is to be read.

    Parameters
    ----------
    asked
        Layers, tables, or the data set of an archive; default those with the wanted columns.
    wanted
        The columns to choose by.

    Raises
    ------
    SourceError
        As :func:`read_features`.
    """
    return _tables(source, asked, encoding, wanted)


def _check_parts(path: Path, *, columns: bool) -> None:
    """Refuse a shapefile of which only some files were handed on.

    ``columns``: whether what its .dbf says is needed, beside the shapes.
    """
    there = {p.suffix.lower() for p in path.parent.iterdir() if p.stem.lower() == path.stem.lower()}
    for part in (".shx", ".dbf") if columns else (".shx",):
        if part not in there:
            detail = f"no_{part.removeprefix('.')}"
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail=detail)


def _tables(
    source: Path | str, asked: Asked, encoding: str | None, wanted: Wanted | None
) -> list[dict[str, Any]]:
    one = asked if isinstance(asked, str) else None
    if isinstance(source, str):
        if not is_database(source):
            raise SourceError(ProblemCode.FORMAT_UNKNOWN, suffix=source)
        return [postgis().read_postgis(source, one)]
    suffix = source.suffix.lower()
    if suffix not in FEATURE_SUFFIXES and not suffix and not source.exists():
        raise SourceError(ProblemCode.FILE_MISSING)  # Windows hides the ending: 小区 for 小区.xlsx
    if suffix not in FEATURE_SUFFIXES:
        raise SourceError(ProblemCode.FORMAT_UNKNOWN, suffix=source.suffix or source.name)
    if not (source.is_dir() if suffix == ".gdb" else source.is_file()):
        raise SourceError(ProblemCode.FILE_MISSING)
    if suffix == ".shp":
        _check_parts(source, columns=wanted is not None)
    check_content(source)
    if is_overpass(source):
        raise refused("overpass")
    if suffix in ARCHIVES:
        with unpacked(source, one, frozenset(_DATA_SETS)) as (inner, named):
            return _tables(inner, None if named else asked, encoding, wanted)
    return _read_file(source, asked, encoding, wanted)


def _read_file(
    source: Path, asked: Asked, encoding: str | None, wanted: Wanted | None
) -> list[dict[str, Any]]:
    suffix = source.suffix.lower()
    if suffix in _PARQUET:
        from lifecircle.sources.tables.parquet import read_parquet  # noqa: PLC0415 - loads pyarrow

        return [read_parquet(source)]
    if suffix == ".shp":
        return [read_shapefile(source, encoding)]
    if suffix in XML_SUFFIXES:
        with in_utf8(source) as read:
            return _read_xml(read, asked, wanted)
    if suffix == ".dxf":
        return read_drawing(source, asked, encoding, wanted)
    tables = read_vector(source, asked, encoding if suffix in _MAPINFO else None, wanted)
    if suffix == ".mif":
        _check_mid(source, sum(len(fields["frame"]) for fields in tables))
    return tables


def _check_mid(path: Path, shapes: int) -> None:
    """Refuse an exchange file of MapInfo's whose table has more rows than there are objects."""
    table = next(
        (p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".mid"), None
    )
    rows = [] if table is None else table.read_bytes().splitlines()
    records = sum(bool(row.strip(b" \t\x1a")) for row in rows)
    if records > shapes:
        raise SourceError(ProblemCode.SHAPES_DIFFER, records=records, shapes=shapes)


def _read_xml(source: Path, asked: Asked, wanted: Wanted | None) -> list[dict[str, Any]]:
    if source.suffix.lower() == ".gml":
        # GDAL writes what it learnt about a GML file beside it: not into the planner's folder
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / source.name
            shutil.copyfile(source, copy)
            for beside in (source.with_suffix(s) for s in _BESIDE):
                if beside.is_file():
                    shutil.copyfile(beside, copy.with_suffix(beside.suffix))
            return read_vector(copy, asked, None, wanted, {"DOWNLOAD_SCHEMA": "NO"})
    return read_vector(source, asked, None, wanted)
