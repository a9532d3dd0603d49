"""Indicator: a figure the county types, with its source, or that its ledgers have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.figures import ledger_figure
from lifecircle.counting.typed import PER, typed_figure
from lifecircle.measures.frame import COUNTY, NAMED, measured_frame, target_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.counting.figures import LedgerFigure
    from lifecircle.counting.typed import TypedFigure
    from lifecircle.model.rules.options import IndicatorOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["indicator"]


def indicator(tables: Tables, rule: Rule[IndicatorOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return the least of the figures that option ``indicators`` names: all must meet the target.

    A rate is numerator / denominator in per cent or per thousand; a denominator of zero means
    there is nobody the rate is about, and the figure is left out. A figure that is not typed lies
    between 0 and 100 % (0 and ``inf`` in the other units). No figure left: no subject.

    Options ``numerator`` and ``denominator`` name sums of the ledgers (``beds``,
    ``units.elders``): where the ledger has them whole they hold, whatever is typed; else what is
    typed does, unless the ledger rules it out. Typed people of more than all of them are a slip:
    any share is possible. Option ``room`` is a sum that the numerator cannot
    exceed (people supported: beds), ``people`` those where nobody typed how many.
    """
    del subjects
    rows = [row for row in (_figure(tables, rule, n) for n in rule.options.indicators) if row]
    if not rows:
        return measured_frame(pd.Index([], name="id"), low=[], high=[], required_low=[])
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[min(low for low, _, _ in rows)],
        high=[min(high for _, high, _ in rows)],
        required_low=[target_of(rule)],
        reason=[_telling(rows, rule.value)],
    )


_ALL = 100.0

_Figure = tuple[float, float, Reason]
"""Least and most of one figure, and what is said of it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Numerator or denominator: least, most, and where it is from.

    ``ledger``: what the ledger has, None: it is not asked; ``against``: what is typed although
    the ledger rules it out.
    """

    low: float
    high: float
    ledger: LedgerFigure | None = None
    against: float | None = None


def _figure(tables: Tables, rule: Rule[IndicatorOptions], name: str) -> _Figure | None:
    """Return what is known of one figure; None where there is nobody it is about."""
    typed, options = typed_figure(tables.indicators, name), rule.options
    top = _part(tables, rule, options.numerator, typed.top)
    bottom = _part(tables, rule, options.denominator or options.people, typed.bottom)
    if options.people and not np.isnan(typed.bottom):
        bottom = _Part(typed.bottom, typed.bottom)
    room = _room(tables, rule)
    if room is not None:
        against = typed.top if meets(typed.top, ">", room.high) else None
        top = _Part(min(top.low, room.high), max(min(top.high, room.high), top.low), room, against)
    if rule.unit in PER and bottom.high == 0:
        return None
    low, high = _quotient(rule.unit, top, bottom)
    if (slip := _more_than_all(rule, name, typed, bottom)) is not None:
        return 0.0, _ALL, slip
    if room is not None and rule.unit == "%" and np.isnan(typed.top):
        high = min(high, _ALL)  # room for more people than there are serves no more than all
    if not options.numerator and np.isnan(typed.top) and high in {_ALL, np.inf}:
        return low, high, Reason(ReasonCode.NOT_TYPED, {"indicator": name})  # anything is possible
    return low, high, _told(name, typed, top, bottom, (low, high))


def _more_than_all(
    rule: Rule[IndicatorOptions], name: str, typed: TypedFigure, bottom: _Part
) -> Reason | None:
    """Return that one of two figures is a slip: 95 of 90 carers. Progress may pass its task."""
    shares = rule.unit == "%" and rule.value is not None and not rule.options.numerator
    if not (shares and meets(typed.top, ">", bottom.high)):
        return None
    told = {"indicator": name, "top": typed.top, "bottom": bottom.high}
    return Reason(ReasonCode.TYPED_ABOVE, told)


def _room(tables: Tables, rule: Rule[IndicatorOptions]) -> LedgerFigure | None:
    source = rule.options.room
    found = ledger_figure(tables, source, rule.kinds) if source else None
    return None if found is None or np.isinf(found.high) else found


def _part(tables: Tables, rule: Rule[IndicatorOptions], source: str, typed: float) -> _Part:
    """Return one part by the ledger, else by what is typed, else what the ledger leaves open."""
    if not source:
        return _Part(0.0, np.inf) if np.isnan(typed) else _Part(typed, typed)
    ledger = ledger_figure(tables, source, rule.kinds)
    allowed = meets(typed, ">=", ledger.low) and meets(typed, "<=", ledger.high)
    if allowed and not ledger.closed:
        return _Part(typed, typed)
    against = typed if not (np.isnan(typed) or allowed) else None
    return _Part(ledger.low, ledger.high, ledger, against)


def _quotient(unit: str, top: _Part, bottom: _Part) -> tuple[float, float]:
    """Return least and most of the figure in its unit; a rate of people is at most 100 %."""
    if unit not in PER:
        return top.low, top.high
    low = 0.0 if np.isinf(bottom.high) or top.low == 0 else top.low / bottom.high
    high = np.inf if bottom.low == 0 or np.isinf(top.high) else top.high / bottom.low
    open_ = np.isinf(high) and unit == "%"
    return PER[unit] * low, _ALL if open_ else PER[unit] * high


def _told(
    name: str, typed: TypedFigure, top: _Part, bottom: _Part, ends: tuple[float, float]
) -> Reason:
    """Return what is said of a figure: typed, reckoned, or what is missing of it and where."""
    known = ends[0] == ends[1]
    params: dict[str, Any] = {"indicator": name, "total": ends[0], "source": typed.source}
    parts = [(part, part.ledger) for part in (top, bottom) if part.ledger is not None]
    if not parts and known:
        return Reason(ReasonCode.TYPED, params)
    if not parts:
        return Reason(ReasonCode.NOT_TYPED, {"indicator": name})
    # of two ledgers the one that has gaps, or that what is typed contradicts
    part, ledger = min(parts, key=lambda one: (one[0].against is None, one[1].closed))
    params |= {"field": ledger.field, "target": ledger.layer, "ledger_total": ledger.low}
    params |= {"most": ends[1], "missing": len(ledger.lacking), "typed": part.against}
    params["lacking"] = list(ledger.lacking[:NAMED])
    return Reason(_code(typed, top, bottom, part, ends), params)


def _code(
    typed: TypedFigure, top: _Part, bottom: _Part, part: _Part, ends: tuple[float, float]
) -> ReasonCode:
    """Return what is to be said where a ledger was asked."""
    known = ends[0] == ends[1]
    if part.against is not None:
        return ReasonCode.FIGURE_DIFFERS if known else ReasonCode.FIGURE_AGAINST
    if known:
        return ReasonCode.FIGURE_RECKONED
    ledger = part.ledger
    silent = ledger is None or not (ledger.closed or ledger.lacking)  # there is no such ledger
    if silent:
        return ReasonCode.NOT_TYPED
    if np.isinf(top.high):
        return ReasonCode.FIGURE_GAPS
    if bottom.ledger is None and np.isnan(typed.bottom):
        return ReasonCode.DENOMINATOR_MISSING
    settled = top.ledger is not None or (ledger is not None and ledger.closed)
    return ReasonCode.FIGURE_AT_MOST if settled else ReasonCode.FIGURE_GAPS


def _telling(rows: list[_Figure], target: float | None) -> Reason:
    """Return what decides: the least known figure where it is short or nothing can be below it.

    Else the first that is not known.
    """
    known = [row for row in rows if row[0] == row[1]]
    least = min(known, key=lambda row: row[0], default=None)
    short = least is not None and target is not None and not meets(least[0], ">=", target)
    settled = min(row[0] for row in rows) == min(row[1] for row in rows)
    if least is not None and (short or settled):
        return least[2]
    return _not_typed([row[2] for row in rows if row[0] != row[1]])


def _not_typed(open_: list[Reason]) -> Reason:
    """Return the first of what is said of figures, with all of which nothing is typed."""
    untyped = [one.params["indicator"] for one in open_ if one.code is ReasonCode.NOT_TYPED]
    if open_[0].code is not ReasonCode.NOT_TYPED or len(untyped) == 1:
        return open_[0]
    return Reason(ReasonCode.NOT_TYPED, {"indicator": untyped})
