"""Columns of a table: as wide as they were planned, and no word parted that has room elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["widened", "word_width"]

_WORD = re.compile("(?:[^\\s\u2010-\u2015\u2e80-\uffef-]|(?<=\\d)-(?=\\d))+-?")
"""What no line should part: Chinese may be parted anywhere, words at spaces and behind hyphens.
The hyphens of a date part nothing that anybody wants parted."""
_CHARACTER = 0.58
"""Width of a letter or figure in ems, as of a font that is wide: one that stands in may be."""
_POINTS_MM = 72 / 25.4
_MOST = 0.4
"""Share of a table that one column gets for its longest word: what is longer is no word."""


def word_width(texts: Iterable[str], points: float) -> float:
    """Return how wide the longest word of texts is in a size of type, millimetres; 0 of none."""
    longest = max((len(word) for text in texts for word in _WORD.findall(text)), default=0)
    return longest * points * _CHARACTER / _POINTS_MM


def widened(widths: Sequence[float], needs: Sequence[float]) -> list[float]:
    """Return widths, millimetres, that give each column what its longest word needs.

    What a column lacks is taken from those with more than they need, by how much more they have;
    where all together have too little, as far as it goes. The sum stays.
    """
    most = _MOST * sum(widths)
    pairs = [(width, min(most, need)) for width, need in zip(widths, needs, strict=True)]
    lacks = [max(0.0, need - width) for width, need in pairs]
    spare = [max(0.0, width - need) for width, need in pairs]
    lacking, there = sum(lacks), sum(spare)
    if not lacking or not there:
        return list(widths)
    given = min(lacking, there)
    return [
        width + lack * given / lacking - more * given / there
        for width, lack, more in zip(widths, lacks, spare, strict=True)
    ]
