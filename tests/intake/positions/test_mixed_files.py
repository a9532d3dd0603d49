"""A layer of several files: some have shapes, some longitude and latitude in columns."""

from __future__ import annotations

import itertools

import geopandas as gpd
import pytest
import shapely

from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode

STUDY = """[study]
name = "杂台账"
county = "371721"
standard = "caoxian-2023"
as_of = 2025-06-30
[layers.residential]
path = "小区.csv"
coordinates = "cgcs2000"
[layers.facilities]
path = {paths}
coordinates = "cgcs2000"
"""
AREAS = "编号,小区名称,户数,类别,城乡,阶段,经度,纬度\nR1,甲苑,300,已建成,城镇,入住,115.547,34.836\n"
TYPED = (
    "编号,设施名称,设施类型,运营状态,建筑面积,经度,纬度\n"
    "F1,甲站,日间照料中心,运营,300,115.547,34.836\n"
    "F2,乙站,日间照料中心,运营,300,,\n"
)
PLACES = {"F1": (115.547, 34.836), "F2": None, "F3": (115.548, 34.827)}


def drawn(path, system, *, shapeless=False):
    """Write one facility with its shape in a system, or with columns alone and no shape at all."""
    columns = {"编号": ["F3"], "设施名称": ["丙站"], "设施类型": ["日间照料中心"]}
    columns |= {"运营状态": ["运营"], "建筑面积": [120.0]}
    columns |= {"经度": [115.548], "纬度": [34.827]} if shapeless else {}
    place = None if shapeless else shapely.Point(PLACES["F3"])
    frame = gpd.GeoDataFrame(columns, geometry=[place], crs="EPSG:4490")
    frame.to_crs(system).to_file(path)


@pytest.mark.parametrize("system", ["EPSG:4490", "EPSG:4548"])
@pytest.mark.parametrize("shapeless", [False, True])
def test_every_row_lies_where_its_own_file_says(tmp_path, system, shapeless):
    """Whichever file is named first, and whether a GeoPackage has shapes or columns alone."""
    drawn(tmp_path / "设施二.gpkg", system, shapeless=shapeless)
    (tmp_path / "设施一.csv").write_text(TYPED, encoding="gbk")
    (tmp_path / "小区.csv").write_text(AREAS, encoding="utf-8")
    for paths in itertools.permutations(["设施一.csv", "设施二.gpkg"]):
        text = STUDY.format(paths=str(list(paths)).replace("'", '"'))
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        study, problems = check_study(tmp_path / "study.toml")
        found = study.facilities.frame.to_crs("EPSG:4490").geometry
        for key, place in PLACES.items():
            point = found[key]
            if place is None:
                assert point is None
            else:
                assert (point.x, point.y) == pytest.approx(place, abs=1e-6)
        unplaced = [p for p in problems if p.code is ProblemCode.GEOMETRY_MISSING]
        assert [(p.file, p.row) for p in unplaced] == [("设施一.csv", 3)]
