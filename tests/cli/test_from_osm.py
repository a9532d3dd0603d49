"""``lifecircle from-osm``: what it writes, says and answers with."""

import json

import pytest
from typer.testing import CliRunner

from lifecircle.cli import app

OSM = """<osm version='0.6'>
<node id='1' lat='35' lon='117'><tag k='amenity' v='nursing_home'/><tag k='name' v='[b]院'/></node>
<node id='2' lat='35' lon='117'><tag k='place' v='neighbourhood'/></node></osm>"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, ["from-osm", *map(str, words)])


def test_it_writes_four_layers_and_the_attribution(file, tmp_path):
    out = tmp_path / "out"
    ended = run(file, "--out", out, "--quiet")
    assert ended.exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "SOURCE.txt",
        "buildings.gpkg",
        "facilities.gpkg",
        "gates.gpkg",
        "residential.gpkg",
    ]
    assert "OpenStreetMap" in ended.stdout


def test_a_file_with_brackets_in_its_name(file, tmp_path):
    named = file.rename(tmp_path / "县[red][b.osm")
    ended = run(named, "--out", tmp_path / "out")
    assert ended.exit_code == 0, ended.output
    assert "县[red][b.osm" in ended.stdout


def test_json_and_a_second_run_that_overwrites_nothing(file, tmp_path):
    ended = run(file, "--out", tmp_path / "out", "--json")
    said = json.loads(ended.stdout)
    assert {name: one["features"] for name, one in said["layers"].items()} == {
        "facilities": 1,
        "residential": 1,
        "gates": 0,
        "buildings": 0,
    }
    edited = tmp_path / "out" / "gates.gpkg"
    edited.write_bytes(b"edited")
    (tmp_path / "out" / "facilities.gpkg").unlink()
    again = run(file, "--out", tmp_path / "out")
    assert again.exit_code == 2
    assert "residential.gpkg" in again.stderr.replace("\n", "")
    assert edited.read_bytes() == b"edited"
    assert not (tmp_path / "out" / "facilities.gpkg").exists()


@pytest.mark.parametrize("text", ["<osm", "<!DOCTYPE osm [<!ENTITY a 'b'>]><osm>&a;</osm>", None])
def test_what_cannot_be_read_is_said(tmp_path, text):
    path = tmp_path / "a.osm"
    if text is not None:
        path.write_text(text)
    ended = run(path, "--out", tmp_path / "out")
    assert ended.exit_code == 2
    assert "a.osm" in ended.stderr
    assert "Traceback" not in ended.output
    assert not (tmp_path / "out").exists()


def test_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    assert run(tmp_path / "a.csv", "--out", tmp_path / "out").exit_code == 2
