"""Dates: a day as it is written or numbered, a month or a year as the days it leaves open.

And words in place of one: 待定, 另行通知 and 未投用 say that it has not come, in whatever column;
不详, 待补充 and ? that nobody wrote it down, which speaks against nothing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.intake.ledger.cells.cell_value import CellValue
from lifecircle.intake.ledger.cells.days_written import days_written, last_day
from lifecircle.model.days import DaySpan, day_in_china
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = [
    "DAY_ZERO",
    "SERIALS",
    "AboutDays",
    "about_days",
    "days_of_year",
    "not_come",
    "past_days",
    "read_date",
    "untold",
]

SERIALS = (20_000, 73_415)
"""Dates of 1954 to 2100 as spreadsheets number them (days since 1899-12-30), inclusive."""
DAY_ZERO = dt.date(1899, 12, 30)
_SERIAL_DIGITS = 5
_MILLISECOND_DIGITS = 13
_MOST_MILLISECONDS = 4_102_444_800_000
"""2100; thirteen digits begin in 2001."""

_PLANNED = re.compile(
    r"^(?:预计|计划|预期|拟于|拟定|拟|规划|预定|力争|暂定|争取|目标)(?:于|在|到)?"
    r"|[(\[](?:预计|计划|拟|规划|暂定)[)\]]$"
)
_DONE = re.compile(
    r"(?:正式|全线|全部)?(?:建成|竣工|完工|通车|开通|投用|投入使用|启用|开放|交工|验收|修建|新建|建设|完成|起|开始"
    r"|封闭|停用|废弃|拆除|交付|交房|入住|回迁|移交|开业|开园|运营|营业|投运)+$"
)
_BETWEEN = re.compile(r"至|到|~|—+|–|\.\.+|-(?=(?:19|20|21)\d\d)")
_ROUND = re.compile(r"^(?:将?近|约|大约|大概|估计|circa|ca\.?|~|≈)(.+)|(.+?)(?:左右|前后|上下)$")
_WHOLE_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_BY = re.compile(r"^before(.+)|(.+?)(?:以前|之前|前)$")
_FROM = re.compile(r"^after(.+)|(.+?)(?:以后|之后|后)$")
_DECADE = re.compile(r"(?:early|mid|late)?(\d{3})0(?:s|年代(?:初|中期?|末|初期|后期)?)")
_TENS = "五六七八九"
_OLD_DECADE = re.compile(
    rf"(?:上个?世纪|(?:20|二十)世纪)?(?P<first>[5-9{_TENS}])(?P<last>[5-9{_TENS}])?(?:0|十)年代"
    r"(?:初|中期?|末|初期|后期)?"
)
_SURELY_PAST = 2020
"""A year before the day of any document: what was built then stands on every day of judging."""
_CENTURY = re.compile(r"(?:early|mid|late)?c(1\d|20)")
_OLD_YEAR = re.compile(r"(1[0-8]\d\d)年?")
_ROUND_YEARS = 2
"""How far a year that is called round may be off, as of a year in a ledger."""

_UNTOLD = re.compile(
    r"[?]+|[-—/\\]+|0(\.0)?|0000|9999(-12-31)?|缺|否|失考|待考证?"
    r"|(时间|日期|年份|年代)(不详|不明|不清楚?|未知|不知道?)"
)
"""Where nobody knows when, besides the words that tell nothing in any cell (folded)."""
_NOT_COME = re.compile(
    r"(预计|计划|预期|拟|将|力争|争取|待|尚?未|暂未|暂缓|择期|择日|另行|另[定议]|视).*"
    r"|(具体)?(启用|开业|投用|运营|交付|交房|竣工|验收|开通|通车)?(时间|日期|日)?(待|未|另行|尚未|暂未|不)(确|明)?定"
    r"|.*(待定|未定|待通知|另行通知|等通知|未确定|待确定|待明确)|tbd|tba"
    r"|((今年|本年|明年|后年)(下半年|年?[底末尾终内]|岁末)?|(明年|后年)(年?[初中]|上半年)|下半年|年[底末尾终内]|岁末"
    r"|近期|近日|不久|下个?月|月底|月内|春?节后|年后)([之以]?前)?(启用|开业|投用|投入使用|运营|交付|交房|竣工|验收|开通|建成)?"
)
"""Of a day that has not come, as far as anybody tells (folded)."""


def _date(_spec: ColumnSpec, raw: Any) -> CellValue:
    return _as_day(raw)


def _as_day(raw: Any) -> CellValue:
    if isinstance(raw, dt.datetime):
        return CellValue(day_in_china(raw))
    if isinstance(raw, dt.date):
        return CellValue(raw)
    text = fold(raw)
    digits = text.split(".")[0]
    if digits.isdecimal() and len(digits) in {_SERIAL_DIGITS, _MILLISECOND_DIGITS}:
        of_milliseconds = len(digits) == _MILLISECOND_DIGITS
        return _of_milliseconds(int(digits)) if of_milliseconds else _serial(text)
    days = days_written(_plain_year(raw) or text)
    if days is None:
        return _bad_date()
    if days.first == days.last:
        return CellValue(days.first)
    told = {"first": days.first.isoformat(), "last": days.last.isoformat()}
    return CellValue(days, ProblemCode.DATE_TO_MONTH, params=told)


def _plain_year(raw: Any) -> str | None:
    """Return the year of a number: whether 2023.1 is January or October no cell tells."""
    return str(int(raw)) if isinstance(raw, float) and math.isfinite(raw) else None


def _serial(text: str) -> CellValue:
    """Read the number by which a spreadsheet stores a date (its fraction is the time of day)."""
    try:
        days = math.floor(float(text))
    except ValueError:
        return _bad_date()
    if not SERIALS[0] <= days <= SERIALS[1]:
        return _bad_date()
    day = DAY_ZERO + dt.timedelta(days=days)
    return CellValue(day, ProblemCode.DATE_READ_AS, Severity.INFO, {"read": day.isoformat()})


def _of_milliseconds(number: int) -> CellValue:
    """Read the number by which ArcGIS hands out a date: milliseconds since 1970 in UTC."""
    if number > _MOST_MILLISECONDS:
        return _bad_date()
    day = day_in_china(dt.datetime.fromtimestamp(number / 1000, tz=dt.UTC))
    return CellValue(day, ProblemCode.DATE_READ_AS, Severity.INFO, {"read": day.isoformat()})


def read_date(spec: ColumnSpec, raw: Any) -> CellValue:
    """Return a date, of a last day also as a month, a year or 长期."""
    plain = _date(spec, raw)
    ends = (
        last_day(raw) if spec.last_day and plain.code is not None and isinstance(raw, str) else None
    )
    if ends is None and spec.last_day and isinstance(plain.value, DaySpan):
        whole = isinstance(plain.value, DaySpan) and _WHOLE_YEAR.fullmatch(fold(raw))
        if not whole:
            return _bad_date()  # 2025.1 as a number may be January or October
        ends = (plain.value.last,)
    if ends is None:
        return plain
    (day,) = ends
    if day is None:
        return CellValue(None)
    return CellValue(day, ProblemCode.DATE_READ_AS, Severity.INFO, {"read": day.isoformat()})


class AboutDays(NamedTuple):
    """What loose words leave open: ``days`` of one event, or of a first and a last one."""

    days: tuple[DaySpan, ...]
    planned: bool


@lru_cache(maxsize=1 << 14)
def about_days(cell: object) -> AboutDays | None:
    """Return the days that a cell leaves open: 预计2030年底, 约2005年, 2015年以前, 2024年至2026年.

    None where no day can be made out of it (待定, 十四五末).
    """
    if not isinstance(cell, str):
        day = DaySpan.of(_as_day(cell).value)
        return None if day is None else AboutDays((day,), planned=False)
    plain = fold(cell)
    told = _PLANNED.sub("", plain)
    days = [_loosely(told)]
    if days == [None]:
        pieces = _BETWEEN.split(told)
        days = [_loosely(piece) for piece in pieces] if len(pieces) == 2 else []  # noqa: PLR2004 - from, to
    known = tuple(one for one in days if one is not None)
    return AboutDays(known, told != plain) if known and len(known) == len(days) else None


def _loosely(text: str) -> DaySpan | None:
    """Return the days of one event; None where they cannot be read."""
    text = _DONE.sub("", text)
    exact = _plainly(text)
    if exact is not None:
        return exact
    if found := _ROUND.fullmatch(text):
        return _years(_plainly(found[1] or found[2]), _ROUND_YEARS)
    if (found := _BY.fullmatch(text)) and (days := _plainly(found[1] or found[2])):
        return DaySpan(dt.date.min, days.last)
    if (found := _FROM.fullmatch(text)) and (days := _plainly(found[1] or found[2])):
        return DaySpan(days.first, dt.date.max)
    return _of_many_years(text)


def _of_many_years(text: str) -> DaySpan | None:
    """Return the days of a decade or a century (90年代, 1990s, C18)."""
    if found := _DECADE.fullmatch(text):
        decade = 10 * int(found[1])
        return DaySpan(dt.date(decade, 1, 1), dt.date(decade + 9, 12, 31))
    if found := _OLD_DECADE.fullmatch(text):
        first, last = (_ten(found[one] or found["first"]) for one in ("first", "last"))
        if first <= last:
            return DaySpan(dt.date(first, 1, 1), dt.date(last + 9, 12, 31))
    if found := _CENTURY.fullmatch(text):
        last = 100 * int(found[1])
        return DaySpan(dt.date(last - 99, 1, 1), dt.date(last, 12, 31))
    return None


def _ten(digit: str) -> int:
    """Return the first year of a decade of the twentieth century: 1990 of 9 and of 九."""
    return 1900 + 10 * (int(digit) if digit.isdigit() else 5 + _TENS.index(digit))


def past_days(cell: object) -> DaySpan | None:
    """Return the days of several years that loose words leave open, all of them long past.

    90年代, 上世纪80年代, 2000年以前, 1998-2002; None of one year, of what may be yet to come, and
    of what is planned.
    """
    about = about_days(cell) if isinstance(cell, str) else None
    if about is None or about.planned:
        return None
    first, last = about.days[0].first, about.days[-1].last
    return DaySpan(first, last) if first.year < last.year <= _SURELY_PAST else None


def _plainly(text: str) -> DaySpan | None:
    if found := _OLD_YEAR.fullmatch(text):
        return DaySpan(dt.date(int(found[1]), 1, 1), dt.date(int(found[1]), 12, 31))
    return DaySpan.of(_as_day(text).value)


def _years(days: DaySpan | None, more: int) -> DaySpan | None:
    if days is None:
        return None
    first, last = days.first.year - more, days.last.year + more
    return DaySpan(dt.date(first, 1, 1), dt.date(last, 12, 31))


def days_of_year(spec: ColumnSpec, raw: Any) -> DaySpan | None:
    """Return the days that the cell of a year leaves open where it tells a day or a month too.

    And where it tells several years that are long past: what was built then was built.
    """
    days = DaySpan.of(_date(spec, raw).value)
    if days is None and isinstance(raw, str):
        days = _plainly(_DONE.sub("", fold(raw)))  # 2024年底建成
    if days is None or days == days_written(str(days.first.year)):
        return past_days(raw) if days is None and spec.name == "built_year" else None
    return days


def untold(text: str) -> bool:
    """Return whether the cell of a day says nothing: 不详, 待补充, ?."""
    return match_word("untold", text) is not None or _UNTOLD.fullmatch(fold(text)) is not None


def not_come(text: str) -> bool:
    """Return whether what gives no day says that it has not come yet: 待定, 另行通知, 未投用."""
    said = not untold(text) and _NOT_COME.fullmatch(fold(text)) is not None
    return said and about_days(text) is None


def _bad_date() -> CellValue:
    return CellValue(None, ProblemCode.DATE_UNREADABLE)
