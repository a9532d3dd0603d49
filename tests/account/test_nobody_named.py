"""Records that name whom no area is called: perhaps somebody beyond the list is served.

Under ``caoxian-2023`` an existing area needs 15 m² a 100 households, and records reach 1,000 m.
Areas are 100 m wide and stand, as the facilities do, on one line.
"""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import NAN, county, rules_of

from lifecircle.account.estates.names import Names
from lifecircle.account.ownership import ownership
from lifecircle.account.parts import Links, Part, cut
from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.model.inputs.study import ELSEWHERE, likely_table
from lifecircle.model.reason import ReasonCode

NAME = "月光花园"


def studied(areas, facilities, sharing=(), nobody=()):
    """Return tables; ``nobody``: facilities whose record names nobody, and the m² named."""
    tables = county(areas, facilities, sharing)
    rows = [(facility, ELSEWHERE, m2, NAME, False) for facility, m2 in nobody]
    return dataclasses.replace(tables, likely=likely_table(rows))


def found(tables):
    rules = rules_of("caoxian-2023")
    tables = dataclasses.replace(tables, account=account_of(tables, rules, arranging=True))
    return judge_rule(tables, rules["CX-03"]).findings


def status(tables):
    return found(tables)["status"].astype(str).to_dict()


def homes(**at):
    return {area: {"x": x, "households": 200} for area, x in at.items()}  # each needs 30 m²


def room(x, m2=60.0, **more):
    return {"x": x, "floor_area_m2": m2, **more}


@pytest.mark.parametrize(("m2", "told"), [(60.0, "not_assessed"), (29.0, "deficient")])
@pytest.mark.parametrize("x", [0, 80])  # in the area, and 30 m beside it
def test_the_place_does_not_give_rooms_that_the_record_gives_to_somebody(m2, told, x):
    tables = studied(homes(H=0, Z=5000), {"F": room(x, m2)}, nobody=[("F", NAN)])
    assert status(tables) == {"H": told, "Z": "deficient"}


def test_what_is_met_without_them_is_met():
    rooms = {"F": room(0), "G": room(10, 30.0)}
    assert status(studied(homes(H=0), rooms, nobody=[("F", NAN)])) == {"H": "compliant"}


def test_the_reason_names_the_facility_and_what_is_written():
    tables = studied(homes(H=0), {"F": room(0)}, nobody=[("F", NAN)])
    reason = found(tables).at["H", "reason"]
    assert reason.code == ReasonCode.RECORD_BEYOND
    assert reason.params == {"facility": "F", "written": [NAME]}
    two = studied(homes(H=0), {"F": room(0, 20.0), "G": room(9, 20.0)}, (), [("F", NAN), ("G", 5)])
    reason = found(two).at["H", "reason"]
    assert reason.code == ReasonCode.RECORDS_BEYOND
    assert reason.params == {"facility": "F", "facilities": ["F", "G"], "written": [NAME]}


def test_whom_it_names_beside_has_its_own_first_where_it_stands():
    """F (60 m²) serves H, in which it stands, and somebody else: H needs 30 of them."""
    both = [("F", "H", NAN)]
    assert status(studied(homes(H=0), {"F": room(0)}, both, [("F", NAN)])) == {"H": "compliant"}
    # 30 m beside H it may stand with the other, who has them first
    beside = studied(homes(H=0), {"F": room(80)}, both, [("F", NAN)])
    assert status(beside) == {"H": "not_assessed"}


@pytest.mark.parametrize(
    ("named", "other", "told"),
    [
        (NAN, NAN, "not_assessed"),
        (30.0, NAN, "not_assessed"),  # nobody knows how much the other has first
        (30.0, 30.0, "compliant"),  # there is enough for both
        (30.0, 31.0, "not_assessed"),
        (29.0, 30.0, "deficient"),
    ],
)
def test_who_shares_with_somebody_has_what_is_left(named, other, told):
    """F (60 m²) stands in none, and serves H, 500 m off, and somebody else."""
    tables = studied(homes(H=0), {"F": room(500)}, [("F", "H", named)], [("F", other)])
    assert status(tables) == {"H": told}


def test_of_an_area_known_as_a_point_the_place_says_little():
    tables = studied(homes(H=0), {"F": room(0)}, [("F", "H", NAN)], [("F", NAN)])
    tables = dataclasses.replace(tables, areas=tables.areas.assign(land_area_m2=NAN))
    assert status(tables) == {"H": "not_assessed"}


def test_without_a_place_it_goes_by_its_name_perhaps_and_nowhere_else():
    lost = {"F": {"floor_area_m2": 60.0, "name": "东苑日间照料中心"}}
    areas = homes(H=0, Z=5000)
    areas["H"]["name"] = "东苑"
    assert status(studied(areas, lost, nobody=[("F", NAN)])) == {
        "H": "not_assessed",
        "Z": "deficient",
    }


def test_nothing_of_it_is_offered():
    tables = studied(homes(H=0), {"F": room(500)}, [("F", "H", NAN)], [("F", NAN)])
    account = account_of(tables, rules_of("caoxian-2023"), arranging=True)
    assert account.unassigned["F"] == 0


def test_a_part_is_as_the_whole():
    areas = homes(H=0, Z=50_000)
    tables = studied(areas, {"F": room(0), "G": room(50_000)}, nobody=[("F", NAN), ("G", NAN)])
    links = Links.of(tables, Names(tables.areas))
    assert links.areas_of["F"] == {"H"}
    part = cut(tables, Part(tables.areas.index[:1], tables.facilities.index[:1]))
    mine, whole = ownership(part), ownership(tables)
    assert mine.own.to_dict("records") == whole.own.iloc[:1].to_dict("records")
    assert repr(mine.unclear["F"]) == repr(whole.unclear["F"])  # nan is not itself


AREAS = ("A", "B", "C")
FAR = 5000
SPOTS = (0, 80, 300, 600)
M2 = st.sampled_from([NAN, 15.0, 30.0, 60.0])


@st.composite
def counties(draw):
    """Draw areas on a line, facilities, their records, and who names nobody too."""
    areas = {
        a: {"x": 300 * n, "households": draw(st.sampled_from([100, 200, 400]))}
        for n, a in enumerate(AREAS)
    }
    rooms, sharing, nobody = {}, [], []
    for name in ("F", "G"):
        rooms[name] = room(draw(st.sampled_from(SPOTS)), draw(st.sampled_from([15.0, 30.0, 60.0])))
        sharing += [(name, a, draw(M2)) for a in draw(st.sets(st.sampled_from(AREAS), max_size=2))]
        if name == "F" or draw(st.booleans()):
            nobody.append((name, draw(M2)))
    point = draw(st.booleans())
    return areas, rooms, sharing, nobody, point


def as_points(tables, point):
    return (
        dataclasses.replace(tables, areas=tables.areas.assign(land_area_m2=NAN))
        if point
        else tables
    )


@settings(settings.get_profile("brute"))
@given(counties())
def test_a_name_that_is_nobodys_makes_nothing_firm(drawn):
    """Nobody is met for it; and whoever it may mean, the verdicts that are firm hold.

    Beyond the list it may be an area anywhere, with the rooms on its land or near it, that asks
    for all there is; or it is an old name of whom the place gives them to.
    """
    areas, rooms, sharing, nobody, point = drawn
    open_ = status(as_points(studied(areas, rooms, sharing, nobody), point))
    plain = status(as_points(studied(areas, rooms, sharing), point))
    for area, told in open_.items():
        assert told != "compliant" or plain[area] == "compliant"
        assert told in {"not_assessed", plain[area]}
    spots = [FAR, *(rooms[f]["x"] + away for f, _ in nobody for away in (-40, 0, 700))]
    for x in dict.fromkeys(spots):
        others = [one["x"] for f, one in rooms.items() if f not in dict(nobody)]
        if any(abs(x - other) <= 100 for other in others):
            continue  # whose rooms it would take
        more = {**areas, "X": {"x": x, "households": 4000}}
        said = [*sharing, *((f, "X", m2) for f, m2 in nobody)]
        ended = status(as_points(county(more, rooms, said), point))
        for area, told in open_.items():
            # on the land of one area there is no other
            assert told in {"not_assessed", ended[area]} or (
                x != FAR and _inside(rooms, areas[area])
            )


def _inside(rooms, area):
    return any(abs(one["x"] - area["x"]) <= 50 for one in rooms.values())
