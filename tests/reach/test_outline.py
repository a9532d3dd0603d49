"""The quick outline against shapely's buffers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.reach.areas.outline import near_segments


@given(st.integers(0, 2**32 - 1), st.integers(1, 14), st.sampled_from([20.0, 25.0, 60.0]))
@settings(deadline=None, max_examples=80)
def test_inside_the_true_buffer_and_not_far_from_it(seed, n, side):
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 400, (n, 2))
    end = np.where(rng.random((n, 1)) < 0.2, start, rng.uniform(0, 400, (n, 2)))
    cell = 8.0
    drawn = near_segments(start, end, side, cell)
    assert drawn.is_valid
    lines = [
        shapely.LineString([a, b]) if (a != b).any() else shapely.Point(a)
        for a, b in zip(start, end, strict=True)
    ]
    away = shapely.union_all(lines)
    # all of it is within the side: its vertices, and points strewn over it
    xy = shapely.get_coordinates(drawn)
    assert shapely.distance(shapely.points(xy), away).max() <= side + 1e-9
    strewn = shapely.points(rng.uniform(-80, 480, (3000, 2)))
    far = shapely.distance(strewn, away)
    within = shapely.contains(drawn, strewn)
    assert (far[within] <= side + 1e-9).all()
    # and what is nearer by two cells is in it
    assert within[far <= side - 2 * cell].all()


def test_a_ring_road_leaves_its_middle_out():
    angle = np.linspace(0, 2 * np.pi, 61)
    xy = 300 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    both = near_segments(
        np.concatenate([xy[:-1], [[0, 0], [2000, 0]]]),
        np.concatenate([xy[1:], [[20, 0], [2000, 0]]]),
        25.0,
    )
    # a ring with a piece inside its hole, and a spot far away
    assert both.geom_type == "MultiPolygon"
    assert sorted(len(part.interiors) for part in both.geoms) == [0, 0, 1]
    width = 2 * (25 - 0.8 * 8)
    ring = max(both.geoms, key=lambda part: part.area)
    assert ring.area == pytest.approx(2 * np.pi * 300 * width, rel=0.06)


def test_nothing_and_too_narrow():
    assert near_segments(np.empty((0, 2)), np.empty((0, 2)), 25.0).is_empty
    with pytest.raises(ValueError, match="narrow"):
        near_segments(np.zeros((1, 2)), np.ones((1, 2)), 5.0, 10.0)
