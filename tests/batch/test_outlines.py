"""The shapes of a province's map: outlines where there are any, hulls that say so, else nothing."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from lifecircle.batch.outlines import result_areas, study_area

CRS = "EPSG:4326"


def write_result(folder, unit_shapes):
    units = {
        "id": ["370827001", "370827100", "370827001001"],
        "name": ["东街道", "西镇", "一社区"],
        "level": ["township", "township", "community"],
    }
    gpd.GeoDataFrame(units, geometry=unit_shapes, crs=CRS).to_file(
        folder / "assessment.gpkg", layer="units"
    )
    areas = {"unit": ["370827001", "370827001", None]}
    shapes = [box(116.0, 35.0, 116.01, 35.01), box(116.05, 35.0, 116.06, 35.01), Point(116.3, 35)]
    gpd.GeoDataFrame(pd.DataFrame(areas), geometry=shapes, crs=CRS).to_file(
        folder / "assessment.gpkg", layer="residential"
    )


def test_outlines_are_drawn_and_joined_to_the_county(tmp_path):
    write_result(tmp_path, [box(116, 35, 116.2, 35.2), box(116.2, 35, 116.4, 35.2), None])
    county, east, west = result_areas("甲县", tmp_path, "done")
    assert (county.code, county.name, county.approximate) == (None, "甲县", False)
    assert (east.code, west.name, west.approximate) == ("370827001", "西镇", False)
    assert county.shape.area == pytest.approx(0.4 * 0.2, rel=1e-3)
    assert county.shape.geom_type == "Polygon"
    assert east.shape.equals(box(116, 35, 116.2, 35.2))


def test_without_outlines_it_is_the_extent_of_the_areas_and_says_so(tmp_path):
    write_result(tmp_path, [None, None, None])
    county, east, west = result_areas("甲县", tmp_path, "partial")
    assert east.approximate
    assert east.shape.equals(box(116.0, 35.0, 116.06, 35.01))
    assert west.shape is None  # no area lies in it
    assert county.approximate
    assert county.shape.bounds == (116.0, 35.0, 116.3, 35.01)


def test_a_result_without_layers_has_no_shape(tmp_path):
    (area,) = result_areas("甲县", tmp_path, "done")
    assert (area.shape, area.code, area.state) == (None, None, "done")


def test_a_county_that_failed_is_drawn_by_its_units(tmp_path):
    units = {"区划代码": ["370829001"], "名称": ["南街道"]}
    gpd.GeoDataFrame(units, geometry=[box(116, 34, 116.4, 35)], crs=CRS).to_file(
        tmp_path / "区划.gpkg"
    )
    study = tmp_path / "study.toml"
    study.write_text('[layers.units]\npath = "区划.gpkg"\n[layers.nothing]\n', encoding="utf-8")
    area = study_area("丙县", study, "failed", ("缺列",))
    assert area.shape.area == pytest.approx(0.4, rel=1e-3)
    assert area.lines == ("缺列",)
    study.write_text("= no toml", encoding="utf-8")
    assert study_area("丙县", study, "failed", ()).shape is None
