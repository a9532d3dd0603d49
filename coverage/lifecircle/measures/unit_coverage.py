"""Administrative coverage: does a unit have a facility of its own (A20, A21, A27, A28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.measures.assignment import host_answer
from lifecircle.measures.eligibility import both, members
from lifecircle.measures.flags import flag, flags_met
from lifecircle.measures.frame import measured_frame
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["unit_coverage"]


def unit_coverage(
    tables: Tables, clause: Clause, value: float | None, subjects: pd.Index
) -> pd.DataFrame:
    """Return 1 for a unit with a facility in use of the clause's kinds on its territory, else 0.

    A facility belongs to the unit of its code; a community's facility belongs to the street or
    town above it too. With option ``qualified`` it must meet its standard, with ``all_of`` and
    ``any_of`` it must have those flags, and a blank there leaves the unit open. Under reading A20
    ``assigned`` a unit whose district's host serves it has one too.
    """
    del value
    rows = tables.facilities
    answers = [members(rows, clause.kinds), rows["open"], flags_met(rows, clause)]
    if clause.options.get("qualified"):
        answers.append(flag(rows, "qualified"))
    answer = both(*answers)
    home = _homes(rows, subjects)
    hosted = _hosted(tables, clause)
    low, high, reasons = [], [], []
    for unit in subjects:
        here = answer[home == unit] if len(answer) else answer
        sure, open_ = here[here == 1], here[here.isna()]
        by_host = hosted.get(str(unit), (0.0, 0.0, Reason(ReasonCode.UNIT_LACKS)))
        low.append(max(float(len(sure) > 0), by_host[0]))
        high.append(max(float(len(sure) + len(open_) > 0), by_host[1]))
        if len(sure):
            reasons.append(Reason(ReasonCode.UNIT_HAS, {"facility": str(min(sure.index))}))
        elif by_host[1] > 0:
            reasons.append(by_host[2])
        elif len(open_):
            params = {"facility": str(min(open_.index))}
            reasons.append(Reason(ReasonCode.UNIT_QUALIFIED_MISSING, params))
        else:
            reasons.append(Reason(ReasonCode.UNIT_LACKS))
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )


def _hosted(tables: Tables, clause: Clause) -> dict[str, tuple[float, float, Reason]]:
    """Return unit → whether its district's host serves it, under reading A20 ``assigned``."""
    if clause.readings.get("A20") != "assigned":
        return {}
    return {
        str(unit): host_answer(tables, clause.kinds, district)
        for district in clause.options.get("districts", ())
        for unit in district["units"]
    }


def _homes(facilities: pd.DataFrame, units: pd.Index) -> pd.Series:
    """Return the unit among ``units`` that each facility belongs to, or None."""
    known = set(units)

    def home(unit: object, community: object) -> str | None:
        for code in (community, unit):
            text = "" if code is None or code is pd.NA or code != code else str(code)  # noqa: PLR0124
            if text in known:
                return text
            if text[:9] in known:
                return text[:9]
        return None

    return pd.Series(
        [home(u, c) for u, c in zip(facilities["unit"], facilities["community"], strict=True)],
        index=facilities.index,
        dtype=object,
    )
