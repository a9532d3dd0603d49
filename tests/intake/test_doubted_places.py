"""A position that the row's own remark calls doubtful is none to measure from."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

from lifecircle import assess, check_study
from lifecircle.intake.said_against.rows import _PLACE_DOUBTED
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y,备注\nR1,东园,500,已建成,城镇,500000,3850000,{}\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y,备注\n"
ROOMS += "F1,甲站,日间照料中心,运营,75,{x},3850000,{words}\n"


def judged(folder, area="", words="", x=500_010):
    """Return whether R1 has its 75 m², within 50 m of its point, and what is told of positions."""
    tables = {"r": AREAS.format(area), "f": ROOMS.format(x=x, words=words)}
    study, problems = check_study(written(folder, STUDY, **tables) / "study.toml")
    found = assess(study).findings.query("id == 'R1' and clause == 'CX-03'").iloc[0]
    told = [(p.layer, p.row, p.params["said"]) for p in problems if p.code is P.POSITION_DOUBTED]
    return str(found["status"]), told


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    "words",
    ["坐标不准", "位置待核实", "坐标为镇政府驻地", "大概位置", "民办。点位有偏差", "经纬度未核实"],
)
@pytest.mark.parametrize("x", [500_010, 500_500])
def test_nobody_knows_how_far_off_it_lies(tmp_path, words, x):
    said = words.rpartition("。")[2]
    assert judged(tmp_path, words=words, x=x) == ("not_assessed", [("facilities", 2, said)])
    assert judged(tmp_path, area=words, x=x) == ("not_assessed", [("residential", 2, said)])


@pytest.mark.parametrize(
    "words", ["坐标已核实", "坐标准确", "位置好", "位于东园", "位置在社区大院", "坐标来源：天地图"]
)
@pytest.mark.parametrize(("x", "status"), [(500_010, "compliant"), (500_500, "deficient")])
def test_other_words_of_a_place_say_nothing(tmp_path, words, x, status):
    assert judged(tmp_path, words=words, x=x) == (status, [])


def test_places_taken_from_elsewhere_or_off_by_metres_are_doubted_too():
    said = (
        "坐标暂用街道办 此点有误 定位偏移约500米 新址未定位 位置与实际不符 坐标取自村委会 尚未打点"
    )
    other = "坐标已复核 位置在街道办旁 定位准确 与实际相符 位置优越 点位设在社区 偏移整改完成"
    assert [w for w in said.split() if not _PLACE_DOUBTED.fullmatch(w)] == []
    assert [w for w in other.split() if _PLACE_DOUBTED.fullmatch(w)] == []
