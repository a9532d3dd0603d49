"""Near calls: what a facility a few metres away would decide otherwise, over a border or a limit.

Radius and walk have their own margin (``decision``). Here are the units a place may stand in as
well, and the records whose reach it may be just within or just beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.projects import leads
from lifecircle.measures.areas.provision import credit
from lifecircle.measures.units.placing import homes
from lifecircle.measures.units.unit_coverage import coverage_answer
from lifecircle.model.finding import meets
from lifecircle.model.reason import ReasonCode
from lifecircle.model.rules.options import ProvisionOptions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.rules.options import CoverageOptions, Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["by_border", "by_sharing"]

_TOWNSHIP = 9
"""Digits of a street's or town's code."""


def by_border(
    measured: pd.DataFrame, rule: Rule[CoverageOptions], tables: Tables
) -> NDArray[np.bool_]:
    """Return which units would have a facility, or have none, were one over a border near it.

    A facility stands near a border where its unit is known by its position alone, and that of
    another is within the positional error (``near_units``).
    """
    rows = tables.facilities
    if "near_units" not in rows or not any(rows["near_units"]):
        return np.zeros(len(measured), dtype=bool)
    sure = (coverage_answer(tables, rule) == 1).to_numpy()
    beside = [set(codes.split()) if codes else set() for codes in rows["near_units"][sure]]
    home = homes(rows[sure], measured.index).tolist()
    here = set(home)
    kept = {unit for unit, codes in zip(home, beside, strict=True) if not _leaves(unit, codes)}
    around = {code for codes in beside for code in codes}
    units = zip(measured.index, measured["high"].tolist(), measured["low"].tolist(), strict=True)
    return np.array(
        [
            (unit in around) if not high else bool(low) and unit in here and unit not in kept
            for unit, high, low in units
        ],
        dtype=bool,
    )


def _leaves(unit: str | None, beside: set[str]) -> bool:
    """Return whether a facility is in another unit of the same level if it is over the border."""
    if unit is None:
        return False
    level = len(unit)
    return any(code[:level] != unit for code in beside if len(code) >= min(level, _TOWNSHIP))


def by_sharing(areas: pd.Index, rule: Rule[Options], tables: Tables) -> NDArray[np.bool_]:
    """Return which areas are met, or missed, by a record whose reach ends within the error.

    Met: without what is recorded from just within the sharing radius it would be short. Missed:
    with what a record promises from just beyond it, it would not.
    """
    account, near = tables.account, np.zeros(len(areas), dtype=bool)
    if account is None or not isinstance(rule.options, ProvisionOptions):
        return near
    own, common = rule.options.sharing_radius_m, tables.parameters.sharing_radius_m
    limit, error = common if own is None else own, tables.parameters.positional_error_m
    if limit is None:
        return near
    lead = leads(tables.areas).reindex(areas)
    at = account.rows(rule.id, lead)
    known, mine = np.flatnonzero(at >= 0), account.frame.take(at[at >= 0])
    low, high = credit(mine, rule)
    least, most = (mine[f"required_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
    told = _just_within(account, rule, limit - error), _just_beyond(account, limit + error)
    lost, won = (np.array([one.get(area, 0.0) for area in lead.iloc[known]]) for one in told)
    met, missed = meets(low, ">=", most), meets(high, "<", least)
    turned = met & ~meets(low - lost, ">=", most)
    turned |= missed & meets(high + won, ">=", least)
    near[known] = turned
    return near


def _just_within(account: Account, rule: Rule[Options], least: float) -> dict[str, float]:
    """Return by area the m² recorded from beyond ``least`` metres."""
    found: dict[str, float] = {}
    names = ("residential", "m2", "basis", "clause", "distance_m")
    rows = zip(*(account.allocation[name].tolist() for name in names), strict=True)
    for area, m2, basis, clause, distance in rows:
        if basis == "recorded" and clause == rule.id and meets(distance, ">=", least):
            found[area] = found.get(area, 0.0) + m2
    return found


def _just_beyond(account: Account, most: float) -> dict[str, float]:
    """Return by area the m² of records that end before it, at ``most`` metres or less."""
    return {
        area: sum(
            float(note.params["m2"] or 0.0)
            for note in told
            if note.code is ReasonCode.ASIDE_BEYOND and meets(note.params["distance_m"], "<=", most)
        )
        for area, told in account.notes.items()
    }
