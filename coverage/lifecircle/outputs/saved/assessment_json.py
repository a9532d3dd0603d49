"""``assessment.json``: every clause with its rates, and everything the result rests on.

Codes and numbers only, no sentences: the file does not depend on the language. A number that is
missing or without bound is ``null``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import lifecircle
from lifecircle.model.allowed import Language, OneOf, Words
from lifecircle.model.inputs.exemption import Exemption
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.inputs.parameters import ParameterRecord
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem
from lifecircle.model.results.assessment import (
    SCHEMA,
    STREETS,
    ClauseResult,
    Curve,
    HostJourney,
    ReadingRecord,
    ReadingSwitch,
    SensitivityRow,
)
from lifecircle.model.results.counted.brief import Brief
from lifecircle.model.results.counted.tally import Tally
from lifecircle.model.results.service_district import ServiceDistrict
from lifecircle.model.results.settlement import Settlement
from lifecircle.model.results.siting_plan import SitingPlan
from lifecircle.model.status import StageView
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import document_digest, plain, told, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment

__all__ = ["AssessmentDocument", "document", "write_json"]


@dataclass(frozen=True, slots=True)
class AssessmentDocument:
    """Every clause judged for one study, and what the result rests on.

    A number that is missing or without bound is null.

    Parameters
    ----------
    version
        Version of lifecircle.
    standards
        Ids of the documents assessed, the study's own first.
    standard_titles
        Title of each of them.
    scenario
        Name of the changes judged instead of the document's own figures; None: none.
    stage
        What stands now, or what stands once all plans are built.
    crs
        Of the layers in the GeoPackage.
    banners
        Codes or texts to print on every output.
    map
        What the study says of its maps.
    streets
        What walks were asked of: the streets, a table of walks, none because what was given could
        not be used, or none. Without any, coverage is the radius, and nothing is known of detours,
        gates and streets.
    sites
        The siting plan whose places are taken as built; None: what stands is judged.
    tables
        SHA-256 of what every table of the assessment.gpkg of the same run says; empty in a
        database, which holds both.
    digest
        SHA-256 of all else in the document (``json_text.document_digest``): a figure changed by
        hand is noticed.
    exemptions
        The study's exemptions and what came of them; those applied are counted apart.
    headline_clause
        The clause whose verdict an area shows.
    tallies
        How many clauses came to what: in facts, and in clauses that state them.
    brief
        What one page says, counted and added up.
    """

    schema: Annotated[int, OneOf((SCHEMA,))]
    version: str
    study: str
    county: str
    standards: tuple[str, ...]
    standard_titles: Mapping[str, Words]
    scenario: str | None
    stage: Annotated[str, OneOf(tuple(StageView))]
    as_of: dt.date
    language: Language
    crs: str
    banners: tuple[str, ...]
    attribution: tuple[str, ...]
    map: MapSettings
    streets: Annotated[str, OneOf(STREETS)]
    sites: SitingPlan | None
    parameters: tuple[ParameterRecord, ...]
    readings: tuple[ReadingRecord, ...]
    inputs: tuple[InputRecord, ...]
    tables: Mapping[str, str]
    digest: str
    problems: tuple[Problem, ...]
    exemptions: tuple[Exemption, ...]
    headline_clause: str
    tallies: tuple[Tally, ...]
    sensitivity: tuple[SensitivityRow, ...]
    switches: tuple[ReadingSwitch, ...]
    hosts: tuple[HostJourney, ...]
    districts: tuple[ServiceDistrict, ...]
    curves: tuple[Curve, ...]
    settlements: tuple[Settlement, ...]
    clauses: tuple[ClauseResult, ...]
    brief: Brief

    __pydantic_config__ = CLOSED


_NONE: Mapping[str, str] = MappingProxyType({})


def write_json(assessment: Assessment, path: Path, tables: Mapping[str, str] = _NONE) -> Path:
    """Write ``assessment`` to ``path`` (UTF-8, one space of indent) and return the path.

    Parameters
    ----------
    tables
        Table of its GeoPackage → checksum, as :func:`document`; without them the file is told
        apart from every GeoPackage, and cannot be read back as an Assessment.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_json_text(document(assessment, tables), path)


def document(assessment: Assessment, tables: Mapping[str, str] = _NONE) -> dict[str, Any]:
    """Return ``assessment`` as the plain mapping that ``assessment.json`` holds.

    Layers and tables are not in it: they are the GeoPackage's.

    Parameters
    ----------
    tables
        Table of the GeoPackage → checksum of what it says, as ``digests.table_digests``.
    """
    record = told(
        AssessmentDocument,
        assessment,
        schema=SCHEMA,
        version=lifecircle.__version__,
        tables=dict(tables),
        digest="",
    )
    found: dict[str, Any] = plain(record)
    return found | {"digest": document_digest(found)}
