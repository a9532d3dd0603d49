"""What stays if the question is asked otherwise, and what could close: worked out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.siting.plans.candidates import candidates_of, with_candidates
from lifecircle.siting.plans.question import met
from lifecircle.standards import read_standard

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


@pytest.mark.parametrize("model", [None, "p-median"])
def test_other_choices_with_their_cost_and_who_gains_and_loses_by_judging_again(line, model):
    places = {"K1": (0, FIT | {"price": 50}), "K2": (3000, FIT | {"price": 30}), "K3": (6000, FIT)}
    study = line(AREAS, candidates=places)
    plan = lc.site(study, "CX-06", sites=1, model=model)
    assert {one.sites[0]: (one.cost, one.gains, one.loses) for one in plan.alternatives} == {
        "K2": (30, ("B",), ("A",)),
        "K3": (None, ("C",), ("A",)),
    }
    # K1 for A's 300 households, and Σ household × m from K1, K2, K3 is 720, 960, 2400 thousand
    assert (plan.answer.sites, plan.cost) == (("K1",), 50)
    bench = open_bench(open_case(study), read_standard("caoxian-2023"))
    offered = candidates_of(study, bench, bench.rule("CX-06")).candidates

    def judged(sites):
        built = [one for one in offered if one.id in sites]
        layer = with_candidates(study, built, plan.places[0].kind)
        fine = met(bench.changed(facilities=layer, arranging=False), "CX-06")
        return {area for area, yes in fine.items() if yes}

    for one in plan.alternatives:
        assert judged(one.sites) == judged(plan.chosen) - set(one.loses) | set(one.gains)


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


def test_a_quota_with_one_place_less_and_one_more(line):
    # A lacks 30, B 45, C 75, each with a building in reach of it alone: three places, 150 m².
    # One less leaves the smallest short; one more saves nothing, and no speed matters
    offered = {f"K{k}": (x, FIT) for k, x in enumerate((100, 3100, 6100))}
    areas = {
        "A": (0, {"households": 200}),
        "B": (3000, {"households": 300}),
        "C": (6000, {"households": 500}),
    }
    plan = lc.site(line(areas, candidates=offered), "CX-03")
    assert plan.provision.m2 == 150.0
    (fewer,) = plan.variants
    assert (fewer.asked, fewer.value, fewer.objective, fewer.unmet) == ("sites", 2.0, 120.0, 30.0)
    assert fewer.stay == fewer.sites == ("K1", "K2")
    assert "speed_no_matter" in {note.code for note in plan.notes}


def test_one_place_more_is_not_told_where_it_saves_nothing(line):
    # Jinxiang: 200 m² a place. A new area of 1000 households needs 300 on its plot, a small one
    # 200: each its own, and neither more nor fewer places would save anything
    jinxiang = {"standards": ("jinxiang-2023",), "size": 100}
    areas = {
        "A": (0, {"age_class": "new", "households_planned": 1000}),
        "B": (3000, {"age_class": "new", "households_planned": 300}),
    }
    plan = lc.site(line(areas, **jinxiang), "JX-03")
    assert [(one.value, one.unmet, one.stay) for one in plan.variants] == [(1.0, 200.0, ("N-A",))]


def test_what_m2_could_close_with_the_least_loss(line):
    # A has 60 of its own in F1 and needs 30; F2 beside it is not needed; B hangs on F3
    study = line(
        {"A": (0, {"households": 200}), "B": (3000, {"households": 300})},
        facilities={
            "F1": (0, {"floor_area_m2": 60}),
            "F2": (900, {"floor_area_m2": 40}),
            "F3": (3000, {"floor_area_m2": 45}),
        },
    )
    plan = lc.site(study, "CX-03", sites=0, close=True)
    assert plan.places == ()
    assert [(one.facility, one.loses, one.lost_weight) for one in plan.closing] == [
        ("F2", (), 0.0),
        ("F1", ("A",), 200.0),
        ("F3", ("B",), 300.0),
    ]


def test_nothing_built_for_a_quota_arranges_what_is_spare(line):
    # F1 has 100, its own area needs 60: B, which lacks 30, has them, and 10 of C's 45 are met
    study = line(
        {
            "A": (0, {"households": 400}),
            "B": (600, {"households": 200}),
            "C": (900, {"households": 300}),
        },
        facilities={"F1": (0, {"floor_area_m2": 100})},
    )
    plan = lc.site(study, "CX-03", sites=0)
    assert plan.places == ()
    assert sum(plan.provision.unmet.values()) == pytest.approx(35.0)
    assert not plan.complete
