"""What a file holds is read or told: nothing that the reading library passes over is lost."""

import random
import struct

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.sources.flatgeobuf import features_of_flatgeobuf
from lifecircle.sources.streets.layer import read_layer_streets
from lifecircle.sources.tables.files import read_tables

KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>'


def mark(name, tag="Placemark"):
    return (
        f"<{tag}><name>{name}</name><Point><coordinates>117.01,35.05</coordinates></Point></{tag}>"
    )


def read(path, name="facilities"):
    tables, problems = read_tables(path, name=name)
    return sum(map(len, tables)), [p for p in problems if p.severity is not Severity.INFO]


def of_text(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return read(path)


@pytest.mark.parametrize(
    "body",
    [
        f"<Document>{mark('甲')}{mark('乙', 'placemark')}</Document>",
        f"<Document>{mark('甲')}</Document><Document>{mark('乙')}</Document>",
        f"<Document>{mark('甲')}{mark('乙', 'PhotoOverlay')}</Document>",
    ],
)
def test_a_place_that_the_library_passes_over_condemns_the_file(tmp_path, body):
    count, (problem,) = of_text(tmp_path / "f.kml", KML.format(body))
    assert (count, problem.code) == (0, ProblemCode.FEATURES_DAMAGED)
    assert problem.params["count"] == 1


FOLDER = "<Folder><name>{}</name>{}</Folder>"


@given(
    st.recursive(
        st.lists(st.just("p"), max_size=3),
        lambda inner: st.lists(st.one_of(st.just("p"), inner), max_size=3),
        max_leaves=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_of_any_folders_every_place_is_read_or_told(tmp_path_factory, tree):
    names = iter(range(1000))

    def body(part):
        if part == "p":
            return mark(f"甲{next(names)}")
        return FOLDER.format(f"夹{next(names)}", "".join(map(body, part)))

    path = tmp_path_factory.mktemp("k") / "f.kml"
    text = KML.format(f"<Document>{''.join(map(body, tree))}</Document>")
    path.write_text(text, encoding="utf-8")
    tables, problems = read_tables(path, name="facilities")
    held = text.count("<Placemark>")
    there = sum(map(len, tables))
    if tables:
        there += sum(part.rows or 0 for part in tables[0].contents.left_out)
    assert there == held or any(p.severity is Severity.ERROR for p in problems)


@pytest.mark.parametrize("encoding", ["GB2312", "gbk", "GB18030"])
def test_xml_in_a_chinese_encoding_is_read(tmp_path, encoding):
    text = KML.replace("UTF-8", encoding).format(f"<Document>{mark('东关站')}</Document>")
    path = tmp_path / "f.kml"
    path.write_bytes(text.encode("gb18030"))
    (table,), problems = read_tables(path, name="facilities")
    assert (table.frame["Name"].tolist(), problems) == (["东关站"], ())


def test_a_member_of_another_type_than_the_schema_says(tmp_path):
    path = tmp_path / "a.gml"
    frame(3).to_file(path, driver="GML")
    text = path.read_text("utf-8").replace("<ogr:a ", "<ogr:zz ", 1)
    count, (problem,) = of_text(path, text.replace("</ogr:a>", "</ogr:zz>", 1))
    assert (count, problem.params["count"]) == (0, 1)


def frame(n):
    shapes = [shapely.Point(117 + i / 1000, 35.0512) for i in range(n)]
    return gpd.GeoDataFrame({"name": [f"n{i}" for i in range(n)]}, geometry=shapes, crs=4326)


@pytest.mark.parametrize("index", ["YES", "NO"])
@pytest.mark.parametrize("n", [1, 2, 16, 17, 300])
def test_features_of_flatgeobuf_are_counted_behind_their_index(tmp_path, n, index):
    path = tmp_path / "f.fgb"
    frame(n).to_file(path, driver="FlatGeobuf", SPATIAL_INDEX=index)
    assert features_of_flatgeobuf(path) == n
    assert read(path) == (n, [])


@pytest.mark.parametrize("index", ["YES", "NO"])
def test_a_number_in_the_header_hides_no_feature(tmp_path, index):
    path = tmp_path / "f.fgb"
    frame(5).to_file(path, driver="FlatGeobuf", SPATIAL_INDEX=index)
    raw = path.read_bytes()
    at = raw.index(struct.pack("<Q", 5))
    path.write_bytes(raw[:at] + struct.pack("<Q", 3) + raw[at + 8 :])
    count, (problem,) = read(path)
    assert (count, problem.severity) == (0, Severity.ERROR)


def mapinfo(folder, rows, charset="WindowsSimpChinese"):
    head = (
        f'Version 300\r\nCharset "{charset}"\r\nDelimiter ","\r\n'
        "CoordSys Earth Projection 1, 104\r\nColumns 2\r\n  名称 Char(20)\r\n  类型 Char(20)\r\n"
        "Data\r\n\r\nPoint 117.0 35.0512\r\n    Symbol (35,0,12)\r\nPoint 117.01 35.0512\r\n"
    )
    (folder / "m.mif").write_bytes(head.encode("gbk"))
    text = "".join(f'"{name}","托老所"\r\n' for name in rows)
    (folder / "m.MID").write_bytes(text.encode("gbk"))
    return folder / "m.mif"


def test_an_exchange_file_of_mapinfo(tmp_path):
    (table,), problems = read_tables(mapinfo(tmp_path, "甲乙"), name="facilities")
    assert (table.frame["名称"].tolist(), problems) == (["甲", "乙"], ())
    for rows in ("甲", "甲乙丙"):
        count, (problem,) = read(mapinfo(tmp_path, rows))
        assert (count, problem.severity) == (0, Severity.ERROR)
    assert problem.params == {"records": 3, "shapes": 2}


LOST = "  0\n{}\n  5\nFF{}\n  8\n道路\n100\nAcDbEntity\n 10\n1.0\n 20\n1.0\n 70\n0\n"


def test_objects_of_a_drawing_that_nobody_reads_are_told(tmp_path):
    path = tmp_path / "d.dxf"
    lines = [shapely.LineString([(500_000, y), (500_100, y)]) for y in (3_880_000, 3_880_100)]
    data = gpd.GeoDataFrame({"Layer": ["道路"] * 2}, geometry=lines, crs=4548)
    data.to_file(path, driver="DXF")
    assert read(path) == (2, [])
    kinds = ["ACAD_PROXY_ENTITY", "TCH_WALL", "3DSOLID", "TCH_WALL", "VIEWPORT", "POINT"]
    more = "".join(LOST.format(kind, at) for at, kind in enumerate(kinds))
    text = path.read_text("utf-8").replace("ENTITIES\n", f"ENTITIES\n{more}", 1)
    path.write_text(text, encoding="utf-8")
    told = ["3DSOLID (1)", "ACAD_PROXY_ENTITY (1)", "TCH_WALL (2)"]
    count, (problem,) = read(path)
    assert (count, problem.code, problem.params) == (
        3,
        ProblemCode.FEATURES_UNREAD,
        {"kinds": told},
    )
    assert read_layer_streets(path).objects == tuple(told)


def damaged(raw, seed):
    """Return bytes with a few bits turned, a stretch blanked, cut out, or the end cut off."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    data, at = bytearray(raw), chance.randrange(len(raw))
    match chance.randrange(4):
        case 0:
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case 1:
            data[at : at + 16] = bytes(len(data[at : at + 16]))
        case 2:
            del data[at : at + chance.randrange(1, 40)]
        case _:
            del data[max(at, len(data) // 10) :]
    return bytes(data)


DRIVERS = {
    "kml": "KML",
    "gml": "GML",
    "gpx": "GPX",
    "fgb": "FlatGeobuf",
    "gpkg": "GPKG",
    "geojson": "GeoJSON",
    "shp": "ESRI Shapefile",
    "tab": "MapInfo File",
}


@pytest.mark.parametrize("ending", DRIVERS)
def test_no_damage_loses_a_feature_in_silence(tmp_path, ending, capfd):
    path = tmp_path / f"f.{ending}"
    frame(12).to_file(path, driver=DRIVERS[ending])
    raw = path.read_bytes()
    assert read(path)[0] == 12
    for seed in range(12):
        path.write_bytes(damaged(raw, seed))
        count, problems = read(path)
        assert count >= 12 or problems, seed
    capfd.readouterr()
