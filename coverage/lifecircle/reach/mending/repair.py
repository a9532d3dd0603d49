"""Repair: streets with their gaps joined. What it changes is what it returns, nothing else."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.reach.mending.gaps import SAME_PLACE_M, find_gaps
from lifecircle.reach.network.graph import build_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.reach.mending.gaps import Gaps

__all__ = ["repair_streets"]

JOIN_HIGHWAY = "path"
"""``highway`` of a way that the repair adds."""


def repair_streets(lines: StreetLines, limit_m: float) -> tuple[StreetLines, Gaps]:
    """Return the streets with every gap of at most ``limit_m`` joined, and these gaps.

    A gap is joined by a straight way of two vertices from the dead end to the nearest point of
    the other street, which gets a vertex there unless it has one. Vertices at one place
    (duplicates) become one vertex.

    Parameters
    ----------
    lines
        Streets in a projected CRS in metres.
    limit_m
        Longest gap to join, inclusive; the gaps are those of
        :func:`lifecircle.reach.mending.gaps.find_gaps`.
    """
    network = build_network(lines)
    gaps = find_gaps(lines, network, limit_m)
    if not len(gaps):
        return lines, gaps
    xy = list(map(tuple, lines.vertex_xy))
    ways = [list(w) for w in np.split(lines.way_vertex, lines.way_start[1:-1])]
    added: list[list[int]] = []
    same: dict[int, int] = {}
    for row in range(len(gaps)):
        first, second = (
            _vertex(xy, ways, int(network.edge_way[gaps.edge[row, end]]), gaps.xy[row, end])
            for end in (0, 1)
        )
        if gaps.length_m[row] <= SAME_PLACE_M:
            a, b = _head(same, first), _head(same, second)
            same[max(a, b)] = min(a, b)
        else:
            added.append([first, second])
    ways = [[_head(same, v) for v in way] for way in [*ways, *added]]
    tags = pd.concat([lines.tags, _join_tags(len(added))], ignore_index=True)
    count = [len(way) for way in ways]
    whole = dataclasses.replace(
        lines,
        vertex_xy=np.asarray(xy, dtype=np.float64).reshape(-1, 2),
        way_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        way_vertex=np.asarray([v for way in ways for v in way], dtype=np.int64),
        tags=tags,
        joined=None if lines.joined is None else repair_streets(lines.joined, limit_m)[0],
    )
    return whole, gaps


def _vertex(
    xy: list[tuple[float, ...]], ways: list[list[int]], way: int, place: NDArray[np.float64]
) -> int:
    """Return the vertex of a way at a place on it, made where there is none."""
    course = np.asarray([xy[v] for v in ways[way]])
    away = np.hypot(*(course - place).T)
    nearest = int(np.argmin(away))
    if away[nearest] <= SAME_PLACE_M:
        return ways[way][nearest]
    a, step = course[:-1], np.diff(course, axis=0)
    square = np.maximum((step**2).sum(axis=1), np.finfo(float).tiny)
    share = np.clip(((place - a) * step).sum(axis=1) / square, 0.0, 1.0)
    far = np.hypot(*(a + share[:, None] * step - place).T)
    xy.append((float(place[0]), float(place[1])))
    ways[way].insert(int(np.argmin(far)) + 1, len(xy) - 1)
    return len(xy) - 1


def _head(same: dict[int, int], vertex: int) -> int:
    """Return the vertex that stands for all those made one with this one."""
    while vertex in same and same[vertex] != vertex:
        vertex = same[vertex]
    return vertex


def _join_tags(n: int) -> pd.DataFrame:
    frame = pd.DataFrame(None, index=range(n), columns=list(TAGS), dtype=object)
    frame["highway"] = JOIN_HIGHWAY
    return frame.astype(object).where(frame.notna(), None)
