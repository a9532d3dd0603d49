"""The worksheets beside the form: where each point comes from, papers, exemptions, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from lifecircle.model.results.score import Origin
from lifecircle.outputs.form.phrases import (
    clause_figure,
    marks_line,
    origin_line,
    paper_name,
    plain_points,
    total_line,
    why_text,
)
from lifecircle.outputs.office.excel import Column, fill_worksheet, put
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.words.banners import asked
from lifecircle.outputs.words.problems import problem_text, problem_where

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.inputs.exemption import Exemption
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.score import Material, PartScore, Score
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["SCORE_WORKSHEETS", "fill_working"]

_WORKING_COLUMNS = [
    Column("part", 8),
    Column("part_words", 26, wrap=True),
    Column("kind", 11),
    Column("full", 7),
    Column("score", 8),
    Column("low", 7),
    Column("high", 7),
    Column("origin", 12),
    Column("why", 38, wrap=True),
    Column("figures", 40, wrap=True),
    Column("target", 16, wrap=True),
    Column("papers", 34, wrap=True),
    Column("quote", 44, wrap=True),
]
_ORIGIN_COLOURS: Mapping[Origin, str] = {
    Origin.COMPUTED: "DCEBFA",
    Origin.TYPED: "E3F1E1",
    Origin.SUGGESTED: "FFF0CC",
    Origin.OPEN: "EEEEEE",
}


def fill_working(worksheet: Worksheet, score: Score, words: Wording) -> None:
    """Write the working worksheet: the result, the points by origin, and every part below."""
    paper, last = Ruled(FORM, words.language), len(_WORKING_COLUMNS)
    paper.across(worksheet, 1, last, words.say("sheet.working"), "PaperTitle")
    paper.across(worksheet, 2, last, total_line(score, words), "TableStrong")
    line = 2
    for one in score.origins:
        line += 1
        put(worksheet, line, 1, origin_line(one, words)).font = paper.font("TableText")
        for number in range(1, 9):
            ground = PatternFill("solid", fgColor=_ORIGIN_COLOURS[one.origin])
            worksheet.cell(line, number).fill = ground
    borrowed = words.say("form.borrowed", number=score.form.number) if score.borrowed else None
    for told in filter(None, (borrowed, marks_line(score, words))):
        line += 1
        put(worksheet, line, 1, told).font = paper.font("TableText")
    head = line + 2
    parts = [part for item in score.items for part in item.parts]
    rows = (_working(part, words) for part in parts)
    fill_worksheet(worksheet, _WORKING_COLUMNS, rows, words, first_row=head, paper=paper)
    at = next(i for i, c in enumerate(_WORKING_COLUMNS, start=1) if c.code == "origin")
    letter = get_column_letter(at)
    cells = f"{letter}{head + 1}:{letter}{head + len(parts)}"
    for origin, colour in _ORIGIN_COLOURS.items():  # by their words: the rows are no cells
        told = f'"{words.say(f"origin.{origin}")}"'
        rule = CellIsRule(operator="equal", formula=[told], fill=PatternFill(bgColor=colour))  # type: ignore[no-untyped-call]
        worksheet.conditional_formatting.add(cells, rule)
    worksheet.freeze_panes = f"C{head + 1}"


def _working(one: PartScore, words: Wording) -> list[Any]:
    papers = filter(None, (paper_name(paper, words) for paper in one.materials))
    return [
        one.part.id,
        words.title(one.part.words),
        words.say(f"kind.{one.part.kind}"),
        plain_points(one.part.points),
        None if one.score is None else plain_points(one.score),
        plain_points(one.low),
        plain_points(one.high),
        words.say(f"origin.{one.origin}"),
        why_text(one, words),
        "\n".join(clause_figure(clause, words) for clause in one.clauses),
        "\n".join(asked(c, words) for c in one.clauses),
        "\n".join(dict.fromkeys(papers)),
        one.part.quote,
    ]


_PAPER_COLUMNS = [
    Column("serial", 7),
    Column("part", 8),
    Column("part_words", 30, wrap=True),
    Column("work", 24, wrap=True),
    Column("paper_title", 40, wrap=True),
    Column("paper_number", 24, wrap=True),
    Column("paper_file", 24, wrap=True),
    Column("paper_note", 30, wrap=True),
]


def paper_rows(score: Score, words: Wording) -> Rows:
    """Return the catalogue of papers, in the form's order, numbered."""
    listed = (
        (part, paper)
        for item in score.items
        for part in item.parts
        for paper in part.materials
        if paper.named or paper.work
    )
    numbered = enumerate(listed, start=1)
    return _PAPER_COLUMNS, (_paper(n, part, paper, words) for n, (part, paper) in numbered)


def _paper(serial: int, part: PartScore, paper: Material, words: Wording) -> list[Any]:
    return [
        serial,
        part.part.id,
        words.title(part.part.words),
        paper.work or None,
        paper.title or None,
        paper.number or None,
        paper.file or None,
        paper.note or None,
    ]


_EXEMPTION_COLUMNS = [
    Column("id", 12),
    Column("clause", 10),
    Column("exemption_reason", 44, wrap=True),
    Column("exemption_reference", 28, wrap=True),
    Column("until", 12),
    Column("exemption_state", 28, wrap=True),
]


def exemption_rows(score: Score, words: Wording) -> Rows:
    """Return the exemptions of the assessment: what they cover is in no rate of the form."""
    return _EXEMPTION_COLUMNS, (_exemption(one, words) for one in score.exemptions)


def _exemption(one: Exemption, words: Wording) -> list[Any]:
    state = words.word("exemption_state", str(one.state))
    return [
        one.id,
        one.clause,
        one.reason,
        one.reference,
        words.say("until.unread" if one.open_end else "until.none")
        if one.until is None
        else one.until.isoformat(),
        words.say("exemption.said", state=state, said=one.said) if one.said else state,
    ]


_PROBLEM_COLUMNS = [
    Column("severity", 8),
    Column("place", 36, wrap=True),
    Column("problem", 44, wrap=True),
    Column("why", 34, wrap=True),
    Column("fix", 40, wrap=True),
]


def problem_rows(score: Score, words: Wording) -> Rows:
    """Return what is wrong with the evidence."""
    return _PROBLEM_COLUMNS, (_problem(problem, words) for problem in score.problems)


def _problem(problem: Problem, words: Wording) -> list[Any]:
    what, why, remedy = problem_text(problem, words.language)
    severity = words.word("severity", str(problem.severity))
    where = problem_where(problem, words.language)
    return [severity, where, what, why or None, remedy or None]


SCORE_WORKSHEETS: Mapping[str, Callable[[Score, Wording], Rows]] = {
    "papers": paper_rows,
    "exemptions": exemption_rows,
    "problems": problem_rows,
}
"""Worksheets after the form and the working, in order; title: text ``sheet.<name>``."""
