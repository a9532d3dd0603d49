"""``review.json``: one review in codes and numbers, held by ``review.schema.json`` beside it."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.model.reason import Reason
from lifecircle.model.results.review import SCHEMA, Phase, Step
from lifecircle.model.rules.clause import Reference
from lifecircle.outputs.saved.assessment_json import plain
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.results.review import Review

__all__ = ["review_document", "review_schema", "write_review_json"]


def write_review_json(review: Review, path: Path) -> Path:
    """Write ``review`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    text = json.dumps(review_document(review), ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n", errors="replace")
    return path


def review_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``review.json``."""
    text = (files("lifecircle.outputs.saved") / "review.schema.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def review_document(review: Review) -> dict[str, Any]:
    """Return ``review`` as the plain mapping that ``review.json`` holds."""
    r = review
    return {
        "schema": SCHEMA,
        "version": lifecircle.__version__,
        "study": r.study,
        "county": r.county,
        "standard": r.standard,
        "as_of": r.as_of.isoformat(),
        "language": r.language,
        "banners": plain(r.banners),
        "inputs": [_record(i) for i in r.inputs],
        "problems": [plain(p.to_json()) for p in r.problems],
        "proposal": _proposal(r.proposal),
        "verdict": str(r.verdict),
        "clauses": [_record(c) for c in r.clauses],
        "side_effects": [_record(e) for e in r.side_effects],
        "conditions": [_record(c) for c in r.conditions],
        "manual_checks": [_record(c) for c in r.manual_checks],
        "supplements": [_record(s) for s in r.supplements],
    }


_PLOT = (
    *("name", "project", "unit", "community", "age_class", "setting", "stage"),
    *("households_planned", "population", "required_m2"),
)
_FACILITY = (
    *("name", "kinds", "site", "plot", "stage", "floor_area_m2", "community_area_m2"),
    *("floor", "entrance", "daylight", "tenure"),
)


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "name": proposal.name,
        "number": proposal.number,
        "facts": plain(proposal.facts),
        "illustrative": proposal.illustrative,
        "plots": _rows(proposal.plots.frame, _PLOT),
        "facilities": _rows(proposal.facilities.frame, _FACILITY),
        "removes": list(proposal.removes),
        "replaces": list(proposal.replaces),
    }


def _rows(frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"id": str(key), **{name: plain(row[name]) for name in columns}}
        for key, row in frame.iterrows()
    ]


def _record(record: Any) -> dict[str, Any]:
    return {f.name: _value(getattr(record, f.name)) for f in fields(record)}


def _value(value: Any) -> Any:
    if isinstance(value, Reason):
        return plain(value.to_json())
    if isinstance(value, tuple) and any(isinstance(v, Reference | Step | Phase) for v in value):
        return [_record(v) for v in value]
    return plain(value)
