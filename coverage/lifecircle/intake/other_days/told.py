"""What the text of a cell says of a day, held against the day of judging."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.dates import about_days, not_come
from lifecircle.intake.ledger.cells.ended import STANDS
from lifecircle.model.dictionary import fold, match_word

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["ended", "in_parts", "is_later", "is_open", "is_to_come", "is_unread", "perhaps_later"]

_NOT_YET = re.compile(r"待定|未|在建|拟|计划|预计|规划|五(期?末|期间)|暂|尚")
"""Words of a day that has not come, as far as anybody tells."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SOME_YEAR = re.compile(r"(?:19|20)[xX×*?？_○〇]{1,2}")
_THIS_YEAR = re.compile("今年|本年|岁末")
_LOOSE = re.compile(
    r"(?<=[月日号旬度初中底末尾终])[之以]?前$|^(?:将?近|约|大约|大概|估计)|(?:左右|前后|上下)$"
)
"""Round words, or those of a deadline; 2026年前 may tell of what is long there."""
_REBUILT = re.compile("改|扩|修|升级|提升|装")
"""Words of works: when they are done says nothing of when a place was opened."""


def is_later(text: str, day: dt.date) -> bool:
    """Return whether every day that is meant lies after ``day``."""
    told = about_days(text)
    return told is not None and told.days[0].first > day


def is_to_come(text: str, day: dt.date) -> bool:
    """Return whether it is told, in whatever words, as what has not come on ``day``, or a part."""
    return not_come(text) or in_parts(text, day) or _is_due(text, day)


def _is_due(text: str, day: dt.date) -> bool:
    """Return whether it is to come by or about a day after ``day``, or at a time not over by then.

    2024年底前, 约2025年, or 预计2024年 in that year: what is there already is not told so.
    """
    told = about_days(text)
    if told is not None and told.planned:
        return told.days[-1].last > day
    bare = _LOOSE.sub("", fold(text))
    return bare != fold(text) and is_later(bare, day)


def is_unread(text: str) -> bool:
    """Return whether nothing can be made of what is written for a day: 20XX年, 见附件, #REF!."""
    if about_days(text) is not None or _YEAR.search(text) is not None:
        return False
    return not _not_yet(text) and match_word("stage", text) is None


def in_parts(text: str, day: dt.date) -> bool:
    """Return whether part of it opens after ``day``, as far as it shows: 一期2019年，二期2027年."""
    if about_days(text) is not None or _REBUILT.search(text):
        return False
    return any(int(year) > day.year for year in _YEAR.findall(text))


def perhaps_later(text: str, day: dt.date) -> bool:
    """Return whether a day may lie after ``day``, or was only planned, or nobody knows it."""
    told = about_days(text)
    if told is None:
        return _not_yet(text)
    return told.days[-1].last > day or told.planned


def is_open(text: str, day: dt.date) -> bool:
    """Return whether a day may lie on either side of ``day``, or is one that has not come yet."""
    told = about_days(text)
    if told is None:
        return _not_yet(text)
    return told.days[0].first <= day < told.days[-1].last


def _not_yet(text: str) -> bool:
    return not_come(text) or _NOT_YET.search(fold(text)) is not None


def ended(text: str, day: dt.date) -> bool:
    """Return whether what is written may have ended it; of two days it is ended between."""
    told = about_days(text)
    if told is None and match_word("stage", text) in STANDS:  # 在用, 正常运营
        return False
    if told is None and _THIS_YEAR.search(text):  # whose end may be the day of judging
        return True
    if told is None:
        year = _YEAR.search(text) or _SOME_YEAR.search(text)
        return year is not None or not (_not_yet(text) or re.search(r"\d", text))
    over = len(told.days) > 1 and told.days[-1].last < day
    return told.days[0].first <= day and not over
