"""A record reaches as far as its clause lets it, and where it ends before an area that is said."""

from __future__ import annotations

import dataclasses

import pytest
from tests.on_a_line import NAN, county, rules_of

from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.model.reason import ReasonCode
from lifecircle.outputs.words.wording import Wording


def found(metres, age_class, *, point, standard="caoxian-2023", clause="CX-01", named=NAN):
    """Judge an area whose one room, of 100 m², stands so far away and serves it by record."""
    area = {"x": 0, "households": 200, "households_planned": 200, "age_class": age_class}
    room = {"F": {"x": metres, "floor_area_m2": 100}}
    tables = county({"A": area}, room, [("F", "A", named)])
    if point:
        near = tables.containment.assign(to_area_m=tables.containment["straight_m"])
        areas = tables.areas.assign(land_area_m2=NAN)
        tables = dataclasses.replace(tables, areas=areas, containment=near)
    rules = rules_of(standard)
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
    return judge_rule(tables, rules[clause]).findings.loc["A"], tables.account.notes.get("A", ())


@pytest.mark.parametrize("point", [True, False])
@pytest.mark.parametrize(("age_class", "clause"), [("new", "CX-01"), ("existing", "CX-03")])
@pytest.mark.parametrize("metres", [1000.001, 2040.0, 9000.0])
def test_rooms_on_record_beyond_the_radius_are_named(metres, age_class, clause, point):
    # 200 households ask for 40 or 30 m²: 100 m² that serve it by record, out of reach
    row, notes = found(metres, age_class, point=point, clause=clause)
    assert str(row["status"]) == "deficient"
    (note,) = notes
    off_site = age_class == "new" and not point
    assert note.code is (ReasonCode.ASIDE_OFF_SITE if off_site else ReasonCode.ASIDE_BEYOND)
    assert note.params["m2"] == 100
    assert note.params["distance_m"] == pytest.approx(metres)
    assert off_site or note.params["limit_m"] == 1000


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "距代表点 400 米"), ("en", "400 m from the")]
)
def test_a_distance_from_the_point_is_not_said_to_be_one_from_the_outline(language, words):
    """The area is 100 m wide: rooms 400 m from its point are 350 m off its site."""
    row, (note,) = found(400.0, "new", point=False)
    assert note.code is ReasonCode.ASIDE_OFF_SITE
    assert words in Wording(language, "report").reason(row["reason"])


def test_of_such_rooms_what_the_record_names_is_told():
    _, (note,) = found(2040.0, "new", point=True, named=60.0)
    assert (note.code, note.params["m2"]) == (ReasonCode.ASIDE_BEYOND, 60)


@pytest.mark.parametrize("metres", [999.0, 1000.0])
def test_within_it_they_are_the_areas_own_and_to_be_visited(metres):
    row, (note,) = found(metres, "new", point=True)
    assert (str(row["status"]), note.code) == ("compliant", ReasonCode.OWN_TO_VISIT)


def test_where_a_document_has_no_radius_no_record_ends():
    row, (note,) = found(2040.0, "new", point=True, standard="jinxiang-2023", clause="JX-03")
    # 100 m² are in no place of 200 m² (JX-04): they earn nothing, but not for the distance
    assert (str(row["status"]), note.code) == ("deficient", ReasonCode.OWN_TO_VISIT)


@pytest.mark.parametrize("metres", [0.0, 80.0])
def test_rooms_on_record_for_a_new_area_elsewhere_are_that_areas_and_not_far(metres):
    # the room stands on A's land (50 m each way) or 30 m off it; its record gives it to B, new
    # and 600 m away, which can have none but on its site: neither has it
    areas = {
        "A": {"x": 0, "households": 500},
        "B": {"x": 600, "households_planned": 500, "age_class": "new"},
    }
    tables = county(areas, {"F": {"x": metres, "floor_area_m2": 120}}, [("F", "B", NAN)])
    rules = rules_of("caoxian-2023")
    told = account_of(tables, rules, arranging=False).notes
    (here,), (there,) = told["A"], told["B"]
    assert (here.code, here.params["residential"]) == (ReasonCode.ASIDE_RECORDED, "B")
    assert there.code is ReasonCode.ASIDE_OFF_SITE


@pytest.mark.parametrize(
    ("said", "metres"),
    [(said, metres) for said in ("record", "name", "both") for metres in (0.0, 50.0)]
    + [("name", 200.0), ("both", 200.0)],
)
def test_rooms_that_record_and_name_say_are_an_areas_are_no_less_its_own_than_by_one(metres, said):
    """500 households ask for 75 m²: of 80 m² that are its own none are shared with others."""
    area = {"x": 0, "name": "东园", "households": 500}
    room = {"x": metres, "name": "幸福站" if said == "record" else "东园站", "floor_area_m2": 80}
    tables = county({"A": area}, {"F": room}, [] if said == "name" else [("F", "A", NAN)])
    near = tables.containment.assign(to_area_m=tables.containment["straight_m"])
    areas = tables.areas.assign(land_area_m2=NAN)
    tables = dataclasses.replace(tables, areas=areas, containment=near)
    for choice in ("recorded", "own"):
        rules = rules_of("caoxian-2023", ("A3", choice))
        tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=False))
        row = judge_rule(tables, rules["CX-03"]).findings.loc["A"]
        assert (str(row["status"]), row["measured"]) == ("compliant", 80)
