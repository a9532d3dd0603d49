"""OSM files: nodes join, gaps split, barriers stand beside."""

import numpy as np
import osmium
import pytest

from lifecircle.sources.streets.osm import read_osm_streets

NODES = {  # id: (lon, lat)
    1: (117.2, 28.3),
    2: (117.201, 28.3),
    3: (117.202, 28.3),
    4: (117.2010001, 28.301),
    5: (117.201, 28.299),
    6: (117.201, 28.3),  # the place of node 2, on a bridge above it
    -7: (117.203, 28.3),  # new in an editor
}
WAYS = [  # id, nodes, tags; 8 and 9 are not in the file
    (10, (1, 2, 3), {"highway": "residential", "name": "主街", "oneway": "yes"}),
    (11, (4, 6, 5), {"highway": "primary", "bridge": "yes", "layer": "1"}),
    (12, (3, -7, 8, 9, 5, 4), {"highway": "service"}),
    (13, (8, 5, 9, 4), {"highway": "footway"}),
    (14, (5, 1), {"route": "ferry", "duration": "00:10"}),
    (15, (1, 8, 5, 4), {"railway": "rail", "name": "沪昆线"}),
    (16, (1, 4), {"building": "yes"}),
    (17, (4, 5), {"route": "bus"}),
    (18, (4, 5, 9), {"highway": "motorway"}),
]


def osm_text(nodes, ways):
    lines = [f'<node id="{i}" lon="{lon}" lat="{lat}"/>' for i, (lon, lat) in nodes.items()]
    for i, refs, tags in ways:
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        lines.append(f'<way id="{i}">{inner}</way>')
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(lines)}</osm>'


def write_pbf(path, nodes, ways):
    with osmium.SimpleWriter(str(path)) as writer:
        for i, place in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=i, location=place))
        for i, refs, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=refs, tags=tags))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(osm_text(NODES, WAYS), encoding="utf-8")
    return read_osm_streets(path)


def courses(lines):
    """Return (OSM id, course in whole 1e-7 degrees) of every line."""
    runs = np.split(lines.vertex_xy[lines.way_vertex], lines.way_start[1:-1])
    return [
        (i, [tuple(map(round, p)) for p in (r * 1e7)])
        for i, r in zip(lines.tags["osm_id"], runs, strict=True)
    ]


def at(*ids):
    return [tuple(round(c * 1e7) for c in NODES[i]) for i in ids]


def test_ways_are_split_where_nodes_are_missing(source):
    assert courses(source.lines) == [
        ("10", at(1, 2, 3)),
        ("11", at(4, 6, 5)),
        ("12", at(3, -7)),
        ("12", at(5, 4)),
        ("14", at(5, 1)),  # of 13 nothing is left: its places stand alone
        ("18", at(4, 5)),
    ]
    assert source.missing_locations == 2  # 8 and 9, each counted once
    assert source.joined


def test_coordinates_are_the_whole_numbers_of_the_file(source):
    lon = source.lines.vertex_xy[:, 0]
    assert 117.2010001 in lon  # the very double, not one a rounding away
    assert source.lines.crs == "EPSG:4326"


def test_ways_join_by_node_and_not_by_place(source):
    lines = source.lines
    street = lines.way_vertex[lines.way_start[0] : lines.way_start[1]]
    bridge = lines.way_vertex[lines.way_start[1] : lines.way_start[2]]
    assert not set(street) & set(bridge)
    assert np.array_equal(lines.vertex_xy[street[1]], lines.vertex_xy[bridge[1]])
    fragment = lines.way_vertex[lines.way_start[2] : lines.way_start[3]]
    assert fragment[0] == street[2]  # node 3


def test_tags_are_text_or_none(source):
    tags = source.lines.tags
    assert tags.loc[0, ["highway", "name", "oneway", "bridge"]].tolist() == [
        "residential",
        "主街",
        "yes",
        None,
    ]
    assert tags.loc[1, ["bridge", "layer"]].tolist() == ["yes", "1"]
    assert tags.loc[4, ["highway", "route", "duration"]].tolist() == [None, "ferry", "00:10"]


def test_barriers_keep_their_pieces(source):
    barriers = source.lines.barriers
    assert barriers["barrier"].tolist() == ["railway", "motorway"]
    assert barriers["name"].tolist() == ["沪昆线", None]
    assert list(barriers.geometry[0].coords) == [NODES[5], NODES[4]]
    assert barriers.crs == "EPSG:4326"


def test_pbf_equals_osm(tmp_path, source):
    nodes = {i: place for i, place in NODES.items() if i > 0}
    ways = [way for way in WAYS if way[0] != 12]
    xml, pbf = tmp_path / "镇.osm", tmp_path / "镇.osm.pbf"  # names beyond ASCII
    xml.write_text(osm_text(nodes, ways), encoding="utf-8")
    write_pbf(pbf, nodes, ways)
    one, other = read_osm_streets(xml), read_osm_streets(pbf)
    assert one.missing_locations == other.missing_locations == 2
    assert np.array_equal(one.lines.vertex_xy, other.lines.vertex_xy)
    assert np.array_equal(one.lines.way_start, other.lines.way_start)
    assert np.array_equal(one.lines.way_vertex, other.lines.way_vertex)
    assert one.lines.tags.equals(other.lines.tags)
    assert one.lines.barriers.equals(other.lines.barriers)
    kept = [course for course in courses(source.lines) if course[0] != "12"]
    assert courses(one.lines) == kept


def test_an_object_may_stand_before_its_nodes(tmp_path, source):
    path = tmp_path / "mixed.osm"
    body = osm_text(NODES, WAYS)
    start, end = body.index("<way"), body.index("</osm>")
    nodes = body.index("<node")
    path.write_text(
        body[:nodes] + body[start:end] + body[nodes:start] + body[end:], encoding="utf-8"
    )
    assert courses(read_osm_streets(path).lines) == courses(source.lines)


@pytest.mark.parametrize("order", [sorted, lambda ids: sorted(ids, reverse=True), list])
def test_nodes_may_stand_in_any_order(tmp_path, source, order):
    path = tmp_path / "order.osm"
    ways = [way for way in WAYS if way[0] != 12]
    nodes = {i: NODES[i] for i in order([5, 2, 6, 1, 4, 3])}
    path.write_text(osm_text(nodes, ways), encoding="utf-8")
    kept = [course for course in courses(source.lines) if course[0] != "12"]
    assert courses(read_osm_streets(path).lines) == kept


def test_a_file_without_streets_has_no_lines(tmp_path):
    path = tmp_path / "bare.osm"
    path.write_text(osm_text(NODES, []), encoding="utf-8")
    source = read_osm_streets(path)
    assert len(source.lines) == 0
    assert source.lines.barriers is None


@pytest.mark.parametrize("name", ["x.osm", "x.osm.pbf", "x.osm.gz"])
def test_what_is_no_osm_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"hello")
    with pytest.raises(RuntimeError):
        read_osm_streets(path)


GATES = [  # id, tags, whether people pass
    (21, {"barrier": "gate", "name": "北门"}, True),
    (22, {"barrier": "gate", "access": "private"}, True),  # those who live behind it do
    (23, {"barrier": "entrance", "access": "no", "foot": "yes"}, True),
    (24, {"barrier": "gate", "foot": "no"}, False),  # for vehicles
    (25, {"barrier": "gate", "access": "no"}, False),
    (26, {"barrier": "gate", "locked": "yes"}, False),
    (27, {"barrier": "bollard"}, False),
    (28, {"entrance": "main"}, False),  # a house's door
    (29, {"barrier": "lift_gate"}, True),
]


def test_gates_that_people_pass(tmp_path):
    nodes = "".join(
        f'<node id="{i}" lon="117.2" lat="{28.3 + i / 10000}">'
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</node>"
        for i, tags, _ in GATES
    )
    path = tmp_path / "gates.osm"
    path.write_text(f'<osm version="0.6">{nodes}</osm>', encoding="utf-8")
    gates = read_osm_streets(path).lines.gates
    expected = [(i, tags) for i, tags, passed in GATES if passed]
    assert gates["barrier"].tolist() == [tags["barrier"] for _, tags in expected]
    assert gates["name"].tolist() == ["北门", None, None, None]
    assert gates.geometry.y.tolist() == pytest.approx([28.3 + i / 10000 for i, _ in expected])


def test_relations_name_barriers_and_draw_banks(tmp_path):
    ways = [
        (15, (1, 4), {"railway": "rail"}),
        (16, (2, 5), {"waterway": "river"}),
        (17, (1, 2, 3), {}),  # a bank: no tags of its own
        (18, (4, 5), {"highway": "motorway", "ref": "G35"}),
        (19, (3, 5), {"railway": "rail", "name": "专用线"}),
    ]
    relations = [
        ((15, 19), {"type": "route", "route": "railway", "name": "皖赣线"}),
        ((16,), {"type": "waterway", "name": "信江"}),
        ((17,), {"type": "multipolygon", "natural": "water", "water": "river", "name": "泸溪河"}),
        ((16,), {"type": "multipolygon", "natural": "water", "water": "lake", "name": "湖"}),
        ((18,), {"type": "route", "route": "bus", "name": "1路"}),
    ]
    body = osm_text(NODES, ways).removesuffix("</osm>")
    for i, (members, tags) in enumerate(relations):
        inner = "".join(f'<member type="way" ref="{ref}" role="outer"/>' for ref in members)
        inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        body += f'<relation id="{i + 1}">{inner}</relation>'
    path = tmp_path / "named.osm"
    path.write_text(body + "</osm>", encoding="utf-8")
    barriers = read_osm_streets(path).lines.barriers
    assert sorted(zip(barriers["barrier"], barriers["name"], strict=True)) == [
        ("motorway", "G35"),
        ("railway", "专用线"),
        ("railway", "皖赣线"),
        ("river", "信江"),
        ("river", "泸溪河"),
    ]
