"""Facts: clauses of one document that find the same, which a reader has to be told once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["with_facts"]


def with_facts(judged: Mapping[str, JudgedClause]) -> dict[str, JudgedClause]:
    """Return the clauses, each with the others that state the same fact (``ClauseResult.fact``).

    A document says one thing in its text, its table and its box. Clauses are one fact where they
    ask the same of the same subjects: measure, unit, number, filter, kinds, options, whatever the
    sign (达1000张, 超过1000张); or where a clause ``repeats`` another in other words. And only as
    long as they came to the same: status, the subjects that are missed, and the figures, as a
    reader takes those of the first for those of all. An exemption, or a deadline of one of them,
    never spreads to another by it.

    Parameters
    ----------
    judged
        Clause id → judged clause of one standard, in its order.
    """
    groups: dict[Any, list[str]] = {}
    for name, one in judged.items():
        groups.setdefault(_fact(one, judged), []).append(name)
    found = dict(judged)
    for names in groups.values():
        if len(names) == 1:
            continue
        # what is outside the verdict never stands for what is in it
        first = min(names, key=lambda name: judged[name].rule.reference)
        for name in names:
            others = tuple(other for other in names if other != name)
            told = dataclasses.replace(found[name].result, fact=first, same_as=others)
            found[name] = dataclasses.replace(found[name], result=told)
    return found


def _fact(one: JudgedClause, judged: Mapping[str, JudgedClause]) -> tuple[Any, ...]:
    """Return what a clause states: equal, and it is one fact."""
    missed = one.findings.index[one.findings["status"].to_numpy(dtype=object) == Status.DEFICIENT]
    meant = judged.get(one.rule.clause.repeats, one).rule
    return (
        meant.measure,
        meant.unit,
        meant.value,
        tuple(sorted(meant.where.items())),
        meant.kinds,
        meant.options,
        one.result.status,
        frozenset(missed),
        _figures(one.result),
        one.rule.clause.varied,
    )


def _figures(result: ClauseResult) -> tuple[Any, ...]:
    """Return the figures that are told of a clause: its value, and of what and how many it is."""
    rate = result.official
    shares = rate and (rate.numerator, rate.denominator, rate.not_assessed, rate.low, rate.high)
    counts = frozenset((status, n) for status, n in result.counts.items() if n)
    return result.value, result.low, result.high, shares, counts
