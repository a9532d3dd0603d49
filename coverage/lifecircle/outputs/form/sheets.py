"""The sheets beside the form: where each point comes from, the papers, exemptions, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl.styles import Font, PatternFill

from lifecircle.model.results.score import Origin
from lifecircle.outputs.office.excel import Column, fill_sheet, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.score import PartScore, Score
    from lifecircle.outputs.form.wording import ScoreWording

__all__ = ["SCORE_SHEETS", "fill_working"]

_Rows: TypeAlias = "tuple[list[Column], Iterator[list[Any]]]"
_POINTS = "0.##"

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
_ORIGIN_FILLS: Mapping[Origin, PatternFill] = {
    Origin.COMPUTED: PatternFill("solid", fgColor="DCEBFA"),
    Origin.TYPED: PatternFill("solid", fgColor="E3F1E1"),
    Origin.SUGGESTED: PatternFill("solid", fgColor="FFF0CC"),
    Origin.OPEN: PatternFill("solid", fgColor="EEEEEE"),
}


def fill_working(sheet: Worksheet, score: Score, words: ScoreWording) -> None:
    """Write the working sheet: the result, the points by origin, and every part below."""
    put(sheet, 1, 1, words.say("sheet.working")).font = Font(bold=True, size=14)
    put(sheet, 2, 1, words.total(score)).font = Font(bold=True)
    line = 2
    for one in score.origins:
        line += 1
        put(sheet, line, 1, words.by_origin(one))
        for number in range(1, 9):
            sheet.cell(line, number).fill = _ORIGIN_FILLS[one.origin]
    if score.borrowed:
        line += 1
        put(sheet, line, 1, words.say("form.borrowed", number=score.form.number))
    head = line + 2
    parts = [part for item in score.items for part in item.parts]
    fill_sheet(sheet, _WORKING_COLUMNS, [_working(p, words) for p in parts], words, first_row=head)
    at = next(i for i, c in enumerate(_WORKING_COLUMNS, start=1) if c.code == "origin")
    for row, part in enumerate(parts, start=head + 1):
        sheet.cell(row, at).fill = _ORIGIN_FILLS[part.origin]
    sheet.freeze_panes = f"C{head + 1}"


def _working(one: PartScore, words: ScoreWording) -> list[Any]:
    papers = [p for p in map(words.paper, one.materials) if p]
    return [
        one.part.id,
        words.title(one.part.words),
        words.say(f"kind.{one.part.kind}"),
        _number(one.part.points),
        None if one.score is None else _number(one.score),
        _number(one.low),
        _number(one.high),
        words.origin(one.origin),
        words.why(one),
        "\n".join(words.figure(clause) for clause in one.clauses),
        "\n".join(words.target(c.comparison, c.target, c.unit) for c in one.clauses),
        "\n".join(dict.fromkeys(papers)),
        one.part.quote,
    ]


def _number(points: float) -> float | int:
    return int(points) if points == int(points) else points


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


def paper_rows(score: Score, words: ScoreWording) -> _Rows:
    """Return the catalogue of papers, in the form's order, numbered."""
    listed = (
        (part, paper)
        for item in score.items
        for part in item.parts
        for paper in part.materials
        if paper.named or paper.work
    )

    def rows() -> Iterator[list[Any]]:
        for serial, (part, paper) in enumerate(listed, start=1):
            yield [
                serial,
                part.part.id,
                words.title(part.part.words),
                paper.work or None,
                paper.title or None,
                paper.number or None,
                paper.file or None,
                paper.note or None,
            ]

    return _PAPER_COLUMNS, rows()


_EXEMPTION_COLUMNS = [
    Column("id", 12),
    Column("clause", 10),
    Column("exemption_reason", 44, wrap=True),
    Column("exemption_reference", 28, wrap=True),
    Column("until", 12),
    Column("exemption_state", 28, wrap=True),
]


def exemption_rows(score: Score, words: ScoreWording) -> _Rows:
    """Return the exemptions of the assessment: what they cover is in no rate of the form."""

    def rows() -> Iterator[list[Any]]:
        for one in score.exemptions:
            yield [
                one.id,
                one.clause,
                one.reason,
                one.reference,
                words.say("until.none") if one.until is None else one.until.isoformat(),
                words.word("exemption_state", str(one.state)),
            ]

    return _EXEMPTION_COLUMNS, rows()


_PROBLEM_COLUMNS = [
    Column("severity", 8),
    Column("place", 36, wrap=True),
    Column("problem", 44, wrap=True),
    Column("why", 34, wrap=True),
    Column("fix", 40, wrap=True),
]


def problem_rows(score: Score, words: ScoreWording) -> _Rows:
    """Return what is wrong with the evidence."""

    def rows() -> Iterator[list[Any]]:
        for problem in score.problems:
            what, why, remedy = words.problem(problem)
            severity = words.word("severity", str(problem.severity))
            yield [severity, words.place(problem), what, why or None, remedy or None]

    return _PROBLEM_COLUMNS, rows()


SCORE_SHEETS = {
    "papers": paper_rows,
    "exemptions": exemption_rows,
    "problems": problem_rows,
}
"""Sheets after the form and the working sheet, in order; title: text ``sheet.<name>``."""
