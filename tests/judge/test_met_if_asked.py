"""A clause on each area beside areas of which it is open whether it is about them."""

import geopandas as gpd
import pytest
import shapely

import lifecircle as lc

HEADING = """[study]
name = "手工县"
county = "370828"
standard = "jinxiang-2023"
as_of = 2025-12-31
[layers.residential]
path = "areas.gpkg"
[layers.facilities]
path = "rooms.gpkg"
"""


def judged(folder, areas):
    """Judge areas told as (households, class, m²); JX-06 asks for 20 m², JX-03 for 30."""
    shapes = [shapely.box(x * 3000, 0, x * 3000 + 100, 100) for x in range(len(areas))]
    shapes = [shapely.affinity.translate(s, 440_000, 3_880_000) for s in shapes]
    rows = {
        "小区名称": [f"{n}苑" for n in "甲乙丙丁"[: len(areas)]],
        "户数": [households for households, _, _ in areas],
        "类别": [age for _, age, _ in areas],
        "城乡": ["城镇"] * len(areas),
    }
    gpd.GeoDataFrame(rows, geometry=shapes, crs=4548).to_file(folder / "areas.gpkg")
    rooms = {
        "设施名称": [f"{n}站" for n in range(len(areas))],
        "设施类型": ["日间照料中心"] * len(areas),
        "状态": ["运营"] * len(areas),
        "建筑面积": [m2 for _, _, m2 in areas],
    }
    middles = [s.centroid for s in shapes]
    gpd.GeoDataFrame(rooms, geometry=middles, crs=4548).to_file(folder / "rooms.gpkg")
    (folder / "study.toml").write_text(HEADING, encoding="utf-8")
    result = lc.assess(lc.read_study(folder / "study.toml"))
    return [str(result.clause(clause).status) for clause in ("JX-03", "JX-06", "JX-07")]


MET, SHORT = (500, "已建成", 120.0), (500, "已建成", 80.0)  # 100 m² asked
EITHER, OLD_ONLY, NEITHER = ((1000, None, m2) for m2 in (320.0, 250.0, 150.0))  # 300 new, 200 old


@pytest.mark.parametrize(
    ("areas", "statuses"),
    [
        # 甲苑 meets JX-06 for certain, 乙苑 does if it is asked: nobody misses it either way
        ((MET, EITHER), ["not_assessed", "compliant", "compliant"]),
        ((MET, OLD_ONLY), ["not_assessed", "compliant", "not_assessed"]),
        # 乙苑 misses whichever it is: the rate is missed, of each quota alone it is open
        ((MET, NEITHER), ["not_assessed", "not_assessed", "deficient"]),
        # if 甲苑 is new, JX-06 is about nobody
        ((EITHER,), ["not_assessed", "not_assessed", "compliant"]),
        ((EITHER, OLD_ONLY), ["not_assessed", "not_assessed", "not_assessed"]),
        ((SHORT, EITHER), ["not_assessed", "deficient", "deficient"]),
        ((MET, EITHER, NEITHER), ["not_assessed", "not_assessed", "deficient"]),
    ],
)
def test_who_meets_it_if_asked_leaves_nothing_open(tmp_path, areas, statuses):
    assert judged(tmp_path, areas) == statuses
