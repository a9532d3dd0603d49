"""Words of columns: an array nobody can write to is looked at once, and never taken for another."""

import gc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.model import strings
from lifecircle.model.strings import words_of

CELLS = st.lists(st.sampled_from([None, "路", "b", "", float("nan"), 3]), max_size=6)


@pytest.mark.parametrize("fixed", [True, False])
@given(cells=CELLS, data=st.data())
def test_every_row_has_the_word_that_stands_there(fixed, cells, data):
    whole = np.array([*cells, None], dtype=object)[:-1].copy()
    whole.flags.writeable = not fixed
    ends = st.integers(-7, 7)
    for _ in range(4):  # views of one array begin, end and step elsewhere
        part = whole[
            slice(data.draw(ends), data.draw(ends), data.draw(st.sampled_from([1, 2, -1])))
        ]
        column = pd.Series(part, dtype=object, copy=False)
        told = words_of(column)
        shown = [None if code < 0 else told.words[code] for code in told.codes]
        assert shown == [None if pd.isna(cell) else cell for cell in part]
        text = all(cell is None or isinstance(cell, str) for cell in part)
        assert [told.are_text(column), told.are_text(column)] == [text, text]


def test_what_may_be_written_to_is_looked_at_again():
    cells = np.array(["a", "b", None], dtype=object)
    column = pd.Series(cells, dtype=object, copy=False)
    assert words_of(column).words.tolist() == ["a", "b"]
    cells[:] = "c"
    assert words_of(pd.Series(cells, dtype=object, copy=False)).words.tolist() == ["c"]
    cells.flags.writeable = False
    told = words_of(pd.Series(cells, dtype=object, copy=False))
    frame = pd.DataFrame(
        {"one": pd.Series(cells, dtype=object, copy=False), "two": column}, copy=False
    )
    assert words_of(frame["one"]) is words_of(frame["two"]) is told
    with pytest.raises(ValueError, match="read-only"):
        told.codes[0] = 1


def test_an_array_that_is_gone_is_not_taken_for_the_next():
    for number in range(200):
        cells = np.array([str(number)] * 50, dtype=object)
        cells.flags.writeable = False
        assert words_of(pd.Series(cells, dtype=object, copy=False)).words.tolist() == [str(number)]
    here = id(cells)
    assert here in strings._KNOWN
    del cells
    gc.collect()
    assert here not in strings._KNOWN
