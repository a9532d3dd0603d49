"""Outright: parts so small that every set of areas is looked at, without a programme.

By the theorem of max-flow and min-cut a set of areas can be filled if and only if no set of
facilities, shut off, leaves them short of more than those facilities have: for every set ``F`` that
still deals, what each area needs beyond its pairs with ``F`` is, in sum, no more than the others
have. All is in whole numbers, so the answer is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.allocation.exchange import Exchange

__all__ = ["fillable", "outright"]

_MOST_BITS = 18
"""Areas and facilities of a part that is looked at set by set."""


def outright(
    part: Exchange, first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.bool_] | None:
    """Return the areas to fill: the greatest first gain, then the greatest second.

    None where the part is too large, or where several sets are equally good: who is served then is
    for the programme to say, as it is in larger parts.
    """
    if len(part.need) + len(part.spare) > _MOST_BITS:
        return None
    sets = _sets(len(part.need))
    sets = sets[fillable(part, sets)]
    for aim in (first, second):
        gain = sets @ aim
        sets = sets[meets(gain, ">=", gain.max())]
    return sets[0].astype(bool) if len(sets) == 1 else None


def fillable(part: Exchange, sets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which sets of areas, one a row of 0 and 1, can be filled at once."""
    pairs = np.zeros((len(part.spare), len(part.need)), dtype=np.int64)
    np.add.at(pairs, (part.facility, part.area), part.most)
    dealing = _sets(len(part.spare))
    beyond = np.maximum(part.need - dealing @ pairs, 0)
    others = (1 - dealing) @ part.spare
    return np.asarray((sets @ beyond.T <= others).all(axis=1), dtype=bool)


def _sets(n: int) -> NDArray[np.int64]:
    """Return every set of n things, one a row of 0 and 1."""
    found: NDArray[np.int64] = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    return found
