"""What each reading changes of the rules in force, clause by clause, and what stays beside them."""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.judge.readings import differing, put_in_force, service_districts
from lifecircle.judge.reference_checks import reference_rules
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.rules.options import PresenceOptions
from lifecircle.standards import read_standard

DAY = dt.date(2025, 6, 30)


def rules(name, **choices):
    return put_in_force(read_standard(name), DAY, choices)


def test_whose_code_says_urban():
    committee = {"unit_type": ("community",), "unit_level": ("community",)}
    urban = {**committee, "setting": ("urban",)}
    assert rules("weishan-2023")["WS-10"].where == committee
    assert rules("weishan-2023", A26="statistical_code")["WS-10"].where == urban
    assert rules("pingyin-2022")["PY-22"].where == urban
    assert rules("pingyin-2022", A26="committee")["PY-22"].where == committee
    village = {"unit_type": ("village",), "unit_level": ("community",)}
    for taken in ("statistical_code", "committee"):
        assert rules("jinxiang-2023", A26=taken)["JX-15"].where == village


def test_what_may_be_the_centre_of_a_unit():
    assert rules("jinxiang-2023")["JX-12"].kinds == ("township_centre",)
    both = ("township_centre", "regional_centre")
    assert rules("jinxiang-2023", A22="either")["JX-12"].kinds == both
    rooms = ("day_care", "community_station", "happiness_home")
    assert rules("weishan-2023", A22="either")["WS-10"].kinds == rooms


def test_villages_as_people_live_in_them():
    plain = rules("jinxiang-2023")["JX-15"]
    assert (plain.measure, plain.subject) == ("unit_coverage", "units")
    found = rules("jinxiang-2023", A27="natural_villages")["JX-15"]
    assert (found.measure, found.subject, found.official) == (
        "has_facility",
        "residential",
        "areas",
    )
    assert (found.where, found.options) == ({"setting": ("rural",)}, PresenceOptions())
    assert found.kinds == plain.kinds == ("happiness_home",)


def test_units_served_by_the_host_of_their_district():
    assert rules("weishan-2023")["WS-28"].options.districts == ()
    served = rules("weishan-2023", A20="assigned")
    districts = served["WS-28"].options.districts
    assert len(districts) == 4
    assert districts == service_districts(served)
    assert sum(len(one.units) for one in districts) == 15
    # the clauses on the hosts themselves, and on the other homes, are left alone
    assert {served[name].options.districts for name in ("WS-24", "WS-25")} == {()}


def test_beds_and_the_sign_of_a_sum():
    plain, other = rules("pingyin-2022"), rules("pingyin-2022", A25="more_than")
    assert (plain["PY-04"].comparison, other["PY-04"].comparison) == (">=", ">")
    assert plain["PY-05"].comparison == other["PY-05"].comparison == ">"  # its own word is 超过
    ratios = [rule.id for rule in rules("caoxian-2023").of("ratio") if "A24" in rule.readings]
    assert ratios
    for name in ratios:
        assert rules("caoxian-2023")[name].kinds != ()
        assert rules("caoxian-2023", A24="all_beds")[name].kinds == ()


def test_a_single_minimum_for_new_areas_for_all_or_for_those_that_pool():
    plain = rules("jinxiang-2023")
    assert plain["JX-04"].options.quotas == ("JX-03",)
    assert "age_class" in plain["JX-04"].where
    assert plain["JX-06"].options.minimum_m2 == 0.0
    every = rules("jinxiang-2023", A8="all_areas")
    assert every["JX-04"].options.quotas == ("JX-03", "JX-06")
    assert every["JX-04"].where == {"setting": ("urban",)}
    assert every["JX-06"].options.minimum_m2 == every["JX-03"].options.minimum_m2 == 200.0
    pooled = rules("jinxiang-2023", A8="pooled")
    assert (pooled["JX-03"].options.pooled, pooled["JX-03"].options.sharing) == (True, "recorded")
    assert (pooled["JX-06"].options.pooled, pooled["JX-06"].options.minimum_m2) == (False, 0.0)
    assert plain["JX-03"].options.sharing == "none"


def test_what_a_compliance_rate_counts_and_by_what():
    plain = rules("caoxian-2023")["CX-07"]
    assert (plain.official, plain.options.clauses) == ("areas", ("CX-01", "CX-03"))
    assert rules("caoxian-2023", A1="households")["CX-07"].official == "households"
    wider = rules("caoxian-2023", A35="with_radius")
    assert wider["CX-07"].options.clauses == ("CX-01", "CX-03", "CX-06")
    assert "age_class" in wider["CX-06"].where
    assert rules("caoxian-2023", A35="all_urban")["CX-06"].where == {"setting": ("urban",)}


@pytest.mark.parametrize(
    ("choice", "counted", "beside"),
    [("province", "SD-02", "PY-33b"), ("has_facility", "PY-33b", "SD-02")],
)
def test_without_a_figure_of_its_own_one_of_two_is_counted(choice, counted, beside):
    found = rules("pingyin-2022", A11=choice)
    assert counted in found["PY-33"].options.clauses
    assert beside not in found["PY-33"].options.clauses
    assert (found[counted].reference, found[beside].reference) == (False, True)
    assert not found["PY-31"].reference


PARAMETERS = Parameters().having(reference_radius_m=800.0, reference_walk_min=10.0)


def test_reference_checks_speak_of_what_a_document_leaves_open():
    found = {rule.id: rule for rule in reference_rules(rules("caoxian-2023"), PARAMETERS)}
    # CX-05 and CX-06 judge existing and old areas of towns
    young = {"setting": ("urban",), "age_class": ("new", "approved")}
    assert found["REF-radius-community"].where == found["REF-walk-community"].where == young
    assert found["REF-radius-village"].where == {"setting": ("rural",)}
    assert found["REF-walk-canteen"].where == found["REF-radius-centre"].where == {}
    assert len(found) == 8
    for name, rule in found.items():
        radius = name.startswith("REF-radius")
        assert (rule.value, rule.unit) == ((800.0, "m") if radius else (10.0, "min"))
        assert (rule.comparison, rule.reference, rule.official) == ("<=", True, "areas")
        assert rule.readings == ({"A14": "point"} | ({} if radius else {"A15": "km_in_15_min"}))
        assert (rule.measure, rule.reach_key) == tuple(name.split("-")[1:])


def test_what_a_document_asks_of_every_area_needs_no_reference():
    found = {rule.id for rule in reference_rules(rules("pingyin-2022"), PARAMETERS)}
    assert "REF-walk-community" not in found  # PY-36 is a walk for all
    assert "REF-radius-community" in found
    assert len(found) == 7


def test_a_subject_that_appears_or_goes_is_another_status():
    before = {"A": "compliant", "B": "deficient", "C": "compliant"}
    after = {"A": "compliant", "B": "compliant", "D": "compliant"}
    assert differing(before, after) == 3
    assert differing(before, before) == 0
