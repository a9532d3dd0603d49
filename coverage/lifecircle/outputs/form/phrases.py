"""The filled-in form in words: points as people write them, and why each is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle import texts
from lifecircle.model.finding import meets
from lifecircle.model.results.score import Origin, WhyCode
from lifecircle.model.rules.form import PartKind
from lifecircle.outputs.words.showing import doubts_of, with_doubts

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.score import Material, OriginSum, PartScore, Score
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "clause_figure",
    "marks_line",
    "origin_line",
    "paper_name",
    "plain_points",
    "points_span",
    "points_text",
    "total_line",
    "why_text",
]


def plain_points(points: float) -> float | int:
    """Return points as a cell holds them: a whole number without decimals."""
    return int(points) if points == int(points) else points


def points_text(points: float) -> str:
    """Return points with at most two decimals, never rounded up to a whole they do not have."""
    text = texts.number(round(points, 2))
    nearest = round(points)
    if text == texts.number(nearest) and not meets(points, "=", nearest):
        text = texts.number(nearest - 0.01 if points < nearest else nearest + 0.01)
    return text


def points_span(low: float, high: float, words: Wording) -> str:
    """Return what a part can come to: ``0–2``; one number where nothing is open."""
    if meets(high, "=", low):
        return points_text(low)
    return words.say("points.span", low=points_text(low), high=points_text(high))


def total_line(score: Score, words: Wording) -> str:
    """Return the result in one line: points of what is assessed, the rest, the range."""
    open_points = score.points - score.assessed_points
    code = "total.whole" if meets(open_points, "<=", 0.0) else "total.part"
    return words.say(
        code,
        settled=points_text(score.settled),
        assessed=points_text(score.assessed_points),
        points=points_text(score.points),
        rest=points_text(open_points),
        low=points_text(score.low),
        high=points_text(score.high),
    )


def origin_line(one: OriginSum, words: Wording) -> str:
    """Return how many parts of one origin there are, and what they come to."""
    return words.say(
        f"by_origin.{one.origin}",
        count=one.parts,
        points=points_text(one.points),
        settled=points_text(one.settled),
    )


def why_text(one: PartScore, words: Wording) -> str:
    """Return why a part has its points, or what is missing."""
    params = dict(one.why.params)
    if "option" in params:
        option = next(o for o in one.part.options if o.key == params["option"])
        params["option"] = words.title(option.words)
    if "uncapped" in params:
        params["uncapped"] = points_text(params["uncapped"])
    if one.why.code is WhyCode.UNNAMED_WORK:
        some = [kind for kind in ("nameless", "unread", "unshown") if params.get(kind)]
        told = (words.say(f"why.work_{kind}", count=params[kind]) for kind in some)
        params["works"] = words.phrases(told)
    code = f"why.{one.why.code}"
    if one.part.kind is PartKind.VETO and words.knows(f"{code}_veto"):
        code = f"{code}_veto"
    return words.say(code, **params)


def clause_figure(clause: ClauseResult, words: Wording) -> str:
    """Return a clause's figure and its marks: ``护理型床位占比 65 %（WS-27）（取约数）``."""
    rated = clause.official is not None and clause.subject != "county"
    told = words.rate(clause.official) if rated else words.clause_value(clause)
    told = words.say("figure", title=words.title(clause.title), value=told, clause=clause.id)
    return with_doubts(told, clause, words)


def marks_line(score: Score, words: Wording) -> str | None:
    """Return which items have points, or none, by a clause with marks; None where none has."""
    told: dict[str, list[ClauseResult]] = {}
    for item in score.items:  # of which several parts may have points by clauses
        for part in item.parts:
            found = [one for one in part.clauses if doubts_of((one,), words)]
            if found and part.origin is Origin.COMPUTED:
                told.setdefault(item.item.id, []).extend(found)
    if not told:
        return None
    marks = doubts_of((clause for clauses in told.values() for clause in clauses), words)
    return words.say("form.marked", items=words.list(told), marks=marks)


def paper_name(one: Material, words: Wording) -> str:
    """Return a paper as the form lists it: work, title, number; else where it is kept.

    A claim of points without a paper is shown by its reason.
    """
    named = one.title or one.file or ("" if one.claimed is None else one.note)
    if one.title and one.number:
        named = words.say("paper.numbered", title=one.title, number=one.number)
    elif one.number:
        named = one.number
    if one.work:
        return words.say("paper.of_work", work=one.work, paper=named) if named else one.work
    return named
