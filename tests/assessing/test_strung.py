"""Streets laid end to end: every piece once, no vertex moved, names and classes kept."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.assessing.layers.strung import strung, strung_streets, trails
from lifecircle.model.inputs.streets import TAGS, StreetLines


def lines_of(xy, ways, tags=None):
    start = np.cumsum([0, *map(len, ways)])
    frame = pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object)
    for row, values in (tags or {}).items():
        for name, value in values.items():
            frame.at[row, name] = value
    frame = frame.where(frame.notna(), None)
    vertex = np.concatenate([np.asarray(way, dtype=np.int64) for way in ways])
    return StreetLines("EPSG:4548", np.asarray(xy, dtype=float), start, vertex, frame)


def test_a_square_and_its_tail_are_one_line():
    first, last = np.array([0, 1, 3, 0, 4]), np.array([1, 2, 2, 3, 0])
    piece, ahead, trail = trails(first, last)
    assert sorted(piece.tolist()) == [0, 1, 2, 3, 4]
    assert set(trail.tolist()) == {0}
    assert len(ahead) == 5


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
