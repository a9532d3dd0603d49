"""Places: an area's own rooms, place by place, and what they leave to share (A8, A38, A39).

A second service of a site is in the site's rooms: where it alone says that an area is served,
nobody knows whether they serve that area, and at best they do.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.sums import added_by, looked_up, rows_of, table_of
from lifecircle.account.terms import never_own
from lifecircle.counting.eligibility import number_of
from lifecircle.counting.neighbourhood import without_place
from lifecircle.counting.projects import of_projects, perhaps_homes, perhaps_together
from lifecircle.model.dictionary import unread
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.sites import place_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.tables import Tables

__all__ = [
    "counted",
    "credit_own",
    "join_empty",
    "kept_own",
    "lent",
    "own_places",
    "rooms_of_empty",
    "rooms_of_phases",
    "untold_phase",
]

_NOWHERE: Mapping[str, tuple[float, float]] = MappingProxyType({})
_SAID = frozenset({"record", "name"})
"""Bases that speak for a second service, not for the place where its site is."""


def own_places(
    facilities: pd.DataFrame,
    owned: Ownership,
    need: pd.DataFrame,
    limits: Mapping[str, float],
) -> pd.DataFrame:
    """Return own rooms by place; below the clause's single minimum they earn no credit (A8).

    ``need``: what is asked, by area and clause: ``minimum`` and ``least_place`` (m²), the smallest
    place that earns credit for certain, and the smallest that may (A29). ``limits``: how far a
    record reaches, by clause, metres (inclusive). ``place_low``, ``place_high``: m² of the whole
    place: of rows of one site (``whole``) that are perhaps not in one place each part is a place
    (``site``) in the worst case, and all are one at best. ``credited_low``, ``credited``: whether
    it is large enough for certain, at best; rooms that are own only perhaps are there at best, and
    for certain where only the class of the area is in doubt and the clause speaks of no new ones
    (``need``: ``built``).
    """
    areas, clauses = (need.index.get_level_values(level) for level in (0, 1))
    pairs = np.array(_pairs(areas, clauses, owned.own, limits), dtype=np.int64)
    if "ahead" in need:
        pairs = pairs[:, ~never_own(owned.own.iloc[pairs[1]], need["ahead"].iloc[pairs[0]])]
    asked, pair = pairs
    own = owned.own.iloc[pair]
    at = facilities.index.get_indexer(own["facility"])
    sure_of, best_of = place_labels(facilities)
    sites, wide = ([labels[row] for row in at] for labels in (sure_of, best_of))
    limit = looked_up(clauses[asked], limits)
    within = (own["basis"] != "record").to_numpy() | ~meets(own["distance"], ">", limit)
    sure = own["sure"].to_numpy(dtype=bool) & within
    sure = sure | (own["if_built"].to_numpy(dtype=bool) & need["built"].to_numpy(bool)[asked])
    m2 = {end: facilities[f"quota_m2_{end}"].to_numpy(dtype=float)[at] for end in ("low", "high")}
    m2["low"] = np.where(sure, m2["low"], 0.0)
    minimum = need["minimum"].to_numpy(dtype=float)
    least = need.get("least_place", need["minimum"]).to_numpy(dtype=float)[asked]
    homes, of = own["residential"].tolist(), clauses[asked]
    place = list(zip(homes, of, wide, strict=True))
    whole = {
        end: added_by(zip(homes, of, labels, strict=True), m2[end].tolist())
        for end, labels in (("low", sites), ("high", wide))
    }
    whole["high"] += _perhaps_there_too(place, facilities, owned)
    return pd.DataFrame(
        {
            "residential": areas[asked],
            "clause": clauses[asked],
            "site": sites,
            "whole": wide,
            "facility": own["facility"].to_numpy(),
            "m2_low": m2["low"],
            "m2_high": m2["high"],
            "minimum": minimum[asked],
            "sure": sure,
            "basis": own["basis"].to_numpy(),
            "distance": own["distance"].to_numpy(dtype=float),
            "most": own["most"].to_numpy(dtype=float),
            "shared": own["shared"].to_numpy(dtype=bool),
            "place_low": whole["low"],
            "place_high": whole["high"],
            "credited_low": sure & meets(whole["low"], ">=", minimum[asked]),
            "credited": meets(whole["high"], ">=", least),
        }
    )


def _pairs(
    areas: pd.Index, clauses: pd.Index, own: pd.DataFrame, limits: Mapping[str, float]
) -> tuple[list[int], list[int]]:
    """Return rows of accounts and own rooms that go together, but for records surely too far."""
    rooms: dict[str, list[int]] = {}
    for row, area in enumerate(own["residential"].tolist()):
        rooms.setdefault(area, []).append(row)
    recorded = ((own["basis"] == "record") & ~own["nearer"].astype(bool)).tolist()
    distance = own["distance"].tolist()
    found = [
        (account, row)
        for account, (area, clause) in enumerate(zip(areas, clauses, strict=True))
        for row in rooms.get(area, ())
        if not (recorded[row] and meets(distance[row], ">", limits[clause]))
    ]
    return [account for account, _ in found], [row for _, row in found]


def _perhaps_there_too(
    places: Sequence[tuple[str, str, str]], facilities: pd.DataFrame, owned: Ownership
) -> NDArray[np.float64]:
    """Return, of every place, the m² of its site's rooms that may stand there and have no place."""
    more: dict[tuple[object, str], float] = {}
    sites = facilities["site"] if owned.drifting else {}
    for facility, areas in owned.drifting.items():
        if isinstance(sites[facility], str):
            for area in areas:
                key = sites[facility], area
                more[key] = more.get(key, 0.0) + float(facilities.at[facility, "quota_m2_high"])
    return looked_up(((site, area) for area, _, site in places), more)


def credit_own(
    need: pd.Series,
    owned: Ownership,
    places: pd.DataFrame,
    m2: pd.Series,
    spots: Mapping[str, tuple[float, float]],
    over: Mapping[tuple[str, str], float],
) -> tuple[pd.DataFrame, pd.Series]:
    """Return own m² by facility, area and clause, and what every facility has left to share.

    A facility whose record names several areas is own up to its area's requirement only, after
    the facilities that belong to that area alone.

    Parameters
    ----------
    need
        Required m² by area and clause.
    places
        Of :func:`own_places`, only those that earn credit.
    m2
        Countable m² by facility.
    spots
        Where each facility stands, metres: of two alike the first by place goes first.
    over
        m² that are over for an area that is exempt, by facility and area (``terms.left_over``).
    """
    asked, has = need.to_dict(), m2.to_dict()
    clauses: dict[tuple[str, str], list[str]] = {}
    for facility, area, clause in rows_of(places, "facility", "residential", "clause"):
        clauses.setdefault((facility, area), []).append(clause)
    rows: list[tuple[str, str, float, str]] = []
    have: dict[tuple[str, str], float] = {}
    left = dict(has)
    # by content: which of an area's rooms it needs itself must not hang on the order of rows
    own = sorted(
        rows_of(owned.own, "facility", "residential", "most", "shared"),
        key=lambda room: (room[3], -has[room[0]], spots[room[0]]),
    )
    for facility, area, most, shared in own:
        used = 0.0
        for clause in clauses.get((facility, area), ()):
            key = (area, clause)
            give = min(float(has[facility]), most)
            open_ = max(0.0, float(asked[key]) - have.get(key, 0.0))
            if shared:
                give = min(give, open_, over.get((facility, area), np.inf))
            have[key] = have.get(key, 0.0) + give
            used = max(used, min(give, open_))
            rows.append((facility, area, give, clause))
        left[facility] = max(0.0, left[facility] - used)
    spare = pd.Series([left[facility] for facility in m2.index], m2.index, dtype=float)
    return table_of(rows, ("facility", "residential", "m2", "clause")), spare


def kept_own(own: pd.DataFrame, m2: pd.Series, away: Mapping[str, float]) -> pd.DataFrame:
    """Return own m² without what the facility gives ``away`` (m² by facility): each counts once."""
    rooms = own["facility"].tolist()
    left = looked_up(rooms, m2.to_dict(), np.nan) - looked_up(rooms, away)
    return own.assign(m2=np.fmin(own["m2"].to_numpy(dtype=float), np.maximum(left, 0.0)))


def counted(places: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame) -> pd.DataFrame:
    """Return places with ``counted_low``, ``counted_high``: the m² that the account has of each."""
    keys = list(rows_of(places, "facility", "residential", "clause"))
    ends = {}
    for name, own in (("counted_low", low), ("counted_high", high)):
        have = zip(rows_of(own, "facility", "residential", "clause"), own["m2"], strict=True)
        ends[name] = looked_up(keys, dict(have))
    return places.assign(**ends)


def lent(tables: Tables, whose: Ownership) -> tuple[Tables, Ownership]:
    """Return tables in which such rows have their site's m² at best, and whom they may serve.

    An area that the rooms serve by another row of the site has them already: it is no second
    service's too. What a row's place says is said of the site.
    """
    rooms = number_of(tables.facilities, "same_rooms_m2")
    seconds = set(rooms.index[rooms.to_numpy(dtype=float) > 0])
    if not seconds:  # mostly every row has its figure
        return tables, whose
    sites = tables.facilities["site"].to_dict()
    served = {
        (sites[facility], area)
        for table in (whose.own, whose.recorded)
        for facility, area, most in rows_of(table, "facility", "residential", "most")
        if facility not in seconds and np.isinf(most)
    }

    def speaks(facility: str, area: str, basis: str) -> bool:
        return basis in _SAID and (sites[facility], area) not in served

    own = _kept(whose.own, seconds, speaks)
    recorded = _kept(whose.recorded.assign(basis="record"), seconds, speaks).drop(columns="basis")
    lending = seconds & {*own["facility"], *recorded["facility"]}
    high = tables.facilities["quota_m2_high"].where(~rooms.index.isin(list(lending)), rooms)
    facilities = tables.facilities.assign(quota_m2_high=high)
    return (
        dataclasses.replace(tables, facilities=facilities),
        dataclasses.replace(whose, own=own, recorded=recorded),
    )


def _kept(
    pairs: pd.DataFrame, seconds: set[str], speaks: Callable[[str, str, str], bool]
) -> pd.DataFrame:
    """Return pairs without those of second services that say nothing of their own."""
    kept = [
        facility not in seconds or speaks(facility, area, basis)
        for facility, area, basis in rows_of(pairs, "facility", "residential", "basis")
    ]
    return pairs if all(kept) else pairs[kept].reset_index(drop=True)


def join_empty(frame: pd.DataFrame, rooms: Mapping[str, Sequence[str]], high: pd.Series) -> None:
    """Widen the accounts of areas by what stands where their project may have another phase.

    Nobody lives there yet, and its class, or theirs, is not told: what stands there may be theirs
    (A1). ``rooms``: of :func:`rooms_of_empty`.
    """
    more = {area: sum(float(high.get(one, 0.0)) for one in ones) for area, ones in rooms.items()}
    if more:
        frame["own_high"] += [more.get(area, 0.0) for area in frame.index.get_level_values("id")]


def rooms_of_empty(
    tables: Tables, owned: Ownership, reach: Mapping[str, tuple[float, float]] = _NOWHERE
) -> dict[str, list[str]]:
    """Return area → the rooms that are its own if an empty phase of its project is of its class.

    Those of that phase, what may stand there, and what a record gives one of them and stands on the
    other's ground: then it stands on the project's. So of those that may be one with the area. And
    what a record gives the area, too far off for it, and is within reach of that phase: distances
    are the nearest phase's (``reach``: area → how far its records reach at least and at most).
    """
    empty = perhaps_homes(tables.areas)
    if not empty:
        return {}
    told, beside = _by_area(tables, owned), perhaps_together(tables.areas)
    adrift = _adrift(owned, {e for ones in empty.values() for e in ones})
    found: dict[str, list[str]] = {}
    for area, ones in empty.items():
        rooms = told.across(ones, (area, *ones, *beside.get(area, ())))
        rooms |= {room for e in ones for room in told.theirs[e]}
        if area in reach:
            rooms |= told.nearer(tables.containment, area, ones, reach[area])
        # what may stand on the area's own ground is told there
        rooms |= {room for e in ones for room, around in adrift[e] if area not in around}
        if rooms:
            found[area] = sorted(rooms)
    return found


def rooms_of_phases(tables: Tables, owned: Ownership) -> dict[str, list[str]]:
    """Return area → the rooms that are its own only if it is one project with another phase.

    Those on empty phases (:func:`rooms_of_empty`), and what a record gives it or another that may
    be one with it where it stands on the ground of one of them: then it stands on the project's.
    """
    rooms = {area: set(ones) for area, ones in rooms_of_empty(tables, owned).items()}
    beside = perhaps_together(tables.areas)
    if beside:
        told = _by_area(tables, owned)
        for area, others in beside.items():
            ones = (area, *others)
            rooms.setdefault(area, set()).update(told.across(ones, ones))
    return {area: sorted(ones) for area, ones in rooms.items() if ones}


def untold_phase(areas: pd.DataFrame, area: str) -> Reason | None:
    """Return what is missing of the phases of an area's project, of itself last; None: nothing."""
    phases = areas[of_projects(areas, pd.Index([area]))]
    phases = phases.loc[[*phases.index[phases.index != area], *phases.index[phases.index == area]]]
    for field, column in (("age_class",) * 2, ("setting",) * 2, ("stage", "lived_in")):
        for one in phases.index[phases[column].isna()]:
            return Reason(ReasonCode.PHASE_UNKNOWN, {"residential": one, "field": field})
    if len(phases) > 1 and unread("project") in phases and phases[unread("project")].any():
        return Reason(ReasonCode.PHASE_UNKNOWN, {"residential": area, "field": "project"})
    return None


class _Told(NamedTuple):
    """By area: the rooms that are its own, or recorded too, that records name, that are near.

    ``lost``: areas that may be near any room, since they, or phases of theirs, have no place.
    """

    own: Mapping[str, set[str]]
    theirs: Mapping[str, set[str]]
    said: Mapping[str, set[str]]
    near: Mapping[str, set[str]]
    lost: AbstractSet[str]

    def across(self, ones: Sequence[str], others: Sequence[str]) -> set[str]:
        """Return the rooms that a record gives one area and that stand by another; nobody's own."""
        pairs = {(x, y) for x in ones for y in others if x != y}
        pairs |= {(y, x) for x, y in pairs}
        there = set[str]()
        for x, y in pairs:
            there |= self.said[x] if y in self.lost else self.said[x] & self.near[y]
        return there.difference(*(self.own[x] for x in (*ones, *others)))

    def nearer(
        self, pairs: pd.DataFrame, area: str, others: Sequence[str], reach: tuple[float, float]
    ) -> set[str]:
        """Return the recorded rooms that are out of an area's reach and in that of another."""
        shared = self.theirs[area] - self.own[area]
        if not shared:
            return set()
        some = pairs[pairs["facility"].isin(shared)]
        mine = some["residential"] == area
        least, most = reach
        sure = some[mine & meets(some["straight_m"], "<=", least)]
        near = some[some["residential"].isin(others) & meets(some["straight_m"], "<=", most)]
        # nobody knows how near a phase without a place is
        reached = shared if self.lost & set(others) else set(near["facility"])
        return reached - set(sure["facility"])


def _by_area(tables: Tables, owned: Ownership) -> _Told:
    """Return what is said of rooms by area."""
    beside = tables.containment
    beside = beside[meets(beside["to_area_m"], "<=", tables.parameters.own_tolerance_m)]
    both = (owned.own, owned.recorded)
    parts = ((owned.own,), both, (tables.sharing, tables.likely), (beside,))
    told: list[dict[str, set[str]]] = []
    for some in parts:
        told.append(defaultdict(set))
        for table in some:
            for facility, area in rows_of(table, "facility", "residential"):
                told[-1][area].add(facility)
    lost = frozenset(tables.areas.index[without_place(tables.areas)[0]])
    return _Told._make((*told, lost))


def _adrift(
    owned: Ownership, asked: AbstractSet[str]
) -> dict[str, list[tuple[str, AbstractSet[str]]]]:
    """Return, of the areas ``asked`` about, the rooms that may stand there, and where else."""
    found: dict[str, list[tuple[str, AbstractSet[str]]]] = defaultdict(list)
    around: dict[int, AbstractSet[str]] = {}  # of one whereabouts may be many rooms
    for facility, areas in owned.drifting.items():
        here = around.setdefault(id(areas), frozenset(areas))
        for area in asked & here:
            found[area].append((facility, here))
    return found
