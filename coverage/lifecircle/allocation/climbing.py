"""Climbing: a choice filled up in turn, and bettered by exchanges of two areas for two.

Whatever is tried is held against the rows that are written already, which costs next to nothing,
and only what breaks none of them against a flow, which writes the rows that were lacking. Needs
follow households nearly everywhere, so that who is filled is a question of what adds up: among
thousands of exchanges one mostly reaches the very bound, where an integer programme searches long.
Where none gains anything, larger ones are looked through that end at the bound (:mod:`closing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.closing import closed, of_sets
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.limits import Limits

    Numbers = NDArray[np.int64]

__all__ = ["climbed", "filled"]

_STEPS = 60
_MOST_MOVES = 400_000
"""Exchanges looked at in one step; where pairs for pairs are more, areas are exchanged singly."""
_AT_ONCE = 4000


def filled(limits: Limits, start: Numbers, order: NDArray[np.int64]) -> Numbers:
    """Return ``start`` and whoever can still be filled from what it leaves, class after class.

    ``start`` itself is left out where it cannot be filled.
    """
    if limits.broken(start):
        start = np.zeros_like(start)
    while True:
        numbers, room = start.copy(), limits.room(start)
        for one in order:
            asked = limits.rows[:, one]
            most = int(limits.classes.size[one] - numbers[one])
            rows = asked > 0
            if most and rows.any():
                most = min(most, int((room[rows] // asked[rows]).min()))
            numbers[one] += most
            room = room - most * asked
        if not limits.broken(numbers):
            return numbers


def climbed(
    limits: Limits,
    numbers: Numbers,
    aim: NDArray[np.float64],
    target: float,
    keep: NDArray[np.float64] | None = None,
) -> Numbers:
    """Return a choice that gains more, as far as exchanges lead; at ``target`` it is enough.

    Parameters
    ----------
    keep
        Another gain, of which nothing is to be lost.
    """
    other = np.zeros_like(aim) if keep is None else keep
    for _ in range(_STEPS):
        missing = target - float(aim @ numbers)
        if meets(missing, "<=", 0.0):
            break
        better = _step(limits, numbers, aim, missing, other)
        if better is None:
            better = closed(limits, numbers, aim, missing, keep)
        if better is None:
            break
        numbers = better
    return numbers


def _step(
    limits: Limits,
    numbers: Numbers,
    aim: NDArray[np.float64],
    missing: float,
    keep: NDArray[np.float64],
) -> Numbers | None:
    """Return the choice after the exchange that gains most, None where none gains anything."""
    out, into = _exchanges(numbers, limits.classes.size)
    gain = of_sets(aim, into)[None, :] - of_sets(aim, out)[:, None]
    kept = of_sets(keep, into)[None, :] - of_sets(keep, out)[:, None]
    good = meets(gain, ">", 0.0) & meets(gain, "<=", missing) & meets(kept, ">=", 0.0)
    left, came = np.nonzero(good)
    order = np.argsort(-gain[left, came], kind="stable")
    left, came = left[order], came[order]
    at = 0
    while at < len(left):
        here = slice(at, at + _AT_ONCE)
        more = of_sets(limits.rows, into)[:, came[here]] - of_sets(limits.rows, out)[:, left[here]]
        fits = np.flatnonzero((more <= limits.room(numbers)[:, None]).all(axis=0))
        if not len(fits):
            at += _AT_ONCE
            continue
        at += int(fits[0])
        tried = numbers.copy()
        for ends, change in ((out[left[at]], -1), (into[came[at]], 1)):
            tried[ends[ends < len(numbers)]] += change
        if not limits.broken(tried):
            return tried
        at += 1
    return None


def _exchanges(numbers: Numbers, size: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who may leave and who may come, no, one or two classes a row (none: one past all)."""
    none = len(numbers)
    sets = []
    for able in (np.flatnonzero(numbers > 0), np.flatnonzero(numbers < size)):
        one = np.column_stack([able, np.full(len(able), none)])
        two = np.column_stack([able[i] for i in np.triu_indices(len(able), 1)])
        sets.append((np.vstack([[[none, none]], one]), two))
    (out, pairs_out), (into, pairs_in) = sets
    if (len(out) + len(pairs_out)) * (len(into) + len(pairs_in)) > _MOST_MOVES:
        return out, into
    return np.vstack([out, pairs_out]), np.vstack([into, pairs_in])
