"""The sketch of an opinion as a picture: plots, facilities by number, radius, scale bar, north."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.model.results.review import Standing
from lifecircle.outputs.office.furniture import north_arrow, scale_bar
from lifecircle.outputs.office.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from lifecircle.model.results.review import Sketch, SketchPlace

__all__ = ["HEIGHT", "MARKS", "WIDTH", "draw_sketch"]

WIDTH, HEIGHT = 1100, 800
"""Pixels."""
MARKS = {
    Standing.COUNTED: "●",
    Standing.NEAR: "○",
    Standing.ASIDE: "×",
    Standing.OPEN: "△",
}
"""How a facility is marked: on the sketch, and in words beside its number."""
_MARGIN = 34.0
_PLANNED, _INK, _QUIET, _PAPER = "#c4491a", "#1c2733", "#5c6670", "#ffffff"
_PLOT, _AREA, _AREA_LINE, _STREET = "#fbe0d2", "#ece7d8", "#b7ae97", "#d3d8dd"
_CIRCLE_LINE = "#1d5fa8"
_R = 8.5
_FIGURE = 18.0
"""Height of figures, pixels: on 150 mm as high as those of type of 10 points."""
_DASHES = 120
_SURFACE = 2


def draw_sketch(sketch: Sketch) -> bytes:
    """Return the sketch as a PNG of ``WIDTH`` × ``HEIGHT`` pixels; the same gives the same bytes.

    Figures number the facilities; what they are called stands in the table beside it.
    """
    picture = Picture(WIDTH, HEIGHT)
    frame, scale = _frame(sketch)
    picture.stroke(_moved(sketch.streets, frame), _STREET, 1.6)
    _surfaces(picture, _moved(sketch.areas, frame), _AREA, _AREA_LINE, 1.2)
    _surfaces(picture, _moved(sketch.plots, frame), _PLOT, _PLANNED, 3.0)
    centres = frame(np.array(sketch.centres, dtype=float).reshape(-1, 2))
    taken: list[BaseGeometry] = []
    if sketch.radius_m is not None:
        taken += [_radius(picture, centre, sketch.radius_m, scale) for centre in centres]
    spots = [frame(np.array([[place.x, place.y]]))[0] for place in sketch.places]
    taken += [shapely.Point(spot).buffer(_R + 2) for spot in spots]
    for place, spot in reversed(list(zip(sketch.places, spots, strict=True))):
        _mark(picture, place, spot)
    for place, spot in zip(sketch.places, spots, strict=True):
        taken.append(_number(picture, place, spot, taken))
    scale_bar(picture, 1.0 / scale, _FIGURE)
    north_arrow(picture, _FIGURE)
    edge = shapely.box(0.5, 0.5, WIDTH - 0.5, HEIGHT - 0.5)
    picture.stroke(np.array([edge], dtype=object), _QUIET, 1.5)
    return picture.png()


def _frame(sketch: Sketch) -> tuple[Callable[[Any], Any], float]:
    """Return the way from metres to pixels, and pixels a metre: all that is told lies inside."""
    centres = np.array(sketch.centres, dtype=float).reshape(-1, 2)
    points = [shapely.Point(place.x, place.y) for place in sketch.places]
    around = shapely.buffer(shapely.points(centres), sketch.radius_m or 1.0)
    west, south, east, north = shapely.total_bounds([*sketch.plots, *around, *points])
    room = np.array([WIDTH, HEIGHT]) - 2 * _MARGIN
    scale = float(min(room / np.maximum([east - west, north - south], 1.0)))
    middle, flip = np.array([west + east, south + north]) / 2, np.array([scale, -scale])
    paper = np.array([WIDTH, HEIGHT]) / 2
    return (lambda points: paper + (points - middle) * flip), scale


def _moved(shapes: Iterable[BaseGeometry], frame: Callable[[Any], Any]) -> NDArray[Any]:
    found = np.array([s for s in shapes if s is not None and not s.is_empty], dtype=object)
    return np.asarray(shapely.transform(found, frame), dtype=object)


def _surfaces(picture: Picture, shapes: NDArray[Any], fill: str, line: str, width: float) -> None:
    """Draw polygons, and points as squares."""
    flat = shapely.get_dimensions(shapes) == _SURFACE
    squares = shapely.buffer(shapely.centroid(shapes[~flat]), _R, cap_style="square")
    for some in (shapes[flat], squares):
        picture.fill(some, fill)
        picture.stroke(some, line, width)


def _radius(
    picture: Picture, centre: NDArray[np.float64], metres: float, scale: float
) -> BaseGeometry:
    """Draw a dashed circle with its length below; return where the figure stands."""
    angle = np.linspace(0.0, 2 * np.pi, 2 * _DASHES + 1)
    ring = centre + metres * scale * np.column_stack([np.cos(angle), np.sin(angle)])
    dashes = [shapely.LineString(ring[n : n + 2]) for n in range(0, 2 * _DASHES, 2)]
    picture.stroke(np.array(dashes, dtype=object), _CIRCLE_LINE, 2.0)
    x, y = float(centre[0]), float(centre[1] + metres * scale)
    told = f"{metres:g} m"
    plate = shapely.box(
        x - 2.8 * _FIGURE, y - 0.87 * _FIGURE, x + 2.8 * _FIGURE, y + 0.87 * _FIGURE
    )
    picture.fill(np.array([plate], dtype=object), _PAPER)
    picture.text(told, (x, y), _FIGURE, _CIRCLE_LINE, 2.0)
    return plate


def _mark(picture: Picture, place: SketchPlace, spot: NDArray[np.float64]) -> None:
    colour = _PLANNED if place.planned else _INK
    centre, (x, y) = spot[None, :], spot
    picture.dots(centre, _R + 2.5, _PAPER)
    if place.standing is Standing.COUNTED:
        picture.dots(centre, _R, colour)
    elif place.standing is Standing.NEAR:
        picture.stroke(np.array([shapely.Point(x, y).buffer(_R - 1.3)]), colour, 2.6)
    elif place.standing is Standing.ASIDE:
        a = _R * 0.75
        cross = [[(x - a, y - a), (x + a, y + a)], [(x - a, y + a), (x + a, y - a)]]
        lines = np.array([shapely.LineString(line) for line in cross], dtype=object)
        picture.stroke(lines, colour, 3.0)
    else:
        corners = [(x, y - _R), (x + _R, y + 0.75 * _R), (x - _R, y + 0.75 * _R)]
        picture.stroke(np.array([shapely.Polygon(corners)], dtype=object), colour, 2.4)


def _number(
    picture: Picture, place: SketchPlace, spot: NDArray[np.float64], taken: list[BaseGeometry]
) -> BaseGeometry:
    """Write a facility's number beside its mark where there is room, and return its box."""
    told = str(place.number)
    wide, high = 0.75 * _FIGURE * len(told) + 4.0, _FIGURE + 5.0
    paper = shapely.box(2, 2, WIDTH - 2, HEIGHT - 2)
    boxes = []
    for away in (_R + 5, _R + 14, _R + 26, _R + 40):
        for angle in np.arange(0.0, 2 * np.pi, np.pi / 4) - np.pi / 4:
            x = spot[0] + np.cos(angle) * (away + wide / 2)
            y = spot[1] + np.sin(angle) * (away + high / 2)
            boxes.append(shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    lost = [
        shapely.union_all(taken).intersection(box).area + box.difference(paper).area
        for box in boxes
    ]
    best = boxes[int(np.argmin(np.round(lost, 6)))]
    at = (best.centroid.x, best.centroid.y)
    picture.text(told, at, _FIGURE, _PAPER, 6.0)
    picture.text(told, at, _FIGURE, _PLANNED if place.planned else _INK, 2.4)
    return best
