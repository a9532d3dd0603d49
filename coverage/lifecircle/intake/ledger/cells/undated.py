"""Words in the cell of a day that give none: those of a day to come, those that say nothing.

待定, 另行通知 and 未投用 say that it has not come, whatever column they stand in and whatever the
row says beside; 不详, 待补充 and ? say that nobody wrote it down, which speaks against nothing.
"""

from __future__ import annotations

import re

from lifecircle.intake.ledger.cells.dates import about_days
from lifecircle.model.dictionary import fold

__all__ = ["not_come", "untold"]

_UNTOLD = re.compile(
    r"[?？]+|[-—/\\]+|0(\.0)?|0000|9999(-12-31)?|无|暂无|暂缺|缺|否|(时间|日期|年份|年代)?(不详|不明|不清楚?|未知|不知道|失考)"
    r"|待(补充?|填写?|核[实对]?|查|考证?|完善|统计|补录)|未(填写?|知|详|登记|记录|统计|掌握|提供|录入|找到|查到|报)"
)
"""Where nobody knows, or wrote it (folded)."""
_NOT_COME = re.compile(
    r"(预计|计划|预期|拟|将|力争|争取|待|尚?未|暂未|暂缓|择期|择日|另行|另[定议]|视).*"
    r"|(具体)?(启用|开业|投用|运营|交付|交房|竣工|验收|开通|通车)?(时间|日期|日)?(待|未|另行|尚未|暂未|不)(确|明)?定"
    r"|.*(待定|未定|待通知|另行通知|等通知|未确定|待确定|待明确)|tbd|tba"
)
"""Of a day that has not come, as far as anybody tells (folded)."""


def untold(text: str) -> bool:
    """Return whether the cell of a day says nothing: 不详, 待补充, ?."""
    return _UNTOLD.fullmatch(fold(text)) is not None


def not_come(text: str) -> bool:
    """Return whether what gives no day says that it has not come yet: 待定, 另行通知, 未投用."""
    said = not untold(text) and _NOT_COME.fullmatch(fold(text)) is not None
    return said and about_days(text) is None
