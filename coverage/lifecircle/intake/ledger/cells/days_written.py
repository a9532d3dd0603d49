"""Days as people write them: 2023-08-01, 20230801, 2023年8月, 2023年8月下旬, 2023年三季度, 2023.

In Chinese numerals too: 二〇二三年八月一日. The beginning, middle and end of a year or a month
(2023年底, 8月初) are a part of it, taken loosely. And last days: 2024年12月, 至2024-12-31, 长期.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from lifecircle.model.days import DaySpan, day_in_china
from lifecircle.model.dictionary import fold

__all__ = ["days_written", "in_figures", "last_day", "open_by_day"]

_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:t?\d{1,2}:\d{2}(?::\d{2})?.*)?"
)
_ZONED = re.compile(
    r"(\d{4}-\d{2}-\d{2})t?(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?:z|([+-]\d{2}):?(\d{2})?)"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月(?:份)?(上旬|中旬|下旬|[初中底末])?|[-/.](\d{1,2}))")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:年(?:度|内)?)?")
_PART = re.compile(r"(\d{4})年?(?:(上|下)半年|第?([一二三四1-4])季度?)([初底末])?")
_END = r"底|末|尾|终"
_TAIL = re.compile(rf"(\d{{4}})(?:年度?)?(?:年?({_END}|初)|(?<=[年度])年?(中)期?|岁([末尾]))")
_TAILS = {"初": (1, 3), "中": (5, 8)}
"""Months of a part of a year: its beginning, its middle; its end is the last quarter."""
_LAST_QUARTER = (10, 12)
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(
    r"(?<![〇零○一二三四五六七八九])(?P<year>[〇零○一二三四五六七八九]{4}(?=年))|(?P<part>[一二三四五六七八九十]+(?=[月日号]))"
)
_PARTS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "初": (1, 10),
    "中": (6, 25),
    "底": (21, 31),
    "末": (21, 31),
}
"""Days of a part of a month."""
_SHORT_YEAR = re.compile(
    r"^(?=[0-4]\d年(?:\d{1,2}月|[年初中底末尾终]|[上下]半年|第?[一二三四1-4]季))"
)
"""Before a year of two digits; 10年 alone may be how long something lasts."""
_YEARS = (1900, 2100)
_BEFORE = re.compile(r"^(?:有效期|期限)?(?:至|到|截至|截止到|截止至|截止|延至|延期至)[:：]?")
_BEHIND = re.compile(r"(?:为止|止|到期|期满|(?<=[底末尾终])[之以]?前(?:有效)?)$")
_LAST_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LAST_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月(?:底|末)?|[-/.](\d{1,2}))")
_LAST_YEAR = re.compile(rf"(\d{{4}})(?:年度?)?(?:年?(?:{_END})|岁[末尾])|(\d{{4}})年")
_FOR_EVER = frozenset(map(fold, ("长期", "长期有效", "永久", "永久有效", "无期限", "不限", "无")))
_HOURS = re.compile(
    r"(?:每[天日]|全年|开放时间|开放|通行时间|通行|[:(])*(?:早上?|上午|早晨)?(?P<a>\d{1,2})(?:[:点时](?P<a_min>[0-5]\d)?分?)?"
    r"(?:[-~—–]+|至|到|(?=晚|下午|傍晚))(?P<late>晚上?|下午|傍晚)?(?P<b>\d{1,2})(?:[:点时](?P<b_min>[0-5]\d)?分?)?(?:开放|通行|可通行|[)])*"
)
_MORNING, _EVENING = 7 * 60, 18 * 60
"""Between which a gate must be open to be open by day, in minutes since midnight."""


def days_written(text: str) -> DaySpan | None:
    """Return the day that a folded text writes, or the days that a month or a year leaves open.

    None where it is no date, or one that no calendar has.
    """
    text = in_figures(text)
    try:
        if (day := _day(text)) is not None:
            return DaySpan(day, day)
        if found := _YEAR.fullmatch(text):  # 2023.0 is no month
            year = int(found[1])
            known = _YEARS[0] <= year <= _YEARS[1]
            return DaySpan(dt.date(year, 1, 1), dt.date(year, 12, 31)) if known else None
        return _within_year(text)
    except (ValueError, OverflowError):
        return None


def _within_year(text: str) -> DaySpan | None:
    """Return the days of a month, a half, a quarter or an end of a year; ValueError: no month."""
    if found := _MONTH.fullmatch(text):
        return _of_month(int(found[1]), int(found[2] or found[4]), found[3])
    if found := _PART.fullmatch(text):
        return _of_part(int(found[1]), found[2], found[3], found[4])
    if found := _TAIL.fullmatch(text):
        return _months(int(found[1]), *_TAILS.get(found[2] or found[3], _LAST_QUARTER))
    return None


def in_figures(text: str) -> str:
    """Return a folded text with the numerals of its days in figures, and its year in four."""
    return _SHORT_YEAR.sub("20", _NUMERAL.sub(_number, text))


def _number(numeral: re.Match[str]) -> str:
    """Return in figures what stands in Chinese numerals: 二〇二三, 十二, 二十一, 三十."""
    digits = str.maketrans("零○" + _DIGITS, "00" + "0123456789")
    if numeral["year"]:
        return numeral["year"].translate(digits)
    tens, ten, ones = numeral["part"].partition("十")
    if not ten:
        return tens.translate(digits)
    return f"{tens or '一'}{ones or '〇'}".translate(digits)


def _day(text: str) -> dt.date | None:
    """Return the day of a text that tells a whole one, be it with an hour; else None.

    Raises
    ------
    ValueError, OverflowError
        No calendar has it.
    """
    if found := _ZONED.fullmatch(text):
        zone = f"{found[3] or '+00'}:{found[4] or '00'}"
        return day_in_china(dt.datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}"))
    if found := _DAY.fullmatch(text) or _COMPACT.fullmatch(text):
        return dt.date(*map(int, found.groups()))
    return None


def _of_month(year: int, month: int, part: str | None) -> DaySpan:
    first, last = _PARTS.get(part or "", (1, 31))
    ends = min(last, calendar.monthrange(year, month)[1])
    return DaySpan(dt.date(year, month, first), dt.date(year, month, ends))


def _of_part(year: int, half: str | None, quarter: str | None, part: str | None) -> DaySpan:
    """Return the days of half a year or a quarter, or of its first or last half or third."""
    if half is not None:
        months, first = 6, 1 if half == "上" else 7
    else:
        number = "一二三四".find(quarter or "")
        months, first = 3, 3 * (int(quarter or 1) - 1 if number < 0 else number) + 1
    last, some = first + months - 1, 3 if half is not None else 1
    if part is not None:
        first, last = (first, first + some - 1) if part == "初" else (last - some + 1, last)
    return _months(year, first, last)


def _months(year: int, first: int, last: int) -> DaySpan:
    ends = calendar.monthrange(year, last)[1]
    return DaySpan(dt.date(year, first, 1), dt.date(year, last, ends))


def last_day(text: str) -> tuple[dt.date | None] | None:
    """Return, alone in a tuple, the day with which what is written ends, None for never.

    A month ends with its last day, a year with 31 December; 长期 has no end. Anything else
    (2024年12月前, 三年) is None, to be told as unreadable.
    """
    plain = in_figures(fold(text))
    if plain in _FOR_EVER:
        return (None,)
    plain = _BEHIND.sub("", _BEFORE.sub("", plain))
    if found := _LAST_DAY.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return _on(year, month, day)
    if found := _LAST_MONTH.fullmatch(plain):
        year, month = int(found[1]), int(found[2] or found[3])
        if not 1 <= month <= 12:  # noqa: PLR2004 - months
            return None
        return _on(year, month, calendar.monthrange(year, month)[1])
    if found := _LAST_YEAR.fullmatch(plain):
        return _on(int(found[1] or found[2]), 12, 31)
    return None


def _on(year: int, month: int, day: int) -> tuple[dt.date | None] | None:
    try:
        return (dt.date(year, month, day),)
    except ValueError:
        return None


def open_by_day(text: str) -> bool:
    """Return whether hours of opening, folded, span the day: 6:00-22:00, 早6点至晚10点.

    From seven in the morning at the latest until six in the evening at least.
    """
    told = _HOURS.fullmatch(text)
    if told is None:
        return False
    first, last = (60 * int(told[f"{end}"]) + int(told[f"{end}_min"] or 0) for end in "ab")
    last += 12 * 60 if told["late"] and last <= 12 * 60 else 0  # 早6点至晚10点
    return first <= _MORNING and _EVENING <= last <= 24 * 60
