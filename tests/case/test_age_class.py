"""New, approved or existing, where the ledger does not say: by its dates (A29)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from lifecircle.case.columns import area_columns
from lifecircle.model.dictionary import match_word

ISSUED = dt.date(2023, 7, 12)
BEFORE, AFTER = dt.date(2023, 7, 11), dt.date(2024, 5, 1)


def classed(issued=ISSUED, **facts):
    names = ("name", "age_class", "setting", "stage", "households", "community")
    row = dict.fromkeys(names) | {"name": "R", "stage": "in_use", "households": 100.0} | facts
    areas = pd.DataFrame([row], index=pd.Index(["R"], name="id"), dtype=object)
    found = area_columns(areas, issued=issued)["age_class"].iloc[0]
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"built_year": 2005}, "existing"),
        ({"built_year": 2024}, "new"),
        ({"built_year": 2023}, None),  # the document is of July: the year tells neither side
        ({"accepted_on": BEFORE}, "existing"),
        ({"accepted_on": ISSUED}, "new"),
        ({"accepted_on": BEFORE, "built_year": 2024}, "existing"),  # the day is the sharper
        ({"condition_on": ISSUED}, "new"),
        ({"condition_on": BEFORE, "built_year": 2024}, "approved"),
        ({"condition_on": BEFORE, "built_year": 2020}, "existing"),
        ({"condition_on": BEFORE, "stage": "under_construction"}, "approved"),
        ({"condition_on": BEFORE}, None),
        ({}, None),
        ({"age_class": "old", "condition_on": AFTER}, "old"),  # what is typed stands
    ],
)
def test_the_dates_tell_the_class(facts, expected):
    assert classed(**facts) == expected


def test_it_is_the_date_of_the_document_at_hand():
    assert classed(issued=dt.date(2020, 5, 1), built_year=2022) == "new"
    assert classed(built_year=2022) == "existing"
    assert classed(issued=None, built_year=2022) is None


@pytest.mark.parametrize(
    ("word", "key"), [("是", "new"), ("否", "existing"), ("非新建", "existing")]
)
def test_the_header_whether_new_is_answered_yes_or_no(word, key):
    assert match_word("age_class", word) == key


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"built_year": 2024}, None),  # new, or approved: by the day that cannot be read
        ({"stage": "under_construction"}, None),
        ({"built_year": 2020}, "existing"),  # the conditions went before the completion
        ({"accepted_on": BEFORE}, "existing"),
        ({"accepted_on": AFTER}, None),
        ({"age_class": "old", "built_year": 2024}, "old"),  # what is typed stands
    ],
)
def test_conditions_of_a_day_that_cannot_be_read_leave_the_class_open(facts, expected):
    """2023年8月 is no blank: without it completion alone would make 2024 a new area."""
    assert classed(condition_on=None, condition_on_unread=True, **facts) == expected
