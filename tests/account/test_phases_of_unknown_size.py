"""A project of which one phase's households are blank: it is asked what the others ask at least."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import county, rules_of

from lifecircle.judge.clauses import account_of, judge_rule


def found_of(clause, phases, m2, standard="caoxian-2023", age_class="existing", **readings):
    """Judge phases of one project that stand on one place, with a room of ``m2`` there."""
    areas = {
        f"R{n}": {
            "x": 0,
            "project": "P",
            "age_class": age_class,
            "households": homes,
            "households_planned": homes,
        }
        for n, homes in enumerate(phases)
    }
    tables = county(areas, {"F": {"x": 0, "floor_area_m2": m2}})
    rules = rules_of(standard, *readings.items())
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    found = judge_rule(tables, rules[clause]).findings
    return found, tables.account.frame


@pytest.mark.parametrize(
    ("m2", "status"),
    [
        (74.9, "deficient"),  # 500 households are asked 75 m², whatever the other phase has
        (75, "not_assessed"),
        (1000, "not_assessed"),
    ],
)
def test_what_the_known_phases_ask_is_asked(m2, status):
    found, frame = found_of("CX-03", [500, None], m2)
    assert frame["required_low"].tolist() == [75.0]
    assert [str(one) for one in found["status"]] == [status] * 2


def test_started_hundreds_of_the_known_phases():
    _, frame = found_of("CX-03", [450, None], 10, A5="ceil")
    assert frame["required_low"].tolist() == [75.0]


def test_two_phases_beside_one_of_unknown_size_and_none_of_a_lone_area():
    assert found_of("CX-03", [100, 200, None], 10)[1]["required_low"].tolist() == [45.0]
    assert found_of("CX-03", [None], 10)[1]["required_low"].tolist() == [0.0]
    # an approved project lies between 20 and 30 m² a 100 households, and has places of 200 then
    _, frame = found_of("JX-03", [500, None], 10, "jinxiang-2023", "approved")
    assert frame["required_low"].tolist() == [100.0]


@settings(settings.get_profile("costly"))
@given(
    st.lists(st.sampled_from([None, 100, 250, 400]), min_size=2, max_size=3),
    st.sampled_from([10, 15, 40, 60, 75, 90, 500]),
    st.sampled_from([("CX-03", "caoxian-2023", "existing"), ("JX-03", "jinxiang-2023", "new")]),
)
def test_nothing_is_told_that_a_completion_contradicts(phases, m2, document):
    clause, standard, age_class = document
    told, frame = found_of(clause, phases, m2, standard, age_class)
    least = float("inf")
    for blank in (1, 120, 3000):
        full = [blank if homes is None else homes for homes in phases]
        found, whole = found_of(clause, full, m2, standard, age_class)
        least = min(least, whole["required_low"].iloc[0])
        for was, now in zip(told["status"], found["status"], strict=True):
            assert was in {now, "not_assessed"}
    # 1 household is the least there can be; nothing at all is what is reckoned with
    assert frame["required_low"].iloc[0] == pytest.approx(least, abs=0.31 * phases.count(None))


@pytest.mark.parametrize(
    ("phases", "code", "named"),
    [
        ([300, None], "phase_lacks", {"residential": "R1", "field": "households"}),
        ([None, 300], "phase_lacks", {"residential": "R0", "field": "households"}),
        ([None, 300, None], "phase_lacks", {"residential": "R0", "field": "households"}),
        ([None, None], "households_missing", {}),  # the lead's own are missing
        ([None], "households_missing", {}),
    ],
)
def test_the_phase_is_named_whose_households_are_missing(phases, code, named):
    found, _ = found_of("CX-01", phases, 60, age_class="new")
    said = [one for one in found["reason"] if str(one.code) != "phase_of"]
    assert len(said) == 1
    assert (str(said[0].code), {key: said[0].params.get(key) for key in named}) == (code, named)


def test_the_phase_is_named_whose_people_are_missing():
    phases = {
        f"R{n}": {
            "x": 0,
            "project": "P",
            "age_class": "new",
            "households_planned": 300,
            "population_planned": people,
        }
        for n, people in enumerate((700, None))
    }
    tables = county(phases, {"F": {"x": 0, "floor_area_m2": 60}})
    rules = rules_of("pingyin-2022")
    unknown = account_of(tables, rules, arranging=False).frame["unknown"].dropna()
    lacks = {str(one.code): dict(one.params) for one in unknown}
    assert lacks == {"phase_lacks": {"residential": "R1", "field": "population_planned"}}
