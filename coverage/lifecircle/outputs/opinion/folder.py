"""The files of a review, and the summary of many."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from lifecircle import texts
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.office.excel import put, style_header, without_clock
from lifecircle.outputs.opinion.document import write_review_docx
from lifecircle.outputs.opinion.page import write_review_page
from lifecircle.outputs.saved.review_json import write_review_json
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lifecircle.model.results.review import Review

__all__ = ["REVIEW_FILES", "SummaryRow", "summary_row", "write_review", "write_summary"]

REVIEW_FILES = {"docx": "opinion.docx", "html": "opinion.html", "json": "review.json"}
"""Output name → file name."""
_WRITERS = {"docx": write_review_docx, "html": write_review_page, "json": write_review_json}
_COLUMNS = {
    "file": 26,
    "project": 34,
    "conclusion": 16,
    "deficient": 26,
    "supply": 40,
    "folder": 26,
}


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One proposal of a folder, in words."""

    file: str
    project: str
    conclusion: str
    deficient: str
    supply: str
    folder: str


def write_review(review: Review, folder: str | Path) -> dict[str, Path]:
    """Write the opinion sheet (Word and HTML) and ``review.json`` into ``folder``.

    Returns
    -------
    dict
        Output name of ``REVIEW_FILES`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; files finished before it stand, itself is not left half-written.
    """
    return {
        name: _WRITERS[name](review, Path(folder) / file) for name, file in REVIEW_FILES.items()
    }


def summary_row(review: Review, file: str, folder: str) -> SummaryRow:
    """Return what a summary says of a review."""
    language = review.language
    missed = [
        c.id
        for c in review.clauses
        if c.status == Status.DEFICIENT and Flag.REFERENCE not in c.flags
    ]
    missing = [f"{s.name}：{texts.word('field', s.field, language)}" for s in review.supplements]
    separator = "、" if language == "zh" else ", "
    return SummaryRow(
        file=file,
        project=review.proposal.name,
        conclusion=texts.word("verdict", review.verdict, language),
        deficient=separator.join(dict.fromkeys(missed)),
        supply=separator.join(missing),
        folder=folder,
    )


def write_summary(rows: Sequence[SummaryRow], path: Path, day: dt.date, language: str) -> Path:
    """Write the summary of many reviews as a workbook and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    book = Workbook()
    book.properties.creator = "lifecircle"
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = texts.say("review", "summary.title", language)
    for number, (name, width) in enumerate(_COLUMNS.items(), start=1):
        style_header(put(sheet, 1, number, texts.say("review", f"column.{name}", language)))
        sheet.column_dimensions[get_column_letter(number)].width = width
        for line, row in enumerate(rows, start=2):
            put(sheet, line, number, getattr(row, name))
    sheet.freeze_panes = "B2"
    stream = io.BytesIO()
    book.save(stream)
    with whole_file(path) as part:
        part.write_bytes(without_clock(stream, day))
    return path
