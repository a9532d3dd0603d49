"""The field sheets: one A4 a place, as a PDF and as a workbook to fill in."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break

from lifecircle.errors import OutputError
from lifecircle.outputs.handover.visits import visits_of
from lifecircle.outputs.office.excel import (
    COUNT,
    DEGREES,
    Column,
    fill_worksheet,
    first_worksheet,
    new_book,
    number_pages,
    put,
    text_width,
    write_book,
)
from lifecircle.outputs.office.paper.ruled import Ruled
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.handover.visits import Visit
    from lifecircle.outputs.words.wording import Wording

__all__ = ["MOST", "form_of", "write_field_sheets"]

MOST = 200
"""Places that have a form of their own by default; the list has all."""
_SHARES = (0.06, 0.16, 0.34, 0.22, 0.22)
_HEADS = ("question", "clause", "told", "look", "field_result")
_SIGNS = ("checker", "companion", "date")
_LIST = [
    Column("question", 6, COUNT),
    Column("place", 34, wrap=True),
    Column("unit", 14),
    Column("community", 18, wrap=True),
    Column("sorts", 22, wrap=True),
    Column("questions", 8, COUNT),
    Column("lon", 13, DEGREES),
    Column("lat", 12, DEGREES),
    Column("told", 70, wrap=True),
    Column("id", 10, lesser=True),
]
_WIDTHS = (6, 16, 34, 24, 24)
_LINE, _TO_SIGN = FORM.small_line + 1.0, 24.0
"""Heights of a line of text and of a row that is signed, points."""
_INCH_MM = 25.4


def form_of(visit: Visit, n: int, of: int, study: str, words: Wording) -> Any:
    """Return what stands on the form of a place, the ``n``-th of ``of``."""
    from lifecircle.outputs.sheets.place_form import FieldForm  # noqa: PLC0415 - matplotlib

    return FieldForm(
        title=words.say("field.title"),
        study=study,
        number=words.say("field.place_number", n=n, of=of),
        facts=_facts(visit, words),
        heads=[words.say(f"column.{code}") for code in _HEADS],
        shares=_SHARES,
        rows=_rows(visit),
        signs=[words.say(f"sign.{code}") for code in _SIGNS],
        note=words.say("field.note"),
        more=words.say("field.more", n="{n}"),
        unplaced=words.say("field.unplaced"),
        layer=visit.layer,
        place=visit.id,
        at=visit.at,
        facilities=visit.facilities,
    )


def _facts(visit: Visit, words: Wording) -> list[tuple[str, str]]:
    blank = words.say("field.blank")
    place = words.list(filter(None, (visit.unit, visit.community))) or blank
    degrees = blank if visit.lon is None else f"{visit.lon:.6f}, {visit.lat:.6f}"
    named = [words.name(i, "facilities") for i in visit.facilities if i != visit.id]
    return [
        (words.say(f"fact.of.{visit.layer}"), visit.name),
        (words.say("fact.id"), visit.id),
        (words.say("fact.place"), place),
        (words.say("fact.degrees"), degrees),
        (words.say("fact.sorts"), words.list(_sorts(visit, words))),
        (words.say("fact.facilities"), words.list(named) or blank),
    ]


def _sorts(visit: Visit, words: Wording) -> list[str]:
    return [words.say(f"sort.{sort}") for sort in dict.fromkeys(q.sort for q in visit.questions)]


def _rows(visit: Visit) -> list[tuple[str, str, str, str, str]]:
    return [(str(n), q.clause, q.told, q.look, "") for n, q in enumerate(visit.questions, start=1)]


def write_field_sheets(
    assessment: Assessment,
    pdf: Path,
    book: Path,
    words: Wording,
    *,
    most: int = MOST,
    font: Path | None = None,
    progress: Callable[..., None] | None = None,
) -> dict[str, Path]:
    """Write the field sheets; return ``field.pdf`` and ``field.xlsx`` → path.

    The workbook lists all places to visit; the first ``most`` have a form each, in both. Where
    nothing is to be visited there is no PDF, and an empty list. ``progress("form", n=1, of=200)``
    is called before each form.

    Raises
    ------
    OutputError
        The extra ``plot`` is not installed, there is no font, or a file cannot be written.
    """
    visits = visits_of(assessment, words)
    shown = visits[:most]
    made = new_book(assessment.study)
    listed = first_worksheet(made, words.say("sheet.visits"))
    rows = (_listed(n, visit, words) for n, visit in enumerate(visits, start=1))
    fill_worksheet(listed, _LIST, rows, words, paper=Ruled(FORM, words.language))
    if not shown:
        return {"field.xlsx": write_book(made, book, assessment.as_of)}
    module = _sheets(words.language)
    forms = [
        form_of(visit, n, len(shown), assessment.study, words)
        for n, visit in enumerate(shown, start=1)
    ]
    with module.field_forms(assessment, words, forms, font) as drawn:
        sketches = drawn.write(_told(forms, progress), pdf)
    worksheet = made.create_sheet(words.say("sheet.forms"))
    _fill_forms(worksheet, assessment.study, shown, sketches, words)
    write_book(made, book, assessment.as_of)
    return {"field.pdf": pdf, "field.xlsx": book}


def _told(forms: Sequence[Any], progress: Callable[..., None] | None) -> Iterator[Any]:
    """Yield the forms one by one, each told before it is drawn."""
    for n, form in enumerate(forms, start=1):
        if progress is not None:
            progress("form", n=n, of=len(forms))
        yield form


def _sheets(language: str) -> Any:
    try:
        return importlib.import_module("lifecircle.outputs.sheets.field_forms")
    except ImportError as error:
        raise OutputError(say("sheets", "error.no_plot", language)) from error


def _listed(n: int, visit: Visit, words: Wording) -> list[Any]:
    return [
        n,
        visit.name,
        visit.unit or None,
        visit.community or None,
        words.list(_sorts(visit, words)),
        len(visit.questions),
        visit.lon,
        visit.lat,
        words.phrases(f"{q.clause} {q.told}" for q in visit.questions),
        visit.id,
    ]


def _fill_forms(
    worksheet: Worksheet,
    study: str,
    visits: Sequence[Visit],
    sketches: Sequence[bytes | None],
    words: Wording,
) -> None:
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    paper, line = Ruled(FORM, words.language), 1
    for n, (visit, sketch) in enumerate(zip(visits, sketches, strict=True), start=1):
        title = words.say("field.place_number", n=n, of=len(visits))
        line = _fill_form(worksheet, line, visit, sketch, (study, title), words, paper)
        worksheet.row_breaks.append(Break(id=line - 1))
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.orientation = "portrait"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    top, right, bottom, left = (mm / _INCH_MM for mm in FORM.margins)
    worksheet.page_margins = PageMargins(
        left=left, right=right, top=top, bottom=bottom, footer=bottom / 2
    )
    number_pages(worksheet)


_SKETCH_ROWS = 20
_SKETCH_PIXELS = (751, 396)


def _fill_form(  # noqa: PLR0917 - one call, each a thing of its own
    worksheet: Worksheet,
    line: int,
    visit: Visit,
    sketch: bytes | None,
    heads: tuple[str, str],
    words: Wording,
    paper: Ruled,
) -> int:
    """Write one form from row ``line`` on and return the row below it."""
    wide = len(_WIDTHS)
    paper.across(worksheet, line, wide, words.say("field.title"), "PaperTitle")
    for row, text in enumerate(heads, start=line + 1):
        paper.across(worksheet, row, wide, text)
    line += 3
    for label, value in _facts(visit, words):
        _ruled(worksheet, line, (1, 2), label, paper, "TableHead")
        _ruled(worksheet, line, (3, 5), value, paper)
        worksheet.row_dimensions[line].height = _height([value], [sum(_WIDTHS[2:])])
        line += 1
    if sketch is None:
        put(worksheet, line, 1, "" if visit.at else words.say("field.unplaced"))
        worksheet.cell(line, 1).font = paper.font("TableText")
    else:
        _picture(worksheet, line, sketch)
    line += _SKETCH_ROWS
    worksheet.row_dimensions[line].height = _LINE + 6
    for column, code in enumerate(_HEADS, start=1):
        _ruled(worksheet, line, (column, column), words.say(f"column.{code}"), paper, "TableHead")
    for cells in _rows(visit):
        line += 1
        for column, text in enumerate(cells, start=1):
            _ruled(worksheet, line, (column, column), text, paper)
        worksheet.row_dimensions[line].height = _height(cells, _WIDTHS)
    for code in _SIGNS:
        line += 1
        _ruled(worksheet, line, (1, 2), words.say(f"sign.{code}"), paper, "TableHead")
        _ruled(worksheet, line, (3, 5), "", paper)
        worksheet.row_dimensions[line].height = _TO_SIGN
    paper.across(worksheet, line + 1, wide, words.say("field.note"), "PaperNote")
    return line + 2


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return how high a row is, points, whose texts stand in columns of these widths."""
    lines = (-(-text_width(t) // (width - 3)) for t, width in zip(texts, widths, strict=True))
    return _LINE * max(1, *lines) + 6


def _picture(worksheet: Worksheet, line: int, sketch: bytes) -> None:
    from openpyxl.drawing.image import Image  # noqa: PLC0415 - needs pillow, which plot brings

    picture = Image(io.BytesIO(sketch))
    picture.width, picture.height = _SKETCH_PIXELS
    worksheet.add_image(picture, f"A{line}")


def _ruled(
    worksheet: Worksheet,
    line: int,
    columns: tuple[int, int],
    text: str,
    paper: Ruled,
    style: str = "TableText",
) -> None:
    """Write a text over columns of a row, from the first to the last."""
    first, last = columns
    for column in range(first, last + 1):
        paper.cell(put(worksheet, line, column, (text or None) if column == first else None), style)
    paper.merge(worksheet, line, first, last)
