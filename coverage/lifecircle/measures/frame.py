"""The one shape every measure returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.model.reason import Reason
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["COUNTY", "NAMED", "measured_frame", "point", "target_of"]

COUNTY = "county"
"""Id of the one subject of a clause that judges the whole county."""

NAMED = 5
"""Facilities a reason names where a figure is missing."""


def measured_frame(
    index: pd.Index,
    *,
    low: Any,
    high: Any,
    required_low: Any,
    required_high: Any = None,
    reason: Sequence[Reason | None] | None = None,
    measured: Any = None,
    more: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return a frame with ``MEASURED_COLUMNS`` for ``index``, and ``more`` columns of a measure.

    ``measured`` defaults to the value where low = high, else NaN (an input is missing).
    """
    least, most = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    need = np.asarray(required_low, dtype=float)
    told = np.full(len(index), None, dtype=object)
    if reason is not None:
        told[:] = list(reason)
    found = {
        "measured": point(least, most) if measured is None else np.asarray(measured, dtype=float),
        "low": least,
        "high": most,
        "required_low": need,
        "required_high": need if required_high is None else np.asarray(required_high, dtype=float),
        "reason": told,
    }  # in the order of MEASURED_COLUMNS
    return pd.DataFrame(found | dict(more or {}), index=index)


def target_of(rule: Rule[Options]) -> float:
    """Return the rule's number, NaN where it has none."""
    return np.nan if rule.value is None else rule.value


def point(low: Any, high: Any) -> Any:
    """Return the value where an interval is a point, NaN where it is open."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    return np.where(low == high, low, np.nan)
