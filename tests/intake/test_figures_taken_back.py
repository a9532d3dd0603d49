"""Figures that a remark of the row, or an unreadable cell, leaves open: by hand, under Caoxian.

An existing estate of 500 households needs 75 m² (15 a hundred), a new one 100 (20 a hundred).
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
AREAS = "编号,小区名称,户数,规划户数,类别,城乡,X,Y,备注\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,社区养老服务面积,X,Y,备注\n"


def status(folder, clause, area, room):
    """Return how the one area meets a clause with the one room; both are cells."""
    said = {"built": "500", "planned": "", "age": "已建成", "remark": ""} | area
    has = {"floor": "75", "community": "", "remark": ""} | room
    homes = (
        f"R1,东园,{said['built']},{said['planned']},{said['age']},城镇,500000,3850000"
        f',"{said["remark"]}"\n'
    )
    rooms = (
        f"F1,甲站,日间照料中心,运营,{has['floor']},{has['community']},500010,3850000"
        f',"{has["remark"]}"\n'
    )
    study = lc.read_study(written(folder, STUDY, r=AREAS + homes, f=ROOMS + rooms))
    rows = lc.assess(study).findings.query("id == 'R1'").set_index("clause")
    return str(rows.at[clause, "status"])


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("实测75.0平方米", MET),
        ("规划60，实测75", MET),
        ("建筑面积75平方米，使用面积60平方米", MET),
        ("实测40，加院子共75", MET),  # a sum that is the row's
        ("原登记75平方米，实测60平方米", OPEN),  # the row's figure is the one that is taken back
        ("台账75㎡，实际60㎡", OPEN),
        ("75平方米，经复测为60平方米", OPEN),
        ("75号院内，实测60", OPEN),
        ("建筑面积以实测为准", OPEN),
    ],
)
def test_the_figure_that_a_remark_puts_right_is_not_known(tmp_path, remark, expected):
    assert status(tmp_path, "CX-03", {}, {"remark": remark}) == expected


@pytest.mark.parametrize(
    ("built", "planned", "remark", "expected"),
    [
        ("", "500", "", MET),  # a blank figure is the other one
        ("500", "500", "实际800户", OPEN),  # one that is taken back is not
        ("500", "", "原登记500户，实际800户", OPEN),
        ("500", "", "共500户，实际500户", MET),
        ("500", "", "入住300户", MET),
        ("若干", "500", "", OPEN),
        ("5OO", "500", "", OPEN),
        ("若干", "", "", OPEN),
    ],
)
def test_planned_dwellings_stand_for_a_blank_figure_alone(
    tmp_path, built, planned, remark, expected
):
    area = {"built": built, "planned": planned, "remark": remark}
    assert status(tmp_path, "CX-03", area, {}) == expected


@pytest.mark.parametrize(
    ("built", "planned", "remark", "expected"),
    [
        ("", "500", "户数待核实", OPEN),
        ("", "500", "规划户数有误", OPEN),
        ("", "500", "规划户数800", OPEN),
        ("", "500", "规划户数500", MET),
        ("", "500", "实际800户", MET),  # what is built says nothing of the plan
        ("800", "500", "实际入住700户", MET),
        ("500", "若干", "", OPEN),
        ("500", "", "", MET),
    ],
)
def test_of_a_new_area_the_plan_is_what_a_remark_takes_back(
    tmp_path, built, planned, remark, expected
):
    area = {"age": "新建", "built": built, "planned": planned, "remark": remark}
    assert status(tmp_path, "CX-01", area, {"floor": "100"}) == expected


@pytest.mark.parametrize(
    ("households", "community", "remark", "expected"),
    [
        ("1000", "", "", MET),  # 150 m², all of them
        ("1000", "若干", "", OPEN),  # which part serves is written, and nobody can read it
        ("1000", "75", "社区养老服务面积有误", OPEN),
        ("1001", "75", "社区养老服务面积有误", SHORT),  # 150.15 are more than the house has
        ("500", "75", "建筑面积150", MET),
    ],
)
def test_a_part_that_cannot_be_read_is_not_the_whole(
    tmp_path, households, community, remark, expected
):
    room = {"floor": "150", "community": community, "remark": remark}
    assert status(tmp_path, "CX-03", {"built": households}, room) == expected


PLANNED = [
    ("1000", "", "", MET),  # 100 m² for 1000 people
    ("1000", "", "数据有误", OPEN),
    ("1000", "", "人口待核实", OPEN),
    ("1000", "", "规划人口有误", OPEN),
    ("1000", "", "规划人口1200人", OPEN),
    ("1000", "", "规划人口1000人", MET),
    ("1000", "", "常住人口有误", MET),  # who lives there says nothing of the plan
    ("", "100", "", MET),
    ("", "100", "数据有误", OPEN),
    ("", "100", "应配面积有误", OPEN),
    ("", "100", "规划条件应配面积120平方米", OPEN),
    ("", "100", "规划条件应配面积100平方米", MET),
]


def test_who_and_what_is_planned_for_is_taken_back_too(tmp_path):
    areas = "编号,小区名称,规划户数,规划人口,规划条件应配面积,类别,城乡,阶段,X,Y,备注\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\n"
    for n, (people, asked, remark, _) in enumerate(PLANNED):
        x = 500_000 + 3000 * n
        areas += f"R{n},甲{n}园,340,{people},{asked},新建,城镇,入住,{x},3850000,{remark}\n"
        rooms += f"F{n},乙{n}站,社区养老服务用房,运营,100,{x + 10},3850000\n"
    study = STUDY.replace("caoxian-2023", "pingyin-2022")
    rows = lc.assess(lc.read_study(written(tmp_path, study, r=areas, f=rooms))).findings
    rows = rows[rows["clause"] == "PY-31"].set_index("id")
    found = [(*case[:3], str(rows.at[f"R{n}", "status"])) for n, case in enumerate(PLANNED)]
    assert found == PLANNED
    fields = {"R1": "population_planned", "R8": "required_m2"}
    told = {key: rows.at[key, "reason"] for key in fields}
    assert {key: one.params["field"] for key, one in told.items()} == fields
    assert {str(one.code) for one in told.values()} == {"figure_unread"}


def test_dwellings_that_cannot_be_read_are_told_as_such_and_a_blank_as_missing(tmp_path):
    rows = {
        # 类别, 户数, 规划户数, 备注 → the reason, and the column it names
        ("已建成", "若干", "", ""): ("figure_unread", "households"),
        ("已建成", "500", "", "户数有误"): ("figure_unread", "households"),
        ("已建成", "", "", ""): ("households_missing", None),
        ("新建", "", "见附件", ""): ("figure_unread", "households_planned"),
        ("新建", "300", "见附件", ""): ("figure_unread", "households_planned"),
        ("新建", "", "", ""): ("households_missing", None),
    }
    homes = "编号,小区名称,类别,户数,规划户数,备注,城乡,X,Y\n"
    for n, cells in enumerate(rows):
        homes += f"R{n},园{n}号,{','.join(cells)},城镇,{500_000 + 3000 * n},3850000\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,80,540000,3850000\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=homes, f=rooms))).findings
    found = found[found["status"] == "not_assessed"].set_index(["clause", "id"])["reason"]
    for n, ((sort, *_), (code, field)) in enumerate(rows.items()):
        reason = found["CX-01" if sort == "新建" else "CX-03", f"R{n}"]
        assert (str(reason.code), reason.params.get("field")) == (code, field)
