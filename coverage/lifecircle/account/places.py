"""Places: an area's own rooms, place by place, and what they leave to share (A8, A38, A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.account.ownership import Ownership

__all__ = ["credit_own", "kept_own", "own_places"]

_COLUMNS = [
    *("residential", "clause", "site", "facility", "m2_low", "m2_high", "minimum"),
    *("sure", "basis", "distance"),
]

_GIVEN = ["facility", "residential", "most", "shared"]


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
    place; ``credited_low``, ``credited``: whether it is large enough for certain, at best; rooms
    that are own only perhaps are there at best.
    """
    pairs = need.index.to_frame(index=False, name=["residential", "clause"])
    pairs["minimum"] = need["minimum"].to_numpy(dtype=float)
    pairs["least"] = need.get("least_place", need["minimum"]).to_numpy(dtype=float)
    columns = ["facility", "residential", "sure", "basis", "distance"]
    table = pairs.merge(owned.own[columns], on="residential")
    limit = table["clause"].map(limits).astype(float)
    table = table[(table["basis"] != "record") | ~meets(table["distance"], ">", limit)]
    facts = facilities.loc[table["facility"], ["site", "quota_m2_low", "quota_m2_high"]]
    table["site"] = [
        site if isinstance(site, str) else facility
        for site, facility in zip(facts["site"], table["facility"], strict=True)
    ]
    table["m2_low"] = facts["quota_m2_low"].where(table["sure"].to_numpy(), 0.0).to_numpy(float)
    table["m2_high"] = facts["quota_m2_high"].to_numpy(dtype=float)
    least = table["least"]
    table = table[_COLUMNS]
    place = table.groupby(["residential", "clause", "site"])
    low, high = place["m2_low"].transform("sum"), place["m2_high"].transform("sum")
    high = high + _perhaps_there_too(table, facilities, owned)
    return table.assign(
        place_low=low,
        place_high=high,
        credited_low=table["sure"] & (meets(low, ">=", table["minimum"])),
        credited=meets(high, ">=", least),
    )


def _perhaps_there_too(
    table: pd.DataFrame, facilities: pd.DataFrame, owned: Ownership
) -> pd.Series:
    """Return, of every row, the m² of its site's rooms that may stand there and have no place."""
    more: dict[tuple[object, str], float] = {}
    sites = facilities["site"] if owned.drifting else {}
    for facility, areas in owned.drifting.items():
        if isinstance(sites[facility], str):
            for area in areas:
                key = sites[facility], area
                more[key] = more.get(key, 0.0) + float(facilities.at[facility, "quota_m2_high"])
    pairs = zip(table["site"], table["residential"], strict=True)
    return pd.Series([more.get(pair, 0.0) for pair in pairs], table.index, dtype=float)


def credit_own(
    need: pd.Series,
    owned: Ownership,
    places: pd.DataFrame,
    m2: pd.Series,
    spots: Mapping[str, tuple[float, float]],
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
    """
    asked, has = need.to_dict(), m2.to_dict()
    clauses: dict[tuple[str, str], list[str]] = {}
    for facility, area, clause in places[["facility", "residential", "clause"]].to_numpy():
        clauses.setdefault((facility, area), []).append(clause)
    rows: list[tuple[str, str, float, str]] = []
    have: dict[tuple[str, str], float] = {}
    left = dict(has)
    own = owned.own.assign(m2=owned.own["facility"].map(has), at=owned.own["facility"].map(spots))
    # by content: which of an area's rooms it needs itself must not hang on the order of rows
    own = own.sort_values(["shared", "m2", "at"], ascending=[True, False, True], kind="stable")
    for facility, area, most, shared in own[_GIVEN].itertuples(index=False):
        used = 0.0
        for clause in clauses.get((facility, area), ()):
            key = (area, clause)
            give = min(float(has[facility]), most)
            open_ = max(0.0, float(asked[key]) - have.get(key, 0.0))
            if shared:
                give = min(give, open_)
            have[key] = have.get(key, 0.0) + give
            used = max(used, min(give, open_))
            rows.append((facility, area, give, clause))
        left[facility] = max(0.0, left[facility] - used)
    table = pd.DataFrame(rows, columns=["facility", "residential", "m2", "clause"])
    return table.astype({"m2": float}), pd.Series(left, dtype=float).reindex(m2.index)


def kept_own(own: pd.DataFrame, m2: pd.Series, away: pd.Series) -> pd.DataFrame:
    """Return own m² without what the facility gives ``away`` (m² by facility): each counts once."""
    left = own["facility"].map(m2).astype(float)
    left = left - own["facility"].map(away).astype(float).fillna(0.0)
    return own.assign(m2=own["m2"].clip(upper=left.clip(lower=0.0)))
