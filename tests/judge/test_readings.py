"""Readings a study switches: acted on, or refused."""

from __future__ import annotations

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.errors import UnknownNameError


@pytest.fixture(scope="module")
def study():
    return lc.read_study("data/guixi")


def test_per_started_hundred(study):
    plain = lc.assess(study).layers["residential"]["required_m2"]
    ceil = lc.assess(dataclasses.replace(study, readings={"A5": "ceil"}))
    rows = ceil.layers["residential"]
    # R14: 270 households x 15 / 100 = 40.5; three started hundreds = 45
    assert (plain["R14"], rows.at["R14", "required_m2"]) == (40.5, 45.0)
    switched = {r.clause for r in ceil.readings if r.id == "A5" and r.choice != r.default}
    assert switched == {"CX-01", "CX-03"}


@pytest.mark.parametrize("readings", [{"A7": "two_quotas"}, {"A5": "round"}, {"A99": "x"}])
def test_what_the_measures_do_not_act_on_is_refused(study, readings):
    with pytest.raises(UnknownNameError):
        lc.assess(dataclasses.replace(study, readings=readings))


def test_scenario(study):
    varied = lc.assess(study, scenario=("existing areas at 20", {"CX-03.value": 20}))
    assert varied.scenario == "existing areas at 20"
    assert varied.layers["residential"].at["R14", "required_m2"] == 54.0  # 270 x 20 / 100
    with pytest.raises(UnknownNameError):
        lc.assess(study, scenario=("x", {"CX-99.value": 20}))


def test_two_standards_side_by_side(study):
    both = lc.assess(study, standards=["caoxian-2023", "jinxiang-2023"])
    assert both.standards == ("caoxian-2023", "jinxiang-2023")
    # R14 under Jinxiang: 270 x 20 / 100
    rows = both.findings
    mine = rows[(rows["clause"] == "JX-06") & (rows["id"] == "R14")]
    assert list(mine["required"]) == [54.0]
    assert list(mine["status"]) == ["deficient"]


@pytest.mark.parametrize(
    ("reading", "choice", "clause"),
    [("A1", "households", "CX-07"), ("A3", "own", "CX-03"), ("A35", "with_radius", "CX-07")],
)
def test_what_a_switch_would_change_is_what_it_changes(study, reading, choice, clause):
    """The switches beside the result agree with a whole run under that reading."""
    plain = lc.assess(study)
    (told,) = [s for s in plain.switches if (s.id, s.choice, s.clause) == (reading, choice, clause)]
    switched = lc.assess(dataclasses.replace(study, readings={reading: choice}))
    result = switched.clause(clause)
    assert (told.status, told.value) == (result.status, result.value)
    before, after = (
        a.findings[a.findings["clause"] == clause].set_index("id")["status"]
        for a in (plain, switched)
    )
    assert told.differing == int((before != after).sum())


def test_every_switch_of_a_clause_is_told_once(study):
    told = [(s.id, s.choice, s.clause) for s in lc.assess(study).switches]
    assert len(set(told)) == len(told)
    assert {"A1", "A3", "A5", "A14", "A17", "A24", "A35"} <= {name for name, _, _ in told}
