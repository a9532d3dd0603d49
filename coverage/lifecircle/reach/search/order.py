"""Order: sorting by several keys, where sorting by the first alone is nearly all there is to do.

``numpy.lexsort`` sorts everything once a key, without the fast ways there are for one; of edges and
places by the hundred thousand few are alike in the first key and not told apart by where they
stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["first_rows", "in_order", "place_numbers"]


def in_order(first: NDArray[Any], *rest: NDArray[Any], alike: bool = True) -> Ints:
    """Return the order by one key, then by others: ``np.lexsort((*rest[::-1], first))``.

    Parameters
    ----------
    first
        Numbers, none of them NaN.
    rest
        What decides among those that have the same, the most important one first.
    alike
        Whether rows that are alike in all keys must stay in the order in which they are.
    """
    order: Ints = np.argsort(first, kind="stable" if alike else None)
    key = first[order]
    same = key[1:] == key[:-1]
    if not same.any():
        return order
    undone, equal = np.zeros(len(same), dtype=bool), same
    for key in rest:
        found = key[order]
        undone |= equal & ~(found[1:] >= found[:-1])
        equal = equal & (found[1:] == found[:-1])
    run = np.concatenate([[0], np.cumsum(~same)])
    touched = np.zeros(run[-1] + 1, dtype=bool)
    touched[run[1:][undone]] = True
    rows = np.flatnonzero(touched[run])
    some = order[rows]
    order[rows] = some[np.lexsort((*(key[some] for key in reversed(rest)), first[some]))]
    return order


def first_rows(number: Ints) -> Ints:
    """Return the first row of every number that comes, by number: whole ones from 0, not far apart.

    As ``np.unique(number, return_index=True)[1]``, without sorting.
    """
    first = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]  # the last one written is the first
    return first[first >= 0]


def place_numbers(xy: NDArray[np.float64]) -> Ints:
    """Return the number of the place where each point lies: from west to east, then to the north.

    ``xy``: float64 (n, 2); points of exactly the same coordinates are at one place.
    """
    x, y = np.ascontiguousarray(xy.T)
    order = in_order(x, y, alike=False)
    number = np.empty(len(xy), dtype=np.int64)
    fresh = (np.diff(x[order]) != 0) | (np.diff(y[order]) != 0)
    number[order] = np.concatenate([[0], np.cumsum(fresh)])[: len(xy)]
    return number
