"""One sheet drawn: the map, what stands on it, and everything around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PathCollection

from lifecircle.outputs.office.colours import REACH_COLOURS
from lifecircle.outputs.sheets.contents.extent import beyond
from lifecircle.outputs.sheets.drawing.canvas import INK, Canvas, points
from lifecircle.outputs.sheets.drawing.frame import (
    draw_foot,
    draw_frame,
    draw_inset_frame,
    draw_title,
    north_arrow,
    scale_bar,
)
from lifecircle.outputs.sheets.drawing.inset import INSET_HEIGHT, enlarged, town_bounds
from lifecircle.outputs.sheets.drawing.legend import Legend
from lifecircle.outputs.sheets.drawing.listing import ListedSheet, draw_lists
from lifecircle.outputs.sheets.drawing.marks import Marks
from lifecircle.outputs.sheets.drawing.panel import SIGNATURE, Panel, signature
from lifecircle.outputs.sheets.drawing.prepared import Prepared
from lifecircle.outputs.sheets.drawing.symbols import SITE_COLOUR
from lifecircle.outputs.sheets.paper import Box, Window, fitting_window, page_for
from lifecircle.outputs.sheets.projection import scale_text, system_text
from lifecircle.outputs.words.banners import named_future
from lifecircle.outputs.words.showing import documents_of, map_banners

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.contents.content import Content, LeftOut
    from lifecircle.outputs.sheets.drawing.fonts import Font
    from lifecircle.outputs.sheets.paper import Bounds
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Drawing"]

_NAMED = 6
"""Places outside the map that are named on the sheet, at most."""


class Drawing:
    """Draws the sheets of one Assessment; what they share is made ready once."""

    def __init__(self, assessment: Assessment, words: Wording, font: Font, bounds: Bounds) -> None:
        self.assessment, self.words, self.font, self.bounds = assessment, words, font, bounds
        self.prepared = Prepared(assessment, words)

    def sheet(self, content: Content, number: str) -> Canvas:
        """Return the sheet of ``content``, drawn."""
        page = page_for(content.bounds or self.bounds)
        canvas = Canvas(page, self.font)
        window = self._window(content)
        draw_title(canvas, self.assessment.study, content.title, number)
        town = self._town(window, content, page.panel)
        elsewhere = None if town is None else self._mark(canvas, window, town)
        symbols = self._map(canvas, window, content, elsewhere=elsewhere)
        draw_frame(canvas, window)
        draw_foot(
            canvas,
            self.words,
            map_banners(self.assessment, self.words),
            [line for line in self.assessment.attribution if line],
        )
        self._panel(canvas, window, content, town, symbols=symbols)
        return canvas

    def lists(
        self, contents: Sequence[Content], left_out: Sequence[LeftOut], numbers: Sequence[str]
    ) -> Iterator[Canvas]:
        """Yield the pages of the list of drawings; what is not drawn stands last, with why."""
        words = self.words
        rows = [
            ListedSheet(number, content.title, scale_text(self._window(content).scale))
            for number, content in zip(numbers, contents, strict=True)
        ]
        rows += [
            ListedSheet(
                words.say("list.not_drawn"),
                words.say("list.left_out", title=one.title, why=one.told(words.language)),
                "–",
            )
            for one in left_out
        ]
        heads = [words.say(f"list.{code}") for code in ("number", "title", "scale")]
        return draw_lists(self.font, self.assessment.study, words.say("list.heading"), heads, rows)

    def _window(self, content: Content) -> Window:
        bounds = content.bounds or self.bounds
        return fitting_window(bounds, page_for(bounds).map)

    def _map(
        self,
        canvas: Canvas,
        window: Window,
        content: Content,
        *,
        inset: bool = False,
        elsewhere: Box | None = None,
    ) -> bool:
        """Draw the map in ``window``; return whether some areas are drawn as symbols."""
        axes = canvas.map(window)
        self.prepared.ground.draw(axes, window)
        self._service(axes, content)
        symbols = self.prepared.surfaces[content.layer].draw(
            axes, window, content, pale=content.layer == "units"
        )
        self.prepared.ground.draw_units(axes, window)
        if content.planned:
            axes.add_collection(
                LineCollection(
                    self.prepared.links,
                    colors=SITE_COLOUR,
                    linewidths=points(0.3),
                    zorder=3.0,
                ),
                autolim=False,
            )
        Marks(canvas, self.prepared, window, content, inset=inset, elsewhere=elsewhere).draw()
        return symbols

    def _service(self, axes: Axes, content: Content) -> None:
        for key in content.service:
            if key not in self.prepared.service:
                continue
            group, path = self.prepared.service[key]
            colour = REACH_COLOURS.get(group, INK)
            axes.add_collection(
                PathCollection(
                    [path], facecolors=colour, edgecolors="none", alpha=0.13, zorder=1.25
                ),
                autolim=False,
            )
            axes.add_collection(
                PathCollection(
                    [path],
                    facecolors="none",
                    edgecolors=colour,
                    linewidths=points(0.35),
                    linestyles=[(0, (5, 2))],
                    zorder=2.5,
                ),
                autolim=False,
            )

    def _panel(
        self,
        canvas: Canvas,
        window: Window,
        content: Content,
        town: Bounds | None,
        *,
        symbols: bool,
    ) -> None:
        words, language = self.words, self.words.language
        whole = canvas.page.panel
        foot = Box(whole.x, whole.y, whole.width, SIGNATURE)
        signature(canvas, foot, self._signature())
        top = whole.top
        north_arrow(canvas, whole.x + 9, top - 19, 13, words.say("north"))
        canvas.text(whole.x + 22, top - 7, scale_text(window.scale), 5.0)
        canvas.text(whole.x + whole.width, top - 7, words.say("scale.true"), 2.0, align="right")
        scale_bar(canvas, whole.x + 22, top - 17, 52, window.scale, language)
        box = Box(whole.x, foot.top + 3, whole.width, top - 22 - foot.top - 3)
        if town is not None:
            inset = Box(box.x, box.y, box.width, INSET_HEIGHT)
            box = Box(box.x, inset.top + 6, box.width, box.height - INSET_HEIGHT - 6)
            small = fitting_window(town, inset, 4.0)
            self._map(canvas, small, content, inset=True)
            title = words.say("inset.title", scale=scale_text(small.scale))
            draw_inset_frame(canvas, small, title)
        panel = Panel(canvas, box)
        self._results(panel, content)
        Legend(self.prepared, window, content).fill(panel, symbols=symbols)
        if content.units is not None:
            panel.head(content.units_head)
            panel.grid(content.units)
        for note in (*content.notes, *self._beyond(window, content)):
            panel.text(note, 2.2, "#4a545e")
        if content.table is not None:
            panel.head(content.table_head)
            panel.rows_of(content.table, lambda n: words.say("table.more", n=n))
        panel.draw()

    def _beyond(self, window: Window, content: Content) -> list[str]:
        """Return the line on what a sheet of the whole study leaves outside its map, if anything.

        The areas and facilities it is about, each with the side on which it lies.
        """
        if content.bounds is not None:
            return []
        spots = self.prepared.surfaces[content.layer].middles()
        spots = {i: at for i, at in spots.items() if i in content.classed}
        named = {i: self.words.name(i, content.layer) for i in spots}
        off = {named[i]: side for i, side in beyond(spots, window.bounds).items()}
        shown = {f.id: f for f in self.prepared.facilities if f.id in content.facilities}
        found = beyond({i: f.at for i, f in shown.items()}, window.bounds)
        off |= {shown[i].name: side for i, side in found.items()}
        if not off:
            return []
        lines = [
            self.words.say("beyond.one", name=name, side=self.words.say(f"side.{side}"))
            for name, side in list(off.items())[:_NAMED]
        ]
        listed = self.words.list(lines)
        return [self.words.say("beyond", names=listed, count=len(off))]

    def _results(self, panel: Panel, content: Content) -> None:
        if content.facts or content.quote:
            panel.head(self.words.say("heading.results"))
        for fact in content.facts:
            panel.text(fact)
        if content.quote:
            panel.text(self._quote(content), 2.2, "#4a545e", 6)

    def _quote(self, content: Content) -> str:
        code = "quote.section" if content.section else "quote"
        return self.words.say(code, quote=content.quote, section=content.section)

    def _signature(self) -> list[tuple[str, str]]:
        words, settings = self.words, self.assessment.map
        return [
            (words.say("sign.prepared_by"), settings.prepared_by),
            (
                words.say("sign.date"),
                words.say(
                    "sign.date_value",
                    date=self.assessment.as_of.isoformat(),
                    view=words.word("stage_view", self.assessment.stage),
                ),
            ),
            (words.say("sign.standard"), self._documents()),
            (words.say("sign.system"), system_text(self.assessment.crs, words.language)),
            (words.say("sign.approval"), settings.approval_number),
        ]

    def _documents(self) -> str:
        """Return the documents judged by, and the scenario if there is one."""
        named = documents_of(self.assessment, self.words)
        if (future := named_future(self.assessment, self.words)) is not None:
            named.append(self.words.say("title.scenario", scenario=future))
        return self.words.list(named)

    def _town(self, window: Window, content: Content, panel: Box) -> Bounds | None:
        if content.bounds is not None or content.layer != "residential":
            return None
        areas = self.assessment.layers["residential"]
        town = town_bounds(areas, self.prepared.surfaces["residential"].middles(), window)
        if town is None:
            return None
        inset = Box(panel.x, panel.y, panel.width, INSET_HEIGHT)
        return None if enlarged(town, inset, window) is None else town

    def _mark(self, canvas: Canvas, window: Window, town: Bounds) -> Box:
        """Draw on the map what the inset shows, and return it."""
        low, high = window.on_paper(np.array(town).reshape(2, 2))
        box = Box(low[0], low[1], high[0] - low[0], high[1] - low[1]).grown(2.0)
        canvas.box(box, width=0.4, zorder=9)
        canvas.text(box.x, box.top + 0.8, self.words.say("inset.mark"), 2.4, halo=True, level=9)
        return box
