"""Where radii begin does not hang on whether there are streets to walk on."""

from __future__ import annotations

import pytest
from tests.two_ledgers import WITH_GATES, written

import lifecircle as lc

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,100,已建成,城镇,500000,3850000\n"
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,15,500960,3850000\n"
TABLE = "居住区,设施,距离\nR1,F1,960\n"
WALKS = '[layers.travel]\npath = "t.csv"\nunit = "m"\nlimit = 3000\n'


@pytest.mark.parametrize("walks", ["", WALKS])
@pytest.mark.parametrize(
    ("east", "word", "status"),
    [
        (-30, "看情况", "compliant"),  # 990 m by the gate, 960 m from the middle
        (-60, "看情况", "not_assessed"),  # 1020 m if it is the only gate
        (-60, "是", "deficient"),
        (-60, "否", "compliant"),  # shut: left on any side
    ],
)
def test_a_gate_that_may_be_open_leaves_a_radius_open_without_streets(
    tmp_path, walks, east, word, status
):
    gates = f"编号,小区名称,是否开放,X,Y\ng1,东园,{word},{500_000 + east},3850000\n"
    written(tmp_path, WITH_GATES + walks, r=AREAS, f=PLACES, g=gates, t=TABLE)
    found = lc.assess(lc.read_study(tmp_path / "study.toml")).findings
    assert [str(s) for s in found.loc[found["clause"] == "CX-06", "status"]] == [status]
