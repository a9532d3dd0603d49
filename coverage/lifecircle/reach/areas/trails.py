"""Lines laid end to end: every piece once, no vertex moved.

Where pieces meet their ends are paired, half of them with the other half; what hangs together by
pairs is a trail, or a ring that is opened anywhere. The trails hung one to the other are one path
through all pieces, whose order a search in depth tells at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from lifecircle.reach.search.near import spread
from lifecircle.reach.search.order import first_rows, place_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["laid", "strung", "trails"]

_MILLIMETRES = 1000.0


def strung(lines: NDArray[np.object_]) -> shapely.MultiLineString:
    """Return LineStrings laid end to end where they meet, to the millimetre."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.concatenate([[0], np.cumsum(np.bincount(line, minlength=len(lines)))])
    ends = np.rint(xy[np.concatenate([start[:-1], start[1:] - 1])] * _MILLIMETRES)
    place = place_numbers(ends)
    drawn = laid(xy, start, *trails(place[: len(lines)], place[len(lines) :]))
    return shapely.multilinestrings(shapely.linestrings(drawn[0], indices=drawn[1]))


def trails(first: Ints, last: Ints) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """Lay pieces end to end, each once; at no place more than one trail is left open.

    Parameters
    ----------
    first, last
        Number of the place where each piece begins and ends.

    Returns
    -------
    piece, ahead, trail
        Pieces in the order they are laid, whether from their beginning to their end, and the
        number of the trail each is in, ascending from 0.
    """
    n = len(first)
    if not n:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=bool), np.empty(0, dtype=np.int64)
    partner = _paired(np.concatenate([first, last]))
    end = np.arange(2 * n)
    own = end % n
    linked = np.flatnonzero(partner >= 0)
    group = connected_components(_links(own[linked], own[partner[linked]], n), directed=False)[1]
    # a ring has no free end: it is opened where its first piece begins
    ring = np.ones(group.max() + 1, dtype=bool)
    ring[group[own[partner < 0]]] = False
    opened = first_rows(group)[ring]
    partner[partner[opened]] = -1
    partner[opened] = -1
    # two free ends a trail, trail by trail; where one stops the next begins
    free = np.flatnonzero(partner < 0)
    free = free[np.argsort(group[own[free]], kind="stable")]
    partner[free[1:-1:2]], partner[free[2::2]] = free[2::2], free[1:-1:2]
    linked = np.flatnonzero(partner >= 0)
    whole = _links(own[linked], own[partner[linked]], n)
    piece = depth_first_order(whole, own[free[0]], return_predecessors=False).astype(np.int64)
    before = np.concatenate([[-1], piece[:-1]])
    came_from = np.where(partner[piece] >= 0, own[partner[piece]], -1)
    ahead = came_from == before
    ahead[0] = free[0] < n
    trail = np.concatenate([[0], np.cumsum(np.diff(group[piece]) != 0)])
    return piece, ahead, trail


def laid(
    xy: Floats, start: Ints, way: Ints, ahead: NDArray[np.bool_], trail: Ints
) -> tuple[Floats, Ints]:
    """Return the vertices of all trails one after the other, and the trail each is of.

    Piece ``i`` has the vertices ``xy[start[i]:start[i + 1]]``.
    """
    begin = start[way]
    count = start[way + 1] - begin
    each, at = spread(begin, count)
    back = ~ahead[each]
    at[back] = (2 * begin + count - 1)[each[back]] - at[back]
    # a piece begins where the one before it has ended
    joint = np.zeros(len(at), dtype=bool)
    heads = np.cumsum(count) - count
    joint[heads[1:][trail[1:] == trail[:-1]]] = True
    return xy[at[~joint]], trail[each][~joint]


def _paired(place: Ints) -> Ints:
    """Return the end that each end goes on with at its place; -1: none, one a place at most."""
    order = np.argsort(place, kind="stable")
    head = np.flatnonzero(np.concatenate([[True], np.diff(place[order]) != 0]))
    count = np.diff(np.append(head, len(order)))
    # halves go together and not neighbours: on a grid this is straight on
    half = count // 2
    each, at = spread(head, half)
    partner = np.full(len(place), -1, dtype=np.int64)
    one, other = order[at], order[at + half[each]]
    partner[one], partner[other] = other, one
    return partner


def _links(one: Ints, other: Ints, n: int) -> csr_array:
    ones = np.ones(len(one), dtype=np.int8)
    return csr_array((ones, (one, other)), shape=(n, n))
