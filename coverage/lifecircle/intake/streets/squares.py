"""Squares: which stretches may lie on one another or cross, by a grid laid over them all.

Of a county's streets next to all that are beside one another meet in a vertex, and a square all of
whose stretches go out from one vertex holds nothing more to ask. So what a tree would tell in
pairs, nearly all for nothing, is told here square by square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Boxes", "vertices_in"]

_SQUARES = 4
"""Squares at most, a stretch."""
_CROWDED = 16
"""Squares, vertices or pairs, a stretch, above which a tree has less to look at."""


@dataclass(frozen=True, slots=True, eq=False)
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

    def meeting(self) -> Ints | None:
        """Return every two stretches without a common vertex whose boxes meet, (2, m).

        The lower first, ascending, each once. None where they are too crowded.
        """
        grid = _grid_over(self)
        if grid is None:
            return None
        box, square = grid.entries()
        order = np.argsort(square, kind="stable")
        box, square = box[order], square[order]
        head = np.flatnonzero(np.diff(square, prepend=-1))
        count = np.diff(np.append(head, len(box)))
        a, b = self.a[box], self.b[box]
        one_vertex = np.zeros(len(head), dtype=bool)
        for tips in (a[head], b[head]):
            tip = np.repeat(tips, count)
            one_vertex |= np.logical_and.reduceat((a == tip) | (b == tip), head)
        count = count[~one_vertex]
        if (count * (count - 1)).sum() > 2 * _CROWDED * len(self.a):
            return None
        box = box[np.repeat(~one_vertex, np.diff(np.append(head, len(box))))]
        place = np.arange(len(box))
        following = np.repeat(np.cumsum(count), count) - 1 - place
        one, two = np.repeat(place, following), _runs(place + 1, following)
        one, two = box[one], box[two]
        apart = (self.a[one] != self.a[two]) & (self.b[one] != self.b[two])
        apart &= (self.a[one] != self.b[two]) & (self.b[one] != self.a[two])
        one, two = one[apart], two[apart]
        meet = (self.low[one] <= self.high[two]) & (self.low[two] <= self.high[one])
        one, two = one[meet.all(axis=1)], two[meet.all(axis=1)]
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
    grid = _grid_over(boxes)
    if grid is None:
        return None
    ends = np.zeros(len(xy), dtype=bool)
    ends[boxes.a] = ends[boxes.b] = True
    vertex = np.flatnonzero(ends)
    column, row = grid.squares_of(xy[vertex])
    square = row * grid.columns + column
    vertex = vertex[np.argsort(square, kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(square, minlength=grid.number))])
    (left, lowest), (right, highest) = grid.low, grid.high
    rows = highest - lowest + 1
    stretch = np.repeat(np.arange(len(rows)), rows)
    start = _runs(lowest, rows) * grid.columns
    begin = first[start + left[stretch]]
    count = first[start + right[stretch] + 1] - begin
    if count.sum() > _CROWDED * len(rows):
        return None
    on, found = np.repeat(stretch, count), vertex[_runs(begin, count)]
    other = np.flatnonzero((boxes.a[on] != found) & (boxes.b[on] != found))
    on, found = on[other], found[other]
    at = xy[found]
    inside = np.flatnonzero(((at >= boxes.low[on]) & (at <= boxes.high[on])).all(axis=1))
    inside = inside[np.lexsort((on[inside], found[inside]))]
    return found[inside], on[inside]


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
        """Return column and row, (2, n): never less for what is no less."""
        return _squares(xy, self.corner, self.size)

    def entries(self) -> tuple[Ints, Ints]:
        """Return every box with the number of every square that it touches."""
        wide, high = self.high - self.low + 1
        box = np.repeat(np.arange(len(wide)), wide * high)
        within = _runs(np.zeros(len(wide), dtype=np.int64), wide * high)
        row, column = np.divmod(within, wide[box])
        return box, (self.low[1][box] + row) * self.columns + self.low[0][box] + column


def _grid_over(boxes: Boxes) -> _Grid | None:
    """Return a grid as wide as boxes are long; None where there are none, or too many squares."""
    if not len(boxes.a):
        return None
    corner, extent = boxes.low.min(axis=0), boxes.high - boxes.low
    all_ = boxes.high.max(axis=0) - corner
    fine = np.sqrt(max(float(all_.prod()), 0.0) / (_SQUARES * len(extent)))
    size = max(float(extent.max(axis=1).mean()), float(fine), 1e-6 * float(all_.max()))
    if not size:  # all in one place
        return None
    low, high = _squares(boxes.low, corner, size), _squares(boxes.high, corner, size)
    wide, tall = high - low + 1
    if (wide * tall).sum() > _CROWDED * len(extent):
        return None
    return _Grid(corner, size, int(high[0].max()) + 1, int(high[1].max()) + 1, low, high)


def _squares(xy: Floats, corner: Floats, size: float) -> Ints:
    return np.ascontiguousarray(np.floor((xy - corner) / size).astype(np.int64).T)


def _runs(begin: Ints, count: Ints) -> Ints:
    """Return the numbers of runs one after the other."""
    end = np.cumsum(count)
    total = int(end[-1]) if len(end) else 0
    runs: Ints = np.arange(total) + np.repeat(begin - (end - count), count)
    return runs
