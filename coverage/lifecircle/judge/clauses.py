"""Judgement: one clause over its subjects, and all clauses of a standard in the right order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.account import open_account
from lifecircle.counting.projects import leads
from lifecircle.judge.applicability import applicability
from lifecircle.judge.clause_results import RATE_MEASURES, clause_result
from lifecircle.judge.decision import close_calls, decide, deficit
from lifecircle.judge.exemptions import holds_until
from lifecircle.judge.readings import as_read
from lifecircle.judge.topics import topic
from lifecircle.measures import MEASURES
from lifecircle.measures.areas.provision import credited
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import ClauseResult
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.tables import Account, Tables

__all__ = [
    "JudgedClause",
    "account_of",
    "judge_clause",
    "judge_standard",
    "resolved",
]

_OWN_SUBJECTS = {"compliance_rate", "count", "sum", "ratio", "assignment", "indicator", "document"}
"""Measures that find their subjects themselves: one without a row is no subject."""


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
    """Return ``clause`` as read, with ``approved_between`` in numbers: the existing areas' rate."""
    if standard is None:
        return clause
    clause = as_read(clause, standard)
    other = clause.options.get("approved_between")
    if other is None:
        return clause
    version = standard.clauses[other].version_on(as_of)
    if version is None or version.value is None:
        return clause
    return dataclasses.replace(clause, options={**clause.options, "approved_low": version.value})


def account_of(
    tables: Tables, clauses: Sequence[Clause], as_of: dt.date, *, arranging: bool = True
) -> Account:
    """Open the account of every provision clause in force."""
    quotas = []
    for clause in clauses:
        version = clause.version_on(as_of)
        if clause.measure == "provision" and version is not None and version.value is not None:
            applies = applicability(tables, clause)["applies"]
            quotas.append((clause, version.value, applies.index[applies != 0]))
    bases = {c.official for c in clauses if c.measure == "compliance_rate"}
    official = next((b for b in ("households", "population") if b in bases), "areas")
    return open_account(tables, quotas, arranging=arranging, official=official)


def judge_standard(
    tables: Tables,
    standard: Standard,
    *,
    as_of: dt.date,
    exemptions: pd.DataFrame | None = None,
) -> tuple[Tables, dict[str, JudgedClause]]:
    """Judge every clause of a standard; clauses about other clauses come last.

    Returns the tables with their account and findings, and clause id → judged clause in the
    standard's order.
    """
    clauses = {c.id: resolved(c, standard, as_of) for c in standard.clauses.values()}
    tables = dataclasses.replace(
        tables, account=account_of(tables, list(clauses.values()), as_of), findings={}
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
    brief: bool = False,
) -> JudgedClause:
    """Judge one clause.

    Parameters
    ----------
    tables
        With derived columns, reach tables and, for clauses on other clauses, their findings. A
        missing account is opened here, from the standard's quota clauses or from this one.
    as_of
        The study's date: which version is in force, what is overdue.
    exemptions
        ``id``, ``clause``, ``reason``, ``reference``, ``until``.
    brief
        Status and value only: no flags of subjects, no rates beside the county's.
    """
    clause = resolved(clause, standard, as_of)
    version = clause.version_on(as_of)
    if version is None:
        return _not_in_force(clause, as_of)
    if tables.account is None and clause.measure in {"provision", "single_minimum"}:
        family = [clause] if standard is None else list(standard.clauses.values())
        family = [resolved(c, standard, as_of) for c in family]
        tables = dataclasses.replace(tables, account=account_of(tables, family, as_of))
    about = applicability(tables, clause)
    subjects = about.index[about["applies"] != 0]
    measured = MEASURES[clause.measure](tables, clause, version.value, subjects)
    findings = _findings(clause, about, measured, brief=brief)
    findings["flags"] = [()] * len(findings) if brief else _subject_flags(tables, clause, findings)
    findings = _exempted(findings, clause, as_of, exemptions)
    result = clause_result(tables, clause, version, findings, as_of, brief=brief)
    return JudgedClause(clause, findings, result)


def _findings(
    clause: Clause, about: pd.DataFrame, measured: pd.DataFrame, *, brief: bool
) -> pd.DataFrame:
    """Join what was measured with what applies; a subject without a row has nothing to judge."""
    rows = about.rename(columns={"reason": "about"})
    if clause.measure in _OWN_SUBJECTS:
        rows = rows.loc[rows.index.intersection(measured.index, sort=False)]
    frame = rows.join(measured)
    comparison = clause.comparison
    if comparison is not None and clause.measure in RATE_MEASURES:
        comparison = ">="  # a subject is met or not; the clause's own sign is for their rate
    if comparison is None:
        frame["decided"] = Status.REPORTED
        frame["deficit"] = np.nan
    else:
        frame["decided"] = decide(frame, comparison)
        frame["deficit"] = np.nan if brief else deficit(frame, comparison)
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
    return frame.drop(columns="about")


def _subject_flags(tables: Tables, clause: Clause, frame: pd.DataFrame) -> list[tuple[Flag, ...]]:
    """Return the marks of every finding: reference, close call, and those of the m² account."""
    applies = (frame["applies"] != 0).to_numpy()
    marks = {
        Flag.REFERENCE: np.full(len(frame), clause.reference),
        Flag.CLOSE_CALL: close_calls(frame, clause, tables).to_numpy() & applies,
    }
    if tables.account is not None:
        lead = leads(tables.areas).reindex(frame.index)
        if clause.measure == "provision":
            account = _account_flags(tables.account, clause)
            known = account.reindex(lead, fill_value=False)
            marks |= {Flag(name): known[name].to_numpy() & applies for name in account.columns}
        elif clause.measure == "single_minimum":
            quotas = clause.options.get("quotas", (clause.options["quota"],))
            met = (frame["status"] == Status.COMPLIANT).to_numpy()
            small = lead.isin(_smaller_places(tables.account, quotas)).to_numpy()
            marks[Flag.BELOW_MINIMUM] = small & met
    rows = zip(*marks.values(), strict=True)
    return [tuple(f for f, on in zip(marks, row, strict=True) if on) for row in rows]


def _account_flags(account: Account, clause: Clause) -> pd.DataFrame:
    """Return by area whether arranging would fill it, and whether its sharing is not proven."""
    mine = account.frame[account.frame.index.get_level_values("clause") == clause.id]
    have, need = credited(mine, clause)["low"], mine["required_high"]
    met = have + mine["arrangeable"] >= need - TOLERANCE
    shared = (mine["recorded_low"] > 0) | (mine["arrangeable"] > 0)
    return pd.DataFrame(
        {
            Flag.ADJUSTABLE: (have < need - TOLERANCE) & met,
            Flag.NOT_PROVEN: shared & (not account.proven),
        }
    ).droplevel("clause")


def _smaller_places(account: Account, quotas: Sequence[str]) -> set[str]:
    """Return the areas with a place below the single minimum."""
    places = account.places[account.places["clause"].isin(quotas)]
    small = ~places["credited_low"].astype(bool) & (places["m2_high"] > 0)
    return set(places.loc[small, "residential"])


def _exempted(
    findings: pd.DataFrame, clause: Clause, as_of: dt.date, exemptions: pd.DataFrame | None
) -> pd.DataFrame:
    if exemptions is None or exemptions.empty:
        return findings
    for row in exemptions.itertuples():
        until = holds_until(row.until)
        if row.clause != clause.id or row.id not in findings.index or (until and until < as_of):
            continue
        if findings.at[row.id, "status"] == Status.NOT_APPLICABLE:
            continue
        findings.at[row.id, "status"] = Status.EXEMPT
        findings.at[row.id, "decided"] = Status.EXEMPT
        findings.at[row.id, "reason"] = _exempting(row.reason, row.reference, until)
    return findings


def _exempting(why: str, reference: str, until: dt.date | None) -> Reason:
    params = {"why": why, "reference": reference}
    if until is None:
        return Reason(ReasonCode.EXEMPTED, params)
    return Reason(ReasonCode.EXEMPTED_UNTIL, {**params, "until": until.isoformat()})


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
        topic=topic(clause),
    )
    empty = pd.DataFrame(columns=columns, index=pd.Index([], name="id"))
    return JudgedClause(clause, empty, result)
