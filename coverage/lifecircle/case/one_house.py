"""The m² of rows that may be one house: which of them has them, and how many are certain."""

from __future__ import annotations

import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY

__all__ = ["once_a_house_m2"]


def once_a_house_m2(facilities: pd.DataFrame, low: pd.Series) -> pd.Series:
    """Return the m² that are certain: of rows that may be one house, the least of them, once.

    Of one that has a position, if any has, and of those of one that has a record. Of none, where
    they name others in 服务小区, or one without a record is by others: nobody knows whose it is.
    """
    if HOUSE not in facilities:
        return low
    counted = facilities[facilities[HOUSE].notna() & (low > 0)]
    placed, low = number_of(counted, "x").notna(), low.copy()
    for _, rows in counted.groupby(HOUSE, sort=False):
        kept = rows.index[:1] if len(rows) == 1 else _whose_it_is(rows, placed[rows.index])
        least = low[rows.index].min()
        best = low[kept].idxmax() if len(kept) else None
        low[rows.index] = 0.0
        if best is not None:
            low[best] = least
    return low


def _whose_it_is(rows: pd.DataFrame, placed: pd.Series) -> pd.Index:
    """Return of the rows of one house those that say whose it is; none where nobody knows."""
    named = [bool(cell) for cell in rows["serves"]]
    records = {cell for cell in rows["serves"] if cell}
    if len(records) > 1 or (not all(named) and _astray(rows, recorded=any(named))):
        return rows.index[:0]
    at = [one or not records for one in named]
    ways = [one and spot for one, spot in zip(at, placed, strict=True)], [*placed], at
    return rows.index[next(way for way in ways if any(way))]


def _astray(rows: pd.DataFrame, *, recorded: bool) -> bool:
    """Return whether a row of a house is by others than another says, or may be beside a record."""
    told = rows.get(HOUSE_ASTRAY, pd.Series([None]))
    return any(one is True for one in told) or (
        recorded and any(one not in {True, False} for one in told)
    )
