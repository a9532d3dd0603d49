"""Waits: who needs rooms of which nobody knows whom they serve, and how much.

The best case of an area gives it all such rooms; they cannot serve all areas at once. What each
area would still need, and from which of them, is told here, for :mod:`allocation.most_met`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.doubts import together
from lifecircle.allocation.best_case.waiting import Source, Waiting
from lifecircle.counting.circles import held_together
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.account.ownership import Ownership
    from lifecircle.account.prepared import Prepared

    Claims = list[tuple[Source, float]]

__all__ = ["own_perhaps", "waits"]

_MOST_TOGETHER = 16
"""Areas of one record beyond which it is not looked at which of them one place can serve."""


def waits(prepared: Prepared, frame: pd.DataFrame) -> pd.Series:
    """Return, for every account, what its area waits for (Waiting), or None.

    None: it is decided, or can be met by what can be its alone, or waits for other things. Own
    rooms in the best case, records that may reach and rooms of unknown whereabouts are looked at;
    what only one area can have is that area's.
    """
    told = pd.Series([None] * len(frame), frame.index, dtype=object)
    low, high = (frame[f"own_{end}"] + frame[f"recorded_{end}"] for end in ("low", "high"))
    open_ = meets(low, "<", frame["required_high"]) & meets(high, ">=", frame["required_low"])
    if not open_.any():
        return told
    arcs = _arcs(prepared)
    several = arcs.groupby("facility")["residential"].nunique()
    several = several[several > 1].index
    adrift = together(prepared.owned.drifting)
    if several.empty and not any(len(areas) > 1 for areas, _ in adrift):
        return told
    shared = arcs[arcs["facility"].isin(several)]
    alone = arcs[~arcs["facility"].isin(several)].groupby(["residential", "clause"])["most"].sum()
    claims = _claims(prepared, shared)
    loose = _Adrift(prepared, adrift)
    for key in frame.index[open_]:
        area, clause = key
        mine, more = loose.of(area, frame.at[key, "least_place"])
        own = float(alone.get(key, 0.0)) + mine
        need = float(frame.at[key, "required_low"]) - own
        if meets(need, ">", 0.0):
            told[key] = Waiting(area, need, (*claims.get((area, clause), ()), *more))
    return told


def own_perhaps(owned: Ownership) -> pd.DataFrame:
    """Return pairs of rooms whose record names several areas, of which one at most has them.

    A record of new areas makes rooms without a position own for the one they stand in; of the
    others it makes nothing. Not those that a record makes shared with others too.
    """
    unsure = owned.own[~owned.own["sure"].astype(bool)]
    kept = ~unsure["facility"].isin(owned.recorded["facility"])
    kept &= ~unsure["facility"].isin(owned.own.loc[owned.own["sure"].astype(bool), "facility"])
    return unsure[kept & unsure["facility"].duplicated(keep=False)]


def _arcs(prepared: Prepared) -> pd.DataFrame:
    """Return who may give whom how much: own rooms at best, and records that may reach."""
    high = prepared.tables.facilities["quota_m2_high"]
    pair = ["facility", "residential"]
    places = prepared.places.loc[prepared.places["credited"], [*pair, "clause"]]
    own = places.merge(prepared.owned.own[[*pair, "most"]], on=pair).assign(recorded=False)
    taken = prepared.recorded[prepared.recorded["within"] != 0]
    clause = taken["residential"].map(prepared.taking["clause"])
    taken = taken[[*pair, "most"]].assign(clause=clause, recorded=True)
    arcs = pd.concat([one for one in (own, taken) if len(one)] or [own], ignore_index=True)
    arcs["most"] = np.minimum(arcs["facility"].map(high).astype(float), arcs["most"])
    return arcs


def _claims(prepared: Prepared, arcs: pd.DataFrame) -> Mapping[tuple[str, str], Claims]:
    """Return, by account, the rooms that several areas may have by record."""
    facts = prepared.tables.facilities
    single = set(own_perhaps(prepared.owned)["facility"])
    found: dict[tuple[str, str], Claims] = defaultdict(list)
    for facility, mine in arcs.groupby("facility", sort=True):
        source = Source(
            (str(facility),),
            (float(facts.at[facility, "quota_m2_high"]),),
            whole=facility in single,
            together=_one_place(prepared, mine) if np.isnan(facts.at[facility, "x"]) else (),
        )
        for row in mine.itertuples():
            found[str(row.residential), str(row.clause)].append((source, float(row.most)))
    return found


def _one_place(prepared: Prepared, arcs: pd.DataFrame) -> tuple[frozenset[str], ...]:
    """Return which areas of a record one place can serve, within how far records reach.

    Own rooms, areas without a place, and projects, of which the nearest phase counts, are always
    within: what is not looked at widens the bound.
    """
    radius = max(prepared.limits[clause] for clause in arcs["clause"])
    names = sorted(set(arcs["residential"]))
    if np.isinf(radius) or len(names) > _MOST_TOGETHER:
        return ()
    areas = prepared.tables.areas.loc[names]
    bound = areas["x"].notna() & areas.index.isin(arcs.loc[arcs["recorded"], "residential"])
    bound &= ~areas.index.isin(arcs.loc[~arcs["recorded"], "residential"])
    if "names" in areas:
        bound &= areas["names"].map(len) < 2  # noqa: PLR2004 - phases
    free = frozenset(map(str, areas.index[~bound]))
    at = areas.index[bound]
    sets = held_together(areas.loc[bound, ["x", "y"]].to_numpy(dtype=float), radius)
    return tuple(free | {str(at[n]) for n in one} for one in sets)


class _Adrift:
    """Rooms of unknown whereabouts: who may have them, from how large a place on."""

    def __init__(
        self, prepared: Prepared, adrift: Iterable[tuple[tuple[str, ...], list[str]]]
    ) -> None:
        facts = prepared.tables.facilities
        site = facts["site"].where(facts["site"].notna(), facts.index.to_series())
        place = facts["quota_m2_high"].groupby(site).transform("sum")
        self._high, self._place = facts["quota_m2_high"].to_dict(), place.to_dict()
        self._around: dict[str, list[int]] = defaultdict(list)
        self._classes = list(adrift)
        for number, (areas, _) in enumerate(self._classes):
            for area in areas:
                self._around[area].append(number)
        self._known: dict[tuple[int, float], Source | None] = {}

    def of(self, area: str, least: float) -> tuple[float, Claims]:
        """Return the m² that only ``area`` can have, and its claims on what others may have too.

        ``least``: m² of the smallest place that earns credit there, if any.
        """
        alone, claims = 0.0, []
        for number in self._around.get(area, ()):
            source = self._source(number, least)
            if source is None:
                continue
            if len(self._classes[number][0]) == 1:
                alone += sum(source.sizes)
            else:
                claims.append((source, np.inf))
        return alone, claims

    def _source(self, number: int, least: float) -> Source | None:
        key = number, least
        if key not in self._known:
            rooms = [f for f in self._classes[number][1] if meets(self._place[f], ">=", least)]
            sizes = tuple(float(self._high[f]) for f in rooms)
            self._known[key] = Source(tuple(rooms), sizes, whole=True) if rooms else None
        return self._known[key]
