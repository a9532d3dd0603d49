"""Forms to take along: a place on one sheet of A4, with a sketch map to scale."""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.transforms import Bbox

from lifecircle.outputs.office.paper.typeface import FORM, RULE_POINTS, SHADE
from lifecircle.outputs.sheets.draw import METADATA, WRITING
from lifecircle.outputs.sheets.drawing.canvas import MM, Canvas
from lifecircle.outputs.sheets.drawing.fonts import find_font, open_font
from lifecircle.outputs.sheets.faces import Faces, open_faces
from lifecircle.outputs.sheets.field_sketch import Sketch
from lifecircle.outputs.sheets.paper import Box, Page
from lifecircle.outputs.whole import whole_file
from lifecircle.texts import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.place_form import FieldForm
    from lifecircle.outputs.words.wording import Wording

__all__ = ["SKETCH_MM", "FieldForms", "field_forms"]

_A4 = (210.0, 297.0)
_EDGE = 14.0
_MM = MM / 72
"""Of a point."""
_TITLE, _SMALL, _NOTE = FORM.title[1] * _MM, FORM.table[1] * _MM, FORM.note[1] * _MM
"""Sizes of forms, as in Word and in workbooks, mm."""
_RULE, _SHADE = RULE_POINTS * _MM, f"#{SHADE}"
_LABEL_ROW, _FACT_LINES = 7.5, 3
"""Least height of a row of facts, and most lines of one."""
_SIZES = (_SMALL, _NOTE, 2.9, 2.6, 2.3, 2.0, 1.8)
"""Of the questions: the first at which all find room."""
_ABOVE = 33.0
"""Above the facts."""
SKETCH_MM = (182.0, 96.0)
"""Width and height of the sketch map."""
_PARTS = ("title", "strong", "body")
_DPI = 110


class FieldForms:
    """Draws forms of one Assessment, in the fonts of office papers."""

    def __init__(self, sketch: Sketch, faces: Faces) -> None:
        self.sketch, self.faces = sketch, faces

    def write(self, forms: Iterable[FieldForm], path: Path) -> list[bytes | None]:
        """Write the forms as one PDF, one a page, and return their sketch maps alone, as PNG.

        None stands for the sketch of a place that nobody knows. A sketch is drawn once: what the
        page has is what the picture has.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        sketches = []
        with (
            whole_file(path) as part,
            part.open("wb") as stream,  # matplotlib leaves it open where it fails
            PdfPages(stream, metadata=METADATA["pdf"]) as book,
        ):
            for form in forms:
                canvas = Canvas(Page(*_A4), self.sketch.font)
                sketches.append(self._sketched(canvas, form))
                self._form(canvas, form)
                book.savefig(canvas.figure)
        return sketches

    def _sketched(self, canvas: Canvas, form: FieldForm) -> bytes | None:
        """Draw the sketch map on the empty page, and return the part of the page that it is."""
        box = self._sketch_box(form)
        if form.at is None:
            canvas.box(box, width=_RULE)
            middle = (box.x + box.width / 2, box.y + box.height / 2)
            look: dict[str, Any] = {"align": "center", "valign": "center", "font": self.faces.body}
            canvas.text(*middle, form.unplaced, _SMALL, **look)
            return None
        self.sketch.draw(canvas, box, form)
        rim = box.grown(_RULE)
        part = Bbox([[rim.x / MM, rim.y / MM], [rim.right / MM, rim.top / MM]])
        stream = io.BytesIO()
        how: dict[str, Any] = {"bbox_inches": part, "metadata": METADATA["png"]}
        canvas.figure.savefig(stream, format="png", dpi=_DPI, **how)
        return stream.getvalue()

    def _form(self, canvas: Canvas, form: FieldForm) -> None:
        """Print around the sketch what else stands on the page."""
        wide, high = _A4
        left, width = _EDGE, wide - 2 * _EDGE
        body = self.faces.body
        title: dict[str, Any] = {"align": "center", "font": self.faces.title}
        canvas.text(wide / 2, high - 22, form.title, _TITLE, **title)
        study = body.cut(body.printable(form.study), _SMALL, width - 30)
        canvas.text(left, high - 30, study, _SMALL, font=body)
        canvas.text(left + width, high - 30, form.number, _SMALL, align="right", font=body)
        self._facts(canvas, Box(left, 0, width, high - _ABOVE), form)
        foot, box = _EDGE + 16, self._sketch_box(form)
        self._rows(canvas, Box(left, foot, width, box.y - 3 - foot), form)
        self._signs(canvas, Box(left, _EDGE, width, 13), form)

    def _facts(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        """Print the facts, two a line, from the top of the box on."""
        top, half, label = box.top, box.width / 2, self._label(form)
        for high, facts in self._laid_facts(form):
            for m, (name, lines, size) in enumerate(facts):
                x, middle = box.x + m * half, top - high / 2
                canvas.box(Box(x, top - high, label, high), width=_RULE, facecolor=_SHADE)
                canvas.box(Box(x + label, top - high, half - label, high), width=_RULE)
                of_name: dict[str, Any] = {"valign": "center_baseline", "font": self.faces.strong}
                canvas.text(x + 1.5, middle, name, _SMALL, **of_name)
                look: dict[str, Any] = {"valign": "center", "lines": 1.1, "font": self.faces.body}
                canvas.text(x + label + 1.5, middle, "\n".join(lines), size, **look)
            top -= high

    def _label(self, form: FieldForm) -> float:
        """Return how wide the names of the facts stand, mm."""
        return max(24.0, *(self.faces.strong.width(name, _SMALL) + 3 for name, _ in form.facts))

    def _laid_facts(
        self, form: FieldForm
    ) -> list[tuple[float, list[tuple[str, list[str], float]]]]:
        """Return the height of each row of facts, and of each fact its name, lines and size.

        A long fact has more lines and its row more height: nobody reads smaller letters outdoors.
        """
        body, room = self.faces.body, (_A4[0] - 2 * _EDGE) / 2 - self._label(form) - 3
        laid = []
        for name, value in form.facts:
            clean = body.printable(value)
            size = _SMALL if body.width(clean, _SMALL) <= room else _NOTE
            laid.append((name, body.wrap(clean, size, room, _FACT_LINES) or [""], size))
        rows = [laid[n : n + 2] for n in range(0, len(laid), 2)]
        heights = [max(len(lines) * size * 1.25 + 3.0 for _, lines, size in row) for row in rows]
        return [(max(_LABEL_ROW, high), row) for high, row in zip(heights, rows, strict=True)]

    def _sketch_box(self, form: FieldForm) -> Box:
        """Return where the sketch stands on the page: below the facts."""
        wide, high = SKETCH_MM
        facts = sum(height for height, _ in self._laid_facts(form))
        return Box(_EDGE, _A4[1] - _ABOVE - facts - 3 - high, wide, high)

    def _rows(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        """Print the table of questions, set smaller where they are many."""
        for size in _SIZES:
            laid = [self._laid(row, box.width, form.shares, size) for row in form.rows]
            heights = [max(len(cell) for cell in row) * size * 1.35 + 3.0 for row in laid]
            if sum(heights) + 7 <= box.height:
                break
        shown, room = 0, box.height - 7
        while shown < len(heights) and sum(heights[: shown + 1]) <= room:
            shown += 1
        if shown < len(heights):  # what finds no room is told by its number
            shown = max(shown - 1, 0)
            more = [""] * len(form.shares)
            more[min(2, len(more) - 1)] = form.more.replace("{n}", str(len(heights) - shown))
            laid = [*laid[:shown], self._laid(more, box.width, form.shares, size)]
            heights = [*heights[:shown], size * 1.35 + 3.0]
        top = box.top
        heads = [[head] for head in form.heads]
        spare = max(0.0, box.height - 7 - sum(heights)) / max(len(heights), 1)
        grown = [height + min(spare, 10.0) for height in heights]  # room to write
        for n, (cells, height) in enumerate(zip([heads, *laid], [7.0, *grown], strict=True)):
            x = box.x
            for share, cell in zip(form.shares, cells, strict=True):
                wide = share * box.width
                fill = {"facecolor": _SHADE} if n == 0 else {}
                face = self.faces.strong if n == 0 else self.faces.body
                canvas.box(Box(x, top - height, wide, height), width=_RULE, **fill)
                canvas.text(
                    x + 1.2,
                    top - height / 2,
                    "\n".join(cell),
                    size,
                    valign="center",
                    lines=1.25,
                    font=face,
                )
                x += wide
            top -= height

    def _laid(
        self, row: Sequence[str], width: float, shares: Sequence[float], size: float
    ) -> list[list[str]]:
        body = self.faces.body
        return [
            body.wrap(body.printable(cell), size, share * width - 2.6) or [""]
            for cell, share in zip(row, shares, strict=True)
        ]

    def _signs(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        each, strong, body = box.width / len(form.signs), self.faces.strong, self.faces.body
        for n, label in enumerate(form.signs):
            x = box.x + n * each
            canvas.text(x, box.y + 6, label, _SMALL, font=strong)
            start = x + strong.width(label, _SMALL) + 1
            canvas.line((start, x + each - 4), (box.y + 5, box.y + 5), 0.2)
        note = body.wrap(body.printable(form.note), _NOTE, box.width, 2)
        look: dict[str, Any] = {"valign": "top", "lines": 1.0, "font": body}
        canvas.text(box.x, box.y + 2.8, "\n".join(note), _NOTE, **look)


@contextmanager
def field_forms(
    assessment: Assessment, words: Wording, forms: Sequence[FieldForm], font: Path | None = None
) -> Iterator[FieldForms]:
    """Yield what draws forms, with a font cut down to what they print.

    Raises
    ------
    OutputError
        There is no font to print with.
    """
    names = assessment.layers["facilities"]["name"].dropna()
    on_maps = [str(name) for name in (*names, *assessment.layers["facilities"].index)]
    on_maps += [form.facts[0][1] for form in forms]
    for domain in ("sheets", "map"):
        on_maps += catalogue(domain, words.language).values()
    parts = {part: [t for form in forms for t in form.texts(part)] for part in _PARTS}
    printed = [*on_maps, *(text for texts in parts.values() for text in texts)]
    chinese = words.language == "zh" or any("一" <= c <= "鿿" for t in printed for c in t)
    path = find_font(font, words.language, chinese=chinese)
    with ExitStack() as stack:
        whole = printed if font else on_maps
        plain = stack.enter_context(open_font(path, whole, words.language))
        faces = Faces(plain, plain, plain)  # a font that is asked for prints everything
        if font is None:
            opened = open_faces(FORM, parts, path, words.language)
            faces = stack.enter_context(opened)
        stack.enter_context(rc_context(WRITING))
        yield FieldForms(Sketch(assessment, words.in_domain("sheets"), plain), faces)
