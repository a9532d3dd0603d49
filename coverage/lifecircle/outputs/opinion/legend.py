"""What stands beside the sketch of an opinion: its facilities by number, what the marks mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.outputs.opinion.sketch import MARKS

if TYPE_CHECKING:
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.review import Sketch, SketchPlace
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Legend", "PlaceRow", "legend_of"]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One facility, in words."""

    number: str
    name: str
    m2: str
    distance: str
    standing: str


@dataclass(frozen=True, slots=True)
class Legend:
    """All of them, and the note below the sketch."""

    note: str
    rows: tuple[PlaceRow, ...]


def legend_of(sketch: Sketch, words: Wording) -> Legend:
    """Return what stands beside a sketch."""
    parts = [words.say("sketch.colours")]
    if sketch.radius_m is not None:
        own = is_own_check(sketch.clause)
        code = "sketch.radius_told" if own else "sketch.radius"
        parts.append(words.say(code, metres=sketch.radius_m, clause=sketch.clause))
    parts.append(words.say("sketch.marks", **{str(s): mark for s, mark in MARKS.items()}))
    if sketch.more:
        parts.append(words.say("sketch.more", count=sketch.more))
    parts.append(words.say("sketch.only"))
    return Legend(words.phrases(parts), tuple(_row(place, words) for place in sketch.places))


def _because(reason: Reason, words: Wording) -> str:
    """Return why a place does not count, without its name: in its own row it is no "other"."""
    told = words.reason(reason)
    return told.partition(words.say("sketch.because"))[2] or told


def _row(place: SketchPlace, words: Wording) -> PlaceRow:
    name = words.name(place.facility, "facilities")
    standing = words.say(f"standing.{place.standing}")
    if place.reason is not None:
        standing = words.phrases([standing, _because(place.reason, words)])
    elif place.stage is not None:
        standing = words.say("sketch.stage", standing=standing, stage=place.stage)
    return PlaceRow(
        number=f"{place.number} {MARKS[place.standing]}",
        name=words.say("sketch.planned", name=name) if place.planned else name,
        m2=words.say("blank") if place.m2 is None else words.value(place.m2, "m2"),
        distance=words.value(round(place.distance_m), "m"),
        standing=standing,
    )
