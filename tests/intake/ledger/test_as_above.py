"""同上 is what stands in the row above. By hand: 400 and 300 households need 105 m² as one."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT = "compliant", "deficient"


@pytest.mark.parametrize(
    ("projects", "expected"),
    [
        (("P1", "同上", "", ""), [MET, MET, SHORT, SHORT]),
        (("P1", "〃", "P2", "同上"), [MET, MET, SHORT, SHORT]),
        (("P1", "同上", "同上", ""), [SHORT, SHORT, SHORT, SHORT]),  # 1000 need 150
        (("", "同上", "", "同上"), [MET, SHORT, SHORT, SHORT]),  # bound to nothing
    ],
)
def test_the_row_above_is_meant(tmp_path, projects, expected):
    text = "编号,小区名称,项目编号,户数,类别,城乡,X,Y\n"
    for number, (project, homes) in enumerate(zip(projects, (400, 300, 300, 300), strict=True)):
        x = 500000 + 150 * number
        text += f"R{number},第{number}处院,{project},{homes},已建成,城镇,{x},3850000\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,110,500000,3850000\n"
    study = lc.read_study(written(tmp_path, STUDY, r=text, f=rooms))
    found = lc.assess(study).findings
    found = found[found["clause"] == "CX-03"].set_index("id")["status"]
    assert [str(found[f"R{number}"]) for number in range(4)] == expected
    told = [p.row for p in study.problems if p.code == "as_above"]
    assert len(told) == sum(p in {"同上", "〃"} for p in projects) * bool(projects[0])
