"""Figures that a remark of the same row takes back: 备注 实测60 beside 建筑面积 75, 户数与实际不符.

Which of the two holds, nobody knows. A remark that has the row's own figure in it says nothing
against it, and neither does one of another thing: 规划面积, 使用面积, 入住300户.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.intake.ledger.cells.remarked import REMARKS
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["with_figures_taken_back"]

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
_WRONG = (
    rf"(?:{_DIFFERS}|填?(?:报|写)?(?:有误|错误|不准确?|不实|存疑)|(?:仍|尚|还|暂)*[待未需](?:进一步|重新)*"
    r"(?:核实|核定|核对|核查|复核|确认|统计)|(?:为|是|系|按)(?:规划|设计|图纸|暂定|估计|估算|预估)(?:的|数|值|户)*)"
)
_DATA = r"(?:的|数据|数字|信息|数|填报|登记|台账)*"


def _of(noun: str, unit: str, plain: str) -> re.Pattern[str]:
    """Return what tells a figure of a noun; ``plain``: words that need neither noun nor unit."""
    told = rf"(?:{_TRUE})?{noun}(?:{_TRUE})?{_IS}(?:{unit})?|{_TRUE}{_IS}{unit}"
    return re.compile(rf"{_LEAD}(?:{told}|{plain}{_IS}(?:{unit})?){_NEAR}")


_AREA = r"(?:建筑|房屋|用房)*面积"
_FIGURES = {
    "facilities": (
        (
            ("floor_area_m2", "community_area_m2"),
            _of(_AREA, _M2, r"(?:实测|复测|测量|测绘|丈量)(?:后|得|值)?"),
            re.compile(
                rf"{_LEAD}{_AREA}(?:{_DATA}{_DIFFERS}|(?:数字|信息|填报|登记|台账)+{_WRONG})"
            ),
        ),
        (
            ("beds",),
            _of(r"床位数?", r"张(?:床位?)?", r"(?!)"),
            re.compile(rf"{_LEAD}床位{_DATA}{_WRONG}"),
        ),
    ),
    "residential": (
        (
            ("households",),
            _of(r"总?户数", r"户(?:居民)?", r"(?!)"),
            re.compile(rf"{_LEAD}总?户数{_DATA}{_WRONG}"),
        ),
    ),
}
"""Layer → columns, what tells their figure, and what calls it wrong."""
_ALL_WRONG = re.compile(
    rf"{_LEAD}{_DATA}{_DIFFERS}|{_LEAD}(?:数据|数字|填报|登记|台账)+{_DATA}{_WRONG}"
)
"""What takes back every figure of a row: 与实际不符, 数据有误."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
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
    numbers = {float(n) for n in _NUMBER.findall(text)}
    for piece in filter(None, _PIECES.split(text)):
        every = _ALL_WRONG.fullmatch(piece) is not None
        for columns, tells, wrong in _FIGURES[layer]:
            mine = [column for column in columns if column in has]
            agrees = any(has[column] in numbers for column in mine)
            other = tells.fullmatch(piece) and not (agrees or _roughly(piece, mine, has))
            if mine and (every or other or wrong.fullmatch(piece)):
                yield piece, mine


def _roughly(piece: str, columns: list[str], has: dict[str, float]) -> bool:
    """Return whether a figure that is called rough is near one of the row's."""
    rough = re.search("约|左右|余|多", piece) is not None
    said = float(_NUMBER.findall(piece)[-1]) if rough else math.nan
    return any(abs(said - has[column]) <= _ROUGHLY * has[column] for column in columns)
