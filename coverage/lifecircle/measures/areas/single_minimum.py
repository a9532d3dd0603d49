"""Single minimum: no place of a new area may be smaller than the clause says (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import leads
from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass

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
    recorded too. An area without a place has no row: its lack is the quota's finding. Of an
    approved area without a typed requirement it is open whether ``value`` is asked at all (A29).
    """
    value = rule.value
    if tables.account is None or value is None:
        raise ValueError("single_minimum needs the account and a value")
    quotas = rule.options.quotas or (rule.options.quota,)
    pooled = rule.readings.get("A8") == "pooled"
    places = tables.account.places
    places = places[places["clause"].isin(quotas) & (places["m2_high"] > 0)]
    of_area = dict(tuple(places.groupby("residential")))
    asked = _least_asked(tables, value)
    rows: dict[object, tuple[float, float, Reason]] = {}
    for subject, lead in leads(tables.areas).loc[subjects].items():
        if lead not in of_area:
            continue
        mine = of_area[lead]
        keys = [(lead, quota) for quota in sorted(set(mine["clause"]))]
        account = tables.account.frame.loc[keys]
        mine = mine.drop_duplicates("site")
        resting = _resting_on(mine, account, value, pooled=pooled)
        if not resting.empty:  # else what it has is pooled elsewhere
            rows[subject] = _row(resting, mine, account, value, float(asked[lead]))
    index = pd.Index(list(rows), name="id")
    return measured_frame(
        index,
        low=[r[0] for r in rows.values()],
        high=[r[1] for r in rows.values()],
        required_low=[asked[first] for first in leads(tables.areas).loc[list(rows)]],
        required_high=np.full(len(rows), value),
        reason=[r[2] for r in rows.values()],
    )


def _resting_on(
    places: pd.DataFrame, account: pd.DataFrame, value: float, *, pooled: bool
) -> pd.DataFrame:
    """Return the places that the quota rests on: the large enough alone where they suffice."""
    have = account["own_low"] + (account["recorded_low"] if pooled else 0.0)
    enough = places[meets(places["place_low"], ">=", value)]
    suffices = bool(meets(have, ">=", account["required_high"]).all())
    return enough if suffices and (len(enough) or pooled) else places


def _row(
    resting: pd.DataFrame, places: pd.DataFrame, account: pd.DataFrame, value: float, least: float
) -> tuple[float, float, Reason]:
    """Return the smallest place that counts, in the worst case and at best, and why.

    ``least``: the least m² that a place of the area must have.
    """
    smallest = resting.sort_values(["place_low", "site"]).iloc[0]
    low = float(smallest["place_low"])
    high = max(float(resting["place_high"].min()), _at_best(places, account, value))
    met = meets(low, ">=", value)
    if met:
        reason = Reason(ReasonCode.QUOTA_MET, {"provided_m2": low, "required_m2": value})
    else:
        params = {"facility": smallest["facility"], "place_m2": low, "minimum_m2": value}
        reason = Reason(ReasonCode.PLACE_BELOW_MINIMUM, params)
    if not met and meets(high, ">=", value):  # what is not known decides whether it matters
        reason = next((u for u in account["unknown"] if u is not None), reason)
    if not met and meets(high, ">=", least) and meets(least, "<", value):
        between = {"provided_m2": low, "required_low_m2": least, "required_m2": value}
        reason = Reason(ReasonCode.QUOTA_BETWEEN, between)
    return low, high, reason


def _least_asked(tables: Tables, value: float) -> pd.Series:
    """Return the least m² that a place of each area must have: 0 where it may be asked nothing."""
    areas = tables.areas
    between = areas["age_class"].eq(AgeClass.APPROVED) & number_of(areas, "required_m2").isna()
    return pd.Series(value, index=areas.index).mask(between, 0.0)


def _at_best(places: pd.DataFrame, account: pd.DataFrame, value: float) -> float:
    """Return the smallest place that counts if all unknowns turn out well; 0 if none could do.

    Where the quota may be met by places large enough, the smaller ones may be but a note. Rooms of
    unknown whereabouts are no place of the area yet: they are what is its own beyond its places.
    """
    met = meets(account["own_high"] + account["recorded_high"], ">=", account["required_low"])
    if not bool(met.all()):
        return 0.0
    large = places[meets(places["place_high"], ">=", value)]
    if len(large):
        return float(large["place_high"].min())
    loose = float(account["own_high"].min())  # a place below the minimum earns no credit
    return loose if meets(loose, ">=", value) else 0.0
