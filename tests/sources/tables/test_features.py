"""The same features, whatever file they come in."""

import zipfile

import geopandas as gpd
import pyogrio
import pytest
import shapely

from lifecircle.model.problem import ProblemCode as P
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.layer import read_layer_streets
from lifecircle.sources.tables import parquet
from lifecircle.sources.tables.features import read_features
from lifecircle.sources.tables.files import fingerprint, read_table

POINTS = [shapely.Point(117.0, 35.0), shapely.Point(117.1, 35.1)]
ROWS = {"设施名称": ["东园站", "西园站"], "床位": [10, 20]}


def frame(crs=4490):
    return gpd.GeoDataFrame(ROWS, geometry=POINTS, crs=crs)


def zipped(path, *files, encoding=None):
    """Pack files; with ``encoding`` as Windows does, names undeclared in that encoding."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            shown = name.encode(encoding).decode("cp437") if encoding else name
            archive.write(file, shown)
    return path


def as_geojsonseq(folder):
    frame(4326).to_file(folder / "a.geojsonl", driver="GeoJSONSeq")
    return folder / "a.geojsonl"


def as_flatgeobuf(folder):
    frame().to_file(folder / "a.fgb")
    return folder / "a.fgb"


def as_kml(folder):
    frame(4326).to_file(folder / "a.kml", driver="LIBKML")
    return folder / "a.kml"


def as_kmz(folder):
    return zipped(folder / "a.kmz", ("doc.kml", as_kml(folder)))


def as_gml(folder):
    frame().to_file(folder / "a.gml", driver="GML")
    return folder / "a.gml"


def as_tab(folder):
    frame().to_file(folder / "a.tab", driver="MapInfo File", dataset_options={"ENCODING": "CP936"})
    return folder / "a.tab"


def as_geodatabase(folder):
    frame().to_file(folder / "a.gdb", driver="OpenFileGDB", layer="设施")
    return folder / "a.gdb"


def shapefile(folder):
    frame().to_file(folder / "设施.shp", encoding="GBK")
    (folder / "设施.cpg").unlink()
    return [(f"县/{p.name}", p) for p in sorted(folder.glob("设施.*"))]


def as_zipped_shapefile(folder):
    return zipped(folder / "a.zip", *shapefile(folder))


def as_shapefile_zipped_on_windows(folder):
    return zipped(folder / "a.zip", *shapefile(folder), encoding="gbk")


def as_zipped_geodatabase(folder):
    files = [(f"县.gdb/{p.name}", p) for p in sorted(as_geodatabase(folder).iterdir())]
    return zipped(folder / "b.zip", *files)


def as_geoparquet(folder):
    pytest.importorskip("pyarrow", reason="the extra fast-io is not installed")
    frame().to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


WRITERS = [
    as_geojsonseq,
    as_flatgeobuf,
    as_kml,
    as_kmz,
    as_gml,
    as_tab,
    as_geodatabase,
    as_zipped_shapefile,
    as_shapefile_zipped_on_windows,
    as_zipped_geodatabase,
    as_geoparquet,
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("write", WRITERS)
def test_every_format_gives_the_same_features(tmp_path, write):
    path = write(tmp_path)
    before = sorted(tmp_path.iterdir())
    table, problems = read_table(path, name="facilities")
    assert [p.code for p in problems] in ([], [P.ENCODING_CHOSEN])
    order = sorted(range(2), key=lambda at: table.frame["设施名称"][at])  # FlatGeobuf reorders
    assert [table.frame["设施名称"][at] for at in order] == ["东园站", "西园站"]
    assert [int(table.frame["床位"][at]) for at in order] == [10, 20]
    apart = [table.geometry[at].distance(POINTS[i]) for i, at in enumerate(order)]
    assert max(apart) < 1e-8  # a geodatabase keeps a grid of 1e-9 degrees
    assert "4490" in table.crs or "WGS 84" in table.crs
    assert list(table.rows) == [1, 2]
    assert not {"tessellate", "visibility", "drawOrder"} & set(table.frame.columns)
    assert sorted(tmp_path.iterdir()) == before  # GDAL leaves nothing beside the planner's file
    assert fingerprint(path) == fingerprint(path)


def test_a_zip_of_several_is_asked_by_name(tmp_path):
    frame().to_file(tmp_path / "a.gpkg")
    frame().iloc[:1].to_file(tmp_path / "b.geojson")
    path = zipped(
        tmp_path / "c.zip",
        ("x/a.gpkg", tmp_path / "a.gpkg"),
        ("b.geojson", tmp_path / "b.geojson"),
        ("readme.txt", tmp_path / "b.geojson"),
    )
    assert len(read_features(path, "b")["rows"]) == 1
    with pytest.raises(SourceError) as caught:
        read_features(path)
    assert (caught.value.code, caught.value.params) == (P.SHEET_MISSING, {"sheets": ["a", "b"]})


def test_a_zip_of_nothing_known(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    path = zipped(tmp_path / "c.zip", ("a.txt", tmp_path / "a.txt"))
    with pytest.raises(SourceError) as caught:
        read_features(path)
    assert caught.value.code is P.FORMAT_UNKNOWN


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_mapinfo_text_in_an_undeclared_charset_is_said_and_can_be_named(tmp_path):
    path = as_tab(tmp_path)
    raw = path.read_bytes().replace(b"WindowsSimpChinese", b"Neutral")
    path.write_bytes(raw)
    table, (problem,) = read_table(path, name="facilities")
    assert (table, problem.code, problem.params) == (
        None,
        P.FILE_UNREADABLE,
        {"detail": "charset"},
    )
    table, problems = read_table(path, name="facilities", encoding="GBK")
    assert problems == ()
    assert list(table.frame["设施名称"]) == ["东园站", "西园站"]


DXF = """0
SECTION
2
HEADER
9
$ACADVER
1
AC1015
9
$DWGCODEPAGE
3
ANSI_936
0
ENDSEC
0
SECTION
2
ENTITIES
0
LINE
8
道路
10
500000
20
3880000
11
500100
21
3880000
0
TEXT
8
托老所
10
500050
20
3880050
40
2.5
1
东园站
0
POINT
8
点
10
500010
20
3880010
0
ENDSEC
0
EOF
"""


def test_dxf_gives_lines_points_and_text_but_no_crs(tmp_path):
    path = tmp_path / "a.dxf"
    path.write_bytes(DXF.encode("gbk"))
    fields = read_features(path)
    assert fields["crs"] is None
    assert list(fields["frame"]["Layer"]) == ["道路", "托老所", "点"]
    assert list(fields["frame"]["Text"]) == [None, "东园站", None]
    assert [g.geom_type for g in fields["geometry"]] == ["LineString", "Point", "Point"]
    streets = read_layer_streets(path)
    assert (len(streets.lines), streets.lines.crs) == (1, "")


def test_parquet_without_its_extra_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(SourceError) as caught:
        parquet.read_parquet(tmp_path / "a.parquet")
    assert (caught.value.code, caught.value.params) == (P.EXTRA_MISSING, {"extra": "fast-io"})


def test_gpx_waypoints(tmp_path):
    (tmp_path / "a.gpx").write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="x" '
        'xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="35" lon="117"><name>东门</name></wpt></gpx>',
        encoding="utf-8",
    )
    fields = read_features(tmp_path / "a.gpx")
    assert list(fields["frame"]["name"]) == ["东门"]
    assert fields["geometry"][0].equals(POINTS[0])


def test_streets_take_the_layer_that_has_lines(tmp_path):
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="点")
    line = gpd.GeoDataFrame(
        {"highway": ["residential"]},
        geometry=[shapely.LineString([(0, 0), (9, 0)])],
        crs=4548,
    )
    line.to_file(path, layer="线")
    assert [n for n, _ in pyogrio.list_layers(path)] == ["点", "线"]
    assert len(read_layer_streets(zipped(tmp_path / "a.zip", ("a.gpkg", path))).lines) == 1
