"""Service districts by hand: a county made like Weishan's 15 seats, and towns in a row."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import docx
import openpyxl
import pandas as pd
import pytest
from pyproj import Transformer

import lifecircle as lc
from lifecircle.assessing.layers import districts
from lifecircle.case.named_hosts import districts_read, standards_of
from lifecircle.intake import inspect_study
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.options import District
from lifecircle.model.status import Status
from lifecircle.outputs.checkup.page import render_check
from lifecircle.outputs.maps.draw import map_data
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.saved.qgis_styles import style_rows

KM = 1000.0
# code: name, seat (km east and north), people to house
SEATS = {
    "370826101": ("韩庄镇", (0, 0), 20),
    "370826111": ("微山岛镇", (-5, 10), 15),  # an island; the pier is 1 km from its seat
    "370826002": ("昭阳街道", (0, 30), 30),
    "370826001": ("夏镇街道", (0, 33), 40),
    "370826003": ("傅村街道", (0, 36), 10),
    "370826102": ("欢城镇", (0, 40), 10),
    "370826106": ("留庄镇", (0, 44), 10),
    "370826107": ("两城镇", (0, 55), 10),
    "370826104": ("鲁桥镇", (0, 60), 10),
    "370826108": ("马坡镇", (0, 66), None),
    "370826103": ("南阳镇", (-6, 60), 10),  # an island of which no ferry is drawn
    "370826110": ("张楼镇", (-20, 10), 10),
    "370826109": ("赵庙镇", (-20, 20), 10),
    "370826112": ("西平镇", (-20, 25), 10),
    "370826206": ("高楼乡", (-20, 30), 10),
}
BEDS = {"370826101": 60, "370826001": 100, "370826104": 80, "370826109": 50}
PRIMARY, LOCAL = {"highway": "primary"}, {"highway": "residential"}
WAYS = [
    # 50 km/h: the eastern shore, the southern end, the western shore
    (PRIMARY, [(0, 67), (0, 60), (0, 33), (0, 10), (0, 0), (0, -5), (-20, -5), (-20, 31)]),
    (LOCAL, [(-5, 10), (-4, 10)]),  # 20 km/h
    ({"route": "ferry", "duration": "30"}, [(-4, 10), (0, 10)]),
    (LOCAL, [(-6.5, 60), (-5.5, 60)]),
]
STUDY = """
[study]
name = "湖区县"
county = "370826"
standard = "weishan-2023"
as_of = 2023-12-31
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
coordinates = "cgcs2000"
[layers.facilities]
path = "设施.csv"
coordinates = "cgcs2000"
[layers.units]
path = "镇街.csv"
coordinates = "cgcs2000"
[layers.streets]
path = "道路.geojson"
[parameters]
ferry_wait_min = {wait}
"""


def write_lake(home, *, wait=15):
    """Write the study's files into ``home``; return the path of its study file."""
    to_degrees = Transformer.from_crs(4548, 4490, always_xy=True).transform

    def degrees(spot):
        x, y = to_degrees(500_000 + KM * spot[0], 3_850_000 + KM * spot[1])
        return round(x, 9), round(y, 9)

    units = ["区划代码,名称,单位类型,经度,纬度,特困人员"]
    houses = ["编号,设施名称,设施类型,状态,床位数,所属镇街,经度,纬度"]
    for code, (name, spot, people) in SEATS.items():
        place = "{},{}".format(*degrees(spot))
        kind = "街道" if code < "370826100" else "乡" if code > "370826200" else "镇"
        units.append(f"{code},{name},{kind},{place},{'' if people is None else people}")
        if code in BEDS:
            row = f"H{code[-3:]},{name}敬老院,区域性养老服务中心,运营,{BEDS[code]},{code},{place}"
            houses.append(row)
    estate = ["编号,小区名称,户数,类别,城乡,阶段,经度,纬度"]
    estate.append("R1,湖滨苑,500,已建成,城镇,入住,{},{}".format(*degrees((0.2, 33))))
    streets = [
        {
            "type": "Feature",
            "properties": {"highway": None, "route": None, "duration": None, **tags},
            "geometry": {"type": "LineString", "coordinates": [degrees(one) for one in course]},
        }
        for tags, course in WAYS
    ]
    for name, lines in (("镇街", units), ("设施", houses), ("小区", estate)):
        (home / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    roads = {"type": "FeatureCollection", "features": streets}
    (home / "道路.geojson").write_text(json.dumps(roads), encoding="utf-8")
    path = home / "study.toml"
    path.write_text(STUDY.format(wait=wait), encoding="utf-8")
    return path


DISTRICTS = ("南部", "中部", "微北", "湖西")
ISLAND, FAR, LONE = "370826111", "370826002", "370826103"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return lc.assess(lc.read_study(write_lake(tmp_path_factory.mktemp("lake"))))


def test_a_line_a_district(lake):
    south, middle, north, west = lake.districts
    assert [one.district for one in lake.districts] == [
        "南部片区",
        "中部片区",
        "微北片区",
        "湖西片区",
    ]
    assert (south.host, south.host_unit) == ("H101", "370826101")
    # 0 km; 5 km east and 10 south of the island; 30 km
    assert (south.far_unit, south.far_m) == (FAR, pytest.approx(30_000))
    assert south.total_m == pytest.approx(30_000 + 125**0.5 * 1000)
    # 1 km at 20 km/h, 30 min on the ferry after 15 of waiting, 10 km at 50 km/h; 30 km at 50
    assert (south.slow_unit, south.slow_min) == (ISLAND, pytest.approx(3 + 15 + 30 + 12))
    assert south.total_min == pytest.approx(60 + 36)
    assert (middle.slow_unit, middle.slow_min) == ("370826106", pytest.approx(11 / 50 * 60))
    assert middle.total_min == pytest.approx((3 + 7 + 11) / 50 * 60)
    assert (west.total_m, west.total_min) == (pytest.approx(25_000), pytest.approx(30))
    assert north.total_min == pytest.approx((5 + 6) / 50 * 60)  # of those that have a way


def test_beds_against_the_people_of_the_district(lake):
    told = [(one.beds, one.demand, one.demand_missing, one.room) for one in lake.districts]
    assert told == [
        (60, 20 + 15 + 30, 0, "deficient"),
        (100, 70, 0, "compliant"),
        (80, 30, 1, "not_assessed"),  # 马坡镇 has no figure
        (50, 40, 0, "compliant"),
    ]


def test_what_is_odd(lake):
    south, middle, north, west = lake.districts
    assert south.nearer == {FAR: "H001"}  # 3 km to 夏镇, 30 to its own host
    assert (south.by_ferry, south.only_by_ferry, south.cut_off) == ((ISLAND,), (ISLAND,), ())
    assert (north.cut_off, north.untimed, north.by_ferry) == ((LONE,), (LONE,), ())
    for one in (middle, west):
        assert (one.nearer, one.by_ferry, one.cut_off, one.untimed) == ({}, (), (), ())
    assert {one.apart for one in lake.districts} == {None}  # seats alone: no borders


def test_the_report_and_the_workbook_tell_it(lake, tmp_path):
    html = render_report(lake)
    for words in (
        "服务片区一览",
        "60 / 65",
        "依托机构床位比片区应保障人数少 5 张",
        "昭阳街道离另一片区的夏镇街道敬老院更近",
        "微山岛镇只能乘船到达依托机构",
        "南阳镇在数据中没有道路或轮渡通往依托机构",
        "路程待核实：当地道路自成一片（共 1000 米），不通依托机构；如是岛屿，请补轮渡航线",
        "每次乘船另加候船 15 分钟",
        "镇街没有边界，未核对是否连片",
    ):
        assert words in html
    sheet = openpyxl.load_workbook(write_workbook(lake, tmp_path / "a.xlsx"))["服务片区"]
    head, south, *_ = ([cell.value for cell in row] for row in sheet.iter_rows())
    row = dict(zip(head, south, strict=True))
    assert (row["床位（张）"], row["应保障人数"]) == (60, 65)
    assert (row["直线最远的镇街"], row["驾车最久的镇街"]) == ("昭阳街道", "微山岛镇")
    assert row["驾车合计（分钟）"] == pytest.approx(96)


def test_the_map_has_a_switch_for_each(lake):
    found = [one for one in map_data(lake)["overlays"] if one["id"].startswith("districts:")]
    assert [one["label"] for one in found][:2] == [
        "南部片区（依托韩庄镇敬老院）",
        "中部片区（依托夏镇街道敬老院）",
    ]
    assert [one["count"] for one in found] == [3, 4, 4, 4]
    assert [one["look"] for one in found] == [0, 1, 2, 3]
    # three units, the ways of the two that are not the host's own, the host
    assert [f["k"] for f in found[0]["features"]] == ["unit"] * 3 + ["way"] * 2 + ["host"]
    assert [f["n"] for f in found[0]["features"]][-1] == "韩庄镇敬老院"
    # a file that is read back has numbers of another type
    frame = lake.layers["districts"]
    layers = {**lake.layers, "districts": frame.assign(number=frame["number"].astype(float))}
    again = map_data(dataclasses.replace(lake, layers=layers))["overlays"]
    assert [one["id"] for one in again] == [one["id"] for one in map_data(lake)["overlays"]]


def test_the_check_page_has_a_line_for_each(tmp_path):
    found = inspect_study(write_lake(tmp_path))
    told = districts_read(found.study, standards_of(found.study))
    south, _, north, _ = told
    assert [one.district for one in told] == [f"{one}片区" for one in DISTRICTS]
    assert (south.host, south.beds, south.demand, south.demand_missing) == (
        "韩庄镇敬老院", 60, 65, 0,
    )  # fmt: skip
    assert (south.far_unit, south.far_m) == ("昭阳街道", pytest.approx(30_000))
    assert south.total_m == pytest.approx(30_000 + 125**0.5 * 1000)
    assert (north.demand, north.demand_missing, north.without_seat) == (30, 1, ())
    html = render_check(dataclasses.replace(found, districts=told), {})
    assert "床位比应保障人数少 5 张" in html
    assert "1 个镇街没有填应保障人数" in html
    assert "服务片区" not in render_check(found, {})


def test_a_district_of_which_the_ledgers_hold_little(tmp_path):
    home = write_lake(tmp_path).parent
    for name, without in (("设施", "H101"), ("镇街", ISLAND)):
        lines = (home / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(without)]
        (home / f"{name}.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = inspect_study(home / "study.toml")
    south, *_ = districts_read(found.study, standards_of(found.study))
    assert (south.host, south.beds, south.far_m, south.total_m) == (None, None, None, None)
    assert (south.demand, south.demand_missing) == (20 + 30, 1)
    # the county's own list knows the island's town, not where its seat is
    assert (south.unlisted, south.without_seat) == ((), ("微山岛镇",))
    assert south.units == ("韩庄镇", "微山岛镇", "昭阳街道")


def test_the_wait_is_the_studys(tmp_path):
    south = lc.assess(lc.read_study(write_lake(tmp_path, wait=0))).districts[0]
    assert south.slow_min == pytest.approx(3 + 30 + 12)


def test_the_chapter_has_a_line_for_each(lake):
    """The host is in use where the document says; of 60 beds for 65 people 5 are short."""
    for language, row, odd in (
        (
            "zh",
            ["南部片区\n达标", "韩庄镇敬老院", "韩庄镇、微山岛镇、昭阳街道", "60 / 65"],
            "南部片区：依托机构床位比片区应保障人数少 5 张；",
        ),
        ("en", ["南部片区\ncompliant"], "南部片区: "),
    ):
        word = docx.Document(
            io.BytesIO(chapter_bytes(dataclasses.replace(lake, language=language)))
        )
        (table,) = (t for t in word.tables if "南部片区" in t.rows[1].cells[0].text)
        assert len(table.rows) == 1 + 4
        assert [cell.text for cell in table.rows[1].cells][: len(row)] == row
        assert any(p.text.startswith(odd) for p in word.paragraphs)
    bare = docx.Document(io.BytesIO(chapter_bytes(dataclasses.replace(lake, districts=()))))
    assert not any("服务片区" in p.text for p in bare.paragraphs)


@pytest.mark.parametrize(
    ("beds", "demand", "missing", "said"),
    [
        (64, 65, 0, "依托机构床位比片区应保障人数少 1 张；"),
        (64, 65, 1, "依托机构床位比片区应保障人数至少少 1 张；"),
        # beds enough: the clause is missed by the kind or the stage of the house
        (65, 65, 0, "依托机构的床位数够，但类型或阶段还不符合床位保障条款；"),
        (100, 80, 0, "依托机构的床位数够，但类型或阶段还不符合床位保障条款；"),
    ],
)
def test_beds_that_suffice_are_not_told_as_short(lake, beds, demand, missing, said):
    figures = {"beds": float(beds), "demand": float(demand), "demand_missing": missing}
    one = dataclasses.replace(lake.districts[0], room=Status.DEFICIENT, **figures)
    word = docx.Document(
        io.BytesIO(chapter_bytes(dataclasses.replace(lake, districts=(one,), language="zh")))
    )
    assert any(p.text.startswith(f"南部片区：{said}") for p in word.paragraphs)


def test_qgis_is_given_a_colour_for_each(lake):
    """Seats are points here, ways lines: a style for either, a category a district."""
    rows = style_rows(lake)
    rows = rows[rows["f_table_name"] == "districts"]
    assert rows["useAsDefault"].tolist() == [True, False]
    for text, symbol in zip(rows["styleQML"], ("marker", "line"), strict=True):
        found = ET.fromstring(text)  # noqa: S314 - our own text
        assert found.find("renderer-v2").get("attr") == "district"
        named = [one.get("value") for one in found.iter("category")]
        assert named == [f"{name}片区" for name in DISTRICTS]
        assert {one.get("type") for one in found.iter("symbol")} == {symbol}
        inks = [one.get("value") for one in found.iter("Option") if "color" in one.get("name", "")]
        assert "68,119,170,255" in inks  # the first colour of the map: #4477aa
        # of the points the hosts alone are named; a line bears the name of the unit it comes from
        label = """if("role" = 'host', "host_name", '')""" if symbol == "marker" else '"name"'
        assert found.find(".//text-style").get("fieldName") == label
    assert set(lake.layers["districts"]["district"]) == {f"{name}片区" for name in DISTRICTS}


SOUTH = District("南部片区", "敬老院", ("101", "111", "002", "103"), "101")


@pytest.mark.parametrize(
    ("borders", "apart"),
    [
        ([(0, 1), (1, 2), (2, 3)], ()),  # a row: the last is joined to the host by the others
        ([(2, 3), (1, 3), (0, 1)], ()),
        ([(0, 1), (2, 3)], ("002", "103")),
        ([], ("111", "002", "103")),
        (None, None),  # not drawn
    ],
)
def test_who_is_joined_to_the_host_is_so_by_any_way_of_borders(monkeypatch, borders, apart):
    monkeypatch.setattr(districts, "adjoining", lambda *_: borders)
    bench = SimpleNamespace(case=None, bare=None)
    assert districts._apart(bench, SOUTH, None) == apart


@pytest.mark.parametrize(
    ("own", "others", "nearer"),
    [
        (20.0, [19.0, 25.0], "X"),
        (20.0, [20.0, 25.0], None),  # as near is not nearer
        (20.0, [25.0, 19.9], "Y"),
        (None, [19.0, 25.0], None),  # minutes of nobody: nothing is nearer for certain
    ],
)
def test_a_host_of_another_district_is_named_where_it_is_nearer(own, others, nearer):
    ways = [
        ("U", "seat", house, minutes, math.nan) for house, minutes in zip("XY", others, strict=True)
    ]
    columns = ["unit", "start", "facility", "drive_far_min", "straight_far_m"]
    tables = SimpleNamespace(journeys=pd.DataFrame(ways, columns=columns))
    way = SimpleNamespace(unit="U", start="seat", drive_far_min=own, straight_far_m=None)
    assert districts._nearer(tables, way, {"X", "Y"}) == nearer


@pytest.mark.parametrize(
    ("drive", "walk", "why", "off"),
    [
        (None, None, ReasonCode.ISLAND_WITHOUT_FERRY, True),
        (None, None, ReasonCode.STREET_FRAGMENT, True),
        (None, None, ReasonCode.NO_STREETS, False),
        (None, 40.0, ReasonCode.STREET_FRAGMENT, False),  # a path that no car takes
        (40.0, None, ReasonCode.STREET_FRAGMENT, False),
    ],
)
def test_cut_off_is_whom_no_way_of_the_data_leads_to(drive, walk, why, off):
    ways = {"drive_min": drive, "walk_min": walk}
    ways |= {f"{way}_unknown": Reason(why) for way in ("drive", "walk")}
    assert districts._cut_off(SimpleNamespace(**ways)) is off
