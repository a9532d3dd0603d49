"""What would meet an area that waits for rooms, by what its clauses find of it."""

import math

import pandas as pd
import pytest

from lifecircle.allocation.best_case.waiting import Source, Waiting
from lifecircle.allocation.best_case.ways import of_findings, ways_of
from lifecircle.model.reason import Reason
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.status import Status

NAN = math.nan
ROOMS = Source(("F",), (60.0,), whole=False)
WAIT = Waiting("A", 20.0, ((ROOMS, 60.0),))
MORE = Waiting("A", 30.0, ((ROOMS, 60.0),))
OPEN = Reason(R.QUOTA_UNDECIDED)


def found(applies=1.0, status=Status.NOT_ASSESSED, decided=None, reason=OPEN, waits=WAIT):
    row = {"applies": applies, "status": status, "decided": decided or status}
    columns = row | {"reason": reason, "waits": waits}
    return pd.DataFrame({k: [v] for k, v in columns.items()}, index=["A"], dtype=object)


@pytest.mark.parametrize(
    ("one", "waits"),
    [
        (found(), True),
        (found(applies=NAN), False),  # it may not be asked at all
        (found(status=Status.COMPLIANT), False),
        (found(reason=Reason(R.EXEMPTION_UNREAD)), False),  # exempt it leaves the rate
        (found(reason=Reason(R.EXEMPTION_UNCLEAR)), False),
        (found(reason=None), True),
        (found(waits=None), False),
    ],
)
def test_an_area_waits_under_a_clause_that_is_sure_to_ask_and_is_open(one, waits):
    ways = {"A": (WAIT,)} if waits else {}
    assert of_findings(one) == ways
    assert ways_of({"X": one}, ["X", "Y"]) == ways


CLASSLESS = {"applies": NAN, "reason": Reason(R.AGE_CLASS_MISSING)}


@pytest.mark.parametrize(
    ("one", "other", "ways"),
    [
        ({}, {"waits": MORE}, (WAIT,)),  # without the first it misses one
        ({"status": Status.DEFICIENT}, {"waits": MORE}, (MORE,)),
        (CLASSLESS, CLASSLESS | {"waits": MORE}, (WAIT, MORE)),  # one of them asks: either
        (CLASSLESS, CLASSLESS | {"decided": Status.DEFICIENT}, (WAIT,)),
        (CLASSLESS, CLASSLESS | {"decided": Status.COMPLIANT}, None),  # met without them, perhaps
        (CLASSLESS, CLASSLESS | {"waits": None}, None),
        (CLASSLESS, CLASSLESS | {"reason": OPEN}, None),  # something else is open
        (CLASSLESS, {"status": Status.EXEMPT, "waits": None}, None),
    ],
)
def test_of_two_clauses_what_would_meet_the_one_that_asks(one, other, ways):
    tables = {"X": found(**one), "Y": found(**other)}
    assert ways_of(tables, ["X", "Y"]) == ({"A": ways} if ways else {})
