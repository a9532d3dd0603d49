"""Streets drawn as lines: where they meet without a junction, by hand and against shapely."""

from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.intake.streets.crossings import find_crossings, joined_at, places
from lifecircle.intake.streets.lines import JOIN_M, read_streets
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.streets import POST_TAGS, TAGS, StreetLines
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.reach.mending import gaps as mending
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.posts import cutting
from lifecircle.reach.network.profiles import walk_cost

CRS = "EPSG:4548"


def lines_of(courses, tags=None):
    """Lines whose vertices at one place are one, as intake joins them."""
    xy = np.array([p for course in courses for p in course], dtype=float).reshape(-1, 2)
    spots, vertex = np.unique(xy, axis=0, return_inverse=True)
    frame = pd.DataFrame(None, index=range(len(courses)), columns=list(TAGS), dtype=object)
    for row, values in (tags or {}).items():
        for key, value in values.items():
            frame.loc[row, key] = value
    return StreetLines(
        crs=CRS,
        vertex_xy=spots,
        way_start=np.concatenate([[0], np.cumsum([len(c) for c in courses])]).astype(np.int64),
        way_vertex=vertex.ravel().astype(np.int64),
        tags=frame,
    )


def courses_of(lines):
    return [
        lines.vertex_xy[way].tolist() for way in np.split(lines.way_vertex, lines.way_start[1:-1])
    ]


def noded(courses, tags=None, within_m=JOIN_M):
    lines = lines_of(courses, tags)
    found = find_crossings(lines, within_m)
    return found.count, joined_at(lines, found)


def test_two_streets_that_cross_get_one_vertex_in_common():
    count, lines = noded([[(0, 0), (100, 0)], [(40, -30), (40, 50)]])
    assert count == 1
    assert courses_of(lines) == [[[0, 0], [40, 0], [100, 0]], [[40, -30], [40, 0], [40, 50]]]
    middle = lines.way_vertex[[1, 4]]
    assert middle[0] == middle[1]
    assert len(build_network(lines).component_length_m) == 1


@pytest.mark.parametrize("off", [0.0, 0.01, -0.01])
def test_an_end_on_another_street_is_a_junction_to_the_centimetre(off):
    count, lines = noded([[(0, 0), (100, 0)], [(40, off), (40, 50)]])
    assert count == 1
    assert len(build_network(lines).component_length_m) == 1
    apart, lines = noded([[(0, 0), (100, 0)], [(40, 0.011), (40, 50)]])
    assert apart == 0
    assert len(build_network(lines).component_length_m) == 2


def test_what_is_joined_already_is_no_crossing():
    # a crossroads with its vertex in both lines, a corner, and a line by itself
    cross = [[(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)], [(100, 0), (100, 40)]]
    lines = lines_of(cross)
    found = find_crossings(lines, JOIN_M)
    assert found.count == 0
    assert joined_at(lines, found) is lines


def test_three_streets_through_one_point_are_one_junction():
    star = [[(-50, 0), (50, 0)], [(0, -50), (0, 50)], [(-50, -50), (50, 50)], [(-9, 9), (9, -9)]]
    count, lines = noded(star)
    assert count == 1
    network = build_network(lines)
    assert len(network.edge_u) == 8
    assert np.bincount(np.concatenate([network.edge_u, network.edge_v])).max() == 8


def test_streets_drawn_over_each_other_join_at_the_ends_of_the_common_stretch():
    count, lines = noded([[(0, 0), (60, 0)], [(40, 0), (100, 0)]])
    assert count == 2  # the end of one at 60, the beginning of the other at 40
    assert courses_of(lines) == [[[0, 0], [40, 0], [60, 0]], [[40, 0], [60, 0], [100, 0]]]


def test_a_street_may_cross_and_touch_itself():
    count, lines = noded([[(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]])
    assert count == 1
    assert len(build_network(lines).edge_u) == 3  # a stub, a loop, a stub
    count, _ = noded([[(0, 0), (100, 0), (100, 50), (50, 50), (50, 0)]])
    assert count == 1


@pytest.mark.parametrize(
    ("tags", "count"),
    [
        ({}, 1),
        ({1: {"bridge": "yes"}}, 0),
        ({1: {"tunnel": "yes"}}, 0),
        ({1: {"layer": "1"}}, 0),
        ({0: {"layer": "1"}, 1: {"bridge": "yes"}}, 1),
        ({1: {"bridge": "no"}}, 1),
        ({1: {"highway": "motorway"}}, 0),
        ({1: {"route": "ferry"}}, 0),
    ],
)
def test_levels_motorways_and_ferries_do_not_meet(tags, count):
    assert noded([[(0, 0), (100, 0)], [(40, -30), (40, 50)]], tags)[0] == count


def test_a_bridge_comes_down_where_it_ends():
    # over the street at y = 0, and down on the street at y = 50, which has no vertex there
    bridge = [[(0, 0), (100, 0)], [(40, -30), (40, 50)], [(0, 50), (100, 50)]]
    count, lines = noded(bridge, {1: {"bridge": "yes"}})
    assert count == 1
    assert [40, 50] in courses_of(lines)[2]
    assert [40, 0] not in courses_of(lines)[0]


LOOSE_TAGS = [
    {},
    {},
    {},
    {"bridge": "yes"},
    {"layer": "1"},
    {"highway": "motorway"},
    {"highway": "motorway", "foot": "designated"},
    {"highway": "proposed"},
    {"route": "ferry"},
    {"route": "Ferry"},
]


@pytest.mark.parametrize("seed", range(60))
def test_of_streets_proven_not_to_cross_none_need_be_looked_at(seed):
    """Gaps of streets that were looked at are those of streets of which nobody knows anything."""
    chance = np.random.default_rng(seed)
    far = int(chance.integers(3, 60))  # from a knot to hardly any that cross
    courses = [
        (10.0 * chance.integers(0, far, (int(chance.integers(2, 6)), 2))).tolist()
        for _ in range(int(chance.integers(2, 12)))
    ]
    courses += [[one[0], one[-1], [one[0][0], one[0][1] + 7.0], one[0]] for one in courses[:2]]
    lines = lines_of(courses, {n: LOOSE_TAGS[chance.integers(10)] for n in range(len(courses))})
    if seed % 3 == 0:  # a gate that is shut
        posts = pd.DataFrame([dict.fromkeys(POST_TAGS) | {"barrier": "gate", "access": "no"}])
        spot = gpd.points_from_xy(*lines.vertex_xy[chance.integers(len(lines.vertex_xy), size=1)].T)
        lines = dataclasses.replace(lines, posts=gpd.GeoDataFrame(posts, geometry=spot, crs=CRS))
    cost = walk_cost(lines, Parameters())
    network = build_network(lines, cost, cutting(lines, cost))
    looked_at = lines.looked_at(find_crossings(lines, JOIN_M).loose)
    known, unknown = (mending.find_gaps(one, network, 15.0) for one in (looked_at, lines))
    for field in dataclasses.fields(known):
        assert np.array_equal(getattr(known, field.name), getattr(unknown, field.name)), field.name


def test_who_is_proven_not_to_cross():
    cross = [[(0, 0), (100, 0)], [(40, -30), (40, 50)], [(0, 90), (90, 90)], [(0, 90), (0, 99)]]
    lines = lines_of([*cross, [(0, -90), (9, -90)]], {4: {"highway": "motorway"}})
    found = find_crossings(lines, JOIN_M)
    assert found.loose.tolist() == [True, True, False, False, True]
    over = lines_of(cross, {1: {"bridge": "yes"}})
    assert not find_crossings(over, JOIN_M).loose.any()
    # within the centimetre it is an end on a street, and a crossing none the less
    hair = lines_of([cross[0], [(40, -0.005), (40, 50)]])
    assert find_crossings(hair, JOIN_M).loose.tolist() == [True, True]
    # the proof is of the streets as they lie, not of what is made of them
    known = over.looked_at(find_crossings(over, JOIN_M).loose)
    assert known.marked("m").loose is known.loose
    assert known.marked("m").looked_at(None).mark == "m"
    assert dataclasses.replace(known, tags=lines_of(cross).tags).loose is None


def test_nothing_and_places():
    assert find_crossings(lines_of([]), JOIN_M).count == 0
    assert places(np.empty((0, 2)), 1.0).tolist() == []
    chain = np.array([[0, 0], [9, 0], [1, 0], [2, 0], [9, 0]], dtype=float)
    assert places(chain, 1.0).tolist() == [0, 1, 0, 0, 1]


def pieces(courses, digits):
    """Straight pieces, each once, as a set of rounded pairs of ends."""
    found = set()
    for course in courses:
        for a, b in itertools.pairwise(np.round(course, digits).tolist()):
            if a != b:
                found.add(frozenset([(a[0] + 0.0, a[1] + 0.0), (b[0] + 0.0, b[1] + 0.0)]))
    return found


def by_shapely(courses):
    whole = shapely.node(shapely.MultiLineString([c for c in courses if len(set(c)) > 1]))
    return [shapely.get_coordinates(part) for part in shapely.get_parts(whole)]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=4),
        min_size=1,
        max_size=7,
    )
)
@settings(settings.get_profile("brute"))
def test_on_a_lattice_it_is_what_shapely_nodes(ways):
    # hundreds of metres, so that two places are never within a centimetre of each other: crossings,
    # touching ends, common stretches, and the same line twice
    courses = [[(100.0 * x, 100.0 * y) for x, y in way] for way in ways]
    if not any(len(set(c)) > 1 for c in courses):
        return
    _, lines = noded(courses)
    assert pieces(courses_of(lines), 4) == pieces(by_shapely(courses), 4)


@pytest.mark.parametrize("seed", range(8))
def test_random_lines_are_what_shapely_nodes(seed):
    rng = np.random.default_rng(seed)
    courses = [[tuple(p) for p in rng.uniform(0, 1000, (rng.integers(2, 6), 2))] for _ in range(40)]
    # some begin on another line's vertex, or on another line
    for course in courses[:10]:
        other = courses[rng.integers(10, 40)]
        course[0] = other[1]
    count, lines = noded(courses, within_m=1e-7)
    whole = shapely.node(shapely.MultiLineString(courses))
    assert pieces(courses_of(lines), 5) == pieces(by_shapely(courses), 5)
    # so many places are new: nodes of shapely's that no line had
    had = {tuple(np.round(p, 5)) for c in courses for p in c}
    told = {tuple(np.round(p, 5)) for part in shapely.get_parts(whole) for p in part.coords} - had
    assert count == len(told)
    assert sum(shapely.length(part) for part in shapely.get_parts(whole)) == pytest.approx(
        shapely.length(shapely.multilinestrings([shapely.LineString(c) for c in courses_of(lines)]))
    )


@pytest.fixture
def grid(tmp_path):
    """38 streets as a drawing office has them: one line a street, and no vertex at a crossing."""
    at = np.arange(19) * 100.0 + 500_000
    north = at - 500_000 + 3_880_000
    shapes = [shapely.LineString([(at[0] - 50, y), (at[-1] + 50, y)]) for y in north]
    shapes += [shapely.LineString([(x, north[0] - 50), (x, north[-1] + 50)]) for x in at]
    path = tmp_path / "道路.shp"
    gpd.GeoDataFrame({"名称": [f"路{i}" for i in range(38)]}, geometry=shapes, crs=CRS).to_file(
        path, encoding="GBK"
    )
    return path


def test_a_drawn_grid_is_told_and_joined_when_asked(grid):
    lines, problems = read_streets(grid, crs=CRS)
    (told,) = problems
    assert (told.code, told.severity) == (ProblemCode.STREETS_UNJOINED, Severity.WARNING)
    assert told.params == {"count": 19 * 19, "streets": 38}
    assert len(build_network(lines).component_length_m) == 38

    lines, problems = read_streets(grid, crs=CRS, node_crossings=True)
    (told,) = problems
    assert (told.code, told.severity) == (ProblemCode.STREETS_NODED, Severity.INFO)
    assert told.params == {"count": 361}
    network = build_network(lines)
    assert len(network.component_length_m) == 1
    assert network.component_length_m[0] == pytest.approx(38 * 1900)

    lines, problems = read_streets(grid, crs=CRS, node_crossings=False)
    assert problems == ()
    assert len(build_network(lines).component_length_m) == 38


@pytest.mark.parametrize("seed", range(20))
def test_places_of_points_in_columns_are_those_of_each_point_beside_each(seed):
    """Points on one line along the first axis, at one place or not, in any order."""
    chance = np.random.default_rng(seed)
    xy = chance.integers(0, 4, (30, 2)) * [1.0, 0.006]
    near = np.hypot(*np.moveaxis(xy[:, None] - xy, -1, 0)) <= 0.006 * (1 + 1e-12)
    group = np.arange(len(xy))
    for _ in xy:  # the lowest number that a chain leads to
        group = np.array([group[row].min() for row in near])
    place = places(xy, 0.006 * (1 + 1e-12))
    assert (np.equal.outer(place, place) == np.equal.outer(group, group)).all()
    assert sorted(set(place.tolist())) == list(range(len(set(group.tolist()))))
