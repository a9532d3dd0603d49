"""A position that is none decides nothing: it is unknown, and told."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given as given_of
from hypothesis import strategies as st
from shapely import LineString
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.layers import read_draft, read_ledger, understood
from lifecircle.intake.ledger.cells.pairs import with_pairs_split
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.intake.positions.locating import locate
from lifecircle.intake.positions.seats import with_seats
from lifecircle.intake.proposal.facts import coordinate_options
from lifecircle.intake.settings.schema import LayerOptions
from lifecircle.intake.streets.lines import read_streets
from lifecircle.intake.study import check_study
from lifecircle.model.problem import Problem, Severity, describe
from lifecircle.model.problem import ProblemCode as P
from lifecircle.sources.raw import RawTable

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

INPUTS = Path(__file__).parent


@pytest.fixture
def given(tmp_path):
    """Return a function that copies an input, writes files over it, and reads and judges it."""

    def judge(name, **files):
        folder = shutil.copytree(INPUTS / name, tmp_path / "in", dirs_exist_ok=True)
        for file, text in files.items():
            (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")
        study, problems = check_study(folder)
        assert study is not None, problems
        return lc.assess(study), study, problems

    return judge


def said(problems, code):
    return [p for p in problems if p.code is code]


def table(layer, cells):
    frame = pd.DataFrame({header: pd.Series(said, dtype=object) for header, said in cells.items()})
    return RawTable(layer, "t.csv", frame, np.arange(2, 2 + len(frame)))


def radii(assessment):
    return assessment.layers["residential"]["radius_status"].map(str).to_dict()


def place(layer, row):
    """Return easting and northing in metres; None: unknown."""
    shape = layer.frame.geometry[row]
    return None if shape is None else (shape.x, shape.y)


# three places of different names on one point

AREAS = "编号,小区名称,项目编号,户数,小区类别,城乡,经度,纬度\n"


def areas(*names, project="", at="117.0000000,35.0487385"):
    return AREAS + "".join(
        f"R{i},{name},{project},100,已建成,城镇,{at}\n" for i, name in enumerate(names, 1)
    )


def test_areas_that_a_geocoder_put_on_one_point_are_nowhere(given):
    found, study, problems = given("geocode-fallback")
    (told,) = said(problems, P.PLACES_STACKED)
    assert (told.layer, told.params["count"]) == ("residential", 8)
    assert set(radii(found).values()) == {"not_assessed"}
    assert study.residential.located.sum() == 0


@pytest.mark.parametrize("names", [("东园", "西园", "北园"), ("小区1", "小区2", "小区3", "小区1")])
def test_three_names_are_enough(names, given):
    found, _, problems = given("geocode-fallback", r_csv=areas(*names))
    assert said(problems, P.PLACES_STACKED)[0].params["count"] == 3
    assert set(radii(found).values()) == {"not_assessed"}


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (0.0000033, "not_assessed"),  # 0.3 m of longitude, at 91 km a degree
        (0.000016, "not_assessed"),  # 1.5 m
        (0.000033, "compliant"),  # 3 m
    ],
)
def test_points_that_a_geocoder_strewed_by_some_centimetres_are_one(step, verdict, given):
    rows = [
        f"R{i},{name},,100,已建成,城镇,{117 + step * i:.7f},35.0487385\n"
        for i, name in enumerate(("东园", "西园", "北园", "南园", "中园"), 1)
    ]
    found, _, problems = given("geocode-fallback", r_csv=AREAS + "".join(rows))
    assert [p.params["count"] for p in said(problems, P.PLACES_STACKED)] == (
        [5] if verdict == "not_assessed" else []
    )
    assert set(radii(found).values()) == {verdict}


@pytest.mark.parametrize(
    "names",
    [
        ("东园", "西园"),
        ("锦绣城一期", "锦绣城二期", "锦绣城三期"),
        ("锦绣城（一期）", "锦绣城二期A区", "锦绣城B区", "锦绣城"),
        ("锦绣城1号楼", "锦绣城2号楼", "锦绣城3号楼"),
    ],
)
def test_phases_of_one_estate_and_two_neighbours_may_share_a_point(names, given):
    found, _, problems = given("geocode-fallback", r_csv=areas(*names))
    assert not said(problems, P.PLACES_STACKED)
    assert set(radii(found).values()) == {"compliant"}  # 50 m


def test_areas_of_one_project_are_one_place_whatever_their_names(given):
    found, _, problems = given(
        "geocode-fallback", r_csv=areas("东园", "西园", "北园", project="X1")
    )
    assert not said(problems, P.PLACES_STACKED)
    assert set(radii(found).values()) == {"compliant"}


STOCK = "编号,设施名称,设施类型,场所编号,建筑面积,状态,经度,纬度\n"


def stock(*names, site=""):
    row = "{},{},日间照料中心,{},300,运营,117.0000000,35.0482878\n"
    return STOCK + "".join(row.format(f"F{i}", n, site) for i, n in enumerate(names, 1))


def test_facilities_stacked_on_a_point_cover_nobody(given):
    found, _, problems = given(
        "geocode-fallback",
        r_csv=areas("东园"),
        facilities_csv=stock("甲日间照料中心", "乙日间照料中心", "丙日间照料中心"),
    )
    assert said(problems, P.PLACES_STACKED)[0].layer == "facilities"
    assert radii(found) == {"R1": "not_assessed"}


@pytest.mark.parametrize(
    ("names", "site"),
    [
        (("甲日间照料中心", "乙日间照料中心", "丙日间照料中心"), "S1"),
        (("东关社区日间照料中心", "东关养老院", "东关社区幸福院"), ""),
    ],
)
def test_services_of_one_house_are_one_place(names, site, given):
    found, _, problems = given(
        "geocode-fallback", r_csv=areas("东园"), facilities_csv=stock(*names, site=site)
    )
    assert not said(problems, P.PLACES_STACKED)
    assert radii(found) == {"R1": "compliant"}


# every other row in another datum, told by the area it names


def test_rows_that_lie_as_another_datum_are_named(given):
    _, _, problems = given("mixed-datum-rows")
    (told,) = said(problems, P.DATUM_MIXED)
    assert (told.params["datum"], told.params["count"], told.params["total"]) == ("gcj02", 6, 12)
    assert told.params["names"] == ["F0", "F2", "F4", "F6", "F8", "F10"]


# longitude and latitude in one cell


def one_column(header, *cells):
    rows = (f'F{i},甲{i}日间照料中心,日间照料中心,300,运营,"{c}"\n' for i, c in enumerate(cells, 1))
    return f"编号,设施名称,设施类型,建筑面积,状态,{header}\n" + "".join(rows)


def test_both_coordinates_in_one_cell_are_read(given):
    # 117.0 E as GCJ-02 lies 515 m from 东园, as the same two numbers in two columns do
    found, study, problems = given("lnglat-in-one-column")
    assert said(problems, P.COORDINATES_SPLIT)[0].params == {"count": 1, "turned": 0}
    assert radii(found) == {"R1": "compliant", "R2": "deficient"}
    assert place(study.facilities, "F1") is not None


WAYS = (
    *("117.0,35.05", "117.0，35.05", "117.0、35.05", "117.0 35.05", "117.0;35.05", "117.0, 35.05"),
    *("35.05,117.0", "35.05 117.0", "(117.0,35.05)", "[117.0, 35.05]", "POINT (117.0 35.05)"),
    *("经度:117.0,纬度:35.05", "117°00′00″E,35°03′00″N", "１１７.０，３５.０５"),
)


@pytest.mark.parametrize("header", ["坐标", "location", "经纬度", "备注一"])
def test_whatever_parts_them_and_whichever_comes_first(header):
    raw = table("facilities", {"名称": ["甲"] * len(WAYS), "类型": ["托老所"] * len(WAYS)})
    raw.frame[header] = pd.Series(WAYS, dtype=object)
    parted, headers, _ = with_pairs_split(raw, {})
    ledger, _ = understood(parted, headers)
    assert ledger.frame["lon"].tolist() == [117.0] * len(WAYS)
    assert ledger.frame["lat"].tolist() == [35.05] * len(WAYS)


def test_a_cell_that_is_no_pair_is_told_and_placed_nowhere(given):
    _, study, problems = given(
        "lnglat-in-one-column", f_csv=one_column("坐标", "117.0,35.05", "见附图", "117.0")
    )
    assert place(study.facilities, "F2") is None
    assert place(study.facilities, "F3") is None
    assert [p.value for p in said(problems, P.NUMBER_UNREADABLE)] == ["见附图"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("床位、餐位", "100,35"), ("电话", "117,35"), ("经度", "117 07.8"), ("楼层", "3/18")],
)
def test_two_other_figures_in_a_cell_are_no_coordinates(header, cell):
    raw = table("facilities", {"名称": ["甲"], header: [cell]})
    assert with_pairs_split(raw, {})[1] == {}


def test_columns_of_their_own_come_before_a_column_of_both():
    raw = table("facilities", {"坐标": ["116.0,36.0"], "经度": ["117"], "纬度": ["35.05"]})
    assert with_pairs_split(raw, {})[1] == {}
    raw = table("facilities", {"坐标": ["116.0,36.0"], "经度": [None], "纬度": [None]})
    assert with_pairs_split(raw, {})[1] == {"lon": "坐标", "lat": "坐标#"}


def test_what_the_remedy_used_to_say_is_understood_too():
    raw = table("facilities", {"位置": ["117.0,35.05"]})
    parted, headers, _ = with_pairs_split(raw, {"lon": "位置"})
    assert headers == {"lon": "位置", "lat": "位置#"}
    assert parted.frame.iloc[0].tolist() == ["117.0", "35.05"]


@given_of(
    st.floats(73, 136).map(lambda v: round(v, 6)),
    st.floats(3, 54).map(lambda v: round(v, 6)),
    st.sampled_from([",", "，", "、", " ", ";", "；", "/", "|", ", "]),
    st.booleans(),
)
def test_any_place_of_china_comes_back_from_one_cell(lon, lat, mark, turned):
    cell = f"{lat}{mark}{lon}" if turned else f"{lon}{mark}{lat}"
    parted, headers, _ = with_pairs_split(table("facilities", {"坐标": [cell]}), {})
    row = parted.frame.iloc[0]
    assert (float(row[headers["lon"]]), float(row[headers["lat"]])) == (lon, lat)


# a column that says the datum row by row

MIXED = (
    *(("wgs84", word) for word in ("WGS84", "wgs-84", "GPS", "EPSG:4326", "WGS 84坐标系")),
    *(("cgcs2000", word) for word in ("CGCS2000", "天地图", "国家2000", "2000国家大地坐标系")),
    *(
        ("gcj02", word)
        for word in ("GCJ02", "gcj-02", "火星坐标系", "高德", "腾讯地图", "高德地图")
    ),
    *(("bd09", word) for word in ("BD09", "bd-09", "百度", "百度地图", "BD09ll")),
)
HERE = (117.0, 35.05)


def shifted(datum):
    """Return the middle of the county as a map of a datum has it, by the forward formulas."""
    lon, lat = (np.array([value]) for value in HERE)
    if datum in {"gcj02", "bd09"}:
        lon, lat = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return float(lon[0]), float(lat[0])


def by_rows(folder, rows, declared):
    """Return a facility layer of one site, read: rows of (datum of the position, word)."""
    text = "编号,设施名称,设施类型,场所编号,经度,纬度,坐标系\n"
    for i, (datum, word) in enumerate(rows):
        lon, lat = shifted(datum)
        text += f"F{i},甲,日间照料中心,S1,{lon:.9f},{lat:.9f},{word}\n"
    path = folder / "f.csv"
    path.write_text(text, encoding="utf-8")
    draft, problems = read_draft(
        [path], "facilities", LayerOptions(path="f.csv", coordinates=declared)
    )
    return draft, problems


@pytest.mark.parametrize("declared", [None, "wgs84", "gcj02", "bd09"])
def test_each_row_is_converted_by_its_own_datum(declared, tmp_path):
    draft, problems = by_rows(tmp_path, MIXED, declared)
    for shape in draft.positions.shapes:  # 1e-7 degrees are 1 cm
        assert (shape.x, shape.y) == pytest.approx(HERE, abs=1e-7)
    (told,) = said(problems, P.DATUM_BY_ROW)
    assert told.params == {"count": 20, "gcj02": 6, "bd09": 5}


@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "bd09"])
def test_a_blank_is_the_layers_own(declared, tmp_path):
    rows = [(declared, ""), ("gcj02", "高德"), (declared, "经纬度")]
    draft, problems = by_rows(tmp_path, rows, declared)
    for shape in draft.positions.shapes:
        assert (shape.x, shape.y) == pytest.approx(HERE, abs=1e-7)
    assert not said(problems, P.DATUM_UNKNOWN)


@pytest.mark.parametrize("word", ["北京54", "西安80", "谷歌", "WGS84转GCJ02", "？", "地方坐标系"])
def test_a_word_that_is_no_datum_makes_the_position_unknown(word, tmp_path):
    draft, problems = by_rows(tmp_path, [("wgs84", "GPS"), ("wgs84", word)], "wgs84")
    assert [shape is None for shape in draft.positions.shapes] == [False, True]
    assert [(p.row, p.value) for p in said(problems, P.DATUM_UNKNOWN)] == [(3, word)]


def test_rows_that_say_nothing_leave_an_undeclared_layer_undeclared(tmp_path):
    draft, problems = by_rows(tmp_path, [("wgs84", "GPS"), ("gcj02", "")], None)
    assert draft is None
    assert said(problems, P.COORDINATES_UNDECLARED)


def test_the_mixed_ledger_is_right_once_it_says_so(given):
    # with its six rows undone each facility stands in the area that it names: nothing is mixed
    lines = (INPUTS / "mixed-datum-rows" / "facilities.csv").read_text("utf-8-sig").splitlines()
    text = [f"{lines[0]},坐标系"]
    text += [f"{line},{'高德' if i % 2 == 0 else 'GPS'}" for i, line in enumerate(lines[1:])]
    _, study, problems = given("mixed-datum-rows", facilities_csv="\n".join(text) + "\n")
    assert not said(problems, P.DATUM_MIXED)
    areas_named = study.residential.frame.geometry
    for facility, area in study.sharing[["facility", "residential"]].to_numpy():
        assert areas_named[area].contains(study.facilities.frame.geometry[facility])


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
@pytest.mark.parametrize("layer", ["facilities", "residential", "buildings", "units", "gates"])
def test_shapes_are_converted_by_their_rows_datum_too(layer, suffix, tmp_path):
    rows = [("wgs84", "GPS"), ("gcj02", "高德"), ("bd09", "百度"), ("gcj02", ""), ("wgs84", "？")]
    shapes = [shapely.Point(shifted(datum)).buffer(1e-4) for datum, _ in rows]
    frame = gpd.GeoDataFrame(
        {
            "编号": [f"37082800{i}" for i in range(1, 6)],
            "名称": list("甲乙丙丁戊"),
            "小区": list("甲乙丙丁戊"),
            "类型": ["日间照料中心"] * 5,
            "代码": [f"37082800{i}" for i in range(1, 6)],
            "坐标系": [word for _, word in rows],
        },
        geometry=shapes,
        crs=4326,
    )
    path = tmp_path / f"f{suffix}"
    frame.to_file(path)
    options = LayerOptions(path=path.name, coordinates="gcj02")  # that of the blank
    draft, problems = read_draft([path], layer, options)
    assert [shape is None for shape in draft.positions.shapes] == [False] * 4 + [True]
    for shape in draft.positions.shapes[:4]:  # 1e-6 degrees are 11 cm: a circle in another datum
        assert (shape.centroid.x, shape.centroid.y) == pytest.approx(HERE, abs=1e-6)
    assert [p.value for p in said(problems, P.DATUM_UNKNOWN)] == ["？"]
    assert said(problems, P.DATUM_BY_ROW)[0].params == {"count": 3, "gcj02": 1, "bd09": 1}


@pytest.mark.parametrize(
    ("words", "declared", "lost"),
    [
        (["EPSG:4548", "epsg4548", None], "EPSG:4548", []),  # the layer's own, said once more
        (["EPSG:4548", "EPSG：4548"], None, []),  # said by every row, and nowhere else
        (["CGCS2000", "EPSG:4548"], "EPSG:4548", []),
        (["EPSG:4549", "EPSG:4548"], "EPSG:4548", [0]),  # another zone
        (["2000", "EPSG:4548"], "EPSG:4548", [0]),  # a number is no system
    ],
)
def test_the_code_of_the_layers_system_is_its_own(words, declared, lost, tmp_path):
    lines = [f"甲{i},托老所,500000,3880000,{word or ''}" for i, word in enumerate(words)]
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["名称,类型,X,Y,坐标系", *lines]) + "\n", encoding="utf-8")
    draft, problems = read_draft([path], "facilities", LayerOptions(path="f.csv", crs=declared))
    assert [i for i, shape in enumerate(draft.positions.shapes) if shape is None] == lost
    assert draft.positions.crs.to_epsg() == 4548
    assert len(said(problems, P.DATUM_UNKNOWN)) == len(lost)


@pytest.mark.parametrize("words", [["EPSG:4548", "EPSG:4549"], ["EPSG:4548", None]])
def test_rows_that_say_two_codes_or_leave_it_open_place_nothing(words, tmp_path):
    lines = [f"甲{i},托老所,500000,3880000,{word or ''}" for i, word in enumerate(words)]
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["名称,类型,X,Y,坐标系", *lines]) + "\n", encoding="utf-8")
    draft, _ = read_draft([path], "facilities", LayerOptions(path="f.csv"))
    assert draft is None


def test_a_code_that_no_system_has_is_told(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("名称,类型,X,Y,坐标系\n甲,托老所,500000,3880000,EPSG:99999\n", encoding="utf-8")
    draft, problems = read_draft([path], "facilities", LayerOptions(path="f.csv"))
    assert draft is None
    assert problems


def test_shapes_that_only_their_rows_place_need_no_system(tmp_path):
    shapes = [shapely.Point(shifted(datum)) for datum in ("wgs84", "bd09")]
    frame = gpd.GeoDataFrame(
        {"名称": ["甲", "乙"], "类型": ["托老所"] * 2, "坐标系": ["GPS", "百度"]}, geometry=shapes
    )
    path = tmp_path / "f.shp"
    frame.set_crs(4326).to_file(path)
    path.with_suffix(".prj").unlink()
    draft, _ = read_draft([path], "facilities", LayerOptions(path=path.name))
    for shape in draft.positions.shapes:
        assert (shape.x, shape.y) == pytest.approx(HERE, abs=1e-7)


def test_seats_are_converted_by_their_rows_datum(tmp_path):
    lines = ["代码,名称,经度,纬度,坐标系"]
    for i, (datum, word) in enumerate([("gcj02", "高德"), ("wgs84", "GPS"), ("wgs84", "？")], 1):
        lon, lat = shifted(datum)
        lines.append(f"37082800{i},街道{i},{lon:.9f},{lat:.9f},{word}")
    path = tmp_path / "u.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = LayerOptions(path="u.csv", coordinates="wgs84")
    ledger, _ = read_ledger([path], "units", options)
    frame, problems = with_seats(ledger, options, "EPSG:4548")
    # 117 degrees is the central meridian: the easting is the false one
    assert frame["seat_x"].tolist()[:2] == pytest.approx([500_000, 500_000], abs=0.02)
    assert np.isnan(frame["seat_x"].iloc[2])
    assert [p.value for p in said(problems, P.DATUM_UNKNOWN)] == ["？"]


@pytest.mark.parametrize("part", ["plots", "planned"])
def test_a_proposals_places_have_a_datum_of_their_own(part):
    lon, lat = shifted("gcj02")
    raw = table(part, {"编号": ["D1"], "经度": [lon], "纬度": [lat], "坐标系": ["火星坐标系"]})
    ledger, _ = understood(raw, {})
    positions, _ = locate(ledger, coordinate_options({"coordinates": "WGS84坐标"}, "p.xlsx"))
    (shape,) = positions.shapes
    assert (shape.x, shape.y) == pytest.approx(HERE, abs=1e-7)


@pytest.mark.parametrize(
    ("words", "declared", "told"),
    [
        (["CGCS2000", "天地图"], None, False),
        (["高德", "高德"], None, True),
        (["高德", "高德"], "gcj02", False),
        (["高德", "GPS"], "gcj02", True),
        (["西安80"], None, True),
        (["经纬度", None], None, False),
    ],
)
def test_streets_are_converted_as_a_whole_or_it_is_said(words, declared, told, tmp_path):
    courses = [[(117 + i / 1e3, 35.05), (117.0009 + i / 1e3, 35.05)] for i in range(len(words))]
    frame = gpd.GeoDataFrame({"坐标系": words}, geometry=list(map(LineString, courses)), crs=4326)
    path = tmp_path / "s.gpkg"
    frame.to_file(path)
    lines, problems = read_streets(path, crs="EPSG:4548", coordinates=declared)
    assert len(lines) == len(words)
    assert bool(said(problems, P.STREETS_DATUM)) == told


# too few decimals: half a unit of the last one, 111,320 m a degree


def with_decimals(folder, *cells):
    text = "编号,设施名称,设施类型,经度,纬度\n"
    text += "".join(f"F{i},站{i},日间照料中心,{cell}\n" for i, cell in enumerate(cells))
    path = folder / "f.csv"
    path.write_text(text, encoding="utf-8")
    options = LayerOptions(path="f.csv", coordinates="wgs84")
    draft, problems = read_draft([path], "facilities", options)
    return [shape is None for shape in draft.positions.shapes], said(problems, P.POSITION_COARSE)


@pytest.mark.parametrize(
    ("cell", "error_m"), [("117.03,35.05", 557), ("117.1,35.0", 5566), ("117,35.02", 557)]
)
def test_a_row_of_two_decimals_among_finer_ones_is_nowhere(cell, error_m, tmp_path):
    lost, (told,) = with_decimals(tmp_path, "117.01234,35.05", "117.02345,35.05678", cell)
    assert lost == [False, False, True]
    assert told.params == {
        "count": 1,
        "total": 3,
        "error_m": error_m,
        "unknown": 1,
        "names": ["站2"],
    }


def test_three_decimals_are_told_and_used(tmp_path):
    # 0.0005 x 111,320 = 55.66 m
    lost, (told,) = with_decimals(tmp_path, "117.01234,35.05", "117.02345,35.05", "117.031,35.05")
    assert lost == [False, False, False]
    assert (told.params["error_m"], told.params["unknown"]) == (56, 0)


def test_a_whole_layer_of_two_decimals_is_nowhere(tmp_path):
    cells = [f"117.{i:02d},35.05" for i in range(20)]
    lost, (told,) = with_decimals(tmp_path, *cells)
    assert all(lost)
    assert (told.params["count"], told.params["unknown"]) == (20, 20)


@pytest.mark.parametrize(
    "cells",
    [
        ("117.0000000,35.0500000",) * 3,
        ("117.01234,35", "117,35.05678", "117°03′00″,35°03′00″"),
    ],
)
def test_written_noughts_one_fine_number_or_minutes_are_fine(cells, tmp_path):
    lost, told = with_decimals(tmp_path, *cells)
    assert not any(lost)
    assert told == []


@pytest.mark.parametrize(
    ("cells", "count", "error_m"),
    [
        (("117,35.05", "117.01,35.05"), 2, 557),
        (("117.01,35.05", "117.012,35.05", "117.012,35.051"), 1, 557),
        (("117.1,35.0",), 1, 5566),
    ],
)
def test_a_few_round_positions_are_used_and_doubted(cells, count, error_m, tmp_path):
    text = "编号,设施名称,设施类型,经度,纬度\n"
    text += "".join(f"F{i},站{i},日间照料中心,{cell}\n" for i, cell in enumerate(cells))
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    options = LayerOptions(path="f.csv", coordinates="wgs84")
    draft, problems = read_draft([path], "facilities", options)
    assert all(shape is not None for shape in draft.positions.shapes)
    (doubt,) = said(problems, P.POSITION_ROUND)
    assert doubt.params == {
        "count": count,
        "total": len(cells),
        "error_m": error_m,
        "names": [f"站{i}" for i in range(count)],
    }


# ids made of row numbers


def exempt(found):
    rows = found.findings
    rows = rows[(rows["clause"] == "CX-06") & (rows["status"].map(str) == "exempt")]
    return sorted(rows["id"])


def exemption(subject):
    return f"编号,条款,理由,依据\n{subject},CX-06,旧改,文1\n"


def test_an_exemption_of_a_row_number_is_refused(given):
    found, _, problems = given("made-id-referred-to")
    (told,) = said(problems, P.REFERENCE_MADE)
    assert (told.layer, told.row, told.value, told.params) == (
        *("exemptions", 2, "R3", {"name": "东园"}),
    )
    assert exempt(found) == []
    assert "东园" in describe(told, "zh")["remedy"]


@pytest.mark.parametrize(("subject", "row"), [("西园", "R4"), ("东园", "R3"), ("北园 ", "R2")])
def test_the_name_is_understood_instead(subject, row, given):
    found, _, problems = given("made-id-referred-to", e_csv=exemption(subject))
    assert not said(problems, P.REFERENCE_MADE)
    assert exempt(found) == [row]


@pytest.mark.parametrize("subject", ["r3", "Ｒ３", "R3 "])
def test_a_row_number_in_any_writing_is_refused(subject, given):
    found, _, problems = given("made-id-referred-to", e_csv=exemption(subject))
    assert len(said(problems, P.REFERENCE_MADE)) == 1
    assert exempt(found) == []


def test_codes_of_the_ledger_are_codes(given, tmp_path):
    shutil.copytree(INPUTS / "made-id-referred-to", tmp_path / "in")
    toml = (tmp_path / "in" / "study.toml").read_text(encoding="utf-8").replace("r.xlsx", "r.csv")
    rows = "编号,小区名称,户数,小区类别,城乡,经度,纬度\nR3,东园,100,已建成,城镇,117,35.05\n"
    blank = ",西园,100,已建成,城镇,117.01,35.05\n"
    files = {"study_toml": toml, "r_csv": rows + blank}
    found, _, problems = given("made-id-referred-to", **files)
    assert not said(problems, P.REFERENCE_MADE)
    assert exempt(found) == ["R3"]
    # of a row whose code is blank the number is made all the same: it stands in line 3
    files |= {"r_csv": rows.replace("R3", "R9") + blank}
    found, _, problems = given("made-id-referred-to", **files)
    assert said(problems, P.REFERENCE_MADE)[0].params == {"name": "西园"}
    assert exempt(found) == []


def test_other_references_to_row_numbers_are_followed_and_told(given):
    stock = (
        "编号,设施名称,设施类型,建筑面积,状态,经度,纬度,服务小区\n"
        "F1,甲日间照料中心,日间照料中心,300,运营,117.0,35.0482878,R3:60；西园:40\n"
    )
    _, study, problems = given("made-id-referred-to", facilities_csv=stock)
    (told,) = (p for p in said(problems, P.REFERENCE_MADE) if p.layer == "facilities")
    assert (told.value, told.params) == ("R3", {"name": "东园"})
    assert study.sharing["residential"].tolist() == ["R3", "R4"]


# an export of 高德

AMAP = """id,name,type,typecode,address,location,pname,cityname,adname,adcode
B1,康宁养老院,生活服务;生活服务场所;养老院,080000,人民路1号,"117.0000000,35.0482878",山东省,济宁市,泗水县,370831
B2,福来小卖部,购物服务;便民商店;便民商店,060200,人民路2号,"117.0100000,35.0482878",山东省,济宁市,泗水县,370831
B3,康乐老年公寓,养老院;日间照料中心,080000,人民路3号,"117.0200000,35.0482878",山东省,济宁市,泗水县,370831
"""


def test_an_export_of_amap_is_understood(given):
    _, study, problems = given("lnglat-in-one-column", f_csv=AMAP)
    frame = study.facilities.frame
    assert frame["kinds"].map(sorted).to_dict() == {
        "B1": ["nursing_institution"],
        "B2": ["other"],
        "B3": ["day_care", "nursing_institution"],
    }
    assert study.facilities.located.all()
    assert frame["address"]["B1"] == "人民路1号"
    unread = next(p.params["columns"] for p in said(problems, P.COLUMN_UNKNOWN))
    assert unread == ["typecode", "pname", "cityname", "adname", "adcode"]
    assert not said(problems, P.COLUMN_LIKELY)


@pytest.mark.parametrize(("headers", "is_amap"), [("pname,adname", True), ("甲,乙", False)])
def test_its_datum_is_proposed_never_taken(headers, is_amap, tmp_path):
    shutil.copytree(INPUTS / "lnglat-in-one-column", tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "f.csv").read_text(encoding="utf-8-sig").splitlines()
    text = [f"{text[0]},{headers}", *(f"{line},山东省,泗水县" for line in text[1:])]
    (tmp_path / "f.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    toml = (tmp_path / "study.toml").read_text(encoding="utf-8")
    toml = toml.replace('coordinates = "gcj02"', "")
    (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
    study, problems = check_study(tmp_path)
    assert study is None
    remedy = describe(said(problems, P.COORDINATES_UNDECLARED)[0], "en")["remedy"]
    assert ('coordinates = "gcj02"' in remedy) == is_amap


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_positions_are_told_as_unknown_where_none_is(language):
    """误差超过 100 米的 0 处，位置按未知处理 says that positions are unknown, and none is."""
    params = {"count": 3, "total": 38, "error_m": 56, "names": ["甲"]}
    told = {}
    for lost in (0, 2):
        problem = Problem(P.POSITION_COARSE, Severity.WARNING, {**params, "unknown": lost})
        told[lost] = describe(problem, language)
    asked = {"zh": "按未知处理", "en": "treated as unknown"}[language]
    assert {lost: asked in said["why"] for lost, said in told.items()} == {0: False, 2: True}


def test_two_ledgers_without_any_position_are_judged(tmp_path):
    """Nothing to compare a datum with: it is open whose the rooms are, and how far off."""
    areas = "编号,小区名称,户数,类别,城乡\nR1,东园,500,老旧,城镇\nR2,西园,500,老旧,城镇\n"
    rooms = "编号,设施名称,设施类型,状态,建筑面积,服务小区\nF1,和美站,社区养老服务站,运营,75,\n"
    written(tmp_path, STUDY, r=areas, f=rooms)
    found = lc.assess(lc.read_study(tmp_path)).findings.set_index(["clause", "id"])["status"]
    # 75 m² are what one needs, and nobody knows which
    assert {str(found[clause, area]) for clause in ("CX-03", "CX-06") for area in ("R1", "R2")} == {
        "not_assessed"
    }
