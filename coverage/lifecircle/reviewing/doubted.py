"""Doubted: what of a review is open because positions of the study look like another datum.

The proposal is judged again with those positions where the other datum has them; what comes to
another status there is not known.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.judge.decision import differing, opened, with_flag
from lifecircle.model.problem.suspected import doubt
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.review import SideEffect

__all__ = ["effects_anywhere", "open_elsewhere"]


def open_elsewhere(
    judged: Mapping[str, JudgedClause],
    elsewhere: Sequence[Mapping[str, JudgedClause]],
    study: Study,
) -> dict[str, JudgedClause]:
    """Return the clauses, what is judged otherwise somewhere open and the rest of it marked.

    ``elsewhere``: the same clauses, judged with the doubted positions in another datum.
    """
    return {
        name: _with_doubt(one, [other[name] for other in elsewhere if name in other], study)
        for name, one in judged.items()
    }


def _with_doubt(one: JudgedClause, others: list[JudgedClause], study: Study) -> JudgedClause:
    was = one.findings
    there = [other.findings.reindex(was.index) for other in others]
    flips, moves = differing(was, there)
    if not flips.any() and not moves.any():
        return one
    findings = opened(was, there, flips, doubt(study.problems))
    findings["flags"] = [
        with_flag(flags, Flag.DATUM_DOUBTED, on=bool(on))
        for flags, on in zip(was["flags"], moves | flips, strict=True)
    ]
    return dataclasses.replace(one, findings=findings)


def effects_anywhere(
    effects: Sequence[SideEffect], elsewhere: Sequence[Sequence[SideEffect]]
) -> tuple[SideEffect, ...]:
    """Return side effects; open are those that stand in the way here or there alone.

    ``elsewhere``: those with the doubted positions in another datum.
    """
    worlds = [{_key(one): one for one in told} for told in elsewhere]
    lost = {key: one for world in worlds for key, one in world.items() if one.blocking or one.open}
    mine = {_key(one) for one in effects}
    told = [
        _opened(one) if not _firm(one, worlds) and (one.blocking or _key(one) in lost) else one
        for one in effects
    ]
    return (*told, *(_opened(one) for key, one in lost.items() if key not in mine))


def _firm(one: SideEffect, worlds: Sequence[Mapping[tuple[str, str], SideEffect]]) -> bool:
    """Return whether what stands in the way does so in every datum."""
    there = [world.get(_key(one)) for world in worlds]
    return one.blocking and all(other is not None and other.blocking for other in there)


def _key(one: SideEffect) -> tuple[str, str]:
    return one.residential, one.clause


def _opened(one: SideEffect) -> SideEffect:
    return dataclasses.replace(one, blocking=False, open=True, remedy=None, curable=None)
