"""New, approved or existing, where the ledger does not say: by its dates (A29)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.case.columns import area_columns
from lifecircle.model.days import DaySpan
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
    "word", ["2000年前老旧小区", "2000年以前建成的老旧小区", "2000年底前建成的老旧小区"]
)
def test_old_estates_as_the_programme_of_renewal_calls_them(word):
    assert match_word("age_class", word) == "old"


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


def days(first, last):
    return DaySpan(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


AUGUST, JULY, JUNE = (
    days("2023-08-01", "2023-08-31"),
    days("2023-07-01", "2023-07-31"),
    days("2023-06-01", "2023-06-30"),
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"condition_on": AUGUST}, "new"),  # every day of August is after 12 July
        ({"condition_on": JULY}, None),
        ({"condition_on": days("2023-07-12", "2023-07-31")}, "new"),
        ({"condition_on": JUNE, "built_year": 2024}, "approved"),
        ({"condition_on": JUNE, "built_year": 2020}, "existing"),
        ({"condition_on": JULY, "built_year": 2020}, "existing"),  # granted before it was finished
        ({"accepted_on": AUGUST}, "new"),
        ({"accepted_on": JULY}, None),
        ({"accepted_on": JUNE}, "existing"),
        ({"built_year": 2023, "built_year_days": AUGUST}, "new"),
        ({"built_year": 2023, "built_year_days": JULY}, None),
        ({"built_year": 2022, "built_year_days": AUGUST}, "existing"),  # the year was edited
        ({"age_class": "old", "condition_on": JULY}, "old"),
    ],
)
def test_a_month_tells_the_class_where_its_days_agree(facts, expected):
    assert classed(**facts) == expected


def test_what_hangs_on_the_day_says_so():
    row = {"name": "R", "age_class": None, "setting": None, "stage": "in_use", "households": 1.0}
    row |= {"community": None, "condition_on": JULY, "accepted_on": AFTER}
    areas = pd.DataFrame([row, row | {"condition_on": AUGUST}], index=["R", "S"], dtype=object)
    told = area_columns(areas, issued=ISSUED)["class_days"]
    assert told["S"] is None
    assert (told["R"].code, told["R"].params) == (
        "age_class_by_day",
        {
            "fields": ["condition_on"],
            "first": "2023-07-01",
            "last": "2023-07-31",
            "issued": "2023-07-12",
        },
    )


@st.composite
def rows_of_days(draw):
    """Draw a row whose dates are days or months around the document's, some of them blank."""
    span = st.sampled_from([JUNE, JULY, AUGUST, days("2023-01-01", "2023-12-31")])
    day = st.sampled_from([None, BEFORE, ISSUED, AFTER])
    row = {name: draw(st.one_of(span, day)) for name in ("condition_on", "accepted_on")}
    year, built = draw(st.sampled_from([(None, None), (2020, None), (2023, None), (2023, JULY)]))
    row |= {"built_year": year, "built_year_days": built}
    return row | {"stage": draw(st.sampled_from(["in_use", "under_construction"]))}


@settings(deadline=None)
@given(rows_of_days())
def test_it_is_told_where_every_day_agrees_and_nowhere_else(row):
    """By brute force: each date at its first and last day, and on both sides of the document."""
    borders = {BEFORE, ISSUED}

    def ways(name):
        span = row[name]
        if not isinstance(span, DaySpan):
            return [span]
        inside = {one for one in borders if span.first <= one <= span.last}
        return sorted({span.first, span.last} | inside)

    found = set()
    for granted in ways("condition_on"):
        for accepted in ways("accepted_on"):
            span = DaySpan.of(row["condition_on"])
            months = span is not None and span.from_day(ISSUED) is None
            done = accepted or (dt.date(2020, 6, 1) if row["built_year"] == 2020 else None)
            if months and done is not None and granted >= ISSUED > done:
                continue  # conditions go before the completion
            found.add(classed(**row | {"condition_on": granted, "accepted_on": accepted}))
    told = classed(**row)
    assert told == (found.pop() if len(found) == 1 else None)
