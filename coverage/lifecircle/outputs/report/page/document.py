"""``report.html``: the compliance report, one file that opens and prints without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import text_or_none
from lifecircle.model.inputs.exemption import ExemptionState
from lifecircle.model.results.assessment import SCHEMA
from lifecircle.outputs.office.chart import charts
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.office.page import render_page, write_page
from lifecircle.outputs.report.brief.page import picture_text
from lifecircle.outputs.report.brief.told import one_page
from lifecircle.outputs.report.district_lines import district_cards
from lifecircle.outputs.report.districts import ferry_wait, host_cards
from lifecircle.outputs.report.page import clauses, reach, rows
from lifecircle.outputs.report.page.switches import switches
from lifecircle.outputs.report.readings_taken import readings_taken
from lifecircle.outputs.words.banners import asked, banner_lines, quote_mark, undiagnosed, unwalked
from lifecircle.outputs.words.figures import either_way
from lifecircle.outputs.words.problems import problem_text, problem_where
from lifecircle.outputs.words.sensitivity import sensitivity_tables
from lifecircle.outputs.words.settlements import settlement_lines
from lifecircle.outputs.words.showing import documents_of, headline, tally_line, unquoted
from lifecircle.outputs.words.sources_read import checksums, read_words
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment

__all__ = ["render_report", "write_report"]

_LISTED = 20
"""Most names of what misses the same that are printed; the workbook has each in a row."""


def write_report(assessment: Assessment, path: Path) -> Path:
    """Write the report of ``assessment`` to the HTML file ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_page(render_report(assessment), path)


def render_report(assessment: Assessment) -> str:
    """Return the report as HTML. Every text from the data is escaped."""
    words = Wording.of(assessment)
    told = one_page(assessment)
    context: dict[str, Any] = {
        "a": assessment,
        "read_words": read_words,
        "checksums": checksums(assessment.inputs),
        "w": words,
        "t": words.say,
        "d": words.in_domain("districts").say,
        "schema": SCHEMA,
        "colours": {str(k): v for k, v in STATUS_COLOURS.items()},
        "tints": {str(k): v for k, v in STATUS_TINTS.items()},
        "text_or_none": text_or_none,
        "asked": asked,
        "either_way": either_way,
        "quote_mark": quote_mark,
        "unquoted": unquoted,
        "documents": documents_of(assessment, words),
        "unwalked": unwalked(assessment),
        "undiagnosed": undiagnosed(assessment),
        "banners": banner_lines(assessment, words),
        "headline": headline(assessment),
        "one": told,
        "b": words.in_domain("brief").say,
        "picture": picture_text(told),
        "tally": tally_line(assessment, words),
        "clauses": clauses.clause_cards(assessment, words),
        "failing": rows.failing_areas(assessment, words),
        "failing_elsewhere": rows.failing_elsewhere(assessment, words),
        "sites": rows.candidate_sites(assessment, words),
        "most_names": _LISTED,
        "undecided": rows.undecided_subjects(assessment, words),
        "exemptions": assessment.exemptions,
        "exempted": sum(e.state is ExemptionState.APPLIED for e in assessment.exemptions),
        "suggestions": rows.suggestions(assessment, words),
        "settlements": settlement_lines(assessment, words),
        "hosts": host_cards(assessment, words),
        "ferry_wait": ferry_wait(assessment),
        "districts": district_cards(assessment, words),
        "matrices": clauses.unit_matrices(assessment, words),
        "disagreements": reach.disagreements(assessment, words),
        "close_calls": reach.close_calls(assessment, words),
        "gate_effects": reach.gate_effects(assessment, words),
        "diagnosis": reach.diagnosis(assessment, words),
        "sensitivity": sensitivity_tables(assessment, words),
        "charts": charts(assessment, words),
        "readings": readings_taken(assessment, words),
        "switches": switches(assessment, words),
        "problems": [
            (p, problem_text(p, words.language), problem_where(p, words.language))
            for p in assessment.problems
        ],
        "illustrative": rows.illustrative(assessment),
    }
    return render_page("report.html.j2", context)
