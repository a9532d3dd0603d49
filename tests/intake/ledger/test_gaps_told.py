"""A blank 状态 in a column that others fill is told row by row; a column without any, once."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

HOMES = "编号,小区名称,户数,类别,城乡,阶段,X,Y\nA,甲苑,500,已建成,城镇,入住,500000,3850000\n"
ROOMS = """编号,设施名称,设施类型,{},建筑面积,X,Y
F1,甲站,社区养老服务站,{},80,500010,3850000
F2,乙站,社区养老服务站,{},80,504010,3850000
F3,丙站,社区养老服务站,{},80,506010,3850000
"""


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (("", "运营", " "), [2, 4]),
        (("运营", "运营", "验收"), []),
        (("", "", ""), []),  # 没有或空着的列, with what they cost
        (("运营", "不详", "验收"), []),  # told as what it is: words that say nothing
    ],
)
def test_rows_without_a_stage_are_told(tmp_path, words, rows):
    rooms = ROOMS.format("状态", *words)
    study = lc.read_study(written(tmp_path, STUDY, r=HOMES, f=rooms) / "study.toml")
    told = [p for p in study.problems if p.code == "value_missing"]
    assert [(p.row, p.column, p.params["field"], str(p.severity)) for p in told] == [
        (row, "状态", "stage", "warning") for row in rows
    ]
