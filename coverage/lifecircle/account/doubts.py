"""Doubts: how far what is not known could lift an area's m², and what it is that is missing."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.tables import Tables

__all__ = ["best_recorded", "together", "widen"]


def best_recorded(
    frame: pd.DataFrame,
    recorded: pd.DataFrame,
    taking: pd.DataFrame,
    low: pd.Series,
    high: pd.Series,
) -> pd.Series:
    """Return the best case of recorded m²: as settled, or all of it where something is unknown.

    Parameters
    ----------
    frame
        The account, with ``recorded_low``.
    recorded
        Recorded pairs, with ``within`` (1 in reach, 0 not, NaN not known) and ``most``.
    taking
        The rows that may take shared m², by area.
    low, high
        Countable m² by facility.
    """
    best = frame["recorded_low"].copy()
    if recorded.empty:
        return best
    area_open = meets((taking["required_low"] - taking["required_high"]).abs(), ">", 0.0)
    fog = meets((low - high).abs().fillna(np.inf), ">", 0.0)
    own_open = meets((taking["own_low"] - taking["own_high"]).abs(), ">", 0.0)
    doubt = set(fog.index[fog]) | set(recorded.loc[recorded["within"].isna(), "facility"])
    cloudy = set(area_open.index[area_open]) | set(own_open.index[own_open])
    grown = True
    while grown:  # doubt spreads along shared facilities: one allocation settles them all
        hit = recorded["facility"].isin(doubt) | recorded["residential"].isin(cloudy)
        size = len(doubt), len(cloudy)
        doubt |= set(recorded.loc[hit, "facility"])
        cloudy |= set(recorded.loc[hit, "residential"])
        grown = size != (len(doubt), len(cloudy))
    mine = recorded[recorded["residential"].isin(cloudy) & (recorded["within"] != 0)]
    most = np.minimum(mine["facility"].map(high).astype(float), mine["most"])
    for area, m2 in most.groupby(mine["residential"]).sum().items():
        key = taking.at[area, "key"]
        best[key] = max(float(best[key]), float(m2))
    return best


def widen(
    tables: Tables, frame: pd.DataFrame, owned: Ownership, recorded: pd.DataFrame, high: pd.Series
) -> None:
    """Widen the areas around facilities without a place, and say what is missing where."""
    area = frame.index.get_level_values("id")
    pair = ["facility", "residential"]
    fog = tables.facilities.index[tables.facilities["quota_m2_low"] != high]
    unsure = pd.concat([owned.own.loc[~owned.own["sure"], pair],
                        recorded.loc[recorded["within"].isna(), pair]])  # fmt: skip
    pairs = pd.concat([t[pair] for t in (owned.own, owned.recorded)])
    pairs = pd.concat([unsure, pairs[pairs["facility"].isin(fog)]])
    pairs = pairs.sort_values(pair).drop_duplicates("residential")
    blame: dict[str, str] = {}
    least = frame.get("least_place", frame["minimum"])
    place = _place_m2(tables, high)
    for areas, facilities in together(owned.drifting):
        here = area.isin(areas)
        credit = _credited(high[facilities], place[facilities], least[here])
        frame.loc[here, "own_high"] += credit
        blame |= dict.fromkeys(areas, facilities[0])
    blame |= dict(zip(pairs["residential"], pairs["facility"], strict=True))
    lost = set(tables.areas.index[tables.areas["x"].isna()])
    missing = cache(partial(_missing, tables))  # one facility may be to blame for a whole county
    frame["unknown"] = [
        missing(blame[name], lost_area=name in lost) if reason is None and name in blame else reason
        for name, reason in zip(area, frame["unknown"], strict=True)
    ]


def _place_m2(tables: Tables, high: pd.Series) -> pd.Series:
    """Return the m² of the whole place (rooms of one site) that each facility is part of."""
    site = tables.facilities["site"]
    return high.groupby(site.where(site.notna(), high.index.to_series())).transform("sum")


def _credited(m2: pd.Series, place: pd.Series, least: pd.Series) -> NDArray[np.float64]:
    """Return, for every single minimum in ``least``, the m² in places of that size or more."""
    order = np.argsort(place.to_numpy(dtype=float), kind="stable")
    sizes = place.to_numpy(dtype=float)[order]
    left = np.append(np.cumsum(m2.to_numpy(dtype=float)[order][::-1])[::-1], 0.0)
    small = ~meets(sizes[None, :], ">=", least.to_numpy(dtype=float)[:, None])
    return np.asarray(left[small.sum(axis=1)], dtype=np.float64)


def together(drifting: dict[str, tuple[str, ...]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the facilities of one whereabouts together: a whole county may be one."""
    found: dict[int, tuple[tuple[str, ...], list[str]]] = {}
    for facility in sorted(drifting):
        areas = drifting[facility]
        found.setdefault(id(areas), (areas, []))[1].append(facility)
    return list(found.values())


def _missing(tables: Tables, facility: str, *, lost_area: bool) -> Reason:
    """Return what would have to be known of a facility, or of where the area is."""
    row = tables.facilities.loc[facility]
    if np.isnan(row["built"]):
        field = "stage"
    elif np.isnan(row["x"]):
        field = "position"
    elif row["quota_m2_low"] == row["quota_m2_high"] and lost_area:
        return Reason(ReasonCode.POSITION_MISSING)
    else:
        field = "floor_area_m2" if np.isinf(row["quota_m2_high"]) else "community_area_m2"
    return Reason(ReasonCode.FACILITY_UNKNOWN, {"facility": facility, "field": field})
