"""Rates over rooms that may be one area's or another's, against every way to place them.

Every way the rooms may stand is reckoned by hand (what stands in an area is that area's), or, with
records, judged as a study in which nothing is open. What the open study says must hold of all of
them, and its best case must be one of them.
"""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import NAN, county, judged, rates

FAR = 1e6


def completions(areas, facilities):
    """Yield the facilities in every way in which those without a place or size may be."""
    at = sorted(row["x"] for row in areas.values())
    spots = [*at, *((a + b) / 2 for a, b in itertools.pairwise(at)), FAR]
    choices = []
    for name, row in facilities.items():
        sizes = [10.0, 1000.0] if math.isnan(row["floor_area_m2"]) else [row["floor_area_m2"]]
        places = [row["x"]] if "x" in row else spots
        choices.append(
            [(name, {**row, "x": x, "floor_area_m2": m2}) for x in places for m2 in sizes]
        )
    yield from map(dict, itertools.product(*choices))


def quota(rate, smallest=0.0):
    """Return a function: an area, its rooms' m² → whether it has ``rate`` m² a 100 households."""
    return lambda row, m2: (
        sum(m2) >= smallest
        and sum(m2) >= rate * (row.get("households") or row["households_planned"]) / 100
    )


def by_hand(areas, every, met):
    """Return basis → share that is met, of every area with the rooms that stand in it."""
    found = {}
    for basis in ("areas", "households"):
        weight = {
            a: 1 if basis == "areas" else row.get("households") or row["households_planned"]
            for a, row in areas.items()
        }
        has = {
            a: [f["floor_area_m2"] for f in every.values() if f["x"] == row["x"]]
            for a, row in areas.items()
        }
        good = sum(weight[a] for a, row in areas.items() if met(row, has[a]))
        found[basis, "county"] = good / sum(weight.values())
    return found


def against_all(clause, areas, facilities, met, sharing=(), standard="caoxian-2023"):
    """Judge the open study; return it, and whether its best cases are those of its completions.

    ``met``: what an area asks of the rooms that stand in it; None: judged.
    """
    open_ = judged(county(areas, facilities, sharing), clause, standard)
    told, best = rates(open_), {}
    for every in completions(areas, facilities):
        if met is None:
            one = rates(judged(county(areas, every, sharing), clause, standard))
            found = {key: rate.rate for key, rate in one.items() if key in told}
        else:
            found = by_hand(areas, every, met)
        for key, rate in found.items():
            assert told[key].low - 1e-9 <= rate <= told[key].high + 1e-9, (key, every)
            best[key] = max(rate, best.get(key, 0.0))
        everybody = found["areas", "county"] == 1
        assert open_.status == "not_assessed" or (open_.status == "compliant") == everybody
    return open_, best


def some(_, m2):
    return len(m2) > 0


def exact(open_, best):
    told = rates(open_)
    return {key: pytest.approx(told[key].high) for key in best} == best


# 500 households need 75 m² (CX-03, 15 m²/100 户); areas 3 km apart
TWO = {"甲": {"x": 0, "households": 500}, "乙": {"x": 3000, "households": 500}}


def test_one_room_meets_one_of_two_areas():
    open_, best = against_all("CX-07", TWO, {"F": {"floor_area_m2": 80}}, quota(15))
    rate = rates(open_)["areas", "county"]
    # 0 to 1 of 2; 100 % is asked: it fails whatever the room turns out to be
    assert (rate.numerator, rate.not_assessed, rate.low, rate.high) == (0, 2, 0.0, 0.5)
    assert (open_.status, open_.high) == ("deficient", 50.0)
    assert (open_.said.code, open_.said.params) == (
        "met_at_most",
        {"facility": "F", "count": 1, "waiting": 2, "most": 1},
    )
    assert exact(open_, best)


@pytest.mark.parametrize(
    ("rooms", "most"),
    [
        ([74], 0),
        ([75], 1),
        ([150], 1),  # it stands in one place: what the area does not need is nobody else's
        ([NAN], 1),  # however many m² it has
        ([40, 40], 1),  # together, in one area
        ([50, 50, 50], 1),  # the third alone is not enough
        ([40, 40, 35, 35], 2),  # 75 = 40 + 35, twice
        ([80, 80], 2),
    ],
)
def test_rooms_by_their_size(rooms, most):
    rooms = {f"F{n}": {"floor_area_m2": m2} for n, m2 in enumerate(rooms)}
    open_, best = against_all("CX-03", TWO, rooms, quota(15))
    assert exact(open_, best)
    assert rates(open_)["areas", "county"].high == most / 2
    assert open_.status == ("not_assessed" if most == 2 else "deficient")


def test_each_basis_has_its_own_best_case():
    # 60 m² meet 甲 (400 households: 60) or 乙 (300: 45), at most one of three areas,
    # 400 of 1200 households; 丙 has 75 m² and is met
    areas = {
        "甲": {"x": 0, "households": 400},
        "乙": {"x": 3000, "households": 300},
        "丙": {"x": 6000, "households": 500},
    }
    rooms = {"F": {"floor_area_m2": 60}, "G": {"x": 6000, "floor_area_m2": 75}}
    open_, best = against_all("CX-07", areas, rooms, quota(15))
    told = rates(open_)
    assert exact(open_, best)
    assert (told["areas", "county"].low, told["areas", "county"].high) == (1 / 3, 2 / 3)
    high = told["households", "county"].high
    assert high == pytest.approx(900 / 1200)


def test_what_an_area_has_lessens_what_it_waits_for():
    # 甲 has 40 of 75 m² and 乙 none: a room of 50 m² is enough for 甲 alone
    rooms = {"F": {"floor_area_m2": 50}, "G": {"x": 0, "floor_area_m2": 40}}
    open_, best = against_all("CX-03", TWO, rooms, quota(15))
    assert exact(open_, best)
    assert rates(open_)["areas", "county"].high == 0.5
    assert open_.said is None  # 乙 fails whatever happens: nobody waits together with 甲


def test_whether_there_is_a_room_at_all_is_asked_of_one_area_a_room():
    new = {
        name: {**row, "age_class": "new", "households_planned": 500} for name, row in TWO.items()
    }
    new["丙"] = {"x": 6000, "age_class": "new", "households_planned": 90}
    open_, best = against_all(
        "WS-03", new, {"F": {"floor_area_m2": 8}}, some, standard="weishan-2023"
    )
    assert exact(open_, best)
    assert (open_.status, rates(open_)["areas", "county"].high) == ("deficient", 1 / 3)
    two = {"F": {"floor_area_m2": 8}, "G": {"floor_area_m2": 8}}
    open_, best = against_all("WS-03", new, two, some, standard="weishan-2023")
    assert exact(open_, best)
    assert rates(open_)["areas", "county"].high == 2 / 3
    assert open_.said.params == {"facility": "F", "count": 2, "waiting": 3, "most": 2}


def test_a_place_below_the_single_minimum_meets_no_new_area():
    # 600 households: 180 m², at least 200 in one place (JX-03)
    new = {n: {"x": 3000 * n, "age_class": "new", "households_planned": 600} for n in range(3)}
    new = {"甲乙丙"[n]: row for n, row in new.items()}
    for m2, high in ((199, 0), (200, 1 / 3)):
        open_, best = against_all(
            "JX-03", new, {"F": {"floor_area_m2": m2}}, quota(30, 200), standard="jinxiang-2023"
        )
        assert exact(open_, best)
        assert rates(open_)["areas", "county"].high == high
    # two rooms of one site are one place
    site = {f: {"floor_area_m2": 100, "site": "S"} for f in "FG"}
    open_ = judged(county(new, site), "JX-03", "jinxiang-2023")
    assert rates(open_)["areas", "county"].high == 1 / 3


def test_the_count_of_those_that_fail_knows_it_too():
    # 500 households of existing areas need 100 m² (JX-06, 20 m²/100 户): at best one is met
    areas = {name: {"x": 3000 * n, "households": 500} for n, name in enumerate("甲乙丙")}
    result = judged(county(areas, {"F": {"floor_area_m2": 100}}), "JX-05", "jinxiang-2023")
    assert (result.low, result.high) == (2, 3)


def test_who_has_the_m2_whatever_else_is_open_is_not_counted_as_short():
    """JX-05 of five estates of 500 households (100 m²): two are short, one may be (C8).

    甲 has 100 m². 乙's class is blank and it has 160: as a new one JX-06 asks nothing of it, as an
    existing one it meets it. 丙 has nothing, 丁 40. 戊 has 100 in a room of unknown stage.
    """
    areas = {name: {"x": 3000 * n, "households": 500} for n, name in enumerate("甲乙丙丁戊")}
    areas["乙"] |= {"age_class": None, "households_planned": 500}
    rooms = {
        "一": {"x": 0, "floor_area_m2": 100},
        "二": {"x": 3000, "floor_area_m2": 160},
        "四": {"x": 9000, "floor_area_m2": 40},
        "五": {"x": 12000, "floor_area_m2": 100, "stage": None},
    }
    result = judged(county(areas, rooms), "JX-05", "jinxiang-2023")
    assert (result.low, result.high) == (2, 3)


THREE = {name: {"x": 1500 * n, "households": 500} for n, name in enumerate("甲乙丙")}


@pytest.mark.parametrize(
    ("m2", "most"),
    [
        (149, 1),  # 75 each: the m² are one account
        (150, 2),
        (1000, 2),  # 1000 m from wherever it stands: two neighbours, not all three
    ],
)
def test_a_record_shares_out_what_there_is_from_one_place(m2, most):
    record = [("F", name, NAN) for name in THREE]
    open_, best = against_all("CX-03", THREE, {"F": {"floor_area_m2": m2}}, None, record)
    assert exact(open_, best)
    assert rates(open_)["areas", "county"].high == most / 3
    assert open_.status == "deficient"


@pytest.mark.parametrize(("taken", "most"), [("new_areas", 1), ("pooled", 2)])
def test_new_areas_that_pool_may_share_the_room_of_their_record(taken, most):
    # 300 households: 90 m², alone in a place of 200 (JX-03); two that pool share one of 200
    new = {"age_class": "new", "households_planned": 300}
    areas = {"甲": {"x": 0, **new}, "乙": {"x": 900, **new}}
    record = [("F", name, NAN) for name in areas]
    told = [
        judged(county(areas, {"F": room}, record), "JX-03", "jinxiang-2023", A8=taken)
        for room in ({"floor_area_m2": 200}, {"floor_area_m2": 200, "x": 0})
    ]
    assert rates(told[0])["areas", "county"].high == most / 2
    assert rates(told[1])["areas", "county"].rate == most / 2


def test_phases_of_a_project_are_met_together():
    # 300 + 200 households, one project: 75 m²; beside it 乙 with 75
    areas = {
        "一期": {"x": 0, "households": 300, "project": "P"},
        "二期": {"x": 100, "households": 200, "project": "P"},
        "乙": {"x": 4000, "households": 500},
    }
    tables = county(areas, {"F": {"floor_area_m2": 80}})
    told = rates(judged(tables, "CX-03"))
    assert told["areas", "county"].high == 0.5
    assert told["households", "county"].high == 0.5


def test_an_area_that_may_be_no_subject_takes_no_room_from_others():
    # of 乙 the setting is not known: if it is rural, 甲 with the room is 1 of 1
    areas = {"甲": TWO["甲"], "乙": {**TWO["乙"], "setting": None}}
    told = rates(judged(county(areas, {"F": {"floor_area_m2": 80}}), "CX-07"))
    assert told["areas", "county"].high == 1.0


def test_an_area_of_unknown_class_needs_the_least_that_may_be_asked():
    # 75 m² if it exists, 100 m² if it is new: 80 m² do for it, or for 甲, not for both
    areas = {"甲": TWO["甲"], "乙": {"x": 3000, "households": 500, "age_class": None}}
    for m2, most in ((80, 1), (74, 0)):
        told = rates(judged(county(areas, {"F": {"floor_area_m2": m2}}), "CX-07"))
        assert told["areas", "county"].high == most / 2


@st.composite
def counties(draw):
    areas = {
        "甲乙丙丁"[n]: {
            "x": 900 * n + draw(st.sampled_from([0, 10_000])),
            "households": draw(st.sampled_from([100, 200, 300])),
            "unit": draw(st.sampled_from(["371721001", "371721002", None])),
        }
        for n in range(draw(st.integers(1, 4)))
    }
    facilities = {}
    for n in range(draw(st.integers(1, 2))):
        row = {"floor_area_m2": draw(st.sampled_from([10, 15, 20, 30, 45, 60]))}
        if draw(st.booleans()) and n:
            row["x"] = draw(st.sampled_from(sorted(r["x"] for r in areas.values())))
        facilities[f"F{n}"] = row
    pairs = st.tuples(st.sampled_from(sorted(facilities)), st.sampled_from(sorted(areas)))
    named = draw(st.lists(pairs, unique=True, max_size=3))
    figure = st.sampled_from([NAN, NAN, 15.0, 30.0])
    return areas, facilities, [(f, a, draw(figure)) for f, a in named]


@settings(deadline=None, max_examples=3)
@given(counties())
def test_no_way_to_place_them_is_outside_what_is_told(given_county):
    areas, facilities, sharing = given_county
    open_, best = against_all("CX-07", areas, facilities, None if sharing else quota(15), sharing)
    assert sharing or exact(open_, best)
