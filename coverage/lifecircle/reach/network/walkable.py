"""Which ways people on foot use, certainly and possibly, by the closed lists of the model.

A line layer without tags is walked everywhere: who hands in a street layer means it. Ferries are
kept apart: one is carried, at the ferry's own time, and nobody lives on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.inputs.walkable import Folded, Passage, directions, tagged, way_passage

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["WayUse", "way_use"]


@dataclass(frozen=True, slots=True, eq=False)
class WayUse:
    """What people on foot do with each way; five bool arrays, one entry a way.

    Parameters
    ----------
    ahead, back
        They may use it in the direction drawn, and against it.
    walked
        They walk it, in one direction at least; no ferry.
    steps
        A walked way that is a stair: passable, but not by wheelchair.
    ferry
        A ferry that takes people on foot; not walked.
    """

    ahead: NDArray[np.bool_]
    back: NDArray[np.bool_]
    walked: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    ferry: NDArray[np.bool_]


def way_use(tags: pd.DataFrame | Folded, *, possible: bool = False) -> WayUse:
    """Return how people on foot use each way of ``StreetLines.tags``.

    Who passes is for :func:`lifecircle.model.inputs.walkable.way_passage` to say; what keeps
    people off a street keeps them off a ferry.

    Parameters
    ----------
    possible
        What is not known counts as passed: the best case, which decides nothing alone.
    """
    tags = Folded.of(tags)
    least = Passage.UNKNOWN if possible else Passage.OPEN
    passage = way_passage(tags)
    ahead, back = (np.minimum(passage, way) >= least for way in directions(tags))
    by_ferry = tagged(tags, "route", lambda word: word == "ferry")
    walked = (ahead | back) & ~by_ferry
    steps = tagged(tags, "highway", lambda word: "steps" in word)
    return WayUse(ahead, back, walked, walked & steps, (ahead | back) & by_ferry)
