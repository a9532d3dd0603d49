"""One part of the form: its points from clauses and answers, or why they are not known yet."""

from __future__ import annotations

import dataclasses
from collections import Counter
from math import fsum
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.finding import meets
from lifecircle.model.problem import ProblemCode
from lifecircle.model.results.score import Origin, PartScore, Why, WhyCode
from lifecircle.model.rules.form import PartKind
from lifecircle.model.status import Status
from lifecircle.scoring.answers import (
    Answer,
    Said,
    chosen,
    contradiction,
    placed_problem,
    yes_or_no,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.rules.form import FormPart

__all__ = ["questioned", "score_part", "unledgered"]

Clauses = tuple["ClauseResult", ...]
Answers = tuple[Answer, ...]
Scored = tuple[PartScore, list["Problem"]]

_OPEN_STATUS = {
    Status.NOT_ASSESSED: WhyCode.CLAUSE_OPEN,
    Status.NOT_APPLICABLE: WhyCode.CLAUSE_NONE,
    Status.EXEMPT: WhyCode.CLAUSE_NONE,
    Status.NOT_IN_FORCE: WhyCode.CLAUSE_DATED,
}


def score_part(part: FormPart, answers: Answers, clauses: Clauses, language: str) -> Scored:
    """Return the points of one part and what is wrong with its rows of evidence.

    Parameters
    ----------
    answers
        The rows of evidence of this part.
    clauses
        Results of the clauses the part names; those that could not be had are not among them.
    language
        In which the allowed options are told.
    """
    scored, problems = _SCORERS[part.kind](part, answers, clauses, language)
    materials = tuple(one.material for one in answers)
    return dataclasses.replace(scored, clauses=clauses, materials=materials), problems


def _settled(
    part: FormPart, points: float, origin: Origin, code: WhyCode, **params: object
) -> PartScore:
    return PartScore(part, origin, points, points, points, Why(code, params))


def _open(
    part: FormPart, code: WhyCode, low: float = 0.0, high: float | None = None, **params: object
) -> PartScore:
    most = part.points if high is None else high
    return PartScore(part, Origin.OPEN, None, low, most, Why(code, params))


def _unanswered(part: FormPart, answers: Answers, problems: list[Problem]) -> PartScore:
    if problems:
        return _open(part, WhyCode.REFUSED)
    return _open(part, WhyCode.NO_ANSWER if answers else WhyCode.UNANSWERED)


def _shown(answers: Answers, *, note: bool = False) -> bool:
    """Return whether a paper is named; where a person grades, a remark will do."""
    return any(a.material.named or (note and a.material.note) for a in answers)


def _yes_or_no(part: FormPart, answers: Answers, clauses: Clauses, _language: str) -> Scored:
    """Take the answer; a clause that is missed refuses the points, whatever the answer is."""
    typed, problems = _answer(part, answers)
    if any(clause.status is Status.DEFICIENT for clause in clauses):
        decided = _settled(part, 0.0, Origin.COMPUTED, WhyCode.CLAUSE_MISSED)
        return decided, problems + _against(part, answers, decided)
    return typed, problems


def _answer(part: FormPart, answers: Answers) -> Scored:
    """Return what the answer alone comes to: a yes with its paper, or a no."""
    told, problems = yes_or_no(part, answers)
    said = {one.means for one in told}
    if len(said) > 1:
        return _open(part, WhyCode.CONFLICT), problems + contradiction(part, told)
    if problems or not said:  # 是 on one row and 部分完成 on another are no yes
        return _unanswered(part, answers, problems), problems
    if said == {False}:
        return _settled(part, 0.0, Origin.TYPED, WhyCode.NO), problems
    if not _shown(answers):
        return _open(part, WhyCode.NO_MATERIAL), problems
    return _settled(part, part.points, Origin.TYPED, WhyCode.YES), problems


def _by_clause(part: FormPart, answers: Answers, clauses: Clauses, _language: str) -> Scored:
    """Let the clause decide; where it cannot, an answer with its paper does."""
    typed, problems = _answer(part, answers)
    decided = _decided(part, clauses)
    if decided.score is None:
        silent = typed.why.code in {WhyCode.UNANSWERED, WhyCode.NO_ANSWER}
        return (decided if silent else typed), problems
    return decided, problems + _against(part, answers, decided)


def _against(part: FormPart, answers: Answers, decided: PartScore) -> list[Problem]:
    """Return the answer that says otherwise than the data, at its row."""
    said, _ = yes_or_no(part, answers)
    code, points = ProblemCode.EVIDENCE_DIFFERS, decided.score
    others = [one for one in said if one.means != (points != 0.0)]
    return [
        placed_problem(code, one.answer, one.text, item=part.id, points=points)
        for one in others[:1]
    ]


def _decided(part: FormPart, clauses: Clauses) -> PartScore:
    """Return what the part's clauses come to: all met, one missed, or open."""
    if not clauses:
        return _open(part, WhyCode.CLAUSE_MISSING)
    if any(clause.status is Status.DEFICIENT for clause in clauses):
        return _settled(part, 0.0, Origin.COMPUTED, WhyCode.CLAUSE_MISSED)
    for clause in clauses:
        if clause.status in _OPEN_STATUS:
            return _open(part, _OPEN_STATUS[clause.status])
    return _settled(part, part.points, Origin.COMPUTED, WhyCode.CLAUSE_MET)


def _answer_and_clause(
    part: FormPart, answers: Answers, clauses: Clauses, _language: str
) -> Scored:
    typed, problems = _answer(part, answers)
    decided = _decided(part, clauses)
    for one in (decided, typed):  # either can take all the points
        if one.score == 0.0:
            return one, problems
    for one in (decided, typed):
        if one.score is None:
            return one, problems
    return decided, problems


def _choice(part: FormPart, answers: Answers, _clauses: Clauses, language: str) -> Scored:
    read = [chosen(part, one, language) for one in answers]
    problems = [problem for _, found in read for problem in found]
    options = {option.key: option for option, _ in read if option is not None}
    if len(options) > 1:
        told = zip(answers, (option for option, _ in read), strict=True)
        said = [Said.of(one, option.key) for one, option in told if option is not None]
        return _open(part, WhyCode.CONFLICT), problems + contradiction(part, said)
    if problems or not options:
        return _unanswered(part, answers, problems), problems
    (option,) = options.values()
    if option.points > 0 and not _shown(answers):
        return _open(part, WhyCode.NO_MATERIAL, high=option.points), problems
    words = {"option": option.key}
    return _settled(part, option.points, Origin.TYPED, WhyCode.OPTION, **words), problems


def _is_no(one: Answer) -> bool:
    return match_word("bool", one.material.value) == "false"


def _is_work(one: Answer) -> bool:
    """Return whether a row is about a work: 无 without a name says that there is none."""
    return bool(fold(one.material.work)) or not _is_no(one)


def _works(part: FormPart, answers: Answers, _clauses: Clauses, language: str) -> Scored:
    """Count works: each name once at its best level; the cap holds for all together.

    A work without a name may be one of the others, one without a paper cannot be found: both
    count at most, and a row of a name that others have can only raise that work.
    """
    best: dict[str, float] = {}
    at_best: dict[str, float] = {}
    unsure: list[float] = []
    doubts = Counter[str]()
    problems: list[Problem] = []
    repeated = 0
    told = [one for one in answers if _is_work(one)]
    for one in told:
        name = fold(one.material.work)
        points, found = _level(part, one, language)
        problems += found
        most = max(option.points for option in part.options) if points is None else points
        if name:
            at_best[name] = max(most, at_best.get(name, 0.0))
        doubts.update(
            {"unread": points is None, "nameless": not name, "unshown": not one.material.named}
        )
        if points is None or not name or not one.material.named:
            unsure.append(0.0 if name else most)
        else:
            repeated += name in best
            best[name] = max(points, best.get(name, 0.0))
    if not told:
        no = _settled(part, 0.0, Origin.TYPED, WhyCode.NO)
        return no if answers else _open(part, WhyCode.UNANSWERED), problems
    if len(told) < len(answers):  # 无 is written too, in a row without a name
        high = min(part.points, fsum([*at_best.values(), *unsure]))
        said = [Said.of(one, _is_work(one)) for one in answers]
        return _open(part, WhyCode.CONFLICT, high=high), problems + contradiction(part, said)
    each = [*at_best.values(), *unsure]
    return _of_works(part, best, each, doubts, repeated), problems


def _of_works(
    part: FormPart,
    best: Mapping[str, float],
    most: list[float],
    doubts: Mapping[str, int],
    repeated: int,
) -> PartScore:
    """Return the points of works that are named and, of all there may be, the most."""
    low, high = (min(part.points, fsum(each)) for each in (best.values(), most))
    if low != high:
        return _open(part, WhyCode.UNNAMED_WORK, low, high, **doubts)
    counted = {"count": len(best), "repeated": repeated, "uncapped": fsum(best.values())}
    return _settled(part, low, Origin.TYPED, WhyCode.COUNTED, **counted)


def _level(part: FormPart, one: Answer, language: str) -> tuple[float | None, list[Problem]]:
    """Return the points of one work; where there is one level only, it need not be named."""
    only = part.options[0] if len(part.options) == 1 else None
    if only is not None:
        word = match_word("bool", one.material.value) if one.material.value else "true"
        if word is not None:
            return (only.points if word == "true" else 0.0), []
    option, problems = chosen(part, one, language)
    return (None if option is None else option.points), problems


def _graded(part: FormPart, answers: Answers, clauses: Clauses, _language: str) -> Scored:
    """Take what a person claims, with a paper or a remark; figures alone only suggest."""
    problems = [
        placed_problem(
            ProblemCode.EVIDENCE_CLAIM,
            one,
            one.material.claimed,
            item=part.id,
            points=list(part.claimable),
        )
        for one in answers
        if one.material.claimed is not None and not _within(part, one.material.claimed)
    ]
    problems += _ungraded(part, answers)
    if problems:
        return _open(part, WhyCode.REFUSED), problems
    said = [*_claims(answers)]
    claims = {float(one.means) for one in said}
    if claims:
        return _claimed(part, claims, answers), contradiction(part, said)
    if any(_tells(clause) for clause in clauses):
        figures = Why(WhyCode.FIGURES)
        return PartScore(part, Origin.SUGGESTED, None, 0.0, part.points, figures), problems
    return _open(part, WhyCode.NO_ANSWER if answers else WhyCode.NOT_CLAIMED), problems


def _claims(answers: Answers) -> Iterator[Said]:
    """Yield the points that rows claim; a no claims none."""
    for one in answers:
        if one.material.claimed is not None:
            yield Said(one, f"{one.material.claimed:g}", one.material.claimed)
        if _is_no(one):
            yield Said(one, one.material.value, 0.0)


def _ungraded(part: FormPart, answers: Answers) -> list[Problem]:
    """Return the answers that claim nothing and say neither yes nor no: 部分完成."""
    code, points = ProblemCode.EVIDENCE_UNGRADED, list(part.claimable)
    return [
        placed_problem(code, one, one.material.value, item=part.id, points=points)
        for one in answers
        if one.material.claimed is None
        and one.material.value
        and match_word("bool", one.material.value) is None
    ]


def _claimed(part: FormPart, claims: set[float], answers: Answers) -> PartScore:
    if len(claims) > 1:
        return _open(part, WhyCode.CONFLICT)
    (points,) = claims
    if points == 0.0:
        return _settled(part, 0.0, Origin.TYPED, WhyCode.NO)
    if not _shown(answers, note=True):
        return _open(part, WhyCode.NO_MATERIAL)
    return _settled(part, points, Origin.TYPED, WhyCode.CLAIMED)


def _tells(clause: ClauseResult) -> bool:
    """Return whether a clause knows a figure, or at least that it is not nothing."""
    return clause.value is not None or (clause.low or 0.0) > 0.0


def _within(part: FormPart, claimed: float) -> bool:
    return any(meets(claimed, "=", points) for points in part.claimable)


def _veto(part: FormPart, answers: Answers, _clauses: Clauses, _language: str) -> Scored:
    told, problems = yes_or_no(part, answers)
    said = {one.means for one in told}
    if len(said) > 1:
        return _open(part, WhyCode.CONFLICT), problems + contradiction(part, told)
    if problems or not said:  # 是 on one row and 部分完成 on another are no yes
        return _unanswered(part, answers, problems), problems
    code = WhyCode.YES if said == {True} else WhyCode.NO
    return _settled(part, 0.0, Origin.TYPED, code), problems


def questioned(one: PartScore, answers: Answers, *, empty: bool) -> Scored:
    """Return a part whose claim of points the data of the same run deny, open.

    ``empty``: without a single facility the ledger says nothing; figures that were typed do.
    """
    told = [clause for clause in one.clauses if clause.typed or not empty]
    if one.why.code is not WhyCode.CLAIMED or not told or not all(map(_none, told)):
        return one, []
    opened = _open(one.part, WhyCode.FIGURES_NONE, high=one.high)
    row = next(a for a in answers if a.material.claimed)
    claimed = row.material.claimed
    problem = placed_problem(ProblemCode.EVIDENCE_DENIED, row, f"{claimed:g}", item=one.part.id)
    return dataclasses.replace(opened, clauses=one.clauses, materials=one.materials), [problem]


def _none(clause: ClauseResult) -> bool:
    """Return whether a clause comes to nothing, whatever the unknowns turn out to be."""
    return all(one is not None and meets(one, "=", 0.0) for one in (clause.value, clause.high))


def unledgered(one: PartScore) -> PartScore:
    """Return a part as it is known without a single facility: the ledger is empty, not the county.

    What typed figures decide stands.
    """
    typed = all(clause.typed for clause in one.clauses)
    if one.origin is not Origin.COMPUTED or typed:
        return one
    opened = _open(one.part, WhyCode.LEDGER_EMPTY)
    return dataclasses.replace(opened, clauses=one.clauses, materials=one.materials)


_SCORERS: dict[PartKind, Callable[[FormPart, Answers, Clauses, str], Scored]] = {
    PartKind.BOOL: _yes_or_no,
    PartKind.BOOL_AND: _answer_and_clause,
    PartKind.CHOICE: _choice,
    PartKind.RATE: _by_clause,
    PartKind.COUNT: _by_clause,
    PartKind.PER_ITEM: _works,
    PartKind.TIERS: _graded,
    PartKind.GRADED: _graded,
    PartKind.JUDGED: _graded,
    PartKind.VETO: _veto,
}
