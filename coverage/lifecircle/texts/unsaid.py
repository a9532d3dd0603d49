"""Figures that nobody knows, in words: 面积不详 and out of reach, not ``? m²`` and ``∞ m``.

A template says ``{m2} m²`` whatever the figure. Where it has none, figure and unit together
become the words of vocabulary ``unsaid``, with what each language needs beside them.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ENDLESS", "UNKNOWN", "in_words"]

UNKNOWN = "\ue0f0"
"""Stands for a figure that is not known until the text is whole; no text has it (private use)."""
ENDLESS = "∞"
"""Stands for a figure without an upper bound; no text of ours has it for itself."""

_MARK = f"[{UNKNOWN}{ENDLESS}]"
_UNITS = {"m²": "m2", "米": "m", "m": "m", "分钟": "min", "min": "min"}
_UNIT = r"m²|米|分钟|min\b|m(?![\w²/])"
_TO = "(?:–| to | 至 )"
_FROM = re.compile(rf"( ?)(?<![\d.,])(\d[\d.,]*){_TO}{_MARK} ?({_UNIT})")
_UP_TO = re.compile(rf"( ?){_MARK}{_TO}(\d[\d.,]*) ?({_UNIT})")
_FIGURE = re.compile(
    rf"(直线距离|相距|距离|距)?( ?)({_MARK})(?: ?({_UNIT}))?( away\b)?( ?)(未计入)?"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def in_words(text: str, word: Callable[[str], str]) -> str:
    """Return a text whose unknown figures are said in words; as it is where it has none.

    Parameters
    ----------
    text
        With ``UNKNOWN`` and ``ENDLESS`` where figures stand, before their units.
    word
        Key of vocabulary ``unsaid`` → its word in the language of the text.
    """
    if UNKNOWN not in text and ENDLESS not in text:
        return text
    text = _FROM.sub(partial(_bounded, word, "from"), text)
    text = _UP_TO.sub(partial(_bounded, word, "up_to"), text)
    return _FIGURE.sub(partial(_said, word), text)


def _bounded(word: Callable[[str], str], key: str, found: re.Match[str]) -> str:
    """Return a range of which one end is not known; from nothing upwards nothing is known."""
    space, bound, unit = found.groups()
    if key == "from" and not bound.strip("0.,"):
        return f"{space}{UNKNOWN} {unit}"
    said = word(key).format(bound=bound, unit=unit)
    return said if _HAN.search(said) else space + said


def _said(word: Callable[[str], str], found: re.Match[str]) -> str:
    """Return one figure in words; Chinese has no space before and after them."""
    before, space, mark, unit, away, after, uncounted = found.groups()
    kind = _UNITS.get(unit or "", "other")
    said = word("beyond" if mark == ENDLESS and kind in {"m", "min"} else kind)
    if before and kind == "m" and mark == UNKNOWN:
        said = said if before == "距" else before + word("other")
    else:
        said = (before or "") + said
    if not _HAN.search(said):
        return f"{space}{said}{away or '' if mark == UNKNOWN else ''}{after}"
    return f"（{said}）{uncounted}" if uncounted else said
