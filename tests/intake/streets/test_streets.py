"""One little town in four kinds of file is one street network; what is wrong is said."""

from collections import Counter
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import osmnx as ox
import pytest
from pyproj import Transformer
from shapely import LineString

from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.intake.streets.lines import read_streets
from lifecircle.model.problem import ProblemCode, Severity

WITHOUT_CRS = pytest.mark.filterwarnings("ignore:'crs' was not provided")  # when writing it
CRS = "EPSG:4548"  # CGCS2000, 3-degree zone of 117 degrees east
NODES = {
    1: (117.2, 28.3),
    2: (117.201, 28.3),
    3: (117.203, 28.3),
    4: (117.201, 28.302),
    5: (117.201, 28.298),
    6: (117.202, 28.301),  # 6 to 7: a bridge over the main street, between 2 and 3
    7: (117.202, 28.299),
    8: (117.204, 28.297),  # the other bank
    9: (117.202, 28.303),  # bend of the street from 1 to 3
}
UNJOINED = [(ProblemCode.STREETS_UNJOINED, Severity.WARNING)]
WAYS = {
    10: ((1, 2, 3), {"highway": "residential", "name": "主街"}),
    11: ((4, 2, 5), {"highway": "tertiary"}),
    12: ((6, 7), {"highway": "primary", "bridge": "yes"}),
    13: ((5, 8), {"route": "ferry"}),
    14: ((1, 9, 3), {"highway": "footway"}),
}
RAIL = ((1, 8), {"railway": "rail", "name": "鹰厦线"})


def osm(folder):
    path = folder / "town.osm"
    text = [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in NODES.items()]
    for i, (refs, tags) in {**WAYS, 15: RAIL}.items():
        text += [f'<way id="{i}">', *(f'<nd ref="{ref}"/>' for ref in refs)]
        text += [*(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()), "</way>"]
    path.write_text(f'<osm version="0.6">{"".join(text)}</osm>', encoding="utf-8")
    return path


def pbf(folder):
    path = folder / "town.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for i, place in NODES.items():
            writer.add_node(osmium.osm.mutable.Node(id=i, location=place))
        for i, (refs, tags) in {**WAYS, 15: RAIL}.items():
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=refs, tags=tags))
    return path


def graphml(folder):
    path = folder / "town.graphml"
    graph = nx.MultiDiGraph(crs="epsg:4326")
    ends = [(10, (1, 2)), (10, (2, 3)), (11, (4, 2)), (11, (2, 5))]
    ends += [(12, (6, 7)), (13, (5, 8)), (14, (1, 9, 3))]
    for i, (x, y) in NODES.items():
        if i != 9:  # a bend is no node of a simplified graph
            graph.add_node(i, x=x, y=y)
    for way, refs in ends:
        for run in (refs, refs[::-1]):
            course = {"geometry": LineString([NODES[i] for i in run])} if len(run) > 2 else {}
            graph.add_edge(run[0], run[-1], osmid=way, **WAYS[way][1], **course)
    ox.save_graphml(graph, path)
    return path


def layer(folder, crs="EPSG:4326", move=lambda x, y: (x, y)):
    path = folder / "town.gpkg"
    rows = [{"osm_id": i, **tags} for i, (_, tags) in {**WAYS, 15: RAIL}.items()]
    shapes = [LineString([move(*NODES[i]) for i in refs]) for refs, _ in [*WAYS.values(), RAIL]]
    gpd.GeoDataFrame(rows, geometry=shapes, crs=crs).to_file(path)
    return path


def segments(lines):
    """Return every segment, ends in millimetres, with how often it is there."""
    ends = [tuple(place) for place in np.round(lines.vertex_xy * 1000).astype(int).tolist()]
    return Counter(
        frozenset((ends[a], ends[b]))
        for start, stop in pairwise(lines.way_start)
        for a, b in pairwise(lines.way_vertex[start:stop])
    )


def expected_segments():
    there = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    place = {
        i: tuple(round(metres * 1000) for metres in there.transform(*lonlat))
        for i, lonlat in NODES.items()
    }
    return Counter(
        frozenset((place[a], place[b])) for refs, _ in WAYS.values() for a, b in pairwise(refs)
    )


@pytest.mark.parametrize("write", [osm, pbf, graphml, layer])
def test_one_town_in_four_kinds_of_file(tmp_path, write):
    lines, problems = read_streets(write(tmp_path), crs=CRS)
    # the street from 4 to 5 crosses the footway, and in a line layer that is worth a word
    assert codes(problems) == (UNJOINED if write is layer else [])
    assert lines.crs == CRS
    assert segments(lines) == expected_segments()
    # one vertex a place: the streets join at 1, 2, 3 and 5, the bridge joins nothing
    assert len(lines.vertex_xy) == len(NODES)
    assert set(lines.tags["osm_id"]) == {str(i) for i in WAYS}
    (ferry,) = np.flatnonzero(lines.tags["route"] == "ferry")
    assert lines.tags.loc[ferry, "osm_id"] == "13"
    bridge = (lines.tags["osm_id"] == "12").to_numpy().nonzero()[0][0]
    ends = lines.way_vertex[lines.way_start[bridge] : lines.way_start[bridge + 1]]
    assert np.isin(lines.way_vertex, ends).sum() == 2


@pytest.mark.parametrize("write", [osm, pbf, layer])
def test_barriers_come_along_in_metres(tmp_path, write):
    lines, _ = read_streets(write(tmp_path), crs=CRS)
    assert lines.barriers[["barrier", "name"]].to_numpy().tolist() == [["railway", "鹰厦线"]]
    assert lines.barriers.crs == CRS
    there = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    assert np.allclose(lines.barriers.geometry[0].coords[1], there.transform(*NODES[8]), atol=1e-6)


@WITHOUT_CRS
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shifted_map_is_put_right(tmp_path, datum):
    def move(x, y):
        x, y = wgs84_to_gcj02(x, y)
        return gcj02_to_bd09(x, y) if datum == "bd09" else (x, y)

    path = layer(tmp_path, crs=None, move=move)
    lines, problems = read_streets(path, crs=CRS, coordinates=datum)
    assert codes(problems) == UNJOINED
    there = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    truth = np.array([there.transform(*place) for place in NODES.values()])
    assert len(lines.vertex_xy) == len(truth)
    gaps = np.hypot(*(lines.vertex_xy[:, None] - truth[None]).transpose(2, 0, 1)).min(axis=1)
    assert gaps.max() < 0.005
    (rail,) = lines.barriers.geometry
    assert np.hypot(*np.subtract(rail.coords[0], there.transform(*NODES[1]))) < 0.005


def lines_of(tmp_path, shapes, crs=CRS, **columns):
    path = tmp_path / "lines.gpkg"
    frame = gpd.GeoDataFrame(columns or {"n": range(len(shapes))}, geometry=shapes, crs=crs)
    frame.to_file(path)
    return path


def test_vertices_of_a_line_layer_join_within_a_centimetre(tmp_path):
    shapes = [
        LineString([(500_000.0, 3_000_000), (500_100.005, 3_000_000)]),
        # 1 cm away, on the other side of a centimetre line: joins
        LineString([(500_100.005, 3_000_000.0099), (500_100, 3_000_100)]),
        # 2 cm away: does not
        LineString([(500_000, 3_000_000.02), (499_900, 3_000_000)]),
        # crosses the first between its vertices: does not join
        LineString([(500_050, 2_999_900), (500_050, 3_000_100)]),
        # only a few millimetres long: nothing is left of it
        LineString([(500_000, 3_000_000), (500_000, 3_000_000.004)]),
    ]
    lines, problems = read_streets(lines_of(tmp_path, shapes), crs=CRS)
    assert codes(problems) == UNJOINED
    assert len(lines) == 4
    assert lines.way_vertex.tolist() == [0, 1, 1, 2, 3, 4, 5, 6]
    assert lines.vertex_xy[1].tolist() == [500_100.005, 3_000_000]  # the first one's place


def codes(problems):
    return [(p.code, p.severity) for p in problems]


def error(code):
    return [(code, Severity.ERROR)]


def test_a_missing_file(tmp_path):
    lines, problems = read_streets(tmp_path / "无.osm.pbf", crs=CRS)
    assert lines is None
    assert codes(problems) == error(ProblemCode.FILE_MISSING)
    assert problems[0].file == "无.osm.pbf"
    assert problems[0].layer == "streets"


@pytest.mark.parametrize("name", ["x.osm", "x.osm.pbf", "x.graphml", "x.gpkg", "x.shp"])
def test_an_unreadable_file(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"hello")
    lines, problems = read_streets(path, crs=CRS)
    assert lines is None
    assert codes(problems) == error(ProblemCode.FILE_UNREADABLE)
    assert problems[0].params["detail"]


def test_an_unknown_format(tmp_path):
    (tmp_path / "x.txt").write_bytes(b"hello")
    lines, problems = read_streets(tmp_path / "x.txt", crs=CRS)
    assert lines is None
    assert codes(problems) == error(ProblemCode.FORMAT_UNKNOWN)


def test_a_layer_that_is_not_there(tmp_path):
    lines, problems = read_streets(layer(tmp_path), crs=CRS, layer="roads")
    assert lines is None
    assert codes(problems) == error(ProblemCode.SHEET_MISSING)
    assert problems[0].params == {"sheets": ["town"]}


def test_no_streets_in_the_file(tmp_path):
    path = tmp_path / "empty.osm"
    path.write_text('<osm version="0.6"></osm>', encoding="utf-8")
    lines, problems = read_streets(path, crs=CRS)
    assert lines is None
    assert codes(problems) == error(ProblemCode.STREETS_EMPTY)


def test_missing_locations_are_counted(tmp_path):
    path = osm(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('<nd ref="2"/>', '<nd ref="2"/><nd ref="99"/>'), encoding="utf-8")
    lines, problems = read_streets(path, crs=CRS)
    assert codes(problems) == [(ProblemCode.STREETS_LOCATIONS_MISSING, Severity.WARNING)]
    assert problems[0].params == {"count": 1}
    assert lines.tags["osm_id"].tolist() == ["10", "11", "12", "13", "14"]  # 3 and 5 stand alone


def test_rows_without_lines_are_reported_and_the_rest_is_used(tmp_path):
    shapes = [
        LineString([(500_000, 3_000_000), (500_100, 3_000_000)]),
        None,
        LineString([(500_000, 3_000_000), (500_000, 3_000_100)]).buffer(1),
    ]
    lines, problems = read_streets(lines_of(tmp_path, shapes), crs=CRS)
    assert len(lines) == 1
    assert codes(problems) == [
        (ProblemCode.GEOMETRY_MISSING, Severity.WARNING),
        (ProblemCode.GEOMETRY_TYPE, Severity.WARNING),
    ]
    assert problems[0].row == 2
    assert problems[1].params == {"found": "Polygon", "expected": "LineString"}


@WITHOUT_CRS
def test_a_layer_without_crs_needs_one(tmp_path):
    path = layer(tmp_path, crs=None)
    assert codes(read_streets(path, crs=CRS)[1]) == error(ProblemCode.CRS_MISSING)
    for declared in ({"source_crs": "EPSG:4326"}, {"coordinates": "cgcs2000"}):
        lines, problems = read_streets(path, crs=CRS, **declared)
        assert codes(problems) == UNJOINED
        assert segments(lines) == expected_segments()
    problems = read_streets(path, crs=CRS, source_crs="EPSG:99999999")[1]
    assert codes(problems) == error(ProblemCode.CRS_UNKNOWN)


def test_metres_cannot_be_degrees(tmp_path):
    shapes = [LineString([(39_500_000, 3_000_000), (39_500_100, 3_000_000)])]
    lines, problems = read_streets(lines_of(tmp_path, shapes, crs="EPSG:4490"), crs=CRS)
    assert lines is None
    assert codes(problems) == error(ProblemCode.CRS_WRONG)
    assert problems[0].params["bounds"] == "39500000, 3000000, 39500100, 3000000"


def test_streets_of_another_place_are_refused(tmp_path):
    shapes = [LineString([(500_000, 3_000_000), (500_100, 3_000_000)])]
    path = lines_of(tmp_path, shapes)
    # the study begins 3000 m east and 4000 m north of the nearest vertex: 5000 m away
    lines, problems = read_streets(path, crs=CRS, near=(503_100, 3_004_000, 600_000, 4_000_000))
    assert lines is None
    assert codes(problems) == error(ProblemCode.STREETS_FAR)
    assert problems[0].params == {"distance_m": pytest.approx(5000)}
    # 3000 m is not far, and inside is not far
    for near in ((503_100, 3_000_000, 600_000, 4_000_000), (0, 0, 1e7, 1e7)):
        lines, problems = read_streets(path, crs=CRS, near=near)
        assert lines is not None
        assert problems == ()
