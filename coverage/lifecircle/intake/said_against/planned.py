"""What a plot or planned rooms of a proposal say against being built with it: 本期不建, 远期建设.

What a proposal shows is taken as built once it is carried out. What its own row puts off, leaves
out or gives up is not known to be. Of a phase that is the plan's own (新苑二期) nothing is put off
to it, and what another phase leaves out (一期不建) says nothing of this one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.ended import SHUT_SINCE, parts_of, without_when
from lifecircle.intake.ledger.cells.remarked import in_brackets
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["called_phases", "is_built_with", "named_for_later", "named_phases", "put_off"]

_BUILD = r"(建[设成]?|实施|配[建置套]|设置?|安排|考虑|落实|开发|解决|补[建充足]|完善|施工|开工)"
_WHAT = r"(该|此|本|养老|设施|项目|用房|地块|站|内容|部分|工程)*"
_LATER = (
    r"(中?远期|后期|后续|下一?期|第?(?:[2-9]|1\d|[二三四五六七八九十]|[一二三四五六七八九]?十[一二三四五六七八九]?)期"
    r"|以后|今后|将来|日后"
    r"|(下|另)一?(阶段|批次))"
)
_NOT_NOW = re.compile(
    rf"{_WHAT}(本期|本次|此次|第?[1-9一二三四五六七八九十]+期|首期|近期|当前|目前|现阶段|暂时|暂)*(暂不|不予?|未|没有?|暂缓|缓|停){_BUILD}+了?"
    rf"|{_WHAT}(本期|本次|此次|第?[1-9一二三四五六七八九十]+期|首期|近期)(工程|项目|建设)?(不(含|包含|包括|涉及|做)|无){_WHAT}"
    rf"|{_WHAT}(不|未|没有?)(再)?(在|属于?|列入|纳入|计入|包?含在|包括在|含于)+(本|此|该)?(次|期|项目|地块|工程|方案)*"
    r"(的)?(建设|规划|报批|报建|审查|申报|出让|用地|实施|设计|许可)*(范围|内容|方案|计划|许可)?(之?内|中|里)?"
    rf"|{_WHAT}(不再|停缓){_BUILD}+了?|(停|缓)建"
    rf"|(留待|远景|远期)?预留(用地|发展用地)"
    rf"|{_WHAT}(已|拟|可能|现|后|建议|方案|予以)*(取消|删除|删去|作废|撤销|核减|终止|放弃)({_BUILD}+|{_WHAT}|了)"
    rf"|{_WHAT}(是否|能否){_BUILD}+(待定|未定|待(研究|确定|确认|商|核实)|不确定)?"
    rf"|{_WHAT}{_BUILD}+(与否)?(待定|未定|不确定)"
)
"""What leaves out a part of a plan, or gives it up."""
_THEN = re.compile(
    rf"{_WHAT}(由|待|在|于|计划|规划|拟|将|列入|纳入|归入|放到|放在|放|移至|移到|调整?[至到]|改为|改[至到]|随|与)*"
    rf"(?:{_LATER})+(时|再|另行|统一|同步|一并|工程|项目|地块)*({_BUILD}+|预留|规划|用地)?(设施|用房)?"
)
"""What puts a part of a plan off to a later time or phase."""
_PHASE = re.compile(
    r"第?(?<![十\d])([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|\d{1,2})期"
)
_FIRST = re.compile("首期")
_CALLED = re.compile(rf"(?:为|是|属于?|系)?(?:{_PHASE.pattern}|首期)+(?:工程|项目|地块|用地|住宅)*")
"""What says which phase a row is, and nothing else: 二期, 属于二期工程."""
_BUILT_WITH = re.compile(
    r"(与|随|和|同|跟)?(本|该)?(住宅|主体|小区|项目|工程|楼栋|主楼|本期|地块)*(工程|建筑|建设)?"
    r"(同步|同时|一并|统一|一起)+(规划|设计|建设|施工|实施|竣工|验收|交付|移交|配建|投用|投入使用|使用|[、和及])+"
    r"|(本|首)期(建设|实施|配建|开发)|分期(建设|实施|开发)?"
)
"""What says that a row is built with its plan, as is taken of every one."""
_DIGITS = "〇一二三四五六七八九"
_NUMBER = r"(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|\d{1,2})"
_UP_TO = r"[至到~\-—–]+"
_SEVERAL = re.compile(
    rf"第?(?<![十\d])(?:{_NUMBER}(?:期?(?:{_UP_TO}|[、,./+及和与跟]+)第?{_NUMBER})+"
    r"|[一二三四五六七八九]{2,})期"
)
"""Phases named together: 1-3期, 一、二期, 一期至三期, 一二期."""
_ONE_OF_SEVERAL = re.compile(rf"{_NUMBER}|{_UP_TO}")
_PHASES_RUN = re.compile(r"第?[一二三四五六七八九]{2,}期")


def named_phases(texts: Iterable[object]) -> frozenset[int]:
    """Return the numbers of the phases that names speak of: 2 of 新苑二期, 1 and 2 of 一、二期."""
    return frozenset(
        n for text in texts if isinstance(text, str) for n in _phases(_one_by_one(fold(text)))
    )


def called_phases(cell: object) -> frozenset[int]:
    """Return the phases that a remark calls its row, where it says no more: 2 of 二期工程."""
    parts = [] if is_blank(cell) else parts_of(_one_by_one(fold(cell)))
    return named_phases(part for part in parts if _CALLED.fullmatch(part))


def _phases(text: str) -> list[int]:
    numbers = map(_number, _PHASE.findall(text))
    return [*numbers, *([1] if _FIRST.search(text) else [])]


def _number(told: str) -> int:
    """Return what a numeral up to 99, or 九十九, says."""
    if told.isdigit():
        return int(told)
    tens, ten, ones = told.rpartition("十")
    return (10 * _DIGITS.index(tens or "一") if ten else 0) + _DIGITS.index(ones or "〇")


def _one_by_one(text: str) -> str:
    """Return a folded text with phases that are named together named each: 1期2期3期 of 1-3期."""
    return _SEVERAL.sub(lambda one: "".join(f"{n}期" for n in _together(one[0])), text)


def _together(text: str) -> list[int]:
    """Return the phases that one list of them names: all between two that say from and to."""
    if _PHASES_RUN.fullmatch(text):
        return [_number(one) for one in text.removesuffix("期").removeprefix("第")]
    found: list[int] = []
    up_to = False
    for one in _ONE_OF_SEVERAL.findall(text):
        if re.fullmatch(_UP_TO, one):
            up_to = True
            continue
        last, number = found[-1] if found else 0, _number(one)
        found += range(last + 1, number + 1) if up_to and last < number else [number]
        up_to = False
    return found


def is_built_with(part: str) -> bool:
    """Return whether a part of a remark says that a row is built with its plan, or which phase."""
    return any(words.fullmatch(part) for words in (_BUILT_WITH, _CALLED))


def put_off(stage: str | None, cell: object, *, own: frozenset[int] = frozenset()) -> str | None:
    """Return the part of a remark by which a row is not built with its plan; None: none.

    What ends a place (停用, 闲置, 拆除) is no stage of what is planned either. ``own``: the phases
    that the plan is.
    """
    if is_blank(cell) or stage in SHUT_SINCE:  # which counts for nothing already
        return None
    text = fold(cell)
    each = _one_by_one(text)
    found = next((part for part in parts_of(each) if _is_put_off(part, own)), None)
    return found if each == text or found is None else text


def named_for_later(
    stage: str | None, cell: object, *, own: frozenset[int] = frozenset()
) -> str | None:
    """Return what a name or a kind says so in brackets: 养老用房（远期）."""
    return put_off(stage, in_brackets(cell), own=own)


def _is_put_off(part: str, own: frozenset[int]) -> bool:
    bare = without_when(part)
    if match_word("stage", bare) in SHUT_SINCE:
        return True
    phases = own and frozenset(_phases(part))
    mine, others = bool(own & phases), bool(phases - own)
    said = (part, bare)
    now, then = (any(map(words.fullmatch, said)) for words in (_NOT_NOW, _THEN))
    return (now and (mine or not others)) or (then and (others or not mine))
