"""Decision: an interval against a threshold, and what stands beside the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.projects import leads
from lifecircle.model.finding import TOLERANCE, meets
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["close_calls", "decide", "deficit", "margin"]

_UPWARDS = {">=", ">"}


def decide(measured: pd.DataFrame, comparison: str) -> pd.Series:
    """Return compliant, deficient or not_assessed for every row of a measure's frame.

    Compliant only if the worst case passes, deficient only if the best case fails.
    """
    low, high = measured["low"], measured["high"]
    need_low, need_high = measured["required_low"], measured["required_high"]
    if comparison in _UPWARDS:
        passes, fails = meets(low, comparison, need_high), ~meets(high, comparison, need_low)
    elif comparison == "=":
        exact = (low == high) & (need_low == need_high)
        passes = exact & meets(low, "=", need_low)
        fails = (high < need_low - TOLERANCE) | (low > need_high + TOLERANCE)
    else:
        passes, fails = meets(high, comparison, need_low), ~meets(low, comparison, need_high)
    status = np.where(passes, Status.COMPLIANT, np.where(fails, Status.DEFICIENT, "not_assessed"))
    return pd.Series([Status(s) for s in status], index=measured.index, dtype=object)


def deficit(measured: pd.DataFrame, comparison: str) -> pd.Series:
    """Return how much is missing (or too far, too long), >= 0; NaN where it is not known.

    Where only bounds of a supply are known and even the best case fails, the least that is missing.
    """
    sign = 1.0 if comparison in _UPWARDS or comparison == "=" else -1.0
    need = measured["required_high"].where(
        measured["required_low"] == measured["required_high"], np.nan
    )
    short = (sign * (need - measured["measured"])).clip(lower=0.0)
    if sign < 0:  # a walk that is not known is too long by nobody knows how much
        return short.replace(np.inf, np.nan)
    least = (measured["required_low"] - measured["high"]).clip(lower=0.0)
    return short.fillna(least.where(least > TOLERANCE))


def margin(measured: pd.DataFrame) -> pd.Series:
    """Return measured minus required (NaN where either is open)."""
    need = measured["required_low"].where(measured["required_low"] == measured["required_high"])
    return measured["measured"] - need


def close_calls(measured: pd.DataFrame, rule: Rule[Options], tables: Tables) -> pd.Series:
    """Return which findings would flip within the positional error, or within 1 % of a quota."""
    parameters = tables.parameters
    gap = margin(measured).abs()
    if rule.readings.get("A14", "point") not in {"point", "network"}:
        near = pd.Series(data=False, index=measured.index)  # shares are not known to the metre
    elif rule.measure == "radius":
        near = gap <= parameters.positional_error_m + TOLERANCE
    elif rule.measure == "walk":
        metres = gap * 60.0 * parameters.walk_speed_m_s
        near = metres <= parameters.positional_error_m + TOLERANCE
    elif rule.measure == "provision":
        if tables.account is not None:  # credit stops at the requirement: count what is behind it
            slack = tables.account.frame["slack"]
            slack = slack[slack.index.get_level_values("clause") == rule.id].droplevel("clause")
            behind = slack.reindex(leads(tables.areas).reindex(measured.index)).fillna(0.0)
            gap = (margin(measured) + behind.to_numpy()).abs()
        near = gap <= parameters.close_call_share * measured["required_low"] + TOLERANCE
    else:
        near = pd.Series(data=False, index=measured.index)
    return near.fillna(value=False).astype(bool)


def with_flag(flags: tuple[Flag, ...], flag: Flag, *, on: bool) -> tuple[Flag, ...]:
    """Return ``flags`` with ``flag`` added if ``on`` and not there yet."""
    return (*flags, flag) if on and flag not in flags else flags
