"""A future: the places of a siting plan taken as built, and what comes out otherwise by them."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from lifecircle.case.built import with_plan
from lifecircle.errors import SitingError
from lifecircle.judge.decision import with_flag
from lifecircle.model.finding import meets
from lifecircle.model.results.unbuilt import TodayFigures, Unbuilt
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.case.case import Case
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.finding import Rate
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["built_marked", "check_plan", "check_rates", "future_case"]

_FIGURES = ("measured", "required", "deficit")
_NAMED = 5
"""Most files that a refusal names."""


def check_plan(
    study: Study, plan: SitingPlan, standards: Iterable[str], view: str, *, varied: bool
) -> None:
    """Refuse a plan that is not of this study, or not of these rules.

    Parameters
    ----------
    standards
        Ids of the documents to be judged by.
    varied
        Whether a scenario changes them.

    Raises
    ------
    SitingError
        The plan is of another study, of other files, another view or another document, or rules
        are varied by a scenario besides.
    """
    if varied:
        raise SitingError("plan_scenario")
    if plan.districts is not None:
        raise SitingError("plan_districts", clause=plan.clause)
    if plan.study != study.name:
        raise SitingError("plan_study", plan=plan.study, study=study.name)
    differing = sorted(_files(plan.origin.inputs) ^ _files(study.inputs))
    if differing:
        names = list(dict.fromkeys(path for path, _ in differing))
        raise SitingError("plan_inputs", names=names[:_NAMED], count=len(names))
    if plan.stage != view:
        raise SitingError("plan_view", plan=plan.stage, view=view)
    named = list(standards)
    if plan.standard not in named:
        raise SitingError("plan_standard", plan=plan.standard, names=named)


def _files(inputs: Iterable[Any]) -> set[tuple[str, str]]:
    return {(one.path, one.sha256) for one in inputs}


def future_case(case: Case, plan: SitingPlan) -> Case:
    """Return the case with the places of a plan in use.

    Raises
    ------
    SitingError
        A facility that the plan changes is not there, or the id of one that it adds is taken.
    """
    future = with_plan(case.study, plan)
    return case.changed(
        facilities=future.facilities,
        sharing=None if future.sharing is case.study.sharing else future.sharing,
        candidates=future.candidates,
    )


def check_rates(benches: Sequence[Bench], plan: SitingPlan) -> None:
    """Hold the future to the plan: its clause comes to the rates that the plan was proven with.

    Raises
    ------
    SitingError
        It does not: the plan was made under other rules, or by another version of the program.
    """
    bench = next(one for one in benches if one.rules.standard.id == plan.standard)
    if not bench.has(plan.clause):
        raise SitingError("plan_clause", clause=plan.clause, standard=plan.standard)
    if not _same_rates(bench.one(plan.clause).result.rates, plan.after):
        raise SitingError("plan_rates", clause=plan.clause)


def _same_rates(mine: Sequence[Rate], theirs: Sequence[Rate]) -> bool:
    if len(mine) != len(theirs):
        return False
    names = [field.name for field in dataclasses.fields(mine[0])] if mine else []
    both = zip(mine, theirs, strict=True)
    return all(_same(getattr(a, name), getattr(b, name)) for a, b in both for name in names)


def _same(a: Any, b: Any) -> bool:
    """Return whether two values say the same; a file has null for what is no number."""
    if isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    a, b = (None if x is None or not math.isfinite(x) else float(x) for x in (a, b))
    return a is b or (a is not None and b is not None and bool(meets(a, "=", b)))


def built_marked(
    benches: Sequence[Bench], before: Sequence[Bench]
) -> tuple[Mapping[str, JudgedClause], ...]:
    """Return clause id → judged clause for each bench; marked where it differs from ``before``.

    Parameters
    ----------
    before
        The benches without the places, in the same order.
    """
    return tuple(
        {name: _marked(one, old.one(name)) for name, one in bench.judged.items()}
        for bench, old in zip(benches, before, strict=True)
    )


def _marked(one: JudgedClause, old: JudgedClause) -> JudgedClause:
    if one is old or (one.result == old.result and one.findings.equals(old.findings)):
        return one
    new, was = one.findings["status"].astype(str), old.findings["status"].astype(str)
    differs = was[new.reindex(was.index).ne(was)]
    result, former = one.result, old.result
    unbuilt = Unbuilt(
        status=former.status,
        value=former.value,
        low=former.low,
        high=former.high,
        official=former.official,
        statuses={str(name): status for name, status in differs.items()},
        figures=dict(_today(one.findings, old.findings)),
    )
    flags = with_flag(result.flags, Flag.PLANNED_PLACES, on=True)
    return dataclasses.replace(
        one, result=dataclasses.replace(result, flags=flags, unbuilt=unbuilt)
    )


def _today(new: pd.DataFrame, old: pd.DataFrame) -> Iterator[tuple[str, TodayFigures]]:
    """Yield the subjects whose figures differ, with those without the places."""
    was, now = _figures(old), _figures(new).reindex(old.index)
    same = ((was == now) | (was.isna() & now.isna())).all(axis=1)
    for name, row in was[~same].iterrows():
        known = {k: float(v) if math.isfinite(v) else None for k, v in row.items()}
        yield (
            str(name),
            TodayFigures(
                measured=known["measured"],
                required=known["required"],
                deficit=known["deficit"],
                beyond=math.isinf(row["measured"]),
            ),
        )


def _figures(findings: pd.DataFrame) -> pd.DataFrame:
    """Return what is told of every subject; a requirement that is not one figure is none."""
    required = findings["required_low"].where(findings["required_low"] == findings["required_high"])
    return findings.assign(required=required)[list(_FIGURES)].astype(float)
