"""How far rows lie from the unit whose code they bear, and how likely that is.

A row bears the code of the unit it lies in, but for the one or other that is wrong: such a code
names any of the units. Of a place that was taken to some metres (standard deviation, each way) and
lies so far beyond a border it is known how likely it is within in truth: as the normal distribution
has it. A ledger that lies as it was read may have been taken exactly or roughly, and of rough
places some lie beyond each border. One that was put together from two sources has been looked up
in maps, and lies within its borders or does not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = [
    "BESIDE",
    "DRAWN_M",
    "NEAR_M",
    "TAKEN",
    "believed",
    "lying",
    "sharply",
    "taken_beside",
    "told",
    "ways",
    "within",
    "wrong",
]

DRAWN_M, NEAR_M, BESIDE = 40.0, 700.0, 1
"""How far from its unit a row is in it yet, and beside it: bands 0 and 1 (``BESIDE``), 2 beyond."""
_TAKEN_M = np.array([15.0, 60.0, 150.0, 300.0, 500.0])
"""To how many metres places may have been taken."""
TAKEN = np.log([0.5, 0.2, 0.1, 0.1, 0.1])
"""How likely each of these is before any row is seen (natural logarithm), exactly first."""
_ALIKE = 0.998
"""How likely two ledgers of a study are taken in the same way: beside one that was taken to some
hundred metres, the other was no more looked up in maps."""
_WRONG, _RIGHT, _MOST_WRONG = 2.0, 60.0, 0.1
"""Rows of a wrong and of a right code that are believed in before any is seen; and the share of
wrong ones at most: more are no slips."""
_ROUNDS = 20
_erfc = np.frompyfunc(math.erfc, 1, 1)


def wrong(rows: Any, count: int) -> Any:
    """Return the share (float, or array) of wrong codes where ``rows`` of ``count`` bear one."""
    return np.minimum((rows + _WRONG) / (count + _WRONG + _RIGHT), _MOST_WRONG)


def told(share: Floats | float, within: Floats, units: int) -> Floats:
    """Return how likely each row's code is.

    Parameters
    ----------
    share
        The share of wrong codes.
    within
        How likely each row is within the unit whose code it bears, where the code is right.
    units
        How many units there are: a wrong code names any of them.
    """
    likely: Floats = (1 - share) * within + share / units
    return likely


def believed(share: Any) -> Any:
    """Return the log likelihood of a share of wrong codes before any row is seen."""
    return _WRONG * np.log(share) + _RIGHT * np.log1p(-share)


def _fitted(within: Floats, units: int) -> Floats:
    """Return the log likelihood of rows (…, n) under the likeliest share of wrong codes."""
    share = np.full((*within.shape[:-1], 1), _WRONG / (_WRONG + _RIGHT))
    for _ in range(_ROUNDS):
        slips = (share / units) / told(share, within, units)
        share = wrong(slips.sum(axis=-1, keepdims=True), within.shape[-1])
    likely: Floats = np.log(told(share, within, units)).sum(axis=-1) + believed(share[..., 0])
    return likely


def sharply(within: Mask, units: int, taken: Floats = TAKEN) -> float:
    """Return the log likelihood of rows taken exactly, each ``within`` its unit or not (n,)."""
    return float(taken[0] + _fitted(within.astype(float), units))


def lying(beyond: Floats, units: int, taken: Floats = TAKEN) -> float:
    """Return the log likelihood of rows that lie where they were read, however they were taken.

    Parameters
    ----------
    beyond
        Metres (n,) beyond the border of the unit whose code each row bears, negative within.
    units
        How many units there are.
    taken
        How likely each way of taking places is before any row is seen (log).
    """
    return float(np.logaddexp.reduce(taken + _fitted(within(beyond), units)))


def taken_beside(beyond: Floats, units: int) -> Floats:
    """Return how likely each way of taking places is (log) beside a ledger that lies so.

    One office takes its places in one way, mostly.
    """
    told = ways(within(beyond), units)
    likely = np.exp(told - np.logaddexp.reduce(told))
    beside: Floats = np.log(_ALIKE * likely + (1 - _ALIKE) * np.exp(TAKEN))
    return beside


def ways(likely: Floats, units: int) -> Floats:
    """Return how likely each way of taking places is (log) with rows that are so ``within``."""
    return TAKEN + _fitted(likely, units)


def within(beyond: Floats) -> Floats:
    """Return how likely rows so far ``beyond`` a border are within, by way of taking (5, n)."""
    inside = _normal(-beyond / _TAKEN_M[:, None])
    inside[0] = beyond <= DRAWN_M
    return inside


def _normal(z: Floats) -> Floats:
    """Return the standard normal distribution function, without loading scipy's for a check."""
    within: Floats = 0.5 * np.asarray(_erfc(-z / math.sqrt(2.0)), dtype=np.float64)
    return within
