"""Open phases, classes and hosts told by hand, in the county of ``test_open_by_hand``."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import pytest

from lifecircle.model.reason import ReasonCode

pytestmark = pytest.mark.judged_alone(
    "CX-01", "CX-03", "CX-07", "JX-03", "JX-04", "JX-07", "WS-09c", "WS-20", "WS-30", "WS-30b"
)

_SPEC = importlib.util.spec_from_file_location(
    "open_by_hand", Path(__file__).with_name("test_open_by_hand.py")
)
hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hand)

area, room, county, status, base = hand.area, hand.room, hand.county, hand.status, hand.base
VILLAGE = hand.VILLAGE


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


UNREAD = {"stage": None, "stage_unread": True}


def of_phases(other, **more):
    """Return a project of R, which 90 m² are asked of, a planned phase E and one that is ``other``.

    60 m² stand on E's ground, 30 m² on the other's; Q and S share a room of 0 to 20 m².
    """
    areas = {
        "R": area(project="P", required_m2=90.0),
        "E": area((600, 0), project="P", stage="planned"),
        "O": area((1200, 0), project="P") | other,
        "Q": area((3000, 0)),
        "S": area((3600, 0)),
    }
    rooms = {
        "F": room(60, (600, 0)),
        "G": room(30, (1200, 0)),
        "H": room(20, (3300, 0), kind="care_home"),
    }
    sharing = [("H", name, base.NAN) for name in "QS"]
    return county("caoxian-2023", areas, rooms, sharing=sharing, **more)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        # R's quota is typed, the other's not: they have two accounts, and E's rooms are neither's
        ({}, "deficient"),
        ({"stage": "planned"}, "compliant"),  # all that stands there is R's: 60 + 30 m²
        ({"stage": "planned", "age_class": "new"}, "deficient"),  # its rooms are not, 60 are
        ({"stage": "idle"}, "deficient"),
        (UNREAD, "not_assessed"),
        (UNREAD | {"age_class": None}, "not_assessed"),
        (UNREAD | {"age_class": "new"}, "deficient"),  # 60 m² whatever it is
        ({"setting": None}, "deficient"),  # lived in: what stands there is its own
        (UNREAD | {"project": None}, "deficient"),
    ],
)
def test_rooms_on_the_ground_of_empty_phases_hang_on_a_phase_of_unread_stage(other, told):
    bench = of_phases(other)
    assert status(bench, "CX-03", "R") == told
    if told == "not_assessed":  # R may have enough; of Q and S one may, not both
        rate = next(one for one in bench.one("CX-03").result.rates if one.scope == "county")
        assert 2 / 3 - 1e-9 <= rate.high < 1


@pytest.mark.parametrize(
    ("other", "has"),
    [
        ({}, (60.0, 60.0)),  # a quota of R's class that is not typed: one account for both
        ({"required_m2": 90.0}, (0.0, 60.0)),
        ({"required_m2": 90.0, "age_class": "new"}, (60.0, 60.0)),
    ],
)
def test_the_rooms_of_an_empty_phase_are_a_phases_for_certain(other, has):
    """E's 60 m² are R's unless the other, lived in or not, turns out to have another account."""
    areas = {
        "R": area(project="P"),
        "E": area((600, 0), project="P", stage="planned"),
        "O": area((1200, 0), project="P", **UNREAD) | other,
    }
    bench = county("caoxian-2023", areas, {"F": room(60, (600, 0))})
    found = bench.one("CX-03").findings.loc["R"]
    assert (found["low"], found["high"]) == has


@pytest.mark.parametrize(
    "place",
    [
        {"at": (600, 0)},
        # E is the only area of its community: without a place it may stand there
        {"at": None, "community": VILLAGE, "unit": base.TOWN},
    ],
)
def test_who_may_have_what_stands_on_an_empty_phase_need_not_wait_for_another(place):
    """F is R's if E, that nobody lives in, is an existing area too; G, without a place, is D's."""
    areas = {
        "R": area(project="P"),
        "E": area((600, 0), project="P", stage="planned", age_class=None, built_year=base.NAN),
        "D": area((3000, 0)),
    }
    if place["at"] is None:
        areas["E"] |= {"community": VILLAGE, "unit": base.TOWN}
    rooms = {"F": room(60, (600, 0)) | place}
    rooms["G"] = room(60, None, community=None, unit=base.STREET)
    for standard, clause in (("weishan-2023", "WS-30b"), ("caoxian-2023", "CX-03")):
        result = county(standard, areas, rooms).one(clause).result
        rate = next(one for one in result.rates if (one.basis, one.scope) == ("areas", "county"))
        assert (rate.low, rate.high) == (0.0, 1.0)


@pytest.mark.parametrize("until", [dt.date(2030, 1, 1), dt.date(2020, 1, 1), None])
def test_a_project_counts_in_either_town_of_its_phases_while_it_is_open_who_is_exempt(until):
    # the phase with most households leads, unless it is exempt: in the town, or in the street
    areas = {
        "R": area(project="P", community=VILLAGE, households=200),
        "Q": area((600, 0), project="P"),
        "S": area((3000, 0), community=VILLAGE),
    }
    told = ["R", "CX-03", "改造", "会议纪要", until, until is None]
    bench = county("caoxian-2023", areas, {"F": room(60, (3000, 0))}, exemptions=[told])
    rates = {one.scope: one for one in bench.one("CX-03").result.rates if one.basis == "areas"}
    low, high = {2030: (1.0, 1.0), 2020: (0.5, 0.5)}.get(until and until.year, (0.5, 1.0))
    assert (rates[base.TOWN].low, rates[base.TOWN].high) == (low, high)


@pytest.mark.parametrize(
    ("clause", "asked"), [("CX-03", (15.0, 15.0)), ("CX-01", (45.0, 45.0)), (None, (45.0, 45.0))]
)
def test_an_exemption_from_a_quota_of_new_areas_lets_no_existing_phase_off(clause, asked):
    # 100 and 200 households of one project: 45 m², or 15 m² of the one that is not exempt
    areas = {"R": area(project="P"), "Q": area((600, 0), project="P", households=200)}
    exemptions = [["Q", clause, "改造", "会议纪要", None, False]] if clause else []
    bench = county("caoxian-2023", areas, {"F": room(20)}, exemptions=exemptions)
    found = bench.one("CX-03").findings.loc["R"]
    assert (found["required_low"], found["required_high"]) == asked
    assert str(found["status"]) == ("compliant" if clause == "CX-03" else "deficient")


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


CLASSLESS = {"age_class": None, "built_year": base.NAN}


@pytest.mark.parametrize(
    ("at", "untold", "turns"),
    [
        # F, of E's record, stands on R's ground: it is on the project's if R and E are one
        ((0, 0), UNREAD, [{"stage": one} for one in ("in_use", "planned", "idle")]),
        ((0, 0), {"setting": None}, [{"setting": one} for one in ("urban", "rural")]),
        ((0, 0), CLASSLESS, [{"age_class": one} for one in ("new", "existing")]),
        # E is empty: it has no account of its own
        *(
            (
                at,
                CLASSLESS | {"stage": "planned"},
                [{"age_class": one, "stage": "planned"} for one in ("new", "existing")],
            )
            for at in ((0, 0), (600, 0))
        ),
    ],
)
@pytest.mark.parametrize(("m2", "told"), [(250, "compliant"), (45, "deficient")])
def test_a_place_on_a_project_s_ground_is_perhaps_that_of_each_of_its_phases(
    m2, told, at, untold, turns
):
    """JX-04: no place of a new area below 200 m²; R, which has none of its own, has F or none."""
    found = []
    for other in (untold, *turns):
        areas = {
            "R": area(age_class="new", project="P"),
            "E": area((600, 0), age_class="new", project="P") | other,
        }
        rooms = {"F": room(m2, at)}
        bench = county("jinxiang-2023", areas, rooms, sharing=[("F", "E", base.NAN)])
        found.append((status(bench, "JX-04", "R"), bench.one("JX-04")))
    (open_, whole), *known = found
    assert open_ == "not_assessed"
    assert {one for one, _ in known} == {told, "not_applicable"}
    assert whole.findings.at["R", "reason"].code == ReasonCode.PHASE_UNKNOWN
    for _, one in known:
        assert list(base.wrong({"JX-04": whole}, {"JX-04": one})) == []


def phases(standard, clause, homes, other, m2):
    """Return the finding of a new area of so many homes beside a phase of 300 (``other``)."""
    one = area(project="P", age_class="new", households=homes, households_planned=homes)
    two = area((600, 0), project="P", households=300, households_planned=300, **other)
    rooms = {f"F{n}": room(has, (600 * n, 0)) for n, has in enumerate(m2) if has}
    return county(standard, {"R": one, "O": two}, rooms).one(clause).findings.loc["R"]


@pytest.mark.parametrize(
    ("homes", "m2", "asked", "told"),
    [
        # 150 and 90 m² are less than 200 each; of both as one 240 are asked, or 200 of R alone
        (500, 250, (200.0, 240.0), "compliant"),
        (500, 220, (200.0, 240.0), "not_assessed"),
        (300, 200, (200.0, 200.0), "compliant"),  # 90 and 90: 180 of both
        (300, 190, (200.0, 200.0), "deficient"),
        (1000, 350, (300.0, 390.0), "not_assessed"),
    ],
)
def test_what_may_be_one_project_has_one_minimum(homes, m2, asked, told):
    found = phases("jinxiang-2023", "JX-03", homes, {"age_class": None}, [m2])
    assert (found["required_low"], found["required_high"]) == asked
    assert found["status"] == told


@pytest.mark.parametrize(
    ("m2", "told"),
    [
        # R alone: 100 m²; both together, if O's conditions are none: 160
        ([100], "not_assessed"),
        ([160], "compliant"),
        ([90], "deficient"),
        ([50, 60], "not_assessed"),  # 110 of both
        ([50, 40], "deficient"),
    ],
)
def test_a_phase_whose_conditions_cannot_be_read_may_be_one_with_the_other(m2, told):
    unread = {"age_class": "new", "required_m2": base.NAN, "required_m2_unread": True}
    found = phases("caoxian-2023", "CX-01", 500, unread, m2)
    assert (found["required_low"], found["required_high"]) == (100.0, 160.0)
    assert found["status"] == told
    reason = found["reason"]
    if told == "not_assessed":
        assert reason.code == ReasonCode.PHASE_UNKNOWN
        assert reason.params == {"residential": "O", "field": "required_m2"}
