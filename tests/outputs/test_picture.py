"""Pictures: how much of a pixel a shape covers, and a file that others read."""

import io

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shapely import LineString, Point, Polygon, box

from lifecircle.outputs.office.picture import GLYPHS, Picture


def shapes(*found):
    return np.array(found, dtype=object)


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture.png())))


def test_a_box_fills_its_pixels_and_shares_those_it_cuts():
    picture = Picture(8, 6)
    picture.fill(shapes(box(2, 1, 5.5, 4)), "#000000")
    seen = pixels(picture)
    assert seen.shape == (6, 8, 3)
    assert (seen[1:4, 2:5] == 0).all()
    assert (seen[1:4, 5] == 128).all()  # half of 255
    assert (seen[0] == 255).all()
    assert (seen[4:] == 255).all()
    assert (seen[:, 6:] == 255).all()


def test_overlaps_fill_once_and_holes_stay_open():
    picture = Picture(30, 30)
    ring = box(2, 2, 28, 28).difference(box(10, 10, 20, 20))
    picture.fill(shapes(ring, ring.reverse(), box(2, 2, 6, 6)), "#ff0000", 0.5)
    seen = pixels(picture)
    assert tuple(seen[4, 4]) == (255, 128, 128)
    assert tuple(seen[4, 24]) == (255, 128, 128)
    assert tuple(seen[15, 15]) == (255, 255, 255)


def test_a_hair_leaves_its_ink_in_the_pixels_it_runs_through():
    picture = Picture(10, 8)
    two = shapely.MultiLineString([[(2, 3.5), (6, 3.5)], [(8.5, -4), (8.5, 2)]])
    picture.hairs(shapes(two, LineString([(0, 6.5), (20, 6.5)])), "#000000", 0.4)
    picture.hairs(shapes(LineString([(0, 0.5), (1, 0.5)]), LineString()), "#000000", 3.0)
    seen = np.full((8, 10), 255)
    seen[3, 2:6] = seen[0:2, 8] = seen[6, :] = 153  # six tenths of 255
    seen[0, 0] = 0  # no pixel takes more than all of it
    assert (pixels(picture) == seen[:, :, None]).all()
    other = Picture(10, 8)
    other.over(picture)
    other.fill(shapes(box(0, 0, 10, 8)), "#000000")
    assert (pixels(picture) == seen[:, :, None]).all()  # what lies over is drawn on a copy


def test_hairs_take_their_vertices_to_pixels_themselves():
    chance = np.random.default_rng(3)
    lines = shapely.linestrings(chance.uniform(-5.0, 25.0, (40, 3, 2)))

    def frame(points):
        return 10.0 + (points - 7.0) * np.array([0.7, -0.7])

    told, moved = Picture(20, 16), Picture(20, 16)
    told.hairs(lines, "#204060", 0.3, frame)
    moved.hairs(shapely.transform(lines, frame), "#204060", 0.3)
    assert told.png() == moved.png()


def test_what_lies_outside_is_cut_off():
    picture = Picture(10, 10)
    picture.fill(shapes(box(-50, -50, 5, 50), box(100, 100, 120, 120)), "#000000")
    picture.dots(np.array([[-40.0, 5.0]]), 3.0, "#ff0000")
    assert (pixels(picture)[:, :5] == 0).all()
    assert (pixels(picture)[:, 5:] == 255).all()


def test_a_line_has_its_width():
    picture = Picture(40, 20)
    picture.stroke(shapes(LineString([(5, 10), (35, 10)])), "#000000", 4.0)
    assert (pixels(picture)[8:12, 6:34] == 0).all()
    assert (pixels(picture)[:7] == 255).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(2, 58), st.floats(2, 38), st.floats(1, 12)), min_size=1, max_size=6
    )
)
def test_the_ink_is_the_area_of_the_union(circles):
    found = [Point(x, y).buffer(r, quad_segs=6) for x, y, r in circles]
    picture = Picture(60, 40)
    picture.fill(shapes(*found), "#000000")
    ink = (255.0 - pixels(picture)[:, :, 0]).sum() / 255.0
    whole = shapely.union_all(found).intersection(box(0, 0, 60, 40))
    # three scan lines a pixel: the error is along the edge alone
    assert ink == pytest.approx(whole.area, abs=0.25 * whole.length + 0.5)


def test_figures_are_told_apart_and_the_same_twice():
    def told(text):
        picture = Picture(60, 30)
        picture.text(text, (30.0, 15.0), 16.0, "#000000", 2.0)
        return picture.png()

    assert len({told(digit) for digit in "0123456789kmN"}) == 13
    assert told("12 km") == told("12 km")
    assert told("字") == told("")
    assert set(GLYPHS) == set("0123456789kmN ")


def test_nothing_to_draw_is_a_white_picture():
    picture = Picture(5, 5)
    picture.fill(shapes(), "#000000")
    picture.fill(shapes(Polygon(), None), "#000000")
    picture.stroke(shapes(LineString([(1, 1), (1, 1)])), "#000000")
    assert (pixels(picture) == 255).all()


def test_ink_is_laid_where_the_box_of_a_shape_lies_in_the_picture():
    """By hand: half red on white over rows 1 and 2, columns 2 and 3; then blue at a third of it."""
    picture = Picture(6, 5)
    picture.fill(np.array([shapely.box(2, 1, 4, 3)]), "#ff0000", 0.5)
    expected = np.full((5, 6, 3), 255.0)
    expected[1:3, 2:4] = (255.0, 127.5, 127.5)
    assert np.abs(picture._pixels - expected).max() < 1e-3
    picture.fill(np.array([shapely.box(3, -4, 9, 2)]), "#0000ff", 1 / 3)
    expected[0, 3:] = expected[1, 4:] = (170.0, 170.0, 255.0)
    expected[1, 3] = (170.0, 85.0, 170.0)
    assert np.abs(picture._pixels - expected).max() < 1e-3
