"""The map of the one page: areas in the colours of the map, facilities, the worst places numbered.

It has figures only; what they mean stands in words beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import MAP_FILLS, MAP_LINES, NO_VERDICT_FILL, NO_VERDICT_LINE
from lifecircle.outputs.office.furniture import scale_bar
from lifecircle.outputs.office.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.results.assessment import Assessment

__all__ = ["COVERAGE_LOOK", "Look", "Situation", "draw_situation", "verdict_look"]

_WIDTH, _MOST_TALL, _LEAST_TALL = 1000, 1000, 460
_MARGIN = 38.0
_SMALL = 7.5
"""Pixels below which an area is drawn as a dot."""
_DOT, _FACILITY, _BADGE = 4.2, 3.3, 12.5
_FEW, _LARGEST = 150, 2.2
"""Marks below which they are drawn larger, up to so many times: a few dots would not be seen."""
_INK, _PAPER = "#1c2733", "#ffffff"
_STREET, _FACILITY_INK = "#cfd4d9", "#26323f"
_FIGURE = 20.0
"""Height of figures, pixels: the picture is half a page wide."""
_STREET_WIDTH = 1.2
_MANY_CORNERS = 200_000
"""Corners of streets above which each is a hair: in a picture of a county a block is two pixels."""
_ORDER = (
    Status.NOT_IN_FORCE,
    Status.NOT_APPLICABLE,
    Status.REPORTED,
    Status.EXEMPT,
    Status.COMPLIANT,
    Status.NOT_ASSESSED,
    Status.DEFICIENT,
)
"""What lies over what."""


_GROUNDS: WeakKeyDictionary[Assessment, Picture] = WeakKeyDictionary()
"""Two maps and more lie over the same streets, which are drawn once."""


@dataclass(frozen=True, slots=True)
class Look:
    """How areas are coloured: by a column, its values in drawing order with fill and outline."""

    column: str
    colours: Mapping[str, tuple[str, str]]


def verdict_look() -> Look:
    """Return the colours by verdict."""
    return Look("verdict", {str(s): (MAP_FILLS[s], MAP_LINES[s]) for s in _ORDER})


COVERAGE_LOOK = Look(
    "coverage",
    {
        "full": (MAP_FILLS[Status.COMPLIANT], MAP_LINES[Status.COMPLIANT]),
        "partial": (MAP_FILLS[Status.REPORTED], MAP_LINES[Status.REPORTED]),
        "unknown": (MAP_FILLS[Status.NOT_ASSESSED], MAP_LINES[Status.NOT_ASSESSED]),
        "none": (MAP_FILLS[Status.DEFICIENT], MAP_LINES[Status.DEFICIENT]),
    },
)


@dataclass(frozen=True, slots=True)
class Situation:
    """A map drawn.

    Attributes
    ----------
    png
        The file.
    width, height
        Pixels.
    shown
        Values of the look's column that areas on the map have, in drawing order; ``""`` for areas
        without any.
    unplaced
        Areas without a position.
    """

    png: bytes
    width: int
    height: int
    shown: tuple[str, ...]
    unplaced: int


def draw_situation(
    assessment: Assessment, look: Look, worst: Sequence[str] = ()
) -> Situation | None:
    """Return the map of an Assessment; None where no area has a position.

    Parameters
    ----------
    worst
        Areas that are numbered, from 1 on.
    """
    areas = assessment.layers["residential"]
    shapes = np.array(areas.geometry.array, dtype=object)
    placed = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    if not placed.any():
        return None
    spots = shapely.total_bounds(shapes[placed])
    frame, size = _frame(spots)
    picture = Picture(*size)
    picture.over(_ground(assessment, frame, size))
    values = areas[look.column].astype("string").fillna("").to_numpy(dtype=str)
    drawn = np.full(len(shapes), None, dtype=object)
    drawn[placed] = shapely.transform(shapes[placed], frame)
    shown = _areas(picture, drawn, values, look)
    _facilities(picture, assessment, frame)
    _badges(picture, dict(zip(map(str, areas.index), drawn, strict=True)), worst)
    scale_bar(picture, 1.0 / _scale(spots, size), _FIGURE)
    return Situation(picture.png(), *size, shown, int((~placed).sum()))


def _scale(spots: NDArray[Any], size: tuple[int, int]) -> float:
    """Return pixels a metre."""
    wide, tall = max(spots[2] - spots[0], 1.0), max(spots[3] - spots[1], 1.0)
    return float(min((size[0] - 2 * _MARGIN) / wide, (size[1] - 2 * _MARGIN) / tall))


def _frame(spots: NDArray[Any]) -> tuple[Callable[[Any], Any], tuple[int, int]]:
    """Return the way from metres to pixels, and the size of the picture."""
    wide, tall = max(spots[2] - spots[0], 1.0), max(spots[3] - spots[1], 1.0)
    height = round((_WIDTH - 2 * _MARGIN) * tall / wide + 2 * _MARGIN)
    size = (_WIDTH, int(min(max(height, _LEAST_TALL), _MOST_TALL)))
    scale = _scale(spots, size)
    middle = np.array([spots[0] + spots[2], spots[1] + spots[3]]) / 2.0
    centre = np.array(size, dtype=float) / 2.0
    flip = np.array([scale, -scale])
    return (lambda points: centre + (points - middle) * flip), size


def _streets(assessment: Assessment) -> NDArray[Any]:
    table = assessment.layers.get("streets")
    if table is None or not len(table):
        return np.empty(0, dtype=object)
    found = np.array(table.geometry.array, dtype=object)
    found = found[np.isfinite(shapely.bounds(found)).all(axis=1)]
    lines: NDArray[Any] = found[shapely.get_dimensions(found) == 1]
    return lines


def _ground(assessment: Assessment, frame: Callable[[Any], Any], size: tuple[int, int]) -> Picture:
    """Return the streets, which lie under every map of an assessment."""
    if assessment not in _GROUNDS:
        picture = _GROUNDS[assessment] = Picture(*size)
        lines = _streets(assessment)
        if shapely.get_num_coordinates(lines).sum() > _MANY_CORNERS:
            picture.hairs(lines, _STREET, _STREET_WIDTH, frame)
        else:
            picture.stroke(shapely.transform(lines, frame), _STREET, _STREET_WIDTH)
    return _GROUNDS[assessment]


def _areas(
    picture: Picture, shapes: NDArray[Any], values: NDArray[Any], look: Look
) -> tuple[str, ...]:
    ends = shapely.bounds(shapes)
    extent = np.nan_to_num(np.maximum(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]), nan=-1.0)
    small = (extent >= 0) & (extent < _SMALL)
    surface = (shapely.get_dimensions(shapes) == 2) & ~small  # noqa: PLR2004 - a polygon
    size = _DOT * _larger(int((~surface & (extent >= 0)).sum()))
    looks = {"": (NO_VERDICT_FILL, NO_VERDICT_LINE), **look.colours}
    shown = []
    for value, (fill, line) in looks.items():
        own = values == value if value else ~np.isin(values, list(look.colours))
        own &= extent >= 0
        if not own.any():
            continue
        shown.append(value)
        picture.fill(shapes[own & surface], fill, 0.92)
        picture.stroke(shapes[own & surface], line, 1.3)
        inner = shapely.point_on_surface(shapes[own & ~surface])
        dots = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
        picture.dots(dots, size + 1.2, line)
        picture.dots(dots, size, fill)
    return tuple(shown)


def _larger(marks: int) -> float:
    """Return how many times its size a mark is drawn at, by how many there are."""
    return float(np.clip((_FEW / max(marks, 1)) ** (1 / 3), 1.0, _LARGEST))


def _facilities(picture: Picture, assessment: Assessment, frame: Callable[[Any], Any]) -> None:
    """Draw what counts for reach or for m²: what is in use."""
    table = assessment.layers["facilities"]
    counted = (table["reach_counts"] == "yes") | (table["quota_counts"] == "yes")
    shapes = np.array(table.geometry.array, dtype=object)[np.asarray(counted, dtype=bool)]
    shapes = shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]
    points = shapely.point_on_surface(shapely.transform(shapes, frame))
    where = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    if len(where):
        size = _FACILITY * _larger(len(where))
        picture.dots(where, size + 1.2, _PAPER)
        picture.dots(where, size, _FACILITY_INK)


def _badges(picture: Picture, shapes: Mapping[str, Any], worst: Sequence[str]) -> None:
    for number, area in reversed(list(enumerate(worst, start=1))):
        shape = shapes.get(area)
        if shape is None:
            continue
        inner = shapely.point_on_surface(shape)
        centre = np.array([[inner.x, inner.y]])
        picture.dots(centre, _BADGE + 2.5, _PAPER)
        picture.dots(centre, _BADGE, _INK)
        picture.text(str(number), (inner.x, inner.y), 12.5, _PAPER, 2.2)
