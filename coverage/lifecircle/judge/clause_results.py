"""Results: what the findings of one clause come to: value, rates, status, flags."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifecircle.counting.shares import CODES, Told, coded, facility_rates
from lifecircle.counting.weighing import Weighing
from lifecircle.judge.decision import (
    dated,
    decided_if_asked,
    if_counted,
    of_each,
    with_flag,
)
from lifecircle.judge.rates import (
    area_rates,
    county_rates,
    exact_status,
    exempt_in_part,
    joining,
    once,
    rate_status,
    unit_rates,
    weighed_status,
)
from lifecircle.judge.topics import topic
from lifecircle.judge.unplaced import Unplaced, open_units, unplaced_of
from lifecircle.judge.waiting import Awaited, awaited
from lifecircle.measures.units.placing import most_covered
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import ClauseResult
from lifecircle.model.rules.options import ReachOptions
from lifecircle.model.status import Flag, Status
from lifecircle.standards import changed_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.counting.shares import Codes
    from lifecircle.judge.decision import IfCounted
    from lifecircle.judge.rates import Kept
    from lifecircle.model.finding import Rate
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["clause_result", "not_in_force"]

_OPEN = CODES[Status.NOT_ASSESSED]
_PERCENT = 100.0
_NAMED = 5
"""Subjects that are named, the first of a ranked list."""


def clause_result(
    tables: Tables,
    rule: Rule[Options],
    findings: pd.DataFrame,
    *,
    briefly: bool = False,
    kept: Kept | None = None,
    weighing: Weighing | None = None,
) -> ClauseResult:
    """Return the result of a rule in force, from its findings; ``briefly``: the county's alone.

    ``kept``: its rates before a change that touches some areas alone; ``weighing``: what rates of
    all areas are made of, where it is known already.
    """
    said, weighed = coded(findings["status"]), None
    counted = np.ones(len(said), dtype=bool)
    if rule.subject == "residential":
        weighed = (weighing or Weighing.of(tables.areas)).some(findings.index)
        counted = once(said, rule, weighed)
    joined = np.zeros_like(counted) if weighed is None else joining(rule, weighed)
    everyone = bool(counted.all())
    judged, subjects = (findings, said) if everyone else (findings[counted], said[counted])
    asked = _asked(rule, findings, said)
    adrift = _adrift(tables, rule, findings, (said, asked))
    left = _left_out(adrift, counted & ~joined)
    doubts = if_counted(tables, rule, findings)
    if weighed is None:
        if_asked = asked, decided_if_asked(tables, findings, asked, doubts)
        rates = _rates(tables, rule, findings, if_asked, briefly=briefly)
    else:
        rates = area_rates(
            asked,
            rule,
            tables,
            weighed,
            adrift,
            doubts=doubts,
            briefly=briefly,
            kept=kept,
        )
    official = next(
        (r for r in rates if r.scope == "county" and rule.official in {None, r.basis}),
        None,  # another basis is another figure: never shown for the one that lacks its data
    )
    mine = _Subjects(judged, subjects, joined[counted], doubts.some(counted))
    status = _status(rule, tables, mine, official, left)
    if rule.subject == "units" and tables.units.empty and status is Status.NOT_APPLICABLE:
        status = Status.NOT_ASSESSED  # no list of units: nobody knows which of them have one
    value, low, high = _value(rule, findings, official)
    return dataclasses.replace(
        _worded(rule),
        value=value,
        low=low,
        high=high,
        status=status,
        flags=with_flag(_flags(rule, status), Flag.CLOSE_CALL, on=_close(rule, findings)),
        counts=_tally(said, counted, weighed),
        official=official,
        rates=rates,
        said=_said(rule, findings) or _at_most(tables, rule, findings, asked, adrift, left),
    )


def _tally(said: Codes, counted: NDArray[np.bool_], weighed: Weighing | None) -> dict[str, int]:
    """Return how many subjects came to what; of projects, those of which a phase is exempt too."""
    found = np.bincount(said[counted], minlength=len(CODES))
    if weighed is not None and not counted.all():
        found[CODES[Status.EXEMPT]] += exempt_in_part(said, counted, weighed)
    return {str(status): int(found[code]) for status, code in CODES.items() if found[code]}


def _adrift(
    tables: Tables, rule: Rule[Options], findings: pd.DataFrame, told: tuple[Codes, Codes]
) -> Unplaced | Awaited | None:
    """Return what facilities of which nobody knows whom they serve leave open of areas.

    ``told``: the statuses of findings, and as if all were asked for.
    """
    if rule.subject != "residential":
        return None
    open_, asked = (status == _OPEN for status in told)
    return unplaced_of(tables, rule, findings, open_) or awaited(tables, rule, findings, asked)


def _asked(rule: Rule[Options], findings: pd.DataFrame, said: Codes) -> Codes:
    """Return the statuses of findings; of a clause without a target as if all were asked for."""
    return _reported(findings, said) if rule.comparison is None and rule.spec.yes_no else said


def _at_most(
    tables: Tables,
    rule: Rule[Options],
    findings: pd.DataFrame,
    asked: Codes,
    adrift: Unplaced | Awaited | None,
    left: int,
) -> Reason | None:
    """Return how many of the open subjects can be met at best, where that is not all of them."""
    if rule.subject == "units":
        units, places = open_units(tables, rule, asked, findings["reason"])
        most = most_covered(units, places)
        if most == len(units):
            return None
        most_of = {"count": len(places), "waiting": len(units), "most": most}
        params = most_of | {"counted": rule.counted or "units"}
        return Reason(ReasonCode.UNITS_AT_MOST, params)
    if adrift is None or not left:
        return None
    if not (names := adrift.facilities()):  # what cannot be served together is told of no rooms
        return None
    open_ = {"waiting": adrift.number, "most": adrift.number - left}
    reached = isinstance(adrift, Unplaced)
    code = ReasonCode.REACHED_AT_MOST if reached else ReasonCode.MET_AT_MOST
    return Reason(code, {"facility": names[0], "count": len(names), **open_})


def _said(rule: Rule[Options], findings: pd.DataFrame) -> Reason | None:
    """Return what a county's figure rests on, and the first of subjects that are ranked."""
    if rule.subject == "county" and len(findings):
        told: Reason = findings["own_reason"].iloc[0]
        return told
    if not rule.spec.ranked:
        return None
    mine = findings[findings["applies"] == 1]
    known = mine["measured"].dropna().sort_values(ascending=False, kind="stable")
    if mine.empty:
        return None
    first = [str(name) for name in known.index[:_NAMED]]
    if not first:
        return Reason(ReasonCode.RANKED_NONE, {"missing": len(mine)})
    told = Reason(ReasonCode.RANKED, {"count": len(known), "areas": first})
    return told.beside({ReasonCode.RANKED_WITHOUT: len(mine) - len(known)})


def not_in_force(rule: Rule[Options]) -> ClauseResult:
    """Return the result of a clause without a version on the day: not yet, or no more."""
    return _worded(rule)


def _worded(rule: Rule[Options]) -> ClauseResult:
    """Return what stands in a result whatever was found."""
    clause, version = rule.clause, rule.version
    early = version is None and rule.day < clause.versions[0].valid_from
    told = version or clause.versions[0 if early else -1]
    return ClauseResult(
        standard=clause.standard,
        id=clause.id,
        title=clause.title,
        section=clause.section,
        quote=clause.quote,
        force=clause.force,
        references=told.references,
        deadline=rule.deadline,
        measure=rule.measure,
        subject=rule.subject,
        kinds=rule.kinds,
        comparison=rule.comparison,
        target=rule.value,
        unit=rule.unit,
        value=None,
        low=None,
        high=None,
        reading=rule.readings,
        status=Status.NOT_IN_FORCE,
        flags=() if early else (Flag.EXPIRED,),
        counts={},
        official=None,
        rates=(),
        topic=topic(rule),
        changes=changed_terms(clause, rule.day),
        covered_at_least=getattr(rule.options, "covered_at_least", None),
        counted="" if rule.counted == rule.subject else rule.counted,
        replaces=clause.replaces,
    )


def _close(rule: Rule[Options], findings: pd.DataFrame) -> bool:
    """Return whether the one verdict of a clause on the county is a close call."""
    return rule.subject == "county" and any(Flag.CLOSE_CALL in f for f in findings["flags"])


def _flags(rule: Rule[Options], status: Status) -> tuple[Flag, ...]:
    flags: tuple[Flag, ...] = (Flag.REFERENCE,) if rule.reference else ()
    for flag in (Flag.UNVERIFIED, Flag.EXPIRED, Flag.SCENARIO):
        flags = with_flag(flags, flag, on=flag in rule.marks)
    return dated(flags, rule, status)


def _rates(
    tables: Tables,
    rule: Rule[Options],
    findings: pd.DataFrame,
    told: tuple[Codes, Codes],
    *,
    briefly: bool,
) -> tuple[Rate, ...]:
    """Return every rate of a rule that is not on areas.

    ``told``: the statuses, a clause without a target as if 100 % were asked for; and what a subject
    comes to if it counts at all.
    """
    asked, then = told
    if rule.subject == "facilities":
        return facility_rates(_counted(findings), tables.facilities)
    if rule.subject == "county":
        return county_rates(rule, findings)
    waiting = open_units(tables, rule, asked, findings["reason"])
    return unit_rates(findings.index, asked, tables, *waiting, then=then, briefly=briefly)


class _Subjects(NamedTuple):
    """The findings that count, their statuses, and which may count with others, or not at all."""

    findings: pd.DataFrame
    said: Codes
    joined: NDArray[np.bool_]
    doubts: IfCounted

    def alone(self) -> list[int]:
        """Return how many met and missed may not count, and how many open are so if they do."""
        met, missed = (self.said == CODES[one] for one in (Status.COMPLIANT, Status.DEFICIENT))
        doubt, then, perhaps = self.doubts
        open_ = doubt & (self.said == _OPEN)
        ifs = (open_ & (then == CODES[one]) for one in (Status.DEFICIENT, Status.COMPLIANT))
        some = ((perhaps | self.joined) & met, self.joined & missed, *ifs)
        return [int(rows.sum()) for rows in some]


def _status(
    rule: Rule[Options],
    tables: Tables,
    told: _Subjects,
    official: Rate | None,
    left: int,
) -> Status:
    """Return the status of a rule; ``left``: areas that cannot be met together with the rest."""
    if rule.comparison is None or rule.value is None:
        unsaid = rule.subject == "county" and (told.said == _OPEN).any()
        reported = Status.NOT_ASSESSED if unsaid else Status.REPORTED
        return reported if len(told.findings) else Status.NOT_APPLICABLE
    if rule.spec.yes_no:
        return _of_yes_no(rule, tables, told, official, left)
    if isinstance(rule.options, ReachOptions) and rule.options.covered_at_least is not None:
        if not Told.of(told.said).counted.any():  # where nobody counts nothing is weighed
            return of_each(told.said, told.doubts)
        return _of_somebody(told, weighed_status(official, ">=", rule.options.covered_at_least))
    # whomever facilities of unknown place serve: not everybody
    return Status.DEFICIENT if left else of_each(told.said, told.doubts)


def _of_yes_no(
    rule: Rule[Options],
    tables: Tables,
    told: _Subjects,
    official: Rate | None,
    left: int,
) -> Status:
    """Return the status of a clause that speaks of how many of its subjects have something."""
    findings, said = told.findings, told.said
    units, places = open_units(tables, rule, said, findings["reason"])
    spare = len(units) - most_covered(units, places) + left
    return _of_somebody(told, _of_rate(rule, (findings, said), official, spare, told.alone()))


def _of_somebody(told: _Subjects, found: Status) -> Status:
    """Return a status; open where perhaps nobody counts: what nobody is asked nobody misses."""
    doubts = told.doubts
    nobody = bool((doubts.perhaps | doubts.open | ~Told.of(told.said).counted).all())
    return Status.NOT_ASSESSED if nobody and found is Status.DEFICIENT else found


def _left_out(adrift: Unplaced | Awaited | None, counted: NDArray[np.bool_]) -> int:
    """Return how many areas facilities cannot serve together with the rest, though they may."""
    if adrift is None:
        return 0
    return int(np.rint(adrift.spare(counted, np.ones((len(counted), 1)))[0]))


def _of_rate(
    rule: Rule[Options],
    told: tuple[pd.DataFrame, Codes],
    official: Rate | None,
    spare: int,
    alone: Sequence[int],
) -> Status:
    """Return the status of a clause that speaks of a rate of its subjects.

    ``alone``: how many of those met, and missed, may not count by themselves; how many of the open
    ones are missed if they count, and how many are met.
    """
    findings, said = told
    comparison, target = str(rule.comparison), float(rule.value or 0.0)
    if rule.subject == "facilities":
        found = exact_status(official, comparison, target)
        # whether there is anybody at all who misses it is open
        none = found is Status.DEFICIENT and not (_counted(findings)["applies"] == 1).any()
        return Status.NOT_ASSESSED if none else found
    weighed = rule.measure == "compliance_rate" and rule.official not in {None, "areas"}
    if weighed and Told.of(said).counted.any():  # where nobody counts nothing is weighed
        same = official is not None and official.basis == rule.official
        return weighed_status(official if same else None, comparison, target)
    some = dict(zip(("perhaps", "joining", "lost", "gained"), alone, strict=True))
    return rate_status(said, comparison, target, spare=spare, **some)


def _counted(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that are in a rate: applicable, or perhaps so, and not exempt."""
    outside = {Status.EXEMPT, Status.NOT_APPLICABLE}
    return findings[[status not in outside for status in findings["status"]]]


def _value(
    rule: Rule[Options], findings: pd.DataFrame, official: Rate | None
) -> tuple[float | None, float | None, float | None]:
    """Return value, low and high of the clause as a whole, in its unit."""
    if rule.subject == "county":
        if findings.empty:
            return None, None, None
        told = (float(findings[name].to_numpy()[0]) for name in ("measured", "low", "high"))
        return tuple(None if np.isnan(value) else value for value in told)  # type: ignore[return-value]
    if not rule.spec.yes_no or official is None:
        return None, None, None
    return tuple(  # type: ignore[return-value]
        None if part is None else _PERCENT * part
        for part in (official.rate, official.low, official.high)
    )


def _reported(findings: pd.DataFrame, said: Codes) -> Codes:
    """Return the statuses of findings that are only reported, as if each were asked for."""
    low, high = (findings[name].to_numpy(dtype=float) for name in ("low", "high"))
    shown, told = said == CODES[Status.REPORTED], said.copy()
    told[shown] = CODES[Status.DEFICIENT]
    told[shown & (low >= 1)] = CODES[Status.COMPLIANT]
    told[shown & (low != high)] = _OPEN
    return told
