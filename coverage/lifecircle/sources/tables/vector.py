"""Vector files that GDAL opens, as raw features; shapefiles with the encoding they hide."""

from __future__ import annotations

import codecs
import datetime as dt
import warnings
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.flatgeobuf import features_of_flatgeobuf
from lifecircle.sources.geojson import JSON_SUFFIXES, check_geojson
from lifecircle.sources.geopackage import plain_lines, rows_of_geopackage
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.choice import ALL, Candidate, choose
from lifecircle.sources.tables.header import unused
from lifecircle.sources.tables.kml import KML, hidden_folders, hidden_places, unused_of_kml
from lifecircle.sources.tables.shapefile.carried import read_note
from lifecircle.sources.tables.shapefile.dbf import DbfTable, shapefile_encoding
from lifecircle.sources.tables.shapefile.prj import crs_text, readable_shapefile
from lifecircle.sources.xml_files import XML_SUFFIXES, features_of_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.sources.geopackage import PlainLines
    from lifecircle.sources.tables.choice import Asked, Wanted

__all__ = ["plain_columns", "read_shapefile", "read_vector"]

_HEADER_BYTES = 10
_POINTS_OF_GPX = ("route_points", "track_points")
"""Layers of the points that routes and tracks of a GPX file run through."""
_INDEX_HEAD, _INDEX_ENTRY = 100, 8
"""Bytes of an .shx file: before its entries, and of each."""


def _same(value: str) -> str:
    return value


def read_vector(
    path: Path,
    asked: Asked,
    encoding: str | None = None,
    wanted: Wanted | None = None,
    options: Mapping[str, str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Return the fields of a RawTable of each layer of a file that is to be read.

    Parameters
    ----------
    asked
        The layers the study names, if it does.
    wanted
        The columns to choose by; None for the first layer that may hold lines, whose geometry
        may then be :class:`PlainLines`.
    options
        GDAL's for opening the file.
    """
    if path.suffix.lower() in JSON_SUFFIXES:
        check_geojson(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks; what matters is checked by intake
        layers = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(path)]
        _check_held(path, [name for name, _ in layers], options)
        if wanted is None and asked is None:
            asked = _linear(layers)
        try:
            contents = choose(_candidates(path, layers, asked, encoding, wanted, options), asked)
            lines = wanted is None
            found = [
                _read(path, name, encoding, _same, options, lines=lines) for name in contents.read
            ]
        except UnicodeDecodeError as error:  # MapInfo: text in another charset than declared
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="charset") from error
    several = len(layers) > 1 or (asked is not None and wanted is not None)
    return [
        fields | ({"sheet": name, "contents": contents} if several else {"sheet": None})
        for name, fields in zip(contents.read, found, strict=True)
    ]


def _check_held(path: Path, layers: Sequence[str], options: Mapping[str, str]) -> None:
    """Refuse a file that holds more features than GDAL finds in all of its layers.

    Of the formats that say so themselves this is compared where a layer is read.
    """
    suffix = path.suffix.lower()
    if suffix == ".fgb":
        held = features_of_flatgeobuf(path)
        if held is None:
            raise SourceError(ProblemCode.FILE_UNREADABLE, detail="damaged")
    elif suffix in XML_SUFFIXES:
        held = features_of_xml(path)
    else:
        return
    found = sum(
        int(pyogrio.read_info(path, layer=name, force_feature_count=True, **options)["features"])
        for name in layers
        if not name.endswith(_POINTS_OF_GPX)
    )
    if held is not None and held > found:
        raise SourceError(ProblemCode.FEATURES_DAMAGED, count=held - found, rows=["?"])


def _linear(layers: Sequence[tuple[str, str]]) -> str | None:
    """Return the first layer that may hold lines; the first where none may."""
    linear = [name for name, kind in layers if "Line" in kind or kind == "Unknown"]
    return next(iter(linear or [name for name, _ in layers]), None)


def _candidates(
    path: Path,
    layers: Sequence[tuple[str, str]],
    asked: Asked,
    encoding: str | None,
    wanted: Wanted | None,
    options: Mapping[str, str],
) -> list[Candidate]:
    """Return the layers to choose from, with their columns and rows where these decide."""
    unseen = hidden_folders(path) if path.suffix.lower() == ".kml" else frozenset()
    if len(layers) == 1 or (wanted is not None and asked not in {None, ALL}):
        return [Candidate(name, name in unseen) for name, _ in layers]
    if wanted is None:
        return [_of_lines(path, name, kind, options) for name, kind in layers]
    found = []
    for name, _ in layers:
        info = pyogrio.read_info(
            path, layer=name, encoding=encoding, force_feature_count=True, **options
        )
        fields = [str(field) for field in info["fields"]]
        known, fits = wanted.known(fields), wanted.fits(fields)
        rows = int(info["features"])
        found.append(Candidate(name, name in unseen, rows, known, fits))
    return found


def _of_lines(path: Path, name: str, kind: str, options: Mapping[str, str]) -> Candidate:
    """Return a layer as one that may hold streets."""
    info = pyogrio.read_info(path, layer=name, force_feature_count=True, **options)
    return Candidate(name, rows=int(info["features"]), fits="Line" in kind)


def read_shapefile(path: Path, encoding: str | None) -> dict[str, Any]:
    """Return the fields of a RawTable from a shapefile.

    GDAL takes a .dbf without .cpg for Latin-1 and never complains. Its bytes are therefore
    passed through and decoded here; a character cut at the end of a full field is dropped. What is
    no number in a field of numbers is handed over as text.

    Raises
    ------
    SourceError
        Its table has not as many records as there are shapes: a row was deleted in a spreadsheet,
        and every later one would stand at another's place.
    """
    _check_counts(path)
    table = DbfTable.beside(path)
    found, said = shapefile_encoding(path, table) if encoding is None else (encoding, True)
    codecs.lookup(found)

    def decode(value: str) -> str:
        return codecs.getincrementaldecoder(found)("strict").decode(value.encode("latin-1"))

    with warnings.catch_warnings(), readable_shapefile(path) as (whole, prj):
        warnings.simplefilter("ignore")
        fields = _read(whole, None, "ISO-8859-1", decode, deleted=table.deleted)
    if prj is not None:
        fields["crs"] = crs_text(prj)
    headers = dict(enumerate(fields["frame"]))
    for number, cells in table.no_numbers(found).items():
        for row, text in cells.items():
            fields["frame"].iloc[row, number] = text
    return fields | {
        "full": {headers[number]: rows for number, rows in table.full(found).items()},
        "header_bytes": _HEADER_BYTES,
        "encoding": found,
        "say_encoding": not said,
        "deleted": table.deleted_texts(found),
    }


def _check_counts(path: Path) -> None:
    """Refuse shapes and records that are not as many; a record marked as deleted is one too."""
    beside = {p.suffix.lower(): p for p in path.parent.glob(f"{path.stem}.*")}
    table, index = beside.get(".dbf"), beside.get(".shx")
    if table is None or index is None:
        return
    with table.open("rb") as stream:
        head = stream.read(32)
    if len(head) < 32:  # noqa: PLR2004 - damaged: the reader will say so
        return
    start, length = (int.from_bytes(head[at : at + 2], "little") for at in (8, 10))
    there = (table.stat().st_size - start) // max(length, 1)
    records = min(int.from_bytes(head[4:8], "little"), max(there, 0))
    shapes = (index.stat().st_size - _INDEX_HEAD) // _INDEX_ENTRY
    if records != shapes:
        raise SourceError(ProblemCode.SHAPES_DIFFER, records=records, shapes=max(shapes, 0))


def _read(
    path: Path,
    layer: str | None,
    encoding: str | None,
    decode: Callable[[str], str],
    options: Mapping[str, str] = MappingProxyType({}),
    deleted: int = 0,
    *,
    lines: bool = False,
) -> dict[str, Any]:
    """Read one layer.

    Parameters
    ----------
    deleted
        Features that its file marks as such, counted and not there.
    lines
        Give its geometry as :class:`PlainLines` where it is no more than that.
    """
    info = pyogrio.read_info(path, layer=layer, encoding=encoding, **options)
    there = rows_of_geopackage(path, layer) if info["driver"] == "GPKG" else None
    if lines and there == info["features"] and (plain := plain_lines(path, layer, info)):
        frame, courses = plain
        return _fields(info, frame, courses)
    found = pyogrio.read_dataframe(
        path, layer=layer, encoding=encoding, use_arrow=False, on_invalid="ignore", **options
    )
    lost = max(info["features"], there or 0) - len(found) - deleted
    if lost > 0:  # GDAL counts -1 where it does not know
        raise SourceError(ProblemCode.FEATURES_DAMAGED, count=lost, rows=["?"])
    geometry = None
    if "geometry" in found.columns and hasattr(found, "geometry"):
        geometry = np.array(found.geometry, dtype=object)
        found = pd.DataFrame(found.drop(columns="geometry"))
    kinds = zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True)
    whole = {name for name, kind in kinds if kind.startswith(("int", "uint"))}
    hidden: frozenset[int] = frozenset()
    if info["driver"] in KML:
        hidden = hidden_places(found)
        found = found.drop(columns=unused_of_kml(found))
    frame = plain_columns(found, whole, decode)
    note = read_note(info["layer_metadata"], frame) if info["driver"] == "GPKG" else {}
    return _fields(info, frame, geometry, hidden) | note


def _fields(
    info: Mapping[str, Any],
    frame: pd.DataFrame,
    geometry: NDArray[np.object_] | PlainLines | None,
    hidden: frozenset[int] = frozenset(),
) -> dict[str, Any]:
    return {
        "hidden": hidden,
        "frame": frame,
        "rows": np.arange(1, len(frame) + 1, dtype=np.int64),
        "geometry": geometry,
        "crs": crs_text(info.get("crs")),
    }


def plain_columns(
    frame: pd.DataFrame, whole: set[str], decode: Callable[[str], str] = _same
) -> pd.DataFrame:
    """Return a frame of plain Python values, text stripped, missing ones None.

    Parameters
    ----------
    frame
        Columns as a reader gave them, without geometry.
    whole
        Names of the columns that hold whole numbers, though NULLs may have made them floats.
    decode
        Applied to names and text.
    """
    columns: dict[str, pd.Series[Any]] = {}
    for name, values in frame.items():
        if isinstance(values.dtype, pd.StringDtype):  # each word once, a street layer has few
            which, words = pd.factorize(values)
            texts = [decode(str(word)).strip() or None for word in words]
            read = np.array([*texts, None], dtype=object)[which]  # -1, missing, is the last
        else:
            read = _objects(_values(values, whole=str(name) in whole), decode)
        columns[unused(decode(str(name)), columns)] = pd.Series(read, dtype=object)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), dtype=object)


def _objects(plain: list[Any], decode: Callable[[str], str]) -> NDArray[np.object_]:
    """Return cells of any kind, their text decoded and stripped."""
    texts = {v: decode(v).strip() or None for v in plain if isinstance(v, str)}
    read = np.empty(len(plain), dtype=object)
    read[:] = [texts[v] if isinstance(v, str) else v for v in plain]
    return read


def _values(values: pd.Series[Any], *, whole: bool) -> list[Any]:
    """Return a column's plain Python values."""
    cells: list[Any] = values.to_numpy(dtype=object).tolist()  # text comes cell by cell else
    if values.dtype.kind in "iu":
        return cells
    return [v if type(v) is str else _value(v, whole=whole) for v in cells]


def _value(value: Any, *, whole: bool) -> Any:
    """Return a plain Python value; a whole-number field keeps whole numbers beside NULLs."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, np.bool_):
        return bool(value)
    if whole:
        return int(value)
    if isinstance(value, np.ndarray):  # a list of GeoJSON's
        value = value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, str | int | float | dt.date) else str(value)
