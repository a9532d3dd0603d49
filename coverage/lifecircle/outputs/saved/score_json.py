"""``score.json``: the form filled in, part by part, in codes and numbers.

The form of the file is held by ``score.schema.json`` beside this module.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.model.results.score import SCORE_SCHEMA
from lifecircle.outputs.saved.assessment_json import plain
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.score import ItemScore, PartScore, Score

__all__ = ["score_document", "score_schema", "write_score_json"]

_MATERIAL = ("work", "title", "number", "file", "note", "value", "claimed")
_EXEMPTION = ("id", "clause", "reason", "reference", "until", "state", "standard", "layer")


def write_score_json(score: Score, path: Path) -> Path:
    """Write ``score`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    text = json.dumps(score_document(score), ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def score_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``score.json``."""
    text = (files("lifecircle.outputs.saved") / "score.schema.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def score_document(score: Score) -> dict[str, Any]:
    """Return ``score`` as the plain mapping that ``score.json`` holds; nothing is rounded."""
    return {
        "schema": SCORE_SCHEMA,
        "version": lifecircle.__version__,
        "study": score.study,
        "county": score.county,
        "as_of": score.as_of.isoformat(),
        "stage": score.stage,
        "standards": list(score.standards),
        "scenario": score.scenario,
        "form": {
            "id": score.form.id,
            "title": dict(score.form.title),
            "number": score.form.number,
            "county": score.form.county,
            "standard": score.form.standard,
        },
        "borrowed": score.borrowed,
        "settled": score.settled,
        "assessed_points": score.assessed_points,
        "points": score.points,
        "low": score.low,
        "high": score.high,
        "to_confirm": score.to_confirm,
        "origins": [
            {
                "origin": str(one.origin),
                "parts": one.parts,
                "points": one.points,
                "settled": one.settled,
            }
            for one in score.origins
        ],
        "items": [_item(item) for item in score.items],
        "exemptions": [
            {name: plain(getattr(one, name)) for name in _EXEMPTION} for one in score.exemptions
        ],
        "problems": [plain(problem.to_json()) for problem in score.problems],
        "banners": list(score.banners),
        "attribution": list(score.attribution),
    }


def _item(item: ItemScore) -> dict[str, Any]:
    return {
        "id": item.item.id,
        "words": item.item.words,
        "points": item.item.points,
        "score": item.score,
        "settled": item.settled,
        "assessed_points": item.assessed_points,
        "low": item.low,
        "high": item.high,
        "parts": [_part(part) for part in item.parts],
    }


def _part(one: PartScore) -> dict[str, Any]:
    return {
        "id": one.part.id,
        "kind": str(one.part.kind),
        "quote": one.part.quote,
        "points": one.part.points,
        "origin": str(one.origin),
        "score": one.score,
        "low": one.low,
        "high": one.high,
        "why": {"code": str(one.why.code), "params": plain(one.why.params)},
        "clauses": [_clause(clause) for clause in one.clauses],
        "materials": [
            {name: plain(getattr(paper, name)) for name in _MATERIAL} for paper in one.materials
        ],
    }


def _clause(clause: ClauseResult) -> dict[str, Any]:
    return {
        "standard": clause.standard,
        "id": clause.id,
        "status": str(clause.status),
        "comparison": clause.comparison,
        "target": plain(clause.target),
        "unit": clause.unit,
        "value": plain(clause.value),
        "low": plain(clause.low),
        "high": plain(clause.high),
        "official": None if clause.official is None else plain(clause.official.to_json()),
    }
