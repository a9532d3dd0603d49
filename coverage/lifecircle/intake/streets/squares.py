"""Squares: which stretches may lie on one another or cross, by a grid laid over them all.

Of a county's streets next to all that are beside one another meet in a vertex, and a square all of
whose stretches go out from one vertex holds nothing more to ask. So what a tree would tell in
pairs, nearly all for nothing, is told here square by square.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Boxes", "vertices_in"]

_SQUARES = 4
"""Squares at most, a stretch."""
_SIDE = 0.75
"""Side of a square to how far stretches go on average. As long as they are is worst of all: in a
town of blocks next to every square then holds a crossroads, and stretches of others beside it."""
_CROWDED = 16
"""Squares, vertices or pairs, a stretch, above which a tree has less to look at."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """The boxes of straight stretches.

    Parameters
    ----------
    a, b
        int64 (n,), the vertices each stretch runs between; never the same.
    low, high
        float64 (n, 2), corners, inclusive.
    """

    a: Ints
    b: Ints
    low: Floats
    high: Floats

    @cached_property
    def corners(self) -> tuple[Floats, Floats]:
        """The corners axis by axis, float64 (2, n): whole columns are compared much faster."""
        return np.ascontiguousarray(self.low.T), np.ascontiguousarray(self.high.T)

    @cached_property
    def grid(self) -> _Grid | None:
        """The squares that the boxes touch; None where there are none, or too many."""
        return _grid_over(self)

    def meeting(self) -> Ints | None:
        """Return every two stretches without a common vertex whose boxes meet, (2, m).

        The lower first, ascending, each once. None where they are too crowded.
        """
        grid = self.grid
        if grid is None:
            return None
        box, square = grid.entries()
        order = np.argsort(square, kind="stable")  # streets of a file lie in runs: nearly sorted
        box, square = box[order], square[order]
        head = np.flatnonzero(np.diff(square, prepend=-1))
        count = np.diff(np.append(head, len(box)))
        a, b = self.a[box], self.b[box]
        one_vertex = np.zeros(len(head), dtype=bool)
        for tips in (a[head], b[head]):
            tip = np.repeat(tips, count)
            one_vertex |= np.logical_and.reduceat((a == tip) | (b == tip), head)
        box = box[np.repeat(~one_vertex, count)]
        count = count[~one_vertex]
        if (count * (count - 1)).sum() > 2 * _CROWDED * len(self.a):
            return None
        place = np.arange(len(box))
        following = np.repeat(np.cumsum(count), count) - 1 - place
        one, two = np.repeat(box, following), box[_runs(place + 1, following)]
        # axis by axis: of those beside one another next to none are so along both
        for low, high in zip(*self.corners, strict=True):
            meet = np.flatnonzero((low[one] <= high[two]) & (low[two] <= high[one]))
            one, two = one[meet], two[meet]
        apart = (self.a[one] != self.a[two]) & (self.b[one] != self.b[two])
        apart &= (self.a[one] != self.b[two]) & (self.b[one] != self.a[two])
        one, two = one[apart], two[apart]
        # two may share several squares
        pair = np.unique(np.minimum(one, two) * len(self.a) + np.maximum(one, two))
        return np.stack(np.divmod(pair, len(self.a)))


def vertices_in(boxes: Boxes, xy: Floats) -> tuple[Ints, Ints] | None:
    """Return each vertex that is an end of a stretch beside each other stretch whose box it is in.

    Parameters
    ----------
    xy
        float64 (k, 2), all vertices.

    Returns
    -------
    vertex, stretch
        int64, ascending; without the ends of the stretch itself. None where they are too crowded.
    """
    grid = boxes.grid
    if grid is None:
        return None
    ends = np.zeros(len(xy), dtype=bool)
    ends[boxes.a] = ends[boxes.b] = True
    vertex = np.flatnonzero(ends)
    at = np.ascontiguousarray(xy[vertex].T)
    column, row = grid.squares_of(at)
    square = row * grid.columns + column
    order = np.argsort(square, kind="stable")
    vertex, at = vertex[order], at[:, order]
    first = np.concatenate([[0], np.cumsum(np.bincount(square, minlength=grid.number))])
    stretch, start, wide = grid.strips()
    begin = first[start]
    count = first[start + wide] - begin
    if count.sum() > _CROWDED * len(boxes.a):
        return None
    on, found = np.repeat(stretch, count), _runs(begin, count)
    for place, low, high in zip(at, *boxes.corners, strict=True):
        inside = np.flatnonzero((place[found] >= low[on]) & (place[found] <= high[on]))
        on, found = on[inside], found[inside]
    found = vertex[found]
    other = (boxes.a[on] != found) & (boxes.b[on] != found)
    on, found = on[other], found[other]
    order = np.lexsort((on, found))
    return found[order], on[order]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Squares, numbered row by row, and the first and last of each box: column, row."""

    corner: Floats
    size: float
    columns: int
    rows: int
    low: Ints
    high: Ints

    @property
    def number(self) -> int:
        return self.columns * self.rows

    def squares_of(self, xy: Floats) -> Ints:
        """Return column and row of places (2, n): never less for what is no less."""
        return _squares(xy, self.corner, self.size)

    def entries(self) -> tuple[Ints, Ints]:
        """Return every box with the number of every square that it touches."""
        stretch, start, wide = self.strips()
        return np.repeat(stretch, wide), _runs(start, wide)

    def strips(self) -> tuple[Ints, Ints, Ints]:
        """Return for every row of squares of every box: the box, the first square, how many."""
        wide, rows = self.high - self.low + 1
        box = np.repeat(np.arange(len(rows)), rows)
        return box, _runs(self.low[1], rows) * self.columns + self.low[0][box], wide[box]


def _grid_over(boxes: Boxes) -> _Grid | None:
    """Return a grid not quite as wide as boxes are long; None where there are none, or too many."""
    if not len(boxes.a):
        return None
    least, most = boxes.corners
    corner, extent = least.min(axis=1), most - least
    all_ = most.max(axis=1) - corner
    fine = np.sqrt(max(float(all_.prod()), 0.0) / (_SQUARES * len(boxes.a)))
    long = float(np.maximum(*extent).mean())
    size = max(_SIDE * long, float(fine), 1e-6 * float(all_.max()))
    if not size:  # all in one place
        return None
    low, high = _squares(least, corner, size), _squares(most, corner, size)
    wide, tall = high - low + 1
    if (wide * tall).sum() > _CROWDED * len(boxes.a):
        return None
    return _Grid(corner, size, int(high[0].max()) + 1, int(high[1].max()) + 1, low, high)


def _squares(xy: Floats, corner: Floats, size: float) -> Ints:
    return np.floor((xy - corner[:, None]) / size).astype(np.int64)


def _runs(begin: Ints, count: Ints) -> Ints:
    """Return the numbers of runs one after the other."""
    end = np.cumsum(count)
    total = int(end[-1]) if len(end) else 0
    runs: Ints = np.arange(total) + np.repeat(begin - (end - count), count)
    return runs
