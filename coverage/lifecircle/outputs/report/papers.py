"""The report by itself: page, Word files and, where a browser is installed, PDF."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError
from lifecircle.outputs.office.browser import VARIABLE, find_browser, print_pdf
from lifecircle.outputs.office.page import write_page
from lifecircle.outputs.report.brief.document import write_summary
from lifecircle.outputs.report.brief.page import render_summary
from lifecircle.outputs.report.chapter.document import write_chapter
from lifecircle.outputs.report.page.document import write_report
from lifecircle.outputs.whole import whole_files
from lifecircle.texts import say

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.whole import Keeper

__all__ = ["PAPERS", "PRINTED", "check_browser", "write_papers"]

PAPERS = {"report": "report.html", "summary": "summary.docx", "chapter": "report.docx"}
PRINTED = {"summary_pdf": "summary.pdf", "report_pdf": "report.pdf"}
"""Output name → file name."""


def check_browser(language: str) -> None:
    """Refuse at once what cannot be printed.

    Raises
    ------
    OutputError
        No browser is installed.
    """
    if find_browser() is None:
        raise OutputError(say("brief", "pdf.no_browser", language, variable=VARIABLE))


def write_papers(
    assessment: Assessment,
    folder: str | Path,
    *,
    pdf: bool = False,
    earlier: Keeper | None = None,
) -> dict[str, Path]:
    """Write the report and its summary into ``folder``; return output name → path.

    Parameters
    ----------
    pdf
        Print both to PDF besides, with a browser that is installed.
    earlier
        Keeps other reports that are there; by default they are replaced.

    Raises
    ------
    OutputError
        No browser prints, or a file cannot be written; then none is.
    """
    home = Path(folder)
    names = {**PAPERS, **(PRINTED if pdf else {})}
    with whole_files(home, earlier=earlier) as part:
        page = write_report(assessment, part / PAPERS["report"])
        write_summary(assessment, part / PAPERS["summary"])
        write_chapter(assessment, part / PAPERS["chapter"])
        if pdf:
            day, language = assessment.as_of, assessment.language
            with TemporaryDirectory() as spare:
                one = write_page(render_summary(assessment), Path(spare) / "summary.html")
                print_pdf(one, part / PRINTED["summary_pdf"], day, language)
            print_pdf(page, part / PRINTED["report_pdf"], day, language)
    return {name: home / file for name, file in names.items()}
