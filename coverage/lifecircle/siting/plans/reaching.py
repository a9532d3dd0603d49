"""Places for a clause on radius or walk, and the proof that they are worth what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.case.built import with_built
from lifecircle.errors import SitingError
from lifecircle.model.finding import meets
from lifecircle.model.results.siting_plan import Alternative, CurvePoint
from lifecircle.model.siting.task import siting_task
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.plans.candidates import as_built
from lifecircle.siting.plans.ground import costs_of
from lifecircle.siting.plans.question import met
from lifecircle.siting.plans.telling import Share, told_places
from lifecircle.siting.ranking import best_choices, building_order, gain_curve

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.results.siting_plan import PlannedPlace
    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.plans.candidates import Candidate
    from lifecircle.siting.plans.question import Question
    from lifecircle.siting.search.effort import Watch

__all__ = ["Reaching", "plan_reach"]

_ALTERNATIVES = 5
_CURVE = 12
"""Most sites that the curve goes to: beyond, a further one is not worth a search."""
_PAYS = 0.1
"""A further site pays that gains this share of what the first gained."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """A plan for a clause on reach, proven.

    ``after`` is the bench with its places in use.
    """

    after: Bench
    task: SitingTask
    wanted: Wanted
    answer: SitingAnswer
    places: tuple[PlannedPlace, ...]
    alternatives: tuple[Alternative, ...]
    curve: tuple[CurvePoint, ...]


def plan_reach(question: Question) -> Reaching:
    """Choose places for a clause on reach and put them back through the judgement.

    Raises
    ------
    SitingError
        The plan as judged differs from the plan as chosen.
    """
    wish, rule, candidates = question.wish, question.rule, question.candidates
    costs = costs_of(question.bench, rule, question.whole, candidates)
    task = _task(question.weights, candidates, costs)
    every = wish.sites is None and wish.budget is None
    model = wish.model or ("lscp" if every else "mclp")
    wanted = Wanted(model, float(rule.value or 0.0), wish.sites, wish.budget)
    answer = choose_sites(task, wanted, question.watch)
    built = [one for one in candidates if one.id in answer.sites]
    layer = with_built(question.bench.case.study, as_built(built, question.kind))
    after = question.bench.changed(facilities=layer, arranging=False)
    _prove(question.bench, after, wish.clause, answer, question.areas)
    alternatives, curve = _more(task, wanted, answer, question.watch)
    return Reaching(
        after=after,
        task=task,
        wanted=wanted,
        answer=answer,
        places=told_places(
            _order(task, wanted, answer, candidates),
            question.bench.bare.areas,
            question.weights,
            kind=question.kind,
            crs=question.study.crs,
        ),
        alternatives=alternatives,
        curve=curve,
    )


def _task(
    weights: Mapping[str, float],
    candidates: tuple[Candidate, ...],
    costs: Mapping[str, pd.Series],
) -> SitingTask:
    pairs = [
        (area, one.id, float(costs[one.id][area]))
        for one in candidates
        for area in weights
        if np.isfinite(costs[one.id][area])
    ]
    return siting_task(weights, pairs, sites={one.id: 1.0 for one in candidates})


def _prove(
    before: Bench, after: Bench, clause: str, answer: SitingAnswer, areas: list[str]
) -> None:
    """Hold the plan to the judgement: whom it says it serves, and nobody else, meets the clause.

    Raises
    ------
    SitingError
        They differ.
    """
    old, new = met(before, clause), met(after, clause)
    served = {area for area in areas if new[area]}
    lost = [area for area, met in old.items() if met and not new[area]]
    wrong = sorted(served ^ set(answer.assigned)) + lost
    if wrong:
        raise SitingError("proof", clause=clause, names=wrong, count=len(wrong))


def _order(
    task: SitingTask, wanted: Wanted, answer: SitingAnswer, candidates: tuple[Candidate, ...]
) -> list[tuple[Candidate, float | None, list[Share]]]:
    """Return the chosen places in the order of building, and whom each reaches."""
    by_id = {one.id: one for one in candidates}
    reach: dict[str, list[Share]] = {name: [] for name in answer.sites}
    for i, j, cost in zip(task.row, task.column, task.cost, strict=True):
        name = task.sites[j]
        if name in reach and meets(cost, "<=", wanted.limit):
            reach[name].append(Share(task.demand[i], None, float(cost)))
    return [
        (by_id[name], None, sorted(reach[name], key=lambda share: share.area))
        for name in building_order(task, wanted.limit, answer.sites)
    ]


def _more(
    task: SitingTask, wanted: Wanted, answer: SitingAnswer, watch: Watch
) -> tuple[tuple[Alternative, ...], tuple[CurvePoint, ...]]:
    """Return the next best choices, and what each number of sites could cover."""
    if watch.stop:
        return (), ()
    mine = set(answer.sites)
    others = [
        Alternative(
            objective=value,
            sites=sites,
            instead_of=tuple(sorted(mine - set(sites))),
            besides=tuple(sorted(set(sites) - mine)),
        )
        for value, sites in best_choices(task, wanted, _ALTERNATIVES + 1, watch.effort)
        if set(sites) != mine
    ]
    curve: list[CurvePoint] = []
    last = 0.0
    for point in gain_curve(task, wanted.limit, _CURVE, watch.effort):
        value = float(point.objective or 0.0)
        gain = value - last
        pays = not curve or gain >= _PAYS * curve[0].gain
        curve.append(CurvePoint(len(point.sites), value, gain, point.proven, pays))
        last = value
    return tuple(others[:_ALTERNATIVES]), tuple(curve)
