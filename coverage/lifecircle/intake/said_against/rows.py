"""What a row says of itself against its own stage, or how much of its rooms serves."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.dates import about_days
from lifecircle.intake.ledger.cells.ended import open_to_doubt, parts_of
from lifecircle.intake.ledger.cells.remarked import (
    REMARKS,
    readers_against,
    readers_of_figures,
    readers_of_parts,
)
from lifecircle.intake.ledger.rows import Ledger, texts
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.said_against.figures import with_figures_taken_back
from lifecircle.intake.said_against.planned import (
    called_phases,
    named_for_later,
    named_phases,
    put_off,
)
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.cells.remarked import Reader

__all__ = [
    "confirmed_places",
    "confirms_place",
    "overpromised",
    "phases_of",
    "with_remarks",
    "without_doubted_places",
]

_CONTRADICTS = ProblemCode.REMARK_CONTRADICTS
_PLACE_DOUBTED = re.compile(
    r"(坐标|位置|点位|定位|经纬度|落点|[此该]点)+(数据|信息)?(可能|尚|仍|暂|先)*(不准确?|有误|有偏差|有偏移|偏差较?大|错误|不(确定|详|明|清楚?)|存疑"
    r"|(待|未|需)(进一步|重新|现场)*(核实|核对|核定|核查|复核|确认|确定|校核?正?|定|补)+"
    r"|(为|是|系|按)*(大概|大致|概略|估计|估算?|大约|街道|社区|镇政府|乡政府|街道办|村委会|居委会)(驻地|位置|坐标|所在地|值|的)*)"
    r"|(大概|大致|概略|估计)(的)?(坐标|位置|点位)"
    r"|(坐标|位置|点位|定位)(暂|先|均|都)*(偏移|偏差|偏离|误差)(约|大约|有|在)*\d+(\.\d+)?(米|m|公里|km)(左右|以上)?"
    r"|(坐标|位置|点位|定位)(暂|先|均|都)*(用|取|采用|按|以|借用|标在|落在).{0,6}(街道办?|社区|政府|村委会?|居委会|路口|驻地)(代替|替代|的?坐标|的?位置)*"
    r"|(坐标|位置|点位|定位)?(与|和)(实际|现场|实地)(位置|地点)(不符|不一致|有出入|不相符)"
    r"|(坐标|位置|点位|定位)(与|和)(实际|现场|实地)(不符|不一致|有出入|不相符)"
    r"|(新址)?(尚|还|暂)?(未|没有?|待)(定位|打点|落点|采集坐标|标点)"
)
"""What takes back the position of the row: 坐标不准, 位置为镇政府驻地."""
_PLACE_CONFIRMED = re.compile(
    r"(坐标|位置|点位|定位|经纬度|落点)+(数据|信息)?(均|都)?"
    r"((已|经)+(现场|实地)?(核实|核对|核查|复核|确认|校核)过?(均|都)?(无误|准确|正确|属实)?"
    r"|(现场|实地)?(核实|核对|核查|复核|确认|校核)?过?(均|都)?(无误|准确|正确|属实))"
)
"""What says that the position is right, however odd it looks: 坐标已核实, 位置无误."""
_DAY = (
    r"(?P<day>20\d\d(年度?(\d{1,2}月份?(\d{1,2}[日号]?)?)?|([.\-/]\d{1,2}){1,2})"
    r"[年月]?([初中底末尾]|岁末)?)"
)
_END = (
    "(停用|停业|停运|停办|停止(服务|运营|使用|营业|开放|经营)|不再(使用|运营|开放)|关停|关闭|关门"
    "|撤销|撤并|撤点|拆除|拆迁|征收|腾退|搬迁|搬走|闲置|收回)"
)
_ENDS_ON = tuple(
    re.compile(form)
    for form in (
        f"(自|从|于|拟于|将于|计划)?{_DAY}(起|后|开始)?(将|拟|计划|正式)?{_END}了?",
        f"(将|拟|计划)?{_END}(于|在|:)?{_DAY}",
    )
)
"""What a day ends: 2026年6月停用, 自2026年6月起停用, 停用于2026年6月."""
_AREAS = ("floor_area_m2", "community_area_m2")
_REMARKED = frozenset({"facilities", "residential"})
"""Layers in whose remarks people write that something stands no more."""
_PLANNED = frozenset({"plots", "planned"})
"""Parts of a proposal, in whose remarks they write that something is not built with it."""


def with_remarks(
    ledger: Ledger, phases: frozenset[int] = frozenset(), day: dt.date | None = None
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger without what a remark of the same row speaks against, and say which.

    A row that says two things of its stage is not known to be either. Rooms of which part is said
    to be let or idle bear the mark of an unread figure, beside the figure: how much serves is open.
    A figure that is called unsettled (面积待测绘) is none. ``phases``: those that a plan is, as its
    name or its plots tell. ``day``: of judging; what ends after it (2026年6月停用) has not ended.
    """
    raw, frame, taken = ledger.raw, ledger.frame, ledger.headers.values()
    if raw.layer in _PLANNED:
        return _with_put_off(ledger, phases)
    if raw.layer not in _REMARKED:
        return ledger, ()
    named = [ledger.headers[c] for c in ("name", "kinds") if c in ledger.headers]
    there = frame["stage"].notna() | (raw.layer == "residential")  # else it is not known as it is
    whole = there & frame.get("community_area_m2", there).isna()
    against, parts = readers_against(raw, taken, named), readers_of_parts(raw, taken, named)
    against = {name: partial(_by_then, reader=one, day=day) for name, one in against.items()}
    lost, problems = _heard(ledger, against, there, ("stage", _CONTRADICTS))
    less, more = _heard(ledger, parts, whole, ("floor_area_m2", ProblemCode.REMARK_OF_PART))
    unsettled = (*_AREAS, ProblemCode.REMARK_OF_FIGURE)
    open_, odd = _heard(ledger, readers_of_figures(raw, taken, named), there, unsettled)
    figures_left = {column: frame[column].mask(open_) for column in _AREAS if open_.any()}
    stage = texts(frame["stage"].mask(lost, None), frame.index)
    frame = frame.assign(stage=stage, **figures_left)
    for column, marks in (("stage", lost), (_AREAS[0], less | open_), (_AREAS[1], open_)):
        if unread(column) in frame:
            frame[unread(column)] |= marks
    taken_back, figures = with_figures_taken_back(ledger, there)
    for column, marks in taken_back.items():
        frame[column] = frame[column].mask(marks)
        if unread(column) in frame:
            frame[unread(column)] |= marks
    return replace(ledger, frame=frame), (*problems, *more, *odd, *figures)


def _by_then(stage: str | None, cell: object, *, reader: Reader, day: dt.date | None) -> str | None:
    """Return what a reader finds in a cell, but for what ends after the day of judging."""
    found = reader(stage, cell)
    if found is None or day is None or not open_to_doubt(stage, cell):
        return found
    parts = parts_of(cell)
    kept = [part for part in parts if not _ends_after(part, day)]
    return found if len(kept) == len(parts) else reader(stage, "，".join(kept) or None)


def _ends_after(part: str, day: dt.date) -> bool:
    """Return whether a part of a remark tells of an end on a day that has not come."""
    told = next(filter(None, (form.fullmatch(part) for form in _ENDS_ON)), None)
    when = told and about_days(told["day"])
    return when is not None and when.days[0].first > day


def _with_put_off(ledger: Ledger, phases: frozenset[int]) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return rows of a proposal with those of unknown stage that it does not build for certain."""
    raw, frame, read = ledger.raw, ledger.frame, set(ledger.headers.values())
    free = [h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h))]
    named = [ledger.headers[c] for c in ("name", "kinds") if c in ledger.headers]
    own = phases | phases_of(ledger) if raw.layer == "plots" else phases
    readers: dict[str, Reader] = dict.fromkeys(free, partial(put_off, own=own))
    readers |= dict.fromkeys(named, partial(named_for_later, own=own))
    every = pd.Series(data=True, index=frame.index)
    lost, problems = _heard(ledger, readers, every, ("stage", _CONTRADICTS))
    if not problems:
        return ledger, ()
    marks = frame[unread("stage")].to_numpy(dtype=bool) | lost
    stages = texts(frame["stage"].mask(lost, None), frame.index)
    return replace(ledger, frame=frame.assign(stage=stages, **{unread("stage"): marks})), (
        *problems,
    )


def phases_of(plots: Ledger) -> frozenset[int]:
    """Return the phases that plots are by their names, or by a remark that says no more."""
    raw, read = plots.raw, set(plots.headers.values())
    free = [h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h))]
    told = (called_phases(cell) for header in free for cell in raw.frame[header])
    return named_phases(plots.frame["name"]).union(*told)


def without_doubted_places(
    ledger: Ledger, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.object_], tuple[Problem, ...]]:
    """Return the shapes of areas and facilities without points that a remark calls doubtful.

    Which is no place to measure from. An outline is drawn by somebody who knew where.
    """
    raw = ledger.raw
    if raw.layer not in _REMARKED:
        return shapes, ()
    points = np.array([s is not None and s.geom_type == "Point" for s in shapes], dtype=bool)
    of = ("geometry", ProblemCode.POSITION_DOUBTED)
    read = set(ledger.headers.values())
    free = (h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h)))
    lost, problems = _heard(ledger, dict.fromkeys(free, _place_doubted), points, of)
    if problems:
        shapes = shapes.copy()
        shapes[lost] = None
    return shapes, tuple(problems)


def confirmed_places(ledger: Ledger) -> NDArray[np.bool_]:
    """Return the rows of which a remark says that their position is right."""
    raw, read = ledger.raw, set(ledger.headers.values())
    confirmed = np.zeros(len(ledger.frame), dtype=bool)
    for header in (h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h))):
        cells = raw.frame[header].tolist()
        for row, at in enumerate(ledger.at.tolist()):
            if not is_blank(cells[at]):
                confirmed[row] |= any(map(confirms_place, parts_of(cells[at])))
    return confirmed


def confirms_place(part: str) -> bool:
    """Return whether a part of a remark says that the position is right, and nothing else."""
    return _PLACE_CONFIRMED.fullmatch(part) is not None


def _place_doubted(stage: str | None, cell: object) -> str | None:  # noqa: ARG001
    """Return the words that a position is not known well, whatever the stage."""
    return None if is_blank(cell) else next(filter(_PLACE_DOUBTED.fullmatch, parts_of(cell)), None)


def _heard(
    ledger: Ledger, readers: Mapping[str, Reader], rows: pd.Series, of: tuple[Any, ...]
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Return which of some rows say something against columns, and what: ``of``, and its code."""
    raw, frame = ledger.raw, ledger.frame
    cells = {header: raw.frame[header].tolist() for header in readers}
    heard, problems, stages = np.zeros(len(frame), dtype=bool), [], frame["stage"].tolist()
    for row in np.flatnonzero(rows).tolist():
        stage, at = stages[row], int(ledger.at[row])
        for header, reader in readers.items():
            said = reader(stage, cells[header][at])
            if said is not None:
                heard[row] = True
                where = {"at": at, "header": header, "value": cells[header][at], "stage": stage}
                lost = lost_of(frame.index[row], *of[:-1])
                problems.append(raw.problem(of[-1], Severity.WARNING, said=said, **where, **lost))
    return heard, problems


def overpromised(
    facilities: Ledger, service: pd.DataFrame, likely: pd.DataFrame
) -> tuple[Problem, ...]:
    """Return a warning for each place whose records promise more m² than it has.

    A place has the m² of all rows of its site: the typed community area, else the floor area.
    Where one of them is blank it is not known. What its rows promise adds up too; the first row
    with a record stands for them. Whomever a name may mean (``likely``), the figure beside it is
    promised once, and of a range the least.
    """
    said = likely.groupby(["facility", "written"])["m2"].min().dropna().reset_index()
    service = pd.concat([service[["facility", "m2"]], said[["facility", "m2"]]])
    if service.empty:
        return ()
    frame = facilities.frame
    has = frame["community_area_m2"].fillna(frame["floor_area_m2"]).astype(float)
    site = frame["site"].where(frame["site"].notna(), pd.Series(frame.index, frame.index))
    several = site.duplicated(keep=False)
    has[several] = has[several].groupby(site[several]).transform(lambda m2: m2.sum(skipna=False))
    promised = service.groupby("facility")["m2"].sum().reindex(frame.index)
    first = ~site[promised.notna()].duplicated()
    promised = promised.groupby(site).transform("sum")
    return tuple(
        facilities.problem(
            ProblemCode.RECORD_EXCEEDS_ROOM,
            Severity.WARNING,
            row,
            "serves",
            promised_m2=float(promised[facility]),
            m2=float(has[facility]),
        )
        for row, facility in enumerate(frame.index)
        if first.get(facility, default=False) and meets(promised[facility], ">", has[facility])
    )
