"""A choice that is remembered is the one that a new search finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.allocation import served
from lifecircle.allocation.exchange import Exchange
from lifecircle.allocation.remembered import Remembered, content


@st.composite
def exchanges(draw):
    areas, places = draw(st.integers(8, 14)), draw(st.integers(3, 6))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pairs = np.argwhere(chance.random((areas, places)) < 0.5)
    pairs = pairs if len(pairs) else np.array([[0, 0]])
    return Exchange(
        need=chance.integers(1, 20, areas) * 100,
        spare=chance.integers(1, 30, places) * 100,
        area=pairs[:, 0],
        facility=pairs[:, 1],
        most=chance.integers(1, 20, len(pairs)) * 100,
        distance=chance.random(len(pairs)) * 900,
    )


@settings(deadline=None, max_examples=25)
@given(exchanges(), st.integers(0, 5))
def test_what_is_remembered_is_what_is_found_anew(exchange, moved):
    first = np.ones(len(exchange.need))
    second = exchange.need.astype(float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "_KNOWN", Remembered(0))
        anew = served.choose(exchange, first, second)
        other = Exchange(
            exchange.need,
            np.where(np.arange(len(exchange.spare)) == moved, 100, exchange.spare),
            exchange.area,
            exchange.facility,
            exchange.most,
            exchange.distance,
        )
        other_anew = served.choose(other, first, second)
        patch.setattr(served, "_KNOWN", Remembered(100))
        for _ in range(2):
            for asked, found in ((exchange, anew), (other, other_anew)):
                again = served.choose(asked, first, second)
                assert again.served.tolist() == found.served.tolist()
                told = (again.gain, again.bound, again.second, again.second_bound)
                assert told == (found.gain, found.bound, found.second, found.second_bound)
                again.served[:] = True  # a caller may write into what it got


def test_a_search_that_took_more_nodes_than_may_be_searched_now_is_not_taken():
    kept = Remembered(2)
    kept.keep(b"a", "found", 10)
    assert (kept.of(b"a", 9), kept.of(b"a", 10), kept.of(b"b", 10)) == (None, "found", None)
    kept.keep(b"b", "b", 0)
    assert kept.of(b"a", 10) == "found"  # and is young again
    kept.keep(b"c", "c", 0)
    assert (kept.of(b"b", 0), kept.of(b"a", 10)) == (None, "found")


def test_arrays_are_the_same_by_type_length_and_value():
    one = np.arange(3)
    assert content([one]) == content([one.copy()])
    assert len({content([a]) for a in (one, one.astype(float), one[:2], one + 1)}) == 4
    assert content([one[:2], one[2:]]) != content([one])
