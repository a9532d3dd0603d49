"""Renovated: which old areas built before a year have been renovated (老旧小区改造)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.flags import flag
from lifecircle.measures.frame import measured_frame
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import RenovationOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["renovated"]


def renovated(tables: Tables, rule: Rule[RenovationOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area that is renovated, 0 for one that is not, [0, 1] where it is blank.

    Whether an area is one of those built before option ``built_before`` is for
    ``judge.applicability``.
    """
    del rule  # which areas it is about is settled
    rows = tables.areas.loc[subjects]
    answer, year = flag(rows, "renovated"), number_of(rows, "built_year")
    known = {1.0: ReasonCode.RENOVATED, 0.0: ReasonCode.NOT_RENOVATED}
    reasons = [
        Reason(known[done], {"year": None if np.isnan(built) else built})
        if done in known
        else Reason(ReasonCode.RENOVATION_MISSING, {"fields": ["renovated"]})
        for done, built in zip(answer, year, strict=True)
    ]
    return measured_frame(
        subjects,
        low=answer.fillna(0.0),
        high=answer.fillna(1.0),
        required_low=np.ones(len(subjects)),
        reason=reasons,
    )
