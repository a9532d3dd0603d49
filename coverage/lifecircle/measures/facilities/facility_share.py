"""Facility share: which facilities of a kind have what the clause asks of each (A16, A23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.flags import deciding_columns, flags_met
from lifecircle.measures.frame import measured_frame
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import FlagOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["facility_share"]


def facility_share(tables: Tables, rule: Rule[FlagOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for a facility with the clause's flags, 0 for one without, [0, 1] if not known."""
    rows = tables.facilities.loc[subjects]
    met, fields = flags_met(rows, rule.options), deciding_columns(rows, rule.options)
    known = {1.0: ReasonCode.FLAGS_MET, 0.0: ReasonCode.FLAGS_MISSED}
    codes = [known.get(float(answer), ReasonCode.FLAGS_MISSING) for answer in met]
    return measured_frame(
        subjects,
        low=met.fillna(0.0),
        high=met.fillna(1.0),
        required_low=np.ones(len(subjects)),
        reason=[Reason(code, {"fields": names}) for code, names in zip(codes, fields, strict=True)],
    )
