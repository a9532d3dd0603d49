"""One sheet to draw on: the page in millimetres, and maps in metres through windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import Stroke
from matplotlib.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

    from lifecircle.outputs.sheets.drawing.fonts import Font
    from lifecircle.outputs.sheets.paper import Box, Page, Window

__all__ = ["GROUND", "INK", "MM", "Canvas", "points"]

MM = 25.4
"""Millimetres an inch."""
GROUND = "#f8f6f0"
"""Colour of the bare ground of a map."""
INK = "#1d242c"
"""Colour of lines and letters."""


def points(length: float) -> float:
    """Return a length in mm in points, which matplotlib counts lines and letters in."""
    return length * 72 / MM


class Canvas:
    """A page with its figure; coordinates are mm from the lower left corner."""

    def __init__(self, page: Page, font: Font) -> None:
        self.page, self.font = page, font
        self.figure = Figure(figsize=(page.width / MM, page.height / MM), facecolor="white")
        self.paper = self.figure.add_axes((0, 0, 1, 1), zorder=10)
        self.paper.set_xlim(0, page.width)
        self.paper.set_ylim(0, page.height)
        self.paper.set_axis_off()
        self.paper.patch.set_alpha(0)

    def map(self, window: Window) -> Axes:
        """Return axes in metres that fill the window's box, exactly to its scale."""
        box, page = window.box, self.page
        axes = self.figure.add_axes(
            (
                box.x / page.width,
                box.y / page.height,
                box.width / page.width,
                box.height / page.height,
            ),
            zorder=5,
        )
        west, south, east, north = window.bounds
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_axis_off()
        axes.add_patch(
            Rectangle((west, south), east - west, north - south, fc=GROUND, ec="none", zorder=0)
        )
        return axes

    def text(  # noqa: PLR0913 - what a printed word has
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        align: str = "left",
        valign: str = "baseline",
        colour: str = INK,
        halo: bool = False,
        chip: bool = False,
        turn: float = 0.0,
        level: float = 5.0,
        lines: float = 1.25,
        font: Font | None = None,
    ) -> None:
        """Print ``text`` at a point; ``size`` is the height of a character in mm.

        ``halo``: a white rim, so that it can be read on a map; ``chip``: on a white plate;
        ``font``: the canvas's own by default.
        """
        face = font or self.font
        words = "\n".join(face.printable(line) for line in text.split("\n"))
        style = face.properties.copy()
        style.set_size(points(size))
        for rim in (True, False) if halo else (False,):
            entry = Text(
                x,
                y,
                words,
                color=colour,
                fontproperties=style,
                ha=align,
                va=valign,
                rotation=turn,
                rotation_mode="anchor",
                zorder=level - 0.1 * rim,
                linespacing=lines,
                parse_math=False,
            )
            if rim:
                entry.set_path_effects([Stroke(linewidth=points(0.55), foreground="white")])
            elif chip:
                entry.set_bbox(
                    {
                        "boxstyle": "round,pad=0.14",
                        "facecolor": "white",
                        "edgecolor": colour,
                        "linewidth": points(0.12),
                    }
                )
            self.paper.add_artist(entry)

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        width: float = 0.2,
        colour: str = INK,
        style: Any = "-",
        level: float = 4.0,
    ) -> None:
        """Draw a line through points; ``width`` in mm."""
        self.paper.add_artist(
            Line2D(
                xs,
                ys,
                linewidth=points(width),
                color=colour,
                linestyle=style,
                zorder=level,
                solid_capstyle="butt",
                solid_joinstyle="miter",
            )
        )

    def box(self, box: Box, *, width: float = 0.2, line: str = INK, **fill: Any) -> None:
        """Draw a rectangle; ``fill``, ``hatch`` and the like as matplotlib's patches have them."""
        look: dict[str, Any] = {"facecolor": "none", "zorder": 3.0} | fill
        self.paper.add_artist(  # as a patch it would be measured: the limits are known
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                edgecolor=line,
                linewidth=points(width),
                **look,
            )
        )

    def shape(self, corners: Iterable[tuple[float, float]], **look: Any) -> None:
        """Draw a closed shape."""
        self.paper.add_artist(Polygon(list(corners), closed=True, **({"zorder": 4.0} | look)))
