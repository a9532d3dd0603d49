"""Findings of some areas put in among those of all: the rows of both, in the order of the areas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.model.finding import among, put_in

IDS = pd.Index(list("abcde"), dtype=object)
ROWS = st.dictionaries(
    st.sampled_from(list("abcde")),
    st.tuples(st.sampled_from([0.0, 1.5, np.nan]), st.sampled_from(["met", None, ("flag",)])),
)


def table(rows):
    ids = [one for one in IDS if one in rows]
    columns = {"low": np.array([rows[one][0] for one in ids], dtype=float)}
    status = np.empty(len(ids), dtype=object)
    status[:] = [rows[one][1] for one in ids]
    columns["status"] = pd.Series(status, index=ids, dtype=object)
    return pd.DataFrame(columns, index=pd.Index(ids, dtype=object))


@given(before=ROWS, now=ROWS, areas=st.sets(st.sampled_from(list("abcde")), min_size=1))
def test_the_rows_of_both_in_order(before, now, areas):
    now = {one: row for one, row in now.items() if one in areas}
    former = table(before)
    kept = former.copy()
    found = put_in(former, table(now), pd.Index(sorted(areas), dtype=object), IDS)
    told = {**{one: row for one, row in before.items() if one not in areas}, **now}
    pd.testing.assert_frame_equal(found, table(told), check_index_type=False)
    pd.testing.assert_frame_equal(former, kept)


@given(some=st.lists(st.sampled_from(list("abcdexy"))), kind=st.sampled_from([list, set, pd.Index]))
def test_who_is_among_some_of_whom_others_are_unknown(some, kind):
    some = kind(some) if kind is not pd.Index else pd.Index(some, dtype=object)
    assert among(IDS, some).tolist() == [one in some for one in IDS]


def test_what_says_the_same_is_the_former_table():
    former = table({"a": (1.0, "met"), "c": (np.nan, None)})
    again = table({"c": (np.nan, None)})
    assert put_in(former, again, pd.Index(["b", "c"]), IDS) is former
