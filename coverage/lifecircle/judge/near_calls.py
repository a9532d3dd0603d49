"""Near calls: what a facility a few metres away would decide otherwise, over a border or a limit.

Radius and walk have their own margin (``decision``). Here are the units a place may stand in as
well, and the records whose reach it may be just within or just beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from lifecircle.counting.projects import leads
from lifecircle.measures.areas.provision import credited
from lifecircle.measures.units.placing import homes
from lifecircle.measures.units.unit_coverage import coverage_answer
from lifecircle.model.finding import meets
from lifecircle.model.reason import ReasonCode
from lifecircle.model.rules.options import ProvisionOptions

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CoverageOptions, Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["by_border", "by_sharing"]

_TOWNSHIP = 9
"""Digits of a street's or town's code."""


def by_border(
    measured: pd.DataFrame, rule: Rule[CoverageOptions], tables: Tables
) -> pd.Series[bool]:
    """Return which units would have a facility, or have none, were one over a border near it.

    A facility stands near a border where its unit is known by its position alone, and that of
    another is within the positional error (``near_units``).
    """
    rows = tables.facilities
    near = pd.Series(data=False, index=measured.index)
    if "near_units" not in rows:
        return near
    sure = coverage_answer(tables, rule) == 1
    beside = rows["near_units"][sure].map(lambda codes: set(codes.split()) if codes else set())
    home = homes(rows[sure], measured.index)
    stays = pd.Series(
        [not _leaves(unit, codes) for unit, codes in zip(home, beside, strict=True)], home.index
    )
    kept = set(home[stays])
    for unit, high, low in zip(measured.index, measured["high"], measured["low"], strict=True):
        if not high:
            near[unit] = any(unit in codes for codes in beside)
        elif low:
            near[unit] = unit in set(home) and unit not in kept
    return near


def _leaves(unit: str | None, beside: set[str]) -> bool:
    """Return whether a facility is in another unit of the same level if it is over the border."""
    if unit is None:
        return False
    level = len(unit)
    return any(code[:level] != unit for code in beside if len(code) >= min(level, _TOWNSHIP))


def by_sharing(measured: pd.DataFrame, rule: Rule[Options], tables: Tables) -> pd.Series[bool]:
    """Return which areas are met, or missed, by a record whose reach ends within the error.

    Met: without what is recorded from just within the sharing radius it would be short. Missed:
    with what a record promises from just beyond it, it would not.
    """
    account, near = tables.account, pd.Series(data=False, index=measured.index)
    if account is None or not isinstance(rule.options, ProvisionOptions):
        return near
    own, common = rule.options.sharing_radius_m, tables.parameters.sharing_radius_m
    limit, error = common if own is None else own, tables.parameters.positional_error_m
    if limit is None:
        return near
    mine = account.frame[account.frame.index.get_level_values("clause") == rule.id]
    mine = mine.droplevel("clause")
    have = credited(mine, rule)
    lost, won = _just_within(account, rule, limit - error), _just_beyond(account, limit + error)
    lost, won = lost.reindex(mine.index).fillna(0.0), won.reindex(mine.index).fillna(0.0)
    met = meets(have["low"], ">=", mine["required_high"])
    missed = meets(have["high"], "<", mine["required_low"])
    turned = met & ~meets(have["low"] - lost, ">=", mine["required_high"])
    turned |= missed & meets(have["high"] + won, ">=", mine["required_low"])
    lead = leads(tables.areas).reindex(measured.index)
    found = turned.reindex(lead).to_numpy(dtype=object)
    return pd.Series(np.equal(found, True), index=measured.index)  # noqa: FBT003 - gaps are no


def _just_within(account: Account, rule: Rule[Options], least: float) -> pd.Series:
    """Return by area the m² recorded from beyond ``least`` metres."""
    rows = account.allocation
    far = (rows["basis"] == "recorded") & (rows["clause"] == rule.id)
    far &= meets(rows["distance_m"], ">=", least)
    return cast("pd.Series", rows[far].groupby("residential")["m2"].sum())


def _just_beyond(account: Account, most: float) -> pd.Series:
    """Return by area the m² of records that end before it, at ``most`` metres or less."""
    found = {
        area: sum(
            float(note.params["m2"] or 0.0)
            for note in told
            if note.code is ReasonCode.ASIDE_BEYOND and meets(note.params["distance_m"], "<=", most)
        )
        for area, told in account.notes.items()
    }
    return pd.Series(found, dtype=float)
