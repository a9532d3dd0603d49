"""``sites.docx``: the table of projects as a Word file that an office goes on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.office.paper.manuscript import Manuscript
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.project.table import CENTRED, COLUMNS, project_texts
from lifecircle.outputs.project.told import plan_told, plan_words
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.outputs.words.wording import Wording

__all__ = ["sites_bytes", "write_sites_document"]

_WIDTHS = (10.0, 33.0, 33.0, 16.0, 17.0, 18.0, 14.0, 65.0, 17.0, 13.0, 19.0)
"""Millimetres: 255, an A4 on its side between its margins."""
_ARRANGED = {"place_in_use": 109.0, "area": 109.0, "m2": 37.0}
_RATES = {"scope": 46.0, "basis": 37.0, "before": 86.0, "after": 86.0}


def write_sites_document(plan: SitingPlan, path: Path) -> Path:
    """Write the Word file of a plan to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    with whole_file(path) as part:
        part.write_bytes(sites_bytes(plan))
    return path


def sites_bytes(plan: SitingPlan) -> bytes:
    """Return the table of projects as a Word file, lying."""
    told, words = plan_told(plan), plan_words(plan)
    paper = Manuscript(told.title, plan.as_of, FORM)
    paper.title(told.title)
    paper.note(f"▲ {told.banner}", "center")
    for label, value in told.facts:
        paper.note(f"{label}{words.say('colon')}{value}")
    paper.gap()
    header = [words.say(f"column.{code}") for code in COLUMNS]
    align = "".join("c" if code in CENTRED else "l" for code in COLUMNS)
    rows = [project_texts(row, words) for row in told.rows]
    paper.table(_WIDTHS, header, rows, align=align, style="TableSmall")
    for note in told.notes:
        paper.note(note)
    spare = [(name, area, words.number(m2)) for name, area, m2 in told.arranged]
    _part(paper, "arranged", _ARRANGED, spare, words)
    # units stand in page and workbook
    whole = [(r.scope, r.basis, r.before, r.after) for r in told.rates if r.whole]
    _part(paper, "rates", _RATES, whole, words)
    for text in told.attribution:
        paper.note(text)
    paper.page_line(words.say("page", page="{page}", pages="{pages}"))
    return paper.file(sideways=True)


def _part(
    paper: Manuscript,
    name: str,
    columns: Mapping[str, float],
    rows: Sequence[Sequence[str]],
    words: Wording,
) -> None:
    """Add a table under its heading; nothing where it has no rows. ``columns``: code → mm."""
    if not rows:
        return
    paper.heading(1, words.say(f"sheet.{name}"))
    header = [words.say(f"column.{code}") for code in columns]
    paper.table(tuple(columns.values()), header, rows, style="TableSmall")
