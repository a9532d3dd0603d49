"""Results: what the findings of one clause come to: value, rates, status, flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.judge.decision import with_flag
from lifecircle.judge.rates import (
    area_rates,
    exact_status,
    facility_rates,
    once,
    rate_status,
    unit_rates,
    weighed_status,
)
from lifecircle.judge.topics import topic
from lifecircle.model.finding import Rate
from lifecircle.model.results.assessment import ClauseResult
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from lifecircle.model.rules.clause import Clause, Version
    from lifecircle.model.tables import Tables

__all__ = ["RATE_MEASURES", "clause_result"]

RATE_MEASURES = {
    "unit_coverage",
    "compliance_rate",
    "has_facility",
    "stages",
    "facility_share",
    "co_location",
    "assignment",
}
"""Measures whose subjects are met or not, and whose clause speaks of their rate."""

_PERCENT = 100.0


def clause_result(
    tables: Tables,
    clause: Clause,
    version: Version,
    findings: pd.DataFrame,
    as_of: dt.date,
    *,
    brief: bool = False,
) -> ClauseResult:
    """Return the result of a clause in force, from its findings.

    ``brief``: of the rates on areas only the county's on the official basis.
    """
    counted = once(findings, clause, tables)
    status_of = findings["status"]
    if clause.subject == "residential":
        only = (clause.official or "areas") if brief else None
        rates = area_rates(status_of, clause, tables, only=only)
    elif clause.subject == "units":
        rates = unit_rates(status_of, tables)
    elif clause.subject == "facilities":
        rates = facility_rates(_counted(findings))
    else:
        rates = _county_rates(clause, findings)
    if (
        clause.comparison is None
        and clause.measure in RATE_MEASURES
        and clause.subject != "facilities"
    ):
        met = findings["decided"].isin([Status.REPORTED]) & (findings["low"] >= 1)
        rates = _reported_rates(findings, met, clause, tables)
    official = next(
        (r for r in rates if r.scope == "county" and r.basis == clause.official),
        next((r for r in rates if r.scope == "county"), None),
    )
    value, low, high = _value(clause, findings, official)
    status = _status(clause, version, findings[counted], official)
    if clause.subject == "units" and tables.units.empty and status is Status.NOT_APPLICABLE:
        status = Status.NOT_ASSESSED  # no list of units: nobody knows which of them have one
    flags: tuple[Flag, ...] = (Flag.REFERENCE,) if clause.reference else ()
    flags = with_flag(flags, Flag.UNVERIFIED, on=not clause.verified)
    deadline = clause.deadline_on(as_of)
    late = deadline is not None and deadline < as_of
    flags = with_flag(flags, Flag.OVERDUE, on=late and status is Status.DEFICIENT)
    ended = clause.expires is not None and clause.expires < as_of
    flags = with_flag(flags, Flag.EXPIRED, on=ended)
    told = status_of[counted]
    counts = {str(s): int((told == s).sum()) for s in Status if (told == s).any()}
    return ClauseResult(
        standard=clause.standard,
        id=clause.id,
        title=clause.title,
        section=clause.section,
        quote=clause.quote,
        force=clause.force,
        references=version.references,
        deadline=deadline,
        measure=clause.measure,
        subject=clause.subject,
        kinds=clause.kinds,
        comparison=clause.comparison,
        target=version.value,
        unit=clause.unit,
        value=value,
        low=low,
        high=high,
        reading=clause.readings,
        status=status,
        flags=flags,
        counts=counts,
        official=official,
        rates=rates,
        topic=topic(clause),
    )


def _status(
    clause: Clause, version: Version, findings: pd.DataFrame, official: Rate | None
) -> Status:
    if clause.comparison is None or version.value is None:
        return Status.REPORTED if len(findings) else Status.NOT_APPLICABLE
    if clause.measure in RATE_MEASURES:
        return _of_rate(clause, clause.comparison, version.value, findings, official)
    found = set(findings["status"])
    for status in (Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT, Status.EXEMPT):
        if status in found:
            return status
    return Status.NOT_APPLICABLE


def _of_rate(
    clause: Clause, comparison: str, target: float, findings: pd.DataFrame, official: Rate | None
) -> Status:
    """Return the status of a clause that speaks of a rate of its subjects."""
    if clause.subject == "facilities":
        return exact_status(official, comparison, target)
    if clause.measure == "compliance_rate" and clause.official not in {None, "areas"}:
        same = official is not None and official.basis == clause.official
        return weighed_status(official if same else None, comparison, target)
    return rate_status(findings["status"], comparison, target)


def _counted(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are in a rate: applicable, or perhaps so, and not exempt."""
    return findings[~findings["status"].isin([Status.EXEMPT, Status.NOT_APPLICABLE])]


def _value(
    clause: Clause, findings: pd.DataFrame, official: Rate | None
) -> tuple[float | None, float | None, float | None]:
    """Return value, low and high of the clause as a whole, in its unit."""
    if clause.subject == "county":
        if findings.empty:
            return None, None, None
        row = findings.iloc[0]
        return tuple(
            None if np.isnan(row[c]) else float(row[c]) for c in ("measured", "low", "high")
        )  # type: ignore[return-value]
    if clause.measure not in RATE_MEASURES or official is None:
        return None, None, None
    return tuple(  # type: ignore[return-value]
        None if part is None else _PERCENT * part
        for part in (official.rate, official.low, official.high)
    )


def _county_rates(clause: Clause, findings: pd.DataFrame) -> tuple[Rate, ...]:
    if clause.measure != "ratio" or findings.empty:
        return ()
    row = findings.iloc[0]
    if row["status"] == Status.EXEMPT:  # its reason is the exemption's, without figures
        return ()
    params = row["reason"].params
    top, bottom = params["numerator"], params["denominator"]
    return (
        Rate(
            basis="beds",
            scope="county",
            numerator=top,
            denominator=bottom,
            not_assessed=float(params["missing"]),
            low=float(row["low"]) / _PERCENT,
            high=float(row["high"]) / _PERCENT,
            rate=top / bottom if bottom else None,
        ),
    )


def _reported_rates(
    findings: pd.DataFrame, met: pd.Series, clause: Clause, tables: Tables
) -> tuple[Rate, ...]:
    """Return the coverage of a clause without a target, as if 100 % were asked."""
    status = findings["status"].copy()
    shown = status == Status.REPORTED
    open_ = shown & (findings["low"] != findings["high"])
    status[shown] = Status.DEFICIENT
    status[shown & met] = Status.COMPLIANT
    status[open_] = Status.NOT_ASSESSED
    return (
        unit_rates(status, tables)
        if clause.subject == "units"
        else area_rates(status, clause, tables)
    )
