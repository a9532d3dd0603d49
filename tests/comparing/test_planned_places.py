"""A future beside what stands: every change is put down to the planned place behind it."""

from __future__ import annotations

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.model.results.comparison import Cause, CauseCode, CauseKind
from lifecircle.outputs.words.causes import causes_text
from lifecircle.outputs.words.changes import side_texts
from lifecircle.outputs.words.wording import Wording


@pytest.fixture(scope="module")
def sides(short_county, short_future):
    return lc.assess(lc.read_study(short_county / "study.toml")), short_future


def causes(comparison, clause):
    """Return area → its causes under a clause."""
    found = {}
    for change in comparison.findings:
        told = comparison.clauses[change.clause]
        if told.after.id == clause:
            found[change.id_after] = change.causes
    return found


def place(before, after):
    return {"facility": {"before": before, "after": after}}


def test_each_change_names_its_place(sides):
    found = causes(lc.compare(*sides), "CX-06")
    new = (Cause(CauseCode.PLANNED_PLACE, place(None, "K1")),)
    back = (Cause(CauseCode.PLANNED_PLACE, place("F2", "F2")),)
    # E is deficient on both sides, and nearest to another place than before
    assert found == {"C": new, "D": new, "E": new, "G": back}
    assert new[0].kind is CauseKind.PLAN


def test_the_other_way_round(sides):
    found = causes(lc.compare(*reversed(sides)), "CX-06")
    assert found["C"] == (Cause(CauseCode.PLANNED_PLACE_GONE, place("K1", None)),)
    assert found["G"] == (Cause(CauseCode.PLANNED_PLACE_GONE, place("F2", "F2")),)


def test_no_change_is_put_down_to_the_ledger(sides):
    """The ledger is the same on both sides: whatever is found by elimination is the plan."""
    comparison = lc.compare(*sides)
    told = {cause.code for change in comparison.findings for cause in change.causes}
    plan = {CauseCode.PLANNED_PLACE, CauseCode.PLAN, CauseCode.CLAUSES, CauseCode.SHARED}
    assert told <= plan
    settings = {setting.name: (setting.before, setting.after) for setting in comparison.settings}
    assert settings == {"sites": (None, "CX-06: K1, F2")}


def test_two_plans_differ_where_their_places_do(sides, short_plan):
    other = dataclasses.replace(sides[1], sites=dataclasses.replace(short_plan, places=()))
    found = causes(lc.compare(sides[0], other), "CX-06")
    # a result that says no place is its plan's has its changes from its ledger
    assert found["C"] == (Cause(CauseCode.FACILITY_ADDED, place(None, "K1")),)


def test_a_future_can_be_compared_on_every_output(sides, tmp_path):
    comparison = lc.compare(*sides)
    written = lc.write_comparison(comparison, tmp_path)
    page = written["map"].read_text(encoding="utf-8")
    assert "规划情景“CX-06 建议点位 2 处”（改建 1、盘活 1）" in page
    assert "情景“CX-06 建议点位 2 处”" in side_texts(comparison, Wording.of_both(comparison))[1]


def test_causes_in_words(sides):
    comparison = lc.compare(*sides)
    words = Wording.of_both(comparison)
    found = causes(comparison, "CX-06")
    assert causes_text(found["C"], words) == "建议点位方案计入旧小学"
    english = words.in_language("en")
    assert causes_text(found["C"], english) == "旧小学 of the siting plan"
