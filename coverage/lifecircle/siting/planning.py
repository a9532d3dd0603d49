"""site(): where to build so that a clause is met, and the proof of it by judging again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.errors import SitingError, UnknownNameError
from lifecircle.model.finding import meets
from lifecircle.model.results.siting_plan import (
    WEIGHTS,
    Alternative,
    CurvePoint,
    PlannedPlace,
    SitingPlan,
)
from lifecircle.model.siting.task import siting_task
from lifecircle.model.status import StageView, Status
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.candidates import candidates_of, costs_of, kind_for, with_built
from lifecircle.siting.ranking import best_choices, building_order, gain_curve
from lifecircle.siting.search.effort import Watch
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.siting import SitingAnswer
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.siting.task import SitingTask
    from lifecircle.siting.candidates import Candidate

__all__ = ["site"]

_ALTERNATIVES = 5
_CURVE = 12
"""Most sites that the curve goes to: beyond, a further one is not worth a search."""
_WEIGHT_COLUMNS = {"households": "counted", "population": "population", "elders": "elders"}


def site(  # noqa: PLR0913 - each is a choice of its own, by name
    study: Study,
    clause: str,
    *,
    sites: int | None = None,
    budget: float | None = None,
    model: str | None = None,
    weight: str = "households",
    kind: str | None = None,
    standard: str | None = None,
    view: StageView | str = StageView.NOW,
    include_undecided: bool = False,
    watch: Watch | None = None,
) -> SitingPlan:
    """Plan where to build so that a clause on reach is met.

    Existing facilities stay; what does not meet the clause is planned for. The plan is judged: its
    rates before and after are the result, and a plan that is worth anything else is an error.

    Parameters
    ----------
    clause
        Id of a clause on the radius or the walk, or of a reference check (``REF-walk-canteen``).
    sites, budget
        Most places to add, most of them in price (each candidate costs 1); neither: all areas
        are to be served (``lscp``).
    model
        ``lscp`` or ``mclp``; default by ``sites`` and ``budget``.
    weight
        What cover most counts: areas, households, population or elders.
    kind
        Kind to plan; default the least that the clause counts.
    include_undecided
        Plan for areas 待核实 too. Exempt areas and those 不适用 are never planned for.

    Raises
    ------
    SitingError
        The clause is not one of reach at points, or there is no candidate, or the plan as judged
        differs from the plan as chosen.
    UnknownNameError
        There is no such clause or weight.
    """
    if weight not in WEIGHTS:
        raise UnknownNameError("weight", weight, WEIGHTS)
    case = open_case(study, view)
    bench = open_bench(case, read_standard(standard or study.standards[0]), references=True)
    rule = _rule(bench, clause)
    planned = kind_for(rule, kind)
    candidates = candidates_of(study, bench, rule)
    if not candidates:
        raise SitingError("no_candidates")
    areas = _planned_for(bench, clause, include_undecided=include_undecided)
    weights, unweighted = _weights(bench, areas, weight)
    task = _task(weights, candidates, costs_of(bench, rule, candidates, planned))
    every = sites is None and budget is None
    wanted = Wanted(model or ("lscp" if every else "mclp"), float(rule.value or 0.0), sites, budget)
    watch = watch or Watch()
    answer = choose_sites(task, wanted, watch)
    built = [one for one in candidates if one.id in answer.sites]
    after = bench.changed(facilities=with_built(case.study, built, planned), arranging=False)
    _prove(bench, after, clause, answer, areas)
    alternatives, curve = _more(task, wanted, answer, watch)
    old, new = _status(bench, clause), _status(after, clause)
    return SitingPlan(
        study=study.name,
        standard=bench.rules.standard.id,
        clause=clause,
        stage=str(case.view),
        as_of=study.as_of,
        weight=weight,
        include_undecided=include_undecided,
        planned_for=tuple(areas),
        unweighted=unweighted,
        answer=answer,
        places=_places(task, wanted, answer, candidates, planned),
        alternatives=alternatives,
        curve=curve,
        before=tuple(bench.one(clause).result.rates),
        after=tuple(after.one(clause).result.rates),
        statuses={area: (old[area], new[area]) for area in areas},
    )


def _status(bench: Bench, clause: str) -> dict[str, str]:
    """Return subject → status."""
    found = bench.one(clause).findings["status"]
    return {str(name): str(status) for name, status in found.items()}


def _met(bench: Bench, clause: str) -> dict[str, bool]:
    """Return subject → whether its figure meets the clause, be it the clause's subject or not.

    An area is 待核实 for its figure, or because nobody knows whether the clause is about it: only
    the figure can be mended by building.
    """
    found = bench.one(clause).findings["decided"]
    return {str(name): str(one) == str(Status.COMPLIANT) for name, one in found.items()}


def _planned_for(bench: Bench, clause: str, *, include_undecided: bool) -> list[str]:
    """Return the areas that do not meet the clause, and those that may not where asked."""
    asked = {str(Status.DEFICIENT)}
    if include_undecided:
        asked.add(str(Status.NOT_ASSESSED))
    met = _met(bench, clause)
    return [a for a, status in _status(bench, clause).items() if status in asked and not met[a]]


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


def _rule(bench: Bench, clause: str) -> Rule[Options]:
    if not bench.has(clause):
        known = [rule.id for rule in (*bench.rules, *bench.references)]
        raise UnknownNameError("clause", clause, known)
    rule = bench.rule(clause)
    if rule.measure not in {"radius", "walk"} or rule.value is None:
        raise SitingError("not_reach", clause=clause)
    if rule.readings.get("A14", "point") != "point":
        raise SitingError("by_share", clause=clause)
    return rule


def _weights(
    bench: Bench, areas: list[str], weight: str
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the weight of each area planned for, and those without one."""
    if weight == "areas":
        return dict.fromkeys(areas, 1.0), ()
    column: pd.Series = bench.bare.areas[_WEIGHT_COLUMNS[weight]].astype(float)
    unknown = tuple(area for area in areas if pd.isna(column[area]))
    return {a: 0.0 if pd.isna(column[a]) else float(column[a]) for a in areas}, unknown


def _prove(
    before: Bench, after: Bench, clause: str, answer: SitingAnswer, areas: list[str]
) -> None:
    """Hold the plan to the judgement: whom it says it serves, and nobody else, meets the clause.

    Raises
    ------
    SitingError
        They differ.
    """
    old, new = _met(before, clause), _met(after, clause)
    served = {area for area in areas if new[area]}
    lost = [area for area, met in old.items() if met and not new[area]]
    wrong = sorted(served ^ set(answer.assigned)) + lost
    if wrong:
        raise SitingError("proof", clause=clause, names=wrong, count=len(wrong))


def _places(
    task: SitingTask,
    wanted: Wanted,
    answer: SitingAnswer,
    candidates: tuple[Candidate, ...],
    kind: str,
) -> tuple[PlannedPlace, ...]:
    """Return the chosen places in the order of building."""
    by_id: Mapping[str, Candidate] = {one.id: one for one in candidates}
    weight = dict(zip(task.demand, task.weight, strict=True))
    reach: dict[str, list[str]] = {name: [] for name in answer.sites}
    alone = {
        (task.demand[i], task.sites[j])
        for i, j, c in zip(task.row, task.column, task.cost, strict=True)
        if meets(c, "<=", wanted.limit)
    }
    for area, name in sorted(alone):
        if name in reach:
            reach[name].append(area)
    places, served = [], set()
    for name in building_order(task, wanted.limit, answer.sites):
        one = by_id[name]
        fresh = [area for area in reach[name] if area not in served]
        served |= set(fresh)
        places.append(
            PlannedPlace(
                candidate=one.id,
                facility=one.facility,
                name=one.name,
                nature=one.nature,
                kind=kind,
                unit=one.unit,
                community=one.community,
                floor_area_m2=one.floor_area_m2,
                x=one.x,
                y=one.y,
                serves=tuple(reach[name]),
                gains=tuple(fresh),
                gained_weight=float(sum(weight[area] for area in fresh)),
            )
        )
    return tuple(places)


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
    curve, last = [], 0.0
    for point in gain_curve(task, wanted.limit, _CURVE, watch.effort):
        value = float(point.objective or 0.0)
        curve.append(CurvePoint(len(point.sites), value, value - last, point.proven))
        last = value
    return tuple(others[:_ALTERNATIVES]), tuple(curve)
