"""Where a study could build: what is offered, what is left out and told, and how it is built."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString

import lifecircle as lc
from lifecircle.case.built import with_plan
from lifecircle.errors import SitingError
from lifecircle.model.inputs.streets import StreetLines
from lifecircle.siting.plans.ground import in_water

AREAS = {"A": (0, {"households": 100}), "B": (3000, {"households": 300})}
FIT = {"type": "闲置校舍", "floor_area_m2": 200, "floor": "1层", "land_use": "教育用地"}


def told(plan):
    return {note.code: note.ids for note in plan.notes}


def test_what_a_candidate_says_is_in_the_plan(line):
    row = {**FIT, "land_area_m2": 900, "beds": 12, "price": 30, "price_per_m2": 1500}
    study = line(AREAS, candidates={"K1": (100, row), "K2": (2900, {"name": "空地"})})
    plan = lc.site(study, "CX-06")
    first, second = plan.places  # B has more households, so K2 comes first
    assert (first.candidate, first.nature, first.source, first.source_id) == (
        *("K2", "new", "candidates", "K2"),
    )
    assert (first.cost, first.beds, first.land_m2, first.size_m2) == (None,) * 4
    assert first.to_check == ("floor", "land_use")
    assert (second.nature, second.land_m2, second.beds) == ("convert", 900.0, 12.0)
    assert second.cost == 30 + 1500 * 200 / 10_000  # 60
    assert (second.sequence, second.households, second.to_check) == (2, 100.0, ())
    (served,) = second.serves
    assert (served.area, served.cost, served.m2, served.gained) == ("A", 100.0, None, True)
    assert second.lon == pytest.approx(117.0011, abs=1e-4)


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("floor", "地下一层", "floor"),
        ("floor", "负一层", "floor"),
        ("floor", "-1", "floor"),
        ("floor", "夹层", "floor"),
        ("floor", "B1", "floor"),
        ("land_use", "工业用地", "land_use"),
        ("land_use", "交通运输用地", "land_use"),
        ("land_use", "采矿用地", "land_use"),
    ],
)
def test_what_may_not_be_used_is_left_out_and_told(line, column, word, code):
    study = line(AREAS, candidates={"K1": (100, FIT | {column: word}), "K2": (2900, FIT)})
    plan = lc.site(study, "CX-06")
    assert [place.candidate for place in plan.places] == ["K2"]
    assert told(plan) == {code: ("K1",)}
    assert not plan.complete
    assert plan.answer.unreachable == ("A",)


def with_lake(study):
    """A lake of two ways and an island, around the point 100 m east."""
    x, y = 500_100.0, 3_850_000.0
    west = [(x, y - 60), (x - 60, y - 60), (x - 60, y + 60), (x, y + 60)]
    east = [(x, y - 60), (x + 60, y - 60), (x + 60, y + 60), (x, y + 60)]
    island = [(x + 20, y), (x + 40, y), (x + 40, y + 20), (x + 20, y + 20), (x + 20, y)]
    lines = [LineString(ring) for ring in (west, east, island)]
    banks = gpd.GeoDataFrame(
        {"barrier": ["water"] * 3, "name": ["东湖"] * 3}, geometry=lines, crs=study.crs
    )
    return StreetLines(
        study.crs,
        np.empty((0, 2)),
        np.zeros(1, dtype=np.int64),
        np.empty(0, dtype=np.int64),
        pd.DataFrame(columns=["highway"]),
        barriers=banks,
    )


def test_a_lake_of_several_ways_has_an_inside_and_islands(line):
    study = line(AREAS, candidates={"K1": (100, FIT)})
    study = dataclasses.replace(study, streets=with_lake(study))
    x, y = 500_100.0, 3_850_000.0
    spots = np.array([(x, y - 10), (x - 59, y), (x - 61, y), (x + 30, y + 10), (x + 50, y + 10)])
    assert in_water(study, spots).tolist() == [True, True, False, False, True]


def test_the_future_of_a_plan_is_judged_as_the_plan_says(line):
    idle = {"stage": "idle", "floor_area_m2": 90, "kinds": frozenset({"day_care"})}
    study = line(AREAS, facilities={"F1": (2900, idle)}, candidates={"K1": (100, FIT)})
    plan = lc.site(study, "CX-06")
    assert [place.nature for place in plan.places] == ["reuse", "convert"]
    future = with_plan(study, plan)
    found = lc.assess(future)
    rows = found.findings[found.findings["clause"] == "CX-06"]
    assert dict(zip(rows["id"], rows["status"].astype(str), strict=True)) == {
        area: after for area, (_, after) in plan.statuses.items()
    }
    assert future.facilities.frame.loc["K1", "floor_area_m2"] == 200
    with pytest.raises(SitingError, match="plan_ids"):
        with_plan(future, plan)  # K1 is there already
