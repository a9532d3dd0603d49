"""An Assessment read back from the folder it was written to."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.errors import AssessmentFormatError
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.inputs.map_settings import MapSettings
from lifecircle.model.inputs.parameters import ParameterRecord
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem
from lifecircle.model.reason import Reason
from lifecircle.model.results.assessment import (
    LAYER_COLUMNS,
    Assessment,
    ClauseResult,
    Curve,
    CurveStep,
    HostJourney,
    ReadingRecord,
    ReadingSwitch,
    SensitivityRow,
)
from lifecircle.model.results.settlement import Settlement
from lifecircle.model.rules.clause import Reference
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.saved.assessment_json import schema
from lifecircle.outputs.saved.digests import table_digests
from lifecircle.outputs.saved.files import (
    GPKG_NAME,
    JSON_NAME,
    REASON_COLUMNS,
    TABLES,
    read_saved,
)
from lifecircle.outputs.saved.schema_check import mistakes
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lifecircle.outputs.saved.files import SavedAssessment

__all__ = ["read_assessment"]

_MOST = 5
"""Most mistakes of a document that are named at once."""


def read_assessment(folder: str | Path) -> Assessment:
    """Read ``assessment.json`` and ``assessment.gpkg`` of ``folder`` back.

    The result equals what was written, but for what JSON cannot hold: a clause's unbounded or
    missing number is None. Numbers of tables are float64, text columns pandas strings.

    Raises
    ------
    AssessmentFormatError
        A file is missing, unreadable, of another schema number, or says what the shipped schema
        does not allow (then the message names the keys); or the two files are not of one run, or
        the GeoPackage was edited (then it names the tables). Tables of others in it are left out.
    """
    saved = read_saved(Path(folder))
    wrong = list(islice(mistakes(saved.document, schema()), _MOST))
    if wrong:
        raise AssessmentFormatError(f"{Path(folder) / JSON_NAME}: {'; '.join(wrong)}")
    _check_crs(saved, Path(folder))
    try:
        assessment = _assemble(saved)
    except (KeyError, TypeError, ValueError) as error:
        raise AssessmentFormatError(f"{folder}: {type(error).__name__}: {error}") from error
    _check_run(saved, Path(folder))
    return assessment


def _check_run(saved: SavedAssessment, folder: Path) -> None:
    """Refuse a GeoPackage of another run than the document's, or one that was edited."""
    named = saved.document["tables"]
    has = table_digests(folder / GPKG_NAME, {*named, *TABLES, *LAYER_COLUMNS})
    other = [name for name in sorted(named.keys() | has) if named.get(name) != has.get(name)]
    if other:
        shown = ", ".join(other[:_MOST]) + (" …" if len(other) > _MOST else "")
        files = {"json": JSON_NAME, "gpkg": GPKG_NAME, "folder": str(folder), "tables": shown}
        raise AssessmentFormatError(
            say("report", "saved.mixed", saved.document["language"], **files)
        )


def _check_crs(saved: SavedAssessment, folder: Path) -> None:
    """Refuse a document that names no CRS, or another than its layers have."""
    named = saved.document["crs"]
    try:
        crs = CRS.from_user_input(named)
    except CRSError as error:
        raise AssessmentFormatError(f"{folder / JSON_NAME}: crs = {named!r}") from error
    for name, frame in saved.layers.items():
        has = getattr(frame, "crs", None)
        both = None if has is None else (has.to_epsg(), crs.to_epsg())
        if both is not None and None not in both and both[0] != both[1]:
            told = f"crs = {named!r}; {GPKG_NAME} {name}: {has}"
            raise AssessmentFormatError(f"{folder / JSON_NAME}: {told}")


def _assemble(saved: SavedAssessment) -> Assessment:
    document = saved.document
    return Assessment(
        study=document["study"],
        county=document["county"],
        standards=tuple(document["standards"]),
        scenario=document["scenario"],
        stage=document["stage"],
        as_of=dt.date.fromisoformat(document["as_of"]),
        language=document["language"],
        crs=document["crs"],
        headline_clause=document["headline_clause"],
        clauses=tuple(_clause(c) for c in document["clauses"]),
        findings=_decoded(_known_status(saved.tables["findings"])),
        reach=saved.tables["reach"],
        allocation=saved.tables["allocation"],
        layers={
            name: _layer(frame)
            for name, frame in saved.layers.items()
            if name in document["tables"]
        },
        parameters=tuple(ParameterRecord(**p) for p in document["parameters"]),
        readings=tuple(ReadingRecord(**r) for r in document["readings"]),
        inputs=tuple(InputRecord(**i) for i in document["inputs"]),
        problems=tuple(Problem.from_json(p) for p in document["problems"]),
        banners=tuple(document["banners"]),
        attribution=tuple(document["attribution"]),
        map=MapSettings(**document["map"]),
        sensitivity=tuple(SensitivityRow(**row) for row in document["sensitivity"]),
        switches=tuple(
            ReadingSwitch(**{**row, "status": Status(row["status"])})
            for row in document.get("switches", ())
        ),
        hosts=tuple(_journey(row) for row in document.get("hosts", ())),
        curves=tuple(
            Curve(**{**curve, "steps": tuple(CurveStep(**step) for step in curve["steps"])})
            for curve in document["curves"]
        ),
        standard_titles=document["standard_titles"],
        exemptions=tuple(_exemption(one) for one in document["exemptions"]),
        settlements=tuple(Settlement(**s) for s in document["settlements"]),
        provision=saved.tables["provision"],
        remedies=_decoded(saved.tables["remedies"]),
        stages=saved.tables["stages"],
    )


def _known_status(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings; a status that is none is a ValueError."""
    for status in findings["status"].unique():
        Status(status)
    return findings


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    until = None if entry["until"] is None else dt.date.fromisoformat(entry["until"])
    return Exemption(**{**entry, "until": until, "state": ExemptionState(entry["state"])})


def _journey(entry: Mapping[str, Any]) -> HostJourney:
    reasons = {
        name: None if entry[name] is None else Reason.from_json(entry[name])
        for name in ("walk_unknown", "drive_unknown")
    }
    return HostJourney(**{**entry, **reasons, "status": Status(entry["status"])})


def _clause(entry: Mapping[str, Any]) -> ClauseResult:
    changed = {
        "references": tuple(Reference(**r) for r in entry["references"]),
        "deadline": None if entry["deadline"] is None else dt.date.fromisoformat(entry["deadline"]),
        "kinds": tuple(entry["kinds"]),
        "status": Status(entry["status"]),
        "flags": tuple(Flag(f) for f in entry["flags"]),
        "official": None if entry["official"] is None else Rate(**entry["official"]),
        "rates": tuple(Rate(**r) for r in entry["rates"]),
    }
    return ClauseResult(**{**entry, **changed})


def _layer(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    decoded: gpd.GeoDataFrame = _decoded(frame).set_index("id")
    return decoded


def _decoded(frame: Any) -> Any:
    """Return ``frame`` with reasons as Reasons and flags as tuples of Flag."""
    decoded: dict[str, list[Any]] = {
        name: [_reason(text) for text in frame[name]] for name in REASON_COLUMNS if name in frame
    }
    if "flags" in frame:
        decoded["flags"] = [
            tuple(Flag(f) for f in text.split(";")) if pd.notna(text) and text else ()
            for text in frame["flags"]
        ]
    return frame.assign(
        **{name: pd.Series(v, index=frame.index, dtype=object) for name, v in decoded.items()}
    )


def _reason(text: Any) -> Reason | None:
    return None if pd.isna(text) else Reason.loads(text)
