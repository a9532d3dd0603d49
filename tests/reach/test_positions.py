"""Two positions at either end of a walk: by hand, and against networkx on real streets."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

from lifecircle.intake.streets.lines import read_streets
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import ReasonCode
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.network.graph import build_network, edge_lines
from lifecircle.reach.table import reach_table
from lifecircle.reach.walks import walks

DATA = Path(__file__).parents[2] / "data"
CRS = "EPSG:4548"
LEGS = ["access_m", "network_m", "egress_m"]


def reach_of(context, members=None):
    n = len(context.facility_ids)
    membership = np.ones(n) if members is None else members
    return reach_table(context, "g", membership, radius_m=1000, walk_m=1000).frame


@pytest.fixture(scope="module")
def beside_a_path(lines_of):
    """A main network of 6600 m that runs round a path of 800 m, which is not joined to it."""
    xy = [(0, 0), (0, -1500), (600, -1500), (600, 0), (-3000, -1500), (-100, 150), (700, 150)]
    return lines_of(xy, [[0, 1, 2, 3], [1, 4], [5, 6]])


def test_the_path_that_nobody_joined_is_walked(beside_a_path, layer_of):
    context = prepare_reach(
        layer_of("residential", [shapely.Point(0, 150)]),
        layer_of("facilities", [shapely.Point(600, 150)]),
        Parameters(),
        streets=beside_a_path,
    )
    row = reach_of(context).iloc[0]
    # on the path 600 m; by the main network 150 + 1500 + 600 + 1500 + 150 = 3900
    assert (row["walk_m"], *row[LEGS]) == (600, 0, 600, 0)
    assert row["walk_unknown"] is None


@pytest.mark.parametrize(("north", "on_path"), [(74.0, False), (75.0, True), (76.0, True)])
def test_the_shorter_whole_walk_counts_and_its_legs_add_up(lines_of, layer_of, north, on_path):
    # A street at y = 0 and a path at y = 150; the area is nearer to the path above y = 75, and at
    # 75 stands on both.
    # The facility stands at the street, 40 m south of it.
    xy = [(-2500, 0), (2500, 0), (-100, 150), (700, 150)]
    context = prepare_reach(
        layer_of("residential", [shapely.Point(0, north)]),
        layer_of("facilities", [shapely.Point(600, -40), shapely.Point(650, 150)]),
        Parameters(),
        streets=lines_of(xy, [[0, 1], [2, 3]]),
    )
    to_street = reach_of(context, np.array([1.0, 0.0])).iloc[0]
    # from the path no way leads to the facility, whose position is on the street alone (190 m
    # from the path, which is the farther one): the street is taken though the path is nearer
    assert (to_street["walk_m"], *to_street[LEGS]) == (north + 640, north, 600, 40)
    by_path = reach_of(context, np.array([0.0, 1.0])).iloc[0]
    # the facility on the path stands on the street as well, 150 m off
    street, path = north + 650 + 150, 150 - north + 650
    assert by_path["walk_m"] == (min(street, path) if on_path else street)
    assert by_path[LEGS].sum() == by_path["walk_m"]
    assert by_path["snap_m"] == min(north, 150 - north)


@pytest.mark.parametrize("north", [0, 100])
@pytest.mark.parametrize("swapped", [False, True])
def test_of_streets_equally_near_the_shorter_whole_walk_counts(lines_of, layer_of, north, swapped):
    # a street out at y = 0, round at x = 340 and back at y = 100; the place 50 m from both arms.
    # To a facility on one arm at x = 320: 50 + 320 = 370 m by that arm, by the other
    # 50 + 340 + 100 + 20 = 510 m
    course = [(-3000, 0), (340, 0), (340, 100), (-3000, 100)]
    ends = [shapely.Point(0, 50)], [shapely.Point(320, north)]
    areas, facilities = reversed(ends) if swapped else ends
    context = prepare_reach(
        layer_of("residential", areas),
        layer_of("facilities", facilities),
        Parameters(),
        streets=lines_of(course, [[0, 1, 2, 3]]),
    )
    row = reach_of(context).iloc[0]
    legs = (0, 320, 50) if swapped else (50, 320, 0)
    assert (row["walk_m"], *row[LEGS]) == (370, *legs)


def test_gates_and_walks_inside_have_their_legs(lines_of, layer_of):
    block = shapely.box(0, 0, 100, 100)
    streets = lines_of([(-3000, -20), (3000, -20)], [[0, 1]])
    gates = layer_of("gates", [shapely.Point(80, 0)], residential=["R0"])
    areas = layer_of("residential", [block])
    away = layer_of("facilities", [shapely.Point(580, -30)])
    context = prepare_reach(areas, away, Parameters(), streets=streets, gates=gates)
    row = reach_of(context).iloc[0]
    lead = float(np.hypot(30, 50))
    assert row[LEGS].tolist() == pytest.approx([lead + 20, 500, 10])
    within = layer_of("facilities", [shapely.Point(50, 90)])
    context = prepare_reach(areas, within, Parameters(), streets=streets, gates=gates)
    row = reach_of(context).iloc[0]
    assert (row["walk_m"], *row[LEGS]) == (40, 40, 0, 0)
    nobody = prepare_reach(areas, layer_of("facilities", []), Parameters(), streets=streets)
    assert reach_of(nobody)[LEGS].isna().all(axis=None)


def test_a_facility_on_both_counts_once_and_the_lower_of_two_alike_is_taken(
    beside_a_path, layer_of
):
    # both facilities 300 m along the path; each stands on the main network too
    context = prepare_reach(
        layer_of("residential", [shapely.Point(300, 150)]),
        layer_of("facilities", [shapely.Point(600, 150), shapely.Point(0, 150)]),
        Parameters(),
        streets=beside_a_path,
    )
    assert context.facilities.place.tolist() == [0, 1, 0, 1]
    row = reach_of(context).iloc[0]
    assert (row["walk_m"], row["walk_facility"]) == (300, "F0")
    assert reach_of(context, np.array([0.0, 1.0])).iloc[0]["walk_facility"] == "F1"


@pytest.mark.parametrize(
    ("far", "facility_on_path", "status"),
    [
        (200.0, False, None),  # on the main network at the limit: decided, and too far
        (200.5, False, ReasonCode.STREET_FRAGMENT),  # on the path alone, which leads nowhere known
        (200.5, True, None),  # the path has a facility of its own, and that decides
    ],
)
def test_statuses_beside_a_short_fragment(lines_of, layer_of, far, facility_on_path, status):
    xy = [(-4000, 0), (4000, 0), (0, far), (300, far)]
    spots = [shapely.Point(1500, 0)]
    if facility_on_path:
        spots.append(shapely.Point(250, far))
    context = prepare_reach(
        layer_of("residential", [shapely.Point(10, far)]),
        layer_of("facilities", spots),
        Parameters(),
        streets=lines_of(xy, [[0, 1], [2, 3]]),
    )
    row = reach_of(context).iloc[0]
    if status is not None:
        assert row["walk_unknown"].code == status
        assert np.isinf(row["walk_m"])
        assert row["walk_low_m"] == pytest.approx(np.hypot(1490, far))
    else:
        assert row["walk_unknown"] is None
        assert row["walk_m"] == (240 if facility_on_path else 200 + 1490)
        assert row["walk_low_m"] == row["walk_m"]


# -- real streets ----------------------------------------------------------------------------------


class Oracle:
    """The streets as a networkx graph of straight pieces, and every part of it by itself."""

    def __init__(self, network):
        self.graph = nx.Graph()
        for line in edge_lines(network):
            for a, b in itertools.pairwise(map(tuple, shapely.get_coordinates(line))):
                if a != b:
                    self.graph.add_edge(a, b, length=float(np.hypot(*np.subtract(a, b))))

        def size(nodes):
            return self.graph.subgraph(nodes).size(weight="length")

        self.parts = sorted(nx.connected_components(self.graph), key=size, reverse=True)
        self.length = [size(part) for part in self.parts]
        part_of = {node: i for i, part in enumerate(self.parts) for node in part}
        self.pieces = list(self.graph.edges)
        self.part = np.array([part_of[a] for a, _ in self.pieces])
        lines = shapely.linestrings(np.array(self.pieces))
        long = np.array(self.length)[self.part] >= 2000
        kinds = (self.part >= 0, (self.part == 0) | long, self.part == 0)
        self.rows = [np.flatnonzero(kind) for kind in kinds]
        self.trees = [shapely.STRtree(lines[rows]) for rows in self.rows]
        self.lines = lines

    def positions(self, spot, limit):
        """Pieces a place stands on: the nearest, and on what is cut off less the nearest again."""
        found = []
        for tree, rows in zip(self.trees, self.rows, strict=True):
            piece = int(rows[int(tree.nearest(spot))])
            away = spot.distance(self.lines[piece])
            if away <= limit and self.part[piece] not in {self.part[p] for p, _ in found}:
                found.append((piece, away))
        return found

    def legs(self, spot, piece):
        along = self.lines[piece].project(spot)
        a, b = self.pieces[piece]
        return (a, along), (b, self.lines[piece].length - along)

    def field(self, goal, limit):
        """Metres from a goal to every node, and its positions."""
        graph, positions = self.graph.copy(), self.positions(goal, limit)
        for piece, away in positions:
            for node, leg in self.legs(goal, piece):
                least = min(
                    away + leg, graph.get_edge_data("goal", node, {"length": 1e9})["length"]
                )
                graph.add_edge("goal", node, length=least)
        if "goal" not in graph:
            return {}, positions
        # the goal is no way through for others, only the end of one
        return nx.single_source_dijkstra_path_length(graph, "goal", weight="length"), positions

    def walk(self, start, goal, field, ends, limit):
        ways = [np.inf]
        for piece, away in self.positions(start, limit):
            ways += [away + leg + field.get(n, np.inf) for n, leg in self.legs(start, piece)]
            for other, egress in ends:
                if other == piece:
                    between = self.lines[piece].project(start) - self.lines[piece].project(goal)
                    ways.append(away + abs(between) + egress)
        return min(ways)


@pytest.fixture(scope="module", params=[("wudaokou/wudaokou.osm", 0.0), ("guixi/guixi.osm", 0.3)])
def streets(request):
    """Two real networks; of the second, which is all joined, three ways in ten are left out."""
    name, left_out = request.param
    lines, problems = read_streets(DATA / name, crs=CRS)
    lines = dataclasses.replace(lines, posts=None)  # gates that are shut: tests of their own
    assert not problems
    kept = np.flatnonzero(np.random.default_rng(13).random(len(lines)) >= left_out)
    ways = np.split(lines.way_vertex, lines.way_start[1:-1])
    return dataclasses.replace(
        lines,
        way_start=np.concatenate([[0], np.cumsum([len(ways[i]) for i in kept])]),
        way_vertex=np.concatenate([ways[i] for i in kept]),
        tags=lines.tags.iloc[kept].reset_index(drop=True),
    )


def test_walks_near_fragments_agree_with_networkx(streets, layer_of):
    parameters = Parameters()
    network = build_network(streets)
    oracle = Oracle(network)
    assert len(oracle.parts) == len(network.component_length_m) > 3
    rng = np.random.default_rng(20251231)
    # places about the fragments: half within 60 m of one, half within 300 m
    away = np.flatnonzero(network.node_component > 0)
    about = network.node_xy[rng.choice(away, 200)]
    spread = np.where(np.arange(200) % 2, 60.0, 300.0)[:, None]
    homes = about + rng.uniform(-1, 1, (200, 2)) * spread
    doors = network.node_xy[rng.choice(away, 12)] + rng.uniform(-1, 1, (12, 2)) * 60
    doors = np.concatenate([doors, network.node_xy[rng.choice(len(network), 8)] + 3.0])
    context = prepare_reach(
        layer_of("residential", list(shapely.points(homes))),
        layer_of("facilities", list(shapely.points(doors))),
        parameters,
        streets=streets,
    )
    limit, most = parameters.snap_limit_m, parameters.search_limit_m
    spots = shapely.points(homes)
    table = np.array(
        [
            [oracle.walk(spot, goal, field, ends, limit) for spot in spots]
            for goal in shapely.points(doors)
            for field, ends in [oracle.field(goal, limit)]
        ]
    )
    expected = np.where(table.min(axis=0) <= most, table.min(axis=0), np.inf)
    frame = reach_of(context)
    found = frame["walk_m"].to_numpy(dtype=float)
    assert np.array_equal(np.isinf(found), np.isinf(expected))
    reached = np.isfinite(expected)
    assert found[reached] == pytest.approx(expected[reached], abs=1e-6)
    assert reached.sum() > 100
    leg_sum = frame[LEGS].sum(axis=1, skipna=False).to_numpy(dtype=float)
    assert leg_sum[reached] == pytest.approx(found[reached], abs=1e-6)

    # each facility alone, too
    for row in range(len(doors)):
        alone = walks(context, np.arange(len(doors)) == row, most).walk_m
        want = np.where(table[row] <= most, table[row], np.inf)
        assert np.array_equal(np.isinf(alone), np.isinf(want))
        assert alone[np.isfinite(want)] == pytest.approx(want[np.isfinite(want)], abs=1e-6)

    # statuses: what no facility is reached from, and why
    held = {
        int(oracle.part[piece])
        for goal in shapely.points(doors)
        for piece, _ in oracle.positions(goal, limit)
    }
    for spot, reason, walk in zip(spots, frame["walk_unknown"], found, strict=True):
        parts = {int(oracle.part[piece]) for piece, _ in oracle.positions(spot, limit)}
        if np.isfinite(walk):
            assert reason is None
        elif not parts:
            assert reason.code == ReasonCode.NO_STREET_WITHIN_SNAP
        elif all(p and p not in held and oracle.length[p] < 2000 for p in parts):
            assert reason.code in {ReasonCode.STREET_FRAGMENT, ReasonCode.ISLAND_WITHOUT_FERRY}
        else:
            assert reason is None


# -- facilities off the streets, and streets in pieces ---------------------------------------------


def test_a_facility_off_the_streets_is_named_with_its_metres(lines_of, layer_of):
    # the street has a facility 1400 m off; another is 693 m from any street, 693 m straight
    context = prepare_reach(
        layer_of("residential", [shapely.Point(0, 0), shapely.Point(-1000, 0)]),
        layer_of("facilities", [shapely.Point(1400, 0), shapely.Point(0, 693)]),
        Parameters(),
        streets=lines_of([(-4000, 0), (4000, 0)], [[0, 1]]),
    )
    frame = reach_of(context)
    assert frame["walk_m"].tolist() == [1400, 2400]
    assert frame["walk_low_m"].tolist() == pytest.approx([693, np.hypot(1000, 693)])
    assert frame["walk_low_facility"].tolist() == ["F1", "F1"]
    assert frame["walk_unknown"].tolist() == [None, None]
    doubt = frame["walk_doubt"].iloc[0]
    assert doubt.code == ReasonCode.FACILITY_OFF_STREETS
    assert doubt.params == {"facility": "F1", "nearest_m": 693.0, "distance_m": 693.0}
    # at the snap limit it stands on the street
    context = prepare_reach(
        context.residential,
        layer_of("facilities", [shapely.Point(1400, 0), shapely.Point(0, 200)]),
        Parameters(),
        streets=lines_of([(-4000, 0), (4000, 0)], [[0, 1]]),
    )
    frame = reach_of(context)
    assert frame["walk_m"].tolist() == [200, 1200]
    assert frame["walk_doubt"].tolist() == [None, None]


def test_a_facility_on_a_stray_piece_alone_is_named_with_the_piece(lines_of, layer_of):
    streets = lines_of([(-4000, 0), (4000, 0), (0, 300), (80, 300)], [[0, 1], [2, 3]])
    context = prepare_reach(
        layer_of("residential", [shapely.Point(0, 0)]),
        layer_of("facilities", [shapely.Point(40, 300)]),
        Parameters(),
        streets=streets,
    )
    row = reach_of(context).iloc[0]
    assert row["walk_doubt"].code == ReasonCode.FACILITY_ON_FRAGMENT
    assert row["walk_doubt"].params["fragment_m"] == 80
    assert row["walk_low_m"] == pytest.approx(np.hypot(40, 300))


@pytest.mark.parametrize(("share", "decided"), [(0.5, True), (0.51, False), (0.0, True)])
def test_in_streets_in_pieces_no_way_says_nothing(lines_of, layer_of, share, decided):
    # two streets of 3000 m, side by side: exactly half of them is the main network
    streets = lines_of([(0, 0), (3000, 0), (0, 500), (3000, 500)], [[0, 1], [2, 3]])
    areas = [shapely.Point(100, 0), shapely.Point(100, 500), shapely.Point(2950, 0)]
    context = prepare_reach(
        layer_of("residential", areas),
        layer_of("facilities", [shapely.Point(600, 500)]),
        Parameters().having(main_network_share=share),
        streets=streets,
    )
    assert context.main_share == 0.5
    frame = reach_of(context)
    # on its own street it is found, and a real way; from the other no way leads there
    assert frame["walk_m"].tolist() == [np.inf, 500, np.inf]
    codes = [None if reason is None else reason.code for reason in frame["walk_unknown"]]
    if decided:
        assert codes == [None, None, None]
        assert frame["walk_low_m"].tolist() == [np.inf, 500, np.inf]
    else:
        assert codes == [ReasonCode.STREETS_IN_PIECES, None, ReasonCode.STREETS_IN_PIECES]
        assert frame["walk_unknown"].iloc[0].params == {"main_percent": 50.0}
        straight = [np.hypot(500, 500), 500, np.hypot(2350, 500)]
        assert frame["walk_low_m"].tolist() == pytest.approx(straight)


def test_a_longer_way_in_streets_in_pieces_is_an_upper_bound(lines_of, layer_of):
    # a way of 1700 m round three sides, straight 500; nine streets elsewhere make up the rest
    xy = [(0, 0), (0, 600), (500, 600), (500, 0)]
    ways = [[0, 1, 2, 3]]
    for i in range(9):
        ways.append([len(xy), len(xy) + 1])
        xy += [(5000, 300.0 * i), (5500, 300.0 * i)]
    context = prepare_reach(
        layer_of("residential", [shapely.Point(0, 0)]),
        layer_of("facilities", [shapely.Point(500, 0)]),
        Parameters(),
        streets=lines_of(xy, ways),
    )
    assert context.main_share == pytest.approx(1700 / 6200)
    row = reach_of(context).iloc[0]
    assert (row["walk_m"], row["walk_low_m"], row["walk_unknown"]) == (1700, 500, None)
    assert row["walk_doubt"].code == ReasonCode.STREETS_IN_PIECES
