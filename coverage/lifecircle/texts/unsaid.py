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
_UNITS = {
    "m²": "m2",
    "km²": "m2",
    "平方公里": "m2",
    "米": "m",
    "公里": "m",
    "m": "m",
    "km": "m",
    "分钟": "min",
    "min": "min",
    "%": "share",
    "人": "people",
    "户": "homes",
    "张": "beds",
    "天": "days",
}
_UNIT = r"k?m²|平方公里|米|分钟|min\b|k?m(?![\w²/])|公里|%|[人户张天](?!口|数)"
_TO = "(?:–| to | 至 )"
_FROM = re.compile(rf"( ?)(?<![\d.,])(\d[\d.,]*){_TO}{_MARK} ?({_UNIT})")
_UP_TO = re.compile(rf"( ?){_MARK}{_TO}(\d[\d.,]*) ?({_UNIT})")
_NEITHER = re.compile(rf"{_MARK}(?: ?%)?{_TO}(?={_MARK} ?(?:{_UNIT}))")
"""The lower of two bounds that are both not known: one figure is not, and is said once."""
_ABOUT = re.compile(rf"(?:\babout |约 ?)(?={_MARK})")
"""Nothing is about unknown."""
_FIGURE = re.compile(
    r"(直线距离|相距|距离|距|面积(?:合计|变化)?|人口|户数|床位|比例|占)?"
    rf"( ?)({_MARK})(?: ?({_UNIT}))?( away\b)?( ?)(未计入)?"
)
_TOPICS = {
    **dict.fromkeys(("直线距离", "相距", "距离"), "m"),
    **dict.fromkeys(("面积", "面积合计", "面积变化"), "m2"),
    "人口": "people",
    "户数": "homes",
    "床位": "beds",
    "比例": "share",
}
"""Words before a figure that say what it is: of these it is 不详, not once more 面积不详."""
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
    text = _ABOUT.sub("", _NEITHER.sub("", text))
    text = _FROM.sub(partial(_bounded, word, "from"), text)
    text = _UP_TO.sub(partial(_bounded, word, "up_to"), text)
    beyond = word("beyond")
    return _FIGURE.sub(partial(_said, word), text).replace(f"{beyond}{word('and')}{beyond}", beyond)


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
    endless = mark == ENDLESS and kind in {"m", "min"}
    said = (before or "") + said if endless else _behind(word, before or "", kind, said)
    if not _HAN.search(said):
        return f"{space}{said}{away or '' if mark == UNKNOWN else ''}{after}"
    return f"（{said}）{uncounted}" if uncounted else said


def _behind(word: Callable[[str], str], before: str, kind: str, said: str) -> str:
    """Return what is said of an unknown figure behind a word that may name its kind already."""
    if _TOPICS.get(before) == kind:
        return before + word("other")
    if (before, kind) == ("占", "share"):
        return "占比" + word("other")
    return said if (before, kind) == ("距", "m") else before + said
