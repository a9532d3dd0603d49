"""Phases that share the name of their estate in a record: 东苑一、二期 names both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.intake.joins.names import NameIndex, each_phase
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n" + "".join(
    f"R{n},{name},500,已建成,城镇,{500_000 + 600 * n},3850000\n"
    for n, name in enumerate(("东苑一期", "东苑二期", "西园"))
)
ROOM = (
    "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y\n"
    "F1,甲站,日间照料中心,运营,{m2},{served},500300,3850000\n"
)
OPEN, MET, SHORT = "not_assessed", "compliant", "deficient"


@pytest.mark.parametrize(
    ("served", "m2", "told"),
    [
        ("东苑一、二期", 150, (MET, MET, SHORT)),
        ("东苑一期、二期", 150, (MET, MET, SHORT)),
        ("东苑一期至二期", 150, (MET, MET, SHORT)),
        ("东苑1-2期", 150, (OPEN, OPEN, SHORT)),  # nearly their names
        ("东苑一、二期:150", 150, (OPEN, OPEN, SHORT)),  # of both: whose is whose is not said
        ("东苑一、二期", 75, None),  # enough for one of them
        ("东苑一二期", 150, (MET, MET, SHORT)),
        ("“东苑一期”、《东苑二期》", 150, (MET, MET, SHORT)),
        ("1.东苑一期 2.东苑二期", 150, (MET, MET, SHORT)),
        ("①东苑一期②东苑二期", 150, (MET, MET, SHORT)),
        ("服务小区：东苑一期:75；西园:75", 150, (MET, SHORT, MET)),
        ("东苑一期、东苑二期各75平方米", 150, (MET, MET, SHORT)),
        ("东苑一期、西园各75", 150, (MET, SHORT, MET)),
    ],
)
def test_both_phases_are_served(tmp_path, served, m2, told):
    files = {"r": AREAS, "f": ROOM.format(m2=m2, served=f'"{served}"')}
    result = lc.assess(lc.read_study(written(tmp_path, STUDY, **files)))
    found = result.findings[result.findings["clause"] == "CX-03"]
    verdicts = tuple(map(str, found["status"]))
    if told is None:
        assert sorted(verdicts[:2]) == [MET, SHORT]
        return
    assert verdicts == told
    assert P.NAME_READ_AS in {p.code for p in result.problems if p.column == "服务小区"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("东苑一、二、四期", "东苑一期；东苑二期；东苑四期"),
        ("西园、东苑第1期和第3期；南园", "西园、东苑1期；东苑3期；南园"),
        ("东苑九至十二区", "东苑九区；东苑十区；东苑十一区；东苑十二区"),
        ("东苑三期至一期", "东苑三期至一期"),
        ("东苑一二四期", "东苑一期；东苑二期；东苑四期"),
        ("东苑二十三期", "东苑二十三期"),
        ("东苑A、B区", "东苑A区；东苑B区"),
        ("东苑A区、B区，西园", "东苑A区；东苑B区，西园"),
        ("东苑A-D区", "东苑A区；东苑B区；东苑C区；东苑D区"),
        ("东苑甲至丙区", "东苑甲区；东苑乙区；东苑丙区"),
        ("东苑南、北区", "东苑南区；东苑北区"),
        ("东园、西园", "东园、西园"),
        ("河东、西园小区", "河东、西园小区"),
        ("东苑A区、西苑B区", "东苑A区、西苑B区"),
        ("东苑一期", "东苑一期"),
        ("东苑一期、西园二期", "东苑一期、西园二期"),
    ],
)
def test_each_phase_is_written_out(said, read):
    assert each_phase(said, lambda _: True) == read
    assert each_phase(said, lambda _: False) == said


@pytest.mark.parametrize("said", ["东苑（二期）", "东苑2期", "东苑Ⅱ期", "东苑II期", "东苑“二期”"])
def test_a_phase_in_another_writing_is_proposed_alone(said):
    names = NameIndex([("R1", "东苑一期"), ("R2", "东苑二期"), ("R3", "西园")], "residential")
    assert names.near(said) == ["R2"]


def test_an_estate_called_without_its_ending_may_be_any_that_is_called_so():
    areas = [("R1", "丽景花园"), ("R2", "丽景家园"), ("R3", "丽都"), ("R4", "新丽景花园")]
    assert NameIndex(areas, "residential").near("丽景") == ["R1", "R2"]


@given(st.lists(st.integers(1, 19), min_size=2, max_size=5), st.sampled_from("、和，"))
def test_every_phase_of_a_list_is_named(numbers, parted):
    said = f"东苑{parted.join(map(str, numbers))}期"
    assert each_phase(said, lambda _: True).split("；") == [f"东苑{n}期" for n in numbers]


@pytest.mark.parametrize("said", ["R0-R1", "东苑一、二期"])
def test_an_exemption_of_several_lists_the_ids(tmp_path, said):
    files = {"r": AREAS, "f": ROOM.format(m2=75, served="西园")}
    exempt = f'编号,条款,理由,依据\n"{said}",CX-03,一事一议,纪要1号\n'
    _, problems = lc.check_study(written(tmp_path, WITH_EXEMPTIONS, e=exempt, **files))
    (told,) = (p for p in problems if p.code is P.REFERENCE_UNKNOWN)
    assert told.params["nearest"] == "R0、R1"
