"""Areas and units on a map: surfaces in their shade, and symbols for what is too small to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib import rc_context
from matplotlib.collections import PathCollection

from lifecircle.outputs.sheets.drawing.canvas import points
from lifecircle.outputs.sheets.drawing.ground import surface_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from numpy.typing import NDArray

    from lifecircle.outputs.sheets.contents.content import Content
    from lifecircle.outputs.sheets.paper import Window

__all__ = ["HATCH_WIDTH", "SYMBOL", "Surfaces", "visible"]

SYMBOL = 2.0
"""Width (mm) of the symbol of an area that has no surface, or too small a one."""
HATCH_WIDTH = 0.16
"""Width of a hatch's lines, mm."""
_VISIBLE = 1.8
_SURFACE = 2


@dataclass(frozen=True, slots=True)
class _Spot:
    middle: tuple[float, float]
    size: tuple[float, float]
    path: Path | None


class Surfaces:
    """The areas (or units) of a study, made ready once for all sheets; metres."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        self.spots: dict[str, _Spot] = {}
        for key, geometry in zip(map(str, frame.index), frame.geometry, strict=True):
            if geometry is None or geometry.is_empty:
                continue
            west, south, east, north = geometry.bounds
            middle = shapely.point_on_surface(geometry)
            flat = int(shapely.get_dimensions(geometry)) == _SURFACE
            self.spots[key] = _Spot(
                (middle.x, middle.y),
                (east - west, north - south),
                surface_path(geometry) if flat else None,
            )

    def middles(self) -> dict[str, tuple[float, float]]:
        """Return id → a point on it."""
        return {key: spot.middle for key, spot in self.spots.items()}

    def small(self, key: str, window: Window) -> bool:
        """Return whether an area is drawn as a symbol at this scale."""
        spot = self.spots[key]
        return spot.path is None or max(self.size(key, window)) < _VISIBLE

    def size(self, key: str, window: Window) -> tuple[float, float]:
        """Return width and height of an area on paper, mm."""
        width, height = self.spots[key].size
        return width * 1000 / window.scale, height * 1000 / window.scale

    def draw(self, axes: Axes, window: Window, content: Content, *, pale: bool) -> bool:
        """Draw the content's shades; return whether a symbol was drawn.

        ``pale``: the fill lets the ground shine through (units, which cover everything).
        """
        any_symbol = False
        # what fails is drawn last, so that nothing hides it
        for shade in reversed(content.shades):
            mine = [
                key
                for key, found in content.classed.items()
                if found == shade.key and key in self.spots
            ]
            paths = [
                path
                for key in mine
                if not self.small(key, window) and (path := self.spots[key].path) is not None
            ]
            dots = np.array(
                [self.spots[key].middle for key in mine if self.small(key, window)]
            ).reshape(-1, 2)
            look = shade.look
            if paths:
                with rc_context({"hatch.linewidth": points(HATCH_WIDTH)}):
                    axes.add_collection(
                        PathCollection(
                            paths,
                            facecolors=look.fill,
                            edgecolors=look.line,
                            linewidths=points(look.width),
                            hatch=look.hatch or None,
                            alpha=look.strength * (0.6 if pale else 1.0),
                            zorder=2.0,
                        ),
                        autolim=False,
                    )
            if len(dots):
                any_symbol = True
                _symbols(axes, dots, look)
        return any_symbol


def _symbols(axes: Axes, spots: NDArray[np.float64], look: Any) -> None:
    axes.scatter(
        spots[:, 0],
        spots[:, 1],
        s=points(SYMBOL) ** 2 * (0.35 if look.symbol == "." else 1.0),
        marker="o" if look.symbol == "." else look.symbol,
        facecolors=look.fill,
        edgecolors=look.line,
        linewidths=points(0.2),
        zorder=3.0,
    )


def visible(spots: Mapping[str, tuple[float, float]], window: Window) -> dict[str, Any]:
    """Return id → where on paper (mm) of the points within the window."""
    if not spots:
        return {}
    on_paper = window.on_paper(np.array(list(spots.values())))
    box = window.box
    return {
        key: (float(x), float(y))
        for key, (x, y) in zip(spots, on_paper, strict=True)
        if box.x <= x <= box.right and box.y <= y <= box.top
    }
