"""A remark that says whom rooms serve, beside a record that is blank or says otherwise."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode

AREAS = """编号,小区名称,户数,类别,城乡,X,Y
R1,东园,500,已建成,城镇,500000,3850000
R2,西园,500,已建成,城镇,500600,3850000
"""
ROOM = """编号,设施名称,设施类型,状态,建筑面积,服务小区,备注,X,Y
F1,甲站,日间照料中心,运营,75,{serves},{remark},500010,3850000
"""
OPEN = "not_assessed"


@pytest.fixture
def judged(tmp_path):
    """Return a function from the record and the remark of rooms of 75 m² to CX-03 of two areas.

    500 households want 75 m²: whose the rooms are decides, and they stand by 东园.
    """

    def run(serves, remark=""):
        folder = written(tmp_path, STUDY, r=AREAS, f=ROOM.format(serves=serves, remark=remark))
        study = lc.read_study(folder / "study.toml")
        found = lc.assess(study).findings.query("clause == 'CX-03'").set_index("id")["status"]
        told = [p for p in study.problems if p.code is ProblemCode.REMARK_OF_WHOM]
        return [str(found[area]) for area in ("R1", "R2")], len(told)

    return run


WORDS = (
    "服务西园",
    "供西园使用",
    "归西园管理",
    "兼顾西园",
    "为西园居民服务",
    "与西园共用",
    "属西园配建",
)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("serves", ["", "东园"])
@pytest.mark.parametrize("remark", WORDS)
def test_what_a_remark_says_is_open_and_told(judged, serves, remark):
    """What is firm is so in every completion: the record as it is, as the remark says, or both."""
    ways = [judged(one)[0] for one in (serves, "西园", "东园、西园" if serves else "西园")]
    found, told = judged(serves, remark)
    assert told == 1
    assert found[1] == OPEN  # 西园 has them in one way, and none in another
    for status, of in zip(found, zip(*ways, strict=True), strict=True):
        assert status == OPEN or set(of) == {status} or "兼顾" in remark or "共用" in remark


@pytest.mark.parametrize(
    ("serves", "remark", "told"),
    [
        ("", "服务东园", 1),  # where they stand: the column is asked for, nothing hangs on it
        ("东园", "服务东园", 0),
        ("", "服务月光花园", 0),
        ("", "归民政局管理", 0),
        ("", "供暖良好", 0),
        ("", "与村委会合用", 0),
        ("", "紧邻西园", 0),
    ],
)
def test_what_names_nobody_else_changes_nothing(judged, serves, remark, told):
    assert judged(serves, remark) == (judged(serves)[0], told)


def test_a_record_that_has_them_already_is_not_doubted(judged):
    assert judged("东园、西园", "服务西园") == judged("东园、西园")


def test_what_a_remark_may_mean_stands_with_the_records(tmp_path):
    folder = written(tmp_path, STUDY, r=AREAS, f=ROOM.format(serves="东园", remark="供西园使用"))
    study, _ = check_study(folder)
    assert study.sharing.empty
    rows = study.likely[["facility", "residential", "written"]].to_numpy().tolist()
    assert sorted(rows) == [["F1", "R1", "东园"], ["F1", "R2", "供西园使用"]]
