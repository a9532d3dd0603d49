"""Every set: few areas and few rooms whose m² may be shared out, looked at without a programme.

By the theorem of max-flow and min-cut a set of areas is met if and only if no rooms, taken away,
leave it short of more than those rooms have (as :mod:`allocation.outright`, where all is in whole
numbers).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.allocation.best_case.waiting import Arc

    Floats = NDArray[np.float64]

__all__ = ["best_of_every_set"]

_MOST_BITS = 14
"""Areas and kinds of rooms of a part that is looked at set by set."""
_HAIR = 1e-9
"""Of what is asked in all: what sums of floats may differ by, in favour of the areas."""


def best_of_every_set(
    count: Sequence[int],
    size: Sequence[float],
    arcs: Sequence[Sequence[Arc]],
    weight: Floats,
) -> tuple[float, bool] | None:
    """Return the greatest weight that can be met at once, and whether all areas can be.

    None where there are too many, or where one area is asked several needs.

    Parameters
    ----------
    count, size, arcs
        Of every kind of rooms how many there are, the m² of each, to be shared out as they may
        be, and what each may do for an area.
    weight
        float64 (n,), not negative: of each area.
    """
    if len(weight) + len(count) > _MOST_BITS:
        return None
    need: dict[int, float] = {}
    given = np.zeros((len(count), len(weight)))
    for kind, mine in enumerate(arcs):
        for arc in mine:
            if need.setdefault(arc.area, arc.need) != arc.need:
                return None
            given[kind, arc.area] = count[kind] * arc.share * arc.need
    asked = np.array([need.get(area, np.inf) for area in range(len(weight))])
    have = np.array([m2 * n if m2 > 0 else np.inf for n, m2 in zip(count, size, strict=True)])
    dealing = _every(len(count))
    # an area that no room is for is short of all it asks, however much there is
    beyond = np.maximum(np.where(np.isfinite(asked), asked, 1.0) - dealing @ given, 0.0)
    others = np.where(dealing > 0, 0.0, have).sum(axis=1)
    sets = _every(len(weight))
    met = (sets @ beyond.T <= others + _HAIR * sum(need.values())).all(axis=1)
    return float((sets[met] @ weight).max()), bool(met[-1])


@functools.cache
def _every(n: int) -> Floats:
    """Return every set of n things, one a row of 0 and 1; that of all is the last."""
    return ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1).astype(float)
