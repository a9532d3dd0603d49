"""Has a facility: whether an area has one at all, whatever its size (A12, A28, A39)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.doubts import together
from lifecircle.account.estates.cures import cured_by
from lifecircle.account.notes import not_its
from lifecircle.account.ownership import ownership
from lifecircle.account.places import rooms_of_phases
from lifecircle.account.records import unclear_reason
from lifecircle.account.requirement import of_built
from lifecircle.account.waits import astray, own_perhaps
from lifecircle.allocation.best_case.waiting import Source, Waiting
from lifecircle.counting.eligibility import both, either, has_rooms, members, number_of
from lifecircle.counting.projects import by_project, leads, named_projects, perhaps_together
from lifecircle.measures.areas.provision import noted
from lifecircle.measures.frame import measured_frame
from lifecircle.model.dictionary import unread
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.rules.options import PresenceOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["has_facility"]

_OUT, _MAYBE, _SURE = range(3)


def has_facility(tables: Tables, rule: Rule[PresenceOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area with a built facility that the clause takes, own or recorded, else 0.

    One of the clause's kinds; with option ``countable_m2`` also whatever has rooms that count
    towards floor-area quotas, so that yes or no and m² never contradict each other.

    Under reading A17 ``in_use`` it must be in use. Whose a facility is follows the m² account
    (A39); how large it is does not matter here. One that does not count (it stands idle, or is
    planned) is named; where an area has none, so is what stands near, or is named, and is not its.
    ``waits``: only facilities that may be others' too could make it have one (Waiting), or None.
    """
    rows = tables.facilities
    fits = _fits(rows, rule)
    answer = both(fits, rows["open" if rule.readings.get("A17") == "in_use" else "built"])
    state = pd.Series(np.select([answer == 1, answer.isna()], [_SURE, _MAYBE], _OUT), rows.index)
    # rooms that cannot hold anything are none; of what is not of the kinds nothing is said
    idle = (state == _OUT) & (fits == 1) & (number_of(rows, "over_line") != 1)
    # a second service has the rooms of its site
    roomy = (rows["quota_m2_high"] > 0) | (number_of(rows, "same_rooms_m2") > 0)
    state = state[roomy | idle]
    state = state[fits.loc[state.index] != 0]
    whole = by_project(tables)
    owned = ownership(whole)
    lead = leads(tables.areas).loc[subjects]
    found = _best(_taking(owned, whole.areas, rule), state)
    joined = _of_phases(found, perhaps_together(whole.areas, apart=False))
    rooms = _there(rooms_of_phases(whole, owned), state)
    found = _perhaps(_perhaps(found, joined), rooms)
    theirs = _shared(found, beside := _parted(whole.areas))
    found = pd.concat([found[~found.index.isin(theirs.index)], theirs]).reindex(lead)
    waits, unclear = _waits(owned, state), _unclear(whole, owned, state)
    for area in (*joined, *rooms, *beside):  # it may have what is not waited for
        waits.pop(area, None)
    lacking = set(found.index[~found["state"].isin((_OUT, _MAYBE, _SURE))])
    aside = {a: told for a, told in not_its(whole, owned).items() if a in lacking}
    return measured_frame(
        subjects,
        low=found["state"] == _SURE,
        high=found["state"] >= _MAYBE,
        required_low=np.ones(len(subjects)),
        reason=[
            unclear[area]
            if state == _MAYBE and area in unclear
            else noted(_reason(rows, state, facility), aside.get(area, ()))
            for area, state, facility in zip(lead, found["state"], found["facility"], strict=True)
        ],
    ).assign(waits=pd.Series([waits.get(first) for first in lead], subjects, dtype=object))


def _taking(owned: Ownership, areas: pd.DataFrame, rule: Rule[PresenceOptions]) -> Ownership:
    """Return whose rooms are whose, where an area of unknown class shares only perhaps.

    If it is a new one it has no part in what is shared by record (A4), and what only a name gives
    it is not its; a clause about others alone does not speak of it then.
    """
    if of_built(rule):
        sure = owned.own["sure"].astype(bool) | owned.own["if_built"].astype(bool)
        return dataclasses.replace(owned, own=owned.own.assign(sure=sure))
    unclassed = areas.index[areas["age_class"].isna()]
    if unclassed.empty:
        return owned
    recorded = owned.recorded
    sure = recorded["sure"].astype(bool) & ~recorded["residential"].isin(unclassed)
    return dataclasses.replace(owned, recorded=recorded.assign(sure=sure))


def _of_phases(found: pd.DataFrame, beside: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return, by area, what those have that may be one project with it."""
    more = {}
    for area, others in beside.items():
        theirs = [found.loc[other] for other in others if other in found.index]
        more[area] = [row["facility"] for row in theirs if row["state"] != _OUT]
    return {area: has for area, has in more.items() if has}


def _there(rooms: Mapping[str, Sequence[str]], state: pd.Series) -> dict[str, list[str]]:
    """Return the same rooms by area, those of which a facility may count."""
    more = {a: [one for one in ones if state.get(one, _OUT) != _OUT] for a, ones in rooms.items()}
    return {area: has for area, has in more.items() if has}


def _perhaps(found: pd.DataFrame, more: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return what speaks most for each area: of those that have none the first of ``more``."""
    fresh = {
        area: {"facility": has[0], "state": _MAYBE}
        for area, has in more.items()
        if area not in found.index or found.at[area, "state"] == _OUT
    }
    if not fresh:
        return found
    rows = pd.DataFrame.from_dict(fresh, orient="index")[["facility", "state"]]
    return pd.concat([found[~found.index.isin(rows.index)], rows])


def _parted(areas: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return area → the others of its project that it is apart from by its typed requirement alone.

    Their m² are reckoned apart, since one has a figure of its own; whether the project has a
    facility does not hang on that (A1). ``areas``: one a project (``by_project``).
    """
    named = pd.Series(named_projects(areas), areas.index, dtype=object)
    asked = "quota_class" if "quota_class" in areas else "age_class"
    words = areas[[asked, "setting"]].astype(object)
    doubted = areas.get(unread("project"), pd.Series(data=False, index=areas.index)).astype(bool)
    phases = (named != "") & words.notna().all(axis=1) & ~doubted
    phases &= (areas["lived_in"] == 1) & (areas["counted"] != 0)
    groups: dict[tuple[object, ...], list[str]] = {}
    for area, project, *told in zip(areas.index, named, *words.to_numpy().T, strict=True):
        if phases[area]:
            groups.setdefault((project, *told), []).append(str(area))
    several = [mine for mine in groups.values() if len(mine) > 1]
    return {a: tuple(o for o in mine if o != a) for mine in several for a in mine}


def _shared(found: pd.DataFrame, beside: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return what speaks most for areas of one project: what one of them has each of them has."""
    order = {_OUT: 1, _MAYBE: 2, _SURE: 3}
    rows = {}
    for area, others in beside.items():
        told = [found.loc[one] for one in (area, *others) if one in found.index]
        if told:
            rows[area] = max(told, key=lambda row: order.get(row["state"], 0))
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*found.columns])


def _waits(owned: Ownership, state: pd.Series) -> dict[str, Waiting]:
    """Return, by area, the facilities that may be its or another's, where it has no others."""
    pair = ["facility", "residential"]
    some = state.index[state != _OUT]
    perhaps, around = own_perhaps(owned), astray(owned)
    perhaps = perhaps[perhaps["facility"].isin(some) & ~perhaps["facility"].isin(around.keys())]
    sure = pd.concat([owned.own[pair], owned.recorded[pair]])
    open_ = {*perhaps["facility"], *around}
    sure = sure[sure["facility"].isin(some) & ~sure["facility"].isin(open_)]
    claims: dict[str, list[tuple[Source, float]]] = {}
    for facility, mine in perhaps.groupby("facility", sort=True):
        source = Source((str(facility),), (1.0,), whole=True)
        for area in mine["residential"]:
            claims.setdefault(str(area), []).append((source, 1.0))
    own = set(sure["residential"])
    for areas, facilities in together({**owned.drifting, **around}):
        rooms = tuple(f for f in facilities if f in some)
        if not rooms:
            continue
        if len(areas) == 1:
            own.add(areas[0])
        source = Source(rooms, (1.0,) * len(rooms), whole=True)
        for area in areas:
            claims.setdefault(area, []).append((source, 1.0))
    return {a: Waiting(a, 1.0, tuple(mine)) for a, mine in claims.items() if a not in own}


def _best(owned: Ownership, state: pd.Series) -> pd.DataFrame:
    """Return what speaks most for each area: ``state`` and the first ``facility`` of that state."""
    pair = ["facility", "residential"]
    mine = pd.concat([owned.own[[*pair, "sure"]], owned.recorded[[*pair, "sure"]]])
    mine = mine[mine["facility"].isin(state.index)]
    mine["state"] = mine["facility"].map(state).astype(int)
    mine["state"] = mine["state"].mask(~mine["sure"].astype(bool), mine["state"].clip(upper=_MAYBE))
    first: dict[str, str] = {}
    around: dict[int, tuple[str, ...]] = {}
    for facility in sorted(owned.drifting):
        areas = owned.drifting[facility]
        if state.get(facility, _OUT) != _OUT and around.setdefault(id(areas), areas) is areas:
            first = dict.fromkeys(areas, facility) | first
    maybe = pd.DataFrame({"facility": first.values(), "residential": first.keys()}, dtype=object)
    table = pd.concat([mine[[*pair, "state"]], maybe.assign(state=_MAYBE)])
    table = table.sort_values(["state", "facility"], ascending=[False, True])
    return table.drop_duplicates("residential").set_index("residential")


def _unclear(tables: Tables, owned: Ownership, state: pd.Series) -> dict[str, Reason]:
    """Return, by area, what unclear records may mean it would have to say."""
    pair = ["facility", "residential"]
    mine = pd.concat([owned.own[pair], owned.recorded[pair]])
    some = set(state.index[state != _OUT]) & owned.unclear.keys()
    mine = mine[mine["facility"].isin(some)]
    return {
        str(area): cured_by(tables, unclear_reason(owned.unclear, map(str, told["facility"])))
        for area, told in mine.groupby("residential", sort=True)
    }


def _reason(facilities: pd.DataFrame, state: float, facility: str) -> Reason:
    if state == _SURE:
        return Reason(ReasonCode.AREA_HAS, {"facility": facility})
    if state == _MAYBE:
        return Reason(ReasonCode.AREA_UNKNOWN, {"facility": facility})
    if state == _OUT:
        stage = str(facilities.at[facility, "stage"])
        return Reason(ReasonCode.AREA_HAS_IDLE, {"facility": facility, "stage": stage})
    return Reason(ReasonCode.AREA_LACKS)


def _fits(rows: pd.DataFrame, rule: Rule[PresenceOptions]) -> pd.Series:
    """Return whether each facility is one that the clause takes: 1 yes, 0 no, NaN not known."""
    kinds = members(rows, rule.kinds)
    return either(kinds, has_rooms(rows)) if rule.options.countable_m2 else kinds
