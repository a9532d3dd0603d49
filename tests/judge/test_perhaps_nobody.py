"""Rates with areas that may not count at all, against both ways in which each may turn out."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.on_a_line import county, judged, rates

from lifecircle.judge.rates import rate_status
from lifecircle.model.status import Status

SETTINGS = {"u": "urban", "r": "rural", "?": None}


def study(marks):
    """Return a county with one area a mark: its setting, and whether it has the 75 m² it needs."""
    areas, rooms = {}, {}
    for n, (setting, met) in enumerate(marks):
        areas[f"R{n}"] = {"x": 3000 * n, "households": 500, "setting": SETTINGS[setting]}
        if met:
            rooms[f"F{n}"] = {"x": 3000 * n, "floor_area_m2": 75}
    return county(areas, rooms or {"F": {"x": 1e6, "floor_area_m2": 75}})


def by_hand(marks):
    """Return met of how many, of every way in which it is known which areas are urban."""
    ways = itertools.product(*("ur" if setting == "?" else setting for setting, _ in marks))
    for way in ways:
        counted = [met for setting, (_, met) in zip(way, marks, strict=True) if setting == "u"]
        yield sum(counted), len(counted)


def test_a_miss_that_may_not_count_raises_no_rate_above_those_that_do():
    # 3 of 23 are met, and one without rooms may be a village: 3/24 to 3/23, never 4/24
    marks = [("u", True)] * 3 + [("u", False)] * 20 + [("?", False)]
    rate = rates(judged(study(marks), "CX-07"))["areas", "county"]
    assert (rate.numerator, rate.denominator, rate.not_assessed) == (3, 23, 1)
    assert (rate.low, rate.high) == (pytest.approx(3 / 24), pytest.approx(3 / 23))


@settings(settings.get_profile("brute"))
@given(st.lists(st.tuples(st.sampled_from("uur?"), st.booleans()), min_size=1, max_size=6))
def test_the_range_is_that_of_all_ways(marks):
    found = judged(study(marks), "CX-07")
    shares = [met / of for met, of in by_hand(marks) if of]
    told = rates(found)
    if not shares:
        assert found.status == "not_applicable"
        return
    for basis in ("areas", "households"):  # 500 each
        rate = told[basis, "county"]
        assert (rate.low, rate.high) == (pytest.approx(min(shares)), pytest.approx(max(shares)))
    ways = {"none" if not of else met == of for met, of in by_hand(marks)}
    decided = {frozenset({True}): "compliant", frozenset({False}): "deficient"}
    if "none" not in ways:
        assert found.status == decided.get(frozenset(ways), "not_assessed")
    else:  # perhaps nobody counts, and what nobody is asked nobody misses
        assert found.status in ({"not_assessed"} | ({"compliant"} if False not in ways else set()))


@given(
    *(st.integers(0, n) for n in (4, 4, 3, 3)),
    st.sampled_from([30.0, 50.0, 90.0, 100.0]),
)
def test_by_counts(met, missed, lost, gained, target):
    # of every number of the lost that count, and of those gained
    rows = ["compliant"] * met + ["deficient"] * missed + ["not_assessed"] * (lost + gained)
    if not rows:
        return
    told = pd.Series(list(map(Status, rows)), dtype=object)
    found = rate_status(told, ">=", target, lost=lost, gained=gained)
    counted = [(n, more) for n in range(lost + 1) for more in range(gained + 1)]
    ways = [(met + more, met + missed + more + n) for n, more in counted]
    passed = {100 * good >= target * whole for good, whole in ways if whole}
    if met + missed:
        one = {True: "compliant", False: "deficient"}[passed.pop()] if len(passed) == 1 else None
        assert found == (one or "not_assessed")
    else:
        assert found == "not_assessed"  # perhaps nobody counts
