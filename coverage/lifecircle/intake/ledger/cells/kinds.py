"""The kinds that a cell names, and what else it says: 养老院s is read, 非养老机构 is none."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, kinds, kinds_apart, nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NamedKinds", "nearest_kind", "read_kinds"]

_DENIED = re.compile(
    r"(非|不是|不属于?|不含|不包括|没有|无|(已|现|暂)*(取消|停办|停止|撤销|关闭|暂停|停用)(了)?|(尚|暂|还)?未(设立?|开办?|建成?|配建?|提供|开展|设置)"
    r"|(儿童|少儿|婴幼儿|幼儿|孤儿|未成年人|残疾人|智障|精神障碍者?)(社会)?)$"
)
"""What stands before a name that is not meant: by 不是, or since it is a house for others."""
_TURNED = re.compile(
    r"(?P<ahead>拟|计划|将|准备|预备|规划|待)?(已|后|现|整体|后来)*"
    r"((改|转|变更?|更名|调整|置换|转型|转换|转变|替换|合并|整合|归并|(重|翻|新)建)"
    r"(造|建|设|办|用|变|换|名|扩建)*(为|成|作|做)|[(,]?现(为|系|作|用作|已?改)"
    r"|[(,]现(?!有)|(并入|并至)|改(?=食堂|餐厅|饭店|超市|仓库|办公|商铺|卫生|学校|幼儿园|宿舍|他用))"
)
"""Words between what a house was and what it is now, or is to be. 提升为 adds to what it was."""
_TURNED_INTO = re.compile(
    r"^(已|现|后)*((?<!扩)改(造|建|设|办)?(?<!扩建)了?|现|变|→|-+>|=+>|⇒)$|[(,](已|现|后)*改(造|建|设|办)?了?$"
)
"""The same right between two names: 日间照料中心改助老食堂."""
_AHEAD = re.compile(
    r"(拟|计划|将|准备|预备|规划|待|预计|后期|远期|未来)(于?\d{4}年?(\d+月)?)?"
    r"(新建|改建|改造|改|建设?|增设|新增|增加|开办|开设|设立|设|配建|配套|引入|引进|增|转)(一?[个处所座]|为|成)?$"
)
"""What stands before a kind that a house is to have, and has not: （拟建助老食堂）."""
_TURNED_FROM = re.compile(r"(由|将|把|利用|原|原为|原系|原是|旧)$")
_TURNED_BACK = re.compile(
    r"(改|转|变更?|调整|置换)(造|建|设|办|用|变|换|扩建)*(而成|而来|成|来|的|\)|,|$)"
)
_WAS = re.compile(
    r"((?<![一-鿿])[原旧]|原来?(为|系|是)|前身(为|系|是)?|曾经?(为|系|是|用作)|(以|之)前(为|系|是))$"
)
"""What stands before what a house was, told besides what it is; 高原 is a place."""
_SITE = re.compile(r"(的)?(旧址|原址|遗址|(的)?基础)(上|内|之上)?")
"""What stands behind a house that is no more where another was built."""
_NO_MORE = re.compile(
    r"(已|现|暂|目前|尚|还|仍|正)*(停用|停办|停业|停运|取消|关闭|撤销|暂停|拆除|闲置|未(启用|开|运营|建|投用)|在建|拟建|筹建|待建|规划中)"
)
"""What stands behind one of several kinds that a house no longer is, or not yet."""
_DOUBTED = re.compile(
    r"^(可能|也许|疑似?|好像|似乎|应该|估计|不确定|是否)|[?]$|[(,]?(存疑|待核[实查对]?|待确认|不确定|待定|疑似)\)?$"
)
"""What makes a kind no more than a guess: 养老院？, 疑似日间照料中心."""
_LIVED_IN = frozenset(
    {"county_centre", "regional_centre", "township_centre", "nursing_institution"}
)
"""Kinds that a 敬老院 may become and still be one (A38): it takes in those it took in."""
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_SIGNS = re.compile(r"[-\s、,，;；/\\|+&和与及兼或:：.。·()\[\]【】〔〕“”\"'‘’_~—–]+")
_LISTS = re.compile(r"[、,;/+&]")
"""Signs by which a cell lists one kind beside another."""
_ODD = re.compile(r"[0-9a-z?*#@!$%^=<>]")
_NOTHING_MORE = re.compile(
    r"[甲乙丙丁]|[一二三四]期|等?(类型?|型|机构|设施|场所|项目|服务|用房|站?点|处|所|室)*"
)
"""What stands behind a kind's name and says no more than it (no brackets, no signs)."""
_SERVICES = re.compile(
    "(助(浴|洁|医|行|急|购|乐|学)|理疗|康复(训练|护理|保健)?|保健|康复理疗|棋牌|健身|阅览|书画|休闲|医养结合"
    "|(文化|文体)?娱乐|文娱|文化|文体|(文化|文体|文娱|娱乐)活动|(居家)?上门|居家"
    "|日(间)?托(管)?|(短|临)(期|时)?托(养)?|短期照护|喘息|(专业|生活|日常)?(护理|照护|照料|陪护)"
    "|(心理|精神)(慰藉|疏导|咨询|关爱|支持)|健康(管理|监测|咨询|讲座|指导)|志愿|家政|代办|(探访|巡访)(关爱)?"
    ")(服务)?"
)
"""What is done in a house by day, or for some nights: no kind of its own. 全托 may be a home."""
_WHOSE = re.compile("(公|民|社会|私|国)(办|营|建)(公助|(公|民)(办|营))?(机构)?|非?营利性?(机构)?")
"""An item that says who keeps the house."""


@dataclass(frozen=True, slots=True)
class NamedKinds:
    """What a cell says of kinds.

    Parameters
    ----------
    keys
        The kinds it names and does not deny; empty where none is known.
    names
        How it calls them, folded, in its order.
    over
        What else it says that may make it another thing, folded; empty where nothing.
    listed
        Items beside the names that name no kind anybody knows, folded: 孝善食堂 of
        日间照料中心、孝善食堂.
    """

    keys: frozenset[str]
    names: tuple[str, ...]
    over: tuple[str, ...]
    listed: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Names among these that may be of a kind, and may be no more than a service: 助餐."""


def read_kinds(text: object) -> NamedKinds:
    """Return the kinds that a cell names, and the words that are passed over.

    Before a name a place or an owner stands, in brackets what the house was or who runs it: they
    are no part of the kind. Letters, digits and marks anywhere, and words right behind a name
    (敬老院旧址, 养老院食堂), may make it another thing. A kind that is denied (非养老机构) is none,
    nor one that is a guess (养老院？): it may be another.
    A service that may be a kind (助餐) says nothing alone.
    """
    named, around = kinds_apart(text)
    meant = [] if _DOUBTED.search(fold(text)) else _meant(named, around)
    over = [part for n, stretch in enumerate(around) for part in _passed_over(stretch, n > 0)]
    if not meant:
        return NamedKinds(frozenset(), (), tuple(over))
    over = [*(named[n][1] for n in sorted(_gone(named, around))), *over]
    listed = (*_items(around[1:]),)
    perhaps = {key: kinds()[key].perhaps for key, _ in meant}
    keys = frozenset(perhaps) - {key for key, other in perhaps.items() if other in perhaps}
    return NamedKinds(
        keys,
        tuple(name for _, name in meant),
        tuple(part for part in over if part not in listed),
        listed,
        tuple(name for key, name in meant if key in keys and perhaps[key]),
    )


def _meant(named: tuple[tuple[str, str], ...], around: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the kinds named that are not denied; none where all are services that may be one."""
    if len(named) == 1 and around[0] == "原":  # what it was; beside another it is kept (A38)
        return []
    gone = _gone(named, around)
    meant = [
        one
        for n, (one, before) in enumerate(zip(named, around[:-1], strict=True))
        if n not in gone and not _DENIED.search(before)
    ]
    return [] if all(kinds()[key].perhaps for key, _ in meant) else meant


def _gone(named: tuple[tuple[str, str], ...], around: tuple[str, ...]) -> set[int]:
    """Return which names are of what a house was, or is to be: it was turned into another.

    A 敬老院 stays one beside a centre or a home that it was turned into (A38), but as a canteen it
    is none. What is only meant to be turned into another is still what it was.
    """
    was, ahead = set[int](), set[int]()
    for n, (before, stretch) in enumerate(itertools.pairwise(around), start=1):
        last = n == len(named)
        turned = _TURNED.search(stretch)
        if (turned and turned["ahead"]) or (not last and _AHEAD.search(stretch)):
            ahead |= set(range(n, len(named)))
        elif turned or (not last and _TURNED_INTO.search(stretch)):
            was |= set(range(n))
        if _is_former(before, stretch, first=n == 1, last=last):
            was.add(n - 1)
    now = {key for n, (key, _) in enumerate(named) if n not in was | ahead}
    if now & _LIVED_IN:
        was -= {n for n, (key, _) in enumerate(named) if key == "care_home"}
    return was | ahead


def _is_former(before: str, stretch: str, *, first: bool, last: bool) -> bool:
    """Return whether what stands around a name says that a house was that once."""
    bracketed = not first and before.endswith("(")
    if _TURNED_BACK.match(stretch) and (bracketed or _TURNED_FROM.search(before)):
        return True
    if not first and _WAS.search(before):
        return True
    if not last and _SITE.match(stretch):
        return True
    return not (first and last) and _NO_MORE.match(stretch) is not None


def _items(stretches: tuple[str, ...]) -> Iterator[str]:
    """Yield the items of a list that have no name of a kind in them.

    What stands right behind a name is of it, and right before the next one of that.
    """
    for n, stretch in enumerate(stretches, start=1):
        parts = _LISTS.split(_ASIDE.sub(" ", stretch))
        for part in parts[1:] if n == len(stretches) else parts[1:-1]:
            said = part.strip(" ()[]")
            plain = (_NOTHING_MORE, _WHOSE, _SERVICES)
            if said and not any(words.fullmatch(said) for words in plain):
                yield said


def _passed_over(stretch: str, behind: bool) -> Iterator[str]:  # noqa: FBT001
    """Yield what a stretch between names says that nobody reads; ``behind``: after a name."""
    bare = _ASIDE.sub(" ", stretch)
    close = behind and not _SIGNS.match(bare)
    for n, part in enumerate(filter(None, _SIGNS.split(bare))):
        if _ODD.search(part) or (close and n == 0 and not _NOTHING_MORE.fullmatch(part)):
            yield part


def nearest_kind(text: object) -> str | None:
    """Return the name of a kind that a cell nearly says, or None."""
    aliases = {
        fold(alias): alias
        for kind in kinds().values()
        if not kind.perhaps
        for alias in kind.aliases
    }
    near = nearest_word(text, aliases)
    return aliases[near] if near else None
