"""Records that a shapefile cut: whom they name after the last byte nobody knows."""

import geopandas as gpd
import pytest
import shapely

from lifecircle.assessing.assess import assess
from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P

SQUARES = [shapely.box(x, 3_880_000, x + 100, 3_880_100) for x in (500_000, 500_400, 503_000)]
AREAS = {"小区名称": ["甲苑", "乙苑", "丙苑"], "户数": [500] * 3, "类别": ["已建成"] * 3}
GROUPS = "；".join(f"第{n:02d}居民小组:0" for n in range(20))


def judged(county, serves, write):
    """Judge 1,200 m² in 甲苑 that a record shares out: 500 households are asked for 100 m²."""
    areas = gpd.GeoDataFrame(AREAS | {"城乡": ["城镇"] * 3}, geometry=SQUARES, crs=4548)
    rooms = {
        "设施名称": ["一站"],
        "设施类型": ["日间照料中心"],
        "状态": ["运营"],
        "建筑面积": [1200.0],
    }
    rooms = gpd.GeoDataFrame(
        rooms | {"服务小区": [serves]}, geometry=[SQUARES[0].centroid], crs=4548
    )
    for name, frame in (("residential", areas), ("facilities", rooms)):
        write(frame, county, name)
    study, problems = check_study(county.finish())
    found = assess(study).findings
    statuses = [str(s) for s in found[found.clause == "JX-06"].status]
    return statuses, [p.code for p in problems if p.code in {P.SERVES_CUT, P.SERVES_MORE}]


def as_shapefile(frame, county, name):
    frame.to_file(county.folder / f"{name}.shp", encoding="GBK")
    county.layers[name] = f'path = "{name}.shp"'


def as_geopackage(frame, county, name):
    frame.to_file(county.folder / f"{name}.gpkg")
    county.layers[name] = f'path = "{name}.gpkg"'


@pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized", "ignore:Value")
def test_what_a_shapefile_cut_off_may_have_named_an_area_nearby(county):
    whole = f"甲苑:100；{GROUPS}；乙苑:100"
    kept = whole.encode("gbk")[:254].decode("gbk", "ignore")
    assert "乙苑" not in kept
    assert judged(county, kept, as_shapefile) == (
        ["compliant", "not_assessed", "deficient"],  # 丙苑 is 3 km off
        [P.SERVES_CUT, P.SERVES_MORE],
    )


def test_as_long_a_record_of_another_format_is_whole(county):
    kept = f"甲苑:100；{GROUPS}"
    assert len(kept.encode("gbk")) > 252
    assert judged(county, kept, as_geopackage) == (["compliant", "deficient", "deficient"], [])


def test_a_short_record_of_a_shapefile_is_whole(county):
    assert judged(county, "甲苑:100；丙苑:100", as_shapefile) == (
        ["compliant", "deficient", "compliant"],
        [],
    )
