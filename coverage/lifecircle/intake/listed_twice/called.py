"""What rooms are called: the words of a name that say whose they are, and those about them.

阳光花园小区日间照料中心 and 曹城街道阳光花园老年人日间照料中心 are called after one estate, in the
ledger of one office so, in another's so.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.account.estates.beside import is_of_care
from lifecircle.intake.listed_twice.rows import plain
from lifecircle.model.dictionary import fold, kinds

if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

    Row = dict[Hashable, Any]

__all__ = [
    "MARKS",
    "PART",
    "Core",
    "core_of",
    "digits",
    "estate_called",
    "kinds_alike",
    "named_alike",
    "spelled",
]

_BRACKETED = re.compile(r"[(\[【〔「<《]([^()\[\]【】〔〕「」<>《》]*)[)\]】〕」>》]")
MARKS = re.compile(r"[()\[\]【】〔〕「」<>《》·・\-—_/、,.]")
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
PART = re.compile(r"([a-z\d十东西南北负]+)(号楼|楼|层|栋|幢|单元|室|号院|侧|区|期)")
"""Where in a house or yard: 一楼, 3号楼, 东侧."""
_COUNTY = re.compile(r"(?:.{2,4}?省)?(?:.{2,3}?市)?.{1,3}?县(?=..)")
_TOWN = re.compile(r"(?P<town>.{2,4}?)(?:街道办事处|街道办|街道|镇|乡)(?=..)")
_COMMUNITY = r"(?:社区居委会|社区|居委会|村委会|村)(?=..)"
_ENDS = re.compile(r"(?<=..)(?:住宅小区|居住小区|小区|住宅区|居住区|社区|居委会|村委会|(?<!新)村)$")
_SAYS_LITTLE = re.compile(
    r"(?:小区|社区|村|镇|街道|乡|县级?|花园|家园|花苑|新村|新区|公寓|住宅|本|农村)?"
)
_OF_A_PLACE = re.compile(r"(?:农村|社区|村级?|乡镇|镇街|镇|街道|县级?|市级?)(?=..)")
"""Begins of kinds' names that are a place's too: 王庄村幸福院 is 王庄村's."""
_SAID_OR_NOT = re.compile(r"社区|农村|老年人|老年|老人|性|中心$")
"""Words of kinds that one ledger writes, and another leaves out."""
_KIND_WORDS = (
    "养老|助老|为老|敬老|孝老|老年人|老年|老人|长者|助餐|就餐|配餐|助浴|日间|日照|日托|托老所|照料|照护|护理|康复|居家"
    "|嵌入式|活动|综合|区域性|区域|互助|公益|服务|驿站|站点|站|中心|点|室|食堂|餐厅|饭堂|餐桌|场所|设施|用房|机构|院|所"
)


def digits(text: str) -> str:
    """Return a text with its small numbers as digits: 三号楼 as 3号楼."""
    return text.translate(_NUMERALS)


def spelled(name: str) -> tuple[str, str, str]:
    """Return a name without brackets, without what stands in them, and that.

    What says a part of the house in brackets (二楼, 东区) is said of the place.
    """
    folded = fold(name)
    inside = [text for text in _BRACKETED.findall(folded) if not PART.search(digits(text))]
    short = _BRACKETED.sub(lambda one: "" if one[1] in inside else one[1], folded)
    return MARKS.sub("", folded), MARKS.sub("", short), "".join(inside)


def named_alike(one: Row, other: Row) -> bool:
    """Return whether two rows have one name, but for brackets; or neither has one."""
    names = [plain(row.get("name")) for row in (one, other)]
    if None in names:
        return names == [None, None]
    mine, theirs = (spelled(str(name)) for name in names)
    return mine[0] == theirs[0] or (mine[1] == theirs[1] and not (mine[2] and theirs[2]))


def kinds_alike(one: Row, other: Row) -> bool:
    """Return whether two rows are of the same kinds, or one of a kind that is not known."""
    mine, theirs = (frozenset(row.get("kinds") or {"other"}) for row in (one, other))
    return mine == theirs or "other" in mine or "other" in theirs


def estate_called(name: object) -> str:
    """Return what an estate is called without 小区 and marks."""
    return _ENDS.sub("", MARKS.sub("", fold(str(name))))


class Core(NamedTuple):
    """What is left of a name: whose rooms it says these are, what for, and the town before it."""

    core: str
    kind: str
    town: str | None


def core_of(row: Row) -> Core | None:
    """Return what a row's name says but for county, town, kind, 小区 and 社区.

    None where that is nothing: 日间照料中心, 幸福院, 便民服务站. 孝直镇敬老院 is the town's.
    """
    name = plain(row.get("name"))
    if name is None:
        return None
    rest = digits(spelled(str(name))[1])
    if county := _COUNTY.match(rest):
        rest = rest[county.end() :]
    said = _TOWN.match(rest)
    town = said["town"] if said else None
    core = _without_kind(rest[said.end() :] if said else rest, row.get("community"))
    if core is None and town is None:
        return None
    kind = _kinds_at_end().search(rest)
    return Core(core or str(town), _SAID_OR_NOT.sub("", kind[0]) if kind else "", town)


def _without_kind(text: str, community: object) -> str | None:
    """Return a name without the words of its kind, and without its community before an estate's."""
    stem = _ENDS.sub("", digits(str(plain(community) or "")))
    said = stem and re.match(re.escape(stem) + _COMMUNITY, text)
    for one in ([text[said.end() :]] if said else []) + [text]:
        bare = _kinds_at_end().sub("", one)
        short = _ENDS.sub("", _ENDS.sub("", bare))
        if _says_much(short):
            return short
        if bare != short and _SAYS_LITTLE.fullmatch(short) is None:
            return f"{short}小区"  # whose 幸福 alone is any place's
    return None


def _says_much(text: str) -> bool:
    return len(text) > 1 and _SAYS_LITTLE.fullmatch(text) is None and not is_of_care(text)


@cache
def _kinds_at_end() -> re.Pattern[str]:
    """Return the words of kinds at the end of a name."""
    names = {
        _OF_A_PLACE.sub("", fold(alias))
        for spec in kinds().values()
        for alias in (*spec.aliases, *spec.offered)
    }
    told = sorted(map(re.escape, filter(None, names)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(told)}|{_KIND_WORDS})+$")
