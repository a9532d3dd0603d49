"""The parts of the m² account by hand: what is asked, whose places, what is left to share."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.account.doubts import best_recorded, cloudy_areas
from lifecircle.account.gaps import gaps, standing
from lifecircle.account.places import credit_own, kept_own, own_places
from lifecircle.account.requirement import requirement
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import ReasonCode

NAN, INF = math.nan, math.inf
AREA = {"counted": 400.0, "required_m2": NAN, "age_class": "new", "population": 900.0}
AREA |= {"population_planned": 1200.0}
OPTIONS = {"approved_rate": None, "approved_unit": "", "approved_minimum_m2": 0.0}
OPTIONS |= {"minimum_m2": 0.0, "pooled": False}


def asked(area, value=25.0, unit="m2/100hh", *, people=None, a5=None, where=None, **options):
    """Return low, high, least place and what is missing."""
    areas = pd.DataFrame([AREA | area], index=["A"])
    rule = SimpleNamespace(
        value=value,
        unit=unit,
        readings={} if a5 is None else {"A5": a5},
        where=where or {},
        options=SimpleNamespace(**(OPTIONS | options)),
    )
    row = requirement(areas, rule, Parameters().having(persons_per_household=people)).loc["A"]
    missing = None if row["unknown"] is None else row["unknown"].code
    return row["low"], row["high"], row["least_place"], missing


BETWEEN = {"approved_rate": 15.0, "minimum_m2": 200.0}
APPROVED = {"age_class": "approved"}
HOUSEHOLDS, PERSONS = ReasonCode.HOUSEHOLDS_MISSING, ReasonCode.PERSONS_MISSING


@pytest.mark.parametrize(
    ("area", "more", "expected"),
    [
        ({}, {}, (100.0, 100.0, 0.0, None)),  # 25 x 400 / 100
        ({"counted": 820.0}, {"value": 15.0}, (123.0, 123.0, 0.0, None)),
        ({"counted": 820.0}, {"value": 15.0, "a5": "ceil"}, (135.0, 135.0, 0.0, None)),
        ({}, {"minimum_m2": 200.0}, (200.0, 200.0, 200.0, None)),
        ({}, {"minimum_m2": 200.0, "pooled": True}, (100.0, 100.0, 200.0, None)),
        ({"counted": NAN}, {"minimum_m2": 200.0}, (200.0, INF, 200.0, HOUSEHOLDS)),
        ({"counted": NAN}, {}, (0.0, INF, 0.0, HOUSEHOLDS)),
        ({"required_m2": 180.0}, {"minimum_m2": 200.0}, (180.0, 180.0, 200.0, None)),
        ({"required_m2": 180.0, "counted": NAN}, {}, (180.0, 180.0, 0.0, None)),
        # built as an existing area 15 x 4 = 60, as a new one 25 x 4, but 200 at least
        (APPROVED, BETWEEN, (60.0, 200.0, 0.0, None)),
        (APPROVED, BETWEEN | {"approved_minimum_m2": 80.0}, (80.0, 200.0, 80.0, None)),
        (
            APPROVED,
            BETWEEN | {"approved_minimum_m2": 80.0, "pooled": True},
            (60.0, 100.0, 80.0, None),
        ),
        (APPROVED, {"approved_rate": 30.0}, (100.0, 120.0, 0.0, None)),  # whichever is less
        # whether the single minimum is asked of it too is open
        (APPROVED | {"required_m2": 90.0}, BETWEEN, (90.0, 90.0, 0.0, None)),
        ({}, BETWEEN, (200.0, 200.0, 200.0, None)),  # a new area is not between
        (APPROVED | {"counted": NAN}, BETWEEN, (0.0, INF, 0.0, HOUSEHOLDS)),
        # people: planned ones of new areas, else residents
        ({}, {"value": 100.0, "unit": "m2/1000p"}, (120.0, 120.0, 0.0, None)),
        ({"age_class": "existing"}, {"value": 100.0, "unit": "m2/1000p"}, (90.0, 90.0, 0.0, None)),
        (
            {"population_planned": NAN},
            {"value": 100.0, "unit": "m2/1000p"},
            (0.0, INF, 0.0, PERSONS),
        ),
        (
            {"population_planned": NAN},
            {"value": 100.0, "unit": "m2/1000p", "people": 2.5},
            (100.0, 100.0, 0.0, None),
        ),
        (
            {"age_class": None},
            {"value": 100.0, "unit": "m2/1000p", "where": {"age_class": ("new", "approved")}},
            (120.0, 120.0, 0.0, None),
        ),
        (
            {"age_class": None},
            {"value": 100.0, "unit": "m2/1000p", "where": {"age_class": ("new", "existing")}},
            (90.0, 90.0, 0.0, None),
        ),
        ({"age_class": None}, {"value": 100.0, "unit": "m2/1000p"}, (90.0, 90.0, 0.0, None)),
        # 15 m² a hundred households below 100 m² a thousand people: 60 and 120
        (
            APPROVED,
            {
                "value": 100.0,
                "unit": "m2/1000p",
                "approved_rate": 15.0,
                "approved_unit": "m2/100hh",
            },
            (60.0, 120.0, 0.0, None),
        ),
    ],
)
def test_what_is_asked_of_an_area(area, more, expected):
    assert asked(area, **more) == expected


def owned(*rows):
    """Return whose rooms they are: facility, area, and what differs from a plain own room."""
    plain = {"most": INF, "shared": False, "sure": True, "basis": "site", "distance": 0.0}
    plain |= {"if_built": False, "nearer": False, "contested": False}
    table = [{"facility": f, "residential": a} | plain | more for f, a, more in rows]
    return SimpleNamespace(own=pd.DataFrame(table), drifting={})


def needs(**rows):
    """Return required m² by area under the one clause Q."""
    index = pd.MultiIndex.from_tuples([(name, "Q") for name in rows], names=["id", "clause"])
    return pd.Series(list(rows.values()), index, dtype=float)


def credit(need, whose, m2, clause="Q"):
    places = whose.own[["facility", "residential"]].assign(clause=clause)
    spots = {name: (float(place), 0.0) for place, name in enumerate(sorted(m2))}
    own, left = credit_own(need, whose, places, pd.Series(m2, dtype=float), spots, {})
    given = {(f, a): m2 for f, a, m2, _ in own.itertuples(index=False)}
    return given, left.to_dict()


def test_own_rooms_count_whole_and_what_is_not_needed_is_left():
    whose = owned(("F", "A", {}), ("G", "A", {}))
    given, left = credit(needs(A=150.0), whose, {"F": 100.0, "G": 80.0, "H": 5.0})
    # the larger first: 100 of F are needed, and 50 of G
    assert given == {("F", "A"): 100.0, ("G", "A"): 80.0}
    assert left == {"F": 0.0, "G": 30.0, "H": 5.0}


def test_a_room_for_several_is_own_up_to_the_requirement_after_the_others():
    whose = owned(("F", "A", {"shared": True}), ("G", "A", {}))
    given, left = credit(needs(A=150.0), whose, {"F": 100.0, "G": 80.0})
    assert given == {("G", "A"): 80.0, ("F", "A"): 70.0}
    assert left == {"F": 30.0, "G": 0.0}
    given, left = credit(needs(A=50.0), whose, {"F": 100.0, "G": 80.0})
    assert given == {("G", "A"): 80.0, ("F", "A"): 0.0}
    assert left == {"F": 100.0, "G": 30.0}


def test_a_record_with_its_own_figure_gives_no_more():
    whose = owned(("F", "A", {"most": 30.0}))
    given, left = credit(needs(A=150.0), whose, {"F": 100.0})
    assert (given, left) == ({("F", "A"): 30.0}, {"F": 70.0})


def test_of_two_alike_the_first_by_place_goes_first():
    whose = owned(("G", "A", {}), ("F", "A", {}))
    _, left = credit(needs(A=50.0), whose, {"F": 50.0, "G": 50.0})
    assert left == {"F": 0.0, "G": 50.0}


def test_what_is_given_away_counts_once():
    own = pd.DataFrame({"facility": ["F", "G", "H"], "m2": [100.0, 80.0, 10.0]})
    m2 = pd.Series({"F": 100.0, "G": 100.0, "H": 10.0})
    away = pd.Series({"F": 30.0, "G": 10.0, "H": 20.0})
    assert kept_own(own, m2, away)["m2"].tolist() == [70.0, 80.0, 0.0]
    assert kept_own(own, m2, away[:0])["m2"].tolist() == [100.0, 80.0, 10.0]


def placed(whose, facilities, minimum=100.0, least=None, limit=500.0, *, built=False):
    facts = pd.DataFrame(facilities, index=["site", "quota_m2_low", "quota_m2_high"]).T
    index = pd.MultiIndex.from_tuples([("A", "Q")], names=["id", "clause"])
    need = pd.DataFrame({"minimum": [minimum], "built": [built]}, index)
    if least is not None:
        need["least_place"] = least
    found = own_places(facts, whose, need, {"Q": limit})
    names = ["m2_low", "m2_high", "place_low", "place_high", "credited_low", "credited"]
    return {row.facility: [getattr(row, n) for n in names] for row in found.itertuples()}


def test_rooms_of_one_site_are_one_place():
    facilities = {"F": ("s", 60.0, 60.0), "G": ("s", 40.0, 40.0), "H": (None, 99.0, 100.0)}
    found = placed(owned(*((name, "A", {}) for name in "FGH")), facilities)
    assert found == {
        "F": [60.0, 60.0, 100.0, 100.0, True, True],
        "G": [40.0, 40.0, 100.0, 100.0, True, True],
        "H": [99.0, 100.0, 99.0, 100.0, False, True],
    }


def test_a_room_of_the_site_without_a_place_may_stand_there_too():
    whose = owned(("F", "A", {}))
    whose.drifting = {"G": ("A", "B"), "H": ("A", "B")}
    facilities = {"F": ("s", 60.0, 60.0), "G": ("s", 0.0, 50.0), "H": (None, 70.0, 70.0)}
    assert placed(whose, facilities) == {"F": [60.0, 60.0, 60.0, 110.0, False, True]}


def test_rooms_that_are_own_only_perhaps_are_there_at_best():
    found = placed(owned(("F", "A", {"sure": False})), {"F": (None, 150.0, 150.0)})
    assert found == {"F": [0.0, 150.0, 0.0, 150.0, False, True]}
    # also where no size is asked
    found = placed(owned(("F", "A", {"sure": False})), {"F": (None, 150.0, 150.0)}, minimum=0.0)
    assert found["F"][-2:] == [False, True]


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("if_built", [True, False])
def test_what_only_the_class_leaves_open_is_sure_of_clauses_on_existing_areas(built, if_built):
    whose = owned(("F", "A", {"sure": False, "if_built": if_built}))
    found = placed(whose, {"F": (None, 150.0, 150.0)}, built=built)
    sure = 150.0 if built and if_built else 0.0
    assert found == {"F": [sure, 150.0, sure, 150.0, sure > 0, True]}


def test_the_least_place_of_an_approved_area_may_be_smaller():
    found = placed(owned(("F", "A", {})), {"F": (None, 60.0, 60.0)}, least=60.0)
    assert found["F"][-2:] == [False, True]
    found = placed(owned(("F", "A", {})), {"F": (None, 60.0, 60.0)}, least=61.0)
    assert found["F"][-2:] == [False, False]


@pytest.mark.parametrize(
    ("basis", "distance", "counts"),
    [
        ("record", 500.0, True),
        ("record", 501.0, False),
        ("record", NAN, True),  # not known to be far
        ("site", 501.0, True),
    ],
)
def test_a_record_reaches_up_to_its_limit(basis, distance, counts):
    whose = owned(("F", "A", {"basis": basis, "distance": distance}))
    assert ("F" in placed(whose, {"F": (None, 100.0, 100.0)})) is counts


def test_what_stands_and_what_would_lift_it():
    places = pd.DataFrame(
        [
            ("A", "Q", "s", False, 40.0),
            ("A", "Q", "s", False, 40.0),  # another room of the same place
            ("A", "Q", "t", False, 70.0),
            ("B", "Q", "u", True, 300.0),
            ("C", "Q", "v", False, 0.0),
        ],
        columns=["residential", "clause", "whole", "credited", "place_high"],
    )
    frame = needs(A=200.0, B=350.0, C=100.0, D=50.0).to_frame("required_low")
    found = standing(frame, places)
    assert found["below"].tolist() == [110.0, 0.0, 0.0, 0.0]
    assert found["small"].tolist() == [(70.0, 40.0), (), (), ()]
    assert found["large"].tolist() == [False, True, False, False]
    rows = frame.assign(**found, least_place=100.0)
    # A: both places made large, 30 + 60; B: 50 more; C: a new place; D: of 50, but 100 at least
    have = pd.Series([0.0, 300.0, 0.0, 0.0], frame.index)
    assert gaps(rows, have).tolist() == [90.0, 50.0, 100.0, 100.0]
    assert gaps(rows, have + 500.0).tolist() == [0.0] * 4


def best(pairs, taking, m2):
    """Return the best case of what is recorded, by area, where 5 m² are settled for each."""
    recorded = pd.DataFrame(pairs, columns=["facility", "residential", "within", "most"])
    recorded["least"] = recorded["most"]
    rows = pd.DataFrame.from_dict(
        taking, "index", columns=["required_low", "required_high", "own_low", "own_high"]
    ).assign(key=[(name, "Q") for name in taking])
    frame = pd.DataFrame({"recorded_low": 5.0}, needs(**dict.fromkeys(taking, 0.0)).index)
    low, high = (pd.Series({f: one[end] for f, one in m2.items()}, dtype=float) for end in (0, 1))
    cloudy = cloudy_areas(recorded, rows, low, high)
    found = best_recorded(frame, recorded, rows, high, cloudy)
    return dict(zip(taking, found.astype(float), strict=True))


SURE = (100.0, 100.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("taking", "m2", "within", "expected"),
    [
        (SURE, (60.0, 60.0), 1.0, 5.0),  # all is known: as settled
        (SURE, (60.0, 80.0), 1.0, 80.0),
        (SURE, (60.0, INF), 1.0, INF),
        (SURE, (60.0, 60.0), NAN, 60.0),
        (SURE, (60.0, 80.0), 0.0, 5.0),  # out of reach for certain
        ((100.0, 120.0, 0.0, 0.0), (60.0, 60.0), 1.0, 60.0),
        ((100.0, 100.0, 0.0, 9.0), (60.0, 60.0), 1.0, 60.0),
        ((100.0, 120.0, 0.0, 0.0), (3.0, 3.0), 1.0, 5.0),  # never less than what is settled
    ],
)
def test_what_is_not_known_may_all_be_given(taking, m2, within, expected):
    assert best([("F", "A", within, INF)], {"A": taking}, {"F": m2}) == {"A": expected}


def test_doubt_spreads_along_what_is_shared_and_no_further():
    pairs = [
        ("F", "A", 1.0, INF),
        ("F", "B", 1.0, 20.0),
        ("G", "B", 1.0, INF),
        ("H", "C", 1.0, 9.0),
    ]
    taking = {"A": (100.0, 120.0, 0.0, 0.0), "B": SURE, "C": SURE}
    m2 = {"F": (60.0, 60.0), "G": (30.0, 30.0), "H": (70.0, 70.0)}
    # of F at most 60 to A; 20 by its record and 30 of G to B; nothing is open about C
    assert best(pairs, taking, m2) == {"A": 60.0, "B": 50.0, "C": 5.0}
