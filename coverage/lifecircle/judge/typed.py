"""Typed beside counted: the ledger decides, and a typed figure where the ledger does not tell."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.counting.typed import stands_in, typed_figure
from lifecircle.judge.decision import dated
from lifecircle.model.finding import Rate, meets
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.counting.typed import TypedFigure
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["with_typed"]

_DECIDED = {Status.COMPLIANT, Status.DEFICIENT}
_ALL = 100.0
_OUTSIDE = {Status.EXEMPT, Status.NOT_IN_FORCE}


def with_typed(
    tables: Tables, rule: Rule[Options], findings: pd.DataFrame, result: ClauseResult
) -> ClauseResult:
    """Return the result of a clause on a rate, with the typed figure that may stand in for it.

    What the ledger decides is decided. Where it leaves the rate open, or has nobody the clause is
    about, a typed figure that it allows is taken, and said to be one. A figure that the ledger
    rules out decides nothing: one of the two is wrong. Without either the clause is open; so it is
    where of nobody in the ledger it is sure that the clause is about them (``findings``): a county
    that lists none for certain has said nothing.
    """
    found = _with_typed(tables, rule, findings, result)
    if found.status == result.status:
        return found
    return dataclasses.replace(found, flags=dated(found.flags, rule, found.status))


def _with_typed(
    tables: Tables, rule: Rule[Options], findings: pd.DataFrame, result: ClauseResult
) -> ClauseResult:
    """Return the result of :func:`with_typed`, its flags of the day as they were."""
    name = stands_in(rule)
    exempt = result.low is None and Status.EXEMPT in result.counts  # all of them
    if not name or exempt or result.status in _OUTSIDE:
        return result
    if result.status in _DECIDED and not (findings["applies"] == 1).any():
        result = dataclasses.replace(
            result, status=Status.NOT_ASSESSED, value=None, low=0.0, high=_ALL, official=None
        )
    typed = typed_figure(tables.indicators, name)
    if typed.value("%") is None and not result.counts:
        return _open(result, Reason(ReasonCode.LEDGER_SILENT, {"indicator": name, **_asked(rule)}))
    return _beside(rule, result, name, typed)


def _beside(
    rule: Rule[Options], result: ClauseResult, name: str, typed: TypedFigure
) -> ClauseResult:
    """Return the result with a figure that may have been typed beside what the ledger says."""
    percent, low, high = typed.value("%"), result.low, result.high
    if percent is None or np.isnan(percent):  # not typed, or there is nobody it is about
        return result
    about: dict[str, Any] = {"indicator": name, "percent": percent, "source": typed.source}
    if low is None or high is None:
        return _taken(rule, result, typed, Reason(ReasonCode.TYPED_ALONE, about))
    about |= {"low_percent": low, "high_percent": high}
    allowed = meets(percent, ">=", low) and meets(percent, "<=", high)
    if result.status in _DECIDED or meets(low, "=", high):
        told = None if allowed else Reason(ReasonCode.LEDGER_DECIDES, about)
        return dataclasses.replace(result, said=told)
    if not allowed:
        return _open(result, Reason(ReasonCode.TYPED_AGAINST, about))
    return _taken(rule, result, typed, Reason(ReasonCode.TYPED_INSTEAD, about))


def _asked(rule: Rule[Options]) -> dict[str, Any]:
    """Return where the ledger would tell: its layer, the kinds, the columns."""
    options = rule.options
    columns = [*getattr(options, "all_of", ()), *getattr(options, "any_of", ())]
    layer = "facilities" if rule.kinds else rule.subject
    return {"target": layer, "kinds": list(rule.kinds), "fields": columns}


def _open(result: ClauseResult, said: Reason) -> ClauseResult:
    return dataclasses.replace(result, status=Status.NOT_ASSESSED, said=said)


def _taken(
    rule: Rule[Options], result: ClauseResult, typed: TypedFigure, said: Reason
) -> ClauseResult:
    """Return the result with the typed figure as its value."""
    value = typed.value("%") or 0.0
    status = Status.REPORTED
    if rule.comparison is not None and rule.value is not None:
        met = meets(value, rule.comparison, rule.value)
        status = Status.COMPLIANT if met else Status.DEFICIENT
    share = value / _ALL
    rate = Rate(
        basis=rule.official or "facilities",
        scope="county",
        numerator=typed.top,
        denominator=typed.bottom,
        not_assessed=0.0,
        low=share,
        high=share,
        rate=share,
    )
    return dataclasses.replace(
        result, status=status, value=value, low=value, high=value, official=rate, said=said
    )
