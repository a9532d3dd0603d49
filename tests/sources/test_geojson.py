"""GeoJSON that would call home, or lose features in silence."""

from __future__ import annotations

import contextlib
import http.server
import json
import sqlite3
import threading

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.model.problem import ProblemCode, describe
from lifecircle.sources.geojson import check_geojson
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.files import read_table


def feature(n, **more):
    geometry = {"type": "Point", "coordinates": [117 + n / 100, 35]}
    return {"type": "Feature", "properties": {"编号": str(n)}, "geometry": geometry} | more


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more)


@pytest.fixture
def home():
    """Return a server on this machine and the list of what was asked of it."""
    asked = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/crs", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.one_in(5)
@pytest.mark.parametrize("kind", ["link", "LINK", " link ", "url", "ogcwkt", ""])
@pytest.mark.parametrize("where", ["collection", "feature", "geometry", "sequence"])
def test_a_linked_system_is_refused_before_anything_is_asked(kind, where, home, tmp_path):
    url, asked = home
    crs = {"type": kind, "properties": {"href": url, "type": "ogcwkt"}}
    one = feature(1)
    if where == "geometry":
        one["geometry"]["crs"] = crs
    elif where != "collection":
        one["crs"] = crs
    path = tmp_path / ("a.geojsonl" if where == "sequence" else "a.geojson")
    more = {"crs": crs} if where == "collection" else {}
    path.write_text(json.dumps(one) if where == "sequence" else collection(one, **more))
    table, problems = read_table(path, name="residential")
    assert table is None
    assert problems[0].code is ProblemCode.CONTENT_REFUSED
    assert "链接" in describe(problems[0], "zh")["what"]
    assert asked == []


def test_a_name_that_is_an_address_asks_nobody(home, tmp_path):
    url, asked = home
    path = tmp_path / "a.geojson"
    path.write_text(collection(feature(1), crs={"type": "name", "properties": {"name": url}}))
    read_table(path, name="residential")
    assert asked == []


def test_an_escaped_key_is_the_same_key(tmp_path):
    path = tmp_path / "a.geojson"
    text = collection(feature(1), crs={"type": "link", "properties": {"href": "http://x"}})
    path.write_text(text.replace('"crs"', '"\\u0063rs"'))
    with pytest.raises(SourceError):
        check_geojson(path)


def test_a_named_system_is_read(tmp_path):
    path = tmp_path / "a.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    path.write_text(collection(feature(1), crs=crs))
    table, problems = read_table(path, name="residential")
    assert (len(table), problems) == (1, ())


@pytest.mark.parametrize(
    "member", [{"type": "feature"}, {"type": "Point"}, None, 5, "x", [], {"properties": {}}]
)
def test_what_is_no_feature_refuses_the_file_and_is_counted(member, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(collection(feature(1), member, feature(3), member))
    table, problems = read_table(path, name="residential")
    assert table is None
    assert problems[0].code is ProblemCode.FEATURES_DAMAGED
    assert (problems[0].params["count"], problems[0].params["rows"]) == (2, ["2", "4"])


@given(st.data())
def test_of_a_sequence_every_line_is_read_or_the_file_refused(tmp_path_factory, data):
    n = data.draw(st.integers(2, 6))
    lines = [json.dumps(feature(i), ensure_ascii=False).encode() for i in range(n)]
    row = data.draw(st.integers(0, n - 1))
    at = data.draw(st.integers(0, len(lines[row]) - 1))
    bad = bytearray(lines[row])
    bad[at] = data.draw(st.integers(0, 255))
    lines[row] = bytes(bad)
    path = tmp_path_factory.mktemp("seq") / "a.geojsonl"
    path.write_bytes(b"\n".join(lines))
    table, problems = read_table(path, name="residential")
    written = sum(bool(line.strip()) for line in path.read_bytes().splitlines())
    assert (table is None and problems) or len(table) == written


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_a_whole_sequence_is_read(end, mark, tmp_path):
    path = tmp_path / "a.geojsonl"
    path.write_bytes(end.join(mark + json.dumps(feature(i)) for i in range(5)).encode())
    table, _ = read_table(path, name="residential")
    assert len(table) == 5


def test_a_table_that_claims_rows_without_end_ends(tmp_path):
    frame = gpd.GeoDataFrame({"名称": ["甲"]}, geometry=[shapely.Point(117, 35)], crs="EPSG:4326")
    frame.to_file(tmp_path / "a.shp", encoding="utf-8")
    table = tmp_path / "a.dbf"
    raw = bytearray(table.read_bytes())
    raw[4:8] = b"\xff\xff\xff\xff"
    table.write_bytes(bytes(raw))
    (tmp_path / "a.cpg").unlink()
    read, problems = read_table(tmp_path / "a.shp", name="residential")
    assert read is None or len(read) <= 1 or problems


def test_a_geopackage_whose_view_has_no_end_is_refused(tmp_path):
    frame = gpd.GeoDataFrame({"名称": ["甲"]}, geometry=[shapely.Point(117, 35)], crs="EPSG:4326")
    path = tmp_path / "a.gpkg"
    frame.to_file(path, layer="小区", driver="GPKG")
    assert read_table(path, name="residential")[0] is not None
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute(f"CREATE VIEW endless AS {endless}")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('endless', 'attributes')"
        )
        base.commit()
    table, problems = read_table(path, name="residential")
    assert (table, problems[0].code) == (None, ProblemCode.CONTENT_REFUSED)
