"""The sketch map of a form: a place, the facilities asked for, the way, to scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection

from lifecircle.outputs.office.paper.typeface import RULE_POINTS
from lifecircle.outputs.sheets.drawing.canvas import INK, MM, points
from lifecircle.outputs.sheets.drawing.frame import north_arrow, scale_bar
from lifecircle.outputs.sheets.drawing.labels import Labels
from lifecircle.outputs.sheets.drawing.prepared import Prepared
from lifecircle.outputs.sheets.drawing.surfaces import visible
from lifecircle.outputs.sheets.drawing.symbols import SIZE
from lifecircle.outputs.sheets.paper import Box, Window, fitting_window
from lifecircle.outputs.sheets.projection import scale_text

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.drawing.canvas import Canvas
    from lifecircle.outputs.sheets.drawing.fonts import Font
    from lifecircle.outputs.sheets.place_form import FieldForm
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Sketch"]

_RULE = RULE_POINTS * MM / 72
_LEAST = 150.0
"""Metres that a sketch shows around its place at least."""
_MARK = "#c4491a"
_ROUTE = "#b0413e"
_NAME = 2.2
_PLATE = (70.0, 11.0)
"""Width and height of the plate with the scale, mm."""


class Sketch:
    """Draws sketch maps of one Assessment; what they share is made ready once."""

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

    def draw(self, canvas: Canvas, box: Box, form: FieldForm) -> None:
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
        plate = self._plate(window, form)
        self._marks(canvas, window, form, plate)
        canvas.box(box, width=_RULE)
        north_arrow(canvas, box.right - 8, box.top - 18, 11, self.words.say("north"))
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

    def _plate(self, window: Window, form: FieldForm) -> Box:
        """Return where the scale stands: the lower corner with fewer of what is asked for."""
        box, (wide, high) = window.box, _PLATE
        corners = [Box(x, box.y + 2, wide, high) for x in (box.x + 2, box.right - 2 - wide)]
        asked = {i: self.facilities[i].at for i in form.facilities if i in self.facilities}
        spots = [*visible(asked, window).values()]
        if form.at is not None:
            spots.append(tuple(map(float, window.on_paper(np.array([form.at]))[0])))
        return min(corners, key=lambda one: sum(_on(one, *spot) for spot in spots))

    def _marks(self, canvas: Canvas, window: Window, form: FieldForm, plate: Box) -> None:
        labels = Labels(self.font, window.box.grown(-0.8))
        labels.take(plate)
        found = visible({i: f.at for i, f in self.facilities.items()}, window)
        asked = {*form.facilities, form.place}
        # the scale hides what nobody asks for, and is hidden by nothing
        spots = {i: at for i, at in found.items() if i in asked or not _on(plate, *at)}
        for i, (x, y) in spots.items():
            own = i in form.facilities or i == form.place
            size = SIZE * (1.0 if own else 0.7)
            self.facilities[i].draw(canvas, self.words, x, y, size)
            labels.take(self.facilities[i].box(x, y, size))
        for i in (one for one in form.facilities if one in spots):
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


def _on(plate: Box, x: float, y: float) -> bool:
    """Return whether a symbol at a point would stand on the plate."""
    room = plate.grown(SIZE)
    return room.x <= x <= room.right and room.y <= y <= room.top
