"""Judging rules: one over its subjects, and all of a standard in the right order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from lifecircle.account.account import settle
from lifecircle.account.prepared import prepare
from lifecircle.counting.projects import leads
from lifecircle.judge.applicability import applicability
from lifecircle.judge.clause_results import clause_result, not_in_force
from lifecircle.judge.decision import bounds, close_calls, lacking, verdicts
from lifecircle.judge.exemptions import exempted
from lifecircle.judge.rates import Kept
from lifecircle.judge.typed import with_typed
from lifecircle.measures import measure_of
from lifecircle.measures.areas.provision import credit
from lifecircle.model.finding import meets, put_in
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.options import MinimumOptions, ProvisionOptions
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from lifecircle.account.estates.names import Names
    from lifecircle.account.ownership import Claimed
    from lifecircle.account.prepared import Prepared
    from lifecircle.counting.weighing import Weighing
    from lifecircle.judge.applicability import Applies
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule, Rules
    from lifecircle.model.tables import Account, Tables

__all__ = [
    "JudgedClause",
    "account_of",
    "judge_again",
    "judge_rule",
    "judge_rules",
    "judging_order",
    "prepared_account",
    "served_first",
    "settled_account",
]

_ENDS = ("low", "high", "required_low", "required_high")
_MORE = ("waits", "perhaps")
_EMPTY = (
    "applies",
    "measured",
    "low",
    "high",
    "required_low",
    "required_high",
    "reason",
    "own_reason",
    "deficit",
    "decided",
    "status",
    "flags",
)


_UNSAID = {
    ReasonCode.NOT_TYPED,
    ReasonCode.TYPED_ABOVE,
    ReasonCode.FIGURE_GAPS,
    ReasonCode.SUM_GAPS,
    ReasonCode.DENOMINATOR_MISSING,
    ReasonCode.NO_DATA,
    ReasonCode.SITES_ABSENT,
    ReasonCode.SHARING_UNRECORDED,
}
_TO_VISIT = {
    *(ReasonCode.OWN_BY_NAME, ReasonCode.OWN_BY_RECORD_AND_NAME, ReasonCode.OWN_NAMED_FAR),
    *(ReasonCode.OWN_TO_VISIT, ReasonCode.OWN_NAMED_PERHAPS, ReasonCode.RECORD_FAR),
}


@dataclass(frozen=True, slots=True, eq=False)
class JudgedClause:
    """A clause judged, as its rule has it in force.

    ``findings``: index subject id; ``applies`` (1.0 or NaN: may apply, 0.0: does not),
    ``measured``, ``low``, ``high``, ``required_low``, ``required_high``, ``deficit``, ``decided``
    (the status if it applies), ``status``, ``flags`` (tuple), ``reason``, ``own_reason`` (what was
    measured, also where ``reason`` says why the clause may not apply); of measures that tell it
    ``waits`` (Waiting: only rooms that may be others' too could meet it, or None) and ``perhaps``
    (True: there may be nothing to judge).
    """

    rule: Rule[Options]
    findings: pd.DataFrame
    result: ClauseResult


def account_of(
    tables: Tables, rules: Iterable[Rule[Options]], *, arranging: bool = True
) -> Account:
    """Open the account of every quota in force."""
    rules = list(rules)
    return settled_account(prepared_account(tables, rules), rules, arranging=arranging)


def prepared_account(
    tables: Tables,
    rules: Iterable[Rule[Options]],
    claimed: Claimed | None = None,
    names: Names | None = None,
) -> Prepared:
    """Return the account of every quota in force up to what is shared.

    ``claimed``: what speaks for whose a facility is, where it is known already; ``names``: those
    of all areas, where the tables are a part of the study.
    """
    quotas = []
    for rule in rules:
        if rule.measure == "provision" and rule.value is not None:
            quota = cast("Rule[ProvisionOptions]", rule)
            quotas.append((quota, applicability(tables, rule).subjects))
    return prepare(tables, quotas, claimed, names)


def settled_account(
    prepared: Prepared, rules: Iterable[Rule[Options]], *, arranging: bool = True
) -> Account:
    """Return the account with what is shared as the rules' rates want it."""
    return settle(prepared, arranging=arranging, official=served_first(rules))


def served_first(rules: Iterable[Rule[Options]]) -> str:
    """Return the basis of the rate that shared m² serve first: households or people, else areas."""
    bases = {rule.official for rule in rules if rule.measure == "compliance_rate"}
    return next((basis for basis in ("households", "population") if basis in bases), "areas")


def judging_order(rules: Iterable[Rule[Options]]) -> list[Rule[Options]]:
    """Return the rules in the order of judging: those about other clauses come last."""
    return sorted(rules, key=lambda rule: bool(rule.options.about))


def judge_rules(
    tables: Tables, rules: Rules, *, exemptions: pd.DataFrame | None = None
) -> tuple[Tables, dict[str, JudgedClause]]:
    """Judge every rule of a standard.

    Returns the tables with their account and findings, and clause id → judged clause in the
    standard's order.
    """
    tables = dataclasses.replace(tables, account=account_of(tables, rules), findings={})
    judged: dict[str, JudgedClause] = {}
    for rule in judging_order(rules):
        one = judged[rule.id] = judge_rule(tables, rule, exemptions=exemptions)
        tables = dataclasses.replace(tables, findings={**tables.findings, rule.id: one.findings})
    return tables, {rule.id: judged[rule.id] for rule in rules}


def judge_rule(
    tables: Tables,
    rule: Rule[Options],
    *,
    exemptions: pd.DataFrame | None = None,
    briefly: bool = False,
    weighing: Weighing | None = None,
) -> JudgedClause:
    """Judge one rule.

    Parameters
    ----------
    tables
        With derived columns, reach tables and, for a rule on other clauses, their findings. A rule
        on the m² account without one has an account of its own.
    exemptions
        ``id``, ``clause``, ``reason``, ``reference``, ``until``.
    briefly
        No flags, and rates for the county alone: the verdicts are the same.
    weighing
        What rates of areas are made of, where it is known already.
    """
    if rule.version is None:
        empty = pd.DataFrame(columns=list(_EMPTY), index=pd.Index([], name="id"))
        return JudgedClause(rule, empty, not_in_force(rule))
    if tables.account is None and rule.spec.account:
        tables = dataclasses.replace(tables, account=account_of(tables, [rule]))
    findings = _found(tables, rule, exemptions, briefly=briefly)
    result = clause_result(tables, rule, findings, briefly=briefly, weighing=weighing)
    result = with_typed(tables, rule, findings, result)
    return JudgedClause(rule, findings, result)


def _found(
    tables: Tables, rule: Rule[Options], exemptions: pd.DataFrame | None, *, briefly: bool
) -> pd.DataFrame:
    """Return what a rule finds of its subjects."""
    about = applicability(tables, rule)
    measured = measure_of(rule.measure)(tables, rule, about.subjects)
    findings = _findings(rule, about, measured)
    flags = [()] * len(findings) if briefly else _subject_flags(tables, rule, findings)
    findings["flags"] = flags
    return exempted(findings, rule, exemptions, tables.areas)


def judge_again(
    tables: Tables,
    part: Tables,
    former: JudgedClause,
    *,
    weighed: pd.Index,
    exemptions: pd.DataFrame | None = None,
    briefly: bool = False,
    moved: bool = True,
    weighing: Weighing | None = None,
) -> JudgedClause:
    """Judge one rule of which only some areas can come out otherwise.

    Parameters
    ----------
    tables
        All, as ``judge_rule`` has them.
    part
        The same of those areas alone.
    former
        What the rule found of all areas before.
    weighed
        Those areas, and those that weigh otherwise in its rates.
    moved
        Whether an area may be of another unit or setting than before.
    weighing
        What rates of all areas are made of, where it is known already.
    """
    rule, areas = former.rule, part.areas.index
    if weighed.empty:
        return former
    findings = former.findings
    if len(areas):
        fresh = _found(part, rule, exemptions, briefly=briefly)
        findings = put_in(findings, fresh, areas, tables.areas.index)
    # an area that has no finding any more is in no rate: all are reckoned anew
    moved = moved or not findings.index.equals(former.findings.index)
    rates = None if moved or former.result.typed else Kept(former.result.rates, weighed)
    result = clause_result(tables, rule, findings, briefly=briefly, kept=rates, weighing=weighing)
    return JudgedClause(rule, findings, with_typed(tables, rule, findings, result))


def _findings(rule: Rule[Options], about: Applies, measured: pd.DataFrame) -> pd.DataFrame:
    """Join what was measured with what applies; a subject without a row has nothing to judge."""
    if rule.spec.own_subjects:
        about = about.of(about.index.intersection(measured.index, sort=False))
    index, applies = about.index, about.applies.copy()
    if measured.index.equals(index):
        rows = measured
    else:
        rows = measured.reindex(index)
        applies[~index.isin(measured.index)] = 0.0
    if "perhaps" in rows:  # it may have nothing to judge, once all is known
        applies[(applies == 1) & np.asarray(rows["perhaps"] == True)] = np.nan  # noqa: E712 - gaps
    out = applies == 0
    comparison = rule.subject_comparison
    decided = np.full(len(index), Status.REPORTED, dtype=object)
    short, ends = np.full(len(index), np.nan), bounds(rows)
    if comparison is not None:
        decided = verdicts(*ends, comparison)
        short = np.where(out, np.nan, lacking(rows, ends, comparison))
    else:  # only told: without the figure there is nothing to tell, and something to supply
        unsaid = [isinstance(r, Reason) and r.code in _UNSAID for r in rows["reason"]]
        decided[np.array(unsaid, dtype=bool)] = Status.NOT_ASSESSED
    decided[out] = Status.NOT_APPLICABLE
    status = decided.copy()
    status[np.isnan(applies)] = Status.NOT_ASSESSED
    figures = dict(zip(_ENDS, ends, strict=True))
    own = rows["reason"].to_numpy(dtype=object)
    more = {name: rows[name].to_numpy(dtype=object) for name in _MORE if name in rows}
    return pd.DataFrame(
        {
            "applies": applies,
            "measured": rows["measured"].to_numpy(dtype=float),
            **figures,
            "reason": _told(about.reasons, own, out),
            "own_reason": own,
            # said outright: pandas would take statuses for text of its own
            "decided": pd.Series(decided, index, dtype=object),
            "deficit": short,
            "status": pd.Series(status, index, dtype=object),
            **more,
        },
        index=index,
    )


def _told(
    about: NDArray[np.object_], own: NDArray[np.object_], out: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Return the reason of every finding: why it does not apply, else what was measured."""
    told, silent = about.copy(), Reason(ReasonCode.NO_PLACE)
    for row in (row for row, why in enumerate(about.tolist()) if why is None):
        reason = own[row] if isinstance(own[row], Reason) else None
        told[row] = silent if reason is None and out[row] else reason
    return told


def _subject_flags(
    tables: Tables, rule: Rule[Options], frame: pd.DataFrame
) -> list[tuple[Flag, ...]]:
    """Return the marks of every finding: reference, close call, and those of the m² account."""
    applies = frame["applies"].to_numpy(dtype=float) != 0
    marks = {
        Flag.REFERENCE: np.full(len(frame), rule.reference),
        Flag.CLOSE_CALL: close_calls(frame, rule, tables) & applies,
    }
    if tables.account is not None and rule.spec.account:
        lead = leads(tables.areas).reindex(frame.index)
        if isinstance(rule.options, MinimumOptions):
            quotas = rule.options.quotas or (rule.options.quota,)
            met = (frame["status"] == Status.COMPLIANT).to_numpy()
            small = lead.isin(_smaller_places(tables.account, quotas, rule.value)).to_numpy()
            marks[Flag.BELOW_MINIMUM] = small & met
        else:
            told = _account_flags(tables.account, rule, lead)
            marks |= {flag: on & applies for flag, on in told.items()}
    if not any(on.any() for on in marks.values()):
        return [()] * len(frame)
    rows = list(zip(*(on.tolist() for on in marks.values()), strict=True))
    flags = {row: tuple(f for f, on in zip(marks, row, strict=True) if on) for row in set(rows)}
    return [flags[row] for row in rows]


def _account_flags(
    account: Account, rule: Rule[Options], areas: pd.Series
) -> dict[Flag, NDArray[np.bool_]]:
    """Return by area whether arranging would fill it, and whether its sharing is not proven."""
    at = account.rows(rule.id, areas)
    known, mine = at >= 0, account.frame.take(at[at >= 0])
    have, _ = credit(mine, rule)
    need, more, recorded = (
        mine[name].to_numpy(dtype=float)
        for name in ("required_high", "arrangeable", "recorded_low")
    )
    shared = (recorded > 0) | (more > 0)
    visit = {a for a, told in account.notes.items() if any(n.code in _TO_VISIT for n in told)}
    marks = {
        Flag.ADJUSTABLE: meets(have, "<", need) & meets(have + more, ">=", need),
        Flag.NOT_PROVEN: shared & (not account.proven),
        Flag.SITE_CHECK: np.array([area in visit for area in areas[known]], dtype=bool),
    }
    found = {}
    for flag, on in marks.items():
        found[flag] = np.zeros(len(at), dtype=bool)
        found[flag][known] = on
    return found


def _smaller_places(account: Account, quotas: Sequence[str], least: float | None) -> set[str]:
    """Return the areas with a place that is below the single minimum, also at best."""
    places = account.places[account.places["clause"].isin(quotas)]
    small = ~meets(places["place_high"], ">=", least or 0.0)
    return set(places.loc[small & (places["m2_high"] > 0), "residential"])
