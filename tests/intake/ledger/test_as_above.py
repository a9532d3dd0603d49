"""同上 is what stands in the row above. By hand: 400 and 300 households need 105 m² as one."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


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


REMARKED = [
    # 备注, 停用时间, whether the rooms serve their estate
    ("", "", MET),
    ("2023年已停用", "", OPEN),
    ("同上", "", OPEN),  # what is remarked of the row above
    (" 〃 ", "", OPEN),
    ("", "", MET),
    ("同上", "", MET),  # below a blank it says nothing
    ("", "2024年5月", OPEN),
    ("", "同上", OPEN),
]


def test_a_remark_above_is_a_remark(tmp_path):
    areas = "编号,小区名称,户数,类别,城乡,X,Y\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y,备注,停用时间\n"
    for n, (remark, until, _) in enumerate(REMARKED):
        x = 500_000 + 3000 * n
        areas += f"R{n},甲{n}园,500,已建成,城镇,{x},3850000\n"
        rooms += f"F{n},乙{n}站,日间照料中心,运营,75,{x + 10},3850000,{remark},{until}\n"
    study = lc.read_study(written(tmp_path, STUDY, r=areas, f=rooms))
    found = lc.assess(study).findings
    found = found[found["clause"] == "CX-03"].set_index("id")["status"]
    got = [(*case[:2], str(found[f"R{n}"])) for n, case in enumerate(REMARKED)]
    assert got == REMARKED
    told = {p.row: p.params["read"] for p in study.problems if p.code == "as_above"}
    assert {4: "2023年已停用", 5: "2023年已停用"}.items() <= told.items()
    assert 7 not in told
