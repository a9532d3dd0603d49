"""``sites.xlsx``: the table of projects for printing, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment

from lifecircle.outputs.office.excel import (
    BANNER_FILL,
    BANNER_FONT,
    COUNT,
    M2,
    SOFT_FONT,
    TITLE_FONT,
    VALUE,
    Column,
    fill_worksheet,
    first_worksheet,
    new_book,
    put,
    write_book,
)
from lifecircle.outputs.project.choices import choice_columns, worth_of
from lifecircle.outputs.project.told import plan_told, plan_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.outputs.project.table import ProjectRow
    from lifecircle.outputs.project.told import PlanTold
    from lifecircle.outputs.words.wording import Wording

__all__ = ["write_sites_book"]

_PROJECTS = [
    Column("number", 6, COUNT),
    Column("project", 25, wrap=True),
    Column("position", 23, wrap=True),
    Column("nature", 9),
    Column("land", 10, M2),
    Column("floor", 13, M2, wrap=True),
    Column("beds", 8, COUNT),
    Column("served", 32, wrap=True),
    Column("cost", 10, VALUE),
    Column("sequence", 9),
    Column("office", 12),
]
_SERVED = [
    Column("number", 6, COUNT),
    Column("project", 30, wrap=True),
    Column("area", 34, wrap=True),
    Column("households", 12, COUNT),
    Column("m2", 12, M2),
    Column("gained", 14),
]
_RATES = [
    Column("scope", 24),
    Column("basis", 20),
    Column("before", 44, wrap=True),
    Column("after", 44, wrap=True),
]
_ARRANGED = [
    Column("place_in_use", 40, wrap=True),
    Column("area", 40, wrap=True),
    Column("m2", 12, M2),
]
_CHOICES = {
    "instead_of": Column("instead_of", 40),
    "besides": Column("besides", 40, wrap=True),
    "cost": Column("cost", 16),
}
_GAINS = [Column("places", 10, COUNT), Column("gain", 18), Column("pays", 14)]
_VARIANTS = [
    Column("asked", 36, wrap=True),
    Column("stay", 50, wrap=True),
    Column("left", 50, wrap=True),
]
_DISTRICTS = [
    Column("unit", 30, wrap=True),
    Column("host", 40, wrap=True),
    Column("minutes", 14),
    Column("planned_host", 40, wrap=True),
    Column("planned_minutes", 14),
]
_CLOSING = [
    Column("place_in_use", 40, wrap=True),
    Column("loses", 50, wrap=True),
    Column("lost_weight", 14),
    Column("undecided", 40, wrap=True),
]


def write_sites_book(plan: SitingPlan, path: Path) -> Path:
    """Write the workbook of a plan to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words, told = plan_words(plan), plan_told(plan)
    book = new_book(told.title)
    _projects(first_worksheet(book, words.say("sheet.projects")), told, words)
    served = [*_SERVED[:-1], Column(f"away_{plan.unit}", 14, VALUE), _SERVED[-1]]
    _sheet(book, "served", served, _served(plan, told, words), words)
    rates = ([row.scope, row.basis, row.before, row.after] for row in told.rates)
    _sheet(book, "rates", _RATES, rates, words)
    if told.arranged:
        _sheet(book, "arranged", _ARRANGED, map(list, told.arranged), words)
    worth = Column(worth_of(plan), 18)
    if told.choices:
        names = choice_columns(plan)[1:]
        more = (_CHOICES.get(name) or Column(name, 50, wrap=True) for name in names)
        _sheet(book, "choices", [worth, *more], map(list, told.choices), words)
    if told.gains:
        gains = [_GAINS[0], worth, *_GAINS[1:]]
        _sheet(book, "gains", gains, map(list, told.gains), words)
    if told.variants:
        _sheet(book, "variants", _VARIANTS, map(list, told.variants), words)
    if told.districts:
        _sheet(book, "districts", _DISTRICTS, map(list, told.districts), words)
    if told.closing:
        _sheet(book, "closing", _CLOSING, map(list, told.closing), words)
    return write_book(book, path, plan.as_of)


def _sheet(
    book: Workbook, name: str, columns: list[Column], rows: Iterator[list[Any]], words: Wording
) -> None:
    fill_worksheet(book.create_sheet(words.say(f"sheet.{name}")), columns, rows, words)


def _projects(worksheet: Worksheet, told: PlanTold, words: Wording) -> None:
    """Write title, facts and the table; its header is printed on every page, its notes below."""
    put(worksheet, 1, 1, told.title).font = TITLE_FONT
    put(worksheet, 2, 1, told.banner).font = BANNER_FONT
    for number in range(1, len(_PROJECTS) + 1):
        worksheet.cell(2, number).fill = BANNER_FILL
    line = 2
    for label, value in told.facts:
        line += 1
        put(worksheet, line, 1, f"{label}{words.say('colon')}{value}").font = SOFT_FONT
    header = line + 2
    fill_worksheet(
        worksheet, _PROJECTS, [_project(row, words) for row in told.rows], words, first_row=header
    )
    worksheet.freeze_panes = f"C{header + 1}"
    line = header + len(told.rows) + 1
    for note in (*told.notes, *told.attribution):
        line += 1
        cell = put(worksheet, line, 1, note)
        cell.font, cell.alignment = SOFT_FONT, Alignment(vertical="top")


def _project(row: ProjectRow, words: Wording) -> list[Any]:
    open_ = words.say("open")
    floor: Any = row.floor
    if floor is None:
        floor = open_ if row.floor_note is None else f"{open_}\n{row.floor_note}"
    return [
        row.number,
        row.project,
        row.position,
        row.nature,
        open_ if row.land is None else row.land,
        floor,
        open_ if row.beds is None else row.beds,
        "\n".join([*row.served, row.households]),
        open_ if row.cost is None else row.cost,
        row.sequence,
        open_,
    ]


def _served(plan: SitingPlan, told: PlanTold, words: Wording) -> Iterator[list[Any]]:
    for place, row in zip(plan.places, told.rows, strict=True):
        for one in place.serves:
            yield [
                row.number,
                row.project,
                one.name,
                words.say("unfilled") if one.households is None else one.households,
                one.m2,
                one.cost,
                words.say("yes" if one.gained else "no"),
            ]
