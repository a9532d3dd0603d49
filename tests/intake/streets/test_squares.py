"""Stretches that may meet, told by squares: the same as looking at all of them."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.streets.test_crossings import lines_of

from lifecircle.intake.streets import crossings
from lifecircle.intake.streets.squares import Boxes, vertices_in


def boxes_of(xy, ends):
    a, b = np.array(ends).T
    return Boxes(a, b, np.minimum(xy[a], xy[b]), np.maximum(xy[a], xy[b]))


def in_turn(xy, ends):
    """Look at every vertex with every box, and at every two boxes."""
    box = [(np.minimum(*xy[[a, b]]), np.maximum(*xy[[a, b]])) for a, b in ends]
    inside = [
        (v, n)
        for v in sorted({v for pair in ends for v in pair})
        for n, (low, high) in enumerate(box)
        if v not in ends[n] and (low <= xy[v]).all() and (xy[v] <= high).all()
    ]
    meeting = [
        (m, n)
        for m, n in itertools.combinations(range(len(ends)), 2)
        if not {*ends[m]} & {*ends[n]}
        and (box[m][0] <= box[n][1]).all()
        and (box[n][0] <= box[m][1]).all()
    ]
    return inside, meeting


def places_of(draw, count):
    whole = st.integers(0, 12)
    return np.array(draw(st.lists(st.tuples(whole, whole), min_size=count, max_size=count)), float)


@st.composite
def streets(draw):
    xy = places_of(draw, draw(st.integers(2, 14)))
    pairs = list(itertools.combinations(range(len(xy)), 2))
    ends = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=12))
    return xy * draw(st.sampled_from([1.0, 1 / 3, 1e5])), ends


@settings(max_examples=80, deadline=None)
@given(streets())
def test_squares_find_what_looking_at_all_finds(given_):
    xy, ends = given_
    boxes, (inside, meeting) = boxes_of(xy, ends), in_turn(*given_)
    found, pairs = vertices_in(boxes, xy), boxes.meeting()
    assert found is None or list(zip(*map(np.ndarray.tolist, found), strict=True)) == inside
    assert pairs is None or list(map(tuple, pairs.T.tolist())) == meeting


def test_a_vertex_in_a_box_and_two_boxes_that_meet():
    """By hand: the second street ends in the first one's box, the third lies far away."""
    xy = np.array([(0, 0), (10, 0.5), (4, 0.25), (4, 9), (50, 50), (60, 50)], float)
    boxes = boxes_of(xy, [(0, 1), (2, 3), (4, 5)])
    assert [one.tolist() for one in vertices_in(boxes, xy)] == [[2], [0]]
    assert boxes.meeting().tolist() == [[0], [1]]


def test_what_goes_out_from_one_vertex_is_no_pair():
    xy = np.array([(0, 0), (5, 5), (5, 5), (9, 9)], float)
    boxes = boxes_of(xy, [(0, 1), (0, 2), (0, 3)])
    assert boxes.meeting().shape == (2, 0)
    assert [one.tolist() for one in vertices_in(boxes, xy)] == [[1, 1, 2, 2], [1, 2, 0, 2]]


def test_nothing_and_crowds_are_left_to_others():
    none = np.empty(0, dtype=np.int64)
    assert Boxes(none, none, np.empty((0, 2)), np.empty((0, 2))).meeting() is None
    turn = np.linspace(0, np.pi, 80, endpoint=False)
    tip = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    xy = np.concatenate([100 * tip, -100 * tip])
    boxes = boxes_of(xy, [(n, n + 80) for n in range(80)])
    assert boxes.meeting() is None  # 3160 pairs of 80


def test_crowded_streets_cross_as_others_do(monkeypatch):
    """80 diameters of a circle meet in one place; so do 5, of which squares tell."""
    for count in (5, 80):
        turn = np.linspace(0, np.pi, count, endpoint=False)
        ways = [[(np.cos(t), np.sin(t)), (-np.cos(t), -np.sin(t))] for t in turn]
        lines = lines_of([[(100 * x, 100 * y) for x, y in way] for way in ways])
        found = crossings.find_crossings(lines, 0.01)
        assert found.count == 1
        assert np.abs(found.new_xy).max() < 1e-9
        assert {*found.segment.tolist()} == {2 * n for n in range(count)}
    chance = np.random.default_rng(3)
    lines = lines_of(chance.uniform(0, 400, (150, 2, 2)).round().tolist())
    by_squares = crossings.find_crossings(lines, 0.01)
    monkeypatch.setattr(crossings, "vertices_in", lambda *_: None)
    by_tree = crossings.find_crossings(lines, 0.01)
    for name in ("segment", "along_m", "vertex", "new_xy"):
        assert np.array_equal(getattr(by_squares, name), getattr(by_tree, name))
