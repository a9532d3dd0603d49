"""Words of columns: one array is looked at once, and never taken for another."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.model.strings import ColumnWords

CELLS = st.lists(st.sampled_from([None, "路", "b", "", float("nan"), 3]), max_size=6)


@given(CELLS, st.data())
def test_every_row_has_the_word_that_stands_there(cells, data):
    whole = np.array([*cells, None], dtype=object)[:-1]
    ends = st.integers(-7, 7)
    told = ColumnWords()
    for _ in range(4):  # views of one array begin, end and step elsewhere
        part = whole[
            slice(data.draw(ends), data.draw(ends), data.draw(st.sampled_from([1, 2, -1])))
        ]
        column = pd.Series(part, dtype=object, copy=False)
        codes, words = told.of(column)
        shown = [None if code < 0 else words[code] for code in codes]
        assert shown == [None if pd.isna(cell) else cell for cell in part]
        assert told.are_text(column) == all(cell is None or isinstance(cell, str) for cell in part)


def test_an_array_that_is_gone_is_not_taken_for_the_next():
    told = ColumnWords()
    for number in range(200):
        column = pd.Series(np.array([str(number)] * 50, dtype=object), copy=False)
        assert told.of(column)[1].tolist() == [str(number)]
