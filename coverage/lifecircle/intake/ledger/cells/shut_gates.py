"""What a row of gates says beside its column 是否开放 that may mean that nobody passes.

A blank there is open, so a gate that another cell calls shut (备注 已封闭, 出入口类型 消防门,
是否封闭 是, 东门（常闭）) would be walked through: whether it is open is taken as not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.remarked import REMARKS, in_brackets
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.sources.tables.files import RawTable

__all__ = ["says_if_shut", "shut_beside"]

_SHUT = re.compile(
    r"(?<![不未非无没])(?<!没有)(常闭|关闭|封闭(?!式|管理|小区)|封堵|封死|封住|锁闭|上锁|锁死|停用|禁行"
    r"|禁止(?!停|车|机动车|电动|摩托|货车))|不开(?!店)|未开|不通(?!公交)|未通|仅(供|限)?(车|机动车)"
    r"|消防(通道|门|出口|专用)|应急(通道|门|出口|专用)"
)
"""Not 未封闭 or 不上锁, what is barred to cars, or how a compound is kept (封闭管理)."""
_OTHER_TIME = re.compile(r"曾|恢复|重新|已(打开|开放|开通|解封|拆除)|计划|拟|将|取消")
_PARTS = re.compile(r"[,;。、，；\n]+|(?<!\d)[.:]+|[.:]+(?!\d)")
"""Between the parts of a cell; not within 22:00 and 2023.5."""
_OPPOSITE = re.compile(
    r"(是否|有无)?(常闭|关闭|封闭|封堵|上锁|锁闭|停用|禁行|禁止通行)(情况|状态)?"
)
"""Headers under which 是 means that nobody passes."""
_SORT = re.compile(r"(出入口|大门|门)?(类型|类别|性质|用途|形式|功能)")
_PLAIN = frozenset({"否", "无", "×", "0", "false", "no", "n"})
"""Words that answer whatever the header asks: of a gate they say nothing by themselves."""


def shut_beside(
    raw: RawTable, taken: Iterable[str], name: str | None
) -> dict[int, tuple[str, str]]:
    """Return position → header and what it says, of each row that another cell calls shut.

    Parameters
    ----------
    taken
        Headers that columns are read from: they are no remarks.
    name
        The header of names: only what stands in brackets there, or is no name, is said of it.
    """
    read = {*taken}
    found: dict[int, tuple[str, str]] = {}
    for header in (h for h in raw.frame if h not in read or h == name):
        opposite = _OPPOSITE.fullmatch(fold(header)) is not None
        for at, cell in enumerate(raw.frame[header].tolist()):
            if at in found or is_blank(cell):
                continue
            said = _opposite(cell) if opposite else _said(cell, named=header == name)
            if said is not None:
                found[at] = (header, said)
    return found


def says_if_shut(header: str) -> bool:
    """Return whether gates are held against what stands under a header: an answer, a remark."""
    name = fold(header)
    return any(words.fullmatch(name) is not None for words in (_OPPOSITE, REMARKS, _SORT))


def _opposite(cell: object) -> str | None:
    """Return a cell under 是否封闭 that does not deny it."""
    return None if match_word("bool", cell) == "false" else str(cell)


def _said(cell: object, *, named: bool) -> str | None:
    """Return the part of a cell that says that nobody passes."""
    if not isinstance(cell, str):
        return None
    text = fold(cell)
    if named:  # 消防门 is a name that says it; 封闭小区东门 is none
        text = in_brackets(cell) or (text if match_word("passage", text) == "false" else "")
    parts: list[str] = _PARTS.split(text)
    for part in filter(None, parts):
        if _OTHER_TIME.search(part) or part in _PLAIN:
            continue
        if match_word("passage", part) == "false" or _SHUT.search(part):
            return part
    return None
