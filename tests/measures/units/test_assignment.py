"""Assignment: the host a document fixes, its journey, and the nearest beside it (A33)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pandas as pd
import pytest

from lifecircle.assessing.hosts import host_table
from lifecircle.case.columns import facility_columns
from lifecircle.judge.clauses import judge_rule
from lifecircle.judge.readings import put_in_force
from lifecircle.measures.units.assignment import assignment
from lifecircle.model.dictionary import columns
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.tables import JOURNEY_COLUMNS, Tables
from lifecircle.standards import read_standard

DAY = dt.date(2025, 6, 30)
SOUTH = put_in_force(read_standard("weishan-2023"), DAY)[
    "WS-20"
]  # 韩庄镇敬老院: 370826101, …111, …002
ISLAND = "370826111"
DRY = Reason(ReasonCode.ISLAND_WITHOUT_FERRY)


def tables(journeys):
    names = [c for c in columns("facilities") if c != "id"]
    rows = [
        {"name": "韩庄镇敬老院", "kinds": frozenset({"regional_centre"}), "unit": "370826101"},
        {"name": "夏镇街道敬老院", "kinds": frozenset({"regional_centre"}), "unit": "370826001"},
        {"name": "某敬老院", "kinds": frozenset({"care_home"}), "unit": "370826111"},
    ]
    facilities = pd.DataFrame(
        [{**dict.fromkeys(names), "stage": "in_use", **row} for row in rows],
        index=pd.Index(["H", "N", "C"], name="id"),
        columns=names,
        dtype=object,
    )
    units = pd.DataFrame(
        {"unit_type": "town", "level": "township", "parent": None, "x": 0.0, "y": 0.0},
        index=pd.Index(["370826101", ISLAND, "370826002"], name="id"),
    )
    empty = pd.DataFrame()
    return Tables(
        areas=empty,
        facilities=facility_columns(facilities).assign(x=0.0, y=0.0),
        units=units,
        containment=empty,
        sharing=empty,
        journeys=pd.DataFrame(journeys, columns=list(JOURNEY_COLUMNS)),
    )


def way(facility, start, metres, walk, drive, unknown=None):
    on_foot, by_car = (walk, walk, False, unknown), (drive, drive, True, unknown)
    return (ISLAND, facility, start, 1, metres, metres, *on_foot, *by_car, False)


def reason(journeys, rule=SOUTH):
    found = assignment(tables(journeys), rule, pd.Index([ISLAND]))
    assert found["low"].tolist() == [1.0]
    return found["reason"].iloc[0]


def test_the_journey_to_the_host_stands_beside_the_nearest():
    rows = [way("H", "seat", 9000.0, 200.0, 30.0), way("N", "seat", 8000.0, 260.0, 25.0)]
    # C is nearer than both and no regional centre: it does not count
    told = reason([*rows, way("C", "seat", 10.0, 1.0, 1.0)])
    assert told.code == ReasonCode.HOST_SERVES_TIMED
    assert told.params == {
        "facility": "H",
        "district": "南部片区",
        "distance_m": 9000.0,
        "drive_min": 30.0,
        "walk_min": 200.0,
        "nearest": "N",
        "nearest_m": 8000.0,
        "nearest_min": 25.0,
    }


def test_without_a_time_the_straight_line_is_told():
    nan = math.nan
    told = reason([way("H", "seat", 9000.0, nan, nan, DRY), way("N", "seat", 9500.0, 1.0, 1.0)])
    assert told.code == ReasonCode.HOST_SERVES_AWAY
    assert (told.params["distance_m"], told.params["nearest"]) == (9000.0, "H")
    assert reason([]).code == ReasonCode.HOST_SERVES


def test_villages_stand_in_for_the_seat_and_may_be_chosen():
    villages = [way("H", "villages", 5000.0, 100.0, 20.0)]
    assert reason(villages).params["drive_min"] == 20.0
    both = [*villages, way("H", "seat", 9000.0, 200.0, 30.0)]
    assert reason(both).params["drive_min"] == 30.0
    chosen = dataclasses.replace(SOUTH, readings={**SOUTH.readings, "A33": "from_villages"})
    assert reason(both, chosen).params["drive_min"] == 20.0


def test_the_table_of_hosts_has_a_line_a_unit():
    nan = math.nan
    rows = [
        way("H", "seat", 9000.0, nan, 30.0, None),
        way("N", "seat", 8000.0, 300.0, 35.0),
    ]
    rows[0] = (*rows[0][:8], True, DRY, *rows[0][10:])
    found = tables(rows)
    judged = judge_rule(found, SOUTH)
    lines = host_table(found, {"WS-20": judged})
    assert [line.unit for line in lines] == ["370826101", ISLAND, "370826002"]
    line = lines[1]
    assert (line.host, line.host_name, line.start, line.starts) == ("H", "韩庄镇敬老院", "seat", 1)
    assert (line.walk_min, line.walk_unknown, line.drive_min) == (None, DRY, 30.0)
    assert (line.nearest, line.nearest_m) == ("N", 8000.0)
    assert (line.nearest_walk, line.nearest_walk_min) == ("N", 300.0)
    assert (line.nearest_drive, line.nearest_drive_min) == ("H", 30.0)
    assert (lines[0].start, lines[0].straight_m, lines[0].nearest) == (None, None, None)
    assert str(line.status) == "compliant"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_words(language):
    from lifecircle import texts  # noqa: PLC0415

    said = [
        texts.say("reasons", str(r.code), language, **r.params)
        for r in (
            reason([way("H", "seat", 9000.0, 200.0, 30.0)]),
            reason([way("H", "seat", 9000.0, math.nan, math.nan, DRY)]),
            reason([]),
        )
    ]
    assert len(set(said)) == 3
    assert all("?" not in text for text in said)
