"""Relations: what one part of the form means for another: vetoes, presuppositions."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import match_word
from lifecircle.model.problem import ProblemCode
from lifecircle.model.results.score import Origin, PartScore, Why, WhyCode
from lifecircle.model.rules.form import PartKind
from lifecircle.scoring.answers import placed_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.problem import Problem
    from lifecircle.scoring.answers import Answer

__all__ = ["presupposed", "related", "vetoed"]

Parts = dict[str, PartScore]


def related(
    parts: Mapping[str, PartScore], answers: Mapping[str, tuple[Answer, ...]]
) -> tuple[Parts, list[Problem]]:
    """Return the parts with what others mean for them, and the answers that contradict."""
    found, problems = presupposed(parts, answers)
    return vetoed(found), problems


def presupposed(
    parts: Mapping[str, PartScore], answers: Mapping[str, tuple[Answer, ...]]
) -> tuple[Parts, list[Problem]]:
    """Return the parts, those open whose presupposition (``depends``) is not answered with yes.

    "其中", "其余", "剩余" and "拓展" speak of what the part before has established. Points for the
    one without the other contradict each other: which of the two is wrong nobody but the county
    knows, so that neither is changed; the points are not given until it says so. While the part
    before may still earn nothing (not answered, a yes without its paper) points settled until then
    could be taken away by what was missing.
    """
    found = dict(parts)
    problems: list[Problem] = []
    for name, one in found.items():
        base = found.get(one.part.depends)
        if base is None or one.high == 0.0:
            continue
        if base.score is None and base.low == 0.0 and one.score is not None:
            why = Why(WhyCode.DEPENDS_OPEN, {"other": one.part.depends})
            found[name] = dataclasses.replace(one, origin=Origin.OPEN, score=None, low=0.0, why=why)
        if base.score != 0.0:
            continue
        rows = [row for row in answers.get(name, ()) if _affirms(row)]
        if one.score is None and not rows:  # nobody has claimed it yet
            continue
        other = one.part.depends
        found[name] = dataclasses.replace(
            one, origin=Origin.OPEN, score=None, low=0.0, why=Why(WhyCode.DEPENDS, {"other": other})
        )
        problems += [
            placed_problem(
                ProblemCode.EVIDENCE_DEPENDS, row, _said(row), item=one.part.id, other=other
            )
            for row in rows[:1]
        ]
    return found, problems


def _affirms(row: Answer) -> bool:
    """Return whether a row claims anything: a no and a claim of nothing contradict no other no."""
    said = match_word("bool", row.material.value) if row.material.value else None
    return said != "false" and (bool(row.material.value) or bool(row.material.claimed))


def _said(row: Answer) -> object:
    return row.material.value or row.material.claimed


def vetoed(parts: Mapping[str, PartScore]) -> Parts:
    """Return the parts with what their vetoes take: the points if yes, certainty if unanswered."""
    found = dict(parts)
    for veto in parts.values():
        if veto.part.kind is not PartKind.VETO or veto.why.code is WhyCode.NO:
            continue
        for name in veto.part.vetoes:
            found[name] = _under(veto, found[name])
    return found


def _under(veto: PartScore, one: PartScore) -> PartScore:
    """Return a part under a veto that is not denied."""
    params = {"veto": veto.part.id}
    if veto.score is not None:
        why = Why(WhyCode.VETOED, params)
        return dataclasses.replace(one, origin=Origin.TYPED, score=0.0, low=0.0, high=0.0, why=why)
    if one.score == 0.0:
        return one
    why = one.why if one.score is None else Why(WhyCode.VETO_OPEN, params)
    return dataclasses.replace(one, origin=Origin.OPEN, score=None, low=0.0, why=why)
