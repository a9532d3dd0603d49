"""The m² account: required, own, recorded and arrangeable of every area, each m² once.

All quota clauses of a standard are settled together. The account is drawn up with every unknown at
its low value; where nothing is unknown around an area, that is the answer, else the best case is
all that its own and its recorded facilities could give it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.allocation import allocate
from lifecircle.measures.eligibility import both
from lifecircle.measures.ownership import Ownership, ownership
from lifecircle.measures.requirement import requirement
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.tables import Ledger, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.clause import Clause

__all__ = ["QuotaClause", "open_ledger"]

QuotaClause = tuple["Clause", float, pd.Index]
"""A provision clause in force, its value, and the areas it applies to or may apply to."""

_FACILITY = ("facility", "residential", "m2", "basis")


def open_ledger(tables: Tables, quotas: Sequence[QuotaClause], *, arranging: bool = True) -> Ledger:
    """Settle the account of ``quotas`` over all areas.

    ``arranging`` False leaves out what could be arranged, where nobody asks for it. Own m² come
    first, then recorded sharing among existing areas, then what could be arranged; sharing and
    arranging stop at the clause's sharing radius, straight line, inclusive.
    """
    frame = _requirements(tables, quotas)
    low = tables.facilities["quota_m2_low"]
    high = tables.facilities["quota_m2_high"]
    by_clause = {clause.id: clause for clause, _, _ in quotas}
    owned = ownership(tables, frozenset(_pooling(frame, by_clause)))

    places = _places(tables, owned, frame, by_clause)
    own, spare = _own(frame, owned, places, low)
    frame["own_low"] = own.groupby(["residential", "clause"])["m2"].sum()
    best, _ = _own(frame, owned, places, high, generous=True)
    frame["own_high"] = best.groupby(["residential", "clause"])["m2"].sum()
    frame[["own_low", "own_high"]] = frame[["own_low", "own_high"]].fillna(0.0)
    frame["own_high"] = frame[["own_low", "own_high"]].max(axis=1)

    taking = _taking(frame, by_clause)
    recorded = _recorded_pairs(tables, owned, taking, by_clause)
    reach, proven = _shared(tables, recorded[recorded["within"] == 1], taking, spare)
    frame["recorded_low"] = _by_row(reach, "m2", frame, taking)
    frame["recorded_high"] = _best_recorded(frame, recorded, taking, low, high)

    frame["slack"] = _slack(frame, owned, reach, spare)
    left = _unassigned(spare, reach)
    pairs = _arrangeable_pairs(tables, taking, by_clause)
    pairs = pairs if arranging else pairs[:0]
    still = taking["required_high"] - taking["own_low"]
    still = still - frame["recorded_low"].loc[taking["key"]].to_numpy()
    offer = allocate(pairs, _short(tables, still), left)
    pairs = pairs.assign(m2=offer.m2)
    frame["arrangeable"] = _by_row(pairs, "m2", frame, taking)

    for name in ("own", "recorded"):
        same = frame[f"{name}_low"].sub(frame[f"{name}_high"]).abs() <= TOLERANCE
        frame[name] = frame[f"{name}_low"].where(same)
    frame["unknown"] = _drift(tables, frame, owned, high)
    rows = [
        own.assign(basis="own"),
        reach.assign(basis="recorded", clause=reach["residential"].map(taking["clause"])),
        pairs.assign(basis="suggested", clause=pairs["residential"].map(taking["clause"])),
    ]
    table = pd.concat([r[[*_FACILITY, "clause"]] for r in rows if len(r)] or [_nothing()])
    table = table[table["m2"] > TOLERANCE].reset_index(drop=True)
    return Ledger(frame, table, places, proven=proven and offer.proven)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*_FACILITY, "clause")})


def _requirements(tables: Tables, quotas: Sequence[QuotaClause]) -> pd.DataFrame:
    parts = []
    for clause, value, subjects in quotas:
        need = requirement(tables.areas.loc[subjects], clause, value, tables.parameters)
        need.index = pd.MultiIndex.from_product([subjects, [clause.id]], names=["id", "clause"])
        parts.append(need)
    if parts:
        frame = pd.concat(parts)
    else:
        empty = pd.MultiIndex.from_arrays([[], []], names=["id", "clause"])
        frame = pd.DataFrame({"low": [], "high": [], "unknown": []}, index=empty)
        frame = frame.astype({"low": float, "high": float, "unknown": object})
    return frame.rename(columns={"low": "required_low", "high": "required_high"})


def _places(
    tables: Tables, owned: Ownership, frame: pd.DataFrame, clauses: dict[str, Clause]
) -> pd.DataFrame:
    """Return own rooms by place; below the clause's single minimum they earn no credit (A8)."""
    rows = []
    facts = tables.facilities
    for residential, clause in frame.index:
        minimum = float(clauses[clause].options.get("minimum_m2", 0.0))
        mine = owned.own[owned.own["residential"] == residential]
        rows += [
            {
                "residential": residential,
                "clause": clause,
                "site": facts.at[f, "site"] if isinstance(facts.at[f, "site"], str) else f,
                "facility": f,
                "m2_low": facts.at[f, "quota_m2_low"],
                "m2_high": facts.at[f, "quota_m2_high"],
                "minimum": minimum,
            }
            for f in mine["facility"]
        ]
    names = ["residential", "clause", "site", "facility", "m2_low", "m2_high", "minimum"]
    table = pd.DataFrame(rows, columns=names)
    place = table.groupby(["residential", "clause", "site"])
    table["place_low"] = place["m2_low"].transform("sum")
    table["place_high"] = place["m2_high"].transform("sum")
    table["credited_low"] = table["place_low"] >= table["minimum"] - TOLERANCE
    table["credited"] = table["place_high"] >= table["minimum"] - TOLERANCE
    return table


def _own(
    frame: pd.DataFrame,
    owned: Ownership,
    places: pd.DataFrame,
    m2: pd.Series,
    *,
    generous: bool = False,
) -> tuple[pd.DataFrame, pd.Series]:
    """Return own m² by area and what every facility has left to share.

    A facility whose record names several areas is own up to its area's requirement only, after
    the facilities that belong to that area alone.
    """
    column, need = ("credited", "required_low") if generous else ("credited_low", "required_high")
    rows, left = [], m2.copy()
    own = owned.own.sort_values("shared", kind="stable")
    credit = places[places[column]].set_index(["facility", "residential"])["clause"]
    have: dict[tuple[str, str], float] = {}
    for facility, residential, most, shared in own.itertuples(index=False):
        clauses = [credit[k] for k in [(facility, residential)] if k in credit.index]
        clauses = [c for found in clauses for c in ([found] if isinstance(found, str) else found)]
        used = 0.0
        for clause in clauses:
            key = (residential, clause)
            give = min(float(m2[facility]), most)
            open_ = max(0.0, float(frame.at[key, need]) - have.get(key, 0.0))
            if shared:
                give = min(give, open_)
            have[key] = have.get(key, 0.0) + give
            used = max(used, min(give, open_))
            rows.append((facility, residential, give, clause))
        left[facility] = max(0.0, left[facility] - used)
    table = pd.DataFrame(rows, columns=["facility", "residential", "m2", "clause"])
    return table, left


def _taking(frame: pd.DataFrame, clauses: dict[str, Clause]) -> pd.DataFrame:
    """Return the rows that may take shared m², one an area, indexed by area."""
    may = [clauses[c].options.get("sharing", "none") != "none" for _, c in frame.index]
    small = _pooling(frame, clauses)
    large = [bool(clauses[c].options.get("pooled")) and a not in small for a, c in frame.index]
    rows = frame.loc[np.array(may, dtype=bool) & ~np.array(large, dtype=bool)].copy()
    rows["key"] = list(rows.index)
    rows["clause"] = rows.index.get_level_values("clause")
    rows.index = rows.index.get_level_values("id")
    return rows[~rows.index.duplicated()]


def _pooling(frame: pd.DataFrame, clauses: dict[str, Clause]) -> set[str]:
    """Return the areas small enough to pool: alone they need less than the single minimum (A8)."""
    return {
        str(area)
        for area, clause in frame.index
        if clauses[clause].options.get("pooled")
        and frame.at[(area, clause), "required_high"]
        < float(clauses[clause].options["minimum_m2"]) - TOLERANCE
    }


def _large_enough(
    tables: Tables, pairs: pd.DataFrame, taking: pd.DataFrame, clauses: dict[str, Clause]
) -> pd.Series:
    """Return 1 where a shared place has the taker's single minimum, 0 where not, NaN unknown."""
    facts = tables.facilities
    site = facts["site"].where(facts["site"].notna(), facts.index.to_series())
    low, high = (
        pairs["facility"].map(facts[f"quota_m2_{end}"].groupby(site).transform("sum")).astype(float)
        for end in ("low", "high")
    )
    least = pairs["residential"].map(
        {a: float(clauses[c].options.get("minimum_m2", 0.0)) for a, c in taking["clause"].items()}
    )
    least = least.astype(float) - TOLERANCE
    return (low >= least).astype(float).mask((low < least) & (high >= least))


def _radius(clause: Clause, tables: Tables) -> float | None:
    own = clause.options.get("sharing_radius_m")
    return tables.parameters.sharing_radius_m if own is None else float(own)


def _recorded_pairs(
    tables: Tables, owned: Ownership, taking: pd.DataFrame, clauses: dict[str, Clause]
) -> pd.DataFrame:
    """Return recorded pairs with ``within``: 1 inside the sharing radius, 0 beyond, NaN unknown."""
    pairs = owned.recorded[owned.recorded["residential"].isin(taking.index)].reset_index(drop=True)
    limit = pairs["residential"].map(
        {a: _radius(clauses[c], tables) for a, c in taking["clause"].items()}
    )
    limit = limit.astype(float).fillna(np.inf)
    within = (pairs["distance"] <= limit + TOLERANCE).astype(float)
    unknown = pairs["distance"].isna() & np.isfinite(limit)
    within = within.where(np.isfinite(limit), 1.0).mask(unknown)
    return pairs.assign(within=both(within, _large_enough(tables, pairs, taking, clauses)))


def _shared(
    tables: Tables, pairs: pd.DataFrame, taking: pd.DataFrame, spare: pd.Series
) -> tuple[pd.DataFrame, bool]:
    """Return recorded pairs with their ``m2``, and whether the distribution is proven optimal.

    A record's m² by name are an agreement and stand as they are, as long as the facility has
    them; the rest, and the records that promise more than there is, go by the allocation.
    """
    named = pairs["most"].where(np.isfinite(pairs["most"]), 0.0)
    promised = named.groupby(pairs["facility"]).transform("sum")
    firm = named.where(promised <= pairs["facility"].map(spare).astype(float) + TOLERANCE, 0.0)
    rest = pairs[firm == 0]
    fixed = firm.groupby(pairs["residential"]).sum().reindex(taking.index).fillna(0.0)
    used = firm.groupby(pairs["facility"]).sum().reindex(spare.index).fillna(0.0)
    share = allocate(
        rest[["facility", "residential", "distance", "most"]],
        _short(tables, taking["required_high"] - taking["own_low"] - fixed),
        (spare - used).clip(lower=0.0),
    )
    m2 = firm.copy()
    m2[rest.index] = share.m2
    return pairs.assign(m2=m2), share.proven


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
    tables: Tables, taking: pd.DataFrame, clauses: dict[str, Clause]
) -> pd.DataFrame:
    """Return pairs of facility and area within the sharing radius; none where there is none."""
    limit = {a: _radius(clauses[c], tables) for a, c in taking["clause"].items()}
    pairs = tables.containment[tables.containment["residential"].isin(taking.index)]
    radius = pairs["residential"].map(limit).astype(float)
    pairs = pairs[pairs["straight_m"] <= radius + TOLERANCE]
    pairs = pairs[_large_enough(tables, pairs, taking, clauses) == 1]
    return pd.DataFrame(
        {
            "facility": pairs["facility"],
            "residential": pairs["residential"],
            "distance": pairs["straight_m"],
            "most": np.inf,
        }
    ).reset_index(drop=True)


def _short(tables: Tables, need: pd.Series) -> pd.DataFrame:
    """Return the areas still short, as :func:`allocate` wants them."""
    need = need.astype(float)
    need = need[np.isfinite(need) & (need > TOLERANCE)]
    facts = tables.areas.loc[need.index, ["counted", "x", "y"]]
    return facts.rename(columns={"counted": "weight"}).assign(need=need)


def _by_row(
    pairs: pd.DataFrame, column: str, frame: pd.DataFrame, taking: pd.DataFrame
) -> pd.Series:
    total = pairs.groupby("residential")[column].sum() if len(pairs) else pd.Series(dtype=float)
    by_key = {key: float(total.get(area, 0.0)) for area, key in taking["key"].items()}
    return pd.Series([by_key.get(key, 0.0) for key in frame.index], frame.index, dtype=float)


def _best_recorded(
    frame: pd.DataFrame,
    recorded: pd.DataFrame,
    taking: pd.DataFrame,
    low: pd.Series,
    high: pd.Series,
) -> pd.Series:
    """Return the best case of recorded m²: as settled, or all of it where something is unknown."""
    best = frame["recorded_low"].copy()
    if recorded.empty:
        return best
    area_open = (taking["required_low"] - taking["required_high"]).abs().fillna(0.0) > TOLERANCE
    fog = (low - high).abs().fillna(np.inf) > TOLERANCE
    own_open = (taking["own_low"] - taking["own_high"]).abs() > TOLERANCE
    doubt = set(fog.index[fog]) | set(recorded.loc[recorded["within"].isna(), "facility"])
    cloudy = set(area_open.index[area_open]) | set(own_open.index[own_open])
    grown = True
    while grown:  # doubt spreads along shared facilities: one allocation settles them all
        hit = recorded["facility"].isin(doubt) | recorded["residential"].isin(cloudy)
        size = len(doubt), len(cloudy)
        doubt |= set(recorded.loc[hit, "facility"])
        cloudy |= set(recorded.loc[hit, "residential"])
        grown = size != (len(doubt), len(cloudy))
    for area in cloudy & set(recorded["residential"]):
        mine = recorded[(recorded["residential"] == area) & (recorded["within"] != 0)]
        most = float(np.minimum(mine["facility"].map(high).astype(float), mine["most"]).sum())
        key = taking.at[area, "key"]
        best[key] = max(float(best[key]), most)
    return best


def _drift(tables: Tables, frame: pd.DataFrame, owned: Ownership, high: pd.Series) -> pd.Series:
    """Widen the areas around facilities without a place, and say what is missing where."""
    unknown = frame["unknown"].copy()
    fog = tables.facilities.index[tables.facilities["quota_m2_low"] != high]
    blame = {
        str(a): str(f) for f, a in owned.own[["facility", "residential"]].to_numpy() if f in fog
    }
    blame |= {
        str(a): str(f)
        for f, a in owned.recorded[["facility", "residential"]].to_numpy()
        if f in fog
    }
    for facility, areas in owned.drifting.items():
        for key in frame.index[frame.index.get_level_values("id").isin(areas)]:
            frame.loc[key, "own_high"] += high[facility]
            blame.setdefault(key[0], facility)
    for key in frame.index:
        culprit = blame.get(key[0])
        if unknown[key] is None and culprit is not None:
            params = {"facility": culprit, "field": _missing_field(tables, culprit)}
            unknown[key] = Reason(ReasonCode.FACILITY_UNKNOWN, params)
    return unknown


def _missing_field(tables: Tables, facility: str) -> str:
    row = tables.facilities.loc[facility]
    if np.isnan(row["built"]):
        return "stage"
    if np.isnan(row["x"]):
        return "position"
    return "floor_area_m2" if np.isinf(row["quota_m2_high"]) else "community_area_m2"
