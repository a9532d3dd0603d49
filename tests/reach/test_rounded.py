"""Reach from rounded positions, by hand on a straight street and by brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from lifecircle.model.inputs.layers import ROUNDED
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import TravelTable
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.rounded import reach_rounded, rounding

STREET = [(-9000, 0), (9000, 0)]


def sought(layer_of, streets, areas, places, **more):
    """Return the table of areas and places: (geometry, how far off it may be)."""
    homes, houses = (
        layer_of(name, [one for one, _ in told], **{ROUNDED: [off for _, off in told]})
        for name, told in (("residential", areas), ("facilities", places))
    )
    context = prepare_reach(homes, houses, Parameters(), streets=streets, **more)
    limits = {"radius_m": 1000.0, "walk_m": 1000.0, "widened": {}}
    rounded = rounding(homes, houses)
    return reach_rounded(context, "community", np.ones(len(places)), rounded, **limits).frame


@pytest.fixture(scope="module")
def street(lines_of):
    return lines_of(STREET, [[0, 1]])


def test_both_ends_of_a_pair_widen_its_distance(layer_of, street):
    """900 m, 70 off at either end: 760 to 1040; beside 960 m to an exact place."""
    areas = [(Point(0, 0), 70.0), (Point(0, 0), 0.0)]
    for places, worst, low, who in (
        ([(Point(900, 0), 70.0)], [1040, 970], [760, 830], "F0"),
        ([(Point(900, 0), 70.0), (Point(960, 0), 0.0)], [1030, 960], [760, 830], "F1"),
    ):
        frame = sought(layer_of, street, areas, places)
        for measure in ("radius", "walk"):
            assert frame[f"{measure}_m"].tolist() == pytest.approx(worst)
            assert frame[f"{measure}_low_m"].tolist() == pytest.approx(low)
            assert frame[f"{measure}_facility"].tolist() == [who] * 2
            off = [70 * (who == "F0") + more for more in (70, 0)]
            assert frame[f"{measure}_rounded_m"].tolist() == pytest.approx(off)
            assert frame[f"{measure}_share"].tolist() == [0, 1]
            assert frame[f"{measure}_share_high"].tolist() == [1, 1]
        legs = frame[["access_m", "network_m", "egress_m"]].sum(axis=1)
        assert legs.tolist() == pytest.approx(frame["walk_m"] - frame["walk_rounded_m"])


def test_an_outline_is_not_rounded_and_its_share_is(layer_of, street):
    """Of a strip from 0 to 100 a place 950 ± 70 m from its near end reaches 20 m, up to all."""
    strip, place = (box(0, -1, 100, 1), 70.0), (Point(1030, 0), 70.0)
    frame = sought(layer_of, street, [strip], [place])
    assert frame["radius_m"].tolist() == [1050]
    assert frame["radius_low_m"].tolist() == [910]
    assert frame["radius_share"].item() == pytest.approx(0.0, abs=1e-3)
    assert frame["radius_share_high"].item() == pytest.approx(1.0, abs=1e-3)


def test_walks_handed_in_are_of_no_position(layer_of, street):
    given = {"demand": ["R0"], "facility": ["F0"], "cost": [990.0]}
    travel = TravelTable(pd.DataFrame(given), "m", 3000.0, "given")
    frame = sought(layer_of, street, [(Point(0, 0), 70.0)], [(Point(900, 0), 70.0)], travel=travel)
    assert frame[["walk_m", "walk_low_m", "walk_rounded_m"]].to_numpy().tolist() == [[990, 990, 0]]
    assert frame[["radius_m", "radius_low_m"]].to_numpy().tolist() == [[1040, 760]]


def test_every_distance_lies_between_both_ends(layer_of, street):
    """Moved anywhere within what they may be off, no pair is nearer or farther than is told."""
    rng = np.random.default_rng(7)
    for _ in range(5):
        at, to = rng.uniform(-4000, 4000, 12), rng.uniform(-4000, 4000, 9)
        off, error = rng.choice([0.0, 73.0], 12), rng.choice([0.0, 73.0, 720.0], 9)
        areas = [(Point(x, 0), e) for x, e in zip(at, off, strict=True)]
        places = [(Point(x, 0), e) for x, e in zip(to, error, strict=True)]
        frame = sought(layer_of, street, areas, places)
        far = np.abs(at[:, None] - to)
        worst = (far + error).min(axis=1) + off
        low = np.maximum((far - error).min(axis=1) - off, 0.0)
        assert frame["radius_m"].tolist() == pytest.approx(worst)
        assert frame["radius_low_m"].tolist() == pytest.approx(low)
        sure = far.min(axis=1) < 2000  # walks are searched to three kilometres
        assert frame["walk_m"][sure].tolist() == pytest.approx(worst[sure])
        for _ in range(20):
            moved_at = at + off * rng.uniform(-1, 1, 12)
            moved_to = to + error * rng.uniform(-1, 1, 9)
            true = np.abs(moved_at[:, None] - moved_to).min(axis=1)
            assert (true <= frame["radius_m"] + 1e-6).all()
            assert (true >= frame["radius_low_m"] - 1e-6).all()


def test_a_gate_widens_the_line_once_and_the_walk_twice(layer_of, street):
    """Gates 100 m from their points; places 890 m on: walks of 990.

    A gate 30 off: 860 to 920 straight, 930 to 1050 walked. So is an estate of 10 more: its line
    begins at the gate, its walk at its point.
    """
    points = [(Point(0, 0), 0.0), (Point(3000, 0), 10.0), (Point(-3000, 0), 10.0)]
    places = [(Point(x + 990, 0), 0.0) for x in (0, 3000, -3000)]
    homes, houses = (
        layer_of(name, [one for one, _ in told], **{ROUNDED: [off for _, off in told]})
        for name, told in (("residential", points), ("facilities", places))
    )
    gates = layer_of(
        "gates",
        [Point(100, 0), Point(3100, 0)],
        residential=["R0", "R1"],
        **{ROUNDED: [30.0, 30.0]},
    )
    context = prepare_reach(homes, houses, Parameters(), streets=street, gates=gates)
    rounded = rounding(homes, houses, gates)
    limits = {"radius_m": 1000.0, "walk_m": 1000.0, "widened": {}}
    frame = reach_rounded(context, "community", np.ones(3), rounded, **limits).frame
    assert frame["radius_m"].tolist() == pytest.approx([920, 920, 1000])
    assert frame["radius_low_m"].tolist() == pytest.approx([860, 860, 980])
    assert frame["walk_m"].tolist() == pytest.approx([1050, 1060, 1000])
    assert frame["walk_low_m"].tolist() == pytest.approx([930, 920, 980])


def test_the_walks_of_an_outline_widen_by_its_gate(layer_of, street):
    """A strip of 100 m, its gate at its end 80 m before the limit: all walk there, perhaps none.

    900 m from the gate to the place; the limit is 980. Off by 50 m the walk may be 100 longer.
    """
    for off, least, most in ((0.0, 0.8, 0.8), (5.0, 0.7, 0.9), (50.0, 0.0, 1.0)):
        homes = layer_of("residential", [box(0, -0.5, 100, 0.5)])
        houses = layer_of("facilities", [Point(1000, 0)])
        more = {"residential": ["R0"], ROUNDED: [off]}
        gates = layer_of("gates", [Point(100, 0)], **more)
        context = prepare_reach(homes, houses, Parameters(), streets=street, gates=gates)
        rounded = rounding(homes, houses, gates)
        if rounded is None:
            assert off == 0
            continue
        limits = {"radius_m": 980.0, "walk_m": 980.0, "widened": {}}
        frame = reach_rounded(context, "community", np.ones(1), rounded, **limits).frame
        assert frame["walk_share"].item() == pytest.approx(least, abs=0.04)
        assert frame["walk_share_high"].item() == pytest.approx(most, abs=0.04)
        assert frame["radius_share"].item() == frame["radius_share_high"].item()
