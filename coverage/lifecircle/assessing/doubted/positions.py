"""Clauses that rest on positions which look like another datum, marked; open where they decide.

The study is judged again with those positions where the other datum has them. What comes to other
figures bears the mark; what comes to another status is not known: one of the two is right, and
nobody has said which.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.assessing.doubted.homes import home_studies
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.judge.clause_results import clause_result
from lifecircle.judge.decision import dated, with_flag
from lifecircle.judge.typed import with_typed
from lifecircle.model.problem.suspected import suspects
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.finding import Rate
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.tables import Tables

    Clauses = Mapping[str, JudgedClause]

__all__ = ["Doubted", "doubted"]

_FIGURES = ("applies", "measured", "low", "high", "required_low", "required_high")


class Doubted(NamedTuple):
    """What doubted positions leave of clauses.

    Parameters
    ----------
    told
        The clauses told, for each bench.
    own
        Those of the benches themselves.
    elsewhere
        The tables of the first bench, judged, with the doubted positions elsewhere.
    """

    told: tuple[Clauses, ...]
    own: tuple[Clauses, ...]
    elsewhere: tuple[Tables, ...] = ()


def doubted(benches: Sequence[Bench], told: Sequence[Clauses]) -> Doubted:
    """Return the clauses told, and those of the benches, with what doubted positions leave open."""
    own, study = [bench.judged for bench in benches], benches[0].case.given
    if not study.homes:
        return Doubted(tuple(told), tuple(own))
    why, others = _reason(study), [_elsewhere(bench) for bench in benches]

    def opened(clauses: Sequence[Clauses]) -> tuple[Clauses, ...]:
        each = zip(benches, clauses, others, strict=True)
        return tuple(_marked(*one, why) for one in each)

    return Doubted(opened(told), opened(own), tuple(bench.tables for bench in others[0]))


def _reason(study: Study) -> Reason:
    one = next(suspects(study.problems))
    params = {"target": one.layer, "datum": one.datum, "offset_m": one.offset_m}
    return Reason(ReasonCode.DATUM_DOUBTED, params)


def _elsewhere(bench: Bench) -> list[Bench]:
    """Return the benches of the study with the doubted positions elsewhere."""
    case = bench.case
    return [
        open_bench(
            open_case(study, case.view, walked=case.walked),
            bench.rules,
            references=bool(bench.references),
            arranging=False,
        )
        for study in home_studies(case.given)
    ]


def _marked(bench: Bench, clauses: Clauses, others: list[Bench], why: Reason) -> Clauses:
    return {
        name: _with_doubt(bench, one, [other.one(name) for other in others], why)
        for name, one in clauses.items()
    }


def _with_doubt(
    bench: Bench, one: JudgedClause, others: list[JudgedClause], why: Reason
) -> JudgedClause:
    """Return a clause as far as it is the same wherever the doubted positions lie."""
    was = one.findings
    there = [other.findings.reindex(was.index) for other in others]
    flips, moves = _differ(was, there)
    worlds = [one.result, *(other.result for other in others)]
    if not flips.any() and not moves.any() and len({_figures(r) for r in worlds}) == 1:
        return one
    findings = _opened(was, there, flips, why)
    findings["flags"] = [
        with_flag(flags, Flag.DATUM_DOUBTED, on=bool(on))
        for flags, on in zip(was["flags"], moves | flips, strict=True)
    ]
    result = one.result
    if flips.any():
        tables = bench.tables_of(one.rule)
        open_ = clause_result(tables, one.rule, findings)
        result = _between(result, with_typed(tables, one.rule, findings, open_), worlds)
    elif any(other.status != result.status for other in worlds):
        result = _between(result, result, worlds)
    flags = with_flag(result.flags, Flag.DATUM_DOUBTED, on=True)
    result = dataclasses.replace(result, flags=dated(flags, one.rule, result.status))
    return dataclasses.replace(one, findings=findings, result=result)


def _differ(
    was: pd.DataFrame, there: list[pd.DataFrame]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which findings have another status elsewhere, and which have other figures."""
    flips, moves = np.zeros(len(was), dtype=bool), np.zeros(len(was), dtype=bool)
    mine = was[list(_FIGURES)].to_numpy(dtype=float)
    for other in there:
        flips |= (other["status"] != was["status"]).to_numpy(dtype=bool)
        figures = other[list(_FIGURES)].to_numpy(dtype=float)
        moves |= ~np.isclose(mine, figures, rtol=0.0, atol=1e-6, equal_nan=True).all(axis=1)
    return flips, moves


def _opened(
    was: pd.DataFrame, there: list[pd.DataFrame], flips: NDArray[np.bool_], why: Reason
) -> pd.DataFrame:
    """Return findings of which those that have another status elsewhere are open."""
    found = was.copy()
    flips = flips & (was["status"] != Status.NOT_ASSESSED).to_numpy(dtype=bool)
    if not flips.any():
        return found
    for name in ("status", "decided"):
        found.loc[flips, name] = pd.Series(
            [Status.NOT_ASSESSED] * len(was), was.index, dtype=object
        )
    for name in ("reason", "own_reason"):
        found[name] = pd.Series(
            [why if on else told for on, told in zip(flips, was[name], strict=True)],
            was.index,
            dtype=object,
        )
    for name, end in (("low", np.fmin), ("high", np.fmax)):
        ends = [frame[name].to_numpy(dtype=float) for frame in (was, *there)]
        unknown = np.isnan(ends).any(axis=0)
        value = np.where(unknown, np.nan, end.reduce(ends))
        found[name] = np.where(flips, value, was[name].to_numpy(dtype=float))
    found.loc[flips, ["measured", "deficit"]] = np.nan
    asked = [frame["applies"].to_numpy(dtype=float) for frame in (was, *there)]
    same = np.all([np.equal(asked[0], one) for one in asked[1:]], axis=0)
    found.loc[flips & ~same, "applies"] = np.nan
    return found


def _between(
    told: ClauseResult, open_: ClauseResult, worlds: Sequence[ClauseResult]
) -> ClauseResult:
    """Return a result with what is open; where all come to the same status, with that one."""
    agreed = len({one.status for one in worlds}) == 1
    rates = tuple(_rate_between(rate, worlds) for rate in open_.rates)
    official = open_.official
    if official is not None:
        own = (official.basis, official.scope)
        official = next((r for r in rates if (r.basis, r.scope) == own), official)
    low, high = _ends(worlds) or (open_.low, open_.high)
    return dataclasses.replace(
        told,
        status=told.status if agreed else Status.NOT_ASSESSED,
        value=told.value if low == high else open_.value,
        low=low,
        high=high,
        counts=open_.counts,
        official=official,
        rates=rates,
        said=open_.said,
    )


def _rate_between(rate: Rate, worlds: Sequence[ClauseResult]) -> Rate:
    """Return a rate from the least to the most that it comes to in any of the worlds."""
    own = (rate.basis, rate.scope)
    found = [r for one in worlds for r in one.rates if (r.basis, r.scope) == own]
    ends = _ends(found) if len(found) == len(worlds) else None
    return rate if ends is None else dataclasses.replace(rate, low=ends[0], high=ends[1])


def _ends(worlds: Sequence[ClauseResult | Rate]) -> tuple[float, float] | None:
    """Return the least and the most that any of them comes to; None where one has no bound."""
    lows = [one.low for one in worlds if one.low is not None]
    highs = [one.high for one in worlds if one.high is not None]
    bounded = len(lows) == len(highs) == len(worlds)
    return (min(lows), max(highs)) if bounded else None


def _figures(result: ClauseResult) -> tuple[object, ...]:
    rate = result.official
    share = None if rate is None else (rate.numerator, rate.denominator, rate.low, rate.high)
    return result.status, result.value, result.low, result.high, share
