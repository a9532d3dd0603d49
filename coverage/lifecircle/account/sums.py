"""Sums: square metres added up by area, facility or account."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from numpy.typing import NDArray

    K = TypeVar("K", bound=Hashable)

__all__ = ["added", "added_by", "looked_up"]


def added(keys: Iterable[K], values: Iterable[float]) -> dict[K, float]:
    """Return the sum of the values of each key; gaps (NaN) add nothing.

    What is lost to rounding is carried along (Kahan), so that a thousand small rooms add up.
    """
    total: dict[K, float] = {}
    carried: dict[K, float] = {}
    for key, value in zip(keys, values, strict=True):
        if key not in total:
            total[key] = carried[key] = 0.0
        if value != value:  # noqa: PLR0124 - NaN
            continue
        here = value - carried[key]
        before = total[key]
        total[key] = after = before + here
        lost = after - before - here
        carried[key] = lost if lost == lost else 0.0  # noqa: PLR0124 - of infinite sums none
    return total


def added_by(keys: Iterable[K], values: Iterable[float]) -> NDArray[np.float64]:
    """Return, of every row, the sum of the values of its key."""
    names = list(keys)
    return looked_up(names, added(names, values))


def looked_up(
    keys: Iterable[K], values: Mapping[K, float], gap: float = 0.0
) -> NDArray[np.float64]:
    """Return the value of each key, ``gap`` where it has none."""
    return np.array([values.get(key, gap) for key in keys], dtype=np.float64)
