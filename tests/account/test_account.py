"""The m² account over whole counties of chance: what always holds, whatever the rows."""

from __future__ import annotations

import dataclasses
import itertools
import math
import operator
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import county, rules_of

from lifecircle.account.account import open_account
from lifecircle.account.estates.names import named_areas
from lifecircle.account.gaps import least_cure
from lifecircle.account.ownership import ownership
from lifecircle.assessing.explanation import explain
from lifecircle.counting.projects import by_project
from lifecircle.judge.clauses import judge_rule
from lifecircle.model.reason import ReasonCode


def settle(tables, standard="caoxian-2023", new="CX-01", old="CX-03", *, arranging=True):
    rules = rules_of(standard)
    classes = tables.areas["age_class"]
    quotas = [
        (rules[name], tables.areas.index[here])
        for name, here in ((new, classes == "new"), (old, classes != "new"))
    ]
    return open_account(tables, quotas, arranging=arranging)


def filled(ledger):
    have = ledger.frame["own_low"] + ledger.frame["recorded_low"]
    return set(ledger.frame.index[have >= ledger.frame["required_high"] - 1e-6])


@st.composite
def counties(draw):
    areas = {
        f"A{i}": {
            "x": draw(st.integers(0, 40)) * 100,
            "households": draw(st.sampled_from([100, 200, 300, 333])),
            "age_class": draw(st.sampled_from(["existing", "existing", "new"])),
            "project": draw(st.sampled_from([None, None, "P1"])),
        }
        for i in range(draw(st.integers(1, 5)))
    }
    facilities = {
        f"F{i}": {
            "x": draw(st.integers(0, 40)) * 100 + draw(st.sampled_from([0, 60])),
            "floor_area_m2": draw(st.sampled_from([10, 30, 45, 90, 100.01])),
            "stage": draw(st.sampled_from(["in_use", "in_use", "idle", None])),
            "site": draw(st.sampled_from([None, "S"])),
        }
        for i in range(draw(st.integers(1, 4)))
    }
    pairs = st.tuples(st.sampled_from(sorted(facilities)), st.sampled_from(sorted(areas)))
    chosen = draw(st.lists(pairs, unique=True, max_size=6))
    figure = st.sampled_from([math.nan, math.nan, 10.0, 60.0])
    return areas, facilities, [(f, a, draw(figure)) for f, a in chosen]


@pytest.mark.parametrize(("floor", "codes"), [(50, ["aside_used"]), (math.nan, [])])
def test_only_square_metres_that_are_known_are_used_up(floor, codes):
    """A needs 75 m² and takes all 50 of F; where nobody knows F's m², nothing is used up for B."""
    areas = {"A": {"x": 0, "households": 500}, "B": {"x": 900, "households": 500}}
    record = [("F", "A", math.nan), ("F", "B", math.nan)]
    ledger = settle(county(areas, {"F": {"x": 0, "floor_area_m2": floor}}, record))
    assert [str(reason.code) for reason in ledger.notes.get("B", ())] == codes


def test_rooms_of_unknown_size_are_told_without_an_endless_sum():
    # 100 households: 15 m², one room of 4 m² and one of which nobody knows the m²
    rooms = {
        "F": {"x": 0, "floor_area_m2": 4},
        "G": {"x": 0, "floor_area_m2": math.nan},
    }
    tables = county({"A": {"x": 0, "households": 100}}, rooms)
    (told,) = [story.steps for _, story in stories(tables) if story.steps]
    assert [(step.code, step.params) for step in told if step.code.startswith("balance")] == [
        ("balance_unbounded", {"low": 4, "required": 15})
    ]


@settings(settings.get_profile("dear"))
@given(counties())
def test_a_square_metre_counts_once(given_county):
    tables = county(*given_county)
    ledger = settle(tables)
    low = tables.facilities["quota_m2_low"]
    counted = ledger.allocation[ledger.allocation["basis"] != "suggested"]
    total = counted.groupby("facility")["m2"].sum()
    assert (total <= low.reindex(total.index) + 1e-6).all()
    counted = ledger.frame["own_low"].sum() + ledger.frame["recorded_low"].sum()
    assert counted <= low.sum() + 1e-6
    offered = ledger.allocation[ledger.allocation["basis"] == "suggested"]
    offered = offered.groupby("facility")["m2"].sum()
    assert (offered <= ledger.unassigned.reindex(offered.index) + 1e-6).all()


@settings(settings.get_profile("dear"))
@given(counties())
def test_rows_add_up_and_a_suggestion_takes_nothing_away(given_county):
    tables = county(*given_county)
    ledger, bare = settle(tables), settle(tables, arranging=False)
    given = ledger.allocation
    given = given[given["basis"] != "suggested"]
    rows = given.groupby(["residential", "clause"])["m2"].sum()
    account = ledger.frame["own_low"] + ledger.frame["recorded_low"]
    assert np.allclose(rows.reindex(account.index).fillna(0.0), account, atol=0.005)
    assert given.to_numpy().tolist() == bare.allocation.to_numpy().tolist()
    numbers = ["own_low", "own_high", "recorded_low", "recorded_high"]
    pd.testing.assert_frame_equal(ledger.frame[numbers], bare.frame[numbers])


def test_rooms_that_may_go_to_another_are_not_told_as_given():
    """A asks for 15 m², as B: of F's 10 m² either may have all, once G's 10 m² are open for A."""
    areas = {"A": {"x": 1200, "households": 100}, "B": {"x": 2400, "households": 100}}
    facilities = {
        "F": {"x": 1400, "floor_area_m2": 10},
        "G": {"x": 600, "floor_area_m2": 10, "stage": None},
    }
    record = [(f, a, math.nan) for f, a in ("FA", "FB", "GA")]
    ledger = settle(county(areas, facilities, record))
    assert ledger.frame["recorded_low"].tolist() == [0, 0]
    assert ledger.frame["recorded_high"].tolist() == [20, 10]
    assert ledger.allocation.empty
    for story in (story for _, story in stories(county(areas, facilities, record)) if story.steps):
        assert [step.code for step in story.steps] == ["requirement", "balance_open"]


def stories(tables, counted="recorded"):
    """Yield area and story of every quota finding, judged with a choice of reading A3."""
    rules = rules_of("caoxian-2023", ("A3", counted))
    tables = dataclasses.replace(tables, account=settle(tables))
    lead = tables.areas["lead"]
    layer = tables.areas.assign(
        households=tables.areas["counted"], counted_with=lead.where(lead != lead.index)
    )
    quotas = {name: judge_rule(tables, rules[name]) for name in ("CX-01", "CX-03")}
    findings = [
        one.findings.reset_index(names="id").assign(
            layer="residential",
            clause=name,
            standard=rules.standard.id,
            required=one.findings["required_high"].to_numpy(),
        )
        for name, one in quotas.items()
    ]
    told = SimpleNamespace(
        layers={
            "residential": layer,
            "facilities": pd.DataFrame({"position_of": None}, index=tables.facilities.index),
        },
        reach=pd.DataFrame({"residential": []}),
        problems=(),
        allocation=tables.account.allocation.assign(standard=rules.standard.id),
        findings=pd.concat(findings),
        clause=lambda name, _: quotas[name].result,
    )
    for area in layer.index:
        yield from ((area, story) for story in explain(told, area).stories)


BESIDE = {
    "recorded": {"credit_suggested"},
    "own": {"credit_recorded_aside", "credit_suggested"},
    "allocated": set(),
}
"""Choice of reading A3 → what may stand below the sum."""


@settings(settings.get_profile("dear"))
@given(counties(), st.sampled_from(sorted(BESIDE)))
def test_explained_rows_add_up_to_the_sum_below_them(given_county, counted):
    """Every quota finding, phases of a project too: what stands above the sum makes it."""
    for _, story in stories(county(*given_county), counted):
        codes = [step.code for step in story.steps]
        sums = [n for n, code in enumerate(codes) if code.startswith("balance")]
        if not sums:  # not applicable, or nothing is known of the account
            continue
        above = [s.params["m2"] for s in story.steps[: sums[0]] if s.code.startswith("credit")]
        told = story.steps[sums[0]].params
        assert abs(sum(above) - told.get("provided", told.get("low"))) < 0.005
        assert set(codes[sums[0] + 1 :]) <= BESIDE[counted]


def test_a_phase_is_explained_by_the_account_of_its_project():
    # 300 + 200 households: 75 m², of which F has 60; the second phase leads with 300
    areas = {
        "一期": {"x": 0, "households": 200, "project": "P"},
        "二期": {"x": 150, "households": 300, "project": "P"},
    }
    tables = county(areas, {"F": {"x": 150, "floor_area_m2": 60}})
    told = {area: [(s.code, s.params) for s in story.steps] for area, story in stories(tables)
            if story.steps}  # fmt: skip
    assert (
        told["一期"]
        == told["二期"]
        == [
            ("requirement", {"households": 500, "rate": 15, "required": 75}),
            ("credit_own", {"facility": "F", "m2": 60}),
            ("balance", {"provided": 60, "required": 75}),
        ]
    )


@settings(settings.get_profile("dear"))
@given(counties(), st.data())
def test_another_facility_never_lowers_the_rate(given_county, data):
    areas, facilities, sharing = given_county
    before = filled(settle(county(areas, facilities, sharing)))
    more = {"x": data.draw(st.integers(0, 4000)), "floor_area_m2": data.draw(st.integers(1, 300))}
    named = data.draw(st.lists(st.sampled_from(sorted(areas)), unique=True))
    record = [("NEW", area, math.nan) for area in named]
    after = settle(county(areas, {**facilities, "NEW": more}, [*sharing, *record]))
    assert len(filled(after)) >= len(before)
    assert after.frame.index.equals(settle(county(areas, facilities, sharing)).frame.index)


@settings(settings.get_profile("dear"))
@given(counties(), st.randoms(use_true_random=False))
def test_order_and_labels_change_nothing(given_county, random):
    areas, facilities, sharing = given_county
    # places that nothing tells apart are the same; here every row has a place of its own
    for number, row in enumerate([*areas.values(), *facilities.values()]):
        row["x"] += 0.01 * number
    labels = [f"Z{number}" for number in range(len(areas) + len(facilities))]
    random.shuffle(labels)
    called = dict(zip((*areas, *facilities), labels, strict=True))

    def renamed(rows):
        keys = list(rows)
        random.shuffle(keys)
        return {called[k]: {**rows[k], "name": k} for k in keys}

    record = [(called[f], called[a], m2) for f, a, m2 in sharing]
    random.shuffle(record)
    tables = county(areas, facilities, sharing)
    first = settle(tables).frame
    again = settle(county(renamed(areas), renamed(facilities), record)).frame
    names = {new: old for old, new in called.items()}
    again.index = pd.MultiIndex.from_tuples([(names[a], c) for a, c in again.index])
    numbers = ["required_high", "own_low", "own_high", "recorded_low", "arrangeable"]
    again = again.reindex(first.index)
    assert np.allclose(first[numbers].astype(float), again[numbers].astype(float), atol=1e-6)


def test_what_is_given_away_is_no_longer_own():
    # 200 households need 30 m²; F has 100 and a record with B (500 households: 75, of which 70)
    areas = {"A": {"x": 0, "households": 200}, "B": {"x": 900, "households": 500}}
    ledger = settle(
        county(
            areas,
            {"F": {"x": 0, "floor_area_m2": 100}},
            [("F", "A", math.nan), ("F", "B", math.nan)],
        )
    )
    account = ledger.frame.droplevel("clause")
    assert (account.at["A", "own"], account.at["B", "recorded"]) == (30, 70)
    ledger = settle(county(areas, {"F": {"x": 0, "floor_area_m2": 100}}))
    account = ledger.frame.droplevel("clause")
    assert (account.at["A", "own"], account.at["B", "arrangeable"]) == (100, 70)
    # 70 of the 100 could be arranged for B; until they are, A has all of them
    assert ledger.allocation.set_index("basis")["m2"].to_dict() == {"own": 100, "suggested": 70}


@pytest.mark.parametrize(("named", "told"), [(60, 60), (900, 500), (math.nan, 500)])
def test_what_a_record_cannot_give_is_what_it_names(named, told):
    """Of 500 m², for a new area 900 m away: the 60 m² on record, and no more than there are."""
    areas = {
        "A": {"x": 0, "households": 200},
        "N": {"x": 900, "households": 100, "age_class": "new"},
    }
    ledger = settle(
        county(
            areas,
            {"F": {"x": 0, "floor_area_m2": 500}},
            [("F", "A", math.nan), ("F", "N", named)],
        )
    )
    (reason,) = ledger.notes["N"]
    assert reason.code == ReasonCode.ASIDE_OFF_SITE
    assert reason.params["m2"] == told


@pytest.mark.parametrize(
    ("metres", "shared"), [(999.9, True), (1000.0, True), (1000 + 5e-7, True), (1000.001, False)]
)
def test_sharing_goes_up_to_its_radius(metres, shared):
    """Recorded and suggested alike, 1000 m straight, inclusive: 70 of F's 100 m² are to spare."""
    areas = {"A": {"x": 0, "households": 200}, "B": {"x": metres, "households": 500}}
    place = {"F": {"x": 0, "floor_area_m2": 100}}
    record = [("F", "A", math.nan), ("F", "B", math.nan)]
    ledger = settle(county(areas, place, record))
    assert ledger.frame.loc[("B", "CX-03"), "recorded_low"] == (70 if shared else 0)
    ledger = settle(county(areas, place))
    assert ledger.frame.loc[("B", "CX-03"), "arrangeable"] == (70 if shared else 0)


BESIDE_A_BORDER = [0.0, 0.5, -0.5, 0.999, -0.999, 1.001, -1.001, 2.0, -2.0, 1e6, -1e6]
"""Millionths of a square metre: the tolerance is one of them, both ways."""


@pytest.mark.parametrize("millionths", BESIDE_A_BORDER)
def test_the_reason_at_a_quota_says_what_the_verdict_says(millionths):
    # 200 households: 30 m²
    place = {"F": {"x": 0, "floor_area_m2": 30 + millionths / 1e6}}
    tables = county({"A": {"x": 0, "households": 200}}, place)
    tables = dataclasses.replace(tables, account=settle(tables))
    found = judge_rule(tables, rules_of("caoxian-2023")["CX-03"]).findings.loc["A"]
    met = millionths >= -1
    assert found["status"] == ("compliant" if met else "deficient")
    assert found["reason"].code == ("quota_met" if met else "quota_short")


@pytest.mark.parametrize("millionths", BESIDE_A_BORDER)
def test_the_reason_at_a_single_minimum_says_what_the_verdict_says(millionths):
    # 1000 households: 300 m²; a place of 200 m² is large enough, and still too little
    area = {"A": {"x": 0, "households_planned": 1000, "age_class": "new"}}
    tables = county(area, {"F": {"x": 0, "floor_area_m2": 200 + millionths / 1e6}})
    quotas = ("jinxiang-2023", "JX-03", "JX-06")
    tables = dataclasses.replace(tables, account=settle(tables, *quotas))
    found = judge_rule(tables, rules_of("jinxiang-2023")["JX-04"]).findings.loc["A"]
    met = millionths >= -1
    assert found["status"] == ("compliant" if met else "deficient")
    assert found["reason"].code == ("quota_met" if met else "place_below_minimum")


def test_phases_of_a_project_are_one_account():
    # 每百户 30 m², 每处不少于 200 m²: 400 + 300 households need 210 m² in one place, not 200 + 200
    areas = {
        "一期": {"x": 0, "households_planned": 400, "age_class": "new", "project": "P"},
        "二期": {"x": 150, "households_planned": 300, "age_class": "new", "project": "P"},
    }
    tables = county(areas, {"F": {"x": 150, "floor_area_m2": 210}})
    ledger = settle(tables, "jinxiang-2023", "JX-03", "JX-06")
    assert list(ledger.frame.index) == [("一期", "JX-03")]  # the phase with most households leads
    assert ledger.frame.loc[("一期", "JX-03"), ["required_high", "own_low"]].tolist() == [210, 210]
    apart = {name: {**row, "project": None} for name, row in areas.items()}
    ledger = settle(
        county(apart, {"F": {"x": 150, "floor_area_m2": 210}}), "jinxiang-2023", "JX-03", "JX-06"
    )
    assert ledger.frame["required_high"].tolist() == [200, 200]


@pytest.mark.parametrize(
    ("second", "accounts"),
    [
        ({"age_class": "existing", "households": 300}, 2),  # another quota speaks of it
        ({"required_m2": 50.0}, 2),  # planning conditions of its own
        ({"stage": "under_construction"}, 1),  # not lived in: no phase, and no subject either
    ],
)
def test_phases_under_different_rules_stand_apart(second, accounts):
    base = {"x": 0, "households_planned": 400, "age_class": "new", "project": "P"}
    tables = county({"A": base, "B": {**base, **second}}, {"F": {"x": 0, "floor_area_m2": 90}})
    assert list(tables.areas["lead"]) == ["A", "B"]
    living = tables.areas.index[tables.areas["lived_in"] == 1]
    assert len(living) == accounts


def test_estates_of_one_name_are_told_apart_by_place():
    areas = {"A": {"x": 0, "households": 200}, "B": {"x": 1200, "households": 200}}
    # 300 m beside 900 m: either; 151 m beside 1,001 m: B; 50 m beyond B's edge: B
    for x, owners in ((900, ["A", "B"]), (1051, ["B"]), (-1, ["A"]), (1300, ["B"])):
        tables = county(areas, {"F": {"x": x, "floor_area_m2": 30}})
        tables.areas["name"] = "幸福苑"
        tables.facilities["name"] = "幸福苑养老服务站"
        own = ownership(tables).own
        assert sorted(own["residential"]) == owners
        assert own["sure"].tolist() == [len(owners) == 1] * len(owners)


@settings(settings.get_profile("dear"))
@given(counties())
def test_what_stands_in_an_area_is_that_areas(given_county):
    areas, facilities, _ = given_county
    tables = county(areas, facilities)
    inside = tables.containment[tables.containment["to_area_m"] == 0]
    lead = tables.areas["lead"]
    owners = ownership(by_project(tables)).own.set_index("facility")["residential"]
    for facility, part in inside.groupby("facility"):
        leads = set(part["residential"].map(lead))
        # in the outlines of several it may be any's of them
        assert set(owners.loc[[facility]]) <= leads


_UNKNOWN = {
    "stage": lambda row: row | {"stage": None},
    "m2": lambda row: row | {"floor_area_m2": None},
    "kind": lambda row: row | {"kinds": frozenset()},
    "part": lambda row: row | {"kinds": frozenset({"township_centre"})},
    "place": lambda row: row | {"x": math.nan},
}


@settings(settings.get_profile("dear"))
@given(counties(), st.data())
def test_not_knowing_never_makes_an_area_pass(given_county, data):
    """Records name one area each: which of several a room serves is settled for all together.

    No two rows share a site: a blank one beside another is the same rooms, which is known.
    """
    areas, facilities, sharing = given_county
    facilities = {name: {**row, "site": None} for name, row in facilities.items()}
    areas = {name: {**row, "project": None} for name, row in areas.items()}
    record = list({f: (f, a, m2) for f, a, m2 in sharing}.values())
    before = settle(county(areas, facilities, record))
    lost = data.draw(st.sampled_from(sorted(facilities)))
    doubt = _UNKNOWN[data.draw(st.sampled_from(sorted(_UNKNOWN)))]
    less = {**facilities, lost: doubt(facilities[lost])}
    after = settle(county(areas, less, record))
    assert filled(after) <= filled(before)
    best = after.frame["own_high"] + after.frame["recorded_high"]
    had = before.frame["own_low"] + before.frame["recorded_low"]
    assert (best >= np.minimum(had, before.frame["required_low"]) - 1e-6).all()


@settings(deadline=None)
@given(
    st.integers(0, 9),
    st.sampled_from([0, 4]),
    st.lists(st.integers(1, 3), max_size=3),
    st.booleans(),
)
def test_a_gap_is_the_least_that_cures(short, minimum, small, large):
    """Against all ways to add whole m² to the places there are and to a new one."""
    small = sorted(small, reverse=True) if minimum else []
    places = [*small, 0, *([minimum + 1] if large else [])]

    def credit(sizes):
        return sum(size for size in sizes if size >= minimum)

    most = short + minimum
    ways = [
        sum(more)
        for more in itertools.product(range(most + 1), repeat=len(places))
        if credit(map(operator.add, places, more)) - credit(places) >= short
    ]
    assert least_cure(short, minimum, small, large) == min(ways)


def test_a_room_of_which_nothing_is_known_may_be_any_areas():
    # 200 households: 30 m²; F has no place, no code, no record and no name that fits
    areas = {"A": {"x": 0, "households": 200}, "B": {"x": 900, "households": 200}}
    ledger = settle(county(areas, {"F": {"x": math.nan, "floor_area_m2": 30}}))
    assert ledger.frame["own_low"].tolist() == [0, 0]
    assert ledger.frame["own_high"].tolist() == [30, 30]


def test_an_area_without_a_place_may_hold_what_stands_nowhere_else():
    areas = {"A": {"x": math.nan, "households": 200}, "B": {"x": 900, "households": 200}}
    rooms = {"F": {"x": 3000, "floor_area_m2": 30}, "G": {"x": 900, "floor_area_m2": 10}}
    account = settle(county(areas, rooms)).frame.droplevel("clause")
    assert (account.at["A", "own_low"], account.at["A", "own_high"]) == (0, 30)
    assert (account.at["B", "own_low"], account.at["B", "own_high"]) == (10, 10)
    assert account.at["A", "unknown"].code == "position_missing"


def test_of_rooms_that_may_stand_anywhere_the_largest_is_named():
    areas = {"A": {"x": 0, "households": 200}, "B": {"x": 900, "households": 200}}
    rooms = {"E": {"x": math.nan, "floor_area_m2": 10}, "F": {"x": math.nan, "floor_area_m2": 90}}
    frame = settle(county(areas, rooms | {"G": {"x": math.nan, "floor_area_m2": 60}})).frame
    assert frame["own_high"].tolist() == [160, 160]
    assert [u.params["facility"] for u in frame["unknown"]] == ["F", "F"]


def test_a_room_too_small_to_earn_credit_is_nobodys_missing_place():
    areas = {"A": {"x": 0, "households_planned": 300, "age_class": "new"}}
    rooms = {"E": {"x": math.nan, "floor_area_m2": 199}}
    frame = settle(county(areas, rooms), "jinxiang-2023", "JX-03", "JX-06").frame.droplevel(
        "clause"
    )
    assert (frame.at["A", "own_high"], frame.at["A", "unknown"]) == (0, None)
    rooms["F"] = {"x": math.nan, "floor_area_m2": 200}
    frame = settle(county(areas, rooms), "jinxiang-2023", "JX-03", "JX-06").frame.droplevel(
        "clause"
    )
    assert frame.at["A", "own_high"] == 200
    assert frame.at["A", "unknown"].params["facility"] == "F"


def test_a_name_decides_only_without_a_place_or_near_no_area():
    areas = {"东园": {"x": 0, "households": 200}, "西园": {"x": 900, "households": 200}}
    east, near, west = ["东园", "site", True], ["东园", "near", False], ["西园", "name", False]
    # on another's land it is that one's; beside it either's; 749 m outside of its own perhaps
    for x, told in (
        (0, [east]),
        (100, [near, west]),
        (101, [west]),
        (math.nan, [[*west[:2], True]]),
    ):
        own = ownership(county(areas, {"西园服务站": {"x": x, "floor_area_m2": 30}})).own
        assert own[["residential", "basis", "sure"]].to_numpy().tolist() == told


def test_of_namesakes_the_codes_tell_whose_a_room_without_a_place_is():
    here, there = {"unit": "370999001"}, {"unit": "370999002"}
    areas = {
        "A": {"x": 0, "households": 200, "name": "东园", **here},
        "B": {"x": 900, "households": 200, "name": "东园", **there},
    }
    room = {"x": math.nan, "floor_area_m2": 30, "name": "东园服务站"}
    own = ownership(county(areas, {"F": room | there})).own
    assert own[["residential", "sure"]].to_numpy().tolist() == [["B", True]]
    found = ownership(county(areas, {"F": room}))
    assert found.own[["residential", "sure"]].to_numpy().tolist() == [["A", False], ["B", False]]
    assert found.unclear["F"].areas == ("A", "B")


def test_the_longest_name_fits_with_and_without_its_generic_end():
    areas = pd.DataFrame({"name": ["阳光花园小区", "阳光", "园"]}, index=["A", "B", "C"])
    names = ["阳光花园日间照料中心", "阳光站", "园", "服务站"]
    rooms = pd.DataFrame({"name": names, "address": [None, None, None, "阳光花园小区1号楼"]})
    found = named_areas(rooms, areas)
    assert found.to_numpy().tolist() == [[0, "A"], [1, "B"], [3, "A"]]


@pytest.mark.parametrize(
    ("room", "estates", "meant"),
    [
        # a part in brackets is the part, whoever writes the brackets and the number
        ("东方一区日间照料中心", ["东方（一区）小区", "东方"], ["东方（一区）小区"]),
        ("东方（一区）日间照料中心", ["东方一区", "东方"], ["东方一区"]),
        ("西苑2区日间照料中心", ["西苑二区", "西苑"], ["西苑二区"]),
        ("学府2期养老用房", ["学府〔二期〕", "学府（一期）"], ["学府〔二期〕"]),
        # which part it is nobody says, if any: no name is whole in it
        ("学府日间照料中心", ["学府（一期）", "学府（二期）"], []),
        # a remark is left out where that makes it no other's name
        ("阳光花园站", ["阳光花园（原一中家属院）", "阳光"], ["阳光花园（原一中家属院）"]),
        ("阳光花园站", ["阳光花园（老旧）小区", "阳光花园"], ["阳光花园"]),
        # what a facility has in brackets is no part of the estate's name before them
        ("阳光（花园路店）", ["阳光", "阳光花园"], ["阳光"]),
        ("一品苑站", ["一品苑"], ["一品苑"]),
        ("三里河站", ["三里", "三里河"], ["三里河"]),
    ],
)
def test_names_are_known_however_their_parts_are_written(room, estates, meant):
    areas = pd.DataFrame({"name": estates}, index=estates)
    found = named_areas(pd.DataFrame({"name": [room], "address": [None]}, index=["F"]), areas)
    assert sorted(found["residential"]) == sorted(meant)


def test_a_county_without_rooms_has_an_account():
    ledger = settle(county({"A": {"x": 0, "households": 200}}, {}))
    assert ledger.frame[["required_high", "own_high"]].to_numpy().tolist() == [[30, 0]]
    assert ledger.allocation.empty
