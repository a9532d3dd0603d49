"""Sum: a column added over the facilities a clause speaks of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import (
    both,
    members,
    named_kinds,
    number_of,
    once_a_house,
)
from lifecircle.counting.figures import beside_doubted, contradicted, ledger_figure
from lifecircle.measures.frame import COUNTY, NAMED, measured_frame, target_of
from lifecircle.model.cell import PART_OF, is_missing, most_of
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import days_of, unread
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import SumOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["total"]

_BEDS_ALONE = "family_bed"
"""The kind of rows that are beds in people's homes and no place."""


def total(tables: Tables, rule: Rule[SumOptions], subjects: pd.Index) -> pd.DataFrame:
    """Add option ``field`` over facilities in use, whatever their kind.

    The clause's kinds are those that cannot do without the figure: one that lacks it, or may be
    such a one, leaves the sum open upwards: to the beds it has in all, where the figure is of beds
    that are some of them (as they are written, or as many as were written of them: one of the two
    may be wrong), else without a bound (``inf``). So does one of whatever kind whose figure
    is written and cannot be read, or taken back; and a ledger without a single figure and without
    anybody who is sure to need one.
    Of option ``opened_in`` see :func:`_set_up_in`.
    A facility that may be in use, or one house with another of the same figure, adds to the best
    case only. A column of the units
    (``units.elders``) is added over the county: see ``counting.figures.county_total``.
    """
    del subjects
    if "." in rule.options.field:
        return _over_units(tables, rule)
    rows, name = tables.facilities, rule.options.field
    figures = number_of(rows, name)
    meant = both(rows["open"], _set_up_in(rows, rule.options.opened_in))
    serving = once_a_house(rows, meant, figures)
    bound = both(members(rows, rule.kinds), meant) if rule.kinds else serving * 0.0
    if (mark := unread(name)) in rows:  # what is written and cannot be read is a figure
        bound = bound.where(~rows[mark].eq(other=True), meant)
    more = contradicted(rows, name) & (serving != 0)
    lacking = rows.index[(figures.isna() & (bound != 0)) | more]  # also one perhaps not in use
    missing = len(lacking)
    low = float(figures[serving == 1].sum())
    silent = not figures.notna().any()
    at_most = _at_most(rows, name).loc[lacking].fillna(np.inf)
    high = float(figures[serving != 0].sum()) + float(at_most.sum())
    sure = bool((bound[lacking] == 1).any())
    high = np.inf if silent and not sure else high
    params: dict[str, Any] = {
        "total": low,
        "most": high,
        "target": rule.value,
        "fields": [name],
        "missing": missing,
    }
    params["facilities"] = [str(f) for f in lacking[:NAMED]]
    moving = (serving != 1) & (serving != 0) & (figures > 0)
    moving |= (bound != 1) & (bound != 0) & figures.isna()
    doubted = [str(f) for f in rows.index[moving]]
    code = ReasonCode.VALUE_MISSING if missing else ReasonCode.SUMMED
    if silent and np.isinf(high):
        code, params = ReasonCode.NO_DATA, {"field": name}
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[beside_doubted(Reason(code, params), doubted)],
    )


def _set_up_in(rows: pd.DataFrame, year: float | None) -> pd.Series:
    """Return whether what each row has was set up in a year: with the place, by its opening.

    Rows of family beds alone are no place: theirs is the day of the beds. Any other that is older
    than the year may have set them up in it, and so may one whose opening nobody tells.
    """
    if year is None:
        return pd.Series(1.0, index=rows.index)
    begins, ends = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    none = pd.Series(None, index=rows.index, dtype=object)
    years, told = rows.get("opened_year", none), rows.get(days_of("opened_year"), none)
    found = []
    for kinds, value, days in zip(rows["kinds"], years, told, strict=True):
        span = DaySpan.of(days) or _days_of(value)
        if span is not None and begins <= span.first and span.last <= ends:
            found.append(1.0)
        elif span is not None and span.first > ends:
            found.append(0.0)
        else:
            earlier = span is not None and span.last < begins
            found.append(0.0 if earlier and named_kinds(kinds) == {_BEDS_ALONE} else np.nan)
    return pd.Series(found, index=rows.index, dtype=float)


def _days_of(value: Any) -> DaySpan | None:
    """Return the days of a year that is known as a number."""
    if is_missing(value):
        return None
    return DaySpan(dt.date(int(value), 1, 1), dt.date(int(value), 12, 31))


def _over_units(tables: Tables, rule: Rule[SumOptions]) -> pd.DataFrame:
    """Return a column of the units added over the county."""
    found = ledger_figure(tables, rule.options.field)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[found.low],
        high=[found.high],
        required_low=[target_of(rule)],
        reason=[found.told(rule.options.stated)],
    )


def _at_most(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return what each facility may have of a column at most; NaN: nobody knows."""
    whole = PART_OF.get(name)
    if whole is None or whole not in rows:
        return pd.Series(np.nan, index=rows.index)
    written = number_of(rows, most_of(name)) if most_of(name) in rows else np.nan
    return number_of(rows, whole).clip(lower=written)
