"""Where a study could build: what is offered, what is left out and told, and how it is built."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

import lifecircle as lc
from lifecircle.case.built import with_plan
from lifecircle.errors import SitingError
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.model.siting.task import siting_task
from lifecircle.model.siting.words import COVERING
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.plans.ground import in_water
from lifecircle.siting.plans.reaching import worth_keeping

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


def test_a_budget_goes_by_what_candidates_cost(line):
    # 20 buy K1 and K2 for A and B (300 households), not K3 for C (400)
    areas = {
        "A": (0, {"households": 100}),
        "B": (3000, {"households": 200}),
        "C": (6000, {"households": 400}),
        "D": (9000, {"households": 900}),
    }
    rows = {"K1": (0, 5), "K2": (3000, 15), "K3": (6000, 21), "K4": (9000, None)}
    study = line(areas, candidates={k: (x, {**FIT, "price": p}) for k, (x, p) in rows.items()})
    plan = lc.site(study, "CX-06", budget=20)
    assert plan.answer.sites == ("K1", "K2")
    assert plan.answer.price == 20
    assert told(plan) == {"price_unknown": ("K4",)}
    # all four areas at the least cost: K4 has none and is left out
    plan = lc.site(study, "CX-06", cheapest=True)
    assert (plan.answer.sites, plan.answer.objective) == (("K1", "K2", "K3"), 41.0)
    free = line(areas, candidates={k: (x, FIT) for k, (x, _) in rows.items()})
    plan = lc.site(free, "CX-06", budget=2)
    assert plan.answer.sites == ("K3", "K4")  # each costs 1: 1300 households
    assert told(plan) == {"no_prices": ()}


def test_a_negative_cost_is_told_on_reading(tmp_path):
    rows = "编号,名称,投资,经度,纬度\nK1,闲置校舍,-5,117.001,34.8\n"
    (tmp_path / "k.csv").write_text(rows, encoding="utf-8")
    homes = "小区名称,户数,类别,城乡,状态,经度,纬度\n甲小区,500,已建成,城镇,运营,117.0,34.8\n"
    (tmp_path / "a.csv").write_text(homes, encoding="utf-8")
    places = "编号,设施名称,设施类型,状态,经度,纬度\nF1,老站,社区养老服务站,运营,117.5,34.8\n"
    (tmp_path / "f.csv").write_text(places, encoding="utf-8")
    layers = "".join(
        f'[layers.{name}]\npath = "{file}.csv"\ncoordinates = "wgs84"\n'
        for name, file in (("residential", "a"), ("facilities", "f"), ("candidates", "k"))
    )
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "负投资"\ncounty = "370999"\nstandard = "caoxian-2023"\n'
        f"as_of = 2024-06-30\n{layers}",
        encoding="utf-8",
    )
    study = lc.read_study(tmp_path / "study.toml")
    assert any(one.column == "price" or one.value == "-5" for one in study.problems)
    plan = lc.site(study, "CX-06", budget=10)
    assert [place.cost for place in plan.places] == [None]  # no cost at all is known then


def test_least_walking_looks_at_everybody_and_keeps_what_stands(line):
    # A is 300 m from F1 and stays; B and C have 200 and 100 households, 400 m apart
    areas = {
        "A": (0, {"households": 500}),
        "B": (5000, {"households": 200}),
        "C": (5400, {"households": 100}),
    }
    spots = {"K1": (5000, FIT), "K2": (5300, FIT), "K3": (100, FIT)}
    study = line(areas, facilities={"F1": (300, {"floor_area_m2": 50})}, candidates=spots)
    plan = lc.site(study, "CX-06", sites=1, model="p-median")
    # K1: 500 × 300 + 200 × 0 + 100 × 400; K2: + 200 × 300 + 100 × 100
    assert plan.answer.objective == 190_000
    assert (plan.answer.sites, plan.answer.fixed) == (("K1",), ("F1",))
    assert plan.answer.assigned == {"A": "F1", "B": "K1", "C": "K1"}
    assert plan.places[0].gains == ("B", "C")
    farthest = lc.site(study, "CX-06", sites=1, model="p-center")
    # K2: B walks 300, and A walks as far today
    assert (farthest.answer.sites, farthest.answer.objective) == (("K2",), 300.0)
    two = lc.site(study, "CX-06", sites=2, model="p-median")
    assert two.answer.objective == 500 * 100 + 100 * 400  # K3 is worth more than K2


tables = st.lists(st.lists(st.integers(1, 6), min_size=7, max_size=7), min_size=1, max_size=6).map(
    lambda rows: np.array(rows, dtype=float)
)


@settings(settings.get_profile("brute"))
@given(tables, st.lists(st.booleans(), min_size=7, max_size=7), st.integers(1, 3), st.data())
def test_thinning_loses_no_useful_place(table, extra, sites, data):
    model = data.draw(st.sampled_from(["mclp", "lscp", "p-median", "p-center"]))
    far = data.draw(st.integers(3, 6))
    table[table == 6] = np.inf
    keep = worth_keeping(table, np.array(extra), float(far) if model in COVERING else None)
    assert keep[~np.array(extra)].all()

    def best(columns):
        names = [f"s{j}" for j in range(7)]
        pairs = [
            (f"d{i}", names[j], table[i, j])
            for i, j in np.argwhere(np.isfinite(table))
            if columns[j]
        ]
        weights = {f"d{i}": float(i + 1) for i in range(len(table))}
        task = siting_task(
            weights, pairs, sites={n: 1.0 for n, k in zip(names, columns, strict=True) if k}
        )
        number = None if model == "lscp" else sites
        answer = choose_sites(task, Wanted(model, float(far), number))
        return answer.objective, len(answer.unreachable)

    assert best(keep) == best(np.ones(7, dtype=bool))


def streets_along(study, length=6000, step=50):
    """One street along the line of the areas."""
    xs = np.arange(-500, length, step, dtype=float)
    xy = np.column_stack([500_000.0 + xs, np.full(len(xs), 3_850_000.0)])
    tags = pd.DataFrame({name: [None] for name in TAGS}, dtype=object)
    tags["highway"], tags["name"] = "residential", "长街"
    return StreetLines(
        study.crs,
        xy,
        np.array([0, len(xs)], dtype=np.int64),
        np.arange(len(xs), dtype=np.int64),
        tags,
    )


def test_positions_on_streets_serve_whom_no_candidate_reaches(line):
    areas = {"A": (0, {"households": 100}), "B": (1800, {"households": 200})}
    study = line(areas, candidates={"K1": (-400, FIT)})
    study = dataclasses.replace(study, streets=streets_along(study))
    alone = lc.site(study, "CX-05")  # 1000 m on foot
    assert (alone.answer.sites, alone.answer.unreachable) == (("K1",), ("B",))
    plan = lc.site(study, "CX-05", generate=True)
    (place,) = plan.places  # one between the two reaches both
    assert (place.source, place.source_id, place.name) == ("streets", None, "长街")
    assert place.to_check == ("building", "plot")
    assert 800 <= place.x - 500_000 <= 1000
    assert {one.area for one in place.serves} == {"A", "B"}
    # where a candidate serves as well, it is taken
    listed = line(areas, candidates={"K1": (900, FIT)})
    listed = dataclasses.replace(listed, streets=streets_along(listed))
    assert lc.site(listed, "CX-05", generate=True).answer.sites == ("K1",)


def test_a_candidate_without_a_street_is_told(line):
    study = line({"A": (0, {"households": 100})}, candidates={"K1": (-900, FIT)})
    study = dataclasses.replace(study, streets=streets_along(study))
    plan = lc.site(study, "CX-05")  # 400 m past the end of the street
    assert told(plan) == {"no_street": ("K1",)}
    assert plan.answer.unreachable == ("A",)
    # by the radius it serves A all the same: how one walks there is to be checked
    (place,) = lc.site(study, "CX-06").places
    assert place.to_check == ("street",)
