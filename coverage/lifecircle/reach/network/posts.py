"""Posts: gates, walls and bollards that stand on a way, and cut it where walkers do not pass."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.model.coordinates.near_points import near_each
from lifecircle.model.inputs.walkable import Passage, post_passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.reach.network.profiles import WayCost

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["POST_M", "cut_at", "cutting", "post_vertices"]

POST_M = 0.01
"""A post stands on the vertex this near, inclusive: it is the vertex, in the same metres."""
_THROUGH = 2
"""Stretches that end at a vertex where one way passes; more is a junction."""


def cutting(lines: StreetLines, cost: WayCost, *, possible: bool = False) -> Ints:
    """Return the vertices where a post cuts the ways: whoever is not at home there stops.

    ``possible``: the best case. Posts of which nobody knows who passes cut nothing then, nor do
    those on a junction, which do not say which of its ways they stand on.
    """
    vertex, who = post_vertices(lines)
    if not possible:
        return np.unique(vertex[who != Passage.OPEN])
    shut = (who == Passage.SHUT) | (who == Passage.PRIVATE)
    ends = _stretches(lines, cost)[vertex] if len(vertex) else vertex
    return np.unique(vertex[shut & (ends <= _THROUGH)])


def post_vertices(lines: StreetLines) -> tuple[Ints, NDArray[np.int8]]:
    """Return the vertices posts stand on, and who passes them (``Passage``)."""
    if lines.posts is None or not len(lines.posts) or not len(lines.vertex_xy):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8)
    spots = shapely.get_coordinates(lines.posts.geometry.to_numpy())
    who = post_passage(lines.posts)
    row, vertex = [], []
    for post, near in enumerate(near_each(lines.vertex_xy, spots, POST_M)):
        vertex += near
        row += [post] * len(near)
    return np.asarray(vertex, dtype=np.int64), who[np.asarray(row, dtype=np.int64)]


def cut_at(lines: StreetLines, cost: WayCost, vertices: Ints) -> tuple[StreetLines, WayCost, Ints]:
    """Return streets that no longer join at some vertices, their costs, and the way each came from.

    A way that passes one is two ways, and every end there is a vertex of its own.
    """
    here = np.isin(lines.way_vertex, vertices)
    if not here.any():
        return lines, cost, np.arange(len(lines))
    n, count = len(lines.way_vertex), np.diff(lines.way_start)
    way = np.repeat(np.arange(len(lines)), count)
    first, last = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    first[lines.way_start[:-1][count > 0]] = True
    last[lines.way_start[1:][count > 0] - 1] = True
    inner = here & ~first & ~last
    # a vertex within a way stands twice: as the end of one part and the start of the next
    at = np.repeat(np.arange(n), 1 + inner)
    again = np.zeros(len(at), dtype=bool)
    again[1:] = at[1:] == at[:-1]
    begins = first[at] & ~again | again
    vertex = lines.way_vertex[at].copy()
    own = here[at]
    vertex[own] = len(lines.vertex_xy) + np.arange(int(own.sum()))
    starts = np.flatnonzero(begins)
    row = way[at[starts]]
    cut = dataclasses.replace(
        lines,
        vertex_xy=np.concatenate([lines.vertex_xy, lines.vertex_xy[lines.way_vertex[at[own]]]]),
        way_start=np.concatenate([starts, [len(at)]]).astype(np.int64),
        way_vertex=vertex,
        tags=lines.tags.iloc[row].reset_index(drop=True),
    )
    return cut, cost.take(row), row


def _stretches(lines: StreetLines, cost: WayCost) -> Ints:
    """Return how many stretches of used ways end at each vertex."""
    count = np.diff(lines.way_start)
    used = np.repeat(cost.used, count)
    way = np.repeat(np.arange(len(lines)), count)
    on = (way[1:] == way[:-1]) & used[1:]
    ends = np.concatenate([lines.way_vertex[:-1][on], lines.way_vertex[1:][on]])
    return np.bincount(ends, minlength=len(lines.vertex_xy)).astype(np.int64)
