"""Crossings: places where streets drawn as lines meet, and have no junction there.

A drawing has one line a street and no vertex where streets cross, so nothing is joined and nobody
can turn. Found here are lines that cross, lines that end on another, and lines drawn over each
other; what stands on different levels (bridge, tunnel, ``layer``) does not meet.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lifecircle.intake.streets.squares import Boxes, vertices_in
from lifecircle.model.coordinates.near_points import pairs_within
from lifecircle.model.inputs.streets import street_levels
from lifecircle.model.inputs.walkable import Passage, tagged, way_passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Crossings", "find_crossings", "joined_at", "places"]

_APART_M = 1000.0
"""How far apart levels are held while places are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Vertices that streets lack; one entry a stretch between two vertices that lacks one.

    Parameters
    ----------
    segment
        int64, position in ``way_vertex`` of the stretch's first vertex.
    along_m
        float64, metres from that vertex.
    vertex
        int64, the vertex it lacks: one of the lines', or a new one, numbered on behind them.
    new_xy
        float64 (k, 2), places of the new vertices.
    count
        Places where streets meet without a junction.
    loose
        As ``StreetLines.loose``: ways that touch another of their level where they share no vertex,
        be it within a hair of an end, and those that were not looked at.
    """

    segment: Ints
    along_m: Floats
    vertex: Ints
    new_xy: Floats
    count: int
    loose: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """Straight stretches: position in the course, ends (vertices), way, level and where they run.

    ``levels``: those of all ways, one entry a vertex of the course; ``barred``: the ways that have
    no stretches here.
    """

    at: Ints
    a: Ints
    b: Ints
    way: Ints
    level: Ints
    xy: Floats
    levels: Ints
    barred: NDArray[np.bool_]


def find_crossings(lines: StreetLines, within_m: float) -> Crossings:
    """Return where streets meet without sharing a vertex.

    Ferries and motorways meet nobody, nor does what is no street (a contour, a planned road). An
    end of a line may lie on a street of any level: that is where a bridge comes down.

    Parameters
    ----------
    lines
        Streets in a projected CRS in metres, vertices at one place already one.
    within_m
        A vertex this near to another line lies on it, inclusive.
    """
    parts = _segments(lines)
    vertex, on, pairs = _near(lines, parts, within_m)
    on, vertex = _touching(lines, parts, vertex, on, within_m)
    pairs = _meeting(parts, pairs)
    first, second, middle = _crossing(parts, pairs, within_m)
    loose = parts.barred.copy()
    loose[parts.way[pairs]] = True
    # one entry a stretch and vertex: first those that exist, then both stretches of a crossing
    segment = np.concatenate([on, first, second])
    xy = np.concatenate([lines.vertex_xy[vertex], middle, middle])
    height = parts.level[segment] * _APART_M
    place = places(np.column_stack([xy, height]), within_m)
    known = np.full(int(place.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(known, place[: len(vertex)], vertex)
    fresh = np.flatnonzero(known == np.iinfo(np.int64).max)
    known[fresh] = len(lines.vertex_xy) + np.arange(len(fresh))
    _, example = np.unique(place, return_index=True)
    return Crossings(
        segment=parts.at[segment],
        along_m=np.hypot(*(xy - parts.xy[segment, 0]).T),
        vertex=np.concatenate([vertex, known[place[len(vertex) :]]]),
        new_xy=xy[example[fresh]],
        count=len(known),
        loose=loose,
    )


def joined_at(lines: StreetLines, crossings: Crossings) -> StreetLines:
    """Return the streets with the vertices they lack: they join there, and nowhere else."""
    if not len(crossings.segment):
        return lines
    n = len(lines.way_vertex)
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    position = np.concatenate([np.arange(n), crossings.segment])
    along = np.concatenate([np.full(n, -1.0), crossings.along_m])
    vertex = np.concatenate([lines.way_vertex, crossings.vertex])
    order = np.lexsort((vertex, along, position))
    vertex, way = vertex[order], way[position[order]]
    fresh = np.ones(len(vertex), dtype=bool)
    fresh[1:] = (vertex[1:] != vertex[:-1]) | (way[1:] != way[:-1])
    count = np.bincount(way[fresh], minlength=len(lines))
    return dataclasses.replace(
        lines,
        vertex_xy=np.concatenate([lines.vertex_xy, crossings.new_xy]),
        way_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        way_vertex=vertex[fresh],
    )


def places(xy: Floats, within_m: float) -> Ints:
    """Return the place of every point, numbered from 0: a chain of near points is one place.

    ``within_m`` is inclusive. Rounding to a grid would part two points a hair apart on either
    side of a grid line.
    """
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    spots, place = _spots(xy)
    pairs = pairs_within(spots, within_m)
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(spots), len(spots)))
    _, group = connected_components(links, directed=False)
    found: Ints = group.astype(np.int64)[place]
    return found


def _spots(xy: Floats) -> tuple[Floats, Ints]:
    """Return the distinct points, sorted, and which of them every point is."""
    # points on one line are next to all at one place, where any order is the order
    order = np.argsort(xy[:, 0], kind="stable")
    x, y = xy[order, 0], xy[order, 1]
    if ((x[1:] == x[:-1]) & (y[1:] < y[:-1])).any():
        order = np.lexsort(xy.T[::-1])
        x, y = xy[order, 0], xy[order, 1]
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    place = np.empty(len(xy), dtype=np.int64)
    place[order] = np.cumsum(fresh) - 1
    return np.column_stack([x[fresh], y[fresh]]), place


def _segments(lines: StreetLines) -> _Segments:
    ferry = tagged(lines.tags[["route"]], "route", lambda word: word == "ferry")
    none = way_passage(lines.tags[["highway", "state"]]) == Passage.SHUT
    barred = ferry | none
    way = np.repeat(np.arange(len(lines)), np.diff(lines.way_start))
    at = np.flatnonzero((way[1:] == way[:-1]) & ~barred[way[1:]])
    a, b = lines.way_vertex[at], lines.way_vertex[at + 1]
    proper = a != b
    at, a, b = at[proper], a[proper], b[proper]
    xy = np.stack([lines.vertex_xy[a], lines.vertex_xy[b]], axis=1)
    levels = street_levels(lines)[way]
    return _Segments(at, a, b, way[at], levels[at], xy, levels, barred)


def _near(lines: StreetLines, parts: _Segments, within_m: float) -> tuple[Ints, Ints, Ints]:
    """Return vertices beside the stretches they may lie on, and pairs of stretches, (2, n).

    The pairs are all that may cross and have no end in common, the lower first, ascending.
    """
    reach = 2.0 * within_m  # boxes are rough: what is near enough is measured
    tips = parts.xy[:, 0], parts.xy[:, 1]
    low, high = np.minimum(*tips) - reach, np.maximum(*tips) + reach
    boxes = Boxes(parts.a, parts.b, low, high)
    inside, meeting = vertices_in(boxes, lines.vertex_xy), boxes.meeting()
    if inside is None or meeting is None:
        inside, meeting = _by_tree(lines, boxes)
    return *inside, meeting


def _by_tree(lines: StreetLines, boxes: Boxes) -> tuple[tuple[Ints, Ints], Ints]:
    """Return the same of streets that stand too close, or are too unlike, for squares."""
    shapes = shapely.linestrings(np.stack([boxes.low, boxes.high], axis=1))
    one, two = shapely.STRtree(shapes).query(shapes)  # a diagonal has the bounds of its box
    found = []
    for vertex in (boxes.a[one], boxes.b[one]):
        xy, other = lines.vertex_xy[vertex], (boxes.a[two] != vertex) & (boxes.b[two] != vertex)
        other &= ((xy >= boxes.low[two]) & (xy <= boxes.high[two])).all(axis=1)
        found.append(np.stack([vertex[other], two[other]]))
    vertex, on = np.unique(np.concatenate(found, axis=1), axis=1)  # a vertex ends several
    free = one < two
    for mine in (boxes.a, boxes.b):
        for other_end in (boxes.a, boxes.b):
            free &= mine[one] != other_end[two]
    one, two = one[free], two[free]
    return (vertex, on), np.stack([one, two])[:, np.lexsort((two, one))]


def _touching(
    lines: StreetLines, parts: _Segments, vertex: Ints, on: Ints, within_m: float
) -> tuple[Ints, Ints]:
    """Return every stretch with every vertex that lies on it and is none of its ends.

    ``vertex``, ``on``: those that may.
    """
    end = np.zeros(len(lines.way_vertex), dtype=bool)
    end[lines.way_start[:-1]] = end[lines.way_start[1:] - 1] = True
    spots = shapely.points(lines.vertex_xy[vertex])
    near = shapely.dwithin(spots, shapely.linestrings(parts.xy[on]), within_m)
    vertex, on = vertex[near], on[near]
    # a vertex is on a level where a way passes it; an end comes down to any
    ends, wanted = np.zeros((2, len(lines.vertex_xy)), dtype=bool)
    ends[lines.way_vertex[end]] = wanted[vertex] = True
    passed = np.flatnonzero(wanted[lines.way_vertex])
    passes = np.stack([lines.way_vertex[passed], parts.levels[passed]])
    asked = np.stack([vertex, parts.level[on]])
    meets = ends[vertex] | _among(asked, passes)
    return on[meets].astype(np.int64), vertex[meets]


def _among(asked: Ints, known: Ints) -> NDArray[np.bool_]:
    """Return which columns of two rows are among known ones."""
    low = min(int(asked[1].min(initial=0)), int(known[1].min(initial=0)))
    span = max(int(asked[1].max(initial=0)), int(known[1].max(initial=0))) - low + 1
    return np.isin(asked[0] * span + asked[1] - low, known[0] * span + known[1] - low)


def _meeting(parts: _Segments, pairs: Ints) -> Ints:
    """Return the pairs of one level that touch, of those without a common end that may."""
    pairs = pairs[:, parts.level[pairs[0]] == parts.level[pairs[1]]]
    one, two = shapely.linestrings(parts.xy[pairs])
    touching: Ints = pairs[:, shapely.intersects(one, two)]
    return touching


def _crossing(parts: _Segments, pairs: Ints, within_m: float) -> tuple[Ints, Ints, Floats]:
    """Return every two stretches, of those that touch, that cross clear of all ends, and where."""
    one, two = pairs
    start, way = parts.xy[one, 0], parts.xy[one, 1] - parts.xy[one, 0]
    other, across = parts.xy[two, 0], parts.xy[two, 1] - parts.xy[two, 0]
    turn = way[:, 0] * across[:, 1] - way[:, 1] * across[:, 0]
    gap = other - start
    lean = gap[:, 0] * across[:, 1] - gap[:, 1] * across[:, 0]
    share = np.divide(lean, turn, out=np.full(len(turn), np.nan), where=turn != 0)
    xy = start + share[:, None] * way
    corners = np.concatenate([parts.xy[one], parts.xy[two]], axis=1)
    away = np.hypot(*np.moveaxis(corners - xy[:, None, :], -1, 0))
    # at an end of either it is that end which lies on the other line
    clear = (away > within_m).all(axis=1) & (share >= 0.0) & (share <= 1.0)
    return one[clear], two[clear], xy[clear]
