"""Files that would harm their reader are refused before anything opens them."""

import bz2
import contextlib
import gzip
import os
import sqlite3
import struct
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lifecircle.intake.streets.lines import read_streets
from lifecircle.model.problem import ProblemCode as P
from lifecircle.sources import guards
from lifecircle.sources.guards import check_archive, check_content
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.features import read_features
from lifecircle.sources.tables.files import read_table

BILLION = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<{root}>&b;</{root}>"""
FAR = """<?xml version="1.0"?>
<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><{root}/>"""


def refusal(path):
    with pytest.raises(SourceError) as caught:
        check_content(path)
    assert caught.value.code is P.CONTENT_REFUSED
    return caught.value.params["detail"]


@pytest.mark.parametrize("suffix", ["osm", "kml", "gpx", "gml", "graphml"])
@pytest.mark.parametrize("text", [BILLION, FAR])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path, suffix, text, encoding):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(text.format(root=suffix).encode(encoding))
    assert refusal(path) == "xml_entities"


@pytest.mark.parametrize(("suffix", "opened"), [("gz", gzip.open), ("bz2", bz2.open)])
def test_entities_are_refused_in_packed_osm(tmp_path, suffix, opened):
    path = tmp_path / f"a.osm.{suffix}"
    with opened(path, "wb") as stream:
        stream.write(BILLION.format(root="osm").encode())
    assert refusal(path) == "xml_entities"
    lines, (problem,) = read_streets(path, crs="EPSG:4548")
    assert (lines, problem.code) == (None, P.CONTENT_REFUSED)


def test_entities_behind_what_a_parser_cannot_read_are_refused(tmp_path):
    path = tmp_path / "a.kml"
    path.write_bytes(
        b'<?xml version="1.0" encoding="GBK"?><!-- \xd6\xd0 --><!DOCTYPE kml []><kml/>'
    )
    assert refusal(path) == "xml_entities"


def test_entities_are_refused_inside_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", BILLION.format(root="kml"))
    table, (problem,) = read_table(tmp_path / "a.kmz", name="facilities")
    assert (table, problem.code, problem.params) == (
        None,
        P.CONTENT_REFUSED,
        {"detail": "xml_entities"},
    )


def test_a_list_of_other_files_does_not_open_under_another_name(tmp_path):
    secret = tmp_path / "secret.gpkg"
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(0, 0)], crs=4490).to_file(secret)
    text = (
        f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    for name in ("a.json", "a.gpkg", "a.shp", "a.dxf", "a.gml", "a.kml"):
        path = tmp_path / name
        path.write_text(text)
        assert refusal(path) == "disguised"
        with pytest.raises(SourceError):
            read_features(path)


def test_ordinary_xml_passes(tmp_path):
    for name, text in {
        "a.kml": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>',
        "a.gpx": '<!-- <!DOCTYPE no> --><gpx xmlns="http://www.topografix.com/GPX/1/1"/>',
        "a.osm": "<osm version='0.6'/>",
        "a.gml": '<x:Parcels xmlns:x="urn:x"/>',
    }.items():
        (tmp_path / name).write_text(text)
        check_content(tmp_path / name)


def archive(path, *members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return path


def test_a_bomb_is_refused_by_its_ratio_without_being_unpacked(tmp_path):
    path = archive(tmp_path / "a.zip", ("a.geojson", b"0" * (17 << 20)))
    assert path.stat().st_size < 100_000
    assert refusal(path) == "archive_ratio"
    table, (problem,) = read_table(path, name="facilities")
    assert (table, problem.code) == (None, P.CONTENT_REFUSED)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(["名称", "户数"])
    book.save(tmp_path / "a.xlsx")
    check_content(tmp_path / "a.xlsx")
    monkeypatch.setattr(guards, "WORKBOOK_LIMIT", 1000)
    table, (problem,) = read_table(tmp_path / "a.xlsx", name="residential")
    assert (table, problem.params) == (None, {"detail": "archive_size"})


def test_a_size_that_lies_is_not_unpacked_beyond_what_it_says(tmp_path):
    path = archive(tmp_path / "a.zip", ("a.geojson", b"0" * 100_000))
    raw = bytearray(path.read_bytes())
    true, false = struct.pack("<I", 100_000), struct.pack("<I", 10)
    raw = raw.replace(true, false)
    path.write_bytes(raw)
    check_archive(path, 1000)
    table, (problem,) = read_table(path, name="facilities")
    assert (table, problem.params) == (None, {"detail": "archive_damaged"})


def test_too_many_members_are_refused(tmp_path):
    path = archive(tmp_path / "a.zip", *((f"{i}.txt", b"") for i in range(10_001)))
    assert refusal(path) == "archive_members"


@pytest.mark.parametrize("name", ["../a.shp", "x/../../a.shp", "/a.shp", "C:/a.shp", "..\\a.shp"])
def test_members_that_lead_out_are_refused(tmp_path, name):
    assert refusal(archive(tmp_path / "a.zip", (name, b"x"))) == "archive_path"


def test_links_in_archives_are_refused(tmp_path):
    link = zipfile.ZipInfo("a.shp")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert refusal(archive(tmp_path / "a.zip", (link, b"/etc/hostname"))) == "archive_path"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_out_of_a_geodatabase_are_refused(tmp_path):
    (tmp_path / "a.gdb").mkdir()
    (tmp_path / "b.txt").write_text("x")
    (tmp_path / "a.gdb" / "a00000001.gdbtable").symlink_to(tmp_path / "b.txt")
    assert refusal(tmp_path / "a.gdb") == "linked"


def test_a_damaged_archive(tmp_path):
    path = archive(tmp_path / "a.zip", ("a.geojson", b"x" * 100))
    raw = bytearray(path.read_bytes())
    raw[40:45] = os.urandom(5)
    path.write_bytes(raw)
    table, (problem,) = read_table(path, name="facilities")
    assert table is None
    assert problem.code in {P.CONTENT_REFUSED, P.FILE_UNREADABLE}


def test_gml_asks_nobody_for_its_schema(tmp_path):
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(0, 0)], crs=4490).to_file(
            tmp_path / "a.gml", driver="GML"
        )
        (tmp_path / "a.xsd").unlink()
        text = (tmp_path / "a.gml").read_text(encoding="utf-8")
        start = text.index("xsi:schemaLocation=")
        end = text.index('"', text.index('"', start) + 1) + 1
        far = (
            'xsi:schemaLocation="http://ogr.maptools.org/ '
            f"http://127.0.0.1:{server.server_port}/x.xsd?SERVICE=WFS&amp;"
            'REQUEST=DescribeFeatureType"'
        )
        (tmp_path / "a.gml").write_text(text[:start] + far + text[end:], encoding="utf-8")
        table, problems = read_table(tmp_path / "a.gml", name="facilities")
        assert (len(table), problems, asked) == (1, (), [])
    finally:
        server.shutdown()
        server.server_close()


def test_a_view_that_multiplies_tables_is_refused_and_one_that_joins_them_is_not(tmp_path):
    path = tmp_path / "f.gpkg"
    shapes = [shapely.Point(117, 35.05)] * 3000
    frame = gpd.GeoDataFrame({"name": ["a"] * 3000}, geometry=shapes, crs=4490)
    frame.to_file(path)
    for name, query in (
        ("joined", "SELECT a.name name FROM f a JOIN f b ON a.fid = b.fid"),
        ("multiplied", "SELECT a.name name FROM f a, f b, f c"),
    ):
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.execute(f"CREATE VIEW {name} AS {query}")
        if name == "joined":
            check_content(path)
    with pytest.raises(SourceError) as refused:
        check_content(path)
    assert refused.value.params == {"detail": "endless_view"}
