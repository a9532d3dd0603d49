"""Open phases, classes and hosts told by hand, in the county of ``test_open_by_hand``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "open_by_hand", Path(__file__).with_name("test_open_by_hand.py")
)
hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hand)

area, room, county, status, base = hand.area, hand.room, hand.county, hand.status, hand.base


@pytest.mark.parametrize(
    ("age_class", "m2", "told"),
    [
        # 50 homes stand of 300 planned: 60 m² are asked of a new area, 7.5 of an existing one
        ("new", 10, {"CX-01": "deficient", "CX-03": "not_applicable", "CX-07": "deficient"}),
        ("existing", 10, {"CX-01": "not_applicable", "CX-03": "compliant", "CX-07": "compliant"}),
        (None, 10, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "not_assessed"}),
        (None, 60, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "compliant"}),
        (None, 7, {"CX-01": "not_assessed", "CX-03": "not_assessed", "CX-07": "deficient"}),
    ],
)
def test_which_of_two_numbers_of_homes_counts_is_open_where_the_class_is(age_class, m2, told):
    row = area(households=50, households_planned=300, age_class=age_class, built_year=base.NAN)
    bench = county("caoxian-2023", {"R": row}, {"F": room(m2)})
    assert {clause: status(bench, clause, "R") for clause in told} == told


def test_a_rate_of_homes_is_open_where_it_is_open_how_many_an_area_has():
    # R reached, Q not: 50 of 150 homes, or 300 of 400
    areas = {
        "R": area(households=50, households_planned=300, age_class=None, built_year=base.NAN),
        "Q": area((3000, 0)),
    }
    ends = {}
    for age_class in ("existing", "new", None):
        areas["R"]["age_class"] = age_class
        result = county("shandong", areas, {"F": room(60)}).one("REF-radius-community").result
        rate = next(
            one for one in result.rates if (one.basis, one.scope) == ("households", "county")
        )
        ends[age_class] = rate.low, rate.high
    assert ends["existing"] == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert ends["new"] == (0.75, 0.75)
    assert ends[None] == (None, None)


@pytest.mark.parametrize(
    ("setting", "age_class", "found"),
    [
        ("urban", None, "deficient"),  # whatever it is, it has nothing
        (None, "existing", "not_assessed"),  # rural: no clause speaks of it
        (None, None, "not_assessed"),
        ("rural", None, "not_applicable"),
    ],
)
@pytest.mark.parametrize(
    ("standard", "rate"),
    [("caoxian-2023", "CX-07"), ("jinxiang-2023", "JX-07"), ("weishan-2023", "WS-30")],
)
def test_an_area_of_unknown_class_and_setting_may_not_count_at_all(
    standard, rate, setting, age_class, found
):
    row = area(setting=setting, age_class=age_class, built_year=base.NAN)
    assert status(county(standard, {"R": row}, {}), rate) == found


@pytest.mark.parametrize(
    ("m2", "setting", "told"),
    [
        # JX-04: no place below 200 m² of a new area. R0 has one, R1 none: as one project they rest
        # on it both
        (250, "urban", ("compliant", "compliant")),
        (250, "rural", ("compliant", "not_applicable")),
        (250, None, ("compliant", "not_assessed")),
        (150, "urban", ("deficient", "deficient")),
        (150, "rural", ("deficient", "not_applicable")),
        (150, None, ("deficient", "not_assessed")),
    ],
)
def test_the_places_of_one_project_are_perhaps_those_of_a_phase_of_unknown_setting(
    m2, setting, told
):
    areas = {
        "R0": area(age_class="new", project="P"),
        "R1": area((600, 0), age_class="new", project="P", setting=setting),
    }
    bench = county("jinxiang-2023", areas, {"F": room(m2)})
    found = tuple(status(bench, "JX-04", name) for name in areas)
    assert found == told or (setting is None and found == ("not_assessed", told[1]))


TOWN = "370826101"  # 韩庄镇, where the host of 南部片区 stands


def houses(rows, **more):
    """Return the bench of a county of ``rows``, each the town's 区域性养老服务中心 but for them."""
    plain = room(
        500, kind="regional_centre", community=None, unit=TOWN, name="某养老院", beds=300.0
    )
    home = {"R": area(community=None, unit=TOWN)}
    rows = {name: {**plain, **row} for name, row in rows.items()}
    return county("weishan-2023", home, rows, county="370826", **more)


@pytest.fixture
def _weishan(monkeypatch):
    monkeypatch.setattr(base, "TOWN", TOWN)
    monkeypatch.setattr(base, "STREET", "370826002")
    monkeypatch.setattr(base, "COMMUNITIES", {"370826002001": "370826002", f"{TOWN}200": TOWN})


CARE_HOME = {"kinds": frozenset({"care_home"})}


@pytest.mark.usefixtures("_weishan")
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "compliant"),  # the only house of the town: the host renamed
        ({"stage": None}, "not_assessed"),
        ({"kinds": frozenset()}, "not_assessed"),
        ({"unit": None}, "not_assessed"),
        (CARE_HOME, "deficient"),
        # closed, another house may be the host: nobody knows which
        (CARE_HOME | {"stage": "closed"}, "not_assessed"),
        (CARE_HOME | {"stage": None}, "not_assessed"),
        (CARE_HOME | {"stage": None, "name": "韩庄镇敬老院"}, "deficient"),
    ],
)
def test_the_only_house_of_a_unit_is_the_host_where_it_is_one_for_certain(more, told):
    assert status(houses({"H": more}), "WS-20", TOWN) == told


@pytest.mark.usefixtures("_weishan")
@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"unit": "370826002"}, "compliant"),
        ({"unit": None}, "not_assessed"),  # it may stand in the town too
        ({"unit": None, "stage": "closed"}, "compliant"),
        ({"unit": None, "kinds": frozenset({"day_care"})}, "compliant"),
        ({"unit": None, "kinds": frozenset()}, "not_assessed"),
    ],
)
def test_another_house_of_unknown_unit_may_be_the_host(other, told):
    assert status(houses({"H": {}, "G": other}), "WS-20", TOWN) == told
    # 30 beds for 225 people: too few, unless the other one is the host
    few = {"H": {"beds": 30.0}, "G": {**other, "beds": 500.0}}
    bench = houses(few, people={TOWN: {"tekun": 225}})
    expected = "deficient" if told == "compliant" else told
    assert status(bench, "WS-09c", TOWN) == expected


def test_rooms_of_a_phase_whose_stage_cannot_be_read_are_perhaps_for_the_project():
    # 30 m² in R0 are enough for both, where it counts; else R1 has none within its place
    told = {}
    for stage in ("in_use", "idle", None):
        areas = {
            "R0": area(project="P", stage=stage, stage_unread=stage is None),
            "R1": area((600, 0), project="P"),
        }
        bench = county("caoxian-2023", areas, {"F": room(30)})
        told[stage] = status(bench, "CX-03", "R1"), status(bench, "CX-07")
    assert told == {
        "in_use": ("compliant", "compliant"),
        "idle": ("deficient", "deficient"),
        None: ("not_assessed", "not_assessed"),
    }
    bench = county("caoxian-2023", areas, {"F": room(30)})
    assert bench.one("CX-03").findings.at["R1", "reason"].params["field"] == "stage"
