"""Few points are looked at, many asked of a tree: the answers are the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lifecircle.model.coordinates import near_points
from lifecircle.model.coordinates.near_points import near_each, pairs_within, tree_of

POINTS = st.integers(1, 20).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.integers(0, 6).map(float))
)


def as_many(monkeypatch):
    monkeypatch.setattr(near_points, "_FEW", 0)
    monkeypatch.setattr(near_points, "_FEW_PAIRED", 0)


def test_the_nearest_of_three_by_hand():
    tree = tree_of(np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]))
    far, which = tree.query(np.array([[3.0, 0.0], [0.0, 1.0]]))
    assert far.tolist() == [3.0, 1.0]
    assert which.tolist() == [0, 0]
    far, which = tree.query(np.array([[3.0, 0.0]]), distance_upper_bound=3.0)
    assert far.tolist() == [np.inf]  # the bound itself is out, as of a tree
    assert which.tolist() == [3]
    assert list(tree.query_ball_point(np.array([[0.0, 0.0]]), 5.0)) == [[0, 1, 2]]
    assert list(tree.query_ball_point(np.array([[0.0, 0.0]]), 4.9)) == [[0, 2]]


def test_points_near_each_of_few_places_and_of_many():
    points = np.array([[3.0, 4.0], [0.0, 0.0], [10.0, 0.0], [0.0, 0.0]])
    few = np.array([[0.0, 0.0], [10.0, 1.0]])
    assert near_each(points, few, 5.0) == [[0, 1, 3], [2]]  # 5 m away is within 5 m
    assert near_each(points, few, 4.9) == [[1, 3], [2]]
    many = np.repeat(few, near_points._FEW, axis=0)
    assert near_each(points, many, 5.0) == [[0, 1, 3]] * 64 + [[2]] * 64
    assert near_each(points[:0], few, 5.0) == [[], []]
    assert near_each(points[:0], many, 5.0) == [[]] * 128


def test_pairs_by_hand():
    points = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0], [0.0, 0.0]])
    assert pairs_within(points, 0.0).tolist() == [[0, 3]]
    assert pairs_within(points, 1.0).tolist() == [[0, 3]]
    assert len(pairs_within(points, 5.0)) == 6
    assert pairs_within(points[:0], 1.0).shape == (0, 2)


@settings(deadline=None)  # the first one loads the tree
@given(points=POINTS, asked=POINTS, reach=st.sampled_from([0.0, 1.0, 2.0, 2.5, 5.0, 20.0]))
def test_few_answer_as_a_tree_does(points, asked, reach):
    few = tree_of(points)
    with pytest.MonkeyPatch.context() as monkeypatch:
        as_many(monkeypatch)
        tree = tree_of(points)
        pairs = pairs_within(points, reach)
    assert type(few) is not type(tree)
    for bound in (np.inf, max(reach, 0.5)):
        far, which = few.query(asked, distance_upper_bound=bound)
        known, row = tree.query(asked, distance_upper_bound=bound)
        assert np.array_equal(far, known)
        assert np.array_equal(which == len(points), row == len(points))
        found = which < len(points)
        apart = asked[found] - points[which[found]]
        assert np.array_equal(np.sqrt((apart**2).sum(axis=1)), far[found])
    near = tree.query_ball_point(asked, np.full(len(asked), reach))
    assert near_each(points, asked, reach) == [sorted(hits) for hits in near]
    assert few.query_ball_point(asked, reach) == [sorted(hits) for hits in near]
    assert pairs_within(points, reach).tolist() == sorted(np.sort(pairs).tolist())


@settings(deadline=None)
@given(points=POINTS, reach=st.sampled_from([0.0, 1.0, 2.0, 2.5, 5.0, 20.0]))
def test_pairs_of_many_are_the_same_swept_and_by_a_tree(points, reach):
    found = {}
    for most in (1000, -1):  # neighbours along an axis: all are looked at, or none
        with pytest.MonkeyPatch.context() as monkeypatch:
            as_many(monkeypatch)
            monkeypatch.setattr(near_points, "_SWEPT", most)
            found[most] = pairs_within(points, reach).tolist()
    swept, known = found.values()
    assert swept == sorted(sorted(pair) for pair in known)
