"""The readings that a result rests on, each choice once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.parameters import reading_figures

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["readings_taken"]


def readings_taken(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return the readings taken, in the order of their numbers, with the clauses they bear on."""
    figures = reading_figures(assessment.parameters)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for record in assessment.readings:
        entry = found.setdefault(
            (record.id, record.choice),
            {
                "id": record.id,
                "question": words.reading(record.id),
                "choice": words.reading(record.id, record.choice, **figures),
                "default": None
                if record.choice == record.default
                else words.reading(record.id, record.default, **figures),
                "clauses": [],
            },
        )
        shown = words.clause(record.clause)
        if record.clause and shown not in entry["clauses"]:
            entry["clauses"].append(shown)
    ordered = sorted(found.values(), key=lambda entry: int(entry["id"].lstrip("A") or 0))
    for before, entry in zip([None, *ordered], ordered, strict=False):
        entry["first"] = before is None or before["id"] != entry["id"]
    return ordered
