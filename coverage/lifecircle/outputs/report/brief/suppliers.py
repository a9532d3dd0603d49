"""Who supplies what is not known: one line each, however many reasons ask the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecircle.model.reason import Reason
from lifecircle.model.status import Status
from lifecircle.outputs.words.showing import supplier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.counted.brief import MissingData
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Supplied", "suppliers"]


class Supplied(NamedTuple):
    """Who is to be asked for what is not known, of how many subjects, and for which clauses."""

    supplier: str
    layer: str
    subjects: int
    clauses: tuple[str, ...]


def suppliers(assessment: Assessment, words: Wording) -> tuple[Supplied, ...]:
    """Return who supplies what is not known, the most subjects first.

    Reasons that one office answers with one table are one line: each subject counts once in it.
    """
    groups: dict[tuple[str, str], list[MissingData]] = {}
    for one in assessment.brief.missing:
        groups.setdefault((supplier(one, words), one.layer), []).append(one)
    found = [
        Supplied(
            supplier=f"{told[:1].upper()}{told[1:]}",
            layer=layer,
            subjects=_subjects(assessment, layer, some),
            clauses=tuple(dict.fromkeys(name for one in some for name in one.clauses)),
        )
        for (told, layer), some in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.subjects))


def _subjects(assessment: Assessment, layer: str, some: Sequence[MissingData]) -> int:
    """Return how many subjects some reasons leave open; of the county its clauses are counted."""
    if len(some) == 1:
        return some[0].subjects
    asked = {(one.code, clause) for one in some for clause in one.clauses}
    if layer == "county":
        return len({clause for _, clause in asked})
    rows = assessment.findings
    rows = rows[(rows["layer"].astype(str) == layer) & (rows["status"] == Status.NOT_ASSESSED)]
    names = {
        str(name)
        for name, clause, reason in rows[["id", "clause", "reason"]].itertuples(index=False)
        if (str(reason.code) if isinstance(reason, Reason) else "", str(clause)) in asked
    }
    return max(len(names), *(one.subjects for one in some))
