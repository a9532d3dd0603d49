"""Compliance rate: which areas meet every clause that applies to them (A1, A35)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import among, meets
from lifecircle.model.reason import NO_CLASS, PERHAPS_EXEMPT, Reason, ReasonCode
from lifecircle.model.rules.options import RateOptions
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    _Found = dict[str, Any]

__all__ = ["Perhaps", "compliance_rate", "perhaps_subjects"]

_READ = ["applies", "status", "decided", "required_high", "reason", "own_reason"]
_STATUS, _DECIDED = _READ.index("status"), _READ.index("decided")
_BOUNDS = {Status.COMPLIANT: (1.0, 1.0), Status.DEFICIENT: (0.0, 0.0), Status.NOT_ASSESSED: (0, 1)}
_BETWEEN = {
    ReasonCode.QUOTA_SHORT: ReasonCode.QUOTA_SHORT_BETWEEN,
    ReasonCode.QUOTA_SHORT_AT_LEAST: ReasonCode.QUOTA_SHORT_BETWEEN,
    ReasonCode.QUOTA_SHORT_BETWEEN: ReasonCode.QUOTA_SHORT_BETWEEN,
    ReasonCode.QUOTA_SHORT_SMALL: ReasonCode.QUOTA_SHORT_SMALL_BETWEEN,
    ReasonCode.QUOTA_SHORT_SMALL_AT_LEAST: ReasonCode.QUOTA_SHORT_SMALL_BETWEEN,
    ReasonCode.QUOTA_SHORT_SMALL_BETWEEN: ReasonCode.QUOTA_SHORT_SMALL_BETWEEN,
}
"""What is short under one quota → the same where another one may ask more."""
_SAYS = frozenset({*_BOUNDS, Status.EXEMPT})
_OF_THE_KIND = NO_CLASS | {ReasonCode.SETTING_MISSING, ReasonCode.STAGE_UNREAD}
"""Why it is open whether a clause applies, where all that an area of one kind is held to do."""


def compliance_rate(tables: Tables, rule: Rule[RateOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return 1 for an area that meets all clauses of option ``clauses``, 0 for one that misses any.

    Only areas with a finding of their own appear, and those that are exempt, with their exemption
    as the reason and neither number: who is exempt from one of the clauses and misses no other
    has not met them all, and is counted apart. Where only *which* of the
    clauses applies is not known (age class missing), the answer is decided if it is the same of
    every class: missed, if of each one of those that hold for it together (option ``together``).
    Where it is open whether any applies (setting missing), an area that meets them all is met if it
    counts at all (:func:`perhaps_subjects`), else the answer is open too; beside one that is sure
    to apply, such a clause can only take the answer away.
    """
    found = [_by_area(c, tables.findings[c]) for c in rule.options.clauses if c in tables.findings]
    together = _together(rule.options)
    rows: dict[str, tuple[float, float, Reason | None]] = {}
    for subject in subjects:
        answer = _answer([f[subject] for f in found if subject in f], together)
        if answer is not None:
            rows[subject] = answer
    index = pd.Index(list(rows), name="id")
    return measured_frame(
        index,
        low=[r[0] for r in rows.values()],
        high=[r[1] for r in rows.values()],
        required_low=np.ones(len(rows)),
        reason=[r[2] for r in rows.values()],
    )


def _together(options: RateOptions) -> Sequence[Sequence[str]]:
    """Return the clauses that one kind of area is held to; each alone where nobody told."""
    return options.together or [(name,) for name in options.clauses]


def _by_area(clause: str, findings: pd.DataFrame) -> dict[Hashable, _Found]:
    """Return what is read of every area's finding that may say something, by the column's name.

    ``void``: there may be nothing to judge by this clause, though it holds for the area's kind.
    """
    rows = zip(*(findings[name].tolist() for name in _READ), strict=True)
    told = findings["perhaps"].items() if "perhaps" in findings else ()
    perhaps = {area for area, void in told if void is True}
    return {
        area: dict(zip(_READ, row, strict=True), clause=clause, void=area in perhaps)
        for area, row in zip(findings.index, rows, strict=True)
        if row[_STATUS] in _SAYS or row[_DECIDED] in _BOUNDS
    }


class Perhaps(NamedTuple):
    """Which areas may not count at all, and which of these are missed if they do: by any clause."""

    subjects: NDArray[np.bool_]
    missed: NDArray[np.bool_]


def perhaps_subjects(tables: Tables, rule: Rule[Options], areas: pd.Index) -> Perhaps:
    """Return which areas may not count at all: it is open of every clause whether it applies.

    Not those of which only the age class is missing: one of the clauses is theirs. Who is perhaps
    exempt from one, and not sure to miss another, may be exempt here too. Other measures than the
    compliance rate have none.
    """
    together = _together(rule.options) if isinstance(rule.options, RateOptions) else ()
    told = _doubted(tables, rule)
    missed = [area for area, rows in told.items() if all(map(_missed, _kinds(rows, together)))]
    return Perhaps(among(areas, told), among(areas, missed))


def _doubted(tables: Tables, rule: Rule[Options]) -> dict[Hashable, list[_Found]]:
    """Return area that may not count at all → the findings of the clauses that may apply."""
    if rule.measure != "compliance_rate" or not isinstance(rule.options, RateOptions):
        return {}
    told = _of_doubted(
        {name: tables.findings[name] for name in rule.options.clauses if name in tables.findings}
    )
    every = () not in _together(rule.options)
    sure = {area for area, one in told if _is_subject(one, every=every)}
    sure -= {area for area, one in told if _let_off(one)}
    sure |= {area for area, one in told if one["applies"] == 1 and _misses(one)}
    open_: dict[Hashable, list[_Found]] = {}
    for area, one in told:
        if area not in sure and _may_apply(one):
            open_.setdefault(area, []).append(one)
    return open_


def _of_doubted(found: Mapping[str, pd.DataFrame]) -> list[tuple[Hashable, _Found]]:
    """Return area and finding of the few areas of which it is open whether some clause applies."""
    doubted = {area for rows in found.values() for area in rows.index[rows["applies"].isna()]}
    if not doubted:
        return []
    few = {name: rows[among(rows.index, doubted)] for name, rows in found.items()}
    return [pair for name, rows in few.items() for pair in _by_area(name, rows).items()]


def _may_apply(one: _Found) -> bool:
    return bool(np.isnan(one["applies"])) and one["decided"] in _BOUNDS


def _let_off(one: _Found) -> bool:
    """Return whether an area is exempt from a clause, or may be."""
    reason = one["reason"]
    perhaps = isinstance(reason, Reason) and reason.code in PERHAPS_EXEMPT
    return perhaps or bool(one["status"] == Status.EXEMPT)


def _misses(one: _Found) -> bool:
    return bool(one["status"] == Status.DEFICIENT)


def _is_subject(one: _Found, *, every: bool) -> bool:
    """Return whether a clause applies for certain, or another where only the class is missing.

    ``every``: every class of area is held to some clause.
    """
    reason = one["reason"]
    classless = every and isinstance(reason, Reason) and reason.code in NO_CLASS
    return one["status"] in _BOUNDS and bool(one["applies"] == 1 or classless)


def _answer(
    own: list[_Found], together: Sequence[Sequence[str]]
) -> tuple[float, float, Reason | None] | None:
    """Return low, high and reason of one area; None where no clause can apply to it.

    An area that is exempt from one, and sure to miss no other, is exempt here too.
    """
    sure = [r for r in own if r["status"] in _BOUNDS and r["applies"] == 1]
    open_ = [r for r in own if r["applies"] != 1 and r["decided"] in _BOUNDS]
    left_out = [r["reason"] for r in own if r["status"] == Status.EXEMPT]
    if sure:
        answer = _sure(sure, open_, together)
        return (np.nan, np.nan, left_out[0]) if left_out and answer[0] == 1.0 else answer
    return _beside_exemptions(left_out, open_) if left_out else _only_perhaps(open_, together)


def _sure(
    sure: list[_Found], open_: list[_Found], together: Sequence[Sequence[str]]
) -> tuple[float, float, Reason | None]:
    """Return the answer of an area that some clause is sure to apply to."""
    lows, highs = _ends(sure, "status")
    more, _ = _ends(open_, "decided")
    best = _best(open_, together)
    if () in together or any(r["reason"].code not in NO_CLASS for r in open_):
        best = 1.0  # perhaps none of them applies
    low, high = min(lows + more), min([*highs, best])
    worst = [r for r in sure if r["status"] in {Status.DEFICIENT, Status.NOT_ASSESSED}]
    return low, high, (worst or open_ or sure)[0]["reason"]


def _beside_exemptions(
    left_out: list[Reason], open_: list[_Found]
) -> tuple[float, float, Reason | None]:
    """Return the answer of an area that is exempt from what is sure to apply to it.

    Or from what may: then another that may apply can still be missed.
    """
    if not open_:
        return np.nan, np.nan, left_out[0]
    lows, _ = _ends(open_, "decided")
    return min(lows), 1.0, open_[0]["reason"]


def _ends(rows: list[_Found], status: str) -> tuple[list[float], list[float]]:
    """Return worst and best cases of findings by one of their statuses."""
    bounds = [_BOUNDS[row[status]] for row in rows]
    return [low for low, _ in bounds], [high for _, high in bounds]


def _kinds(rows: list[_Found], together: Sequence[Sequence[str]]) -> list[list[_Found]]:
    """Return the findings of each kind that an area may be of: all of them apply if it is."""
    found = ([row for row in rows if row["clause"] in names] for names in together)
    return [mine for mine in found if mine]


def _missed(rows: list[_Found]) -> bool:
    """Return whether an area of one kind misses a clause, if it is held to any."""
    missed = [row for row in rows if row["decided"] == Status.DEFICIENT]
    return len(missed) == len(rows) or not all(map(_alone, missed))


def _alone(row: _Found) -> bool:
    """Return whether an area may not be held to a clause though it is of the clause's kind."""
    return row["void"] or row["reason"].code not in _OF_THE_KIND


def _best(open_: list[_Found], together: Sequence[Sequence[str]]) -> float:
    """Return the best case of clauses that may apply: that of the kind of area that meets most."""
    highs = [
        min(1.0 if _alone(row) else _BOUNDS[row["decided"]][1] for row in rows)
        for rows in _kinds(open_, together)
    ]
    return max(highs, default=1.0)


def _only_perhaps(
    open_: list[_Found], together: Sequence[Sequence[str]]
) -> tuple[float, float, Reason | None] | None:
    """Return the answer where it is open of every clause whether it applies."""
    if not open_:
        return None
    doubt = [r for r in open_ if () in together or r["reason"].code not in NO_CLASS]
    if doubt:
        if all(r["decided"] == Status.COMPLIANT for r in open_):
            return 1.0, 1.0, _if_asked(_agreed(open_), doubt[0]["reason"])
        return 0.0, 1.0, doubt[0]["reason"]
    low, high = min(_ends(open_, "decided")[0]), _best(open_, together)
    return low, high, _agreed(open_) if low == high else open_[0]["reason"]


def _if_asked(met: Reason, doubt: Reason) -> Reason:
    """Return why an area is met with a word beside it on why it may not be asked at all."""
    return Reason(
        met.code, {**met.params, "notes": [*met.params.get("notes", ()), doubt.to_json()]}
    )


def _agreed(rows: list[_Found]) -> Reason:
    """Return what decides an area of unknown age class: that even the least asked is missed.

    Or, where it is met, that even the most is. Having a facility at all (1) is less than any m².
    """
    missed = [row for row in rows if row["decided"] == Status.DEFICIENT]
    row = (min if missed else max)(missed or rows, key=lambda r: float(r["required_high"]))
    reason: Reason = row["own_reason"]
    return _by_either([r["own_reason"] for r in missed]) or reason


def _by_either(reasons: Sequence[Reason]) -> Reason | None:
    """Return that an area lacks m² by whichever quota is its own: at least the lesser gap.

    None where they are no quotas of m², or ask the same.
    """
    told = [r for r in reasons if r.code in _BETWEEN and "deficit_m2" in r.params]
    if not told or len(told) < len(reasons):
        return None
    ends = ("required_low_m2", "required_m2")
    asked = [float(r.params[end]) for r in reasons for end in ends if end in r.params]
    least = min(reasons, key=lambda r: (r.params["deficit_m2"], r.params["required_m2"]))
    low, high = min(asked), max(asked)
    if meets(low, "=", high):
        return None
    need = {"required_low_m2": low, "required_m2": high}
    return Reason(_BETWEEN[least.code], {**least.params, **need})
