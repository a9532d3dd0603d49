"""Paper: the scale is true, everything fits, the page stands where that shows more."""

import math
from itertools import combinations, takewhile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.outputs.sheets.paper import (
    MARGIN,
    Box,
    Page,
    Window,
    fitting_window,
    page_for,
    round_length,
    scales,
)

LYING, STANDING = Page(420.0, 297.0), Page(297.0, 420.0)
BOUNDS = st.tuples(
    st.floats(4e5, 6e5), st.floats(3e6, 4e6), st.floats(0, 2e5), st.floats(0, 2e5)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


def meets(a, b):
    return a.x < b.right and b.x < a.right and a.y < b.top and b.y < a.top


@pytest.mark.parametrize("page", [LYING, STANDING])
def test_the_parts_of_a_page_lie_in_its_border_and_apart(page):
    parts = [page.title, page.foot, page.panel, page.ruler]
    for part in parts:
        assert part.x >= page.border.x
        assert part.y >= page.border.y
        assert part.right <= page.border.right + 1e-9
        assert part.top <= page.border.top + 1e-9
        assert part.width > 0 < part.height
    assert not [(a, b) for a, b in combinations(parts, 2) if meets(a, b)]
    assert page.map == page.ruler.grown(-5)


def test_scales_are_round():
    assert list(takewhile(lambda n: n <= 2500, scales())) == [
        *(500, 600, 700, 800, 1000, 1200, 1500, 2000, 2500),
    ]


def test_a_thousand_metres_at_25_000_are_forty_millimetres():
    window = Window(Box(20, 20, 300, 200), 25_000, 500_000.0, 3_850_000.0)
    here, there = window.on_paper(np.array([[500_000.0, 3_850_000.0], [500_600.0, 3_850_800.0]]))
    assert here.tolist() == [170.0, 120.0]  # the middle of the box
    assert math.dist(here, there) == pytest.approx(40.0, abs=1e-9)
    assert window.metres(40.0) == 1000.0
    assert window.bounds == (496_250.0, 3_847_500.0, 503_750.0, 3_852_500.0)


@given(BOUNDS)
def test_what_is_shown_fits_with_its_margin_and_no_larger_scale_would(bounds):
    box = LYING.map
    window = fitting_window(bounds, box)
    corners = window.on_paper(np.array(bounds).reshape(2, 2))
    free = box.grown(-MARGIN)
    slack = 1e-6
    assert (corners >= [free.x - slack, free.y - slack]).all()
    assert (corners <= [free.right + slack, free.top + slack]).all()
    larger = list(takewhile(lambda n: n < window.scale, scales()))
    if larger:
        wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
        needed = max(wide / free.width, high / free.height) * 1000
        assert larger[-1] < needed


def test_bounds_that_fit_exactly_keep_the_scale():
    free = LYING.map.grown(-MARGIN)
    size = free.width * 20  # metres at 1:20 000
    assert fitting_window((0, 0, size, 10), LYING.map).scale == 20_000
    assert fitting_window((0, 0, size + 1, 10), LYING.map).scale == 25_000


def test_a_point_gets_the_largest_scale():
    assert fitting_window((5, 5, 5, 5), LYING.map).scale == 500


@pytest.mark.parametrize(
    ("bounds", "page"),
    [
        ((0, 0, 100_000, 60_000), LYING),
        ((0, 0, 14_000, 75_000), STANDING),
        ((0, 0, 10, 10), LYING),  # no difference: lying
    ],
)
def test_a_narrow_county_stands(bounds, page):
    assert page_for(bounds) == page


@given(st.floats(1e-3, 1e7))
def test_round_lengths(length):
    found = round_length(length)
    assert found <= length * (1 + 1e-9)
    assert found * 2.5 >= length * (1 - 1e-9)
    mantissa = found / 10 ** math.floor(math.log10(found) + 1e-9)
    assert any(mantissa == pytest.approx(m) for m in (1, 2, 5))
