"""A unit left blank that the row's own name says; served areas whose names nearly agree."""

import pytest

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe

UNITS = """区划代码,名称
370827101,化雨镇
370827102,王庄镇
370827103,大王庄镇
370827001,东关街道
370827101001,东关社区居民委员会
370827101200,西村村民委员会
370827102200,西村村民委员会
370827102201,小王庄村村民委员会
"""


def ledger(county, *rows, units=UNITS):
    """Check a study whose facilities have these names, units and communities, and no place."""
    county.write("units.csv", units)
    county.layers["units"] = 'path = "units.csv"'
    lines = ["名称,类型,状态,镇街,社区", *(",".join([n, "托老所", "运营", *c]) for n, *c in rows)]
    county.write("facilities.csv", "\n".join([*lines, ""]))
    study, problems = check_study(county.finish())
    frame = study.facilities.frame
    told = [p for p in problems if p.code in {P.UNIT_BY_NAME, P.UNIT_NAMED_SEVERAL}]
    return list(zip(frame["unit"], frame["community"], strict=True)), told


@pytest.mark.parametrize(
    ("name", "unit", "community"),
    [
        ("化雨镇综合养老服务中心", "370827101", None),
        ("手工县化雨镇敬老院", "370827101", None),
        ("大王庄镇敬老院", "370827103", None),  # holds 王庄镇 too: the longer is meant
        ("王庄镇小王庄村幸福院", "370827102", "370827102201"),
        ("小王庄村幸福院", "370827102", "370827102201"),
        ("东关社区日间照料中心", "370827101", "370827101001"),
        ("化雨镇西村幸福院", "370827101", "370827101200"),
        ("化雨综合养老服务中心", None, None),  # no full name
        ("和平日间照料中心", None, None),
        ("东关社区花园养老用房", None, None),  # an estate's name goes on
        ("青年大西村幸福院", None, None),  # 西村 is no beginning
    ],
)
def test_a_blank_unit_is_that_of_the_name(county, name, unit, community):
    codes, told = ledger(county, (name, "", ""))
    assert codes == [(unit, community)]
    assert [p.code for p in told] == [P.UNIT_BY_NAME] * (
        (unit is not None and "镇" in name) + (community is not None)
    )
    assert {p.severity for p in told} <= {Severity.INFO}


def test_a_name_of_several_is_only_proposed(county):
    codes, told = ledger(county, ("西村幸福院", "", ""), ("化雨镇王庄镇联合敬老院", "", ""))
    assert codes == [(None, None), (None, None)]
    assert [p.code for p in told] == [P.UNIT_NAMED_SEVERAL] * 2
    assert told[0].params["names"] == [
        "西村村民委员会（370827101200）",
        "西村村民委员会（370827102200）",
    ]
    assert "化雨镇（370827101）" in describe(told[1], "zh")["what"]


def test_what_is_written_beats_the_name(county):
    codes, told = ledger(
        county,
        ("化雨镇敬老院", "王庄镇", ""),
        ("西村幸福院", "化雨镇", ""),
        ("化雨镇站", "无此镇", ""),
    )
    assert codes[0] == ("370827102", None)
    assert codes[1] == ("370827101", "370827101200")  # the town parts the two
    assert codes[2][0] is None  # something is written, and it is not known what
    assert [(p.code, p.row) for p in told] == [(P.UNIT_BY_NAME, 3)]


def test_a_place_beats_the_name(county):
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    boxes = [shapely.box(x, 3_879_000, x + 1000, 3_881_000) for x in (499_500, 500_500)]
    gpd.GeoDataFrame(
        {"code": ["370827101", "370827102"], "name": ["化雨镇", "王庄镇"]}, geometry=boxes, crs=4548
    ).to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'
    county.write(
        "facilities.csv",
        "名称,类型,状态,经度,纬度\n王庄镇站,托老所,运营,117.0,35.0500\n"
        "化雨镇站,托老所,运营,118.0,35.0500\n化雨镇二站,托老所,运营,,\n",
    )
    study, _ = check_study(county.finish())
    frame = study.facilities.frame
    assert frame["unit"].tolist() == ["370827101", None, "370827101"]
    assert frame["beyond_units"].tolist() == [False, True, False]


def test_served_areas_that_nearly_agree_are_read_or_proposed_as_units_are(county):
    names = ["金河湾", "莱河花苑", "真武小区", "阳光花园", "阳光小区"]
    rows = [f"R{n},{name},100,{117 + n / 100},35.05" for n, name in enumerate(names)]
    county.write("areas.csv", "\n".join(["id,name,households,lon,lat", *rows, ""]))
    county.layers["residential"] = 'path = "areas.csv"\ncoordinates = "cgcs2000"'
    served = ["金河湾小区", "莱河花园", "真武小区（老旧）", "阳光花园", "阳光", "无名"]
    lines = [f"F{n},站{n},托老所,117.0{n},35.05,{cell}" for n, cell in enumerate(served)]
    county.write("facilities.csv", "\n".join(["id,name,kinds,lon,lat,服务小区", *lines, ""]))
    study, problems = check_study(county.finish())
    pairs = study.sharing[["facility", "residential"]].to_numpy().tolist()
    assert pairs == [["F0", "R0"], ["F3", "R3"], ["F4", "R4"]]
    told = {
        p.value: (p.code, p.params.get("read") or p.params.get("key"))
        for p in problems
        if p.layer == "facilities" and p.value in served
    }
    assert told == {
        "金河湾小区": (P.NAME_READ_AS, "金河湾"),
        "莱河花园": (P.NAME_NEAR, "莱河花苑"),
        "真武小区（老旧）": (P.NAME_NEAR, "真武小区"),
        "阳光": (P.NAME_READ_AS, "阳光小区"),
        "无名": (P.REFERENCE_UNKNOWN, None),
    }
    near = next(p for p in problems if p.value == "莱河花园")
    assert '"莱河花园" = "莱河花苑"' in describe(near, "zh")["remedy"]


@pytest.mark.parametrize(
    ("address", "unit", "told"),
    [
        ("手工县化雨镇人民路 3 号", "", ["化雨镇"]),
        ("大王庄镇驻地", "", ["大王庄镇"]),  # holds 王庄镇 too: the longer is meant
        ("化雨镇与王庄镇交界处", "", []),  # two: nobody knows
        ("人民路 3 号", "", []),
        ("", "", []),
        ("化雨镇人民路 3 号", "王庄镇", []),  # the unit is written
        ("化雨镇人民路 3 号", "无此镇", []),  # and asked about as it is
    ],
)
@pytest.mark.parametrize("column", [True, False])
def test_the_one_town_that_an_address_holds_is_told_and_not_taken(
    county, address, unit, told, column
):
    if unit and not column:
        return
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    head, cells = ["名称", "类型", "状态", "地址"], ["和平日间照料中心", "托老所", "运营", address]
    if column:
        head, cells = [*head, "镇街"], [*cells, unit]
    county.write("facilities.csv", "\n".join([",".join(head), ",".join(cells), ""]))
    study, problems = check_study(county.finish())
    assert study.facilities.frame["unit"].iloc[0] in {None, "370827102"}
    found = [p for p in problems if p.code is P.UNIT_IN_ADDRESS]
    assert [p.params["unit"] for p in found] == told
    assert all(p.column == ("镇街" if column else "地址") for p in found)
    assert all("未据此归入" in describe(p, "zh")["what"] for p in found)
