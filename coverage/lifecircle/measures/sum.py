"""Sum: a column added over the facilities a clause speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.eligibility import both, members, number_of
from lifecircle.measures.frame import COUNTY, measured_frame
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["total"]


def total(tables: Tables, clause: Clause, value: float | None, subjects: pd.Index) -> pd.DataFrame:
    """Add option ``field`` over facilities in use of the clause's kinds.

    A facility that counts but lacks the figure leaves the sum open upwards (``inf``); one that may
    count adds to the best case only.
    """
    del subjects
    rows, name = tables.facilities, clause.options["field"]
    answer = both(members(rows, clause.kinds), rows["open"])
    figures = number_of(rows, name)
    low = float(figures[answer == 1].sum())
    missing = int(figures[answer != 0].isna().sum())
    high = np.inf if missing else float(figures[answer != 0].sum())
    params = {"total": low, "most": high, "target": value, "field": name, "missing": missing}
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[np.nan if value is None else value],
        reason=[Reason(ReasonCode.VALUE_MISSING if missing else ReasonCode.SUMMED, params)],
    )
