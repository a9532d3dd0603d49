"""Zeros that are blanks: those that no figure can be, and those of a shapefile without one."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.assessing.assess import assess
from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized")

AREAS = {
    "小区名称": ["东园", "西园"],
    "户数": [500, 800],
    "类别": ["已建成"] * 2,
    "城乡": ["城镇"] * 2,
}
ROOMS = {"设施名称": ["东站", "西站"], "设施类型": ["日间照料中心"] * 2, "状态": ["运营"] * 2}
SQUARES = [shapely.box(x, 3_880_000, x + 200, 3_880_200) for x in (500_000, 501_000)]
POINTS = [square.centroid for square in SQUARES]


def shapefiles(county, areas=None, rooms=None):
    """Write both ledgers as shapefiles and read them."""
    areas = gpd.GeoDataFrame(AREAS | (areas or {}), geometry=SQUARES, crs=4548)
    rooms = gpd.GeoDataFrame(
        ROOMS | {"建筑面积": [120.0, 150.0]} | (rooms or {}), geometry=POINTS, crs=4548
    )
    for name, frame in (("residential", areas), ("facilities", rooms)):
        frame.to_file(county.folder / f"{name}.shp", encoding="GBK")
        county.layers[name] = f'path = "{name}.shp"'
    return check_study(county.finish())


def workbooks(county, areas=None, rooms=None):
    """Write both ledgers as workbooks, with the middles of the same squares, and read them."""
    places = {"X": [p.x for p in POINTS], "Y": [p.y for p in POINTS]}
    given = {
        "residential": AREAS | places | (areas or {}),
        "facilities": ROOMS | {"建筑面积": [120.0, 150.0]} | places | (rooms or {}),
    }
    for name, columns in given.items():
        pd.DataFrame(columns).to_excel(county.folder / f"{name}.xlsx", index=False)
        county.layers[name] = f'path = "{name}.xlsx"\ncrs = "EPSG:4548"'
    return check_study(county.finish())


def statuses(study, clause):
    found = assess(study).findings
    return [str(s) for s in found[found.clause == clause].status]


def of(problems, code):
    return [(p.column, p.row) for p in problems if p.code is code]


@pytest.mark.parametrize("write", [shapefiles, workbooks])
def test_no_planning_condition_asks_for_nothing(county, write):
    # 500 and 800 households of 20 m² a hundred: 100 and 160 are asked, 120 and 150 there
    study, problems = write(county, areas={"应配面积": [0.0, 160.0]})
    assert len(of(problems, P.ZERO_AS_BLANK)) == 1
    assert statuses(study, "JX-06") == ["compliant", "deficient"]
    study, _ = write(county, areas={"应配面积": [110.0, 0.0]})
    assert statuses(study, "JX-06") == ["compliant", "deficient"]


@pytest.mark.parametrize("write", [shapefiles, workbooks])
def test_rooms_of_0_m2_are_rooms_of_unknown_size(county, write):
    study, problems = write(county, rooms={"建筑面积": [0.0, 150.0]})
    assert [column for column, _ in of(problems, P.ZERO_AS_BLANK)] == ["建筑面积"]
    assert statuses(study, "JX-06") == ["not_assessed", "deficient"]


@pytest.mark.parametrize("write", [shapefiles, workbooks])
def test_a_new_estate_planned_for_0_dwellings_is_asked_by_those_that_stand(county, write):
    # 500 households of 30 m² a hundred are 150, and one place has 200 at least
    study, problems = write(county, areas={"类别": ["新建", "已建成"], "规划户数": [0, 800]})
    assert [column for column, _ in of(problems, P.ZERO_AS_BLANK)] == ["规划户数"]
    assert statuses(study, "JX-03") == ["deficient", "not_applicable"]


def test_a_column_of_zeros_in_a_shapefile_is_not_filled_in(county):
    columns = {"社区服务面": [0.0, 0.0], "床位数": [0, 0], "登记备案": [0, 0]}
    study, problems = shapefiles(county, rooms=columns)
    assert {column for column, _ in of(problems, P.COLUMN_ALL_ZERO)} == set(columns)
    frame = study.facilities.frame
    assert frame[["community_area_m2", "beds"]].isna().all(axis=None)
    assert list(frame["registered"]) == [None, None]
    assert statuses(study, "JX-06") == ["compliant", "deficient"]  # by the floor area: 120 and 150


def test_a_column_of_zeros_in_a_workbook_says_zero(county):
    study, problems = workbooks(county, rooms={"床位数": [0, 0], "登记备案": [0, 0]})
    assert not of(problems, P.COLUMN_ALL_ZERO)
    assert list(study.facilities.frame["beds"]) == [0.0, 0.0]
    assert list(study.facilities.frame["registered"]) == [False, False]


def test_a_home_of_0_beds_in_a_shapefile_has_an_unknown_number(county):
    homes = {"设施类型": ["敬老院", "敬老院"], "床位数": [0, 100], "护理型床位": [0, 70]}
    study, _ = shapefiles(county, rooms=homes)
    assert statuses(study, "JX-17") == ["not_assessed"]  # the first may have beds without care
    study, _ = workbooks(county, rooms=homes)
    assert statuses(study, "JX-17") == ["compliant"]  # typed: 70 of 100


def test_zeros_beside_blanks_of_a_shapefile_are_meant(county):
    # a program that writes blanks as blanks wrote its zeros as zeros
    columns = {"社区服务面": [0.0, 150.0], "床位数": [None, 0.0]}
    study, problems = shapefiles(county, rooms=columns)
    assert not of(problems, P.ZERO_AS_BLANK)
    assert list(study.facilities.frame["community_area_m2"]) == [0.0, 150.0]
    assert statuses(study, "JX-06") == ["deficient", "deficient"]


def test_a_second_row_of_one_site_may_have_0_m2(county):
    rooms = {"场所编号": ["S1", "S1"], "建筑面积": [120.0, 0.0]}
    rooms["设施类型"] = ["日间照料中心", "助老食堂"]
    places = {"X": [POINTS[0].x] * 2, "Y": [POINTS[0].y] * 2}
    study, _ = workbooks(county, rooms=rooms | places)
    assert statuses(study, "JX-06") == ["compliant", "deficient"]  # the same rooms: 120 m²


def test_whoever_counts_no_households_has_none(county):
    study, problems = shapefiles(county, areas={"户数": [0, 800]})
    assert not of(problems, P.ZERO_AS_BLANK)
    assert statuses(study, "JX-06") == ["not_applicable", "deficient"]
    study, problems = shapefiles(county, areas={"户数": [0, 0]})
    assert of(problems, P.COLUMN_ALL_ZERO) == [("户数", None)]
    assert statuses(study, "JX-06") == ["not_assessed", "not_assessed"]


@pytest.mark.parametrize("write", [shapefiles, workbooks])
@pytest.mark.parametrize("column", ["常住人口", "老年人口"])
def test_where_people_live_there_are_dwellings(county, write, column):
    """Of the first nobody knows how many; the second, of 800, is asked for 160 m² and has 150."""
    study, problems = write(county, areas={"户数": [0, 800], column: [900, 2000]})
    (said,) = (p for p in problems if p.code is P.ZERO_CONTRADICTED)
    assert (said.column, said.params["other"]) == ("户数", 900)
    assert not of(problems, P.ESTATES_EMPTY)
    assert statuses(study, "JX-06") == ["not_assessed", "deficient"]


@pytest.mark.parametrize("write", [shapefiles, workbooks])
@pytest.mark.parametrize("column", ["规划户数", "规划人口"])
@pytest.mark.parametrize("stage", ["运营", "规划"])
def test_where_dwellings_were_planned_a_shapefile_does_not_say_that_nobody_lives(
    county, write, column, stage
):
    """Nobody may have moved in: a workbook that says 0 means it, and before it stands 0 is true."""
    areas = {"户数": [0, 800], column: [500, 800], "状态": [stage, "运营"]}
    study, problems = write(county, areas=areas)
    told = write is shapefiles and stage == "运营"
    assert [column for column, _ in of(problems, P.ZERO_CONTRADICTED)] == ["户数"] * told
    asked = {
        "规划户数": "compliant",
        "规划人口": "not_assessed",
    }  # 100 m² of 500 dwellings: 120 stand
    assert statuses(study, "JX-06")[0] == (asked[column] if told else "not_applicable")


def test_a_whole_of_0_beds_or_people_beside_a_part_of_them_is_blank(county):
    homes = {"设施类型": ["敬老院", "敬老院"], "床位数": [0, 100], "护理型床位": [40, 70]}
    areas = {"常住人口": [0, 900], "老年人口": [100, 90]}
    study, problems = workbooks(county, areas=areas, rooms=homes)
    assert of(problems, P.ZERO_CONTRADICTED) == [("常住人口", 2), ("床位数", 2)]
    assert not of(problems, P.PART_EXCEEDS)
    assert study.facilities.frame.nursing_beds.tolist() == [40, 70]
    assert study.residential.frame.elders.tolist() == [100, 90]
    assert statuses(study, "JX-17") == ["not_assessed"]  # 110 of 140 (79 %) or more
