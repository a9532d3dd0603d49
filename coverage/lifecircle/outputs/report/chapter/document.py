"""``report.docx``: the whole chapter, from its title to its maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.office.paper.manuscript import Manuscript
from lifecircle.outputs.office.paper.typeface import OFFICIAL
from lifecircle.outputs.report.chapter.advice import advice
from lifecircle.outputs.report.chapter.annexes import annexes, maps
from lifecircle.outputs.report.chapter.basis import basis, method, present
from lifecircle.outputs.report.chapter.results import problems, results
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment

__all__ = ["chapter_bytes", "write_chapter"]

_COVER = 60.0
"""Millimetres above the title, which has a page to itself."""


def write_chapter(assessment: Assessment, path: Path) -> Path:
    """Write the chapter on ``assessment`` to the Word file ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    with whole_file(path) as part:
        part.write_bytes(chapter_bytes(assessment))
    return path


def chapter_bytes(assessment: Assessment) -> bytes:
    """Return the chapter as a Word file."""
    words = Wording.of(assessment, "chapter")
    title = words.say("title")
    named = {"table": words.say("caption.table"), "figure": words.say("caption.figure")}
    paper = Manuscript(f"{assessment.study} {title}", assessment.as_of, OFFICIAL, named)
    paper.page_numbers()
    paper.title(f"{assessment.study}\n{title}", assessment.as_of.isoformat(), _COVER)
    for banner in banner_lines(assessment, words):
        paper.note(f"▲ {banner}", "center")
    paper.page_break()
    paper.contents(words.say("contents"))
    paper.page_break()
    for number, write in enumerate((basis, present, method, results, problems), start=1):
        paper.heading(1, words.say(f"part.{number}"))
        write(paper, assessment, words)
    paper.heading(1, words.say("part.6"))
    advice(paper, assessment, words)
    paper.turn(sideways=False)
    paper.heading(1, words.say("part.7"))
    annexes(paper, assessment, words)
    paper.turn(sideways=True)
    paper.heading(1, words.say("part.8"))
    maps(paper, assessment, words)
    return paper.file()
