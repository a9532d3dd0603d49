"""What to build: how the gap is made up, and the projects of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.project.table import COLUMNS, project_texts
from lifecircle.outputs.project.told import plan_told, plan_words
from lifecircle.outputs.report.brief.told import needed_lines

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.paper.manuscript import Manuscript
    from lifecircle.outputs.words.wording import Wording

__all__ = ["advice"]

_WIDTHS = (9.0, 29.0, 29.0, 13.0, 15.0, 16.0, 13.0, 57.0, 15.0, 12.0, 17.0)


def advice(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write how to make up what is missing; with a plan, its table on a sheet turned sideways."""
    paper.heading(2, words.say("head.advice"))
    for line in needed_lines(assessment, words.in_domain("brief")):
        paper.text(line)
    paper.text(words.say("advice.order"))
    plan = assessment.sites
    if plan is None:
        paper.heading(2, words.say("head.projects"))
        paper.text(words.say("projects.none"))
        return
    paper.turn(sideways=False)
    paper.heading(2, words.say("head.projects"))
    paper.text(words.say("projects.plan"))
    told, own = plan_told(plan), plan_words(plan).in_language(words.language)
    if not told.rows:
        paper.text(words.say("projects.empty"))
    else:
        header = [own.say(f"column.{code}") for code in COLUMNS]
        rows = [project_texts(row, own) for row in told.rows]
        caption = words.say("table.projects")
        paper.table(_WIDTHS, header, rows, align="cllcrrrlrcc", caption=caption)
    for note in told.notes:
        paper.note(note)
    paper.turn(sideways=True)
