"""Degrees as surveyors and web maps write them: 117°07′48″E, 东经117度7分48秒, 117 07 48."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["degrees_decimals", "read_degrees"]

_MARKS = str.maketrans(
    {
        "º": "°",
        "˚": "°",
        "′": "'",
        "’": "'",
        "‘": "'",
        "´": "'",
        "`": "'",
        "″": '"',
        "”": '"',
        "“": '"',
    }
)
_WORDS = {"度": "°", "分": "'", "秒": '"', "''": '"'}
_SIDE = r"东经|北纬|西经|南纬|经度|纬度|[ENWS东北西南]"
_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?\s*[:]?\s*"
    r"(?P<degrees>\d{1,3})\s*[°:\s]\s*"
    r"(?P<minutes>\d{1,2}(?:\.\d+)?)\s*(?:['\s:]\s*(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*\"?)?)?\s*"
    rf"(?P<after>{_SIDE})?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(
    rf"(?P<before>{_SIDE})?\s*[:]?\s*(?P<degrees>\d{{1,3}}(?:\.\d+)?)\s*°?\s*(?P<after>{_SIDE})?",
    re.IGNORECASE,
)
_NEGATIVE = frozenset("西南wsWS")
_SIXTY = 60


def read_degrees(text: str) -> float | None:
    """Return decimal degrees of a text; None if it is no angle.

    West and south are negative. Minutes and seconds from 60 on are a misprint, and read as none.

    >>> read_degrees("117°07′48″E")
    117.13
    """
    found = _parts(text)
    if found is None:
        return None
    parts = found.groupdict()
    minutes = float(parts.get("minutes") or 0)
    seconds = float(parts.get("seconds") or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    if parts.get("seconds") and not minutes.is_integer():
        return None
    size = float(parts["degrees"]) + (minutes * 60 + seconds) / 3600
    sides = f"{parts['before'] or ''}{parts['after'] or ''}"
    return -size if any(side in _NEGATIVE for side in sides) else size


def degrees_decimals(text: str) -> int | None:
    """Return with how many decimals of a degree a text tells an angle; None if it is none.

    Whole minutes are as good as two, whole seconds as four.

    >>> degrees_decimals("115.5E"), degrees_decimals("115°34′"), degrees_decimals("115°34′12.5″")
    (1, 2, 5)
    """
    found = _parts(text)
    if found is None:
        return None
    parts = found.groupdict()
    for name, decimals in (("seconds", 4), ("minutes", 2), ("degrees", 0)):
        if parts.get(name):
            return decimals + len(parts[name].partition(".")[2])
    return None


def _parts(text: str) -> re.Match[str] | None:
    """Return the parts of an angle as it is written."""
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).strip()
    for word, mark in _WORDS.items():
        plain = plain.replace(word, mark)
    return _DECIMAL.fullmatch(plain) or _DEGREES.fullmatch(plain)
