"""Co-location: which facilities stand beside another kind (两院一体, 同址或邻近设置)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.estates.claims import rounded_m
from lifecircle.counting.eligibility import both, members
from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.sites import SITE_PART, place_labels

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CoLocationOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["co_location"]


def co_location(tables: Tables, rule: Rule[CoLocationOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a facility with one of option ``near_kinds`` on its site or within reach.

    Straight line, inclusive, up to option ``within_m``, else the parameter ``co_location_m``: no
    document gives a distance. A place that is not known on either side, or a ledger without any
    facility of those kinds, leaves the answer open; so does what rounded coordinates may be off.
    """
    rows = tables.facilities
    own_limit = rule.options.within_m
    limit = tables.parameters.co_location_m if own_limit is None else own_limit
    partner = both(members(rows, rule.options.near_kinds), rows["open"])
    silent = not (partner == 1).any()
    low, high, reasons = [], [], []
    places = tuple(pd.Series(labels, rows.index) for labels in place_labels(rows))
    errors = pd.Series(rounded_m(rows), dtype=float).reindex(rows.index, fill_value=0.0)
    for own in subjects:
        distance = _distances(rows, str(own), limit, places)
        off = (errors + errors[own]).mask(places[0] == places[0][own], 0.0)
        sure = meets(distance + off, "<=", limit) & (partner == 1)
        near = meets((distance - off).clip(lower=0.0), "<=", limit)
        possible = (near | distance.isna()) & (partner != 0)
        low.append(float(sure.any()))
        high.append(float(silent or possible.any()))
        reason = _reason(distance, partner, limit, met=low[-1], open_=high[-1] > low[-1])
        if high[-1] > low[-1] and (near & (partner == 1)).any():
            reason = _rounded(distance[near & (partner == 1)], off)
        reasons.append(reason)
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )


def _distances(
    rows: pd.DataFrame, own: str, limit: float, places: tuple[pd.Series, ...]
) -> pd.Series:
    """Return metres from one facility to all: 0 on its own site, NaN where a place is missing.

    So beyond ``limit`` on its own site, where the two are perhaps not in one place. ``places``: in
    which each is for certain, and at best.
    """
    here = rows.loc[own]
    away = np.hypot(rows["x"] - here["x"], rows["y"] - here["y"])
    sure, best = places
    if SITE_PART in rows:  # of one site, perhaps not in one place: beside it or not
        away = away.mask((best == best[own]) & meets(away, ">", limit), np.nan)
    return away.mask(sure == sure[own], 0.0)


def _reason(
    distance: pd.Series, partner: pd.Series, limit: float, *, met: float, open_: bool
) -> Reason:
    if open_:
        return Reason(ReasonCode.PAIR_UNKNOWN, {"limit_m": limit})
    known = distance[partner == 1].dropna()
    nearest = float(known.min()) if len(known) else np.nan
    params = {"distance_m": nearest, "limit_m": limit}
    if not met:
        return Reason(ReasonCode.NOT_PAIRED, params)
    return Reason(ReasonCode.PAIRED, {"facility": str(known.idxmin()), **params})


def _rounded(near: pd.Series, off: pd.Series) -> Reason:
    """Return that rounded coordinates leave it open, of the nearest that may be near enough."""
    facility = str(near.idxmin())
    least, most = max(near[facility] - off[facility], 0.0), near[facility] + off[facility]
    told = {"facility": facility, "near_m": float(least), "distance_m": float(most)}
    return Reason(ReasonCode.REACH_ROUNDED, told)
