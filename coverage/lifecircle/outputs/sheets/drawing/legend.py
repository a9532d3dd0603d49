"""The legend: every class, symbol and line that the sheet shows, and no other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lifecircle.outputs.office.colours import REACH_COLOURS
from lifecircle.outputs.office.map_looks import LOOKS, kind_counts, kind_name
from lifecircle.outputs.sheets.drawing.canvas import INK
from lifecircle.outputs.sheets.drawing.ground import RAILWAY, UNIT_LINES
from lifecircle.outputs.sheets.drawing.surfaces import visible
from lifecircle.outputs.sheets.drawing.symbols import (
    SITE_COLOUR,
    draw_kind,
    draw_planned,
    draw_site,
)
from lifecircle.outputs.sheets.paper import Box

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lifecircle.outputs.sheets.contents.content import Content
    from lifecircle.outputs.sheets.drawing.canvas import Canvas
    from lifecircle.outputs.sheets.drawing.panel import Panel
    from lifecircle.outputs.sheets.drawing.prepared import Prepared
    from lifecircle.outputs.sheets.drawing.symbols import Facility
    from lifecircle.outputs.sheets.paper import Window
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Legend"]

_GREY = "#4a545e"
_SIZE = 3.7
_PLAIN_LOOK = "open"

Entry = tuple[str, "Callable[[float, float, float], None]"]
"""Name, and what draws its symbol: x, y of the middle, and how much smaller."""


class Legend:
    """The legend of one sheet."""

    def __init__(self, prepared: Prepared, window: Window, content: Content) -> None:
        self.prepared, self.window, self.content = prepared, window, content
        self.words = prepared.words

    def fill(self, panel: Panel, *, symbols: bool) -> None:
        """Add the legend to the column; ``symbols``: some areas are drawn as symbols."""
        words, content = self.words, self.content
        panel.head(words.say("heading.legend"))
        if content.shades:
            panel.text(content.heading, 2.3, _GREY, 2)
        surfaces = self.prepared.surfaces[content.layer]
        drawn = [i for i in content.classed if i in surfaces.spots]
        surface = any(not surfaces.small(i, self.window) for i in drawn) or not drawn
        for shade in content.shades:
            panel.shade(shade, surface=surface, symbol=symbols)
        if symbols and surface:
            panel.text(words.say("legend.small"), 2.1, _GREY)
        if len(content.classed) > len(drawn):
            unplaced = len(content.classed) - len(drawn)
            panel.text(words.say("unplaced_areas", n=unplaced), 2.1, _GREY)
        here = self._facilities()
        kinds = self._kinds(panel.canvas, here)
        if kinds:
            panel.gap(1.0)
            panel.text(words.say("heading.facilities"), 2.3, _GREY)
        entries = [*kinds, *self._stages(panel.canvas, here), *self._lines(panel.canvas)]
        if entries:
            panel.keys(entries)

    def _facilities(self) -> list[Facility]:
        shown = [f for f in self.prepared.facilities if f.id in self.content.facilities]
        seen = visible({f.id: f.at for f in shown}, self.window)
        return [f for f in shown if f.id in seen]

    def _kinds(self, canvas: Canvas, here: list[Facility]) -> list[Entry]:
        words = self.words
        return [
            (
                words.say("legend.kind", kind=kind_name(kind, words), n=count),
                partial(_kind, canvas, self.words, kind, _PLAIN_LOOK),
            )
            for kind, count in kind_counts(kind for f in here for kind in f.kinds).items()
        ]

    def _stages(self, canvas: Canvas, here: list[Facility]) -> list[Entry]:
        seen = {f.look for f in here}
        found: list[Entry] = [
            (
                self.words.say(f"stage_look.{look}"),
                partial(_kind, canvas, self.words, "community_station", look),
            )
            for look in LOOKS
            if look in seen and look != _PLAIN_LOOK
        ]
        if self.content.sites and visible(self.prepared.sites, self.window):
            found.append((self.words.say("legend.site"), partial(_site, canvas)))
        if self.content.planned and visible(self.prepared.planned, self.window):
            found.append((self.words.say("legend.planned"), partial(_planned, canvas)))
            if self.prepared.links:
                line = partial(_line, canvas, SITE_COLOUR, 0.3, "-")
                found.append((self.words.say("legend.planned_link"), line))
        return found

    def _lines(self, canvas: Canvas) -> list[Entry]:
        words, prepared, content = self.words, self.prepared, self.content
        groups = {prepared.service[k][0] for k in content.service if k in prepared.service}
        found: list[Entry] = [
            (content.service_label, partial(_service, canvas, REACH_COLOURS.get(group, INK)))
            for group in sorted(groups)
        ]
        for level, (width, style) in UNIT_LINES.items():
            if prepared.ground.units.get(level):
                label = words.say(f"legend.units.{level}")
                found.append((label, partial(_line, canvas, "#3c434c", width, style)))
        if prepared.ground.railways():
            found.append((words.say("legend.railway"), partial(_line, canvas, *RAILWAY)))
        return found


def _kind(  # noqa: PLR0917 - bound in part, called with the spot
    canvas: Canvas, words: Wording, kind: str, look: str, x: float, y: float, k: float
) -> None:
    draw_kind(canvas, words, kind, look, x, y, _SIZE * k)


def _site(canvas: Canvas, x: float, y: float, k: float) -> None:
    draw_site(canvas, x, y, 2.6 * k)


def _planned(canvas: Canvas, x: float, y: float, k: float) -> None:
    draw_planned(canvas, x, y, "1", 3.4 * k)


def _service(canvas: Canvas, colour: str, x: float, y: float, k: float) -> None:
    box = Box(x - 2.4 * k, y - 1.5 * k, 4.8 * k, 3 * k)
    canvas.box(box, line="none", facecolor=colour, alpha=0.13)
    canvas.box(box, width=0.35, line=colour, linestyle=(0, (5, 2)))


def _line(  # noqa: PLR0917 - bound in part, called with the spot
    canvas: Canvas, colour: str, width: float, style: Any, x: float, y: float, k: float
) -> None:
    canvas.line((x - 2.6 * k, x + 2.6 * k), (y, y), width, colour, style)
