"""``score.xlsx``: the form to hand in, where its points come from, and its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.form.hand_in import fill_form
from lifecircle.outputs.form.worksheets import SCORE_WORKSHEETS, fill_working
from lifecircle.outputs.office.excel import (
    fill_worksheet,
    first_worksheet,
    new_book,
    write_book,
)
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.score import Score

__all__ = ["write_score_book"]


def write_score_book(score: Score, path: Path) -> Path:
    """Write the workbook of ``score`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording(score.language, "score")
    book = new_book(score.study)
    fill_form(first_worksheet(book, words.say("sheet.form")), score, words)
    fill_working(book.create_sheet(words.say("sheet.working")), score, words)
    paper = Ruled(FORM, words.language)
    for name, rows_of in SCORE_WORKSHEETS.items():
        columns, rows = rows_of(score, words)
        listed = list(rows)
        if listed or name == "papers":
            worksheet = book.create_sheet(words.say(f"sheet.{name}"))
            fill_worksheet(worksheet, columns, listed, words, paper=paper)
    return write_book(book, path, score.as_of)
