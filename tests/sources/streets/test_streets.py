"""What is a barrier, and how lines are packed."""

import numpy as np
import pytest

from lifecircle.sources.streets.lines import barrier_kind, is_street, pack_lines, tag_frame


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"railway": "rail"}, "railway"),
        ({"railway": "rail", "bridge": "viaduct"}, None),
        ({"railway": "subway", "tunnel": "yes"}, None),
        ({"railway": "rail", "tunnel": "no"}, "railway"),
        ({"railway": "platform"}, None),
        ({"waterway": "river"}, "river"),
        ({"waterway": "canal"}, "river"),
        ({"waterway": "ditch"}, "drain"),
        ({"waterway": "dam"}, None),
        ({"natural": "water", "water": "river"}, "river"),
        ({"natural": "water", "water": "pond"}, "water"),
        ({"natural": "water", "bridge": "yes"}, None),
        ({"landuse": "reservoir"}, "water"),
        ({"natural": "wood"}, None),
        ({"barrier": "hedge"}, "hedge"),
        ({"barrier": "retaining_wall"}, "retaining_wall"),
        ({"highway": "trunk", "motorroad": "yes"}, "motorroad"),
        ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, None),
        ({"highway": "motorway_link"}, "motorway"),
        ({"highway": "motorway", "bridge": "yes"}, None),
        ({"highway": "residential"}, None),
        ({"barrier": "city_wall"}, "wall"),
        ({"barrier": "fence", "bridge": "yes"}, "wall"),
        ({"barrier": "gate"}, None),
    ],
)
def test_barriers(tags, kind):
    assert barrier_kind(tags) == kind


def test_streets_are_every_highway_and_ferries_only_of_the_routes():
    assert is_street({"highway": "construction"})
    assert is_street({"route": "ferry"})
    assert not is_street({"route": "bus"})
    assert not is_street({"highway": None, "route": None})


def test_packing_leaves_out_repeats_short_ways_and_unused_vertices():
    xy = np.array([[0, 0], [1, 0], [2, 0], [9, 9], [3, 0]], float)
    ways = [np.array(way, np.int64) for way in ([0, 0, 1], [2], [4, 4], [], [1, 4, 1])]
    tags = tag_frame([{"name": n} for n in "abcde"])
    lines = pack_lines("EPSG:4326", xy, ways, tags, None)
    assert len(lines) == 2
    assert lines.tags["name"].tolist() == ["a", "e"]
    assert lines.tags["highway"].tolist() == [None, None]
    assert lines.vertex_xy.tolist() == [[0, 0], [1, 0], [3, 0]]
    assert lines.way_start.tolist() == [0, 2, 5]
    assert lines.way_vertex.tolist() == [0, 1, 1, 2, 1]


def test_packing_nothing():
    lines = pack_lines("EPSG:4326", np.empty((0, 2)), [], tag_frame([]), None)
    assert len(lines) == 0
    assert lines.vertex_xy.shape == (0, 2)
    assert lines.way_start.tolist() == [0]
