"""Line layers of any vector file."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pyproj import CRS
from shapely import LineString, MultiLineString, Point

from lifecircle.sources.streets.layer import read_layer_streets
from lifecircle.sources.tables.files import SourceError

EAST = LineString([(0, 0), (100, 0), (200, 0)])
NORTH = LineString([(100, 0), (100, 100)])


def write(path, columns, shapes, layer=None, crs="EPSG:4548"):
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path, layer=layer, driver="GPKG")


def test_tags_by_their_usual_columns(tmp_path):
    path = tmp_path / "roads.gpkg"
    columns = {
        "OSM_ID": [7.0, 8.0],
        "fclass": ["residential", "primary"],
        "道路名称": ["主街", " "],
        "bridge": ["F", "T"],
        "layer": [0, 1],
        "width": [4.0, 5.0],
    }
    write(path, columns, [EAST, NORTH])
    source = read_layer_streets(path)
    tags = source.lines.tags
    assert tags["osm_id"].tolist() == ["7", "8"]
    assert tags["highway"].tolist() == ["residential", "primary"]
    assert tags["name"].tolist() == ["主街", None]
    assert tags["bridge"].tolist() == [None, "yes"]
    assert tags["layer"].tolist() == ["0", "1"]
    assert CRS(source.lines.crs) == "EPSG:4548"
    assert not source.joined
    assert source.lines.way_start.tolist() == [0, 3, 5]
    assert source.lines.vertex_xy.tolist() == [[0, 0], [100, 0], [200, 0], [100, 0], [100, 100]]


def test_every_line_is_a_street_where_no_column_says_otherwise(tmp_path):
    path = tmp_path / "roads.gpkg"
    write(path, {"width": [4.0, 5.0]}, [EAST, MultiLineString([NORTH, NORTH.reverse()])])
    source = read_layer_streets(path)
    assert len(source.lines) == 3
    assert source.lines.tags["highway"].tolist() == [None, None, None]


def test_a_mixed_osm_layer_holds_streets_ferries_and_barriers(tmp_path):
    path = tmp_path / "lines.gpkg"
    columns = {
        "highway": ["service", None, None, None],
        "route": [None, "ferry", None, None],
        "waterway": [None, None, "river", None],
        "name": [None, None, "信江", "界"],
    }
    write(path, columns, [EAST, NORTH, EAST, NORTH])
    lines = read_layer_streets(path).lines
    assert lines.tags["highway"].tolist() == ["service", None]
    assert lines.tags["route"].tolist() == [None, "ferry"]
    assert lines.barriers[["barrier", "name"]].to_numpy().tolist() == [["river", "信江"]]


def test_rows_that_are_no_lines_are_named(tmp_path):
    path = tmp_path / "mixed.gpkg"
    shapes = [EAST, None, Point(1, 1), LineString(), Point(2, 2).buffer(1)]
    write(path, {"name": list("abcde")}, shapes)
    source = read_layer_streets(path)
    assert source.lines.tags["name"].tolist() == ["a"]
    assert source.empty_rows == (2, 4)
    assert source.other_geometries == ("Point", "Polygon")


def test_the_first_layer_of_lines_is_taken_unless_named(tmp_path):
    path = tmp_path / "county.gpkg"
    write(path, {"name": ["seat"]}, [Point(0, 0)], layer="places")
    write(path, {"name": ["old"]}, [EAST], layer="roads")
    write(path, {"name": ["new"]}, [NORTH], layer="roads 2025")
    assert read_layer_streets(path).lines.tags["name"].tolist() == ["old"]
    assert read_layer_streets(path, "roads 2025").lines.tags["name"].tolist() == ["new"]
    with pytest.raises(SourceError, match="sheet_missing"):
        read_layer_streets(path, "nothing")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")  # when writing it
def test_heights_are_left_aside_and_a_missing_crs_is_said(tmp_path):
    path = tmp_path / "roads.gpkg"
    write(path, {"name": ["a"]}, [LineString([(0, 0, 5), (9, 0, 7)])], crs=None)
    source = read_layer_streets(path)
    assert source.lines.vertex_xy.tolist() == [[0, 0], [9, 0]]
    assert source.lines.crs == ""


def test_a_shapefile_in_gbk_keeps_its_names(tmp_path):
    path = tmp_path / "roads.shp"
    frame = gpd.GeoDataFrame({"道路名称": ["建设丂冾镕路"]}, geometry=[EAST], crs="EPSG:4548")
    frame.to_file(path, encoding="GBK")
    for cpg in path.parent.glob("*.cpg"):
        cpg.unlink()
    assert read_layer_streets(path).lines.tags["name"].tolist() == ["建设丂冾镕路"]


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
@pytest.mark.parametrize("header", ["Layer", "图层"])
def test_a_drawing_turned_into_a_layer_keeps_what_its_layers_say(tmp_path, suffix, header):
    path = tmp_path / f"roads.{suffix}"
    columns = {header: ["道路中心线", "等高线", "0"], "Text": list("abc")}
    frame = gpd.GeoDataFrame(columns, geometry=[EAST, NORTH, EAST], crs="EPSG:4548")
    frame.to_file(path, encoding="UTF-8")
    source = read_layer_streets(path)
    assert source.lines.tags["highway"].tolist() == ["road", "no", "0"]
    assert source.drawn == (("0", 1, "unknown"), ("等高线", 1, "no"), ("道路中心线", 1, "street"))


def test_a_class_of_its_own_goes_before_the_drawing_layer_of_a_street(tmp_path):
    path = tmp_path / "roads.gpkg"
    columns = {"道路等级": ["支路", "支路"], "Layer": ["0", "等高线"]}
    write(path, columns, [EAST, NORTH])
    assert read_layer_streets(path).lines.tags["highway"].tolist() == ["unclassified", "no"]


def test_a_level_is_no_layer_of_a_drawing(tmp_path):
    path = tmp_path / "roads.gpkg"
    write(path, {"layer": ["-1", "0"]}, [EAST, NORTH])
    source = read_layer_streets(path)
    assert (source.lines.tags["layer"].tolist(), source.drawn) == (["-1", "0"], ())
    assert source.lines.tags["highway"].tolist() == [None, None]


@pytest.mark.parametrize("name", ["京沪高速", "G35济广高速公路", "京九铁路"])
@pytest.mark.parametrize(("classed", "expected"), [(None, None), ("支路", "unclassified")])
def test_a_motorway_by_its_name_alone_is_of_no_known_class(tmp_path, name, classed, expected):
    path = tmp_path / "roads.gpkg"
    columns = {"道路名称": [name, "高速路东街"]} | ({"道路等级": [classed] * 2} if classed else {})
    write(path, columns, [EAST, NORTH])
    found = read_layer_streets(path).lines.tags["highway"].tolist()
    assert found == [expected or name, expected]


def test_what_holds_no_lines_is_refused(tmp_path):
    table = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), table)
    with pytest.raises(SourceError, match="geometry_type"):
        read_layer_streets(table)
    with pytest.raises(SourceError, match="format_unknown"):
        read_layer_streets(tmp_path / "table.csv")
    with pytest.raises(SourceError, match="file_missing"):
        read_layer_streets(tmp_path / "none.gpkg")
