"""Which columns, beside those that are read, are of days, and what their cells say."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.dates import about_days, untold
from lifecircle.intake.ledger.cells.days_written import in_figures
from lifecircle.intake.ledger.cells.ended import STANDS
from lifecircle.intake.ledger.cells.remarked import is_heard, is_of_rooms
from lifecircle.intake.ledger.cells.shut_gates import says_if_shut
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.days import day_in_china
from lifecircle.model.dictionary import fold
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.intake.ledger.rows import Ledger

__all__ = [
    "AGAIN",
    "HANDED",
    "LIVED_IN",
    "OPENS",
    "READ",
    "SERVES",
    "Heard",
    "Said",
    "cells_of",
    "columns_heard",
    "hears",
    "hears_day",
]

_PLANNED = r"(?P<planned>计划|预计|预期|预定|拟定?|规划|目标)?"
_WHEN = r"(?:年份?|年度|年月日?|时间|日期|日)"
_SERVES = (
    r"启用|投用|投运|投入(?:使用|运营|运行)|开业|开办|开园|揭牌|(?:正式|开始)(?:运营|营业|开放|使用)"
    r"|(?:运营|营业|使用)(?:开始|起始)"
)
SERVES = re.compile(f"{_SERVES}|运营|opened")
"""In a header: of the day since when a facility serves, not only stands."""
_ITS = {
    "facilities": r"(?:设施|机构|项目|工程|站点|服务站|中心|用房|房屋|实际|正式|首次)*",
    "residential": r"(?:项目|工程|住宅|房屋|小区|居住区|楼盘|实际|正式|首次|集中)*",
    "gates": r"(?:大门|门|出入口|通道|实际|正式)*",
    "units": r"(?:行政)?(?:区划|镇街|乡镇|街道|单位)*",
}
LIVED_IN = frozenset({None, Stage.HANDED_OVER, Stage.IN_USE})
HANDED = re.compile("交付|移交|交房|入住")
"""In a header of housing: of the day since when it is not only accepted."""
OPENS = {
    "facilities": (
        (rf"{_SERVES}|(?:运营|营业)(?=时间)", frozenset({Stage.IN_USE})),
        (r"(?:交付|移交)(?:使用)?", frozenset({Stage.HANDED_OVER, Stage.IN_USE})),
        (r"(?:建成|竣工|完工|验收)+", STANDS),
    ),
    "residential": ((r"(?:建成|竣工|完工|验收|交付|移交|交房|入住)+(?:使用)?", LIVED_IN),),
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
READ: Mapping[str, Mapping[str, frozenset[Stage | None]]] = {
    "facilities": {"opened_year": frozenset({Stage.IN_USE})},
    "residential": dict.fromkeys(("delivered_on", "accepted_on", "built_year"), LIVED_IN),
    "gates": {},
    "units": {},
}
_LEASE = re.compile(
    r"(?:租期|租赁期限?|租约|租赁(?:合同|协议))(?!.*续)[^,;。，；、]*?(?:[至到]|截止|(?=\d+年[^,;。，；、]*(?:到期|届满)))"
    r"(?P<day>[^,;。，；、至到]*?\d[^,;。，；、至到]*?)(?:止|到期|届满|终止)?(?=[,;。，；、]|$)"
)
"""The last day of a lease in a remark; what is renewed (续租) has none."""
_RENT = r"(?:房屋|用房|场地|房产)?(?:租赁|租房|租用|承租|租约|租)(?:合同|协议)?"
_LEASED = re.compile(
    rf"{_RENT}(?:(?:到期|截止|终止|届满|结束)(?:年份?|年月|时间|日期|日)?|期限?|时间|期间|起止(?:时间|日期)?|有效期)"
    r"|租期至"
)
"""Headers of a lease's last day, or of both its days."""
_TO = re.compile(
    r"(?:.*(?:[至到~—–]|截止|-(?=\d{4}))|^)(?P<day>\d{4}[^至到~—–()（）起]*?)(?:为?止|到期|届满|终止)?[)）]?$"
)
"""The last day of a cell that has both, or that one."""
_DAY = (
    r"(?:预计|计划|规划|拟|力争|争取|预期)?(?:于|在)?(?:\d{4}|[0-4]\d(?=年))(?:年(?:\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬)?"
    r"|[上下]半年|第?[一二三四]季度)?|[.\-/]\d{1,2}(?:[.\-/]\d{1,2})?)?"
    r"(?:年?[初底末尾终]|年中|(?<=[年月])中|岁[末尾])?"
)
_OPENS_THEN = (
    rf"(?:^|[,;。，；、(（])(?:于|将于?|到|待)?(?P<day>{_DAY})(?:(?<=[月日号旬度初中底末尾终])[之以]?前|前后|左右|[之以]?后|起|开始"
    r"|春节前?后?)?(?:已经?|正式|全面|全部|整体|基本|实现|完成|对外|方?可|才|能|恢复|重新|再次)*(?:%s|(?<=恢复))+(?:使用|正常)?(?=[,;。，；、)）]|$)"
    rf"|(?:计划|预计|正式|拟)*(?:%s)(?:时间|日期)?[:：为是于在]*(?P<then>{_DAY})(?=[,;。，；、)）]|$)"
)
_OPENS_IN_REMARK: Mapping[str, tuple[tuple[re.Pattern[str], frozenset[Stage | None]], ...]] = {
    layer: tuple((re.compile(_OPENS_THEN % (words, words)), since) for words, since in each)
    for layer, each in (
        (
            "facilities",
            (
                (
                    "启用|投用|投入使用|投入运营|投运|运营|运行|开放|营业|开业|开门|供餐",
                    frozenset[Stage | None]({Stage.IN_USE}),
                ),
                (
                    "交付|移交",
                    frozenset[Stage | None]({Stage.HANDED_OVER, Stage.IN_USE}),
                ),
                ("建成|竣工|完工|验收", frozenset[Stage | None](STANDS)),
            ),
        ),
        ("residential", (("建成|竣工|完工|验收|交房|交付|入住|回迁|安置", LIVED_IN),)),
    )
}
"""The day on which something opens, or opens again, as a remark tells it (预计2026年启用), and the
stages that it comes before: the same as under a header of its own."""
AGAIN = re.compile(
    rf"(?:^|[,;。，；、(（])(?:已?于|到|自|从)?(?P<day>{_DAY})(?:(?:起|后|以来|前后|左右)?(?:已|正式|全面)*"
    r"(?:恢复|重新|再次)|(?:起|以来|至今|后)(?:一直|持续|已|正式|全面)*)"
    r"(?:正常|对外|正式)*(?:使用|运营|营业|开放|启用|投用|投入使用|开业|开门|服务|供餐)(?:了)?(?=[,;。，；、)）]|$)"
    r"(?!.*(?:停|关|闲置|空置|撤|拆|注销|倒闭|占用|挪用))"
)
"""The day since when a place that was shut is open again, as a remark tells it last."""
_SHORT_YEAR = re.compile(r"(?<!\d)(?=\d\d年)")


class Heard(NamedTuple):
    """A column of days: ``since`` are the stages it comes before; None: of an end.

    ``within``: of remarks, in which a day stands so (the last of a lease, of an opening, of one
    again).
    """

    header: str
    since: frozenset[Stage | None] | None
    planned: bool
    column: str | None = None
    within: re.Pattern[str] | None = None


Said: TypeAlias = tuple[Heard, int, str]
"""A column, a row and the text of its cell."""


def columns_heard(ledger: Ledger) -> Iterator[Heard]:
    """Yield the columns of days that are not read, and those of which a cell may not be."""
    layer, read = ledger.raw.layer, set(ledger.headers.values())
    for header in ledger.raw.frame:
        if header in read:
            continue
        if (found := _of_days(layer, header)) is not None:
            yield found
        elif is_of_rooms(layer, header):
            for within, since in _OPENS_IN_REMARK[layer]:
                yield Heard(header, since, planned=False, within=within)
            if layer == "facilities":
                yield Heard(header, None, planned=False, within=_LEASE)
                yield Heard(header, frozenset(), planned=False, within=AGAIN)
    for column, since in READ[layer].items():
        if column in ledger.headers:
            yield Heard(ledger.headers[column], since, planned=False, column=column)


def _of_days(layer: str, header: str) -> Heard | None:
    name, its = fold(header), _ITS[layer]
    if layer == "facilities" and _LEASED.fullmatch(name):
        return Heard(header, None, planned=False, within=_TO)
    if re.fullmatch(rf"{its}{_PLANNED}(?:{_ENDS[layer]})(?:起始?|开始|起止)?{_WHEN}", name):
        return Heard(header, None, planned=False)
    for words, since in OPENS[layer]:
        if found := re.fullmatch(rf"{its}{_PLANNED}{its}(?:{words}){_WHEN}", name):
            return Heard(header, since, planned=found["planned"] is not None)
    return None


def hears(layer: str, header: str) -> bool:
    """Return whether rows are held against a header that no column is read from."""
    days = layer in OPENS and _of_days(layer, header) is not None
    return days or is_heard(layer, header) or (layer == "gates" and says_if_shut(header))


def hears_day(layer: str, part: str) -> bool:
    """Return whether a part of a remark is a day that rows are held against, and no more."""
    opens = [within for within, _ in _OPENS_IN_REMARK.get(layer, ())]
    words = [*opens, _LEASE, AGAIN] if layer == "facilities" else opens
    return any(_is_read(within.fullmatch(in_figures(part))) for within in words)


def _is_read(said: re.Match[str] | None) -> bool:
    return said is not None and about_days(_day_within(said)) is not None


def cells_of(ledger: Ledger, heard: list[Heard]) -> Iterator[Said]:
    """Yield column, row and text of every cell that says something."""
    for one in heard:
        cells = ledger.raw.frame[one.header].to_numpy(dtype=object)[ledger.at]
        silent = np.zeros(len(cells), dtype=bool)
        if one.column is not None:  # what is read is held against the stage elsewhere
            silent = ledger.frame[one.column].notna().to_numpy()
        for row in np.flatnonzero(~pd.isna(cells) & ~silent).tolist():
            text = _text(cells[row])
            if one.within is not None:
                last = one.within.search(in_figures(text))
                text = "" if last is None else _day_within(last)
            if not is_blank(text) and not untold(text):
                yield one, row, text


def _day_within(said: re.Match[str]) -> str:
    return _SHORT_YEAR.sub("20", said[said.lastgroup or 0])


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return day_in_china(cell).isoformat()
    return str(int(cell)) if isinstance(cell, float) and math.isfinite(cell) else str(cell)
