"""How sure a plan is: the same question asked otherwise, and what stands that could close."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import both, members
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.results.siting_plan import Closing, SitingNote, Variant
from lifecircle.model.siting.words import COVERING
from lifecircle.model.status import Stage, Status
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.plans.ground import costs_of
from lifecircle.siting.plans.question import met, status_of
from lifecircle.siting.plans.quotas import arranges, quotas_of
from lifecircle.siting.plans.reaching import nearest_today, reach_task
from lifecircle.siting.search.effort import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.plans.question import Question
    from lifecircle.siting.plans.reaching import Reaching
    from lifecircle.siting.provision import Provision

__all__ = [
    "SPEEDS",
    "closings_of",
    "quota_closings_of",
    "quota_variants_of",
    "variants_of",
]

SPEEDS = (0.8, 1.0, 10 / 9, 1.25)
"""Walking speeds that are asked, m/s: those of the sensitivity."""
_FELT_M2 = 0.01
_CLOSED = 5
"""Existing places of which closing is judged: those that lose least by the table of costs."""


def variants_of(question: Question, plan: Reaching) -> tuple[Variant, ...]:
    """Return the best choices with one place less and one more, and at other walking speeds.

    At another speed others may be planned for: those who do not meet the clause then. Speeds are
    left out where a ferry's time stands among the walks, which no walking speed changes.
    """
    if question.watch.stop or not question.candidates:
        return ()
    return (*_more_or_less(question, plan), *_speeds(question, plan))


def _more_or_less(question: Question, plan: Reaching) -> Iterator[Variant]:
    count = len(plan.answer.sites)
    model = "mclp" if plan.wanted.model in COVERING else plan.wanted.model
    numbers = (count - 1,) if plan.wanted.model == "lscp" else (count - 1, count + 1)
    for number in numbers:
        if number > 0:
            wanted = Wanted(model, plan.wanted.limit, number)
            found = _variant("sites", number, plan.task, wanted, question, plan)
            if set(found.sites) != set(plan.answer.sites):  # else one more gains nothing
                yield found


def _speeds(question: Question, plan: Reaching) -> Iterator[Variant]:
    context, own = question.whole.case.context, question.study.parameters.walk_speed_m_s
    if question.rule.measure != "walk" or plan.wanted.model not in COVERING:
        return
    if context.landlocked is not None or context.travel is not None:
        return
    everybody = question.everybody
    today = nearest_today(question, everybody)
    for speed in SPEEDS:
        if abs(speed - own) < 1e-9:  # noqa: PLR2004 - the study's own
            continue
        limit = plan.wanted.limit * speed / own  # in minutes at the study's speed
        short = [a for a in everybody if not meets(today.get(a, ("", np.inf))[1], "<=", limit)]
        asked = dataclasses.replace(question, areas=short, weights=question.weights_of(short))
        wanted = dataclasses.replace(plan.wanted, limit=limit)
        task = reach_task(asked, plan.costs, wanted)
        yield _variant("speed", speed, task, wanted, question, plan)


def _variant(
    asked: str, value: float, task: SitingTask, wanted: Wanted, question: Question, plan: Reaching
) -> Variant:
    answer = choose_sites(task, wanted, Watch(question.watch.effort))
    mine = set(plan.answer.sites)
    stay = tuple(site for site in answer.sites if site in mine)
    return Variant(asked, float(value), answer.objective, answer.sites, stay)


def quota_variants_of(question: Question, found: Provision) -> tuple[Variant, ...]:
    """Return the best plans for quotas with one place less and one more.

    With one less somebody stays short, by as little as can be; one more is told where it saves m².
    m² are shared along a straight line: no walking speed changes a plan, which is noted.
    """
    mine = set(found.answer.sizes)
    if question.watch.stop or not mine:
        return ()
    question.offered.notes.append(SitingNote("speed_no_matter", ()))
    told = []
    fewer, more = found.with_one_less(), None
    if not question.wish.cheapest:  # the least price has as many places as pay
        more = found.with_one_more()
    if more is not None and not more.m2 < found.answer.m2 - _FELT_M2:
        more = None
    for number, one in ((len(mine) - 1, fewer), (len(mine) + 1, more)):
        if one is not None:
            stay = tuple(site for site in one.sites if site in mine)
            unmet = round(one.unmet, 2)
            told.append(Variant("sites", float(number), one.m2, one.sites, stay, unmet))
    return tuple(told)


def quota_closings_of(question: Question, after: Bench) -> tuple[Closing, ...]:
    """Return the existing places whose closing would lose least m², the plan's places in use.

    Those of which least m² earn credit are closed one by one and judged.
    """
    rows, now = question.bench.bare.facilities, after.bare.facilities
    standing = (rows["built"] == 1) & (rows["quota_m2_low"] > 0)
    mine = [str(one) for one in rows.index[standing]]
    left = after.account.unassigned
    spare = {} if left is None else {str(one): float(m2) for one, m2 in left.items()}
    used = {one: float(now.at[one, "quota_m2_low"]) - spare.get(one, 0.0) for one in mine}
    chosen = sorted(mine, key=lambda place: (round(used[place], 2), place))[:_CLOSED]
    weights = question.weights_of(list(status_of(after, question.wish.clause)))
    always = arranges(quotas_of(question))
    found = [_closed(question, after, place, weights, arranging=always) for place in chosen]
    return tuple(sorted(found, key=lambda one: (one.lost_weight, len(one.loses), one.facility)))


def closings_of(question: Question, after: Bench) -> tuple[Closing, ...]:
    """Return the existing places whose closing would lose least, the plan's places in use.

    Those that lose least by the table of costs are closed one by one and judged.
    """
    bench, rule = question.bench, question.rule
    rows = bench.bare.facilities
    kinds = bench.bare.reach_kinds[rule.reach_key]
    mine = rows.index[(both(members(rows, kinds), rows["open"]) == 1) & rows["x"].notna()]
    now = after.bare.facilities
    serving = now.index[(both(members(now, kinds), now["open"]) == 1) & now["x"].notna()]
    costs = costs_of(bench, rule, after, [str(one) for one in serving])
    fine = met(after, question.wish.clause)
    loses = _alone(costs, [a for a, yes in fine.items() if yes], float(rule.value or 0.0))
    weights = question.weights_of(list(fine))
    guess = {str(p): sum(weights[a] for a in loses.get(str(p), ())) for p in mine}
    chosen = sorted(guess, key=lambda place: (guess[place], place))[:_CLOSED]
    found = [_closed(question, after, place, weights) for place in chosen]
    return tuple(sorted(found, key=lambda one: (one.lost_weight, one.facility)))


def _alone(costs: pd.DataFrame, areas: list[str], limit: float) -> dict[str, list[str]]:
    """Return place → areas that it alone has within the limit."""
    near = np.asarray(meets(costs.loc[areas].to_numpy(dtype=float), "<=", limit))
    only = near & (near.sum(axis=1) == 1)[:, None]
    return {
        str(place): [areas[i] for i in np.flatnonzero(only[:, column])]
        for column, place in enumerate(costs.columns)
    }


def _closed(
    question: Question,
    after: Bench,
    place: str,
    weights: dict[str, float],
    *,
    arranging: bool = False,
) -> Closing:
    frame = after.case.given.facilities.frame.copy()
    frame.loc[place, "stage"] = Stage.CLOSED
    closed = after.changed(facilities=Layer("facilities", frame), arranging=arranging)
    clause = question.wish.clause
    old, new = status_of(after, clause), status_of(closed, clause)
    fine, then = met(after, clause), met(closed, clause)
    # one that is perhaps exempt is 待核实 before and after: what it loses goes by its figure
    changed = {area for area in old if old[area] != new[area] or (fine[area] and not then[area])}
    loses = sorted(a for a in changed if new[a] == str(Status.DEFICIENT))
    open_ = sorted(a for a in changed if new[a] == str(Status.NOT_ASSESSED))
    return Closing(
        facility=place,
        name=str(frame.at[place, "name"]),
        loses=tuple(loses),
        lost_weight=float(sum(weights[area] for area in loses)),
        undecided=tuple(open_),
    )
