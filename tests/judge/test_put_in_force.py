"""Rules in force: what the province's clauses do around a county's, and what a scenario leaves."""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.judge.clause_results import not_in_force
from lifecircle.judge.readings import put_in_force
from lifecircle.model.status import Flag
from lifecircle.standards import apply_scenario, check_standard, library, read_standard

DAY = dt.date(2025, 6, 30)


@pytest.mark.parametrize(
    ("name", "day", "taken"),
    [
        ("jinxiang-2023", dt.date(2023, 1, 1), {"SD-01", "SD-02"}),
        ("jinxiang-2023", dt.date(2023, 7, 11), {"SD-01", "SD-02"}),
        ("jinxiang-2023", dt.date(2023, 7, 12), set()),
        ("pingyin-2022", dt.date(2022, 9, 19), {"SD-01", "SD-02"}),  # PY-31 is of the next day
        ("pingyin-2022", dt.date(2022, 9, 20), {"SD-02"}),  # which it never overrides
        ("pingyin-2022", dt.date(2025, 12, 31), {"SD-02"}),  # the plan's last day
        ("pingyin-2022", dt.date(2026, 1, 1), {"SD-01", "SD-02"}),
        ("jinxiang-2023", dt.date(2030, 1, 1), set()),  # its document sets no end
    ],
)
def test_outside_a_county_s_days_the_province_s_quotas_hold(name, day, taken):
    rules = put_in_force(read_standard(name), day)
    assert {rule.id for rule in rules if rule.id.startswith("SD-")} == taken


@pytest.mark.parametrize("choice", ["province", "has_facility"])
def test_weishan_s_existing_areas_are_a_yes_or_no(choice):
    """No text of Weishan states 15 m²: it stands beside the verdict, however A12 is read."""
    rules = put_in_force(read_standard("weishan-2023"), DAY, {"A12": choice})
    assert rules["SD-02"].reference
    assert rules["SD-01"].reference is (choice == "has_facility")
    assert not rules["WS-30b"].reference


@pytest.mark.parametrize("name", library())
def test_what_a_clause_rests_on_marks_it(name):
    """Marks only ever spread: a clause has its own, and those of all it names."""
    rules = put_in_force(read_standard(name), dt.date(2026, 6, 30))
    for rule in rules:
        below = [rules[other] for other in rule.options.rests_on if other in rules]
        assert all(one.marks <= rule.marks for one in below), rule.id
    doubtful = {rule.id for rule in rules if Flag.UNVERIFIED in rule.marks}
    assert not doubtful or {"SD-01", "SD-02"} & doubtful or name == "quotas-by-province"


def test_a_scenario_leaves_the_words_of_every_other_clause():
    """Only what it changes, and what rests on that, is marked; no word differs elsewhere."""
    standard = read_standard("jinxiang-2023")
    plain = put_in_force(standard, DAY)
    varied = put_in_force(apply_scenario(standard, {"JX-06.value": 15}, "x"), DAY)
    marked = {rule.id for rule in varied if Flag.SCENARIO in rule.marks}
    assert marked == {"JX-05", "JX-06", "JX-07"}  # JX-05 counts who fails JX-06, JX-07 the rate
    for rule in plain:
        before, after = not_in_force(rule), not_in_force(varied[rule.id])
        assert (before.title, before.quote) == (after.title, after.quote)
        if rule.id not in marked:
            assert before == after


RULES = """
id = "own-2024"
title = { zh = "本县规定", en = "Own rules" }
issuer = "本县"
number = "1号"
county = "370828"
issued = 2024-01-01
compared_on = 2024-02-01
inherits = "jinxiang-2023"

[clauses.OW-01]
title = { zh = "覆盖率", en = "Coverage" }
section = "一"
quote = "覆盖率达到80%"
category = "SP"
force = "达到"
measure = "compliance_rate"
subject = "residential"
unit = "%"
comparison = ">="
options = { clauses = ["JX-06"] }
official = "land_area"
[[clauses.OW-01.versions]]
valid_from = 2024-01-01
value = 80
references = [{ title = "本县规定", clause = "一" }]
"""


def test_a_rate_on_a_basis_that_the_measure_never_has_is_refused(tmp_path):
    """It would be 待核实 for ever."""
    path = tmp_path / "own.toml"
    path.write_text(RULES, encoding="utf-8")
    (mistake,) = check_standard(path, "en")
    assert "land_area" in mistake
    assert "households" in mistake  # one that can be
    path.write_text(RULES.replace("land_area", "households"), encoding="utf-8")
    assert check_standard(path, "en") == ()


def test_without_its_subject_a_clause_s_filter_is_still_read_by_its_measure(tmp_path):
    path = tmp_path / "own.toml"
    text = RULES.replace("land_area", "areas").replace('subject = "residential"\n', "")
    text = text.replace("comparison =", 'where = { setting = ["urban"] }\ncomparison =')
    path.write_text(text, encoding="utf-8")
    (mistake,) = check_standard(path, "en")
    assert "subject" in mistake


def test_an_undated_document_says_so():
    assert read_standard("caoxian-2023").undated
    assert not read_standard("jinxiang-2023").undated


def test_an_approved_area_lies_between_a_quota_and_the_one_below_it():
    """JX-03 asks 20 m² per hundred households and a place of 200; JX-06 below it no such place."""
    quota = put_in_force(read_standard("jinxiang-2023"), DAY)["JX-03"].options
    assert (quota.approved_rate, quota.approved_unit) == (20.0, "m2/100hh")
    assert (quota.minimum_m2, quota.approved_minimum_m2) == (200.0, 0.0)


@pytest.mark.parametrize(
    ("name", "rate", "taken", "together"),
    [
        ("jinxiang-2023", "JX-07", {}, {("JX-03", "JX-04"), ("JX-06",)}),
        ("jinxiang-2023", "JX-07", {"A8": "all_areas"}, {("JX-03", "JX-04"), ("JX-04", "JX-06")}),
        ("caoxian-2023", "CX-07", {}, {("CX-01",), ("CX-03",)}),
        ("pingyin-2022", "PY-33", {}, {("SD-02",)}),  # of old areas alone
    ],
)
def test_a_rate_knows_which_of_its_clauses_hold_for_one_area(name, rate, taken, together):
    rule = put_in_force(read_standard(name), DAY, taken)[rate]
    assert set(rule.options.together) == together
