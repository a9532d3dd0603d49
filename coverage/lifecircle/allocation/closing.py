"""Closing: exchanges of up to three areas for three that come to the very bound.

What follows a climb is a search, unless the bound is reached; so what comes close to it is of no
use, and of millions of exchanges only those are looked at whose gain is just what is missing. They
are found as a join of those who may leave with those who may come, both sorted by what they gain.
"""

from __future__ import annotations

from itertools import islice
from math import comb
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.allocation.limits import Limits

    Numbers = NDArray[np.int64]

__all__ = ["closed", "of_sets"]

_Number = TypeVar("_Number", np.int64, np.float64)

_MOST_SETS = 40_000
"""Sets of classes of one size that are looked at."""
_MOST_TRIED = 40_000
"""Exchanges of one kind held against the rows."""
_MOST_FLOWS = 40
"""Exchanges of one kind that break no row yet, held against a flow."""
_ROUNDING = 1e-12
"""Of a sum of gains, by which it is still the same."""
_AT_ONCE = 4000
_ROWS_AT_ONCE = 4


def closed(
    limits: Limits,
    numbers: Numbers,
    aim: NDArray[np.float64],
    missing: float,
    keep: NDArray[np.float64] | None,
) -> Numbers | None:
    """Return a choice that gains ``missing`` more by one exchange, None where none is found.

    Parameters
    ----------
    keep
        Another gain, of which nothing is to be lost: then as many classes come as leave, else one
        more may come.
    """
    able = np.flatnonzero(numbers > 0), np.flatnonzero(numbers < limits.classes.size)
    kinds = ((1, 2), (2, 2), (2, 3)) if keep is None else ((2, 2), (3, 3))
    for leave, come in kinds:
        out, into = _sets(able[0], leave), _sets(able[1], come)
        left, came = _joined(limits, (out, into), aim, missing)
        if keep is not None:
            kept = of_sets(keep, into)[came] - of_sets(keep, out)[left]
            good = meets(kept, ">=", 0.0)
            left, came = left[good], came[good]
        for tried in islice(_fitting(limits, numbers, out[left], into[came]), _MOST_FLOWS):
            if not limits.broken(tried):
                return tried
    return None


def of_sets(values: NDArray[_Number], sets: NDArray[np.int64]) -> NDArray[_Number]:
    """Return the sums over sets of classes of values whose last axis is the classes.

    A class one past the last is no class.
    """
    wide = np.concatenate([values, np.zeros((*values.shape[:-1], 1), values.dtype)], axis=-1)
    sums: NDArray[_Number] = wide[..., sets[:, 0]]
    for column in range(1, sets.shape[1]):
        sums = sums + wide[..., sets[:, column]]
    return sums


def _sets(able: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the sets of so many of some classes, one a row; of many classes those of every nth."""
    some = len(able)
    while comb(some, size) > _MOST_SETS:
        some -= 1
    able = able[np.linspace(0, len(able) - 1, some).astype(np.int64)]
    at = np.arange(some)[:, None]
    for _ in range(size - 1):
        more = some - 1 - at[:, -1]
        before = np.repeat(np.cumsum(more) - more, more)
        at = np.repeat(at, more, axis=0)
        at = np.column_stack([at, at[:, -1] + np.arange(len(before)) - before + 1])
    return able[at]


def _joined(
    limits: Limits,
    sets: tuple[NDArray[np.int64], NDArray[np.int64]],
    aim: NDArray[np.float64],
    missing: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of who leaves and who comes instead for just what is missing.

    Where there are too many, those who free most and ask least come first.
    """
    out, into = sets
    need = limits.classes.need
    leave = np.argsort(-of_sets(need, out), kind="stable")
    gain = of_sets(aim, into)
    come = np.lexsort((of_sets(need, into), gain))
    asked = of_sets(aim, out)[leave] + missing
    near = _ROUNDING * np.maximum(1.0, np.abs(asked))
    start = np.searchsorted(gain[come], asked - near, side="left")
    many = np.searchsorted(gain[come], asked + near, side="right") - start
    many = np.diff(np.minimum(np.cumsum(many), _MOST_TRIED), prepend=0)
    before = np.repeat(np.cumsum(many) - many, many)
    at = np.repeat(start, many) + np.arange(len(before)) - before
    return np.repeat(leave, many), come[at]


def _fitting(
    limits: Limits, numbers: Numbers, out: NDArray[np.int64], into: NDArray[np.int64]
) -> Iterator[Numbers]:
    """Yield the choices after exchanges that break none of the rows written until then."""
    at = 0
    while at < len(out):
        room = limits.room(numbers)
        here = np.arange(at, min(at + _AT_ONCE, len(out)))
        at += len(here)
        scarce = np.argsort(room, kind="stable")  # most are told from the scarcest
        for start in range(0, len(scarce), _ROWS_AT_ONCE):
            some = scarce[start : start + _ROWS_AT_ONCE]
            rows = limits.rows[some]
            more = of_sets(rows, into[here]) - of_sets(rows, out[here])
            here = here[(more <= room[some, None]).all(axis=0)]
        if len(here):
            at = int(here[0]) + 1
            tried = numbers.copy()
            np.subtract.at(tried, out[here[0]], 1)
            np.add.at(tried, into[here[0]], 1)
            yield tried
