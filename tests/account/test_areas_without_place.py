"""Rooms that stand by one area while another has no place: they may be that one's.

Under ``caoxian-2023`` 200 households ask for 30 m²; F has 60 m² and stands 20 m from A's point,
with no record and a name that is no estate's. Nobody knows where B lies: its point may be 10 m off.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.account.test_names_of_several import (
    BOTH,
    FIRST,
    NEW,
    new,
    point,
    status,
    studied,
    verdicts,
)
from tests.on_a_line import NAN, county, judged, rates, rules_of, told_of

from lifecircle.judge.clauses import account_of
from lifecircle.model.reason import ReasonCode
from lifecircle.outputs.words.wording import Wording

HERE, THERE = "370999001", "370999002"
AREAS = {"A": point(0, name="书香苑"), "B": point(name="兰亭居")}
ROOM = {"x": 20, "name": "康宁养老服务站"}


def told(a=None, b=None, sharing=(), clause="CX-03", **room):
    """Return the statuses of A and B, with what more is known of them and of F."""
    areas = {"A": {**AREAS["A"], **(a or {})}, "B": {**AREAS["B"], **(b or {})}}
    return status(areas, sharing=sharing, clause=clause, **{**ROOM, **room})


def test_either_may_have_them_and_one_at_most():
    assert told() == BOTH
    for clause, document in (("CX-03", "caoxian-2023"), ("WS-30b", "weishan-2023")):
        tables = studied(AREAS, {"F": {**ROOM, "floor_area_m2": 60.0}})
        rate = rates(judged(tables, clause, document))["areas", "county"]
        assert (rate.low, rate.high) == pytest.approx((0.0, 0.5))


def test_it_is_said_why():
    found = verdicts(studied(AREAS, {"F": {**ROOM, "floor_area_m2": 60.0}}))
    for area in "AB":
        reason = found.at[area, "reason"]
        assert (reason.code, reason.params["areas"]) == (ReasonCode.NAME_UNCLEAR, ["A", "B"])
    words = Wording("zh", "report").reason(found.at["A", "reason"])
    assert "取决于F：按其名称或位置可能属于A、B" in words
    assert "或补上没有位置的小区的位置（1 个）" in words
    assert "列了两行" not in words
    assert "都相符" not in words


@pytest.mark.parametrize(
    "known",
    [
        {"name": "书香苑养老服务站"},
        {"address": "书香苑北门"},
        {"sharing": [("F", "A", NAN)]},
        {"unit": HERE, "b": {"unit": THERE}},
        {"unit": HERE, "community": f"{HERE}001", "b": {"community": f"{HERE}002"}},
        {"a": {"point": False}},  # it stands on A's land
        {"b": {"x": 71}},  # 51 m off
    ],
)
def test_what_tells_that_they_are_not_the_others(known):
    assert told(**known) == FIRST


@pytest.mark.parametrize(
    "known",
    [
        {"unit": HERE, "b": {"unit": HERE}},
        {"unit": HERE},  # of B it is not said
        {"b": {"unit": THERE}},  # of F it is not said
        {"a": {"point": False}, "x": 90},  # 40 m off A's land
    ],
)
def test_what_does_not(known):
    assert told(**known) == BOTH


def test_a_name_beyond_1000_m_tells_nothing():
    areas = {**AREAS, "C": point(1100, name="康宁")}
    assert status(areas, **ROOM) == {**BOTH, "C": "deficient"}
    assert status({**areas, "C": point(1000, name="康宁")}, **ROOM)["A"] == "deficient"


def test_a_new_area_without_a_place_may_have_them_too():
    assert told(b=new(), clause=NEW)["B"] == "not_assessed"
    assert told(b=new())["A"] == "not_assessed"


@st.composite
def lines(draw):
    """Few areas, some without a place, in one town or another, and a room or two by points."""
    town = st.sampled_from([HERE, THERE, None])
    spots = draw(st.lists(st.integers(0, 6), min_size=2, max_size=3, unique=True))
    areas = {
        f"A{n}": {
            "name": f"{'甲乙丙'[n]}苑",
            "x": NAN if n and draw(st.booleans()) else 80.0 * x,
            "point": draw(st.booleans()),
            "households": draw(st.sampled_from([100, 200])),
            "unit": draw(town),
        }
        for n, x in enumerate(spots)
    }
    rooms = {
        f"F{n}": {
            "name": draw(st.sampled_from(["康宁站", "康宁站", "甲苑站"])),
            "x": draw(st.sampled_from([40.0 * x for x in range(13)])),
            "floor_area_m2": draw(st.sampled_from([20.0, 45.0])),
            "unit": draw(town),
        }
        for n in range(draw(st.integers(1, 2)))
    }
    return areas, rooms


@settings(settings.get_profile("costly"), max_examples=9)
@given(lines())
def test_what_is_firm_holds_wherever_an_area_without_a_place_lies(case):
    """Each completion puts it by a room of its town, its point nearest, or far from all."""
    areas, rooms = case
    open_, shares = told_of(studied(areas, rooms))
    lost = [area for area, row in areas.items() if row["x"] != row["x"]]
    ways = [[9000.0 + 3000 * n] for n, _ in enumerate(lost)]
    for area, spots in zip(lost, ways, strict=True):
        unit = areas[area]["unit"]
        spots += [
            row["x"] + 3
            for row in rooms.values()
            if unit is None or row["unit"] in {unit, None}
            # a name tells, and so does land that it stands on
            if row["name"] == "康宁站"
            and not any(not a["point"] and abs(a["x"] - row["x"]) <= 50 for a in areas.values())
        ]
    for chosen in itertools.product(*ways):
        placed = {
            area: {
                **row,
                **({"x": chosen[lost.index(area)], "point": True} if area in lost else {}),
            }
            for area, row in areas.items()
        }
        found, rate = told_of(studied(placed, rooms))
        wrong = [one for one, v in open_.items() if v not in {"not_assessed", found[one]}]
        assert wrong == [], (chosen, found)
        for one, (low, high) in shares.items():
            least, most = rate[one]
            assert low is None or (low <= least + 1e-9 and most <= high + 1e-9), (chosen, one)


def test_a_name_that_fits_both_is_said_to_and_no_place_is_asked_for_that_is_there():
    areas = {"A": point(0, name="东园小区"), "B": point(900, name="东园小区")}
    tables = studied(areas, {"F": {"x": 450, "name": "东园小区养老服务站", "floor_area_m2": 60.0}})
    words = Wording("zh", "report").reason(verdicts(tables).at["A", "reason"])
    assert "其名称与这 2 个居住区都相符" in words
    assert "没有位置" not in words


@pytest.mark.parametrize(
    ("age_class", "low", "code"),
    [("existing", 95.0, "own_by_name"), ("new", 0.0, "own_named_perhaps")],
)
def test_what_is_a_new_areas_only_perhaps_is_not_said_to_be_given_to_it(age_class, low, code):
    """95 m² without a place, by their name an area's: a new one owns what is on its site."""
    area = {"x": 0, "name": "兰陵苑", "households": 475, "households_planned": 475}
    rooms = {"F": {"name": "兰陵苑养老服务站", "floor_area_m2": 95.0}}
    tables = county({"A": area | {"age_class": age_class}}, rooms)
    found = account_of(tables, rules_of("caoxian-2023"), arranging=False)
    assert found.frame[["own_low", "own_high"]].to_numpy().tolist() == [[low, 95.0]]
    assert [str(note.code) for note in found.notes["A"]] == [code]
