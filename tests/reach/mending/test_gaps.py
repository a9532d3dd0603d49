"""Gaps worked out by hand: how wide, what lies between, and whose walk hangs on them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.mending.gaps import find_gaps, walks_across
from lifecircle.reach.mending.repair import repair_streets
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.table import reach_table


def gaps_of(lines, limit=15.0):
    return find_gaps(lines, build_network(lines), limit)


def side_street(lines_of, gap, **more):
    """A main street, and a side street that ends ``gap`` metres before it."""
    xy = [(0, 0), (1000, 0), (500, gap), (500, 300)]
    return lines_of(xy, [[0, 1], [2, 3]], **more)


@pytest.mark.parametrize(("gap", "found"), [(14.9, 1), (15.0, 1), (15.1, 0)])
def test_a_dead_end_within_the_limit_is_a_gap(lines_of, gap, found):
    gaps = gaps_of(side_street(lines_of, gap))
    assert len(gaps) == found
    if found:
        assert gaps.length_m.tolist() == [pytest.approx(gap)]
        assert gaps.xy[0].tolist() == [[500, gap], [500, 0]]
        assert gaps.kind.tolist() == ["gap"]


@pytest.mark.parametrize("kind", ["wall", "river", "railway"])
def test_a_wall_between_is_no_gap(lines_of, kind):
    wall = gpd.GeoDataFrame(
        {"barrier": [kind], "name": [None]},
        geometry=[LineString([(400, 5), (600, 5)])],
        crs="EPSG:4548",
    )
    assert len(gaps_of(side_street(lines_of, 10, barriers=wall))) == 0


@pytest.mark.parametrize("tags", [{"bridge": "yes"}, {"tunnel": "yes"}, {"layer": "-1"}])
def test_streets_on_another_level_do_not_join(lines_of, tags):
    assert len(gaps_of(side_street(lines_of, 10, tags={0: tags}))) == 0
    assert len(gaps_of(side_street(lines_of, 10, tags={0: tags, 1: tags}))) == 1


def test_a_stub_beside_its_own_street_is_none(lines_of):
    # down the hook and back: 10 + h + 10 + (h - 10) along the streets, 10 straight
    for height, found in ((20, 0), (30, 1)):
        xy = [(0, 0), (1000, 0), (0, height), (10, height), (10, 10)]
        assert len(gaps_of(lines_of(xy, [[0, 1], [0, 2, 3, 4]]))) == found
    assert len(gaps_of(lines_of([(0, 0), (300, 0), (600, 0), (300, 10)], [[0, 1, 2], [1, 3]]))) == 0


def test_two_dead_ends_that_face_each_other_are_one_gap(lines_of):
    gaps = gaps_of(lines_of([(0, 0), (100, 0), (110, 0), (300, 0)], [[0, 1], [2, 3]]))
    assert gaps.length_m.tolist() == [10.0]
    # side by side: either end reaches the other street, and one join serves both
    gaps = gaps_of(lines_of([(0, 0), (100, 0), (90, 8), (300, 8)], [[0, 1], [2, 3]]))
    assert gaps.length_m.tolist() == [8.0]


def test_vertices_at_one_place_are_told_once(lines_of):
    cross = [(0, 0), (100, 0), (200, 0), (100, -100), (100, 0), (100, 100)]
    gaps = gaps_of(lines_of(cross, [[0, 1, 2], [3, 4, 5]]))
    assert gaps.kind.tolist() == ["duplicate"]
    assert gaps.xy[0].tolist() == [[100, 0], [100, 0]]
    over = lines_of(cross, [[0, 1, 2], [3, 4, 5]], {1: {"layer": "1"}})
    assert len(gaps_of(over)) == 0
    # an end on another street that has no vertex there is a gap without length
    gaps = gaps_of(lines_of([(0, 0), (200, 0), (100, 0), (100, 100)], [[0, 1], [2, 3]]))
    assert (gaps.kind.tolist(), gaps.length_m.tolist()) == (["gap"], [0.0])
    # both ends at one place: told as a duplicate, not again as a gap
    gaps = gaps_of(lines_of([(0, 0), (100, 0), (100, 0), (200, 0)], [[0, 1], [2, 3]]))
    assert gaps.kind.tolist() == ["duplicate"]


def test_repair_joins_exactly_what_it_says(lines_of):
    xy = [
        *((0, 0), (2000, 0)),  # the main street
        *((500, 9), (500, 300)),  # ends 9 m before it
        *((1200, -12), (1200, -300)),  # 12 m
        *((1700, 0), (1700, 200)),  # on it, without a vertex
    ]
    lines = lines_of(xy, [[0, 1], [2, 3], [4, 5], [6, 7]])
    whole, joined = repair_streets(lines, 10.0)
    assert sorted(joined.length_m.tolist()) == [0.0, 9.0]
    assert len(whole) == len(lines) + 1  # one connector; a join without length needs none
    assert whole.tags["highway"].isna().tolist() == [True] * 4 + [False]
    assert whole.tags["highway"].iloc[-1] == "path"
    course = whole.vertex_xy[whole.way_vertex[whole.way_start[4] : whole.way_start[5]]]
    assert course.tolist() == [[500, 9], [500, 0]]
    main = whole.vertex_xy[whole.way_vertex[: whole.way_start[1]]]
    assert main.tolist() == [[0, 0], [500, 0], [1700, 0], [2000, 0]]
    network = build_network(whole)
    assert network.component_length_m.tolist() == [2000 + 291 + 9 + 200, 288]
    left = find_gaps(whole, network, 15.0)
    assert left.length_m.tolist() == [12.0]
    assert repair_streets(whole, 10.0)[0] is whole


def test_repair_makes_vertices_at_one_place_one(lines_of):
    cross = [(0, 0), (100, 0), (200, 0), (100, -100), (100, 0), (100, 100)]
    whole, joined = repair_streets(lines_of(cross, [[0, 1, 2], [3, 4, 5]]), 1.0)
    assert (len(joined), len(whole)) == (1, 2)
    network = build_network(whole)
    assert len(network) == 5
    assert network.component_length_m.tolist() == [400]


def test_walks_that_hang_on_one_gap(lines_of, layer_of):
    # two areas on the side street, one on the main street; the facility at the main street's end
    areas = [Point(500, 300), Point(500, 210), Point(900, 0)]
    context = prepare_reach(
        layer_of("residential", areas),
        layer_of("facilities", [Point(0, 0), Point(500, 250)]),
        Parameters(),
        streets=side_street(lines_of, 10),
    )
    gaps = gaps_of(side_street(lines_of, 10))
    gap, area, walk = walks_across(context, gaps, np.array([1.0, 0.0]), 800.0)
    assert gap.tolist() == [0, 0]
    assert area.tolist() == [0, 1]
    assert walk.tolist() == pytest.approx([290 + 10 + 500, 200 + 10 + 500])
    _, area, walk = walks_across(context, gaps, np.array([0.0, 1.0]), 1000.0)
    assert (area.tolist(), walk.tolist()) == ([2], pytest.approx([400 + 10 + 240]))
    assert len(walks_across(context, gaps.take([]), np.ones(2), 1000.0)[0]) == 0


def test_a_bridge_removed_and_the_walk_across_it(lines_of, layer_of):
    # two banks, 300 m apart, farther than a place is snapped; the bridge at x = 1000
    xy = [(0, 0), (1000, 0), (0, 300), (1000, 300)]
    walks = []
    for ways in ([[0, 1], [2, 3], [1, 3]], [[0, 1], [2, 3]]):
        lines = lines_of(xy, ways, {2: {"bridge": "yes"}} if len(ways) > 2 else None)
        context = prepare_reach(
            layer_of("residential", [Point(500, 0)]),
            layer_of("facilities", [Point(500, 300)]),
            Parameters(),
            streets=lines,
        )
        table = reach_table(context, "g", np.ones(1), radius_m=1000, walk_m=1500)
        walks.append(float(table.frame["walk_m"].iloc[0]))
        assert len(gaps_of(lines)) == 0  # 300 m of water are no drawing mistake
    assert walks == [500 + 300 + 500, np.inf]


def test_streets_that_cross_without_a_junction(lines_of):
    cross = [(0, 0), (300, 0), (100, -200), (100, 200)]
    lines = lines_of(cross, [[0, 1], [2, 3]])
    gaps = gaps_of(lines)
    assert gaps.kind.tolist() == ["crossing"]
    assert gaps.xy[0].tolist() == [[100, 0], [100, 0]]
    whole, joined = repair_streets(lines, 5.0)
    assert (len(joined), len(whole)) == (1, 2)
    network = build_network(whole)
    assert (len(network), network.component_length_m.tolist()) == (5, [700])
    over = lines_of(cross, [[0, 1], [2, 3]], {1: {"bridge": "yes"}})
    assert len(gaps_of(over)) == 0
    # a junction nearby is way enough round: 20 + 20 m
    near = [(0, 0), (100, 0), (300, 0), (100, 20), (80, 20), (80, -200)]
    assert len(gaps_of(lines_of(near, [[0, 1, 2], [1, 3, 4, 5]]))) == 1  # 20 + 20 + 20 + 20 m
    near = [(0, 0), (100, 0), (300, 0), (100, 5), (90, 5), (90, -200)]
    assert len(gaps_of(lines_of(near, [[0, 1, 2], [1, 3, 4, 5]]))) == 0  # 10 + 5 + 10 + 5 m


@pytest.mark.parametrize("seed", range(12))
def test_a_walk_across_is_the_walk_once_the_gap_is_joined(lines_of, layer_of, seed):
    rng = np.random.default_rng(seed)
    step, n = 400.0, 4
    xy = [(i * step, j * step) for j in range(n) for i in range(n)]
    # a comb: rows joined at the west end only, and a lane that nearly reaches the row above
    ways = [[j * n + i for i in range(n)] for j in range(n)] + [[j * n for j in range(n)]]
    x, gap = rng.uniform(600, 1100), rng.uniform(1, 14)
    xy += [(x, step), (x, 2 * step - gap)]
    ways[1].insert(1 + int(x // step), len(xy) - 2)
    ways.append([len(xy) - 2, len(xy) - 1])
    lines = lines_of(xy, ways)
    areas = layer_of("residential", [Point(p) for p in rng.uniform(0, 1200, (20, 2))])
    facilities = layer_of("facilities", [Point(p) for p in rng.uniform(0, 1200, (2, 2))])

    def walks(streets):
        context = prepare_reach(areas, facilities, Parameters(), streets=streets)
        table = reach_table(context, "g", np.ones(2), radius_m=1000, walk_m=1000)
        return context, table.frame["walk_m"].to_numpy(dtype=float)

    context, before = walks(lines)
    gaps = find_gaps(lines, context.network, 15.0)
    assert gaps.length_m.tolist() == [pytest.approx(gap)]
    _, area, across = walks_across(context, gaps, np.ones(2), 3000.0)
    best = before.copy()
    best[area] = np.minimum(best[area], across)
    _, after = walks(repair_streets(lines, 15.0)[0])
    # a home beside the gap may set out from the join itself: nothing else may be shorter
    homes = np.array([(p.x, p.y) for p in areas.frame.geometry])
    beside = (np.abs(homes[:, 0] - x) < 200) & (np.abs(homes[:, 1] - 2 * step) < 200)
    assert after[~beside] == pytest.approx(best[~beside])
    assert (best < before - 1).any() or not (after < before - 1)[~beside].any()
