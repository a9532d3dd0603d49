"""Columns and shapes: what is written is what is read, to the last digit shown."""

from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import GeometryCollection, LineString, MultiPoint, Point, box

from lifecircle import texts
from lifecircle.outputs.maps import pack, shapes
from lifecircle.outputs.maps.pack import Codes, Figures, Pairs, Texts, packed


@pytest.fixture
def read(unpack_text):
    return lambda **columns: unpack_text(packed(columns))


def test_columns_come_back(read):
    found = read(
        codes=Codes(np.array([0, 255, 7])),
        wide=Codes(np.array([-1, 70_000])),
        few=Texts(["甲", None, "甲", "甲", "乙"]),
        many=Texts(["一", "</script>", None]),
        none=Texts([]),
        plain={"a": [1, "x", None]},
    )
    assert found == {
        "codes": [0, 255, 7],
        "wide": [-1, 70_000],
        "few": ["甲", None, "甲", "甲", "乙"],
        "many": ["一", "</script>", None],
        "none": [],
        "plain": {"a": [1, "x", None]},
    }


@pytest.mark.parametrize(
    "values",
    [[], [1, -2], [0, 255, 256, -256, 32_767, -32_767], [2**31 - 1, 3, -(2**31) + 1, -32_769]],
)
def test_pairs_come_back(read, values):
    assert read(p=Pairs(np.array(values, dtype=np.int64))) == {"p": values}


def test_long_pairs_come_back_among_what_is_not(read, monkeypatch):
    """The stream is in pieces then: text, runs, numbers, runs, and an end of its own."""
    monkeypatch.setattr(pack, "_LONG", 64)
    chance = np.random.default_rng(3)
    first, last = (chance.integers(-300, 300, 400) for _ in range(2))
    found = read(a=Pairs(first), n=Codes(np.arange(90)), short=Pairs(first[:6]), z=Pairs(last))
    assert found == {
        "a": first.tolist(),
        "n": list(range(90)),
        "short": first[:6].tolist(),
        "z": last.tolist(),
    }


def test_a_pair_too_large_is_refused():
    with pytest.raises(ValueError, match="2147483648"):
        packed({"p": Pairs(np.array([2**31, 0]))})


def test_many_vertices_of_the_ground_are_drawn_to_half_a_metre():
    """A line of 50,001 vertices, from 116 east by 3e-6 degree each: a third of a metre."""
    lon = 116.0 + 3e-6 * np.arange(50_001)
    line = LineString(np.column_stack([lon, np.full(len(lon), 35.123_456_7)]))
    (((fine,),), ((coarse,),)) = (rings(shapes.table([line], ground=g)) for g in (False, True))
    assert len(fine) == 50_001
    assert np.unique(np.rint(fine[:, 0] * 1e7)).tolist() == [351_234_570]
    assert np.unique(np.rint(coarse[:, 0] * 1e7)).tolist() == [351_234_600]
    # each of the 15,001 columns of 1e-5 degree once
    assert np.rint(coarse[:, 1] * 1e5).tolist() == list(range(11_600_000, 11_615_001))


def test_no_letter_of_the_block_can_end_a_script():
    text = packed({"n": "</script><img src=x onerror=alert(1)>", "t": Texts(["<!--", "]]>"])})
    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set("<>& ")


def test_gaps_and_endless_figures_stay_what_they_are(read):
    found = read(f=Figures(np.array([math.nan, math.inf, 0.0, -3.25, 12.5]), 1))["f"]
    assert found == [None, math.inf, 0, -3.2, 12.5]
    assert read(f=Figures(np.array([1e12]), 0))["f"] == [2_147_483_646]


@settings(deadline=None, max_examples=60)
@example([0.001, -0.004, 0.0], 2)
@given(
    st.lists(st.integers(-(10**9), 10**9).map(lambda x: x / 1000), min_size=1, max_size=20),
    st.integers(0, 2),
)
def test_figures_are_rounded_as_every_output_prints_them(values, digits):
    whole = Figures(np.array(values), digits).scaled()
    for value, scaled in zip(values, whole, strict=True):
        shown = texts.number(scaled / 10**digits, digits)
        if value and float(f"{value:.{digits}f}") == 0:  # texts have decimals enough for any
            assert scaled == math.copysign(1, value)
            continue
        assert shown.replace("-0", "0") == texts.number(value, digits).replace("-0", "0")


def test_a_number_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        packed({"a": math.nan})


def rings(table):
    """Put a table's rings together again, as lists of (lat, lon) in degrees, shape by shape."""
    given_ = {name: getattr(c, "values", c) for name, c in table.items()}
    starts = np.reshape(given_["start"], (-1, 2))
    steps = np.reshape(given_["steps"], (-1, 2))
    out, ring, step, last = [], 0, 0, np.zeros(2)
    for count in given_["rings"]:
        mine = []
        for _ in range(count):
            more = given_["count"][ring] - 1
            parts = np.vstack([last + starts[ring], steps[step : step + more]])
            whole = np.cumsum(parts, axis=0)
            last = whole[-1]
            mine.append(whole * given_["unit"] / 1e6)
            ring, step = ring + 1, step + more
        out.append(mine)
    return out


def test_coordinates_survive_the_steps(town):
    frame = town.layers["residential"]
    (ring,) = rings(shapes.table(shapes.located(frame, town.crs)))[0]
    to_degrees = Transformer.from_crs("EPSG:4548", "EPSG:4326", always_xy=True)
    wanted = shapely.get_coordinates(shapely.orient_polygons(frame.geometry["R01"]))
    lon, lat = to_degrees.transform(wanted[:-1, 0], wanted[:-1, 1])
    # whole numbers of 1e-6 degree: half of it at most
    assert np.abs(ring[:, 0] - lat).max() <= 0.5e-6 + 1e-12
    assert np.abs(ring[:, 1] - lon).max() <= 0.5e-6 + 1e-12


def test_shapes_keep_their_kind_and_order():
    hole = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
    two = shapely.union_all([box(5, 5, 6, 6), box(8, 8, 9, 9)])
    # lat, lon, then steps; a vertex that falls on the one before is left out
    line = LineString([(116.0, 35.0), (116.0, 35.0), (116.1, 35.2)])
    mixed = GeometryCollection([Point(0, 0), GeometryCollection([box(0, 0, 1, 1)])])
    spots = MultiPoint([(116.5, 35.25), (116.6, 35.5)])
    table = shapes.table([hole, None, line, spots, two, mixed])
    assert table["dim"].values.tolist() == [2, 255, 1, 0, 2, 2]
    assert table["rings"].values.tolist() == [2, 0, 1, 2, 2, 1]
    found = rings(table)
    assert [len(ring) for ring in found[0]] == [4, 4]
    assert found[2][0].tolist() == [[35.0, 116.0], [35.2, 116.1]]
    assert [ring.tolist() for ring in found[3]] == [[[35.25, 116.5]], [[35.5, 116.6]]]


@pytest.mark.parametrize("turned", [False, True])
def test_holes_turn_the_other_way(turned):
    # all shapes of one colour are filled as one path: a hole must not fill, an overlap must
    hole = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
    (found,) = rings(shapes.table([hole.reverse() if turned else hole]))
    assert [bool(shapely.is_ccw(shapely.linearrings(ring[:, ::-1]))) for ring in found] == [
        True,
        False,
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(-179, 179), st.integers(-85, 85)), min_size=2, max_size=6
        ).map(LineString),
        min_size=1,
        max_size=5,
    )
)
def test_lines_come_back_but_for_doubled_vertices(lines):
    for line, (ring,) in zip(lines, rings(shapes.table(lines)), strict=True):
        wanted = shapely.get_coordinates(shapely.remove_repeated_points(line))[:, ::-1]
        kept = [
            wanted[0],
            *(b for a, b in pairwise(wanted) if (a != b).any()),
        ]
        assert np.allclose(ring, kept)


def test_no_shapes_at_all():
    table = shapes.table([])
    assert table["n"] == 0
    assert table["steps"].values.tolist() == []
    assert rings(shapes.table([None, None])) == [[], []]


def test_places_off_the_globe_are_nowhere():
    far = [Point(math.inf, math.inf), Point(519_000, 3_131_000), None, Point()]
    frame = gpd.GeoDataFrame(index=list("abcd"), geometry=far, crs="EPSG:4548")
    found = shapes.located(frame, "EPSG:4548")
    assert [place is None for place in found] == [True, False, True, True]
