"""What a scenario reaches: clauses that it names, and those that come out otherwise by it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.judge.decision import with_flag
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.rules.clause import Standard

__all__ = ["marked"]


def marked(
    benches: Sequence[Bench], published: Sequence[Standard]
) -> tuple[Mapping[str, JudgedClause], ...]:
    """Return clause id → judged clause for each bench, with the mark of a scenario where it is due.

    A clause bears it where the scenario changed it, where it rests on such a one, and where its
    findings are others than under the document as published: m² that one quota no longer needs
    are another's.

    Parameters
    ----------
    published
        The standards of the benches without the scenario, in the same order; where it is the
        same, nothing can differ.
    """
    return tuple(
        bench.judged if bench.rules.standard is document else _marked(bench, document)
        for bench, document in zip(benches, published, strict=True)
    )


def _marked(bench: Bench, document: Standard) -> dict[str, JudgedClause]:
    before = bench.changed(rules=document)
    return {
        name: one if before.has(name) and _same(one, before.one(name)) else _with_mark(one)
        for name, one in bench.judged.items()
    }


def _same(one: JudgedClause, other: JudgedClause) -> bool:
    return one is other or (one.result == other.result and one.findings.equals(other.findings))


def _with_mark(one: JudgedClause) -> JudgedClause:
    flags = with_flag(one.result.flags, Flag.SCENARIO, on=True)
    return dataclasses.replace(one, result=dataclasses.replace(one.result, flags=flags))
