"""Single minimum: no place of a new area may be smaller than the clause says (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.projects import leads
from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.rules.options import MinimumOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["single_minimum"]


def single_minimum(tables: Tables, rule: Rule[MinimumOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return the smallest place that an area rests on, m², against ``value``.

    A 处 is a place: rooms of one site are one. Where the places at or above ``value`` already meet
    the quota (option ``quota``; under reading A8 ``all_areas`` every quota, option ``quotas``),
    smaller ones are a note, and the smallest of the others counts. Areas that pool rest on what is
    recorded too. An area without a place has no row: its lack is the quota's finding.
    """
    value = rule.value
    if tables.account is None or value is None:
        raise ValueError("single_minimum needs the account and a value")
    quotas = rule.options.quotas or (rule.options.quota,)
    pooled = rule.readings.get("A8") == "pooled"
    places = tables.account.places
    places = places[places["clause"].isin(quotas) & (places["m2_high"] > 0)]
    rows: dict[object, tuple[float, float, Reason]] = {}
    for subject, lead in leads(tables.areas).loc[subjects].items():
        rows_of = places[places["residential"] == lead]
        mine = rows_of.drop_duplicates("site")
        if mine.empty:
            continue
        account = tables.account.frame.loc[[(lead, q) for q in sorted(set(rows_of["clause"]))]]
        have = account["own_low"] + (account["recorded_low"] if pooled else 0.0)
        enough = mine[mine["place_low"] >= value - TOLERANCE]
        suffices = bool((have >= account["required_high"] - TOLERANCE).all())
        if suffices and (len(enough) or pooled):
            mine = enough
        if mine.empty:  # what it has is pooled elsewhere
            continue
        best = _at_best(rows_of.drop_duplicates("site"), account, value)
        smallest = mine.sort_values(["place_low", "site"]).iloc[0]
        params = {
            "facility": smallest["facility"],
            "place_m2": float(smallest["place_low"]),
            "minimum_m2": value,
        }
        low, high = float(mine["place_low"].min()), max(float(mine["place_high"].min()), best)
        code = ReasonCode.QUOTA_MET if low >= value - TOLERANCE else ReasonCode.PLACE_BELOW_MINIMUM
        if code is ReasonCode.QUOTA_MET:
            params = {"provided_m2": low, "required_m2": value}
        reason = Reason(code, params)
        if low < value - TOLERANCE <= high:  # what is not known decides whether it matters
            reason = next((u for u in account["unknown"] if u is not None), reason)
        rows[subject] = (low, high, reason)
    index = pd.Index(list(rows), name="id")
    return measured_frame(
        index,
        low=[r[0] for r in rows.values()],
        high=[r[1] for r in rows.values()],
        required_low=np.full(len(rows), value),
        reason=[r[2] for r in rows.values()],
    )


def _at_best(places: pd.DataFrame, account: pd.DataFrame, value: float) -> float:
    """Return the smallest place that counts if all unknowns turn out well; 0 if none could do.

    Where the quota may be met by places large enough, the smaller ones may be but a note.
    """
    met = account["own_high"] + account["recorded_high"] >= account["required_low"] - TOLERANCE
    large = places[places["place_high"] >= value - TOLERANCE]
    return float(large["place_high"].min()) if bool(met.all()) and len(large) else 0.0
