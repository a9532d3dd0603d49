"""Shared rooms: facilities that serve other residential areas than their own by record (A4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["shared_rooms"]


def shared_rooms(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return how many recorded pairs of a facility and an area that it is not of there are.

    A facility is of an area that it stands in or within ``own_tolerance_m`` (inclusive) of. The
    areas served, the m² agreed and the longest straight line to an area's point are told with
    it: no document says what 相邻 is. A ledger that records no relation at all tells nothing.
    """
    del subjects
    pairs = tables.sharing
    near = tables.containment
    own = near[meets(near["to_area_m"], "<=", tables.parameters.own_tolerance_m)]
    mine = set(zip(own["facility"], own["residential"], strict=True))
    both = zip(pairs["facility"], pairs["residential"], strict=True)
    others = pairs[[pair not in mine for pair in both]]
    low, high = float(len(others)), float(len(others))
    if pairs.empty:
        high, reason = np.inf, Reason(ReasonCode.SHARING_UNRECORDED, {"fields": ["serves"]})
    else:
        reason = Reason(ReasonCode.ROOMS_SHARED, _told(tables, others))
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[reason],
    )


def _told(tables: Tables, pairs: pd.DataFrame) -> dict[str, float | None]:
    """Return what is told of pairs: facilities, areas, m² agreed, the longest line in metres."""
    ends = [
        tables.facilities[["x", "y"]].reindex(pairs["facility"]).to_numpy(dtype=float),
        tables.areas[["x", "y"]].reindex(pairs["residential"]).to_numpy(dtype=float),
    ]
    away = np.hypot(*(ends[0] - ends[1]).T)
    known = away[~np.isnan(away)]
    m2 = pairs["m2"].astype(float)
    return {
        "count": float(pairs["facility"].nunique()),
        "areas": float(pairs["residential"].nunique()),
        "m2": float(m2.sum()),
        "missing": float(m2.isna().sum()),
        "distance_m": float(known.max()) if len(known) else None,
    }
