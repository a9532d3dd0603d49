"""Areas of unknown class told by hand, in the county of ``test_open_by_hand``."""

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
CLASSES = ("new", "approved", "existing", "old")


def ends(bench, clause):
    """Return the ends of a clause's rate by areas, of the county."""
    rates = bench.one(clause).result.rates
    return next((r.low, r.high) for r in rates if (r.basis, r.scope) == ("areas", "county"))


@pytest.mark.parametrize(
    ("m2", "minimum", "rate"),
    [
        # 300 homes: 200 m² in one place if new, 60 m² if existing, between the two if approved
        (250, "compliant", "compliant"),
        (200, "compliant", "compliant"),
        (199, "not_assessed", "not_assessed"),
        (60, "not_assessed", "not_assessed"),
        (59, "not_assessed", "deficient"),  # whatever it is: its place may do, its m² do not
    ],
)
def test_one_place_of_an_area_that_may_be_approved_is_asked_200_m2_only_perhaps(m2, minimum, rate):
    row = area(households=300, households_planned=300, age_class=None, built_year=base.NAN)
    bench = county("jinxiang-2023", {"R": row}, {"F": room(m2)})
    assert status(bench, "JX-07") == rate
    assert status(bench, "JX-07", "R") == rate
    told = {}
    for age_class in CLASSES:
        whole = county("jinxiang-2023", {"R": row | {"age_class": age_class}}, {"F": room(m2)})
        told[age_class] = status(whole, "JX-07")
        if age_class in {"new", "approved"}:
            low, high = ends(bench, "JX-04")
            assert low <= ends(whole, "JX-04")[0] <= ends(whole, "JX-04")[1] <= high
    assert rate == "not_assessed" or set(told.values()) == {rate}
    assert ends(bench, "JX-04") == ((1.0, 1.0) if minimum == "compliant" else (0.0, 1.0))


@pytest.mark.parametrize(
    ("m2", "built", "ranges"),
    [
        # 500 homes: 75 m² of an existing area (CX-03), which a name gives rooms 140 m off; of a new
        # one they would have to be on its site: not its own
        (75, "compliant", {"CX-03": (1.0, 1.0), "CX-01": (0.0, 0.0), "CX-07": (0.0, 1.0)}),
        (74, "deficient", {"CX-03": (0.0, 0.0), "CX-01": (0.0, 0.0), "CX-07": (0.0, 0.0)}),
    ],
)
def test_what_a_name_gives_an_unclassed_area_is_its_own_for_clauses_on_existing_ones(
    m2, built, ranges
):
    row = area(households=500, households_planned=500, age_class=None, built_year=base.NAN)
    row |= {"name": "书香苑小区"}
    rooms = {"F": room(m2, (200, 0), name="书香苑养老服务站")}
    bench = county("caoxian-2023", {"R": row}, rooms)
    finding = bench.one("CX-03").findings.loc["R"]
    assert (str(finding["status"]), str(finding["decided"])) == ("not_assessed", built)
    # its range is that of the case in which the clause is about it; as a new one 100 % of nobody
    assert {clause: ends(bench, clause) for clause in ranges} == ranges
    for age_class in CLASSES:
        whole = county("caoxian-2023", {"R": row | {"age_class": age_class}}, rooms)
        clause = "CX-01" if age_class in {"new", "approved"} else "CX-03"
        low, high = ranges[clause]
        assert low <= ends(whole, clause)[0] <= ends(whole, clause)[1] <= high
        assert ranges["CX-07"][0] <= ends(whole, "CX-07")[0] <= ranges["CX-07"][1]


def test_one_that_shares_an_unclassed_area_s_rate_is_counted_with_it_as_met():
    """Q has nothing and counts: one of two if R is existing, none of one if it is new."""
    row = area((0, 900), households=100, age_class=None, built_year=base.NAN, name="书香苑小区")
    areas = {"R": row, "Q": area((3000, 0), name="西苑小区")}
    rooms = {"F": room(200, (200, 900), name="书香苑养老服务站")}
    bench = county("caoxian-2023", areas, rooms)
    assert ends(bench, "CX-03") == (0.0, 0.5)
    told = {}
    for age_class in CLASSES:
        areas["R"] = row | {"age_class": age_class}
        told[age_class] = ends(county("caoxian-2023", areas, rooms), "CX-03")
    assert told == dict.fromkeys(("existing", "old"), (0.5, 0.5)) | dict.fromkeys(
        ("new", "approved"), (0.0, 0.0)
    )


@pytest.mark.parametrize(
    ("rooms", "rate", "code"),
    [
        # WS-30, 500 homes: 100 m² if it is new (SD-01), any facility at all if not (WS-30b)
        ({}, "deficient", "area_lacks"),  # not 缺 100 m²: that is asked of a new one alone
        ({"F": room(99)}, "not_assessed", "age_class_missing"),
        ({"F": room(100)}, "compliant", "quota_met"),  # the most that it may be asked
    ],
)
def test_an_unclassed_area_is_told_what_it_misses_or_meets_either_way(rooms, rate, code):
    row = area(households=500, households_planned=500, age_class=None, built_year=base.NAN)
    finding = county("weishan-2023", {"R": row}, rooms).one("WS-30").findings.loc["R"]
    assert (str(finding["status"]), str(finding["reason"].code)) == (rate, code)


@pytest.mark.parametrize(("clause", "standard"), [("PY-33b", "pingyin-2022")])
def test_yes_or_no_about_existing_areas_takes_what_a_name_gives(clause, standard):
    row = area(age_class=None, built_year=base.NAN, name="书香苑小区")
    rooms = {"F": room(200, (200, 0), name="书香苑养老服务站")}
    finding = county(standard, {"R": row}, rooms).one(clause).findings.loc["R"]
    assert (str(finding["status"]), str(finding["decided"])) == ("not_assessed", "compliant")


TOWNS = {
    # (街道 has a centre, 镇 has one): range of WS-28, and whether 100 % is met
    (True, True): ((1.0, 1.0), "compliant"),  # 2 of 2, or 1 of 1 without the town
    (True, False): ((0.5, 1.0), "not_assessed"),
    (False, True): ((0.0, 0.5), "deficient"),
    # the 街道 misses it; whether a 镇 that nobody listed has one nobody has told either
    (False, False): ((0.0, 0.5), "deficient"),
}


@pytest.mark.parametrize("has", TOWNS)
def test_a_town_that_the_county_s_list_lacks_is_met_if_it_counts_and_has_its_centre(has):
    rooms = {
        f"F{n}": room(500, (600 * n, 0), kind="township_centre", community=None, unit=unit)
        | {"qualified": True, "beds": 20}
        for n, (unit, there) in enumerate(zip((base.STREET, base.TOWN), has, strict=True))
        if there
    }
    areas = {"R": area()}
    bench = county("weishan-2023", areas, rooms, unlisted={base.TOWN})
    rates = bench.one("WS-28").result.rates
    told = next((r.low, r.high) for r in rates if r.scope == "county")
    assert (told, status(bench, "WS-28")) == TOWNS[has]
    for gone in ({}, {"gone": {base.TOWN}}):  # the list lacks one, or is right
        whole = county("weishan-2023", areas, rooms, **gone)
        low, high = next(
            (r.low, r.high) for r in whole.one("WS-28").result.rates if r.scope == "county"
        )
        assert told[0] <= low <= high <= told[1]
        assert TOWNS[has][1] in {"not_assessed", status(whole, "WS-28")}


@pytest.mark.parametrize("basis", ["areas", "households", "population"])
def test_a_rate_of_nobody_is_about_nobody_whatever_it_is_weighed_by(basis):
    bench = county("caoxian-2023", {"R": area(setting="rural")}, {}, readings={"A1": basis})
    assert status(bench, "CX-07") == "not_applicable"
    missed = county("caoxian-2023", {"R": area()}, {}, readings={"A1": basis})
    assert status(missed, "CX-07") == "deficient"


def test_an_area_of_unknown_households_without_rooms_is_open_since_it_may_have_none():
    """0 households: the clause is not about it; 1 or more: it lacks rooms."""
    told = {}
    for homes in (base.NAN, 0, 1, 500):
        row = area(households=homes, households_planned=homes)
        told[homes] = status(county("caoxian-2023", {"R": row}, {}), "CX-03", "R")
    assert list(told.values()) == ["not_assessed", "not_applicable", "deficient", "deficient"]


@pytest.mark.parametrize("point", [True, False])
@pytest.mark.parametrize("serves", ["R", "RS"])
def test_rooms_of_unknown_place_are_perhaps_on_the_site_of_an_unclassed_area(serves, point):
    """R is new and they stand on its site: 1 of 2 (Q has none); else 0 of 2, or 0 of 1."""
    row = area(age_class=None, built_year=base.NAN, point=point)
    areas = {"R": row, "Q": area((3000, 0), age_class="new"), "S": area((0, 3000))}
    record = [("F", one, base.NAN) for one in serves]
    bench = county("caoxian-2023", areas, {"F": room(300, None)}, sharing=record)
    assert ends(bench, "CX-01") == (0.0, 0.5)
    for age_class in CLASSES:
        for at in ((0, 0), (0, 1500)):
            areas["R"] = row | {"age_class": age_class}
            whole = county("caoxian-2023", areas, {"F": room(300, at)}, sharing=record)
            for clause in ("CX-01", "CX-03", "CX-07"):
                (low, high), told = ends(bench, clause), ends(whole, clause)
                assert low <= told[0] <= told[1] <= high
