"""How a remark says that somebody is not sure: 可能停用, 据说拆了, 已撤销？."""

from __future__ import annotations

import re

__all__ = ["PERHAPS_USED", "said_unsurely"]

_HEDGE = re.compile(
    r"^(\d{4}年?(起|后|以来)?)?(可能|也许|或许|疑似?|据(说|称|传|悉|了解|.{0,5}反映)|听(说|闻)|传闻|有人说|好像|似乎"
    r"|大概|应该|估计|怀疑|恐怕?|(不(确定|清楚|知道?|明确))?是否(还|仍|已)?|不(确定|清楚|知道?))+(还|仍|已|已经)?"
)
_QUERY = re.compile(r"([?]|(待|未)(核[实查对]?|确认)|存疑|不(确定|详|明|清楚?)|与否)+$")
"""How a remark says that somebody is not sure: 可能停用, 据说拆了, 已撤销？, 停用待核."""
PERHAPS_USED = re.compile(
    r"不[用干办]了?|烂尾|在?(用|营|运营|经营|营业|开放|使用|启用|入住|交付)(的?(情况|状态|状况))?"
)
"""What, unsurely said, leaves open whether a place is in use."""


def said_unsurely(part: str) -> str | None:
    """Return what a folded part says without the words by which it is not sure; None: it is."""
    said = _QUERY.sub("", _HEDGE.sub("", part))
    return None if said == part or not said else said
