"""What contradicts a row's stage: 备注 says 已停用 where 状态 says 运营, 是否在用 says 否.

Or what says that part of the rooms serves nobody: 二楼出租, 部分闲置. Nothing else is read, nor any
other column that nothing is read from: a row that says two things of itself is not known to be
either.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from lifecircle.intake.ledger.cells.ended import (
    ANOTHER_TIME,
    STANDS,
    contradicted,
    denies,
    is_over,
    open_to_doubt,
    parts_of,
    without_when,
)
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lifecircle.sources.tables.files import RawTable

__all__ = [
    "REMARKS",
    "in_brackets",
    "is_heard",
    "is_of_rooms",
    "is_own_use",
    "readers_against",
    "readers_of_figures",
    "readers_of_parts",
    "unheard",
]

Reader: TypeAlias = "Callable[[str | None, object], str | None]"
"""From a row's stage and a cell to the part of the cell that says another stage."""

REMARKS = re.compile(
    r"(备注|说明|附注|注)(说明|信息|栏)?|(基本|情况|现状|运营|使用|其他|其它|状态|补充|有关|存在)"
    r"{0,2}(说明|备注|情况说明)|存在问题"
)
"""Headers of remarks, folded."""
_HEARD = frozenset({"residential", "facilities", "exemptions", "plots", "planned"})
"""Tables whose rows are read by what they remark of themselves."""
_BRACKET = re.compile(r"[(（\[【]")
_BRACKETS = re.compile(r"[(\[【]([^)\]】]+)[)\]】]")
_WHERE = (
    r"(其中|有|仅|约)*([第负]?[一二三四五六七八九十\d]+([至到\-~、][一二三四五六七八九十\d]+)?[层楼]"
    r"|[底顶上下][层楼]|(少|大)?部分|一半|个别|[东西南北]侧|([一二两三四五六七八九十几]+|\d+)间"
    r"|\d+(\.\d+)?(平方米|平米|m2|平))的?(房间|房屋|用房|区域|面积|楼层|场地|空间|房|屋)?"
)
_OF_ROOMS = re.compile(_WHERE)
_PART_OUT = re.compile(
    rf"{_WHERE}(已|现|目前|长期|暂时|暂|仍|处于|对外|正在)*(闲置|空置|空着|停用|未用|未使用|未启用|未投入使用|未开放"
    r"|不使用|关闭|占用|挪用|(出租|转租|外租|租)(给.{1,8}|他人|商户|个人|企业)?|被.{0,8}(占用|挪用|使用|租用)"
    r"|(装修|改造|维修|修缮)(?=中)|(为|是|系).{0,6}(办公|仓库|库房|商铺|超市|门面|物业|(居|村)委会)(使?用|用房|室)?"
    r"|(改|用|作)(为|作|成|于)(?!.*(养老|老年|老人|助老|为老|照料|托老|日托|助餐|食堂|餐厅|康复|休息|活动室|棋牌|阅览|理疗|护理)).{1,10}"
    r"|被?挪(用)?(作|为|做|给).{1,10}|堆(放|满)(着|了)?.{1,6})(中|状态)?"
    rf"|(已|现)?被.{{0,8}}(占用|挪用|借用|租用)(了)?{_WHERE}"
    rf"|半闲置|(已|现)?(对外)?(闲置|空置|出租|转租)(了)?{_WHERE}"
    r"|(其中|其|实际|仅|只有|含)+(社区|居家)*(养老|老年|为老|助老|日间照料)(服务)?(用房|用|面积|部分|场所)*(约|仅|为|占)*"
    r"\d+(\.\d+)?(平方米|平米|m2|平)(左右)?"
    r"|仅([一二三四五六七八九十\d]+|[底顶])[层楼]"
    r"|(仅|只)(有|用|使用|在)*([一二三四五六七八九十\d]+|[底顶])[层楼](在用|使用|开放|运营|启用|投用)"
    r"|(仅|只)(有)?(用|使用|启用|开放|投用)(了)?([一二三四五六七八九十\d]+|[底顶])[层楼]"
)
"""Part of the rooms that serves nobody: 二楼出租, 部分闲置, 其中30平方米被占用."""
_TO_BE_MEASURED = re.compile(
    r"(该站|该处|房屋|用房|设施|建筑|建设|使用|实际|具体)*面积(数据)?(有误|不准确?|不实|存疑|虚[报高]|估算|目测|暂估|不详|不明|不清楚?|有(争议|出入)"
    r"|(仍|尚|还|暂|正)*(待|未|需|在)(进一步|重新|现场)*(测绘|测量|实测|复测|核实|核定|核对|核查|复核|确认|确定|定|认定)+(中)?"
    r"|(数|数据|均|都)*(为|是|系|按|采用)?(估算|估计|目测|大概|概数|约数|暂估|预估|暂定)(的)?(数|值|数据|面积)?"
    r"|(数|数据)?(为|是|系|按|采用)(规划|设计|图纸|合同|暂定|预估|估算?|估计)(上的|的)?(数|值|面积|数据|数值)?)"
    r"|(估算|估计|预估|暂估|目测|暂定)的?(建筑|使用)?面积"
    r"|(建筑|总)*(面积)?(内|中)?(含|包含|包括|连同|算上|计入)(了)?(室外|户外|露天|院落|院子|院内|庭院|绿地|绿化|广场|停车|车位|场院|空地)"
    r"(活动)?(场地|面积|场所|用地|空间)?(约)?(\d+(\.\d+)?(平方米|平米|平方|平|m2))?(在内)?"
)
"""What takes back the floor area of the row: 面积待测绘."""


def unheard(headers: Iterable[str], layer: str) -> list[str]:
    """Return the headers that are not remarks which are held against their rows."""
    return [h for h in headers if layer not in _HEARD or not REMARKS.fullmatch(fold(h))]


def is_heard(layer: str, header: str) -> bool:
    """Return whether a header is one of states, uses or answers that rows are held against."""
    return layer in _OWN_USE and _reader(fold(header), layer) is not None


def is_of_rooms(layer: str, header: str) -> bool:
    """Return whether such a header is of the place itself: not of the firm that is registered."""
    return is_heard(layer, header) and not _REGISTERED.search(fold(header))


def is_own_use(layer: str, header: str, part: str) -> bool:
    """Return whether a part is no more than a yes or no to a header, or a use that is its own."""
    name = fold(header)
    if _SERVING.fullmatch(name) or _ENDED.fullmatch(name):
        return match_word("bool", part) is not None
    used = _USES.fullmatch(name) is not None
    return used and _OWN_USE[layer].search(part) is not None and not _PART_OUT.fullmatch(part)


_STATES = re.compile(
    r"(运营|经营|营业|使用|存续|登记|实际|目前|当前|现在|机构|设施|房屋|用房|小区|入住|拆迁|征收|征迁)+"
    r"(状态|状况|情况|现状)"
)
_REGISTERED = re.compile("登记|存续")
_USES = re.compile(r"(房屋|用房|设施)?(现状|现|目前|当前|实际)(使用|房屋)?用途")
_SERVING = re.compile(
    r"((是否|有无)(已|正常|正在|仍)*|(已|正常|正在|仍)*)"
    r"(运营|在用|使用|启用|投用|投入使用|营业|运行|在营|入住|投入运营)(与否|否|中)?"
)
_ENDED = re.compile(
    r"(是否)?(已|存在)*(停用|闲置|停业|关闭|停办|停运|停止运营|注销|撤销|拆除|拆迁|征收|征迁|挪用|空置"
    r"|烂尾|停工|被占用|改作他用|挪作他用)(情况)?"
)
"""Headers of states, of uses, of yes in use and of yes no more, folded."""
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
_BEFORE = re.compile(
    r"(拟建|筹建|待建|在建|未建成|未开工|闲置|空置|停用|停业|停办|关停|撤销|注销|拆除"
    r"|规划(?!路|街|道|巷|馆|区|局|院|展|设计|中心|社区|.{0,4}[路街巷])(中的|的)?)"
)
"""Stages that stand right before a name: 拟建东关日间照料中心, but 规划路社区 is an address."""
_OF_A_NAME = re.compile(
    r"筹([建备办]?(处|组|办公室)?)?(中|期间|阶段)?|装修(中|期间)?|(改造|维修|搬迁|整改)中|选址(中|地块)?|作废|重复"
)
"""What a name is followed by, in brackets or not, that no place in use is called."""
_OF_BEFORE = "为作成于"
"""Signs that belong to what stands before them: 育成学校宿舍, 为民服务中心, but 现为学校."""
_LONGEST_BEHIND = 6
"""Signs that a stage behind a name has at most: 东关日间照料中心暂停运营, 东关站-拆除."""


def readers_against(
    raw: RawTable, taken: Iterable[str], named: Iterable[str] = ()
) -> Mapping[str, Reader]:
    """Return, by header that no column is read from, what finds a word against a row's stage.

    Remarks; states and uses of another name (经营状态, 现状用途); answers (是否在用 否,
    是否停用 是). And what the columns ``named`` say of themselves.
    """
    found = {header: _reader(fold(header), raw.layer) for header in _free(raw, taken)}
    return {
        **{header: reader for header, reader in found.items() if reader is not None},
        **dict.fromkeys(named, partial(_named_otherwise, layer=raw.layer)),
    }


def readers_of_parts(
    raw: RawTable, taken: Iterable[str], named: Iterable[str] = ()
) -> Mapping[str, Reader]:
    """Return, by header, what finds part of a facility's rooms out of use; brackets as above."""
    return _of_rooms(raw, taken, named, _part_out)


def readers_of_figures(
    raw: RawTable, taken: Iterable[str], named: Iterable[str] = ()
) -> Mapping[str, Reader]:
    """Return, by header, what finds a facility's floor area still to be found out."""
    return _of_rooms(raw, taken, named, _to_be_measured)


def _of_rooms(
    raw: RawTable, taken: Iterable[str], named: Iterable[str], reader: Reader
) -> Mapping[str, Reader]:
    if raw.layer != "facilities":
        return {}
    told = [
        header
        for header in _free(raw, taken)
        if not _FORMER.search(fold(header))
        and any(names.fullmatch(fold(header)) for names in (REMARKS, _STATES, _USES))
    ]
    bracketed = partial(_bracketed, reader=reader)
    return {**dict.fromkeys(told, reader), **dict.fromkeys(named, bracketed)}


def _bracketed(stage: str | None, cell: object, *, reader: Reader) -> str | None:
    return reader(stage, in_brackets(cell))


def _free(raw: RawTable, taken: Iterable[str]) -> list[str]:
    read = set(taken)
    return [header for header in raw.frame if header not in read]


def _part_out(stage: str | None, cell: object) -> str | None:
    """Return the words that part of the rooms is let, idle or used for something else."""
    if not open_to_doubt(stage, cell):
        return None
    parts = parts_of(cell)
    for n, part in enumerate(parts):
        behind = (one for one in parts[n + 1 :] if not _OF_ROOMS.search(one))  # 一楼恢复运营
        if _PART_OUT.fullmatch(part) and not (ANOTHER_TIME.search(part) or is_over(behind)):
            return part
    return None


def _to_be_measured(stage: str | None, cell: object) -> str | None:
    """Return the words that the floor area is not settled."""
    there = open_to_doubt(stage, cell)
    return next(filter(_TO_BE_MEASURED.fullmatch, parts_of(cell)), None) if there else None


def _reader(header: str, layer: str) -> Reader | None:
    if _FORMER.search(header):
        return None
    used = partial(_used, own=_OWN_USE[layer])
    named = (
        (REMARKS, partial(contradicted, layer=layer)),
        (_STATES, used if "使用" in header else partial(_stated, layer=layer, of=header)),
        (_USES, used),
        (_SERVING, _denied),
        (_ENDED, _affirmed),
    )
    return next((reader for names, reader in named if names.fullmatch(header)), None)


def _stated(stage: str | None, cell: object, *, layer: str, of: str) -> str | None:
    """Return a state of another name (``of``) that is not the row's: 经营状态 注销.

    That a firm is still registered says nothing of rooms that are shut.
    """
    if not open_to_doubt(stage, cell):
        return None if _REGISTERED.search(of) else contradicted(stage, cell, layer=layer)
    said = without_when(fold(cell)).removesuffix("中").removesuffix("了")
    if stage in {None, Stage.IN_USE} and _HALTED.fullmatch(said):
        return str(cell)
    return contradicted(stage, cell, layer=layer)


def _used(stage: str | None, cell: object, own: re.Pattern[str]) -> str | None:
    """Return a use that is another than the row's: 现状用途 仓库."""
    if not open_to_doubt(stage, cell):
        return contradicted(stage, cell)
    text = ",".join(part for part in parts_of(cell) if not _PART_OUT.fullmatch(part))
    other = _OTHER_USE.search(text) and not own.search(text)
    return str(cell) if other else contradicted(stage, cell)


def _denied(stage: str | None, cell: object) -> str | None:
    """Return a no to whether the row is in use: rooms handed over need not be.

    And a yes, where its stage is one of what does not stand.
    """
    if is_blank(cell) or stage in STANDS - {Stage.IN_USE}:
        return None
    denied = "false" if stage in {None, Stage.IN_USE} else "true"
    return str(cell) if match_word("bool", cell) == denied else None


def _affirmed(stage: str | None, cell: object) -> str | None:
    """Return a yes to whether the row stands no more, or not yet."""
    return str(cell) if open_to_doubt(stage, cell) and match_word("bool", cell) == "true" else None


def in_brackets(cell: object) -> str | None:
    """Return what a name or a kind says in brackets: 二站（已停用）; None: nothing."""
    if not isinstance(cell, str) or not _BRACKET.search(cell):  # most say nothing
        return None
    return ",".join(_BRACKETS.findall(fold(cell))) or None


def _named_otherwise(stage: str | None, cell: object, *, layer: str = "") -> str | None:
    """Return what a name or a kind says of another stage than the row's; None: nothing.

    In brackets, or right before or behind it: 拟建日间照料中心, 日间照料中心停用.
    """
    aside = in_brackets(cell)
    said = contradicted(stage, aside, layer=layer)
    if said is not None or is_blank(cell) or (stage is not None and stage not in STANDS):
        return said
    odd = [part for part in (aside or "").split(",") if _OF_A_NAME.fullmatch(part)]
    if odd:
        return odd[0]
    text = _BRACKETS.sub("", fold(cell))
    before = _BEFORE.match(text.removeprefix("已"))
    if before is not None:
        return before[0]
    return next((tail for tail in _tails(text) if _of_no_use(tail, stage)), None)


def _tails(text: str) -> Iterator[str]:
    """Yield the ends of a name, the longest first, but those that begin within a word."""
    ends = (text[-n:] for n in range(_LONGEST_BEHIND, 1, -1) if n < len(text))
    yield from (tail for tail in ends if tail[0] not in _OF_BEFORE)


def _of_no_use(tail: str, stage: str | None) -> bool:
    return _OF_A_NAME.fullmatch(tail) is not None or denies(tail, stage)
