"""Ranges of shares with subjects that may be none, against every way they may turn out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.batch.province import summed
from lifecircle.counting.shares import CODES, Told, verdict_rate
from lifecircle.model.status import Status

MET, MISSED, OPEN = (CODES[s] for s in (Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED))
MARKS = {
    # mark: (status, perhaps, decided) and how it may turn out (None: it does not count)
    "+": ((MET, False, MET), [True]),
    "-": ((MISSED, False, MISSED), [False]),
    "?": ((OPEN, False, OPEN), [True, False]),
    "p": ((MET, True, MET), [True, None]),
    "m": ((OPEN, False, MET), [True, None]),
    "x": ((OPEN, False, MISSED), [False, None]),
    "o": ((OPEN, False, OPEN), [True, False, None]),
}


def told(marks):
    rows = [MARKS[mark][0] for mark in marks]
    status, perhaps, decided = (np.array([row[n] for row in rows]) for n in range(3))
    return Told.of(status.astype(np.int8), perhaps.astype(bool), decided.astype(np.int8))


def ends(marks, weights):
    """Return the least and the greatest share of all ways in which somebody counts; else None."""
    found = []
    for way in itertools.product(*(MARKS[mark][1] for mark in marks)):
        counted = [(met, w) for met, w in zip(way, weights, strict=True) if met is not None]
        if counted:
            found.append(sum(w for met, w in counted if met) / sum(w for _, w in counted))
    return (min(found), max(found)) if found else None


def rate(marks, weights):
    here = np.ones(len(marks), dtype=bool)
    return verdict_rate(told(marks), np.array(weights, dtype=float), here, "areas", "county")


@pytest.mark.parametrize(
    ("marks", "low", "high"),
    [
        ("+m", 1, 1),  # 2 of 2, or 1 of 1: it was from 0.5
        ("-x", 0, 0),  # 0 of 2, or 0 of 1: it was to 0.5
        ("+x", 0.5, 1),
        ("-m", 0, 0.5),
        ("+-m", 0.5, 2 / 3),
        ("+-x", 1 / 3, 0.5),
        ("m", 1, 1),
        ("x", 0, 0),
        ("mx", 0, 1),
        ("+?m", 0.5, 1),
    ],
)
def test_by_hand(marks, low, high):
    found = rate(marks, [1] * len(marks))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


rows = st.lists(st.tuples(st.sampled_from("+-?pmxo"), st.integers(1, 4)), min_size=1, max_size=6)


@given(rows)
def test_the_range_is_that_of_all_ways(drawn):
    marks, weights = zip(*drawn, strict=True)
    low, high = ends(marks, weights)
    found = rate(marks, weights)
    assert found.low <= low + 1e-9
    assert found.high >= high - 1e-9
    if "o" not in marks:
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@given(st.lists(rows, min_size=1, max_size=3).filter(lambda parts: sum(map(len, parts)) < 9))
def test_a_sum_of_counties_holds_all_ways_of_them(parts):
    every = [one for part in parts for one in part]
    low, high = ends(*zip(*every, strict=True))
    found = summed([rate(*zip(*part, strict=True)) for part in parts])
    assert found.low <= low + 1e-9
    assert found.high >= high - 1e-9
    if "o" not in {mark for mark, _ in every}:
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
