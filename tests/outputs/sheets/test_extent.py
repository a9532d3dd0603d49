"""How much ground a sheet shows: a place far from all others is left off, and named."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from lifecircle.outputs.sheets import draw_sheets
from lifecircle.outputs.sheets.contents.extent import beyond, kept_together, whole_bounds


def row(*metres, size=0.0):
    """Return boxes of places at metres east, in a row."""
    return np.array([[x, 0.0, x + size, size] for x in metres])


@pytest.mark.parametrize(
    ("metres", "lost"),
    [
        # eight places within 700 m; half of that is 350 m
        ([0, 100, 200, 300, 400, 500, 600, 700], []),
        ([0, 100, 200, 300, 400, 500, 600, 900], [7]),  # 300 m of nothing, half of 600
        ([0, 100, 200, 300, 400, 500, 600, 899], []),
        ([0, 100, 200, 300, 400, 500, 600, 10_000], [7]),
        ([-9_000, 100, 200, 300, 400, 500, 600, 700], [0]),
        ([0, 100, 200, 300, 400, 500, 10_000, 10_100], []),  # two of eight are no single place
        ([0, 100, 200, 300, 400, 500, 10_000], []),  # of seven none is left out
    ],
)
def test_one_place_far_off_is_left_out(metres, lost):
    assert np.flatnonzero(~kept_together(row(*metres))).tolist() == lost


def test_of_many_one_in_twenty_is_left_out():
    near = [(x, y) for x in range(0, 800, 100) for y in range(0, 500, 100)]  # 40 places
    far = [(20_000, 0), (0, -30_000)]
    boxes = np.array([(x, y, x, y) for x, y in [*near, *far]], dtype=float)
    assert np.flatnonzero(~kept_together(boxes)).tolist() == [40, 41]  # 2 of 42
    more = np.concatenate([boxes, boxes[-1:] + 500])
    # three would be too many: the two beyond the widest strip go
    assert np.flatnonzero(~kept_together(more)).tolist() == [41, 42]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=30))
def test_what_is_kept_is_most_and_turning_the_map_changes_nothing(places):
    xy = np.array(places, dtype=float) ** 3
    boxes = np.concatenate([xy, xy], axis=1)
    kept = kept_together(boxes)
    assert (~kept).sum() <= max(1, 0.05 * len(boxes))
    turned = np.concatenate([-xy[:, ::-1], -xy[:, ::-1]], axis=1)
    gaps = len(set(map(tuple, xy.tolist()))) == len(xy)
    assert not gaps or (kept_together(turned).sum() == kept.sum())


def test_the_side_on_which_a_place_lies():
    bounds = (0.0, 0.0, 100.0, 100.0)
    spots = {"a": (100.0, 100.0), "b": (300.0, 50.0), "c": (50.0, -9.0), "d": (-99.0, 199.0)}
    assert beyond(spots, bounds) == {"b": "east", "c": "south", "d": "northwest"}


def test_a_far_area_leaves_the_map_as_it_was_and_is_named(sample, tmp_path, font_file):
    areas = sample.layers["residential"]
    count = len(areas) + len(sample.layers["facilities"])
    assert count >= 8  # of which one may be left out
    before = whole_bounds(sample)
    shape = areas.geometry.iloc[0]
    far = areas.iloc[[0]].set_geometry([box(*(np.array(shape.bounds) + 90_000))], crs=areas.crs)
    far = far.rename(index={far.index[0]: "R99"}).assign(name="远村")
    layers = {**sample.layers, "residential": pd.concat([areas, far])}
    spread = dataclasses.replace(sample, layers=layers)
    assert whole_bounds(spread) == before
    drawn = draw_sheets(spread, tmp_path, ("svg",), groups=("now",), font=font_file)
    text = drawn.files[0].read_text(encoding="utf-8")
    assert "图幅以外 1 处" in text
    assert "远村（东北）" in text
