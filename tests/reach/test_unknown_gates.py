"""Gates of which nobody knows whether they are open: whatever turns out lies between the ends."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import TravelTable
from lifecircle.reach.alone import straight_alone
from lifecircle.reach.areas.demand import demand_points
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.leaving import GateDoubt
from lifecircle.reach.mending.gates import open_gates
from lifecircle.reach.table import reach_table

LOW = "walk_low_m"
SIDES = [(-60, 0), (60, 0), (0, -60), (0, 60)]


def reach_of(lines, layer_of, gates, goal, travel=None):
    """Judge two blocks beside streets with gates: (block, side) → open, shut or not known."""
    homes = [(0, 0), (500, 0)]
    areas = layer_of("residential", [box(x - 60, y - 60, x + 60, y + 60) for x, y in homes])
    spots = [Point(homes[a][0] + SIDES[k][0], homes[a][1] + SIDES[k][1]) for a, k in gates]
    names = [areas.frame.index[a] for a, _ in gates]
    said = [{"yes": True, "no": False, "?": None}[word] for word in gates.values()]
    unknown = [word == "?" for word in gates.values()]
    layer = layer_of("gates", spots, residential=names, open=said, open_unknown=unknown)
    certain, perhaps = open_gates(layer), open_gates(layer, possible=True)
    shut_in = frozenset(names) - set(certain.frame["residential"])
    more = perhaps if len(perhaps) > len(certain) else None
    doubt = GateDoubt(more, shut_in) if more is not None or shut_in else None
    goals = layer_of("facilities", [Point(*goal)])
    context = prepare_reach(
        areas,
        goals,
        Parameters(),
        streets=lines,
        gates=certain,
        gate_doubt=doubt,
        travel=travel,
    )
    return reach_table(context, "g", np.ones(1), radius_m=1000, walk_m=1000).frame


@pytest.fixture(scope="module")
def streets(lines_of):
    """Streets round both blocks, 70 m from their middles, and on to the east; and 230 m from them.

    There the gates are within the snap limit of 200 m, and the middles are not.
    """
    return {away: _round(lines_of, away) for away in (70, 230)}


def _round(lines_of, away):
    xs, ys = (-away, away, 500 - away, 500 + away, 1500), (-away, away)
    spots = [(x, y) for y in ys for x in xs]
    n = len(xs)
    return lines_of(spots, [[*range(n)], [*range(n, 2 * n)], *([k, k + n] for k in range(n))])


GATES = st.dictionaries(
    st.tuples(st.sampled_from([0, 1]), st.sampled_from(range(4))),
    st.sampled_from(["yes", "no", "?"]),
    min_size=1,
    max_size=4,
)


GOALS = st.sampled_from([(80, 75), (300, 75), (500, -75), (1400, 70)])


@settings(settings.get_profile("brute"))
@given(gates=GATES, goal=GOALS, away=st.sampled_from([70, 230]))
def test_every_ending_lies_between_the_ends(streets, layer_of, gates, goal, away):
    """Of a block of which all gates may be shut nobody knows where it is left: on any side."""
    between_the_ends(layer_of, gates, goal, streets[away])


TRAVEL = TravelTable(
    pd.DataFrame([("R0", "F0", 700.0)], columns=["demand", "facility", "cost"]),
    "m",
    3000.0,
    "given",
)


@settings(settings.get_profile("brute"))
@given(gates=GATES, goal=GOALS, travel=st.sampled_from([None, TRAVEL]))
def test_they_lie_between_them_without_streets_and_beside_a_table_of_walks(
    streets, layer_of, gates, goal, travel
):
    """The straight line begins at the gates, too, whatever is known of walks."""
    between_the_ends(layer_of, gates, goal, None if travel is None else streets[70], travel)


def between_the_ends(layer_of, gates, goal, streets, travel=None):
    open_ = reach_of(streets, layer_of, gates, goal, travel)
    doubted = [key for key, word in gates.items() if word == "?"]
    known = [n for n in (0, 1) if n not in {area for area, _ in doubted}]
    assert open_["radius_by_gate_m"].iloc[known].isna().all()
    for words in itertools.product(["yes", "no"], repeat=len(doubted)):
        said = gates | dict(zip(doubted, words, strict=True))
        ending = reach_of(streets, layer_of, said, goal, travel)
        for column, sign in ((LOW, 1), ("walk_m", -1), ("radius_low_m", 1), ("radius_m", -1)):
            one, other = (frame[column].fillna(math.inf).to_numpy() for frame in (open_, ending))
            with np.errstate(invalid="ignore"):
                beyond = sign * (one - other) > 1e-6
            assert not beyond.any(), (column, words)
        shares = [frame["walk_share_high"].fillna(1.0) for frame in (open_, ending)]  # not known
        assert (shares[0] >= shares[1] - 1e-9).all()


def test_ways_out_on_all_sides_stand_beside_the_gates(layer_of):
    areas = layer_of("residential", [Point(0, 0), Point(100, 0), Point(200, 0)])
    gates = layer_of("gates", [Point(106, 8), Point(5, 5), Point(100, 30)])
    gates.frame["residential"] = ["R1", "R0", "R1"]
    demand = demand_points(areas, 36, gates, np.array([False, True, True]))
    ends = demand.origin_xy[demand.start_origin]
    assert demand.start_point.tolist() == [0, 1, 1, 1, 2]
    assert ends.tolist() == [[5, 5], [100, 0], [100, 30], [106, 8], [200, 0]]
    assert demand.start_gate.tolist() == [True, False, True, True, False]
    assert demand.gated.tolist() == [True, False, False]


def test_a_facility_of_unknown_place_may_be_near_the_gate_that_may_be_open(layer_of):
    # F1 stands among R0 somewhere: 900 m from R1's gate at most, if that is open, and 1200 m from
    # its middle
    areas = layer_of("residential", [Point(0, 0), Point(1200, 0)])
    gates = layer_of("gates", [Point(900, 0)], residential=["R1"])
    places = layer_of("facilities", [Point(9000, 0), None])
    doubt = GateDoubt(gates, frozenset(["R1"]))
    for known, doubts in ((None, doubt), (gates, None)):
        context = prepare_reach(areas, places, Parameters(), gates=known, gate_doubt=doubts)
        found = reach_table(
            context, "g", np.ones(2), radius_m=1000, walk_m=1000, widened={"F1": ["R0"]}
        )
        assert found.frame["radius_low_m"].tolist() == [0, 0]
        assert found.unplaced == {"F1": ("R0", "R1")}
        assert found.spread_m == 300


def test_of_a_place_alone_the_farthest_gate_that_may_be_the_only_one_counts(layer_of):
    areas = layer_of("residential", [Point(0, 0), Point(0, 0), Point(0, 0)])
    gates = layer_of("gates", [Point(-60, 0), Point(60, 0), Point(-60, 0)])
    gates.frame["residential"] = ["R1", "R1", "R2"]
    sure = layer_of("gates", [Point(60, 0)], residential=["R2"])
    sides = layer_of("gates", [*gates.frame.geometry, Point(60, 0)])
    sides.frame["residential"] = ["R1", "R1", "R2", "R2"]
    places = layer_of("facilities", [Point(1000, 0), Point(-1000, 0), None])
    doubt = GateDoubt(sides, frozenset(["R1"]))
    context = prepare_reach(areas, places, Parameters(), gates=sure, gate_doubt=doubt)
    found = straight_alone(context, np.array([0, 1, 2]))
    assert found[:, :2].tolist() == [[1000, 1000], [1060, 1060], [940, 1060]]
    assert np.isinf(found[:, 2]).all()
    for place in (0, 1):
        member = np.zeros(3)
        member[place] = 1.0
        table = reach_table(context, "g", member, radius_m=1000, walk_m=1000).frame
        assert table["radius_m"].tolist() == found[:, place].tolist()


def test_the_facility_is_named_that_is_nearest_to_the_gate_that_decides(layer_of):
    # F0 is 100 m from the middle and 500 m from the east gate; by the west gate F1 is nearer
    areas = layer_of("residential", [Point(0, 0)])
    sides = layer_of("gates", [Point(-600, 0), Point(600, 0)], residential=["R0", "R0"])
    places = layer_of("facilities", [Point(100, 0), Point(-1200, 0)])
    doubt = GateDoubt(sides, frozenset(["R0"]))
    none = layer_of("gates", [], residential=[])
    context = prepare_reach(areas, places, Parameters(), gates=none, gate_doubt=doubt)
    found = reach_table(context, "g", np.ones(2), radius_m=1000, walk_m=1000).frame.loc["R0"]
    assert (found["radius_m"], found["radius_facility"]) == (600, "F1")
    assert (found["radius_low_m"], found["radius_by_gate_m"]) == (100, 100)
