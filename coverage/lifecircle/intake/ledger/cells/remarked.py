"""Remarks that contradict a row's stage: 备注 says 已停用 where 状态 says 运营.

Nothing else of a remark is read: whoever wrote it meant people. But a row that says two things of
itself is not known to be either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word, undecided_stage
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.sources.tables.files import RawTable

__all__ = ["contradicted", "in_brackets", "remark_headers"]

_REMARKS = re.compile(
    r"(备注|说明|附注|注)(说明|信息|栏)?|(基本|情况|现状|运营|使用|其他|其它|状态|补充|有关|存在)"
    r"{0,2}(说明|备注|情况说明)|存在问题"
)
_PARTS = re.compile(r"[,.;:。、，；：\n()（）【】\[\]]+")
_BRACKET = re.compile(r"[(（\[【]")
_BRACKETS = re.compile(r"[(\[【]([^)\]】]+)[)\]】]")
_WHEN = re.compile(
    r"^(现|现已|目前|目前已|该站|该处|该设施|该小区|设施|房屋|自|从|于|因故|已于|整体|全部|暂时|长期|一直)+"
)
_SINCE = re.compile(
    r"^(自|从|于|已于)?(\d{2,4}|今|去|前)年?(\d{1,2}月)?(\d{1,2}日)?(年?初|年?底|年?末)?(起|后|以来|开始|已)?"
)
_AGAIN = re.compile(r"恢复|重新|再次|曾|原|拟|计划|将|除外|以前|之前")
"""Words by which a clause speaks of another time."""
_GONE = re.compile(
    r"(已|现)?(对外)?出租|(被|已被)(占用|挪用|出租)|(已)?改(为|作|成)(超市|商铺|仓库|门面|办公|他用)(用房)?"
)
_STANDS = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE})


def remark_headers(raw: RawTable, taken: Iterable[str]) -> list[str]:
    """Return the headers of remarks that no column is read from."""
    read = set(taken)
    return [h for h in raw.frame if h not in read and _REMARKS.fullmatch(fold(h))]


def in_brackets(cell: object) -> str | None:
    """Return what a name or a kind says in brackets: 二站（已停用）; None: nothing."""
    if not isinstance(cell, str) or not _BRACKET.search(cell):  # most say nothing
        return None
    return ",".join(_BRACKETS.findall(fold(cell))) or None


def contradicted(stage: str | None, cell: object) -> str | None:
    """Return the part of a remark that says another stage than the row does; None: none.

    ``stage``: as read; None is what a blank is: in use, of an area. Only what stands is
    contradicted: by a word of what does not (停用, 闲置, 在建), or of what nobody places (未启用).
    """
    if is_blank(cell) or (stage is not None and stage not in _STANDS):
        return None
    text = fold(cell)
    if _AGAIN.search(text):
        return None
    return next((part for part in _PARTS.split(text) if part and _denies(part, stage)), None)


def _denies(part: str, stage: str | None) -> bool:
    bare = _SINCE.sub("", _WHEN.sub("", part)) or part
    for said in dict.fromkeys((part, bare, bare.removesuffix("中"), bare.removesuffix("了"))):
        meant = match_word("stage", said)
        if meant is not None:
            return meant not in _STANDS
        if _GONE.fullmatch(said):
            return True
        if undecided_stage(said):  # handed over and never opened is no contradiction
            return stage in {None, Stage.IN_USE}
    return False
