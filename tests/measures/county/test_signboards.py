"""Beds of what may be one house under two names (一套房子两块牌子) count once for certain."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

pytestmark = pytest.mark.judged_alone(
    "CX-04", "CX-08", "CX-09", "CX-16", "JX-17", "JX-19", "WS-09b"
)

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,365000,3855000\n"
HEAD = "编号,设施名称,设施类型,状态,建筑面积,床位数,护理型床位,家庭养老床位数,X,Y\n"
FIRST = "C1,甲养老院,养老院,运营,2000,{},365000,3855000\n"
SECOND = "C2,乙敬老院,敬老院,运营,{},{},365000,3855000\n"
OTHER = "C3,丙养老院,养老院,运营,1500,100,30,0,369000,3855000\n"


@pytest.mark.parametrize(
    ("clause", "beds", "m2", "more", "told"),
    [
        # CX-09 asks for 600 family beds
        ("CX-09", ("100,70,300", "100,70,300"), 2000, OTHER, "not_assessed"),  # 300 or 600
        ("CX-09", ("100,70,300", "100,70,300"), 1900, OTHER, "compliant"),  # two houses
        ("CX-09", ("100,70,300", "100,70,310"), 2000, OTHER, "compliant"),  # two services
        ("CX-09", ("100,70,600", "100,70,600"), 2000, OTHER, "compliant"),  # 600 or 1200
        ("CX-09", ("100,70,290", "100,70,290"), 2000, OTHER, "deficient"),  # 580 at most
        # CX-16 asks for 65 % of the beds: 120 of 200, or 210 of 300
        ("CX-16", ("100,90,0", "100,90,0"), 2000, OTHER, "not_assessed"),
        ("CX-16", ("100,90,0", "100,90,0"), 1900, OTHER, "compliant"),
        ("CX-16", ("100,70,0", "100,70,0"), 2000, "", "compliant"),  # 70 % of either
    ],
)
def test_beds_on_both_lines_are_there_once_or_twice(tmp_path, clause, beds, m2, more, told):
    rooms = HEAD + FIRST.format(beds[0]) + SECOND.format(m2, beds[1]) + more
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == clause]
    assert str(one.status) == told


PLACE = "{},{},{},运营,{},{},{},3855000\n"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("2000", ""), ("2000", ""), (1, 2)),  # one house, or two
        (("2000", ""), ("1900", ""), (2, 2)),
        (("2000", "S"), ("2000", ""), (1, 2)),
        (("2000", "S"), ("2000", "S"), (1, 1)),  # typed as one place
        (("2000", "S"), ("2000", "T"), (2, 2)),
    ],
)
def test_what_may_be_one_house_is_one_place_at_least(tmp_path, first, second, told):
    """微山 WS-09b counts 区域性养老服务中心 by their places."""
    study = STUDY.replace("371721", "370826").replace("caoxian", "weishan")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,X,Y\n"
    rooms += PLACE.format("C1", "甲养老服务中心", "区域性养老服务中心", *first, 365000)
    rooms += PLACE.format("C2", "乙养老服务中心", "区域性养老服务中心", *second, 365000)
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "WS-09b"]
    assert (one.low, one.high) == told


@pytest.mark.parametrize(
    ("kind", "m2", "site", "told"),
    [
        ("日间照料中心", "200", "", (1, 2)),
        ("日间照料中心", "190", "", (2, 2)),
        ("社区服务站", "200", "S", (1, 2)),
        ("社区服务站", "", "S", (1, 2)),
        ("日间照料中心", "200", "S", (2, 2)),  # two buildings
    ],
)
def test_a_house_with_two_signboards_is_one_facility_at_least(tmp_path, kind, m2, site, told):
    """曹县 CX-04 counts community facilities by rows: two signboards are one service, or two."""
    rooms = "编号,设施名称,设施类型,状态,建筑面积,取得方式,场所编号,X,Y\n"
    for row in (("C1", "甲站", "日间照料中心", "200"), ("C2", "乙站", kind, m2)):
        rooms += f"{','.join(row[:3])},运营,{row[3]},移交,{site},365000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "CX-04"]
    assert (one.low, one.high) == told


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("养老院,运营,,S,100,90,365000", (60, 70)),  # a second service of the rooms
        ("敬老院,运营,2000,S,100,90,365000", (60, 70)),  # as large, on one point
        ("养老院,运营,2000,S,100,90,365000", (70, 70)),  # two buildings of one home
        ("敬老院,运营,2000,S,100,90,", (60, 70)),  # without a point it has that of its place
        ("敬老院,运营,2000,S,100,90,365040", (70, 70)),
        ("敬老院,运营,1900,S,100,90,365000", (70, 70)),
    ],
)
def test_beds_on_two_rows_of_one_typed_place_are_there_once_or_twice(tmp_path, second, told):
    """金乡 JX-17: (90 + 30) of (100 + 100) beds, or (180 + 30) of 300."""
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,床位数,护理型床位,X,Y\n"
    rooms += "C1,甲,养老院,运营,2000,S,100,90,365000,3855000\n"
    rooms += f"C2,乙,{second},3855000\nC3,丙,养老院,运营,1500,,100,30,369000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-17"]
    assert (one.low, one.high) == told


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("养老院", "2000", ""), ("敬老院", "2000", ""), (60, 70)),  # neither has a point
        (("养老院", "", "365000"), ("敬老院", "", "365000"), (60, 70)),  # nor m²
        (("某某院", "2000", "365000"), ("某某院", "2000", "365000"), (30, 70)),  # of any kind
        (("养老院", "2000", ""), ("养老院", "2000", ""), (70, 70)),
        (("养老院", "2000", ""), ("敬老院", "1900", ""), (70, 70)),
    ],
)
def test_what_a_typed_place_lists_twice_without_telling_them_apart(tmp_path, first, second, told):
    """Two rows of one site that nothing parts, be it for want of a point, m² or a known kind.

    Two of a kind that nobody knows may be no institutions: then 30 of 100 are left.
    """
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,床位数,护理型床位,X,Y\n"
    for one, name, (kind, m2, x) in (("C1", "甲", first), ("C2", "乙", second)):
        rooms += f"{one},{name},{kind},运营,{m2},S,100,90,{x},{'3855000' if x else ''}\n"
    rooms += "C3,丙,养老院,运营,1500,,100,30,369000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-17"]
    assert (one.low, one.high) == told


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (("敬老院", "2000"), (50, 200 / 3)),  # 1 of 2, or 2 of 3
        (("敬老院", ""), (50, 200 / 3)),
        (("养老院", "2000"), (200 / 3, 200 / 3)),  # two buildings
        (("敬老院", "1900"), (200 / 3, 200 / 3)),
    ],
)
def test_two_signs_on_one_typed_place_are_one_facility_or_two_in_a_share(tmp_path, second, told):
    """As their beds are counted once or twice (JX-17), so are they (JX-19)."""
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,床位数,场所编号,内设医疗机构,医疗签约,X,Y\n"
    rooms += "C1,甲,养老院,运营,2000,100,S,否,是,365000,3855000\n"
    rooms += f"C2,乙,{second[0]},运营,{second[1]},100,S,否,是,365000,3855000\n"
    rooms += "C3,丙,养老院,运营,1500,100,,否,否,369000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-19"]
    assert (one.low, one.high) == pytest.approx(told)


@pytest.mark.parametrize(
    ("m2", "contracts", "told"),
    [
        (2000, "是是否", (50, 200 / 3)),  # 1 of 2, or 2 of 3
        (2000, "否否是", (100 / 3, 50)),
        (2000, "是否是", (50, 100)),  # one house, of which nobody knows: 1 or 2 of 2
        (2000, "否是否", (0, 50)),
        (2000, "是是是", (100, 100)),
        (1900, "是是否", (200 / 3, 200 / 3)),  # two houses
    ],
)
def test_two_signs_on_one_house_are_one_facility_or_two_in_a_share(tmp_path, m2, contracts, told):
    """金乡 JX-19 counts the institutions with medical service."""
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,床位数,内设医疗机构,医疗签约,X,Y\n"
    rooms += f"C1,甲,养老院,运营,2000,100,否,{contracts[0]},365000,3855000\n"
    rooms += f"C2,乙,敬老院,运营,{m2},100,否,{contracts[1]},365000,3855000\n"
    rooms += f"C3,丙,养老院,运营,1500,100,否,{contracts[2]},369000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-19"]
    assert (one.low, one.high) == pytest.approx(told)


SAME_ROOMS = "日间照料中心,运营,,S,移交,365000"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (SAME_ROOMS, (1, 2)),  # a second service of the rooms, or the same one again
        ("社区养老服务站,运营,200,S,移交,365000", (1, 2)),  # as large, on one point
        ("日间照料中心,运营,200,S,移交,365000", (2, 2)),  # two buildings
        ("日间照料中心,运营,200,S,移交,365030", (2, 2)),
        ("社区养老服务站,运营,190,S,移交,365000", (2, 2)),
        ("社区养老服务站,运营,200,T,移交,365000", (2, 2)),
        ("日间照料中心,规划,,S,移交,365000", (1, 1)),
    ],
)
def test_two_rows_of_one_typed_place_are_one_facility_at_least(tmp_path, second, told):
    """曹县 CX-04 counts community facilities by rows."""
    rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,取得方式,X,Y\n"
    rooms += f"C1,甲,日间照料中心,运营,200,S,移交,365000,3855000\nC2,乙,{second},3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "CX-04"]
    assert (one.low, one.high) == told


@pytest.mark.parametrize(
    ("kind", "m2", "contracts", "told"),
    [
        ("敬老院", 2000, "是是否", (50, 200 / 3)),  # 1 of 2, or 2 of 3
        ("养老院", "", "是是否", (50, 200 / 3)),
        ("敬老院", 2000, "否否是", (100 / 3, 50)),
        ("敬老院", 2000, "是否是", (50, 100)),  # one house, of which nobody knows: 1 or 2 of 2
        ("敬老院", 2000, "否是否", (0, 50)),
        ("敬老院", 2000, "是是是", (100, 100)),
        ("养老院", 2000, "是否是", (200 / 3, 200 / 3)),  # two buildings of one home
        ("敬老院", 1900, "是否是", (200 / 3, 200 / 3)),
    ],
)
def test_two_rows_of_one_typed_place_are_one_facility_or_two_in_a_share(
    tmp_path, kind, m2, contracts, told
):
    """金乡 JX-19 counts the institutions with medical service."""
    study = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,床位数,内设医疗机构,医疗签约,X,Y\n"
    rooms += f"C1,甲,养老院,运营,2000,S,100,否,{contracts[0]},365000,3855000\n"
    rooms += f"C2,乙,{kind},运营,{m2},S,100,否,{contracts[1]},365000,3855000\n"
    rooms += f"C3,丙,养老院,运营,1500,,100,否,{contracts[2]},369000,3855000\n"
    found = lc.assess(lc.read_study(written(tmp_path, study, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "JX-19"]
    assert (one.low, one.high) == pytest.approx(told)


@pytest.mark.parametrize(
    ("beds", "remark", "told"),
    [
        ("300", "", (600, 600)),
        ("", "", (300, 300)),  # a day-care centre has none where it says nothing
        ("若干", "", (300, float("inf"))),  # and some, nobody knows how many, where it says so
        ("300", "家庭养老床位有误", (300, float("inf"))),
        ("300", "与实际不符", (300, float("inf"))),
    ],
)
def test_beds_that_are_written_and_not_known_are_not_none(tmp_path, beds, remark, told):
    """CX-09 adds up the family beds of whatever kind: 600 are asked for."""
    rooms = "编号,设施名称,设施类型,状态,建筑面积,家庭养老床位数,X,Y,备注\n"
    rooms += f"C1,甲站,日间照料中心,运营,200,{beds},365000,3855000,{remark}\n"
    rooms += "C2,乙站,日间照料中心,运营,300,300,369000,3855000,\n"
    found = lc.assess(lc.read_study(written(tmp_path, STUDY, r=AREAS, f=rooms)))
    (one,) = [c for c in found.clauses if c.id == "CX-09"]
    assert (one.low, one.high or float("inf")) == told
    assert str(one.status) == {600: "compliant", 300: "deficient"}.get(told[1], "not_assessed")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("200,,365000", "日间照料中心,200,,365000", (1, 2, 200)),
        ("200,S,365000", "社区服务站,,S,365000", (1, 2, 200)),  # a second service of the rooms
        ("200,S,365000", "日间照料中心,200,S,365000", (2, 2, 400)),  # two buildings
        ("200,,365000", "日间照料中心,190,,365000", (2, 2, 390)),
    ],
)
def test_an_idle_house_with_two_signboards_is_out_of_use_once_or_twice(
    tmp_path, first, second, told
):
    """曹县 CX-08 lists what is idle: one house for certain, in whichever order its rows stand."""
    for n, order in enumerate([(0, 1), (1, 0)]):
        rows = (
            f"C1,甲站,日间照料中心,闲置,{first},3855000",
            "C2,乙站,{},停用,{},3855000".format(*second.split(",", 1)),
        )
        rooms = "编号,设施名称,设施类型,状态,建筑面积,场所编号,X,Y\n"
        rooms += "\n".join(rows[at] for at in order) + "\n"
        (folder := tmp_path / str(n)).mkdir()
        found = lc.assess(lc.read_study(written(folder, STUDY, r=AREAS, f=rooms)))
        (one,) = [c for c in found.clauses if c.id == "CX-08"]
        row = found.findings.set_index("clause").loc["CX-08"]
        params = (
            row["reason"]["params"] if isinstance(row["reason"], dict) else row["reason"].params
        )
        assert (one.low, one.high, params["m2"]) == told
        codes = [note["code"] for note in params.get("notes", ())]
        assert codes == (["out_of_use_once_more"] if told[0] < told[1] else [])
