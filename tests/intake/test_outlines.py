"""Outlines: repaired, slivers, repeats, overlaps, heights, arcs; and places that cannot be."""

import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.intake.doubts.plausibility import _in_company
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

WARNING, INFO = Severity.WARNING, Severity.INFO
Y = 3_880_000


def box(x, width=200.0, height=200.0, y=Y):
    return shapely.box(x, y, x + width, y + height)


def areas(county, *shapes, names=None):
    names = names or [f"小区{i}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs="EPSG:4548")
    frame.to_file(county.folder / "areas.gpkg")
    study, problems = check_study(county.finish())
    return study, [p for p in problems if p.layer == "residential"]


def brief(problems):
    return [(p.code, p.severity, p.row) for p in problems]


def test_a_crossing_with_a_hole_outside_is_repaired_with_its_change(county):
    # 200 x 200 with a hole that sticks out of it: 100 x 100 inside, 100 x 100 beyond.
    hole = [(100, 50), (300, 50), (300, 150), (100, 150)]
    shell = [(0, 0), (200, 0), (200, 200), (0, 200)]

    def moved(ring):
        return [(500_000 + x, Y + y) for x, y in ring]

    study, problems = areas(county, shapely.Polygon(moved(shell), [moved(hole)]))
    assert brief(problems) == [(P.GEOMETRY_REPAIRED, WARNING, 1)]
    shape = study.residential.frame.geometry.iloc[0]
    assert shape.is_valid
    assert shape.geom_type in {"Polygon", "MultiPolygon"}
    # as written: 40 000 - 20 000; the change is that to whatever the repair made of it
    assert problems[0].params["change_m2"] == pytest.approx(abs(shape.area - 20_000), abs=0.01)


def test_a_repair_that_changes_nothing_is_a_note(county):
    # The ring touches itself in one vertex: two squares that meet in a corner.
    ring = [(0, 0), (100, 0), (100, 100), (200, 100), (200, 200), (100, 200), (100, 100), (0, 100)]
    study, problems = areas(county, shapely.Polygon([(500_000 + x, Y + y) for x, y in ring]))
    assert brief(problems) == [(P.GEOMETRY_REPAIRED, INFO, 1)]
    assert study.residential.frame.geometry.iloc[0].area == pytest.approx(20_000)


def test_heights_are_dropped_and_parts_kept(county):
    parts = shapely.MultiPolygon([box(500_000), box(500_300)])
    study, problems = areas(county, shapely.force_3d(parts, 40.0), box(501_000))
    assert [(p.code, p.params) for p in problems] == [(P.GEOMETRY_FLATTENED, {"count": 1})]
    shape = study.residential.frame.geometry.iloc[0]
    assert (shape.geom_type, shape.has_z, shape.area) == ("MultiPolygon", False, 80_000)


def test_arcs_become_lines(county):
    areas(county, box(500_000))
    # A circle of 100 m radius as ISO WKB: a curve polygon of one circular string.
    ring = [(500_000, Y), (500_100, Y + 100), (500_200, Y), (500_100, Y - 100), (500_000, Y)]
    arcs = struct.pack("<BII", 1, 8, len(ring)) + b"".join(struct.pack("<dd", *p) for p in ring)
    blob = b"GP\0\1" + struct.pack("<i", 4548) + struct.pack("<BII", 1, 10, 1) + arcs
    book = sqlite3.connect(county.folder / "areas.gpkg")
    triggers = book.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        book.execute(f'DROP TRIGGER "{name}"')
    book.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'")
    book.execute("UPDATE areas SET geom = ?", (blob,))
    book.commit()
    book.close()
    study, problems = check_study(county.finish())
    assert [p for p in problems if p.severity is not INFO] == []
    shape = study.residential.frame.geometry.iloc[0]
    assert shape.geom_type == "Polygon"
    assert shape.area == pytest.approx(31_415.93, rel=1e-3)  # π · 100²


@pytest.mark.parametrize(
    ("width", "height", "area_m2", "width_m"),
    [(300, 1, 300.0, 1.0), (9, 9, 81.0, 4.5)],  # 2 x 300 / 602 = 1.0; 2 x 81 / 36 = 4.5
)
def test_a_sliver(county, width, height, area_m2, width_m):
    _, problems = areas(county, box(500_000), box(501_000, width, height))
    assert brief(problems) == [(P.GEOMETRY_SLIVER, WARNING, 2)]
    assert problems[0].params == {"area_m2": area_m2, "width_m": width_m}


def test_the_same_outline_twice(county):
    turned = shapely.Polygon(list(box(500_000).exterior.coords)[::-1])
    _, problems = areas(county, box(500_000), box(501_000), turned)
    assert brief(problems) == [(P.GEOMETRY_REPEATED, WARNING, 3)]
    assert problems[0].params == {"other": "小区0", "first_row": 1}


def test_overlaps_with_area_and_pair(county):
    # 2 overlaps 1 by 20 x 200; 3 lies inside 1: 20 x 20, all of it.
    _, problems = areas(county, box(500_000), box(500_180), box(500_050, 20, 20))
    assert brief(problems) == [(P.AREAS_OVERLAP, WARNING, 2), (P.AREAS_OVERLAP, WARNING, 3)]
    assert [p.params for p in problems] == [
        {"other": "小区0", "first_row": 1, "area_m2": 4000.0, "percent": 10.0},
        {"other": "小区0", "first_row": 1, "area_m2": 400.0, "percent": 100.0},
    ]


def test_neighbours_that_touch_or_overlap_by_a_hair_are_fine(county):
    # 0.2 m x 200 m = 40 m², 0.1 % of either
    assert areas(county, box(500_000), box(500_200), box(500_399.8))[1] == []


# places that cannot be


def facilities(county, *rows, header="名称,类型,经度,纬度"):
    county.write("facilities.csv", "\n".join([header, *rows, ""]))
    study, problems = check_study(county.finish())
    return study, [p for p in problems if p.layer == "facilities" and p.severity is WARNING]


def test_one_place_entered_twice(county):
    # 0.0004° of longitude at 35.05°N is 36.5 m, 0.0008° is 72.9 m.
    _, problems = facilities(
        county,
        "东关 站,托老所,117.00000,35.05",
        "东关站,托老所,117.0004,35.05",
        "东关站,托老所,117.0012,35.05",
    )
    assert brief(problems) == [(P.ROW_REPEATED, WARNING, 3)]
    assert problems[0].params["first_row"] == 2
    assert problems[0].cell == "A3"


def test_one_site_of_two_rows_is_no_repeat(county):
    header = "名称,类型,场所编号,经度,纬度"
    rows = ["东关站,托老所,S1,117,35.0500", "东关站,助老食堂,S1,117,35.0500"]
    assert facilities(county, *rows, header=header)[1] == []


def test_places_stacked_on_one_spot(county):
    rows = [f"站{i},托老所,117,35.0500" for i in "甲乙丙丁"]
    _, problems = facilities(county, *rows, "站戊,托老所,117.0010,35.05")
    assert brief(problems) == [(P.PLACES_STACKED, WARNING, 2)]
    assert problems[0].params == {"count": 4, "names": ["站甲", "站乙", "站丙", "站丁"]}
    assert facilities(county, *rows[:2])[1] == []  # two may share a house


def units(county, *shapes):
    codes = [f"37082800{i + 1}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame(
        {"code": codes, "name": [f"街道{c}" for c in "甲乙丙"[: len(codes)]]},
        geometry=list(shapes),
        crs="EPSG:4548",
    )
    frame.to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'


def test_a_place_outside_the_county_is_said_once(county):
    units(county, box(499_000, 3_000, 3_000, Y - 1_500))
    # 117 ± 0.1°: 9.13 km east of the central meridian, 7.13 km from the eastern border at 502 000.
    _, problems = facilities(county, "甲,托老所,117,35.0500", "乙,托老所,117.1,35.0500")
    assert brief(problems) == [(P.OUTSIDE_UNITS, WARNING, 3)]
    assert problems[0].params["distance_m"] == pytest.approx(7_130, abs=20)


def test_a_residential_area_far_from_all_others(county):
    _, problems = areas(county, box(500_000), box(501_000), box(560_000))
    assert brief(problems) == [(P.GEOMETRY_OUTSIDE, WARNING, 3)]
    assert problems[0].params == {"distance_m": 58_800}


def test_a_unit_that_is_not_where_the_place_is(county):
    units(
        county,
        box(499_000, 1_500, 3_000, Y - 1_500),
        box(500_500, 1_500, 3_000, Y - 1_500),
    )
    header = "名称,类型,经度,纬度,镇街"
    rows = ["甲,托老所,117,35.0500,街道乙", "乙,托老所,117.001,35.05,街道甲"]
    study, problems = facilities(county, *rows, header=header)
    assert study.facilities.frame["unit"].tolist() == ["370828002", "370828001"]
    assert brief(problems) == [(P.UNIT_ELSEWHERE, WARNING, 2)]
    assert problems[0].params == {"unit": "街道乙", "distance_m": 500}
    assert problems[0].cell == "E2"


def test_who_has_an_area_in_his_square_needs_no_search():
    # Squares are 20 000 / 1.5 m wide: the first three lie in one, the fourth in another.
    near = [shapely.box(x, 0.0, x + 100.0, 100.0) for x in (1000.0, 2000.0, 13_000.0, 14_000.0)]
    shapes = np.array([*near, shapely.Point()], dtype=object)
    assert _in_company(shapes, shapes).tolist() == [True, True, True, False, False]
    alike = np.array([near[0], near[0], near[3]], dtype=object)  # of one's like nothing is told
    assert _in_company(alike, alike).tolist() == [False, False, False]
    assert _in_company(shapes, alike[:1]).tolist() == [False, True, True, False, False]
