"""Which ways people may walk, by their OSM tags.

A line layer comes without tags and is walked everywhere: who hands in a street layer means it.
Ferries are kept apart: they are not walked, yet must be known to tell an island from a suburb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["WayUse", "way_use"]

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
        A ferry route: never walked.
    """

    walked: NDArray[np.bool_]
    steps: NDArray[np.bool_]
    ferry: NDArray[np.bool_]


def way_use(tags: pd.DataFrame) -> WayUse:
    """Return how people on foot use each way of ``StreetLines.tags``.

    Not walked: motorways; ways under construction or only proposed; ``foot=no``;
    ``access=no|private`` and ``motorroad=yes`` unless ``foot`` allows it outright. A trunk road
    is walked unless ``foot=no``: 国道 through a county seat are its main streets.
    """

    def column(name: str) -> pd.Series[str]:
        if name not in tags:
            return tags.index.to_series().map(lambda _: "").astype(object)
        return tags[name].astype(object).where(tags[name].notna(), "").astype(str).str.strip()

    highway, foot = column("highway"), column("foot")
    ferry = column("route").eq("ferry")
    allowed = foot.isin(FOOT_ALLOWED)
    refused = (
        highway.isin(NEVER_WALKED)
        | foot.isin(FOOT_REFUSED)
        | (column("access").isin(ACCESS_REFUSED) & ~allowed)
        | (column("motorroad").eq("yes") & ~allowed)
        | ferry
    )
    walked = ~refused
    return WayUse(
        walked=walked.to_numpy(dtype=bool),
        steps=(walked & highway.eq("steps")).to_numpy(dtype=bool),
        ferry=ferry.to_numpy(dtype=bool),
    )
