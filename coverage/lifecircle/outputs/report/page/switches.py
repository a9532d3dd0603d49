"""Rows of the report's table on readings: what another choice would make of a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["switches"]


def switches(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return the switches that would change a clause's value or the status of a subject."""
    now = {(c.standard, c.id): c for c in assessment.clauses}
    rows = []
    for told in assessment.switches:
        clause = now[told.standard, told.clause]
        same = (told.status, told.value, told.low, told.high)
        if not told.differing and same == (clause.status, clause.value, clause.low, clause.high):
            continue
        value = words.span(told.low, told.high, clause.unit)
        # 0 % with others open: the range tells, as of every rate
        ranged = clause.unit == "%" and told.value == 0 and value is not None
        if told.value is not None and not ranged:
            value = words.value(told.value, clause.unit)
        rows.append(
            {
                "id": told.id,
                "choice": words.reading(told.id, told.choice),
                "clause": words.clause(told.clause),
                "now": words.clause_value(clause),
                "status_now": clause.status,
                "reference": Flag.REFERENCE in clause.flags,
                "then": value or "–",
                "status_then": told.status,
                "differing": told.differing,
            }
        )
    return rows
