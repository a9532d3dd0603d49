"""Last days as people write them: 2024年12月, 2024年底, 至2024-12-31, 长期."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from lifecircle.intake.ledger.cells.days_written import in_figures
from lifecircle.model.dictionary import fold

__all__ = ["last_day"]

_BEFORE = re.compile(r"^(?:有效期|期限)?(?:至|到|截至|截止到|截止至|截止|延至|延期至)[:：]?")
_BEHIND = re.compile(r"(?:为止|止|到期|期满)$")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月(?:底|末)?|[-/.](\d{1,2}))")
_YEAR = re.compile(r"(\d{4})年?(?:底|末|年底|年末)|(\d{4})年")
_FOR_EVER = frozenset(map(fold, ("长期", "长期有效", "永久", "永久有效", "无期限", "不限", "无")))


def last_day(text: str) -> tuple[dt.date | None] | None:
    """Return, alone in a tuple, the day with which what is written ends, None for never.

    A month ends with its last day, a year with 31 December; 长期 has no end. Anything else
    (2024年12月前, 三年) is None, to be told as unreadable.
    """
    plain = in_figures(fold(text))
    if plain in _FOR_EVER:
        return (None,)
    plain = _BEHIND.sub("", _BEFORE.sub("", plain))
    if found := _DAY.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return _read(year, month, day)
    if found := _MONTH.fullmatch(plain):
        year, month = int(found[1]), int(found[2] or found[3])
        if not 1 <= month <= 12:  # noqa: PLR2004 - months
            return None
        return _read(year, month, calendar.monthrange(year, month)[1])
    if found := _YEAR.fullmatch(plain):
        return _read(int(found[1] or found[2]), 12, 31)
    return None


def _read(year: int, month: int, day: int) -> tuple[dt.date | None] | None:
    try:
        return (dt.date(year, month, day),)
    except ValueError:
        return None
