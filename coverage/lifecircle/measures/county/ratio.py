"""Ratio: one column's sum over another's, in per cent or per thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members, number_of, once_a_house
from lifecircle.counting.figures import beside_doubted, contradicted, ledger_figure
from lifecircle.counting.typed import PER
from lifecircle.measures.frame import COUNTY, NAMED, measured_frame, target_of
from lifecircle.model.cell import most_of
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.rules.options import RatioOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["ratio"]


def ratio(tables: Tables, rule: Rule[RatioOptions], subjects: pd.Index) -> pd.DataFrame:
    """Divide option ``numerator`` by option ``denominator`` over facilities in use.

    The interval is exact over every way the unknowns may fall: a missing numerator lies between 0
    and its row's denominator; a row that may not belong is taken in or left out, whichever is
    worse (or better); a row without a denominator has any from its numerator on, and without either
    leaves the ratio between 0 and 100 %.
    No row with a denominator: an empty frame, the clause has no subject; ``perhaps``: it may turn
    out to have none, since no row that has one belongs for certain, and whoever belongs may miss
    it. Where a column of the units is divided, or by one (beds per 1000 elders), it is one sum over
    another, each as far as it is known.
    """
    del subjects
    options = rule.options
    if "." in options.numerator + options.denominator or rule.unit == "/1000p":
        return _of_sums(tables, rule)
    rows = tables.facilities
    answer = both(members(rows, rule.kinds), rows["open"])
    rows, answer = rows[answer != 0], answer[answer != 0]
    top = number_of(rows, rule.options.numerator)
    bottom = number_of(rows, rule.options.denominator)
    answer = once_a_house(rows, answer, top, bottom)
    top, bottom, least = _perhaps_more(rows, options, top, bottom)
    gaps = {options.numerator: top.isna(), options.denominator: bottom.isna()}
    unknown = top.isna() | bottom.isna()
    lacking = rows.index[unknown]
    missing = len(lacking)
    if bottom.isna().any():
        low, high = 0.0, _with_beds_unsaid(top, bottom, least, answer)
    elif bottom.sum() == 0:
        return measured_frame(pd.Index([], name="id"), low=[], high=[], required_low=[])
    else:
        low = _extreme(top.fillna(0.0), bottom, answer, sign=1)
        high = _extreme(top.fillna(bottom), bottom, answer, sign=-1)
    certain = answer == 1
    whole = certain & ~unknown  # one half of a pair is no part of a share
    params = {
        "numerator": float(top[whole].sum()),
        "denominator": float(bottom[whole].sum()),
        "missing": missing,
        "facilities": [str(f) for f in lacking[:NAMED]],
        "fields": [name for name, blank in gaps.items() if blank.any()],
        "not_assessed": int((~certain).sum()),
    }
    reason = Reason(ReasonCode.VALUE_MISSING if missing else ReasonCode.RATE, params)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[100.0 * low],
        high=[100.0 * high],
        required_low=[target_of(rule)],
        reason=[beside_doubted(reason, [str(f) for f in rows.index[~certain & (bottom != 0)]])],
    ).assign(perhaps=not (least[certain] > 0).any() and not _met_by_all(rule, low, high))


def _perhaps_more(
    rows: pd.DataFrame, options: RatioOptions, top: pd.Series, bottom: pd.Series
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return numerators, denominators, and these at least.

    120 nursing beds of 100: if the beds are the slip there are 120 or more, of which 120 are for
    nursing; nothing says how many, so that the row is one without a denominator. Where the nursing
    beds are the slip it raises the ratio no further.
    """
    slips = contradicted(rows, options.denominator)
    if slips.any() and most_of(options.numerator) in rows:
        top = top.fillna(number_of(rows, most_of(options.numerator)))
    return top, bottom.mask(slips), np.fmax(bottom, top).where(slips, bottom.fillna(top))


def _with_beds_unsaid(
    top: pd.Series, bottom: pd.Series, least: pd.Series, answer: pd.Series
) -> float:
    """Return the greatest ratio where some rows lack a denominator, the part of which is known.

    ``least``: the denominators, at least.
    """
    if (top.isna() & bottom.isna() & least.isna()).any():
        return 1.0
    return _extreme(top.fillna(least), least, answer, sign=-1) if least.sum() > 0 else 0.0


def _met_by_all(rule: Rule[RatioOptions], low: float, high: float) -> bool:
    """Return whether the ratio meets the rule however the unknowns fall; so does a figure alone."""
    if rule.comparison is None or rule.value is None:
        return True
    return all(bool(meets(100.0 * end, rule.comparison, rule.value)) for end in (low, high))


def _of_sums(tables: Tables, rule: Rule[RatioOptions]) -> pd.DataFrame:
    """Return one sum over another: of facilities of the rule's kinds, of the county's units."""
    options, factor = rule.options, PER[rule.unit]
    top = ledger_figure(tables, options.numerator, rule.kinds)
    bottom = ledger_figure(tables, options.denominator, rule.kinds)
    if bottom.high == 0:
        return measured_frame(pd.Index([], name="id"), low=[], high=[], required_low=[])
    low = 0.0 if np.isinf(bottom.high) else factor * top.low / bottom.high
    high = np.inf if np.isinf(top.high) or bottom.low == 0 else factor * top.high / bottom.low
    open_ = [one.told() for one in (top, bottom) if not one.closed]
    params = {
        "numerator": top.low,
        "denominator": bottom.low,
        "total": low,
        "stated": options.stated,
        "target": bottom.layer,
        "missing": 0,
    }
    reason = Reason(ReasonCode.RATE if options.stated is None else ReasonCode.STATED_RATE, params)
    return measured_frame(
        pd.Index([COUNTY], name="id"),
        low=[low],
        high=[high],
        required_low=[target_of(rule)],
        reason=[_all_of(open_) if open_ else reason],
    )


def _all_of(reasons: Sequence[Reason]) -> Reason:
    """Return the first of some reasons with the others beside it."""
    first, *more = reasons
    notes = [*first.params.get("notes", ()), *(one.to_json() for one in more)]
    return Reason(first.code, {**first.params, "notes": notes}) if notes else first


def _extreme(top: pd.Series, bottom: pd.Series, answer: pd.Series, *, sign: int) -> float:
    """Return the least (sign 1) or greatest (sign -1) ratio over taking open rows in or not.

    A row moves the ratio towards its own, so open rows join in order of their ratio for as long
    as each still moves it the wanted way (the mediant lies between the two).
    """
    certain = answer == 1
    n, d = float(top[certain].sum()), float(bottom[certain].sum())
    rows = [(t / b, t, b) for t, b in zip(top[~certain], bottom[~certain], strict=True) if b > 0]
    for own, t, b in sorted(rows, key=lambda row: sign * row[0]):
        if d == 0 or sign * own < sign * n / d:
            n, d = n + t, d + b
    return n / d
