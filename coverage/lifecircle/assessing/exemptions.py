"""Exemptions told: which of the study's hold on its day, and which name nothing."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from lifecircle.errors import nearest_name
from lifecircle.judge.exemptions import clause_key, last_day
from lifecircle.model.finding import holds_on
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.inputs.study import PLACE_COLUMNS
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reason import PERHAPS_EXEMPT
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study

__all__ = ["exemption_list"]


def exemption_list(
    study: Study, judged: Mapping[tuple[str, str], JudgedClause]
) -> tuple[tuple[Exemption, ...], tuple[Problem, ...]]:
    """Return what came of each exemption, and what is wrong with those that do nothing.

    Parameters
    ----------
    study
        With its ``exemptions``, its day, and the layers whose ids they may name.
    judged
        (Standard, clause) → the clause judged with them.
    """
    as_of, layers = study.as_of, (study.residential, study.facilities, study.units)
    known = {str(key) for layer in layers if layer is not None for key in layer.frame.index}
    names = list(dict.fromkeys(clause for _, clause in judged))
    by_clause: dict[str, JudgedClause] = {}
    for (_, clause), each in judged.items():
        by_clause.setdefault(clause_key(clause), each)
    found, problems = [], []
    for row in study.exemptions.to_dict("records"):
        until = last_day(row["until"])
        one = by_clause.get(clause_key(row["clause"]))
        state = _state(one, row["id"], until, as_of)
        found.append(
            Exemption(
                id=str(row["id"]),
                clause=str(row["clause"]) if one is None else one.rule.id,
                reason=str(row["reason"]),
                reference=str(row["reference"]),
                until=until,
                state=state,
                standard="" if one is None else one.result.standard,
                layer="" if one is None else one.rule.subject,
            )
        )
        if one is None:
            problems += _of_no_clause(row, names)
        elif state is ExemptionState.EXPIRED and until is not None:
            params = {"item": row["id"], "until": until.isoformat(), "as_of": as_of.isoformat()}
            problems.append(_problem(ProblemCode.EXEMPTION_EXPIRED, row, **params))
        elif state is ExemptionState.UNKNOWN and row["id"] in known:
            # one that no layer has is told where the table is read
            params = {"target": one.rule.subject, "nearest": None}
            of_another = _problem(ProblemCode.REFERENCE_UNKNOWN, row, **params)
            problems.append(
                dataclasses.replace(of_another, value=row["id"], cell=None, column=None)
            )
    return tuple(found), tuple(problems)


def _of_no_clause(row: Mapping[str, Any], names: list[str]) -> list[Problem]:
    """Return what is said of a clause that no document has.

    A word that is no id (全部) is told where the table is read.
    """
    written = str(row["clause"])
    if row.get("row") is not None and not re.search(r"\d", written):
        return []
    return [_problem(ProblemCode.CLAUSE_UNKNOWN, row, nearest=nearest_name(written, names))]


def _state(
    one: JudgedClause | None, subject: str, until: dt.date | None, as_of: dt.date
) -> ExemptionState:
    if one is None:
        return ExemptionState.UNKNOWN
    if not holds_on(until, as_of):
        return ExemptionState.EXPIRED
    if one.result.status is Status.NOT_IN_FORCE:
        return ExemptionState.IDLE
    if subject not in one.findings.index:
        return ExemptionState.UNKNOWN
    reason = one.findings.at[subject, "reason"]
    if reason is not None and reason.code in PERHAPS_EXEMPT:
        return ExemptionState.UNREAD
    exempt = one.findings.at[subject, "status"] == Status.EXEMPT
    return ExemptionState.APPLIED if exempt else ExemptionState.IDLE


def _problem(code: ProblemCode, row: Mapping[str, Any], **params: Any) -> Problem:
    place = {name.removeprefix("in_"): row.get(name) for name in PLACE_COLUMNS}
    return Problem(
        code,
        Severity.WARNING,
        params,
        layer="exemptions",
        value=str(row["clause"]),
        **place,
    )
