"""Out of use: facilities that are idle, misused or closed, in number and m² (清查整治)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import hidden, members, number_of, once_a_house
from lifecircle.counting.figures import total_known
from lifecircle.measures.frame import COUNTY, NAMED, measured_frame, target_of
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["out_of_use"]

_STAGES = (Stage.IDLE, Stage.MISUSED, Stage.CLOSED)


def out_of_use(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return how many facilities of the clause's kinds are idle, misused or closed.

    Two signboards on what may be one house are one for certain, and two at most. One whose stage is
    blank, or whose kind is not known, may be one: it adds to the most. A ledger without a single
    facility tells nothing.
    """
    del subjects
    rows = tables.facilities
    kind, stage = members(rows, rule.kinds), rows["stage"]
    out = stage.isin(_STAGES)
    sure, open_ = out & (kind == 1), (out | stage.isna()) & (kind != 0)
    once = _once_each(rows, sure)
    more, sure = sure & ~once, once
    low = float(sure.sum())
    high = np.inf if rows.empty else float(open_.sum())
    m2 = number_of(rows, "floor_area_m2").mask(hidden(rows, "floor_area_m2"))[sure]
    told: dict[str, float | None] = {
        str(name): int((stage[sure] == name).sum()) for name in _STAGES
    }
    told |= {"count": int(low), "m2": total_known(m2)}
    named = {"facilities": [str(f) for f in rows.index[sure][:NAMED]]}
    code = ReasonCode.OUT_OF_USE if low else ReasonCode.ALL_IN_USE
    besides = {
        ReasonCode.OUT_OF_USE_BLANK: m2.isna().sum(),
        ReasonCode.OUT_OF_USE_ONCE_MORE: more.sum(),
        ReasonCode.PERHAPS_OUT_OF_USE: open_.sum() - low - more.sum(),
    }
    reason = Reason(code, told | named).beside(besides)
    if rows.empty:
        reason = Reason(ReasonCode.NO_DATA, {"field": "stage"})
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[reason],
    )


def _once_each(rows: pd.DataFrame, sure: pd.Series) -> pd.Series:
    """Return which of the rows that are ``sure`` stay where each house counts once.

    Of several the one whose stage and m² come first, in whichever order the rows stand.
    """
    order = [rows["stage"].astype(str), number_of(rows, "floor_area_m2"), rows.index.to_series()]
    at = pd.concat(order, axis=1, keys=range(len(order))).sort_values([0, 1, 2]).index
    answer = sure[at].astype(float)
    return once_a_house(rows.loc[at], answer, answer).eq(1).reindex(rows.index)
