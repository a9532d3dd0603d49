"""Beside: whether an estate's name, found in a text, is the estate's there, by what is beside it.

人民小区 is what 人民小区3号楼 and 人民小区日间照料中心 speak of. 人民社区, 人民医院, 人民小区对面
are other things, and nobody can list them all: what may stand beside a name that is the estate's
for certain is a short list, and whatever else does leaves open what is meant.
"""

from __future__ import annotations

import re
from functools import cache

from lifecircle.model.dictionary import fold, kinds

__all__ = [
    "NUMERALS",
    "PART",
    "ends_estate",
    "estates_told",
    "is_of_care",
    "is_road",
    "plainly",
    "says_estate",
    "thing_of_its_own",
]

PART = r"(?:期|区|园|苑|院|号院|组团|街坊|地块|标段)"
"""What a part of an estate is called."""
NUMERALS = "〇零一二三四五六七八九"
_SMALL = rf"[{NUMERALS}十\d]"
_IN_IT = (
    rf"第?(?:[a-z甲乙丙丁戊东南西北中前后新老主]|{_SMALL})+{PART}"
    rf"|(?:[a-z]|{_SMALL}|-)+(?:号楼|号院|栋|幢|座|单元|楼|层|室|排|号房|号(?=楼|院|栋|幢|商铺|门))"
    rf"|{_SMALL}+(?:-{_SMALL}+)+号?"
    r"|小区|住宅区|居住区|家属院|院内|区内|内部|内|中心花园|会所|物业(?:用房|楼|服务中心)?|售楼处"
    r"|底商|沿街|临街|商铺|门市|门面|房|底层|首层|地下室|架空层|裙楼|裙房|车库|车棚|综合楼|配套楼|公建|配建|配套|用房"
    r"|大门|正门|[东南西北正侧前后]+大?门|[东南西北中]单元|(?<=[楼层])[东南西北中](?:头|端|户|侧)"
)
"""Parts of an estate, and of its houses."""
_OF_CARE = (
    "养老|助老|为老|敬老|孝老|老年人|老年|老人|长者|助餐|就餐|配餐|助浴|日间|日照|日托|托老|照料|照护|护理|康复|居家"
    "|嵌入式|活动|便民|惠民|幸福|爱心|综合|智慧|星级|示范|标准化|服务|驿站|站点|站|分中心|中心|分站|点|室|食堂|餐厅"
    "|饭堂|餐桌|店|分店|之家|场所|设施"
    "|station|centre|center|rooms?|daycare|care|service|canteen|hall|point|home|senior|elderly"
)
"""Words of a place of care."""
_JOINED = (
    rf"及|和|暨|第{_SMALL}+|{_SMALL}+号?(?=站|点|店|室|分)|\d+号?"
    r"|community(?=care|service|station)|[a-z]$"
)
"""What stands between such words: what numbers and joins them."""
_OF_A_PLACE = re.compile(r"社区|村|镇|乡|街|县|市|区|农村")
"""Begins of kinds' names that may be a community's, or a town's: 社区日间照料中心."""
_OF_COMMUNITY = re.compile("社区")
_COMMUNITYS = r"社区(?=养老|助老|为老|老年|老人|长者|日间|日照|居家|嵌入式)"
"""Begins of what documents call rooms of care, wherever they are: 社区居家养老服务站."""
_ELSEWHERE = re.compile(
    r"对面|旁|附近|周边|之间|中间|交叉|交汇|交界|路口|[东南西北]侧|以[东南西北]|隔壁|斜对|相邻|opposite|nextto|near|between"
)
_MOST = 100
"""Characters before a name, and behind it, that are looked at."""
_ROAD = re.compile(r"(?:大|中|小|东|西|南|北|前|后|环|一|二|三|四)?(?:路|街(?!坊)|道|巷|胡同)")
_BEFORE = re.compile(
    r"(?:^|\W|位于|坐落于|坐落在|县|of|at|for|(?:\w\w(?:省|市|区|镇|乡|街道|办事处|办|社区|村|庄|居委会|村委会|路|街|巷|胡同|道|段)))$"
    r"|[\d〇零一二三四五六七八九十东南西北](?:号|米|侧|角|口)$|(?:路|交叉|交汇|街)(?:口|处)$"
)
_THING = re.compile(
    r"(?:路|街|大道|巷|胡同|社区|村|镇|乡|街道|居委会|村委会|医院|卫生院|学校|大学|学院|中学|小学|幼儿园|公司|集团|市场|广场"
    r"|公园|超市|酒店|宾馆|银行|法院|政府|局|厂)$"
)


@cache
def _chain(*, of_community: bool = False) -> re.Pattern[str]:
    """Return what may follow a name: parts of an estate and words of care, up to its end.

    ``of_community``: kinds whose names begin with 社区 too, behind a name that is no community's.
    """
    names = {
        fold(alias)
        for spec in kinds().values()
        if spec.institution != "always" and (spec.floor_area or spec.may_reach)
        for alias in (*spec.aliases, *spec.offered)
    }
    told = {name for name in names if not _OF_A_PLACE.match(name)}
    if of_community:
        told |= {name for name in names if _OF_COMMUNITY.match(name)}
    plain = sorted(map(re.escape, told), key=len, reverse=True)
    more = (_COMMUNITYS,) if of_community else ()
    words = "|".join((_IN_IT, *plain, *more, _OF_CARE, _JOINED))
    return re.compile(rf"(?:{words})*+(?=\W|$)")


_CARE_WORDS = re.compile(
    rf"(?:{_OF_CARE}|社区|助餐点|小饭桌|康养|颐养|颐和|颐年|夕阳红|关爱|托老所)+"
)
_CARE_BEFORE = re.compile(rf"(?:{_OF_CARE})$")
_ESTATE = re.compile(
    r"(?:小区|花园|[家嘉佳]园|[花嘉佳家雅名]苑|家属[院楼]|宿舍|新村|安置区|国际城|名城|华庭|豪庭|华府|公馆|名邸|名郡)"
)
"""Ends of estates' names by which nothing else is called."""
_SAYS_ESTATE = re.compile(rf"(?:{_ESTATE.pattern}|[苑庭邸郡])$")
_CITY = re.compile(r"(?:名城|国际城)$")
"""Estates so large that communities are called after them."""
_ENDS_ESTATE = re.compile(
    r"(?:小区|(?:住宅|居住|居民|家属|宿舍|生活|安置)区|新村"
    rf"|(?<!城)(?:[a-z东南西北中]|{_SMALL})区)$"
)
"""What districts and villages may end in, and estates and their parts do: 丽水小区, 丽水新村."""
_WORD = 2
_SORT = re.compile(
    r"(?:老旧|老|旧|新建|安置|回迁|商品|棚改|封闭|开放|住宅|居民|居住|单位|本|各|周边|附近|示范|文明)$"
)


def plainly(text: str, start: int, end: int, *, of_community: bool = False) -> bool:
    """Return whether the name at ``start`` to ``end`` of a folded ``text`` is the estate's there.

    Else it may be part of a longer name, of a road's, a community's or a house's, or say only
    what is near. ``of_community``: no community is called so, as far as is known.
    """
    before, after = text[max(0, start - _MOST) : start], text[end : end + _MOST]
    if not _BEFORE.search(before):
        # 养老服务中心小区店 is of no 中心小区
        of_care = is_of_care(text[start:end].removesuffix("小区"))
        if of_care or not _CARE_BEFORE.search(before):
            return False
    said = _chain(of_community=of_community and not _CITY.search(text[start:end])).match(after)
    return said is not None and _ELSEWHERE.search(after[said.end() :]) is None


def is_of_care(stem: str) -> bool:
    """Return whether a name without 小区 is a word of care places: 中心 of 中心小区, 幸福."""
    return _CARE_WORDS.fullmatch(stem) is not None


def says_estate(stem: str) -> bool:
    """Return whether a name without 小区 is an estate's all the same: 阳光花园 of 阳光花园小区."""
    return _SAYS_ESTATE.search(stem) is not None


def ends_estate(text: str) -> bool:
    """Return whether a text ends in what is called as estates are, and their parts: 丽水小区."""
    return _ENDS_ESTATE.search(text) is not None


def is_road(text: str, end: int) -> bool:
    """Return whether what ends at ``end`` is the name of a road, and of nothing else."""
    return _ROAD.match(text, end) is not None


def thing_of_its_own(stem: str) -> bool:
    """Return whether a name without 小区 is another thing's: 人民路 of 人民路小区."""
    return _THING.search(stem) is not None


def estates_told(text: str) -> tuple[str, ...]:
    """Return by which two characters the estates are told apart that a folded ``text`` names.

    Any estates: what is called so, and followed by nothing but what may stand behind an estate's
    name. 阳光 of 阳光花园3号楼; nothing of 幸福家园食堂, nor of 阳光花园对面.
    """
    found: list[str] = []
    for one in _ESTATE.finditer(text):
        head, after = text[: one.start()], text[one.end() : one.end() + _MOST]
        word, said = head[-_WORD:], _chain().match(after)
        if len(word) < _WORD or said is None or _ELSEWHERE.search(after[said.end() :]):
            continue
        if re.search(r"\W", word) or _SORT.search(head) or _CARE_BEFORE.search(head):
            continue
        if not is_of_care(word):
            found.append(word)
    return tuple(found)
