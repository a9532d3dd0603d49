"""Which ways people on foot may use, by their OSM tags.

A line layer comes without tags and is walked everywhere: who hands in a street layer means it.
Ferries are kept apart: one is carried, at the ferry's own time, and nobody lives on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["WayUse", "tag", "way_use"]

NEVER_WALKED = frozenset(
    {
        "motorway",
        "motorway_link",
        "construction",
        "proposed",
        "planned",
        "abandoned",
        "razed",
        "raceway",
        "bus_guideway",
        "rest_area",
        "services",
        "no",
    }
)
"""Values of ``highway`` that are no way for people on foot, whatever the other tags say."""

FOOT_ALLOWED = frozenset({"yes", "designated", "permissive"})
FOOT_REFUSED = frozenset({"no", "private"})
ACCESS_REFUSED = frozenset({"no", "private", "military"})


@dataclass(frozen=True, slots=True, eq=False)
class WayUse:
    """What people on foot do with each way; three bool arrays, one entry a way.

    Parameters
    ----------
    walked
        People may walk here, in both directions (``oneway`` binds vehicles).
    steps
        A walked way that is a stair: passable, but not by wheelchair.
    ferry
        A ferry that takes people on foot; not walked.
    """

    walked: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    ferry: NDArray[np.bool_]


def way_use(tags: pd.DataFrame) -> WayUse:
    """Return how people on foot use each way of ``StreetLines.tags``.

    Not walked: motorways; ways under construction or only proposed; ``foot=no``;
    ``access=no|private`` and ``motorroad=yes`` unless ``foot`` allows it outright. A trunk road
    is walked unless ``foot=no``: 国道 through a county seat are its main streets. The same refusals
    keep people off a ferry.
    """
    highway, foot = tag(tags, "highway"), tag(tags, "foot")
    allowed = foot.isin(FOOT_ALLOWED)
    refused = (
        highway.isin(NEVER_WALKED)
        | foot.isin(FOOT_REFUSED)
        | (tag(tags, "access").isin(ACCESS_REFUSED) & ~allowed)
        | (tag(tags, "motorroad").eq("yes") & ~allowed)
    )
    by_ferry = tag(tags, "route").eq("ferry")
    walked = ~refused & ~by_ferry
    return WayUse(
        walked=walked.to_numpy(dtype=bool),
        steps=(walked & highway.eq("steps")).to_numpy(dtype=bool),
        ferry=(by_ferry & ~refused).to_numpy(dtype=bool),
    )


def tag(tags: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return one tag of every way as text, stripped; empty where a way has none."""
    if name not in tags:
        return pd.Series("", index=tags.index, dtype=object)
    return tags[name].astype(object).where(tags[name].notna(), "").astype(str).str.strip()
