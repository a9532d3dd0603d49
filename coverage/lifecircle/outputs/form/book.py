"""``score.xlsx``: the form to hand in, where its points come from, and its papers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook

from lifecircle.outputs.form.hand_in import fill_form
from lifecircle.outputs.form.sheets import SCORE_SHEETS, fill_working
from lifecircle.outputs.form.wording import ScoreWording
from lifecircle.outputs.office.excel import fill_sheet, without_clock
from lifecircle.outputs.whole import whole_file

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
    words = ScoreWording(score.language)
    book = Workbook()
    book.properties.creator = "lifecircle"
    book.properties.title = score.study.encode("utf-8", "replace").decode("utf-8")
    form = book.create_sheet(words.say("sheet.form"), 0)
    book.remove(book.worksheets[1])
    fill_form(form, score, words)
    fill_working(book.create_sheet(words.say("sheet.working")), score, words)
    for name, rows_of in SCORE_SHEETS.items():
        columns, rows = rows_of(score, words)
        listed = list(rows)
        if listed or name == "papers":
            fill_sheet(book.create_sheet(words.say(f"sheet.{name}")), columns, listed, words)
    stream = io.BytesIO()
    book.save(stream)
    with whole_file(path) as part:
        part.write_bytes(without_clock(stream, score.as_of))
    return path
