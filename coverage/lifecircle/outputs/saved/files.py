"""A saved Assessment as it lies in its folder: the JSON document and the GeoPackage's tables.

The two files together hold everything: ``assessment.json`` the clauses and what they rest on,
``assessment.gpkg`` whatever has one row a subject. Names and file layout are declared here, so
that what is written and what is read cannot drift apart.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
from pydantic import ValidationError

from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.results.assessment import SCHEMA
from lifecircle.model.results.result_columns import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.model.results.settlement import PROVISION_COLUMNS, REMEDY_COLUMNS, STAGE_COLUMNS
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.described import read_as
from lifecircle.outputs.saved.json_text import document_digest
from lifecircle.outputs.saved.refusals import mistakes, reason, refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

__all__ = ["GPKG_NAME", "JSON_NAME", "REASON_COLUMNS", "TABLES", "SavedAssessment", "read_saved"]

JSON_NAME = "assessment.json"
GPKG_NAME = "assessment.gpkg"
TABLES = ("reach", "allocation", "findings", "provision", "remedies", "stages", "problems")
"""Tables of the GeoPackage without geometry; every other one is a layer."""
REASON_COLUMNS = ("reason", "remedy")
"""Columns that hold a Reason each, as JSON text."""
_SHOWN = 40
"""Most characters of what stands for the schema number that a message shows."""
_TABLE_COLUMNS = {
    "reach": REACH_TABLE_COLUMNS,
    "allocation": ALLOCATION_COLUMNS,
    "findings": FINDING_COLUMNS,
    "provision": PROVISION_COLUMNS,
    "remedies": REMEDY_COLUMNS,
    "stages": STAGE_COLUMNS,
}


@dataclass(frozen=True, slots=True, eq=False)
class SavedAssessment:
    """What the two files say, before it is made into an Assessment.

    Parameters
    ----------
    document
        What ``assessment.json`` holds.
    edited
        Whether it was changed after it was written: its digest is another.
    layers
        Layer name → GeoDataFrame, ``id`` a column, in the file's order.
    tables
        Table name → DataFrame (``TABLES``).
    """

    document: AssessmentDocument
    edited: bool
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]


def read_saved(folder: Path, language: str) -> SavedAssessment:
    """Read ``assessment.json`` and ``assessment.gpkg`` of a folder.

    Raises
    ------
    AssessmentFormatError
        A file is missing or unreadable, was written under another schema number, or says what it
        may not: in ``language``, with the keys, tables and columns named.
    """
    document, edited = _read_document(folder / JSON_NAME, language)
    path = folder / GPKG_NAME
    if not path.is_file():
        raise refused(path, reason("no_file", language))
    try:
        with warnings.catch_warnings(record=True) as warned:
            # GDAL only warns of a file that it cannot read whole
            warnings.simplefilter("always", RuntimeWarning)
            names = [name for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
            frames = {name: _read_frame(path, name, language) for name in names}
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        UnicodeDecodeError,
    ) as error:
        raise refused(path, reason("unreadable", language, why=str(error))) from error
    for warning in warned:
        if issubclass(warning.category, RuntimeWarning):
            raise refused(path, reason("unreadable", language, why=str(warning.message)))
    missing = [name for name in (*TABLES, *LAYER_COLUMNS) if name not in frames]
    if missing:
        raise refused(path, reason("tables_missing", language, names=missing))
    return SavedAssessment(
        document=document,
        edited=edited,
        layers={name: frame for name, frame in frames.items() if name not in TABLES},
        tables={name: frames[name] for name in TABLES},
    )


def _columns(name: str) -> tuple[str, ...]:
    """Return the columns a table or layer cannot do without."""
    return ("id", *LAYER_COLUMNS[name]) if name in LAYER_COLUMNS else _TABLE_COLUMNS.get(name, ())


def _read_document(path: Path, language: str) -> tuple[AssessmentDocument, bool]:
    """Return the document, and whether it was changed after it was written."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise refused(path, reason("no_file", language)) from error
    except OSError as error:
        why = str(error.strerror or error)
        raise refused(path, reason("unreadable", language, why=why)) from error
    except UnicodeDecodeError as error:
        raise refused(path, reason("not_utf8", language)) from error
    found = _schema_number(path, text, language)
    if found != SCHEMA:
        told = json.dumps(found, ensure_ascii=False)[:_SHOWN]
        raise refused(path, reason("other_schema", language, found=told, number=SCHEMA))
    try:
        document = read_as(AssessmentDocument, text)
    except ValidationError as error:
        raise refused(path, mistakes(error, language)) from error
    return document, document.digest != document_digest(json.loads(text))


def _schema_number(path: Path, text: str, language: str) -> Any:
    """Return what stands for the number of the format, in any JSON text."""
    try:
        raw = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise refused(path, reason("too_deep", language)) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise refused(path, reason("no_json", language, **where)) from error
    except ValueError as error:  # NaN, or an integer of thousands of digits
        raise refused(path, reason("no_number", language)) from error
    return raw.get("schema") if isinstance(raw, dict) else None


def _no_number(name: str) -> float:
    """Refuse NaN and the infinities: JSON has none, and none is ever written."""
    raise ValueError(name)


def _read_frame(path: Path, name: str, language: str) -> Any:
    frame = pyogrio.read_dataframe(path, layer=name)
    missing = [c for c in _columns(name) if c not in frame]
    if missing:
        raise refused(path, reason("columns_missing", language, table=name, names=missing))
    info = pyogrio.read_info(path, layer=name)
    for field, subtype in zip(info["fields"], info["ogr_subtypes"], strict=True):
        if subtype == "OFSTBoolean" and frame[field].isna().any():
            # a boolean with gaps comes back as 1.0, 0.0 and NaN
            known = [None if pd.isna(value) else bool(value) for value in frame[field]]
            frame[field] = pd.Series(known, index=frame.index, dtype=object)
    return frame
