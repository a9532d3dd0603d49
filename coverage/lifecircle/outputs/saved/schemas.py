"""The JSON Schemas that ship with the package, made from the types of the documents.

``python -m lifecircle.outputs.saved.schemas`` (``make schemas``) writes them beside this module.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from lifecircle.model.results import assessment, comparison, review, score, siting_plan
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.comparison_json import ComparisonDocument
from lifecircle.outputs.saved.described import json_schema
from lifecircle.outputs.saved.plans.edits_json import EDITS_SCHEMA, EditsDocument
from lifecircle.outputs.saved.plans.siting_json import SitingDocument
from lifecircle.outputs.saved.review_json import ReviewDocument
from lifecircle.outputs.saved.score_json import ScoreDocument

__all__ = ["DOCUMENTS", "schema_file", "schema_text", "shipped_schema", "write_schemas"]

DOCUMENTS: dict[str, tuple[type, int]] = {
    "assessment": (AssessmentDocument, assessment.SCHEMA),
    "comparison": (ComparisonDocument, comparison.SCHEMA),
    "edits": (EditsDocument, EDITS_SCHEMA),
    "review": (ReviewDocument, review.SCHEMA),
    "score": (ScoreDocument, score.SCORE_SCHEMA),
    "sites": (SitingDocument, siting_plan.SITING_SCHEMA),
}
"""What is described → its type and the number of its format."""


def schema_text(name: str) -> str:
    """Return the JSON Schema of a document out of ``DOCUMENTS`` as its types make it now."""
    kind, number = DOCUMENTS[name]
    found = json_schema(kind, f"lifecircle {name}, schema {number}")
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def schema_file(name: str) -> str:
    """Return the name of a schema's file in this package."""
    return f"{name}.schema.json"


def shipped_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a document out of ``DOCUMENTS``, as it ships."""
    text = (files("lifecircle.outputs.saved") / schema_file(name)).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def write_schemas(folder: Path) -> None:
    """Write every schema into ``folder``."""
    for name in DOCUMENTS:
        path = folder / schema_file(name)
        path.write_text(schema_text(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schemas(Path(__file__).parent)
