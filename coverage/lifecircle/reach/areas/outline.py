"""A quick outline of what lies near some segments, by a grid of distances.

For display, where uniting hundreds of buffers for each of hundreds of places takes too long. The
outline is drawn inside the true one: nothing it holds is farther from a segment than asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["CELL_M", "near_segments"]

CELL_M = 8.0
"""Grid spacing."""
_INWARD = 0.8
"""Share of a cell by which the outline is drawn inward: no point of a piece of cell is farther
than sqrt(5/8) of a cell from a grid point inside, as crossings lie in the nearer half."""

# The sides of a cell that its outline enters and leaves by, what is inside on the left, by which
# corners are inside: 1 bottom left, 2 bottom right, 4 top right, 8 top left. Sides: 0 bottom,
# 1 right, 2 top, 3 left. Where two opposite corners are inside (5, 10) they are kept apart, and
# the second of the two pieces stands below.
_ENTER = np.array([-1, 0, 1, 1, 2, 0, 2, 2, 3, 0, 1, 1, 3, 0, 3, -1])
_LEAVE = np.array([-1, 3, 0, 3, 1, 3, 0, 3, 2, 2, 0, 2, 1, 1, 0, -1])
_SECOND = {5: (2, 1), 10: (3, 2)}


def near_segments(
    start: Floats, end: Floats, side_m: float, cell_m: float = CELL_M
) -> shapely.Geometry:
    """Return a surface of places within ``side_m`` of any segment, drawn inward by up to a cell.

    Parameters
    ----------
    start, end
        float64 (n, 2), metres; a segment may be a point.
    side_m
        More than ``cell_m``.

    Returns
    -------
    Polygon or MultiPolygon
        Empty without segments.
    """
    if not len(start):
        return shapely.Polygon()
    level = side_m - _INWARD * cell_m
    if level <= 0:
        raise ValueError("the cells are too large for so narrow a side")
    origin = np.minimum(start, end).min(axis=0) - side_m - cell_m
    a, b = (start - origin) / cell_m, (end - origin) / cell_m
    distance = _grid(a, b, level / cell_m)
    xy, length = _rings(distance, level / cell_m)
    return _surface(xy * cell_m + origin, length)


def _grid(a: Floats, b: Floats, reach: float) -> Floats:
    """Return the distance of every grid point to the nearest segment, in cells; ``inf`` far off.

    Right for all points within ``reach`` + 1.
    """
    size = np.maximum(a, b).max(axis=0) + reach + 3
    width, height = int(size[0]) + 1, int(size[1]) + 1
    low = np.floor(np.minimum(a, b) - reach).astype(np.int64)
    span = np.ceil(np.maximum(a, b) + reach).astype(np.int64) - low + 1
    way = b - a
    square = np.einsum("ij,ij->i", way, way)
    per = way / np.where(square > 0, square, 1.0)[:, None]

    # the rows of each segment's box, then the points of each row
    row = np.repeat(np.arange(len(a)), span[:, 1])
    stop = np.cumsum(span[:, 1])
    y = np.arange(len(row)) - np.repeat(stop - span[:, 1] - low[:, 1], span[:, 1])
    dy, count = y - a[row, 1], span[row, 0]
    stop = np.cumsum(count)
    begin = low[row, 0] - (stop - count)
    nth = np.arange(stop[-1])
    dx = nth + np.repeat(begin - a[row, 0], count)
    along = dx * np.repeat(per[row, 0], count)
    along += np.repeat(dy * per[row, 1], count)
    np.clip(along, 0.0, 1.0, out=along)
    dx -= along * np.repeat(way[row, 0], count)
    off = np.repeat(dy, count) - along * np.repeat(way[row, 1], count)
    distance = np.full(width * height, np.inf)
    np.minimum.at(distance, nth + np.repeat(y * width + begin, count), dx * dx + off * off)
    np.sqrt(distance, out=distance)
    return distance.reshape(height, width)


def _rings(distance: Floats, level: float) -> tuple[Floats, Ints]:
    """Return the closed lines at ``level``, in cells, and how many vertices each has.

    What is nearer is on their left.
    """
    height, width = distance.shape
    inside = (distance <= level).view(np.uint8)
    corners = np.zeros((height, width), dtype=np.uint8)  # the last row and column stay out
    corners[:-1, :-1] = inside[:-1, :-1] | inside[:-1, 1:] << 1
    corners[:-1, :-1] |= inside[1:, 1:] << 2 | inside[1:, :-1] << 3
    at = np.flatnonzero((corners > 0) & (corners < 15))  # noqa: PLR2004 - all four
    case = corners.ravel()[at]
    # a grid edge's number: that of its lower left point, upright ones behind the level ones
    upright = height * width
    sides = np.stack([at, upright + at + 1, at + width, upright + at])
    cells = np.arange(len(case))
    enter, leave = [sides[_ENTER[case], cells]], [sides[_LEAVE[case], cells]]
    for number, (come, go) in _SECOND.items():
        both = np.flatnonzero(case == number)
        enter.append(sides[come, both])
        leave.append(sides[go, both])
    first, then = np.concatenate(enter), np.concatenate(leave)
    order = np.argsort(first)
    first, then = first[order], np.searchsorted(first[order], then[order])
    xy = _crossings(distance.ravel(), first, width, upright, level)

    order, length = _round(then)
    return xy[order], length


def _round(then: Ints) -> tuple[Ints, Ints]:
    """Return the order that follows each ring of a permutation once round, and their lengths.

    By pointer doubling: how many steps are left to the last of the ring.
    """
    n = len(then)
    links = csr_array((np.ones(n), then, np.arange(n + 1)), shape=(n, n))
    _, ring = connected_components(links, directed=False)
    length = np.bincount(ring)
    head = np.empty(len(length), dtype=np.int64)
    head[ring[::-1]] = np.arange(n)[::-1]  # the first of each
    last = then == head[ring]
    left, ahead = (~last).astype(np.int64), np.where(last, np.arange(n), then)
    for _ in range(int(length.max()).bit_length()):
        left += left[ahead]
        ahead = ahead[ahead]
    order = np.empty(n, dtype=np.int64)
    end = np.cumsum(length)
    order[end[ring] - 1 - left] = np.arange(n)
    return order, length


def _crossings(distance: Floats, edge: Ints, width: int, upright: int, level: float) -> Floats:
    """Return where the level crosses each grid edge, in the half that is nearer its inner end."""
    stands = edge >= upright
    one = np.where(stands, edge - upright, edge)
    two = one + np.where(stands, width, 1)
    swap = distance[one] > level
    inner, outer = np.where(swap, two, one), np.where(swap, one, two)
    rise = distance[outer] - distance[inner]
    share = np.minimum((level - distance[inner]) / np.maximum(rise, 1e-12), 0.5)
    y, x = np.divmod(inner, width)
    to_y, to_x = np.divmod(outer, width)
    return np.stack([x + share * (to_x - x), y + share * (to_y - y)], axis=1)


def _surface(xy: Floats, length: Ints) -> shapely.Geometry:
    """Return the surface that the rings bound: outer ones run counter-clockwise."""
    lines = shapely.linearrings(xy, indices=np.repeat(np.arange(len(length)), length))
    outer = shapely.is_ccw(lines)
    shells, holes = shapely.polygons(lines[outer]), lines[~outer]
    if len(shells) == 1:
        return shapely.Polygon(lines[outer][0], holes)
    # a hole belongs to the smallest shell around it
    hole, shell = shapely.STRtree(shells).query(holes, predicate="within")
    order = np.lexsort((shapely.area(shells[shell]), hole))
    _, first = np.unique(hole[order], return_index=True)
    mine = shell[order][first]
    return shapely.MultiPolygon(
        [shapely.Polygon(ring, holes[mine == i]) for i, ring in enumerate(lines[outer])]
    )
