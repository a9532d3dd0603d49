"""Exemptions whose own row says that they do not hold: 是否有效 否, 审批状态 待批, 备注 已失效.

An answer, a state or a first day of the row decides: the exemption is not in force and its subject
is judged. What only a remark says, or the cell of a reason or paper, contradicts the row: whether
it holds is not known.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from lifecircle.intake.ledger.cells.dates import about_days
from lifecircle.intake.ledger.cells.days_written import last_day
from lifecircle.intake.ledger.cells.figure_names import names_subjects
from lifecircle.intake.ledger.cells.remarked import REMARKS, in_brackets
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["decides", "without_not_held"]

Verdict: TypeAlias = Literal["not_held", "doubted"] | None
Reader: TypeAlias = "Callable[[object, dt.date], Verdict]"

_ITS = (
    r"(该|本|此|项|条|豁免|条款|文件|批文|依据|批复|政策|申请|通知|的"
    r"|上级|省|市|县|政府|民政|厅|局|部门)*"
)
_HOLDS = re.compile(
    rf"{_ITS}(是否|有无)(已|经|仍|然|还|现行|现|当前|继续|正在|获得?|在)*"
    r"(有效期?内?|生效|适用|执行|批准|批复|获批|审批|(审批|审核)?通过|同意|在用|启用|豁免期?内?|采用)"
    rf"|{_ITS}(有效|生效|批准|通过|获批)与?否"
)
_ENDED = re.compile(
    rf"{_ITS}(是否|有无)(已|经|被|予以)*"
    r"(失效|无效|撤销|撤回|作废|废止|终止|取消|到期|过期|逾期|停止|停用|解除|注销)"
)
_STATES = re.compile(
    r"(豁免|批准|审批|审核|审查|批复|申请|办理|有效|生效|效力|执行|文件|依据|当前|目前|现行)*"
    r"(状态|状况|情况|结果|进度|进展|结论|意见)|(豁免|文件)?(有效性|效力)"
)
_FIRST = re.compile(
    r"(豁免|有效|文件|期限|期|的)*"
    r"(生效|起始|开始|起算|起|批准|批复|审批|获批|同意|印发|发文|签发|下发|实施|执行|施行)(日期|时间|日|年月日?)"
    r"|(豁免)?(有效期?)?(起自|自|起)"
)
"""Headers of a yes that it holds or that it ended, of its state, of its first day, folded."""
_OVER = (
    r"(失效|无效|撤销|撤回|作废|废止|终止|取消|过期|到期|逾期|解除|注销|停止执行"
    r"|不再(适用|执行|有效|豁免|享受)(豁免)?)"
)
_NOT_YET = (
    r"((尚|还|暂)?(未|没有?|不)(经|予|能|获|得到)*(生效|批|批准|批复|审批|审核|通过|同意|报批|上报|申请|获批|豁免)"
    r"|待(上级|县|市|省)?(审|批|核|定|办|报|复核|批复|批准|审批|审核|审定|审议|审查|上报)"
    r"|(正在?)?(申请|申报|审批|审核|审查|办理|报批|上报|报审|公示|研究|拟定)中|正在(申请|申报|审批|审核|办理|报批|上报|研究)"
    r"|(拟|准备|计划)(申请|申报|提请|提交|呈报|报请|上报|报|豁免)((省|市|县|区|镇|人民|政府|民政|局|上级|领导|会议?|常务)*"
    r"(批准|审批|审定|审议|研究|同意|批复|豁免|审核))?|(已)?(被)?(驳回|退回|拒绝)|草稿|拟稿|暂停(执行|豁免|适用)?)"
)
_WHEN = (
    r"(自|从|于|已于|现|目前|已经?|均已|业已|被|予以|由)*"
    r"((\d{2,4}|今|去|前)年?(\d{1,2}月)?(\d{1,2}日)?(年?初|年?底|年?末)?(起|后|以来|开始)?)?(已经?|被|予以)*"
)
_DENIED = re.compile(rf"{_ITS}{_WHEN}({_OVER}|{_NOT_YET})(处理|状态|手续|了)?")
_DENIED_WITHIN = re.compile(
    rf"(豁免|文件|批文|依据|批复|政策|条款|申请)[^,]{{0,20}}?({_OVER}|{_NOT_YET})"
)
_OTHER_TIME = re.compile(
    r"曾|恢复|重新|若|如(果|有|发|期)|届时|(到期|期满|取消|撤销|失效)(后|前)|(并|尚)?未(被)?"
    r"(失效|撤销|撤回|作废|废止|终止|取消|过期|到期|逾期)|不(撤销|取消|终止)|将"
)
"""Words by which a part speaks of another time, of a condition, or denies the word after it."""
_AFFIRMED = re.compile(r"有效|生效|批准|批复|通过|同意|适用|执行|在用|正常")
_ENDS = re.compile(r"至|到|截|止|期满")
_OF_PAPER = re.compile(r"之日|即日|当日")
_PARTS = re.compile(r"[,.;:。、，；：\n()（）【】\[\]]+")


def without_not_held(ledger: Ledger, as_of: dt.date) -> tuple[Ledger, Ledger, tuple[Problem, ...]]:
    """Return the exemptions without those that their row calls not in force, these, and problems.

    The column ``denied`` holds the words that call it so, or may, else None.
    """
    raw = ledger.raw
    readers = _readers(ledger)
    denied: list[str | None] = [None] * len(ledger.frame)
    aside, problems = np.zeros(len(ledger.frame), dtype=bool), []
    for header, reader in readers.items():
        cells = raw.frame[header].tolist()
        for row, at in enumerate(ledger.at.tolist()):
            cell = cells[at]
            verdict = None if aside[row] or is_blank(cell) else reader(cell, as_of)
            if verdict is None:
                continue
            said = _shown(cell)
            if verdict == "not_held":
                aside[row], code = True, ProblemCode.EXEMPTION_NOT_HELD
            else:
                code = ProblemCode.EXEMPTION_DENIED
            if aside[row] or denied[row] is None:
                denied[row] = f"{header}：{said}"
            where = {"at": at, "header": header, "value": said, "said": said}
            where |= {"item": str(ledger.frame["id"].iloc[row])}
            problems.append(raw.problem(code, Severity.WARNING, **where))
    frame = ledger.frame.assign(denied=texts(denied, ledger.frame.index))
    ledger = dataclasses.replace(ledger, frame=frame)
    return ledger.without(aside), ledger.without(~aside), tuple(problems)


def _readers(ledger: Ledger) -> dict[str, Reader]:
    """Return header → what its cells say: those that decide before those that contradict."""
    read = set(ledger.headers.values())
    free = [header for header in ledger.raw.frame if header not in read]
    deciding = {header: _deciding(header) for header in free}
    found: dict[str, Reader] = {h: one for h, one in deciding.items() if one is not None}
    found |= {header: _remarked for header in free if REMARKS.fullmatch(fold(header))}
    own = (ledger.headers.get(name) for name in ("reason", "reference"))
    return found | {header: _worded for header in own if header is not None}


def _deciding(header: str) -> Reader | None:
    named = ((_HOLDS, _holds), (_ENDED, _ended), (_STATES, _state), (_FIRST, _begins))
    return next((reader for names, reader in named if names.fullmatch(fold(header))), None)


def decides(layer: str, header: str) -> bool:
    """Return whether a header of exemptions says if they hold, or whom: 审批状态, 小区名称."""
    told = names_subjects(header) or _deciding(header) is not None
    return layer == "exemptions" and told


def _holds(cell: object, as_of: dt.date) -> Verdict:
    """Return what an answer to 是否有效 says; a word that is neither yes nor no leaves it open."""
    answer = match_word("bool", cell)
    if answer is None:
        affirmed = _AFFIRMED.search(fold(cell)) is not None
        return _state(cell, as_of) or (None if affirmed else "doubted")
    return "not_held" if answer == "false" else None


def _ended(cell: object, as_of: dt.date) -> Verdict:
    """Return what an answer to 是否撤销 says."""
    answer = match_word("bool", cell)
    if answer is None:
        return _state(cell, as_of)
    return "not_held" if answer == "true" else None


def _state(cell: object, _as_of: dt.date) -> Verdict:
    """Return what a state says: one that is nothing but a denial decides (待批, 已撤销)."""
    parts = _parts(cell)
    if any(_DENIED.fullmatch(part) for part in parts):
        return "not_held"
    return "doubted" if any(_denies(part) for part in parts) else None


def _begins(cell: object, as_of: dt.date) -> Verdict:
    """Return what a first day says; that of a month or a year may be any of it.

    自批复之日起 names no other day than the paper's, and 长期 none. Behind a first day the last one
    may stand (2020年至2024年): beside 有效期至 it is a remark.
    """
    told = about_days(re.sub(r"^(自|从)", "", cell) if isinstance(cell, str) else cell)
    if told is None:
        plain = _OF_PAPER.search(fold(cell)) is not None or last_day(str(cell)) == (None,)
        return None if plain else _state(cell, as_of) or "doubted"
    first, last = told.days[0], told.days[-1]
    if first.first > as_of:
        return "not_held"
    over = len(told.days) > 1 and last.last < as_of
    return None if first.last <= as_of and not (told.planned or over) else "doubted"


def _remarked(cell: object, as_of: dt.date) -> Verdict:
    """Return whether a remark contradicts the row: it ended, or was never granted."""
    for part in _parts(cell):
        until = last_day(part) if _ENDS.search(part) else None
        over = until is not None and until[0] is not None and until[0] < as_of
        if over or _denies(part):
            return "doubted"
    return None


def _worded(cell: object, _as_of: dt.date) -> Verdict:
    """Return whether a reason or a paper is no such thing (待批), or one no more (…（已废止）)."""
    said = in_brackets(cell)
    parts = [fold(cell), *([] if said is None else _parts(said))]
    return "doubted" if any(_DENIED.fullmatch(part) for part in parts) else None


def _parts(cell: object) -> list[str]:
    return [part for part in _PARTS.split(fold(cell)) if part]


def _denies(part: str) -> bool:
    told = _DENIED.fullmatch(part) or _DENIED_WITHIN.search(part)
    return told is not None and _OTHER_TIME.search(part) is None


def _shown(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else str(cell)
