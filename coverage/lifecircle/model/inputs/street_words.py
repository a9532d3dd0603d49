"""Words of street layers that are no OpenStreetMap tags: classes, states, layers of drawings.

Planning institutes, land surveys and CAD drawings name what a line is in words of their own. A
class is translated into the value of ``highway`` it stands for; a word that is in no list stays as
it is, so that :mod:`lifecircle.model.inputs.walkable` finds it unknown.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from lifecircle.shipped import shipped_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BARRED_STATES",
    "COMING",
    "DAY_TAGS",
    "LIFE_CYCLE",
    "UNBUILT_STATES",
    "USED_STATES",
    "DaySense",
    "day_word",
    "drawn_class",
    "is_class",
    "is_state",
    "of_day_word",
    "state_of",
    "street_class",
    "words",
]

LIFE_CYCLE = (
    "abandoned",
    "construction",
    "demolished",
    "destroyed",
    "dismantled",
    "disused",
    "planned",
    "proposed",
    "razed",
    "removed",
)
"""Keys, and beginnings of keys (``disused:highway``), of what is no more or not yet."""
COMING = frozenset({"construction", "planned", "proposed"})
"""Life-cycle words of what is to come."""
_LISTS = shipped_toml("lifecircle.model", "walkable.toml")


def words(table: str, *names: str) -> frozenset[str]:
    """Return the words of some lists of ``walkable.toml``."""
    return frozenset(word for name in names for word in _LISTS[table][name])


USED_STATES = words("states", "used")
"""States in which a street is there and used."""
BARRED_STATES = words("states", "barred", "unbuilt")
"""States in which it is not, or not yet, or no longer."""
UNBUILT_STATES = words("states", "unbuilt")
"""Those of them in which it is not there yet."""


class DaySense(StrEnum):
    """What the day beside a way is of."""

    OPENS = "opens"
    PLANNED = "planned"
    """To be opened, as it was planned: whether it was is another question."""
    BEGINS = "begins"
    """Work begins."""
    CLOSES = "closes"
    REOPENS = "reopens"
    PERHAPS = "perhaps"
    """Something on it, or a part of it, opens; whether the way does nobody knows."""
    SEEN = "seen"
    """Built, or looked over: the way is there by then, and may have been before."""


DAY_TAGS = {
    "opening_date": DaySense.OPENS,
    "start_date": DaySense.OPENS,
    "end_date": DaySense.CLOSES,
}
"""OpenStreetMap's tags of days."""
_DAY_WORD = re.compile(rf"({'|'.join(DaySense)}):([^=;]*)=([^;]*)")

_CLASSES: Mapping[str, str] = {
    word: highway for highway, listed in _LISTS["classes"].items() for word in listed
}
_KNOWN = words("highway", "walked", "never", "unless_allowed")
_NO_STREETS, _STREETS = words("drawings", "no_streets"), words("drawings", "streets")
_SURVEYED = words("drawings", "surveyed")


def street_class(word: str) -> str:
    """Return the value of ``highway`` for a class in words; any other word as it stands."""
    parts = [part.strip() for part in word.split(";")]
    return ";".join(_CLASSES.get(part.casefold(), part) for part in parts)


def is_class(word: str) -> bool:
    """Return whether a word is a known class of street, or of what is none."""
    return all(part in _KNOWN for part in street_class(word).casefold().split(";"))


def is_state(word: str) -> bool:
    """Return whether a word is a known state of a street."""
    return word.strip().casefold() in USED_STATES | BARRED_STATES


def drawn_class(layer: str) -> str:
    """Return the value of ``highway`` that the name of a drawing's layer stands for.

    ``no`` where it names what is no street (contours, frames, house outlines, kerbs, plans);
    ``road`` where it names streets; else the name itself, which nobody knows.
    """
    name = layer.strip().upper()
    known = _CLASSES.get(name.casefold())
    if known is not None:
        return known
    if name in _SURVEYED or any(word in name for word in _NO_STREETS):
        return "no"
    return "road" if any(word in name for word in _STREETS) else layer


def state_of(tags: Mapping[str, str | None]) -> str | None:
    """Return in which state a way is by its life-cycle tags; None where they say nothing.

    ``disused=yes`` is a state. A key that stands before another (``disused:highway``) tells of
    what was there: beside a ``highway`` of the same value the two contradict each other, and the
    state is one that nobody knows. What is to come (``proposed:highway``) leaves what is there.
    """
    for key in LIFE_CYCLE:
        word = (tags.get(key) or "").strip().casefold()
        if word in {"yes", "true", "1"}:
            return key
        if word not in {"", "no", "false", "0"}:
            return f"{key}={word}"
    for key in LIFE_CYCLE:
        former = (tags.get(f"{key}:highway") or "").strip().casefold()
        if (
            former
            and key not in COMING
            and former in {"yes", (tags.get("highway") or "").casefold()}
        ):
            return f"{key}:highway={former}"
    word = (tags.get("impassable") or "").strip().casefold()
    return "impassable" if word == "yes" else None


def day_word(sense: DaySense, column: str, said: str) -> str:
    """Return what a column says of a day as one word of a way's ``state``.

    Whether the way is there hangs on the day of judging, which whoever reads the file does not
    know: until the two are compared nobody knows the word, and the way's use with it.
    """
    column, said = (re.sub(r"[;=]", ",", text.strip()) for text in (column, said))
    return f"{sense}:{column}={said}"


def of_day_word(word: str) -> tuple[DaySense, str, str] | None:
    """Return sense, column and text of a word of :func:`day_word`; None of any other."""
    found = _DAY_WORD.fullmatch(word.strip())
    return None if found is None else (DaySense(found[1]), found[2], found[3])
