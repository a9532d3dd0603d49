"""Clauses of both assessments side by side: their results, rates and figures."""

from __future__ import annotations

import math
from dataclasses import astuple
from typing import TYPE_CHECKING

from lifecircle.comparing.causes import rule_causes
from lifecircle.comparing.differences import same
from lifecircle.comparing.directions import asked_otherwise, direction_of
from lifecircle.model.results.comparison import ClauseChange, RateChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["clause_change"]


def clause_change(
    old: ClauseResult | None, new: ClauseResult | None, *, follows: bool = False
) -> ClauseChange:
    """Return what became of a clause; None: that side does not have it.

    ``follows``: what its findings rest on is not asked the same on both sides.
    """
    if old is None or new is None:
        return _alone(old, new)
    otherwise = follows or _asks_otherwise(old, new)
    rates = _rate_changes(old, new)
    official = None
    if old.official is not None or new.official is not None:
        official = _rate_change(old.official, new.official)
    told = _told(old), _told(new)
    return ClauseChange(
        before=old,
        after=new,
        official=official,
        rates=tuple(rates),
        change=told[1] - told[0] if told[0] is not None and told[1] is not None else None,
        changed=_clause_differs(old, new, rates),
        direction=direction_of(old.status, new.status, asked_otherwise=otherwise),
        asked_otherwise=otherwise,
    )


def _alone(old: ClauseResult | None, new: ClauseResult | None) -> ClauseChange:
    """Return a clause that one side does not have."""
    officials = [None if c is None else c.official for c in (old, new)]
    return ClauseChange(
        before=old,
        after=new,
        official=_rate_change(*officials) if any(officials) else None,
        rates=tuple(_rate_changes(old, new)),
        change=None,
        changed=True,
        direction=direction_of(*(None if c is None else c.status for c in (old, new))),
    )


def _asks_otherwise(old: ClauseResult, new: ClauseResult) -> bool:
    """Return whether two clauses, or one on two days, are about other subjects or ask otherwise."""
    causes = rule_causes(old, new, of_each=False)
    return asked_otherwise(causes) or old.changes != new.changes


def _rate_changes(old: ClauseResult | None, new: ClauseResult | None) -> list[RateChange]:
    sides = [{} if c is None else {(r.basis, r.scope): r for r in c.rates} for c in (old, new)]
    keys = dict.fromkeys([*sides[0], *sides[1]])
    return [_rate_change(sides[0].get(key), sides[1].get(key)) for key in keys]


def _clause_differs(old: ClauseResult, new: ClauseResult, rates: Sequence[RateChange]) -> bool:
    figures = ("value", "low", "high", "target")
    return (
        (old.standard, old.id, old.status) != (new.standard, new.id, new.status)
        or sorted(map(str, old.flags)) != sorted(map(str, new.flags))
        or dict(old.counts) != dict(new.counts)
        or any(not same(_finite(getattr(old, f)), _finite(getattr(new, f))) for f in figures)
        or any(not _same_rate(r.before, r.after) for r in rates)
    )


def _rate_change(old: Rate | None, new: Rate | None) -> RateChange:
    one = new or old
    if one is None:
        raise ValueError("no rate on either side")
    decided = old is not None and new is not None and None not in {old.told, new.told}
    return RateChange(
        basis=one.basis,
        scope=one.scope,
        before=old,
        after=new,
        change=new.told - old.told if decided else None,  # type: ignore[union-attr, operator]
    )


def _same_rate(old: Rate | None, new: Rate | None) -> bool:
    if old is None or new is None:
        return old is new
    return all(same(a, b) for a, b in zip(*map(astuple, (old, new)), strict=True))


def _told(clause: ClauseResult) -> float | None:
    """Return a clause's value; None also where it is a rate of which only the range tells."""
    rate = clause.official
    ranged = rate is not None and rate.rate is not None and rate.told is None
    return None if ranged else _finite(clause.value)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
