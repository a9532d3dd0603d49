"""Records that leave an area out, and records with people or buildings behind an area's name."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

AREAS = """编号,小区名称,户数,类别,城乡,所属镇街,X,Y
R1,东园,{0},已建成,城镇,曹城街道,500000,3850000
R2,西园,{0},已建成,城镇,曹城街道,500600,3850000
R3,南园,{0},已建成,城镇,磐石街道,500300,3850300
"""
ROOMS = """编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y
F1,甲站,日间照料中心,运营,75,"{0}",500300,3850000
"""


def judged(folder, record, households):
    """75 m² between the areas; ask 15 m² of 100 households."""
    tables = {"r": AREAS.format(households), "f": ROOMS.format(record)}
    result = lc.assess(lc.read_study(written(folder, STUDY, **tables)))
    found = result.findings
    found = found[found["clause"] == "CX-03"]
    told = dict(zip(found["id"], map(str, found["status"]), strict=True))
    return [told[area] for area in ("R1", "R2", "R3")], result


OPEN, SHORT, MET = "not_assessed", "deficient", "compliant"


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("曹城街道（不含西园）", [OPEN, SHORT, SHORT]),
        ("曹城街道各小区，不含西园", [OPEN, SHORT, SHORT]),
        ("曹城街道(西园除外)", [OPEN, SHORT, SHORT]),
        ("全县（不包括西园、南园）", [OPEN, SHORT, SHORT]),
        ("附近小区（不含西园）", [OPEN, SHORT, OPEN]),
        ("周边小区，西园除外", [OPEN, SHORT, OPEN]),
        ("不含西园", [OPEN, SHORT, OPEN]),
        ("东园（不含西园）", [MET, SHORT, SHORT]),
    ],
)
def test_who_is_left_out_is_not_meant(tmp_path, record, want):
    """Rooms for all of a street but 西园 are 东园's perhaps, and 西园's never."""
    told, result = judged(tmp_path, record, 500)
    assert told == want
    assert not [p for p in result.problems if "西园" in str(p.params.get("nearest", ""))]


@pytest.mark.parametrize(
    "record",
    [
        "东园（250户）、西园（250户）",
        "东园250户；西园250户",
        "东园(约600人)，西园（610余人）",
        "东园（12栋）和西园（9栋）",
    ],
)
def test_people_behind_a_name_are_no_part_of_it(tmp_path, record):
    """75 m² for two areas of 250 households, which need 37.5 each."""
    told, result = judged(tmp_path, record, 250)
    assert told == [MET, MET, SHORT]
    read = [p for p in result.problems if str(p.code) == "name_read_as"]
    assert read
    assert all("东园" in p.params["read"] or "西园" in p.params["read"] for p in read)


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("全部小区", [OPEN, OPEN, OPEN]),
        ("各小区", [OPEN, OPEN, OPEN]),
        ("R1、R2", [MET, SHORT, SHORT]),
        ("R01、R-2", [MET, SHORT, SHORT]),  # but for noughts and hyphens
        ("R10", [OPEN, OPEN, OPEN]),  # no area, so perhaps any near
        ("东园及以北", [OPEN, OPEN, OPEN]),  # how much of it is for others nobody knows
        ("东园及南侧小区", [OPEN, OPEN, OPEN]),
        ("东园、以西小区", [OPEN, OPEN, OPEN]),
        ("东园周围", [OPEN, OPEN, OPEN]),
        ("东园以东一带", [OPEN, OPEN, OPEN]),
        ("东园至西园之间", [OPEN, OPEN, OPEN]),
        ("东园-西园", [OPEN, OPEN, OPEN]),
        ("人民路以南", [OPEN, OPEN, OPEN]),
        ("东园", [MET, SHORT, SHORT]),
        ("城南小区", [OPEN, OPEN, OPEN]),  # a name that nobody has: perhaps any near
    ],
)
def test_a_side_and_a_stretch_say_more_than_they_name(tmp_path, record, want):
    assert judged(tmp_path, record, 500)[0] == want


PHASES = "编号,小区名称,户数,类别,城乡,X,Y\n" + "".join(
    f"R00{n},{name},500,已建成,城镇,{500_250 + 200 * n},3850000\n"
    for n, name in enumerate(("东苑一期", "东苑二期", "东苑三期", "西园"), start=1)
)


def of_phases(folder, record):
    tables = {"r": PHASES, "f": ROOMS.format(record).replace("75", "300")}
    found = lc.assess(lc.read_study(written(folder, STUDY, **tables))).findings
    return [str(one) for one in found.loc[found["clause"] == "CX-03", "status"]]


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("除东苑一期外东苑各期", [SHORT, OPEN, OPEN, SHORT]),
        ("东苑各期（除一期外）", [SHORT, OPEN, OPEN, SHORT]),
        ("东苑各期(不含一期)", [SHORT, OPEN, OPEN, SHORT]),
        ("东苑（一期除外）", [SHORT, OPEN, OPEN, SHORT]),
        ("东苑除一期外", [SHORT, OPEN, OPEN, SHORT]),
        ("东苑各期（除一、三期外）", [SHORT, OPEN, SHORT, SHORT]),
        ("除东苑一期外", [SHORT, OPEN, OPEN, OPEN]),
        ("除东苑一期", [SHORT, OPEN, OPEN, OPEN]),
        ("除东苑一期、西园外", [SHORT, OPEN, OPEN, SHORT]),
        ("除东苑一、二期外", [SHORT, SHORT, OPEN, OPEN]),
        ("除东苑一期之外周边小区", [SHORT, OPEN, OPEN, OPEN]),
        ("除了东苑一期外都服务", [SHORT, OPEN, OPEN, OPEN]),
        ("东苑二期（除一期外）", [SHORT, MET, SHORT, SHORT]),
    ],
)
def test_all_phases_but_one_are_the_others_perhaps(tmp_path, record, want):
    """Rooms for all of an estate but its first phase are the others' perhaps, the first's never."""
    assert of_phases(tmp_path, record) == want


@pytest.mark.parametrize("record", ["1,2", "001、002", "1号、2号", "1-2", "1:75；2:75"])
def test_a_bare_number_may_be_an_id_with_the_letters_that_all_have(tmp_path, record):
    assert of_phases(tmp_path, record) == [OPEN, OPEN, SHORT, SHORT]
