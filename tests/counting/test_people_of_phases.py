"""The people of a project are those of its phases, each counted as it would be alone (A9)."""

from __future__ import annotations

import itertools

import pytest
from tests.on_a_line import NAN, county, rules_of

from lifecircle.account.requirement import requirement
from lifecircle.counting.projects import by_project

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

PERSONS = 2.6


def asked(rows, persons=PERSONS):
    """Return low and high of what PY-31 asks of areas, 100 m² a 1000 people, by the first."""
    parameters = {} if persons is None else {"persons_per_household": persons}
    areas = {f"A{i}": {"x": 0, "age_class": "new", **row} for i, row in enumerate(rows)}
    tables = by_project(county(areas, {}, **parameters))
    found = requirement(tables.areas, rules_of("pingyin-2022")["PY-31"], tables.parameters)
    return [tuple(row) for row in found[["low", "high"]].to_numpy(dtype=float).tolist()]


# for a phase of 1000 dwellings: more or fewer than 2.6 each, no figure, fewer than dwellings
PLANNED = (3500.0, 2200.0, NAN, 300.0)


@pytest.mark.parametrize("people", [*itertools.product(PLANNED, repeat=2), (3500.0, NAN, 300.0)])
@pytest.mark.parametrize("persons", [PERSONS, 3.2])
def test_a_project_is_asked_what_its_phases_are(people, persons):
    phases = [
        {"households_planned": 1000 + n, "population_planned": p} for n, p in enumerate(people)
    ]
    alone = [asked([phase], persons)[0] for phase in phases]
    (whole,) = asked([{**phase, "project": "P"} for phase in phases], persons)
    assert whole == pytest.approx(tuple(map(sum, zip(*alone, strict=True))))


def test_without_persons_a_phase_without_people_leaves_all_of_it_open():
    phase = {"households_planned": 1000, "project": "P"}
    (whole,) = asked([{**phase, "population_planned": 3500.0}, phase], None)
    assert whole == (0, float("inf"))


def test_an_area_beside_the_project_is_asked_what_it_is_alone():
    phase = {"households_planned": 1000, "project": "P"}
    other = {"households_planned": 500, "population_planned": 200.0}
    # 200 people are fewer than 500 dwellings: 20 m², or 500 x 2.6 people: 130 m²
    beside = asked([{**phase, "population_planned": 3500.0}, phase, other])[1]
    assert [beside, *asked([other])] == [pytest.approx((20, 130))] * 2


@pytest.mark.parametrize(
    ("people", "persons", "ends"),
    [
        # 1000 dwellings of 2.6 people, or the people as written; ten in each are possible
        (300, 2.6, (30, 260)),
        (999, 2.6, (99.9, 260)),
        (1000, 2.6, (100, 100)),
        (10000, 2.6, (1000, 1000)),
        (10001, 2.6, (260, 1000.1)),
        (28000, 2.6, (260, 2800)),
        # nobody says how many live in one: at least one in each
        (300, None, (30, float("inf"))),
        (1000, None, (100, 100)),
        (10001, None, (100, 1000.1)),
    ],
)
def test_people_that_the_dwellings_contradict_are_between_both(people, persons, ends):
    area = {"households_planned": 1000, "population_planned": float(people)}
    assert asked([area], persons) == [pytest.approx(ends)]
