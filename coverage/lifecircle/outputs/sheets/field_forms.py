"""Forms to take along: a place on one sheet of A4, with a sketch map to scale."""

from __future__ import annotations

import io
import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.transforms import Bbox

from lifecircle.outputs.office.paper.typeface import FORM, RULE_POINTS, SHADE
from lifecircle.outputs.sheets.draw import METADATA, WRITING
from lifecircle.outputs.sheets.drawing.canvas import INK, MM, Canvas, points
from lifecircle.outputs.sheets.drawing.fonts import find_font, open_font
from lifecircle.outputs.sheets.drawing.frame import north_arrow, scale_bar
from lifecircle.outputs.sheets.drawing.labels import Labels
from lifecircle.outputs.sheets.drawing.prepared import Prepared
from lifecircle.outputs.sheets.drawing.surfaces import visible
from lifecircle.outputs.sheets.drawing.symbols import SIZE
from lifecircle.outputs.sheets.paper import Box, Page, Window, fitting_window
from lifecircle.outputs.sheets.projection import scale_text
from lifecircle.outputs.whole import whole_file
from lifecircle.texts import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.drawing.fonts import Font
    from lifecircle.outputs.words.wording import Wording

__all__ = ["SKETCH_MM", "FieldForm", "FieldForms", "field_forms"]

_A4 = (210.0, 297.0)
_EDGE = 14.0
_MM = MM / 72
"""Of a point."""
_TITLE, _SMALL, _NOTE = FORM.title[1] * _MM, FORM.table[1] * _MM, FORM.note[1] * _MM
"""Sizes of forms, as in Word and in workbooks, mm."""
_RULE, _SHADE = RULE_POINTS * _MM, f"#{SHADE}"
_LABEL_ROW, _TWO_LINES, _LEAST_SIZE = 7.5, 2.6, 1.9
"""Height of a row of facts, size of two lines in it, and the least."""
_SIZES = (_SMALL, _NOTE, 2.9, 2.6, 2.3, 2.0, 1.8)
"""Of the questions: the first at which all find room."""
_ABOVE = 33.0
"""Above the facts."""
SKETCH_MM = (182.0, 96.0)
"""Width and height of the sketch map."""
_LEAST = 150.0
"""Metres that a sketch shows around its place at least."""
_MARK = "#c4491a"
_ROUTE = "#b0413e"
_NAME = 2.2
_DPI = 110


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What stands on one form.

    Parameters
    ----------
    facts
        Label and value, two pairs a line.
    heads, shares, rows
        The table of questions; ``shares`` of the width, one a column. Empty cells are to write in.
    signs
        Labels at the foot, each with room to write.
    more
        Said where not all rows find room; ``{n}`` in it is how many do not.
    layer, place
        Whose shape is marked on the sketch: a layer's name and an id.
    at
        Metres; None: there is no sketch, ``unplaced`` says so.
    facilities
        Ids of those that the sketch must show and name.
    """

    title: str
    study: str
    number: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[str]]
    signs: Sequence[str]
    note: str
    more: str
    unplaced: str
    layer: str
    place: str
    at: tuple[float, float] | None
    facilities: Sequence[str]

    def texts(self) -> Iterator[str]:
        """Yield everything that is printed."""
        yield from (
            self.title,
            self.study,
            self.number,
            self.note,
            self.more,
            self.unplaced,
            *self.heads,
        )
        yield from (part for fact in self.facts for part in fact)
        yield from (cell for row in self.rows for cell in row)
        yield from self.signs


class FieldForms:
    """Draws forms of one Assessment; what they share is made ready once."""

    def __init__(self, assessment: Assessment, words: Wording, font: Font) -> None:
        self.words, self.font = words, font
        self.prepared = Prepared(assessment, words)
        self.facilities = {f.id: f for f in self.prepared.facilities}
        self.shapes = {
            name: dict(zip(map(str, frame.index), frame.geometry, strict=True))
            for name in ("residential", "facilities")
            for frame in [assessment.layers[name]]
        }
        drawn = [
            (spot.path, shape.bounds)
            for key, spot in self.prepared.surfaces["residential"].spots.items()
            if spot.path is not None and (shape := self.shapes["residential"][key]) is not None
        ]
        self.surfaces = [path for path, _ in drawn]
        self.bounds = np.array([sides for _, sides in drawn]).reshape(-1, 4)
        routes = assessment.layers["routes"]
        self.routes: dict[tuple[str, str], list[np.ndarray]] = {}
        for area, facility, line in zip(
            routes["residential"], routes["facility"], routes.geometry, strict=True
        ):
            if line is not None and not line.is_empty:
                parts = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
                self.routes.setdefault((str(area), str(facility)), []).extend(parts)

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
                canvas = Canvas(Page(*_A4), self.font)
                sketches.append(self._sketched(canvas, form))
                self._form(canvas, form)
                book.savefig(canvas.figure)
        return sketches

    def _sketched(self, canvas: Canvas, form: FieldForm) -> bytes | None:
        """Draw the sketch map on the empty page, and return the part of the page that it is."""
        box = _sketch_box(form)
        if form.at is None:
            canvas.box(box, width=_RULE)
            middle = (box.x + box.width / 2, box.y + box.height / 2)
            canvas.text(*middle, form.unplaced, _SMALL, align="center", valign="center")
            return None
        self._map(canvas, box, form)
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
        canvas.text(wide / 2, high - 22, form.title, _TITLE, align="center")
        study = self.font.cut(self.font.printable(form.study), _SMALL, width - 30)
        canvas.text(left, high - 30, study, _SMALL)
        canvas.text(left + width, high - 30, form.number, _SMALL, align="right")
        self._facts(canvas, Box(left, 0, width, high - _ABOVE), form)
        foot, box = _EDGE + 16, _sketch_box(form)
        self._rows(canvas, Box(left, foot, width, box.y - 3 - foot), form)
        self._signs(canvas, Box(left, _EDGE, width, 13), form)

    def _facts(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        """Print the facts, two a line, from the top of the box on."""
        top, half, high = box.top, box.width / 2, _LABEL_ROW
        label = max(24.0, *(self.font.width(name, _SMALL) + 3 for name, _ in form.facts))
        for n in range(0, len(form.facts), 2):
            for m, (name, value) in enumerate(form.facts[n : n + 2]):
                x = box.x + m * half
                canvas.box(Box(x, top - high, label, high), width=_RULE, facecolor=_SHADE)
                canvas.box(Box(x + label, top - high, half - label, high), width=_RULE)
                middle = top - high / 2
                canvas.text(x + 1.5, middle, name, _SMALL, valign="center_baseline")
                clean = self.font.printable(value)
                room, wide = half - label - 3, self.font.width(clean, _SMALL)
                size = _SMALL * min(1.0, room / wide) if wide else _SMALL
                if size < _TWO_LINES:  # better two lines than letters nobody reads outdoors
                    size = min(_TWO_LINES, max(2 * size * 0.9, _LEAST_SIZE))
                shown = "\n".join(self.font.wrap(clean, size, room, 2))
                canvas.text(x + label + 1.5, middle, shown, size, valign="center", lines=1.0)
            top -= high

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
                canvas.box(Box(x, top - height, wide, height), width=_RULE, **fill)
                canvas.text(
                    x + 1.2,
                    top - height / 2,
                    "\n".join(cell),
                    size,
                    valign="center",
                    lines=1.25,
                )
                x += wide
            top -= height

    def _laid(
        self, row: Sequence[str], width: float, shares: Sequence[float], size: float
    ) -> list[list[str]]:
        return [
            self.font.wrap(self.font.printable(cell), size, share * width - 2.6) or [""]
            for cell, share in zip(row, shares, strict=True)
        ]

    def _signs(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        each = box.width / len(form.signs)
        for n, label in enumerate(form.signs):
            x = box.x + n * each
            canvas.text(x, box.y + 6, label, _SMALL)
            start = x + self.font.width(label, _SMALL) + 1
            canvas.line((start, x + each - 4), (box.y + 5, box.y + 5), 0.2)
        note = self.font.wrap(self.font.printable(form.note), _NOTE, box.width, 2)
        canvas.text(box.x, box.y + 2.8, "\n".join(note), _NOTE, valign="top", lines=1.0)

    def _map(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
        """Draw the sketch: ground, the place itself, the facilities asked for, the walk."""
        named = [self.facilities[i] for i in form.facilities if i in self.facilities]
        window = self._window(box, form, [f.at for f in named])
        axes = canvas.map(window)
        self.prepared.ground.draw(axes, window)
        ghosts = self.prepared.surfaces["residential"]
        paths = self._seen(window)
        look: dict[str, Any] = {
            "facecolors": "#ece7d8",
            "edgecolors": "#b7ae97",
            "linewidths": points(0.15),
        }
        axes.add_collection(PathCollection(paths, zorder=1.2, **look), autolim=False)
        spot = ghosts.spots.get(form.place) if form.layer == "residential" else None
        if spot is not None and spot.path is not None:
            mine: dict[str, Any] = {
                "facecolors": "#fbe6da",
                "edgecolors": _MARK,
                "linewidths": points(0.5),
            }
            axes.add_collection(PathCollection([spot.path], zorder=2.0, **mine), autolim=False)
        for facility in form.facilities:
            lines = self.routes.get((form.place, facility), [])
            dashes = {"linewidths": points(0.5), "linestyles": [(0, (4, 2))]}
            axes.add_collection(
                LineCollection(lines, colors=_ROUTE, zorder=3.0, **dashes), autolim=False
            )
        self._marks(canvas, window, form)
        canvas.box(box, width=_RULE)
        north_arrow(canvas, box.right - 8, box.top - 18, 11, self.words.say("north"))
        plate = Box(box.x + 2, box.y + 2, 70, 11)
        canvas.box(plate, width=0.0, line="none", facecolor="white", alpha=0.85, zorder=2.5)
        canvas.text(plate.x + 1, plate.y + 7, scale_text(window.scale), 2.6, level=7)
        scale_bar(canvas, plate.x + 22, plate.y + 1.5, 40, window.scale, self.words.language)

    def _seen(self, window: Window) -> list[Any]:
        """Return the areas' surfaces that meet the map: of a county nearly all lie elsewhere."""
        west, south, east, north = window.bounds
        low_x, low_y, high_x, high_y = self.bounds.T
        meets = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
        return [self.surfaces[n] for n in np.flatnonzero(meets)]

    def _window(self, box: Box, form: FieldForm, others: list[tuple[float, float]]) -> Window:
        shape = self.shapes[form.layer].get(form.place)
        spots = np.array([form.at, *others])
        sides = [(*spots.min(axis=0), *spots.max(axis=0))]
        if shape is not None and not shape.is_empty:
            sides.append(shape.bounds)
        parts = np.array(sides)
        low, high = parts[:, :2].min(axis=0), parts[:, 2:].max(axis=0)
        middle, half = (low + high) / 2, np.maximum((high - low) / 2, _LEAST)
        west, south = map(float, middle - half)
        east, north = map(float, middle + half)
        return fitting_window((west, south, east, north), box, 9.0)

    def _marks(self, canvas: Canvas, window: Window, form: FieldForm) -> None:
        labels = Labels(self.font, window.box.grown(-0.8))
        labels.take(Box(window.box.x + 2, window.box.y + 2, 70, 11))
        spots = visible({i: f.at for i, f in self.facilities.items()}, window)
        for i, (x, y) in spots.items():
            own = i in form.facilities or i == form.place
            size = SIZE * (1.0 if own else 0.7)
            self.facilities[i].draw(canvas, self.words, x, y, size)
            labels.take(self.facilities[i].box(x, y, size))
        asked = [i for i in form.facilities if i in spots]
        for i in asked:
            self._name(canvas, labels, self.facilities[i].name, spots[i], SIZE / 2)
        if form.layer == "residential" and form.at is not None:
            x, y = map(float, window.on_paper(np.array([form.at]))[0])
            canvas.line((x - 1.5, x + 1.5), (y, y), 0.4, _MARK, level=7)
            canvas.line((x, x), (y - 1.5, y + 1.5), 0.4, _MARK, level=7)
            labels.take(Box(x - 1.5, y - 1.5, 3, 3))
            self._name(canvas, labels, form.facts[0][1], (x, y), 2.0)

    def _name(
        self, canvas: Canvas, labels: Labels, name: str, at: tuple[float, float], reach: float
    ) -> None:
        lines = self.font.balanced(self.font.printable(name), _NAME, 30.0)
        put = labels.fit(*at, lines, _NAME, reach=(reach, reach))
        if put is not None:
            look: dict[str, Any] = {
                "align": "center",
                "valign": "center",
                "halo": True,
                "level": 8.0,
            }
            canvas.text(put.x, put.y, "\n".join(put.lines), _NAME, colour=INK, **look)


def _sketch_box(form: FieldForm) -> Box:
    """Return where the sketch stands on the page: below the facts, two of which are in a line."""
    wide, high = SKETCH_MM
    facts = _LABEL_ROW * math.ceil(len(form.facts) / 2)
    return Box(_EDGE, _A4[1] - _ABOVE - facts - 3 - high, wide, high)


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
    printed = [text for form in forms for text in form.texts()]
    printed += [str(name) for name in assessment.layers["facilities"]["name"].dropna()]
    printed += list(map(str, assessment.layers["facilities"].index))
    for domain in ("sheets", "map"):
        printed += catalogue(domain, words.language).values()
    chinese = words.language == "zh" or any("一" <= c <= "鿿" for t in printed for c in t)
    path = find_font(font, words.language, chinese=chinese)
    with open_font(path, printed, words.language) as opened, rc_context(WRITING):
        yield FieldForms(assessment, words.in_domain("sheets"), opened)
