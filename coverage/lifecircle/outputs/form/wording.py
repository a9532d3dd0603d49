"""Words of the filled-in form: points as people write them, and why each is as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.rules.form import PartKind
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.score import Material, Origin, OriginSum, PartScore, Score

__all__ = ["ScoreWording"]


@dataclass(frozen=True, slots=True)
class ScoreWording(Wording):
    """Words in one language: those of the domain ``score``, else of the report."""

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain ``score``, else of ``report``."""
        if texts.known("score", code):
            return texts.say("score", code, self.language, **params)
        return Wording.say(self, code, **params)

    def points(self, value: float) -> str:
        """Return points with at most two decimals, never rounded up to a whole they do not have."""
        text = texts.number(value)
        nearest = round(value)
        if text == texts.number(nearest) and abs(value - nearest) > TOLERANCE:
            text = texts.number(nearest - 0.01 if value < nearest else nearest + 0.01)
        return text

    def span_of_points(self, low: float, high: float) -> str:
        """Return what a part can come to: ``0–2``; one number where nothing is open."""
        if high - low <= TOLERANCE:
            return self.points(low)
        return self.say("points.span", low=self.points(low), high=self.points(high))

    def total(self, score: Score) -> str:
        """Return the result in one line: points of what is assessed, the rest, the range."""
        open_points = score.points - score.assessed_points
        code = "total.whole" if open_points <= TOLERANCE else "total.part"
        return self.say(
            code,
            settled=self.points(score.settled),
            assessed=self.points(score.assessed_points),
            points=self.points(score.points),
            rest=self.points(open_points),
            low=self.points(score.low),
            high=self.points(score.high),
        )

    def why(self, one: PartScore) -> str:
        """Return why a part has its points, or what is missing."""
        params = dict(one.why.params)
        if "option" in params:
            option = next(o for o in one.part.options if o.key == params["option"])
            params["option"] = self.title(option.words)
        if "uncapped" in params:
            params["uncapped"] = self.points(params["uncapped"])
        code = f"why.{one.why.code}"
        if one.part.kind is PartKind.VETO and texts.known("score", f"{code}_veto"):
            code = f"{code}_veto"
        return self.say(code, **params)

    def figure(self, clause: ClauseResult) -> str:
        """Return a clause's figure: ``护理型床位占比 65 %（WS-27）``."""
        rated = clause.official is not None and clause.subject != "county"
        told = self.rate(clause.official) if rated else self.clause_value(clause)
        return self.say("figure", title=self.title(clause.title), value=told, clause=clause.id)

    def paper(self, one: Material) -> str:
        """Return a paper as the form lists it: work, title, number; else where it is kept.

        A claim of points without a paper is shown by its reason.
        """
        named = one.title or one.file or ("" if one.claimed is None else one.note)
        if one.title and one.number:
            named = self.say("paper.numbered", title=one.title, number=one.number)
        elif one.number:
            named = one.number
        if one.work:
            return self.say("paper.of_work", work=one.work, paper=named) if named else one.work
        return named

    def by_origin(self, one: OriginSum) -> str:
        """Return how many parts of one origin there are, and what they come to."""
        return self.say(
            f"by_origin.{one.origin}",
            count=one.parts,
            points=self.points(one.points),
            settled=self.points(one.settled),
        )

    def origin(self, origin: Origin) -> str:
        """Return where points come from, in a word."""
        return self.say(f"origin.{origin}")
