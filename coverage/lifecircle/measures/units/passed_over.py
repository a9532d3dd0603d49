"""Passed over: what stands in a unit and does not cover it, and why (A21, A22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.counting.eligibility import members, number_of
from lifecircle.counting.flags import flag
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from lifecircle.model.rules.options import CoverageOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["passed_over"]

_CENTRES = ("regional_centre", "township_centre")


def passed_over(
    rows: pd.DataFrame, rule: Rule[CoverageOptions], home: pd.Series
) -> dict[str, Reason]:
    """Return unit → the facility that comes nearest to covering it and does not, with its reason.

    First one of the clause's kinds in use that lacks for certain what the clause asks, then one
    that is not in use, then a centre of the other kind (A22). ``home``: the unit of each facility.
    """
    here = home[home.notna()].index
    rows = rows.loc[here]
    kind, other = members(rows, rule.kinds), _like(rule.kinds)
    told = [(kind == 1) & (rows["open"] == 1), (kind == 1) & (rows["open"] == 0)]
    if other:
        told.append((members(rows, other) == 1) & (kind == 0) & (rows["open"] == 1))
    place = {facility: at for at, facility in enumerate(here)}
    found: dict[str, Reason] = {}
    for which, why in zip(told, (_unmet, _out_of_use, _of_other_kind), strict=False):
        for facility in sorted(rows.index[which]):
            unit, at = str(home[facility]), place[facility]
            reason = None if unit in found else why(facility, rows.iloc[at : at + 1], rule)
            if reason is not None:
                found[unit] = reason
    return found


def _like(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds of centre that a clause on centres leaves out: none of other clauses."""
    return tuple(k for k in _CENTRES if k not in kinds) if set(_CENTRES) & set(kinds) else ()


def _unmet(facility: str, row: pd.DataFrame, rule: Rule[CoverageOptions]) -> Reason | None:
    """Return what a facility lacks of what the clause asks; its size has a reason of its own."""
    options = rule.options
    asked = (*options.all_of, *(("qualified",) if options.qualified else ()))
    fields = [name for name in asked if (flag(row, name) == 0).all()]
    if options.any_of and all((flag(row, name) == 0).all() for name in options.any_of):
        fields += options.any_of
    if options.star_at_least is not None and _below(row, options.star_at_least):
        fields.append("star")
    if not fields:
        return None
    return Reason(ReasonCode.UNIT_UNMET, {"facility": facility, "fields": fields})


def _below(row: pd.DataFrame, star: int) -> bool:
    return bool(meets(number_of(row, "star"), "<", star).all())


def _out_of_use(facility: str, row: pd.DataFrame, rule: Rule[CoverageOptions]) -> Reason | None:
    """Return the stage of a facility that is not in use, where that is why it does not count."""
    del rule
    stage: Any = row["stage"].iloc[0]
    if pd.isna(stage) or stage == Stage.IN_USE:
        return None
    return Reason(ReasonCode.UNIT_OUT_OF_USE, {"facility": facility, "stage": str(stage)})


def _of_other_kind(facility: str, row: pd.DataFrame, rule: Rule[CoverageOptions]) -> Reason:
    """Return of what kind a centre is that the clause does not name."""
    mine = sorted(row["kinds"].iloc[0] & set(_like(rule.kinds)))
    return Reason(ReasonCode.UNIT_OTHER_KIND, {"facility": facility, "kinds": mine})
