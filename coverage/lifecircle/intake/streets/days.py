"""Ways that are not there on the day of judging: opened after it, or closed before it.

A state of use (现状, 已通车) gives way to a day that lies clearly after the day of judging, as a
facility's does: the layer is younger, or tells a plan. A day that leaves open on which side it lies
leaves the way unknown where no state tells it. A word in place of the day that says it has not come
(待定, 另行通知) contradicts a state of use, as it does in a ledger. What is called planned or being
built, though its day is past, is not known either.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.dates import about_days, not_come, untold
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.inputs.street_words import (
    BARRED_STATES,
    COMING,
    UNBUILT_STATES,
    USED_STATES,
    DaySense,
    of_day_word,
)
from lifecircle.model.strings import words_of

if TYPE_CHECKING:
    import datetime as dt

    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["OnDay", "on_day"]

_NOT_YET, _GONE = "future", "closed"
"""States that a way is in before it is opened, and after it is closed."""
_BUILDING = re.compile("起止|建设|修建|新建|修筑|建造|施工")
"""Columns of the time in which a way was built."""

_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_OLD = re.compile(
    "老路|旧路|老街|古|清|民国|解放|建国|早年|上世纪|二十世纪|[五六七八九]十年代|九几年"
)
"""Words of a time that is past, whatever the day of judging."""
_STILL_OPEN = frozenset({"否", "未封闭", "不封闭", "未停用", "未关闭", "未废弃"})
_TO_COME = re.compile("待|未|拟|计划|预计|规划|在建|暂|尚")
_REBUILT = re.compile("改|扩|修|拓|提升")

Past = bool | None
"""Whether a day is past: yes, no, or not known."""


class OnDay(NamedTuple):
    """Streets as they are on a day.

    ``dated``: whether the day decides anything of them; ``barred``: what is said of the days for
    which ways are not walked → how many ways.
    """

    lines: StreetLines
    dated: bool
    barred: Counter[str]


class _Said(NamedTuple):
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.column} {self.text}"


def on_day(lines: StreetLines, day: dt.date) -> OnDay:
    """Return the streets with the days of their ways compared with ``day``.

    A way that opens on that day is open; one that closes on it may be either.
    """
    told = words_of(lines.tags["state"])
    dated = {word for word in told.words if any(map(of_day_word, str(word).split(";")))}
    if not dated:
        return OnDay(lines, dated=False, barred=Counter())
    found = [_state(str(word), day) if word in dated else (word, None, None) for word in told.words]
    states = np.array([*(state for state, _, _ in found), None], dtype=object)[told.codes]
    columns: dict[str, Any] = {"state": states}
    counts = np.bincount(told.codes[told.codes >= 0], minlength=len(found)).tolist()
    barred: Counter[str] = Counter()
    for (_, why, _), count in zip(found, counts, strict=True):
        if why is not None:
            barred[str(why)] += count
    since = [str(o) if o is not None and o.column != "start_date" else "" for _, _, o in found]
    opened = np.array([*since, ""], dtype=object)[told.codes]
    if (opened != "").any():
        columns["highway"] = _no_more_coming(lines.tags["highway"].to_numpy(dtype=object), opened)
    series = {name: pd.Series(column, dtype=object) for name, column in columns.items()}
    found_there = dataclasses.replace(lines, tags=lines.tags.assign(**series))
    return OnDay(found_there, dated=True, barred=barred)


def _no_more_coming(highway: Any, opened: Any) -> Any:
    """Return the classes: ``construction`` of a way that was to be open by now is not known."""
    doubted = (opened != "") & np.isin(highway.astype(str), [*COMING])
    words = [f"{word} {said}" for word, said in zip(highway[doubted], opened[doubted], strict=True)]
    highway = highway.copy()
    highway[doubted] = words
    return highway


def _state(word: str, day: dt.date) -> tuple[str | None, _Said | None, _Said | None]:
    """Return a way's state on a day, what bars it by its day, and since when it was to be open."""
    parts = [(part, of_day_word(part)) for part in word.split(";")]
    plain = [part for part, told in parts if told is None]
    days = [(told[0], _Said(*told[1:])) for _, told in parts if told is not None]
    folded = {part.strip().casefold() for part in plain}
    found = _sides(days, day, used=bool(folded) and folded <= USED_STATES)
    for side, state in ((_Side.LATER, _NOT_YET), (_Side.GONE, _GONE)):
        if side in found:
            return ";".join([*plain, state]), found[side], None
    opened, doubted = found.get(_Side.OPEN), found.get(_Side.DOUBTED)
    if opened is not None and folded & UNBUILT_STATES:
        return " ".join([*plain, str(opened)]), None, None
    if doubted is not None:
        return ";".join([*plain, str(doubted)]), None, None
    return ";".join(plain) or None, None, opened


class _Side(Enum):
    """What a day says of a way on the day of judging."""

    LATER = "later"
    GONE = "gone"
    DOUBTED = "doubted"
    OPEN = "open"


def _sides(
    days: list[tuple[DaySense, _Said]], day: dt.date, *, used: bool
) -> dict[_Side | None, _Said]:
    """Return what the days of a way say of it, each with the last that says so."""
    again = [said for sense, said in days if sense is DaySense.REOPENS and not _is_none(said.text)]
    told = [(sense, said) for sense, said in days if not _is_blank(said.text)]
    sides = [
        _of_closing(said, day, again)
        if sense is DaySense.CLOSES
        else _of_opening(sense, said, day, used=used)
        for sense, said in told
    ]
    return {side: said for side, (_, said) in zip(sides, told, strict=True)}


def _of_closing(said: _Said, day: dt.date, again: list[_Said]) -> _Side | None:
    """Return what a day of closing says; ``again``: when the way was opened again."""
    closed = _closed(said, day)
    if closed and again:
        past = _past(again[-1], day)
        closed = None if past is None or (past and _before(again[-1], said)) else not past
    if closed is None:
        return _Side.DOUBTED
    return _Side.GONE if closed else None


def _of_opening(sense: DaySense, said: _Said, day: dt.date, *, used: bool) -> _Side | None:
    """Return what a day of opening says of a way; ``used``: that its state says it is used."""
    past = _past(said, day)
    if past is False and sense in {DaySense.OPENS, DaySense.PLANNED}:
        return _Side.LATER
    if past and sense in {DaySense.OPENS, DaySense.SEEN}:
        return _Side.OPEN
    if past and sense is not DaySense.PLANNED:
        return None  # work has begun, or the way was opened again
    return None if used and not not_come(said.text) else _Side.DOUBTED


def _before(one: _Said, other: _Said) -> bool:
    """Return whether a day lies surely before another one."""
    mine, theirs = about_days(one.text), about_days(other.text)
    if mine is None or theirs is None:
        return False
    return mine.days[-1].last < theirs.days[0].first


def _is_blank(text: str) -> bool:
    return is_blank(text) or untold(text)


def _is_none(text: str) -> bool:
    """Return whether a cell says that there was no such day; 不详: there may have been one."""
    return is_blank(text) or fold(text) in {"否", "0"} or match_word("untold", text) == "none"


def _past(said: _Said, day: dt.date) -> Past:
    """Return whether what is written has come on ``day``: not known where it may be either side.

    What was only planned has not come for certain. A way is there at the end of the time in which
    it was built, and opened at any time between two days that are told of its opening.
    """
    told = about_days(said.text)
    if told is None:
        return _past_by_words(said.text, day)
    first = told.days[-1 if _BUILDING.search(said.column) else 0].first
    if first > day:
        return False
    return True if told.days[-1].last <= day and not told.planned else None


def _past_by_words(text: str, day: dt.date) -> Past:
    """Return whether what is no date has come: a state (未通车), or years: all of them, or none.

    2008年建，2015年拓宽 is there; what is to be rebuilt in years to come may be there, too.
    """
    folded = fold(text)
    if folded in USED_STATES | BARRED_STATES:
        return folded in USED_STATES
    years = [int(year) for year in _YEAR.findall(folded)]
    if not years and _OLD.search(folded) and not _TO_COME.search(folded):
        return True
    if not years or _TO_COME.search(folded):
        return None
    if max(years) < day.year:
        return True
    return False if min(years) > day.year and not _REBUILT.search(folded) else None


def _closed(said: _Said, day: dt.date) -> Past:
    """Return whether a way is closed on ``day``; of two days it is closed between."""
    if fold(said.text) in BARRED_STATES:
        return True
    if fold(said.text) in _STILL_OPEN:
        return False
    told = about_days(said.text)
    if told is None:
        return None
    first, last = told.days[0], told.days[-1]
    if first.first > day or (len(told.days) > 1 and last.last < day):
        return False
    begun = first.last < day and not told.planned
    return True if begun and (len(told.days) == 1 or last.first > day) else None
