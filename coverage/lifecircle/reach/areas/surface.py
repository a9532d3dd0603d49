"""The surface beside streets: what lies within some metres of a line.

A town's streets enclose blocks, and what lies near a street inside a block lies near its border or
near a dead end in it. So of many streets the blocks are filled and their middles taken out, each
for itself; only the outlines and the dead ends beyond have to be united. Few are buffered and
united one with the other.

Of many streets the surface is drawn more simply, for it is looked at by county: corners are cut
straight, it ends where a street ends, and a middle of less than a hectare is no hole. A place in
such a middle is farther from the streets than ``side_m``, by 57 m at most (a hectare holds no
larger circle).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lifecircle.reach.areas.faces import blocks_and_ends
from lifecircle.reach.areas.trails import strung

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

__all__ = ["SMALLEST_HOLE_M2", "surface"]

_FEW = 5_000
"""Lines up to here are united as they are: it takes no second."""
_ROUND = 4
"""Segments of a quarter circle."""
SMALLEST_HOLE_M2 = 10_000.0
"""Of many streets a hole smaller than this is filled."""
_SMOOTHED = 0.01
"""Share of its distance by which GEOS straightens an outline before it is moved."""


def surface(
    lines: Shapes,
    side_m: float,
    *,
    few: int = _FEW,
    hole_m2: float = SMALLEST_HOLE_M2,
) -> shapely.Geometry:
    """Return the surface within ``side_m`` of any of the lines; round corners are cut short.

    Parameters
    ----------
    lines
        LineStrings in metres; they may cross.
    few
        Up to this number lines are buffered and united one by one.
    hole_m2
        Of more lines, holes of a smaller surface are filled.
    """
    if len(lines) <= few:
        return shapely.union_all(_beside(lines, side_m))
    whole = shapely.multilinestrings(lines)
    try:
        # most streets meet where they end, and looking is cheaper than cutting
        simple = bool(shapely.is_simple(whole))
        noded = lines if simple else shapely.get_parts(shapely.node(whole))
    except shapely.GEOSException:  # crossings too fine to be told apart
        return shapely.union_all(_beside(lines, side_m))
    side_m *= 1.0 - _SMOOTHED
    blocks, ends = blocks_and_ends(noded, simple=simple)
    filled = shapely.get_parts(shapely.coverage_union_all(blocks))
    middle = shapely.line_interpolate_point(ends, 0.5, normalized=True)
    within = np.zeros(len(ends), dtype=bool)
    within[_in_which(middle, filled)[0]] = True

    outside = _parts(strung(ends[~within]) if not within.all() else shapely.MultiLineString())
    beside = _parts(_straight(_apart(np.concatenate([filled, outside]), 2 * side_m), side_m))
    # as GEOS orders what lies apart in one shape: from east to west
    beside = beside[np.argsort(-shapely.bounds(beside)[:, 2], kind="stable")]
    # where a line turns back a corner may come off it
    beside = beside[shapely.area(beside) >= min(side_m**2, hole_m2)]
    large = blocks[shapely.area(blocks) >= hole_m2]
    return _without(beside, _middles(large, ends[within], side_m, hole_m2), hole_m2)


def _beside(shapes: Shapes, side_m: float) -> Shapes:
    buffers: Shapes = shapely.buffer(shapes, side_m, quad_segs=_ROUND)
    return buffers


def _straight(shapes: Shapes, side_m: float) -> Shapes:
    """Return what lies beside the shapes, without round corners and ends."""
    buffers: Shapes = shapely.buffer(shapes, side_m, cap_style="flat", join_style="bevel")
    return buffers


def _apart(pieces: Shapes, apart_m: float) -> Shapes:
    """Return the pieces in collections that are farther from each other than ``apart_m``.

    What lies apart need not be united, and GEOS looks for every part of a shape among all the
    others. Squares of twice the distance that border on each other hang together: points of
    a piece are taken so near one another that no two of near pieces lie farther apart.
    """
    xy, piece = shapely.get_coordinates(shapely.segmentize(pieces, apart_m), return_index=True)
    if not len(xy):
        return pieces
    column, row = np.floor((xy - xy.min(axis=0)) / (2 * apart_m)).astype(np.int64).T
    tall = int(row.max()) + 2  # above every column one square stays free
    square, at = np.unique(column * tall + row, return_inverse=True)
    one, other = _bordering(square, tall)
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(square),) * 2)
    group = connected_components(links, directed=False)[1]
    of = np.zeros(len(pieces), dtype=np.int64)
    of[piece] = group[at]
    order = np.argsort(of, kind="stable")
    number = np.unique(of, return_inverse=True)[1]
    collections: Shapes = shapely.geometrycollections(pieces[order], indices=number[order])
    return collections


def _bordering(square: Ints, tall: int) -> tuple[Ints, Ints]:
    """Return which squares border on each other, with a side or a corner, each pair once.

    ``square``: their numbers, ascending, column by column of ``tall``, the last of which is free.
    """
    ahead = square[:, None] + np.array([1, tall - 1, tall, tall + 1])
    at = np.minimum(np.searchsorted(square, ahead), len(square) - 1)
    one, way = np.nonzero(square[at] == ahead)
    return one, at[one, way]


def _parts(shape: shapely.Geometry | Shapes) -> Shapes:
    """Return the parts of geometries that are not empty."""
    parts = shapely.get_parts(shape)
    found: Shapes = parts[~shapely.is_empty(parts)]
    return found


def _in_which(points: Shapes, shapes: Shapes) -> tuple[Ints, Ints]:
    """Return which points lie in which polygons, as pairs of their numbers."""
    shapely.prepare(shapes)
    point, shape = shapely.STRtree(shapes).query(points)
    inside = shapely.intersects(shapes[shape], points[point])
    return point[inside], shape[inside]


def _middles(blocks: Shapes, ends: Shapes, side_m: float, least_m2: float) -> Shapes:
    """Return what of the blocks is farther from their borders, and from dead ends in them.

    Middles smaller than ``least_m2`` are left out.
    """
    middles = _straight(blocks, -side_m)
    middles = middles[~shapely.is_empty(middles) & (shapely.area(middles) >= least_m2)]
    end, block = shapely.STRtree(middles).query(ends, predicate="dwithin", distance=side_m)
    near, end = np.unique(end, return_inverse=True)
    taken = _straight(ends[near], side_m)
    order = np.argsort(block, kind="stable")
    cut, of = np.unique(block[order], return_inverse=True)
    if len(cut):
        beside = shapely.geometrycollections(taken[end[order]], indices=of)
        middles[cut] = shapely.difference(middles[cut], shapely.union_all(beside[:, None], axis=1))
    found = shapely.get_parts(middles[~shapely.is_empty(middles)])  # some are in several pieces
    large: Shapes = found[shapely.area(found) >= least_m2]
    return large


def _without(whole: Shapes, middles: Shapes, least_m2: float) -> shapely.Geometry:
    """Return the polygons without the middles, which lie apart from their borders.

    Their own holes smaller than ``least_m2`` are filled.

    All is rings: an outer ring of a middle is a hole, and a hole in a middle (what lies round an
    estate of streets of its own) an outer ring. Each hole is of the smallest ring around it, which
    is larger than the hole: what lies in a hole is smaller.
    """
    outer, own = _outer_and_inner(whole)
    around, inner = _outer_and_inner(shapely.get_parts(middles))
    rims = np.concatenate([outer, inner])
    shells = shapely.polygons(rims)
    holes = np.concatenate([own[shapely.area(shapely.polygons(own)) >= least_m2], around])
    if not len(holes):
        return shapely.multipolygons(shells)
    filled, size = shapely.polygons(holes), shapely.area(shells)
    spots = shapely.point_on_surface(filled)
    hole, shell = _in_which(spots, shells)
    larger = size[shell] > shapely.area(filled)[hole]
    hole, shell = hole[larger], shell[larger]
    order = np.lexsort((size[shell], hole))
    hole, shell = hole[order], shell[order]
    first = np.unique(hole, return_index=True)[1]
    mine: dict[int, list[shapely.LinearRing]] = {}
    for number, of in zip(hole[first].tolist(), shell[first].tolist(), strict=True):
        mine.setdefault(of, []).append(holes[number])
    for of, some in mine.items():
        shells[of] = shapely.polygons(rims[of], holes=some)
    return shapely.multipolygons(shells)


def _outer_and_inner(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Return the outer rings of polygons, and those of their holes."""
    rings, of = shapely.get_rings(shapes, return_index=True)
    hole = np.diff(of, prepend=-1) == 0
    return rings[~hole], rings[hole]
