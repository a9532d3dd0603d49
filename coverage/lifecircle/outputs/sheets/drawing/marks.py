"""What stands on a map: symbols of facilities and sites, and names where nothing is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.drawing.labels import LINE, Labels
from lifecircle.outputs.sheets.drawing.surfaces import SYMBOL, visible
from lifecircle.outputs.sheets.drawing.symbols import SIZE, draw_planned, draw_site
from lifecircle.outputs.sheets.paper import Box

if TYPE_CHECKING:
    from lifecircle.outputs.sheets.contents.content import Content
    from lifecircle.outputs.sheets.drawing.canvas import Canvas
    from lifecircle.outputs.sheets.drawing.labels import Printed
    from lifecircle.outputs.sheets.drawing.prepared import Prepared
    from lifecircle.outputs.sheets.paper import Window

__all__ = ["Marks"]

_NAME = 2.0
"""Size of a name, mm; of a town's it is larger, of a street's smaller."""
_TOWN = 2.8
_STREET = 1.9
_MANY = 250
"""Facilities on one map from which on their symbols are drawn smaller."""
_SITE = 2.6
_PLANNED = 3.8
_ROOM = 3.5
"""Width and height (mm) of an area that has room for a number inside."""


class Marks:
    """Draws the marks of one map of a sheet.

    Parameters
    ----------
    inset
        Whether this is the small map of the town: no facility's name.
    elsewhere
        Part of the map that the inset shows: its symbols are drawn, as large as there, and nothing
        is named, it would be a heap.
    """

    def __init__(
        self,
        canvas: Canvas,
        prepared: Prepared,
        window: Window,
        content: Content,
        *,
        inset: bool = False,
        elsewhere: Box | None = None,
    ) -> None:
        self.canvas, self.prepared, self.window, self.content = canvas, prepared, window, content
        self.inset, self.elsewhere = inset, elsewhere
        self.font = canvas.font
        self.labels = Labels(self.font, window.box.grown(-0.8))

    def draw(self) -> None:
        """Draw everything, the most important first."""
        self._facilities()
        self._areas()
        if self.content.layer != "units":
            self._towns()
        self._streets()

    def _seen(self, spots: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        return {i: at for i, at in visible(spots, self.window).items() if not self._hidden(at)}

    def _hidden(self, at: tuple[float, float]) -> bool:
        return self.elsewhere is not None and self.elsewhere.holds(*at)

    def _planned(self) -> None:
        """Draw the places of a plan, the first one on top."""
        spots = self._seen(self.prepared.planned)
        for number, (x, y) in reversed(list(spots.items())):
            draw_planned(self.canvas, x, y, number, _PLANNED)
            self.labels.take(Box(x - _PLANNED / 2, y - _PLANNED / 2, _PLANNED, _PLANNED))

    def _facilities(self) -> None:
        content, canvas, labels = self.content, self.canvas, self.labels
        if content.planned:
            self._planned()
        if content.sites:
            self._sites()
        shown = {f.id: f for f in self.prepared.facilities if f.id in content.facilities}
        spots = visible({i: f.at for i, f in shown.items()}, self.window)
        # one size on both maps: what is in the town is the same on either
        small = self.inset or self.elsewhere is not None or len(spots) > _MANY
        size = SIZE * (0.7 if small else 1.0)
        for i, (x, y) in spots.items():
            shown[i].draw(canvas, self.prepared.words, x, y, size)
            labels.take(shown[i].box(x, y, size))
        if not content.facility_names or self.inset:
            return
        # those drawn last are the town's: they are named first
        for i in reversed([i for i, at in spots.items() if not self._hidden(at)]):
            x, y = spots[i]
            lines = self.font.balanced(self.font.printable(shown[i].name), _NAME, 22.0)
            box = shown[i].box(x, y, size)
            self._print(labels.fit(x, y, lines, _NAME, reach=(box.width / 2, size / 2)), _NAME)

    def _sites(self) -> None:
        for x, y in visible(self.prepared.sites, self.window).values():
            draw_site(self.canvas, x, y, _SITE)
            self.labels.take(Box(x - _SITE / 2, y - _SITE / 2, _SITE, _SITE))

    def _areas(self) -> None:
        """Print names and numbers, what stands first in the list first."""
        content, window = self.content, self.window
        surfaces = self.prepared.surfaces[content.layer]
        middles = surfaces.middles()
        spots = self._seen({i: middles[i] for i in content.names if i in middles})
        size = _TOWN if content.layer == "units" else _NAME
        for i, (x, y) in spots.items():
            small = surfaces.small(i, window)
            wide, high = (SYMBOL, SYMBOL) if small else surfaces.size(i, window)
            inside = not small and min(wide, high) >= _ROOM
            reach = (0.0, 0.0) if inside else (wide / 2, high / 2)
            for text in (content.names[i], content.tags.get(i)):
                if text is None:
                    continue
                lines = self.font.balanced(self.font.printable(text), size, 24.0)
                put = self.labels.fit(x, y, lines, size, reach=reach, inside=inside)
                if put is not None:
                    self._print(put, size, chip=text.isdigit())
                    break

    def _towns(self) -> None:
        surfaces, words = self.prepared.surfaces["units"], self.prepared.words
        spots = self._seen({i: surfaces.spots[i].middle for i in self.prepared.towns})
        for i, (x, y) in spots.items():
            lines = [self.font.printable(words.name(i, "units"))]
            put = self.labels.fit(x, y, lines, _TOWN, reach=(6.0, 6.0), inside=True)
            self._print(put, _TOWN, colour="#2c3641")

    def _streets(self) -> None:
        for name, ends in self.prepared.ground.straightest(self.window):
            text = self.font.printable(name)
            put = self.labels.along(text, _STREET, ends)
            if put is not None:
                self.canvas.text(
                    put[0],
                    put[1],
                    text,
                    _STREET,
                    align="center",
                    valign="center",
                    colour="#5d594f",
                    halo=True,
                    turn=put[2],
                    level=7.0,
                )

    def _print(
        self, put: Printed | None, size: float, *, chip: bool = False, colour: str = "#1d242c"
    ) -> None:
        if put is not None:
            self.canvas.text(
                put.x,
                put.y,
                "\n".join(put.lines),
                size,
                align="center",
                valign="center",
                colour=colour,
                halo=not chip,
                chip=chip,
                level=8.0,
                lines=LINE * 0.9,
            )
