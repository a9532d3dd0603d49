"""Streets laid end to end: every piece once, no vertex moved, names and classes kept."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.assessing.layers.strung import strung_streets
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.reach.areas.trails import strung, trails


def lines_of(xy, ways, tags=None):
    start = np.cumsum([0, *map(len, ways)])
    frame = pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object)
    for row, values in (tags or {}).items():
        for name, value in values.items():
            frame.at[row, name] = value
    frame = frame.where(frame.notna(), None)
    vertex = np.concatenate([np.asarray(way, dtype=np.int64) for way in ways])
    return StreetLines("EPSG:4548", np.asarray(xy, dtype=float), start, vertex, frame)


def test_a_street_goes_straight_on_over_a_crossing():
    """Two streets of two pieces cross at 0; a ring of one piece, and one of two, stand apart."""
    first, last = np.array([1, 3, 0, 0, 5, 6, 7]), np.array([0, 0, 2, 4, 5, 7, 6])
    piece, ahead, trail = trails(first, last)
    of = {frozenset(piece[trail == n].tolist()) for n in range(trail[-1] + 1)}
    assert of == {frozenset({0, 2}), frozenset({1, 3}), frozenset({4}), frozenset({5, 6})}
    way = [
        (first[p], last[p]) if a else (last[p], first[p]) for p, a in zip(piece, ahead, strict=True)
    ]
    at = {p: n for n, p in enumerate(piece.tolist())}
    for one, other in ((0, 2), (1, 3), (5, 6)):
        here, there = sorted((at[one], at[other]))
        assert there == here + 1
        assert way[here][1] == way[there][0]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=80)
def test_trails_go_on_where_they_can(seed):
    """Loops, doubled pieces and crossings of any kind: no place is left with two open ends."""
    rng = np.random.default_rng(seed)
    places, n = int(rng.integers(1, 9)), int(rng.integers(0, 25))
    first, last = rng.integers(0, places, (2, n))
    piece, ahead, trail = trails(first, last)
    assert sorted(piece.tolist()) == list(range(n))
    assert (np.diff(trail) >= 0).all()
    begin, end = np.where(ahead, [first[piece], last[piece]], [last[piece], first[piece]])
    within = trail[1:] == trail[:-1]
    assert (end[:-1][within] == begin[1:][within]).all()
    heads = np.concatenate([[True], ~within])[:n]
    tails = np.concatenate([~within, [True]])[-n:] if n else heads
    open_ = begin[heads] != end[tails]  # a ring is closed
    left = np.bincount(np.concatenate([begin[heads][open_], end[tails][open_]]), minlength=places)
    met = np.bincount(np.concatenate([first, last]), minlength=places)
    assert (left == met % 2).all()


def test_names_and_classes_stay_apart():
    xy = [(0, 0), (10, 0), (20, 0), (30, 0)]
    tags = {0: {"name": "人民路", "highway": "primary"}, 1: {"highway": "primary"}}
    tags[2] = {"highway": "primary"}
    found = strung_streets(lines_of(xy, [[0, 1], [1, 2], [2, 3]], tags), ("name", "highway"))
    assert found["name"].tolist() == ["人民路", None]
    assert [shape.wkt for shape in found.geometry] == [
        "MULTILINESTRING ((0 0, 10 0))",
        "MULTILINESTRING ((10 0, 20 0, 30 0))",
    ]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_every_piece_is_there_once(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 12))
    xy = rng.uniform(0, 5000, (n, 2))  # over several squares
    ways = [rng.integers(0, n, rng.integers(2, 5)).tolist() for _ in range(rng.integers(1, 15))]
    ways = [way for way in ways if all(a != b for a, b in itertools.pairwise(way))]
    if not ways:
        return
    names = {i: {"name": rng.choice(["东", "西"])} for i in range(len(ways)) if rng.random() < 0.6}
    found = strung_streets(lines_of(xy, ways, names), ("name", "highway"))

    def segments(coordinates):
        ends = itertools.pairwise(coordinates)
        return sorted(tuple(sorted((tuple(a), tuple(b)))) for a, b in ends)

    for name in ("东", "西", None):
        kept = [
            shape for shape, own in zip(found.geometry, found["name"], strict=True) if own == name
        ]
        drawn = [s for shape in kept for line in shape.geoms for s in segments(list(line.coords))]
        given_ = [
            s
            for i, way in enumerate(ways)
            if names.get(i, {}).get("name") == name
            for s in segments([tuple(xy[v]) for v in way])
        ]
        assert sorted(drawn) == sorted(given_)
    assert shapely.is_valid(found.geometry.to_numpy()).all()


def test_lines_that_meet_are_one():
    """Two pieces of one street, a third elsewhere; within a millimetre is the same place."""
    lines = shapely.from_wkt(
        ["LINESTRING (0 0, 5 1)", "LINESTRING (9 9, 8 8)", "LINESTRING (5 1.0001, 9 0)"]
    )
    found = strung(lines)
    assert [len(line.coords) for line in found.geoms] == [3, 2]
    assert found.length == pytest.approx(shapely.length(lines).sum(), abs=1e-3)
