"""Figures that a remark of the same row takes back: 备注 实测60 beside 建筑面积 75, 户数与实际不符.

Which of the two holds, nobody knows; what a register, a paper or an office says (登记面积60,
系统内200户) is such a figure too. A part of a remark that has the row's own figure in it says
nothing against it, nor one beside a sum that is the row's (实测40，加院子共75), nor one of another
thing or time: 院落面积, 活动室面积, 规划面积, 入住300户. What was registered once (原登记75)
is no such sum; beside the row's own figure no register counts. What is used of a floor area is
less than it, but hardly half.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.cells.remarked import REMARKS
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["says_figure_again", "with_figures_taken_back"]

_PIECES = re.compile(r"[,;。，；、\n()（）【】\[\]]+")
_LEAD = r"(?:经|已|现场|实地|重新|该站|该处|该小区|本站|小区|目前|现|最新|后)*"
_TRUE = r"(?:实际|实测|复测|测量|测绘|丈量|核实|核定|核查|核对|实有|现有|普查)+(?:后|得|值)?的?"
_IS = r"(?:约|大约|:|=|应?为|应?是|应|有|仅有?|只有|共(?:有|计)?)*\d+(?:\.\d+)?"
_M2 = r"(?:平方米|平米|平方|平|m2)"
_NEAR = "(?:左右|余|多)?"
_DIFFERS = (
    r"(?:与|和|同|跟)(?:实际|现场|实地|现状)(?:情况|数据|数)?"
    r"(?:不符|不一致|不相符|有出入|有差异|不同)"
)
_SETTLED_BY = r"以(?:实测|实际|测绘|现场|核实|核定|复核|产权证|房产证|不动产证)[^以]{0,8}为准"
_WRONG = (
    rf"(?:{_DIFFERS}|{_SETTLED_BY}|填?(?:报|写)?(?:有误|错误|不准确?|不实|存疑)|(?:仍|尚|还|暂)*[待未需](?:进一步|重新)*"
    r"(?:核实|核定|核对|核查|复核|确认|统计)|(?:为|是|系|按)(?:规划|设计|图纸|暂定|估计|估算|预估)(?:的|数|值|户)*"
    r"|(?:数|值|均|都|全)*(?:为|是|系|按)?(?:估算|估计|暂估|预估|推算|测算|概数|约数|大概|大约)(?:的|数|值|数据)*|[待需未](?:核|定))"
)
_DATA = r"(?:的|数据|数字|信息|数|填报|登记|台账)*"


_BOOK = (
    r"(?:登记|备案|证载|房产证|房本|权证|产权|不动产权?|证|批复|批准|审批|许可|图纸|蓝图|竣工|合同|协议|租赁|承租|台账"
    r"|系统|平台|档案|上报|填报|申报|上级|年报|验收|移交|交付|接收|统计|普查|调查|测绘|民政|住建|房管|物业|社区|街道|村|规划核实)+"
)
"""Who or what says a figure besides the row: a register, a paper, an office."""
_SAYS = r"(?:[内中上里]|书|表|证|载明?|记载|显示|标注|口径|数据|的|数)*"
_OWN_ROOMS = (
    r"(?:(?:社区|居家|日间)*(?:养老|照料)(?:服务|照料)*(?:用房|设施|站|中心|部分)*的?|服务用房)"
)
_OF_ELSE = (
    r"(?!.*(?:场|院|占地|用地|土地|地块|绿[化地]|室外|户外|露天|庭|园|车|广场|路|屋顶|屋面|露台|阳台|走廊|公摊|公共|分摊"
    r"|[区室厅间房层楼栋](?:内)?(?:的)?面积|餐|厨|食堂|[每均]|其[中他余它]|另|部分|新增|增加|扩[建容]|减少|出租|转租|闲置|空置|挪|改作"
    r"|原|前面积|规划|计划|拟|[一二三四五六]期|旧|覆盖|辐射|服务面积|消防|外墙|墙|门|窗|库|店|商|铺|卫生|使用|套内|实用|净|可用|室内))"
)
"""Of something else than all rooms, or of another time: such a figure contradicts none."""
_OTHER_AREA = rf"(?:{_OWN_ROOMS}|{_OF_ELSE}[^\d面]{{1,8}})面积"
_NET = re.compile(rf"[^\d]{{0,6}}(?:使用|套内|实用|室内|可用|净)(?:建筑)?(?:面积)?{_IS}{_M2}?")
"""What is used of a floor area."""
_LEAST_NET = 0.5


def _of(noun: str, unit: str, plain: str = "(?!)", *, alone: bool = False) -> re.Pattern[str]:
    """Return what tells a figure of a noun.

    ``alone``: so does the unit without it (实际20张); ``plain``: words that need neither.
    """
    told = rf"(?:{_TRUE})?{noun}(?:{_TRUE})?{_IS}(?:{unit})?"
    told += rf"|{_TRUE}{_IS}(?:{unit})" if alone else ""
    return re.compile(rf"{_LEAD}(?:{told}|{plain}{_IS}(?:{unit})?){_NEAR}")


def _wrong(noun: str) -> re.Pattern[str]:
    """Return what calls a figure of a noun wrong, or not settled."""
    guessed = rf"(?:估算|估计|暂估|预估|推算)的?{noun}"
    return re.compile(rf"{_LEAD}{noun}{_DATA}{_WRONG}|{guessed}")


def _booked(noun: str, unit: str) -> re.Pattern[str]:
    """Return what tells a figure of a noun that a register, a paper or an office has."""
    told = rf"{_BOOK}{_SAYS}(?:{noun}{_SAYS}{_IS}(?:{unit})?|{_IS}{unit})"
    return re.compile(rf"{_LEAD}{told}{_NEAR}")


_NEVER = re.compile("(?!)")
_AREA = r"(?:建筑|房屋|用房)*面积"
_COMMUNITY = r"(?:社区|居家)*养老(?:服务)?(?:用房|设施)*(?:建筑)?面积"
_BEDS, _BED = r"(?:开放|可用|在用|核准)?床位数?", r"张(?:床位?)?"
_HOUSES, _HOUSE = r"(?:规划|设计|总)*户数", r"户(?:居民)?"
_PEOPLE_PLANNED = "规划(?:总|居住)?人口数?"
_ASKED = "(?:规划条件)?应配建?(?:用房)?面积"
_HOMES_WRONG = re.compile(
    rf"{_wrong('总?户数').pattern}|总?户数?(?:中|内|里)?(?:已)?(?:含|包含|包括|连同)(?:了)?"
    r"(?:商铺|商业|门市|门面|沿街|网点|车库|储藏室|办公|商户|店铺|底商)[^,]{0,8}"
    r"|总?户数(?:数)?(?:为|是|系|按)(?:实际)?(?:入住|常住|在住)(?:的)?(?:户数?|数|户)"
    r"|(?!.*(?:商|店|铺|门|空置|未入住|未售|车))(?:另|另外|此外|还)(?:有|含|建有)[^,\d]{0,8}\d+(?:余|多)?户[^,]{0,6}"
    r"|部分(?:楼栋|楼房|楼|栋|住宅|住户|房屋|区域|平房)*(?:已|正在|尚|还|仍)*"
    r"(?:拆迁|拆除|征收|搬迁|腾空|未交付|未交房|未建成|未完工|未竣工|在建)(?:中|了)?"
)
"""What takes back how many households an estate has: 户数含商铺, 部分拆迁."""
_FIGURES = {
    "facilities": (
        (
            ("floor_area_m2", "community_area_m2"),
            _of(
                rf"(?:{_AREA}|{_OTHER_AREA})",
                _M2,
                r"(?:(?:实测|复测|测量|测绘|丈量)(?:后|得|值)?|(?:实际|现|目前)+(?:使用|用于养老)(?:服务|面积)*)",
                alone=True,
            ),
            re.compile(
                rf"{_LEAD}{_AREA}(?:{_DATA}(?:{_DIFFERS}|{_SETTLED_BY})"
                rf"|(?:数字|信息|填报|登记|台账)+{_WRONG})"
            ),
        ),
        (("community_area_m2",), _of(_COMMUNITY, _M2), _wrong(_COMMUNITY)),
        (("beds",), _of(_BEDS, _BED, alone=True), _wrong("床位")),
        (("nursing_beds",), _of(r"护理型?床位数?", r"张(?:床位?)?"), _wrong("护理型?床位")),
        (
            ("family_beds",),
            _of(r"家庭(?:养老|照护)?床位数?", r"张(?:床位?)?"),
            _wrong("家庭(?:养老|照护)?床位"),
        ),
    ),
    "residential": (
        (
            ("households",),
            _of(_HOUSES, _HOUSE, r"(?:规划|设计)+(?:总|共)?(?=\d+户)", alone=True),
            _HOMES_WRONG,
        ),
        (("households_planned",), _NEVER, _wrong("总?户数")),
        (("households_planned",), _of(r"规划总?户数", "户"), _wrong("规划总?户数")),
        (("population",), _of("(?:常住|总)?人口数?", "人"), _wrong("(?:常住|总)?人口数?")),
        (("population_planned",), _NEVER, _wrong("总?人口数?")),
        (("population_planned",), _of(_PEOPLE_PLANNED, "人"), _wrong(_PEOPLE_PLANNED)),
        (("required_m2",), _of(_ASKED, _M2), _wrong(_ASKED)),
        (("elders",), _of("老年?人(?:口|数)*", "人"), _wrong("老年?人(?:口|数)*")),
    ),
}
"""Layer → columns, what tells their figure, and what calls it wrong."""
_ALL_WRONG = re.compile(
    rf"(?:数据|数字|信息|以上)?(?:均|都|全)?(?:为|是|系)?(?:估算|估计|暂估|预估)(?:的|数|值|数据|数字)*"
    rf"|{_LEAD}{_DATA}{_DIFFERS}|{_LEAD}(?:数据|数字|填报|登记|台账)+{_DATA}{_WRONG}"
)
"""What takes back every figure of a row: 与实际不符, 数据有误."""
_BOOKED = {
    "facilities": (
        (("floor_area_m2", "community_area_m2"), _booked(rf"(?:{_AREA}|{_OTHER_AREA})", _M2)),
        (("beds",), _booked(_BEDS, _BED)),
    ),
    "residential": ((("households",), _booked(_HOUSES, _HOUSE)),),
}
"""Layer → columns, and what tells a figure of a register: beside the row's own it says nothing."""
_BARE = {
    "floor_area_m2": re.compile(rf"{_IS}{_M2}{_NEAR}"),
    "beds": re.compile(rf"{_IS}张床?位?"),
    "households": re.compile(rf"{_IS}户(?:居民|住户)?"),
}
"""Column → its figure as the whole of a remark: 800户."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SUM = re.compile("共|合计|总|加|含|连同?|包括|其中")
"""What begins a part of a remark that adds up, or is part of, what stands beside it."""
_ROUGHLY = 0.1
"""Share by which a figure that is called rough (约60) may differ from one that it agrees with."""


def with_figures_taken_back(
    ledger: Ledger, rows: pd.Series
) -> tuple[dict[str, pd.Series], tuple[Problem, ...]]:
    """Return column → which of some ``rows`` have a figure that a remark takes back; and why."""
    raw, frame, problems = ledger.raw, ledger.frame, list[Problem]()
    groups = [g for g in _FIGURES.get(raw.layer, ()) if any(c in frame for c in g[0])]
    columns = [c for group in groups for c in group[0] if c in frame]
    marks = {column: pd.Series(data=False, index=frame.index) for column in columns}
    for header, row, cell in _remarks(ledger, rows):
        has = {c: float(frame[c].iloc[row]) for c in columns}
        has = {c: figure for c, figure in has.items() if not math.isnan(figure)}
        for words, lost in _taken_back(raw.layer, str(cell), has):
            for column in lost:
                marks[column].iloc[row] = True
            code, params = ProblemCode.REMARK_OF_FIGURE, lost_of(frame.index[row], *lost)
            asked = {"header": header, "value": cell, "said": words, **params}
            problems.append(raw.problem(code, Severity.WARNING, at=int(ledger.at[row]), **asked))
    return marks, tuple(problems)


def says_figure_again(layer: str, part: str, row: Mapping[Hashable, Any]) -> bool:
    """Return whether a part of a remark tells a figure that its ``row`` has: 建筑面积75平方米."""
    return any(
        tells.fullmatch(part) and any(row.get(column) in _numbers(part) for column in columns)
        for columns, tells, *_ in (*_FIGURES.get(layer, ()), *_BOOKED.get(layer, ()))
    )


def _remarks(ledger: Ledger, rows: pd.Series) -> Iterator[tuple[str, int, object]]:
    """Yield header, row and cell of the remarks of some rows."""
    raw, read = ledger.raw, set(ledger.headers.values())
    for header in (h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h))):
        cells = raw.frame[header].tolist()
        for row, at in enumerate(ledger.at.tolist()):
            if rows.iloc[row] and not is_blank(cells[at]):
                yield header, row, cells[at]


def _taken_back(layer: str, cell: str, has: dict[str, float]) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of a remark that take figures back, and the columns of these."""
    text = fold(cell)
    pieces = [*filter(None, _PIECES.split(text))]
    sums = {n for piece in pieces if _SUM.match(piece) for n in _numbers(piece)}
    for piece in pieces:
        lost = dict.fromkeys(_lost_to(piece, layer, has, sums))
        for columns, tells in _BOOKED[layer]:
            mine = [column for column in columns if column in has]
            bare = piece == text and columns[0] in _BARE and _BARE[columns[0]].fullmatch(piece)
            if (bare or tells.fullmatch(piece)) and not _agrees(piece, mine, has, _numbers(text)):
                lost |= dict.fromkeys(mine)
        if lost:
            yield piece, [*lost]


def _lost_to(piece: str, layer: str, has: dict[str, float], sums: set[float]) -> Iterator[str]:
    """Yield the columns that a piece takes back; ``sums``: of the pieces beside it."""
    every = _ALL_WRONG.fullmatch(piece) is not None
    for columns, tells, wrong in _FIGURES[layer]:
        mine = [column for column in columns if column in has]
        told = tells.fullmatch(piece) or _net_of_other(piece, mine, has)
        other = told and not _agrees(piece, mine, has, sums | _numbers(piece))
        if every or other or wrong.fullmatch(piece):
            yield from mine


def _agrees(piece: str, columns: list[str], has: dict[str, float], said: set[float]) -> bool:
    """Return whether one of the row's figures is among those said, or a rough one near it."""
    return any(has[column] in said for column in columns) or _roughly(piece, columns, has)


def _numbers(text: str) -> set[float]:
    """Return the numbers of a folded text, but for the 2 of m2."""
    return {float(number) for number in _NUMBER.findall(text.replace("m2", "㎡"))}


def _net_of_other(piece: str, columns: list[str], has: dict[str, float]) -> bool:
    """Return whether a piece says what is used of an area, which is no part of the row's."""
    if (
        "floor_area_m2" not in columns
        or _NET.fullmatch(piece) is None
        or re.search("[均每]", piece)
    ):
        return False
    net = float(_NUMBER.findall(piece.replace("m2", "㎡"))[-1])
    return not _LEAST_NET <= net / max(has["floor_area_m2"], 1e-9) <= 1


def _roughly(piece: str, columns: list[str], has: dict[str, float]) -> bool:
    """Return whether a figure that is called rough is near one of the row's."""
    rough = re.search("约|左右|余|多", piece) is not None
    said = float(_NUMBER.findall(piece.replace("m2", "㎡"))[-1]) if rough else math.nan
    return any(abs(said - has[column]) <= _ROUGHLY * has[column] for column in columns)
