"""Blocks that lines enclose, and lines that enclose nothing: GEOS's polygonizing, on arrays.

A line is walked along both its sides. Whoever turns, wherever lines meet, into the next one against
the sun walks round a block with it on the right hand, and round all that hangs together with the
outside on the right. Left out first are dead ends and then bridges, which have the same on both
sides. The order of everything is that of GEOS, which starts every outline at its first line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifecircle.reach.search.near import spread
from lifecircle.reach.search.order import place_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

__all__ = ["blocks_and_ends"]

_TOO_NEAR = 1e-9
"""Directions of two lines at one place nearer than this (radians) are left to GEOS to tell."""

_ROUNDING = 1e-9


def blocks_and_ends(lines: Shapes, *, simple: bool = False) -> tuple[Shapes, Shapes]:
    """Return the polygons that lines enclose, and the lines that enclose none.

    Parameters
    ----------
    lines
        LineStrings that meet at their ends alone.
    simple
        Whether that was looked at: outlines of such lines need not be.

    Returns
    -------
    blocks, ends
        What ``shapely.polygonize_full`` returns, shape by shape: polygons; bridges, then dead
        ends.
    """
    xy, of = shapely.get_coordinates(lines, return_index=True)
    count = np.bincount(of, minlength=len(lines))
    if not len(lines) or count.min() < 2 or _repeats(xy, of):  # noqa: PLR2004 - ends
        return _by_geos(lines)
    start = np.concatenate([[0], np.cumsum(count)])
    sides = _Sides(xy, start)
    if sides.too_near:
        return _by_geos(lines)
    dead = sides.dead_ends()
    bridges = sides.bridges()
    blocks = _blocks(sides, simple=simple)
    return _by_geos(lines) if blocks is None else (blocks, lines[np.concatenate([bridges, dead])])


def _by_geos(lines: Shapes) -> tuple[Shapes, Shapes]:
    blocks, *ends = (shapely.get_parts(kind) for kind in shapely.polygonize_full(lines)[:3])
    return blocks, np.concatenate(ends)


def _repeats(xy: Floats, of: Ints) -> bool:
    return bool(((xy[1:] == xy[:-1]).all(axis=1) & (of[1:] == of[:-1])).any())


class _Sides:
    """The sides of lines: ``2 i`` goes along line ``i``, ``2 i + 1`` back.

    ``node``: where each begins, numbered from west to east, then from south to north; ``turn``:
    all sides, by node, then against the sun from the east; ``left``: which are left out.
    """

    def __init__(self, xy: Floats, start: Ints) -> None:
        self.xy, self.start = xy, start
        first, last = start[:-1], start[1:] - 1
        tip = np.column_stack([first, last]).ravel()
        ahead = xy[np.column_stack([first + 1, last - 1]).ravel()] - xy[tip]
        self.node = place_numbers(xy[tip])
        angle = np.arctan2(ahead[:, 1], ahead[:, 0])
        angle[angle < 0] += 2 * np.pi
        self.turn = _by_turn(self.node, angle)
        self.left = np.zeros(len(tip), dtype=bool)
        same = np.diff(self.node[self.turn]) == 0
        self.too_near = bool((same & (np.diff(angle[self.turn]) < _TOO_NEAR)).any())

    def dead_ends(self) -> Ints:
        """Leave out the lines that lead nowhere, and return them as GEOS finds them."""
        nodes = int(self.node.max()) + 1
        degree = np.bincount(self.node, minlength=nodes)
        begin = np.concatenate([[0], np.cumsum(degree)]).tolist()
        waiting = np.flatnonzero(degree == 1).tolist()
        there = self.node.reshape(-1, 2)[:, ::-1].ravel().tolist()
        turn, many, node = self.turn.tolist(), degree.tolist(), self.node.tolist()
        gone: dict[int, None] = {}
        while waiting:
            at = waiting.pop()
            here = turn[begin[at] : begin[at + 1]]
            for side in here:
                if side >> 1 not in gone:
                    many[node[side]] -= 1
                    many[there[side]] -= 1
            for side in here:
                gone[side >> 1] = None
                if many[there[side]] == 1:
                    waiting.append(there[side])
        found = np.fromiter(gone, dtype=np.int64, count=len(gone))
        self._leave(found)
        return found

    def bridges(self) -> Ints:
        """Leave out the lines that have the same on both sides, and return them."""
        round_ = _rings(self.after())
        found = np.flatnonzero((round_[::2] == round_[1::2]) & ~self.left[::2])
        self._leave(found)
        return found

    def after(self) -> Ints:
        """Return the side that each leads to; of one that is left out itself."""
        out = self.turn[~self.left[self.turn]]
        after = np.arange(len(self.node))
        if len(out):
            head = np.flatnonzero(np.diff(self.node[out], prepend=-1))
            follows = np.roll(out, -1)
            follows[np.append(head[1:], len(out)) - 1] = out[head]
            after[out ^ 1] = follows
        return after

    def parted(self, after: Ints) -> Ints:
        """Return where each side leads, with outlines parted that pass a place more than once."""
        ring = _rings(after)
        out = np.flatnonzero(~self.left)
        key = self.node[out] * (ring.max() + 1) + ring[out]
        order = np.sort(key)
        twice = np.unique(order[1:][order[1:] == order[:-1]])
        after = after.copy()
        first = np.searchsorted(self.node[self.turn], np.arange(self.node.max() + 2))
        for node, label in zip(*np.divmod(twice, ring.max() + 1), strict=True):
            self._part(after, ring, self.turn[first[node] : first[node + 1]][::-1], int(label))
        return after

    def _part(self, after: Ints, ring: Ints, sides: Ints, label: int) -> None:
        """Let one outline turn with the sun at one place."""
        came = first = -1
        for side in sides[~self.left[sides]].tolist():
            if ring[side ^ 1] == label:
                came = side ^ 1
            if ring[side] == label:
                if came >= 0:
                    after[came] = side
                    came = -1
                first = side if first < 0 else first
        if came >= 0:
            after[came] = first

    def _leave(self, lines: Ints) -> None:
        self.left[2 * lines] = self.left[2 * lines + 1] = True


def _by_turn(node: Ints, angle: Floats) -> Ints:
    """Return the sides by node, then by direction; of nearly equal ones either may come first."""
    step = 2 * np.pi + 1.0
    if np.spacing(step * (node.max() + 1)) > _TOO_NEAR:
        return np.lexsort((angle, node))
    return np.argsort(step * node + angle)  # one key: a fifth of the time of two


def _rings(after: Ints) -> Ints:
    """Return the number of the ring that each side is on."""
    n = len(after)
    links = csr_array((np.ones(n, dtype=np.int8), after, np.arange(n + 1)), shape=(n, n))
    # whoever leads on comes back: nothing has to be turned round to find out who is joined
    ring: Ints = connected_components(links, connection="strong")[1].astype(np.int64)
    return ring


def _blocks(sides: _Sides, *, simple: bool) -> Shapes | None:
    """Return the polygons, each with what lies in it as holes; None where lines cross."""
    way, ring = _walked(sides.parted(sides.after()), ~sides.left)
    if not len(way):
        return np.empty(0, dtype=object)
    line, back = way >> 1, (way & 1).astype(bool)
    count = np.diff(sides.start)[line] - 1
    each, at = spread(sides.start[line], count)
    turned = back[each]
    at[turned] = (2 * sides.start[line] + count)[each[turned]] - at[turned]
    xy, of = sides.xy[at], ring[each]
    first = np.flatnonzero(np.diff(of, prepend=-1))
    xy0 = xy - xy[first][of]  # near the origin nothing is lost by rounding
    onward = np.arange(1, len(xy) + 1)
    onward[np.append(first[1:], len(xy)) - 1] = first
    double = np.add.reduceat(xy0[:, 0] * xy0[onward, 1] - xy0[onward, 0] * xy0[:, 1], first)
    outlines = shapely.linearrings(xy, indices=of)
    if not (simple or shapely.is_valid(outlines).all()):
        return None
    shells, holes = outlines[double < 0], outlines[double >= 0]
    blocks: Shapes = shapely.polygons(shells)
    inner, outer = _in_which(holes, blocks)
    for shell in np.unique(outer):
        blocks[shell] = shapely.polygons(shells[shell], holes=holes[inner[outer == shell]])
    return blocks


def _walked(after: Ints, some: Bools) -> tuple[Ints, Ints]:
    """Return the sides in the order they are walked, and the ring each is on: the lowest first.

    All rings at once: from each side one looks back to the one before, then two, four, … sides
    back, to the lowest of its ring and no farther.
    """
    out = np.flatnonzero(some)
    if not len(out):
        return out, out
    label = _rings(after)[out]
    head = np.full(int(label.max()) + 1, -1)
    head[label[::-1]] = out[::-1]  # the last one written is the lowest
    rings = np.flatnonzero(head >= 0)
    number = np.empty(len(head), dtype=np.int64)
    number[rings[np.argsort(head[rings])]] = np.arange(len(rings))
    back, far = np.empty(len(after), dtype=np.int64), np.ones(len(after), dtype=np.int64)
    back[after[out]] = out
    back[head[rings]], far[head[rings]] = head[rings], 0
    lowest = head[label]
    waiting = np.flatnonzero(back[out] != lowest)
    while len(waiting):
        side = out[waiting]
        before = back[side]
        far[side] += far[before]
        back[side] = back[before]
        waiting = waiting[back[side] != lowest[waiting]]
    ring = number[label]
    count = np.bincount(ring)
    way = np.empty(len(out), dtype=np.int64)
    way[(np.cumsum(count) - count)[ring] + far[out]] = out
    return way, np.repeat(np.arange(len(count)), count)


def _in_which(holes: Shapes, blocks: Shapes) -> tuple[Ints, Ints]:
    """Return the holes that lie in a block, and the smallest block around each."""
    filled = shapely.polygons(holes)
    spots = shapely.point_on_surface(filled)
    hole, block = shapely.STRtree(blocks).query(spots, predicate="intersects")
    size, own = shapely.area(blocks), shapely.area(filled)
    around = size[block] > own[hole] * (1 + _ROUNDING)  # a block alone is its own outside
    hole, block = hole[around], block[around]
    order = np.lexsort((size[block], hole))
    hole, block = hole[order], block[order]
    first = np.unique(hole, return_index=True)[1]
    return hole[first], block[first]
