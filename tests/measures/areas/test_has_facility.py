"""Whether an area has a facility at all: a yes, an open answer, or one that does not count."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.readings import put_in_force
from lifecircle.measures.areas.has_facility import has_facility
from lifecircle.model.dictionary import columns
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables
from lifecircle.standards import read_standard

DAY = dt.date(2025, 6, 30)
FACILITY = {"kinds": frozenset({"day_care"}), "stage": "in_use", "x": 0.0}
FACILITY |= {"floor_area_m2": 60.0, "over_line": False}
HOME = frozenset({"care_home"})


def rule(clause="WS-30b", **choices):
    """Return Weishan's question of existing areas: rooms that count, or a community's facility.

    ``clause``: WS-03 is that of new ones.
    """
    return put_in_force(read_standard("weishan-2023"), DAY, choices)[clause]


def layer(name, rows):
    known = columns(name)
    frame = pd.DataFrame(
        [[row.get(c) for c in known] for row in rows.values()],
        index=pd.Index(list(rows), name="id", dtype=str),
        columns=list(known),
        dtype=object,
    )
    numbers = [c for c, spec in known.items() if spec.type in {"number", "integer"}]
    return frame.astype(dict.fromkeys(numbers, float))


def judged(taken=None, sharing=(), clause="WS-30b", age_class="existing", **facilities):
    """Judge area A, 100 m wide round 0; a facility at 0 stands in it, one at 500 near nothing."""
    area = {"name": "A", "setting": "urban", "stage": "in_use", "age_class": age_class}
    rows = {name: FACILITY | row for name, row in facilities.items()}
    frame = layer("facilities", {name: {"name": name} | row for name, row in rows.items()})
    over = pd.Series([row["over_line"] for row in rows.values()], frame.index, dtype=bool)
    near = [(name, "A", 0.0, 0.0) for name, row in rows.items() if row["x"] == 0.0]
    pair = {"facility": object, "residential": object}
    tables = Tables(
        areas=area_columns(layer("residential", {"A": area})).assign(x=0.0, y=0.0),
        facilities=facility_columns(frame, over_line=over).assign(
            x=[row["x"] for row in rows.values()], y=0.0
        ),
        units=pd.DataFrame(),
        containment=pd.DataFrame(near, columns=list(CONTAINMENT_COLUMNS)).astype(pair),
        sharing=pd.DataFrame(list(sharing), columns=["facility", "residential", "m2"]).astype(pair),
    )
    found = has_facility(tables, rule(clause, **(taken or {})), pd.Index(["A"])).loc["A"]
    return found["low"], found["high"], found["reason"].code, found["reason"].params


YES = (1.0, 1.0, R.AREA_HAS, {"facility": "F"})
NO = (0.0, 0.0, R.AREA_LACKS, {})
OPEN = (0.0, 1.0, R.AREA_UNKNOWN, {"facility": "F"})
IDLE = (0.0, 0.0, R.AREA_HAS_IDLE, {"facility": "F", "stage": "idle"})


def none_but(code, **more):
    """Return the answer of an area that has none, beside F, 60 m², which is not its: why."""
    note = {"code": str(code), "params": {"facility": "F", "m2": 60.0, **more}}
    return (0.0, 0.0, R.AREA_LACKS, {"notes": [note]})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, YES),
        ({"stage": "accepted"}, YES),
        ({"stage": None}, OPEN),
        ({"stage": "idle"}, IDLE),  # it stands there, and does not count
        # nor does it stand in this county
        ({"stage": "idle", "over_line": True}, none_but(R.ASIDE_OUTSIDE)),
        ({"over_line": True}, none_but(R.ASIDE_OUTSIDE)),
        # all of it is beds, whatever service it has beside: what the m² say, yes and no say too
        ({"kinds": HOME, "community_area_m2": 0.0, "day_service": True}, none_but(R.ASIDE_BEDS)),
        ({"kinds": HOME, "community_area_m2": 1.0}, YES),
        ({"kinds": HOME}, OPEN),
        ({"stage": "idle", "kinds": frozenset({"family_bed"})}, NO),  # of no kind that is asked
        ({"stage": "idle", "kinds": frozenset({"other"}), "floor_area_m2": 0.0}, NO),
        ({"kinds": frozenset({"family_bed"})}, NO),
        ({"kinds": frozenset({"other"})}, OPEN),
        ({"kinds": frozenset({"activity_centre"})}, YES),  # rooms that count, whatever the kind
        ({"floor_area_m2": 0.0}, NO),  # rooms that hold nothing are none
        ({"floor_area_m2": None}, YES),
        ({"x": 500.0}, NO),
    ],
)
def test_one_facility(row, expected):
    assert judged(F=row) == expected


def test_in_use_or_built():
    assert judged({"A17": "in_use"}, F={"stage": "accepted"})[:3] == (0.0, 0.0, R.AREA_HAS_IDLE)
    assert judged({"A17": "in_use"}, F={}) == YES


def test_the_one_that_says_most_is_told():
    assert judged(E={"stage": "idle"}, F={}) == YES
    assert judged(E={"stage": None}, F={}) == YES
    assert judged(E={"x": 500.0}, F={"stage": None}, G={"stage": "idle"}) == OPEN
    assert judged(F={}, G={}) == YES  # of two alike the first
    assert judged(F={"stage": "idle"}, G={"stage": "idle"}) == IDLE


def test_one_of_which_nothing_is_known_where_it_is_may_be_the_areas():
    nowhere = float("nan")
    assert judged(F={"x": nowhere}) == OPEN
    assert judged(E={"x": nowhere}, F={}) == YES
    assert judged(F={"x": nowhere, "stage": "idle"}) == NO


def test_a_second_service_has_the_rooms_of_its_site():
    # E, 60 m² elsewhere, is nobody's here; F, in the same rooms without a figure, is A's by record
    second = {"floor_area_m2": None, "site": "S", "x": 500.0}
    rooms = {"E": {"site": "S", "x": 500.0}, "F": second}
    assert judged(sharing=[("F", "A", None)], **rooms) == YES
    rooms["E"]["floor_area_m2"] = 0.0  # the site has none
    assert judged(sharing=[("F", "A", None)], **rooms) == NO


def test_a_record_gives_it_to_the_area():
    assert judged(sharing=[("F", "A", None)], F={"x": 500.0}) == YES
    assert judged(sharing=[("F", "A", None)], F={"x": 500.0, "stage": None}) == OPEN


@pytest.mark.parametrize(
    ("clause", "age_class", "expected"),
    [
        ("WS-30b", "existing", YES),
        # a new area has no part in what is shared (A4), and is told so
        ("WS-03", "new", none_but(R.ASIDE_OFF_SITE, distance_m=500.0)),
        ("WS-03", None, OPEN),
        ("WS-30b", None, YES),  # if it counts at all, it is not new
    ],
)
def test_of_unknown_class_it_shares_only_perhaps(clause, age_class, expected):
    sharing = [("F", "A", None), ("F", "B", None)]
    found = judged(sharing=sharing, clause=clause, age_class=age_class, F={"x": 500.0})
    assert found == expected
