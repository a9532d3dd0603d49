"""Phrases of records that say more than they name: 东苑等3个小区, 全镇, 除东苑外."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.intake.joins.lists import each_name
from lifecircle.intake.joins.served import served
from lifecircle.intake.ledger.values import split_serves
from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lifecircle.intake.ledger.rows import Ledger

__all__ = [
    "AND_MORE",
    "ANYBODY",
    "AROUND",
    "BUT",
    "FROM_TO",
    "IN_TOWN",
    "LIKE_AN_ESTATE",
    "LOCAL",
    "OF_UNIT",
    "PARTS",
    "STRETCH",
    "TOWARDS",
    "TOWN",
    "TOWNSHIP",
    "WHOLE",
    "WITHOUT",
    "More",
    "Part",
    "named_in",
    "not_meant",
    "rejoined",
    "without",
]

Part = tuple[str, str | None]
"""A name in a record, and the m² written with it."""

_HOMES = (
    r"(?:的)?(?:全部|所有|各|几个|多个|\d+个?|[一二两三四五六七八九十几多数]+个?)?"
    r"(?:(?:住宅|居住|居民)?小区|(?:住宅|居住|居民)区|社区|村居|居民|老年人|老人|群众|区域|地|处|村|[及和、])*"
)
AROUND = re.compile(
    rf"(?P<named>.*?)(?:以及|及其?|和|与|[、,/])?"
    rf"(?:其他|其它|其余|周边|周围|四周|附近|邻近|临近|相邻|毗邻|就近|一带)"
    rf"(?:约?\d+(?:\.\d+)?(?:公里|千米|米)(?:以?内|范围内?)?)?{_HOMES}"
)
_SIDE = r"(?:东[南北]?|西[南北]?|南|北)"
TOWARDS = re.compile(
    rf"(?P<of>.*?)(?P<with>以及|及其?|和|与|[、,/])?"
    rf"(?:(?P<from>[以之]){_SIDE}|{_SIDE}?(?:沿线|沿街|两侧|一带)|{_SIDE}(?:侧|面|边|部|片区?|方向)"
    rf"|(?<=[及其和与、,/]){_SIDE})(?:片区?|部|侧|面|一带|沿线|方向|区域|范围)*{_HOMES}"
)
"""On one side of an area, or of a street: 东园及以北, 东园以东一带, 人民路以南."""
STRETCH = re.compile(
    rf"(?:从|自|由)?(?P<first>.+?)(?:至|到|[-~—–]+)(?P<last>.+?)(?P<all>之间|沿线|一带|段|范围)?{_HOMES}"
)
"""From one area, or street, to another: 东园至西园之间."""
AND_MORE = re.compile(rf"(?P<named>.*?)等+(?:周边|附近)?{_HOMES}")
WHOLE = re.compile(
    rf"(?:全|本|整个|所在|该|我|所属|所辖)?"
    rf"(?:(?P<level>镇|乡|街道|办事处|社区|村|县)|(?P<within>辖区|镇域|镇区|全域))"
    rf"(?:内|辖区|范围内?)*{_HOMES}"
)
_UNIT_ENDS = r"(?:居民|村民)委员会|[居村]委会?|街道办(?:事处)?|办事处|街道|镇|乡|社区|行政村|村"
OF_UNIT = re.compile(
    rf"(?P<unit>\d{{12}}|\d{{9}}|.+?(?:{_UNIT_ENDS}))(?:内|辖区|范围内?|全域)*{_HOMES}"
)
TOWNSHIP = re.compile(r"(?:街道办(?:事处)?|办事处|街道|镇|乡)$")
IN_TOWN = re.compile(r"(?P<town>.+?(?:街道办事处|街道|镇|乡))(?P<local>.{2,})")
LIKE_AN_ESTATE = re.compile(r".{2,}(?:社区|居委会?|居民委员会)")
"""A community that has an estate's name before its ending: 南关社区 beside 南关小区."""
BUT = re.compile(
    rf"除(?:了|去|开)?(?P<but>.+?)(?:之|以)?外(?:的?其他|的?其余)?(?:的)?(?:{_HOMES}|(?P<rest>.+))"
    r"|除(?:了|去|开)?(?P<off>[^外]+)"
)
"""Everybody but those named, or all of something: what is like a name in it is not meant."""
WITHOUT = re.compile(
    r"(?P<whole>.*?)[(,]?(?:不(?:含|包括|包含|服务|面向|覆盖)|除去|扣除)(?P<but>[^()]+)\)?"
    rf"|(?P<all>.+?)[(,]?除(?:了|去|开)?(?P<less>[^()]+?)(?:之|以)?外\)?(?:的)?(?P<kind>各期|{_HOMES})"
    r"|(?:(?P<rest>.+?)[(,])?(?P<off>[^()]+?)除外\)?"
)
"""All of something without those named behind it: 青菏街道（不含东苑）, 全镇（东苑除外）."""
_LEFT_OUT = re.compile(r"(?<!不)除|不(?:含|包括|包含|服务|面向|覆盖)|扣除")
_LEFT_OUT_END = re.compile(r"除外|外")
PARTS = re.compile(r"(?:小区)?(?:各|全部|所有)(?:期|区|小区)$")
ANYBODY = re.compile(
    r".*(?:老年人|老人|老龄人口|居民|群众|住户|业主|市民|村民|百姓|人群|人员)"
    r"|(?:困难|低保|低收入|特困|高龄|独居|空巢|留守|孤寡|失能|半失能|失智|残疾|优抚|自理|[及和与])+"
    r"|.*(?:社会|公众|开放|全覆盖)|(?:全|本|整个)[市区域]"
    r"|共?(?:\d+|[一二三四五六七八九十几多数两]+|若干)个?(?:居住|住宅)?(?:小区|社区|村)"
    r"|(?:全部|所有|全体|各个?|每个)(?:的)?(?:(?:居住|住宅)?小区|(?:居住|居民)区|社区|村)?"
    r"|.*(?:片区|城区|县城|开发区|高新区|网格|辖区|范围内?)|不限.*"
    r"|待定|待核实?|未定|(?:暂|尚|还)?(?:未|不)(?:能)?(?:最终)?(?:确定|明确)|待(?:进一步)?(?:确定|明确)"
)
"""People, a part of town, or words for: not yet known. Whom, nobody says."""
FROM_TO = re.compile(r"(?P<of>[a-z]*)(?P<first>\d+)(?:[-~—–]+|至|到)(?P=of)?(?P<last>\d+)")
"""Ids from one to another: R1-R3."""
LOCAL = ("社区", "村")
TOWN = 9


class More(NamedTuple):
    """What a piece of a record says: the areas it ``named``, and those it may mean besides.

    ``but``: names of those that are not meant, as they are said ``of`` something; ``here``:
    whether the area where the rooms stand is meant, whomever besides.
    """

    named: str
    areas: tuple[str, ...]
    but: str = ""
    of: str = ""
    here: bool = True


def named_in(
    more: More, find: Callable[[str], str | None], facilities: Ledger, row: int
) -> list[Part]:
    """Return the areas that a piece names beside what it says more."""
    if not more.named:
        return []
    return served(more.named, lambda one: find(one) is not None, facilities, row)[0]


def not_meant(pieces: Sequence[More | None], find: Callable[[str], str | None]) -> set[str | None]:
    """Return the areas that a record leaves out: 除东苑外, 东苑各期（除一期外）."""
    found: set[str | None] = set()
    for more in pieces:
        for one in [] if more is None or not more.but else _left_out(more, find):
            found.add(find(one))
    return found - {None}


def _left_out(more: More, find: Callable[[str], str | None]) -> list[str]:
    """Return the names that a piece leaves out, with the beginning of whom it names if need be."""

    def known(one: str) -> bool:
        return find(one) is not None

    but = "、".join(one.removeprefix("除") for one, _ in split_serves(more.but))
    ways: list[list[str]] = []
    for end in (0, *range(len(more.of), 1, -1)):
        listed = each_name(f"{more.of[:end]}{but}", known, known)
        ways.append([one for one, _ in split_serves(listed)])
    return next((way for way in ways if all(map(known, way))), ways[0])


def rejoined(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a record, those put together that one bracket or 除…外 is of."""
    found: list[Part] = []
    for text, area in parts:
        before = found[-1][0] if found else ""
        folded = fold(before)
        open_ = folded.count("(") > folded.count(")") and _LEFT_OUT.search(folded)
        open_ = open_ or (
            folded.startswith("除")
            and not _LEFT_OUT_END.search(folded)
            and _LEFT_OUT_END.search(fold(text))
        )
        if open_:
            found[-1] = f"{before}、{text}", area
        else:
            found.append((text, area))
    return found


def without(areas: Iterable[str | None], others: set[str | None]) -> list[str]:
    """Return areas that are known, without some others."""
    return [area for area in areas if area is not None and area not in others]
