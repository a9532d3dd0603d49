"""What findings come to: the value of a clause, its status by counts, the marks of the account."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.counting.shares import CODES, coded
from lifecircle.judge.clause_results import (
    _of_rate,
    _reported,
    _value,
    county_rates,
    not_in_force,
)
from lifecircle.judge.clauses import (
    _account_flags,
    _smaller_places,
    _subject_flags,
    served_first,
)
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.clause import Reference, Version
from lifecircle.model.rules.rule import published
from lifecircle.model.status import Flag, Status
from lifecircle.model.tables import Account
from lifecircle.standards import read_standard

NAN = math.nan


def rate(low, high, share, basis="areas"):
    return Rate(basis, "county", 1.0, 2.0, 0.0, low, high, share)


def rule(subject="residential", *, yes_no=True, **more):
    return SimpleNamespace(subject=subject, spec=SimpleNamespace(yes_no=yes_no), **more)


def test_the_value_of_a_clause_is_its_official_rate_in_per_cent():
    nothing = pd.DataFrame()
    assert _value(rule(), nothing, rate(0.25, 0.75, 0.5)) == (50.0, 25.0, 75.0)
    assert _value(rule(), nothing, rate(None, 0.75, None)) == (None, None, 75.0)
    assert _value(rule(), nothing, None) == (None, None, None)
    assert _value(rule(yes_no=False), nothing, rate(0.25, 0.75, 0.5)) == (None, None, None)


def test_the_value_of_a_county_is_what_was_measured():
    findings = pd.DataFrame({"measured": [NAN], "low": [30.0], "high": [math.inf]})
    assert _value(rule("county"), findings, None) == (None, 30.0, math.inf)
    assert _value(rule("county"), findings.iloc[:0], None) == (None, None, None)


def test_the_rate_of_beds_is_told_by_its_figures():
    params = {"numerator": 60.0, "denominator": 150.0, "missing": 2}
    findings = pd.DataFrame(
        {"low": [40.0], "high": [75.0], "status": [Status.NOT_ASSESSED]}, dtype=object
    ).assign(reason=[Reason(ReasonCode.VALUE_MISSING, params)])
    (found,) = county_rates(rule("county", measure="ratio"), findings)
    assert found == Rate("beds", "county", 60.0, 150.0, 2.0, 0.4, 0.75, 0.4)
    params["denominator"] = 0.0
    (found,) = county_rates(rule("county", measure="ratio"), findings)
    assert found.rate is None
    assert county_rates(rule("county", measure="sum"), findings) == ()
    exempt = findings.assign(status=[Status.EXEMPT])
    assert county_rates(rule("county", measure="ratio"), exempt) == ()


@pytest.mark.parametrize(
    ("subject", "measure", "official", "status"),
    [
        # two of three are met, and with them a quarter of the households
        ("residential", "has_facility", "households", Status.COMPLIANT),
        ("units", "unit_coverage", None, Status.COMPLIANT),
        ("facilities", "facility_share", None, Status.DEFICIENT),
        ("residential", "compliance_rate", "households", Status.DEFICIENT),
        ("residential", "compliance_rate", "areas", Status.COMPLIANT),
        ("residential", "compliance_rate", None, Status.COMPLIANT),
    ],
)
def test_a_rate_is_of_counts_unless_the_clause_weighs(subject, measure, official, status):
    statuses = [Status.COMPLIANT, Status.COMPLIANT, Status.DEFICIENT]
    findings = pd.DataFrame({"status": statuses, "applies": 1.0}, dtype=object)
    quarter = rate(0.25, 0.25, 0.25, "households")
    given = rule(subject, measure=measure, official=official, comparison=">", value=60.0)
    subjects = findings, coded(findings["status"])
    assert _of_rate(given, subjects, quarter, 0, (0, 0, 0, 0)) == status


def test_a_weighed_clause_whose_basis_is_not_had_is_open():
    findings = pd.DataFrame({"status": [Status.COMPLIANT]}, dtype=object)
    given = rule(measure="compliance_rate", official="population", comparison=">", value=60.0)
    other = rate(1.0, 1.0, 1.0, "households")
    subjects = findings, coded(findings["status"])
    assert _of_rate(given, subjects, other, 0, (0, 0, 0, 0)) == Status.NOT_ASSESSED
    assert _of_rate(given, subjects, None, 0, (0, 0, 0, 0)) == Status.NOT_ASSESSED


def test_what_is_only_reported_is_told_as_if_all_of_it_were_asked():
    reported, out = Status.REPORTED, Status.NOT_APPLICABLE
    findings = pd.DataFrame(
        {
            "status": [reported, reported, reported, out, Status.NOT_ASSESSED],
            "decided": [reported, reported, reported, out, reported],
            "low": [1.0, 0.0, 0.0, 1.0, 1.0],
            "high": [1.0, 0.0, 1.0, 1.0, 1.0],
        },
        index=list("ABCDE"),
    )
    asked = [Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED, out, Status.NOT_ASSESSED]
    found = _reported(findings, coded(findings["status"]))
    assert found.tolist() == [CODES[status] for status in asked]


def version(year, **more):
    told = (Reference(title=str(year), clause="二"),)
    return Version(valid_from=dt.date(year, 1, 1), value=1.0, references=told, **more)


@pytest.mark.parametrize(
    ("day", "told", "flags"),
    [
        (dt.date(2019, 12, 31), "2020", ()),  # not yet: what will be
        (dt.date(2024, 1, 1), "2024", (Flag.EXPIRED,)),  # no more: what was said last
    ],
)
def test_a_clause_that_is_not_in_force_is_told_by_its_nearest_version(day, told, flags):
    clause = read_standard("caoxian-2023").clauses["CX-03"]
    versions = (*(version(year) for year in (2020, 2021, 2022)), version(2024, repealed=True))
    given = dataclasses.replace(clause, versions=versions, expires=None)
    result = not_in_force(published(given, day))
    assert ([one.title for one in result.references], result.flags) == ([told], flags)
    assert result.status == Status.NOT_IN_FORCE


ACCOUNT = ["own_low", "own_high", "recorded_low", "recorded_high", "arrangeable", "required_high"]


def account(rows, *, proven=True, notes=None):
    index = pd.MultiIndex.from_tuples([(name, "Q") for name in rows], names=["id", "clause"])
    other = pd.MultiIndex.from_tuples([("A", "P")], names=["id", "clause"])
    frame = pd.DataFrame(list(rows.values()), index, ACCOUNT, dtype=float)
    elsewhere = pd.DataFrame([[0.0] * 5 + [500.0]], other, ACCOUNT)
    none = pd.DataFrame()
    return Account(pd.concat([elsewhere, frame]), none, none, proven=proven, notes=notes or {})


def flagged(account, flag, areas="ABCDE"):
    """Return which of the areas a quota's account marks; one without an account bears none."""
    quota = SimpleNamespace(id="Q", readings={})
    marks = _account_flags(account, quota, pd.Series([*areas, "none"], dtype=object))
    return [area for area, on in zip([*areas, "none"], marks[flag], strict=True) if on]


def test_who_could_be_helped_and_whose_sharing_is_not_proven():
    rows = {
        "A": [100, 100, 0, 0, 100, 200],  # arranging fills it, to the m²
        "B": [100, 100, 0, 0, 99, 200],
        "C": [100, 100, 100, 100, 50, 200],  # met as it is
        "D": [200, 200, 0, 0, 0, 200],  # shares nothing
        "E": [150, 150, 1, 1, 0, 200],
    }
    assert flagged(account(rows), Flag.ADJUSTABLE) == ["A"]
    assert flagged(account(rows), Flag.NOT_PROVEN) == []
    assert flagged(account(rows, proven=False), Flag.NOT_PROVEN) == ["A", "B", "C", "E"]
    assert flagged(account(rows), Flag.SITE_CHECK) == []


def test_whose_rooms_are_to_be_seen_on_site():
    rows = {name: [0.0] * 6 for name in "ABC"}
    notes = {
        "A": (Reason(ReasonCode.NO_STREETS), Reason(ReasonCode.RECORD_FAR)),
        "B": (Reason(ReasonCode.NO_STREETS),),
    }
    assert flagged(account(rows, notes=notes), Flag.SITE_CHECK, "ABC") == ["A"]


def test_areas_with_a_place_too_small_to_count():
    places = pd.DataFrame(
        [
            ("A", "Q", True, 10.0, 199.0),
            ("B", "Q", True, 10.0, 200.0),
            ("C", "Q", False, 0.0, 0.0),
            ("D", "P", True, 10.0, 10.0),
            ("E", "Q", False, 10.0, 200.0),  # its own only perhaps, and large enough
        ],
        columns=["residential", "clause", "sure", "m2_high", "place_high"],
    )
    assert _smaller_places(SimpleNamespace(places=places), ("Q",), 200.0) == {"A"}


@pytest.mark.parametrize(
    ("bases", "first"),
    [
        (["areas", "population", "households"], "households"),
        (["areas", "population"], "population"),
        (["areas", "elders"], "areas"),
        ([], "areas"),
    ],
)
def test_shared_rooms_serve_what_the_rate_counts(bases, first):
    rules = [SimpleNamespace(measure="compliance_rate", official=basis) for basis in bases]
    rules.append(SimpleNamespace(measure="provision", official="households"))
    assert served_first(rules) == first


def test_what_does_not_apply_is_no_close_call():
    frame = pd.DataFrame({"applies": [1.0, 0.0, NAN, 1.0], "deficit": 0.0}, index=list("ABCD"))
    for name in ("measured", "low", "high", "required_low", "required_high"):
        frame[name] = 200.0
    frame.loc["D", ["measured", "low", "high"]] = 400.0
    tables = SimpleNamespace(account=None, parameters=Parameters())
    given = rule(measure="provision", readings={}, reference=False)
    close = (Flag.CLOSE_CALL,)
    assert _subject_flags(tables, given, frame) == [close, (), close, ()]
    given.reference = True
    both = (Flag.REFERENCE, Flag.CLOSE_CALL)
    told = [both, (Flag.REFERENCE,), both, (Flag.REFERENCE,)]
    assert _subject_flags(tables, given, frame) == told
