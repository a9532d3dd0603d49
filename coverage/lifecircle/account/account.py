"""The m² account: required, own, recorded and arrangeable of every area, each m² once.

All quota clauses of a standard are settled together. The account is drawn up with every unknown at
its low value; where nothing is unknown around an area, that is the answer, else the best case is
all that its own and its recorded facilities could give it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.doubts import best_recorded, widen
from lifecircle.account.gaps import standing
from lifecircle.account.notes import notes, with_distance
from lifecircle.account.ownership import Ownership, ownership
from lifecircle.account.places import credit_own, kept_own, own_places
from lifecircle.account.requirement import requirement
from lifecircle.account.terms import (
    large_enough,
    pooling_areas,
    sharing_limits,
    sharing_radius,
    taking_areas,
)
from lifecircle.allocation.sharing import Allocation, allocate
from lifecircle.counting.eligibility import both, number_of
from lifecircle.counting.projects import by_project
from lifecircle.model.finding import meets
from lifecircle.model.results.settlement import Settlement
from lifecircle.model.tables import Account, Tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["Prepared", "Quota", "open_account", "prepare", "settle"]

Quota = tuple["Rule[ProvisionOptions]", pd.Index]
"""A quota in force, and the areas it applies to or may apply to."""

_FACILITY = ("facility", "residential", "m2", "basis")


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An account as far as it stands before anything is shared: the same whoever is served first.

    ``tables`` have the phases of one project as one. ``own`` and ``best`` are the own m² in the
    worst case and in the best, ``spare`` what is left of each facility; ``taking`` are the areas
    that may take shared m²; ``pooling`` those small enough to pool (A8), ``limits`` how far a
    record may reach by clause, metres.
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


def open_account(
    tables: Tables,
    quotas: Sequence[Quota],
    *,
    arranging: bool = True,
    official: str = "areas",
) -> Account:
    """Settle the account of ``quotas`` over all areas, phases of one project as one.

    Own m² come first, then recorded sharing among existing areas, then what could be arranged;
    sharing and arranging stop at the clause's sharing radius, straight line, inclusive.

    Parameters
    ----------
    arranging
        False leaves out what could be arranged, where nobody asks for it.
    official
        Basis of the rate that the sharing serves first: ``areas``, ``households`` or
        ``population``.
    """
    return settle(prepare(tables, quotas), arranging=arranging, official=official)


def prepare(tables: Tables, quotas: Sequence[Quota]) -> Prepared:
    """Return the account of ``quotas`` up to what is shared."""
    tables = by_project(tables)
    frame = _requirements(tables, quotas)
    low = tables.facilities["quota_m2_low"]
    high = tables.facilities["quota_m2_high"]
    rules = {rule.id: rule for rule, _ in quotas}
    pooling = frozenset(pooling_areas(frame, rules))
    whose = ownership(tables, pooling)
    owned = _counting(whose, tables.facilities.index[high > 0])

    facts = tables.facilities[["x", "y"]].fillna(np.inf)
    spots = dict(zip(facts.index, zip(facts["x"], facts["y"], strict=True), strict=True))
    limits = sharing_limits(rules, tables)
    places = own_places(tables.facilities, owned, frame, limits)
    certain, possible = places[places["credited_low"]], places[places["credited"]]
    own, spare = credit_own(frame["required_high"], owned, certain, low, spots)
    best, _ = credit_own(frame["required_low"], owned, possible, high, spots)
    _book_own(frame, own, best)

    taking = taking_areas(frame, rules)
    recorded = _recorded_pairs(tables, owned, taking, rules, limits)
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
    )


def settle(prepared: Prepared, *, arranging: bool, official: str) -> Account:
    """Return the account with what is shared and what could be arranged; ``prepared`` stays."""
    tables, rules, whose = prepared.tables, prepared.rules, prepared.whose
    places, spare, taking = prepared.places, prepared.spare, prepared.taking
    recorded, frame = prepared.recorded, prepared.frame.copy()
    low = tables.facilities["quota_m2_low"]
    high = tables.facilities["quota_m2_high"]
    reach, shared = _shared(tables, recorded[recorded["within"] == 1], taking, spare, official)
    frame["recorded_low"] = _by_row(reach, "m2", frame, taking)
    frame["recorded_high"] = best_recorded(frame, recorded, taking, low, high)
    away = reach.groupby("facility")["m2"].sum()
    own = kept_own(prepared.own, low, away)
    _book_own(frame, own, kept_own(prepared.best, high, away))

    frame["slack"] = _slack(frame, prepared.owned, reach, spare)
    left = _unassigned(spare, reach)
    pairs, offer = _offered(
        tables, frame, taking, rules, left, official=official if arranging else None
    )
    frame["arrangeable"] = _by_row(pairs, "m2", frame, taking)

    widen(tables, frame, prepared.owned, recorded, high)
    for name in ("own", "recorded"):
        same = meets(frame[f"{name}_low"], "=", frame[f"{name}_high"])
        frame[name] = frame[f"{name}_low"].where(same)
    frame = frame.join(standing(frame, places))
    rows = [
        own.assign(basis="own"),  # a suggestion takes nothing away: it never counts
        reach.assign(basis="recorded", clause=reach["residential"].map(taking["clause"])),
        pairs.assign(basis="suggested", clause=pairs["residential"].map(taking["clause"])),
    ]
    table = pd.concat([r[[*_FACILITY, "clause"]] for r in rows if len(r)] or [_nothing()])
    table = with_distance(tables, table[meets(table["m2"], ">", 0.0)].reset_index(drop=True))
    settled = (_settled("recorded", shared, official), _settled("suggested", offer, official))
    told = _told(tables, recorded, reach, taking)
    return Account(
        frame,
        table,
        places,
        proven=shared.proven and offer.proven,
        settled=tuple(one for one in settled if one.short),
        unassigned=left,
        notes=notes(tables, whose, places, told, prepared.limits),
    )


def _offered(
    tables: Tables,
    frame: pd.DataFrame,
    taking: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
    left: pd.Series,
    *,
    official: str | None,
) -> tuple[pd.DataFrame, Allocation]:
    """Return what could be arranged of ``left``: pairs with ``m2``; none without ``official``."""
    pairs = _arrangeable_pairs(tables, taking, rules)
    pairs = pairs if official else pairs[:0]
    still = taking["required_high"] - taking["own_low"]
    still = still - frame["recorded_low"].loc[taking["key"]].to_numpy()
    offer = allocate(pairs, _short(tables, still, official or "areas"), left)
    return pairs.assign(m2=offer.m2), offer


def _told(
    tables: Tables, recorded: pd.DataFrame, given: pd.DataFrame, taking: pd.DataFrame
) -> pd.DataFrame:
    """Return the recorded pairs with the ``m2`` given, the ``clause``, and what is ``note`` far."""
    m2 = given["m2"].reindex(recorded.index).fillna(0.0)
    clause = recorded["residential"].map(taking["clause"])
    note = tables.parameters.recorded_sharing_note_m
    return recorded.assign(m2=m2, clause=clause, note=note)


def _settled(basis: str, share: Allocation, official: str) -> Settlement:
    return Settlement(
        standard="",
        basis=basis,
        official=official,
        short=share.short,
        served=share.served,
        gain=share.gain,
        bound=share.bound,
        households=share.households,
        households_bound=share.households_bound,
        proven=share.proven,
    )


def _book_own(frame: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame) -> None:
    """Enter the own m² of every account, in the worst case and in the best."""
    for name, table in (("own_low", low), ("own_high", high)):
        total = table.groupby(["residential", "clause"])["m2"].sum()
        frame[name] = total.reindex(frame.index).fillna(0.0).to_numpy(dtype=float)
    frame["own_high"] = frame[["own_low", "own_high"]].max(axis=1)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*_FACILITY, "clause")})


def _requirements(tables: Tables, quotas: Sequence[Quota]) -> pd.DataFrame:
    parts = []
    for rule, everyone in quotas:
        subjects = everyone[everyone.isin(tables.areas.index)]
        need = requirement(tables.areas.loc[subjects], rule, tables.parameters)
        need["minimum"] = rule.options.minimum_m2
        need.index = pd.MultiIndex.from_product([subjects, [rule.id]], names=["id", "clause"])
        parts.append(need)
    if parts:
        frame = pd.concat(parts)
    else:
        empty = pd.MultiIndex.from_arrays([[], []], names=["id", "clause"])
        frame = pd.DataFrame({"low": [], "high": [], "minimum": [], "unknown": []}, index=empty)
        frame = frame.astype({"low": float, "high": float, "minimum": float, "unknown": object})
    return frame.rename(columns={"low": "required_low", "high": "required_high"})


def _counting(owned: Ownership, facilities: pd.Index) -> Ownership:
    """Return whose rooms they are of the facilities whose m² count, or may."""
    return dataclasses.replace(
        owned,
        own=owned.own[owned.own["facility"].isin(facilities)],
        recorded=owned.recorded[owned.recorded["facility"].isin(facilities)],
        drifting={f: areas for f, areas in owned.drifting.items() if f in facilities},
    )


def _recorded_pairs(
    tables: Tables,
    owned: Ownership,
    taking: pd.DataFrame,
    rules: dict[str, Rule[ProvisionOptions]],
    limits: Mapping[str, float],
) -> pd.DataFrame:
    """Return recorded pairs with ``within``: 1 inside the sharing radius, 0 beyond, NaN unknown."""
    pairs = owned.recorded[owned.recorded["residential"].isin(taking.index)].reset_index(drop=True)
    limit = pairs["residential"].map({a: limits[c] for a, c in taking["clause"].items()})
    limit = limit.astype(float)
    within = meets(pairs["distance"], "<=", limit).astype(float)
    unknown = pairs["distance"].isna() & np.isfinite(limit)
    within = within.where(np.isfinite(limit), 1.0).mask(unknown)
    return pairs.assign(within=both(within, large_enough(tables, pairs, taking, rules)))


def _shared(
    tables: Tables, pairs: pd.DataFrame, taking: pd.DataFrame, spare: pd.Series, official: str
) -> tuple[pd.DataFrame, Allocation]:
    """Return recorded pairs with their ``m2``, and how what they leave open was distributed.

    A record's m² by name are an agreement and stand as they are, as long as the facility has
    them; the rest, and the records that promise more than there is, go by the allocation.
    """
    named = pairs["most"].where(np.isfinite(pairs["most"]), 0.0)
    promised = named.groupby(pairs["facility"]).transform("sum")
    firm = named.where(meets(promised, "<=", pairs["facility"].map(spare).astype(float)), 0.0)
    rest = pairs[firm == 0]
    fixed = firm.groupby(pairs["residential"]).sum().reindex(taking.index).fillna(0.0)
    used = firm.groupby(pairs["facility"]).sum().reindex(spare.index).fillna(0.0)
    share = allocate(
        rest[["facility", "residential", "distance", "most"]],
        _short(tables, taking["required_high"] - taking["own_low"] - fixed, official),
        (spare - used).clip(lower=0.0),
    )
    m2 = firm.copy()
    m2[rest.index] = share.m2
    return pairs.assign(m2=m2), share


def _slack(
    frame: pd.DataFrame, owned: Ownership, given: pd.DataFrame, spare: pd.Series
) -> pd.Series:
    """Return what the facilities that serve an area up to its requirement could still give it.

    Credit that stops at the requirement hides how close it was; this is what stands behind it.
    """
    left = spare - given.groupby("facility")["m2"].sum().reindex(spare.index).fillna(0.0)
    capped = given[(given["m2"] > 0) & ~np.isfinite(given["most"])]
    shared = owned.own[owned.own["shared"] & ~np.isfinite(owned.own["most"])]
    both = pd.concat([capped[["facility", "residential"]], shared[["facility", "residential"]]])
    total = both["facility"].map(left).astype(float).clip(lower=0.0)
    total = total.groupby(both["residential"]).sum()
    areas = frame.index.get_level_values("id")
    return pd.Series(total.reindex(areas).fillna(0.0).to_numpy(dtype=float), frame.index)


def _unassigned(spare: pd.Series, given: pd.DataFrame) -> pd.Series:
    """Return what nobody has been assigned: spare m², less what was given or promised by name."""
    named = np.isfinite(given["most"])
    taken = given["m2"].where(~named, given["most"])
    used = taken.groupby(given["facility"]).sum()
    return (spare - used.reindex(spare.index).fillna(0.0)).clip(lower=0.0)


def _arrangeable_pairs(
    tables: Tables, taking: pd.DataFrame, rules: dict[str, Rule[ProvisionOptions]]
) -> pd.DataFrame:
    """Return pairs of facility and area within the sharing radius; none where there is none."""
    limit = {a: sharing_radius(rules[c], tables) for a, c in taking["clause"].items()}
    pairs = tables.containment[tables.containment["residential"].isin(taking.index)]
    radius = pairs["residential"].map(limit).astype(float)
    pairs = pairs[meets(pairs["straight_m"], "<=", radius)]
    pairs = pairs[large_enough(tables, pairs, taking, rules) == 1]
    return pd.DataFrame(
        {
            "facility": pairs["facility"],
            "residential": pairs["residential"],
            "distance": pairs["straight_m"],
            "most": np.inf,
        }
    ).reset_index(drop=True)


def _short(tables: Tables, need: pd.Series, official: str) -> pd.DataFrame:
    """Return the areas still short, as :func:`allocate` wants them."""
    need = need.astype(float)
    need = need[np.isfinite(need) & (meets(need, ">", 0.0))]
    areas = tables.areas.loc[need.index]
    gain = {"households": areas["counted"], "population": number_of(areas, "population")}
    facts = areas[["counted", "x", "y"]].rename(columns={"counted": "weight"})
    return facts.assign(need=need, gain=gain.get(official, 1.0))


def _by_row(
    pairs: pd.DataFrame, column: str, frame: pd.DataFrame, taking: pd.DataFrame
) -> pd.Series:
    total = pairs.groupby("residential")[column].sum() if len(pairs) else pd.Series(dtype=float)
    by_key = {key: float(total.get(area, 0.0)) for area, key in taking["key"].items()}
    return pd.Series([by_key.get(key, 0.0) for key in frame.index], frame.index, dtype=float)
