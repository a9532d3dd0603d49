"""Which points lie near which: of few, or for few, by looking at them all, else by a tree.

The tree is SciPy's, and loading it loads special functions, rotations and linear algebra: a tenth
of what a run of a small county costs, which has thirty facilities to look among.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Tree", "near_each", "pairs_within", "tree_of"]

_FEW = 64
"""Points among which looking at all is no slower than a tree, however many ask."""
_FEW_PAIRED = 4096
"""Points of which all pairs can be looked at: no more than a tree takes to load, at worst."""
_SWEPT = 4
"""Neighbours along one axis, on average, that are looked at sooner than a tree is made."""
_AT_ONCE = 4096


class Tree(Protocol):
    """Points that are asked what is near: what ``scipy.spatial.KDTree`` answers, in its words."""

    def query(self, x: Floats, *, distance_upper_bound: float = np.inf) -> tuple[Floats, Ints]:
        """Return the distance to the nearest point of each place (n, k), and which it is.

        Where none is nearer than the bound: inf, and the number of points.
        """

    def query_ball_point(self, x: Floats, r: ArrayLike) -> Any:
        """Return for each place (n, k) the points within r of it, inclusive, as lists."""


def tree_of(points: Floats, **how: Any) -> Tree:
    """Return a tree of points (n, k), n at least 1; ``how``: as ``KDTree`` builds it.

    Among points equally near, few give the first, as a tree's leaf does.
    """
    return _Few(points) if len(points) <= _FEW else _many(points, **how)


def near_each(points: Floats, x: Floats, reach: float) -> list[list[int]]:
    """Return for each place ``x`` (n, k) the points (m, k) within ``reach``, inclusive, ascending.

    Few places look at all points: a tree of a county's streets takes longer to make than that.
    """
    if len(x) > _FEW and len(points):
        return [sorted(near) for near in tree_of(points).query_ball_point(x, reach)]
    near = (_squared(points - place) <= reach * reach for place in x)
    return [np.flatnonzero(hits).tolist() for hits in near]


def pairs_within(points: Floats, reach: float) -> Ints:
    """Return the pairs (m, 2) of points (n, k) no farther apart than ``reach``, the lower first."""
    if len(points) > _FEW_PAIRED:
        pairs = _swept(points, reach)
        if pairs is None:
            pairs = _many(points).query_pairs(reach, output_type="ndarray")
        return pairs
    order = np.argsort(points[:, 0], kind="stable")
    placed, found = points[order], [np.empty((0, 2), dtype=np.int64)]
    for ahead in range(1, len(points)):
        apart = placed[ahead:] - placed[:-ahead]
        beside = np.flatnonzero(apart[:, 0] <= reach)
        if not len(beside):
            break  # nor is any of those farther ahead
        near = beside[_squared(apart[beside]) <= reach * reach]
        found.append(np.column_stack([order[near], order[near + ahead]]))
    made = np.sort(np.concatenate(found), axis=1)
    ordered: Ints = made[np.lexsort(made.T[::-1])]
    return ordered


def _swept(points: Floats, reach: float) -> Ints | None:
    """Return the pairs of many points of which few lie on one line; None where many do.

    What is a hair apart is so along the first axis too: of a county's vertices, sorted by it, next
    to none have another within a centimetre, and those that have are looked at in one go.
    """
    order = np.argsort(points[:, 0], kind="stable")
    placed = points[order]
    line = placed[:, 0]
    # a hair too far: what is within reach is measured below
    ahead = np.searchsorted(line, np.nextafter(line + reach, np.inf), side="right")
    ahead -= np.arange(1, len(line) + 1)
    if int(ahead.sum()) > _SWEPT * len(line):
        return None
    one = np.repeat(np.arange(len(line)), ahead)
    other = one + np.arange(1, len(one) + 1) - np.repeat(np.cumsum(ahead) - ahead, ahead)
    near = _squared(placed[other] - placed[one]) <= reach * reach
    made = np.sort(np.column_stack([order[one[near]], order[other[near]]]), axis=1)
    return np.asarray(made[np.lexsort(made.T[::-1])], dtype=np.int64)


def _squared(apart: Floats) -> Floats:
    """Return the squares of lengths, which is what a tree compares; summed axis by axis, fast."""
    squares: Floats = sum(along * along for along in np.moveaxis(apart, -1, 0))
    return squares


class _Few:
    """A few points, all of which are looked at."""

    def __init__(self, points: Floats) -> None:
        self._points = np.asarray(points, dtype=np.float64)

    def query(self, x: Floats, *, distance_upper_bound: float = np.inf) -> tuple[Floats, Ints]:
        far: Floats = np.full(len(x), np.inf)
        which: Ints = np.full(len(x), len(self._points), dtype=np.int64)
        for begin in range(0, len(x), _AT_ONCE):
            squares = self._squares(x[begin : begin + _AT_ONCE])
            nearest = squares.argmin(axis=1)
            least = np.sqrt(squares[np.arange(len(nearest)), nearest])
            near = np.flatnonzero(least < distance_upper_bound)
            far[begin + near], which[begin + near] = least[near], nearest[near]
        return far, which

    def query_ball_point(self, x: Floats, r: ArrayLike) -> list[list[int]]:
        reach = np.broadcast_to(np.asarray(r, dtype=np.float64), len(x))
        found: list[list[int]] = []
        for begin in range(0, len(x), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            near = self._squares(x[part]) <= (reach[part] * reach[part])[:, None]
            found += [np.flatnonzero(row).tolist() for row in near]
        return found

    def _squares(self, x: Floats) -> Floats:
        return _squared(x[:, None, :] - self._points[None, :, :])


def _many(points: Floats, **how: Any) -> Any:
    from scipy.spatial import KDTree  # noqa: PLC0415 - see above

    return KDTree(points, **how)
