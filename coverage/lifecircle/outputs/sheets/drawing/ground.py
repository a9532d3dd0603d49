"""The ground under every map: waters, railways, streets, and the user's own boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from lifecircle.model.cell import text_or_none
from lifecircle.outputs.office.map_looks import street_class
from lifecircle.outputs.sheets.drawing.canvas import points

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.sheets.paper import Box, Window

__all__ = ["RAILWAY", "UNIT_LINES", "Ground", "surface_path"]

_SURFACE = 2
_CLASSES = {"path": 0.12, "minor": 0.35, "middle": 0.6, "major": 0.9}
"""Class of street → width of its white body (mm) at 1:20 000, the widest drawn last."""
_COARSE = {"path": 30_000, "minor": 80_000, "middle": 250_000}
"""Class → scale number beyond which it is left out."""
RAILWAY: tuple[str, float, Any] = ("#6d737a", 0.35, (0, (6, 3)))
"""Colour, width (mm) and dashes of a railway."""
_BARRIERS: dict[str, tuple[str, float, Any]] = {
    "river": ("#a9cfe6", 1.6, "-"),
    "railway": RAILWAY,
    "motorway": ("#d8a24a", 0.8, "-"),
    "wall": ("#8a7f72", 0.2, (0, (2, 2))),
}
UNIT_LINES: dict[str, tuple[float, Any]] = {
    "township": (0.45, (0, (8, 2, 1.5, 2))),
    "community": (0.18, (0, (4, 2))),
}
"""Level of a unit → width (mm) and dashes of its boundary."""


class _Lines:
    """Lines with their bounds, so that those of one map are found at once."""

    def __init__(self) -> None:
        self.lines: list[NDArray[np.float64]] = []
        self._bounds: NDArray[np.float64] | None = None

    def __bool__(self) -> bool:
        return bool(self.lines)

    def extend(self, lines: Iterable[NDArray[np.float64]]) -> None:
        self.lines += lines

    def seen(self, window: Window) -> list[NDArray[np.float64]]:
        """Return the lines whose bounds meet the map."""
        if not self.lines:
            return []
        if self._bounds is None:
            sides = [(*line.min(axis=0), *line.max(axis=0)) for line in self.lines]
            self._bounds = np.array(sides)
        west, south, east, north = window.bounds
        low_x, low_y, high_x, high_y = self._bounds.T
        meets = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
        return [self.lines[n] for n in np.flatnonzero(meets)]


class Ground:
    """The layers below, made ready once for all sheets; coordinates in metres."""

    def __init__(self, assessment: Assessment) -> None:
        self.streets = {name: _Lines() for name in _CLASSES}
        self.names: dict[str, _Lines] = {}
        streets = assessment.layers.get("streets")
        for geometry, row in _rows(streets, ("highway", "name")):
            drawn_as = street_class(text_or_none(row["highway"]) or "")
            lines = _lines(geometry)
            self.streets[drawn_as].extend(lines)
            name = text_or_none(row["name"])
            if name is not None and drawn_as in {"major", "middle"}:
                self.names.setdefault(name, _Lines()).extend(lines)
        self.barriers: dict[str, _Lines] = {}
        self.waters: list[Path] = []
        for geometry, row in _rows(assessment.layers.get("barriers"), ("barrier",)):
            kind = text_or_none(row["barrier"]) or "wall"
            if int(shapely.get_dimensions(geometry)) == _SURFACE:
                self.waters.append(surface_path(geometry))
            else:
                self.barriers.setdefault(kind, _Lines()).extend(_lines(geometry))
        self.units: dict[str, _Lines] = {}
        for geometry, row in _rows(assessment.layers.get("units"), ("level",)):
            if int(shapely.get_dimensions(geometry)) == _SURFACE:
                level = "community" if text_or_none(row["level"]) == "community" else "township"
                self.units.setdefault(level, _Lines()).extend(_lines(shapely.boundary(geometry)))

    def draw(self, axes: Axes, window: Window) -> None:
        """Draw what lies under the sheet's own content."""
        if self.waters:
            axes.add_collection(
                PathCollection(self.waters, facecolors="#cfe5f1", edgecolors="#8fbcd6", zorder=1)
            )
        for kind, (colour, width, style) in _BARRIERS.items():
            self._lines(
                axes,
                self.barriers.get(kind, _Lines()),
                window,
                colour,
                width * _thin(window),
                style,
                1.1,
            )
        for level, name in enumerate(_CLASSES):
            if window.scale > _COARSE.get(name, np.inf):
                continue
            width = _CLASSES[name] * _thin(window)
            lines = self.streets[name]
            if name == "path":
                self._lines(axes, lines, window, "#b9b4a6", width, (0, (4, 3)), 1.2)
                continue
            self._lines(axes, lines, window, "#a9a493", width + 0.22, "-", 1.3 + level / 100)
            self._lines(axes, lines, window, "#fbf9f3", width, "-", 1.4 + level / 100)

    def straightest(self, window: Window) -> list[tuple[str, tuple[float, float, float, float]]]:
        """Return street names with the longest straight piece each has on the map, mm on paper."""
        found = []
        for name, lines in self.names.items():
            pieces = []
            for line in lines.seen(window):
                put = window.on_paper(line)
                ends = np.hstack([put[:-1], put[1:]])
                pieces.append(ends[_on(ends, window.box)])
            ends = np.vstack(pieces) if pieces else np.empty((0, 4))
            if len(ends):
                long = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
                x, y, to_x, to_y = map(float, ends[int(np.argmax(long))])
                found.append((name, (x, y, to_x, to_y)))
        return found

    def draw_units(self, axes: Axes, window: Window) -> None:
        """Draw the boundaries of units, over the areas."""
        for level, (width, style) in UNIT_LINES.items():
            self._lines(axes, self.units.get(level, _Lines()), window, "#3c434c", width, style, 3.5)

    def railways(self) -> bool:
        """Return whether there is a railway."""
        return bool(self.barriers.get("railway"))

    @staticmethod
    def _lines(  # noqa: PLR0917 - what a line looks like
        axes: Axes,
        lines: _Lines,
        window: Window,
        colour: str,
        width: float,
        style: Any,
        level: float,
    ) -> None:
        seen = lines.seen(window)
        if seen:
            axes.add_collection(
                LineCollection(
                    seen,
                    colors=colour,
                    linewidths=points(width),
                    linestyles=[style],
                    zorder=level,
                    capstyle="round" if style == "-" else "butt",
                    joinstyle="round",
                ),
                autolim=False,
            )


def surface_path(geometry: Any) -> Path:
    """Return a polygon or multipolygon as one path, holes left open; coordinates as they are."""
    corners, codes = [], []
    for ring in shapely.get_rings(shapely.get_parts(geometry)):
        line = shapely.get_coordinates(ring)
        code = np.full(len(line), Path.LINETO, dtype=Path.code_type)
        code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
        corners.append(line)
        codes.append(code)
    return Path(np.concatenate(corners), np.concatenate(codes))


def _thin(window: Window) -> float:
    """Return how much thinner lines are at this scale than at 1:20 000 (wider, at larger ones)."""
    return float(np.clip((20_000 / window.scale) ** 0.5, 0.35, 2.2))


def _on(ends: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    """Return which pieces (x, y, x, y in mm) have both ends on the map."""
    low, high = np.array([box.x, box.y] * 2), np.array([box.right, box.top] * 2)
    return np.asarray(((ends >= low) & (ends <= high)).all(axis=1))


def _lines(geometry: Any) -> list[NDArray[np.float64]]:
    parts = [p for p in shapely.get_parts(geometry) if shapely.get_dimensions(p) == 1]
    return [shapely.get_coordinates(part) for part in parts]


def _rows(
    frame: gpd.GeoDataFrame | None, columns: tuple[str, ...]
) -> Iterable[tuple[Any, dict[str, Any]]]:
    if frame is None:
        return []
    table = frame.reindex(columns=list(columns)).to_dict("records")
    return [
        (geometry, row)
        for geometry, row in zip(frame.geometry, table, strict=True)
        if geometry is not None and not geometry.is_empty
    ]
