"""What popups are made of: rows with labels, each label written once in the page, and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.cell import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.outputs.words.wording import Wording

__all__ = ["Labels", "home_unit", "list_or_none", "one_line", "page_words"]


class Labels:
    """Labels of popup rows, each written once in the page and named by its number."""

    def __init__(self, words: Wording) -> None:
        self.words = words
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def rows(self, pairs: Mapping[str, str | None]) -> list[int | str]:
        """Return ``[number, value, number, value, …]`` of the values that are known."""
        flat: list[int | str] = []
        for code, value in pairs.items():
            if value is None:
                continue
            if code not in self._numbers:
                self._numbers[code] = len(self.texts)
                self.texts.append(self.words.say(f"label.{code}"))
            flat += [self._numbers[code], value]
        return flat


def one_line(parts: Iterable[str | None]) -> str:
    """Return the known parts as one line."""
    return " · ".join(filter(None, parts))


def list_or_none(parts: Iterable[str | None], words: Wording) -> str | None:
    """Return the known parts as an enumeration; None where there are none."""
    return words.list(filter(None, parts)) or None


def home_unit(codes: Iterable[Any], words: Wording) -> str | None:
    """Return the name of the first of several units that is known, finest first."""
    return next((words.name(code, "units") for code in codes if text_or_none(code)), None)


def page_words(words: Wording, domain: str) -> dict[str, str]:
    """Return the words of a map page: its own, of ``domain``, and those that all maps say."""
    own = {
        code.removeprefix("map."): words.say(code)
        for code in texts.catalogue(domain, words.language)
        if code.startswith("map.")
    }
    shared = {
        code.removeprefix("ui."): text
        for code, text in texts.catalogue("map", words.language).items()
        if code.startswith("ui.")
    }
    return {**shared, **own}
