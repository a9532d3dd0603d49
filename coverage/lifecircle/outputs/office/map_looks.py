"""How every map draws facilities and streets: looks of stages, letters of kinds, widths."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import text_or_none
from lifecircle.model.dictionary import kinds
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "LOOKS",
    "STREET_CLASSES",
    "UNKNOWN_KIND",
    "glyph",
    "is_wide",
    "kind_counts",
    "kind_name",
    "stage_look",
    "street_class",
]

LOOKS = ("open", "built", "planned", "off", "unknown")
"""Solid, hollow, dashed, grey and crossed, dotted; in the legend's order."""

UNKNOWN_KIND = "unknown"
"""Key of a facility whose record names no kind."""

_STAGE_LOOKS: Mapping[str, str] = {
    Stage.IN_USE: "open",
    Stage.ACCEPTED: "built",
    Stage.HANDED_OVER: "built",
    Stage.PLANNED: "planned",
    Stage.UNDER_CONSTRUCTION: "planned",
    Stage.IDLE: "off",
    Stage.MISUSED: "off",
    Stage.CLOSED: "off",
}


def stage_look(stage: Any) -> str:
    """Return the look of a stage; ``unknown`` for an empty cell or another word."""
    return _STAGE_LOOKS.get(text_or_none(stage) or "", "unknown")


def is_wide(kind: str) -> bool:
    """Return whether a kind serves a whole town or county, and is drawn apart from the others."""
    spec = kinds().get(kind)
    return spec is not None and (spec.level == "county" or "centre" in spec.reach)


def kind_counts(found: Iterable[str]) -> dict[str, int]:
    """Return kind → how often it occurs, in the dictionary's order; other words after it."""
    counts = Counter(found)
    known = [kind for kind in kinds() if kind in counts]
    return {kind: counts[kind] for kind in [*known, *sorted(set(counts) - set(known))]}


def kind_name(kind: str, words: Wording) -> str:
    """Return the name of a kind; of one that no record names, that it is not known."""
    return words.say("kind_unknown") if kind == UNKNOWN_KIND else words.kind(kind)


def glyph(kind: str, words: Wording) -> str:
    """Return the character (zh) or letters (en) that stand for a kind on the map."""
    code = f"glyph.{kind}"
    return words.say(code if words.knows(code) else "glyph.other")


STREET_CLASSES = {
    "major": ("motorway", "trunk", "primary", "secondary"),
    "middle": ("tertiary",),
    "minor": (),
    "path": ("footway", "path", "steps", "cycleway", "bridleway", "track", "corridor", "crossing"),
}
"""How wide a highway value is drawn; any other is ``minor``."""


def street_class(highway: str) -> str:
    """Return the class of a highway value, links like the road they lead to."""
    plain = highway.removesuffix("_link")
    return next((name for name, values in STREET_CLASSES.items() if plain in values), "minor")
