"""A new area without 规划户数: the other figure stands in, and is told; 0 built stand for none."""

from __future__ import annotations

from tests.two_ledgers import STUDY, written

import lifecircle as lc

ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,50,540000,3850000\n"
CASES = [
    # 类别, 户数, 规划户数 → under the new areas' quota (CX-01), the existing ones' (CX-03)
    ("新建", "300", "", "deficient", "not_applicable"),  # most ledgers have one figure
    ("新建", "0", "", "not_assessed", "not_applicable"),
    ("新建", "", "", "not_assessed", "not_applicable"),
    ("新建", "0", "500", "deficient", "not_applicable"),
    ("新建", "0", "0", "not_assessed", "not_applicable"),  # 0 is what a blank is there
    ("已建成", "0", "", "not_applicable", "not_applicable"),
    ("", "0", "", "not_assessed", "not_assessed"),  # if it is new, nobody says what is planned
    ("", "0", "0", "not_assessed", "not_assessed"),
]


def study(folder, rows):
    homes = "编号,小区名称,户数,规划户数,类别,城乡,阶段,X,Y\n"
    for n, (sort, built, planned, *_) in enumerate(rows):
        homes += f"R{n},园{n}号,{built},{planned},{sort},城镇,入住,{500_000 + 3000 * n},3850000\n"
    return lc.read_study(written(folder, STUDY, r=homes, f=ROOMS))


def test_none_built_is_no_figure_of_what_is_planned(tmp_path):
    found = lc.assess(study(tmp_path, CASES)).findings
    told = found.pivot_table(index="id", columns="clause", values="status", aggfunc="first")
    for n, (*_, new, existing) in enumerate(CASES):
        assert [str(told.at[f"R{n}", c]) for c in ("CX-01", "CX-03")] == [new, existing], CASES[n]


def test_a_blank_is_a_gap_where_the_ledger_tells_the_two_figures_apart(tmp_path):
    for n, (more, severity) in enumerate([("300", "info"), ("400", "warning")]):
        (folder := tmp_path / str(n)).mkdir()
        rows = [("新建", "300", ""), ("新建", "300", more), ("新建", "0", "")]
        told = [p for p in study(folder, rows).problems if str(p.code) == "homes_stand_in"]
        assert [(str(p.severity), p.params["names"]) for p in told] == [(severity, ["园0号"])]
