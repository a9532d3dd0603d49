"""The surface beside many streets equals that of buffers united one by one."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecircle.reach.areas.surface import _apart, _bordering, surface


def united(lines, side_m):
    return shapely.union_all(shapely.buffer(lines, side_m, quad_segs=16))


def test_a_block_with_an_estate_of_its_own_in_it():
    """Round a block of 400 m a ring of 20 m, and in its middle a smaller one round a loop."""
    outer, inner = shapely.box(0, 0, 400, 400), shapely.box(150, 150, 250, 250)
    lines = np.array([outer.exterior, inner.exterior], dtype=object)
    found = surface(lines, 10.0, few=0, hole_m2=0.0)
    assert found.is_valid
    assert len(found.geoms) == 2
    # four corners cut straight: half a square of 10 m each
    corners = 4 * 10**2 / 2
    expected = 4 * 400 * 10 + (400**2 - 380**2) + 4 * 100 * 10 + (100**2 - 80**2) + 2 * corners
    assert found.area == pytest.approx(expected, rel=0.02)
    assert not found.contains(shapely.Point(200, 200))
    assert not found.contains(shapely.Point(75, 75))
    assert found.contains(shapely.Point(200, 142))
    assert found.contains(shapely.Point(200, 9))


def test_dead_ends_inside_and_outside_of_a_block():
    box = shapely.box(0, 0, 300, 300).exterior
    ends = [
        shapely.LineString([(150, 0), (150, 150)]),
        shapely.LineString([(300, 300), (400, 400)]),
    ]
    found = surface(np.array([box, *ends], dtype=object), 10.0, few=0, hole_m2=0.0)
    assert found.is_valid
    assert found.contains(shapely.Point(142, 148))
    assert not found.contains(shapely.Point(150, 170))
    assert found.contains(shapely.Point(395, 400))


def test_small_holes_of_many_streets_are_filled():
    """A block of 120 m beside one of 118 m: within sides of 10 m, 100 m and 98 m by 100 m.

    By a hundredth the sides are nearer (see ``_SMOOTHED``): 100.2 by 100.2 m are over a hectare,
    98.2 by 100.2 m under it.
    """
    large, small = shapely.box(0, 0, 120, 120), shapely.box(120, 0, 238, 120)
    lines = np.array([large.exterior, small.exterior], dtype=object)
    found = surface(lines, 10.0, few=0)
    assert found.is_valid
    assert not found.contains(shapely.Point(60, 60))
    assert found.contains(shapely.Point(179, 60))
    holes = [hole for piece in found.geoms for hole in piece.interiors]
    assert [shapely.Polygon(hole).area for hole in holes] == pytest.approx([100.2**2])


@given(st.integers(0, 2**32 - 1), st.floats(0.4, 1.0))
@example(24595, 0.8125)  # a dead end cuts a middle in two, one of them small
@settings(deadline=None, max_examples=15)
def test_what_is_filled_lies_within_57_m_of_the_sides(seed, kept):
    rng = np.random.default_rng(seed)
    n = 6
    at = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    xy = 100.0 * at + rng.uniform(-35, 35, at.shape)
    number = np.arange(n * n).reshape(n, n)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    up = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    pair = np.concatenate([across, up])
    lines = shapely.linestrings(xy[pair[rng.random(len(pair)) < kept]])
    found = surface(lines, 25.0, few=0)
    assert found.is_valid
    assert found.buffer(1e-6).covers(surface(lines, 25.0, few=0, hole_m2=0.0))
    assert shapely.difference(found, united(lines, 25.0 + 57.0)).area < 1e-3
    for piece in shapely.get_parts(found):
        assert all(shapely.Polygon(hole).area >= 10_000 for hole in piece.interiors)


@given(st.integers(0, 2**32 - 1), st.floats(0.2, 1.0), st.floats(5, 60))
@settings(deadline=None, max_examples=25)
def test_equals_buffers_united(seed, kept, side):
    """Grids moved by chance, with gaps, islands and streets that cross without a junction."""
    rng = np.random.default_rng(seed)
    n = 5
    at = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    xy = 100.0 * at + rng.uniform(-35, 35, at.shape)
    number = np.arange(n * n).reshape(n, n)
    pair = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
            rng.integers(0, n * n, (3, 2)),
        ]
    )
    pair = pair[(rng.random(len(pair)) < kept) & (pair[:, 0] != pair[:, 1])]
    if not len(pair):
        return
    lines = shapely.linestrings(xy[pair])
    found, exact = surface(lines, side, few=0, hole_m2=0.0), united(lines, side)
    assert found.is_valid
    # never farther than the side, and no less than the rectangles beside the lines
    assert shapely.difference(found, exact.buffer(0.002 * side)).area < 1e-3
    sides = shapely.union_all(shapely.buffer(lines, 0.98 * side, cap_style="flat"))
    assert shapely.difference(sides, found).area <= 0.001 * sides.area
    assert shapely.difference(shapely.union_all(lines), found.buffer(1e-6)).length < 1e-6


def test_towns_apart_are_drawn_as_one_by_one_and_from_east_to_west():
    """A cross in each of three towns: the arms are rectangles of 200 m by 20 m less 1 %."""
    lines = [
        line
        for x in (0.0, 5_000.0, 900.0)
        for line in (
            shapely.LineString([(x - 100, 0), (x, 0)]),
            shapely.LineString([(x, 0), (x + 100, 0)]),
            shapely.LineString([(x, -100), (x, 0)]),
            shapely.LineString([(x, 0), (x, 100)]),
        )
    ]
    found = surface(np.array(lines, dtype=object), 10.0, few=0)
    assert [round(piece.centroid.x) for piece in found.geoms] == [5_000, 900, 0]
    side = 2 * 9.9
    assert [piece.area for piece in found.geoms] == pytest.approx([2 * 200 * side - side**2] * 3)


@given(st.integers(0, 2**32 - 1), st.floats(10, 60))
@settings(deadline=None, max_examples=25)
def test_what_is_in_different_collections_lies_apart(seed, apart):
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 1000, (20, 2))
    pieces = shapely.linestrings(np.stack([start, start + rng.uniform(-150, 150, (20, 2))], 1))
    found = _apart(pieces, apart)
    assert sorted(shapely.to_wkb(shapely.get_parts(found))) == sorted(shapely.to_wkb(pieces))
    for one, other in itertools.combinations(found, 2):
        assert shapely.distance(one, other) > apart


@given(
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 5)), min_size=1),
    st.integers(6, 8),
)
def test_squares_that_border_on_each_other_are_told_once(squares, tall):
    """Columns and rows of squares; where a column ends the next one begins, and borders not."""
    corner = np.array(sorted(squares))
    one, other = _bordering(corner[:, 0] * (tall + 1) + corner[:, 1], tall + 1)
    expected = [
        (a, b)
        for a, b in itertools.combinations(range(len(corner)), 2)
        if abs(corner[a] - corner[b]).max() == 1
    ]
    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == expected
