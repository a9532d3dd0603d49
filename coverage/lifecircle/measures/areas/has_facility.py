"""Has a facility: whether an area has one at all, whatever its size (A12, A28, A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.account.ownership import ownership
from lifecircle.counting.eligibility import both, members
from lifecircle.counting.projects import by_project, leads
from lifecircle.measures.frame import measured_frame
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["has_facility"]


def has_facility(tables: Tables, rule: Rule[Options], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area with a built facility of the clause's kinds, own or recorded, else 0.

    Under reading A17 ``in_use`` it must be in use. Whose a facility is follows the m² account
    (A39); how large it is does not matter here.
    """
    rows = tables.facilities
    counts = "open" if rule.readings.get("A17") == "in_use" else "built"
    answer = both(members(rows, rule.kinds), rows[counts])
    owned = ownership(by_project(tables))
    pairs = {
        (str(a), str(f))
        for table in (owned.own, owned.recorded)
        for f, a in table[["facility", "residential"]].to_numpy()
    }
    drifting = {(str(a), f) for f, areas in owned.drifting.items() for a in areas}
    low, high, reasons = [], [], []
    for area in leads(tables.areas).loc[subjects]:
        mine = sorted(f for a, f in pairs if a == area)
        sure = [f for f in mine if answer[f] == 1]
        maybe = [f for f in mine if np.isnan(answer[f])]
        maybe += sorted(f for a, f in drifting if a == area and answer[f] != 0)
        low.append(float(bool(sure)))
        high.append(float(bool(sure or maybe)))
        if sure:
            reasons.append(Reason(ReasonCode.AREA_HAS, {"facility": sure[0]}))
        elif maybe:
            reasons.append(Reason(ReasonCode.AREA_UNKNOWN, {"facility": maybe[0]}))
        else:
            reasons.append(Reason(ReasonCode.AREA_LACKS))
    return measured_frame(
        subjects, low=low, high=high, required_low=np.ones(len(subjects)), reason=reasons
    )
