"""A facility at the area that it serves tells which of the two was moved, and that way alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from lifecircle.intake.doubts.crowd import Crowd, Ties
from lifecircle.intake.doubts.orders import Split

FITS, NOT = 19.0, 1.0  # one in twenty names a wrong one
HERE, WEST, EAST = (np.array([[way, 0.0]]) for way in (0.0, -500.0, 500.0))
AT = {"facilities": np.array([[100.0, 0.0]]), "residential": np.array([[0.0, 0.0]])}


def tied(spot=100.0):
    """Return one facility so far east of the point that it serves, within 200 m of it or not."""
    rows = {name: np.array([0]) for name in AT}
    target = np.array([shapely.Point(0, 0)], dtype=object)
    return Ties(rows, np.array([[spot, 0.0]]), target, np.array([200.0]))


@pytest.mark.parametrize(
    ("spot", "move", "likely"),
    [
        (100.0, HERE, FITS),
        (100.0, WEST, NOT),  # 400 m from it
        (600.0, HERE, NOT),
        (600.0, WEST, FITS),
        (600.0, EAST, NOT),
    ],
)
def test_beside_an_area_that_lies_still(spot, move, likely):
    told = tied(spot).beside(AT, {}).told(move)
    assert told == pytest.approx([0.8 * math.log(likely)])


@pytest.mark.parametrize("likely", [0.0, 0.4, 1.0])
def test_beside_an_area_that_may_have_moved_too(likely):
    """Both moved, or neither, stand at each other; one of them alone does not."""
    two = {"residential": Split(0.0, np.array([likely]), AT["residential"] + WEST)}
    held = tied().beside(AT, two)
    assert held.told(HERE) == pytest.approx([0.8 * math.log((1 - likely) * FITS + likely * NOT)])
    assert held.told(WEST) == pytest.approx([0.8 * math.log((1 - likely) * NOT + likely * FITS)])


@pytest.mark.parametrize(
    ("here", "aside", "says"),
    [
        (8, 0, math.log(19)),  # 9 : 1 over 1 : 97, and one in twenty may be wrong
        (4, 0, math.log(19)),  # half of them: 5 : 5 over 1 : 97
        (0, 0, math.log((1 / 9) / (1 / 97))),
        (1, 7, math.log((2 / 8) / (8 / 90))),  # 7 of 8 that fit 600 m east
        (0, 8, math.log((1 / 9) / (9 / 89))),
    ],
)
def test_records_of_places_far_off_say_little(here, aside, says):
    """Eight facilities that serve areas: at them, 600 m west of them, or nowhere near."""
    spots = [(100.0, 0.0)] * here + [(-600.0, 0.0)] * aside + [(9000.0, 0.0)] * (8 - here - aside)
    targets = np.array([shapely.Point(0, 0)] * 8, dtype=object)
    rows = {name: np.arange(8) for name in AT}
    # 600 m the other way they are at them, 30° aside 311 m off: beyond 240
    told = Ties.of(rows, np.array(spots), targets, np.full(8, 200.0))
    assert told.says == pytest.approx(max(says, 0.0))


def test_facilities_that_left_their_areas_are_the_ones_that_moved():
    """Twenty facilities at homes two kilometres apart, ten of them 500 m off; a record of each."""
    homes = np.array([(2000.0 * n, 2000.0 * (n % 3)) for n in range(20)])
    moved = np.arange(20) % 2 == 1
    spots = homes + 50 + np.where(moved[:, None], EAST, HERE)
    units = np.array([str(n) for n in range(20)], dtype=object)
    both = {"facilities": spots, "residential": homes}
    rows = {name: np.arange(20) for name in both}
    crowd = Crowd(rows, both, dict.fromkeys(both, units))
    ties = Ties(rows, spots, shapely.points(homes), np.full(20, 200.0))
    home = np.ones(20, dtype=bool)
    told, bare = (
        crowd.around("facilities", both, ties=some).split(spots + WEST, 0.0, home, home)
        for some in (ties, None)
    )
    assert (told.moved > 0.5).tolist() == moved.tolist()
    assert told.gain > bare.gain
    # as far the other way none would be at its area
    other = crowd.around("facilities", both, ties=ties).split(spots + EAST, 0.0, home, home)
    assert other.gain < told.gain
