"""Sums of m²: by key, gaps left out, and nothing lost to rounding."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.account.estates.cures import housed
from lifecircle.account.sums import added, added_by, looked_up
from lifecircle.model.inputs.layers import HOUSE

NAN, INF = math.nan, math.inf


def test_m2_are_added_up_by_key():
    assert added("ABAC", [1.5, 2.0, 0.5, NAN]) == {"A": 2.0, "B": 2.0, "C": 0.0}
    assert added("AAB", [INF, 3.0, 1.0]) == {"A": INF, "B": 1.0}
    assert added_by("ABA", [1.0, 2.0, 4.0]).tolist() == [5.0, 2.0, 5.0]
    assert looked_up("AB", {"A": 3.0}).tolist() == [3.0, 0.0]
    assert looked_up("AB", {"A": 3.0}, NAN).tolist() == pytest.approx([3.0, NAN], nan_ok=True)
    assert added([], []) == {}


@given(st.lists(st.floats(0.0, 1e6), max_size=300))
def test_many_rooms_add_up_to_what_they_are(sizes):
    # the compensated sum is off by two units in the last place at most, however many there are
    exact = math.fsum(sizes)
    assert abs(added("A" * len(sizes), sizes).get("A", 0.0) - exact) <= 2 * math.ulp(exact)


def test_rows_of_one_house_and_site_are_counted_once_for_all():
    """Two rows of house F on site S, one of it elsewhere, and rows of no house or no site."""
    rows = {HOUSE: ["F", "F", "F", None, "G", "G"], "site": ["S", "S", "T", "S", None, None]}
    frame = pd.DataFrame(rows, dtype=object)
    assert housed(frame) == {("F", "S"): 2, ("F", "T"): 1}
    assert housed(frame[["site"]]) == {}
