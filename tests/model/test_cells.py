"""What a cell of a table says, and how a clause names a reach group."""

import math

import numpy as np
import pandas as pd
import pytest

from lifecircle.model.cell import (
    is_missing,
    is_no,
    is_yes,
    listed,
    number_or_none,
    text_or_none,
)
from lifecircle.model.dictionary import (
    REACH_GROUPS,
    columns,
    fold,
    group_kinds,
    group_of,
    match_kinds,
    split_kinds,
)
from lifecircle.model.rules.own_checks import is_own_check, own_check_id

GAPS = [None, math.nan, np.float32("nan"), pd.NA, pd.NaT]


@pytest.mark.parametrize("gap", GAPS)
def test_an_empty_cell_says_nothing(gap):
    assert is_missing(gap)
    assert number_or_none(gap) is None
    assert text_or_none(gap) is None
    assert listed(gap) == []
    assert not is_yes(gap)
    assert not is_no(gap)


@pytest.mark.parametrize(
    ("value", "number", "text"),
    [
        (0, 0.0, "0"),
        (np.int64(3), 3.0, "3"),
        (math.inf, math.inf, "inf"),
        ("12.5", 12.5, "12.5"),
        ("nan", None, "nan"),  # a word, and no number
        ("甲", None, "甲"),
        ("", None, None),
        ((1, 2), None, "(1, 2)"),
    ],
)
def test_a_cell_that_says_something(value, number, text):
    assert not is_missing(value)
    assert number_or_none(value) == number
    assert text_or_none(value) == text


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("a;b", ["a", "b"]),
        (" a ;; b;", ["a", "b"]),
        (("b", "a"), ["b", "a"]),
        ({"b", "a"}, ["a", "b"]),
        ("", []),
    ],
)
def test_a_cell_that_holds_several(value, parts):
    assert listed(value) == parts


@pytest.mark.parametrize(
    ("value", "yes", "no"),
    [
        (True, True, False),
        (np.True_, True, False),
        (1.0, True, False),
        (False, False, True),
        (np.False_, False, True),
        (0, False, True),
        ("x", False, False),
    ],
)
def test_yes_and_no(value, yes, no):
    assert (is_yes(value), is_no(value)) == (yes, no)


@pytest.mark.parametrize("group", REACH_GROUPS)
def test_a_clause_names_a_reach_group(group):
    (kind,) = group_kinds(group)
    assert group_of((kind,)) == group
    assert group_of((kind, "day_care")) is None
    assert split_kinds((kind, "day_care")) == ({"day_care"}, {group})


def test_a_clause_that_names_no_group():
    assert group_of(()) is None
    assert group_of(("day_care",)) is None
    assert group_of((*group_kinds("community"), *group_kinds("village"))) is None


def test_a_check_of_ours_is_told_by_its_id():
    assert own_check_id("walk", "canteen") == "REF-walk-canteen"
    assert is_own_check(own_check_id("radius", "village"))
    assert not is_own_check("CX-05")


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("养老服务站", {"community_station"}),  # as the README calls it
        ("某某养老服务站（在建）", {"community_station"}),
        ("养老服务驿站", {"community_station"}),
        ("村级养老服务站", {"happiness_home"}),
        ("村养老服务站", {"happiness_home"}),
        ("农村养老服务站", {"happiness_home"}),
        ("健康小屋站", set()),
        ("颐养驿", set()),
    ],
)
def test_a_station_is_of_the_village_where_it_says_so(typed, kinds):
    assert match_kinds(typed) == kinds


@pytest.mark.parametrize("since", ["60岁以上", "60岁及以上"])
def test_the_elders_of_an_area_are_headed_as_planners_head_them(since):
    names = {fold(alias) for alias in columns("residential")["elders"].aliases}
    assert {fold(since + who) for who in ("人口", "老人", "老人数")} <= names
