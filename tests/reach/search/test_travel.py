"""Walks on the network against networkx, over the segments as they were drawn."""

from __future__ import annotations

import dataclasses
import itertools
import tracemalloc

import hypothesis
import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.profiles import walk_cost
from lifecircle.reach.search import pairs, travel
from lifecircle.reach.search.snapping import Snapped, snap


@st.composite
def towns(draw):
    """Ways over random vertices: loops, turns, parallel, double and disconnected ones."""
    n = draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    xy = rng.uniform(0, 1000, (n, 2))
    way = st.lists(st.integers(0, n - 1), min_size=2, max_size=6)
    ways = draw(st.lists(way, min_size=1, max_size=7))
    ways = [w for w in ways if len(set(w)) > 1] or [[0, 1]]
    # a vertex on top of another, joined to it by a street without length
    for twin in draw(st.lists(st.integers(0, n - 1), max_size=2)):
        xy = np.vstack([xy, xy[twin]])
        ways.append([twin, len(xy) - 1])
        if draw(st.booleans()):
            ways.append([len(xy) - 1, draw(st.integers(0, n - 1))])
    ways = [w for w in ways if len(set(w)) > 1]
    places = rng.uniform(-50, 1050, (draw(st.integers(2, 9)), 2))
    segments = [(a, b) for w in ways for a, b in itertools.pairwise(w) if a != b]
    for _ in range(draw(st.integers(0, 4))):  # on a street, on a vertex, and twice in one spot
        a, b = segments[draw(st.integers(0, len(segments) - 1))]
        t = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
        places = np.vstack([places, xy[a] + t * (xy[b] - xy[a])])
        if draw(st.booleans()):
            places = np.vstack([places, places[-1]])
    split = draw(st.integers(1, len(places) - 1))
    return xy, ways, places[:split], places[split:]


def project(xy, a, b, p):
    d = xy[b] - xy[a]
    t = 0.0 if not d.any() else float(np.clip((p - xy[a]) @ d / (d @ d), 0, 1))
    return float(np.hypot(*(xy[a] + t * d - p))), t


def brute_force(xy, ways, demand, supply, oneway=()):
    """Costs demand × supply by networkx, every place set into its nearest segment."""
    segments = [(a, b) for w in ways for a, b in itertools.pairwise(w) if a != b]
    bound = [k in oneway for k, w in enumerate(ways) for a, b in itertools.pairwise(w) if a != b]
    graph, on_segment, access = nx.MultiDiGraph(), {}, {}
    for kind, points in (("d", demand), ("s", supply)):
        for i, p in enumerate(points):
            options = [project(xy, a, b, p) for a, b in segments]
            least = min(o[0] for o in options)
            k = next(k for k, o in enumerate(options) if o[0] <= least + 1e-9)
            access[kind, i], at = options[k][:2]
            # a place on an end of a street is on it whatever rounding says: either way from there
            at = next((end for end in (0.0, 1.0) if abs(at - end) <= 1e-12), at)
            on_segment.setdefault(k, []).append((at, (kind, i)))
    for k, (a, b) in enumerate(segments):
        chain = [(0.0, a), *sorted(on_segment.get(k, []), key=lambda o: o[0]), (1.0, b)]
        length = float(np.hypot(*(xy[b] - xy[a])))
        for (t1, m), (t2, n) in itertools.pairwise(chain):
            graph.add_edge(m, n, weight=(t2 - t1) * length)
            if not bound[k] or t1 == t2:
                graph.add_edge(n, m, weight=(t2 - t1) * length)
    cost = np.full((len(demand), len(supply)), np.inf)
    for i in range(len(demand)):
        far = nx.single_source_dijkstra_path_length(graph, ("d", i), weight="weight")
        for j in range(len(supply)):
            if ("s", j) in far:
                cost[i, j] = access["d", i] + far["s", j] + access["s", j]
    return cost


def walk(lines, demand, supply):
    network = build_network(lines)
    return (
        network,
        snap(network, demand, 1e9).take(np.arange(len(demand))),  # on the nearest street
        snap(network, supply, 1e9).take(np.arange(len(supply))),
    )


@given(towns(), st.sampled_from([300.0, 900.0, 1e6]))
@settings(settings.get_profile("costly"))
def test_walks_agree_with_networkx(lines_of, town, limit):
    xy, ways, demand, supply = town
    expected = brute_force(xy, ways, demand, supply)
    network, d, s = walk(lines_of(xy, ways), demand, supply)

    i, j, cost = travel.pairs(network, d, s, limit)
    found = np.full(expected.shape, np.inf)
    found[i, j] = cost
    near = expected <= limit
    assert np.array_equal(np.isfinite(found), near)
    assert np.abs(found[near] - expected[near]).max(initial=0) <= 1e-6

    cost, index = travel.nearest(network, d, s, limit)
    least = np.where(near, expected, np.inf).min(axis=1)
    reached = np.isfinite(least)
    assert np.array_equal(np.isfinite(cost), reached)
    assert np.abs(cost[reached] - least[reached]).max(initial=0) <= 1e-6
    assert (index[~reached] == -1).all()
    # the supply named is one of the nearest: the lowest of those equal to rounding
    for row in np.flatnonzero(reached):
        assert expected[row, index[row]] <= least[row] + 1e-6
        assert index[row] <= np.flatnonzero(expected[row] <= least[row] + 1e-11)[0]

    # nobody walks less than the straight line
    straight = np.hypot(*(demand[:, None] - supply[None]).transpose(2, 0, 1))
    assert (found >= straight - 1e-6).all()


A_FACILITY_AT_THE_END_OF_A_ONE_WAY_STREET = (  # its place along the street comes out a hair short
    np.array(
        [
            [203.957429946802, 655.372867295723],
            [75.86006916499055, 226.68047683214022],
            [23.150782148356864, 826.7331529503883],
        ]
    ),
    [[0, 2], [1, 2]],
    np.array([[120.30421742724815, 537.5250987684814]]),
    np.array([[23.150782148356868, 826.7331529503883], [203.957429946802, 655.372867295723]]),
)


@given(towns(), st.sets(st.integers(0, 8)))
@example(A_FACILITY_AT_THE_END_OF_A_ONE_WAY_STREET, {0})
@settings(settings.get_profile("costly"))
def test_one_way_streets_agree_with_networkx(lines_of, town, oneway):
    xy, _, demand, supply = town
    # two streets drawn over each other are told apart by their place only, not by direction
    ways, seen = [], set()
    for way in town[1]:
        ends = [frozenset([tuple(xy[a]), tuple(xy[b])]) for a, b in itertools.pairwise(way)]
        ends = [pair for pair in ends if len(pair) > 1]
        if len(set(ends)) == len(ends) and seen.isdisjoint(ends):
            ways.append(way)
            seen.update(ends)
    hypothesis.assume(ways)
    # a one-way street without length has no direction: a place on it stands on both its ends
    still = {
        k
        for k, way in enumerate(ways)
        if any(a != b and (xy[a] == xy[b]).all() for a, b in itertools.pairwise(way))
    }
    oneway = oneway - still
    lines = lines_of(xy, ways)
    free = walk_cost(lines, Parameters())
    bound = np.isin(np.arange(len(ways)), list(oneway))
    network = build_network(
        lines, dataclasses.replace(free, back=np.where(bound, np.inf, free.back))
    )
    d, s = (snap(network, xy, 1e9).take(np.arange(len(xy))) for xy in (demand, supply))
    expected = brute_force(xy, ways, demand, supply, oneway)
    i, j, cost = travel.pairs(network, d, s, 1e6)
    found = np.full(expected.shape, np.inf)
    found[i, j] = cost
    assert np.array_equal(np.isfinite(found), np.isfinite(expected))
    near = np.isfinite(expected)
    assert np.abs(found[near] - expected[near]).max(initial=0) <= 1e-6
    least, _ = travel.nearest(network, d, s, 1e6)
    assert least == pytest.approx(expected.min(axis=1), abs=1e-6)


@given(towns(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_walks_do_not_depend_on_how_streets_are_written(lines_of, town, random):
    xy, ways, demand, supply = town
    cost = travel.nearest(*walk(lines_of(xy, ways), demand, supply), 1e6)[0]

    order = list(range(len(xy)))
    random.shuffle(order)
    new = {old: i for i, old in enumerate(order)}
    again = [[new[v] for v in way][:: random.choice([1, -1])] for way in ways]
    random.shuffle(again)
    cut = []
    for way in again:  # cut ways in two at a vertex
        at = random.randrange(len(way))
        cut += [way[: at + 1], way[at:]]
    moved = xy[order]
    a, b = random.choice([pair for way in cut for pair in itertools.pairwise(way)])
    split = np.vstack([moved, (moved[a] + moved[b]) / 2])  # and one segment at its middle
    ends = {tuple(moved[a]), tuple(moved[b])}
    for way in cut if len(ends) > 1 else []:  # wherever it is drawn
        for at in range(len(way) - 1, 0, -1):
            if {tuple(moved[way[at - 1]]), tuple(moved[way[at]])} == ends:
                way.insert(at, len(moved))
    network, d, s = walk(lines_of(split, cut), demand, supply)
    other = travel.nearest(network, d, s, 1e6)[0]
    assert np.array_equal(np.isfinite(cost), np.isfinite(other))
    reached = np.isfinite(cost)
    assert np.abs(cost[reached] - other[reached]).max(initial=0) <= 1e-6


@given(towns(), st.floats(0, 1500), st.floats(0, 1500))
@settings(deadline=None, max_examples=60)
def test_more_facilities_and_larger_limits_never_lengthen(lines_of, town, one, two):
    xy, ways, demand, supply = town
    network, d, s = walk(lines_of(xy, ways), demand, supply)
    low, high = sorted([one, two])
    near, far = (travel.nearest(network, d, s, limit)[0] for limit in (low, high))
    assert (far[np.isfinite(near)] == near[np.isfinite(near)]).all()
    assert (far <= near).all()
    fewer = travel.nearest(network, d, s.take(np.arange(len(s) - 1)), high)[0]
    assert (far <= fewer + 1e-6).all()


def test_limit_is_inclusive(lines_of):
    network = build_network(lines_of([(0, 0), (2000, 0)], [[0, 1]]))
    place = snap(network, np.array([[100.0, 7.0], [100.001, 7.0]]), 50.0)
    house = snap(network, np.array([[1090.0, -3.0]]), 50.0)  # 990 + 7 + 3 = 1000
    cost, index = travel.nearest(network, house, place.take(np.array([0])), 1000.0)
    assert cost.tolist() == pytest.approx([1000.0], abs=1e-9)
    assert index.tolist() == [0]
    assert travel.nearest(network, house, place.take(np.array([0])), 999.99)[0].tolist() == [np.inf]
    assert travel.pairs(network, house, place, 1000.0)[1].tolist() == [0, 1]
    assert travel.pairs(network, house, place, 999.9995)[1].tolist() == [1]


def test_ties_go_to_the_lowest_facility(grid):
    network = build_network(grid(9, 9, 100.0))
    middle = snap(network, np.array([[400.0, 400.0]]), 10.0)
    ring = np.array([[100.0, 400], [400, 100], [700, 400], [400, 700], [200, 300], [400, 100]])
    for order in itertools.permutations(range(6), 6):
        supply = snap(network, ring[list(order)], 10.0)
        cost, index = travel.nearest(network, middle, supply, 3000.0)
        assert cost.tolist() == pytest.approx([300.0], abs=1e-9)
        assert index.tolist() == [0]


def test_places_on_one_edge_walk_along_it_or_around(lines_of):
    # a long bow from (0, 0) to (10, 0) by way of (5, 100), and the chord of 10 m
    network = build_network(lines_of([(0, 0), (5, 100), (10, 0)], [[0, 1, 2], [0, 2]]))
    foot, top, other = [1.0, 20.0], [4.5, 90.0], [9.0, 20.0]
    side = np.hypot(5, 100)
    demand = snap(network, np.array([foot, foot]), 1.0)
    supply = snap(network, np.array([top, other]), 1.0)
    i, j, cost = travel.pairs(network, demand, supply, 3000.0)
    assert (i.tolist(), j.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
    assert cost[:2].tolist() == pytest.approx([0.7 * side, 2 * 0.2 * side + 10])


def test_a_loop_is_walked_the_short_way_round(lines_of):
    network = build_network(lines_of([(0, 0), (30, 0), (30, 30), (0, 30)], [[0, 1, 2, 3, 0]]))
    demand = snap(network, np.array([[10.0, 0.0]]), 1.0)
    supply = snap(network, np.array([[0.0, 10.0], [30.0, 10.0]]), 1.0)
    assert travel.pairs(network, demand, supply, 100.0)[2].tolist() == [20.0, 30.0]


def test_river_with_one_bridge(lines_of):
    # streets along both banks, 50 m apart, bridged at x = 900
    xy = [(0, 0), (900, 0), (1000, 0), (0, 50), (900, 50), (1000, 50)]
    network = build_network(lines_of(xy, [[0, 1, 2], [3, 4, 5], [1, 4]]))
    north = snap(network, np.array([[0.0, 60.0]]), 200.0)
    south = snap(network, np.array([[0.0, -10.0]]), 200.0)
    cost, _ = travel.nearest(network, north, south, 3000.0)
    assert cost.tolist() == [10.0 + 900 + 50 + 900 + 10]


def test_steps_cost_their_factor(lines_of, on_foot):
    lines = lines_of([(0, 0), (100, 0), (200, 0)], [[0, 1], [1, 2]])
    network = build_network(lines, on_foot(lines, [1.0, 2.0]))
    demand = snap(network, np.array([[40.0, 0.0]]), 1.0)
    supply = snap(network, np.array([[150.0, 5.0]]), 10.0)
    assert travel.nearest(network, demand, supply, 500.0)[0].tolist() == [60 + 50 * 2 + 5]


def test_nobody_and_nothing(grid):
    network = build_network(grid(2, 2, 100.0))
    some, none = (snap(network, xy, 5.0) for xy in (np.zeros((2, 2)), np.empty((0, 2))))
    lost = snap(network, np.full((2, 2), np.nan), 5.0)
    for supply in (none, lost):
        cost, index = travel.nearest(network, some, supply, 100.0)
        assert cost.tolist() == [np.inf] * 2
        assert index.tolist() == [-1] * 2
        assert all(len(part) == 0 for part in travel.pairs(network, some, supply, 100.0))
    assert len(travel.nearest(network, none, some, 100.0)[0]) == 0
    assert travel.nearest(network, lost, some, 100.0)[1].tolist() == [-1, -1]
    assert all(len(part) == 0 for part in travel.pairs(network, lost, some, 100.0))


def test_pairs_are_the_same_in_any_tile(grid, monkeypatch):
    network = build_network(grid(12, 12, 90.0))
    rng = np.random.default_rng(5)
    demand, supply = (snap(network, rng.uniform(0, 990, (n, 2)), 100.0) for n in (40, 25))
    whole = travel.pairs(network, demand, supply, 600.0)
    for cells, together, run in ((1, 24, (32,)), (2000, 7, (50, 7)), (2**20, 1, (9, 3, 1))):
        monkeypatch.setattr(pairs, "_TILE_CELLS", cells)
        monkeypatch.setattr(pairs, "_TOGETHER", together)
        monkeypatch.setattr(pairs, "_RUNS", run)
        for a, b in zip(whole, travel.pairs(network, demand, supply, 600.0), strict=True):
            assert np.array_equal(a, b)
    least = np.full(40, np.inf)
    np.minimum.at(least, whole[0], whole[2])
    assert travel.nearest(network, demand, supply, 600.0)[0] == pytest.approx(least, abs=1e-6)


def test_pairs_take_twice_their_own_memory_at_most(grid, monkeypatch):
    # as many demands as nodes, one supply to 200 of them: a county, so small that a tile of the
    # usual size would be larger than the answer
    monkeypatch.setattr(pairs, "_TILE_CELLS", 2**14)
    network = build_network(grid(250, 250, 80.0))
    nodes = np.arange(len(network))
    edge = np.empty(len(network), dtype=np.int64)
    edge[network.edge_v] = np.arange(len(network.edge_v))
    edge[network.edge_u] = np.arange(len(network.edge_u))
    along = np.where(network.edge_u[edge] == nodes, 0.0, network.edge_length_m[edge])
    nothing = np.zeros(len(network))
    demand = Snapped(
        edge, along, along, nothing, nothing, network.node_component, np.arange(len(edge))
    )
    supply = demand.take(nodes[100::200])
    travel.pairs(network, demand, supply, 100.0)  # what is imported late is no part of it
    tracemalloc.start()
    try:
        answer = travel.pairs(network, demand, supply, 1000.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 2 * sum(part.nbytes for part in answer)


@given(towns())
@settings(deadline=None, max_examples=50)
def test_there_is_as_far_as_back(lines_of, town):
    xy, ways, demand, supply = town
    network, d, s = walk(lines_of(xy, ways), demand, supply)
    i, j, there = travel.pairs(network, d, s, 1e6)
    one, other, back = travel.pairs(network, s, d, 1e6)
    order = np.lexsort((one, other))
    assert (other[order].tolist(), one[order].tolist()) == (i.tolist(), j.tolist())
    assert back[order] == pytest.approx(there, abs=1e-6)


def test_the_walks_to_the_same_supplies_are_searched_once(monkeypatch, lines_of):
    """Reach and its routes ask for the same tree; another limit or supply is another search."""
    network = build_network(lines_of([(0, 0), (100, 0), (300, 0)], [[0, 1], [1, 2]]))
    searched = []
    real = travel.dijkstra
    monkeypatch.setattr(travel, "dijkstra", lambda *a, **k: searched.append(1) or real(*a, **k))
    demand = snap(network, np.array([[0.0, 0.0]]), 50.0)
    for place, limit, cost, count in (
        (290.0, 1000.0, 290.0, 1),
        (290.0, 1000.0, 290.0, 1),
        (120.0, 1000.0, 120.0, 2),
        (290.0, 200.0, np.inf, 3),
        (290.0, 1000.0, 290.0, 3),
    ):
        supply = snap(network, np.array([[place, 0.0]]), 50.0)
        travel.handicapped_tree(network, supply, limit)
        found, _ = travel.nearest(network, demand, supply, limit)
        assert found.tolist() == pytest.approx([cost])
        assert len(searched) == count
