"""Columns of leases, and days of opening in words, against the day of judging, 2025-12-31."""

from __future__ import annotations

import pytest
from tests.many_worlds import judged
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, OPEN = "compliant", "not_assessed"
CELLS = {
    "租赁期限": {
        "2030年": MET,
        "2024年": OPEN,
        "2021.1-2024.12": OPEN,
        "2021年1月至2024年12月": OPEN,
        "2021-01-01至2030-12-31": MET,
        "2019-2029": MET,
        "10年（2020-2030）": MET,
        "2020年起十年": MET,
        "至2024年底": OPEN,
        "十年": MET,
        "长期": MET,
    },
    "房屋租赁到期时间": {"2024-12-31": OPEN, "2026.5": MET, "长期": MET, "无": MET},
    "启用时间": {"明年": OPEN, "年底": OPEN, "近期启用": OPEN, "2024下半年": MET},
}


@pytest.mark.parametrize("header", CELLS)
def test_a_lease_that_ran_out_and_an_opening_to_come(tmp_path, header):
    told, _ = judged(tmp_path, [([{}], [{header: cell}]) for cell in CELLS[header]])
    assert dict(zip(CELLS[header], [one for [one] in told], strict=True)) == CELLS[header]


def test_a_day_that_nobody_can_read_is_told_and_leaves_the_stage(tmp_path):
    cells = {
        # under 启用时间 → what check says of it; 停用日期 → whether the stage stands beside it
        ("20XX年", ""): ("date_unreadable", True),
        ("见附件", ""): ("date_unreadable", True),
        ("#REF!", ""): ("cell_error", True),
        ("2020年3月", ""): (None, True),
        ("不详", ""): (None, True),
        ("已投用", ""): (None, True),
        ("", "20XX年"): ("remark_contradicts", False),
        ("", "见附件"): ("remark_contradicts", False),
    }
    rooms = "编号,设施名称,设施类型,状态,建筑面积,启用时间,停用日期,X,Y\n"
    for n, (opened, ended) in enumerate(cells):
        rooms += f"F{n},站{n},日间照料中心,运营,80,{opened},{ended},{365_000 + 900 * n},3855000\n"
    homes = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,365000,3855000\n"
    study = lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms))
    told = {p.row: str(p.code) for p in study.problems if p.column in {"启用时间", "停用日期"}}
    stages = study.facilities.frame["stage"].notna().tolist()
    assert [(told.get(n + 2), stages[n]) for n in range(len(cells))] == [*cells.values()]


BUILDING, USED, UNKNOWN = "under_construction", "in_use", None
ENDS = [
    "2025年底",
    "2025年年底",
    "2025年末",
    "2025底",
    "25年底",
    "二〇二五年底",
    "2025岁末",
    "2025年终",
]
LATER = [*ENDS, "2025年四季度末", "2025年12月底", "2025年7月初", "2026年年初"]
PAST = ["2024年底", "24年年末", "2025年初", "2025年1月底", "2025年一季度末", "2024年中"]
OPENED = {  # under 启用时间, on 30 June 2025
    **dict.fromkeys([*LATER, "2025年底启用", "2025年末开业"], BUILDING),
    **dict.fromkeys(PAST, USED),
    **dict.fromkeys(["2025年", "2025年中", "2025年6月底", "2024年底前", "2025年前"], USED),
    **dict.fromkeys(["2025年底前", "2025年12月之前", "2025年底左右", "约2025年底"], UNKNOWN),
    **dict.fromkeys(["预计2025年", "今年底", "本年年底", "年底前", "明年初", "岁末"], UNKNOWN),
}
REMARKED = {  # under 备注
    **{f"{day}投用": UNKNOWN for day in LATER},
    **{f"{day}投用": USED for day in PAST},
    **dict.fromkeys(["计划2025年底投用", "2025年底前完成移交", "2025年底竣工验收"], UNKNOWN),
    **dict.fromkeys(["2025年底之前启用", "预计今年底建成", "明年年初开业", "岁末启用"], UNKNOWN),
    **dict.fromkeys(["计划2025年投用", "2019年建成，2025年底投用", "2024年中停用"], UNKNOWN),
    **dict.fromkeys(["停用于2024年底", "2024年底前停用", "租期至2024年底"], UNKNOWN),
    **dict.fromkeys(["2025年投用", "2025年底停用", "租期至2025年底", "计划2024年投用"], USED),
}
YEARS = {**OPENED, "2025年12月前": UNKNOWN, "2025年底建成": BUILDING}  # under 投用年份
del YEARS["约2025年底"]  # a year of which a figure is read: two years to either side
ENDED = {  # under 停用时间
    **dict.fromkeys(["2025年底", "25年年底", "2025年四季度末", "年底", "明年初"], USED),
    **dict.fromkeys(["2024年底", "2025年初", "2025年", "今年底", "2025年底前"], UNKNOWN),
}


def stages(frame):
    """Return the stages of rows, None where it is not known."""
    return [str(one) if isinstance(one, str) else None for one in frame["stage"]]


def test_the_end_of_a_year_is_not_the_whole_of_it(tmp_path):
    columns = {"启用时间": OPENED, "备注": REMARKED, "投用年份": YEARS, "停用时间": ENDED}
    rows = [(name, cell, stage) for name, of in columns.items() for cell, stage in of.items()]
    rooms = f"编号,设施名称,设施类型,状态,建筑面积,X,Y,{','.join(columns)}\n"
    for n, (header, said, _) in enumerate(rows):
        cells = ",".join(said if header == name else "" for name in columns)
        rooms += f"F{n},站{n},日间照料中心,运营,{80 + n},{365_000 + 900 * n},3855000,{cells}\n"
    homes = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,365000,3855000\n"
    on_a_day = STUDY.replace("2025-12-31", "2025-06-30")
    study = lc.read_study(written(tmp_path, on_a_day, r=homes, f=rooms))
    got = stages(study.facilities.frame)
    assert [(row, one) for row, one in zip(rows, got, strict=True) if row[2] != one] == []


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("住宅交付日期", {"2025年底": BUILDING, "2024年底": USED, "2025年": USED}),
        ("建成年份", {"2025年底": BUILDING, "2025年7月": BUILDING, "2024年底": USED}),
        ("备注", {"2025年底交房": UNKNOWN, "预计今年底交付": UNKNOWN, "2024年底交房": USED}),
    ],
)
def test_housing_that_is_handed_over_at_the_end_of_a_year(tmp_path, header, cells):
    homes = f"编号,小区名称,户数,类别,城乡,阶段,X,Y,{header}\n"
    for n, cell in enumerate(cells):
        homes += f"R{n},东园{n}号院,500,已建成,城镇,入住,{365_000 + 900 * n},3855000,{cell}\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,80,365000,3855000\n"
    on_a_day = STUDY.replace("2025-12-31", "2025-06-30")
    study = lc.read_study(written(tmp_path, on_a_day, r=homes, f=rooms))
    assert dict(zip(cells, stages(study.residential.frame), strict=True)) == cells
