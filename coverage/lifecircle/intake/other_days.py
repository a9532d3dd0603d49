"""Days beside the columns that are read, against the day of judging: 启用时间, 交房时间, 停用日期.

A header that names an opening or a closing is heard though nothing else is read from it. What opens
after the day of judging is not there on that day; what closed before it contradicts a row that is
in use. A day that is still to come closes nothing. A unit that was merged counts all the same, and
is told: the county's list has it. Of the columns that are read those cells are
heard that give a day only in loose words (预计2030年).

One rule for all that opens, in whatever column: a word in place of the day (待定, 另行通知) says
that it has not come, and contradicts a row that is in use. A day that is past contradicts one that
is planned or being built, as it does in the columns that are read. A day that was only expected and
is past says nothing: beside a stage the stage holds, and where a blank one would be the lenient
default it is not known, unless something else of the row says that it was finished.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.dates import about_days, not_come, untold
from lifecircle.intake.ledger.cells.days_written import days_written
from lifecircle.intake.ledger.cells.remarked import REMARKS, is_heard
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import UNKNOWN_PASSAGE, is_blank
from lifecircle.model.days import DaySpan, day_in_china
from lifecircle.model.dictionary import days_of, fold, match_word, unread
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.problem.lost import lost_of
from lifecircle.model.status import AgeClass, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["hears", "on_the_day"]

_PLANNED = r"(?P<planned>计划|预计|预期|预定|拟定?|规划|目标)?"
_WHEN = r"(?:年份?|年度|年月日?|时间|日期|日)"
_SERVES = (
    r"启用|投用|投运|投入(?:使用|运营|运行)|开业|开办|开园|揭牌|(?:正式|开始)(?:运营|营业|开放|使用)"
    r"|(?:运营|营业|使用)(?:开始|起始)"
)
_ITS = {
    "facilities": r"(?:设施|机构|项目|工程|站点|服务站|中心|用房|房屋|实际|正式|首次)*",
    "residential": r"(?:项目|工程|住宅|房屋|小区|居住区|楼盘|实际|正式|首次|集中)*",
    "gates": r"(?:大门|门|出入口|通道|实际|正式)*",
    "units": r"(?:行政)?(?:区划|镇街|乡镇|街道|单位)*",
}
_LIVED_IN = frozenset({None, Stage.HANDED_OVER, Stage.IN_USE})
_STANDS = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE})
_BUILT_CLASSES = frozenset({AgeClass.EXISTING, AgeClass.OLD})
_UNBUILT = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION})
_HANDED = re.compile("交付|移交|交房|入住")
"""In a header of housing: of the day since when it is not only accepted."""
_OPENS = {
    "facilities": (
        (rf"{_SERVES}|(?:运营|营业)(?=时间)", frozenset({Stage.IN_USE})),
        (r"(?:交付|移交)(?:使用)?", frozenset({Stage.HANDED_OVER, Stage.IN_USE})),
        (r"(?:建成|竣工|完工|验收)+", _STANDS),
    ),
    "residential": ((r"(?:建成|竣工|完工|验收|交付|移交|交房|入住)+(?:使用)?", _LIVED_IN),),
    "gates": ((rf"{_SERVES}|(?:建成|开通|开放|开启)+", frozenset[Stage | None]()),),
    "units": ((r"设立|成立|新设", frozenset[Stage | None]()),),
}
"""Layer → words of a header for a day that ends the building, and the stages that it comes before
(None: a blank one, of housing that is lived in)."""
_ENDED = r"停用|停业|关闭|停办|停运|停止(?:运营|使用|服务)|注销|撤销|撤并|拆除|拆迁|搬迁|征收|关停"
_ENDS = {
    "facilities": _ENDED,
    "residential": _ENDED,
    "gates": r"停用|停止(?:使用|通行)|关闭|关门|封闭|封堵|封死|禁行|拆除",
    "units": r"撤并|撤销|合并|并入|撤镇设街|撤乡(?:并|设)镇|注销",
}
"""Layer → words of a header for the day of an end."""
_READ: Mapping[str, Mapping[str, frozenset[Stage | None]]] = {
    "facilities": {"opened_year": frozenset({Stage.IN_USE})},
    "residential": dict.fromkeys(("delivered_on", "accepted_on", "built_year"), _LIVED_IN),
    "gates": {},
    "units": {},
}
_LEASE = re.compile(
    r"(?:租期|租赁期限?|租约|租赁(?:合同|协议))(?!.*续)[^,;。，；、]*?(?:[至到]|截止|(?=\d+年[^,;。，；、]*(?:到期|届满)))"
    r"(?P<day>[^,;。，；、至到]*?\d[^,;。，；、至到]*?)(?:止|到期|届满|终止)?(?=[,;。，；、]|$)"
)
"""The last day of a lease in a remark; what is renewed (续租) has none."""
_DAY = (
    r"(?:预计|计划|规划|拟|力争|争取|预期)?(?:于|在)?(?:\d{4}|[0-4]\d(?=年))(?:年(?:\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬)?"
    r"|[上下]半年|第?[一二三四]季度)?|[.\-/]\d{1,2}(?:[.\-/]\d{1,2})?)[初底末]?"
)
_OPENS_THEN = (
    rf"(?:^|[,;。，；、(（])(?:于|将于?|到|待)?(?P<day>{_DAY})(?:(?<=[月日号旬度底末])[之以]?前|前后|左右|[之以]?后|起|开始"
    r"|春节前?后?)?(?:正式|全面|整体|对外|方?可|才|能|恢复|重新|再次)*(?:%s|(?<=恢复))+(?:使用|正常)?(?=[,;。，；、)）]|$)"
    rf"|(?:计划|预计|正式|拟)*(?:%s)(?:时间|日期)?[:：为是于在]*(?P<then>{_DAY})(?=[,;。，；、)）]|$)"
)
_OPENS_IN_REMARK = {
    layer: re.compile(_OPENS_THEN % (words, words))
    for layer, words in (
        (
            "facilities",
            "建成|竣工|完工|启用|投用|投入使用|投入运营|运营|开放|营业|开业|开门|供餐|交付|移交",
        ),
        ("residential", "建成|竣工|完工|交房|交付|入住|回迁|安置"),
    )
}
"""The day on which something opens, or opens again, as a remark tells it: 预计2026年启用."""
_SHORT_YEAR = re.compile(r"(?<!\d)(?=\d\d年)")
_NOT_YET = re.compile(r"待定|未|在建|拟|计划|预计|规划|五(期?末|期间)|暂|尚")
"""Words of a day that has not come, as far as anybody tells."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_REBUILT = re.compile("改|扩|修|升级|提升|装")
"""Words of works: when they are done says nothing of when a place was opened."""


class _Heard(NamedTuple):
    """A column of days: ``since`` are the stages it comes before; None: of an end.

    ``within``: of remarks, in which a day stands so (the last of a lease, of an opening).
    """

    header: str
    since: frozenset[Stage | None] | None
    planned: bool
    column: str | None = None
    within: re.Pattern[str] | None = None


_Said: TypeAlias = tuple[_Heard, int, str]
"""A column, a row and the text of its cell."""


def on_the_day(ledger: Ledger, day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger as its days make it on the day of judging, and what is said of that."""
    layer = ledger.raw.layer
    heard = [*_heard(ledger)] if layer in _OPENS else []
    if not heard:
        return ledger, ()
    if layer == "units":
        return ledger, _units(ledger, heard, day)
    return (_gates if layer == "gates" else _stages)(ledger, heard, day)


def _heard(ledger: Ledger) -> Iterator[_Heard]:
    """Yield the columns of days that are not read, and those of which a cell may not be."""
    layer, read = ledger.raw.layer, set(ledger.headers.values())
    for header in ledger.raw.frame:
        if header in read:
            continue
        name = fold(header)
        if layer in _OPENS_IN_REMARK and REMARKS.fullmatch(name):
            since = _LIVED_IN if layer == "residential" else frozenset[Stage | None]({Stage.IN_USE})
            yield _Heard(header, since, planned=False, within=_OPENS_IN_REMARK[layer])
            if layer == "facilities":
                yield _Heard(header, None, planned=False, within=_LEASE)
            continue
        if (found := _of_days(layer, header)) is not None:
            yield found
    for column, since in _READ[layer].items():
        if column in ledger.headers:
            yield _Heard(ledger.headers[column], since, planned=False, column=column)


def _of_days(layer: str, header: str) -> _Heard | None:
    name, its = fold(header), _ITS[layer]
    if re.fullmatch(rf"{its}{_PLANNED}(?:{_ENDS[layer]})(?:起始?|开始|起止)?{_WHEN}", name):
        return _Heard(header, None, planned=False)
    for words, since in _OPENS[layer]:
        if found := re.fullmatch(rf"{its}{_PLANNED}{its}(?:{words}){_WHEN}", name):
            return _Heard(header, since, planned=found["planned"] is not None)
    return None


def hears(layer: str, header: str) -> bool:
    """Return whether rows are held against a header that no column is read from."""
    days = layer in _OPENS and _of_days(layer, header) is not None
    return days or is_heard(layer, header)


def _said(ledger: Ledger, heard: list[_Heard]) -> Iterator[_Said]:
    """Yield column, row and text of every cell that says something."""
    for one in heard:
        cells = ledger.raw.frame[one.header].to_numpy(dtype=object)[ledger.at]
        silent = np.zeros(len(cells), dtype=bool)
        if one.column is not None:  # what is read is held against the stage elsewhere
            silent = ledger.frame[one.column].notna().to_numpy()
        for row in np.flatnonzero(~pd.isna(cells) & ~silent).tolist():
            text = _text(cells[row])
            if one.within is not None:
                last = one.within.search(text)
                text = "" if last is None else _SHORT_YEAR.sub("20", last[last.lastgroup or 0])
            if not is_blank(text) and not untold(text):
                yield one, row, text


def _laters_first(said: Iterable[_Said], day: dt.date) -> list[_Said]:
    """Return cells with openings after the day first: what opens later is not there by any other.

    In whichever order the columns stand, and what was planned behind what is not.
    """
    return sorted(
        said,
        key=lambda it: (it[0].since is None or not _is_later(it[2], day), it[0].planned),
    )


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return day_in_china(cell).isoformat()
    return str(int(cell)) if isinstance(cell, float) and math.isfinite(cell) else str(cell)


def _stages(
    ledger: Ledger, heard: list[_Heard], day: dt.date
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return a ledger with the stages that a day of their row contradicts, and say which."""
    frame, problems = ledger.frame, []
    stages, lost = frame["stage"].tolist(), np.zeros(len(frame), dtype=bool)
    hidden = frame.get(unread("stage"), pd.Series(lost, frame.index)).to_numpy(dtype=bool)
    homes = ledger.raw.layer == "residential"
    said = _laters_first(_said(ledger, heard), day)
    finished = _finished(frame, said, day) if homes else frozenset(range(len(frame)))
    for one, row, text in said:
        stage = Stage(stages[row]) if isinstance(stages[row], str) else None
        if hidden[row] or lost[row] or (stage is None and not homes):
            continue
        found = _against(one, text, stage, day)
        if (found, stage) == (None, None) and row not in finished:
            found = ProblemCode.STAGE_BY_DAY if _was_expected(one, text) else None
        if found is ProblemCode.STAGE_BEFORE_DATE:
            stages[row] = Stage.UNDER_CONSTRUCTION
            told: dict[str, Any] = {"date": text, "day": day.isoformat()}
            problems.append(_problem(ledger, found, one, row, told))
        elif found is not None:
            lost[row] = True
            word = str(_cell(ledger, one, row)) if one.within is not None else text
            told = {"said": word, "stage": stage, "date": text, "day": day.isoformat()}
            told |= lost_of(frame.index[row], "stage")
            problems.append(_problem(ledger, found, one, row, told))
    return (_with_stages(ledger, stages, lost), tuple(problems)) if problems else (ledger, ())


def _with_stages(ledger: Ledger, stages: list[Any], lost: NDArray[np.bool_]) -> Ledger:
    """Return the ledger with its stages, those ``lost`` not known."""
    frame = ledger.frame
    told_stages = [None if gone else stage for stage, gone in zip(stages, lost, strict=True)]
    frame = frame.assign(stage=texts(told_stages, frame.index))
    if unread("stage") in frame:
        frame[unread("stage")] = frame[unread("stage")].astype(bool) | lost
    return dataclasses.replace(ledger, frame=frame)


def _against(one: _Heard, text: str, stage: Stage | None, day: dt.date) -> ProblemCode | None:
    """Return how a day beside a stage contradicts it: it opens later, or may be gone or not there.

    ``stage`` None: of housing, which is lived in where nothing is said.
    """
    contradicts = ProblemCode.REMARK_CONTRADICTS
    if one.since is None:
        return contradicts if stage in {*_STANDS, None} and _ended(text, day) else None
    if stage not in one.since:
        return _was_open(one, text, stage, day)
    if stage is None:
        if _is_later(text, day):
            return ProblemCode.STAGE_BEFORE_DATE
        said = not_come(text) or _in_parts(text, day) or _is_open(text, day)
        return ProblemCode.STAGE_BY_DAY if said else None
    if _is_later(text, day):
        surely = one.within is None and not _was_expected(one, text)
        return ProblemCode.STAGE_BEFORE_DATE if surely else contradicts
    return contradicts if not_come(text) or _in_parts(text, day) else None


def _was_open(one: _Heard, text: str, stage: Stage | None, day: dt.date) -> ProblemCode | None:
    """Return how a day before ``day`` contradicts a stage that ends on it at the latest."""
    handed = stage == Stage.ACCEPTED and None in (one.since or ()) and _HANDED.search(one.header)
    told = about_days(text) if stage in _UNBUILT or handed else None
    if told is None or told.days[-1].last >= day or _was_expected(one, text):
        return None
    return ProblemCode.STAGE_DATE if one.within is None else ProblemCode.REMARK_CONTRADICTS


def _was_expected(one: _Heard, text: str) -> bool:
    """Return whether a day that opens something is no more than what was expected once."""
    told = None if one.since is None else about_days(text)
    return told is not None and (one.planned or told.planned)


def _finished(frame: pd.DataFrame, said: Iterable[_Said], day: dt.date) -> frozenset[int]:
    """Return the rows of areas of which more than an expected day says that they are there.

    Their class (已建成, 老旧), or another day that is past and was not only expected.
    """
    found = set(np.flatnonzero(frame["age_class"].isin(_BUILT_CLASSES)).tolist())
    for column in _READ["residential"]:
        days = frame.get(days_of(column), pd.Series(None, frame.index, dtype=object))
        for row, (value, written) in enumerate(zip(frame[column], days, strict=True)):
            span = DaySpan.of(written) or DaySpan.of(value) or _year(value)
            if span is not None and span.last <= day:
                found.add(row)
    for one, row, text in said:
        told = None if one.since is None or _was_expected(one, text) else about_days(text)
        if told is not None and told.days[-1].last <= day:
            found.add(row)
    return frozenset(found)


def _year(value: object) -> DaySpan | None:
    """Return the days of a year that is read as a number."""
    return days_written(str(int(value))) if isinstance(value, float) and value > 0 else None


def _gates(ledger: Ledger, heard: list[_Heard], day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return gates, those shut that open later, those unknown that a day leaves open."""
    shown, problems = ledger.frame["open"].astype(object).tolist(), []
    for one, row, text in _laters_first(_said(ledger, heard), day):
        if not (shown[row] is None or shown[row] is True):
            continue
        sure = shown[row] is True
        later = one.since is not None and _is_later(text, day)
        if later and not (sure and _was_expected(one, text)):
            shown[row], told = False, {"date": text, "day": day.isoformat()}
            problems.append(_problem(ledger, ProblemCode.GATE_BEFORE_DATE, one, row, told))
            continue
        if one.since is None:
            doubted = _ended(text, day)
        else:  # beside a yes only what says that the day has not come
            open_ = _was_expected(one, text) or _perhaps_later(text, day)
            doubted = not_come(text) if sure else open_
        if later or doubted:
            shown[row] = UNKNOWN_PASSAGE
            problems.append(
                _problem(ledger, ProblemCode.GATE_SHUT_BESIDE, one, row, {"said": text})
            )
    if not problems:
        return ledger, ()
    opened = pd.Series(shown, index=ledger.frame.index, dtype=object)
    return dataclasses.replace(ledger, frame=ledger.frame.assign(open=opened)), tuple(problems)


def _units(ledger: Ledger, heard: list[_Heard], day: dt.date) -> tuple[Problem, ...]:
    """Return a warning for each unit that may be no more on the day, or not yet: it counts."""
    code = ProblemCode.UNIT_OTHER_DAY
    return tuple(
        _problem(ledger, code, one, row, {"said": text, "day": day.isoformat()})
        for one, row, text in _said(ledger, heard)
        if (_ended(text, day) if one.since is None else _is_later(text, day))
    )


def _problem(
    ledger: Ledger, code: ProblemCode, one: _Heard, row: int, told: dict[str, Any]
) -> Problem:
    at, value = int(ledger.at[row]), _cell(ledger, one, row)
    return ledger.raw.problem(code, Severity.WARNING, at=at, header=one.header, value=value, **told)


def _cell(ledger: Ledger, one: _Heard, row: int) -> object:
    return ledger.raw.frame[one.header].iloc[int(ledger.at[row])]


def _is_later(text: str, day: dt.date) -> bool:
    """Return whether every day that is meant lies after ``day``."""
    told = about_days(text)
    return told is not None and told.days[0].first > day


def _in_parts(text: str, day: dt.date) -> bool:
    """Return whether part of it opens after ``day``, as far as it shows: 一期2019年，二期2027年."""
    if about_days(text) is not None or _REBUILT.search(text):
        return False
    return any(int(year) > day.year for year in _YEAR.findall(text))


def _perhaps_later(text: str, day: dt.date) -> bool:
    """Return whether a day may lie after ``day``, or was only planned, or nobody knows it."""
    told = about_days(text)
    if told is None:
        return _not_yet(text)
    return told.days[-1].last > day or told.planned


def _is_open(text: str, day: dt.date) -> bool:
    """Return whether a day may lie on either side of ``day``, or is one that has not come yet."""
    told = about_days(text)
    if told is None:
        return _not_yet(text)
    return told.days[0].first <= day < told.days[-1].last


def _not_yet(text: str) -> bool:
    return not_come(text) or _NOT_YET.search(fold(text)) is not None


def _ended(text: str, day: dt.date) -> bool:
    """Return whether what is written may have ended it; of two days it is ended between."""
    told = about_days(text)
    if told is None and match_word("stage", text) in _STANDS:  # 在用, 正常运营
        return False
    if told is None:
        return _YEAR.search(text) is not None or not (_not_yet(text) or re.search(r"\d", text))
    over = len(told.days) > 1 and told.days[-1].last < day
    return told.days[0].first <= day and not over
