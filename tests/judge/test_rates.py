"""Rates by hand: every basis and scope, facilities that may be meant, phases, weighed verdicts."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.counting.shares import coded, facility_rates
from lifecircle.counting.weighing import Weighing
from lifecircle.judge.clause_results import _flags
from lifecircle.judge.rates import (
    area_rates,
    exact_status,
    once,
    rate_status,
    unit_rates,
    weighed_status,
)
from lifecircle.model.finding import Rate
from lifecircle.model.status import Flag, Status

NAN = math.nan
MET, MISSED, OPEN, OUT = "compliant", "deficient", "not_assessed", "not_applicable"
TOWN, OTHER = "371721001", "371721101"


def statuses(**found):
    return pd.Series({name: Status(one) for name, one in found.items()}, dtype=object)


def areas():
    rows = {
        "A": ("urban", TOWN, 100.0, 300.0, 50.0, 1000.0),
        "B": ("urban", TOWN, 300.0, NAN, NAN, 3000.0),
        "C": ("rural", OTHER, 50.0, 100.0, NAN, 500.0),
        "D": ("rural", None, 10.0, 30.0, NAN, 100.0),
    }
    names = ["setting", "unit", "counted", "population", "elders", "land_area_m2"]
    return pd.DataFrame(rows.values(), index=pd.Index(rows, name="id"), columns=names)


def rule(measure="has_facility", *, per_project=False):
    spec = SimpleNamespace(per_project=per_project, yes_no=True)
    told = {"measure": measure, "subject": "residential", "spec": spec, "reach_key": "g"}
    return SimpleNamespace(**told, where={})


def of_areas(status, given, shares=None):
    tables = SimpleNamespace(reach={"g": SimpleNamespace(frame=shares)})
    return area_rates(coded(status), given, tables, Weighing.of(areas()).some(status.index))


def told(rates):
    """Return (basis, scope) → numerator, denominator, not assessed, low, high, rate."""
    return {
        (r.basis, r.scope): (r.numerator, r.denominator, r.not_assessed, r.low, r.high, r.rate)
        for r in rates
    }


def test_every_basis_and_scope_of_areas():
    status = statuses(A=MET, B=MISSED, C=OPEN, D=OUT)
    found = told(of_areas(status, rule()))
    assert list(found)[:4] == [
        (basis, "county") for basis in ("areas", "households", "population", "elders")
    ]
    assert found["areas", "county"] == (1, 2, 1, 1 / 3, 2 / 3, 1 / 2)
    # 100 of 400 decided; of 450, at least 100 and at most 100 + 50
    assert found["households", "county"] == (100, 400, 1, 100 / 450, 150 / 450, 0.25)
    # B has no figure: what is known of it is nothing, and no bounds can be given
    assert found["population", "county"] == (300, 300, 2, None, None, 1.0)
    assert found["elders", "county"] == (50, 50, 2, None, None, 1.0)
    assert found["areas", "urban"] == found["areas", TOWN] == (1, 2, 0, 0.5, 0.5, 0.5)
    assert found["areas", "rural"] == found["areas", OTHER] == (0, 0, 1, 0.0, 1.0, None)
    assert found["households", "rural"] == (0, 0, 1, 0.0, 1.0, None)
    # C's and D's elders are not known: no rate; and D, which has no unit, is no scope
    assert ("elders", "rural") not in found
    assert {scope for _, scope in found} == {"county", "urban", "rural", TOWN, OTHER}
    assert "households_reached" not in {basis for basis, _ in found}


def test_a_scope_in_which_nothing_is_judged_has_no_rate():
    status = statuses(A=MET, B=MISSED, C=OUT, D=OUT)
    found = told(of_areas(status, rule()))
    assert {scope for _, scope in found} == {"county", "urban", TOWN}


def test_shares_of_areas_within_reach():
    shares = pd.DataFrame(
        {"walk_share": [1.0, 0.25, 0.0, 1.0], "walk_share_high": [1.0, 0.25, 0.5, 1.0]},
        index=list("ABCD"),
    )
    status = statuses(A=MET, B=MISSED, C=OPEN, D=OUT)
    found = told(of_areas(status, rule("walk"), shares))
    # 100 + 300/4 of 400 whose share is known; of 450 as much, and half of C's 50 at most
    assert found["households_reached", "county"] == (175, 400, 1, 175 / 450, 200 / 450, 175 / 400)
    # 1000 + 3000/4 m² of 4000; of 4500 as much, and 250 more at most
    assert found["land_area", "county"] == (1750, 4000, 1, 1750 / 4500, 2000 / 4500, 1750 / 4000)


def test_a_share_that_is_not_known_is_anything():
    shares = pd.DataFrame(
        {"radius_share": [1.0, NAN], "radius_share_high": [1.0, NAN]}, index=list("AB")
    )
    found = told(of_areas(statuses(A=MET, B=OPEN), rule("radius"), shares))
    assert found["households_reached", "county"] == (100, 100, 1, 100 / 400, 1.0, 1.0)


def test_units_of_one_facility_that_stands_nobody_knows_where():
    codes = [f"{TOWN}001", f"{TOWN}002", f"{TOWN}003", f"{OTHER}001", f"{OTHER}002"]
    units = pd.DataFrame({"parent": [TOWN, TOWN, TOWN, OTHER, OTHER]}, index=codes)
    status = pd.Series([Status(s) for s in (MET, OPEN, OPEN, MISSED, OUT)], codes, dtype=object)
    found = told(
        unit_rates(units.index, coded(status), SimpleNamespace(units=units), codes[1:3], [TOWN])
    )
    # it can cover one of the two open ones: at best 2 of 4, and 2 of its town's 3
    assert found["units", "county"] == (1, 2, 2, 1 / 4, 2 / 4, 1 / 2)
    assert found["units", TOWN] == (1, 1, 2, 1 / 3, pytest.approx(2 / 3), 1.0)
    assert found["units", OTHER] == (0, 1, 0, 0.0, 0.0, 0.0)
    free = told(unit_rates(units.index, coded(status), SimpleNamespace(units=units)))
    assert free["units", "county"] == (1, 2, 2, 1 / 4, 3 / 4, 1 / 2)


def test_units_of_which_none_is_judged_leave_the_county_alone():
    units = pd.DataFrame({"parent": [TOWN]}, index=[f"{TOWN}001"])
    status = pd.Series([Status(OUT)], units.index, dtype=object)
    (rate,) = unit_rates(units.index, coded(status), SimpleNamespace(units=units))
    assert (rate.scope, rate.denominator, rate.low, rate.rate) == ("county", 0, None, None)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # (applies, low, high): met, missed, open, perhaps one that is met, perhaps one missed
        ([(1, 1, 1), (1, 0, 0), (1, 0, 1), (NAN, 1, 1), (NAN, 0, 0)], (1, 2, 3, 1 / 4, 3 / 4, 0.5)),
        ([(1, 1, 1), (NAN, 1, 1)], (1, 1, 1, 1.0, 1.0, 1.0)),
        ([(1, 0, 0), (NAN, 0, 0)], (0, 1, 1, 0.0, 0.0, 0.0)),
        ([(NAN, 1, 1)], (0, 0, 1, 1.0, 1.0, None)),
        ([(NAN, 0, 0)], (0, 0, 1, 0.0, 0.0, None)),
        ([(NAN, 1, 1), (NAN, 0, 0)], (0, 0, 2, 0.0, 1.0, None)),
    ],
)
def test_facilities_that_may_be_meant(rows, expected):
    findings = pd.DataFrame(rows, columns=["applies", "low", "high"], dtype=float)
    (rate,) = facility_rates(findings)
    found = told([rate])["facilities", "county"]
    assert found == pytest.approx(expected)
    assert facility_rates(findings.iloc[:0]) == ()


def rate(low, high, numerator=1.0, denominator=1.0):
    return Rate("households", "county", numerator, denominator, 0.0, low, high, None)


@pytest.mark.parametrize(
    ("given", "target", "status"),
    [
        (None, 60.0, OPEN),
        (rate(0.6, 0.6), 60.0, MET),
        (rate(0.59, 0.59), 60.0, MISSED),
        (rate(0.5, 0.6), 60.0, OPEN),
        (rate(None, None), 60.0, OPEN),
        (rate(None, None, 3.0, 4.0), 60.0, OPEN),
        (rate(None, None, 3.0, 4.0), 100.0, MISSED),  # one that is missed is enough
        (rate(None, None, 4.0, 4.0), 100.0, OPEN),
        (rate(1.0, 1.0, 4.0, 4.0), 100.0, MET),
    ],
)
def test_a_weighed_rate_against_its_target(given, target, status):
    assert weighed_status(given, ">=", target) == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, OUT),
        (rate(None, 0.9), OUT),
        (rate(0.9, None), OUT),
        (rate(0.65, 0.65), MET),
        (rate(0.64, 0.65), OPEN),
        (rate(0.64, 0.64), MISSED),
    ],
)
def test_an_exact_rate_against_its_target(given, status):
    assert exact_status(given, ">=", 65.0) == status


@pytest.mark.parametrize(
    ("first", "counted"),
    [("deficient", ["A", "C"]), ("exempt", ["B", "C"])],
)
def test_phases_count_once_and_an_exempt_one_gives_way(first, counted):
    rows = areas().assign(lead=["A", "A", "C", "X"])
    status = statuses(A=first, B=MET, C=MISSED, D=MET)
    found = once(coded(status), rule(per_project=True), Weighing.of(rows))
    assert list(status.index[found]) == counted  # D's lead has no finding: it is no subject
    assert once(coded(status), rule(), Weighing.of(rows)).all()
    # in whatever order the phases stand
    back = once(coded(status.iloc[::-1]), rule(per_project=True), Weighing.of(rows.iloc[::-1]))
    assert sorted(status.index[::-1][back]) == counted


def phases(rows):
    """Return the tables of areas: project, class, unit, households; each leads itself."""
    names = ["project", "age_class", "unit", "counted"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    more = {"setting": "urban", "population": NAN, "elders": NAN, "land_area_m2": NAN}
    more |= {"lived_in": 1.0, "name": "苑", "lead": pd.Series(frame.index, index=frame.index)}
    return SimpleNamespace(areas=frame.assign(**more))


def ends_by_areas(status, tables):
    weighing = Weighing.of(tables.areas)
    rates = area_rates(coded(status), rule(per_project=True), tables, weighing)
    return {r.scope: (r.low, r.high) for r in rates if r.basis == "areas"}


def test_a_phase_may_count_in_the_town_of_another():
    # B of TOWN, 100 households, may be a phase of A of OTHER, 300: one area then, and there
    rows = {"A": ("P", None, OTHER, 300.0), "B": ("P", "new", TOWN, 100.0)}
    tables = phases(rows | {"C": (None, "new", TOWN, 50.0)})
    missed = ends_by_areas(statuses(A=MISSED, B=MISSED, C=MET), tables)
    # of three 1 is met, of two 1; of TOWN's two 1, or all; OTHER has A in any case
    assert missed["county"] == (pytest.approx(1 / 3), 0.5)
    assert missed[TOWN] == (0.5, 1.0)
    assert missed[OTHER] == (0.0, 0.0)
    met = ends_by_areas(statuses(A=MET, B=MET, C=MISSED), tables)
    assert met["county"] == (0.5, pytest.approx(2 / 3))
    assert met[TOWN] == (0.0, 0.5)
    # alone in its town, B is all there is, or nobody is there
    alone = phases(rows)
    assert ends_by_areas(statuses(A=MISSED, B=MISSED), alone)[TOWN] == (0.0, 0.0)
    assert ends_by_areas(statuses(A=MET, B=MET), alone)[TOWN] == (1.0, 1.0)


def test_a_project_counts_once_and_its_people_where_they_live():
    # A of TOWN, 300 households, and B of OTHER, 100, are one project, met; C of OTHER misses
    rows = {"A": ("P", "new", TOWN, 300.0), "B": ("P", "new", OTHER, 100.0)}
    tables = phases(rows | {"C": (None, "new", OTHER, 50.0)})
    tables.areas["lead"] = pd.Series({"A": "A", "B": "A", "C": "C"})
    status = coded(statuses(A=MET, B=MET, C=MISSED))
    rates = area_rates(status, rule(per_project=True), tables, Weighing.of(tables.areas))
    told = {(r.basis, r.scope): (r.numerator, r.denominator) for r in rates}
    assert told["areas", "county"] == (1, 2)
    assert (told["areas", TOWN], told["areas", OTHER]) == ((1, 1), (0, 1))
    assert told["households", "county"] == (400, 450)
    # 100 of OTHER's 150 live in what is met: the towns add up to the county
    assert (told["households", TOWN], told["households", OTHER]) == ((300, 300), (100, 150))


def test_a_rate_that_phases_decide_is_open():
    # 1 of 2 is 50 %: but the one missed may be a phase of one that is not in the rate: 1 of 1
    two = statuses(A=MET, B=MISSED)
    assert rate_status(two, ">=", 80.0) == Status.DEFICIENT
    assert rate_status(two, ">=", 80.0, joining=1) == Status.NOT_ASSESSED
    # 2 of 3 meet 60 %; as one they are 1 of 2
    three = statuses(A=MET, B=MET, C=MISSED)
    assert rate_status(three, ">=", 60.0) == Status.COMPLIANT
    assert rate_status(three, ">=", 60.0, perhaps=1) == Status.NOT_ASSESSED


DAY = dt.date(2023, 12, 31)


@pytest.mark.parametrize(
    ("deadline", "status", "flags"),
    [
        (None, MISSED, ()),
        (DAY, MISSED, ()),  # the last day is neither before nor after
        (DAY - dt.timedelta(1), MISSED, (Flag.OVERDUE,)),
        (DAY - dt.timedelta(1), OPEN, ()),
        (DAY - dt.timedelta(1), MET, ()),
        (DAY + dt.timedelta(1), MISSED, (Flag.NOT_DUE,)),
        (DAY + dt.timedelta(1), OPEN, (Flag.NOT_DUE,)),
        (DAY + dt.timedelta(1), MET, ()),
    ],
)
def test_what_a_deadline_marks(deadline, status, flags):
    given = SimpleNamespace(deadline=deadline, day=DAY, reference=False, marks=frozenset())
    assert _flags(given, Status(status)) == flags


def test_marks_of_a_result_stand_in_one_order():
    every = frozenset({Flag.SCENARIO, Flag.EXPIRED, Flag.UNVERIFIED})
    given = SimpleNamespace(deadline=None, day=DAY, reference=True, marks=every)
    wanted = (Flag.REFERENCE, Flag.UNVERIFIED, Flag.EXPIRED, Flag.SCENARIO)
    assert _flags(given, Status.COMPLIANT) == wanted
