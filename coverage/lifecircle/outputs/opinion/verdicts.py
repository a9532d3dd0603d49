"""Why a review concludes as it does, in one sentence, and the changes that would cure it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lifecircle.model.cell import number_or_none
from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.quantities import beside
from lifecircle.outputs.words.showing import is_least

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.results.review import Review, ReviewedClause
    from lifecircle.outputs.words.wording import Wording

__all__ = ["asked_m2", "needed", "remedy_of", "short_of", "why_so"]


def why_so(review: Review, missed: int, words: Wording) -> str:
    """Return why: nothing asked is not all met, nor is all met what an ended plan's clause is not.

    A village's plan is asked for nothing by a document on 城镇居住区.
    """
    ended = [c.id for c in review.clauses if c.status == Status.DEFICIENT and _ended(c)]
    code = str(review.verdict)
    if review.verdict is Verdict.AGREE and not any(c.decides for c in review.clauses):
        code = "none_yet" if "not_yet" in review.banners else "none"
    elif ended and review.verdict in {Verdict.AGREE, Verdict.SUPPLY}:
        code = f"{review.verdict}_ended"
    names = words.list(dict.fromkeys(map(words.clause, ended)))
    return words.say(f"verdict.why.{code}", missed=missed, clauses=names)


def needed(missed: Sequence[ReviewedClause]) -> list[ReviewedClause]:
    """Return the clauses whose changes are to be made: not those that another's change cures.

    Those whose change does for most clauses go first, so that whoever is spared is cured.
    """
    kept: list[ReviewedClause] = []
    for row in sorted(missed, key=lambda row: -len(row.cures)):
        if not any(row.id in other.cures and row.plot == other.plot for other in kept):
            kept.append(row)
    return [row for row in missed if row in kept]


def remedy_of(c: ReviewedClause, words: Wording) -> str:
    """Return what cures a clause, and what else it cures, in the document's order."""
    if c.remedy is None or not c.cures:
        return words.reason(c.remedy)
    clauses = words.list(map(words.clause, sorted((c.id, *c.cures))))
    return words.say("joint", remedy=words.reason(c.remedy), clauses=clauses)


def asked_m2(c: ReviewedClause, words: Wording) -> str:
    """Return the m² that a quota asks of a plot: from the one quota to the other where both may.

    What meets the higher of the two is told by that one, as its reason does.
    """
    if c.required is not None:
        other = c.low if c.provided is None else c.provided
        return beside(c.required, other, "m2", words)
    told = {} if c.reason is None else c.reason.params
    low, high = (number_or_none(told.get(f"required_{end}")) for end in ("low_m2", "m2"))
    if high is None or not math.isfinite(high):
        return words.say("blank")
    if low is None or not low < high:
        return words.value(high, "m2")
    return words.say("range", low=words.number(low, "m2"), high=words.value(high, "m2"))


def short_of(c: ReviewedClause, words: Wording) -> str:
    """Return how much a clause is missed by: at least, where what it asks is a range."""
    if not c.deficit:
        return ""
    code = "short.least" if is_least(c.reason) else "short"
    return words.say(code, value=beside(c.deficit, 0.0, c.unit, words))


def _ended(row: ReviewedClause) -> bool:
    """Return whether a row is of an ended plan, and another rule decides in its place."""
    return not row.decides and Flag.EXPIRED in row.flags
