"""Single: the smallest change that makes every place of a plot large enough (A8)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lifecircle.model.finding import meets, rounded_up
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.reviewing.rooms import added_m2, at_once, groups, sized
from lifecircle.reviewing.tried import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecircle.model.rules.options import MinimumOptions, ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account
    from lifecircle.reviewing.planned import Planned

    Places = list[tuple[str, float]]

__all__ = ["smallest_place"]


def smallest_place(
    account: Account, lead: str, rule: Rule[MinimumOptions], planned: Planned
) -> Reason | None:
    """Return the change of fewest m² that cures a single minimum, whatever its quota lacks.

    Either no place is too small any more, or those that are not meet the quotas by themselves:
    then smaller ones are a note. Only planned places are enlarged or put together, and only those
    of one plot.
    """
    project = Project(account, lead, planned)
    quotas = project.quotas_of(rule)
    if rule.value is None or not quotas:
        return None
    by_plot = list(_planned(account, lead, quotas, planned).values())
    changes = [*_lifted(by_plot, rule.value), *_of_quotas(by_plot, rule.value, quotas, project)]
    cures = [change for change in changes if project.passes(rule, change)]
    return min(cures, key=_least, default=None)


def _planned(
    account: Account, lead: str, quotas: Sequence[Rule[ProvisionOptions]], planned: Planned
) -> dict[str, Places]:
    """Return the planned places of every plot that has one: their facility and m²."""
    found: dict[str, dict[str, float]] = {}
    for quota in quotas:
        for place in planned.places(account, lead, quota.id):
            if place.m2 > 0:
                found.setdefault(place.plot, {})[place.facility] = place.m2
    return {plot: list(places.items()) for plot, places in found.items()}


def _lifted(by_plot: Sequence[Places], value: float) -> Iterator[Reason]:
    """Yield changes that leave no planned place too small: one a plot, all plots together."""
    ways = []
    for places in by_plot:
        small = {facility for facility, m2 in places if meets(m2, "<", value)}
        if not small:
            continue
        whole = [sized(g, value) for g in groups(places, value) if small <= {f for f, _ in g}]
        ways.append(min(whole, key=_least))
    if ways:
        yield at_once(ways)


def _of_quotas(
    by_plot: Sequence[Places],
    value: float,
    quotas: Sequence[Rule[ProvisionOptions]],
    project: Project,
) -> Iterator[Reason]:
    """Yield changes of one place that let the places large enough meet every quota."""
    wanted = [group for places in by_plot for group in groups(places, value)] or [[]]
    for group in wanted:
        m2 = max(value, *(project.size_for(quota, group) for quota in quotas))
        if not math.isfinite(m2):
            continue
        if group:
            yield sized(group, m2)
        else:
            yield Reason(ReasonCode.REMEDY_PLAN_ROOM, {"m2": rounded_up(m2)})


def _least(change: Reason) -> tuple[float, int, float]:
    """Return what the smallest change has least of: m², places moved; then the larger place."""
    params = change.params
    size = params.get("from_m2", params.get("total_m2", 0.0))
    moved = len(params.get("facilities", ())) + len(params.get("notes", ()))
    return rounded_up(added_m2(change)), moved, -float(size)
