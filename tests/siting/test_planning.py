"""A plan of the study that ships: against judging every choice there is, and what is refused."""

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.errors import SitingError, UnknownNameError
from lifecircle.model.siting.task import siting_task
from lifecircle.siting.answering import Wanted
from lifecircle.siting.plans import reaching
from lifecircle.siting.plans.candidates import candidates_of, kind_for, with_candidates
from lifecircle.siting.ranking import best_choices, building_order, gain_curve
from lifecircle.standards import read_standard

GUIXI = Path(__file__).parents[2] / "data" / "guixi" / "study.toml"
CLAUSE = "REF-walk-canteen"


@pytest.fixture(scope="module")
def guixi():
    return lc.read_study(GUIXI)


@pytest.fixture(scope="module")
def bench(guixi):
    return open_bench(open_case(guixi), read_standard(guixi.standards[0]), references=True)


def rate(rates, basis):
    (found,) = [r for r in rates if (r.scope, r.basis) == ("county", basis)]
    return found


@pytest.mark.slow
def test_no_two_candidates_judged_anew_serve_more(guixi, bench):
    plan = lc.site(guixi, CLAUSE, sites=2, weight="areas")
    rule = bench.rule(CLAUSE)
    candidates = candidates_of(guixi, bench, rule).candidates
    before = rate(bench.one(CLAUSE).result.rates, "areas").numerator
    gained = {}
    for pair in itertools.combinations(candidates, 2):
        changed = bench.changed(facilities=with_candidates(guixi, pair, "canteen"), arranging=False)
        after = rate(changed.one(CLAUSE).result.rates, "areas").numerator
        gained[tuple(one.id for one in pair)] = after - before
    assert gained[plan.answer.sites] == max(gained.values())
    assert rate(plan.after, "areas").numerator - before == max(gained.values())
    assert rate(plan.before, "areas").numerator == before
    ranked = sorted(gained.values(), reverse=True)
    assert [one.objective for one in plan.alternatives] == ranked[1 : len(plan.alternatives) + 1]


def test_all_that_can_be_served_is(guixi, bench):
    plan = lc.site(guixi, "CX-06")
    old = bench.one("CX-06").findings["status"].astype(str)
    assert set(plan.planned_for) == set(old.index[old == "deficient"])
    assert {new for _, new in plan.statuses.values()} == {"compliant"}
    assert plan.answer.objective == 1  # one place reaches all four, so none could be fewer
    (place,) = plan.places
    assert (place.nature, place.kind) == ("convert", "day_care")
    assert set(place.gains) == set(plan.planned_for)
    assert rate(plan.after, "areas").rate == 1.0


def test_a_misused_facility_can_be_put_back_into_use(guixi):
    plan = lc.site(guixi, "CX-05", sites=1, include_undecided=True)
    (place,) = plan.places
    assert guixi.facilities.frame.loc[place.candidate, "stage"] in {"idle", "misused"}
    assert (place.nature, place.facility) == ("reuse", place.candidate)
    gained = rate(plan.after, "areas").numerator - rate(plan.before, "areas").numerator
    assert gained == len(place.gains) > 0


def test_the_order_of_building_adds_up(guixi):
    plan = lc.site(guixi, CLAUSE, sites=4)
    gains = [place.gained_weight for place in plan.places]
    assert sum(gains) == plan.answer.objective
    assert gains == sorted(gains, reverse=True)
    served = [area for place in plan.places for area in place.gains]
    assert sorted(served) == sorted(plan.answer.assigned)
    steps = [point.gain for point in plan.curve]
    assert sum(steps) == pytest.approx(plan.curve[-1].objective)
    assert all(point.proven for point in plan.curve)


def test_undecided_areas_are_planned_for_when_asked(guixi):
    without = lc.site(guixi, "CX-05")
    with_them = lc.site(guixi, "CX-05", include_undecided=True)
    more = set(with_them.planned_for) - set(without.planned_for)
    assert more
    assert all(with_them.statuses[area][0] == "not_assessed" for area in more)


def test_a_plan_that_is_judged_otherwise_is_an_error(guixi, monkeypatch):
    def choose(task, wanted, watch):
        found = planned(task, wanted, watch)
        gone = dict(list(found.assigned.items())[1:])
        return dataclasses.replace(found, assigned=gone)

    planned = reaching.choose_sites
    monkeypatch.setattr(reaching, "choose_sites", choose)
    with pytest.raises(SitingError) as caught:
        lc.site(guixi, "CX-06")
    assert (caught.value.code, caught.value.params["count"]) == ("proof", 1)


def test_what_cannot_be_planned_is_refused(guixi):
    with pytest.raises(UnknownNameError, match="CX-60"):
        lc.site(guixi, "CX-60")
    with pytest.raises(UnknownNameError, match="houses"):
        lc.site(guixi, "CX-06", weight="houses")
    for study, clause, kind, code in (
        (guixi, "CX-09", None, "not_reach"),
        (guixi, "CX-06", "canteen", "kind"),
        (dataclasses.replace(guixi, readings={"A14": "share>=0.9"}), "CX-06", None, "by_share"),
    ):
        with pytest.raises(SitingError) as caught:
            lc.site(study, clause, kind=kind)
        assert caught.value.code == code
    with pytest.raises(SitingError) as caught:  # it speaks of the smallest place too (JX-04)
        lc.site(dataclasses.replace(guixi, standards=("jinxiang-2023",)), "JX-07")
    told = ("more_than_quotas", {"clause": "JX-07", "quotas": ["JX-03", "JX-06"]})
    assert (caught.value.code, caught.value.params) == told
    frame = guixi.facilities.frame
    used = frame[~frame["stage"].isin(["idle", "misused"])]
    bare = dataclasses.replace(
        guixi, candidates=None, facilities=dataclasses.replace(guixi.facilities, frame=used)
    )
    with pytest.raises(SitingError) as caught:
        lc.site(bare, "CX-06")
    assert caught.value.code == "no_candidates"


def test_what_is_built_leaves_the_other_facilities_as_they_are(guixi, bench):
    rule = bench.rule("CX-06")
    candidates = candidates_of(guixi, bench, rule).candidates
    layer = with_candidates(guixi, candidates, kind_for(rule))
    before, after = guixi.facilities.frame, layer.frame
    new = [one.facility for one in candidates if one.nature != "reuse"]
    assert set(after.index) - set(before.index) == set(new)
    assert (after.dtypes == before.dtypes).all()
    kept = after.loc[before.index].drop(columns="stage")
    assert kept.drop(columns="geometry").equals(before.drop(columns=["stage", "geometry"]))
    assert kept.geometry.to_wkb().equals(before.geometry.to_wkb())
    reused = [one.facility for one in candidates if one.nature == "reuse"]
    changed = after.loc[before.index, "stage"].fillna("") != before["stage"].fillna("")
    assert set(before.index[changed]) == set(reused)


covers = st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(covers, st.integers(1, 4))
def test_the_best_choices_in_order(rows, sites):
    cover = np.array(rows)
    weights = {f"d{i}": float(i % 3 + 1) for i in range(len(rows))}
    pairs = [(f"d{i}", f"s{j}", 1.0) for i, j in zip(*np.nonzero(cover), strict=True)]
    task = siting_task(weights, pairs, sites={f"s{j}": 1.0 for j in range(5)})
    weight = np.array(list(weights.values()))
    worth = {}
    for count in range(sites + 1):
        for chosen in itertools.combinations(range(5), count):
            worth[chosen] = weight[cover[:, list(chosen)].any(axis=1)].sum()
    told = best_choices(task, Wanted("mclp", 1.0, sites), 6)
    values = [value for value, _ in told]
    assert values == sorted(values, reverse=True)
    assert len({chosen for _, chosen in told}) == len(told)
    for value, chosen in told:
        assert worth[tuple(int(name[1:]) for name in chosen)] == value
    # nothing better is left out but what adds sites to a choice that is told
    names = [{int(name[1:]) for name in chosen} for _, chosen in told]
    for chosen, value in worth.items():
        if value > values[-1]:
            assert any(one <= set(chosen) for one in names)


def test_order_and_curve_by_hand():
    # x reaches a, b, c (6), y reaches c, d (7 with c), z reaches e (2)
    weights = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 2.0}
    pairs = [(d, "x", 1.0) for d in "abc"] + [(d, "y", 1.0) for d in "cd"] + [("e", "z", 1.0)]
    task = siting_task(weights, pairs)
    assert building_order(task, 1.0, ("x", "y", "z")) == ["y", "x", "z"]  # 7, then 3, then 2
    curve = [point.objective for point in gain_curve(task, Wanted("mclp", 1.0), 9)]
    assert curve == [7.0, 10.0, 12.0]
