"""Records that name one phase of a project while the room stands on another's ground.

Once it is known that both are of one project the room is the project's: whichever of them is lived
in, and whether the other is built or not. Every ending is judged and held against what was said.
"""

from __future__ import annotations

import copy
import importlib.util
import itertools
import math
import os
import random
from pathlib import Path

import pytest

from lifecircle.model.reason import ReasonCode

pytestmark = pytest.mark.judged_alone("CX-01", "CX-03", "SD-01", "WS-03")

_SPEC = importlib.util.spec_from_file_location(
    "open_by_hand", Path(__file__).with_name("test_open_by_hand.py")
)
hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hand)

area, room, county, status, base = hand.area, hand.room, hand.county, hand.status, hand.base
UNREAD = {"stage": None, "stage_unread": True}
ENDINGS = {
    "stage": ("in_use", "planned", "idle"),
    "age_class": ("new", "existing"),
    "setting": ("urban", "rural"),
}
ASKED = {"has_facility", "provision", "compliance_rate", "single_minimum"}


def phase(x, **more):
    return area((x, 0), project="P", age_class="new", built_year=base.NAN) | more


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        # what the record gives the empty phase stands on the other's ground, which is lived in
        ({}, {"stage": "planned"}, ("compliant", "not_applicable")),
        ({"stage": "planned"}, {"stage": "planned"}, ("not_applicable", "not_applicable")),
        (UNREAD, {"stage": "planned"}, ("not_assessed", "not_applicable")),
        # two phases that are lived in are one; a record of what is off the site of one alone is not
        ({}, {}, ("compliant", "compliant")),
        ({"stage": "idle"}, {}, ("not_applicable", "deficient")),
        (UNREAD, {}, ("not_assessed", "not_assessed")),
        ({}, UNREAD, ("not_assessed", "not_assessed")),
        ({"age_class": "existing"}, UNREAD, ("not_applicable", "not_assessed")),
    ],
)
def test_a_room_on_one_phase_is_the_project_s_where_its_record_names_another(one, other, told):
    areas = {"R": phase(0, **one), "Q": phase(600, **other)}
    bench = county("weishan-2023", areas, {"F": room(250)}, sharing=[("F", "Q", base.NAN)])
    assert tuple(status(bench, "WS-03", name) for name in areas) == told


def test_m2_of_such_a_room_count_where_the_other_phase_is_empty():
    # R asks for 60 m² if it is lived in: 250 m² stand there, by record those of the planned Q
    told = {}
    for name, stage in (("in use", {}), ("unread", UNREAD), ("idle", {"stage": "idle"})):
        areas = {
            "R": phase(0, households=300, households_planned=300, **stage),
            "Q": phase(600, stage="planned"),
        }
        bench = county("caoxian-2023", areas, {"F": room(250)}, sharing=[("F", "Q", base.NAN)])
        told[name] = status(bench, "CX-01", "R")
    assert told == {"in use": "compliant", "unread": "not_assessed", "idle": "not_applicable"}


@pytest.mark.parametrize(
    ("phase_at_600_m", "told"),
    [
        ({}, "compliant"),
        ({"stage": "idle"}, "deficient"),
        (UNREAD, "not_assessed"),
        ({"stage": "planned"}, "compliant"),
        ({"stage": "planned", "age_class": "new"}, "deficient"),
        ({"stage": "planned", "age_class": None}, "not_assessed"),
        ({"stage": "idle", "age_class": None}, "deficient"),
    ],
)
@pytest.mark.parametrize("far", [1200, 1600, 1700])
def test_a_record_reaches_as_far_as_from_the_nearest_phase(phase_at_600_m, told, far):
    # R asks for 15 m²: 40 m² by record at 1000 m from the other phase at most (it is at 600 m)
    old = {"age_class": "existing"}
    areas = {"R": phase(0, **old), "Q": phase(600, **old | phase_at_600_m)}
    rooms = {"F": room(90, (far, 0))}
    bench = county("caoxian-2023", areas, rooms, sharing=[("F", "R", 40.0)])
    found = status(bench, "CX-03", "R")
    # of a phase that may be one with it records are told without their reach
    assert found == (told if far <= 1600 or phase_at_600_m is UNREAD else "deficient")


PLACES = ((1500, 900), (1800, 900), (9000, 0))


@pytest.mark.one_in(4)
@pytest.mark.parametrize("stage", ["in_use", "planned", "under_construction", None])
@pytest.mark.parametrize(
    ("homes", "point", "named"), [(50, True, "Q"), (200, True, "R"), (200, False, "Q")]
)
def test_a_phase_of_unknown_place_may_be_in_reach_of_what_is_recorded(stage, homes, point, named):
    # 250 m² at (1500, 900), 1749 m from R: its phase Q stands there, 300 m off, or farther than R
    told = {}
    for at in (*PLACES, None):
        areas = {
            "R": area((3000, 0), project="P", point=point),
            "Q": area(at, project="P", point=point, stage=stage, households=homes),
        }
        rooms = {"F": room(250, (1500, 900))}
        bench = county("caoxian-2023", areas, rooms, sharing=[("F", named, base.NAN)])
        told[at] = status(bench, "CX-03", "R")
    assert told == dict.fromkeys(PLACES[:2], "compliant") | {
        PLACES[2]: "deficient",
        None: "not_assessed",
    }


def test_a_record_in_reach_of_one_phase_is_so_wherever_the_other_is():
    # 300 m from R; Q, which leads since more live there, has no place
    areas = {"R": area((3000, 0), project="P"), "Q": area(None, project="P", households=200)}
    rooms = {"F": room(250, (3300, 0))}
    bench = county("caoxian-2023", areas, rooms, sharing=[("F", "R", base.NAN)])
    assert (status(bench, "CX-03", "R"), status(bench, "CX-03", "Q")) == ("compliant", "compliant")


def test_what_is_missing_is_where_the_phase_is():
    areas = {"R": area((3000, 0), project="P"), "Q": area(None, project="P", stage="planned")}
    rooms = {"F": room(250, (1500, 900))}
    bench = county("caoxian-2023", areas, rooms, sharing=[("F", "R", base.NAN)])
    reason = bench.one("CX-03").findings.at["R", "reason"]
    assert (reason.code, reason.params["residential"]) == (ReasonCode.PHASE_UNKNOWN, "Q")
    assert reason.params["field"] == "position"


@pytest.mark.parametrize(
    ("m2", "told"), [(20, ("not_assessed", "not_assessed")), (30, ("compliant", "not_assessed"))]
)
def test_rooms_are_first_for_the_area_of_their_record_that_they_stand_by_wherever_it_is(m2, told):
    # R and Q ask for 15 m² each, by one record; F is 100 m from R, and 20 m or more from Q
    ends = {}
    for at in ((120, 0), (100, 150), (9000, 0), None):
        areas = {"R": area(point=True), "Q": area(at, point=True)}
        sharing = [("F", one, base.NAN) for one in areas]
        bench = county("caoxian-2023", areas, {"F": room(m2, (100, 0))}, sharing=sharing)
        ends[at] = tuple(status(bench, "CX-03", one) for one in areas)
    both = ("compliant", "compliant")
    assert ends[120, 0] == (both if m2 == 30 else ("deficient", "compliant"))
    assert ends[100, 150] == (both if m2 == 30 else ("compliant", "deficient"))
    assert ends[9000, 0] == ("compliant", "deficient")  # out of reach
    assert ends[None] == told


def test_rooms_without_a_place_may_stand_in_the_new_area_of_their_record():
    # 30 m² of which the record names 30 for R; on the site of N, which is new, they are N's first
    told = {}
    for at in ((1200, 900), (600, 0), None):
        areas = {
            "R": area((600, 0), age_class="old", households=1000),
            "N": area((1200, 900), age_class="new"),
        }
        sharing = [("F", "R", 30.0), ("F", "N", base.NAN)]
        bench = county("weishan-2023", areas, {"F": room(30, at)}, sharing=sharing)
        told[at] = status(bench, "SD-01", "N")
    assert told == {(1200, 900): "compliant", (600, 0): "deficient", None: "not_assessed"}


def drawn(seed):
    """Draw phases with something open, rooms on their ground and records; and a bench of them."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    standard = rng.choice(["weishan-2023", "jinxiang-2023", "caoxian-2023"])
    names, main = "ABC"[: rng.choice([2, 3])], rng.choice(["new", "new", "existing"])
    areas = {}
    for number, name in enumerate(names):
        homes = rng.choice([100, 300, 1000])
        areas[name] = phase(
            600 * number,
            age_class=main if rng.random() < 0.8 else rng.choice(["new", "existing"]),
            stage=rng.choice(["in_use", "in_use", "planned", "under_construction", "idle"]),
            households=homes,
            households_planned=homes,
            required_m2=rng.choice([90.0, base.NAN, base.NAN]),
        )
    open_ = [(a, rng.choice(list(ENDINGS))) for a in rng.sample(names, k=rng.choice([1, 1, 2]))]
    rooms, sharing = {}, []
    for name in ("F", "G")[: rng.choice([1, 2])]:
        rooms[name] = room(rng.choice([20, 60, 90, 250]), areas[rng.choice(names)]["at"])
        served = rng.sample(names, k=rng.choice([0, 1, 1, 2]))
        sharing += [(name, one, rng.choice([base.NAN, 40.0])) for one in served]

    def bench(*ending):
        world = copy.deepcopy(areas)
        for (name, field), value in zip(open_, ending or itertools.repeat(None), strict=False):
            unread = UNREAD if field == "stage" else {field: None}
            world[name] |= unread if value is None else {field: value}
        return county(standard, world, rooms, sharing=sharing)

    return bench, [ENDINGS[field] for _, field in open_]


@pytest.mark.parametrize("seed", range(700 if os.environ.get("LARGE") else 6))
def test_no_ending_of_what_is_open_of_phases_contradicts_what_was_said(seed):
    bench, endings = drawn(seed)
    opened = bench()
    asked = [rule.id for rule in opened.rules if rule.measure in ASKED]
    said = {name: opened.one(name) for name in asked}
    for ending in itertools.product(*endings):
        known = bench(*ending)
        assert list(base.wrong(said, {name: known.one(name) for name in asked})) == [], ending


PLACED = ((0, 0), (600, 0), (1700, 0), (9000, 0))


def drawn_without_places(seed):
    """Draw phases, a neighbour and rooms of one record or several, some without a place."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    standard = rng.choice(["weishan-2023", "jinxiang-2023", "caoxian-2023"])
    main = rng.choice(["new", "existing", "existing"])
    areas = {
        name: phase(
            rng.choice([0, 600, 1200, 3000]) + 40 * number,
            age_class=main,
            project=rng.choice(["P", "P", None]),
            point=rng.random() < 0.5,
            stage=rng.choice(["in_use", "in_use", "planned", "idle"]),
            households=(homes := rng.choice([50, 100, 300])),
            households_planned=homes,
        )
        for number, name in enumerate("ABC")
    }
    rooms, sharing = {}, []
    for name in ("F", "G"):
        rooms[name] = room(rng.choice([10, 20, 60, 250]), (rng.choice([30, 110, 660, 1640]), 0))
        served = rng.sample("ABC", k=rng.choice([0, 1, 1, 2]))
        sharing += [(name, one, rng.choice([base.NAN, base.NAN, 10.0])) for one in served]
    lost = rng.sample(["A", "B", "C", "F"], k=rng.choice([1, 1, 2]))

    def bench(*ending):
        homes, built = copy.deepcopy(areas), copy.deepcopy(rooms)
        for name, at in zip(lost, ending or itertools.repeat(None), strict=False):
            (homes if name in homes else built)[name]["at"] = at
        return county(standard, homes, built, sharing=sharing)

    drawn = {name: row["at"] for name, row in areas.items() if not row["point"]}
    every = itertools.product(PLACED, repeat=len(lost))
    return bench, [end for end in every if not _overlap(drawn, dict(zip(lost, end, strict=True)))]


def _overlap(drawn, ending):
    """Return whether an ending puts an outline on another: what stands in both is open anew."""
    places = drawn | {name: at for name, at in ending.items() if name in drawn}
    return any(
        math.dist(places[one], places[other]) < 2 * base.HALF
        for one, other in itertools.combinations(places, 2)
        if {one, other} & ending.keys()
    )


@pytest.mark.parametrize("seed", range(700 if os.environ.get("LARGE") else 6))
def test_no_place_of_what_has_none_contradicts_what_was_said(seed):
    bench, ends = drawn_without_places(seed)
    opened = bench()
    asked = [rule.id for rule in opened.rules if rule.measure in ASKED]
    said = {name: opened.one(name) for name in asked}
    for ending in ends:
        known = bench(*ending)
        assert list(base.wrong(said, {name: known.one(name) for name in asked})) == [], ending
