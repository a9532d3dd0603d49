"""Waits: who needs rooms of which nobody knows whom they serve, and how much.

The best case of an area gives it all such rooms; they cannot serve all areas at once. What each
area would still need, and from which of them, is told here, for :mod:`allocation.most_met`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.doubts import together
from lifecircle.account.sums import added, largest, rows_of
from lifecircle.account.terms import place_m2
from lifecircle.allocation.best_case.waiting import Source, Waiting
from lifecircle.counting.circles import held_together
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.account.prepared import Prepared

    Claims = list[tuple[Source, float]]

__all__ = ["astray", "least_recorded", "own_perhaps", "waits"]

_MOST_TOGETHER = 16
"""Areas of one record beyond which it is not looked at which of them one place can serve."""


def waits(prepared: Prepared, frame: pd.DataFrame, empty: Iterable[str]) -> pd.Series:
    """Return, for every account, what its area waits for (Waiting), or None.

    None: it is decided, or can be met by what can be its alone, or waits for other things, as to
    hear whether it is one project with another, which then has rooms for both, or whether what
    stands on the ground of an empty phase is its own. Own
    rooms in the best case, records that may reach and rooms of unknown whereabouts are looked at;
    what only one area can have is that area's. ``empty``: the areas with such a phase.
    """
    told: NDArray[np.object_] = np.full(len(frame), None, dtype=object)
    names = ("required_low", "required_high", "own_low", "own_high", "recorded_low")
    facts = {name: frame[name].to_numpy(dtype=float) for name in (*names, "recorded_high")}
    low, high = (facts[f"own_{end}"] + facts[f"recorded_{end}"] for end in ("low", "high"))
    open_ = meets(low, "<", facts["required_high"]) & meets(high, ">=", facts["required_low"])
    others = {*prepared.beside, *empty}
    if others:
        open_ &= ~frame.index.get_level_values("id").isin(list(others))
    sites = prepared.tables.facilities["site"]
    around = astray(prepared.owned, frozenset(sites.index[sites.notna()]))
    adrift = together({**prepared.owned.drifting, **around})
    arcs = [arc for arc in _arcs(prepared) if arc.facility not in around] if open_.any() else []
    shared, alone = _apart(arcs)
    if not shared and not (open_.any() and any(len(areas) > 1 for areas, _ in adrift)):
        return pd.Series(told, frame.index, dtype=object)
    own = added(((arc.residential, arc.clause) for arc in alone), (arc.most for arc in alone))
    claims, loose = _claims(prepared, shared), _Adrift(prepared, adrift)
    least = frame["least_place"].to_numpy(dtype=float)
    for row in np.flatnonzero(open_):
        area, clause = frame.index[row]
        mine, more = loose.of(area, float(least[row]))
        need = float(facts["required_low"][row]) - (own.get((area, clause), 0.0) + mine)
        if meets(need, ">", 0.0):
            told[row] = Waiting(area, need, (*claims.get((area, clause), ()), *more))
    return pd.Series(told, frame.index, dtype=object)


def _apart(arcs: Sequence[_Arc]) -> tuple[list[_Arc], list[_Arc]]:
    """Return the arcs of facilities that several areas may have, and those of the others."""
    served: dict[str, set[str]] = defaultdict(set)
    for arc in arcs:
        served[arc.facility].add(arc.residential)
    shared = [arc for arc in arcs if len(served[arc.facility]) > 1]
    return shared, [arc for arc in arcs if len(served[arc.facility]) == 1]


class _Arc(NamedTuple):
    """Who may give whom how much under which clause; ``recorded``: by a record that may reach."""

    facility: str
    residential: str
    clause: str
    most: float
    recorded: bool


def astray(owned: Ownership, but: AbstractSet[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    """Return where rooms may stand that are an area's own, or stand in one without a place.

    One of them has them. ``but``: rooms not asked about, as of a site, whose other rooms count too.
    """
    alone = {facility for facility, doubt in owned.unclear.items() if doubt.alone}
    asked = (owned.drifting.keys() & alone) - but - set(owned.recorded["facility"])
    found: dict[str, tuple[str, ...]] = {}
    for facility, area in rows_of(owned.own, "facility", "residential"):
        if facility in asked:
            found[facility] = (*found.get(facility, owned.drifting[facility]), area)
    return found


def own_perhaps(owned: Ownership) -> pd.DataFrame:
    """Return pairs of rooms whose record names several areas, of which one at most has them.

    A record of new areas makes rooms without a position own for the one they stand in; of the
    others it makes nothing. Not those that a record makes shared with others too. An unclear
    record that names one area at most gives them to that one, or leaves them where they stand.
    """
    unsure = owned.own[~owned.own["sure"].astype(bool)]
    kept = ~unsure["facility"].isin(owned.recorded["facility"])
    kept &= ~unsure["facility"].isin(owned.own.loc[owned.own["sure"].astype(bool), "facility"])
    alone = [facility for facility, doubt in owned.unclear.items() if doubt.alone]
    kept &= ~unsure["facility"].isin(owned.unclear.keys() - set(alone))  # all of them, perhaps
    pair = ["facility", "residential"]
    parts = [unsure.loc[kept, pair]]
    if alone:
        parts += [t.loc[t["facility"].isin(alone), pair] for t in (owned.own, owned.recorded)]
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    return found[found["facility"].duplicated(keep=False)]


def _arcs(prepared: Prepared) -> list[_Arc]:
    """Return who may give whom how much: own rooms at best, and records that may reach."""
    high = prepared.tables.facilities["quota_m2_high"].to_dict()
    own, places, records = prepared.owned.own, prepared.places, prepared.recorded
    most: dict[tuple[str, str], list[float]] = defaultdict(list)
    for room, area, m2 in rows_of(own, "facility", "residential", "most"):
        most[room, area].append(m2)
    credited = rows_of(places, "facility", "residential", "clause", "credited")
    found = [
        _Arc(room, area, clause, min(high[room], m2), recorded=False)
        for room, area, clause, counts in credited
        if counts
        for m2 in most[room, area]
    ]
    clauses = prepared.taking["clause"].to_dict()
    found += [
        _Arc(room, area, clauses[area], min(high[room], m2), recorded=True)
        for room, area, m2, within in rows_of(records, "facility", "residential", "most", "within")
        if within != 0
    ]
    return found


def _claims(prepared: Prepared, arcs: Sequence[_Arc]) -> Mapping[tuple[str, str], Claims]:
    """Return, by account, the rooms that several areas may have by record."""
    facts = prepared.tables.facilities
    single = set(own_perhaps(prepared.owned)["facility"])
    # areas that pool share what they do not own (A8)
    single -= {arc.facility for arc in arcs if arc.residential in prepared.pooling}
    found: dict[tuple[str, str], Claims] = defaultdict(list)
    by_room: dict[str, list[_Arc]] = defaultdict(list)
    for arc in arcs:
        by_room[arc.facility].append(arc)
    for facility in sorted(by_room):
        mine = by_room[facility]
        source = Source(
            (str(facility),),
            (float(facts.at[facility, "quota_m2_high"]),),
            whole=facility in single,
            together=_one_place(prepared, mine) if np.isnan(facts.at[facility, "x"]) else (),
        )
        for arc in mine:
            found[str(arc.residential), str(arc.clause)].append((source, arc.most))
    return found


def _one_place(prepared: Prepared, arcs: Sequence[_Arc]) -> tuple[frozenset[str], ...]:
    """Return which areas of a record one place can serve, within how far records reach.

    Own rooms, areas without a place, and projects, of which the nearest phase counts, are always
    within: what is not looked at widens the bound.
    """
    radius = max(prepared.limits[arc.clause] for arc in arcs)
    names = sorted({arc.residential for arc in arcs})
    if np.isinf(radius) or len(names) > _MOST_TOGETHER:
        return ()
    areas = prepared.tables.areas.loc[names]
    bound = areas["x"].notna() & areas.index.isin([a.residential for a in arcs if a.recorded])
    bound &= ~areas.index.isin([a.residential for a in arcs if not a.recorded])
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
        self._high, self._place = facts["quota_m2_high"].to_dict(), place_m2(facts)["high"]
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


def least_recorded(
    prepared: Prepared, frame: pd.DataFrame, cloudy: AbstractSet[str], reach: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:
    """Return the worst case of recorded m², and the pairs with the ``m2`` that make it.

    As settled, or what nobody else can ask for: more rooms, or others in need of them, may make
    another choice of whom to serve the best one. What stays is what is agreed by name, where all
    that is named is there, and what is left of each facility when all others of its record have
    had the most that they may ask for.

    Parameters
    ----------
    frame
        The account, with ``recorded_low`` as settled, ``required_high`` and ``own_low``.
    cloudy
        Areas that something unknown can reach: of the others it is as settled.
    reach
        Recorded pairs, with the ``m2`` that each gives as settled.
    """
    settled = frame["recorded_low"]
    if not cloudy:
        return settled, reach
    claims, named = _most_asked(prepared, frame)
    has, key = prepared.spare.to_dict(), prepared.taking["key"].to_dict()
    firm = {key[area]: 0.0 for area in cloudy if area in key}
    told = []
    columns = ("facility", "residential", "most", "named")
    for room, area, most, agreed in rows_of(reach, *columns):
        told.append(0.0)
        if area in cloudy:
            others = sum(m2 for other, m2 in claims[room].items() if other != area)
            stays = agreed if meets(named[room], "<=", has[room]) else 0.0
            told[-1] = min(most, max(stays, has[room] - others))
            firm[key[area]] += told[-1]
    found = zip(frame.index, settled.tolist(), strict=True)
    least = [min(m2, firm.get(account, m2)) for account, m2 in found]
    fewer = {account for account, m2 in settled.items() if firm.get(account, m2) < m2}
    less = reach["residential"].map(key).isin(fewer)
    return pd.Series(least, frame.index, dtype=float), reach.assign(m2=reach["m2"].mask(less, told))


def _most_asked(
    prepared: Prepared, frame: pd.DataFrame
) -> tuple[Mapping[str, Mapping[str, float]], Mapping[str, float]]:
    """Return, by facility, the most that each area may ask of it, and all that is named of it.

    Of rooms that are not its own an area asks only under clauses that let it share.
    """
    areas, clauses = zip(*frame.index, strict=True)
    asked, own = (frame[name].to_numpy(dtype=float) for name in ("required_high", "own_low"))
    taking = [prepared.rules[clause].options.sharing != "none" for clause in clauses]
    need = largest(areas, np.where(taking, np.maximum(asked - own, 0.0), 0.0).tolist())
    whole = largest(areas, asked.tolist())
    claims: dict[str, dict[str, float]] = defaultdict(dict)
    named: dict[str, float] = defaultdict(float)
    columns = ("facility", "residential", "within", "most", "named")
    unclear = prepared.owned.unread()
    for room, area, within, most, agreed in rows_of(prepared.recorded, *columns):
        joined = prepared.beside.get(area, ())
        if np.isnan(within) and room in unclear:
            continue  # what is left of it is what its record names plainly
        if within != 0 or joined:  # as one project they reach as far as the nearer of them
            most_short = need[area] + sum(need.get(other, 0.0) for other in joined)
            only_named = np.isfinite(most) and not joined
            claims[room][area] = most if only_named else max(agreed, most_short)
            named[room] += agreed
    places = prepared.places[prepared.places["credited"] & ~prepared.places["credited_low"]]
    for room, area in rows_of(places, "facility", "residential"):
        if room in claims:  # own rooms perhaps: then it has them before it shares
            claims[room][area] = max(claims[room].get(area, 0.0), whole[area])
    return claims, named
