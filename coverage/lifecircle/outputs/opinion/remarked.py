"""What a plan, and the rooms and estates near it, remark of themselves and nothing understood."""

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
    """Yield a note of the remarks of what stands and is counted or changed; one of the plan’s."""
    told: list[str] = []
    for layer, rows in (("facilities", _facilities(review)), ("residential", _areas(review))):
        remarks = unread_remarks(review.problems, layer)
        told += [
            words.say("note.remark", name=words.name(row, layer), text=remarks[row])
            for row in rows
            if row in remarks
        ]
    if told:
        yield words.say("note.remarks", told=words.phrases(told))
    own = [
        words.say("note.remark", name=name, text=text)
        for layer in ("plots", "planned")
        for name, text in unread_remarks(review.problems, layer).items()
    ]
    if own:
        yield words.say("note.remarks_of_plan", told=words.phrases(own))


def _facilities(review: Review) -> dict[str, None]:
    """Return those that give neighbours less or more, and those that count or serve on the sketch.

    Each once, in the order in which the opinion names them.
    """
    found = dict.fromkeys(f for one in review.side_effects for f in one.facilities)
    places = () if review.sketch is None else review.sketch.places
    near = (p for p in places if not p.planned and p.standing is not Standing.ASIDE)
    return found | dict.fromkeys(place.facility for place in near)


def _areas(review: Review) -> dict[str, None]:
    """Return the neighbours that change, and the standing phases of the project."""
    found = dict.fromkeys(one.residential for one in review.side_effects)
    return found | dict.fromkeys(phase.id for one in review.clauses for phase in one.phases)
