from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.ops import substring

from lifecircle.reach.network.graph import along_curve, build_network, cut_edges, edge_lines


def test_grid_has_junctions_where_streets_share_a_vertex(grid):
    network = build_network(grid(4, 3, 100.0))
    assert len(network) == 12
    assert len(network.edge_u) == 3 * 3 + 4 * 2
    assert network.edge_length_m.tolist() == [100.0] * 17
    assert network.component_length_m.tolist() == [1700.0]
    assert network.graph.nnz == 34
    assert network.graph.indices.dtype == np.int32


def test_vertices_without_a_choice_are_inside_edges(lines_of):
    # A bend (1) and a dead end (3); node ids are free, so compare by coordinate.
    network = build_network(lines_of([(0, 0), (3, 4), (3, 10), (9, 10)], [[0, 1, 2], [2, 3]]))
    assert sorted(map(tuple, network.node_xy)) == [(0, 0), (3, 10), (9, 10)]
    assert sorted(network.edge_length_m) == [6.0, 11.0]
    courses = {line.wkt for line in shapely.normalize(edge_lines(network))}
    assert courses == {"LINESTRING (0 0, 3 4, 3 10)", "LINESTRING (3 10, 9 10)"}


def test_a_bridge_shares_no_vertex_and_does_not_join(lines_of):
    network = build_network(lines_of([(0, 5), (10, 5), (5, 0), (5, 9)], [[0, 1], [2, 3]]))
    assert network.component_length_m.tolist() == [10.0, 9.0]


def test_least_of_parallel_edges_and_zeros_are_kept(lines_of):
    xy = [(0, 0), (10, 0), (5, 12), (10, 0)]
    network = build_network(lines_of(xy, [[0, 2, 1], [0, 1], [1, 0], [1, 3]]))
    assert sorted(network.edge_length_m) == [0.0, 10.0, 10.0, 26.0]
    assert sorted(network.graph.data) == [0.0, 0.0, 10.0, 10.0]
    assert network.component_length_m.tolist() == [46.0]


def test_loop_alone_is_one_node_with_one_edge(lines_of):
    network = build_network(lines_of([(0, 0), (4, 0), (4, 3)], [[0, 1, 2, 0]]))
    assert len(network) == 1
    assert network.edge_u.tolist() == network.edge_v.tolist() == [0]
    assert network.edge_length_m.tolist() == [12.0]
    assert network.graph.nnz == 0


def test_a_way_that_turns_back_has_a_dead_end_there(lines_of):
    network = build_network(lines_of([(0, 0), (7, 0)], [[0, 1, 0]]))
    assert network.edge_length_m.tolist() == [7.0, 7.0]
    assert len(network) == 2


def test_components_come_longest_first_and_unwalked_ways_join_nothing(lines_of):
    xy = [(0, 0), (5, 0), (20, 0), (70, 0)]
    tags = {1: {"highway": "motorway"}}
    network = build_network(lines_of(xy, [[0, 1], [1, 2], [2, 3]], tags))
    assert network.component_length_m.tolist() == [50.0, 5.0]
    east = network.node_xy[:, 0] >= 20
    assert network.node_component.tolist() == [0 if e else 1 for e in east]
    assert sorted(network.edge_way) == [0, 2]


def test_factor_costs_but_does_not_lengthen(lines_of, on_foot):
    lines = lines_of([(0, 0), (10, 0), (30, 0)], [[0, 1], [1, 2]])
    network = build_network(lines, on_foot(lines, [2.0, 1.0]))
    assert sorted(network.edge_length_m) == [10.0, 20.0]
    assert network.edge_cost_m.tolist() == [20.0, 20.0]
    assert network.component_length_m.tolist() == [30.0]
    for wrong in ([0.0, 1.0], [np.nan, 1.0], [np.inf, 1.0]):
        with pytest.raises(ValueError, match="cost"):
            build_network(lines, on_foot(lines, wrong))


def test_no_streets_is_an_empty_network(lines_of):
    for lines in (
        lines_of([], []),
        lines_of([(0, 0), (1, 0)], [[0, 1]], {0: {"highway": "motorway"}}),
        lines_of([(0, 0)], [[0, 0]]),
    ):
        network = build_network(lines)
        assert len(network) == 0
        assert len(network.edge_u) == 0
        assert network.component_length_m.shape == (0,)
        assert edge_lines(network).shape == (0,)


def test_degrees_are_refused(lines_of):
    lines = lines_of([(0, 0), (1, 0)], [[0, 1]])
    object.__setattr__(lines, "crs", "EPSG:4326")
    with pytest.raises(ValueError, match="projected"):
        build_network(lines)


def test_nodes_lie_along_a_curve_whatever_the_order_of_the_source(grid, lines_of):
    lines = grid(5, 5, 50.0)
    shuffle = np.random.default_rng(1).permutation(25)
    place = np.argsort(shuffle)
    ways = [
        place[lines.way_vertex[a:b]].tolist()[::-1]
        for a, b in zip(lines.way_start[:-1], lines.way_start[1:], strict=True)
    ]
    one, two = build_network(lines), build_network(lines_of(lines.vertex_xy[shuffle], ways[::-1]))
    assert np.array_equal(one.node_xy, two.node_xy)
    assert (one.graph != two.graph).nnz == 0
    hops = np.hypot(*np.diff(one.node_xy, axis=0).T)
    assert hops.mean() < 1.5 * 50  # neighbours on the curve are neighbours in town


def test_the_curve_goes_from_square_to_neighbouring_square_and_as_geopandas_draws_it():
    x, y = (side.ravel() for side in np.meshgrid(np.arange(16), np.arange(16)))
    along = along_curve(x, y)
    assert sorted(along.tolist()) == list(range(256))
    order = np.argsort(along)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert (steps == 1).all()
    far = np.random.default_rng(3).integers(0, 2**16, (500, 2))
    known = gpd.GeoSeries(shapely.points(far)).hilbert_distance((0, 0, 65535, 65535))
    assert along_curve(*far.T).tolist() == known.tolist()


def test_a_stretch_of_an_edge_has_its_ends_and_the_vertices_between(lines_of):
    xy = [(0, 0), (100, 0), (100, 50), (180, 50), (0, 90), (0, 10), (260, 110)]
    network = build_network(lines_of(xy, [[0, 1, 2, 3], [0, 4], [0, 5], [3, 6], [3, 5]]))
    chance = np.random.default_rng(5)
    edges = chance.integers(0, len(network.edge_length_m), 60)
    ends = np.sort(chance.uniform(0, 1, (60, 2)), axis=1)
    ends[:20, 0], ends[10:30, 1] = 0.0, 1.0
    low, high = (ends * network.edge_length_m[edges, None]).T
    lines = edge_lines(network, edges)
    for line, a, b, cut in zip(lines, low, high, cut_edges(network, edges, low, high), strict=True):
        assert shapely.LineString(cut).equals_exact(substring(line, a, b), 1e-9)
