"""Phases that count as one, and where a facility of unknown place may stand."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from lifecircle.counting.neighbourhood import Neighbourhood
from lifecircle.counting.projects import (
    by_project,
    leads,
    perhaps_homes,
    perhaps_phases,
    perhaps_together,
    project_homes,
    project_leads,
    wandering,
)
from lifecircle.model.tables import Tables

NAN = math.nan
PHASE = {"name": "x", "project": "P", "age_class": "existing", "setting": "urban"}
AHEAD = {"stage": "under_construction"}
PHASE |= {"stage": "in_use"}
PHASE |= {"counted": 100.0, "lived_in": 1.0, "required_m2": NAN, "quota_exempt": False}


def phases(**rows):
    frame = pd.DataFrame([PHASE | row for row in rows.values()], dtype=object)
    frame.index = pd.Index(rows, name="id")
    numbers = ("counted", "lived_in", "required_m2")
    return frame.astype(dict.fromkeys(numbers, float) | {"quota_exempt": bool})


def lead_of(**rows):
    return project_leads(phases(**rows)).to_dict()


def test_the_phase_with_most_households_leads():
    assert lead_of(A={}, B={"counted": 200.0}, C={"counted": 150.0}) == dict.fromkeys("ABC", "B")


@pytest.mark.parametrize(
    "other",
    [
        {"age_class": "new"},
        {"age_class": None},
        {"setting": "rural"},
        {"required_m2": 10.0},
        {"counted": 0.0},
        {"counted": 900.0, "lived_in": 0.0},
        {"project": "Q"},
        {"project": ""},
        {"project": None},
    ],
)
def test_what_another_quota_speaks_of_stands_for_itself(other):
    assert lead_of(A={}, B={"counted": 200.0}, C=other) == {"A": "B", "B": "B", "C": "C"}


def test_a_project_is_one_however_it_is_typed():
    assert lead_of(A={"project": "Ｐ "}, B={"counted": 200.0}) == {"A": "B", "B": "B"}
    assert lead_of(A={"project": None}, B={"project": None}) == {"A": "A", "B": "B"}


def test_ties_are_broken_by_name_and_then_by_id():
    assert lead_of(A={"name": "b"}, B={"name": "a"}) == {"A": "B", "B": "B"}
    assert lead_of(B={}, A={}) == {"A": "A", "B": "A"}
    assert lead_of(A={"counted": NAN}, B={"counted": 1.0}) == {"A": "B", "B": "B"}


def test_an_exempt_phase_leads_only_exempt_ones():
    exempt = {"quota_exempt": True}
    assert lead_of(A={}, B={"counted": 200.0, **exempt}) == {"A": "A", "B": "A"}
    assert lead_of(A=exempt, B={"counted": 200.0, **exempt}) == {"A": "B", "B": "B"}


def test_without_projects_each_area_stands_for_itself():
    bare = phases(A={}, B={}).drop(columns="project")
    assert project_leads(bare).to_dict() == leads(bare).to_dict() == {"A": "A", "B": "B"}


def tables(areas, near=(), sharing=()):
    return Tables(
        areas=areas.assign(lead=project_leads(areas)),
        facilities=pd.DataFrame(),
        units=pd.DataFrame(),
        containment=pd.DataFrame(near, columns=["facility", "residential", "to_area_m"]),
        sharing=pd.DataFrame(sharing, columns=["facility", "residential", "m2"]),
    )


def test_a_project_has_the_sum_of_its_phases():
    areas = phases(A={"name": "一期"}, B={"name": "二期", "counted": 200.0}, C={"project": None})
    areas = areas.assign(population=[10.0, 20.0, 7.0], elders=[NAN, 5.0, 3.0])
    near = [("F", "A", 50.0), ("F", "B", 70.0), ("F", "C", 5.0), ("G", "A", 9.0)]
    sharing = [
        ("F", "A", 10.0),
        ("F", "B", 20.0),
        ("G", "A", 5.0),
        ("G", "B", NAN),
        ("F", "Z", 1.0),
    ]
    found = by_project(tables(areas, near, sharing))
    assert list(found.areas.index) == ["B", "C"]
    assert found.areas["counted"].tolist() == [300.0, 100.0]
    assert found.areas["population"].tolist() == [30.0, 7.0]
    # one phase's elders are not known, so the project's are not
    assert found.areas["elders"].tolist() == pytest.approx([NAN, 3.0], nan_ok=True)
    assert found.areas["names"].tolist() == [("一期", "二期"), ("x",)]
    # the nearest phase; a record with a phase that has no figure has none
    assert found.containment.to_numpy().tolist() == [
        ["F", "B", 50.0],
        ["F", "C", 5.0],
        ["G", "B", 9.0],
    ]
    rows = list(found.sharing.itertuples(index=False))
    shared = {(f, r): m2 for f, r, m2, _ in rows}
    wanted = {("F", "B"): 30.0, ("G", "B"): NAN, ("F", "Z"): 1.0}
    assert shared == pytest.approx(wanted, nan_ok=True)
    # yet what it names for the other is agreed
    named = {(f, r): m2 for f, r, _, m2 in rows}
    assert named == {("F", "B"): 30.0, ("G", "B"): 5.0, ("F", "Z"): 1.0}


@pytest.mark.parametrize(
    ("empty", "home"),
    [
        ({}, "B"),
        ({"counted": 0.0}, "B"),  # nobody will ever live there: a green space, a school
        ({"required_m2": 10.0}, "B"),  # what is asked of it tomorrow is not asked today
        ({"age_class": "new"}, "C"),
        ({"age_class": None}, "C"),
        ({"setting": "rural"}, "C"),
        ({"project": "Q"}, "C"),
        ({"stage": "idle"}, "C"),  # given up: it is no phase of what is lived in
        ({"lived_in": NAN}, "C"),  # it may count with the others, or not
    ],
)
def test_what_stands_on_the_ground_of_an_empty_phase_is_the_projects(empty, home):
    areas = phases(
        A={}, B={"counted": 200.0}, C={"counted": 900.0, "lived_in": 0.0} | AHEAD | empty
    )
    lead = project_leads(areas)
    assert project_homes(areas, lead).to_dict() == {"A": "B", "B": "B", "C": home}
    areas = areas.assign(lead=lead, home=project_homes(areas, lead), name=["一期", "二期", "三期"])
    given = tables(areas, [("F", "C", 0.0)], [("G", "C", 30.0)])
    found = by_project(dataclasses.replace(given, areas=areas))
    assert found.areas.loc["B", "counted"] == 300  # it asks for nothing
    assert found.containment["residential"].tolist() == [home]
    assert found.sharing["residential"].tolist() == [home]
    assert ("三期" in found.areas.loc["B", "names"]) == (home == "B")


@pytest.mark.parametrize(
    ("empty", "found"),
    [
        ({"age_class": None}, {"A": ("C",)}),
        ({"setting": None}, {"A": ("C",)}),
        ({}, {}),  # told for certain: it is the project's, or not
        ({"age_class": "new"}, {}),
        ({"age_class": None, "setting": "rural"}, {}),
        ({"age_class": None, "project": "Q"}, {}),
        ({"age_class": None, "lived_in": 1.0}, {}),  # it is a phase itself then, perhaps
    ],
)
def test_what_stands_on_the_ground_of_an_empty_phase_may_be_the_projects(empty, found):
    areas = phases(A={}, C={"lived_in": 0.0} | AHEAD | empty)
    assert perhaps_homes(areas) == found


def test_an_empty_phase_of_two_accounts_is_neithers():
    areas = phases(A={}, B={"required_m2": 10.0}, C={"lived_in": 0.0} | AHEAD)
    assert project_homes(areas, project_leads(areas)).to_dict() == {"A": "A", "B": "B", "C": "C"}
    assert perhaps_homes(areas) == {}


@pytest.mark.parametrize(
    ("other", "home", "found"),
    [
        # typed, and of A's class: once it is lived in there are two accounts, else it is empty too
        ({"lived_in": NAN}, "C", {"A": ("B", "C")}),
        ({"age_class": None}, "C", {"A": ("C",), "B": ()}),
        ({"lived_in": NAN, "age_class": None}, "C", {"A": ("B", "C")}),
        ({"lived_in": NAN, "age_class": "new"}, "A", {}),
        ({"lived_in": NAN, "required_m2": NAN}, "A", {}),  # it is one account with A, or empty
        ({"lived_in": NAN, "project": "Q"}, "A", {}),
    ],
)
def test_an_empty_phase_is_a_phases_unless_another_may_have_an_account(other, home, found):
    areas = phases(A={}, B={"required_m2": 10.0} | other, C={"lived_in": 0.0} | AHEAD)
    lead = project_leads(areas)
    assert project_homes(areas, lead)["C"] == home
    if home == "C":
        assert perhaps_homes(areas) == {area: ones for area, ones in found.items() if ones}


def test_tables_without_projects_are_left_as_they_are():
    given = tables(phases(A={"project": None}, B={"project": None}))
    assert by_project(given) is given


def test_the_households_of_an_exempt_phase_ask_for_nothing():
    exempt = {"quota_exempt": True}
    one = by_project(tables(phases(A={}, B={"counted": 200.0, **exempt})))
    assert one.areas["counted"].to_dict() == {"A": 100.0}
    every = by_project(tables(phases(A=exempt, B={"counted": 200.0, **exempt})))
    assert every.areas["counted"].to_dict() == {"B": 300.0}


PLACES = pd.DataFrame(
    {
        "community": ["c1", "c2", None, None, "c3"],
        "unit": ["u1", "u1", "u1", None, "u2"],
    },
    index=["A1", "A2", "A3", "A4", "A5"],
    dtype=object,
)


@pytest.mark.parametrize(
    ("community", "unit", "around"),
    [
        ("c1", "u1", ("A1", "A3", "A4")),  # a blank may be anything
        (None, "u1", ("A1", "A2", "A3", "A4")),
        ("c1", None, ("A1", "A3", "A4")),
        (None, None, ("A1", "A2", "A3", "A4", "A5")),
        ("c3", "u2", ("A4", "A5")),
        ("c9", "u1", ("A3", "A4")),
        (NAN, "", ("A1", "A2", "A3", "A4", "A5")),
    ],
)
def test_where_a_facility_may_stand(community, unit, around):
    facility = pd.Series({"community": community, "unit": unit}, dtype=object)
    found = Neighbourhood(PLACES)
    assert found.of(facility) == around
    assert found.of(facility) is found.of(facility)


@pytest.mark.parametrize(
    ("community", "unit", "around"),
    [
        ("c1", "u1", ("A1", "A3", "A4")),
        # blanks may be of a community that no area is known of, and tell nothing of where it is
        ("c9", "u1", ("A1", "A2", "A3", "A4")),
        ("c9", "u3", ("A1", "A2", "A3", "A4", "A5")),
    ],
)
def test_beside_whom_a_facility_may_stand(community, unit, around):
    assert Neighbourhood(PLACES).about({"community": community, "unit": unit}) == around


def test_where_no_area_of_its_community_is_known_it_may_be_near_those_of_its_unit():
    codes = {"community": ["c1", "c2", "c3"], "unit": ["u1", "u1", "u2"]}
    places = Neighbourhood(pd.DataFrame(codes, index=["A", "B", "C"]))
    assert places.of({"community": "c9", "unit": "u1"}) == ()
    assert places.about({"community": "c9", "unit": "u1"}) == ("A", "B")
    assert places.about({"community": "c9", "unit": "u9"}) == ("A", "B", "C")
    # D may be of c9, of which nobody knows where it is: beside A and B, which are of its town
    codes = {"community": ["c1", "c2", "c3", None], "unit": ["u1", "u1", "u2", None]}
    places = Neighbourhood(pd.DataFrame(codes, index=["A", "B", "C", "D"]))
    assert places.about({"community": "c9", "unit": "u1"}) == ("A", "B", "D")
    assert places.about({"community": "c9", "unit": "u9"}) == ("A", "B", "C", "D")
    assert places.about({"community": "c1", "unit": "u1"}) == ("A", "D")


def test_areas_that_say_nothing_of_where_they_are_may_be_anywhere():
    bare = Neighbourhood(pd.DataFrame(index=["A", "B"]))
    assert bare.of({"community": "c1", "unit": "u1"}) == ("A", "B")


def test_phases_that_may_be_one_once_all_is_known():
    rows = {
        "A": ("P", "existing", "urban", 1.0, 100, NAN),
        "B": ("p", None, "urban", 1.0, 100, NAN),  # may be with A, and with D
        "C": ("P", "new", "urban", 1.0, 100, 30.0),  # with a requirement typed: with nobody
        "D": ("P", "new", None, 1.0, 100, NAN),
        "E": ("P", None, None, 0.0, 100, NAN),  # nobody lives there
        "F": ("Q", None, None, 1.0, 100, NAN),  # of another project
        "G": (None, None, None, 1.0, 100, NAN),
    }
    names = ["project", "age_class", "setting", "lived_in", "counted", "required_m2"]
    areas = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    assert perhaps_together(areas) == {"A": ("B",), "B": ("A", "D"), "D": ("B",)}
    assert perhaps_together(areas.drop(columns="project")) == {}
    assert perhaps_together(areas.loc[["A", "C", "F", "G"]]) == {}


def test_a_facility_may_stand_in_any_phase_of_a_project():
    # B of the second town is led by A of the first; C is nobody's phase
    rows = {
        "A": {"counted": 300.0, "unit": "u1", "community": "c1"},
        "B": {"unit": "u2", "community": "c2"},
        "C": {"project": None, "unit": "u2", "community": "c3"},
    }
    areas = phases(**rows).assign(x=[1.0, NAN, 2.0])
    one = by_project(tables(areas)).areas
    assert one.index.tolist() == ["A", "C"]
    places = Neighbourhood(one)
    assert places.of({"community": "c2", "unit": "u2"}) == ("A",)
    assert places.of({"community": None, "unit": "u2"}) == ("C", "A")
    assert places.of({"community": "c1", "unit": "u1"}) == ("A",)
    assert places.of({"community": None, "unit": None}) == ("A", "C")
    # of unknown place is the second phase alone
    lost = Neighbourhood(one, lost=True)
    assert lost.of({"community": "c2", "unit": "u2"}) == ("A",)
    assert lost.of({"community": "c1", "unit": "u1"}) == ()


def led(**rows):
    areas = phases(**rows)
    return areas.assign(lead=project_leads(areas))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # B's class is blank: it may be a phase of A, and then the larger of them counts
        ({"A": {"counted": 300.0}, "B": {"age_class": None}}, {"B"}),
        ({"A": {}, "B": {"age_class": None, "counted": 300.0}}, {"A"}),
        ({"A": {"setting": None, "counted": 300.0}, "B": {"age_class": None}}, {"B"}),
        # blank households may be more or fewer: neither counts for certain
        ({"A": {"counted": NAN}, "B": {"age_class": None}}, {"A", "B"}),
        # an exempt one never leads
        ({"A": {"counted": 300.0, "quota_exempt": True}, "B": {"age_class": None}}, {"A"}),
        # nothing blank, another setting, another project, none at all
        ({"A": {}, "B": {"age_class": "new"}}, set()),
        ({"A": {}, "B": {"age_class": None, "setting": "rural"}}, set()),
        ({"A": {}, "B": {"age_class": None, "project": "Q"}}, set()),
        ({"A": {"project": None}, "B": {"age_class": None, "project": None}}, set()),
    ],
)
def test_who_may_count_with_another_as_one(rows, found):
    assert perhaps_phases(led(**rows)) == found


@pytest.mark.parametrize(
    ("counted", "units", "found"),
    [
        ((NAN, 100.0), "UV", {"A", "B"}),  # whoever has more households leads, in its own town
        ((NAN, 100.0), "UU", set()),
        ((300.0, 100.0), "UV", set()),
    ],
)
def test_in_which_town_phases_count(counted, units, found):
    rows = {n: {"counted": c, "unit": u} for n, c, u in zip("AB", counted, units, strict=True)}
    assert wandering(led(**rows)) == found
