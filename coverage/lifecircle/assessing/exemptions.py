"""Exemptions told: which of the study's hold on its day, and which name nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.case.case import exemptions_of
from lifecircle.counting.clause_ids import clause_key
from lifecircle.counting.clause_words import is_unsaid
from lifecircle.errors import nearest_name
from lifecircle.judge.exemptions import last_day
from lifecircle.judge.readings import put_in_force
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.finding import holds_on
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.inputs.study import PLACE_COLUMNS
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reason import PERHAPS_EXEMPT
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard

__all__ = ["clause_problems", "exemption_list"]

_TOLD = frozenset({ExemptionState.APPLIED, ExemptionState.UNREAD})


def exemption_list(
    study: Study,
    judged: Mapping[tuple[str, str], JudgedClause],
    meant: Sequence[pd.DataFrame],
) -> tuple[tuple[Exemption, ...], tuple[Problem, ...]]:
    """Return what came of each exemption, and what is wrong with those that do nothing.

    Parameters
    ----------
    study
        With its ``exemptions``, its day, and the layers whose ids they may name.
    judged
        (Standard, clause) → the clause judged with them.
    meant
        Of each standard the exemptions as its clauses read them
        (:func:`~lifecircle.judge.exemptions.exemptions_under`).
    """
    known = _known(study)
    by_clause: dict[str, JudgedClause] = {}
    for (_, clause), each in judged.items():
        by_clause.setdefault(clause_key(clause), each)
    read, rows = _by_line(meant), study.exemptions.to_dict("records")
    found: list[tuple[Any, Exemption]] = []
    problems: list[tuple[Any, Problem]] = []
    for line, row in enumerate(rows):
        sure, perhaps = read.get(line, ({}, {}))
        told, may = (_judged_of(by_clause, side) for side in (sure, perhaps))
        listed, source = _entries(row, told, may, study.as_of), _source(line, row)
        found += [(source, one) for one in listed]
        problems += [(source, one) for one in _of_row(row, told, listed, study.as_of, known)]
    # where the areas of a street may be meant, that no clause asks the street is not told
    some = {source for source, one in found if one.state in _TOLD}
    some &= _of_streets(rows)
    return (
        tuple(one for source, one in found if source not in some or one.state in _TOLD),
        tuple(one for source, one in problems if source not in some),
    )


def _about(clauses: Mapping[str, str], *subjects: str) -> set[str]:
    return {name for name, subject in clauses.items() if subject in subjects}


def _known(study: Study) -> dict[str, str]:
    """Return the ids that there are, and what a person calls them.

    An exemption names 东苑; an id that was made of its row (R8) nobody has ever written.
    """
    found: dict[str, str] = {}
    for layer in (study.residential, study.facilities, study.units):
        if layer is None:
            continue
        names = layer.frame.get("name", layer.frame.index)
        for key, name in zip(map(str, layer.frame.index), names, strict=True):
            said = _cell(name)
            found.setdefault(key, f"{key} {said}" if said not in {"", key} else key)
    return found


def _judged_of(by_clause: Mapping[str, JudgedClause], names: Iterable[str]) -> list[JudgedClause]:
    found = (by_clause.get(clause_key(name)) for name in names)
    return [one for one in found if one is not None]


def _of_streets(rows: list[Mapping[str, Any]]) -> set[Any]:
    """Return where the rows are written that name a street or community with areas in it."""
    return {_source(*each) for each in enumerate(rows) if each[1].get("whole") is True}


def clause_problems(study: Study, standards: Iterable[Standard]) -> tuple[Problem, ...]:
    """Return what is said of exemptions whose clause is a word, is blank or cannot be read."""
    if study.exemptions.empty:
        return ()
    found = [put_in_force(each, study.as_of, study.readings) for each in standards]
    read = _by_line([exemptions_of(study, rules) for rules in found])
    about = {rule.id: rule.subject for rules in found for rule in rules}
    asked = _about(about, "residential", "facilities", "units")
    of_areas, known = _about(about, "residential"), _known(study)
    problems: dict[Any, Problem] = {}  # a row that means several places is told once
    whole: dict[Any, list[Mapping[str, Any]]] = {}
    for line, row in enumerate(study.exemptions.to_dict("records")):
        if row.get("not_held") or not holds_on(last_day(row["until"]), study.as_of):
            continue
        sure, perhaps = read.get(line, ({}, {}))
        item, key = known.get(str(row["id"]), str(row["id"])), _source(line, row)
        told = _of_clause(row, item, sure, perhaps, list(about), asked)
        if told is not None:
            problems.setdefault((key, told.code), told)
        if row.get("whole") is True and of_areas & {*sure, *perhaps}:
            whole.setdefault(key, []).append(row)
    return (*problems.values(), *(_of_whole(rows) for rows in whole.values()))


def _source(line: int, row: Mapping[str, Any]) -> Any:
    """Return where a row was written, the same for all that one cell may mean; else its own."""
    return line if row.get("row") is None else (row["in_file"], row["sheet"], row["row"])


def _of_whole(rows: list[Mapping[str, Any]]) -> Problem:
    """Return what is said of an exemption of a street or community: rows of its areas."""
    params = {"item": rows[0]["written"], "count": len(rows)}
    told = _problem(ProblemCode.EXEMPTION_WHOLE, rows[0], **params)
    return dataclasses.replace(told, value=rows[0]["written"], cell=None, column=None)


def _by_line(meant: Iterable[pd.DataFrame]) -> dict[int, tuple[dict[str, bool], dict[str, bool]]]:
    """Return by row the clauses it means, and may mean, each with whether all of it was read."""
    found: dict[int, tuple[dict[str, bool], dict[str, bool]]] = {}
    for table in meant:
        if table.empty:
            continue
        columns = (table[name] for name in ("line", "clause", "clause_said", "clause_known"))
        for line, clause, said, read in zip(*columns, strict=True):
            side = 0 if said is None else 1
            found.setdefault(int(line), ({}, {}))[side].setdefault(str(clause), bool(read))
    return found


def _entries(
    row: Mapping[str, Any], told: list[JudgedClause], may: list[JudgedClause], as_of: dt.date
) -> list[Exemption]:
    """Return the entries of one row: one a clause that it names, or that words of it let off.

    What may be meant is one entry, with the clause as written; so is what comes to nothing.
    """
    until = last_day(row["until"])
    if row.get("not_held"):
        return [_entry(row, until, None, ExemptionState.NOT_HELD)]
    subject = str(row["id"])
    states = [(one, _state(one, subject, until, as_of)) for one in told]
    open_ = [_state(one, subject, until, as_of) for one in may]
    unread = ExemptionState.UNREAD in open_
    found = states
    if not _spelt(row["clause"], told):
        found = [each for each in states if each[1] in _TOLD]
    listed = [_entry(row, until, one, state) for one, state in found]
    if unread or not listed:
        first = next(iter([*(state for _, state in states), *open_, ExemptionState.UNKNOWN]))
        left = ExemptionState.IDLE if first in _TOLD else first
        only = told[0] if len([*told, *may]) == len(told) == 1 else None
        listed.append(_entry(row, until, only, ExemptionState.UNREAD if unread else left))
    return listed


def _entry(
    row: Mapping[str, Any], until: dt.date | None, one: JudgedClause | None, state: ExemptionState
) -> Exemption:
    said = {name: _cell(row[name]) for name in ("clause", "reason", "reference")}
    against = (row.get("denied"), row.get("written"))
    return Exemption(
        id=str(row["id"]),
        clause=said["clause"] if one is None else one.rule.id,
        reason=said["reason"],
        reference=said["reference"],
        until=until,
        state=state,
        said=next((said for said in against if isinstance(said, str)), ""),
        open_end=until is None and row.get(unread("until")) is True,
        standard="" if one is None else one.result.standard,
        layer="" if one is None else one.rule.subject,
    )


def _cell(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell)


def _of_row(
    row: Mapping[str, Any],
    told: list[JudgedClause],
    listed: list[Exemption],
    as_of: dt.date,
    known: Mapping[str, str],
) -> list[Problem]:
    """Return what is said of a row that does nothing: it ended, or no clause is about its place."""
    until, states = last_day(row["until"]), {one.state for one in listed}
    if states == {ExemptionState.EXPIRED} and until is not None:
        item = known.get(str(row["id"]), str(row["id"]))
        ended = {"item": item, "until": until.isoformat(), "as_of": as_of.isoformat()}
        return [_problem(ProblemCode.EXEMPTION_EXPIRED, row, **ended)]
    if not told or row["id"] not in known or states != {ExemptionState.UNKNOWN}:
        return []  # one that no layer has is told where the table is read
    params = {"target": told[0].rule.subject, "nearest": None}
    of_another = _problem(ProblemCode.REFERENCE_UNKNOWN, row, **params)
    return [dataclasses.replace(of_another, value=row["id"], cell=None, column=None)]


def _of_clause(
    row: Mapping[str, Any],
    item: str,
    sure: Mapping[str, bool],
    perhaps: Mapping[str, bool],
    names: list[str],
    asked: set[str],
) -> Problem | None:
    """Return what is said of how the clause of a row is read; None: it is ids, and all are read."""
    written = row["clause"]
    if is_unsaid(written):  # a cell that is empty is told where the table is read
        return (
            None
            if not _cell(written)
            else _problem(ProblemCode.EXEMPTION_CLAUSE_BLANK, row, item=item)
        )
    if not sure and not perhaps:
        return _problem(ProblemCode.CLAUSE_UNKNOWN, row, nearest=nearest_name(str(written), names))
    if not all(perhaps.values()):
        nearest = nearest_name(str(written), names)
        return _problem(ProblemCode.EXEMPTION_CLAUSE, row, item=item, nearest=nearest)
    if perhaps:
        clauses = [name for name in perhaps if name in asked]
        return _problem(ProblemCode.EXEMPTION_CLAUSES_OPEN, row, item=item, clauses=clauses)
    clauses = [name for name in sure if name in asked]
    if not clauses or _keys_in(written, clauses):
        return None
    told = _problem(ProblemCode.EXEMPTION_CLAUSES, row, item=item, clauses=clauses)
    return dataclasses.replace(told, severity=Severity.INFO)


def _spelt(written: object, told: list[JudgedClause]) -> bool:
    """Return whether a cell names all the clauses that it means by their ids."""
    return bool(told) and _keys_in(written, [one.rule.id for one in told])


def _keys_in(written: object, names: Iterable[str]) -> bool:
    plain = fold(written).replace("-", "").replace("_", "").replace(".", "")
    return all(clause_key(name) in plain for name in names)


def _state(
    one: JudgedClause, subject: str, until: dt.date | None, as_of: dt.date
) -> ExemptionState:
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
        value=None if is_unsaid(row["clause"]) else str(row["clause"]),
        **place,
    )
