"""Small counties, each with its own document, whose ledgers are in two datums or three.

Beds and places of what may be one house, phases of a project, a place under the single minimum,
ledgers of two rows, ledgers without a position, outlines that overlap. What is expected was written
down before it was run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from tests.counties.worlds import (
    Also,
    C,
    D,
    Kind,
    N,
    by_turns,
    in_degrees,
    numbered,
    one,
    place,
    room,
    rooms,
    table,
)
from tests.two_ledgers import STUDY, written

import lifecircle as lc

WEISHAN = STUDY.replace("371721", "370826").replace("caoxian", "weishan")
JINXIANG = STUDY.replace("371721", "370828").replace("caoxian", "jinxiang")
HOME = {"设施类型": "养老院", "床位数": 100}
BOTH = ("", "")
NOWHERE = {"经度": "", "纬度": ""}


@dataclass(frozen=True)
class County:
    """Its estates with their facilities, and what clauses come to: of each area, or in all."""

    study: str
    kinds: tuple[Kind, ...]
    areas: dict[str, tuple[str, ...]]
    whole: dict[str, tuple[str, float, float]]


def beds(one, other, m2=2000):
    """Return two houses of beds at one spot, under two names, with family beds."""
    first = room(2000, 设施名称="甲养老院", 家庭养老床位数=one, **HOME)
    second = {"设施名称": "乙敬老院", "家庭养老床位数": other} | HOME | {"设施类型": "敬老院"}
    return Kind("东园", BOTH, (first, room(m2, **second)), town="曹城街道")


def centres(*sites):
    said = {"设施类型": "区域性养老服务中心"}
    made = zip("甲乙", sites, strict=True)
    found = (room(2000, 设施名称=f"{name}中心", 场所编号=site, **said) for name, site in made)
    return Kind("东园", BOTH, tuple(found), town="韩庄镇")


def care(full):
    """Return a home that is registered, and a centre of 0 beds whose 全日托养 may be blank."""
    home = room(2000, 设施名称="甲养老院", 是否备案="是", 全日托养="是", **HOME)
    said = {"设施类型": "镇街综合养老服务中心", "床位数": 0, "全日托养": full}
    return Kind("东园", BOTH, (home, room(800, 900, 设施名称="乙中心", **said)), town="韩庄镇")


def phases(other, *, m2=160, **said):
    """Return a phase whose conditions name its m², beside one without, of one project."""
    new = {"户数": 500, "类别": "新建", "项目编号": "X1", "规划条件应配面积": 100}
    beside = Also("枫林二期", 400, BOTH, {"户数": 300, "规划条件应配面积": ""} | other)
    return Kind("枫林一期", BOTH, one(m2), new, more=(beside,), town="韩庄镇", **said)


# 金乡 asks new areas for 30 m² a 100 households, in places of 200 m² at least
SMALL = Kind("桂苑", BOTH, (room(160, 设施名称="桂苑站"), room(60, 10, 状态="说不清")),
             {"类别": "新建"}, town="金乡街道")  # fmt: skip
LARGE = Kind("桂苑", BOTH, one(200), {"类别": "新建", "户数": "约300", "项目编号": "X1"},
             more=(Also("竹苑", 400, BOTH, {"户数": "约200", "类别": ""}),),
             town="金乡街道")  # fmt: skip
FAR = Kind("西园", BOTH, one(经度=15.54, 设施名称="西字站"), town="曹城街道")
NEAR = Kind("东园", BOTH, one(), town="曹城街道")
NAMED = {"设施名称": "东园照料站", "服务小区": "东园"} | NOWHERE
LOST = (
    Kind("东园", BOTH, one(**NAMED), NOWHERE, town="曹城街道"),
    Kind("西园", BOTH, (), NOWHERE, town="曹城街道"),
)

COUNTIES = {
    # CX-09: 600 family beds, 300 or 600 where both may be one house
    "beds of one house": County(STUDY, (beds(300, 300),), {}, {"CX-09": (N, 300, 600)}),
    "beds of two houses": County(STUDY, (beds(300, 300, 1900),), {}, {"CX-09": (C, 600, 600)}),
    "too few beds": County(STUDY, (beds(290, 290),), {}, {"CX-09": (D, 290, 580)}),
    # WS-09b: 4 regional centres; two that may be one
    "one centre or two": County(WEISHAN, (centres("", ""),), {}, {"WS-09b": (D, 1, 2)}),
    "two centres": County(WEISHAN, (centres("1", "2"),), {}, {"WS-09b": (D, 2, 2)}),
    "one centre, 1 and 01": County(WEISHAN, (centres("1", "01"),), {}, {"WS-09b": (D, 1, 1)}),
    # WS-13: whether the centre, of which nobody says that it is registered, is asked at all
    "care untold": County(WEISHAN, (care(""),), {}, {"WS-13": (N, 50, 100)}),
    "no full care": County(WEISHAN, (care("否"),), {}, {"WS-13": (C, 100, 100)}),
    # WS-03: phases of a project have its rooms, whatever one's conditions name
    "conditions": County(WEISHAN, (phases({}),), {"WS-03": (C, C)}, {}),
    "conditions, class blank": County(WEISHAN, (phases({"类别": ""}),), {"WS-03": (C, N)}, {}),
    # JX-04: the 160 m² are too few for certain; JX-03: 150 are asked, 200 in one place
    "a small place": County(JINXIANG, (SMALL,), {"JX-04": (D,), "JX-03": (D,)}, {}),
    "round phases": County(JINXIANG, (LARGE,), {"JX-04": (C, N)}, {}),
    # of two rows the one outside China has no place, and may stand by 西园
    "two rows": County(STUDY, (NEAR, FAR), {"CX-03": (C, N), "CX-06": (C, N)}, {}),
    "no position": County(STUDY, LOST, {"CX-03": (C, D), "CX-06": (N, N)}, {}),
}  # fmt: skip
WAYS = {
    "facilities in GCJ-02": (["wgs84"], ["gcj02"]),
    "facilities in BD-09": (["cgcs2000"], ["bd09"]),
    "rows of three datums": (["cgcs2000", "bd09"], ["gcj02", "wgs84"]),
}


@pytest.mark.one_in(6)
@pytest.mark.parametrize(("name", "way"), by_turns(COUNTIES, WAYS))
def test_a_county_comes_to_the_same(tmp_path, name, way):
    county = COUNTIES[name]
    result = in_degrees(*WAYS[way], county.study)(tmp_path, county.kinds)
    for clause, statuses in county.areas.items():
        found = result.findings[result.findings["clause"] == clause]["status"]
        assert tuple(map(str, found)) == statuses, clause
    for clause, (status, low, high) in county.whole.items():
        told = result.clause(clause)
        assert (str(told.status), round(told.low), round(told.high)) == (status, low, high), clause
    if name == "a small place":
        (reason,) = result.findings[result.findings["clause"] == "JX-04"]["reason"]
        assert reason.params == {"facility": "F01", "place_m2": 160.0, "minimum_m2": 200.0}


OUTLINES = {  # metres east of the middle, and half a side
    "外苑": (0, 300),
    "内苑": (150, 60),
    "南苑": (2000, 100),
}
RECORDS = {
    # in both outlines: open between them, as without a record, if the record may be nobody's
    "月光花园": {"外苑": N, "内苑": N, "南苑": D},
    "": {"外苑": N, "内苑": N, "南苑": D},
    "内苑": {"外苑": D, "内苑": C, "南苑": D},
}


def outlines(datum):
    """Return the areas of 500 households as GeoJSON, as a map of a datum has them."""
    found = []
    for at, (name, (middle, half)) in enumerate(OUTLINES.items(), 1):
        said = {"编号": f"R{at:02}", "小区名称": name, "户数": 500, "类别": "已建成"}
        corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
        spots = [place(0, middle + east, datum, north).values() for east, north in corners]
        ring = [[float(one) for one in spot] for spot in spots]
        shape = {"type": "Polygon", "coordinates": [ring]}
        said |= {"城乡": "城镇", "状态": "入住"}
        found.append({"type": "Feature", "properties": said, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize(("homes", "places"), [("wgs84", "bd09"), ("gcj02", "cgcs2000")])
def test_rooms_in_two_outlines(tmp_path, record, homes, places):
    (tmp_path / "r.geojson").write_text(outlines(homes), encoding="utf-8")
    study = STUDY.replace('"r.csv"\ncrs = "EPSG:4548"', f'"r.geojson"\ncoordinates = "{homes}"')
    study = study.replace('"f.csv"\ncrs = "EPSG:4548"', f'"f.csv"\ncoordinates = "{places}"')
    kind = Kind("", BOTH, one(east=150, 服务小区=record), town="曹城街道")
    rows = numbered((row for _, row in rooms((kind,), [places])), "F")
    result = lc.assess(lc.read_study(written(tmp_path, study, f=table(rows))))
    found = result.findings[result.findings["clause"] == "CX-03"]["status"].astype(str)
    assert dict(zip(OUTLINES, found, strict=True)) == RECORDS[record]
