"""An Assessment read back from the folder it was written to."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.errors import AssessmentFormatError
from lifecircle.model.reason import Reason
from lifecircle.model.results.assessment import Assessment
from lifecircle.model.results.result_columns import LAYER_COLUMNS
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.digests import table_digests
from lifecircle.outputs.saved.files import (
    GPKG_NAME,
    JSON_NAME,
    REASON_COLUMNS,
    TABLES,
    read_saved,
)
from lifecircle.outputs.saved.refusals import mistake, reason, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

__all__ = ["read_assessment"]

_OF_THE_FILE = frozenset({"schema", "version", "tables", "digest", "tallies"})
"""What the document says of its files and not of the assessment."""
_MOST = 5
"""Most tables of another run that are named at once."""


def read_assessment(folder: str | Path, language: str = "zh") -> Assessment:
    """Read ``assessment.json`` and ``assessment.gpkg`` of ``folder`` back.

    The result equals what was written, but for what JSON cannot hold: a clause's unbounded or
    missing number is None. Numbers of tables are float64, text columns pandas strings.

    Parameters
    ----------
    language
        Of the words in which a damaged file is refused, ``"zh"`` or ``"en"``.

    Raises
    ------
    AssessmentFormatError
        A file is missing, unreadable, of another schema number, or says what the shipped schema
        does not allow (then the message names the keys); or the two files are not of one run, or
        the GeoPackage was edited (then it names the tables). Tables of others in it are left out.
    """
    home = Path(folder)
    saved = read_saved(home, language)
    tables = saved.document.tables
    layers = {name: frame for name, frame in saved.layers.items() if name in tables}
    _check_crs(saved.document.crs, layers, home / JSON_NAME, language)
    told = {f.name: getattr(saved.document, f.name) for f in fields(AssessmentDocument)}
    frames = {
        name: _decoded(frame, name, home / GPKG_NAME, language)
        for name, frame in {**saved.tables, **layers}.items()
    }
    if saved.edited:
        raise refused(home / JSON_NAME, reason("edited", language))
    _check_run(tables, home, language)
    return Assessment(
        **{name: value for name, value in told.items() if name not in _OF_THE_FILE},
        # the problems are the document's; their table is for readers of the GeoPackage
        **{name: frames[name] for name in saved.tables if name != "problems"},
        layers={name: frames[name].set_index("id") for name in layers},
    )


def _check_run(named: Mapping[str, str], folder: Path, language: str) -> None:
    """Refuse a GeoPackage of another run than the document's, or one that was edited.

    ``named``: table → checksum, as the document has them.
    """
    has = table_digests(folder / GPKG_NAME, {*named, *TABLES, *LAYER_COLUMNS}, language)
    other = [name for name in sorted(named.keys() | has) if named.get(name) != has.get(name)]
    if other:
        shown = ", ".join(other[:_MOST]) + (" …" if len(other) > _MOST else "")
        files = {"json": JSON_NAME, "gpkg": GPKG_NAME, "folder": str(folder), "tables": shown}
        raise AssessmentFormatError(reason("mixed", language, **files))


def _check_crs(
    named: str, layers: Mapping[str, gpd.GeoDataFrame], file: Path, language: str
) -> None:
    """Refuse a document that names no CRS, or another than its layers have."""
    try:
        crs = CRS.from_user_input(named)
    except CRSError as error:
        told = mistake("crs", named, "EPSG:4548", language)
        raise refused(file, told) from error
    for name, frame in layers.items():
        has = getattr(frame, "crs", None)
        both = None if has is None else (has.to_epsg(), crs.to_epsg())
        if both is not None and None not in both and both[0] != both[1]:
            told = mistake("crs", named, f"{GPKG_NAME} {name}: {has}", language)
            raise refused(file, told)


def _decoded(frame: Any, name: str, file: Path, language: str) -> Any:
    """Return ``frame`` with reasons as Reasons and flags as tuples of Flag.

    Raises
    ------
    AssessmentFormatError
        A cell is no such thing, or a finding has a status that is none.
    """
    readers: dict[str, Callable[[Any], Any]] = {
        **dict.fromkeys(REASON_COLUMNS, _reason),
        "flags": _flags,
        **({"status": Status} if name == "findings" else {}),
    }
    decoded = {}
    for column in readers.keys() & set(frame.columns):
        cells, known = [], dict[Any, Any]()  # of many rows that say the same each has one object
        for row, cell in enumerate(frame[column], start=1):
            try:
                if cell not in known:
                    known[cell] = readers[column](cell)
                cells.append(known[cell])
            except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
                where = {"table": name, "column": column, "row": row, "value": str(cell)}
                raise refused(file, reason("cell", language, **where)) from error
        if column != "status":  # text stays text
            decoded[column] = pd.Series(cells, index=frame.index, dtype=object)
    return frame.assign(**decoded)


def _flags(text: Any) -> tuple[Flag, ...]:
    return tuple(Flag(f) for f in text.split(";")) if pd.notna(text) and text else ()


def _reason(text: Any) -> Reason | None:
    return None if pd.isna(text) else Reason.loads(text)
