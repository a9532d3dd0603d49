"""``draw_sheets``: an Assessment becomes A3 sheets, as PDF, PNG or SVG."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages

from lifecircle.errors import OutputError, UnknownNameError
from lifecircle.model.dictionary import kinds
from lifecircle.outputs.earlier import safe_name
from lifecircle.outputs.sheets.contents.extent import whole_bounds
from lifecircle.outputs.sheets.contents.order import GROUPS, contents_of
from lifecircle.outputs.sheets.drawing.fonts import find_font, open_font
from lifecircle.outputs.sheets.drawing.sheet import Drawing
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import catalogue, say

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from matplotlib.figure import Figure

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.contents.content import Content, LeftOut

__all__ = ["FORMATS", "METADATA", "WRITING", "SheetSet", "check_sheets", "draw_sheets"]

FORMATS = ("pdf", "png", "svg")
DPI = 300
"""Dots an inch of PNG sheets: what printing offices ask for."""

_HAN = re.compile("[\u3400-\u9fff]")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\ud800-\udfff]+')
WRITING: Any = {
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "lifecircle",
    "text.parse_math": False,
    "path.simplify": False,
    "hatch.color": "#000000",
}
"""Settings of matplotlib under which a sheet is written."""
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {"Software": "lifecircle"},
}
"""Of each format: no clock, so that equal results are equal bytes."""


@dataclass(frozen=True, slots=True)
class SheetSet:
    """What was written: every file in order, which sheets could not be made, and lost characters.

    ``unprintable``: characters that the font does not have; 〓 stands in their place.
    """

    files: tuple[Path, ...]
    titles: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    font: str
    unprintable: tuple[str, ...]


def check_sheets(
    formats: Iterable[str],
    groups: Iterable[str] = GROUPS,
    font: str | os.PathLike[str] | None = None,
    language: str = "zh",
) -> None:
    """Refuse what :func:`draw_sheets` would refuse after everything else has been done.

    Raises
    ------
    UnknownNameError
        ``formats`` or ``groups`` name something that does not exist.
    OutputError
        The font is not there, or none prints what is written in ``language``.
    """
    _chosen("format", formats, FORMATS)
    _chosen("sheets", groups, GROUPS)
    find_font(None if font is None else Path(font), language, chinese=language == "zh")


def draw_sheets(  # noqa: PLR0913 - each is a choice of its own, by name
    assessment: Assessment,
    folder: str | os.PathLike[str],
    formats: Iterable[str] = ("pdf",),
    *,
    groups: Iterable[str] = GROUPS,
    single: bool = False,
    font: str | os.PathLike[str] | None = None,
    dpi: int = DPI,
    progress: Callable[[int, int], None] | None = None,
    language: str | None = None,
) -> SheetSet:
    """Write the map sheets of an Assessment: A3, to scale, each with all a planning file asks for.

    The sheets read the Assessment and compute nothing. The same Assessment, font and matplotlib
    give the same bytes. A length measured on paper times the printed scale is the length on the
    ground, in the study's projection.

    Parameters
    ----------
    folder
        Made if need be. A PDF holds all sheets, a list of drawings before them; PNG and SVG are a
        file a sheet.
    formats
        Out of ``FORMATS``.
    groups
        Out of ``contents.GROUPS``: what is there now, reach, gap, clauses, one sheet a town.
    single
        Each sheet as a PDF of its own, too.
    font
        Font file; None: the first Chinese font found on the system.
    dpi
        Dots an inch of PNG.
    progress
        Called with the number of the sheet begun and how many there are.
    language
        Of what is said where nothing can be drawn: the reader's; None: that of the study, in which
        the sheets are.

    Raises
    ------
    UnknownNameError
        ``formats`` or ``groups`` name something else.
    OutputError
        No font prints Chinese, nothing has a position, or a file cannot be written.
    """
    chosen = _chosen("format", formats, FORMATS)
    wanted = _chosen("sheets", groups, GROUPS)
    words = Wording.of(assessment, "sheets")
    reader = language or words.language
    bounds = whole_bounds(assessment)
    if bounds is None:
        raise OutputError(say("sheets", "error.nothing_placed", reader))
    contents, left_out = contents_of(assessment, words, wanted)
    if not contents:
        raise OutputError(say("sheets", "error.no_sheet", reader))
    target, tell = Path(folder), progress or (lambda _n, _of: None)
    printed = list(_texts(assessment, words))
    chinese = any(_HAN.search(text) for text in printed)
    path = find_font(None if font is None else Path(font), reader, chinese=chinese)
    numbers = _numbers(len(contents))
    shown = [f"{assessment.map.sheet_prefix}{number}" for number in numbers]
    files: list[Path] = []
    with open_font(path, printed, reader) as opened, ExitStack() as stack:
        stack.enter_context(rc_context(WRITING))
        drawing = Drawing(assessment, words, opened, bounds)
        book = None
        if "pdf" in chosen:
            files.append(target / f"{words.say('file.all')}.pdf")
            part = stack.enter_context(whole_file(files[0]))
            stream = stack.enter_context(
                part.open("wb")
            )  # matplotlib leaves it open where it fails
            book = stack.enter_context(PdfPages(stream, metadata=METADATA["pdf"]))
            _list_drawings(book, drawing, contents, left_out, shown)
        for n, content in enumerate(contents, start=1):
            tell(n, len(contents))
            figure = drawing.sheet(content, words.say("number", number=shown[n - 1])).figure
            if book is not None:
                book.savefig(figure)
            own = _alone(chosen, single=single)
            name = file_name(f"{numbers[n - 1]} {content.title}")
            files += [_save(figure, target / f"{name}.{form}", form, dpi) for form in own]
    return SheetSet(
        tuple(files),
        tuple(content.title for content in contents),
        tuple(left_out),
        opened.name,
        tuple(sorted(opened.replaced)),
    )


def _alone(formats: Iterable[str], *, single: bool) -> list[str]:
    """Return the formats in which a sheet is a file of its own."""
    return [name for name in formats if name != "pdf" or single]


def _numbers(count: int) -> list[str]:
    """Return the numbers of sheets, equally long, of two digits at least."""
    digits = max(2, len(str(count)))
    return [f"{n:0{digits}}" for n in range(1, count + 1)]


def _list_drawings(
    book: Any,
    drawing: Drawing,
    contents: list[Content],
    left_out: list[LeftOut],
    numbers: list[str],
) -> None:
    """Put the list of drawings first; of a single sheet there is none."""
    if len(contents) > 1:
        for page in drawing.lists(contents, left_out, numbers):
            book.savefig(page.figure)


def _chosen(what: str, names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, each once; an unknown one is an error."""
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in known:
            raise UnknownNameError(what, name, known)
    return found


def file_name(title: str) -> str:
    """Return a title as the name of a file, without what Windows does not take."""
    return safe_name(_FORBIDDEN.sub("_", title))


def _save(figure: Figure, target: Path, form: str, dpi: int) -> Path:
    with whole_file(target) as part, part.open("wb") as stream:
        figure.savefig(stream, format=form, dpi=dpi, metadata=METADATA[form])
    return target


def _texts(assessment: Assessment, words: Wording) -> Iterator[str]:
    """Yield everything the sheets may print, so that the font can be cut down to it."""
    for domain in ("sheets", "map", "words", "report"):
        yield from catalogue(domain, words.language).values()
    settings = assessment.map
    yield from (settings.prepared_by, settings.approval_number, settings.sheet_prefix)
    yield from (assessment.study, *assessment.banners, *assessment.attribution)
    for titles in assessment.standard_titles.values():
        yield from titles.values()
    for clause in assessment.clauses:
        yield from (*clause.title.values(), clause.quote, clause.section, clause.id)
        yield from (one.title for one in clause.references)
    for name in ("residential", "facilities", "units", "sites", "streets"):
        frame = assessment.layers.get(name)
        if frame is not None and "name" in frame:
            yield from (str(value) for value in frame["name"].dropna())
            yield from map(str, frame.index)
    for spec in kinds().values():
        yield from spec.title.values()
