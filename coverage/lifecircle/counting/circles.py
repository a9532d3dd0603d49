"""Circles: how much a facility of unknown place can reach at best, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.coordinates.near_points import tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

__all__ = ["fullest_circle", "held_together", "most_reached"]

_TOLERANCE = 1e-6
"""Metres by which a circle is drawn larger: the bound may be too high, never too low."""


def fullest_circle(xy: Floats, weight: Floats, radius_m: float) -> Floats:
    """Return the most weight that one circle of ``radius_m`` can hold, its edge included.

    Some fullest circle has a point on its edge. Round each point its neighbours take turns to be
    inside, each over an arc of positions of the centre; the sum is greatest where an arc begins.

    Parameters
    ----------
    xy
        float64 (n, 2), metres, none NaN.
    weight
        float64 (n, k), not negative: k kinds of weight at once.
    radius_m
        Metres; inf holds everything.

    Returns
    -------
    ndarray
        float64 (k,), exact to within a circle larger by a millionth of a metre.
    """
    if not len(xy):
        return np.zeros(weight.shape[1])
    if np.isinf(radius_m):
        return np.asarray(weight.sum(axis=0), dtype=np.float64)
    reach = radius_m + _TOLERANCE
    best = weight.max(axis=0)
    tree = tree_of(xy)
    for point, near in enumerate(tree.query_ball_point(xy, 2.0 * reach)):
        others = np.array([n for n in near if n != point], dtype=np.int64)
        if others.size and (weight[near].sum(axis=0) > best).any():
            best = np.maximum(
                best, weight[point] + _round(xy[others] - xy[point], weight[others], reach)
            )
    return np.asarray(best, dtype=np.float64)


def _round(apart: Floats, weight: Floats, reach: float) -> Floats:
    """Return the most weight of neighbours in a circle whose edge runs through the origin."""
    far = np.hypot(*apart.T)
    always = far <= _TOLERANCE
    turn = np.arctan2(apart[:, 1], apart[:, 0])
    half = np.arccos(np.clip(far / (2.0 * reach), -1.0, 1.0))
    begin, end = (turn - half)[~always], (turn + half)[~always]
    taken = weight[~always]
    # each arc once more a turn later, so that one round sees every overlap
    angles = np.concatenate([begin, begin + 2.0 * np.pi, end, end + 2.0 * np.pi])
    change = np.concatenate([taken, taken, -taken, -taken])
    leaves = np.repeat([False, True], 2 * len(taken))
    order = np.lexsort((leaves, angles))  # at one angle whoever comes is in before one leaves
    inside = np.cumsum(change[order], axis=0)
    most = inside.max(axis=0, initial=0.0) if len(inside) else np.zeros(weight.shape[1])
    return np.asarray(weight[always].sum(axis=0) + most, dtype=np.float64)


def most_reached(
    xy: Floats, weight: Floats, holders: Mapping[tuple[int, ...], int], radius_m: float
) -> Floats:
    """Return the most weight that facilities of unknown place can reach together.

    Each reaches at best the fullest circle among the rows where it may stand; all of them no more
    than there is.

    Parameters
    ----------
    xy, weight
        As in :func:`fullest_circle`.
    holders
        Rows (positions in ``xy``) where a facility may stand → how many such facilities.
    """
    total = np.zeros(weight.shape[1])
    touched: Bools = np.zeros(len(xy), dtype=bool)
    for rows, count in holders.items():
        at = np.array(rows, dtype=np.int64)
        touched[at] = True
        total += count * fullest_circle(xy[at], weight[at], radius_m)
    return np.asarray(np.minimum(total, weight[touched].sum(axis=0)), dtype=np.float64)


def held_together(xy: Floats, radius_m: float) -> list[frozenset[int]]:
    """Return the largest sets of points that one circle of ``radius_m`` holds, its edge included.

    Every such set is that of a circle round a point, or of one with two of them on its edge.

    Parameters
    ----------
    xy
        float64 (n, 2), metres, none NaN; few, since pairs are looked at.
    """
    reach = radius_m + _TOLERANCE
    centres = [*xy]
    for one in range(len(xy)):
        for other in range(one):
            middle, apart = (xy[one] + xy[other]) / 2.0, xy[other] - xy[one]
            half = float(np.hypot(*apart)) / 2.0
            if 0.0 < half <= reach:
                out = np.sqrt(reach**2 - half**2) * np.array([-apart[1], apart[0]]) / (2.0 * half)
                centres += [middle + out, middle - out]
    held = {
        frozenset(np.flatnonzero(np.hypot(*(xy - c).T) <= reach + _TOLERANCE).tolist())
        for c in centres
    }
    largest = [one for one in held if not any(one < other for other in held)]
    return sorted(largest, key=sorted)
