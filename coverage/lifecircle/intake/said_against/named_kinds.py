"""Kinds that a name says and the type leaves room for: a 养老机构 called 金乡县社会福利中心.

Whoever typed the broader word may have meant the narrower one. The row may be of that kind.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.kinds import read_kinds
from lifecircle.model.dictionary import kinds, kinds_apart
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["with_named_kinds"]


def with_named_kinds(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return facilities with the kinds that they may be of by their names, and say of which.

    A kind that the type denies (养老机构，不是敬老院) is none.
    """
    if ledger.raw.layer != "facilities":
        return ledger, ()
    told, problems = ledger.frame["kinds"].tolist(), list[Problem]()
    for row, name in enumerate(ledger.frame["name"].tolist()):
        if marks := _marks(ledger, row, told[row], name):
            told[row] = told[row] | {*marks}
            meant = {kinds()[mark].perhaps for mark in marks}
            named = "、".join(said for key, said in kinds_apart(name)[0] if key in meant)
            code, words = ProblemCode.KIND_BY_NAME, {"name": str(name), "named": named}
            problems.append(ledger.problem(code, Severity.INFO, row, "kinds", **words))
    if not problems:
        return ledger, ()
    made = ledger.frame.assign(kinds=told)
    return dataclasses.replace(ledger, frame=made), tuple(problems)


def _marks(ledger: Ledger, row: int, typed: object, name: object) -> list[str]:
    """Return the marks of the kinds that a row may be of by its name."""
    if not isinstance(typed, frozenset) or not typed & _broad() or not isinstance(name, str):
        return []
    header = ledger.headers.get("kinds")
    written = None if header is None else ledger.raw.frame[header].iloc[ledger.at[row]]
    more = _said(name) - typed - {key for key, _ in kinds_apart(written)[0]}
    return [key for key, spec in kinds().items() if spec.perhaps in more and typed & spec.typed]


@cache
def _broad() -> frozenset[str]:
    """Return the kinds that leave room for another by the name."""
    return frozenset().union(*(spec.typed for spec in kinds().values()))


@cache
def _said(name: str) -> frozenset[str]:
    return read_kinds(name).keys
