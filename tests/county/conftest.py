"""A county small enough to be judged by hand: 12 areas, 8 facilities, streets along two lines.

All coordinates are metres from (500000, 3850000) in EPSG:4548::

    y=1300  F8 (4000,1300)                     A9 village (4000, 800)
    y= 300  ─────────────── second street ──────────── A3 (3500,300) ──┐
                                                                       │ bridge at x=4000
    y=   0  A1,F3 ── A8 ── F1,F7 ── A11 ─── A2,F5 ──── F4 ── F6,A6 ── F2 ┘   (x = 0 … 4000)
    y= -50                                                  A4
    y=-400                                                        A5 (no street within 200 m)
    A12 stands west of the street's end, around (-1000, 110).
"""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import lifecircle as lc

X0, Y0, CRS = 500_000.0, 3_850_000.0, "EPSG:4548"
JIA, YI, BING = "370999001001", "370999001002", "370999101200"


def at(x, y):
    return shapely.Point(X0 + x, Y0 + y)


def square(x, y, half=50.0):
    return shapely.box(X0 + x - half, Y0 + y - half, X0 + x + half, Y0 + y + half)


AREAS = [
    # id, name, place, households, planned, age class, setting, stage, community
    ("A1", "甲苑", square(0, 50), 600, None, "已建成", "城镇", "入住", JIA),
    ("A2", "乙苑", at(2000, 0), 400, None, "已建成", "城镇", "入住", JIA),
    ("A3", "丙苑", at(3500, 300), 200, None, "已建成", "城镇", "入住", YI),
    ("A4", "丁苑", square(3300, -50), 200, None, "老旧", "城镇", None, YI),
    ("A5", "戊苑", at(3500, -400), 300, None, "老旧", "城镇", "入住", YI),
    ("A6", "己苑", square(3000, 50), None, 1000, "新建", "城镇", "入住", YI),
    ("A7", "庚苑", square(2500, 500), None, 500, "新建", "城镇", "在建", YI),
    ("A8", "辛苑", at(500, 0), 100, None, None, "城镇", "入住", JIA),
    ("A9", "壬庄", at(4000, 800), 150, None, "已建成", "乡村", "入住", BING),
    ("A10", "癸苑", at(2700, 0), 0, None, "已建成", "城镇", "入住", YI),
    ("A11", "子苑", at(1205, 0), None, None, "已建成", "城镇", "入住", JIA),
    (
        "A12",
        "丑苑",
        shapely.box(X0 - 1050, Y0 + 60, X0 - 950, Y0 + 160),
        100,
        None,
        "已建成",
        "城镇",
        "入住",
        JIA,
    ),
]

FACILITIES = [
    # id, name, kinds, x, y, stage, floor, community m², beds, nursing, day service, qualified,
    # tenure, serves, community code
    (
        "F1",
        "第一日照",
        "日间照料中心",
        1000,
        0,
        "运营",
        90,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        JIA,
    ),
    (
        "F2",
        "第二日照",
        "日间照料中心、助老食堂",
        3500,
        0,
        "运营",
        60,
        None,
        None,
        None,
        None,
        None,
        "租赁",
        "A4:30;A5",
        YI,
    ),
    (
        "F3",
        "站三",
        "社区养老服务站",
        0,
        60,
        "运营",
        90,
        None,
        None,
        None,
        None,
        None,
        "自建",
        None,
        JIA,
    ),
    (
        "F4",
        "空四",
        "日间照料中心",
        2500,
        0,
        "闲置",
        500,
        None,
        None,
        None,
        None,
        None,
        "自建",
        None,
        YI,
    ),
    ("F5", "院五", "养老院", 2000, 20, "运营", 3000, 0, 100, 65, "否", None, "自建", None, JIA),
    (
        "F6",
        "站六",
        "社区养老服务站",
        3000,
        10,
        None,
        200,
        None,
        None,
        None,
        None,
        None,
        "移交",
        None,
        YI,
    ),
    (
        "F7",
        "东街道中心",
        "街道综合养老服务中心",
        1000,
        0,
        "运营",
        800,
        0,
        0,
        0,
        None,
        "是",
        "自建",
        None,
        JIA,
    ),
    (
        "F8",
        "丙村幸福院",
        "农村幸福院",
        4000,
        1300,
        "运营",
        120,
        None,
        None,
        None,
        None,
        None,
        "自建",
        None,
        BING,
    ),
]

HEADER = """编号 设施名称 设施类型 X Y 状态 建筑面积（㎡） 社区服务面积 床位数 护理型床位 日托服务
是否达标 取得方式 服务小区 社区"""

STREETS = [
    [(x, 0) for x in range(0, 4001, 500)],
    [(4000, 0), (4000, 300), (4000, 1300)],
    [(0, 300), (4000, 300)],
]

UNITS = [
    ("370999001", "东街道"),
    ("370999101", "西镇"),
    (JIA, "甲居民委员会"),
    (YI, "乙居民委员会"),
    (BING, "丙村民委员会"),
]

STUDY = """
[study]
name = "手算县"
county = "370999"
standard = "caoxian-2023"
as_of = 2024-06-30
language = "zh"
crs = "EPSG:4548"

[layers.residential]
path = "小区.gpkg"
[layers.facilities]
path = "设施台账.xlsx"
sheet = "设施"
crs = "EPSG:4548"
[layers.units]
path = "区划.csv"
[layers.streets]
path = "道路.gpkg"
"""


def write_county(folder):
    """Write the county's files as a planner would have them."""
    names = ["编号", "小区名称", "geometry", "户数", "规划户数", "新旧类别", "城乡", "阶段", "社区"]
    areas = gpd.GeoDataFrame(AREAS, columns=names, geometry="geometry", crs=CRS)
    areas.to_file(folder / "小区.gpkg", layer="小区")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "设施"
    sheet.append(HEADER.split())
    for row in FACILITIES:
        sheet.append([*row[:3], X0 + row[3], Y0 + row[4], *row[5:]])
    book.save(folder / "设施台账.xlsx")
    units = pd.DataFrame(UNITS, columns=["行政区划代码", "名称"])
    units.to_csv(folder / "区划.csv", index=False, encoding="utf-8-sig")
    lines = [shapely.LineString([(X0 + x, Y0 + y) for x, y in line]) for line in STREETS]
    gpd.GeoDataFrame(geometry=lines, crs=CRS).to_file(folder / "道路.gpkg", layer="道路")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="session")
def county_path(tmp_path_factory):
    return write_county(tmp_path_factory.mktemp("手算县"))


@pytest.fixture(scope="session")
def assessment(county_path):
    return lc.assess(lc.read_study(county_path))


@pytest.fixture(scope="session")
def plan(county_path):
    return lc.assess(lc.read_study(county_path), view="plan")
