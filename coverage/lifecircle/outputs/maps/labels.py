"""Labels of popup rows: each written once in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.outputs.maps.wording import Words

__all__ = ["Labels"]


class Labels:
    """Labels of popup rows, each written once in the page and named by its number."""

    def __init__(self, words: Words) -> None:
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
