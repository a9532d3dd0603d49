"""``summary.docx``: the one page for Word, one A4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.office.paper.manuscript import Manuscript
from lifecircle.outputs.office.paper.typeface import DENSE
from lifecircle.outputs.report.brief.told import one_page
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.report.brief.told import OnePage

__all__ = ["summary_bytes", "write_summary"]

_FAILS = (50.0, 32.0, 35.0, 26.0, 39.0)
_WORST = (8.0, 39.0, 17.0, 15.0, 15.0, 15.0, 13.0, 60.0)
_WORST_IN_LETTERS = (8.0, 32.0, 16.0, 20.0, 18.5, 18.5, 14.0, 55.0)
_HALVES = (98.0, 84.0)
_MISSING, _MISSING_IN_LETTERS = (54.0, 28.0), (46.0, 36.0)
_PICTURE = (94.0, 54.0)
"""Millimetres; 182 between the margins."""


def write_summary(assessment: Assessment, path: Path) -> Path:
    """Write the one page of ``assessment`` to the Word file ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    with whole_file(path) as part:
        part.write_bytes(summary_bytes(assessment))
    return path


def summary_bytes(assessment: Assessment) -> bytes:
    """Return the one page as a Word file."""
    told, words = one_page(assessment), Wording.of(assessment, "brief")
    paper = Manuscript(f"{told.study} {told.title}", assessment.as_of, DENSE)
    paper.title(told.study, f"{told.title}\u2003{told.lead}")
    for banner in told.banners:
        paper.note(f"▲ {banner}", "center")
    for line in told.verdict:
        paper.text(line)
    _fails(paper, told, words)
    _worst(paper, told, words)

    def where(part: Manuscript) -> None:
        _where(part, told, words)

    def rest(part: Manuscript) -> None:
        _rest(part, told, words)

    paper.gap()
    paper.beside(_HALVES, where, rest)
    paper.gap()
    return paper.file()


def _head(words: Wording, *codes: str) -> list[str]:
    return [words.say(f"column.{code}") for code in codes]


def _fails(paper: Manuscript, told: OnePage, words: Wording) -> None:
    paper.heading(1, words.say("part.fails"))
    if not told.fails:
        paper.text(words.say(f"fails.{told.none}"))
        return
    header = _head(words, "clause", "required", "result", "subjects", "gap")
    rows = [(r.clause, r.required, r.result, r.subjects, r.gap) for r in told.fails]
    paper.table(_FAILS, header, rows, align="llrll")
    if "fails" in told.more:
        paper.note(words.say("more"))


def _worst(paper: Manuscript, told: OnePage, words: Wording) -> None:
    paper.heading(1, words.say("part.worst"))
    if not told.worst:
        paper.text(words.say(f"worst.{told.none}"))
        return
    figures = ("households", "required_m2", "provided_m2", "deficit_m2")
    header = _head(words, "number", "area", "unit", *figures, "remedy")
    rows = [
        (str(r.number), r.name, r.unit, r.households, r.required, r.provided, r.deficit, r.remedy)
        for r in told.worst
    ]
    # a heading in letters does not part within a word
    widths = _WORST if words.language == "zh" else _WORST_IN_LETTERS
    paper.table(widths, header, rows, align="cllrrrrl")


def _where(paper: Manuscript, told: OnePage, words: Wording) -> None:
    paper.heading(1, words.say("part.map"))
    if told.situation is not None:
        size = fitted(told.situation.width / told.situation.height, _PICTURE)
        paper.picture(told.situation.png, size, words.say("part.map"))
        paper.keys(told.legend)
    for note in told.notes:
        paper.note(note)


def _rest(paper: Manuscript, told: OnePage, words: Wording) -> None:
    paper.heading(1, words.say("part.needed"))
    for line in told.needed:
        paper.note(line)
    paper.heading(1, words.say("part.missing"))
    if not told.missing:
        paper.note(words.say("missing.none"))
        return
    rows = [(r.supplier, r.subjects) for r in told.missing]
    widths = _MISSING if words.language == "zh" else _MISSING_IN_LETTERS
    paper.table(widths, _head(words, "supplier", "subjects"), rows)
    if "missing" in told.more:
        paper.note(words.say("more"))


def fitted(ratio: float, most: tuple[float, float]) -> tuple[float, float]:
    """Return the size of a picture of a ratio (width by height) that fits into ``most``."""
    width = min(most[0], most[1] * ratio)
    return width, width / ratio
