"""The brief of a small town, worked out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.assessing.brief import brief_of
from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import ClauseResult
from lifecircle.model.results.counted.brief import (
    Applied,
    Brief,
    ClassCount,
    KindCount,
    MissingData,
    NamedSite,
    Needed,
    Present,
    Shortfall,
)
from lifecircle.model.results.counted.references import asked_of_nobody
from lifecircle.model.status import Flag, Status

NAN = float("nan")


def clause(name, status, **values):
    plain = dict.fromkeys(f.name for f in dataclasses.fields(ClauseResult))
    plain |= {"standard": "s", "id": name, "status": status, "flags": (), "subject": "residential"}
    plain |= {"fact": "", "same_as": (), "counts": {}}
    return ClauseResult(**plain | values)


def finding(name, who, status, deficit=NAN, unit="m2", *, layer="residential", reason=None):
    return {
        "standard": "s",
        "clause": name,
        "layer": layer,
        "id": who,
        "unit": unit,
        "deficit": deficit,
        "status": str(status),
        "reason": reason,
    }


MISSED, OPEN, MET = Status.DEFICIENT, Status.NOT_ASSESSED, Status.COMPLIANT
HOUSEHOLDS = Reason(ReasonCode.HOUSEHOLDS_MISSING)

CLAUSES = (
    clause(
        "Q", MISSED, counts={"deficient": 2, "compliant": 1, "not_assessed": 1, "not_applicable": 6}
    ),
    clause("W", MISSED),
    clause("H", MISSED, subject="units"),
    clause("O", OPEN),
    clause("S", OPEN, subject="units", said=Reason(ReasonCode.NO_DATA)),
    clause("R", MISSED, flags=(Flag.REFERENCE,)),
    clause("T", MISSED, fact="Q"),
)
FINDINGS = pd.DataFrame(
    [
        finding("Q", "a", MISSED, 40.0),
        finding("Q", "b", MISSED, 7.5),
        finding("Q", "c", MET, 0.0),
        finding("Q", "d", OPEN, reason=HOUSEHOLDS),
        finding("W", "a", MISSED, 300.0, "m"),
        finding("W", "c", MISSED, 120.0, "m"),
        finding("H", "u", MISSED, 1.0, "", layer="units"),
        finding("O", "d", OPEN, reason=HOUSEHOLDS),
        finding("O", "e", OPEN, reason=HOUSEHOLDS),
        finding("O", "f", OPEN),
        finding("R", "a", MISSED, 999.0, "m"),
        finding("R", "e", OPEN, reason=Reason(ReasonCode.NO_STREETS)),
        finding("T", "a", MISSED, 40.0),
    ]
)
OTHER = Reason(ReasonCode.REMEDY_ADD, {"deficit_m2": 9.0})


def convert(site, m2):
    return Reason(ReasonCode.REMEDY_CONVERT, {"site": site, "deficit_m2": m2})


AREAS = pd.DataFrame(
    {
        "verdict": ["deficient", "deficient", "deficient", "not_assessed", "deficient"],
        **dict.fromkeys(("required_m2", "own_m2", "recorded_m2"), 0.0),
        "deficit_m2": [40.0, 7.5, 7.5, 60.0, NAN],
        "deficit_if_arranged_m2": [25.0, 0.0, 7.5, 60.0, NAN],
        "households": [200.0, 50.0, 90.0, 400.0, NAN],
        "population": NAN,
        "elders": [20.0, NAN, 10.0, NAN, NAN],
        "age_class": ["new", "old", "old", None, "existing"],
        "remedy": [convert("K2", 40.0), convert("K1", 7.5), convert("K2", 7.5), None, OTHER],
    },
    index=["a", "b", "c", "d", "e"],
)
SITES = pd.DataFrame(index=["K1", "K2", "K3"])
PLACES = pd.DataFrame(
    {
        "kinds": ["canteen;day_care", "day_care", None],
        "reach_counts": ["yes", "no", "unknown"],
        "quota_counts": ["no", "no", "yes"],
        "floor_area_m2": [100.0, NAN, 50.5],
        "beds": NAN,
    },
    index=["f", "g", "h"],
)


@pytest.fixture(scope="module")
def brief():
    return brief_of(CLAUSES, FINDINGS, (AREAS, PLACES, SITES), {"a": 100.0, "b": 100.0})


def test_what_there_is(brief):
    assert brief.present == Present(
        areas=5,
        households=740.0,
        without_households=1,
        population=None,
        elders=30.0,
        classes=(
            ClassCount("new", 1, 200.0),
            ClassCount("existing", 1, None, 1),  # not known: no 0
            ClassCount("old", 2, 140.0),
            ClassCount("", 1, 400.0),
        ),
        facilities=3,
        counting=2,
        floor_area_m2=150.5,
        beds=None,
        kinds=(KindCount("day_care", 2, 1), KindCount("canteen", 1, 1), KindCount("", 1, 1)),
    )


def test_whom_a_clause_is_about(brief):
    assert brief.applied[0] == Applied("s", "Q", 4)
    assert [one.clause for one in brief.applied] == ["Q", "W", "H", "O", "S"]


def test_what_falls_short_and_by_how_much(brief):
    # reference checks and what repeats a fact are told elsewhere; metres do not add up
    assert brief.shortfalls == (
        Shortfall("s", "Q", 2, "m2", 47.5, 40.0),
        Shortfall("s", "W", 2, "m", None, 300.0),
        Shortfall("s", "H", 1, "", None, None),
    )


def test_what_a_project_lacks_it_lacks_once():
    # a, b and c are phases of one project, which lacks 40 m² under its quota; d lacks 9
    found = pd.DataFrame(
        [
            finding("Q", who, MISSED, m2)
            for who, m2 in zip("abcd", (40.0, 40.0, 40.0, 9.0), strict=True)
        ]
        + [finding("W", who, MISSED, 300.0, "m") for who in "ab"]
    )
    asked = [clause("Q", MISSED, measure="provision"), clause("W", MISSED, measure="radius")]
    lead = {"a": "b", "b": "b", "c": "b", "d": "d"}
    told = brief_of(asked, found, (AREAS, PLACES, SITES), {}, lead=lead).shortfalls
    assert told == (
        Shortfall("s", "Q", 2, "m2", 49.0, 40.0),
        Shortfall("s", "W", 2, "m", None, 300.0),  # how far away they are each phase is by itself
    )


@pytest.mark.parametrize(
    ("rate", "least"),
    [
        # of 12 areas 8 can pass at best: 4 fail, whichever they are
        (Rate("areas", "county", 1.0, 1.0, 11.0, 1 / 12, 8 / 12, 1.0), 4),
        (Rate("areas", "county", 0.0, 0.0, 3.0, 0.0, 2 / 3, None), 1),
        (Rate("areas", "county", 99.0, 100.0, 0.0, 0.999, 0.999, 0.99), 1),  # missed: not by none
        (Rate("households", "county", 1.0, 1.0, 11.0, 1 / 12, 8 / 12, 1.0), None),
        (Rate("areas", "county", 1.0, 1.0, 11.0, None, None, 1.0), None),
        (None, None),
    ],
)
def test_a_clause_missed_by_counting_counts_who_must_fail(rate, least):
    short = brief_of([clause("C", MISSED, official=rate)], FINDINGS, (AREAS, PLACES, SITES), {})
    assert short.shortfalls == (Shortfall("s", "C", 0, "", None, None, least),)


def test_where_some_miss_it_for_certain_they_are_the_figure():
    rate = Rate("areas", "county", 1.0, 3.0, 1.0, 0.25, 0.5, 1 / 3)
    short = brief_of([clause("Q", MISSED, official=rate)], FINDINGS, (AREAS, PLACES, SITES), {})
    assert short.shortfalls == (Shortfall("s", "Q", 2, "m2", 47.5, 40.0),)


def test_the_worst_first_by_m2_then_by_households(brief):
    assert brief.worst == ("a", "c", "b", "e")


def test_what_is_not_known_each_subject_once(brief):
    # d is open under two clauses for one reason: one area
    assert brief.missing == (
        MissingData("residential", "households_missing", ("Q", "O"), 2),
        MissingData("county", "no_data", ("S",), 1),
        MissingData("residential", "", ("O",), 1),
    )


def test_of_the_county_what_is_open_is_counted_clause_by_clause():
    """Four papers that nobody has filed are four, not the one county that lacks them."""
    lacks = Reason(ReasonCode.DOCUMENTS_OPEN)
    clauses = [clause(name, OPEN, subject="county") for name in "ABC"]
    clauses.append(clause("D", OPEN, subject="units", said=lacks))
    findings = [finding(n, "county", OPEN, layer="county", reason=lacks) for n in "ABC"]
    told = brief_of(clauses, pd.DataFrame(findings), (AREAS, PLACES, SITES), {})
    assert told.missing == (MissingData("county", "documents_open", ("A", "B", "C", "D"), 4),)


def test_what_it_takes(brief):
    # 40 + 7.5 + 7.5; arranged 15 + 7.5 fills b; left 25 + 7.5, a no smaller than 100
    assert brief.needed == Needed(
        areas=3,
        m2=55.0,
        arranged_areas=1,
        arranged_m2=22.5,
        build_areas=2,
        build_m2=32.5,
        places_m2=107.5,
    )
    assert brief.planned is None


def test_what_a_site_is_named_for(brief):
    assert brief.sites == (NamedSite("K1", 7.5), NamedSite("K2", 47.5))


def test_nothing_wrong_is_an_empty_brief():
    met = FINDINGS.assign(status=str(MET))
    found = brief_of((clause("Q", MET),), met, (AREAS.iloc[:0], PLACES.iloc[:0], SITES), {})
    assert found == Brief(applied=(Applied("s", "Q", 0),))


def test_the_m2_of_a_study_are_those_of_its_areas():
    rng = np.random.default_rng(7)
    m2 = rng.integers(0, 200, 40) / 2.0
    left = np.minimum(m2, rng.integers(0, 200, 40) / 2.0)
    areas = pd.DataFrame(
        {
            "verdict": np.where(m2 > 0, "deficient", "compliant"),
            **dict.fromkeys(("required_m2", "own_m2", "recorded_m2"), 0.0),
            "deficit_m2": m2,
            "deficit_if_arranged_m2": left,
            "households": 10.0,
            "population": NAN,
            "elders": NAN,
            "age_class": "old",
            "remedy": None,
        },
        index=[f"R{i}" for i in range(40)],
    )
    needed = brief_of((), FINDINGS.iloc[:0], (areas, PLACES, SITES), {}).needed
    assert needed.arranged_areas + needed.build_areas == needed.areas == (m2 > 0).sum()
    assert needed.m2 == pytest.approx(needed.arranged_m2 + needed.build_m2)
    assert needed.places_m2 == needed.build_m2


def test_m2_of_areas_of_which_not_all_is_known_are_the_least():
    """Of a and c, which are short; d is 待核实 and not told as short."""
    found = pd.DataFrame([finding("Q", "a", MISSED, 40.0)])
    for name, row, least in (
        ("own_m2", "a", True),
        ("required_m2", "c", True),
        ("own_m2", "d", False),
    ):
        areas = AREAS.copy()
        areas.loc[row, name] = NAN
        assert brief_of(CLAUSES, found, (areas, PLACES, SITES), {}).needed.at_least is least


def test_m2_of_reference_are_asked_of_nobody():
    # "a" lacks 40 m² that Q asks and 60 that R, for reference, would; "b" lacks 7.5 of R's alone
    found = pd.DataFrame(
        [
            finding("Q", "a", MISSED, 40.0),
            finding("R", "a", MISSED, 60.0),
            finding("R", "b", MISSED, 7.5),
            finding("W", "b", MISSED, 300.0, "m"),
            finding("R", "c", MET, 0.0),
        ]
    )
    assert asked_of_nobody(CLAUSES, found) == {"b"}
    needed = brief_of(CLAUSES, found, (AREAS, PLACES, SITES), {}).needed
    # left: a (40, of which 25 cannot be arranged) and c (7.5)
    assert (needed.areas, needed.m2) == (2, 47.5)
    assert (needed.build_areas, needed.build_m2) == (2, 32.5)


def test_areas_whose_quota_is_open_are_counted_beside_the_sum():
    """d; e and f, phases of one project; not a, short under Q; not c, open under another clause."""
    clauses = [clause("Q", MISSED, measure="provision"), clause("W", OPEN, measure="radius")]
    rows = [finding("Q", "a", MISSED, 40.0), finding("W", "c", OPEN)]
    rows += [finding("Q", name, OPEN) for name in "def"]
    told = pd.DataFrame(rows)
    lead = {"e": "e", "f": "e"}
    needed = brief_of(clauses, told, (AREAS, PLACES, SITES), {}, lead=lead).needed
    assert needed.undecided == 2
