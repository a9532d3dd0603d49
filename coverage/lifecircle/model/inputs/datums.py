"""Words for the datum of a position: GCJ02, 百度, GPS, 2000国家大地坐标系."""

from __future__ import annotations

from lifecircle.model.dictionary import columns, fold

__all__ = ["DATUMS", "DATUM_HEADERS", "SHIFTED", "datum_of", "names_no_datum"]

_WORDS = {
    "wgs84": ("wgs84", "gps", "4326", "世界大地"),
    "cgcs2000": ("cgcs2000", "国家2000", "2000国家", "大地2000", "天地图", "4490", "2000坐标"),
    "gcj02": ("gcj02", "gcj", "火星", "高德", "腾讯", "amap", "国测局"),
    "bd09": ("bd09", "bd9", "百度", "baidu"),
}
"""Datum → what a cell may hold for it, folded and without marks."""
_OF_NONE = frozenset(map(fold, ("经纬度", "地理坐标", "大地坐标", "经纬度坐标", "十进制度", "度")))
"""Words that say how a position is written and nothing of its datum, as a blank does."""
DATUMS = tuple(_WORDS)
SHIFTED = ("gcj02", "bd09")
"""Datums whose positions lie half a kilometre or more beside the others'."""
DATUM_HEADERS = frozenset(map(fold, columns("facilities")["datum"].aliases))
"""What a column that says the datum row by row is called, folded."""


def datum_of(word: str) -> str | None:
    """Return the one datum that a cell names; None where it names none, or two."""
    bare = "".join(c for c in fold(word) if c.isalnum())
    found = [name for name, words in _WORDS.items() if any(one in bare for one in words)]
    return found[0] if len(found) == 1 else None


def names_no_datum(word: str) -> bool:
    """Return whether a cell says how its position is written and nothing of the datum."""
    return fold(word) in _OF_NONE
