"""site(): where to build so that a clause is met, and the proof of it by judging again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.results.siting_plan import SitingPlan
from lifecircle.model.status import StageView
from lifecircle.siting.plans.origin import plan_origin
from lifecircle.siting.plans.question import Wish, pose, status_of
from lifecircle.siting.plans.reaching import plan_reach
from lifecircle.siting.search.effort import Watch

if TYPE_CHECKING:
    from lifecircle.model.inputs.study import Study

__all__ = ["site"]


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
    wish = Wish(
        clause=clause,
        sites=sites,
        budget=budget,
        model=model,
        weight=weight,
        kind=kind,
        standard=standard,
        view=view,
        include_undecided=include_undecided,
    )
    question = pose(study, wish, watch or Watch())
    bench, rule = question.bench, question.rule
    found = plan_reach(question)
    old, new = status_of(bench, clause), status_of(found.after, clause)
    return SitingPlan(
        study=study.name,
        standard=bench.rules.standard.id,
        clause=clause,
        measure=rule.measure,
        unit="min" if rule.measure == "walk" else "m",
        stage=str(bench.case.view),
        as_of=study.as_of,
        crs=study.crs,
        weight=weight,
        include_undecided=include_undecided,
        planned_for=tuple(question.areas),
        unweighted=question.unweighted,
        answer=found.answer,
        provision=None,
        places=found.places,
        records=(),
        deficits={},
        area_by_area=None,
        alternatives=found.alternatives,
        curve=found.curve,
        variants=(),
        closing=(),
        notes=tuple(question.offered.notes),
        before=tuple(bench.one(clause).result.rates),
        after=tuple(found.after.one(clause).result.rates),
        statuses={area: (old[area], new[area]) for area in question.areas},
        origin=plan_origin(bench, rule, found.places, question.areas),
    )
