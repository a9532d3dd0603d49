"""Two figures in cells beside each other: they print alike only where they are alike."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.outputs.words.quantities import beside, figure_beside, parts_beside
from lifecircle.outputs.words.wording import Wording

ZH = Wording("zh", "report")


@pytest.mark.parametrize(
    ("value", "other", "unit", "told"),
    [
        (199.996, 200.0, "m2", "199.996 m²"),
        (200.0, 199.996, "m2", "200 m²"),
        (199.9999995, 200.0, "m2", "200 m²"),  # as alike as a threshold takes them
        (1000.4, 1000.0, "m", "1,000.4 m"),
        (1000.0, 1000.4, "m", "1,000 m"),
        (15.04, 15.0, "min", "15.04 min"),
        (180.0, 200.0, "m2", "180 m²"),
        (199.996, None, "m2", "200 m²"),
        (None, 200.0, "m2", "–"),
    ],
)
def test_by_hand(value, other, unit, told):
    assert beside(value, other, unit, ZH).replace("米", "m").replace("分钟", "min") == told


@given(
    st.floats(0, 1e4).map(lambda one: round(one, 3)),
    st.integers(-20_000, 20_000).map(lambda n: n / 1e5),
    st.sampled_from(["m2", "m", "min", "beds"]),
)
def test_they_print_alike_only_where_they_are(value, more, unit):
    other = value + more
    one, two = figure_beside(value, other, unit, ZH), figure_beside(other, value, unit, ZH)
    assert (one == two) == (abs(value - other) <= 1e-6)


@pytest.mark.parametrize(
    ("parts", "other", "told"),
    [
        ((60.0, 39.996), 100.0, ["60", "39.996"]),  # 99.996 is not 100
        ((99.996,), 100.0, ["99.996"]),
        ((60.0, 40.0), 100.0, ["60", "40"]),
        ((60.004, 39.99), 100.0, ["60", "39.99"]),  # 99.994: told apart by two decimals
        ((60.0, math.nan), 60.002, ["60", "–"]),
        ((60.0, 40.0), math.nan, ["60", "40"]),
    ],
)
def test_parts_have_the_decimals_that_tell_their_sum_apart(parts, other, told):
    assert parts_beside(parts, other, "", ZH) == told
