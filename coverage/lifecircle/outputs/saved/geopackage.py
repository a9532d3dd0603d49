"""``assessment.gpkg``: every layer and table of an Assessment, styled for QGIS."""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing, contextmanager
from functools import cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.reason import Reason
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.model.results.settlement import PROVISION_COLUMNS, REMEDY_COLUMNS, STAGE_COLUMNS
from lifecircle.outputs.saved.files import REASON_COLUMNS
from lifecircle.outputs.saved.gpkg.packed_lines import is_packed, write_packed
from lifecircle.outputs.saved.gpkg.shared_texts import SHARED, write_shared
from lifecircle.outputs.saved.gpkg.verified import IncompleteError, verify_whole
from lifecircle.outputs.saved.json_text import plain
from lifecircle.outputs.saved.qgis_styles import style_rows
from lifecircle.outputs.whole import refused_by_library, whole_file
from lifecircle.outputs.words.banners import banner_lines, named_future
from lifecircle.outputs.words.showing import doubts_of, headline, with_doubts
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment

__all__ = [
    "PROBLEM_COLUMNS",
    "encode_reason",
    "fixed_clock",
    "layer_frame",
    "table_frames",
    "write_geopackage",
]

PROBLEM_COLUMNS = (
    "code",
    "severity",
    "params",
    "layer",
    "file",
    "sheet",
    "row",
    "cell",
    "column",
    "value",
)
"""Columns of the table ``problems``; ``params`` is JSON text."""

_NUMBERS = frozenset(
    {
        "households",
        "population",
        "elders",
        "radius_m",
        "radius_share",
        "walk_min",
        "walk_m",
        "walk_share",
        "access_m",
        "network_m",
        "egress_m",
        "snap_m",
        "required_m2",
        "own_m2",
        "recorded_m2",
        "arrangeable_m2",
        "deficit_m2",
        "deficit_if_arranged_m2",
        "floor_area_m2",
        "community_area_m2",
        "quota_m2_low",
        "quota_m2_high",
        "beds",
        "nursing_beds",
        "family_beds",
        "star",
        "areas",
        "facilities",
        "compliant",
        "deficient",
        "not_assessed",
        "rate",
        "threshold",
        "detour",
        "measured",
        "required",
        "margin",
        "margin_m",
        "distance_m",
        "lon",
        "lat",
        "facility_lon",
        "facility_lat",
        "opened_walk_m",
        "opened_walk_min",
        "length_m",
        "steps_m",
        "ferry_m",
        "open_gate_walk_m",
        "walk_share_error",
        "m2",
        "rank",
        "unknown",
        "days_late",
        "tolerance_days",
        "surplus_m2",
        "unassigned_m2",
        "built_year",
        "deficit",
        "low",
        "high",
        "row",
    }
)
"""Columns that hold numbers; needed only where a table is empty and its values cannot tell."""
_VERSION = {"VERSION": "1.3"}
"""Of the format: a later one makes QGIS before 2024 warn of every layer."""
_BOOLEANS = frozenset({"illustrative", "m2_for_reference", "open", "by_ferry"})
_GEOMETRY_TYPES = {
    "facilities": "Point",
    "gates": "Point",
    "gate_effects": "Point",
    "close_calls": "Point",
    "streets": "LineString",
    "service_areas": "MultiPolygon",
    "reached_streets": "MultiLineString",
    "routes": "LineString",
}
"""Geometry type of an empty layer; Unknown (any) for the others."""


def write_geopackage(assessment: Assessment, path: Path) -> Path:
    """Write the layers and tables of ``assessment`` to the GeoPackage ``path``.

    NaN becomes NULL, infinity stays; ``flags`` are joined by ";", reasons are JSON text.
    ``findings`` and ``reach`` are views of their rows and of what comes again in them; lines of
    very many vertices are packed.
    Every file time is the assessment's date, so that equal results are equal bytes.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    names = [*LAYER_COLUMNS, *(n for n in assessment.layers if n not in LAYER_COLUMNS)]
    tables = table_frames(assessment)
    described = _description(assessment)
    with whole_file(path) as part, fixed_clock(assessment.as_of):
        try:
            packed: dict[str, gpd.GeoDataFrame] = {}
            styles = style_rows(assessment)
            rows = {name: len(table) for name, table in {**tables, "layer_styles": styles}.items()}
            for name in names:
                frame = layer_frame(assessment, name)
                rows[name] = len(frame)
                if is_packed(frame):
                    packed[name] = frame
                    continue
                pyogrio.write_dataframe(
                    frame,
                    part,
                    layer=name,
                    driver="GPKG",
                    geometry_type=_geometry_type(frame, name),
                    layer_options=described,
                    dataset_options=_VERSION if name == names[0] else None,
                )
            for name, table in tables.items():
                if name in SHARED:
                    continue
                pyogrio.write_dataframe(
                    table, part, layer=name, driver="GPKG", layer_options=described
                )
            pyogrio.write_dataframe(
                styles,
                part,
                layer="layer_styles",
                driver="GPKG",
                layer_options={"FID": "id"},
            )
            with closing(sqlite3.connect(part)) as connection, connection:
                # the file is written beside its name: a broken one is thrown away
                connection.execute("PRAGMA synchronous = OFF")
                day, banners = assessment.as_of, described.get("DESCRIPTION", "")
                said = Wording.of(assessment).say("packed_layer")
                for name, layer in packed.items():
                    about = "\n".join(filter(None, (banners, said)))
                    write_packed(connection, name, layer, day, about)
                for name in SHARED:
                    write_shared(connection, name, tables[name], day, banners)
            verify_whole(part, rows)
        except (*_REFUSALS, sqlite3.Error, IncompleteError) as error:
            raise refused_by_library(path, error) from error
    return path


_REFUSALS = (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError)


def _description(assessment: Assessment) -> dict[str, str]:
    """Return the layers' description, which QGIS shows as abstract: that it is a scenario.

    Or that positions look like another datum; and on whose figures the headline rests, after
    which the areas are coloured.
    """
    words = Wording.of(assessment)
    headed = named_future(assessment, words) is not None or "datum_doubted" in assessment.banners
    lines = banner_lines(assessment, words) if headed else []
    first = headline(assessment)
    if first is not None and doubts_of((first,), words):
        lines.append(with_doubts(f"{first.id} {words.title(first.title)}", first, words))
    return {"DESCRIPTION": "\n".join(lines)} if lines else {}


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_quoted = cache(encode_basestring)


def encode_reason(value: Any) -> str | None:
    """Return a Reason as the JSON text of a table cell; text stays, nothing is None.

    JSON has no infinity: it is written ``9e999``, as SQLite does, which every reader of doubles
    reads back as infinity.
    """
    if not isinstance(value, Reason):
        return None if value is None or pd.isna(value) else str(value)
    params = value.params
    told = []
    for name in sorted(params):
        one = params[name]
        if type(one) is str:
            told.append(f"{_quoted(name)}: {encode_basestring(one)}")
        elif type(one) is float and math.isfinite(one):
            told.append(f"{_quoted(name)}: {one!r}")
        else:
            break
    else:
        # nearly every one of the tens of thousands of a county, as the encoder writes it
        return f'{{"code": {_quoted(str(value.code))}, "params": {{{", ".join(told)}}}}}'
    marked = {k: _mark_infinite(v) for k, v in params.items()}
    text = _ENCODER.encode({"code": str(value.code), "params": plain(marked)})
    return text.replace('"\\u0000-inf"', "-9e999").replace('"\\u0000inf"', "9e999")


def _mark_infinite(value: Any) -> Any:
    if isinstance(value, float) and math.isinf(value):
        return "\0inf" if value > 0 else "\0-inf"
    return [_mark_infinite(v) for v in value] if isinstance(value, list | tuple) else value


@contextmanager
def fixed_clock(day: dt.date) -> Iterator[None]:
    """Let GDAL stamp ``day`` instead of now, and skip waiting for the disk on every table."""
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": f"{day.isoformat()}T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    )
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None, "OGR_SQLITE_SYNCHRONOUS": None})


def table_frames(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Return the tables without geometry, in types that a database holds."""
    return {
        "reach": _table(assessment.reach, REACH_TABLE_COLUMNS),
        "allocation": _table(assessment.allocation, ALLOCATION_COLUMNS),
        "findings": _table(assessment.findings, FINDING_COLUMNS),
        "provision": _table(assessment.provision, PROVISION_COLUMNS),
        "remedies": _table(assessment.remedies, REMEDY_COLUMNS),
        "stages": _table(assessment.stages, STAGE_COLUMNS),
        "problems": _problem_table(assessment.problems),
    }


def layer_frame(assessment: Assessment, name: str) -> gpd.GeoDataFrame:
    """Return one layer, in types that a database holds; ``id`` a column, all columns there."""
    columns = LAYER_COLUMNS.get(name, ())
    frame = assessment.layers.get(name)
    if frame is None:
        return gpd.GeoDataFrame(
            _table(pd.DataFrame(), ("id", *columns)), geometry=[], crs=assessment.crs
        )
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(names="id")
    crs = frame.crs if frame.crs is not None else assessment.crs
    shapes = np.array(frame.geometry.array, dtype=object)
    return gpd.GeoDataFrame(_table(rows, ("id", *columns)), geometry=shapes, crs=crs)


def _geometry_type(frame: gpd.GeoDataFrame, name: str) -> str:
    """Return the one geometry type of a layer, or Unknown where types are mixed.

    Single and multi geometries of one kind are written as multi, so that a layer of areas opens
    as one layer in QGIS.
    """
    found = frame.geometry.dropna()
    if found.empty:
        return _GEOMETRY_TYPES.get(name, "Unknown")
    types = set(found.geom_type)
    single = {t.removeprefix("Multi") for t in types}
    if len(single) > 1 or shapely.has_z(found.array).any():
        return "Unknown"
    return types.pop() if len(types) == 1 else f"Multi{single.pop()}"


def _table(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return ``frame`` in types a GeoPackage holds: the named columns first, then the others."""
    order = [*columns, *(c for c in frame.columns if c not in set(columns))]
    return pd.DataFrame(
        {
            name: _column(name, frame[name] if name in frame else pd.Series(index=frame.index))
            for name in order
        },
        index=frame.index,
    ).reset_index(drop=True)


def _column(name: str, values: pd.Series[Any]) -> pd.Series[Any]:
    if name in REASON_COLUMNS:
        return _encoded(values)
    if name == "flags":
        joined: dict[tuple[Any, ...], str] = {}  # a county's findings have few kinds of them
        told = [
            joined.get(flags) or joined.setdefault(flags, ";".join(map(str, flags)))
            for flags in map(tuple, values)
        ]
        return pd.Series(told, index=values.index, dtype="str")
    if name in _BOOLEANS or (pd.api.types.is_bool_dtype(values) and len(values)):
        return values.astype("boolean")
    if name in _NUMBERS or (pd.api.types.is_numeric_dtype(values) and len(values)):
        return pd.to_numeric(values).astype("float64")
    if isinstance(values.dtype, pd.StringDtype):
        return values.astype("str")
    gone = values.isna().to_numpy(dtype=bool)
    texts = [None if none else str(v) for v, none in zip(values, gone, strict=True)]
    return pd.Series(texts, index=values.index, dtype="str")


def _encoded(reasons: pd.Series[Any]) -> pd.Series[Any]:
    """Return reasons as cells hold them; one that many rows share is one object, encoded once."""
    given = reasons.tolist()
    told = {key: encode_reason(one) for key, one in {id(one): one for one in given}.items()}
    return pd.Series([told[id(one)] for one in given], index=reasons.index, dtype="str")


def _problem_table(problems: Iterable[Problem]) -> pd.DataFrame:
    rows = [
        {
            **p.to_json(),
            "params": json.dumps(plain(p.params), ensure_ascii=False, sort_keys=True),
        }
        for p in problems
    ]
    return _table(pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS)), PROBLEM_COLUMNS)
