"""Shared rooms: facilities that serve several residential areas by record (统筹利用)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.figures import total_known
from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["shared_rooms"]

_PAIR = ["facility", "residential"]


def shared_rooms(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return how many facilities serve several areas by record, the one they stand in among them.

    A facility stands in an area or within ``own_tolerance_m`` (inclusive) of it. One that stands in
    none and whose record names one area is that area's own (A39), and shared by nobody; so is one
    whose record names only where it stands. The areas named, the m² agreed with others than where
    it stands, and the longest straight line to an area's point are told with it: no document says
    what 相邻 is. A ledger that records no relation at all tells nothing. At
    most those serve several areas too of which an unclear name may say so, and those that may stand
    in another area than the one they serve: their place or that area's is not known.
    """
    del subjects
    pairs, near = tables.sharing, tables.containment
    own = near[meets(near["to_area_m"], "<=", tables.parameters.own_tolerance_m)]
    several, away = _several(pairs, own)
    several -= _at_home_perhaps(tables, pairs)
    low = float(len(several))
    named = pd.concat([table[_PAIR] for table in (pairs, tables.likely) if len(table)] or [pairs])
    perhaps = _several(named.drop_duplicates(), own)[0]
    high = float(len(perhaps | _elsewhere_perhaps(tables, named, own)))
    served = pairs["facility"].isin(several).to_numpy(dtype=bool)
    if pairs.empty:
        high, reason = np.inf, Reason(ReasonCode.SHARING_UNRECORDED, {"fields": ["serves"]})
    elif several:
        params = {"count": low, "areas_served": float(pairs.loc[served, "residential"].nunique())}
        agreed = pairs[served & away]
        reason = Reason(ReasonCode.ROOMS_SHARED, params | _agreed(tables, agreed))
        reason = reason.beside({ReasonCode.ROOMS_SHARED_BLANK: agreed["m2"].isna().sum()})
    elif high:
        reason = Reason(ReasonCode.COUNTED_OPEN, {"count": low, "most": high, "target": None})
    else:
        reason = Reason(ReasonCode.NO_ROOMS_SHARED)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[reason],
    )


def _several(pairs: pd.DataFrame, own: pd.DataFrame) -> tuple[set[str], NDArray[np.bool_]]:
    """Return the facilities that serve several areas, and which pairs are not where they stand."""
    stood = set(zip(own["facility"], own["residential"], strict=True))
    away = np.array(
        [one not in stood for one in zip(pairs["facility"], pairs["residential"], strict=True)],
        dtype=bool,
    )
    named = pairs.groupby("facility")["residential"].nunique()
    several = set(named.index[named > 1])
    several |= set(pairs.loc[away, "facility"]) & set(own["facility"])
    return several, away


def _at_home_perhaps(tables: Tables, pairs: pd.DataFrame) -> set[str]:
    """Return the facilities that serve one area alone, of unknown place: they may stand in it."""
    named = pairs.drop_duplicates(_PAIR).groupby("facility")["residential"].agg(["size", "first"])
    lost = tables.areas.index[tables.areas["x"].isna()]
    return set(named.index[(named["size"] == 1) & named["first"].isin(lost)])


def _elsewhere_perhaps(tables: Tables, pairs: pd.DataFrame, own: pd.DataFrame) -> set[str]:
    """Return the facilities in no known area that may stand in another than the one named.

    With a place in one of unknown place, without in any; in none whose street or town, or
    community, is another than theirs.
    """
    areas, rows = tables.areas, tables.facilities
    lost = areas["x"].isna().to_numpy(dtype=bool)
    nowhere = rows.index[~rows.index.isin(own["facility"])]
    mine = pairs[pairs["facility"].isin(nowhere)]
    found: set[str] = set()
    for facility, named in mine.groupby("facility")["residential"]:
        fits = ~areas.index.isin(named) & (lost | pd.isna(rows.at[facility, "x"]))
        for column in ("unit", "community"):
            code = rows.at[facility, column]
            fits &= (areas[column].isna() | pd.isna(code) | (areas[column] == code)).to_numpy(bool)
        if fits.any():
            found.add(str(facility))
    return found


def _agreed(tables: Tables, pairs: pd.DataFrame) -> dict[str, float | None]:
    """Return the m² that pairs agree on, and the longest line in metres; None: not known."""
    ends = [
        tables.facilities[["x", "y"]].reindex(pairs["facility"]).to_numpy(dtype=float),
        tables.areas[["x", "y"]].reindex(pairs["residential"]).to_numpy(dtype=float),
    ]
    away = np.hypot(*(ends[0] - ends[1]).T)
    known = away[~np.isnan(away)]
    m2 = pairs["m2"].astype(float)
    return {
        "m2": total_known(m2),
        "distance_m": float(known.max()) if len(known) else None,
    }
