"""Whether a rule is about a subject, and why not: row by row as the same is said one at a time."""

import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.judge.applicability import _Answers, _unsaid
from lifecircle.model.reason import Reason, ReasonCode

ROWS = 6
VALUES = st.lists(st.sampled_from(["老旧", "新建", 1990.0]), min_size=ROWS, max_size=ROWS)
MARKED = st.lists(st.booleans(), min_size=ROWS, max_size=ROWS)
STEPS = st.lists(st.tuples(st.sampled_from(["refuse", "by", "doubt"]), VALUES, MARKED), max_size=5)


def because(value):
    return Reason(ReasonCode.OTHER_AGE_CLASS, {"age_class": str(value)})


@settings(deadline=None)
@given(STEPS)
def test_the_first_refusal_stands_and_a_doubt_only_where_nothing_was_said(steps):
    answers = _Answers(pd.RangeIndex(ROWS))
    applies, reasons = [1.0] * ROWS, [None] * ROWS
    for number, (step, values, marked) in enumerate(steps):
        given_values, rows = np.array(values, dtype=object), np.array(marked, dtype=bool)
        same = Reason(ReasonCode.NO_DATA, {"field": str(number)})
        if step == "by":
            answers.refuse_by(given_values, rows, because)
        else:
            getattr(answers, step)(rows, same)
        for row in np.flatnonzero(rows):
            if step == "doubt" and applies[row] == 1:
                applies[row], reasons[row] = math.nan, same
            elif step != "doubt" and applies[row] != 0:
                applies[row] = 0.0
                reasons[row] = same if step == "refuse" else because(values[row])
    told = answers.told()
    np.testing.assert_array_equal(told.applies, applies)
    assert told.reasons.tolist() == reasons


def test_all_that_are_refused_for_one_value_share_one_reason():
    """It is put into words and written once for thousands of areas."""
    answers = _Answers(pd.RangeIndex(4))
    rows = np.array([True, True, False, True])
    answers.refuse_by(np.array(["老旧", "新建", "老旧", "老旧"], dtype=object), rows, because)
    first, second, none, again = answers.told().reasons
    assert (first, second, none) == (because("老旧"), because("新建"), None)
    assert again is first


def test_of_whom_a_share_is_the_blanks_that_leave_it_open_are_named():
    """Privately run ones without a clinic: of each it is said what is blank, and nothing else."""
    said = {
        "private": [True, None, None, False, True],
        "has_clinic": [False, False, None, None, None],
    }
    rows = pd.DataFrame(said, index=list("abcde"), dtype=object)
    meant = pd.Series([1.0, math.nan, math.nan, 0.0, math.nan], index=rows.index)
    answers = _Answers(rows.index)
    _unsaid(answers, rows, ("private", "has_clinic"), meant)
    told = answers.told()
    assert [math.isnan(one) for one in told.applies] == [False, True, True, False, True]
    assert [None if r is None else r.params["fields"] for r in told.reasons] == [
        None,
        ["private"],
        ["private", "has_clinic"],
        None,
        ["has_clinic"],
    ]
