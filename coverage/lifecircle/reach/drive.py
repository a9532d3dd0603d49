"""Driving times between areas and facilities, for what is asked of regional centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.reach import TravelTable
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.profiles import drive_cost
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.search.travel import pairs

if TYPE_CHECKING:
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["drive_table"]


def drive_table(
    residential: Layer,
    facilities: Layer,
    streets: StreetLines,
    parameters: Parameters,
    limit_min: float,
) -> TravelTable:
    """Return the driving times from every area to every facility within ``limit_min`` minutes.

    From the area's representative point to the facility, on car roads, one-way respected, at the
    speeds ``drive_<class>_kmh``; the legs to and from the road are walked, up to the snap limit.
    The table can stand in for streets as ``travel`` of a study.

    Raises
    ------
    ValueError
        As :func:`lifecircle.reach.network.graph.build_network`.
    """
    per_minute = 60.0 * parameters.walk_speed_m_s
    network = build_network(streets, drive_cost(streets, parameters))
    limit, short = parameters.snap_limit_m, parameters.short_fragment_m
    start = snap(network, positions(residential), limit, fragment_m=short)
    end = snap(network, positions(facilities), limit, fragment_m=short)
    area, facility, cost = pairs(network, start, end, limit_min * per_minute)
    frame = pd.DataFrame(
        {
            "demand": residential.frame.index.to_numpy(dtype=object)[area],
            "facility": facilities.frame.index.to_numpy(dtype=object)[facility],
            "cost": cost / per_minute,
        }
    )
    return TravelTable(frame, "min", limit_min, "network")
