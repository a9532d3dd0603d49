"""Judgement: one clause over its subjects, and all clauses of a standard in the right order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.judge.applicability import applicability
from lifecircle.judge.decision import close_calls, decide, deficit, with_flag
from lifecircle.judge.rates import (
    area_rates,
    exact_status,
    facility_rates,
    rate_status,
    unit_rates,
)
from lifecircle.measures import MEASURES, open_ledger
from lifecircle.model.assessment import ClauseResult
from lifecircle.model.finding import TOLERANCE, Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lifecircle.model.clause import Clause, Standard, Version
    from lifecircle.model.tables import Ledger, Tables

__all__ = ["JudgedClause", "judge_clause", "judge_standard", "ledger_of", "resolved"]

_RATE_MEASURES = {
    "unit_coverage",
    "compliance_rate",
    "has_facility",
    "stages",
    "facility_share",
    "co_location",
    "assignment",
}
"""Measures whose subjects are met or not, and whose clause speaks of their rate."""

_OWN_SUBJECTS = {"compliance_rate", "count", "sum", "ratio", "assignment", "indicator", "document"}
"""Measures that find their subjects themselves: one without a row is no subject."""

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class JudgedClause:
    """A clause judged.

    ``findings``: index subject id; ``applies`` (1.0 or NaN: may apply, 0.0: does not),
    ``measured``, ``low``, ``high``, ``required_low``, ``required_high``, ``deficit``, ``decided``
    (the status if it applies), ``status``, ``flags`` (tuple), ``reason``.
    """

    clause: Clause
    findings: pd.DataFrame
    result: ClauseResult


def resolved(clause: Clause, standard: Standard | None, as_of: dt.date) -> Clause:
    """Return ``clause`` with ``approved_between`` put into numbers: the existing areas' rate."""
    other = clause.options.get("approved_between")
    if other is None or standard is None:
        return clause
    version = standard.clauses[other].version_on(as_of)
    if version is None or version.value is None:
        return clause
    return dataclasses.replace(clause, options={**clause.options, "approved_low": version.value})


def ledger_of(tables: Tables, clauses: Sequence[Clause], as_of: dt.date) -> Ledger:
    """Open the ledger of every provision clause in force."""
    quotas = []
    for clause in clauses:
        version = clause.version_on(as_of)
        if clause.measure == "provision" and version is not None and version.value is not None:
            applies = applicability(tables, clause)["applies"]
            quotas.append((clause, version.value, applies.index[applies != 0]))
    return open_ledger(tables, quotas)


def judge_standard(
    tables: Tables,
    standard: Standard,
    *,
    as_of: dt.date,
    exemptions: pd.DataFrame | None = None,
) -> tuple[Tables, dict[str, JudgedClause]]:
    """Judge every clause of a standard; clauses about other clauses come last.

    Returns the tables with their ledger and findings, and clause id → judged clause in the
    standard's order.
    """
    clauses = {c.id: resolved(c, standard, as_of) for c in standard.clauses.values()}
    tables = dataclasses.replace(
        tables, ledger=ledger_of(tables, list(clauses.values()), as_of), findings={}
    )
    later = {"clauses", "of_clauses"}
    order = sorted(clauses.values(), key=lambda c: bool(later & c.options.keys()))
    judged: dict[str, JudgedClause] = {}
    for clause in order:
        judged[clause.id] = judge_clause(
            tables, clause, as_of=as_of, standard=standard, exemptions=exemptions
        )
        found = {**tables.findings, clause.id: judged[clause.id].findings}
        tables = dataclasses.replace(tables, findings=found)
    return tables, {name: judged[name] for name in clauses}


def judge_clause(
    tables: Tables,
    clause: Clause,
    *,
    as_of: dt.date,
    standard: Standard | None = None,
    exemptions: pd.DataFrame | None = None,
) -> JudgedClause:
    """Judge one clause.

    Parameters
    ----------
    tables
        With derived columns, reach tables and, for clauses on other clauses, their findings. A
        missing ledger is opened here, from the standard's quota clauses or from this one.
    as_of
        The study's date: which version is in force, what is overdue.
    exemptions
        ``id``, ``clause``, ``reason``, ``reference``, ``until``.
    """
    clause = resolved(clause, standard, as_of)
    version = clause.version_on(as_of)
    if version is None:
        return _not_in_force(clause, as_of)
    if tables.ledger is None and clause.measure in {"provision", "single_minimum"}:
        family = [clause] if standard is None else list(standard.clauses.values())
        family = [resolved(c, standard, as_of) for c in family]
        tables = dataclasses.replace(tables, ledger=ledger_of(tables, family, as_of))
    about = applicability(tables, clause)
    subjects = about.index[about["applies"] != 0]
    measured = MEASURES[clause.measure](tables, clause, version.value, subjects)
    findings = _findings(tables, clause, about, measured)
    findings = _exempted(findings, clause, as_of, exemptions)
    return JudgedClause(clause, findings, _result(tables, clause, version, findings, as_of))


def _findings(
    tables: Tables, clause: Clause, about: pd.DataFrame, measured: pd.DataFrame
) -> pd.DataFrame:
    """Join what was measured with what applies; a subject without a row has nothing to judge."""
    rows = about.rename(columns={"reason": "about"})
    if clause.measure in _OWN_SUBJECTS:
        rows = rows.loc[rows.index.intersection(measured.index, sort=False)]
    frame = rows.join(measured)
    comparison = clause.comparison
    if comparison is not None and clause.measure in _RATE_MEASURES:
        comparison = ">="  # a subject is met or not; the clause's own sign is for their rate
    if comparison is None:
        frame["decided"] = Status.REPORTED
        frame["deficit"] = np.nan
    else:
        frame["decided"] = decide(frame, comparison)
        frame["deficit"] = deficit(frame, comparison)
    bare = ~frame.index.isin(measured.index)
    out = (frame["applies"] == 0) | bare
    frame.loc[bare, "applies"] = 0.0
    frame["status"] = frame["decided"]
    frame.loc[frame["applies"].isna(), "status"] = Status.NOT_ASSESSED
    frame.loc[out, ["status", "decided"]] = Status.NOT_APPLICABLE
    frame.loc[out, "deficit"] = np.nan
    frame["reason"] = [
        about_ or reason or (Reason(ReasonCode.NO_PLACE) if gone else None)
        for about_, reason, gone in zip(
            frame["about"], frame["reason"].where(frame["reason"].notna(), None), out, strict=True
        )
    ]
    frame["flags"] = _subject_flags(tables, clause, frame)
    return frame.drop(columns="about")


def _subject_flags(tables: Tables, clause: Clause, frame: pd.DataFrame) -> list[tuple[Flag, ...]]:
    near = close_calls(frame, clause, tables)
    flags = []
    for subject, row in frame.iterrows():
        own: tuple[Flag, ...] = (Flag.REFERENCE,) if clause.reference else ()
        own = with_flag(own, Flag.CLOSE_CALL, on=bool(near[subject]) and row["applies"] != 0)
        if tables.ledger is not None and clause.measure == "provision" and row["applies"] != 0:
            account = tables.ledger.frame.loc[(subject, clause.id)]
            have = account["own_low"] + account["recorded_low"]
            short = have < account["required_high"] - TOLERANCE
            met = have + account["arrangeable"] >= account["required_high"] - TOLERANCE
            own = with_flag(own, Flag.ADJUSTABLE, on=bool(short and met))
            shared = account["recorded_low"] > 0 or account["arrangeable"] > 0
            own = with_flag(own, Flag.NOT_PROVEN, on=bool(shared) and not tables.ledger.proven)
        if tables.ledger is not None and clause.measure == "single_minimum":
            small = _smaller_place(tables.ledger, clause.options["quota"], str(subject))
            met = row["status"] == Status.COMPLIANT
            own = with_flag(own, Flag.BELOW_MINIMUM, on=small and met)
        flags.append(own)
    return flags


def _smaller_place(ledger: Ledger, quota: str, area: str) -> bool:
    mine = (ledger.places["residential"] == area) & (ledger.places["clause"] == quota)
    return bool((mine & ~ledger.places["credited_low"] & (ledger.places["m2_high"] > 0)).any())


def _exempted(
    findings: pd.DataFrame, clause: Clause, as_of: dt.date, exemptions: pd.DataFrame | None
) -> pd.DataFrame:
    if exemptions is None or exemptions.empty:
        return findings
    for row in exemptions.itertuples():
        until = row.until if row.until is not None and row.until == row.until else None
        if row.clause != clause.id or row.id not in findings.index or (until and until < as_of):
            continue
        if findings.at[row.id, "status"] == Status.NOT_APPLICABLE:
            continue
        findings.at[row.id, "status"] = Status.EXEMPT
        findings.at[row.id, "decided"] = Status.EXEMPT
        params = {"why": row.reason, "reference": row.reference}
        findings.at[row.id, "reason"] = Reason(ReasonCode.EXEMPTED, params)
    return findings


def _result(
    tables: Tables, clause: Clause, version: Version, findings: pd.DataFrame, as_of: dt.date
) -> ClauseResult:
    status_of = findings["status"]
    if clause.subject == "residential":
        rates = area_rates(status_of, clause, tables)
    elif clause.subject == "units":
        rates = unit_rates(status_of, tables)
    elif clause.subject == "facilities":
        rates = facility_rates(_counted(findings))
    else:
        rates = _county_rates(clause, findings)
    if (
        clause.comparison is None
        and clause.measure in _RATE_MEASURES
        and clause.subject != "facilities"
    ):
        met = findings["decided"].isin([Status.REPORTED]) & (findings["low"] >= 1)
        rates = _reported_rates(findings, met, clause, tables)
    official = next(
        (r for r in rates if r.scope == "county" and r.basis == clause.official),
        next((r for r in rates if r.scope == "county"), None),
    )
    value, low, high = _value(clause, findings, official)
    status = _status(clause, version, findings)
    flags: tuple[Flag, ...] = (Flag.REFERENCE,) if clause.reference else ()
    flags = with_flag(flags, Flag.UNVERIFIED, on=not clause.verified)
    deadline = clause.deadline_on(as_of)
    late = deadline is not None and deadline < as_of
    flags = with_flag(flags, Flag.OVERDUE, on=late and status is Status.DEFICIENT)
    ended = clause.expires is not None and clause.expires < as_of
    flags = with_flag(flags, Flag.EXPIRED, on=ended)
    counts = {str(s): int((status_of == s).sum()) for s in Status if (status_of == s).any()}
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
    )


def _status(clause: Clause, version: Version, findings: pd.DataFrame) -> Status:
    if clause.comparison is None or version.value is None:
        return Status.REPORTED if len(findings) else Status.NOT_APPLICABLE
    if clause.subject == "facilities":
        rates = facility_rates(_counted(findings))
        return exact_status(rates, clause.comparison, version.value)
    if clause.measure in _RATE_MEASURES:
        return rate_status(findings["status"], clause.comparison, version.value)
    found = set(findings["status"])
    for status in (Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT, Status.EXEMPT):
        if status in found:
            return status
    return Status.NOT_APPLICABLE


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
    if clause.measure not in _RATE_MEASURES or official is None:
        return None, None, None
    return tuple(  # type: ignore[return-value]
        None if part is None else _PERCENT * part
        for part in (official.rate, official.low, official.high)
    )


def _county_rates(clause: Clause, findings: pd.DataFrame) -> tuple[Rate, ...]:
    if clause.measure != "ratio" or findings.empty:
        return ()
    row = findings.iloc[0]
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


def _not_in_force(clause: Clause, as_of: dt.date) -> JudgedClause:
    early = as_of < clause.versions[0].valid_from
    columns = ["applies", "measured", "low", "high", "required_low", "required_high", "reason"]
    columns += ["deficit", "decided", "status", "flags"]
    result = ClauseResult(
        standard=clause.standard,
        id=clause.id,
        title=clause.title,
        section=clause.section,
        quote=clause.quote,
        force=clause.force,
        references=clause.versions[0 if early else -1].references,
        deadline=clause.deadline,
        measure=clause.measure,
        subject=clause.subject,
        kinds=clause.kinds,
        comparison=clause.comparison,
        target=None,
        unit=clause.unit,
        value=None,
        low=None,
        high=None,
        reading=clause.readings,
        status=Status.NOT_IN_FORCE,
        flags=() if early else (Flag.EXPIRED,),
        counts={},
        official=None,
        rates=(),
    )
    empty = pd.DataFrame(columns=columns, index=pd.Index([], name="id"))
    return JudgedClause(clause, empty, result)
