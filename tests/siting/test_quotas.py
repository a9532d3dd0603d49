"""Places and sizes for quotas, on streets of a few areas: every figure by hand arithmetic."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.case.built import with_plan
from lifecircle.errors import SitingError
from lifecircle.siting.plans import quotas

GUIXI = Path(__file__).parents[2] / "data" / "guixi" / "study.toml"
IDLE = {"type": "闲置校舍", "floor": "1层", "land_use": "教育用地"}
NEW = {"age_class": "new", "households_planned": 500}


def offered(x, m2, **more):
    return (x, {**IDLE, "floor_area_m2": m2, **more})


def told(plan):
    return {note.code: note.ids for note in plan.notes}


def built(plan):
    return {
        place.candidate: (place.nature, place.size_m2, {s.area: s.m2 for s in place.serves})
        for place in plan.places
    }


def judged(study, plan):
    """Area → status of the future that the plan describes, judged as any other study."""
    found = lc.assess(with_plan(study, plan))
    rows = found.findings[found.findings["clause"] == plan.clause]
    return dict(zip(rows["id"], rows["status"].astype(str), strict=True))


def test_one_idle_building_serves_two_areas_and_is_as_large_as_both_lack(line):
    # 15 m² a hundred households: A lacks 30, B 45 less the 10 of its own room; C is 3 km away
    study = line(
        {
            "A": (0, {"households": 200}),
            "B": (1500, {"households": 300}),
            "C": (4500, {"households": 100}),
        },
        facilities={"F1": (1500, {"floor_area_m2": 10})},
        candidates={"K1": offered(800, 400), "K2": offered(4300, 60)},
    )
    plan = lc.site(study, "CX-03")
    assert built(plan) == {
        "K1": ("convert", 65.0, {"A": 30.0, "B": 35.0}),
        "K2": ("convert", 15.0, {"C": 15.0}),
    }
    assert [place.candidate for place in plan.places] == ["K1", "K2"]  # 500 households, then 100
    assert plan.deficits == {"A": (30.0, 0.0), "B": (35.0, 0.0), "C": (15.0, 0.0)}
    assert plan.area_by_area == (3, 30.0 + 35.0 + 15.0)
    assert (plan.provision.places, plan.provision.m2, plan.provision.proven) == (2, 80.0, True)
    assert judged(study, plan) == dict.fromkeys("ABC", "compliant")


def test_the_sharing_radius_is_inclusive(line):
    # 1000 m and not a metre more: K1 is that far from A, 1001 m from B
    areas = {"A": (0, {"households": 200}), "B": (-1, {"households": 200})}
    plan = lc.site(line(areas, candidates={"K1": offered(1000, 400)}), "CX-03")
    assert built(plan)["K1"] == ("convert", 30.0, {"A": 30.0})
    assert built(plan)["N-B"] == ("new", 30.0, {"B": 30.0})


def test_new_areas_have_their_rooms_on_their_own_plot(line):
    # 20 m² a hundred planned households: 100 m² on the plot, though K1 has room for both
    study = line(
        {"A": (0, NEW), "B": (300, {"households": 200})},
        candidates={"K1": offered(300, 400)},
        size=100,
    )
    plan = lc.site(study, "CX-07")
    assert built(plan) == {
        "K1": ("convert", 30.0, {"B": 30.0}),
        "N-A": ("new", 100.0, {"A": 100.0}),
    }
    assert plan.places[0].to_check == ("plot",)  # 500 households go first
    assert judged(study, plan) == dict.fromkeys("AB", "compliant")


def test_an_idle_building_on_the_plot_of_a_new_area_is_its_own(line):
    study = line({"A": (0, NEW)}, candidates={"K1": offered(20, 400)}, size=100)
    plan = lc.site(study, "CX-01")
    assert built(plan) == {"K1": ("convert", 100.0, {"A": 100.0})}
    assert plan.records[0].m2 is None  # all of it


def test_what_is_spare_is_arranged_before_anything_is_built(line):
    # F1 has 100, its own area needs 60: 40 are spare; B lacks 30 and C 45, so 35 are built
    study = line(
        {
            "A": (0, {"households": 400}),
            "B": (600, {"households": 200}),
            "C": (900, {"households": 300}),
        },
        facilities={"F1": (0, {"floor_area_m2": 100})},
        candidates={"K1": offered(700, 400)},
    )
    plan = lc.site(study, "CX-03")
    assert sum(m2 for _, (_, m2, _) in built(plan).items()) == 35.0
    spare = [one for one in plan.records if one.existing and one.m2 is not None]
    assert sum(one.m2 for one in spare) == 40.0
    assert judged(study, plan) == dict.fromkeys("ABC", "compliant")


def test_a_facility_that_is_idle_is_put_back_whole(line):
    study = line(
        {"A": (0, {"households": 1000})},
        facilities={"F1": (100, {"floor_area_m2": 160, "stage": "idle"})},
    )
    plan = lc.site(study, "CX-03")
    assert built(plan) == {"F1": ("reuse", 160.0, {"A": 150.0})}
    assert (plan.provision.places, plan.provision.m2) == (1, 0.0)  # nothing is to be built
    assert judged(study, plan) == {"A": "compliant"}


def test_a_place_that_offers_more_is_enlarged_for_its_area_and_others(line):
    # A lacks 60 - 20 = 40, B lacks 30; F1 can take 70 more
    areas = {"A": (0, {"households": 400}), "B": (500, {"households": 200})}
    study = line(areas, facilities={"F1": (0, {"floor_area_m2": 20, "extra_m2": 70})})
    plan = lc.site(study, "CX-03")
    assert built(plan) == {"F1": ("expand", 70.0, {"A": 40.0, "B": 30.0})}
    assert judged(study, plan) == dict.fromkeys("AB", "compliant")
    # with 60 only one of the two can be met by it: the other builds
    study = line(areas, facilities={"F1": (0, {"floor_area_m2": 20, "extra_m2": 60})})
    plan = lc.site(study, "CX-03")
    assert sum(m2 for _, m2, _ in built(plan).values()) == 70.0
    assert len(plan.places) == 2
    assert judged(study, plan) == dict.fromkeys("AB", "compliant")


def test_without_an_offer_only_its_own_area_enlarges_a_place(line):
    areas = {"A": (0, {"households": 400}), "B": (500, {"households": 200})}
    study = line(areas, facilities={"F1": (0, {"floor_area_m2": 20})})
    plan = lc.site(study, "CX-03")
    assert built(plan) == {
        "F1": ("expand", 40.0, {"A": 40.0}),
        "N-B": ("new", 30.0, {"B": 30.0}),
    }
    assert told(plan) == {"nothing_to_enlarge": (), "speed_no_matter": ()}
    assert judged(study, plan) == dict.fromkeys("AB", "compliant")


def test_a_place_is_no_smaller_than_the_single_minimum(line):
    # Jinxiang: 30 m² a hundred planned households and 200 m² a place; 500 households ask for 200
    jinxiang = {"standards": ("jinxiang-2023",)}
    small = {"age_class": "new", "households_planned": 500}
    study = line({"A": (0, small)}, candidates={"K1": offered(10, 199)}, **jinxiang, size=100)
    plan = lc.site(study, "JX-03")
    assert built(plan) == {"N-A": ("new", 200.0, {"A": 200.0})}
    assert told(plan)["below_minimum"] == ("K1",)
    # a room of 150 is below it and counts nothing: 50 more make it count
    study = line({"A": (0, small)}, facilities={"F1": (0, {"floor_area_m2": 150})}, **jinxiang)
    plan = lc.site(study, "JX-03")
    assert built(plan) == {"F1": ("expand", 50.0, {"A": 200.0})}
    assert plan.area_by_area == (1, 50.0)
    assert judged(study, plan) == {"A": "compliant"}


def test_more_than_area_by_area_is_told_where_the_offers_allow_no_less(line):
    # F1 has 150 and counts from 200 on: by itself A would add 50, but there is space for 20 alone,
    # so that it builds 200 anew; B, 9 km away, builds its 200 as it would by itself
    small = {"age_class": "new", "households_planned": 500}
    study = line(
        {"A": (0, small), "B": (9000, small)},
        facilities={"F1": (0, {"floor_area_m2": 150, "extra_m2": 20})},
        standards=("jinxiang-2023",),
        size=100,
    )
    plan = lc.site(study, "JX-03")
    assert plan.area_by_area == (2, 50.0 + 200.0)
    assert (plan.provision.places, plan.provision.m2) == (2, 400.0)
    assert told(plan)["beyond_alone"] == ("A",)
    study.facilities.frame["extra_m2"] = 50.0
    plan = lc.site(study, "JX-03")
    assert (plan.provision.places, plan.provision.m2) == (2, 250.0)
    assert "beyond_alone" not in told(plan)


def test_what_is_not_known_is_told(line, nothing):
    study = line(
        {"A": (0, {"households": 200}), "B": (100, {"households": nothing})},
        facilities={"F1": (9000, {"floor_area_m2": nothing, "stage": "idle"})},
        candidates={"K1": offered(10, nothing)},
    )
    plan = lc.site(study, "CX-03", include_undecided=True)
    assert told(plan)["offer_unknown"] == ("K1",)
    assert told(plan)["m2_unknown"] == ("F1",)
    assert told(plan)["size_unknown"] == ("B",)
    assert plan.deficits["B"] == (None, None)
    assert plan.statuses["B"] == ("not_assessed", "not_assessed")
    assert plan.statuses["A"] == ("deficient", "compliant")


def test_exempt_areas_are_not_planned_for_and_undecided_ones_when_asked(line):
    areas = {"A": (0, {"households": 200}), "B": (5000, {"households": 200, "setting": None})}
    exempt = pd.DataFrame(
        [("A", "CX-03", "拆迁", "文件", None)],
        columns=["id", "clause", "reason", "reference", "until"],
    )
    study = line(areas, exemptions=exempt)
    assert lc.site(study, "CX-03").planned_for == ()
    assert lc.site(study, "CX-03", include_undecided=True).planned_for == ("B",)


def test_the_least_price_goes_by_what_candidates_cost(line):
    # 30 m²: K1 costs 50, K2 2 + 30 × 3000 yuan = 11 (10,000 yuan); own rooms have no price
    study = line(
        {"A": (0, {"households": 200})},
        candidates={
            "K1": offered(10, 400, price=50),
            "K2": offered(20, 400, price=2, price_per_m2=3000),
        },
    )
    plan = lc.site(study, "CX-03", cheapest=True)
    assert built(plan) == {"K2": ("convert", 30.0, {"A": 30.0})}
    assert plan.places[0].cost == pytest.approx(11.0)
    assert told(plan)["price_missing"] == ("N-A",)


def test_how_many_is_not_asked_of_a_quota(line):
    study = line({"A": (0, {"households": 200})})
    with pytest.raises(SitingError, match="quota_all"):
        lc.site(study, "CX-03", sites=1)


def test_a_plan_that_the_judgement_does_not_bear_out_is_an_error(line, monkeypatch):
    study = line({"A": (0, {"households": 200})}, candidates={"K1": offered(10, 400)})
    monkeypatch.setattr(quotas, "with_records", lambda sharing, _: sharing)
    monkeypatch.setattr(quotas, "_size", lambda *_: 29.0)
    with pytest.raises(SitingError, match="proof"):
        lc.site(study, "CX-03")


places = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 40), st.sampled_from(["in_use", "idle"])),
    max_size=3,
)


@settings(settings.get_profile("dear"))
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(1, 60), st.booleans()), min_size=1, max_size=5
    ),
    places,
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 60)), max_size=3),
    st.sampled_from(["caoxian-2023", "jinxiang-2023"]),
)
def test_every_plan_is_borne_out_and_never_worse_than_area_by_area(
    line, areas, places, candidates, standard
):
    homes = {
        f"A{k}": (x * 250, {**NEW, "households_planned": n * 10} if new else {"households": n * 10})
        for k, (x, n, new) in enumerate(areas)
    }
    rooms = {
        f"F{k}": (x * 250 + 7 * k, {"floor_area_m2": m2 * 5, "stage": stage})
        for k, (x, m2, stage) in enumerate(places)
    }
    empty = {f"K{k}": offered(x * 250 + 3, m2 * 10) for k, (x, m2) in enumerate(candidates)}
    study = line(homes, rooms or None, empty or None, size=60, standards=(standard,))
    for clause in ("CX-07",) if standard == "caoxian-2023" else ("JX-03", "JX-06"):
        plan = lc.site(study, clause)  # the judgement bears it out, or this raises
        assert not plan.provision.unmet  # everybody has a plot
        count, m2 = plan.area_by_area
        assert len(plan.places) <= count
        assert plan.provision.m2 <= m2 + 0.01
        assert all(after == "compliant" for _, after in plan.statuses.values())
        for place in plan.places:
            given = math.fsum(one.m2 for one in place.serves)
            whole = place.size_m2 if place.nature != "expand" else math.inf
            assert given <= whole + 1e-6


@pytest.mark.slow
def test_guixi_keeps_what_it_has_and_builds_less_than_area_by_area():
    study = lc.read_study(GUIXI)
    plan = lc.site(study, "CX-07")
    count, m2 = plan.area_by_area
    assert len(plan.places) < count
    assert len(plan.alternatives) == 5
    assert plan.provision.m2 < m2
    assert {after for _, after in plan.statuses.values()} == {"compliant"}
    known = study.candidates.frame["floor_area_m2"]
    for place in plan.places:
        if place.source == "candidates":
            assert place.size_m2 <= known[place.source_id]


def test_the_next_best_plans_and_what_tells_them_apart(line):
    # A lacks 30, B 45; K1 reaches both, K2 and K3 one each: by the fewest places, new land for two
    study = line(
        {"A": (0, {"households": 200}), "B": (1500, {"households": 300})},
        candidates={"K1": offered(800, 400), "K2": offered(-700, 400), "K3": offered(2200, 400)},
    )
    plan = lc.site(study, "CX-03")
    assert set(built(plan)) == {"K1"}
    told_apart = [(one.sites, one.instead_of, one.besides) for one in plan.alternatives]
    # two idle buildings; then one of them and a plot of an area's own, which counts two; then plots
    assert told_apart[0] == (("K2", "K3"), ("K1",), ("K2", "K3"))
    assert {one for one, *_ in told_apart[1:3]} == {("K2", "N-B"), ("K3", "N-A")}
    assert told_apart[3][0] == ("N-A", "N-B")
    assert len(told_apart) == 4  # there are no others that do not merely add to one of these
    assert [one.objective for one in plan.alternatives] == [75.0] * 4


def test_what_the_next_best_plans_cost_where_every_place_says_so(line):
    # A lacks 30, B 45: K1 for both costs 50 + 75 × 2000 yuan = 65 (10,000 yuan), K2 and K3 30 each
    study = line(
        {"A": (0, {"households": 200}), "B": (1500, {"households": 300})},
        candidates={
            "K1": offered(800, 400, price=50, price_per_m2=2000),
            "K2": offered(-700, 400, price=30, price_per_m2=0),
            "K3": offered(2200, 400, price=30, price_per_m2=0),
        },
    )
    plan = lc.site(study, "CX-03")
    assert plan.cost == pytest.approx(65)
    costs = {one.sites: one.cost for one in plan.alternatives}
    assert costs == {
        ("K2", "K3"): 60.0,
        ("K2", "N-B"): None,  # nobody says what its own rooms cost
        ("K3", "N-A"): None,
        ("N-A", "N-B"): None,
    }
    assert not any(one.gains or one.loses for one in plan.alternatives)  # all meet everybody


@pytest.mark.parametrize(
    ("homes", "record", "named"),
    [(500, "东园", ()), ("约500", "东园", ("R1",)), (500, "东园:约40", ("F1",))],
)
def test_what_the_m2_to_build_hang_on_is_named(tmp_path, homes, record, named):
    """曹县: 75 m² for 500 households; 40 or 60 are there. 西园 has all that 约300 may ask."""
    areas = "编号,小区名称,户数,类别,城乡,X,Y\n"
    areas += f"R1,东园,{homes},已建成,城镇,365000,3855000\n"
    areas += "R2,西园,约300,已建成,城镇,369000,3855000\n"
    rooms = "编号,设施名称,设施类型,状态,社区服务面积,服务小区,X,Y\n"
    rooms += f"F1,甲站,社区养老服务站,运营,60,{record},365000,3855030\n"
    rooms += "F2,乙站,社区养老服务站,运营,100,西园,369000,3855030\n"
    study = lc.read_study(written(tmp_path, STUDY, r=areas, f=rooms))
    assert told(lc.site(study, "CX-03")).get("rounded", ()) == named
