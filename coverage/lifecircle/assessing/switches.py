"""Switching: the clauses a reading's other choice would change, judged again and no others."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.counting.eligibility import members
from lifecircle.judge.clauses import JudgedClause, account_of, judge_clause
from lifecircle.judge.readings import alternatives, differing
from lifecircle.model.results.assessment import ReadingSwitch
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.tables import Tables

__all__ = ["what_switches_change"]

_OF_ACCOUNT = {"A5", "A8"}
"""Readings that change what is required, and so who shares with whom: the m² are settled anew."""
_ON_ACCOUNT = {"provision", "single_minimum"}
_TOWNSHIP = 9
"""Digits of a street's or town's code."""
_ACCOUNT_COLUMNS = ("built", "quota_m2_low", "quota_m2_high")


def what_switches_change(
    tables: Tables,
    standard: Standard,
    judged: Mapping[str, JudgedClause],
    *,
    as_of: dt.date,
    gathered: Callable[[Mapping[str, str]], Tables],
    exemptions: pd.DataFrame | None = None,
) -> list[ReadingSwitch]:
    """Return what every switch of ``standard`` would make of the clauses it bears on.

    Those clauses and what is said about them are judged again, briefly, from the same tables.

    Parameters
    ----------
    gathered
        Reading → choice to the tables as they then were (A6, A17, A26); the same object where the
        choice changes nothing in them.
    """
    found = []
    for spec, choice, other, worded in alternatives(standard):
        again = gathered({spec.id: choice}) if spec.of_tables else tables
        changed = _concerned(other, worded, tables, again, standard) if spec.of_tables else worded
        clauses = other.clauses
        changed = [name for name in changed if not _moot(spec.id, clauses[name], tables, again)]
        if not changed:
            continue
        if spec.id in _OF_ACCOUNT or not _same_account(tables, again):
            arranging = any(c.readings.get("A3") == "allocated" for c in clauses.values())
            account = account_of(again, list(clauses.values()), as_of, arranging=arranging)
            again = dataclasses.replace(again, account=account)
            changed += [n for n, c in clauses.items() if c.measure in _ON_ACCOUNT]
        else:
            again = dataclasses.replace(again, account=tables.account)
        again = dataclasses.replace(again, findings=tables.findings)
        for name in _with_rates(clauses, changed):
            before = judged[name]
            if before.result.status is Status.NOT_IN_FORCE:
                continue
            after = judge_clause(
                again, clauses[name], as_of=as_of, standard=other, exemptions=exemptions, brief=True
            )
            again = dataclasses.replace(again, findings={**again.findings, name: after.findings})
            result = after.result
            found.append(
                ReadingSwitch(
                    id=spec.id,
                    choice=choice,
                    standard=standard.id,
                    clause=name,
                    status=result.status,
                    value=result.value,
                    low=result.low,
                    high=result.high,
                    differing=differing(
                        before.findings["status"].to_dict(), after.findings["status"].to_dict()
                    ),
                )
            )
    return found


def _concerned(
    other: Standard, changed: list[str], tables: Tables, again: Tables, standard: Standard
) -> list[str]:
    """Return the clauses that other tables can change.

    Where the tables are the same, those that are worded otherwise; else those that take the
    reading, and where areas come to be inhabited or of another setting, all that judge areas.
    """
    if again is tables:
        plain = {n: dataclasses.replace(c, readings={}) for n, c in standard.clauses.items()}
        return [
            n for n in changed if dataclasses.replace(other.clauses[n], readings={}) != plain[n]
        ]
    moved = not (
        again.areas["setting"].equals(tables.areas["setting"])
        and (again.areas["counted"] == 0).equals(tables.areas["counted"] == 0)
    )
    of_areas = [n for n, c in other.clauses.items() if moved and c.subject == "residential"]
    return [*changed, *of_areas]


def _moot(reading: str, clause: Clause, tables: Tables, again: Tables) -> bool:
    """Return whether nothing a switch does can reach a clause, so that judging it is idle.

    Where only some facilities are open then that were not (A17), a clause of other kinds; the
    radius round a community (A28) for streets and towns; where journeys start (A33), which changes
    how long they take and no verdict.
    """
    if reading == "A33":
        return True
    if reading == "A28":
        level = clause.where.get("unit_level", clause.where.get("unit_type", ()))
        codes = {len(code) for code in clause.where.get("unit", ())}
        return bool(set(level) & {"township", "street", "town"}) or codes == {_TOWNSHIP}
    if again is tables or clause.measure in {"compliance_rate", *_ON_ACCOUNT} or not clause.kinds:
        return False
    if not again.areas.equals(tables.areas):
        return False
    own = members(tables.facilities, clause.kinds) != 0
    now, then = (t.facilities.loc[own, ["open", "built"]] for t in (tables, again))
    return bool(now.equals(then))


def _same_account(tables: Tables, again: Tables) -> bool:
    """Return whether the m² account of both tables is one: areas and countable m² are the same."""
    if again is tables:
        return True
    same = (again.facilities[name].equals(tables.facilities[name]) for name in _ACCOUNT_COLUMNS)
    return again.areas.equals(tables.areas) and all(same)


def _with_rates(clauses: Mapping[str, Clause], changed: Iterable[str]) -> list[str]:
    """Return the clauses, each once, and after them those that speak of them."""
    first = list(dict.fromkeys(changed))
    said = {
        name: {*c.options.get("clauses", ()), *c.options.get("of_clauses", ())}
        for name, c in clauses.items()
    }
    about = [name for name in first if said[name]]
    others = [name for name in clauses if name not in first and said[name] & set(first)]
    return [*(name for name in first if not said[name]), *about, *others]
