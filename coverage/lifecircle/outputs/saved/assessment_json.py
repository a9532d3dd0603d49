"""``assessment.json``: every clause with its rates, and everything the result rests on.

Codes and numbers only, no sentences: the file does not depend on the language. A number that is
missing or without bound is ``null``. The form is held by ``assessment.schema.json`` beside this
module.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.model.results.assessment import SCHEMA
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment, ClauseResult, HostJourney

__all__ = ["document", "plain", "schema", "write_json"]


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
    told = document(assessment, tables)
    text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``assessment.json``."""
    text = (files("lifecircle.outputs.saved") / "assessment.schema.json").read_text(
        encoding="utf-8"
    )
    return json.loads(text)  # type: ignore[no-any-return]


def document(assessment: Assessment, tables: Mapping[str, str] = _NONE) -> dict[str, Any]:
    """Return ``assessment`` as the plain mapping that ``assessment.json`` holds.

    Layers and tables are not in it: they are the GeoPackage's.

    Parameters
    ----------
    tables
        Table of the GeoPackage → checksum of what it says, as ``digests.table_digests``.
    """
    a = assessment
    return {
        "schema": SCHEMA,
        "version": lifecircle.__version__,
        "study": a.study,
        "county": a.county,
        "standards": plain(a.standards),
        "standard_titles": plain(a.standard_titles),
        "scenario": a.scenario,
        "stage": str(a.stage),
        "as_of": a.as_of.isoformat(),
        "language": a.language,
        "crs": a.crs,
        "banners": plain(a.banners),
        "attribution": plain(a.attribution),
        "map": _record(a.map),
        "parameters": [_record(p) for p in a.parameters],
        "readings": [_record(r) for r in a.readings],
        "inputs": [_record(i) for i in a.inputs],
        "tables": dict(tables),
        "problems": [plain(p.to_json()) for p in a.problems],
        "exemptions": [_record(one) for one in a.exemptions],
        "headline_clause": a.headline_clause,
        "sensitivity": [_record(row) for row in a.sensitivity],
        "switches": [_record(row) for row in a.switches],
        "hosts": [_journey(row) for row in a.hosts],
        "curves": [
            {**_record(curve), "steps": [_record(step) for step in curve.steps]}
            for curve in a.curves
        ],
        "settlements": [_record(one) for one in a.settlements],
        "clauses": [_clause(c) for c in a.clauses],
    }


def plain(value: Any) -> Any:
    """Return ``value`` in JSON's own types: NaN and infinities as None, dates as ISO text."""
    if hasattr(value, "item"):
        # numbers and booleans of numpy
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset | list | tuple):
        found = [plain(v) for v in value]
        return sorted(found) if isinstance(value, set | frozenset) else found
    return value if value is None or isinstance(value, bool | int) else str(value)


def _record(record: Any) -> dict[str, Any]:
    return {f.name: plain(getattr(record, f.name)) for f in fields(record)}


def _journey(row: HostJourney) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("walk_unknown", "drive_unknown")}
    reasons = {name: None if r is None else plain(r.to_json()) for name, r in told.items()}
    return _record(row) | reasons


def _clause(clause: ClauseResult) -> dict[str, Any]:
    return {
        "standard": clause.standard,
        "id": clause.id,
        "title": plain(clause.title),
        "section": clause.section,
        "quote": clause.quote,
        "force": clause.force,
        "references": [_record(r) for r in clause.references],
        "deadline": plain(clause.deadline),
        "measure": clause.measure,
        "subject": clause.subject,
        "kinds": plain(clause.kinds),
        "comparison": clause.comparison,
        "target": plain(clause.target),
        "unit": clause.unit,
        "value": plain(clause.value),
        "low": plain(clause.low),
        "high": plain(clause.high),
        "reading": plain(clause.reading),
        "status": str(clause.status),
        "flags": plain(clause.flags),
        "counts": plain(clause.counts),
        "official": None if clause.official is None else plain(clause.official.to_json()),
        "rates": [plain(rate.to_json()) for rate in clause.rates],
        "topic": clause.topic,
    }
