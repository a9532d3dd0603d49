"""Paper: pages, boxes in millimetres, and the window through which a map is drawn to scale.

Millimetres are counted from the lower left corner of the page. A window puts metres on paper by
one division, so that a length measured on the sheet times the printed scale is the length on the
ground (in the projection).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = [
    "A3",
    "MARGIN",
    "Bounds",
    "Box",
    "Page",
    "Window",
    "fitting_window",
    "page_for",
    "round_length",
    "scales",
]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in metres."""

A3 = (420.0, 297.0)
"""Long and short side of the paper, mm."""
MARGIN = 7.0
"""Paper that stays free between what a sheet is about and the frame, mm."""

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0)
_LARGEST_SCALE = 500
_BORDER = 10.0
_TITLE = 19.0
_FOOT = 8.0
_PANEL = 80.0
_GAP = 3.0
_RULER = 5.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper, mm."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in the box, its edge included."""
        return self.x <= x <= self.right and self.y <= y <= self.top

    def grown(self, by: float) -> Box:
        """Return the box with ``by`` mm more on every side (less where negative)."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of A3 and its parts: border, title, map with its ruler, panel, foot."""

    width: float
    height: float

    @property
    def border(self) -> Box:
        """The line around everything."""
        return Box(0, 0, self.width, self.height).grown(-_BORDER)

    @property
    def title(self) -> Box:
        """Strip for the study, the sheet's title and its number."""
        inner = self.border
        return Box(inner.x, inner.top - _TITLE, inner.width, _TITLE)

    @property
    def foot(self) -> Box:
        """Strip for banners and sources."""
        return Box(self.border.x, self.border.y, self.border.width, _FOOT)

    @property
    def panel(self) -> Box:
        """Column for scale, legend, results, inset and signature."""
        low, high = self.foot.top, self.title.y
        return Box(
            self.border.right - _GAP - _PANEL, low + _GAP, _PANEL, high - low - 2 * _GAP + _GAP
        )

    @property
    def ruler(self) -> Box:
        """Outer line of the map's double frame; the coordinates stand between the two."""
        x = self.border.x + _GAP
        return Box(x, self.panel.y, self.panel.x - _GAP - x, self.panel.height)

    @property
    def map(self) -> Box:
        """Inner line of the map's double frame: the map fills it."""
        return self.ruler.grown(-_RULER)


@dataclass(frozen=True, slots=True)
class Window:
    """A map on paper: its box, the number of its scale, and the point in its middle (metres)."""

    box: Box
    scale: int
    east: float
    north: float

    @property
    def bounds(self) -> Bounds:
        """What the box shows, metres."""
        half_width = self.box.width / 2 * self.scale / 1000
        half_height = self.box.height / 2 * self.scale / 1000
        return (
            self.east - half_width,
            self.north - half_height,
            self.east + half_width,
            self.north + half_height,
        )

    def on_paper(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points (metres, shape (n, 2)) lie on the page (mm, shape (n, 2))."""
        middle = np.array([self.box.x + self.box.width / 2, self.box.y + self.box.height / 2])
        put: NDArray[np.float64] = (
            middle + (points - np.array([self.east, self.north])) * 1000 / self.scale
        )
        return put

    def metres(self, length: float) -> float:
        """Return the length on the ground of ``length`` mm on paper."""
        return length * self.scale / 1000


def scales() -> Iterator[int]:
    """Yield the scale numbers that sheets use, from 1:500 on: 500, 600, 800, 1000, 1500."""
    for power in count(2):
        for step in _STEPS:
            number = round(step * 10**power)
            if number >= _LARGEST_SCALE:
                yield number


def fitting_window(bounds: Bounds, box: Box, margin: float = MARGIN) -> Window:
    """Return the window of the largest scale at which ``bounds`` fit into ``box``.

    ``margin`` mm stay free on every side; bounds without size get the largest scale there is.
    """
    west, south, east, north = bounds
    free = box.grown(-margin)
    needed = max((east - west) / free.width, (north - south) / free.height) * 1000
    # a hair of tolerance: bounds that fit exactly must not fall to the next scale by rounding
    scale = next(number for number in scales() if number >= needed * (1 - 1e-9))
    return Window(box, scale, (west + east) / 2, (south + north) / 2)


def page_for(bounds: Bounds) -> Page:
    """Return A3 lying, or standing where that shows ``bounds`` at a larger scale."""
    long, short = A3
    pages = (Page(long, short), Page(short, long))
    return min(pages, key=lambda page: fitting_window(bounds, page.map).scale)


def round_length(length: float) -> float:
    """Return the largest length of the series 1, 2, 5, 10, 20, 50 … that is not above."""
    power = 10.0 ** math.floor(math.log10(length))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= length * (1 + 1e-9))
