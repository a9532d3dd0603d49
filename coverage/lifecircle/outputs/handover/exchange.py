"""Layers for other systems: GBK shapefiles and a file geodatabase, each with a field dictionary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
import shapely

from lifecircle.model.cell import is_missing
from lifecircle.model.reason import Reason
from lifecircle.model.results.result_columns import LAYER_COLUMNS
from lifecircle.outputs.office.excel import (
    Column,
    fill_worksheet,
    first_worksheet,
    new_book,
    write_book,
)
from lifecircle.outputs.saved.geopackage import fixed_clock, layer_frame
from lifecircle.outputs.whole import refused_by_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["SHORT_NAMES", "meaning", "short_names", "write_geodatabase", "write_shapefiles"]

_LONGEST = 10
"""Bytes of a field's name in a shapefile."""
_WIDEST = 254
"""Bytes of a text in a shapefile."""
_IDENTIFIERS = "OPENFILEGDB_REPRODUCIBLE_UUID"
"""Option of GDAL: what a geodatabase lists is numbered instead of drawn by lot."""
_NOT_IN_GBK = {"m²": "㎡", "²": "2", "³": "3"}
"""Signs of ours that GBK lacks, and what it has instead."""
_KINDS = ("", "_pt", "_ln", "_pg")
"""End of a file's name where a layer has shapes of several kinds, by their dimension + 1."""
SHORT_NAMES = {
    "built_year": "built_year",
    "illustrative": "illustr",
    "radius_facility": "rad_fac",
    "radius_share": "rad_share",
    "radius_status": "rad_status",
    "walk_facility": "walk_fac",
    "walk_status": "walk_stat",
    "network_m": "network_m",
    "required_m2": "req_m2",
    "recorded_m2": "record_m2",
    "arrangeable_m2": "arrange_m2",
    "deficit_m2": "lack_m2",
    "deficit_if_arranged_m2": "lack_arr_m",
    "surplus_m2": "spare_m2",
    "m2_for_reference": "m2_refer",
    "counted_with": "count_with",
    "floor_area_m2": "floor_m2",
    "community_area_m2": "commun_m2",
    "quota_m2_low": "quota_low",
    "quota_m2_high": "quota_high",
    "unassigned_m2": "unassig_m2",
    "nursing_beds": "nurse_beds",
    "family_beds": "famil_beds",
    "reach_counts": "reach_cnt",
    "quota_counts": "quota_cnt",
    "reach_groups": "reach_grps",
    "reach_group": "reach_grp",
    "residential": "area_id",
    "not_assessed": "not_assess",
    "opened_walk_m": "open_wlk_m",
    "opened_walk_min": "open_wlk_t",
    "barrier_kind": "barr_kind",
    "distance_m": "distance_m",
    "facility_lon": "fac_lon",
    "facility_lat": "fac_lat",
    "households": "households",
    "population": "population",
    "facilities": "facilities",
    "unit_type": "unit_type",
}
"""Column → its name in a shapefile, where that is not its first ten letters."""
_DICTIONARY = [
    Column("field.file", 24),
    Column("field.name", 12),
    Column("field.column", 24),
    Column("field.type", 10),
    Column("field.unit", 10),
    Column("field.meaning", 70, wrap=True),
]
_UNITS = {"_m2": "m2", "_m": "m", "_min": "min", "lon": "°", "lat": "°"}


@dataclass(frozen=True, slots=True)
class _Part:
    """One file: shapes of one kind."""

    name: str
    layer: str
    frame: gpd.GeoDataFrame


def short_names(columns: list[str]) -> dict[str, str]:
    """Return column → field name of at most ten letters, each another one."""
    given: dict[str, str] = {}
    for column in columns:
        name = SHORT_NAMES.get(column, column[:_LONGEST])
        number = 1
        while name in given.values():
            number += 1
            name = f"{column[: _LONGEST - len(str(number)) - 1]}_{number}"
        given[column] = name
    return given


def write_shapefiles(assessment: Assessment, folder: Path, words: Wording) -> Path:
    """Write every layer that has rows as GBK shapefiles into ``folder``, and return it.

    A workbook beside them says what every field means and in which unit. A shapefile holds
    neither infinity nor long texts: what cannot be reached is empty, and the field of its status
    tells; texts end after 254 bytes.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[list[Any]] = []
    for part in _parts(assessment, words):
        names = short_names([str(c) for c in part.frame.columns if c != "geometry"])
        frame = _in_gbk(part.frame).rename(columns=names)
        path = folder / f"{part.name}.shp"
        _write(frame, path, "ESRI Shapefile", assessment, encoding="GBK")
        rows += _described(part, names, path.name, words)
    _write_dictionary(rows, folder / f"{words.say('file.fields')}.xlsx", assessment, words)
    return folder


def write_geodatabase(assessment: Assessment, path: Path, words: Wording) -> Path:
    """Write every layer that has rows into the file geodatabase ``path`` (a folder ending in .gdb).

    The dictionary of its fields stands beside it. A geodatabase gives itself new identifiers every
    time it is made: of all files it alone is not the same byte for byte.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    rows: list[list[Any]] = []
    for part in _parts(assessment, words):
        names = {str(c): str(c) for c in part.frame.columns if c != "geometry"}
        _write(part.frame, path, "OpenFileGDB", assessment, layer=part.name)
        rows += _described(part, names, part.name, words)
    beside = path.with_name(f"{path.stem}_{words.say('file.fields')}.xlsx")
    _write_dictionary(rows, beside, assessment, words)
    return path


def _write(
    frame: gpd.GeoDataFrame, path: Path, driver: str, assessment: Assessment, **how: Any
) -> None:
    with fixed_clock(assessment.as_of):
        pyogrio.set_gdal_config_options({_IDENTIFIERS: "YES"})
        try:
            pyogrio.write_dataframe(frame, path, driver=driver, promote_to_multi=None, **how)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError) as error:
            raise refused_by_library(path, error) from error
        finally:
            pyogrio.set_gdal_config_options({_IDENTIFIERS: None})


def _parts(assessment: Assessment, words: Wording) -> Iterator[_Part]:
    """Yield the layers with rows, those of mixed shapes in parts; words instead of codes."""
    for layer in LAYER_COLUMNS:
        frame = layer_frame(assessment, layer)
        frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
        if frame.empty:
            continue
        told = _told(frame, assessment, layer, words)
        dimension = shapely.get_dimensions(told.geometry.array)
        present = sorted(set(dimension.tolist()))
        for one in present:
            name = layer if len(present) == 1 else f"{layer}{_KINDS[one + 1]}"
            part = told[dimension == one]
            yield _Part(name, layer, _alike(part))


def _alike(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with single shapes made multiple where both occur."""
    kinds = set(frame.geometry.geom_type)
    if len(kinds) == 1:
        return frame
    frame = frame.copy()
    many = {1: shapely.MultiPoint, 2: shapely.MultiLineString, 3: shapely.MultiPolygon}
    made = []
    for shape in frame.geometry:
        parts = list(shapely.get_parts(shape))
        made.append(many[int(shapely.get_dimensions(shape)) + 1](parts))
    frame[frame.geometry.name] = made
    return frame


def _told(
    frame: gpd.GeoDataFrame, assessment: Assessment, layer: str, words: Wording
) -> gpd.GeoDataFrame:
    """Return a layer with reasons in words and answers as 1 and 0."""
    told = frame.copy()
    own = assessment.layers.get(layer)
    for column in told.columns:
        if column == told.geometry.name:
            continue
        if column in {"reason", "remedy"} and own is not None:
            by_id = {str(i): value for i, value in own[column].items()}
            told[column] = [_words(by_id.get(str(i)), words) for i in told["id"]]
        elif told[column].dtype == bool or set(map(type, told[column].dropna())) == {bool}:
            told[column] = [None if is_missing(v) else int(v) for v in told[column]]
    return told


def _words(value: Any, words: Wording) -> str | None:
    if isinstance(value, Reason):
        return words.reason(value)
    return None if is_missing(value) else words.remedy(value)


def _in_gbk(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame that a GBK shapefile can hold."""
    told = frame.copy()
    for column in told.columns:
        if column == told.geometry.name:
            continue
        if pd.api.types.is_float_dtype(told[column]):
            told[column] = told[column].where(~told[column].map(math.isinf))
        elif not pd.api.types.is_numeric_dtype(told[column]):
            told[column] = [_cut(v) for v in told[column]]
    return told


def _cut(value: Any) -> Any:
    if is_missing(value) or isinstance(value, int | float):
        return None if is_missing(value) else value
    told = str(value)
    for sign, instead in _NOT_IN_GBK.items():
        told = told.replace(sign, instead)
    return told.encode("gbk", "replace")[:_WIDEST].decode("gbk", "ignore")


def _described(
    part: _Part, names: dict[str, str], file: str, words: Wording
) -> Iterator[list[Any]]:
    for column, name in names.items():
        values = part.frame[column]
        numeric = pd.api.types.is_numeric_dtype(values) and values.notna().any()
        yield [
            file,
            name,
            column,
            words.say("field.number" if numeric else "field.text"),
            _unit(column, words),
            meaning(part.layer, column, words),
        ]


def _unit(column: str, words: Wording) -> str | None:
    for end, unit in _UNITS.items():
        if column.endswith(end):
            return unit if unit == "°" else words.word("unit", unit)
    return None


def meaning(layer: str, column: str, words: Wording) -> str:
    """Return what a column of a layer means: the dictionary's text, else a table's heading."""
    codes = (f"meaning.{layer}.{column}", f"meaning.{column}")
    known = next((code for code in codes if words.knows(code)), f"column.{column}")
    return words.say(known)


def _write_dictionary(
    rows: list[list[Any]], path: Path, assessment: Assessment, words: Wording
) -> None:
    book = new_book(assessment.study)
    fill_worksheet(first_worksheet(book, words.say("file.fields")), _DICTIONARY, rows, words)
    write_book(book, path, assessment.as_of)
