"""Elder share: how many of an area's people are 60 or older, for a ranked list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import number_of
from lifecircle.measures.frame import measured_frame, target_of
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["elder_share"]


def elder_share(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return each area's elders over its residents, per cent, 0 to 100 where either is missing.

    More elders than residents, or no residents, is no share: then it is open too.
    """
    rows = tables.areas.loc[subjects]
    elders, people = number_of(rows, "elders"), number_of(rows, "population")
    share = (100.0 * elders / people.where(people > 0)).where(elders <= people)
    reasons = []
    for own, old, all_ in zip(share, elders, people, strict=True):
        if not np.isnan(own):
            told = {"elders": float(old), "people": float(all_), "percent": float(own)}
            reasons.append(Reason(ReasonCode.ELDER_SHARE, told))
            continue
        lacking = [n for n, v in (("elders", old), ("population", all_)) if np.isnan(v)]
        fields = lacking or ["elders", "population"]
        reasons.append(Reason(ReasonCode.ELDER_SHARE_OPEN, {"fields": fields}))
    return measured_frame(
        subjects,
        low=share.fillna(0.0),
        high=share.fillna(100.0),
        required_low=np.full(len(subjects), target_of(rule)),
        reason=reasons,
    )
