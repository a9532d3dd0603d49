"""``compare.json``: what differs between two assessments, in codes and numbers.

The file does not depend on the language; a number that is missing or without bound is ``null``.
The form is held by ``comparison.schema.json`` beside this module.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.model.results.comparison import SCHEMA, Direction
from lifecircle.outputs.saved.assessment_json import plain
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import (
        AreaChange,
        ClauseChange,
        Comparison,
        FindingChange,
        FindingState,
        RateChange,
    )

__all__ = ["comparison_document", "comparison_schema", "write_comparison_json"]

_SIDE = ("study", "county", "standards", "scenario", "stage", "as_of", "headline_clause")
_STATE = ("status", "measured", "low", "high", "required", "deficit", "unit", "flags", "facility")


def write_comparison_json(comparison: Comparison, path: Path) -> Path:
    """Write ``comparison`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    document = comparison_document(comparison)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``compare.json``."""
    text = (files("lifecircle.outputs.saved") / "comparison.schema.json").read_text(
        encoding="utf-8"
    )
    return json.loads(text)  # type: ignore[no-any-return]


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return ``comparison`` as the plain mapping that ``compare.json`` holds.

    Every clause is there, side by side; of areas, those whose verdict or findings changed.
    """
    c = comparison
    return {
        "schema": SCHEMA,
        "version": lifecircle.__version__,
        "empty": c.empty,
        "before": _side(c.before),
        "after": _side(c.after),
        "settings": [_record(s) for s in c.settings],
        "clauses": [_clause(change) for change in c.clauses],
        "findings": [_finding(change, c.clauses[change.clause]) for change in c.findings],
        "subjects": [
            {**_record(s), "columns": {k: plain(list(v)) for k, v in s.columns.items()}}
            for s in c.subjects
        ],
        "areas": [_area(area) for area in c.areas if _moved(area)],
        "units": [_record(unit) for unit in c.units],
    }


def _moved(area: AreaChange) -> bool:
    return area.direction is not Direction.SAME or bool(area.findings)


def _side(assessment: Assessment) -> dict[str, Any]:
    return {name: plain(getattr(assessment, name)) for name in _SIDE}


def _record(record: Any) -> dict[str, Any]:
    return {name: plain(getattr(record, name)) for name in record.__slots__}


def _area(area: AreaChange) -> dict[str, Any]:
    told = _record(area)
    del told["findings"]
    return told


def _rate(change: RateChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "basis": change.basis,
        "scope": change.scope,
        "before": None if change.before is None else plain(change.before.to_json()),
        "after": None if change.after is None else plain(change.after.to_json()),
        "change": plain(change.change),
    }


def _clause(change: ClauseChange) -> dict[str, Any]:
    return {
        "before": _terms(change.before),
        "after": _terms(change.after),
        "changed": change.changed,
        "direction": str(change.direction),
        "change": plain(change.change),
        "official": _rate(change.official),
        "rates": [_rate(rate) for rate in change.rates],
    }


def _terms(clause: ClauseResult | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    names = ("standard", "id", "comparison", "target", "unit", "value", "low", "high", "status")
    return {name: plain(getattr(clause, name)) for name in (*names, "flags", "counts", "reading")}


def _finding(change: FindingChange, clauses: ClauseChange) -> dict[str, Any]:
    named = [None if c is None else f"{c.standard} {c.id}" for c in (clauses.before, clauses.after)]
    return {
        "clause_before": named[0],
        "clause_after": named[1],
        "layer": change.layer,
        "id_before": change.id_before,
        "id_after": change.id_after,
        "name": change.name,
        "part": change.part,
        "direction": str(change.direction),
        "before": _state(change.before),
        "after": _state(change.after),
        "causes": [
            {
                "kind": str(cause.kind),
                "code": str(cause.code),
                "params": plain(cause.params),
                "eliminated": cause.eliminated,
            }
            for cause in change.causes
        ],
    }


def _state(state: FindingState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    told = {name: plain(getattr(state, name)) for name in _STATE}
    told["reason"] = None if state.reason is None else plain(state.reason.to_json())
    return told
