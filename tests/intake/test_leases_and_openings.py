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
