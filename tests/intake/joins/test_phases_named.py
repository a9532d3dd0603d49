"""Phases that share the name of their estate in a record: 东苑一、二期 names both."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.intake.joins.lists import each_name, plainly_listed
from lifecircle.intake.joins.names import NameIndex
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

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
        ("东苑1-2期", 150, (MET, MET, SHORT)),
        ("东苑一、二期:150", 150, (OPEN, OPEN, SHORT)),  # of both: whose is whose is not said
        ("东苑一、二期", 75, None),  # enough for one of them
        ("东苑一二期", 150, (MET, MET, SHORT)),
        ("“东苑一期”、《东苑二期》", 150, (MET, MET, SHORT)),
        ("1.东苑一期 2.东苑二期", 150, (MET, MET, SHORT)),
        ("①东苑一期②东苑二期", 150, (MET, MET, SHORT)),
        ("服务小区：东苑一期:75；西园:75", 150, (MET, SHORT, MET)),
        ("东苑一期、东苑二期各75平方米", 150, (MET, MET, SHORT)),
        ("东苑一期、西园各75", 150, (MET, SHORT, MET)),
        ("东苑一、二期 各75", 150, (MET, MET, SHORT)),
        ("东苑一、二期（各75㎡）", 150, (MET, MET, SHORT)),
        ("东苑一、二期：各75", 150, (MET, MET, SHORT)),
        ("东苑一期二期各75", 150, (MET, MET, SHORT)),
        ("东苑一期二期", 150, (MET, MET, SHORT)),
        ("东苑一、二两期", 150, (MET, MET, SHORT)),
        ("东苑1、2期 各75", 150, (MET, MET, SHORT)),
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
        ("东苑十九至二十一期", "东苑十九期；东苑二十期；东苑二十一期"),
        ("东苑二十、二十一期", "东苑二十期；东苑二十一期"),
        ("东苑二十期、西苑二十一期", "东苑二十期、西苑二十一期"),
        ("东苑三期至一期", "东苑三期至一期"),
        ("东苑一二四期", "东苑一期；东苑二期；东苑四期"),
        ("东苑二十三期", "东苑二十三期"),
        ("东苑Ⅰ、Ⅱ期", "东苑Ⅰ期；东苑Ⅱ期"),
        ("东苑Ⅰ-Ⅲ期", "东苑Ⅰ期；东苑Ⅱ期；东苑Ⅲ期"),
        ("东苑I、II期", "东苑Ⅰ期；东苑Ⅱ期"),
        ("东苑1、II期", "东苑1期；东苑Ⅱ期"),
        ("东苑H、I区", "东苑H区；东苑I区"),
        ("东苑A-3区", "东苑A区；东苑3区"),
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
        ("东苑一期50、二期50", "东苑一期50、二期50"),  # m²
        ("东苑一期150、二期75", "东苑一期150、二期75"),
        ("东城新区1、2期", "东城新区1期；东城新区2期"),
    ],
)
def test_each_phase_is_written_out(said, read):
    assert each_name(said, lambda _: True, lambda _: True) == read
    assert each_name(said, lambda _: False, lambda _: False) == said


@pytest.mark.parametrize("said", ["东苑（二期）", "东苑2期", "东苑Ⅱ期", "东苑II期", "东苑“二期”"])
def test_a_phase_in_another_writing_is_proposed_alone(said):
    names = NameIndex([("R1", "东苑一期"), ("R2", "东苑二期"), ("R3", "西园")], "residential")
    assert names.near(said) == ["R2"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((f"东苑{one}", ["R1", "R2"]) for one in ("前两期", "部分", "2#", "小区各期", "5号楼")),
        *((f"东苑{one}", ["R1", "R2"]) for one in ("（一期）（二期）", "一期（含二期）")),
        *((one, ["R1", "R2"]) for one in ("东苑12期", "东苑第12期", "东苑小区12期", "东苑123期")),
        ("东苑24期", ["R2"]),
        *((one, []) for one in ("东苑十四期", "东苑34期", "东苑小学家属院", "东苑幼儿园")),
    ],
)
def test_what_is_said_of_parts_of_an_estate_may_mean_each(said, meant):
    names = NameIndex([("R1", "东苑一期"), ("R2", "东苑二期"), ("R3", "西园")], "residential")
    assert names.near(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("东西苑", ["R1", "R2"]), ("东西两苑小区", ["R1", "R2"]), ("东南苑", []), ("西苑", ["R2"])],
)
def test_sides_that_share_a_name_may_mean_each(said, meant):
    names = NameIndex([("R1", "东苑小区"), ("R2", "西苑小区"), ("R3", "南园")], "residential")
    assert (names.alike(said) or names.near(said)) == meant


def test_an_estate_called_without_its_ending_may_be_any_that_is_called_so():
    areas = [("R1", "丽景花园"), ("R2", "丽景家园"), ("R3", "丽都"), ("R4", "新丽景花园")]
    assert NameIndex(areas, "residential").near("丽景") == ["R1", "R2"]


@given(st.lists(st.integers(1, 19), min_size=2, max_size=5), st.sampled_from("、和，"))
def test_every_phase_of_a_list_is_named(numbers, parted):
    said = f"东苑{parted.join(map(str, numbers))}期"
    read = each_name(said, lambda _: True, lambda _: True)
    assert read.split("；") == [f"东苑{n}期" for n in numbers]


NAMES = (
    "东苑A区",
    "东苑B区",
    "东苑C区",
    "城建花园",
    "建业花园",
    "十里铺一期",
    "十里铺二期",
    "东园",
    "东园北区",
    "R1",
    "R2",
    "R10",
    "R11",
    "R12",
    "R111",
    "R201",
)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("东苑A、B区", "东苑A区；东苑B区"),
        ("东苑A、B、C区", "东苑A区；东苑B区；东苑C区"),
        ("东苑（A、B区）、城建花园", "东苑A区；东苑B区、城建花园"),
        ("东苑A区:50；B区:60", "东苑A区:50；东苑B区:60"),
        ("东苑A、B区:60", "东苑A区东苑B区:60"),  # of both
        ("城建、建业花园", "城建花园；建业花园"),
        ("十里铺一、二期", "十里铺一期；十里铺二期"),
        ("十里铺（一、二期）", "十里铺一期；十里铺二期"),
        ("十里铺一期 二期", "十里铺一期；十里铺二期"),
        ("十里铺一期；二期:75", "十里铺一期；十里铺二期:75"),
        ("R1、2", "R1；R2"),
        ("R10、11", "R10；R11"),  # never R111
        ("R11、10、1", "R11；R10；R11或R1"),
        ("R12、R1、2", "R12；R1；R2"),
        ("东园、北区", "东园；东园北区"),
        ("十里铺一期75㎡，二期60㎡", "十里铺一期:75；十里铺二期:60"),
        ("十里铺一期75㎡，西园60㎡", "十里铺一期75㎡，西园60㎡"),
        ("城建、西园", "城建、西园"),
        ("东苑A区、D区", "东苑A区；东苑D区"),
    ],
)
def test_names_of_a_list_that_share_a_beginning_or_an_end_are_written_out(said, read):
    assert each_name(said, NAMES.__contains__, NAMES.__contains__) == read


@given(st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=5, unique=True), st.booleans())
def test_every_name_of_a_list_that_shares_its_ends_is_written_out(letters, each):
    names = [f"东苑{one}区" for one in letters]
    short = f"东苑{'、'.join(letters)}区"
    said = f"{names[0]}、{'、'.join(f'{one}区' for one in letters[1:])}" if each else short
    known = {*names, "西园"}.__contains__
    assert each_name(f"{said}；西园", known, known) == "；".join([*names, "西园"])


@pytest.mark.parametrize("said", ["东苑C-A区", "东苑Ⅲ-Ⅰ期", "东苑III-I期", "东苑三至一期"])
def test_a_list_that_counts_down_is_left_as_it_is_written(said):
    # whom it means is open: C区 alone would have the rooms of all three
    known = {f"东苑{one}" for one in ("A区", "C区", "Ⅰ期", "Ⅲ期", "一期", "三期")}
    assert each_name(said, known.__contains__, known.__contains__) == said


def test_a_long_list_of_names_that_nobody_knows_costs_no_more_than_its_length():
    def looks(count):
        asked = []
        cell = "、".join(f"某村{n}组" for n in range(1000, 1000 + count))
        assert each_name(cell, asked.append, asked.append) == cell
        return len(asked)

    assert looks(400) < 2.5 * looks(200)  # 7 s of 400 names, and 30 s of 800


@pytest.mark.parametrize(
    "served", ["三里庄A、B区", "三里庄A区、B区", "三里庄（A、B区）", "三里庄全部"]
)
@pytest.mark.parametrize("names", [("三里庄A区", "三里庄B区"), ("三里庄(A区)", "三里庄小区B区")])
def test_no_area_of_a_list_lacks_its_rooms_for_certain(tmp_path, served, names):
    areas = AREAS.replace("东苑一期", names[0]).replace("东苑二期", names[1])
    files = {"r": areas, "f": ROOM.format(m2=150, served=served)}
    result = lc.assess(lc.read_study(written(tmp_path, STUDY, **files)))
    found = result.findings[result.findings["clause"] == "CX-03"]
    assert SHORT not in list(map(str, found["status"]))[:2]
    row = f'编号,条款,理由,依据\n"{served}",CX-03,旧,某号\n'
    files = {**files, "f": ROOM.format(m2=1, served=""), "e": row}
    result = lc.assess(lc.read_study(written(tmp_path, WITH_EXEMPTIONS, **files)))
    found = result.findings[result.findings["clause"] == "CX-03"]
    assert SHORT not in list(map(str, found["status"]))[:2]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("东苑（一期）", "东苑一期"), ("东苑小区一期", "东苑一期"), ("东苑一期", "东苑（一期）")),
        *(("东苑花园", "东苑"), ("东苑家属院", "东苑小区"), ("碧桂园·东苑", "东苑")),
        *(("东苑", "R01"), ("东苑", "R-1"), ("东苑", "R001")),
    ],
)
def test_a_name_or_id_that_is_written_in_part_or_otherwise_is_not_nobodys(tmp_path, name, said):
    areas = f"编号,小区名称,户数,类别,城乡,X,Y\nR1,{name},500,已建成,城镇,500000,3850000\n"
    files = {"r": areas, "f": ROOM.format(m2=150, served=said)}
    result = lc.assess(lc.read_study(written(tmp_path, STUDY, **files)))
    assert str(result.clause("CX-03").status) != SHORT


@pytest.mark.parametrize("said", ["R0-R1", "东苑一、二期"])
def test_an_exemption_of_several_lists_the_ids(tmp_path, said):
    files = {"r": AREAS, "f": ROOM.format(m2=75, served="西园")}
    exempt = f'编号,条款,理由,依据\n"{said}",CX-03,一事一议,纪要1号\n'
    _, problems = lc.check_study(written(tmp_path, WITH_EXEMPTIONS, e=exempt, **files))
    (told,) = (p for p in problems if p.code is P.REFERENCE_UNKNOWN)
    assert told.params["nearest"] == "R0、R1"


def test_a_list_of_names_that_are_known_is_not_looked_up_among_those_near():
    # each look goes over all names of the county: 3,000 areas took a minute
    asked = []
    names = {"东苑", "西苑二期", "南苑（老旧）"}
    assert each_name("东苑、西苑二期；南苑（老旧）", names.__contains__, asked.append) == (
        "东苑、西苑二期；南苑（老旧）"
    )
    assert not asked


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("R12、13", "R12；R13"),  # R113 is there
        ("R12、13、14", "R12；R13；R14"),
        ("R9、10", "R9；R10"),
        ("R101、102", "R101；R102"),
        ("R12、3", "R12；R13或R3"),
        ("R10、1、2", "R10；R11或R1；R12或R2"),
        ("R101、113", "R101；R113"),
        ("大王村、李村", "大王村、李村"),  # 大李村 is there
        ("东1区、2区", "东1区；东2区"),
    ],
)
def test_a_piece_of_a_list_is_no_row_that_shares_a_sign_by_chance(said, read):
    known = {*(f"R{n}" for n in range(1, 151)), "大王村", "大李村", "东1区", "东2区"}.__contains__
    assert each_name(said, known, known) == read


@given(st.lists(st.integers(1, 150), min_size=2, max_size=4, unique=True))
def test_ids_listed_by_their_numbers_may_be_those_numbers(numbers):
    known = {f"R{n}" for n in range(1, 151)}.__contains__
    read = each_name(f"R{'、'.join(map(str, numbers))}", known, known)
    for one, number in zip(re.split("[；、]", read), numbers, strict=True):
        either = one.split("或")
        assert f"R{number}" in either
        shorter = len(str(number)) < len(str(max(numbers)))
        assert len(either) == 1 or shorter  # R101、2 may be R102


def test_either_of_two_that_a_number_in_a_list_may_be_is_open(tmp_path):
    rows = (
        f"R{n},{chr(0x4E00 + 37 * n)}苑,500,已建成,城镇,{500_000 + 60 * n},3850000"
        for n in range(1, 15)
    )
    areas = "\n".join(("编号,小区名称,户数,类别,城乡,X,Y", *rows, ""))
    room = ROOM.format(m2=400, served='"R12、3"').replace("500300", "500720")
    result = lc.assess(lc.read_study(written(tmp_path, STUDY, r=areas, f=room)))
    found = result.findings[result.findings["clause"] == "CX-03"]
    told = dict(zip(found["id"], map(str, found["status"]), strict=True))
    assert (told.pop("R3"), told.pop("R13")) == (OPEN, OPEN)
    told.pop("R12")
    assert set(told.values()) == {SHORT}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("“和平小区”、西园", "和平小区；西园"),
        ("和平小区、西园各75", "和平小区:75；西园:75"),
        ("“和平小区”和西园", "“和平小区”和西园"),
        ("“西园”和东园", "西园；东园"),
    ],
)
def test_a_name_with_a_word_between_names_in_it_is_one(said, read):
    assert plainly_listed(said, {"和平小区", "西园", "东园"}.__contains__) == read


@pytest.mark.parametrize(
    ("said", "ids"),
    [("R12、3", {"R12", "R13", "R3"}), ("R12、13", {"R12", "R13"}), ("R3或R13", {"R3", "R13"})],
)
def test_an_exemption_of_ids_in_a_list_lets_off_perhaps_each_that_it_may_mean(tmp_path, said, ids):
    rows = [f"R{n},{chr(0x4E00 + 37 * n)}苑,500,已建成,城镇,500000,3850000" for n in range(1, 15)]
    areas = "\n".join(("编号,小区名称,户数,类别,城乡,X,Y", *rows, ""))
    listed = f'编号,条款,理由,依据\n"{said}",,改造,县政府批复〔2023〕1号\n'
    files = {"r": areas, "f": ROOM.format(m2=75, served=""), "e": listed}
    study = lc.read_study(written(tmp_path, WITH_EXEMPTIONS, **files))
    assert {*study.exemptions["id"]} == ids
    assert {*study.exemptions["written"]} == {said}
