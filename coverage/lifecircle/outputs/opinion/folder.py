"""The files of a review, and the summary of many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from lifecircle.model.status import Status
from lifecircle.outputs.office.excel import (
    first_worksheet,
    fit_page,
    new_book,
    put,
    style_header,
    write_book,
)
from lifecircle.outputs.opinion.document import write_review_docx
from lifecircle.outputs.opinion.page import write_review_page
from lifecircle.outputs.saved.review_json import write_review_json
from lifecircle.outputs.whole import whole_files
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lifecircle.model.results.review import Review
    from lifecircle.outputs.whole import Keeper

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


def write_review(
    review: Review, folder: str | Path, *, earlier: Keeper | None = None
) -> dict[str, Path]:
    """Write the opinion (Word and HTML) and ``review.json`` into ``folder``.

    ``earlier`` keeps another opinion that is there, or one somebody worked in; by default it is
    replaced.

    Returns
    -------
    dict
        Output name of ``REVIEW_FILES`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    with whole_files(Path(folder), last=REVIEW_FILES["json"], earlier=earlier) as part:
        for name, file in REVIEW_FILES.items():
            _WRITERS[name](review, part / file)
    return {name: Path(folder) / file for name, file in REVIEW_FILES.items()}


def summary_row(review: Review, file: str, folder: str, language: str) -> SummaryRow:
    """Return what a summary says of a review, in ``language``."""
    words = Wording(language, "review")
    missed = [c.id for c in review.clauses if c.status == Status.DEFICIENT and c.decides]
    return SummaryRow(
        file=file,
        project=review.proposal.name,
        conclusion=words.word("verdict", review.verdict),
        deficient=words.list(dict.fromkeys(missed)),
        supply=words.list(
            f"{s.name}{words.say('colon')}{words.word('field', s.field)}"
            for s in review.supplements
        ),
        folder=folder,
    )


def write_summary(
    rows: Sequence[SummaryRow],
    path: Path,
    day: dt.date,
    language: str,
    *,
    earlier: Keeper | None = None,
) -> Path:
    """Write the summary of many reviews as a workbook and return the path.

    ``earlier`` keeps another that is there; by default it is replaced.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    words = Wording(language, "review")
    book = new_book()
    worksheet = first_worksheet(book, words.say("summary.title"))
    for number, (name, width) in enumerate(_COLUMNS.items(), start=1):
        style_header(put(worksheet, 1, number, words.say(f"column.{name}")))
        worksheet.column_dimensions[get_column_letter(number)].width = width
        for line, row in enumerate(rows, start=2):
            put(worksheet, line, number, getattr(row, name))
    worksheet.freeze_panes = "B2"
    fit_page(worksheet)
    with whole_files(path.parent, earlier=earlier) as part:
        write_book(book, part / path.name, day)
    return path
