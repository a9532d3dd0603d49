"""A saved Assessment as it lies in its folder: the JSON document and the GeoPackage's tables.

The two files together hold everything: ``assessment.json`` the clauses and what they rest on,
``assessment.gpkg`` whatever has one row a subject. Names and file layout are declared here, so
that what is written and what is read cannot drift apart.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio

from lifecircle.model.finding import FINDING_COLUMNS
from lifecircle.model.results.assessment import SCHEMA
from lifecircle.model.results.result_columns import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
)
from lifecircle.model.results.settlement import PROVISION_COLUMNS, REMEDY_COLUMNS, STAGE_COLUMNS
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.gpkg.packed_lines import PACKED, unpacked
from lifecircle.outputs.saved.plans.reading import read_document
from lifecircle.outputs.saved.refusals import damaged, reason, refused

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
_TABLE_COLUMNS = {
    "reach": REACH_TABLE_COLUMNS,
    "allocation": ALLOCATION_COLUMNS,
    "findings": FINDING_COLUMNS,
    "provision": PROVISION_COLUMNS,
    "remedies": REMEDY_COLUMNS,
    "stages": STAGE_COLUMNS,
}


_UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    UnicodeDecodeError,
)
"""What pyogrio raises for a file that is not, or no longer, whole."""


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
    document, edited = read_document(AssessmentDocument, folder / JSON_NAME, SCHEMA, language)
    path = folder / GPKG_NAME
    if not path.is_file():
        raise refused(path, reason("no_file", language))
    frames = _read_frames(path, document.crs, language)
    return SavedAssessment(
        document=document,
        edited=edited,
        layers={name: frame for name, frame in frames.items() if name not in TABLES},
        tables={name: frames[name] for name in TABLES},
    )


def _read_frames(path: Path, crs: str, language: str) -> dict[str, Any]:
    """Return the tables and layers of a GeoPackage by their names; refuse one that is not whole."""
    with warnings.catch_warnings(record=True) as warned:
        # GDAL only warns of a file that it cannot read whole
        warnings.simplefilter("always", RuntimeWarning)
        try:
            names = [name for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
        except _UNREADABLE as error:
            raise refused(path, damaged(language)) from error
        frames = {name: _read_frame(path, name, crs, language) for name in names}
    missing = [name for name in (*TABLES, *LAYER_COLUMNS) if name not in frames]
    if missing and frames:
        raise refused(path, reason("tables_missing", language, names=missing))
    if missing or any(issubclass(warning.category, RuntimeWarning) for warning in warned):
        raise refused(path, damaged(language))
    return frames


def _columns(name: str) -> tuple[str, ...]:
    """Return the columns a table or layer cannot do without."""
    return ("id", *LAYER_COLUMNS[name]) if name in LAYER_COLUMNS else _TABLE_COLUMNS.get(name, ())


def _read_frame(path: Path, name: str, crs: str, language: str) -> Any:
    try:
        frame = pyogrio.read_dataframe(path, layer=name)
        if name not in TABLES and PACKED in frame and "geometry" not in frame:
            frame = unpacked(frame, crs)
        info = pyogrio.read_info(path, layer=name)
    except (*_UNREADABLE, ValueError) as error:
        raise refused(path, damaged(language, name)) from error
    missing = [c for c in _columns(name) if c not in frame]
    if missing:
        raise refused(path, reason("columns_missing", language, table=name, names=missing))
    for field, subtype in zip(info["fields"], info["ogr_subtypes"], strict=True):
        if subtype == "OFSTBoolean" and frame[field].isna().any():
            # a boolean with gaps comes back as 1.0, 0.0 and NaN
            known = [None if pd.isna(value) else bool(value) for value in frame[field]]
            frame[field] = pd.Series(known, index=frame.index, dtype=object)
    return frame
