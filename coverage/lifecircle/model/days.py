"""Days: one, or one of several that a month or a year leaves open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["DaySpan", "day_in_china"]

_CHINA = dt.timezone(dt.timedelta(hours=8))
"""The zone that days are of: 2023-07-11T16:00Z is the midnight on which 12 July begins."""


def day_in_china(moment: dt.datetime) -> dt.date:
    """Return the day of a moment, in China where it has a zone: GIS files keep hours in UTC."""
    return (moment if moment.tzinfo is None else moment.astimezone(_CHINA)).date()


@dataclass(frozen=True, slots=True)
class DaySpan:
    """One day from ``first`` to ``last``, both included: all that 2023年8月 says."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, value: Any) -> Self | None:
        """Return the days that a cell leaves open: a date is one; None where it has none."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, dt.date) or value != value:  # noqa: PLR0124 - pandas' own gap
            return None
        day = value.date() if isinstance(value, dt.datetime) else value
        return cls(day, day)

    def from_day(self, day: dt.date) -> bool | None:
        """Return whether it is ``day`` or later; None where some of the days are and some not."""
        if self.first >= day:
            return True
        return False if self.last < day else None

    def __str__(self) -> str:
        """Return a day as ISO 8601 writes it, several as an interval."""
        first, last = self.first.isoformat(), self.last.isoformat()
        return first if self.first == self.last else f"{first}/{last}"
