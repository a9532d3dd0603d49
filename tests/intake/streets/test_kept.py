"""Streets taken from the cache, or out of a built file, are those that the file itself gives."""

import dataclasses
import logging

import geopandas as gpd
import numpy as np
import osmium
import pytest
from pandas.testing import assert_frame_equal
from shapely import LineString, Point
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.case.case import open_case
from lifecircle.cli import app
from lifecircle.errors import StudyError
from lifecircle.intake.streets import kept
from lifecircle.intake.streets.building import build_streets
from lifecircle.intake.streets.kept import read_kept_streets
from lifecircle.intake.streets.lines import read_streets
from lifecircle.keeping.folder import cache_folder
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.problem import ProblemCode
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.kept import walk_costs, walk_network
from lifecircle.reach.network.posts import cutting
from lifecircle.reach.network.profiles import walk_cost
from lifecircle.sources.streets.packed import built_from_osm, is_built

CRS = "EPSG:4548"
NODES = {
    1: (117.2, 28.3, {}),
    2: (117.201, 28.3, {"barrier": "gate", "locked": "yes"}),
    3: (117.203, 28.3, {}),
    4: (117.201, 28.302, {"barrier": "gate"}),
    5: (117.201, 28.298, {}),
    6: (117.204, 28.297, {}),
}
WAYS = {
    10: ((1, 2, 3), {"highway": "residential", "name": "主街"}),
    11: ((4, 2, 5), {"highway": "steps", "opening_hours": "Mo-Fr 08:00-18:00"}),
    12: ((5, 6), {"route": "ferry", "duration": "00:10"}),
    13: ((1, 6), {"railway": "rail", "name": "鹰厦线"}),
    14: ((3, 6, 5), {"highway": "没有的词", "oneway:foot": "yes"}),
}


def pbf(folder):
    path = folder / "town.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for i, (x, y, tags) in NODES.items():
            writer.add_node(osmium.osm.mutable.Node(id=i, location=(x, y), tags=tags))
        for i, (refs, tags) in WAYS.items():
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=refs, tags=tags))
    return path


def osm(folder):
    path = folder / "town.osm"
    text = []
    for i, (x, y, tags) in NODES.items():
        text.append(f'<node id="{i}" lon="{x}" lat="{y}">')
        text += [*(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()), "</node>"]
    for i, (refs, tags) in WAYS.items():
        text += [f'<way id="{i}">', *(f'<nd ref="{ref}"/>' for ref in refs)]
        text += [*(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()), "</way>"]
    path.write_text(f'<osm version="0.6">{"".join(text)}</osm>', encoding="utf-8")
    return path


def layer(folder, suffix=".gpkg"):
    path = folder / f"town{suffix}"
    rows = [{"osm_id": str(i), **tags} for i, (_, tags) in WAYS.items()]
    shapes = [LineString([NODES[i][:2] for i in refs]) for refs, _ in WAYS.values()]
    rows.append({"barrier": "gate", "locked": "yes"})
    shapes.append(Point(NODES[2][:2]))
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def geojson(folder):
    return layer(folder, ".geojson")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LIFECIRCLE_STREET_CACHE")
    monkeypatch.setattr(kept, "LEAST_BYTES", 0)
    return tmp_path / "cache" / "ready"


def equal_lines(one, other):
    assert one.crs == other.crs
    assert one.contents == other.contents
    for name in ("vertex_xy", "way_start", "way_vertex"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype
        assert a.tobytes() == b.tobytes()
    assert (one.loose is None) == (other.loose is None)
    assert one.loose is None or one.loose.tolist() == other.loose.tolist()
    assert_frame_equal(one.tags, other.tags)
    for column in one.tags:  # None, not NaN
        assert one.tags[column].tolist() == other.tags[column].tolist()
    for name in ("barriers", "gates", "posts"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None)
        if a is not None:
            assert list(a.columns) == list(b.columns)
            assert a.crs == b.crs
            assert a.drop(columns="geometry").to_numpy().tolist() == (
                b.drop(columns="geometry").to_numpy().tolist()
            )
            assert a.geometry.to_wkb().tolist() == b.geometry.to_wkb().tolist()

    assert (one.joined is None) == (other.joined is None)
    if one.joined is not None:
        equal_lines(one.joined, other.joined)


def equal_networks(one, other):
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            assert a.tobytes() == b.tobytes(), field.name
        elif field.name == "crs":
            assert a == b
        else:
            for part in ("data", "indices", "indptr"):
                assert getattr(a, part).dtype == getattr(b, part).dtype
                assert getattr(a, part).tobytes() == getattr(b, part).tobytes()
    assert (one.graph is one.graph_back) == (other.graph is other.graph_back)


ASKED = {"crs": CRS, "near": (519_000.0, 3_131_000.0, 520_000.0, 3_132_000.0)}


def crossed(folder):
    path = folder / "cross.gpkg"
    shapes = [
        LineString([(117.2, 28.3), (117.21, 28.3)]),
        LineString([(117.205, 28.29), (117.205, 28.31)]),
    ]
    gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def test_what_is_not_known_to_meet_comes_back_too(tmp_path):
    path = crossed(tmp_path)
    plain = read_streets(path, crs=CRS)[0]
    assert len(plain.joined.vertex_xy) == len(plain.vertex_xy) + 1
    for _ in range(2):
        equal_lines(plain, read_kept_streets(path, crs=CRS)[0])
    for answer in (True, False):
        assert read_kept_streets(path, crs=CRS, node_crossings=answer)[0].joined is None


@pytest.mark.parametrize("write", [osm, pbf, layer, geojson])
def test_the_second_reading_is_the_first(tmp_path, cache, write, monkeypatch):
    path = write(tmp_path)
    plain, told = read_streets(path, **ASKED)
    assert plain is not None, told
    first, said, digest = read_kept_streets(path, **ASKED)
    monkeypatch.setattr(kept, "streets_on", None)  # nobody parses again
    again, repeated, same_digest = read_kept_streets(path, **ASKED)
    assert told == said == repeated
    assert digest == same_digest is not None
    assert first.mark == again.mark == next(cache.iterdir()).stem
    equal_lines(plain, first)
    equal_lines(plain, again)


@pytest.mark.parametrize("write", [osm, layer])
def test_costs_and_networks_are_the_same(tmp_path, cache, write):
    path, parameters = write(tmp_path), Parameters()
    plain, _ = read_streets(path, crs=CRS)
    for _ in range(2):
        lines, _, _ = read_kept_streets(path, crs=CRS)
        costs = walk_costs(lines, parameters)
        for possible, cost in ((False, costs.certain), (True, costs.possible)):
            truth = walk_cost(plain, parameters, possible=possible)
            for field in dataclasses.fields(truth):
                a, b = getattr(truth, field.name), getattr(cost, field.name)
                assert a.dtype == b.dtype
                assert a.tobytes() == b.tobytes()
            made = walk_network(lines, cost, parameters, possible=possible, source=lines)
            network = build_network(plain, truth, cutting(plain, truth, possible=possible))
            equal_networks(network, made)
    assert len(list(cache.iterdir())) == 4  # lines, costs, two networks
    slow = dataclasses.replace(parameters, steps_factor=parameters.steps_factor + 1)
    stairs = lines.tags["highway"].tolist().index("steps")
    assert walk_costs(lines, slow).possible.forward[stairs] == slow.steps_factor
    assert len(list(cache.iterdir())) == 5


def test_changed_streets_are_not_taken_for_those_that_are_kept(tmp_path):
    lines, _, _ = read_kept_streets(pbf(tmp_path), crs=CRS)
    assert lines.mark is not None
    assert dataclasses.replace(lines, tags=lines.tags).mark is None


@pytest.mark.parametrize(
    "asked",
    [
        {"crs": "EPSG:4547"},
        {"crs": CRS, "node_crossings": True},
        {"crs": CRS, "walk_words": {"没有的词": True}},
        {"crs": CRS, "coordinates": "gcj02"},
    ],
)
def test_another_question_is_another_answer(tmp_path, asked):
    path = osm(tmp_path)
    read_kept_streets(path, crs=CRS)
    lines, told, _ = read_kept_streets(path, **asked)
    plain, said = read_streets(path, **asked)
    equal_lines(plain, lines)
    assert told == said


def test_a_file_that_changed_is_read_anew(tmp_path):
    path = osm(tmp_path)
    read_kept_streets(path, crs=CRS)
    path.write_text(path.read_text("utf-8").replace("主街", "副街"), encoding="utf-8")
    lines, _, _ = read_kept_streets(path, crs=CRS)
    assert "副街" in lines.tags["name"].tolist()


@pytest.mark.parametrize("at", ["front", "header", "numbers"])
def test_a_damaged_cache_is_made_anew(tmp_path, cache, at, caplog):
    path = osm(tmp_path)
    plain, _, _ = read_kept_streets(path, crs=CRS)
    (file,) = cache.iterdir()
    whole = bytearray(file.read_bytes())
    places = {"front": 10, "header": 200, "numbers": whole.index(plain.vertex_xy.tobytes())}
    whole[places[at]] ^= 255
    file.write_bytes(whole)
    with caplog.at_level(logging.DEBUG, "lifecircle.keeping"):
        lines, _, _ = read_kept_streets(path, crs=CRS)
    equal_lines(plain, lines)
    assert "damaged, made anew" in caplog.text
    assert all(record.levelno == logging.DEBUG for record in caplog.records)


def test_streets_far_away_are_said_to_be_so_from_the_cache_too(tmp_path):
    path = osm(tmp_path)
    far = {"crs": CRS, "near": (0.0, 0.0, 1.0, 1.0)}
    plain, told = read_streets(path, **far)
    for _ in range(2):
        lines, said, _ = read_kept_streets(path, **far)
        assert lines is plain is None
        assert said == told
    assert ProblemCode.STREETS_FAR in {problem.code for problem in told}


def test_switched_off_nothing_is_kept(tmp_path, cache, monkeypatch):
    path = osm(tmp_path)
    assert read_kept_streets(path, cache=False, crs=CRS)[0].mark is None
    monkeypatch.setenv("LIFECIRCLE_STREET_CACHE", "off")
    assert read_kept_streets(path, crs=CRS)[0].mark is None
    monkeypatch.delenv("LIFECIRCLE_STREET_CACHE")
    monkeypatch.setattr(kept, "LEAST_BYTES", 10**6)
    assert read_kept_streets(path, crs=CRS)[0].mark is None
    assert not cache.exists()


@pytest.mark.parametrize("write", [osm, pbf, layer])
def test_a_built_file_stands_for_its_source(tmp_path, write):
    path = write(tmp_path)
    built = tmp_path / "全省.streets"
    build_streets(path, built)
    assert is_built(built)
    assert built_from_osm(built) == (write is not layer)
    plain, told = read_streets(path, **ASKED)
    for read in (read_streets, read_kept_streets, read_kept_streets):
        lines, said, *_ = read(built, **ASKED)
        equal_lines(plain, lines)
        assert [(p.code, p.params) for p in said] == [(p.code, p.params) for p in told]
    assert cache_folder().exists()


def test_a_built_file_that_is_damaged_is_a_problem(tmp_path):
    built = tmp_path / "a.streets"
    build_streets(osm(tmp_path), built)
    built.write_bytes(built.read_bytes()[:-3])
    lines, (problem,) = read_streets(built, crs=CRS)
    assert lines is None
    assert problem.code is ProblemCode.FILE_UNREADABLE
    assert not built_from_osm(built)


def test_what_cannot_be_built_says_why(tmp_path):
    with pytest.raises(StudyError) as raised:
        build_streets(tmp_path / "无.osm", tmp_path / "a.streets")
    assert raised.value.problems[0].code is ProblemCode.FILE_MISSING
    taken = tmp_path / "b.streets"
    taken.write_text("mine")
    with pytest.raises(FileExistsError):
        build_streets(osm(tmp_path), taken)
    assert taken.read_text() == "mine"


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    path = osm(tmp_path)
    result = CliRunner().invoke(app, ["streets", "build", str(path), "-q"])
    assert result.exit_code == 0, result.output
    assert 'path = "town.osm.streets"' in result.output.replace("\n", "")
    assert is_built(tmp_path / "town.osm.streets")
    missing = CliRunner().invoke(app, ["streets", "build", str(tmp_path / "无.osm"), "-q"])
    assert missing.exit_code == 2
    wrong = CliRunner().invoke(app, ["streets", "build", str(path), "--out", "a.txt", "-q"])
    assert wrong.exit_code == 2


STUDY = """
[study]
name = "小镇"
county = "370827"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
coordinates = "wgs84"
[layers.facilities]
path = "设施.csv"
coordinates = "wgs84"
[layers.streets]
path = "town.osm"
cache = {cache}
"""


def test_an_assessment_from_the_cache_is_the_same(tmp_path, cache):
    osm(tmp_path)
    (tmp_path / "小区.csv").write_text(
        "编号,小区名称,户数,类别,城乡,阶段,经度,纬度\n"
        "R1,甲苑,100,已建成,城镇,入住,117.2001,28.3001\n"
        "R2,乙苑,200,已建成,城镇,入住,117.2030,28.2999\n",
        encoding="utf-8",
    )
    (tmp_path / "设施.csv").write_text(
        "编号,设施名称,设施类型,经度,纬度,状态,建筑面积\n"
        "F1,甲站,社区养老服务站,117.2000,28.2999,运营,30\n",
        encoding="utf-8",
    )

    def study(use):
        (tmp_path / "study.toml").write_text(STUDY.format(cache=use), encoding="utf-8")
        return lc.read_study(tmp_path)

    plain = lc.assess(study("false"))
    assert not cache.exists()
    assert open_case(study("true")).context.network is not None  # keeps all that is kept
    assert len(list(cache.iterdir())) >= 3  # lines, costs, a network
    again = lc.assess(study("true"))
    assert_frame_equal(plain.reach, again.reach)
    assert_frame_equal(plain.findings, again.findings)
    assert [(c.id, c.status, c.value) for c in plain.clauses] == [
        (c.id, c.status, c.value) for c in again.clauses
    ]
    assert not plain.reach.empty
