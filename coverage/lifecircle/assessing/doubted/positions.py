"""Clauses that rest on positions which look like another datum, marked; open where they decide.

The study is judged again with those positions where the other datum has them. What comes to other
figures bears the mark; what comes to another status is not known: one of the two is right, and
nobody has said which.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.case.edited import home_studies
from lifecircle.judge.clause_results import clause_result
from lifecircle.judge.decision import dated, differing, opened, with_flag
from lifecircle.judge.typed import with_typed
from lifecircle.model.problem.suspected import doubt
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.finding import Rate
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.tables import Tables

    Clauses = Mapping[str, JudgedClause]

__all__ = ["Doubted", "doubted"]


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
    why, others = doubt(study.problems), [_elsewhere(bench) for bench in benches]

    def with_doubts(clauses: Sequence[Clauses]) -> tuple[Clauses, ...]:
        each = zip(benches, clauses, others, strict=True)
        return tuple(_marked(*one, why) for one in each)

    return Doubted(with_doubts(told), with_doubts(own), tuple(bench.tables for bench in others[0]))


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
    flips, moves = differing(was, there)
    worlds = [one.result, *(other.result for other in others)]
    if not flips.any() and not moves.any() and len({_figures(r) for r in worlds}) == 1:
        return one
    findings = opened(was, there, flips, why)
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
