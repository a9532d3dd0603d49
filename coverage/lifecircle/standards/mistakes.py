"""Mistakes in a standard's file: a code and its place, made into words at the edge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lifecircle.errors import StandardError, nearest_name
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Mistake", "Place", "shown", "stop_at", "unknown"]

_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: the clause, if any, and the dotted key inside it."""

    file: str
    clause: str = ""
    key: str = ""

    def at(self, key: str) -> Place:
        """Return the place of ``key`` below this one."""
        return Place(self.file, self.clause, f"{self.key}.{key}" if self.key else key)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing a file may not say; texts: domain ``standards``, id ``mistake.<code>``."""

    code: str
    place: Place
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, language: str) -> str:
        """Return one line: file, clause, key, what is wrong and what to do."""
        place = self.place
        named = [name for name in ("clause", "key") if getattr(place, name)]
        return say(
            "standards",
            "place." + "_".join(["file", *named]),
            language,
            file=place.file,
            clause=place.clause,
            key=place.key,
            what=say("standards", f"mistake.{self.code}", language, **self.params),
        )


def shown(value: Any) -> str:
    """Return a value as a message quotes it: as written, cut where it is long."""
    plain = isinstance(value, bool | int | float | list | dict)
    text = json.dumps(value, ensure_ascii=False, default=str) if plain else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def unknown(code: str, place: Place, value: Any, known: Iterable[str]) -> Mistake:
    """Return the mistake ``<code>_near`` naming the nearest known name, else ``<code>``."""
    names = list(known)
    nearest = nearest_name(str(value), names)
    params = {"value": shown(value), "allowed": names}
    if nearest is None:
        return Mistake(code, place, params)
    return Mistake(f"{code}_near", place, {**params, "nearest": nearest})


def stop_at(mistakes: Sequence[Mistake], source: str, language: str) -> None:
    """Raise all ``mistakes`` of ``source`` together; return where there is none.

    Raises
    ------
    StandardError
        Its ``mistakes`` are the lines in ``language``, its message says how many they are.
    """
    if not mistakes:
        return
    spoken = {}
    for one in {language: None, **dict.fromkeys(LANGUAGES)}:
        lines = tuple(dict.fromkeys(mistake.text(one) for mistake in mistakes))
        spoken[one] = (say("standards", "refused", one, file=source, count=len(lines)), *lines)
    heading, *own = spoken[language]
    error = StandardError(heading, own, spoken)
    for line in own:  # so that a traceback shows them
        error.add_note(line)
    raise error
