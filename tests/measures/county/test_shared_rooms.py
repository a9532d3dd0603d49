"""Rooms that serve several areas: which do for certain, and which may where a place is unknown."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.county.shared_rooms import shared_rooms
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.study import likely_table
from lifecircle.model.reason import ReasonCode as R

NAN = math.nan
FIRST, SECOND = ("370999001", "370999001001"), ("370999001", "370999001002")


def shared(areas, rooms, near=(), sharing=()):
    """Return low, high and the code told; ``areas``, ``rooms``: id to x, unit and community."""
    found = measured(areas, rooms, near, sharing)
    return found["low"], found["high"], found["reason"].code


def measured(areas, rooms, near=(), sharing=()):

    def frame(rows):
        table = pd.DataFrame.from_dict(rows, "index", columns=["x", "unit", "community"])
        return table.assign(x=table["x"].astype(float), y=table["x"].astype(float))

    columns = ["facility", "residential", "to_area_m", "straight_m"]
    tables = SimpleNamespace(
        areas=frame(areas),
        facilities=frame(rooms),
        containment=pd.DataFrame(near, columns=columns),
        sharing=pd.DataFrame(sharing, columns=["facility", "residential", "m2"]),
        likely=likely_table(()),
        parameters=Parameters(),
    )
    return shared_rooms(tables, SimpleNamespace(value=None), pd.Index([])).iloc[0]


@pytest.mark.parametrize(
    ("lost", "high"),
    [
        ((NAN, None, None), 1.0),
        ((NAN, "370999001", None), 1.0),
        ((NAN, *FIRST), 1.0),
        ((NAN, *SECOND), 0.0),
        ((NAN, "370999101", None), 0.0),
        ((9.0, *FIRST), 0.0),
    ],
)
def test_rooms_in_no_known_area_may_stand_in_one_of_unknown_place(lost, high):
    # F, of the first community, serves A; if it stands in L, whose people need no record, both
    areas = {"A": (1.0, *FIRST), "L": lost}
    found = shared(areas, {"F": (5.0, *FIRST)}, sharing=[("F", "A", 30.0)])
    assert found == (0.0, high, R.COUNTED_OPEN if high else R.NO_ROOMS_SHARED)


def test_rooms_of_the_one_area_of_unknown_place_are_its_own():
    areas = {"L": (NAN, *FIRST)}
    assert shared(areas, {"F": (5.0, *FIRST)}, sharing=[("F", "L", 30.0)])[:2] == (0.0, 0.0)
    # there is no other they may stand in, without a place neither
    assert shared(areas, {"F": (NAN, *FIRST)}, sharing=[("F", "L", 30.0)])[:2] == (0.0, 0.0)


@pytest.mark.parametrize(("other", "high"), [(FIRST, 1.0), (SECOND, 0.0)])
def test_rooms_of_unknown_place_may_stand_in_another_area_than_the_one_they_serve(other, high):
    areas = {"A": (1.0, *FIRST), "B": (2.0, *other)}
    found = shared(areas, {"F": (NAN, *FIRST)}, sharing=[("F", "A", 30.0)])
    assert found[:2] == (0.0, high)


def test_rooms_in_one_area_that_serve_one_of_unknown_place():
    # F stands in A and serves L, which may begin 50 m further: its own then, and nothing is shared
    areas = {"A": (1.0, *FIRST), "L": (NAN, *FIRST)}
    near, rooms = [("F", "A", 0.0, 10.0)], {"F": (5.0, *FIRST)}
    assert shared(areas, rooms, near, [("F", "L", 30.0)]) == (0.0, 1.0, R.COUNTED_OPEN)
    # with A in the record too it serves two, wherever they are
    two = [("F", "A", 30.0), ("F", "L", 30.0)]
    assert shared(areas, rooms, near, two) == (1.0, 1.0, R.ROOMS_SHARED)


def test_what_is_agreed_with_others_is_told_with_the_longest_line():
    # F stands in A: 40 m² there, 30 for B 424 m off (y is x here); nobody says how much for C,
    # 1,000 m off
    areas = {"A": (0.0, *FIRST), "B": (300.0, *FIRST), "C": (1000 / 2**0.5, *SECOND)}
    near = [("F", "A", 0.0, 0.0)]
    record = [("F", "A", 40.0), ("F", "B", 30.0), ("F", "C", NAN)]
    reason = measured(areas, {"F": (0.0, *FIRST)}, near, record)["reason"]
    assert reason.code is R.ROOMS_SHARED
    told = {name: reason.params[name] for name in ("count", "areas_served", "m2", "distance_m")}
    assert told == {"count": 1, "areas_served": 3, "m2": 30, "distance_m": pytest.approx(1000)}
