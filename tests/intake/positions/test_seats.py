"""Seats of units: lon and lat of the units' rows, beside their territory (A33)."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode, Severity

TABLE = "代码,名称,经度,纬度\n370828001,金乡街道,117.0,35.0500\n370828101,羊山镇,,\n"


def units_of(county):
    study, problems = check_study(county.finish())
    assert study is not None
    return study.units.frame, problems


def test_a_code_table_with_seats(county):
    county.write("units.csv", TABLE)
    county.layers["units"] = 'path = "units.csv"\ncoordinates = "cgcs2000"'
    frame, _ = units_of(county)
    # 117° is the central meridian of EPSG:4548: the easting is the false one, 500 000
    assert frame.at["370828001", "seat_x"] == pytest.approx(500_000, abs=0.01)
    arc = Geod(ellps="GRS80").inv(117, 0, 117, 35.05)[2]  # along the meridian from the equator
    assert frame.at["370828001", "seat_y"] == pytest.approx(arc, abs=0.01)
    assert frame.loc["370828101", ["seat_x", "seat_y"]].isna().all()
    assert frame.geometry.isna().all()  # a seat is no territory


def test_a_seat_of_unknown_datum_harms_no_unit(county):
    county.write("units.csv", TABLE)
    county.layers["units"] = 'path = "units.csv"'
    frame, problems = units_of(county)
    assert frame[["seat_x", "seat_y"]].isna().all(axis=None)
    (said,) = [p for p in problems if p.layer == "units"]
    assert (said.code, said.severity) == (
        ProblemCode.COORDINATES_UNDECLARED,
        Severity.WARNING,
    )


def test_territories_keep_their_outline_and_gain_a_seat(county):
    shape = shapely.box(499_000, 3_879_000, 502_000, 3_882_000)
    data = {"代码": ["370828001"], "名称": ["金乡街道"], "经度": [117.0], "纬度": [35.05]}
    gpd.GeoDataFrame(data, geometry=[shape], crs=4548).to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'
    frame, _ = units_of(county)
    assert frame.at["370828001", "seat_x"] == pytest.approx(500_000, abs=0.01)
    assert frame.geometry.iloc[0].area == pytest.approx(9_000_000)
