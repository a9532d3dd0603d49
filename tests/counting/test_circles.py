"""The fullest circle against every circle through two points, on small random sets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.counting.circles import fullest_circle, most_reached

RADIUS = 10.0


def by_hand(xy, weight, radius):
    """Try the circles round every point and those through every two: one of them is the fullest."""
    centres = [*xy]
    for a, b in itertools.combinations(xy, 2):
        apart = np.hypot(*(b - a))
        if 0 < apart <= 2 * radius:
            across = np.array([-(b - a)[1], (b - a)[0]]) / apart
            rise = np.sqrt(max(radius**2 - (apart / 2) ** 2, 0.0))
            centres += [(a + b) / 2 + rise * across, (a + b) / 2 - rise * across]
    return max((weight[np.hypot(*(xy - c).T) <= radius + 1e-7].sum() for c in centres), default=0.0)


def one(xy, weight, radius=RADIUS):
    return float(fullest_circle(np.array(xy, float), np.array(weight, float)[:, None], radius)[0])


def test_nobody():
    assert fullest_circle(np.empty((0, 2)), np.empty((0, 1)), RADIUS).tolist() == [0.0]


def test_the_edge_is_inside():
    # 20 m apart: one circle of 10 m has both on its edge
    assert one([(0, 0), (20, 0)], [1, 2]) == 3
    assert one([(0, 0), (20.001, 0)], [1, 2]) == 2


def test_three_on_a_triangle():
    # equilateral, side 15: its outer circle is 15/√3 = 8.66 m
    side = 15.0
    assert one([(0, 0), (side, 0), (side / 2, side * 3**0.5 / 2)], [1, 1, 1]) == 3
    # side 18: 10.39 m, so only two of them
    side = 18.0
    assert one([(0, 0), (side, 0), (side / 2, side * 3**0.5 / 2)], [1, 1, 1]) == 2


def test_many_on_one_point_count_each():
    assert one([(5, 5)] * 8, [1] * 8) == 8


def test_without_limit_all():
    assert one([(0, 0), (1e6, 0)], [1, 2], np.inf) == 3


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5)), min_size=1, max_size=9
    )
)
def test_equal_to_every_circle_tried(points):
    xy, weight = np.array([p[:2] for p in points], float), np.array([p[2] for p in points], float)
    assert one(xy, weight) == pytest.approx(by_hand(xy, weight, RADIUS))


@given(st.integers(0, 5), st.integers(0, 2**16))
def test_two_kinds_of_weight_are_two_questions(n, seed):
    rng = np.random.default_rng(seed)
    xy, weight = rng.uniform(0, 40, (n, 2)), rng.integers(0, 4, (n, 2)).astype(float)
    both = fullest_circle(xy, weight, RADIUS)
    alone = [float(fullest_circle(xy, weight[:, [k]], RADIUS)[0]) for k in range(2)]
    assert both.tolist() == alone


def test_facilities_reach_at_best_a_circle_each_where_they_may_stand():
    # two clusters of 3 and 2, and one alone, all farther apart than 20 m
    xy = np.array([(0, 0), (1, 0), (2, 0), (100, 0), (101, 0), (200, 0)], float)
    ones = np.ones((6, 1))
    everywhere, east = tuple(range(6)), (3, 4, 5)
    assert most_reached(xy, ones, {everywhere: 1}, RADIUS).tolist() == [3]
    assert most_reached(xy, ones, {east: 1}, RADIUS).tolist() == [2]
    assert most_reached(xy, ones, {everywhere: 1, east: 1}, RADIUS).tolist() == [5]
    assert most_reached(xy, ones, {everywhere: 9}, RADIUS).tolist() == [6]  # never more than all
    assert most_reached(xy, ones, {(): 4}, RADIUS).tolist() == [0]
