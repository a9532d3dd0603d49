"""Neighbours: what a proposal takes from, or gives to, the areas that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.counting.projects import leads
from lifecircle.measures.areas.provision import credited
from lifecircle.model.dictionary import group_of
from lifecircle.model.finding import meets
from lifecircle.model.inputs.places import representative_points
from lifecircle.model.reason import PERHAPS_EXEMPT, Reason, ReasonCode
from lifecircle.model.results.review import SideEffect
from lifecircle.model.rules.options import ProvisionOptions
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Judged = tuple[Tables, Mapping[str, JudgedClause]]

__all__ = ["side_effects", "why_open", "with_radius"]

_ELSEWHERE = frozenset(
    {ReasonCode.REMEDY_NONE_INSIDE, ReasonCode.REMEDY_NONE_OF_OWN, ReasonCode.REMEDY_NONE_WITHIN}
)
"""What cannot be made up inside the plot."""
_MAY_MEET = frozenset({Status.COMPLIANT, Status.NOT_ASSESSED})
_MAY_MISS = frozenset({Status.DEFICIENT, Status.NOT_ASSESSED})
_IN_VAIN = frozenset(
    {ReasonCode.ASIDE_BEYOND, ReasonCode.ASIDE_OFF_SITE, ReasonCode.ASIDE_USED}
    | {ReasonCode.ASIDE_BEDS, ReasonCode.ASIDE_STAGE}
)
"""Why rooms that a plan promises a neighbour count nothing there."""
_LOST = ("provision", "has_facility", "radius")
"""What a neighbour can lose; a single minimum goes with its quota."""


def with_radius(
    before: tuple[Bench, Mapping[str, JudgedClause]],
    after: tuple[Bench, Mapping[str, JudgedClause]],
    proposal: Proposal,
) -> tuple[Mapping[str, JudgedClause], Mapping[str, JudgedClause]]:
    """Return what was judged before and after, with the radius of the areas that stand there.

    Only what is pulled down can take it away; then a radius that the document asks for is judged
    for all areas on both sides. Walks are not: they are told of the plots alone.
    """
    if not proposal.removes:
        return before[1], after[1]
    asked = [rule.id for rule in before[0].rules.of("radius") if not rule.reference]
    was, now = ({name: bench.one(name) for name in asked} for bench in (before[0], after[0]))
    return {**before[1], **was}, {**after[1], **now}


def side_effects(
    study: Study, proposal: Proposal, before: Judged, after: Judged
) -> tuple[SideEffect, ...]:
    """Return every area whose m² or verdict the proposal changes, the heaviest losses first.

    Both sides are judged with everything planned built. A neighbour that met a clause for certain
    and misses it then stands in the way (``blocking``): it can be made up inside the plot where the
    neighbour may take shared rooms and the plot lies within the sharing radius. One that may have
    met it and may miss it then is told too (``open``), also where it loses only what may count;
    and so is one to which rooms are promised that count nothing there, with the reason. Of one
    that is perhaps exempt the loss is open where it would be one if it is not: exempt, it loses
    nothing that it must have.
    """
    own = _own_project(proposal, before[0], after[0])
    effects = []
    for name, one in before[1].items():
        if one.rule.measure not in _LOST or name not in after[1]:
            continue
        rows, now = one.findings, after[1][name].findings
        for area in rows.index.intersection(now.index, sort=False).difference(own, sort=False):
            told = (study, proposal, str(area), one.rule, (before, after))
            effect = _effect(*told) or _promised(*told)
            if effect is not None:
                effects.append(effect)
    return tuple(sorted(effects, key=lambda e: (e.change_m2, e.residential, e.clause)))


def why_open(
    effects: Iterable[SideEffect], was: Mapping[str, JudgedClause], now: Mapping[str, JudgedClause]
) -> tuple[tuple[str, Reason], ...]:
    """Return the neighbours of which it is open whether the proposal takes what they need."""
    found = []
    for one in effects:
        after = one.status_after == Status.NOT_ASSESSED
        reason = (now if after else was)[one.clause].findings.at[one.residential, "reason"]
        if one.open and isinstance(reason, Reason):
            found.append((one.residential, reason))
    return tuple(found)


def _own_project(proposal: Proposal, before: Tables, after: Tables) -> list[str]:
    """Return the areas that are no neighbours: phases that another speaks for, or of the project.

    A project's phases have one account: it is told of once, at the phase that leads it; where that
    one is perhaps exempt, at the largest that is asked for certain, which then may lead.
    """
    was, now = leads(before.areas), leads(after.areas)
    mine = set(now[proposal.plots.frame.index])
    speaks = _speakers(before.areas, was)
    return [str(a) for a in was.index if speaks[was[a]] != a or now.get(a, a) in mine]


def _speakers(areas: pd.DataFrame, lead: pd.Series) -> dict[str, str]:
    """Return leading phase → the phase by which a loss of its project is told."""
    found = {str(one): str(one) for one in lead}
    if "quota_exempt_perhaps" not in areas:
        return found
    open_ = areas["quota_exempt_perhaps"].astype(bool)
    asked = areas[~open_ & ~areas["quota_exempt"].astype(bool)]
    for one in lead.index[open_ & (lead == lead.index)]:
        mine = asked[lead.reindex(asked.index) == one]
        if len(mine):
            found[str(one)] = str(mine["counted"].astype(float).fillna(0.0).idxmax())
    return found


def _effect(
    study: Study, proposal: Proposal, area: str, rule: Rule[Options], sides: tuple[Judged, Judged]
) -> SideEffect | None:
    (had, could), (has, can) = (_credit(tables, area, rule) for tables, _ in sides)
    was, now = (judged[rule.id].findings.loc[area] for _, judged in sides)
    change = has - had
    same = was["status"] == now["status"]
    blocking = was["status"] == Status.COMPLIANT and now["status"] == Status.DEFICIENT
    open_ = not blocking and _may_lose(was, now, (change, can - could))
    kept = rule.measure == "radius" or (same and meets(change, "=", 0.0))
    if kept and not (blocking or open_):  # of a radius only what a plan takes away is told
        return None
    need = float(now["required_high"])
    remedy = _remedy(study, proposal, area, rule, max(need - has, 0.0)) if blocking else None
    return SideEffect(
        residential=area,
        name=str(study.residential.frame.at[area, "name"]),
        clause=rule.id,
        facilities=_whose(proposal, area, rule, sides, gain=change > 0),
        required=need if rule.measure == "provision" and np.isfinite(need) else None,
        before_m2=had,
        after_m2=has,
        change_m2=change,
        status_before=Status(was["status"]),
        status_after=Status(now["status"]),
        blocking=bool(blocking),
        open=bool(open_),
        remedy=remedy,
        curable=None if remedy is None else remedy.code not in _ELSEWHERE,
    )


def _may_lose(was: pd.Series, now: pd.Series, changes: tuple[float, float]) -> bool:
    """Return whether a clause may have been met before and may be missed then.

    What is open because nobody knows if an area is exempt goes by what is found of it if it is not.
    ``changes``: of the m² that count for certain, and of those that may.
    """
    if was["status"] == now["status"] and not any(meets(one, "<", 0.0) for one in changes):
        return False
    if not {was["status"], now["status"]} <= _MAY_MEET | _MAY_MISS:
        return False
    before, then = (_if_asked(row) for row in (was, now))
    return before in _MAY_MEET and then in _MAY_MISS


def _if_asked(row: pd.Series) -> object:
    """Return the status of a finding; of what is perhaps exempt, that if it is not."""
    reason = row["reason"]
    open_ = row["status"] == Status.NOT_ASSESSED and isinstance(reason, Reason)
    return row["decided"] if open_ and reason.code in PERHAPS_EXEMPT else row["status"]


def _promised(
    study: Study, proposal: Proposal, area: str, rule: Rule[Options], sides: tuple[Judged, Judged]
) -> SideEffect | None:
    """Return that rooms which the proposal promises a neighbour count nothing there, and why."""
    after, judged = sides[1]
    now = judged[rule.id].findings.loc[area]
    vain = _in_vain(proposal, after, area, now["status"]) if rule.measure == "provision" else None
    if vain is None:
        return None
    has, need = _credit(after, area, rule)[0], float(now["required_high"])
    return SideEffect(
        residential=area,
        name=str(study.residential.frame.at[area, "name"]),
        clause=rule.id,
        facilities=(),
        required=need if np.isfinite(need) else None,
        before_m2=has,
        after_m2=has,
        change_m2=0.0,
        status_before=Status(now["status"]),
        status_after=Status(now["status"]),
        blocking=False,
        open=False,
        remedy=vain,
        curable=None,
    )


def _in_vain(proposal: Proposal, after: Tables, area: str, status: object) -> Reason | None:
    """Return why rooms that the proposal promises a neighbour count nothing there; None: else."""
    if after.account is None or status == Status.NOT_APPLICABLE:
        return None
    rows = proposal.sharing
    promised = set(rows.loc[rows["residential"].astype(str) == area, "facility"].astype(str))
    notes = after.account.notes.get(leads(after.areas)[area], ())
    told = [n for n in notes if n.code in _IN_VAIN and str(n.params["facility"]) in promised]
    if status == Status.COMPLIANT:  # it needs no more: that nothing is left for it says nothing
        told = [n for n in told if n.code is not ReasonCode.ASIDE_USED]
    return next(iter(told), None)


def _credit(tables: Tables, area: str, rule: Rule[Options]) -> tuple[float, float]:
    """Return the m² that count for certain, and that may; 0 for a clause that counts none."""
    key = (leads(tables.areas)[area], rule.id)
    if tables.account is None or key not in tables.account.frame.index:
        return 0.0, 0.0
    low, high = credited(tables.account.frame.loc[[key]], rule).iloc[0]
    return float(low), float(high)


def _given(tables: Tables, area: str, clause: str) -> pd.Series:
    rows = tables.account.allocation if tables.account is not None else None
    if rows is None:
        raise ValueError("no account")
    mine = (rows["residential"] == leads(tables.areas)[area]) & (rows["clause"] == clause)
    counted = rows["basis"].isin(["own", "recorded"])
    total: pd.Series = rows[mine & counted].groupby("facility")["m2"].sum()
    return total


def _givers(sides: tuple[Judged, Judged], area: str, clause: str, *, gain: bool) -> tuple[str, ...]:
    """Return the facilities that give the area less than before, or more."""
    was, now = (_given(tables, area, clause) for tables, _ in sides)
    change = now.sub(was, fill_value=0.0)
    told = change[meets(change, ">" if gain else "<", 0.0)]
    return tuple(sorted(map(str, told.index)))


def _taken(proposal: Proposal, before: Tables, area: str, clause: str) -> tuple[str, ...]:
    """Return what is pulled down of what may be the area's."""
    if before.account is None:
        return ()
    places = before.account.places
    mine = (places["residential"] == leads(before.areas)[area]) & (places["clause"] == clause)
    gone = mine & (places["m2_high"] > 0) & places["facility"].isin(proposal.removes)
    return tuple(sorted(set(map(str, places.loc[gone, "facility"]))))


def _whose(
    proposal: Proposal,
    area: str,
    rule: Rule[Options],
    sides: tuple[Judged, Judged],
    *,
    gain: bool,
) -> tuple[str, ...]:
    """Return the facilities by which an area gains or loses.

    Of a radius the one that is pulled down and by which the area was within it.
    """
    if rule.measure != "radius":
        given = _givers(sides, area, rule.id, gain=gain)
        return given or _taken(proposal, sides[0][0], area, rule.id)
    reason = sides[0][1][rule.id].findings.at[area, "reason"]
    name = reason.params.get("facility") if isinstance(reason, Reason) else None
    return (str(name),) if name in proposal.removes else ()


def _remedy(
    study: Study, proposal: Proposal, area: str, rule: Rule[Options], short: float
) -> Reason:
    """Return the rooms to plan for a neighbour, or that they would be too far away to count."""
    params = {"residential": area, "m2": short}
    if rule.measure == "radius":
        near: dict[str, object] = {"residential": area, "limit_m": rule.value}
        away = _away(study, proposal, area)
        if away is None or rule.value is None or meets(away, ">", rule.value):
            return Reason(ReasonCode.REMEDY_NONE_WITHIN, near)
        group = group_of(rule.kinds) or "community"
        return Reason(ReasonCode.REMEDY_PLAN_WITHIN, {**near, "reach_group": group})
    if rule.measure != "provision":  # it counts facilities, not m²
        return Reason(ReasonCode.REMEDY_NONE_OF_OWN, {"residential": area})
    options, shares, radius = rule.options, False, study.parameters.sharing_radius_m
    if isinstance(options, ProvisionOptions):
        shares = options.sharing != "none"
        radius = radius if options.sharing_radius_m is None else options.sharing_radius_m
    away = _away(study, proposal, area)
    if not shares or away is None:
        return Reason(ReasonCode.REMEDY_NONE_INSIDE, params)
    if radius is not None and meets(away, ">", float(radius)):
        return Reason(ReasonCode.REMEDY_NONE_INSIDE, params)
    return Reason(ReasonCode.REMEDY_PLAN_FOR, params)


def _away(study: Study, proposal: Proposal, area: str) -> float | None:
    """Return the metres from an area's representative point to the nearest plot; None: no place."""
    spot = study.residential.frame.geometry[area]
    if spot is None:
        return None
    plots = proposal.plots.frame.geometry.to_numpy()
    place = shapely.points(representative_points([spot], study.crs))
    return float(np.min(shapely.distance(plots, place)))
