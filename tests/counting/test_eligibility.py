"""Which facilities count, and what is not known about them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.counting.eligibility import (
    both,
    built,
    countable_m2,
    either,
    has_rooms,
    is_open,
    lived_in,
    members,
    number_of,
    truth,
)
from lifecircle.counting.flags import asked_of, deciding_columns, flags_met
from lifecircle.model.dictionary import INSTITUTIONS, REACH_GROUPS, kinds
from lifecircle.model.rules.options import FlagOptions, ShareOptions
from lifecircle.model.status import StageView

YES, NO, OPEN = 1.0, 0.0, math.nan


def same(series, expected):
    assert list(series) == pytest.approx(expected, nan_ok=True)


def test_both_is_no_before_it_is_unknown():
    a = pd.Series([YES, YES, YES, NO, NO, OPEN])
    b = pd.Series([YES, OPEN, NO, NO, OPEN, OPEN])
    same(both(a, b), [YES, OPEN, NO, NO, NO, OPEN])


STAGES = pd.Series(
    [
        "planned",
        "under_construction",
        "accepted",
        "handed_over",
        "in_use",
        "idle",
        "misused",
        "closed",
        None,
    ],
    dtype=object,
)


def test_stages_now():
    same(is_open(STAGES, StageView.NOW), [0, 0, 0, 0, 1, 0, 0, 0, OPEN])
    same(built(STAGES, StageView.NOW), [0, 0, 1, 1, 1, 0, 0, 0, OPEN])
    same(lived_in(STAGES, StageView.NOW), [0, 0, 0, 1, 1, 0, 0, 0, 1])


def test_stages_in_the_plan():
    same(is_open(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, OPEN])
    same(built(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, OPEN])
    same(lived_in(STAGES, StageView.PLAN), [1, 1, 1, 1, 1, 0, 0, 0, 1])


@pytest.mark.parametrize(
    ("kinds", "service", "community", "village"),
    [
        ({"day_care"}, None, YES, NO),
        ({"happiness_home"}, None, NO, YES),
        ({"canteen"}, None, NO, NO),  # alone: only a typed service makes it count (A16)
        ({"canteen"}, False, NO, NO),
        ({"canteen"}, True, YES, NO),
        ({"canteen", "day_care"}, None, YES, NO),
        ({"canteen", "care_home"}, None, OPEN, NO),  # the home may have one
        # it has another service: a second kind (A16), unless that is none for people nearby
        ({"canteen", "activity_centre"}, None, YES, NO),
        ({"canteen", "activity_centre"}, False, NO, NO),  # asked, and answered
        ({"canteen", "happiness_home"}, None, YES, YES),
        ({"canteen", "family_bed"}, None, NO, NO),
        ({"activity_centre"}, True, NO, NO),
        # one of its kinds is not known: it may be any, of a village too, whatever it serves
        ({"canteen", "other"}, None, OPEN, OPEN),
        ({"canteen", "other"}, False, OPEN, OPEN),
        ({"canteen", "other"}, True, YES, OPEN),
        ({"day_care", "other"}, None, YES, OPEN),
        ({"care_home"}, True, YES, NO),
        ({"care_home"}, False, NO, NO),
        ({"care_home"}, None, OPEN, NO),
        ({"family_bed"}, True, NO, NO),
        ({"other"}, None, OPEN, OPEN),
        (set(), None, OPEN, OPEN),
    ],
)
def test_membership_of_groups(kinds, service, community, village):
    rows = pd.DataFrame({"kinds": [frozenset(kinds)], "day_service": [service]}, dtype=object)
    same(members(rows, ("group:community",)), [community])
    same(members(rows, ("group:village",)), [village])


@pytest.mark.parametrize(("unread", "community"), [(True, OPEN), (False, NO)])
def test_a_word_on_a_canteens_service_that_cannot_be_read_is_no_blank(unread, community):
    row = {"kinds": [frozenset({"canteen"})], "day_service": [None], "day_service_unread": [unread]}
    same(members(pd.DataFrame(row), ("group:community",)), [community])


@pytest.mark.parametrize(
    ("kinds", "floor", "community", "low", "high"),
    [
        ({"day_care"}, 120, None, 120, 120),
        ({"day_care", "canteen"}, 120, None, 120, 120),
        ({"day_care"}, None, None, 0, math.inf),
        ({"care_home"}, 3000, 80, 80, 80),  # a typed part of a larger house
        ({"care_home"}, 3000, 0, 0, 0),  # never its bed space
        ({"care_home"}, 3000, None, 0, 3000),  # how much is open to all nobody says
        ({"township_centre"}, 3000, None, 0, 3000),  # any part of it, or none
        ({"care_home", "day_care"}, 3000, None, 0, 3000),
        ({"elder_university"}, 800, None, 0, 800),  # a school: the printed A16 names no schools
        ({"learning_point", "activity_centre"}, 200, None, 0, 200),
        ({"learning_point"}, 200, 60, 60, 60),
        ({"family_bed"}, None, None, 0, 0),
        (set(), 100, None, 0, 100),
    ],
)
def test_countable_floor_area(kinds, floor, community, low, high):
    rows = pd.DataFrame(
        {"kinds": [frozenset(kinds)], "floor_area_m2": [floor], "community_area_m2": [community]}
    )
    m2 = countable_m2(rows)
    assert (m2["low"].iloc[0], m2["high"].iloc[0]) == (low, high)


def test_either_is_yes_before_it_is_unknown():
    a = pd.Series([YES, YES, YES, NO, NO, OPEN])
    b = pd.Series([YES, OPEN, NO, NO, OPEN, OPEN])
    same(either(a, b), [YES, YES, YES, NO, OPEN, OPEN])


def test_columns_that_are_not_there_are_not_known():
    rows = pd.DataFrame({"beds": ["3", "many", None]}, dtype=object)
    same(number_of(rows, "beds"), [3.0, OPEN, OPEN])
    same(number_of(rows, "star"), [OPEN, OPEN, OPEN])
    same(truth(pd.Series([True, False, None, 1, 0], dtype=object)), [YES, NO, OPEN, YES, NO])


@pytest.mark.parametrize(
    ("kinds", "beds", "full_care", "expected"),
    [
        ({"care_home"}, 0, False, YES),  # a house of beds by its kind
        ({"township_centre"}, 1, None, YES),
        ({"township_centre"}, 0, True, YES),  # 床位或全日托养 (A16)
        ({"township_centre"}, 0, None, NO),
        ({"township_centre"}, None, True, YES),
        ({"township_centre"}, None, None, OPEN),
        ({"township_centre"}, None, False, OPEN),
        ({"day_care"}, 10, None, NO),  # beds for the day
        ({"day_care"}, 0, True, YES),
        ({"day_care", "township_centre"}, 0, None, NO),
        ({"canteen"}, 10, True, NO),
        ({"other"}, 10, True, OPEN),
        ({"day_care", "other"}, 0, None, OPEN),  # the other may be a house of beds
        ({"township_centre", "other"}, 0, None, OPEN),
        ({"township_centre", "other"}, 1, None, YES),
        (set(), None, None, OPEN),
    ],
)
def test_who_is_an_institution(kinds, beds, full_care, expected):
    row = {"kinds": [frozenset(kinds)], "beds": [beds], "full_care": [full_care]}
    rows = pd.DataFrame(row, dtype=object)
    same(members(rows, (INSTITUTIONS,)), [expected])
    either_kind = members(rows, (INSTITUTIONS, "canteen"))
    same(either_kind, [YES if kinds == {"canteen"} else expected])


def test_a_centre_without_beds_may_give_full_time_care_where_the_ledger_tells_it_of_others():
    rows = pd.DataFrame(
        {
            "kinds": [frozenset({kind}) for kind in ("township_centre", "day_care", "day_care")],
            "beds": [0, 0, 0],
            "full_care": [None, None, False],
        },
        dtype=object,
    )
    same(members(rows, (INSTITUTIONS,)), [OPEN, NO, NO])


@pytest.mark.parametrize("wanted", ["group:community", "group:village", INSTITUTIONS, "canteen"])
@pytest.mark.parametrize("service", [True, False, None])
def test_a_kind_that_nobody_knows_is_any_kind(wanted, service):
    # by completion: what the row would be whatever the unknown kind turned out to be
    every = [key for key in kinds() if key != "other"]
    named = [frozenset(), *(frozenset({key}) for key in every)]

    def answers(rows):
        more = {"beds": 0.0, "full_care": None, "day_service": service}
        frame = pd.DataFrame({"kinds": rows, **{k: [v] * len(rows) for k, v in more.items()}})
        return members(frame, (wanted,)).tolist()

    told = answers([own | {"other"} for own in named])
    for own, answer in zip(named, told, strict=True):
        ways = set(answers([own | {key} for key in every]))
        sure = ways.pop() if len(ways) == 1 else OPEN
        same([answer], [sure])


@pytest.mark.parametrize(
    "wanted",
    [*(f"group:{group}" for group in REACH_GROUPS), INSTITUTIONS, "canteen", "day_care"],
)
@pytest.mark.parametrize("service", [True, False, None])
def test_meals_beside_a_kind_are_a_canteen_or_none(wanted, service):
    # by completion: with the canteen and without it
    every = [key for key, kind in kinds().items() if not kind.perhaps]
    some = (own for n in (0, 1, 2) for own in itertools.combinations(every, n))
    named = [frozenset(own) for own in some]

    def told(rows):
        more = {"beds": 0.0, "full_care": None, "day_service": service, "floor_area_m2": 75.0}
        frame = pd.DataFrame({"kinds": rows, **{k: [v] * len(rows) for k, v in more.items()}})
        return members(frame, (wanted,)), countable_m2(frame), has_rooms(frame)

    rooms, m2, has = told([own | {"meals"} for own in named])
    ways = [told(named), told([own | {"canteen"} for own in named])]
    for answer, either_way in ((rooms, [w[0] for w in ways]), (has, [w[2] for w in ways])):
        same(answer, [a if a == b else OPEN for a, b in zip(*either_way, strict=True)])
    assert m2["low"].tolist() == np.minimum(*(w[1]["low"] for w in ways)).tolist()
    assert m2["high"].tolist() == np.maximum(*(w[1]["high"] for w in ways)).tolist()


def test_a_clause_of_no_kinds_takes_every_facility():
    rows = pd.DataFrame({"kinds": [frozenset(), frozenset({"canteen"})]}, dtype=object)
    same(members(rows, ()), [YES, YES])
    same(members(rows, ("canteen",)), [OPEN, YES])


def test_the_kinds_whose_whole_floor_counts_are_those_that_reading_a16_prints():
    """社区养老服务用房、日间照料、服务站、助老食堂和活动室; all others by the typed part alone."""
    named = {"community_station", "day_care", "canteen", "activity_centre"}
    assert {key for key, spec in kinds().items() if spec.floor_area} == named


@pytest.mark.parametrize("community", [None, 30.0])
@pytest.mark.parametrize("floor", [None, 0.0, 75.0])
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_rooms_of_which_part_serves_nobody_count_from_none_to_all(kind, floor, community):
    row = {"kinds": [frozenset({kind})], "floor_area_m2": [floor], "community_area_m2": [community]}
    rows = pd.DataFrame(row)
    told, marked = (countable_m2(rows.assign(floor_area_m2_unread=mark)) for mark in (False, True))
    assert marked["high"].equals(told["high"])
    assert marked["low"].tolist() == [0.0 if community is None else told["low"].item()]
    same(has_rooms(rows.assign(floor_area_m2_unread=True)), has_rooms(rows))  # some of them serve


@pytest.mark.parametrize(
    ("kinds", "floor", "community", "expected"),
    [
        ({"day_care"}, None, None, YES),  # rooms, however large
        ({"day_care"}, 120, None, YES),
        ({"day_care"}, 0.5, None, YES),
        ({"day_care"}, 0, None, NO),
        ({"day_care"}, None, 0, NO),
        ({"care_home"}, None, None, OPEN),
        ({"care_home"}, 3000, None, OPEN),
        ({"care_home"}, 3000, 80, YES),
        ({"care_home"}, 3000, 0, NO),
        ({"care_home", "day_care"}, None, None, OPEN),
        ({"family_bed"}, None, None, NO),
        (set(), None, None, OPEN),
        (set(), 0, None, NO),
    ],
)
def test_who_has_rooms(kinds, floor, community, expected):
    row = {"kinds": [frozenset(kinds)], "floor_area_m2": [floor], "community_area_m2": [community]}
    same(has_rooms(pd.DataFrame(row, dtype=object)), [expected])


FLAGGED = pd.DataFrame(
    {"a": [True, True, True, False], "b": [True, False, None, None], "star": [2, 1, None, 3]},
    dtype=object,
)


@pytest.mark.parametrize(
    ("options", "expected", "columns"),
    [
        (FlagOptions(), [YES, YES, YES, YES], ["", "", "", ""]),
        (FlagOptions(all_of=("a", "b")), [YES, NO, OPEN, NO], ["a b", "b", "b", "a"]),
        (FlagOptions(any_of=("a", "b")), [YES, YES, YES, OPEN], ["a b", "a", "a", "b"]),
        (FlagOptions(star_at_least=2), [YES, NO, OPEN, YES], ["star"] * 4),
        (
            FlagOptions(all_of=("a",), star_at_least=2),
            [YES, NO, OPEN, NO],
            ["a star", "star", "star", "a"],
        ),
        (FlagOptions(all_of=("z",)), [OPEN, OPEN, OPEN, OPEN], ["z"] * 4),
        (
            FlagOptions(all_of=("z",), any_of=("a", "b")),
            [OPEN, OPEN, OPEN, OPEN],
            ["z", "z", "z", "z b"],
        ),
    ],
)
def test_flags_a_clause_asks_for(options, expected, columns):
    """And which of them decide it: what is said of a facility is true of all that are named."""
    same(flags_met(FLAGGED, options), expected)
    assert deciding_columns(FLAGGED, options) == [told.split() for told in columns]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4),
    st.lists(st.sampled_from("abcd"), unique=True),
    st.lists(st.sampled_from("abcd"), unique=True),
)
def test_what_decides_is_all_that_decides(said, every, some):
    """What is named says so, and no answer of another column could change the verdict."""
    options = FlagOptions(all_of=tuple(every), any_of=tuple(some))

    def met(cells):
        row = dict(zip("abcd", cells, strict=True))
        (answer,) = flags_met(pd.DataFrame([row], dtype=object), options)
        return None if math.isnan(answer) else bool(answer)

    frame = pd.DataFrame([dict(zip("abcd", said, strict=True))], dtype=object)
    (named,) = deciding_columns(frame, options)
    cells, verdict = dict(zip("abcd", said, strict=True)), met(said)
    assert {cells[name] for name in named} <= {verdict}
    if verdict is None:
        for filled in itertools.product([True, False], repeat=4):
            ways = zip(cells.items(), filled, strict=True)
            told = [now if name in named else old for (name, old), now in ways]
            assert met(told) is not None  # with what is named nothing more is to be supplied
    elif every or some:
        assert named
        if verdict is False:
            flipped = [(True if name in named else old) for name, old in cells.items()]
            assert met(flipped) is not False  # what is missed is all among those named


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ShareOptions(), [YES, YES, YES, YES]),
        (ShareOptions(among=("a",)), [YES, YES, YES, NO]),
        (ShareOptions(without=("b",)), [NO, YES, OPEN, OPEN]),
        (ShareOptions(among=("a",), without=("b",)), [NO, YES, OPEN, NO]),
    ],
)
def test_whom_a_share_is_about(options, expected):
    same(asked_of(FLAGGED, options), expected)


def test_a_stage_nobody_can_read_is_unknown_and_an_unsaid_mark_is_none():
    stages = pd.Series([None, "in_use", None, "planned"], dtype=object)
    # a plot of a proposal beside a ledger has no such mark at all: NaN or None
    marks = pd.Series([math.nan, None, True, False], dtype=object)
    assert lived_in(stages, StageView.NOW, marks).tolist()[:2] == [1.0, 1.0]
    assert lived_in(stages, StageView.NOW, marks).isna().tolist() == [False, False, True, False]
    assert lived_in(stages, StageView.NOW, marks)[3] == 0.0
