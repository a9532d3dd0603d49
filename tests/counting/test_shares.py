"""Shares of a scope of which some rows may be part: whichever way they fall, it holds."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from lifecircle.counting.shares import Told, partitions, share_rate, verdict_rate

STATUS = {"+": "compliant", "-": "deficient", "?": "not_assessed", "/": "not_applicable"}
WEIGHT = np.array([100.0, 300.0, 50.0, 250.0, 80.0])


def told(marks):
    return Told.of(pd.Series([STATUS[m] for m in marks], dtype=object))


def flags(marks):
    return np.array([m == "x" for m in marks])


def test_an_area_of_unknown_town_may_lower_its_rate_or_raise_it():
    # 1 of 2 is met in the town; one that is met and one that is missed may be there too:
    # at worst 1 of 3, at best 2 of 3
    rate = verdict_rate(
        told("+-+-"), np.ones(4), flags("xx.."), "areas", "370999001", maybe=flags("..xx")
    )
    assert (rate.numerator, rate.denominator, rate.not_assessed) == (1, 2, 2)
    assert (rate.low, rate.high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_one_without_a_weight_leaves_the_range_unknown():
    weight = np.array([100.0, np.nan])
    rate = verdict_rate(told("+-"), weight, flags("x."), "households", "x", maybe=flags(".x"))
    assert (rate.rate, rate.low, rate.high) == (1.0, None, None)


@pytest.mark.parametrize("marks", ["+-?/+", "?+-+-", "-/+?+", "++-??"])
def test_the_range_is_that_of_every_way_they_may_fall(marks):
    """One is there for certain, two are not, two may be: all ways are counted out."""
    here, maybe = flags("xx..."), flags("...xx")
    status = told(marks)
    rate = verdict_rate(status, WEIGHT, here, "households", "x", maybe=maybe)
    found = []
    for there in itertools.product((False, True), repeat=2):
        mine = here | np.array([False, False, False, *there])
        for met in itertools.product((False, True), repeat=int(status.open.sum())):
            good = status.met.copy()
            good[status.open] = met
            rows = status.counted & mine
            found.append(WEIGHT[rows & good].sum() / WEIGHT[rows].sum())
    assert (rate.low, rate.high) == (pytest.approx(min(found)), pytest.approx(max(found)))


def test_the_share_of_households_reached_is_of_every_way_too():
    share = np.array([0.5, 0.2, 1.0, 0.1, 0.9])
    least, most = share - 0.1, share
    here, maybe = flags("xx..."), flags("...xx")
    rate = share_rate(
        told("+++++"), (least, most), WEIGHT, here, "households_reached", "x", maybe=maybe
    )
    found = []
    for there in itertools.product((False, True), repeat=2):
        rows = here | np.array([False, False, False, *there])
        found += [(s * WEIGHT)[rows].sum() / WEIGHT[rows].sum() for s in (least, most)]
    assert (rate.low, rate.high) == (pytest.approx(min(found)), pytest.approx(max(found)))


def test_where_all_may_be_part_of_it_the_share_is_of_some_of_them():
    share = np.array([0.5, 0.2])
    none, both = flags(".."), flags("xx")
    rate = share_rate(
        told("??"), (share, share), np.array([100.0, 300.0]), none, "land_area", "x", maybe=both
    )
    assert (rate.low, rate.high) == (pytest.approx(0.2), pytest.approx(0.5))
    assert (rate.rate, rate.not_assessed, rate.undecided) == (None, 2, 400)


def test_scopes_name_who_may_be_of_them():
    areas = pd.DataFrame(
        {"setting": ["urban", None, "rural"], "unit": ["u1", "u2", np.nan]}, dtype=object
    )
    found = {
        name: ((part.codes == code).tolist(), part.maybe.tolist())
        for part in partitions(areas)
        for name, code in part.scopes
    }
    assert found == {
        "county": ([True] * 3, [False] * 3),
        "urban": ([True, False, False], [False, True, False]),
        "rural": ([False, False, True], [False, True, False]),
        "u1": ([True, False, False], [False, False, True]),
        "u2": ([False, True, False], [False, False, True]),
    }
