"""From nothing to a result, for each of the four counties: init, fill in, check, assess, score."""

from __future__ import annotations

import pytest

import lifecircle as lc
from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.model.rules.form import PartKind

COUNTIES = ("weishan-2023", "caoxian-2023", "pingyin-2022", "jinxiang-2023")

EXPECTED = {
    # everything is there, so every clause with a number is met; these have none, or none to judge
    "weishan-2023": dict.fromkeys(("WS-05", "WS-12", "WS-26"), "reported")
    | {"WS-04": "not_assessed"},  # no idle site is listed
    "caoxian-2023": dict.fromkeys(("CX-04", "CX-14", "CX-18", "CX-19"), "reported")
    | dict.fromkeys(("CX-08", "CX-15", "CXJ-04"), "reported")
    | {"CX-05": "not_assessed"}  # the walk, for want of streets
    | {"CXJ-02": "not_assessed"},
    "pingyin-2022": dict.fromkeys(("PY-34", "PY-39", "PY-43", "PY-44", "PY-51"), "reported")
    | dict.fromkeys(("PY-01", "PY-01b"), "reported")
    | {"PY-37": "not_assessed"}  # no room has a record
    # nor do centres of which only the town is known tell whether they stand in a village
    | {"PY-36": "not_assessed", "PY-42": "not_assessed"},
    "jinxiang-2023": dict.fromkeys(("JX-05", "JX-09b", "JX-15", "JX-29"), "reported"),
}


@pytest.fixture(autouse=True)
def _no_switches(monkeypatch):
    """Leave out what other readings would change: it is not asked here and takes its time."""
    monkeypatch.setattr("lifecircle.assessing.drawing.what_switches_change", lambda _: [])


@pytest.mark.parametrize("standard", COUNTIES)
def test_a_county_in_which_nothing_is_missing(officer, standard):
    author = officer(standard)
    author.fill()
    study, problems = check_study(author.study)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    examples = [p for p in problems if p.code == ProblemCode.ROW_EXAMPLE]
    papers = {"evidence"} if author.template.evidence else set()  # 平阴 asks for none
    assert {p.layer for p in examples} == {
        *("residential", "facilities", "units", "indicators"),
        *papers,
    }
    for record in study.inputs:
        assert record.rows == record.used + record.set_aside
    unused = {p.layer for p in problems if p.code == ProblemCode.SHEET_UNUSED}
    assert unused == {"candidates", "gates", "exemptions", "evidence"} - papers
    assessment = lc.assess(study)
    found = {c.id: str(c.status) for c in assessment.clauses if not c.id.startswith("REF-")}
    words_only = {
        c.id for c in assessment.clauses if c.measure == "document" and c.comparison is None
    }
    expected = {
        name: "reported" if name in words_only else EXPECTED[standard].get(name, "compliant")
        for name in found
    }
    assert found == expected
    # the form: what people answered with yes and the papers, what the clauses decide
    filled = lc.score(study, assessment, "caoxian" if standard[0] in "pj" else None)
    parts = {p.part.id: p for item in filled.items for p in item.parts}
    answered = {line.id for line in author.template.evidence}
    assert all(p.low <= p.high for p in parts.values())
    for name, one in parts.items():
        if one.part.kind == PartKind.BOOL and {name, one.part.document} & answered:
            assert one.score == one.part.points, name


def test_a_missing_column_costs_what_the_guide_says(officer):
    author = officer("jinxiang-2023")
    author.fill()
    dropped = ("star", "nursing_beds", "open_kitchen")
    for column in dropped:
        for row in range(3, author.sheet("facilities").max_row + 1):
            author.sheet("facilities").cell(row, author.at("facilities", column)).value = None
    author.book.save(author.path)
    named = {c for column in dropped for c in author.template.gaps[f"facilities.{column}"]}
    assert named == {"JX-11", "JX-17", "JX-20"}
    result = lc.assess(lc.read_study(author.study))
    open_ = {c.id for c in result.clauses if str(c.status) == "not_assessed"}
    assert named <= open_


def test_an_empty_template_says_what_is_missing_and_nothing_worse(officer):
    author = officer("caoxian-2023", "en")
    study, problems = check_study(author.study)
    assert study is None
    errors = [p for p in problems if p.severity is Severity.ERROR]
    assert {(p.layer, p.code) for p in errors} == {
        (layer, ProblemCode.LAYER_EMPTY) for layer in ("residential", "facilities")
    }
