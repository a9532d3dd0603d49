"""A planner's own ledger back: a copy of the workbook with its problem cells coloured and noted.

The copy keeps what the original has (styles, widths, formulas, validation, macros); what the
library that writes it cannot carry (pictures, charts, drawings) is said on its front worksheet. The
front worksheet lists every problem of the file, worst first, each with a link to its cell.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.hyperlink import Hyperlink

from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.checkup.take import imprint, worked_in
from lifecircle.outputs.office.colours import SEVERITY_FILLS, SEVERITY_INKS
from lifecircle.outputs.office.excel import (
    RULE,
    SOFT_FONT,
    TITLE_FONT,
    argb,
    book_bytes,
    fit_page,
    plain_text,
    put,
    style_header,
)
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.problems import problem_spot
from lifecircle.outputs.words.wording import Wording
from lifecircle.stopping import heed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.inputs.checkup import Checkup
    from lifecircle.model.problem import Problem

__all__ = ["LISTED", "NOTED", "Copies", "without_copy", "write_ledger_copies"]

SUFFIXES = (".xlsx", ".xlsm")
_TABLES = (*SUFFIXES, ".csv", ".tsv", ".txt", ".xls", ".et", ".ods", ".xml")
"""Files whose cells a planner mends in the file itself."""
NOTED = 2000
"""Cells of one worksheet that get a comment; spreadsheet programs stall on many more."""
LISTED = 50_000
"""Problems on the front worksheet."""
_COLUMNS = (
    ("number", 6),
    ("severity", 8),
    ("sheet", 16),
    ("cell", 9),
    ("column", 18),
    ("value", 20),
    ("what", 44),
    ("why", 44),
    ("remedy", 48),
)
_LOST_PARTS = ("xl/drawings/drawing", "xl/charts/", "xl/media/", "xl/diagrams/")
_ROW_HEIGHT, _ROW_MARGIN = 14.5, 4
_COMMENT_WIDTH = 340
_LINE_HEIGHT = 20
_CHARACTERS = 24
_UNDATED = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_ORDER = list(Severity)


class Copies(OrderedDict[str, "Path"]):
    """File as the study names it → its copy; ``left``: copies somebody works in, not touched.

    ``unmarked``: tables with something to mend of which no copy can be made, as the study names
    them: CSV, .xls and others that this cannot write, and workbooks whose looks it cannot carry.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left: list[Path] = []
        self.unmarked: list[str] = []


def write_ledger_copies(checkup: Checkup, folder: Path) -> Copies:
    """Write the coloured copy of each workbook that has problems.

    A copy that somebody has corrected, and that was not handed back yet, is never overwritten: the
    new one has the next number.

    Parameters
    ----------
    checkup
        What was found.
    folder
        Where the copies go; a copy has the name of its original with an ending.

    Returns
    -------
    Copies
        File as the study names it → copy. Workbooks without a problem, that could not be
        opened, or whose looks cannot be carried over, have none.

    Raises
    ------
    OutputError
        A copy cannot be written; none is left half-written.
    """
    words = Wording(checkup.language, "check")
    written = Copies()
    for name, source in checkup.files.items():
        mine = [p for p in checkup.problems if p.file == name]
        # A workbook that could be opened has its worksheet in the messages.
        opened = any(p.sheet is not None for p in mine)
        if source.suffix.lower() not in SUFFIXES:
            continue
        if not opened:
            written.left += [one for one in _names(source, folder, words) if worked_in(one, source)]
            continue
        try:
            content = _copy(source, mine, words, folder)
        except Exception:  # noqa: BLE001 - openpyxl minds looks that a reader of values does not
            heed()
            continue
        for target in _names(source, folder, words, more=True):
            if target in written.values():
                continue
            if _differs(target, content) and worked_in(target, source):
                written.left.append(target)
                continue
            with whole_file(target) as part:
                part.write_bytes(content)
            written[name] = target
            break
    return written


def without_copy(checkup: Checkup, written: Copies) -> list[str]:
    """Return the tables with cells or columns to mend of which no copy was written, by name."""
    return [
        name for name, file in checkup.files.items() if _lacks_copy(checkup, name, file, written)
    ]


def _lacks_copy(checkup: Checkup, name: str, source: Path, written: Copies) -> bool:
    """Return whether a table has cells or columns to mend and no copy shows them."""
    if name in written or source.suffix.lower() not in _TABLES:
        return False
    return any(
        p.file == name and p.severity is not Severity.INFO and (p.row or p.column)
        for p in checkup.problems
    )


def _differs(target: Path, content: bytes) -> bool:
    """Return whether another file is there; one that cannot be read is told when it is written."""
    try:
        return target.is_file() and target.read_bytes() != content
    except OSError:
        return False


def _names(source: Path, folder: Path, words: Wording, *, more: bool = False) -> Iterator[Path]:
    """Yield the names of a ledger's copies that are there, with ``more`` the next ones too."""
    ending = words.say("copy.ending")
    for number in count(1):
        last = "" if number == 1 else str(number)
        path = folder / f"{source.stem}{ending}{last}{source.suffix.lower()}"
        if not more and not path.exists():
            return
        yield path


def _copy(source: Path, problems: list[Problem], words: Wording, folder: Path) -> bytes:
    with warnings.catch_warnings(), source.open("rb") as stream:
        warnings.simplefilter("ignore")  # what cannot be carried is said on the front worksheet
        book = openpyxl.load_workbook(stream, keep_vba=source.suffix.lower() == ".xlsm")
    imprint(book, source, [w.title for w in book.worksheets], folder)
    noted = dict.fromkeys(book.sheetnames, 0)
    for (worksheet, cell), found in _by_cell(book, problems).items():
        _mark(book[worksheet], cell, found, words, note=noted[worksheet] < NOTED)
        noted[worksheet] += 1
    lost = _lost_parts(source)
    _front(book, problems, words, lost=lost, unnoted=any(n > NOTED for n in noted.values()))
    book.calculation.fullCalcOnLoad = True  # formulas are written without their values
    day = (book.properties.modified or _UNDATED).date()
    data = book_bytes(book, day)
    book.close()
    return data


def _lost_parts(source: Path) -> bool:
    with zipfile.ZipFile(source) as archive:
        return any(name.startswith(_LOST_PARTS) for name in archive.namelist())


def _by_cell(book: Workbook, problems: Iterable[Problem]) -> dict[tuple[str, str], list[Problem]]:
    """Return the problems of each cell; those of a row stand in the row's first cell."""
    found: dict[tuple[str, str], list[Problem]] = {}
    worksheets = {
        name: book[name] for name in book.sheetnames if hasattr(book[name], "merged_cells")
    }
    anchors = {name: _Anchors(worksheet) for name, worksheet in worksheets.items()}
    for problem in problems:
        if problem.sheet in worksheets and (problem.cell or problem.row):
            cell = problem.cell or f"A{problem.row}"
            found.setdefault((problem.sheet, anchors[problem.sheet].of(cell)), []).append(problem)
    return found


@dataclass(slots=True)
class _Anchors:
    """Finds the cell that shows for another: the first of a merged block."""

    worksheet: Worksheet

    def of(self, cell: str) -> str:
        """Return the address of that cell."""
        row, column = coordinate_to_tuple(cell)
        if not isinstance(self.worksheet.cell(row, column), MergedCell):
            return cell
        for block in self.worksheet.merged_cells.ranges:
            if cell in block:
                return str(self.worksheet.cell(block.min_row, block.min_col).coordinate)
        return cell


def _mark(
    worksheet: Worksheet, address: str, found: list[Problem], words: Wording, *, note: bool
) -> None:
    """Colour one cell by its worst problem and, with ``note``, say in a comment what to do."""
    cell = worksheet[address]
    worst = min((p.severity for p in found), key=_ORDER.index)
    cell.fill = PatternFill("solid", fgColor=argb(SEVERITY_FILLS[worst]))
    if not note:
        return
    told = []
    for problem in found:
        said = describe(problem, words.language)
        severity = words.word("severity", problem.severity)
        told.append(f"[{severity}] {said['what']}\n{said['why']}\n→ {said['remedy']}")
    text = plain_text("\n\n".join(dict.fromkeys(told)))
    if cell.comment is not None:
        text = f"{text}\n\n{cell.comment.text}"
    lines = sum(1 + len(line) // _CHARACTERS for line in text.split("\n"))
    height = _LINE_HEIGHT * (lines + 1)
    cell.comment = Comment(text, "lifecircle", height=height, width=_COMMENT_WIDTH)


def _front(
    book: Workbook, problems: list[Problem], words: Wording, *, lost: bool, unnoted: bool
) -> None:
    """Put the list of problems in front of the others."""
    title = words.say("copy.sheet")
    worksheet = book.create_sheet(title, 0)
    put(worksheet, 1, 1, title).font = TITLE_FONT
    notes = [words.say("copy.note")]
    if lost:
        notes.append(words.say("copy.lost"))
    if unnoted:
        notes.append(words.say("copy.unnoted", count=NOTED))
    if len(problems) > LISTED:
        notes.append(words.say("copy.more", count=len(problems), listed=LISTED))
    for line, note in enumerate(notes, start=2):
        put(worksheet, line, 1, note).font = SOFT_FONT
    first = len(notes) + 3
    for number, (code, width) in enumerate(_COLUMNS, start=1):
        style_header(put(worksheet, first, number, words.say(f"column.{code}")))
        worksheet.column_dimensions[get_column_letter(number)].width = width
    ordered = sorted(problems, key=lambda p: _ORDER.index(p.severity))[:LISTED]
    for number, problem in enumerate(ordered, start=1):
        _row(book, worksheet, first + number, number, problem, words)
    worksheet.freeze_panes = f"A{first + 1}"
    worksheet.auto_filter.ref = f"A{first}:I{first + len(ordered)}"
    worksheet.print_title_rows = f"{first}:{first}"
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    fit_page(worksheet)
    for other in book.worksheets:  # two selected worksheets would be edited together
        other.sheet_view.tabSelected = other is worksheet
    book.active = 0


def _row(
    book: Workbook, worksheet: Worksheet, line: int, number: int, problem: Problem, words: Wording
) -> None:
    said = describe(problem, words.language)
    spot = problem_spot(problem, words.language)
    values = (
        number,
        words.word("severity", problem.severity),
        problem.sheet,
        spot,
        problem.column,
        problem.value,
        said["what"],
        said["why"],
        said["remedy"],
    )
    for column, value in enumerate(values, start=1):
        cell = put(worksheet, line, column, value)
        cell.alignment = Alignment(wrap_text=column > 2, vertical="top")  # noqa: PLR2004
        cell.border = RULE
    # A program that opens the file does not fit the heights of wrapped rows by itself.
    lines = max(
        -(-2 * len(str(value)) // width)
        for value, (_, width) in zip(values, _COLUMNS, strict=True)
        if value is not None
    )
    worksheet.row_dimensions[line].height = _ROW_HEIGHT * lines + _ROW_MARGIN
    severity = worksheet.cell(line, 2)
    fill, ink = SEVERITY_FILLS[problem.severity], SEVERITY_INKS[problem.severity]
    severity.fill = PatternFill("solid", fgColor=argb(fill))
    severity.font = Font(name=severity.font.name, bold=True, color=argb(ink))
    if problem.sheet in book.sheetnames and spot is not None:
        link = worksheet.cell(line, 4)
        target = f"{quote_sheetname(problem.sheet)}!{problem.cell or f'A{problem.row}'}"
        link.hyperlink = Hyperlink(ref=link.coordinate, location=target)
        link.font = Font(name=link.font.name, color="1F5D94", underline="single")
