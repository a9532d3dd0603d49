"""How far rows lie from the unit whose code they bear, and how likely that is.

Borders are drawn to some ten metres. Beyond that a row is rarely near its unit and not in it: a
wrong code names any unit, mostly one far off, and only places taken roughly lie a little over a
border. How many do is asked of every ledger: few before any row is seen, and more where there are,
but never so many that a border says little: rows all of which come home on one way are no chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["BESIDE", "DRAWN_M", "NEAR_M", "believed", "shares", "told"]

DRAWN_M, NEAR_M, BESIDE = 40.0, 700.0, 1
"""How far from its unit a row is in it yet, and beside it: bands 0 and 1 (``BESIDE``), 2 beyond."""
_CHANCE = np.log([1.0, 0.15, 0.5])
"""Rows that lie in each band where the code says nothing: of those that may leave their unit, one
in seven does by half a kilometre, and half of all lie nowhere near."""
_BEFORE = np.array([19.6, 0.1, 0.3])
"""Rows in each band that are believed in before any is seen."""
_MOST = np.array([1.0, 0.015, 0.05])
"""The share of each band at most: ten times fewer than where the code says nothing."""


def shares(rows: Floats) -> Floats:
    """Return the share of each band, of the rows in it (3,)."""
    found = (rows + _BEFORE) / (rows.sum() + _BEFORE.sum())
    _, near, far = np.minimum(found, _MOST)
    return np.array([1.0 - near - far, near, far])


def told(share: Floats, bands: Ints) -> Floats:
    """Return the log likelihood of each row (n,) by its band, over where no code says anything."""
    likely: Floats = (np.log(share) - _CHANCE)[bands]
    return likely


def believed(share: Floats) -> float:
    """Return the log likelihood of the shares before any row is seen."""
    return float(_BEFORE @ np.log(share))
