"""镇街月调度表: what every town has to do, with columns that it fills in month by month."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import number_or_none
from lifecircle.outputs.office.excel import (
    COUNT,
    M2,
    Column,
    Folded,
    fill_worksheet,
    first_worksheet,
    frame_of,
    new_book,
    number_cell,
    rows_of,
    write_book,
)
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.report.rectification import rectification_rows
from lifecircle.outputs.report.workbook.accounts import sum_cell
from lifecircle.outputs.words.showing import of_reference, sums_of_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_schedule"]

_TO_FILL = ("month_places", "month_m2", "total_places", "total_m2", "trouble", "next", "officer")
_TOWNS = [
    Column("question", 6, COUNT),
    Column("unit", 16),
    Column("areas", 9, COUNT),
    Column("deficient", 9, COUNT),
    Column("not_assessed", 9, COUNT),
    Column("deficit_m2", 12, M2),
    Column("month_places", 11),
    Column("month_m2", 11),
    Column("total_places", 11),
    Column("total_m2", 11),
    Column("trouble", 26),
    Column("next", 22),
    Column("officer", 12),
]
_OF_REFERENCE = Column("reference_deficit_m2", 12, M2)
"""Of a town, where there is any."""
_TASKS = [
    Column("question", 6, COUNT),
    Column("unit", 13),
    Column("place", 30, wrap=True),
    Column("deficit_m2", 10, M2),
    Column("task", 52, wrap=True),
    Column("office", 12),
    Column("due", 12),
    Column("progress", 20),
    Column("total_m2", 11),
    Column("trouble", 20),
    Column("next", 18),
    Column("officer", 10),
]
_OF_LIST = {
    "unit": "rectify_unit",
    "place": "rectify_area",
    "deficit_m2": "rectify_deficit",
    "task": "rectify_remedy",
    "due": "rectify_due",
}
"""Column of a task → the column of the list of what to put right that it is."""
_HEADER_ROW = 4


def write_schedule(assessment: Assessment, path: Path, words: Wording) -> Path:
    """Write the schedule, a worksheet of towns and one of areas, and return the path.

    What was assessed is filled in; what was done, what hinders and what comes next is left blank.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    book = new_book(assessment.study)
    towns = first_worksheet(book, words.say("sheet.towns"))
    aside = [_OF_REFERENCE] if sums_of_reference(assessment) else []
    at = len(_TOWNS) - len(_TO_FILL)
    columns = [*_TOWNS[:at], *aside, *_TOWNS[at:]]
    _fill(towns, columns, _town_rows(assessment, words, aside=bool(aside)), assessment, words)
    tasks = book.create_sheet(words.say("sheet.tasks"))
    marked = of_reference(assessment)
    wider = [replace(c, width=18) if marked and c.code == "deficit_m2" else c for c in _TASKS]
    _fill(tasks, wider, _task_rows(assessment, words), assessment, words)
    return write_book(book, path, assessment.as_of)


def _fill(
    worksheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterator[list[Any]],
    assessment: Assessment,
    words: Wording,
) -> None:
    paper = Ruled(FORM, words.language)
    facts = words.say("schedule.facts", study=assessment.study, date=assessment.as_of.isoformat())
    paper.across(worksheet, 1, len(columns), words.say("schedule.title"), "PaperTitle")
    paper.across(worksheet, 2, len(columns), facts)
    paper.across(worksheet, 3, len(columns), words.say("schedule.month"))
    fill_worksheet(worksheet, columns, rows, words, first_row=_HEADER_ROW, paper=paper)
    worksheet.freeze_panes = f"C{_HEADER_ROW + 1}"


def _town_rows(assessment: Assessment, words: Wording, *, aside: bool) -> Iterator[list[Any]]:
    names = ["deficit_m2", *(["reference_deficit_m2"] if aside else ())]
    sums = {str(row["scope"]): row for _, row in rows_of(assessment.provision)}
    number = 0
    for code, row in rows_of(frame_of(assessment, "units")):
        if row["level"] != "township" or not number_or_none(row["areas"]):
            continue
        number += 1
        yield [
            number,
            words.name(code, "units"),
            *(number_cell(row[name], words) for name in ("areas", "deficient", "not_assessed")),
            *(sum_cell(sums[code], name, words) if code in sums else None for name in names),
            *[None] * len(_TO_FILL),
        ]


def _task_rows(assessment: Assessment, words: Wording) -> Iterator[list[Any]]:
    columns, rows = rectification_rows(assessment, words)
    codes = [column.code for column in columns]
    for number, row in enumerate(rows, start=1):
        told = dict(zip(codes, row.cells if isinstance(row, Folded) else row, strict=True))
        yield [
            number,
            *(told.get(_OF_LIST.get(column.code, "")) for column in _TASKS[1:]),
        ]
