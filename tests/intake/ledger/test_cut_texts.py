"""Texts that fill a shapefile's field: which may have been cut, and what stands in their place."""

import geopandas as gpd
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe

pytestmark = pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized")


def read(county, as_dbf, columns, layer="facilities", **how):
    """Read a layer of points, 60 m from one another, whose table is this one."""
    count = len(next(iter(columns.values()))[1])
    points = [shapely.Point(500_100 + 60 * n, 3_880_100) for n in range(count)]
    path = county.folder / f"{layer}.shp"
    gpd.GeoDataFrame({"a": [1] * count}, geometry=points, crs=4548).to_file(path)
    as_dbf(path, columns, **how)
    county.layers[layer] = f'path = "{path.name}"'
    return check_study(county.finish())


def rooms(names, width, kinds="日间照料中心", kinds_width=80):
    count = len(names)
    return {
        "设施名称": (width, names),
        "设施类型": (kinds_width, [kinds] * count),
        "状态": (8, ["运营"] * count),
        "建筑面积": (12, [300.0] * count),
    }


def told(problems, code=P.TEXT_CUT):
    return [(p.column, p.params["width"], p.params["count"]) for p in problems if p.code is code]


LONG = "和谐家园小区日间照料服务中心"
"""14 characters: 28 bytes in GBK, 42 in UTF-8."""


@pytest.mark.parametrize(
    ("encoding", "width", "whole", "cut"),
    [
        ("GBK", 20, False, True),  # ten characters
        ("GBK", 25, False, True),  # twelve, and the half of one
        ("GBK", 25, True, True),  # twelve: the next had no room
        ("GBK", 27, False, True),  # of no width that people set: half a character tells
        ("GBK", 28, False, False),  # as wide as the longest
        ("GBK", 30, False, False),  # two bytes to spare
        ("UTF-8", 40, True, True),  # thirteen characters have 39 bytes
        ("UTF-8", 50, False, False),
    ],
)
def test_a_name_that_fills_its_field_is_told(county, as_dbf, encoding, width, whole, cut):
    table = rooms(["一站", LONG], width)
    _, problems = read(county, as_dbf, table, encoding=encoding, whole=whole)
    column = "设施名称" if encoding == "GBK" else "设施名"  # ten bytes
    assert told(problems) == ([(column, width, 1)] if cut else [])


@pytest.mark.parametrize(
    ("full", "near", "cut"),
    [
        (4, 1, True),
        (3, 1, True),
        (2, 1, False),  # too few to pile up
        (3, 2, True),
        (3, 3, False),  # as many come near it: names are of about that length
        (3, 0, False),  # all are as long
    ],
)
def test_names_that_pile_up_at_the_end_of_a_narrow_field_are_told(county, as_dbf, full, near, cut):
    """Of four characters, in a field of eight bytes: more are cut there than are of three."""
    names = ["和谐家园", "阳光花园", "书香苑东", "湖畔人家"][:full]
    names += ["东风苑", "西苑站", "南苑站"][:near]
    problems = read(county, as_dbf, rooms(names, 8))[1]
    assert told(problems) == ([("设施名称", 8, full)] if cut else [])


@pytest.mark.parametrize("width", [12, 20])
def test_codes_of_one_length_are_whole(county, as_dbf, width):
    codes = [f"{n:0{width}d}" for n in (1, 2, 3)]
    table = rooms(["一站", "二站", "三站"], 80) | {"编号": (width, codes)}
    assert told(read(county, as_dbf, table)[1]) == []


def test_a_code_longer_than_others_may_be_cut(county, as_dbf):
    table = rooms(["一站", "二站"], 80) | {"编号": (20, ["7", "3" * 20])}
    assert told(read(county, as_dbf, table)[1]) == [("编号", 20, 1)]


@pytest.mark.parametrize("width", [14, 15, 20])
def test_kinds_that_break_off_are_not_known(county, as_dbf, width):
    """Of 日间照料中心、助老食堂 20 bytes leave 助老食 of the canteen, 14 and 15 none of it."""
    known = rooms(["一站"], 80, "日间照料中心、助老食堂")
    study, problems = read(county, as_dbf, known)
    assert study.facilities.frame.kinds.iloc[0] == {"day_care", "canteen"}
    assert told(problems) == []
    for end in ("日间照料中心、", "日间照料中心、助老食"):  # of a field with room to spare
        study, problems = read(county, as_dbf, rooms(["一站"], 80, end))
        assert "day_care" in (study.facilities.frame.kinds.iloc[0] or ())
        assert P.KIND_CUT not in {p.code for p in problems}
    cut = rooms(["一站"], 80, "日间照料中心、助老食堂", width)
    study, problems = read(county, as_dbf, cut)
    assert not study.facilities.frame.kinds.iloc[0]
    (said,) = (p for p in problems if p.code is P.KIND_CUT)
    assert f"{width} 个字节" in describe(said, "zh")["what"]
    assert f"{width} bytes" in describe(said, "en")["what"]


def test_a_gate_whose_reference_breaks_off_may_be_another_area_s(county, as_dbf):
    """R1 in a field of two bytes may be R1 or R10."""
    areas = county.areas(id=["R1", "R10"])
    areas.to_file(county.folder / "areas.gpkg")
    for width, known in ((2, False), (3, True)):
        _, problems = read(county, as_dbf, {"所属小区": (width, ["R1", "R1"])}, "gates")
        lost = [p for p in problems if p.code is P.REFERENCE_UNKNOWN]
        assert [p.severity for p in lost] == ([] if known else [Severity.ERROR] * 2)
        assert {p.params["nearest"] for p in lost} == (set() if known else {"东园、西园"})


def test_a_reference_that_fills_its_field_and_begins_no_longer_one_is_what_it_says(county, as_dbf):
    county.areas(id=["R1", "R2"]).to_file(county.folder / "areas.gpkg")
    _, problems = read(county, as_dbf, {"所属小区": (2, ["R1", "R2"])}, "gates")
    assert [p for p in problems if p.code is P.REFERENCE_UNKNOWN] == []


@pytest.mark.parametrize("written", ["1,200", "##########", "约300", "12 00"])
def test_what_is_no_number_in_a_field_of_numbers_is_not_known(county, as_dbf, written):
    """GDAL reads it as 1, 0, 0 and 12."""
    table = rooms(["一站", "二站"], 80) | {"建筑面积": (12, [Figure(written), 300.0])}
    study, problems = read(county, as_dbf, table)
    area = study.facilities.frame.floor_area_m2.tolist()
    expected = {"1,200": 1200.0, "约300": 300.0, "12 00": 1200.0}.get(written)
    assert area[1] == 300
    assert area[0] == expected or (expected is None and area[0] != area[0])
    assert [p.value for p in problems if p.column == "建筑面积"] == [written]


class Figure:
    """What stands in a field of numbers, figure or not."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def test_asterisks_are_a_blank(county, as_dbf):
    """GDAL writes them for one; others for a figure too long for its field: neither is known."""
    table = rooms(["一站", "二站"], 80) | {"建筑面积": (6, [Figure("******"), 300.0])}
    study, problems = read(county, as_dbf, table)
    assert study.facilities.frame.floor_area_m2.isna().tolist() == [True, False]
    assert [p.value for p in problems if p.column == "建筑面积" and p.value] == []
