"""Citing: in whose words a clause of the opinion stands, and which documents it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from lifecircle.model.results.review import Review, ReviewedClause
    from lifecircle.model.rules.clause import Reference
    from lifecircle.outputs.words.wording import Wording

__all__ = ["aside", "other_documents", "quoted"]


def aside(text: str, more: str | None, words: Wording) -> str:
    """Return a text with ``more``, where there is any, in brackets behind it."""
    if not more:
        return text
    return f"{text}（{more}）" if words.language == "zh" else f"{text} ({more})"


def other_documents(review: Review, words: Wording) -> tuple[str, ...]:
    """Return the other documents that clauses of the opinion stand in: the province's."""
    found = [
        _cited(reference, words)
        for c in review.clauses
        if c.standard != review.standard and Flag.REFERENCE not in c.flags
        for reference in c.references
    ]
    return tuple(dict.fromkeys(found))


def _cited(one: Reference, words: Wording) -> str:
    code = "cited" if one.clause else "cited_plain"
    cited = words.say(code, title=one.title, where=one.clause)
    return cited if one.verified else words.say("cited_unverified", cited=cited)


def quoted(c: ReviewedClause, words: Wording) -> str:
    """Return the document's words; a figure that is only told of says by whom."""
    if c.quote:
        return words.say("quote", quote=c.quote, section=c.section)
    if is_own_check(c.id) or not c.references:
        return words.say("no_quote")
    one = c.references[0]
    named = f"《{one.title}》" if words.language == "zh" else one.title
    return words.say("relayed" if one.clause else "relayed_plain", title=named, where=one.clause)
