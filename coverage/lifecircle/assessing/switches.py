"""What switches change: the clauses a reading's other choice bears on, judged again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.counting.eligibility import members
from lifecircle.judge.readings import alternatives, differing
from lifecircle.model.finding import rows_apart
from lifecircle.model.results.assessment import ReadingSwitch
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule, Rules
    from lifecircle.model.tables import Tables
    from lifecircle.standards import ReadingSpec

__all__ = ["what_switches_change"]

_OF_ACCOUNT = {"A5", "A8"}
"""Readings that change what is required, and so who shares with whom: the m² are settled anew."""
_TOWNSHIP = 9
"""Digits of a street's or town's code."""


def what_switches_change(bench: Bench) -> list[ReadingSwitch]:
    """Return what every switch would make of the clauses it bears on."""
    found = []
    for spec, choice, other, worded in alternatives(bench.rules):
        arranging = any(rule.readings.get("A3") == "allocated" for rule in other)
        mine = {spec.id: choice}
        again = bench.changed(readings=mine, rules=other, arranging=arranging, briefly=True)
        for name in _concerned(bench, again, spec, worded):
            before, after = bench.one(name), again.one(name)
            if before.result.status is Status.NOT_IN_FORCE:
                continue
            result = after.result
            found.append(
                ReadingSwitch(
                    id=spec.id,
                    choice=choice,
                    standard=bench.rules.standard.id,
                    clause=name,
                    status=result.status,
                    value=result.value,
                    low=result.low,
                    high=result.high,
                    differing=differing(_statuses(before), _statuses(after)),
                )
            )
    return found


def _concerned(bench: Bench, again: Bench, spec: ReadingSpec, worded: list[str]) -> list[str]:
    """Return the clauses a switch bears on, and after them those that speak of them."""
    rules = again.rules
    changed = _of_tables(bench, again, worded) if spec.of_tables else worded
    turned = _turned(bench.bare, again.bare) if changed else None
    changed = [n for n in changed if not _moot(spec.id, rules[n], turned)]
    if not changed:
        return []
    if spec.id in _OF_ACCOUNT or _settled_anew(bench, again, spec):
        changed += [rule.id for rule in rules if rule.spec.account]
    told = _with_rates(rules, changed)
    others = [rule.id for rule in rules if rule.id not in told]
    return [*told, *(n for n in others if _other(bench, again, n, of_tables=spec.of_tables))]


def _settled_anew(bench: Bench, again: Bench, spec: ReadingSpec) -> bool:
    """Return whether tables that a switch changes, and that quotas go by, give other m²."""
    quotas = any(rule.spec.account and rule.measure in spec.switch for rule in again.rules)
    return spec.of_tables and quotas and again.account is not bench.account


def _other(bench: Bench, again: Bench, name: str, *, of_tables: bool) -> bool:
    """Return whether a clause that a switch does not speak of comes out otherwise all the same."""
    if of_tables and again.untouched(name):
        return False
    was, now = bench.one(name), again.one(name)
    if now is was:
        return False
    apart = differing(_statuses(was), _statuses(now)) > 0
    return apart or now.result.status != was.result.status


def _statuses(one: JudgedClause) -> dict[str, Status]:
    """Return subject → status."""
    found = one.findings["status"]
    return dict(zip(found.index, found.tolist(), strict=True))


def _of_tables(bench: Bench, again: Bench, changed: list[str]) -> list[str]:
    """Return the clauses that other tables can change.

    Where the tables are the same, those that are worded otherwise; else those that take the
    reading, and where areas come to be inhabited or of another setting, all that judge areas.
    """
    was, now = bench.bare, again.bare
    if now.areas is was.areas and now.facilities is was.facilities:
        return [n for n in changed if _unread(again.rules[n]) != _unread(bench.rules[n])]
    moved = not (
        now.areas["setting"].equals(was.areas["setting"])
        and (now.areas["counted"] == 0).equals(was.areas["counted"] == 0)
    )
    of_areas = [rule.id for rule in again.rules if moved and rule.subject == "residential"]
    return [*changed, *of_areas]


def _unread(rule: Rule[Options]) -> Rule[Options]:
    """Return a rule without its readings: what they have made of it stays."""
    return dataclasses.replace(rule, readings={})


def _turned(tables: Tables, again: Tables) -> pd.DataFrame | None:
    """Return the facilities that a reading opens or closes; None: it does not, or other things."""
    if again.facilities is tables.facilities or not again.areas.equals(tables.areas):
        return None
    rows = rows_apart(again.facilities, tables.facilities, ("open", "built", "reaches"))
    return tables.facilities[rows]


def _moot(reading: str, rule: Rule[Options], turned: pd.DataFrame | None) -> bool:
    """Return whether nothing a switch does can reach a clause, so that judging it is idle.

    Where only some facilities are open then that were not (A17, A18: ``turned``), a clause of other
    kinds; the radius round a community (A28) for streets and towns; where journeys start (A33),
    which changes how long they take and no verdict.
    """
    if reading == "A33":
        return True
    if reading == "A28":
        level = rule.where.get("unit_level", rule.where.get("unit_type", ()))
        codes = {len(code) for code in rule.where.get("unit", ())}
        return bool(set(level) & {"township", "street", "town"}) or codes == {_TOWNSHIP}
    if turned is None or not rule.kinds or rule.spec.account or rule.options.about:
        return False
    return bool((members(turned, rule.kinds) == 0).all())


def _with_rates(rules: Rules, changed: Iterable[str]) -> list[str]:
    """Return the clauses, each once, and after them those that speak of them."""
    first = list(dict.fromkeys(changed))
    said = {rule.id: set(rule.options.about) for rule in rules}
    about = [name for name in first if said[name]]
    others = [rule.id for rule in rules if rule.id not in first and said[rule.id] & set(first)]
    return [*(name for name in first if not said[name]), *about, *others]
