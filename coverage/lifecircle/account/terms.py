"""Terms of sharing: who may take m² of others, how far, and from how large a place (A4, A8)."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.account.sums import added, added_by, largest, looked_up, rows_of
from lifecircle.counting.eligibility import number_of
from lifecircle.model.finding import meets
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.sites import place_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.account.records import Doubt
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = [
    "agreed",
    "asked_at_most",
    "at_least",
    "enough_wherever",
    "kept_apart",
    "large_enough",
    "left_over",
    "never_own",
    "own_if_new",
    "place_m2",
    "pooling_areas",
    "sharing_limits",
    "sharing_radius",
    "taking_areas",
]


def taking_areas(
    frame: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
    exempt: AbstractSet[str] = frozenset(),
) -> pd.DataFrame:
    """Return the rows that may take shared m², one an area, indexed by area.

    ``key``: area and clause; ``row``: which row of ``frame`` it is. Whoever is ``exempt`` needs
    nothing, whatever it would be asked and has.
    """
    small = pooling_areas(frame, rules)
    first: dict[str, int] = {}
    for row, (area, clause) in enumerate(frame.index):
        options = rules[clause].options
        if options.sharing != "none" and (area in small or not options.pooled):
            first.setdefault(area, row)
    at = np.array(list(first.values()), dtype=np.int64)
    rows = frame.take(at)
    areas, clauses = (rows.index.get_level_values(level) for level in (0, 1))
    rows.loc[areas.isin(exempt), ["required_low", "required_high", "own_low", "own_high"]] = 0.0
    return rows.assign(key=list(rows.index), row=at, clause=clauses).set_axis(areas)


def own_if_new(owned: Ownership, areas: pd.DataFrame) -> Ownership:
    """Return whose rooms they are, with what areas of unknown class have only if they are new.

    A new area shares nothing (A4): rooms that its record names are its own if they stand on its
    site, and that nobody knows where either has no place. As an existing one it has them by the
    record alone. ``own`` has ``if_new`` then: of no clause that speaks of others.
    """
    if not areas["age_class"].isna().any():  # mostly
        return owned
    rest = owned.recorded
    unclassed = rest["residential"].isin(areas.index[areas["age_class"].isna()])
    perhaps = rest[unclassed & (rest["distance"].isna() | rest["nearer"].astype(bool))]
    if perhaps.empty:
        return owned
    told = {"sure": False, "shared": False, "basis": "record", "if_built": False}
    perhaps = perhaps.assign(**told, contested=False, if_new=True)
    own = pd.concat([owned.own.assign(if_new=False), perhaps], ignore_index=True)
    return dataclasses.replace(owned, own=own)


def never_own(own: pd.DataFrame, ahead: pd.Series) -> NDArray[np.bool_]:
    """Return, of own rooms and the accounts they are in, which can never be credited there.

    ``ahead``: whether the account's clause speaks of new areas alone. What a new (or approved) area
    has by its name only and is known to stand apart is not on its site; what an area has only if
    it is new (:func:`own_if_new`) is in no account of others.
    """
    told = {name: own[name].astype(bool).to_numpy() for name in ("sure", "if_built")}
    by_name = (own["basis"] == "name").to_numpy() & told["if_built"] & ~told["sure"]
    apart = by_name & np.isfinite(own["distance"].to_numpy(dtype=float))
    if_new = own["if_new"].to_numpy(dtype=bool) if "if_new" in own else np.zeros_like(apart)
    return np.asarray(np.where(ahead.to_numpy(dtype=bool), apart, if_new), dtype=np.bool_)


def left_over(
    need: pd.Series, owned: Ownership, m2: pd.Series, exempt: AbstractSet[str]
) -> dict[tuple[str, str], float]:
    """Return what exempt areas have of rooms on their ground that the record gives to others too.

    Nothing is asked for them: what the others of the record ask for at most goes first, but what
    the record names for the exempt area is its. ``need``: m² by area and clause.
    """
    mine = owned.own[owned.own["shared"].astype(bool) & owned.own["residential"].isin(exempt)]
    if mine.empty:
        return {}
    asked = largest((area for area, _ in need.index), need)
    others = [
        (room, min(asked.get(area, 0.0), most))
        for room, area, most in rows_of(owned.recorded, "facility", "residential", "most")
        if area not in exempt
    ]
    wanted = added((room for room, _ in others), (m for _, m in others))
    return {
        (room, area): max(0.0, float(m2[room]) - wanted.get(room, 0.0))
        for room, area, most in rows_of(mine, "facility", "residential", "most")
        if most == np.inf
    }


def at_least(owned: Ownership) -> Ownership:
    """Return whose rooms they are with as many m² of each as it has however its record reads."""
    own = owned.own
    return dataclasses.replace(owned, own=own.assign(most=own[["most", "least"]].min(axis=1)))


def pooling_areas(frame: pd.DataFrame, rules: dict[str, Rule[ProvisionOptions]]) -> set[str]:
    """Return the areas small enough to pool: alone they need less than the single minimum (A8)."""
    return {
        str(area)
        for area, clause in frame.index
        if rules[clause].options.pooled
        and meets(frame.at[(area, clause), "required_high"], "<", rules[clause].options.minimum_m2)
    }


def large_enough(
    tables: Tables,
    pairs: pd.DataFrame,
    taking: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
) -> pd.Series:
    """Return 1 where a shared place has the taker's single minimum, 0 where not, NaN unknown."""
    rooms, areas = pairs["facility"].tolist(), pairs["residential"].tolist()
    whole = place_m2(tables.facilities)
    low, high = (looked_up(rooms, whole[end], np.nan) for end in ("low", "high"))
    asked = {a: rules[c].options.minimum_m2 for a, c in taking["clause"].items()}
    least = looked_up(areas, asked, np.nan)
    enough, maybe = meets(low, ">=", least), meets(high, ">=", least)
    return pd.Series(np.where(~enough & maybe, np.nan, enough), pairs.index, dtype=float)


def place_m2(facilities: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return, by ``low`` and ``high``, the m² of the whole place that each facility is part of.

    A place is the rooms of one site; rooms without a site are one of their own. A second service
    is in rooms of the site that are added up already. Rows of a site that are perhaps not in one
    place (``SITE_PART``) are one at best.
    """
    second = number_of(facilities, "same_rooms_m2").to_numpy() > 0
    names = facilities.index.tolist()
    sure, best = place_labels(facilities)
    return {
        end: dict(zip(names, added_by(places, facilities[name].mask(second, 0.0)), strict=True))
        for end, name, places in (("low", "quota_m2_low", sure), ("high", "quota_m2_high", best))
    }


def sharing_radius(rule: Rule[ProvisionOptions], tables: Tables) -> float | None:
    """Return how far m² may be shared under a quota, metres: its own radius, else the study's."""
    own = rule.options.sharing_radius_m
    return tables.parameters.sharing_radius_m if own is None else own


def sharing_limits(rules: Mapping[str, Rule[ProvisionOptions]], tables: Tables) -> dict[str, float]:
    """Return how far the record of an area under each clause may reach, metres (inf: any).

    The clause's own radius, else the study's, else that of another quota of the document: what it
    says of sharing is said of records.
    """
    radii = {name: sharing_radius(rule, tables) for name, rule in rules.items()}
    least = min((radius for radius in radii.values() if radius is not None), default=np.inf)
    return {name: least if radius is None else radius for name, radius in radii.items()}


def asked_at_most(need: pd.Series, beside: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the m² that each area asks for at most, with what may be one project with it.

    Parameters
    ----------
    need
        Required m² at most, by area and clause.
    beside
        Area → those that may be one with it.
    """
    alone = largest((area for area, _ in need.index), need.tolist())
    return {
        area: m2 + sum(alone.get(other, 0.0) for other in beside.get(area, ()))
        for area, m2 in alone.items()
    }


def kept_apart(
    spare: pd.Series,
    owned: Ownership,
    asked: Mapping[str, float],
    beyond: AbstractSet[Pair],
    low: pd.Series,
) -> tuple[pd.Series, set[str]]:
    """Return what is left of each facility for certain, in whichever way its record reads.

    And those of which there is enough for all that they may serve.

    Parameters
    ----------
    spare
        m² by facility that its sure own areas leave.
    asked
        As of :func:`asked_at_most`: what areas that own it only perhaps may keep, and what those
        may take of which the record does not say how much.
    beyond
        Pairs that are none, whatever the record says.
    low
        m² by facility in the worst case, before anybody has any.

    Notes
    -----
    Of a facility with an unclear record there is left, for areas that it serves for certain, what
    they may ask for where there is enough for all whom it may mean; the m² named for them, where
    all that it names for any is there; else none.
    """
    unclear, enough = owned.unread(), set[str]()
    if not unclear:
        return spare, enough
    own, rest = (t[t["facility"].isin(unclear)] for t in (owned.own, owned.recorded))
    perhaps: dict[str, dict[str, float]] = defaultdict(dict)
    unsure = own[~own["sure"].to_numpy(dtype=bool) | (own["least"] < own["most"])]
    for room, area, most in rows_of(unsure, "facility", "residential", "most"):
        perhaps[room][area] = min(asked.get(area, 0.0), most)
    firm, all_of_it = defaultdict[str, float](float), defaultdict[str, float](float)
    columns = ("facility", "residential", "most", "least", "sure")
    for room, area, most, least, sure in rows_of(rest, *columns):
        if not sure:
            continue
        named = min(most, least)
        firm[room] += named if np.isfinite(most) else 0.0
        if (room, area) not in beyond:
            all_of_it[room] += most if np.isfinite(most) else asked.get(area, 0.0)
    home: dict[str, dict[str, float]] = defaultdict(dict)
    for room, area, shared in rows_of(own[own["sure"]], "facility", "residential", "shared"):
        home[room][area] = asked.get(area, 0.0) if shared else np.inf
    left = spare.copy()
    for room in unclear & set(spare.index):
        mine = _Home(home[room], float(low[room] - spare[room]))
        promised, wanted = _of_all(owned.unclear[room], room, perhaps[room], asked, (beyond, mine))
        if meets(wanted, "<=", spare[room]):
            left[room] = all_of_it[room]
            enough.add(room)
        else:
            left[room] = firm[room] if meets(promised, "<=", spare[room]) else 0.0
    return left, enough


class _Home(NamedTuple):
    """The areas that own rooms for certain, with the m² that each keeps at most; and have of them.

    Of rooms that its record shares an area keeps what it is asked, whatever it is named.
    """

    keeps: Mapping[str, float]
    has: float


def _of_all(
    doubt: Doubt,
    room: str,
    perhaps: Mapping[str, float],
    asked: Mapping[str, float],
    at: tuple[AbstractSet[Pair], _Home],
) -> tuple[float, float]:
    """Return the m² at most that a record names, in one of its ways, and that all of them ask for.

    Beside what those have whose own the rooms are for certain (``at``, after the pairs that are
    none): a part of the figure that is written beside their name is theirs already.

    ``perhaps``: what areas keep of which it is open whether the rooms are their own.
    """
    promised = wanted = 0.0
    beyond, home = at
    for way in doubt.ways:
        named = {area: m2 for _, area, m2 in way}
        told = {area: m2 for area, m2 in named.items() if not np.isnan(m2)}
        kept = {area: m2 for area, m2 in perhaps.items() if area not in told}
        firm = {**told, **kept}
        more = {
            area: np.inf if area == ELSEWHERE else asked.get(area, 0.0)
            for area in named
            if area not in firm and (room, area) not in beyond
        }
        unsaid = np.inf if np.isnan(named.get(ELSEWHERE, 0.0)) else 0.0
        promised = max(promised, _beside(home, firm) + unsaid)
        wanted = max(wanted, _beside(home, {**firm, **more}))
    return promised, wanted


def _beside(home: _Home, asking: Mapping[str, float]) -> float:
    """Return what areas ask for beside what those have whose own the rooms are for certain."""
    mine = sum(min(m2, home.keeps[area]) for area, m2 in asking.items() if area in home.keeps)
    others = sum(m2 for area, m2 in asking.items() if area not in home.keeps)
    return others + max(0.0, mine - home.has)


def enough_wherever(
    pairs: pd.DataFrame,
    owned: Ownership,
    asking: tuple[pd.DataFrame, pd.Series],
    spare: pd.Series,
) -> NDArray[np.bool_]:
    """Return whether each recorded pair is the same in whichever of its areas the rooms stand.

    It is, where places are known and say which, where the record names one area, and where there
    is enough for what all of them ask, or are named to have, at most: those too whose own they are
    only if they stand there (``asking``: who may take shared m², and what every account is asked).
    """
    rooms = pairs["facility"].tolist()
    taking, need = asking
    asked = looked_up(pairs["residential"].tolist(), taking["required_high"].to_dict())
    most = np.fmin(asked, pairs["most"].to_numpy(dtype=float))
    own = owned.own[~owned.own["sure"].astype(bool)]
    asked = looked_up(own["residential"], largest((area for area, _ in need.index), need))
    most = np.append(most, np.fmin(asked, own["most"].to_numpy(dtype=float)))
    all_rooms = [*rooms, *own["facility"]]
    wanted = looked_up(rooms, added(all_rooms, most.tolist()))
    enough = meets(wanted, "<=", looked_up(rooms, spare.to_dict()))
    nowhere = np.isnan(pairs["distance"].to_numpy(dtype=float)) | pairs["nearer"].to_numpy(bool)
    lost = added_by(rooms, nowhere.tolist()) > 0
    homeless = [room for room, doubt in owned.unclear.items() if doubt.homeless]
    lost |= pairs["facility"].isin(homeless).to_numpy(dtype=bool)
    several = looked_up(rooms, Counter(all_rooms)) > 1
    return np.asarray(enough | ~(lost & several), dtype=np.bool_)


def agreed(
    pairs: pd.DataFrame, owned: Ownership, spare: pd.Series, enough: AbstractSet[str]
) -> NDArray[np.bool_]:
    """Return whether each recorded pair stands as it is, in whichever way its record reads.

    Of an unclear record only where there is ``enough`` for all, or m² named for an area that it
    names plainly, where there are enough (``spare``; both as :func:`kept_apart` returns them).
    """
    rooms = pairs["facility"]
    plain = ~rooms.isin(owned.unread() - enough).to_numpy(dtype=bool)
    named = pairs[["most", "least"]].min(axis=1).to_numpy(dtype=float)
    left = looked_up(rooms.tolist(), spare.to_dict())
    firm = np.isfinite(named) & meets(named, "<=", left)
    return np.asarray(pairs["sure"].to_numpy(dtype=bool) & (plain | firm), dtype=np.bool_)
