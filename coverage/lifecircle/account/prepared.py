"""Prepared: the account up to what is shared, the same whoever is served first.

What every area is asked, whose every facility is, what that leaves, and which records reach.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.estates.claims import rounded_m
from lifecircle.account.ownership import Claimed, Ownership, claimed
from lifecircle.account.places import credit_own, lent, own_places
from lifecircle.account.requirement import of_ahead, of_built, requirement
from lifecircle.account.sums import added, largest, looked_up, rows_of
from lifecircle.account.terms import (
    agreed,
    asked_at_most,
    at_least,
    enough_wherever,
    kept_apart,
    large_enough,
    left_over,
    own_if_new,
    pooling_areas,
    sharing_limits,
    taking_areas,
)
from lifecircle.counting.eligibility import both
from lifecircle.counting.projects import by_project, homes, leads, perhaps_asked, perhaps_together
from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.account.estates.names import Names
    from lifecircle.model.reason import Reason
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["Drawn", "Prepared", "Quota", "book_own", "marked", "prepare"]

Quota = tuple["Rule[ProvisionOptions]", pd.Index]
"""A quota in force, and the areas it applies to or may apply to."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An account once what is shared is known, without what could be arranged.

    ``rows``: own and recorded m² of the allocation; ``left``: what nobody has been assigned;
    ``places``: those of ``Prepared`` with what is counted of each.
    """

    frame: pd.DataFrame
    rows: pd.DataFrame
    left: pd.Series
    places: pd.DataFrame
    notes: Mapping[str, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An account as far as it stands before anything is shared: the same whoever is served first.

    ``tables`` have the phases of one project as one. ``own`` and ``best`` are the own m² in the
    worst case and in the best, ``spare`` what is left of each facility; ``taking`` are the areas
    that may take shared m²; ``pooling`` those small enough to pool (A8), ``limits`` how far a
    record may reach by clause, metres. ``beside``: area → those that may be one project
    with it. ``claimed`` is what ``whose`` was made from. ``drawn`` holds
    the accounts drawn up from here, by the m² shared; ``settled`` them whole, by whether they
    were arranged and whom they serve first.
    """

    tables: Tables
    rules: dict[str, Rule[ProvisionOptions]]
    frame: pd.DataFrame
    whose: Ownership
    owned: Ownership
    places: pd.DataFrame
    own: pd.DataFrame
    best: pd.DataFrame
    spare: pd.Series
    taking: pd.DataFrame
    recorded: pd.DataFrame
    pooling: frozenset[str]
    limits: Mapping[str, float]
    claimed: Claimed
    beside: Mapping[str, tuple[str, ...]]
    drawn: dict[bytes, Drawn] = field(default_factory=dict)
    settled: dict[tuple[bool, str], Account] = field(default_factory=dict)

    def perhaps_otherwise(self) -> set[str]:
        """Return the areas that would share otherwise if all were known of them.

        They may be phases of others, or ask for nothing (:meth:`perhaps_unasked`). Of those in
        equal need households and places say who has it first.
        """
        areas = self.tables.areas
        lost = areas.index[_blank(areas, ("counted", "x"))]
        return {*self.beside, *lost} | self.perhaps_unasked()

    def perhaps_unasked(self) -> set[str]:
        """Return the areas that may be exempt, or no area that their quota is about.

        Then they ask for nothing, and leave it to others.
        """
        areas = self.tables.areas
        found = {*areas.index[_blank(areas, ("lived_in",))]}
        found |= marked(areas, "quota_exempt_perhaps")
        under = self.taking["clause"].to_dict()
        for clause, rule in self.rules.items():
            unread = areas.index[_blank(areas, rule.where)]
            found |= {area for area in unread if under.get(area) == clause}
        return found

    def homes(self) -> list[tuple[str, str]]:
        """Return the rooms that serve several areas, and which of these they are for first."""
        shared = self.owned.own[self.owned.own["shared"].astype(bool)]
        return list(rows_of(shared, "facility", "residential"))


def marked(areas: pd.DataFrame, column: str) -> frozenset[str]:
    """Return the areas of which a column of yes and no says yes."""
    if column not in areas:
        return frozenset()
    return frozenset(areas.index[areas[column].to_numpy(dtype=bool)])


def _blank(areas: pd.DataFrame, columns: Iterable[str]) -> NDArray[np.bool_]:
    """Return the areas of which one of some columns is not known."""
    found = np.zeros(len(areas), dtype=bool)
    for name in columns:
        found |= pd.isna(areas[name].to_numpy()) if name in areas else True
    return found


def prepare(
    tables: Tables,
    quotas: Sequence[Quota],
    earlier: Claimed | None = None,
    names: Names | None = None,
) -> Prepared:
    """Return the account of ``quotas`` up to what is shared.

    ``earlier``: what speaks for whose a facility is, where it is known already; ``names``: those
    of all areas, where the tables are a part of the study.
    """
    every, tables = tables, by_project(tables)
    frame = _requirements(tables, quotas)
    frame["if_asked"] = frame["required_low"]
    if (some := perhaps_asked(every)) is not None:
        least = _requirements(some, quotas)["required_low"]
        frame["required_low"] = np.minimum(frame["required_low"], least)
        lead = leads(every.areas)
        of_several = frame.index.get_level_values("id").isin(lead[lead.duplicated()])
        frame["if_asked"] = frame["if_asked"].mask(of_several, frame["required_low"])
    rules = {rule.id: rule for rule, _ in quotas}
    pooling = frozenset(pooling_areas(frame, rules))
    speaking = claimed(tables, names) if earlier is None else earlier
    whose = speaking.pooled(pooling)
    tables, serving = lent(tables, whose)
    low, high = (tables.facilities[f"quota_m2_{end}"] for end in ("low", "high"))
    owned = _counting(serving, tables.facilities.index[high > 0])
    owned = _less_contested(owned, frame["required_high"], low)
    xy = np.nan_to_num(tables.facilities[["x", "y"]].to_numpy(dtype=float), nan=np.inf)
    spots = dict(zip(tables.facilities.index, map(tuple, xy.tolist()), strict=True))
    limits = sharing_limits(rules, tables)
    perhaps = own_if_new(owned, tables.areas)
    places = own_places(tables.facilities, perhaps, frame, limits)
    certain, possible = places[places["credited_low"]], places[places["credited"]]
    exempt, need = marked(tables.areas, "quota_exempt"), frame["required_high"]
    over = left_over(need, owned, low, exempt)
    own, spare = credit_own(need, at_least(owned), certain, low, spots, over)
    best, _ = credit_own(frame["required_low"], perhaps, possible, high, spots, over)
    book_own(frame, own, best)

    taking = taking_areas(frame, rules, exempt)
    together = perhaps_together(tables.areas)
    pairs = _recorded_pairs(tables, owned, taking, rules, limits, _rounded_m(every, tables))
    spare, recorded = _however_read(tables, owned, pairs, (taking, need, together), spare)
    return Prepared(
        tables,
        rules,
        frame,
        whose,
        owned,
        places,
        own,
        best,
        spare,
        taking,
        recorded,
        pooling,
        limits,
        speaking,
        together,
    )


def _however_read(
    tables: Tables,
    owned: Ownership,
    pairs: pd.DataFrame,
    asking: tuple[pd.DataFrame, pd.Series, Mapping[str, tuple[str, ...]]],
    spare: pd.Series,
) -> tuple[pd.Series, pd.DataFrame]:
    """Return what is left of each facility in whichever way its record reads, and the pairs.

    Of these ``within`` is not known either where it depends on how a record reads whether the area
    is served, or how much others leave it; or on where the rooms stand, which are first for the
    area that they stand in. ``named``: the m² that are agreed, at least.

    Parameters
    ----------
    asking
        Who may take shared m², what every account is asked at most, and what may be one project.
    """
    taking, need, together = asking
    asked, low = asked_at_most(need, together), tables.facilities["quota_m2_low"]
    spare, enough = kept_apart(spare, owned, asked, _beyond(pairs), low)
    plain = agreed(pairs, owned, spare, enough)
    plain &= enough_wherever(pairs, owned, (taking, need), spare)
    within = both(pairs["within"], pd.Series(1.0, pairs.index).where(plain))
    return spare, pairs.assign(within=within, named=_named(tables, pairs))


def book_own(frame: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame) -> None:
    """Enter the own m² of every account, in the worst case and in the best."""
    least, most = (
        looked_up(
            frame.index,
            added(
                zip(table["residential"].tolist(), table["clause"].tolist(), strict=True),
                table["m2"].tolist(),
            ),
        )
        for table in (low, high)
    )
    frame["own_low"], frame["own_high"] = least, np.maximum(least, most)


def _requirements(tables: Tables, quotas: Sequence[Quota]) -> pd.DataFrame:
    parts, accounts = [], list[tuple[str, str]]()
    least, built, ahead = list[float](), list[bool](), list[bool]()
    areas = tables.areas.index
    for rule, everyone in quotas:
        subjects = everyone[areas.get_indexer(everyone) >= 0]
        if subjects.empty:
            continue
        mine = tables.areas.take(areas.get_indexer(subjects))
        parts.append(requirement(mine, rule, tables.parameters))
        accounts += [(area, rule.id) for area in subjects]
        least += [rule.options.minimum_m2] * len(subjects)
        built += [of_built(rule)] * len(subjects)
        ahead += [of_ahead(rule)] * len(subjects)
    columns = {"low": float, "high": float, "unknown": object, "least_place": float, "rated": float}
    named = {"low": "required_low", "high": "required_high"}
    ids = areas.take(areas.get_indexer([area for area, _ in accounts]))
    clauses = pd.Index([clause for _, clause in accounts])
    told = {
        named.get(name, name): np.concatenate(
            [part[name].to_numpy(dtype=kind) for part in parts] or [[]]
        )
        for name, kind in columns.items()
    }
    index = pd.MultiIndex.from_arrays([ids, clauses], names=["id", "clause"])
    told |= {"minimum": np.array(least, dtype=float)}
    told |= {"built": np.array(built, dtype=bool), "ahead": np.array(ahead, dtype=bool)}
    return pd.DataFrame(told, index=index)


def _counting(owned: Ownership, facilities: pd.Index) -> Ownership:
    """Return whose rooms they are of the facilities whose m² count, or may."""
    return dataclasses.replace(
        owned,
        own=owned.own[owned.own["facility"].isin(facilities)],
        recorded=owned.recorded[owned.recorded["facility"].isin(facilities)],
        drifting={f: areas for f, areas in owned.drifting.items() if f in facilities},
    )


def _less_contested(owned: Ownership, need: pd.Series, low: pd.Series) -> Ownership:
    """Return whose rooms they are, not sure where another area of their record may come first.

    It does where its place is not known and may be where they stand; where there is enough for all
    that the record names nobody has to come first.
    """
    contested = owned.own["contested"].to_numpy(dtype=bool)
    if not contested.any():  # mostly
        return owned
    asked = largest((area for area, _ in need.index), need)
    every = [
        (room, min(asked.get(area, 0.0), most))
        for table in (owned.own, owned.recorded)
        for room, area, most in rows_of(table, "facility", "residential", "most")
    ]
    wanted = added((room for room, _ in every), (m2 for _, m2 in every))
    rooms = owned.own["facility"].tolist()
    enough = meets(looked_up(rooms, wanted), "<=", looked_up(rooms, low.to_dict()))
    sure = owned.own["sure"].to_numpy(dtype=bool) & (enough | ~contested)
    return dataclasses.replace(owned, own=owned.own.assign(sure=sure))


def _recorded_pairs(
    tables: Tables,
    owned: Ownership,
    taking: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
    limits: Mapping[str, float],
    off_m: tuple[Mapping[str, float], Mapping[str, float]],
) -> pd.DataFrame:
    """Return recorded pairs with ``within``: 1 inside the sharing radius, 0 beyond, NaN unknown.

    Unknown too where it is whether the place is large enough, and where rounded coordinates leave
    it open (``off_m``: of facilities and areas): ``near_m`` and ``far_m``, how far apart they may
    be then.
    """
    pairs = owned.recorded[owned.recorded["residential"].isin(taking.index)].reset_index(drop=True)
    farthest = {a: limits[c] for a, c in taking["clause"].items()}
    limit = looked_up(pairs["residential"].tolist(), farthest)
    sides = zip(("facility", "residential"), off_m, strict=True)
    off = sum(looked_up(pairs[name].tolist(), told) for name, told in sides)
    distance = pairs["distance"].to_numpy(dtype=float)
    least, most = np.maximum(distance - off, 0.0), distance + off
    near, perhaps = meets(most, "<=", limit), meets(least, "<=", limit)
    rounded = perhaps & ~near & np.isfinite(distance)
    open_ = rounded | np.isnan(distance) | (~near & pairs["nearer"].to_numpy(dtype=bool))
    told = np.where(np.isfinite(limit), np.where(open_, np.nan, near.astype(float)), 1.0)
    within = both(
        pd.Series(told, pairs.index, dtype=float), large_enough(tables, pairs, taking, rules)
    )
    ends = {"near_m": np.where(rounded, least, np.nan), "far_m": np.where(rounded, most, np.nan)}
    return pairs.assign(within=within, **ends)


def _rounded_m(every: Tables, tables: Tables) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return how far off facilities and areas may be; a project as the farthest of its phases.

    ``every``: the tables before phases are one.
    """
    off = rounded_m(every.areas)
    if off and every is not tables:
        home = homes(every.areas)
        off = largest((home[area] for area in off), off.values())
    return rounded_m(tables.facilities), off


def _beyond(pairs: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the recorded pairs that are none for certain: too far apart, or too small a place."""
    return set(rows_of(pairs[pairs["within"] == 0], "facility", "residential"))


def _named(tables: Tables, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return the m² that each record names, at least: of a project all it names for some phase."""
    most = pairs[["most", "least"]].min(axis=1).to_numpy(dtype=float)
    named = np.where(np.isfinite(most), most, 0.0)
    if "named" not in tables.sharing:
        return named
    columns = (tables.sharing[name].tolist() for name in ("facility", "residential", "named"))
    told = {(facility, area): m2 for facility, area, m2 in zip(*columns, strict=True)}
    some = looked_up(zip(pairs["facility"], pairs["residential"], strict=True), told)
    return np.where(np.isfinite(most), named, some)
