"""Places for a clause on radius or walk, and the proof that they are worth what they say."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.case.built import with_built
from lifecircle.errors import SitingError
from lifecircle.model.finding import meets
from lifecircle.model.results.siting_plan import CurvePoint, SitingNote
from lifecircle.model.siting.task import siting_task
from lifecircle.model.siting.words import COVERING
from lifecircle.reach.alone import hangs_on_gates
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.plans.apart import cost_of, reached_by, told_apart
from lifecircle.siting.plans.candidates import as_built
from lifecircle.siting.plans.ground import costs_of
from lifecircle.siting.plans.question import cured, met
from lifecircle.siting.plans.telling import Share, told_places
from lifecircle.siting.ranking import best_choices, building_order, gain_curve, walking_order
from lifecircle.siting.search import reduction
from lifecircle.siting.search.effort import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.results.siting_plan import Alternative, PlannedPlace
    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.plans.candidates import Candidate
    from lifecircle.siting.plans.question import Question

__all__ = ["Reaching", "nearest_today", "plan_reach", "reach_task", "worth_keeping"]

_ALTERNATIVES = 5
_CURVE = 12
"""Most sites that the curve goes to: beyond, a further one is not worth a search."""
_PAYS = 0.1
"""A further site pays that gains this share of what the first gained."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """A plan for a clause on reach, proven.

    ``after`` is the bench with its places in use; ``costs`` area × candidate.
    """

    after: Bench
    costs: pd.DataFrame
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
    costs = costs_of(question.bench, rule, question.whole, [one.facility for one in candidates])
    costs = costs.set_axis([one.id for one in candidates], axis=1)
    every = wish.sites is None and wish.budget is None
    model = wish.model or ("lscp" if every else "mclp")
    wanted = Wanted(
        model, float(rule.value or 0.0), wish.sites, wish.budget, cheapest=wish.cheapest
    )
    task = reach_task(question, costs, wanted)
    answer = choose_sites(task, wanted, question.watch)
    built = [one for one in candidates if one.id in answer.sites]
    layer = with_built(question.bench.case.study, as_built(built, question.kind))
    after = question.bench.changed(facilities=layer, arranging=False)
    _prove(question, after, answer, costs)
    alternatives, curve = _more(question, task, wanted, answer)
    return Reaching(
        after=after,
        costs=costs,
        task=task,
        wanted=wanted,
        answer=answer,
        places=told_places(
            _order(task, wanted, answer, candidates),
            question.bench.bare.areas,
            question.weights,
            kind=question.kind,
            crs=question.study.crs,
            gained=cured(after, wish.clause, question.areas),
        ),
        alternatives=alternatives,
        curve=curve,
    )


def reach_task(question: Question, costs: pd.DataFrame, wanted: Wanted) -> SitingTask:
    """Return the choice as a table of costs.

    To cover, demand are the areas planned for. To walk less it is everybody whom the clause is
    about, and each one's nearest place today stays.
    """
    offered = question.offered
    prices = _prices(question)
    kept = [name for name in costs.columns if name in prices]
    covering = wanted.model in COVERING
    weights, fixed = question.weights, {}
    if not covering:
        weights = question.weights_of(question.everybody)
        fixed = nearest_today(question, weights)
    areas = list(weights)
    table = costs.loc[areas, kept].to_numpy(dtype=float)
    from_streets = {one.id for one in offered.candidates if one.source == "streets"}
    extra = np.array([name in from_streets for name in kept], dtype=bool)
    keep = worth_keeping(table, extra, wanted.limit if covering else None)
    pairs = [
        (areas[i], kept[j], float(table[i, j]))
        for i, j in np.argwhere(np.isfinite(table) & keep[None, :])
    ]
    pairs += [(area, place, cost) for area, (place, cost) in fixed.items()]
    return siting_task(
        weights,
        pairs,
        sites={name: prices[name] for name, stays in zip(kept, keep, strict=True) if stays},
        fixed={place for place, _ in fixed.values()},
    )


def _prices(question: Question) -> dict[str, float]:
    """Return what each candidate takes of a budget: its own cost where any has one, else 1."""
    wish, candidates = question.wish, question.candidates
    costs = {one.id: one.cost(one.floor_area_m2) for one in candidates}
    if wish.budget is None and not wish.cheapest:
        return dict.fromkeys(costs, 1.0)
    known = {name: cost for name, cost in costs.items() if cost is not None}
    if not known:
        question.offered.notes.append(SitingNote("no_prices", ()))
        return dict.fromkeys(costs, 1.0)
    question.offered.note("price_unknown", costs.keys() - known.keys())
    return known


def nearest_today(question: Question, areas: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Return area → its nearest place in use and the cost, in the clause's unit."""
    reach = question.bench.bare.reach[question.rule.reach_key].frame.loc[list(areas)]
    if question.rule.measure == "radius":
        cost, place = reach["radius_m"].astype(float), reach["radius_facility"]
    else:
        minute = question.study.parameters.walk_speed_m_s * 60.0
        cost, place = reach["walk_m"].astype(float) / minute, reach["walk_facility"]
    return {
        str(area): (str(name), float(value))
        for area, name, value in zip(reach.index, place, cost, strict=True)
        if np.isfinite(value) and isinstance(name, str)
    }


def worth_keeping(
    table: NDArray[np.float64], extra: NDArray[np.bool_], limit: float | None
) -> NDArray[np.bool_]:
    """Return which places to keep: all listed ones, and generated ones that nothing outdoes.

    To cover, a place is outdone that serves nobody whom another does not serve as well; to walk
    less, one that is nearer to nobody. Of equals a listed one stays, else the first. No choice is
    worse without what is outdone.

    Parameters
    ----------
    table
        float64 (areas, places), costs; inf: not reached.
    extra
        bool (places,): generated, not listed.
    limit
        To cover, the largest cost that counts, inclusive; None: to walk less.
    """
    keep = ~extra
    if not extra.any():
        return keep
    if limit is not None:
        near = np.asarray(meets(table, "<=", limit))
        served, by = np.nonzero(near)
        matrix = reduction.cover_of(served, by, (near.shape[0], near.shape[1]))
        return keep | reduction.undominated_columns(matrix, np.where(extra, 2.0, 1.0))
    useful = np.isfinite(table).any(axis=0)
    for column in np.flatnonzero(extra & useful):
        rivals = table <= table[:, [column]]
        same = table == table[:, [column]]
        beats = rivals.all(axis=0) & (~same.all(axis=0) | ~extra | (np.arange(len(extra)) < column))
        beats[column] = False
        keep[column] = not beats.any()
    return keep


def _prove(question: Question, after: Bench, answer: SitingAnswer, costs: pd.DataFrame) -> None:
    """Hold the plan to the judgement: who meets the clause, and how far everybody's way is.

    Of an area that may be left by one of several gates, nobody knows which, two places may be
    nearer together than either is alone: it may be judged better than planned.

    Raises
    ------
    SitingError
        They differ.
    """
    clause, limit = question.wish.clause, float(question.rule.value or 0.0)
    old, new = met(question.bench, clause), met(after, clause)
    served = {area for area in question.areas if new[area]}
    lost = {area for area, fine in old.items() if fine and not new[area]}
    chosen = (
        costs[list(answer.sites)].min(axis=1) if answer.sites else pd.Series(np.inf, costs.index)
    )
    if answer.model in COVERING:
        said = set(answer.assigned)
    else:
        said = {area for area in question.areas if meets(float(chosen[area]), "<=", limit)}
    before, way = (
        pd.Series({area: cost for area, (_, cost) in nearest_today(one, costs.index).items()})
        for one in (question, dataclasses.replace(question, bench=after))
    )
    told = np.fmin(chosen, before.reindex(costs.index).fillna(np.inf))[list(answer.assigned)]
    judged = way.reindex(told.index).fillna(np.inf)
    better = set(costs.index[hangs_on_gates(question.whole.case.context)])
    otherwise = set(told.index[~np.asarray(meets(judged, "=", told))])
    farther = set(told.index[np.asarray(meets(judged, ">", told))])
    wrong = (said - served) | lost | farther | (((served - said) | otherwise) - better)
    if wrong:
        raise SitingError("proof", clause=clause, names=sorted(wrong), count=len(wrong))


def _order(
    task: SitingTask, wanted: Wanted, answer: SitingAnswer, candidates: tuple[Candidate, ...]
) -> list[tuple[Candidate, float | None, list[Share]]]:
    """Return the chosen places in the order of building, and whom each reaches or is nearest."""
    by_id = {one.id: one for one in candidates}
    reach: dict[str, list[Share]] = {name: [] for name in answer.sites}
    covering = wanted.model in COVERING
    for i, j, cost in zip(task.row, task.column, task.cost, strict=True):
        name, area = task.sites[j], task.demand[i]
        if name not in reach:
            continue
        if meets(cost, "<=", wanted.limit) if covering else answer.assigned.get(area) == name:
            reach[name].append(Share(area, None, float(cost)))
    if covering:
        order = building_order(task, wanted.limit, answer.sites)
    else:
        order = walking_order(task, answer.sites)
    return [(by_id[name], None, sorted(reach[name], key=lambda one: one.area)) for name in order]


def _more(
    question: Question, task: SitingTask, wanted: Wanted, answer: SitingAnswer
) -> tuple[tuple[Alternative, ...], tuple[CurvePoint, ...]]:
    """Return the next best choices, and what each number of sites could cover."""
    if question.watch.stop:
        return (), ()
    mine, here = set(answer.sites), reached_by(task, wanted.limit, answer.sites)
    by_id = {one.id: one for one in question.candidates}
    others = [
        told_apart(
            value,
            sites,
            mine,
            cost=cost_of((by_id[site], by_id[site].floor_area_m2) for site in sites),
            met=(reached_by(task, wanted.limit, sites), here),
        )
        for value, sites in best_choices(task, wanted, _ALTERNATIVES + 1, question.watch.effort)
        if sites and set(sites) != mine
    ]
    curve: list[CurvePoint] = []
    none = choose_sites(task, dataclasses.replace(_most(wanted), sites=0, budget=None), Watch())
    last, sign = none.objective, 1.0 if wanted.model in COVERING else -1.0
    for point in gain_curve(task, wanted, _CURVE, question.watch.effort):
        value = float(point.objective or 0.0)
        gain = 0.0 if last is None else sign * (value - last)
        pays = not curve or gain >= _PAYS * curve[0].gain
        curve.append(CurvePoint(len(point.sites), value, gain, point.proven, pays))
        last = value
    return tuple(others[:_ALTERNATIVES]), tuple(curve)


def _most(wanted: Wanted) -> Wanted:
    """Return the same wish for a number of sites: to cover all is then to cover most."""
    model = "mclp" if wanted.model in COVERING else wanted.model
    return dataclasses.replace(wanted, model=model)
