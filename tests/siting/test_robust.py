"""What stays if the question is asked otherwise, and what could close: worked out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.errors import SitingError
from lifecircle.model.inputs.streets import TAGS, StreetLines

FIT = {"type": "闲置校舍", "floor_area_m2": 200, "floor": "1层", "land_use": "教育用地"}
AREAS = {
    "A": (0, {"households": 300}),
    "B": (3000, {"households": 200}),
    "C": (6000, {"households": 20}),
}


def street(study):
    xs = np.arange(-1000.0, 8000.0, 50.0)
    tags = pd.DataFrame({name: [None] for name in TAGS}, dtype=object)
    tags["highway"] = "residential"
    lines = StreetLines(
        study.crs,
        np.column_stack([500_000.0 + xs, np.full(len(xs), 3_850_000.0)]),
        np.array([0, len(xs)], dtype=np.int64),
        np.arange(len(xs), dtype=np.int64),
        tags,
    )
    return dataclasses.replace(study, streets=lines)


def told(plan):
    return {(one.asked, round(one.value, 2)): (one.sites, one.stay) for one in plan.variants}


def test_one_place_less_and_one_more(line):
    study = line(AREAS, candidates={"K1": (0, FIT), "K2": (3000, FIT), "K3": (6000, FIT)})
    plan = lc.site(study, "CX-06", sites=2)
    assert plan.answer.sites == ("K1", "K2")
    assert told(plan) == {
        ("sites", 1): (("K1",), ("K1",)),
        ("sites", 3): (("K1", "K2", "K3"), ("K1", "K2")),
    }
    # 300, 200, then 20 households, less than a tenth of 300
    assert [(one.gain, one.pays) for one in plan.curve] == [(300, True), (200, True), (20, False)]


def test_other_walking_speeds(line):
    # K1 is 900 m from A: in 15 minutes 720 m are walked at 0.8 m/s, 900 at 1.0, 1125 at 1.25;
    # B has F1 at 1100 m, out of reach today (1000 m) and at less, within it at 1.25
    areas = {"A": (0, {"households": 300}), "B": (3000, {"households": 200})}
    study = line(
        areas,
        facilities={"F1": (4100, {"floor_area_m2": 90})},
        candidates={"K1": (900, FIT), "K2": (2800, FIT)},
    )
    plan = lc.site(street(study), "CX-05")
    assert plan.answer.sites == ("K1", "K2")
    assert told(plan) == {
        ("sites", 1): (("K1",), ("K1",)),
        ("speed", 0.8): (("K2",), ("K2",)),
        ("speed", 1.0): (("K1", "K2"), ("K1", "K2")),
        ("speed", 1.25): (("K1",), ("K1",)),
    }


def test_what_could_close_with_the_least_loss(line):
    places = {
        "F1": (0, {"floor_area_m2": 90}),
        "F2": (100, {"floor_area_m2": 90}),
        "F3": (3000, {"floor_area_m2": 90}),
        "F4": (6000, {"floor_area_m2": 90}),
        "F5": (9000, {"floor_area_m2": 90, "stage": "idle"}),
    }
    study = line(AREAS, facilities=places)
    plan = lc.site(study, "CX-06", sites=0, close=True)
    assert plan.places == ()
    assert [(one.facility, one.loses, one.lost_weight) for one in plan.closing] == [
        ("F1", (), 0.0),
        ("F2", (), 0.0),
        ("F4", ("C",), 20.0),
        ("F3", ("B",), 200.0),
    ]


def test_a_planned_place_makes_an_old_one_dispensable(line):
    areas = AREAS | {"D": (4100, {"households": 100})}
    study = line(
        areas,
        facilities={"F3": (2950, {"floor_area_m2": 90})},
        candidates={"K2": (3600, FIT)},
    )
    plan = lc.site(study, "CX-06", sites=1, close=True)
    assert plan.answer.sites == ("K2",)  # for D; it reaches B too, whom F3 alone reached
    assert [(one.facility, one.loses) for one in plan.closing] == [("F3", ())]


def test_nobody_closes_m2(line):
    with pytest.raises(SitingError, match="close_reach"):
        lc.site(line(AREAS), "CX-03", close=True)
