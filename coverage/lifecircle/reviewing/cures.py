"""Curing: the smallest change inside a proposal's own plot that makes a clause pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from lifecircle.counting.projects import leads
from lifecircle.measures.areas.provision import credited
from lifecircle.model.dictionary import group_of
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status
from lifecircle.reviewing.rooms import added_m2, rooms, rooms_of_several
from lifecircle.reviewing.single import smallest_place

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.options import MinimumOptions, Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables
    from lifecircle.reviewing.planned import Planned

__all__ = ["cure", "missing_field"]

_GAPS = {
    ReasonCode.PERSONS_MISSING: "population",
    ReasonCode.PEOPLE_UNLIKELY: "population",
    ReasonCode.PEOPLE_OF_PHASE: "population_planned",
    ReasonCode.HOUSEHOLDS_MISSING: "households_planned",
    ReasonCode.PHASE_LACKS: "households_planned",
    ReasonCode.SETTING_MISSING: "setting",
    ReasonCode.AGE_CLASS_MISSING: "age_class",
    ReasonCode.AGE_CLASS_BY_DAY: "age_class",
    ReasonCode.OLD_UNTOLD: "age_class",
    ReasonCode.BUILT_YEAR_MISSING: "built_year",
    ReasonCode.STAGE_UNREAD: "stage",
    ReasonCode.QUOTA_BETWEEN: "required_m2",
    ReasonCode.QUOTA_BETWEEN_SMALL: "required_m2",
    ReasonCode.MINIMUM_OPEN: "age_class",
    ReasonCode.QUOTA_UNDECIDED: "community_area_m2",
    ReasonCode.AREA_UNKNOWN: "kinds",
    ReasonCode.RECORD_UNCLEAR: "serves",
    ReasonCode.RECORDS_UNCLEAR: "serves",
    ReasonCode.RECORD_BEYOND: "serves",
    ReasonCode.RECORDS_BEYOND: "serves",
    ReasonCode.NAME_UNCLEAR: "serves",
    ReasonCode.PLACE_UNCLEAR: "serves",
    ReasonCode.NAMES_UNCLEAR: "serves",
    ReasonCode.NO_STREETS: "streets",
    ReasonCode.NO_STREET_WITHIN_SNAP: "streets",
    ReasonCode.STREET_FRAGMENT: "streets",
    ReasonCode.ISLAND_WITHOUT_FERRY: "streets",
    ReasonCode.EXEMPTION_CLAUSE: "clause",
    ReasonCode.EXEMPTION_CLAUSE_BLANK: "clause",
    ReasonCode.EXEMPTION_DENIED: "in_force",
    ReasonCode.EXEMPTION_UNCLEAR: "id",
    ReasonCode.EXEMPTION_UNFOUNDED: "reference",
    ReasonCode.EXEMPTION_UNREAD: "until",
}
"""Why a finding is open → the field that closes it."""
_NAMED = frozenset(
    {ReasonCode.FACILITY_UNKNOWN, ReasonCode.PHASE_UNKNOWN, ReasonCode.FIGURE_UNREAD}
)
"""Reasons that name the field themselves."""


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
        return _of_rooms(tables.account, str(leads(tables.areas)[plot]), rule, planned)
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
    if reason.code in _NAMED:
        return str(reason.params["field"])
    return _GAPS.get(reason.code)


_IN_STEP = {
    ReasonCode.STAGE_LATE: ReasonCode.REMEDY_PLAN_EARLIER,
    ReasonCode.CIVIL_AFFAIRS_ABSENT: ReasonCode.REMEDY_PLAN_CIVIL,
}


def _together(reason: Reason) -> Reason:
    """Return what brings the stages together: of every one that is late."""
    wrong = [reason, *(Reason.from_json(note) for note in reason.params.get("notes", ()))]
    if reason.code not in _IN_STEP:
        return Reason(ReasonCode.REMEDY_PLAN_KIND, {"kinds": ["community_station"]})
    own = {name: value for name, value in reason.params.items() if name != "notes"}
    steps = [Reason(_IN_STEP[one.code], dict(one.params)) for one in wrong[1:]]
    notes = {"notes": [one.to_json() for one in steps]} if steps else {}
    return Reason(_IN_STEP[reason.code], {**own, **notes})


def _of_rooms(account: Account, lead: str, rule: Rule[Options], planned: Planned) -> Reason | None:
    """Return the smallest change of rooms that cures one clause, whatever others lack."""
    if rule.measure == "single_minimum":
        return smallest_place(account, lead, cast("Rule[MinimumOptions]", rule), planned)
    quota = planned.quotas.get(rule.id)
    return None if quota is None else _room(account, lead, quota, planned)


def _room(account: Account, lead: str, quota: Rule[ProvisionOptions], planned: Planned) -> Reason:
    """Return the smallest change that cures the plot's quota.

    What stands elsewhere counts, such as the rooms of another phase, but is not to be touched:
    only planned places are enlarged, and only those of one plot put together; places of several
    plots may each be brought up to the minimum.
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
    changes += rooms_of_several([*by_plot.values()], need, least, have)
    return min(changes, key=added_m2, default=rooms([], need, least, have))
