"""What contradicts a row's stage: 备注 says 已停用 where 状态 says 运营, 是否在用 says 否.

Nothing else of a remark, and of a column that nothing is read from, is read: whoever wrote it
meant people. But a row that says two things of itself is not known to be either.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word, undecided_stage
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecircle.sources.tables.files import RawTable

__all__ = ["REMARKS", "contradicted", "in_brackets", "readers_against"]

Reader: TypeAlias = "Callable[[str | None, object], str | None]"
"""From a row's stage and a cell to the part of the cell that says another stage."""

REMARKS = re.compile(
    r"(备注|说明|附注|注)(说明|信息|栏)?|(基本|情况|现状|运营|使用|其他|其它|状态|补充|有关|存在)"
    r"{0,2}(说明|备注|情况说明)|存在问题"
)
"""Headers of remarks, folded."""
_PARTS = re.compile(r"[,;。、，；\n()（）【】\[\]]+|(?<!\d)[.:]+|[.:]+(?!\d)")
"""Between what a cell says; not within 2023.5."""
_BRACKET = re.compile(r"[(（\[【]")
_BRACKETS = re.compile(r"[(\[【]([^)\]】]+)[)\]】]")
_WHEN = re.compile(
    r"^(现|现已|目前|目前已|该站|该处|该设施|该小区|设施|房屋|自|从|于|因故|已于|整体|全部|暂时|长期|一直)+"
)
_SINCE = re.compile(
    r"^(自|从|于|已于)?(\d{1,4}([.\-/]\d{1,2}){1,2}[月日]?|(\d{2,4}|今|去|前)年?(\d{1,2}月)?(\d{1,2}日)?)\s*"
    r"(年?初|年?底|年?末)?(起|后|以来|开始|已)?"
)
_THEN = re.compile(r"(于|在|:)?\s*(19|20)\d\d([年月.\-/]\d{1,2}){0,2}[年月日]?$")
"""The day before what happened then (2023.5停用), and behind it (停用于2023年)."""
_AGAIN = re.compile(r"恢复|重新|再次|曾|原|拟|计划|将|除外|以前|之前")
"""Words by which a clause speaks of another time."""
_SIGN_ONLY = re.compile(
    r"(只|仅)(有)?挂(了)?牌(子)?|(已)?挂牌(但)?(未|没有?)(运营|启用|使用|开放|营业)|有牌无.*"
)
_GONE = re.compile(
    r"(已|现)?(对外)?(出租|租给.{1,8})|(已|现)?被.{0,8}(占用|挪用|出租)"
    r"|(已)?(改|用)(为|作|成).{0,6}(超市|商铺|仓库|门面|办公室?|他用)(用房)?"
    r"|(已|现|长期|常年)*(关门|关闭|锁门|倒闭|吊销|撤并|拆迁|征收)|(已|现)?不再?(运营|使用|营业|经营|开放)"
    r"|大门(紧锁|上锁|锁闭)|停业(整顿|装修)|无人(运营|经营|使用)"
    r"|(尚|还)?(未|没有?)(建成|建设|完工|竣工|动工|开工)|因.{1,8}(停用|停运|停业|关闭|闲置)"
)
_UNBUILT = re.compile(
    r"(仍|尚|还|暂)*((在建|正在(建设|施工)|施工中?|建设中|未(竣工|完工|建成|开工))"
    r"(且|并|尚|仍|还|暂)*(未(交付|移交|验收|启用|投用|使用|运营|竣工|完工))*)+"
)
_NOT_HANDED_OVER = re.compile(r"(仍|尚|还|暂)*未(能|正式)?交付(使用)?")
_STATES = re.compile(
    r"(运营|经营|营业|使用|存续|登记|实际|目前|当前|现在|机构|设施|房屋|用房|小区|入住|拆迁|征收|征迁)+"
    r"(状态|状况|情况|现状)"
)
_USES = re.compile(r"(房屋|用房|设施)?(现状|现|目前|当前|实际)(使用|房屋)?用途")
_SERVING = re.compile(
    r"((是否|有无)(已|正常|正在|仍)*|(已|正常|正在|仍)*)"
    r"(运营|在用|使用|启用|投用|投入使用|营业|运行|在营|入住|投入运营)(与否|否|中)?"
)
_ENDED = re.compile(
    r"(是否)?(已|存在)*(停用|闲置|停业|关闭|停办|停运|停止运营|注销|撤销|拆除|拆迁|征收|征迁|挪用|空置"
    r"|烂尾|停工|被占用|改作他用|挪作他用)(情况)?"
)
_ENDS = re.compile(
    r"(停用|停业|关闭|停办|停运|停止运营|注销|撤销|拆除|拆迁|搬迁|关停)(时间|日期|年份|年月|年度)"
)
"""Headers of states, of uses, of yes in use, of yes no more, and of when it ended, folded."""
_FORMER = re.compile(r"原|(以|之|改造|整改)前|去年|上年|历史|曾|计划|拟|预计|去向")
"""In a header: of another time."""
_OTHER_USE = re.compile(
    r"仓库|超市|商铺|商业|门面|门市|出租|库房|办公|住宅|幼儿园|学校|闲置|空置|空房"
)
_OWN_USE = {
    "facilities": re.compile(r"养老|老年|老人|敬老|助老|照料|日托|幸福院|食堂|助餐"),
    "residential": re.compile(r"住"),
}
"""Words by which a use is a layer's own, whatever stands beside: homes with shops are homes."""
_HALTED = re.compile(
    r"(已经?)?(吊销(未注销)?|清算|倒闭|暂停|停止|不在用|停工|烂尾|迁出|搬离|搬迁|没有?入住|未入住|无人居?住)"
)
"""Words of a column of states that no stage has: nobody is there any more, or yet."""
_YEAR = re.compile(r"(19|20)\d\d")
_STANDS = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE})


def readers_against(raw: RawTable, taken: Iterable[str]) -> Mapping[str, Reader]:
    """Return, by header that no column is read from, what finds a word against a row's stage.

    Remarks; states and uses of another name (经营状态, 现状用途); answers (是否在用 否,
    是否停用 是); the day of an end (停用时间).
    """
    read = set(taken)
    free = (header for header in raw.frame if header not in read)
    found = {header: _reader(fold(header), raw.layer) for header in free}
    return {header: reader for header, reader in found.items() if reader is not None}


def _reader(header: str, layer: str) -> Reader | None:
    if _FORMER.search(header):
        return None
    used = partial(_used, own=_OWN_USE[layer])
    named = (
        (REMARKS, contradicted),
        (_STATES, used if "使用" in header else _stated),
        (_USES, used),
        (_SERVING, _denied),
        (_ENDED, _affirmed),
        (_ENDS, _ended),
    )
    return next((reader for names, reader in named if names.fullmatch(header)), None)


def _stated(stage: str | None, cell: object) -> str | None:
    """Return a state of another name that is not the row's: 经营状态 注销."""
    if not _open_to_doubt(stage, cell):
        return None
    said = _SINCE.sub("", _WHEN.sub("", fold(cell))).removesuffix("中").removesuffix("了")
    if stage in {None, Stage.IN_USE} and _HALTED.fullmatch(said):
        return str(cell)
    return contradicted(stage, cell)


def _used(stage: str | None, cell: object, own: re.Pattern[str]) -> str | None:
    """Return a use that is another than the row's: 现状用途 仓库."""
    if not _open_to_doubt(stage, cell):
        return None
    text = fold(cell)
    other = _OTHER_USE.search(text) and not own.search(text)
    return str(cell) if other else contradicted(stage, cell)


def _denied(stage: str | None, cell: object) -> str | None:
    """Return a no to whether the row is in use: rooms handed over need not be."""
    if stage not in {None, Stage.IN_USE} or not _open_to_doubt(stage, cell):
        return None
    return str(cell) if match_word("bool", cell) == "false" else None


def _affirmed(stage: str | None, cell: object) -> str | None:
    """Return a yes to whether the row stands no more, or not yet."""
    return str(cell) if _open_to_doubt(stage, cell) and match_word("bool", cell) == "true" else None


def _ended(stage: str | None, cell: object) -> str | None:
    """Return a year or day on which the row ended."""
    return str(cell) if _open_to_doubt(stage, cell) and _YEAR.search(str(cell)) else None


def _open_to_doubt(stage: str | None, cell: object) -> bool:
    return not is_blank(cell) and (stage is None or stage in _STANDS)


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
    bare = _THEN.sub("", _SINCE.sub("", _WHEN.sub("", part))) or part
    for said in dict.fromkeys((part, bare, bare.removesuffix("中"), bare.removesuffix("了"))):
        meant = match_word("stage", said)
        if meant is not None:
            return meant not in _STANDS
        if _GONE.fullmatch(said) or _SIGN_ONLY.fullmatch(said):
            return True
        if _UNBUILT.fullmatch(said):
            return True
        if _NOT_HANDED_OVER.fullmatch(said):  # accepted and not handed over is no contradiction
            return stage in {None, Stage.HANDED_OVER, Stage.IN_USE}
        if undecided_stage(said):  # handed over and never opened is no contradiction
            return stage in {None, Stage.IN_USE}
    return False
