"""Indicator: a figure the county types, with its source, in [indicators] of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import IndicatorOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["indicator"]

_PER = {"%": 100.0, "/1000p": 1000.0}
"""Units of a quotient → what it is multiplied by; in the other units the numerator is the value."""


def indicator(tables: Tables, rule: Rule[IndicatorOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return the least of the figures that option ``indicators`` names: all must meet the target.

    A rate is numerator / denominator in per cent or per thousand; a denominator of zero means
    there is nobody the rate is about, and the figure is left out. A figure that is not typed lies
    between 0 and 100 % (0 and ``inf`` in the other units). No figure left: no subject.
    """
    del subjects
    most = 100.0 if rule.unit == "%" else np.inf
    rows = []
    for name in rule.options.indicators:
        typed = _typed(tables.indicators, name, rule.unit)
        if typed is None:
            rows.append((0.0, most, Reason(ReasonCode.NOT_TYPED, {"indicator": name})))
            continue
        figure, source = typed
        if np.isnan(figure):
            continue
        params = {"indicator": name, "total": figure, "source": source}
        rows.append((figure, figure, Reason(ReasonCode.TYPED, params)))
    if not rows:
        return measured_frame(pd.Index([], name="id"), low=[], high=[], required_low=[])
    low, high = min(r[0] for r in rows), min(r[1] for r in rows)
    known = [r for r in rows if r[0] == r[1]]
    short = rule.value is not None and known and min(r[0] for r in known) < rule.value
    telling = min(known, key=lambda r: r[0]) if short or low == high else rows[0]
    if not short and low != high:
        telling = next(r for r in rows if r[0] != r[1])
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[telling[2]],
    )


def _typed(table: pd.DataFrame | None, name: str, unit: str) -> tuple[float, str] | None:
    """Return a figure and its source; NaN where its denominator is zero; None if not typed."""
    if table is None:
        return None
    found = table[table["id"] == name]
    if found.empty or pd.isna(found.iloc[0]["numerator"]):
        return None
    row = found.iloc[0]
    source = "" if pd.isna(row["source"]) else str(row["source"])
    top, bottom = float(row["numerator"]), row["denominator"]
    if unit not in _PER:
        return top, source
    if pd.isna(bottom):
        return None
    return (_PER[unit] * top / float(bottom) if bottom else np.nan), source
