"""Questions at their edges: a clear answer each, on a street of two areas."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

import lifecircle as lc
from lifecircle.errors import SitingError
from lifecircle.model.inputs.layers import Layer

FIT = {"type": "闲置校舍", "floor_area_m2": 200, "floor": "1层", "land_use": "教育用地"}
AREAS = {"A": (0, {"households": 300}), "B": (3000, {"households": 200})}
BOTH = {"K1": (0, FIT), "K2": (3000, FIT)}


def test_no_place_may_be_added(line):
    for given in ({"sites": 0}, {"budget": 0}):
        plan = lc.site(line(AREAS, candidates=BOTH), "CX-06", **given)
        assert (plan.places, plan.answer.objective, plan.answer.proven) == ((), 0.0, True)
        assert {status for _, status in plan.statuses.values()} == {"deficient"}


def test_more_places_than_candidates(line):
    plan = lc.site(line(AREAS, candidates=BOTH), "CX-06", sites=9)
    assert plan.answer.sites == ("K1", "K2")
    assert plan.complete


@pytest.mark.parametrize("model", ["lscp", "mclp", "p-median", "p-center"])
def test_nowhere_to_build(line, model):
    with pytest.raises(SitingError, match="no_candidates"):
        lc.site(line(AREAS), "CX-06", sites=1, model=model)


def test_everybody_is_covered_already(line):
    standing = {"F1": (0, {"floor_area_m2": 50}), "F2": (3000, {"floor_area_m2": 50})}
    plan = lc.site(line(AREAS, facilities=standing, candidates=BOTH), "CX-06")
    assert (plan.planned_for, plan.places, plan.complete) == ((), (), True)
    assert [r.rate for r in plan.after if (r.scope, r.basis) == ("county", "areas")] == [1.0]
    plan = lc.site(line(AREAS, facilities=standing), "CX-03")
    assert (plan.planned_for, plan.places, plan.complete) == ((), (), True)


def test_whom_no_candidate_reaches(line):
    plan = lc.site(line(AREAS, candidates={"K1": (0, FIT)}), "CX-06")
    assert (plan.answer.unreachable, plan.answer.sites, plan.complete) == (("B",), ("K1",), False)


def test_weights_that_are_not_known_are_told(line):
    plan = lc.site(line(AREAS, candidates=BOTH), "CX-06", sites=1, weight="elders")
    assert plan.unweighted == ("A", "B")
    assert plan.answer.weight == 0.0
    assert plan.answer.sites == ()  # nobody known would gain


def test_an_offer_below_the_least_place_is_told(line):
    new = {"age_class": "new", "households_planned": 500}
    study = line(
        {"A": (0, new)},
        candidates={"K1": (10, FIT | {"floor_area_m2": 199})},
        size=100,
        standards=("jinxiang-2023",),
    )
    plan = lc.site(study, "JX-03")
    assert [note.ids for note in plan.notes if note.code == "below_minimum"] == [("K1",)]
    assert [place.candidate for place in plan.places] == ["N-A"]


def with_gates(study, spots):
    """Give area A gates of which nobody knows whether they are open; ``spots``: metres east."""
    middle = study.residential.frame.geometry["A"]
    places = [Point(middle.x + x, middle.y) for x in spots]
    known = {"residential": "A", "name": None, "open": None, "open_unknown": True}
    frame = gpd.GeoDataFrame([known] * len(spots), geometry=places, crs=study.crs)
    frame.index = pd.Index([f"G{n}" for n in range(len(spots))], name="id", dtype=object)
    return dataclasses.replace(study, gates=Layer("gates", frame), gates_from="given")


@pytest.mark.parametrize(("gate", "after"), [(-60, "compliant"), (50, "compliant"), (60, None)])
def test_an_area_is_planned_for_by_the_farthest_gate_that_may_be_its_only_one(line, gate, after):
    study = with_gates(line({"A": AREAS["A"]}, candidates={"K1": (-950, FIT)}), [gate])
    plan = lc.site(study, "CX-06", sites=1)
    assert plan.answer.sites == (("K1",) if after else ())
    assert plan.statuses["A"] == ("deficient", after or "deficient")
    nearest = lc.site(study, "CX-06", sites=1, model="p-median")
    assert nearest.statuses["A"] == ("deficient", after or "not_assessed")


def test_two_places_may_be_nearer_to_two_gates_than_either_is_alone(line):
    # by its west gate K1 is 850 m off and K2 1150 m, by its east gate the other way round
    areas = {**AREAS, "B": (-1000, {"households": 300}), "C": (1000, {"households": 300})}
    study = line(areas, candidates={"K1": (-1000, FIT), "K2": (1000, FIT)})
    for model in ("lscp", "mclp", "p-median"):
        plan = lc.site(with_gates(study, [-150, 150]), "CX-06", sites=2, model=model)
        assert plan.answer.sites == ("K1", "K2")
        assert {after for _, after in plan.statuses.values()} == {"compliant"}
