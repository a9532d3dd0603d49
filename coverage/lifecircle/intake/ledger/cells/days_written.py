"""Days as people write them: 2023-08-01, 20230801, 2023年8月, 2023年8月下旬, 2023年三季度, 2023.

In Chinese numerals too: 二〇二三年八月一日.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from lifecircle.model.days import DaySpan, day_in_china

__all__ = ["days_written", "in_figures"]

_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:t?\d{1,2}:\d{2}(?::\d{2})?.*)?"
)
_ZONED = re.compile(
    r"(\d{4}-\d{2}-\d{2})t?(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?:z|([+-]\d{2}):?(\d{2})?)"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月(?:份)?(初|上旬|中旬|下旬|底|末)?|[-/.](\d{1,2}))")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:年(?:度|内|初|底|末)?)?")
_PART = re.compile(r"(\d{4})年(?:(上|下)半年|第?([一二三四1-4])季度?)")
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(
    r"(?P<year>^[〇零○一二三四五六七八九]{4}(?=年))|(?P<part>[一二三四五六七八九十]+(?=[月日号]))"
)
_PARTS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
"""The ten days of a month; its beginning (初) and end (底) have no day of their own."""
_YEARS = (1900, 2100)


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
        if found := _MONTH.fullmatch(text):
            return _of_month(int(found[1]), int(found[2] or found[4]), found[3])
        if found := _PART.fullmatch(text):
            return _of_part(int(found[1]), found[2], found[3])
    except (ValueError, OverflowError):
        return None
    return None


def in_figures(text: str) -> str:
    """Return a folded text with the Chinese numerals of its days in figures."""
    return _NUMERAL.sub(_number, text)


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


def _of_part(year: int, half: str | None, quarter: str | None) -> DaySpan:
    if half is not None:
        begins, ends = (1, 6) if half == "上" else (7, 12)
    else:
        number = "一二三四".find(quarter or "")
        number = int(quarter or 1) - 1 if number < 0 else number
        begins, ends = 3 * number + 1, 3 * number + 3
    return DaySpan(
        dt.date(year, begins, 1), dt.date(year, ends, calendar.monthrange(year, ends)[1])
    )
