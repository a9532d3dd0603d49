"""A future: the places of a plan taken as built, held to the plan's own proof and told as such."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.assessing.planned import check_rates
from lifecircle.case.bench import open_bench
from lifecircle.case.built import with_plan
from lifecircle.case.case import open_case
from lifecircle.errors import SitingError
from lifecircle.model.status import Flag
from lifecircle.standards import read_standard


@pytest.fixture(scope="module")
def study(short_county):
    return lc.read_study(short_county / "study.toml")


@pytest.fixture(scope="module")
def future(short_future):
    return short_future


def rate(rates, basis):
    (found,) = [r for r in rates if (r.scope, r.basis) == ("county", basis)]
    return found


def test_the_future_comes_to_what_the_plan_was_proven_with(future, short_plan):
    clause = future.clause("CX-06")
    assert clause.rates == short_plan.after
    assert (rate(clause.rates, "areas").numerator, rate(clause.rates, "areas").denominator) == (
        5,
        6,
    )
    # A 100, B 200, C 300, G 80 of those and E 50; D says nothing
    assert rate(clause.rates, "households").numerator == 680
    assert rate(clause.rates, "households").denominator == 730


def test_every_clause_says_what_it_is_without_the_places(future, study, short_plan):
    now = lc.assess(study)
    clause, before = future.clause("CX-06"), now.clause("CX-06")
    assert Flag.PLANNED_PLACES in clause.flags
    assert clause.unbuilt.official == before.official
    assert before.official.numerator == 2  # A and B
    assert clause.unbuilt.statuses == {"C": "deficient", "D": "deficient", "G": "deficient"}
    # E is 6 km from F1 today, and 2.8 km from K1 then: still missed, by less
    assert {k: (v.measured, v.deficit) for k, v in clause.unbuilt.figures.items()} == {
        "C": (3000.0, 2000.0), "D": (3500.0, 2500.0), "E": (6000.0, 5000.0), "G": (9000.0, 8000.0)
    }  # fmt: skip
    for told in future.clauses:
        without = now.clause(told.id)
        assert without.unbuilt is None
        if told.unbuilt is None:
            assert told == without
        else:
            assert (told.unbuilt.status, told.unbuilt.value) == (without.status, without.value)
    assert future.banners == ("planned_places", *now.banners)
    assert future.sites == short_plan
    assert now.sites is None


def test_it_is_what_the_ledger_would_say_with_the_places_in_it(future, study, short_plan):
    ledger = with_plan(study, short_plan)
    assert list(ledger.candidates.frame.index) == ["K2"]  # what stands is offered no more
    there = lc.assess(ledger)
    for one in future.clauses:
        bare = tuple(flag for flag in one.flags if flag != Flag.PLANNED_PLACES)
        assert dataclasses.replace(one, flags=bare, unbuilt=None) == there.clause(one.id)
    pd.testing.assert_frame_equal(future.findings, there.findings)


def test_what_does_not_stand_is_told_as_planned(future):
    facilities = future.layers["facilities"]
    assert dict(facilities["stage"]) == {"F1": "in_use", "F2": "planned", "K1": "planned"}
    assert list(future.layers["sites"].index) == ["K2"]  # what is built is no candidate any more
    planned = future.layers["planned_sites"]
    assert list(planned.index) == ["K1", "F2"]
    assert list(planned["serves"]) == ["C;D", "G"]
    assert list(planned["households"]) == [300.0, 80.0]
    assert list(planned["households_missing"]) == [1, 0]
    assert [(p.x, p.y) for p in planned.geometry] == [(503200, 3850000), (509500, 3850000)]
    links = future.layers["planned_links"]
    assert list(links.index) == ["K1 C", "K1 D", "F2 G"]
    assert list(links.length) == [200.0, 300.0, 500.0]


def test_a_plan_that_builds_nothing_changes_nothing(study):
    future = lc.assess(study, sites=lc.site(study, "CX-06", sites=0))
    assert all(one.unbuilt is None for one in future.clauses)
    assert future.banners[0] == "planned_places"
    assert future.layers["planned_links"].empty


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        ({"study": "邻县"}, {}, "plan_study"),
        ({"standard": "weishan-2023"}, {}, "plan_standard"),
        ({}, {"view": "plan"}, "plan_view"),
        ({}, {"scenario": ("另", {"CX-06.value": 500})}, "plan_scenario"),
    ],
)
def test_what_is_no_plan_of_this_study_is_refused(study, short_plan, change, more, code):
    with pytest.raises(SitingError) as caught:
        lc.assess(study, sites=dataclasses.replace(short_plan, **change), **more)
    assert caught.value.code == code


def test_a_future_that_comes_to_something_else_is_refused(study, short_plan):
    bench = open_bench(open_case(study), read_standard("caoxian-2023"))
    for change, code in (({"clause": "CX-60"}, "plan_clause"), ({}, "plan_rates")):
        with pytest.raises(SitingError) as caught:  # nothing is built there
            check_rates([bench], dataclasses.replace(short_plan, **change))
        assert caught.value.code == code
    check_rates([bench], dataclasses.replace(short_plan, after=short_plan.before))


def test_files_that_changed_since_are_named(study, short_plan):
    changed = [
        dataclasses.replace(one, sha256="0" * 64) if one.path == "小区.csv" else one
        for one in study.inputs
    ]
    with pytest.raises(SitingError) as caught:
        lc.assess(dataclasses.replace(study, inputs=tuple(changed)), sites=short_plan)
    assert caught.value.code == "plan_inputs"
    assert caught.value.params == {"names": ["小区.csv"], "count": 1}


def test_an_id_that_is_taken_is_refused(study, short_plan):
    frame = study.facilities.frame.rename(index={"F1": "K1"})
    layer = dataclasses.replace(study.facilities, frame=frame)
    with pytest.raises(SitingError) as caught:
        with_plan(dataclasses.replace(study, facilities=layer), short_plan)
    assert (caught.value.code, caught.value.params["names"]) == ("plan_ids", ["K1"])
