"""Document: papers a clause asks for, ticked in [evidence] of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.measures.frame import COUNTY, measured_frame, target_of
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import DocumentOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["document"]


def document(tables: Tables, rule: Rule[DocumentOptions], subjects: pd.Index) -> pd.DataFrame:
    """Count which of option ``items`` are there; an item nobody ticked may be there or not.

    A clause without items only reports its words: schedules, permissions, explanations.
    """
    del subjects
    items = rule.options.items
    ticked = [tables.evidence.get(item) for item in items]
    low = float(sum(answer is True for answer in ticked)) if items else np.nan
    high = float(sum(answer is not False for answer in ticked)) if items else np.nan
    params: dict[str, Any] = {"count": low, "most": high, "total": float(len(items))}
    code, papers = ReasonCode.DOCUMENTS, [i for i in items if tables.evidence.get(i) is None]
    if papers:
        code, params["papers"] = ReasonCode.DOCUMENTS_OPEN, papers
    if not items and rule.options.see:
        code, params = ReasonCode.SEE_CLAUSES, {"clauses": list(rule.options.see)}
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[Reason(code, params) if items or rule.options.see else None],
    )
