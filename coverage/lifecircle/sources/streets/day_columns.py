"""Columns of a line layer that tell on which day a way is opened or closed (建成年份, 通车时间).

They are carried as they are written: the day of judging decides what they mean.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.model.days import day_in_china
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.street_words import DAY_TAGS, DaySense, day_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Words = NDArray[np.object_]

__all__ = ["day_columns", "day_words", "is_remark", "joined_words"]

_ITS = r"(?:道路|公路|路段|线路|路|项目|工程|实际|正式|本|该|首次|最初|原)*"
_PLANNED = r"(?:计划|预计|预期|预定|拟定?|规划|目标)"
_OPENED = r"(?:建成|竣工|完工|通车|开通|投用|投入使用|启用|交工|交付|验收|修建|新建|建设|修筑|建造)"
_CLOSED = (
    r"(?:废弃|废止|弃用|封闭|封路|封堵|停用|停运|停止使用|停止通行|关闭|拆除|报废|断路|断行|中断|灭失|禁行"
    r"|禁止通行)"
)
_AGAIN = (
    r"(?:解封|解除封闭|恢复通行|恢复通车|恢复使用|重新开放|重新开通"
    r"|(?:封闭|封路|停用|关闭|禁行)(?:结束|截止|终止))"
)
_BEGUN = r"(?:开工|动工|开建|(?:建设|修建|施工)(?:开始|起始))"
_WHEN = r"(?:年份?|年度|年代|年月日?|时间?|日期?)"  # a shapefile cuts 时间 to 时
_NAMES = {
    DaySense.REOPENS: rf"{_ITS}(?:{_PLANNED})?{_AGAIN}{_WHEN}",
    DaySense.CLOSES: rf"{_ITS}(?:{_PLANNED})?{_CLOSED}(?:起始?|开始|起止)?{_WHEN}"
    r"|closed_?(?:on|date|year)|closing_?(?:date|year)|enddate",
    DaySense.PLANNED: rf"{_ITS}{_PLANNED}{_ITS}{_OPENED}{{1,2}}{_WHEN}",
    DaySense.BEGINS: rf"{_ITS}(?:{_PLANNED})?{_BEGUN}{_WHEN}",
    DaySense.OPENS: rf"{_ITS}{_OPENED}{{1,2}}(?:起止|完成|结束)?{_WHEN}"
    r"|opened_?(?:on|date|year)?|open(?:ing)?_?(?:date|year)|year_?(?:built|opened)"
    r"|built_?(?:on|year|date)?|construction_?year|complet(?:ed|ion)_?(?:on|date|year)|startdate"
    r"|tcsj|tcrq|tcnf|jgsj|jgrq|jgnf|ktsj|xjnd|xjsj|xjnf",
    DaySense.SEEN: r"jcnf|jcsj|jcrq|jcnd",  # 建成时间, and 检测时间 or 监测时间
}
_HEADERS = {sense: re.compile(names) for sense, names in _NAMES.items()}
_BARE = {
    DaySense.CLOSES: re.compile(_ITS + _CLOSED),
    DaySense.OPENS: re.compile(rf"{_ITS}(?:建成|竣工|完工|通车|开通|投用|启用){{1,2}}"),
}
"""Headers that may be of a yes or no: of days where most of their cells tell a year."""
_REMARK = re.compile(r"(?:备注|说明|附注|注)(?:说明|信息)?|remarks?|notes?")
_PARTS = re.compile(r"[,;。、，；\n()（）]+")
_REMARKED = re.compile(
    r"(?P<planned>预计|计划|拟|规划|将)?(?P<before>\D*)(?P<day>(?:19|20|21)\d\d"
    r"(?:年?年?[底末尾初]|年年?中|年(?:\d{1,2}月(?:\d{1,2}日|[上中下]旬|[初中底末])?|[上下]半年|第?[一二三四]季度)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)?)"
    r"(?P<between>\D*?)(?:建成|通车|竣工|完工|开通|投用|投入使用|启用)(?P<behind>\D*)"
)
"""A part of a remark that tells one day of an opening: 规划道路，预计2030年底建成通车."""
_OF_THE_WAY = re.compile(
    r"(?:规划|新建|在建|待建|未建|现状|断头|支|次干|主干|干|城市|乡村|县|市政|该|本|此|全|整|段|条|线|路段|道路|公路|道|路|街|巷"
    r"|项目|工程|预计|计划|预期|拟|将|可|能|力争|争取|确保|有望|于|在|到|至|年|月|日|底|末|初|尾|实现|正式|基本|全面|完成|贯通|打通"
    r"|建成|通车|竣工|完工|开通|投用|投入使用|使用|启用|验收|交付|建设|后|并|且|即|已|为|的|了|[:\s-])*"
)
"""Words beside such a day that speak of the way itself; 公交, 路灯, 西延段 or 拓宽 do not."""
_ON_THE_WAY = re.compile(
    "公交|地铁|轻轨|班车|路灯|信号灯|红绿灯|监控|电子警察|管网|管线|管道|燃气|供水|供热|电缆|光缆|绿化|充电|停车|站台"
)
"""What runs or stands on a way that is there, or lies under it."""
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_CUT = 10
"""Letters of a name that a shapefile keeps."""
_TAGS = {name: sense for tag, sense in DAY_TAGS.items() for name in (tag, tag[:_CUT])}


def day_columns(frame: pd.DataFrame) -> dict[str, DaySense]:
    """Return the columns of days: header → what the days are of."""
    found = {}
    for header in frame.columns.tolist():
        name = fold(header)
        sense = _TAGS.get(name) or _sense(name, _HEADERS)
        if is_remark(header):
            if any(_remarked(_written(cell))[1] for cell in frame[header].dropna().unique()):
                found[str(header)] = DaySense.OPENS
            continue
        if sense is None:
            sense = _sense(name, _BARE)
            if sense is None or not _tells_years(frame[header]):
                continue
        found[str(header)] = sense
    if DaySense.OPENS in found.values():  # that is told elsewhere: these are other days
        return {name: sense for name, sense in found.items() if sense is not DaySense.SEEN}
    return found


def is_remark(header: object) -> bool:
    """Return whether a column is one of remarks, which may tell of anything else too."""
    return _REMARK.fullmatch(fold(header)) is not None


def day_words(frame: pd.DataFrame, columns: Mapping[str, DaySense]) -> Iterator[Words]:
    """Yield what each column says of every row's day, as words of its state; None where nothing."""
    for header, sense in columns.items():
        which, values = pd.factorize(frame[header].to_numpy(dtype=object))
        said = [(sense, _written(value)) for value in values]
        if is_remark(header):
            said = [_remarked(text) for _, text in said]
        words = [day_word(of, header, text) if text else None for of, text in said]
        yield np.array([*words, None], dtype=object)[which]  # a missing cell, -1, is the last


def joined_words(columns: Sequence[Words]) -> Words:
    """Return the words of several columns, one text a row: all of them are heard."""
    if len(columns) == 1:
        return columns[0]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array([";".join(filter(None, row)) or None for row in rows], dtype=object)


def _sense(name: str, among: Mapping[DaySense, re.Pattern[str]]) -> DaySense | None:
    return next((sense for sense, names in among.items() if names.fullmatch(name)), None)


def _remarked(text: str) -> tuple[DaySense, str]:
    """Return the day of an opening that a remark tells; empty where it tells none, or several.

    What opens may be something else on the way, or a part of it: 公交2030年开通, 西段2030年建成.
    """
    found = [told for part in _PARTS.split(text) if (told := _REMARKED.fullmatch(part.strip()))]
    if len(found) != 1:
        return DaySense.OPENS, ""
    (told,) = found
    if _ON_THE_WAY.search(told[0]):
        return DaySense.OPENS, ""
    its = all(_OF_THE_WAY.fullmatch(told[side]) for side in ("before", "between", "behind"))
    day = ("预计" if told["planned"] else "") + told["day"]
    return DaySense.OPENS if its else DaySense.PERHAPS, day


def _tells_years(cells: pd.Series) -> bool:
    said = [text for text in map(_written, cells.dropna().unique()) if text]
    return 2 * sum(_YEAR.search(text) is not None for text in said) > len(said)


def _written(value: Any) -> str:
    """Return a cell's text; of an hour its day, in China where it has a zone.

    Of a number its year: whether 2023.1 is January or October no cell tells.
    """
    if isinstance(value, dt.datetime):
        return day_in_china(value).isoformat()
    if isinstance(value, np.floating | float):
        return str(int(value)) if np.isfinite(value) else ""
    return str(value).strip()
