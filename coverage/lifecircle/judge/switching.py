"""Switching: the clauses a reading's other choice would change, judged again and no others."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.judge.judgement import JudgedClause, judge_clause, ledger_of
from lifecircle.judge.reading import alternatives, differing
from lifecircle.model.assessment import ReadingSwitch
from lifecircle.model.status import Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.model.clause import Standard
    from lifecircle.model.tables import Tables

__all__ = ["what_switches_change"]

_OF_LEDGER = {"A5"}
"""Readings that change what is required, and so who shares with whom: the m² are settled anew."""


def what_switches_change(
    tables: Tables,
    standard: Standard,
    judged: Mapping[str, JudgedClause],
    *,
    as_of: dt.date,
    exemptions: pd.DataFrame | None = None,
) -> list[ReadingSwitch]:
    """Return what every switch of ``standard`` would make of the clauses it bears on.

    The clause itself and the rates over it are judged again from the same tables.
    """
    found = []
    for spec, choice, other, changed in alternatives(standard):
        again = tables
        if spec.id in _OF_LEDGER:
            ledger = ledger_of(tables, list(other.clauses.values()), as_of)
            again = dataclasses.replace(tables, ledger=ledger)
        rates = [
            name
            for name, clause in other.clauses.items()
            if name not in changed and set(changed) & set(clause.options.get("clauses", ()))
        ]
        for name in (*changed, *rates):
            clause, before = other.clauses[name], judged[name]
            if before.result.status is Status.NOT_IN_FORCE:
                continue
            after = judge_clause(again, clause, as_of=as_of, standard=other, exemptions=exemptions)
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
