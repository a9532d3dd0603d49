"""Idle sites: buildings and land that a county has listed as idle, in number and m²."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.figures import total_known
from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["idle_sites"]


def idle_sites(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return how many candidate sites the study lists; their m² are told with it.

    Without the layer nobody knows how many there are: nothing was listed, which is not none.
    """
    del subjects
    rows = tables.candidates
    if rows is None:
        low, high, reason = 0.0, np.inf, Reason(ReasonCode.SITES_ABSENT)
    else:
        m2 = number_of(rows, "floor_area_m2")
        low = high = float(len(rows))
        told = {"count": low, "m2": total_known(m2), "missing": int(m2.isna().sum())}
        code = ReasonCode.SITES_LISTED_GAPS if told["missing"] else ReasonCode.SITES_LISTED
        reason = Reason(code, told)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[reason],
    )
