"""Requirement: the floor area that a quota clause asks of each area (A5, A6, A8, A9, A29)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["requirement"]


def requirement(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], parameters: Parameters
) -> pd.DataFrame:
    """Return ``low``, ``high`` (m²) and ``unknown`` (Reason or None), one row an area.

    rate x households / 100, or rate x people / 1000; pro rata unless reading A5 says ``ceil``;
    at least the clause's single minimum. A typed requirement of the planning conditions overrides
    all of it. An approved area without one lies between the existing area's rate (option
    ``approved_rate``) and the clause's. Missing households: from the minimum to ``inf``.
    """
    if rule.unit == "m2/1000p":
        base, missing = _people(areas, parameters), Reason(ReasonCode.PERSONS_MISSING)
        step = 1000.0
    else:
        base, missing = number_of(areas, "counted"), Reason(ReasonCode.HOUSEHOLDS_MISSING)
        step = 100.0
    if rule.readings.get("A5") == "ceil":
        base = np.ceil(base / step - TOLERANCE) * step
    # multiplied before divided: 15 x 820 / 100 is 123, 15 x 8.2 is a hair less
    value = np.nan if rule.value is None else rule.value
    high = value * base / step
    least = value if rule.options.approved_rate is None else rule.options.approved_rate
    approved = areas["age_class"].eq(AgeClass.APPROVED)
    low = high.where(~approved, least * base / step)
    # areas that pool (A8) need a place of that size between them, not one each
    minimum = 0.0 if rule.options.pooled else rule.options.minimum_m2
    typed = number_of(areas, "required_m2")
    gap = base.isna() & typed.isna()
    return pd.DataFrame(
        {
            "low": low.fillna(0.0).clip(lower=minimum).where(typed.isna(), typed),
            "high": high.fillna(np.inf).clip(lower=minimum).where(typed.isna(), typed),
            "unknown": pd.Series([missing if g else None for g in gap], areas.index, dtype=object),
        }
    )


def _people(areas: pd.DataFrame, parameters: Parameters) -> pd.Series:
    people = number_of(areas, "population")
    if parameters.persons_per_household is None:
        return people
    return people.fillna(number_of(areas, "counted") * parameters.persons_per_household)
