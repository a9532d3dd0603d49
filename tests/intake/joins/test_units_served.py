"""服务小区 that names a community, a street, a code, or nobody: whom it may mean. By hand.

Two existing estates of 500 households need 75 m² each; the rooms stand between them.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
SOUTH, NORTH = "371721001001", "371721001002"  # 南关, 北关 of 曹城街道


def judged(folder, record, *, names=("阳光花园", "东方名城"), codes=(SOUTH, SOUTH), m2=160, at=400):
    """Return how two estates meet CX-03 beside rooms of a record, half way to 400 m."""
    homes = "编号,小区名称,户数,类别,城乡,所属街道,所属社区,X,Y\n"
    for number, (name, code, x) in enumerate(zip(names, codes, (0, at), strict=True), 1):
        homes += f"R{number},{name},500,已建成,城镇,曹城街道,{code},{500000 + x},3850000\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属街道,X,Y\n"
    rooms += f"F1,便民站,日间照料中心,运营,{m2},{record},曹城街道,500200,3850000\n"
    found = lc.assess(lc.read_study(written(folder, STUDY, r=homes, f=rooms))).findings
    found = found[found["clause"] == "CX-03"].set_index("id")
    assert all('"F1"' in str(r) or "F1" in str(r) for r in found["reason"][found["status"] == OPEN])
    return [str(found.at[one, "status"]) for one in ("R1", "R2")]


@pytest.mark.parametrize(
    "record",
    [
        "南关社区",
        "南关居民委员会",
        "南关居委会",
        "曹城街道南关社区",
        "曹城街道南关居委会",
        SOUTH,
        "曹城街道",
        "371721001",
        "南关社区居民",
    ],
)
def test_a_unit_may_mean_any_area_in_it(tmp_path, record):
    assert judged(tmp_path, record) == [OPEN, OPEN]


@pytest.mark.parametrize("record", ["南关社区", "南关居民委员会", "曹城街道南关社区", SOUTH])
def test_a_community_means_none_of_another(tmp_path, record):
    assert judged(tmp_path, record, codes=(SOUTH, NORTH)) == [OPEN, SHORT]


@pytest.mark.parametrize("name", ["南关小区", "南关花园", "南关"])
def test_a_community_is_no_estate_that_is_called_like_it(tmp_path, name):
    assert judged(tmp_path, "南关社区", names=(name, "东方名城")) == [OPEN, OPEN]


@pytest.mark.parametrize("name", ["金河小区", "金河花园"])
def test_nor_is_one_that_is_on_no_list(tmp_path, name):
    assert judged(tmp_path, "金河社区", names=(name, "东方名城")) == [OPEN, OPEN]


def test_where_no_other_area_is_near_the_estate_is_meant(tmp_path):
    assert judged(tmp_path, "金河社区", names=("金河小区", "东方名城"), at=1500) == [MET, SHORT]
    assert judged(tmp_path, "金河小区", names=("金河小区", "东方名城")) == [MET, SHORT]
    assert judged(tmp_path, "金河社区", names=("金河社区", "东方名城")) == [MET, SHORT]


@pytest.mark.parametrize("record", ["旧名小区", "富丽家园", "#REF!"])
def test_a_name_that_nobody_has_may_be_anybodys_near(tmp_path, record):
    assert judged(tmp_path, record) == [OPEN, OPEN]
    (tmp_path / "small").mkdir()
    assert judged(tmp_path / "small", record, m2=60) == [SHORT, SHORT]
    (tmp_path / "far").mkdir()
    assert judged(tmp_path / "far", record, at=1500) == [OPEN, SHORT]


@pytest.mark.parametrize("record", ["周边小区", "见附件"])
def test_to_know_where_rooms_are_opens_no_more_estates_without_position(tmp_path, record):
    # R2 to R5 have none: of the rooms' community, of no community there, of another town, of none
    homes = "编号,小区名称,户数,类别,城乡,所属街道,所属社区,X,Y\n"
    homes += f"R1,阳光花园,500,已建成,城镇,曹城街道,{SOUTH},500000,3850000\n"
    units = (f"曹城街道,{SOUTH}", "曹城街道,", "磐石街道,", ",")
    for number, unit in enumerate(units, 2):
        homes += f"R{number},玉{'河山海湖'[number - 2]}苑,500,已建成,城镇,{unit},,\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属街道,所属社区,X,Y\n"
    rooms += f"F1,便民站,日间照料中心,运营,160,{record},曹城街道,{SOUTH},"
    told = []
    for at in ("500200,3850000", ","):
        study = lc.read_study(written(tmp_path, STUDY, r=homes, f=f"{rooms}{at}\n"))
        told.append(set(study.likely["residential"]) & {"R2", "R3", "R4", "R5"})
    assert told == [{"R2", "R3", "R5"}] * 2
