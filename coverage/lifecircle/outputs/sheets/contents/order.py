"""The sheets of one Assessment in their order: now, reach, gap, a plan, clauses, one a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.contents.atlas import atlas_contents
from lifecircle.outputs.sheets.contents.clauses import clause_contents
from lifecircle.outputs.sheets.contents.gap import gap_contents
from lifecircle.outputs.sheets.contents.now import now_content
from lifecircle.outputs.sheets.contents.planned import planned_contents
from lifecircle.outputs.sheets.contents.reach import reach_contents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.contents.content import Content, LeftOut
    from lifecircle.outputs.words.wording import Wording

__all__ = ["GROUPS", "contents_of"]

GROUPS = ("now", "reach", "gap", "planned", "clause", "atlas")
"""Groups of sheets, in their order."""


def contents_of(
    assessment: Assessment, words: Wording, groups: Iterable[str] = GROUPS
) -> tuple[list[Content], list[LeftOut]]:
    """Return what each sheet shows, and which sheets cannot be made."""
    chosen = set(groups)
    if assessment.sites is None and chosen == set(GROUPS):
        chosen.remove("planned")  # of today nobody asks for it
    made: list[Content] = []
    left_out: list[LeftOut] = []
    if "now" in chosen:
        made.append(now_content(assessment, words))
    for group, build in (
        ("reach", reach_contents),
        ("gap", gap_contents),
        ("planned", planned_contents),
        ("clause", clause_contents),
        ("atlas", atlas_contents),
    ):
        if group in chosen:
            found, missing = build(assessment, words)
            made += found
            left_out += missing
    return made, left_out
