"""What stands around a map: title, double frame with coordinates, north arrow, scale, foot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.outputs.sheets.drawing.canvas import INK
from lifecircle.outputs.sheets.paper import Box, round_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.outputs.sheets.drawing.canvas import Canvas
    from lifecircle.outputs.sheets.paper import Window
    from lifecircle.outputs.words.wording import Wording

__all__ = ["draw_foot", "draw_frame", "draw_inset_frame", "draw_title", "north_arrow", "scale_bar"]

_FAINT = "#8b939b"
_TICK = 45.0
"""Paper between two lines of the grid, at most, mm."""


def draw_title(canvas: Canvas, study: str, title: str, number: str) -> None:
    """Print the study, the sheet's title and its number, and the line around the page."""
    page = canvas.page
    box = page.title
    canvas.box(page.border, width=0.7)
    canvas.box(page.border.grown(1.2), width=0.18)
    middle = box.x + box.width / 2
    side = 58.0
    size = 7.6
    room = box.width - 2 * side
    while canvas.font.width(title, size) > room and size > 4:  # noqa: PLR2004 - still a title
        size -= 0.2
    lines = canvas.font.balanced(title, size, room)
    canvas.text(
        middle,
        box.y + box.height / 2 - 0.4,
        "\n".join(lines),
        size,
        align="center",
        valign="center",
        lines=1.15,
    )
    names = canvas.font.balanced(canvas.font.printable(study), 3.2, side - 6, 3)
    canvas.text(
        box.x + 4, box.y + box.height / 2, "\n".join(names), 3.2, valign="center", lines=1.3
    )
    canvas.text(box.right - 4, box.y + box.height / 2, number, 4.2, align="right", valign="center")
    canvas.line((box.x, box.right), (box.y, box.y), 0.35)


def draw_frame(canvas: Canvas, window: Window) -> None:
    """Draw the map's double frame; between its lines the kilometres of the grid, with ticks.

    Crosses on the map mark where the lines of the grid meet.
    """
    inner, outer = window.box, canvas.page.ruler
    canvas.box(outer, width=0.55)
    canvas.box(inner, width=0.2)
    step = round_length(window.metres(_TICK))
    digits = max(0, math.ceil(-math.log10(step / 1000) - 1e-9))
    west, south, east, north = window.bounds
    columns = [(v, inner.x + (v - west) * 1000 / window.scale) for v in _marks(west, east, step)]
    rows = [(v, inner.y + (v - south) * 1000 / window.scale) for v in _marks(south, north, step)]
    middle = (inner.y - outer.y) / 2
    for n, (value, x) in enumerate(columns):
        label = f"{value / 1000:.{digits}f}" + ("" if n else " km")
        for low, high, at in (
            (outer.y, inner.y, outer.y + middle),
            (inner.top, outer.top, inner.top + middle),
        ):
            canvas.line((x, x), (low, low + 1), 0.15)
            canvas.line((x, x), (high - 1, high), 0.15)
            canvas.text(x, at, label, 1.9, align="center", valign="center_baseline")
    for n, (value, y) in enumerate(rows):
        label = f"{value / 1000:.{digits}f}" + ("" if n else " km")
        for low, high, at in (
            (outer.x, inner.x, outer.x + middle),
            (inner.right, outer.right, inner.right + middle),
        ):
            canvas.line((low, low + 1), (y, y), 0.15)
            canvas.line((high - 1, high), (y, y), 0.15)
            canvas.text(at, y, label, 1.9, align="center", valign="center", turn=90)
    for _, x in columns:
        for _, y in rows:
            canvas.line((x - 1.2, x + 1.2), (y, y), 0.1, _FAINT, level=2.9)
            canvas.line((x, x), (y - 1.2, y + 1.2), 0.1, _FAINT, level=2.9)


def _marks(low: float, high: float, step: float) -> Iterator[float]:
    for n in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield n * step


def draw_inset_frame(canvas: Canvas, window: Window, title: str) -> None:
    """Draw the frame of a map within the sheet, its title and its own scale above it."""
    canvas.box(window.box, width=0.4)
    canvas.text(window.box.x, window.box.top + 1.3, title, 2.5)


def north_arrow(canvas: Canvas, x: float, y: float, height: float, word: str) -> None:
    """Draw a north arrow: half of it dark, the word above; (x, y) is the middle of its foot."""
    wide = height * 0.26
    tip, notch = y + height, y + height * 0.24
    canvas.shape(((x, tip), (x - wide, y), (x, notch)), facecolor=INK, edgecolor=INK, linewidth=0.6)
    canvas.shape(
        ((x, tip), (x + wide, y), (x, notch)), facecolor="white", edgecolor=INK, linewidth=0.6
    )
    canvas.text(x, tip + 1.0, word, 3.4, align="center")


def scale_bar(canvas: Canvas, x: float, y: float, room: float, scale: int, language: str) -> None:
    """Draw a bar of four fields from (x, y) to the right, at most ``room`` mm long."""
    field = round_length(room / 4 * scale / 1000)
    wide = field * 1000 / scale
    large = field * 4 >= 4000  # noqa: PLR2004 - from 4 km on in kilometres
    for n in range(4):
        canvas.box(
            Box(x + n * wide, y, wide, 1.4),
            width=0.18,
            facecolor=INK if n % 2 == 0 else "white",
            zorder=4,
        )
    for n in (0, 1, 2, 4):
        value = n * field / (1000 if large else 1)
        shown = texts.number(value)
        if n == 4:  # noqa: PLR2004 - the end of the bar
            shown = texts.say("sheets", "bar.km" if large else "bar.m", language, n=value)
        canvas.text(x + n * wide, y + 2.2, shown, 2.1, align="center")


def draw_foot(canvas: Canvas, words: Wording, banners: list[str], sources: list[str]) -> None:
    """Print the banners on the left and the sources on the right, in one strip."""
    box = canvas.page.foot
    y = box.y + box.height / 2
    left = "   ".join(f"▲{banner}" for banner in banners)
    right = words.say("sources", sources=words.list(sources)) if sources else ""
    size = 2.5
    while canvas.font.width(left + "      " + right, size) > box.width - 8 and size > 1.5:  # noqa: PLR2004
        size -= 0.1
    room = box.width - 8 - canvas.font.width(left + "      ", size)
    canvas.text(box.x + 4, y, left, size, valign="center_baseline", colour="#93330b")
    canvas.text(
        box.right - 4,
        y,
        canvas.font.cut(right, size, max(room, 20.0)),
        size,
        align="right",
        valign="center_baseline",
    )
    canvas.line((box.x, box.right), (box.top, box.top), 0.2)
