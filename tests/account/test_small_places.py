"""A single minimum beside a quota that has none of its own: on which places an area rests."""

from __future__ import annotations

import dataclasses
import itertools
import math
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import AS_OF, NAN, county

from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.judge.readings import put_in_force
from lifecircle.standards import read_standard

OWN = """
id = "mingxian-2024"
title = { zh = "某县办法", en = "Rules of a county" }
issuer = "某县人民政府"
number = "某政发〔2024〕1号"
county = "370999"
issued = 2024-01-01
compared_on = 2024-06-01
source = "某县人民政府网站"
inherits = "jinxiang-2023"

[clauses.MX-01]
overrides = "JX-03"
section = "二"
quote = "每百户30平方米"
force = "每百户"
options = { sharing = "none" }
[[clauses.MX-01.versions]]
valid_from = 2024-01-01
value = 30
references = [{ title = "某县办法", clause = "二" }]
"""


@cache
def rules():
    """Put in force 30 m² a 100 households, and 200 m² a place, which the quota knows nothing of."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.toml"
        path.write_text(OWN, encoding="utf-8")
        return put_in_force(read_standard(path), AS_OF, {})


def found_of(rooms, households=1000, sharing=(), more=None):
    """Judge area 甲 (JX-04) with rooms of so many m², each a place: status and flags."""
    areas = {"甲": {"x": 0, "age_class": "new", "households_planned": households}, **(more or {})}
    facilities = {f"F{n}": {"x": 0, "floor_area_m2": m2} for n, m2 in enumerate(rooms)}
    tables = county(areas, facilities, sharing)
    tables = dataclasses.replace(tables, account=account_of(tables, rules(), arranging=False))
    frame = judge_rule(tables, rules()["JX-04"]).findings
    row = frame.loc["甲"]
    return str(row["status"]), {str(flag) for flag in row["flags"]}


def by_hand(rooms, households=1000):
    """Return the status: large places that meet the quota alone, else every place counts."""
    if not rooms:
        return "not_applicable"
    large = [m2 for m2 in rooms if m2 >= 200]
    if large and math.fsum(large) >= 30 * households / 100:
        return "compliant"
    return "compliant" if len(large) == len(rooms) else "deficient"


@pytest.mark.parametrize(
    ("rooms", "status"),
    [
        # 1000 households: 300 m²
        ([210, 100], "deficient"),  # 310 in all, 210 in places that are large enough: rested on
        ([210, 90], "deficient"),
        ([300, 100], "compliant"),  # the small one is a note
        ([299.9, 100], "deficient"),
        ([200, 100, 100], "deficient"),
        ([200, 200, 100], "compliant"),
        ([150, 150], "deficient"),
        ([210], "compliant"),  # too little: the quota says so
    ],
)
def test_small_places_are_a_note_only_where_the_large_ones_do(rooms, status):
    assert by_hand(rooms) == status
    found, flags = found_of(rooms)
    assert found == status
    # a small place beside large ones that do is marked, whatever the quota says of small places
    assert ("below_minimum" in flags) == (status == "compliant" and min(rooms) < 200)


def test_a_room_that_serves_two_areas_counts_as_far_as_it_could():
    # F0 (300 m²) serves 甲 and 乙, F1 (100) 甲: 甲 takes 100 + 200, and could rest on F0 alone
    two = {"乙": {"x": 400, "age_class": "new", "households_planned": 100}}
    pairs = [("F0", "甲", NAN), ("F0", "乙", NAN)]
    found, _ = found_of([300, 100], sharing=pairs, more=two)
    assert found in {"compliant", "not_assessed"}
    # of 150 m² agreed for 甲 it could not
    pairs = [("F0", "甲", 150.0), ("F0", "乙", NAN)]
    assert found_of([300, 150], sharing=pairs, more=two)[0] == "deficient"


SIZES = (60.0, 120.0, 199.0, 200.0, 260.0, 320.0)


@settings(settings.get_profile("brute"))
@given(
    st.lists(st.sampled_from([*SIZES, NAN]), max_size=3),
    st.sampled_from([400, 1000, 1400]),
)
def test_whatever_the_blanks_turn_out_to_be(rooms, households):
    told = found_of(rooms, households)
    ways = [
        [given if math.isnan(room) else room for room, given in zip(rooms, way, strict=True)]
        for way in itertools.product((*SIZES, 1e4), repeat=len(rooms))
    ]
    ends = {by_hand(way, households) for way in ways}
    if told[0] != "not_assessed":
        assert ends == {told[0]}
    else:
        assert len(ends) == 2
