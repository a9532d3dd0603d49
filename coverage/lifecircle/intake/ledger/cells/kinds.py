"""The kinds that a cell names, and what else it says: 养老院s is read, 非养老机构 is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, kinds, kinds_apart, nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NamedKinds", "nearest_kind", "read_kinds"]

_DENIED = re.compile(
    r"(非|不是|不属于?|不含|不包括|没有|无"
    r"|(儿童|少儿|婴幼儿|幼儿|孤儿|未成年人|残疾人|智障|精神障碍者?)(社会)?)$"
)
"""What stands before a name that is not meant: by 不是, or since it is a house for others."""
_TURNED = re.compile(
    r"(?P<ahead>拟|计划|将|准备|预备|规划|待)?(已|后|现|整体|后来)*"
    r"((改|转|变更?|更名|调整|置换|转型|转换)(造|建|设|办|用|变|换|名|扩建)*(为|成|作|做)|[(,]?现(为|系|作|用作|已?改)"
    r"|[(,]现(?!有))"
)
"""Words between what a house was and what it is now, or is to be. 提升为 adds to what it was."""
_TURNED_FROM = re.compile(r"(由|将|把|利用|原|原为|原系|原是)$")
_TURNED_BACK = re.compile(
    r"(改|转|变更?|调整|置换)(造|建|设|办|用|变|换|扩建)*(而成|而来|成|来|\)|,|$)"
)
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
    (敬老院旧址, 养老院食堂), may make it another thing. A kind that is denied (非养老机构) is none.
    A service that may be a kind (助餐) says nothing alone.
    """
    named, around = kinds_apart(text)
    meant = _meant(named, around)
    over = [named[n][1] for n in sorted(_gone(named, around))] if meant else []
    over += (part for n, stretch in enumerate(around) for part in _passed_over(stretch, n > 0))
    listed = [*_items(around[1:])] if meant else []
    perhaps = {key: kinds()[key].perhaps for key, _ in meant}
    keys = frozenset(perhaps) - {key for key, other in perhaps.items() if other in perhaps}
    return NamedKinds(
        keys,
        tuple(name for _, name in meant),
        tuple(part for part in over if part not in listed),
        tuple(listed),
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

    A 敬老院 stays one whatever it was turned into, beside that (A38). What is only meant to be
    turned into another is still what it was.
    """
    was, ahead = set[int](), set[int]()
    for n, stretch in enumerate(around[1:], start=1):
        turned = _TURNED.search(stretch)
        if turned and turned["ahead"]:
            ahead |= set(range(n, len(named)))
        elif turned:
            was |= set(range(n))
        if _TURNED_FROM.search(around[n - 1]) and _TURNED_BACK.match(stretch):
            was.add(n - 1)
        if n > 1 and around[n - 1].endswith("原"):
            was.add(n - 1)
    if len(named) > 1:
        was -= {n for n, (key, _) in enumerate(named) if key == "care_home"}
    return was | ahead


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
