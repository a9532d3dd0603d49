"""Dates: a day as it is written or numbered, a month or a year as the days it leaves open."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.cells.cell_value import CellValue
from lifecircle.intake.ledger.cells.days_written import days_written
from lifecircle.intake.ledger.cells.last_days import last_day
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from lifecircle.model.dictionary import ColumnSpec

__all__ = ["DAY_ZERO", "SERIALS", "days_of_year", "read_date"]

SERIALS = (20_000, 73_415)
"""Dates of 1954 to 2100 as spreadsheets number them (days since 1899-12-30), inclusive."""
DAY_ZERO = dt.date(1899, 12, 30)
_SERIAL_DIGITS = 5


def _date(_spec: ColumnSpec, raw: Any) -> CellValue:
    if isinstance(raw, dt.datetime):
        return CellValue(raw.date())
    if isinstance(raw, dt.date):
        return CellValue(raw)
    text = fold(raw)
    if text.split(".")[0].isdecimal() and len(text.split(".")[0]) == _SERIAL_DIGITS:
        return _serial(text)
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


def read_date(spec: ColumnSpec, raw: Any) -> CellValue:
    """Return a date, of a last day also as a month, a year or 长期."""
    plain = _date(spec, raw)
    ends = (
        last_day(raw) if spec.last_day and plain.code is not None and isinstance(raw, str) else None
    )
    if ends is None and spec.last_day and isinstance(plain.value, DaySpan):
        return _bad_date()  # 2025, without 年 or 底, may be anything that ends
    if ends is None:
        return plain
    (day,) = ends
    if day is None:
        return CellValue(None)
    return CellValue(day, ProblemCode.DATE_READ_AS, Severity.INFO, {"read": day.isoformat()})


def days_of_year(spec: ColumnSpec, raw: Any) -> DaySpan | None:
    """Return the days that the cell of a year leaves open where it tells a day or a month too."""
    days = DaySpan.of(_date(spec, raw).value)
    if days is None or days == days_written(str(days.first.year)):
        return None
    return days


def _bad_date() -> CellValue:
    return CellValue(None, ProblemCode.DATE_UNREADABLE)
