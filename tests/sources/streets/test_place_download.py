"""Streets of a place, from a stub of OpenStreetMap's servers on this machine."""

import json
import re
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from lifecircle.intake import check_study
from lifecircle.keeping.folder import cache_folder
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets import place_download
from lifecircle.sources.streets.graphml import read_graphml_streets
from lifecircle.sources.streets.place_download import download_streets, kept_streets

PLACE = "金乡县"
AREA = [
    {
        "lat": "35.05",
        "lon": "117.0",
        "boundingbox": ["35.04", "35.06", "116.99", "117.01"],
        "importance": 0.5,
        "place_id": 1,
        "osm_type": "relation",
        "osm_id": 1,
        "class": "boundary",
        "type": "administrative",
        "display_name": PLACE,
        "geojson": {
            "type": "Polygon",
            "coordinates": [
                [
                    [116.99, 35.04],
                    [117.01, 35.04],
                    [117.01, 35.06],
                    [116.99, 35.06],
                    [116.99, 35.04],
                ]
            ],
        },
    }
]
NODES = {1: (117.0, 35.05), 2: (117.002, 35.05), 3: (117.004, 35.05), 4: (117.002, 35.052)}
NODES |= {5: (117.006, 35.05), 6: (117.0, 35.055), 7: (117.01, 35.055)}
GATE = {"barrier": "gate", "locked": "yes"}
WAYS = [
    (10, [1, 2, 3], {"highway": "residential", "name": "主街", "foot": "yes"}),
    (11, [3, 4], {"highway": "footway", "incline": "10%", "disused": "yes"}),
    (12, [3, 5], {"highway": "primary", "oneway": "yes"}),
    (13, [6, 7], {"waterway": "river", "name": "老万福河"}),
]
STREETS = {
    "elements": [
        *({"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in NODES.items() if n != 2),
        {"type": "node", "id": 2, "lon": 117.002, "lat": 35.05, "tags": GATE},
        *({"type": "way", "id": w, "nodes": nodes, "tags": tags} for w, nodes, tags in WAYS),
    ]
}


class Stub:
    """Both servers at once: what they answer, and what they were asked."""

    def __init__(self):
        self.asked, self.status, self.area, self.streets, self.wait_s = [], 200, AREA, STREETS, 0.0
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, body):
                stub.asked.append(f"{self.command} {self.path.split('?')[0]}")
                time.sleep(stub.wait_s)
                raw = json.dumps(body).encode()
                self.send_response(stub.status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self):
                self.answer(stub.area)

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(stub.streets)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def stub(monkeypatch, tmp_path):
    stub = Stub()
    threading.Thread(target=stub.server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("LIFECIRCLE_OVERPASS_URL", f"{stub.url}/api")
    monkeypatch.setenv("LIFECIRCLE_NOMINATIM_URL", f"{stub.url}/")
    monkeypatch.setenv("LIFECIRCLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LIFECIRCLE_DOWNLOAD_SECONDS", "60")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    workplace = tmp_path / "here"
    workplace.mkdir()
    monkeypatch.chdir(workplace)
    yield stub
    stub.server.shutdown()
    stub.server.server_close()
    assert list(workplace.iterdir()) == []  # OSMnx's cache is not in the current folder


@pytest.fixture
def in_process(monkeypatch):
    """Let downloads run in this process: one of their own takes a second to load OSMnx.

    For what a download comes to, not for how it is begun and stopped.
    """
    settings = pytest.importorskip("osmnx").settings
    before = dict(vars(settings))

    def run(command, **_):
        *_, module, place, kept, seconds = command
        assert module == place_download.__name__
        ended = place_download._download(place, Path(kept), float(seconds))
        return SimpleNamespace(returncode=ended)

    here = SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)
    monkeypatch.setattr(place_download, "subprocess", here)
    yield
    vars(settings).update(before)


def failure(stub, code):
    before = time.monotonic()
    with pytest.raises(SourceError) as caught:
        download_streets(PLACE)
    assert caught.value.code is code
    assert not kept_streets(PLACE).exists()
    assert time.monotonic() - before < 50  # no pause of OSMnx's, of 55 or 60 s
    del stub
    return caught.value.params


def test_streets_are_downloaded_once_with_every_tag_and_kept(stub):
    kept = download_streets(PLACE)
    assert kept == kept_streets(PLACE)
    assert kept.is_relative_to(cache_folder())
    assert {a.split("?")[0] for a in stub.asked} == {"GET /search", "POST /api/interpreter"}
    count = len(stub.asked)
    assert download_streets(PLACE) == kept
    assert len(stub.asked) == count

    source = read_graphml_streets(kept)
    tags = source.lines.tags.set_index("osm_id")
    assert sorted(set(tags.index)) == ["10", "11", "12"]
    assert set(tags.loc["10", "name"]) == {"主街"} or tags.loc["10", "name"] == "主街"
    assert tags.loc["11", "incline"] == "10%"
    assert tags.loc["11", "state"] == "disused"
    # the gate stands amid the main street, and is a node all the same
    (post,) = source.lines.posts.itertuples()
    assert (post.barrier, post.locked) == ("gate", "yes")
    assert (post.geometry.x, post.geometry.y) == NODES[2]
    assert source.lines.crs.lower() == "epsg:4326"
    assert source.lines.barriers["barrier"].tolist() == ["river"]
    assert source.lines.barriers["name"].tolist() == ["老万福河"]


@pytest.mark.usefixtures("in_process")
def test_nobody_there(stub, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    monkeypatch.setenv("LIFECIRCLE_NOMINATIM_URL", f"http://127.0.0.1:{closed}/")
    assert failure(stub, P.DOWNLOAD_FAILED)["detail"] == "unreachable"


def test_a_busy_server_ends_at_the_deadline(stub, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_DOWNLOAD_SECONDS", "8")
    stub.status = 429  # OSMnx waits 55 s and asks again, for ever
    assert failure(stub, P.DOWNLOAD_FAILED) == {
        "place": PLACE,
        "detail": "deadline",
        "seconds": 8.0,
    }


@pytest.mark.usefixtures("in_process")
def test_a_place_that_is_not_known(stub):
    stub.area = []
    assert failure(stub, P.PLACE_UNKNOWN) == {"place": PLACE}


@pytest.mark.usefixtures("in_process")
def test_a_place_without_streets(stub):
    stub.streets = {"elements": []}
    assert failure(stub, P.DOWNLOAD_FAILED)["detail"] == "no_streets"


@pytest.mark.usefixtures("in_process")
def test_a_study_that_names_a_place(stub, tmp_path):
    (tmp_path / "a.csv").write_text(
        "name,households,lon,lat\n东园,10,117.001,35.0505\n", encoding="utf-8"
    )
    (tmp_path / "f.csv").write_text(
        "name,kinds,lon,lat\n甲,托老所,117.003,35.0505\n", encoding="utf-8"
    )
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "县"\ncounty = "370828"\nstandard = "jinxiang-2023"\n'
        'as_of = 2025-12-31\n[layers.residential]\npath = "a.csv"\ncoordinates = "wgs84"\n'
        '[layers.facilities]\npath = "f.csv"\ncoordinates = "wgs84"\n'
        f'[layers.streets]\nplace = "{PLACE}"\n',
        encoding="utf-8",
    )
    study, problems = check_study(tmp_path)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    (said,) = [p for p in problems if p.code is P.STREETS_DOWNLOADED]
    assert said.severity is Severity.INFO
    assert len(study.streets) >= 3
    (record,) = [i for i in study.inputs if i.layer == "streets"]
    assert record.path == f"OpenStreetMap: {PLACE}"
    assert re.fullmatch("[0-9a-f]{64}", record.sha256)
    assert any("OpenStreetMap" in text for text in study.attribution)

    kept_streets(PLACE).unlink()
    stub.area = []
    study, problems = check_study(tmp_path)
    assert study.streets is None
    assert P.PLACE_UNKNOWN in {p.code for p in problems}
