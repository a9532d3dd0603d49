"""``opinion.docx``: 审查意见表, the Word file that an office edits and signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

import lifecircle
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
    shade,
    write,
)
from lifecircle.outputs.opinion.rows import opinion_of
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from docx.document import Document as Docx
    from docx.table import _Cell

    from lifecircle.model.results.review import Review
    from lifecircle.outputs.opinion.rows import ClauseRow, Conclusion, Opinion

__all__ = ["write_review_docx"]

_FACTS = (28.0, 57.0, 28.0, 57.0)
_CLAUSES = (9.0, 57.0, 31.0, 19.0, 17.0, 37.0)
_REFERENCES = (62.0, 31.0, 21.0, 17.0, 39.0)
_EFFECTS = (34.0, 20.0, 20.0, 20.0, 30.0, 46.0)
_MANUAL = (62.0, 38.0, 36.0, 34.0)
_SIGN = (83.0, 83.0)
_ONE = (170.0,)
_SMALL = 9.0
_CHOSEN, _FREE = "■", "□"


def write_review_docx(review: Review, path: Path) -> Path:
    """Write the opinion on ``review`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    document = _filled(opinion_of(review), review)
    with whole_file(path) as part:
        part.write_bytes(docx_bytes(document, review.as_of))
    return path


def _filled(told: Opinion, review: Review) -> Docx:
    t = Wording(told.language, "review").say
    document = new_document(f"{told.name} {told.title}", review.as_of)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.space_after = Pt(6)
    say(head, told.title, font=TITLE, size=20)
    for banner in told.banners:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        say(line, f"▲ {banner}", font=HEADING, size=_SMALL)
    _heading(document, t("part.project"))
    _project(document, told, t("fact.name"))
    _heading(document, t("part.clauses"))
    _clauses(document, told.clauses, t)
    if told.references:
        _note(document, t("part.references"))
        _references(document, told.references, t)
    _heading(document, t("part.effects"))
    _effects(document, told, t)
    _listed(document, t("part.conditions"), told.conditions or (t("conditions.none"),))
    for note in told.notes:
        _footnote(document, note)
    _heading(document, t("part.manual"))
    _manual(document, told, t)
    _listed(document, t("part.supplements"), told.supplements or (t("supplements.none"),))
    _verdict(document, told.conclusion, t)
    if told.problems:
        _listed(
            document,
            t("part.problems"),
            tuple(f"{where}：{what}{remedy}" for where, what, remedy in told.problems),
        )
    _note(document, t("footer", version=lifecircle.__version__))
    page_numbers(document, t("page", page="{page}", pages="{pages}"))
    return document


def _heading(document: Docx, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(9), Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    say(paragraph, text, font=HEADING, size=12)


def _note(document: Docx, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(5), Pt(2)
    paragraph.paragraph_format.keep_with_next = True
    say(paragraph, text, size=_SMALL)


def _footnote(document: Docx, text: str) -> None:
    say(document.add_paragraph(), text, size=_SMALL)


def _listed(document: Docx, title: str, lines: tuple[str, ...]) -> None:
    _heading(document, title)
    for number, line in enumerate(lines, start=1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(7)
        paragraph.paragraph_format.first_line_indent = Mm(-7)
        paragraph.paragraph_format.line_spacing = 1.25
        say(paragraph, f"{number}．{line}" if len(lines) > 1 else line)


def _project(document: Docx, told: Opinion, label: str) -> None:
    table = add_table(document, _FACTS)
    cells = add_row(table, _FACTS)
    write(cells[0], label, font=HEADING, align="center")
    write(cells[1].merge(cells[3]), told.name)
    shade(cells[0])
    facts = list(told.facts)
    while facts:
        pair, facts = facts[:2], facts[2:]
        cells = add_row(table, _FACTS)
        for at, (name, value) in enumerate(pair):
            write(cells[2 * at], name, font=HEADING, align="center")
            shade(cells[2 * at])
            write(cells[2 * at + 1], value)
        if len(pair) == 1:
            cells[1].merge(cells[3])
    for name, lines in told.wide:
        cells = add_row(table, _FACTS)
        write(cells[0], name, font=HEADING, align="center")
        shade(cells[0])
        whole = cells[1].merge(cells[3])
        for line in lines:
            write(whole, line)


def _clauses(document: Docx, rows: tuple[ClauseRow, ...], t: Any) -> None:
    names = ("number", "content", "required", "provided", "status", "remedy")
    table = add_table(document, _CLAUSES, header=[t(f"column.{n}") for n in names])
    for row in rows:
        cells = add_row(table, _CLAUSES)
        write(cells[0], row.number, align="center")
        _asked(cells[1:4], row)
        write(cells[4], row.status, font=HEADING, align="center")
        for line in row.flags:
            write(cells[4], line, align="center", size=8)
        if row.short:
            write(cells[5], row.short, font=HEADING, size=_SMALL)
        if row.remedy or not row.short:
            write(cells[5], row.remedy or row.reason, size=_SMALL)


def _references(document: Docx, rows: tuple[ClauseRow, ...], t: Any) -> None:
    names = ("content", "required", "provided", "status", "found")
    table = add_table(document, _REFERENCES, header=[t(f"column.{n}") for n in names])
    for row in rows:
        cells = add_row(table, _REFERENCES)
        _asked(cells[:3], row)
        write(cells[3], row.status, align="center")
        write(cells[4], row.reason, size=_SMALL)


def _asked(cells: tuple[_Cell, ...], row: ClauseRow) -> None:
    """Write what is asked, in the document's words, how much, and what the proposal has."""
    write(cells[0], f"{row.id} {row.title}".strip(), font=HEADING)
    for line in (row.plot, row.quote):
        if line:
            write(cells[0], line, size=_SMALL)
    first, _, rest = row.required.partition("\n")
    write(cells[1], first, align="center")
    if rest:
        write(cells[1], rest, align="center", size=8)
    write(cells[2], row.provided, align="center")


def _effects(document: Docx, told: Opinion, t: Any) -> None:
    if not told.effects:
        paragraph = document.add_paragraph()
        say(paragraph, t("effects.none"))
        return
    names = ("neighbour", "before", "after", "change", "verdicts", "because")
    table = add_table(document, _EFFECTS, header=[t(f"column.{n}") for n in names])
    for row in told.effects:
        cells = add_row(table, _EFFECTS)
        write(cells[0], f"{row.name}\n{row.clause}")
        for cell, text in zip(cells[1:4], (row.before, row.after, row.change), strict=True):
            write(cell, text, align="center")
        write(cells[4], row.verdicts, align="center", font=HEADING if row.blocking else BODY)
        write(cells[5], row.because, size=_SMALL)


def _manual(document: Docx, told: Opinion, t: Any) -> None:
    names = ("item", "of", "stated", "result")
    table = add_table(document, _MANUAL, header=[t(f"column.{n}") for n in names])
    last = None
    for row in told.manual:
        cells = add_row(table, _MANUAL)
        if last is not None and last[0] == row.item:
            cells[0].merge(last[1])
        else:
            write(cells[0], row.item)
            last = (row.item, cells[0])
        write(cells[1], row.subject)
        write(cells[2], row.stated, align="center")
        write(cells[3], t("tick"), align="center", size=_SMALL)


def _verdict(document: Docx, told: Conclusion, t: Any) -> None:
    """Write heading, conclusion and the boxes of who signs it as one row: they share a page."""
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(6)
    table = add_table(document, _ONE)
    cell = add_row(table, _ONE)[0]
    write(cell, t("part.verdict"), font=HEADING, size=12)
    marks = "　　".join(f"{_CHOSEN if on else _FREE}{name}" for name, on in told.choices)
    paragraph = write(cell, marks, font=HEADING, size=14, align="center")
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    write(cell, told.why, size=12)
    for number, line in enumerate(told.changes, start=1):
        write(cell, f"（{number}）{line}", size=12)
    if told.also:
        write(cell, told.also, size=12)
    say(cell.add_paragraph(), "", size=3)
    _signatures(cell, t)
    end = cell.paragraphs[-1]  # Word asks for one below a table
    end.paragraph_format.line_spacing = Pt(2)
    say(end, "", size=1)


def _signatures(cell: _Cell, t: Any) -> None:
    table = add_table(cell, _SIGN)
    boxes = add_row(table, _SIGN)
    for box, office in zip(boxes, ("planning", "civil"), strict=True):
        write(box, t(f"sign.{office}"), font=HEADING, size=12)
        handled = write(box, t("sign.handled"), size=12)
        handled.paragraph_format.space_before = Mm(22)
        write(box, t("sign.chief"), size=12)
        write(box, t("sign.seal"), size=12, align="right")
        write(box, t("sign.date"), size=12, align="right")
