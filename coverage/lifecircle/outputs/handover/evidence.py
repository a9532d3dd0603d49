"""佐证材料目录: which papers stand behind which clause, to be ticked off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.status import Flag, Status
from lifecircle.outputs.office.excel import (
    COUNT,
    Column,
    fill_worksheet,
    first_worksheet,
    new_book,
    write_book,
)
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.words.showing import supplier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_evidence"]

_COLUMNS = [
    Column("question", 6, COUNT),
    Column("clause", 10),
    Column("title", 34, wrap=True),
    Column("section", 14, wrap=True),
    Column("status", 15, status=True),
    Column("material", 54, wrap=True),
    Column("supplier", 34, wrap=True),
    Column("has", 8),
    Column("copies", 8),
    Column("pages", 12),
    Column("remark", 18),
]
_TO_TICK = 4
_HEADER_ROW = 3


def write_evidence(assessment: Assessment, path: Path, words: Wording) -> Path:
    """Write the list of papers, a row a clause of the documents, and return the path.

    A fact that several clauses state is listed once.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    book = new_book(assessment.study)
    worksheet = first_worksheet(book, words.say("sheet.evidence"))
    paper, last = Ruled(FORM, words.language), len(_COLUMNS)
    paper.across(worksheet, 1, last, words.say("evidence.title"), "PaperTitle")
    facts = words.say("schedule.facts", study=assessment.study, date=assessment.as_of.isoformat())
    paper.across(worksheet, 2, last, facts)
    rows = _rows(assessment, words)
    fill_worksheet(worksheet, _COLUMNS, rows, words, first_row=_HEADER_ROW, paper=paper)
    worksheet.freeze_panes = f"C{_HEADER_ROW + 1}"
    return write_book(book, path, assessment.as_of)


def _rows(assessment: Assessment, words: Wording) -> Iterator[list[Any]]:
    asked = [c for c in assessment.clauses if Flag.REFERENCE not in c.flags and not c.repeated]
    for number, clause in enumerate(asked, start=1):
        yield [
            number,
            words.list(map(words.clause, (clause.id, *clause.same_as))),
            words.title(clause.title, clause.id),
            clause.section,
            words.word("status", str(clause.status)),
            _material(clause, words),
            _supplier(clause, words),
            *[None] * _TO_TICK,
        ]


def _material(clause: ClauseResult, words: Wording) -> str:
    """Return the papers behind a clause, by what it measures; a typed figure has its report."""
    code = "indicator" if clause.typed else clause.measure
    return words.say(f"material.{code}")


def _supplier(clause: ClauseResult, words: Wording) -> str | None:
    if clause.status != Status.NOT_ASSESSED:
        return None
    return supplier(clause.said, words)
