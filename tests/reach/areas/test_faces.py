"""Blocks and ends equal GEOS's polygonizing, shape by shape and vertex by vertex."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecircle.reach.areas import faces
from lifecircle.reach.areas.faces import blocks_and_ends


def by_geos(lines):
    blocks, bridges, dead, _ = map(shapely.get_parts, shapely.polygonize_full(lines))
    return blocks, np.concatenate([bridges, dead])


def written(shapes):
    return [shape.wkt for shape in shapes]


def equal(lines):
    lines = np.array(lines, dtype=object)
    found, expected = blocks_and_ends(lines), by_geos(lines)
    assert [written(part) for part in found] == [written(part) for part in expected]
    if len(lines) and shapely.is_simple(shapely.multilinestrings(lines)):
        unseen = blocks_and_ends(lines, simple=True)
        assert [written(part) for part in unseen] == [written(part) for part in expected]
    return found


def line(*xy):
    return shapely.LineString(xy)


SQUARE = [line((0, 0), (0, 9)), line((0, 9), (9, 9), (9, 0)), line((9, 0), (0, 0))]


def test_a_square_with_a_dead_end_a_bridge_and_an_island():
    """81 less the island of 1; the bridge leads to a triangle of 2 outside of the square."""
    island = shapely.box(4, 4, 5, 5).exterior
    dead = [line((0, 0), (2, 2)), line((2, 2), (2, 3)), line((2, 2), (3, 2))]
    bridge, triangle = line((9, 9), (12, 9)), shapely.Polygon([(12, 9), (14, 9), (14, 11)])
    blocks, ends = equal([*SQUARE, *dead, island, bridge, triangle.exterior])
    assert sorted(shapely.area(blocks)) == [1, 2, 80]
    assert written(ends)[0] == bridge.wkt
    assert sorted(written(ends)[1:]) == sorted(written(dead))


def test_blocks_that_touch_themselves_at_a_corner():
    """A loop that hangs on a corner: inwards it is a hole, outwards a block beside."""
    inwards = [line((0, 0), (3, 1)), line((3, 1), (1, 3)), line((1, 3), (0, 0))]
    outwards = [line((9, 9), (12, 10)), line((12, 10), (10, 12)), line((10, 12), (9, 9))]
    blocks, ends = equal([*SQUARE, *inwards, *outwards])
    assert sorted(shapely.area(blocks)) == pytest.approx([4, 4, 77])
    assert not len(ends)


def test_one_line_round_and_two_side_by_side():
    loop = line((0, 0), (5, 0), (5, 5), (0, 0))
    twins = [line((5, 5), (7, 8), (9, 9)), line((5, 5), (8, 5), (9, 9))]
    assert len(equal([loop, *twins])[0]) == 2


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line((0, 0), (1, 1))],
        [line((0, 0), (1, 1)), line((1, 1), (2, 0))],
        [*SQUARE, line((0, 0), (2, 2), (2, 2), (3, 1))],  # a vertex that comes twice
    ],
)
def test_nothing_enclosed_and_vertices_that_come_twice(lines):
    equal(lines)


def test_directions_too_near_are_left_to_geos(monkeypatch):
    fan = [line((0, 0), (1e6, 1e-4)), line((1e6, 1e-4), (1e6, 0)), line((1e6, 0), (0, 0))]
    asked = []
    monkeypatch.setattr(faces, "_by_geos", lambda lines: asked.append(len(lines)) or by_geos(lines))
    equal(fan)
    assert {*asked} == {3}


@given(st.integers(0, 2**32 - 1), st.floats(0.3, 1.0), st.integers(2, 7))
@example(24595, 0.8125, 6)
@settings(deadline=None, max_examples=150)
def test_equals_polygonizing_of_grids_moved_by_chance(seed, kept, n):
    """With gaps, bends, islands, lines in any order and drawn from either end."""
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    xy = 100.0 * at + rng.uniform(-20, 20, at.shape)
    number = np.arange(n * n).reshape(n, n)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    up = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    pairs = rng.permutation(np.concatenate([across, up]))
    pairs = pairs[rng.random(len(pairs)) < kept]
    turned = rng.random(len(pairs)) < 0.5
    pairs[turned] = pairs[turned][:, ::-1]
    lines = []
    for a, b in xy[pairs]:
        bend = (a + b) / 2 + rng.uniform(-5, 5, 2)
        lines.append(line(a, bend, b) if rng.random() < 0.3 else line(a, b))
    for middle in 100.0 * rng.integers(0, n, (3, 2)) + 50.0:
        size = rng.uniform(4, 12)
        lines.append(shapely.box(*(middle - size), *(middle + size)).exterior)
    whole = shapely.multilinestrings(lines)
    equal(shapely.get_parts(shapely.node(whole)))


def test_rings_are_walked_from_their_lowest_side():
    """By hand: round 0, 4, 2, the 3 by itself, and 5, 7, 6; the 1 is left out."""
    after = np.array([4, 1, 0, 3, 2, 7, 5, 6])
    way, ring = faces._walked(after, np.arange(8) != 1)
    assert way.tolist() == [0, 4, 2, 3, 5, 7, 6]
    assert ring.tolist() == [0, 0, 0, 1, 2, 2, 2]


@given(st.permutations(range(40)), st.integers(0, 40))
def test_rings_are_walked_as_by_hand(after, left):
    after = np.array(after)
    gone = set()
    for begin in range(0, left, 3):  # whole rings are left out
        side = begin
        while side not in gone:
            gone.add(side)
            side = int(after[side])
    expected, seen = [], set(gone)
    for begin in range(40):
        side = begin
        while side not in seen:
            seen.add(side)
            expected.append(side)
            side = int(after[side])
    way, _ = faces._walked(after, ~np.isin(np.arange(40), sorted(gone)))
    assert way.tolist() == expected
