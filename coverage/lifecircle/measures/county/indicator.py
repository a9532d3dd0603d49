"""Indicator: a figure the county types, with its source, in [indicators] of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.typed import typed_figure
from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import IndicatorOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["indicator"]


def indicator(tables: Tables, rule: Rule[IndicatorOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return the least of the figures that option ``indicators`` names: all must meet the target.

    A rate is numerator / denominator in per cent or per thousand; a denominator of zero means
    there is nobody the rate is about, and the figure is left out. A figure that is not typed lies
    between 0 and 100 % (0 and ``inf`` in the other units). No figure left: no subject.
    """
    del subjects
    rows = [row for row in (_figure(tables, rule, n) for n in rule.options.indicators) if row]
    if not rows:
        return measured_frame(pd.Index([], name="id"), low=[], high=[], required_low=[])
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[min(low for low, _, _ in rows)],
        high=[min(high for _, high, _ in rows)],
        required_low=[target_of(rule)],
        reason=[_telling(rows, rule.value)],
    )


_Figure = tuple[float, float, Reason]
"""Least and most of one figure, and what is said of it."""


def _figure(tables: Tables, rule: Rule[IndicatorOptions], name: str) -> _Figure | None:
    """Return what is known of one figure; None where there is nobody it is about."""
    typed = typed_figure(tables.indicators, name)
    figure = typed.value(rule.unit)
    if figure is None:
        most = 100.0 if rule.unit == "%" else np.inf
        return 0.0, most, Reason(ReasonCode.NOT_TYPED, {"indicator": name})
    if np.isnan(figure):
        return None
    params = {"indicator": name, "total": figure, "source": typed.source}
    return figure, figure, Reason(ReasonCode.TYPED, params)


def _telling(rows: list[_Figure], target: float | None) -> Reason:
    """Return what decides: the least known figure where it is short or nothing can be below it.

    Else the first that is not known.
    """
    known = [row for row in rows if row[0] == row[1]]
    least = min(known, key=lambda row: row[0], default=None)
    short = least is not None and target is not None and not meets(least[0], ">=", target)
    settled = min(row[0] for row in rows) == min(row[1] for row in rows)
    if least is not None and (short or settled):
        return least[2]
    return next(row[2] for row in rows if row[0] != row[1])
