"""What a scenario reaches is marked, and nothing else is touched."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.assessing.assess import rules_under
from lifecircle.errors import UnknownNameError
from lifecircle.model.rules.clause import ChangedTerm
from lifecircle.model.status import Flag
from lifecircle.standards import read_standard

STANDARDS = ("caoxian-2023", "jinxiang-2023", "pingyin-2022", "weishan-2023")


def flagged(assessment):
    return {c.id for c in assessment.clauses if Flag.SCENARIO in c.flags}


@pytest.fixture(scope="module")
def neighbours(make_layer, town):
    """A new area of 300 households with 100 m², recorded for an existing one of 200 households.

    CX-01 asks 20 × 3 = 60 m² of the new one, 40 m² are left; CX-03 asks 15 × 2 = 30 m².
    """
    areas = make_layer(
        "residential",
        {
            "N": (0, {"age_class": "new", "households_planned": 300}),
            "E": (400, {"age_class": "existing", "households": 200}),
        },
        setting="urban",
        stage="in_use",
    )
    rooms = make_layer(
        "facilities",
        {"F": (0, {"kinds": frozenset({"community_station"}), "floor_area_m2": 100})},
        stage="in_use",
    )
    record = [("F", "N", math.nan), ("F", "E", math.nan)]
    sharing = pd.DataFrame(record, columns=["facility", "residential", "m2"])
    return town(standards=("caoxian-2023",), residential=areas, facilities=rooms, sharing=sharing)


def test_what_one_quota_takes_from_another_is_marked_too(neighbours):
    plain = lc.assess(neighbours)
    assert plain.clause("CX-03").status == "compliant"  # 40 >= 30
    # 30 × 3 = 90 m² of the 100: 10 are left, and E lacks 20
    varied = lc.assess(neighbours, scenario=("三十", {"CX-01.value": 30}))
    assert varied.clause("CX-01").changes == (ChangedTerm("value", 20.0, 30.0),)
    assert varied.clause("CX-01").status == "compliant"  # 100 >= 90
    assert varied.clause("CX-03").status == "deficient"
    assert varied.clause("CX-03").changes == ()
    # CX-07 counts both; CX-06 asks for metres, which no m² change
    assert {"CX-01", "CX-03", "CX-07"} <= flagged(varied)
    assert "CX-06" not in flagged(varied)
    assert flagged(plain) == set()
    assert varied.banners[0] == "scenario"
    assert "scenario" not in plain.banners


def test_a_quota_that_gives_nothing_away_marks_itself_and_the_rate_alone(neighbours):
    # E then asks 17 × 2 = 34 of the 40 that N leaves: 6 are left, and N is as far from its quota
    varied = lc.assess(neighbours, scenario=("十七", {"CX-03.value": 17}))
    assert varied.clause("CX-03").status == "compliant"
    assert flagged(varied) == {"CX-03", "CX-07"}


@st.composite
def scenarios(draw):
    standard = read_standard(draw(st.sampled_from(STANDARDS)))
    numbered = [c for c in standard.clauses.values() if c.comparison and c.unit != "%"]
    changes = {}
    for clause in draw(st.lists(st.sampled_from(numbered), min_size=1, max_size=3)):
        changes[f"{clause.id}.value"] = draw(st.sampled_from([0.5, 7, 45, 1000]))
    rates = [c for c in standard.clauses.values() if c.comparison and c.unit == "%"]
    for clause in draw(st.lists(st.sampled_from(rates), max_size=2)):
        changes[f"{clause.id}.value"] = draw(st.sampled_from([1, 50, 100]))
    return standard.id, changes


@pytest.fixture(scope="module")
def published(town):
    return {s: lc.assess(town(standards=(s,))) for s in STANDARDS}


def alone(clause):
    """Return a clause without those that state the same fact: a scenario parts them."""
    return dataclasses.replace(clause, fact="", same_as=())


@settings(settings.get_profile("dear"))
@given(given_=scenarios())
def test_an_unmarked_clause_says_what_it_says_without_a_scenario(town, published, given_):
    standard, changes = given_
    varied = lc.assess(town(standards=(standard,)), scenario=("what if", changes))
    plain = published[standard]
    named = {path.split(".")[0] for path in changes}
    for before, after in zip(plain.clauses, varied.clauses, strict=True):
        words = ("id", "title", "section", "quote", "force", "references", "unit", "kinds")
        for name in words:  # the document's own are never a scenario's
            assert getattr(before, name) == getattr(after, name), before.id
        if before.id not in named:
            assert after.changes == ()
            assert (after.target, after.deadline) == (before.target, before.deadline)
        if Flag.SCENARIO not in after.flags:
            assert alone(after) == alone(before)
            for table in (plain.findings, varied.findings):
                table.attrs = {}
            mine = [t[t["clause"] == before.id] for t in (plain.findings, varied.findings)]
            pd.testing.assert_frame_equal(*(m.reset_index(drop=True) for m in mine))
        asked = {c.term: (c.before, c.after) for c in after.changes}
        if "value" in asked:
            assert asked["value"] == (before.target, after.target)
            assert Flag.SCENARIO in after.flags


def test_without_a_scenario_nothing_is_a_change(published):
    for assessment in published.values():
        assert all(c.changes == () and Flag.SCENARIO not in c.flags for c in assessment.clauses)
        assert dataclasses.replace(assessment.clauses[0], changes=()) == assessment.clauses[0]


def test_clauses_are_offered_in_the_documents_order():
    found = [read_standard("jinxiang-2023")]
    with pytest.raises(UnknownNameError) as refused:
        rules_under(("甲", {"CX-01.value": 30}), found)
    assert refused.value.known == tuple(found[0].clauses)
