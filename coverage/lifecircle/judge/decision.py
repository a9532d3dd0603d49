"""Decision: an interval against a threshold, and what stands beside the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import pandas as pd

from lifecircle.counting.projects import leads
from lifecircle.counting.shares import CODES, coded
from lifecircle.judge.near_calls import by_border, by_sharing
from lifecircle.measures.areas.compliance_rate import perhaps_subjects
from lifecircle.model.finding import holds_on, meets
from lifecircle.model.reason import PERHAPS_EXEMPT, Reason
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lifecircle.counting.shares import Codes
    from lifecircle.model.rules.options import CoverageOptions, Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Floats = NDArray[np.float64]

__all__ = [
    "IfCounted",
    "bounds",
    "close_calls",
    "dated",
    "decide",
    "decided_if_asked",
    "deficit",
    "differing",
    "if_counted",
    "lacking",
    "margin",
    "of_each",
    "opened",
    "verdicts",
    "with_flag",
]

_HALF = 0.5
_OPEN = CODES[Status.NOT_ASSESSED]
_TOLD = ("applies", "measured", "low", "high", "required_low", "required_high")
_OF_FIGURES = frozenset({"ratio", "sum", "indicator"})
"""Measures of the county's figures, which a few beds or people more would change; not of counts."""
_NEAR = _OF_FIGURES | {"radius", "walk", "provision", "unit_coverage"}
"""Measures of which a finding may be near to another."""
_UPWARDS = {">=", ">"}
_OF_THE_DAY = (Flag.OVERDUE, Flag.NOT_DUE)
_BEFORE = (Flag.REFERENCE, Flag.UNVERIFIED)
"""Flags that stand before those of the day."""


def decide(measured: pd.DataFrame, comparison: str) -> pd.Series:
    """Return compliant, deficient or not_assessed for every row of a measure's frame.

    Compliant only if the worst case passes, deficient only if the best case fails.
    """
    return pd.Series(verdicts(*bounds(measured), comparison), index=measured.index, dtype=object)


def verdicts(
    low: Floats, high: Floats, need_low: Floats, need_high: Floats, comparison: str
) -> NDArray[np.object_]:
    """Return what :func:`decide` does, of both ends of what was measured and of what is asked."""
    if comparison in _UPWARDS:
        passes, fails = meets(low, comparison, need_high), ~meets(high, comparison, need_low)
    elif comparison == "=":
        exact = (low == high) & (need_low == need_high)
        passes = exact & meets(low, "=", need_low)
        fails = meets(high, "<", need_low) | meets(low, ">", need_high)
    else:
        passes, fails = meets(high, comparison, need_low), ~meets(low, comparison, need_high)
    status: NDArray[np.object_] = np.full(len(low), Status.NOT_ASSESSED, dtype=object)
    status[fails] = Status.DEFICIENT
    status[passes] = Status.COMPLIANT
    return status


def bounds(measured: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Return both ends of what was measured and of what is required, by row."""
    names = ("low", "high", "required_low", "required_high")
    low, high, need_low, need_high = (measured[name].to_numpy(dtype=float) for name in names)
    return low, high, need_low, need_high


def deficit(measured: pd.DataFrame, comparison: str) -> pd.Series:
    """Return how much is missing (or too far, too long), >= 0; NaN where it is not known.

    Where only bounds of a supply are known and even the best case fails, the least that is missing.
    A measure that knows itself what would cure (``gap``) is believed where it is decided.
    """
    return pd.Series(lacking(measured, bounds(measured), comparison), measured.index)


def lacking(
    measured: pd.DataFrame, ends: tuple[Floats, Floats, Floats, Floats], comparison: str
) -> Floats:
    """Return what :func:`deficit` does; ``ends``: the ``bounds`` of what was measured."""
    low, high, need_low, need_high = ends
    if "gap" in measured:
        gap = measured["gap"].to_numpy(dtype=float)
        fails = meets(high, "<", need_low)
        passes = meets(low, ">=", need_high)
        return np.where(passes, 0.0, np.where(fails, gap, np.nan))
    sign = 1.0 if comparison in _UPWARDS or comparison == "=" else -1.0
    need = np.where(need_low == need_high, need_high, np.nan)
    short = np.maximum(sign * (need - measured["measured"].to_numpy(dtype=float)), 0.0)
    if sign < 0:  # a walk that is not known is too long by nobody knows how much
        short[np.isposinf(short)] = np.nan
    else:
        least = np.maximum(need_low - high, 0.0)
        unknown = np.isnan(short)
        short[unknown] = np.where(meets(least, ">", 0.0), least, np.nan)[unknown]
    found: Floats = short
    return found


def margin(measured: pd.DataFrame) -> pd.Series:
    """Return measured minus required (NaN where either is open)."""
    return pd.Series(_margins(measured), index=measured.index)


def _margins(measured: pd.DataFrame) -> Floats:
    low, high, found = (
        measured[name].to_numpy(dtype=float)
        for name in ("required_low", "required_high", "measured")
    )
    beyond: Floats = found - np.where(low == high, low, np.nan)
    return beyond


def close_calls(measured: pd.DataFrame, rule: Rule[Options], tables: Tables) -> NDArray[np.bool_]:
    """Return which findings would flip within the positional error, or within 1 % of a quota.

    So of the county's shares and sums: 65 % of beds, 1000 beds. Besides, of distances, those that
    most of the area would decide otherwise than its point (A14); of units and of recorded sharing,
    what a facility over a border or a limit nearby would (``near_calls``).
    """
    parameters, near = tables.parameters, np.zeros(len(measured), dtype=bool)
    if rule.readings.get("A14", "point") not in {"point", "network"}:
        return near  # shares are not known to the metre
    if rule.measure not in _NEAR:
        return near
    beyond = _margins(measured)
    gap = np.abs(beyond)
    if rule.measure in {"radius", "walk"}:
        per_unit = 60.0 * parameters.walk_speed_m_s if rule.measure == "walk" else 1.0
        near |= meets(gap * per_unit, "<=", parameters.positional_error_m)
        near |= _otherwise_by_share(measured.index, beyond, rule, tables)
    elif rule.measure == "provision":
        if tables.account is not None:  # credit stops at the requirement: count what is behind it
            at = tables.account.rows(rule.id, leads(tables.areas).reindex(measured.index))
            slack, behind = tables.account.frame["slack"].to_numpy(dtype=float), np.zeros(len(at))
            behind[at >= 0] = slack[at[at >= 0]]
            gap = np.abs(beyond + behind)
        # what stands in places too small to count is not near the quota: what would cure it may be
        low, lacking = (measured[name].to_numpy(dtype=float) for name in ("low", "deficit"))
        small = meets(low, "<", measured["measured"].to_numpy(dtype=float))
        gap = np.where(small, lacking, gap)
        near |= _within_share(gap, measured, tables)
        near |= by_sharing(measured.index, rule, tables)
    elif rule.measure == "unit_coverage":
        near |= by_border(measured, cast("Rule[CoverageOptions]", rule), tables)
    elif rule.measure in _OF_FIGURES:
        near |= _within_share(gap, measured, tables)
    return near


def _within_share(gap: Floats, measured: pd.DataFrame, tables: Tables) -> NDArray[np.bool_]:
    """Return which are as near to what is required as a share of it."""
    asked = measured["required_low"].to_numpy(dtype=float)
    near: NDArray[np.bool_] = meets(gap, "<=", tables.parameters.close_call_share * asked)
    return near


def _otherwise_by_share(
    areas: pd.Index, beyond: Floats, rule: Rule[Options], tables: Tables
) -> NDArray[np.bool_]:
    """Return where half of the area or more is on the other side of the limit than its point."""
    table = tables.reach[rule.reach_key]
    walked = rule.measure == "walk"
    per_unit = 60.0 * tables.parameters.walk_speed_m_s if walked else 1.0
    limit = table.walk_m_limit if walked else table.radius_m_limit
    if rule.value is None or not meets(limit, "=", rule.value * per_unit):
        return np.zeros(len(areas), dtype=bool)  # the shares are of another limit
    at = table.frame.index.get_indexer(areas)
    least, most = (
        table.frame[f"{rule.measure}_share{end}"].to_numpy(dtype=float)[at] for end in ("", "_high")
    )
    within, past = meets(beyond, "<=", 0.0), meets(beyond, ">", 0.0)
    otherwise = (within & (most <= _HALF)) | (past & (least >= _HALF))
    found: NDArray[np.bool_] = otherwise & (at >= 0)
    return found


class IfCounted(NamedTuple):
    """Of which subjects it is open whether they count, and what these come to if they do.

    ``perhaps``: of a rate over other clauses, those to which perhaps none of these applies.
    """

    open: NDArray[np.bool_]
    then: Codes
    perhaps: NDArray[np.bool_]

    def some(self, rows: NDArray[np.bool_]) -> IfCounted:
        """Return the same of some of the subjects."""
        return IfCounted(self.open[rows], self.then[rows], self.perhaps[rows])


def if_counted(tables: Tables, rule: Rule[Options], findings: pd.DataFrame) -> IfCounted:
    """Return what hangs on whether subjects count at all.

    Of a rate over other clauses: by any that may apply, where all of those are missed.
    """
    doubt = np.isnan(findings["applies"].to_numpy(dtype=float))
    then = np.full(len(findings), CODES[Status.NOT_ASSESSED], dtype=np.int8)
    if doubt.any():
        then[doubt] = coded(findings["decided"][doubt])
    perhaps, missed = perhaps_subjects(tables, rule, findings.index)
    then[missed] = CODES[Status.DEFICIENT]
    if rule.subject == "units":  # the status as the rates: a unit not listed is never missed
        then[_unlisted(tables, findings) & (then == CODES[Status.DEFICIENT])] = _OPEN
    return IfCounted(doubt | missed, then, perhaps)


def decided_if_asked(
    tables: Tables, findings: pd.DataFrame, asked: Codes, doubts: IfCounted
) -> Codes:
    """Return what units and facilities come to if they count, where that alone is open.

    A unit that the list lacks may have what nobody has told of: it is never missed for certain.
    """
    known = doubts.open & (doubts.then == CODES[Status.COMPLIANT])
    missed = doubts.open & (doubts.then == CODES[Status.DEFICIENT])
    if missed.any():
        told = findings["reason"].tolist()
        missed &= [isinstance(why, Reason) and why.code in PERHAPS_EXEMPT for why in told]
        missed &= ~_unlisted(tables, findings)
    return np.where(known | missed, doubts.then, asked)


def _unlisted(tables: Tables, findings: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which findings are of units that the list lacks: nobody tells what these have."""
    if "unlisted" not in tables.units:
        return np.zeros(len(findings), dtype=bool)
    found: NDArray[np.bool_] = findings.index.isin(
        tables.units.index[tables.units["unlisted"].astype(bool)]
    )
    return found


def of_each(said: Codes, counted: IfCounted) -> Status:
    """Return the status of a clause that asks everybody, by those of its subjects.

    ``counted``: what hangs on whether they count. Beside a subject that meets it for certain it
    is all the same whether another, which meets it if it is asked, is asked.
    """
    doubt, then, _ = counted
    met = CODES[Status.COMPLIANT]
    moot = doubt & (said == CODES[Status.NOT_ASSESSED]) & (then == met)
    some = said[~moot] if (said[~moot] == met).any() else said
    found = np.bincount(some, minlength=len(CODES))
    for status in (Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT, Status.EXEMPT):
        if found[CODES[status]]:
            return status
    return Status.NOT_APPLICABLE


def with_flag(flags: tuple[Flag, ...], flag: Flag, *, on: bool) -> tuple[Flag, ...]:
    """Return ``flags`` with ``flag`` added if ``on`` and not there yet."""
    return (*flags, flag) if on and flag not in flags else flags


def dated(flags: tuple[Flag, ...], rule: Rule[Options], status: Status) -> tuple[Flag, ...]:
    """Return a clause's flags with those that its deadline and its status come to, and no others.

    Asked for whenever the status is said anew: missed after the deadline it is overdue, missed or
    open before it not due yet.
    """
    early = rule.deadline is not None and rule.day < rule.deadline
    late = not holds_on(rule.deadline, rule.day)
    on = (
        late and status is Status.DEFICIENT,
        early and status in {Status.DEFICIENT, Status.NOT_ASSESSED},
    )
    others = tuple(flag for flag in flags if flag not in _OF_THE_DAY)
    first = tuple(flag for flag in others if flag in _BEFORE)
    told = tuple(flag for flag, holds in zip(_OF_THE_DAY, on, strict=True) if holds)
    return (*first, *told, *(flag for flag in others if flag not in _BEFORE))


def differing(
    was: pd.DataFrame, there: Sequence[pd.DataFrame]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which findings have another status elsewhere (``there``), and which other figures."""
    flips, moves = np.zeros(len(was), dtype=bool), np.zeros(len(was), dtype=bool)
    mine = was[list(_TOLD)].to_numpy(dtype=float)
    for other in there:
        flips |= (other["status"] != was["status"]).to_numpy(dtype=bool)
        figures = other[list(_TOLD)].to_numpy(dtype=float)
        moves |= ~np.isclose(mine, figures, rtol=0.0, atol=1e-6, equal_nan=True).all(axis=1)
    return flips, moves


def opened(
    was: pd.DataFrame, there: Sequence[pd.DataFrame], flips: NDArray[np.bool_], why: Reason
) -> pd.DataFrame:
    """Return findings of which those that have another status elsewhere are open, and ``why``."""
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
