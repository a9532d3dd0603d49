"""site(): where to build so that a clause is met, and the proof of it by judging again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.results.siting_plan import SitingPlan
from lifecircle.model.status import StageView
from lifecircle.siting.plans.hosting import plan_districts
from lifecircle.siting.plans.origin import plan_origin, with_arranged
from lifecircle.siting.plans.question import Wish, by_m2, pose, status_of
from lifecircle.siting.plans.quotas import plan_quota
from lifecircle.siting.plans.reaching import plan_reach
from lifecircle.siting.plans.robust import (
    closings_of,
    quota_closings_of,
    quota_variants_of,
    variants_of,
)
from lifecircle.siting.search.effort import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.siting_plan import PlannedPlace
    from lifecircle.siting.plans.question import Question

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
    cheapest: bool = False,
    generate: bool = False,
    close: bool = False,
    watch: Watch | None = None,
) -> SitingPlan:
    """Plan where to build so that a clause on reach or a quota of floor area is met.

    Existing facilities stay; what does not meet the clause is planned for. The plan is judged: its
    rates before and after are the result, and a plan that is worth anything else is an error.

    Parameters
    ----------
    clause
        Id of a clause on the radius or the walk, or of a reference check (``REF-walk-canteen``);
        or of a quota of floor area, or of a rate of quotas: then places have sizes; or on service
        districts: then units are given to hosts, and nothing is built.
    sites, budget
        Most places to add, most of them in cost (by the candidates' own, 10,000 yuan; where none
        has one each costs 1); neither: all areas are to be served (``lscp``).
    model
        ``lscp``, ``mclp``, ``p-median`` or ``p-center``; default the first two by ``sites`` and
        ``budget``. The last two look at everybody whom the clause is about, not at those alone who
        do not meet it.
    weight
        What cover most counts: areas, households, population or elders.
    kind
        Kind to plan; default the least that the clause counts.
    include_undecided
        Plan for areas 待核实 too. Exempt areas and those 不适用 are never planned for.
    cheapest
        The least cost by the candidates' own instead of the fewest places (and then m²).
    generate
        Offer positions on streets inside or beside the areas planned for, too.
    close
        Tell which existing places could close with the least loss, the plan's in use.

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
        cheapest=cheapest,
        generate=generate,
        close=close,
    )
    question = pose(study, wish, watch or Watch())
    if question.rule.measure == "assignment":
        plan = _district_plan(question)
    else:
        plan = _reach_plan(question) if not by_m2(question.rule) else _quota_plan(question)
    return with_arranged(plan, question.bench)


def _reach_plan(question: Question) -> SitingPlan:
    found, rule = plan_reach(question), question.rule
    return SitingPlan(
        **_asked(question, found.after, found.places),
        measure=rule.measure,
        unit="min" if rule.measure == "walk" else "m",
        answer=found.answer,
        provision=None,
        places=found.places,
        records=(),
        deficits={},
        area_by_area=None,
        alternatives=found.alternatives,
        curve=found.curve,
        variants=variants_of(question, found),
        closing=closings_of(question, found.after) if question.wish.close else (),
    )


def _quota_plan(question: Question) -> SitingPlan:
    found = plan_quota(question)
    variants = quota_variants_of(question, found.found)
    closing = quota_closings_of(question, found.after) if question.wish.close else ()
    return SitingPlan(
        **_asked(question, found.after, found.places),
        measure="provision",
        unit="m",
        answer=None,
        provision=found.answer,
        places=found.places,
        records=found.records,
        deficits=found.deficits,
        area_by_area=found.area_by_area,
        alternatives=found.alternatives,
        curve=found.curve,
        variants=variants,
        closing=closing,
    )


def _district_plan(question: Question) -> SitingPlan:
    bench = question.bench
    found = plan_districts(bench, sites=question.wish.sites, watch=question.watch)
    question.offered.notes.extend(found.notes)
    return SitingPlan(
        **_asked(question, bench, ()),
        measure="assignment",
        unit="min",
        answer=None,
        provision=None,
        places=(),
        records=(),
        deficits={},
        area_by_area=None,
        alternatives=found.alternatives,
        curve=(),
        variants=found.variants,
        closing=(),
        districts=found.districts,
    )


def _asked(question: Question, after: Bench, places: Sequence[PlannedPlace]) -> dict[str, Any]:
    """Return what every plan says: what was asked, and the judgement before and after."""
    wish, bench, study = question.wish, question.bench, question.study
    old, new = status_of(bench, wish.clause), status_of(after, wish.clause)
    return {
        "study": study.name,
        "standard": bench.rules.standard.id,
        "clause": wish.clause,
        "stage": str(bench.case.view),
        "as_of": study.as_of,
        "crs": study.crs,
        "weight": wish.weight,
        "include_undecided": wish.include_undecided,
        "planned_for": tuple(question.areas),
        "unweighted": question.unweighted,
        "notes": tuple(question.offered.notes),
        "before": tuple(bench.one(wish.clause).result.rates),
        "after": tuple(after.one(wish.clause).result.rates),
        "statuses": {area: (old[area], new[area]) for area in question.areas},
        "origin": plan_origin(bench, question.rule, places, question.areas),
    }
