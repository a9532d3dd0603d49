"""What the standing rooms and estates of a review remark of themselves, and nothing understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.problem import unread_remarks
from lifecircle.model.results.review import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.model.results.review import Review
    from lifecircle.outputs.words.wording import Wording

__all__ = ["remark_notes"]


def remark_notes(review: Review, words: Wording) -> Iterator[str]:
    """Yield a note of the remarks of what stands and is counted, near or changed; else nothing."""
    facilities = dict.fromkeys(f for one in review.side_effects for f in one.facilities)
    if review.sketch is not None:
        places = (p for p in review.sketch.places if p.standing is not Standing.ASIDE)
        facilities |= dict.fromkeys(place.facility for place in places if not place.planned)
    areas = dict.fromkeys(one.residential for one in review.side_effects)
    areas |= dict.fromkeys(phase.id for one in review.clauses for phase in one.phases)
    told = [
        words.say("note.remark", name=words.name(row, layer), text=remarks[row])
        for layer, rows in (("facilities", facilities), ("residential", areas))
        for remarks in [unread_remarks(review.problems, layer)]
        for row in rows
        if row in remarks
    ]
    if told:
        yield words.say("note.remarks", told=words.phrases(told))
