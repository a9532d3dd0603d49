"""Rooms in the outlines of several areas: a record, a name or a code says whose, else nobody."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from tests.two_ledgers import STUDY, written

import lifecircle as lc

pytestmark = pytest.mark.judged_alone("CX-03")

BIG, SMALL = (499_500, 3_849_500, 500_500, 3_850_500), (499_900, 3_849_900, 500_100, 3_850_100)
BESIDE = (500_450, 3_849_500, 501_450, 3_850_500)  # overlaps BIG by 50 m
OPEN, SHORT, MET = "not_assessed", "deficient", "compliant"


def judged(folder, *, boxes, homes, room, order=1):
    """Judge two outlines and one room; CX-03 asks 15 m² of 100 households."""
    study = STUDY.replace('"r.csv"\ncrs = "EPSG:4548"', '"r.gpkg"')
    rows = {"编号": ["R1", "R2"], "小区名称": ["东园", "西园"], "户数": homes}
    rows |= {"类别": ["已建成"] * 2, "城乡": ["城镇"] * 2}
    frame = gpd.GeoDataFrame(rows, geometry=[shapely.box(*b) for b in boxes], crs=4548)
    head = "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y"
    written(folder, study, f=f"{head}\n{room}\n")
    frame.iloc[::order].to_file(folder / "r.gpkg")
    found = lc.assess(lc.read_study(folder)).findings
    found = found[found["clause"] == "CX-03"].set_index("id")
    return [str(found.at[area, "status"]) for area in ("R1", "R2")], found["reason"].tolist()


@pytest.mark.parametrize("homes", [[500, 500], [500, 200], [200, 500]])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("boxes", [(BIG, SMALL), (SMALL, BIG)])
def test_whose_rooms_in_two_outlines_are_is_open(tmp_path, boxes, homes, order):
    room = "F1,甲站,日间照料中心,运营,75,,500000,3850000"
    told, reasons = judged(tmp_path, boxes=boxes, homes=homes, room=room, order=order)
    assert told == [OPEN, OPEN]
    assert {str(one.code) for one in reasons} == {"place_unclear"}
    assert all(set(one.params["areas"]) == {"R1", "R2"} for one in reasons)


@pytest.mark.parametrize(
    ("room", "want"),
    [
        ("F1,甲站,日间照料中心,运营,75,,500475,3850000", [OPEN, OPEN]),  # where both overlap
        ("F1,甲站,日间照料中心,运营,74,,500475,3850000", [SHORT, SHORT]),  # enough for neither
        ("F1,甲站,日间照料中心,运营,75,西园,500475,3850000", [SHORT, MET]),
        ("F1,西园站,日间照料中心,运营,75,,500475,3850000", [SHORT, MET]),
        ("F1,甲站,日间照料中心,运营,75,,500440,3850000", [MET, SHORT]),  # inside beats near
        ("F1,甲站,日间照料中心,运营,75,,500510,3850000", [SHORT, MET]),
    ],
)
def test_what_says_whose_the_rooms_are_settles_it(tmp_path, room, want):
    assert judged(tmp_path, boxes=(BIG, BESIDE), homes=[500, 500], room=room)[0] == want
