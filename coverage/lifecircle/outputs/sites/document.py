"""``sites.docx``: the table of projects as a Word file that an office goes on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from lifecircle.outputs.office.word import (
    BODY,
    HEADING,
    TITLE,
    add_row,
    add_table,
    docx_bytes,
    new_document,
    page_numbers,
    say,
    write,
)
from lifecircle.outputs.project import COLUMNS, plan_told, plan_words
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from docx.document import Document as Docx

    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.outputs.project import PlanTold, ProjectRow
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_sites_document"]

_WIDTHS = (11.0, 36.0, 36.0, 15.0, 19.0, 20.0, 16.0, 52.0, 18.0, 14.0, 20.0)
"""Millimetres: 257, an A4 on its side between its margins."""
_RATES = {"scope": 46.0, "basis": 37.0, "before": 87.0, "after": 87.0}
_SIZE = 9.0
_CENTRED = frozenset({"number", "nature", "land", "floor", "beds", "cost", "sequence", "office"})


def write_sites_document(plan: SitingPlan, path: Path) -> Path:
    """Write the Word file of a plan to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    document = _filled(plan_told(plan), plan, plan_words(plan))
    with whole_file(path) as part:
        part.write_bytes(docx_bytes(document, plan.as_of))
    return path


def _filled(told: PlanTold, plan: SitingPlan, words: Wording) -> Docx:
    document = new_document(told.title, plan.as_of)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.space_after = Pt(4)
    say(head, told.title, font=TITLE, size=18)
    _line(document, f"▲ {told.banner}", font=HEADING)
    for label, value in told.facts:
        _line(document, f"{label}{words.say('colon')}{value}")
    document.add_paragraph()
    header = [words.say(f"column.{code}") for code in COLUMNS]
    table = add_table(document, _WIDTHS, header=header)
    for row in told.rows:
        cells = add_row(table, _WIDTHS)
        for code, cell, text in zip(COLUMNS, cells, _texts(row, words), strict=True):
            align = "center" if code in _CENTRED else "left"
            write(cell, text, size=_SIZE, align=align)
    for note in told.notes:
        _line(document, note)
    spare = [(name, area, words.number(m2)) for name, area, m2 in told.arranged]
    _part(document, "arranged", {"place_in_use": 110.0, "area": 110.0, "m2": 37.0}, spare, words)
    # units stand in page and workbook
    whole = [(r.scope, r.basis, r.before, r.after) for r in told.rates if r.whole]
    _part(document, "rates", _RATES, whole, words)
    for text in told.attribution:
        _line(document, text)
    page_numbers(document, words.say("page", page="{page}", pages="{pages}"))
    return document


def _part(
    document: Docx,
    name: str,
    columns: Mapping[str, float],
    rows: Sequence[Sequence[str]],
    words: Wording,
) -> None:
    """Add a table under its heading; nothing where it has no rows. ``columns``: code → mm."""
    if not rows:
        return
    _heading(document, words.say(f"sheet.{name}"))
    widths = tuple(columns.values())
    table = add_table(document, widths, header=[words.say(f"column.{code}") for code in columns])
    for row in rows:
        for cell, text in zip(add_row(table, widths), row, strict=True):
            write(cell, text, size=_SIZE)


def _texts(row: ProjectRow, words: Wording) -> list[str]:
    open_ = words.say("open")
    floor = open_ if row.floor is None else words.number(row.floor)
    if row.floor_note is not None:
        floor = f"{floor}\n{row.floor_note}"
    return [
        str(row.number),
        row.project,
        row.position,
        row.nature,
        open_ if row.land is None else words.number(row.land),
        floor,
        open_ if row.beds is None else words.number(row.beds, "beds"),
        "\n".join([*row.served, row.households]),
        open_ if row.cost is None else words.number(row.cost),
        row.sequence,
        open_,
    ]


def _line(document: Docx, text: str, *, font: str = BODY) -> None:
    say(document.add_paragraph(), text, size=_SIZE, font=font)


def _heading(document: Docx, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(9), Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    say(paragraph, text, font=HEADING, size=12)
