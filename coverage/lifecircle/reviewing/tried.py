"""Tried: what a change of a project's planned places would make of its clauses on rooms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from lifecircle.measures.areas.provision import credited
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.options import MinimumOptions
from lifecircle.reviewing.rooms import steps_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account
    from lifecircle.reviewing.planned import Planned

__all__ = ["ROOM_REMEDIES", "Project"]

ROOM_REMEDIES = frozenset(
    {
        ReasonCode.REMEDY_PLAN_ROOM,
        ReasonCode.REMEDY_PLAN_LARGER,
        ReasonCode.REMEDY_PLAN_TOGETHER,
        ReasonCode.REMEDY_PLAN_TOGETHER_LARGER,
    }
)
"""Changes of planned places, whose m² are what a clause lacks."""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The account of one project, planned and standing places together."""

    account: Account
    lead: str
    planned: Planned

    def quotas_of(self, rule: Rule[Options]) -> list[Rule[ProvisionOptions]]:
        """Return the quotas that a clause is, or is a single minimum of, that ask the project."""
        options = rule.options
        names = [rule.id]
        if isinstance(options, MinimumOptions):
            names = list(options.quotas or (options.quota,))
        index = self.account.frame.index
        quotas = self.planned.quotas
        return [quotas[n] for n in names if n in quotas and (self.lead, n) in index]

    def passes(self, rule: Rule[Options], change: Reason) -> bool:
        """Return whether a quota, or a single minimum, is met for certain once a change is made."""
        quotas = self.quotas_of(rule)
        pooled = rule.readings.get("A8") == "pooled"
        single = isinstance(rule.options, MinimumOptions)
        met = bool(quotas) and all(
            meets(self._after(quota, change, pooled=pooled or not single), ">=", self._need(quota))
            for quota in quotas
        )
        if not single:
            return met
        value = cast("float", rule.value)
        sizes = [m2 for q in quotas for m2 in changed(*self._places(q), change).values() if m2 > 0]
        if met and (pooled or any(meets(m2, ">=", value) for m2 in sizes)):
            return True
        return bool(sizes) and all(meets(m2, ">=", value) for m2 in sizes)

    def size_for(self, quota: Rule[ProvisionOptions], group: Sequence[tuple[str, float]]) -> float:
        """Return the m² that one place made of ``group`` must have, so that the quota is met."""
        least = quota.options.minimum_m2
        counted = sum(m2 for _, m2 in group if meets(m2, ">=", least))
        short = self._need(quota) - (self._have(quota) - counted)
        return max(least, short) if short > 0 else 0.0

    def _need(self, quota: Rule[ProvisionOptions]) -> float:
        row = self.account.frame.loc[(self.lead, quota.id)]
        low, high = float(row["required_low"]), float(row["required_high"])
        return high if math.isfinite(high) else low

    def _have(self, quota: Rule[ProvisionOptions], *, pooled: bool = True) -> float:
        """Return the m² that count for certain; ``pooled``: what is recorded too."""
        row = self.account.frame.loc[[(self.lead, quota.id)]]
        if not pooled:
            return float(row["own_low"].iloc[0])
        return float(credited(row, quota)["low"].iloc[0])

    def _after(self, quota: Rule[ProvisionOptions], change: Reason, *, pooled: bool) -> float:
        """Return the m² that count once a change is made."""
        least = quota.options.minimum_m2
        sizes, sites = self._places(quota)
        was, now = (
            sum(m2 for m2 in one.values() if meets(m2, ">=", least))
            for one in (sizes, changed(sizes, sites, change))
        )
        return self._have(quota, pooled=pooled) - was + now

    def _places(self, quota: Rule[ProvisionOptions]) -> tuple[dict[str, float], dict[str, str]]:
        """Return place → its m² for certain, and facility → its place."""
        rows: Any = self.account.places
        rows = rows[(rows["residential"] == self.lead) & (rows["clause"] == quota.id)]
        sites = dict(zip(rows["facility"].astype(str), rows["site"].astype(str), strict=True))
        sizes = dict(zip(rows["site"].astype(str), rows["place_low"].astype(float), strict=True))
        return sizes, sites


def changed(sizes: dict[str, float], sites: dict[str, str], change: Reason) -> dict[str, float]:
    """Return place → m² once a change is made; ``sites``: facility → its place."""
    sizes = dict(sizes)
    for number, step in enumerate(steps_of(change)):
        params = step.params
        if step.code == ReasonCode.REMEDY_PLAN_LARGER:
            sizes[sites.get(params["facility"], "")] = float(params["to_m2"])
            continue
        total = sum(sizes.pop(sites[f], 0.0) for f in params.get("facilities", ()) if f in sites)
        sizes[f"+{number}"] = total + float(params.get("m2", 0.0))
    return sizes
