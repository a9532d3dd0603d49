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

    _Known = tuple[float | None, float | None, float | None]

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
    known = [(_told(c), _finite(c.low), _finite(c.high)) for c in (old, new)]
    return ClauseChange(
        before=old,
        after=new,
        official=official,
        rates=tuple(rates),
        change=_certain(*known),
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
    nothing: _Known = (None, None, None)
    known = [nothing if r is None else (r.told, r.low, r.high) for r in (old, new)]
    return RateChange(
        basis=one.basis, scope=one.scope, before=old, after=new, change=_certain(*known)
    )


def _certain(old: _Known, new: _Known) -> float | None:
    """Return how much a figure changed; None: it is not told, or what is open may make it another.

    Each side: what is told, and the ends of its range. A subject that was missed and is open now
    lifts the rate of what is decided: nothing has become better by it. The change holds where both
    ends of the range changed as much.
    """
    if old[0] is None or new[0] is None:
        return None
    change = new[0] - old[0]
    ends = zip(old[1:], new[1:], strict=True)
    as_much = (
        a is None and b is None if a is None or b is None else same(b - a, change) for a, b in ends
    )
    return change if all(as_much) else None


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
