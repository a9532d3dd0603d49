"""What a switch would change, against a whole run under that choice (A6, A8, A11, A12, A17, …)."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

import lifecircle as lc
from lifecircle.model.inputs.layers import Layer
from lifecircle.standards import readings

C2 = "370999001002"
DOCUMENTS = {
    "CX": "caoxian-2023",
    "JX": "jinxiang-2023",
    "PY": "pingyin-2022",
    "WS": "weishan-2023",
}


@pytest.fixture(scope="module")
def plain(town):
    """Return the town judged by one document, once each."""
    return cache(lambda standard: lc.assess(town(standards=(standard,))))


def test_every_reading_is_printed_with_its_choice_and_default(plain):
    assessment = plain("caoxian-2023")
    assert {r.id for r in assessment.readings} == set(readings())
    for record in assessment.readings:
        assert record.choice in readings()[record.id].choices
        assert record.default in readings()[record.id].choices


RUNS = [
    ("A6", "planned", {"R1": ("CX-03", "compliant", "deficient")}),
    ("A17", "accepted", {"R3": ("CX-06", "deficient", "compliant")}),
    ("A17", "in_use", {"R3": ("CX-03", "compliant", "deficient")}),
    ("A26", "committee", {"R2": ("CX-03", "deficient", "not_applicable")}),
    # F3 is of no known community: it may stand in C2
    ("A28", "or_radius", {C2: ("WS-10", "not_assessed", "compliant")}),
    (
        "A8",
        "all_areas",  # JX-06 then asks 200 m² of R1, and JX-04 looks at its place of 18 m²
        {"R1": ("JX-06", "deficient", "deficient"), "R3": ("JX-04", "not_applicable", "deficient")},
    ),
    ("A8", "pooled", {"R5": ("JX-03", "deficient", "compliant")}),
    (
        "A27",
        "natural_villages",
        {"R7": ("PY-23", None, "deficient"), "R6": ("PY-23", None, "compliant")},
    ),
    ("A11", "has_facility", {"R8": ("PY-24", "deficient", "compliant")}),
    ("A12", "has_facility", {"R9": ("WS-30", "deficient", "compliant")}),
]


@pytest.mark.one_in(6)
@pytest.mark.parametrize(("reading", "choice", "expected"), RUNS)
def test_what_is_told_is_what_a_whole_run_finds(town, plain, reading, choice, expected):
    standard = DOCUMENTS[next(iter(expected.values()))[0][:2]]
    before = plain(standard)
    after = lc.assess(town(standards=(standard,), readings={reading: choice}))
    for subject, (clause, was, becomes) in expected.items():
        assert status(before, clause, subject) == was, subject
        assert status(after, clause, subject) == becomes, subject
    lines = [s for s in before.switches if (s.id, s.choice) == (reading, choice)]
    told = {s.clause: s for s in lines}
    assert len(told) == len(lines)
    for old in before.clauses:
        name = old.id
        if name.startswith("REF-"):
            continue
        new = after.clause(name)
        was, then = of(before, name), of(after, name)
        differing = sum(was.get(s) != then.get(s) for s in was.keys() | then.keys())
        if name in told:
            line = told[name]
            found = (line.status, line.value, line.low, line.high, line.differing)
            assert found == (new.status, new.value, new.low, new.high, differing), name
        else:  # what is not told does not change
            assert differing == 0, name
            assert (old.status, old.value) == (new.status, new.value), name


def of(assessment, clause):
    rows = assessment.findings[assessment.findings["clause"] == clause]
    return dict(zip(rows["id"], rows["status"], strict=True))


def status(assessment, clause, subject):
    return of(assessment, clause).get(subject)


def test_pooled_areas_share_one_place_and_need_no_place_each(town):
    """R4 and R5 need 30 x 300 / 100 = 90 m² each; the place of 220 m² is own for R4."""
    study = town(standards=("jinxiang-2023",), readings={"A8": "pooled"})
    rows = lc.assess(study).layers["residential"]
    assert rows.loc[["R4", "R5"], "required_m2"].tolist() == [90.0, 90.0]
    assert rows.loc[["R4", "R5"], "recorded_m2"].tolist() == [0.0, 90.0]
    # a place of 180 m² would hold both, and is no place under the minimum: it earns nothing
    facilities = study.facilities.frame.copy()
    facilities.loc["F3", "floor_area_m2"] = 180.0
    small = dataclasses.replace(study, facilities=Layer("facilities", facilities))
    rows = lc.assess(small).layers["residential"]
    assert rows.loc[["R4", "R5"], "verdict"].tolist() == ["deficient", "deficient"]
