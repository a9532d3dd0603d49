"""Notes: what an area's own rooms rest on, and which rooms near or named do not count, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.account.ownership import SITE_CHECK_M
from lifecircle.counting.eligibility import countable_m2, number_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.tables import Tables

__all__ = ["notes", "with_distance"]

_MOST = 5
"""Rooms that one area's notes name."""
_WHY = {
    "off_site": ReasonCode.ASIDE_OFF_SITE,
    "of_another": ReasonCode.ASIDE_OF_ANOTHER,
    "too_far": ReasonCode.ASIDE_TOO_FAR,
}


def notes(
    tables: Tables,
    whose: Ownership,
    places: pd.DataFrame,
    recorded: pd.DataFrame,
    limits: Mapping[str, float],
) -> dict[str, tuple[Reason, ...]]:
    """Return, by area, what is to be said of rooms near or named: the largest first.

    Parameters
    ----------
    whose
        Of all facilities, those that do not count too.
    places
        Own rooms that count or may.
    recorded
        Recorded pairs with ``within``, ``m2`` (given for certain) and ``clause``.
    limits
        How far a record reaches, by clause, metres.
    """
    rooms = _Rooms(tables)
    found = [
        *_checks(places, rooms),
        *_small(places, rooms),
        *_of_records(recorded, rooms, limits),
        *_elsewhere(whose.aside, rooms),
        *_not_counted(whose, rooms),
    ]
    told: dict[str, dict[str, tuple[float, Reason]]] = {}
    for area, reason in found:
        facility = str(reason.params["facility"])
        size = reason.params["m2"]
        told.setdefault(area, {}).setdefault(facility, (-float(size or 0.0), reason))
    return {
        area: tuple(
            reason
            for _, (_, reason) in sorted(by_room.items(), key=lambda one: (one[1][0], one[0]))
        )[:_MOST]
        for area, by_room in told.items()
    }


def with_distance(tables: Tables, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of facility and area with ``distance_m``: the straight line, NaN unknown.

    To the nearest phase of a project where that is within search, else to the leading one.
    """
    spots = [
        frame[["x", "y"]].reindex(pairs[name]).to_numpy(dtype=float)
        for name, frame in (("facility", tables.facilities), ("residential", tables.areas))
    ]
    plain = np.hypot(*(spots[0] - spots[1]).T)
    pair = ["facility", "residential"]
    here = tables.containment[[*pair, "straight_m"]].astype(dict.fromkeys(pair, object))
    near = pairs[pair].astype(object).merge(here, on=pair, how="left")  # typed so when empty too
    straight = near["straight_m"].to_numpy(dtype=float)
    return pairs.assign(distance_m=np.where(np.isnan(straight), plain, straight))


class _Rooms:
    """What a facility has, stands at, and is: asked room by room."""

    def __init__(self, tables: Tables) -> None:
        facilities = tables.facilities
        could = countable_m2(facilities)["high"].replace(np.inf, np.nan)
        part, floor = (number_of(facilities, f"{n}_area_m2") for n in ("community", "floor"))
        self.m2 = could.where(part != 0, floor)
        self.stage, self.built = facilities["stage"], facilities["built"]
        self.over_line = number_of(facilities, "over_line")
        self.typed_none = part == 0
        some = could.isna() | (could > 0) | (self.typed_none & (floor > 0))
        self.some = frozenset(facilities.index[some])
        self._spots = {
            **{("f", key): spot for key, spot in _spots(facilities)},
            **{("a", key): spot for key, spot in _spots(tables.areas)},
        }

    def says(self, code: ReasonCode, facility: str, **more: Any) -> Reason:
        m2 = float(self.m2.get(facility, np.nan))
        return Reason(code, {"facility": facility, "m2": None if np.isnan(m2) else m2, **more})

    def promised(self, row: Any) -> float | None:
        """Return the m² that a record promises: what it says, at most what the room has."""
        m2 = float(np.fmin(row.most, self.m2.get(row.facility, np.nan)))
        return m2 if np.isfinite(m2) else None

    def metres(self, row: Any) -> float | None:
        """Return the straight line of a pair; pairs beyond search are measured here."""
        if np.isfinite(row.distance):
            return float(row.distance)
        here, there = self._spots["a", row.residential], self._spots["f", row.facility]
        metres = float(np.hypot(here[0] - there[0], here[1] - there[1]))
        return None if np.isnan(metres) else metres


def _spots(frame: pd.DataFrame) -> Iterator[tuple[str, tuple[float, float]]]:
    return zip(frame.index, zip(frame["x"], frame["y"], strict=True), strict=True)


def _checks(places: pd.DataFrame, rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield what a visit must tell: rooms given by name, or by a record far from a point."""
    own = places[places["m2_high"] > 0].drop_duplicates(["residential", "facility"])
    for row in own[own["basis"] == "name"].itertuples():
        params = {"distance_m": rooms.metres(row)}
        yield row.residential, rooms.says(ReasonCode.OWN_BY_NAME, row.facility, **params)
    far = (own["basis"] == "record") & meets(own["distance"], ">", SITE_CHECK_M)
    for row in own[far].itertuples():
        params = {"distance_m": rooms.metres(row)}
        yield row.residential, rooms.says(ReasonCode.OWN_TO_VISIT, row.facility, **params)


def _small(places: pd.DataFrame, rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield places below the single minimum."""
    for row in places[~places["credited"] & (places["m2_high"] > 0)].itertuples():
        params = {"minimum_m2": float(row.minimum)}
        yield row.residential, rooms.says(ReasonCode.ASIDE_SMALL, row.facility, **params)


def _of_records(
    recorded: pd.DataFrame, rooms: _Rooms, limits: Mapping[str, float]
) -> Iterator[tuple[str, Reason]]:
    """Yield records out of reach, those far though in reach, and those that have nothing left."""
    for row in recorded.itertuples():
        limit, promised = limits[row.clause], {"m2": rooms.promised(row)}
        if meets(row.distance, ">", limit):
            params = promised | {"distance_m": rooms.metres(row), "limit_m": limit}
            yield row.residential, rooms.says(ReasonCode.ASIDE_BEYOND, row.facility, **params)
        elif row.within == 1 and meets(row.m2, ">", 0.0) and meets(row.distance, ">", row.note):
            params = promised | {"distance_m": rooms.metres(row), "limit_m": row.note}
            yield row.residential, rooms.says(ReasonCode.RECORD_FAR, row.facility, **params)
        elif row.within == 1 and meets(row.m2, "<=", 0.0) and rooms.built.get(row.facility) == 1:
            yield row.residential, rooms.says(ReasonCode.ASIDE_USED, row.facility, **promised)


def _elsewhere(aside: pd.DataFrame, rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield rooms near or named that are another's, or not on the site."""
    for row in aside[aside["facility"].isin(rooms.some)].itertuples():
        more: dict[str, Any] = {"distance_m": rooms.metres(row)}
        if row.why == "of_another":
            more = {"residential": row.other}
        yield row.residential, rooms.says(_WHY[row.why], row.facility, **more)


def _not_counted(whose: Ownership, rooms: _Rooms) -> Iterator[tuple[str, Reason]]:
    """Yield rooms that are the area's, but stand idle, are not built, or serve no community."""
    pair = ["facility", "residential"]
    mine = pd.concat([whose.own[pair], whose.recorded[pair]])
    mine = mine[mine["facility"].isin(rooms.some)]
    for facility, area in mine.itertuples(index=False):
        stage = rooms.stage[facility]
        if rooms.over_line[facility] == 1:
            yield area, rooms.says(ReasonCode.ASIDE_OUTSIDE, facility)
        elif rooms.built[facility] == 0 and isinstance(stage, str):
            yield area, rooms.says(ReasonCode.ASIDE_STAGE, facility, stage=str(stage))
        elif rooms.typed_none[facility]:
            yield area, rooms.says(ReasonCode.ASIDE_BEDS, facility)
