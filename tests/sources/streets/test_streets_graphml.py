"""OSMnx graphs: one line for both directions, parallel streets stay."""

import networkx as nx
import osmnx as ox
import pytest
from shapely import LineString

from lifecircle.sources.streets.graphml import read_graphml_streets

A, B, C = (117.2, 28.3), (117.202, 28.3), (117.202, 28.302)
BEND = LineString([A, (117.201, 28.301), (117.2015, 28.3005), B])


def graph(crs="epsg:4326"):
    town = nx.MultiDiGraph(crs=crs)
    for node, (x, y) in enumerate((A, B, C), start=1):
        town.add_node(node, x=x, y=y, street_count=2)
    for u, v, course in ((1, 2, BEND), (2, 1, BEND.reverse())):
        town.add_edge(u, v, osmid=10, highway="residential", geometry=course, length=1.0)
    for u, v in ((1, 2), (2, 1)):  # parallel to the bend, straight
        town.add_edge(u, v, osmid=[12, 11], highway=["footway", "steps"], name=["甲", "乙", "甲"])
    town.add_edge(2, 3, osmid=13, highway="service", oneway=True)
    loop = LineString([C, (117.203, 28.302), (117.203, 28.303), C])
    town.add_edge(3, 3, osmid=14, geometry=loop)
    town.add_edge(3, 3, osmid=14, geometry=loop.reverse())
    return town


def courses(lines):
    """Return (OSM ids, course) of every line."""
    return [
        (ids, [tuple(lines.vertex_xy[v]) for v in lines.way_vertex[a:b]])
        for ids, a, b in zip(
            lines.tags["osm_id"], lines.way_start[:-1], lines.way_start[1:], strict=True
        )
    ]


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "town.graphml"
    ox.save_graphml(graph(), target)
    return target


def test_both_directions_are_one_line_and_parallels_stay(path):
    source = read_graphml_streets(path)
    assert courses(source.lines) == [
        ("10", list(BEND.coords)),
        ("11;12", [A, B]),
        ("13", [B, C]),
        ("14", [C, (117.203, 28.302), (117.203, 28.303), C]),
    ]
    assert source.lines.crs == "epsg:4326"
    assert source.joined
    assert source.lines.barriers is None


def test_merged_tags_keep_every_value(path):
    tags = read_graphml_streets(path).lines.tags
    assert tags["highway"].tolist() == ["residential", "footway;steps", "service", None]
    assert tags["name"].tolist() == [None, "甲;乙", None, None]


def test_lines_join_at_nodes_only(path):
    lines = read_graphml_streets(path).lines
    assert len(lines.vertex_xy) == 3 + 2 + 2  # nodes, the bend, the loop
    first = lines.way_vertex[: lines.way_start[1]]
    second = lines.way_vertex[lines.way_start[1] : lines.way_start[2]]
    assert set(first) & set(second) == {first[0], first[-1]}


def test_an_undirected_graph_may_run_its_course_from_the_other_end(tmp_path):
    town = nx.MultiGraph(crs="EPSG:4326")
    town.add_node("b", x=B[0], y=B[1])
    town.add_node("a", x=A[0], y=A[1])
    town.add_edge("b", "a", geometry=BEND.wkt, length=2.5)
    nx.write_graphml(town, tmp_path / "g.graphml")
    (only,) = courses(read_graphml_streets(tmp_path / "g.graphml").lines)
    assert only == (None, list(BEND.reverse().coords))


def test_a_projected_graph_keeps_its_crs(tmp_path):
    projected = ox.project_graph(graph(), to_crs="EPSG:4548")
    ox.save_graphml(projected, tmp_path / "g.graphml")
    source = read_graphml_streets(tmp_path / "g.graphml")
    assert "4548" in source.lines.crs
    assert len(source.lines) == 4
    assert source.lines.vertex_xy.min() > 100_000


def test_what_is_no_street_graph_is_refused(tmp_path):
    bad = tmp_path / "g.graphml"
    bad.write_text("<graphml", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        read_graphml_streets(bad)
    nx.write_graphml(nx.path_graph(2), bad)
    with pytest.raises(ValueError, match="node 0 has no x"):
        read_graphml_streets(bad)
