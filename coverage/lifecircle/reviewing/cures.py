"""Curing: the smallest change inside a proposal's own plot that makes a clause pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lifecircle.counting.projects import leads
from lifecircle.measures.areas.provision import credited
from lifecircle.model.dictionary import group_of
from lifecircle.model.finding import meets, started
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables
    from lifecircle.reviewing.planned import Planned

__all__ = ["cure", "missing_field", "rooms"]

_GAPS = {
    ReasonCode.PERSONS_MISSING: "population",
    ReasonCode.HOUSEHOLDS_MISSING: "households_planned",
    ReasonCode.SETTING_MISSING: "setting",
    ReasonCode.AGE_CLASS_MISSING: "age_class",
    ReasonCode.QUOTA_BETWEEN: "required_m2",
    ReasonCode.QUOTA_UNDECIDED: "community_area_m2",
    ReasonCode.AREA_UNKNOWN: "kinds",
    ReasonCode.RECORD_UNCLEAR: "serves",
    ReasonCode.RECORDS_UNCLEAR: "serves",
    ReasonCode.NAME_UNCLEAR: "serves",
    ReasonCode.NAMES_UNCLEAR: "serves",
    ReasonCode.NO_STREETS: "streets",
    ReasonCode.NO_STREET_WITHIN_SNAP: "streets",
    ReasonCode.STREET_FRAGMENT: "streets",
    ReasonCode.ISLAND_WITHOUT_FERRY: "streets",
}
"""Why a finding is open → the field that closes it."""


def cure(
    rule: Rule[Options], found: pd.Series, plot: str, tables: Tables, planned: Planned
) -> Reason | None:
    """Return what to change in the plot, or to supply; None where no change there helps.

    ``found``: the plot's finding, not compliant; ``tables``: with the account, the plot in it.
    """
    reason: Reason | None = found["reason"]
    if found["status"] == Status.NOT_ASSESSED:
        name = None if reason is None else missing_field(reason)
        return None if name is None else Reason(ReasonCode.REMEDY_SUPPLY, {"field": name})
    if rule.spec.account and tables.account is not None:
        lead = str(leads(tables.areas)[plot])
        quota = planned.quotas.get(getattr(rule.options, "quota", "") or rule.id)
        return None if quota is None else _room(tables.account, lead, quota, planned)
    if rule.measure == "has_facility":
        return Reason(ReasonCode.REMEDY_PLAN_KIND, {"kinds": list(rule.kinds)})
    if rule.measure in {"radius", "walk"}:
        group = group_of(rule.kinds) or "community"
        return Reason(ReasonCode.REMEDY_PLAN_INSIDE, {"reach_group": group})
    if rule.measure == "stages" and reason is not None:
        return _together(reason)
    return None


def missing_field(reason: Reason) -> str | None:
    """Return the field whose absence leaves a finding open."""
    if reason.code == ReasonCode.FACILITY_UNKNOWN:
        return str(reason.params["field"])
    return _GAPS.get(reason.code)


def _together(reason: Reason) -> Reason:
    if reason.code == ReasonCode.STAGE_LATE:
        return Reason(ReasonCode.REMEDY_PLAN_EARLIER, dict(reason.params))
    if reason.code == ReasonCode.CIVIL_AFFAIRS_ABSENT:
        return Reason(ReasonCode.REMEDY_PLAN_CIVIL)
    return Reason(ReasonCode.REMEDY_PLAN_KIND, {"kinds": ["community_station"]})


def _room(account: Account, lead: str, quota: Rule[ProvisionOptions], planned: Planned) -> Reason:
    """Return the change that cures the plot's quota and its single minimum at once.

    What stands elsewhere counts, such as the rooms of another phase, but is not to be touched:
    only planned places are enlarged, and only those of one plot put together.
    """
    key = (lead, quota.id)
    need = have = 0.0
    if key in account.frame.index:
        row = account.frame.loc[[key]]
        low, high = float(row["required_low"].iloc[0]), float(row["required_high"].iloc[0])
        need = high if math.isfinite(high) else low
        have = float(credited(row, quota)["low"].iloc[0])
    least = quota.options.minimum_m2
    by_plot: dict[str, list[tuple[str, float]]] = {plot: [] for plot in planned.plots}
    for place in planned.places(account, lead, quota.id):
        by_plot[place.plot].append((place.facility, place.m2))
    changes = [rooms(places, need, least, have) for places in by_plot.values() if places]
    return min(changes, key=_added, default=rooms([], need, least, have))


def _added(change: Reason) -> float:
    return float(change.params.get("m2", 0.0))


def rooms(
    places: list[tuple[str, float]], need_m2: float, least_m2: float, have_m2: float
) -> Reason:
    """Return the change of fewest m² that brings the credit to what is needed.

    Parameters
    ----------
    places
        Facility that stands for the place, and the place's m², one each (A8).
    need_m2
        m² that the area must have.
    least_m2
        m² under which a place earns no credit.
    have_m2
        m² credited now.

    Notes
    -----
    Tried are: to enlarge a place that counts; to bring one that does not up to the minimum; to
    put places together as one. Of equal m² the one that moves fewer rooms is taken, then the
    larger place.
    """
    short = max(0.0, need_m2 - have_m2)
    small = [p for p in places if p[1] > 0 and meets(p[1], "<", least_m2)]
    large = [p for p in places if meets(p[1], ">=", least_m2) and p[1] > 0]
    options: list[tuple[float, int, float, Reason]] = []
    for facility, m2 in large:
        options.append((short, 0, -m2, _larger(facility, m2, short)))
    for facility, m2 in small:
        added = max(least_m2, short) - m2
        options.append((added, 0, -m2, _larger(facility, m2, added)))
    for joined in _merges(large, small):
        total = sum(m2 for _, m2 in joined)
        credit = sum(m2 for _, m2 in joined if meets(m2, ">=", least_m2))
        added = max(0.0, least_m2 - total, short - (total - credit))
        names = [facility for facility, _ in joined]
        options.append((added, len(joined) - 1, -total, _merged(names, total, added)))
    if not options:
        m2 = _up(max(short, least_m2))
        return Reason(ReasonCode.REMEDY_PLAN_ROOM, {"m2": m2})
    return min(options, key=lambda option: (_up(option[0]), *option[1:3]))[3]


def _merges(
    large: list[tuple[str, float]], small: list[tuple[str, float]]
) -> list[list[tuple[str, float]]]:
    """Return places to put together: small ones, the largest first, alone or with a large one."""
    order = sorted(small, key=lambda place: -place[1])
    alone = [order[:count] for count in range(2, len(order) + 1)]
    most = sorted(large, key=lambda place: -place[1])[:1]
    beside = [[*most, *order[:count]] for count in range(1, len(order) + 1)] if most else []
    return alone + beside


def _larger(facility: str, m2: float, added: float) -> Reason:
    params = {"facility": facility, "from_m2": m2, "to_m2": m2 + _up(added), "m2": _up(added)}
    return Reason(ReasonCode.REMEDY_PLAN_LARGER, params)


def _merged(facilities: list[str], total: float, added: float) -> Reason:
    if meets(added, "<=", 0.0):
        params = {"facilities": facilities, "total_m2": total}
        return Reason(ReasonCode.REMEDY_PLAN_TOGETHER, params)
    params = {"facilities": facilities, "total_m2": total, "m2": _up(added)}
    return Reason(ReasonCode.REMEDY_PLAN_TOGETHER_LARGER, params)


def _up(m2: float) -> float:
    """Return m² rounded up to 0.01: rounded down they would still be short."""
    return float(started(m2 * 100)) / 100
