"""Exemptions: what a study leaves out of a clause, and until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.clause_ids import clause_key
from lifecircle.counting.clause_words import ClauseWords, is_unsaid
from lifecircle.counting.let_off import LetOff
from lifecircle.counting.projects import leads
from lifecircle.model.dictionary import unread
from lifecircle.model.finding import holds_on
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["exempted", "exemptions_under", "last_day", "of_clause", "quota_exempt"]

_EXEMPTED = frozenset({ReasonCode.EXEMPTED, ReasonCode.EXEMPTED_UNTIL})


def last_day(value: Any) -> dt.date | None:
    """Return the last day of an exemption; None where it has none."""
    return value if isinstance(value, dt.date) else None


def exemptions_under(
    exemptions: pd.DataFrame, rules: Iterable[Rule[Options]], elsewhere: Callable[[str], bool]
) -> pd.DataFrame:
    """Return exemptions with a row for each clause of a document that they mean, or may mean.

    ``line``: the row of the table given; ``clause``: an id of the document; ``clause_said``: the
    cell, where it may mean this clause and may not (empty: it is blank), else None;
    ``clause_known``: whether all of the cell was read. ``elsewhere``: as
    :class:`~lifecircle.counting.clause_words.ClauseWords` asks it. One that its own row calls not
    in force (``not_held``) means none.
    """
    if exemptions.empty:
        return exemptions
    words = ClauseWords(rules, elsewhere)
    cells = exemptions["clause"].tolist()
    meant = {cell: words.meant(cell) for cell in dict.fromkeys(cells)}
    aside = exemptions["not_held"].tolist() if "not_held" in exemptions else []
    rows: list[tuple[int, str, str | None, bool]] = []
    for line, cell in enumerate(cells):
        if line < len(aside) and aside[line]:
            continue
        told, said = meant[cell], "" if is_unsaid(cell) else str(cell)
        rows += [(line, name, None, told.known) for name in sorted(told.sure)]
        rows += [(line, name, said, told.known) for name in sorted(told.perhaps)]
    found = exemptions.iloc[[row[0] for row in rows]].reset_index(drop=True)
    names = ("line", "clause", "clause_said", "clause_known")
    columns = {
        name: pd.Series([row[side] for row in rows], found.index, dtype=object)
        for side, name in enumerate(names)
    }
    return found.assign(**columns)


def of_clause(exemptions: pd.DataFrame, clause: str) -> NDArray[np.bool_]:
    """Return which exemptions are from a clause, in whatever way its id is written."""
    asked = clause_key(clause)
    return np.array([clause_key(written) == asked for written in exemptions["clause"]], dtype=bool)


def quota_exempt(
    exemptions: pd.DataFrame | None, rules: Iterable[Rule[Options]]
) -> tuple[LetOff, ...]:
    """Return which areas are exempt from which floor-area quotas on the rules' day.

    Of a project they leave the other phases to be judged: the households of an exempt phase ask
    for nothing. ``perhaps``: nobody knows whether the exemption holds for them.
    """
    if exemptions is None or exemptions.empty:
        return ()
    quotas = {clause_key(rule.id): rule for rule in rules if rule.measure == "provision"}
    told: dict[tuple[str, str], bool] = {}
    for row in exemptions.itertuples():
        rule = quotas.get(clause_key(row.clause))
        if rule is not None and holds_on(last_day(row.until), rule.day):
            key = str(row.id), rule.id
            told[key] = told.get(key, True) and _unclear(row)
    return tuple(LetOff(*key, perhaps) for key, perhaps in sorted(told.items()))


def exempted(
    findings: pd.DataFrame,
    rule: Rule[Options],
    exemptions: pd.DataFrame | None,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return findings with the subjects exempt that the study's table names for this clause.

    ``exemptions``: ``id``, ``clause``, ``reason``, ``reference``, ``until``. What the clause does
    not apply to stays as it is. One whose end is stated and cannot be read, whose subject or
    clause is named unclearly, or that another cell of its row denies, leaves its subject open: it
    is exempt, or what was found of it (``decided``); of a project that may then ask for less it is
    named (``areas``: of the study, as :func:`quota_exempt` marks them).
    Under a clause on others, a subject that is exempt from them is exempt from it too, whatever
    else is not known of it: it is in no rate either way.
    """
    if rule.options.about:
        told = [isinstance(r, Reason) and r.code in _EXEMPTED for r in findings["own_reason"]]
        if any(told):
            findings.loc[told, ["status", "decided"]] = Status.EXEMPT
            findings.loc[told, "reason"] = findings.loc[told, "own_reason"]
    if exemptions is None or exemptions.empty:
        return findings
    if rule.measure == "provision" and areas is not None:
        _name_what_is_open(findings, areas, exemptions, rule.id)
    mine = of_clause(exemptions, rule.id)
    # where a clear one holds nobody asks what another means
    for row in sorted(exemptions[mine].itertuples(), key=_unclear) if mine.any() else ():
        until = last_day(row.until)
        if row.id not in findings.index or not holds_on(until, rule.day):
            continue
        if findings.at[row.id, "status"] in {Status.NOT_APPLICABLE, Status.EXEMPT}:
            continue
        if _unclear(row):
            _doubt(findings, row, several=_of_several(areas, row.id, rule))
            continue
        findings.at[row.id, "status"] = Status.EXEMPT
        findings.at[row.id, "decided"] = Status.EXEMPT
        findings.at[row.id, "reason"] = _exempting(row, until)
    return findings


def _doubt(findings: pd.DataFrame, row: Any, *, several: bool) -> None:
    """Leave open whether a subject is exempt; ``several``: it is one of several phases.

    Without it another phase stands for the project, and may ask for less.
    """
    if several:
        findings.at[row.id, "decided"] = Status.NOT_ASSESSED
    else:
        findings.at[row.id, "applies"] = np.nan
    _leave_open(findings, row.id, row)


def _name_what_is_open(
    findings: pd.DataFrame, areas: pd.DataFrame, exemptions: pd.DataFrame, clause: str
) -> None:
    """Name the exemption of another phase of which it is open what a project asks."""
    if "quota_exempt_perhaps" not in areas or not areas["quota_exempt_perhaps"].any():
        return
    lead = leads(areas)
    doubted = lead[areas["quota_exempt_perhaps"].to_numpy(dtype=bool)]
    open_ = (findings["status"] == Status.NOT_ASSESSED) & (findings["applies"] == 1)
    for name in findings.index[open_ & lead.reindex(findings.index).isin(doubted)]:
        phases = doubted.index[doubted == lead[name]]
        told = exemptions[exemptions["id"].isin(phases)]
        rows = [one for one in told.itertuples() if _unclear(one)]
        if rows:  # of this clause, else of the one that another phase is asked by
            mine = (one for one in rows if clause_key(one.clause) == clause_key(clause))
            _leave_open(findings, name, next(mine, rows[0]))


def _of_several(areas: pd.DataFrame | None, name: Any, rule: Rule[Options]) -> bool:
    """Return whether an area is one of several phases that a rule takes as one."""
    if areas is None or not rule.spec.per_project or name not in areas.index:
        return False
    lead = leads(areas)
    return int((lead == lead[name]).sum()) > 1


def _leave_open(findings: pd.DataFrame, name: Any, row: Any) -> None:
    """Leave a finding open for an exemption of which nobody knows whether it holds.

    One of another phase of its project is told as that one's.
    """
    params: dict[str, Any] = dict(_grounds(row))
    code = ReasonCode.EXEMPTION_UNREAD
    if (written := _text(row, "written")) is not None:
        params, code = {**params, "written": written}, ReasonCode.EXEMPTION_UNCLEAR
    elif (said := _text(row, "denied")) is not None:
        params, code = {**params, "said": said}, ReasonCode.EXEMPTION_DENIED
    elif not getattr(row, unread("until"), False):
        place = _place(row)
        said = _text(row, "clause_said")
        if said:
            params, code = {**params, "said": said, **place}, ReasonCode.EXEMPTION_CLAUSE
        elif said is not None:
            params, code = {**params, **place}, ReasonCode.EXEMPTION_CLAUSE_BLANK
        else:
            params, code = {"why": params["why"], **place}, ReasonCode.EXEMPTION_UNFOUNDED
    if str(row.id) != str(name):
        whose = Reason(ReasonCode.EXEMPTION_OF_PHASE, {"residential": str(row.id)})
        params = {**params, "notes": [whose.to_json()]}
    findings.at[name, "status"] = Status.NOT_ASSESSED
    findings.at[name, "reason"] = Reason(code, params)


def _place(row: Any) -> dict[str, Any]:
    """Return where the row of an exemption is written: its number and the cell of its clause."""
    number: Any = getattr(row, "row", None)
    cell = getattr(row, "cell", None)
    told = (None if pd.isna(number) else f"{int(number)}", cell if isinstance(cell, str) else None)
    return {name: one or "–" for name, one in zip(("row", "cell"), told, strict=True)}


def _unclear(row: Any) -> bool:
    """Return whether nobody knows if an exemption holds.

    Its end or its subject cannot be read (``written``: the name that may mean it, or another), its
    clause may be another (``clause_said``), another cell of its row says that it does not hold
    (``denied``), or no paper is named on which it rests.
    """
    said = (_text(row, name) for name in ("written", "denied", "clause_said"))
    open_ = bool(getattr(row, unread("until"), False)) or is_unsaid(row.reference)
    return open_ or any(one is not None for one in said)


def _text(row: Any, column: str) -> str | None:
    """Return what a column says of an exemption; None where there is none, or it says nothing."""
    said = getattr(row, column, None)
    return said if isinstance(said, str) else None


def _grounds(row: Any) -> dict[str, str]:
    """Return why and on which paper a row exempts; a dash where it does not say."""
    told = {"why": row.reason, "reference": row.reference}
    return {name: "–" if is_unsaid(said) else str(said) for name, said in told.items()}


def _exempting(row: Any, until: dt.date | None) -> Reason:
    params = _grounds(row)
    if until is None:
        return Reason(ReasonCode.EXEMPTED, params)
    return Reason(ReasonCode.EXEMPTED_UNTIL, {**params, "until": until.isoformat()})
