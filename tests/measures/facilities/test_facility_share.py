"""Shares of facilities: the status equals what every way the unknowns may fall says."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.clauses import judge_rule
from lifecircle.model.dictionary import columns
from lifecircle.model.finding import meets
from lifecircle.model.rules.options import FlagOptions
from lifecircle.model.rules.rule import published
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables
from lifecircle.standards import read_standard

EITHER = FlagOptions(any_of=("has_clinic", "medical_contract"))
CLAUSE = dataclasses.replace(read_standard("weishan-2023").clauses["WS-18"], options=EITHER)
BELONGS = {"yes": frozenset({"care_home"}), "no": frozenset({"canteen"}), "?": frozenset()}
ANSWERS = [True, False, None]
FACILITY = st.tuples(
    st.sampled_from(list(BELONGS)), st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)
)


def tables(rows):
    names = [c for c in columns("facilities") if c != "id"]
    frame = pd.DataFrame(
        [
            dict.fromkeys(names)
            | {"kinds": BELONGS[own], "stage": "in_use", "has_clinic": a, "medical_contract": b}
            for own, a, b in rows
        ],
        index=pd.Index([f"F{n}" for n in range(len(rows))], name="id", dtype=str),
        columns=names,
        dtype=object,
    )
    areas = pd.DataFrame(
        columns=[c for c in columns("residential") if c != "id"],
        index=pd.Index([], name="id", dtype=str),
        dtype=object,
    )
    return Tables(
        areas=area_columns(areas),
        facilities=facility_columns(frame).assign(x=0.0, y=0.0),
        units=pd.DataFrame(),
        containment=pd.DataFrame(columns=list(CONTAINMENT_COLUMNS)),
        sharing=pd.DataFrame(columns=["facility", "residential", "m2"]),
    )


def every_rate(rows):
    """Return the share in per cent of every completion; None where it has no facility at all."""
    ways = []
    for own, a, b in rows:
        belongs = {"yes": [True], "no": [False], "?": [True, False]}[own]
        flags = [[x] if x is not None else [True, False] for x in (a, b)]
        met = {x or y for x, y in itertools.product(*flags)}
        ways.append(list(itertools.product(belongs, met)))
    for case in itertools.product(*ways):
        mine = [met for belongs, met in case if belongs]
        yield 100 * sum(mine) / len(mine) if mine else None


@settings(settings.get_profile("brute"))
@given(
    rows=st.lists(FACILITY, min_size=1, max_size=5),
    target=st.sampled_from([0, 40, 50, 60, 90, 100]),
    comparison=st.sampled_from([">=", ">", "="]),
)
def test_status_and_bounds_are_those_of_brute_force(rows, target, comparison):
    version = dataclasses.replace(CLAUSE.versions[0], value=float(target))
    clause = dataclasses.replace(CLAUSE, versions=(version,), comparison=comparison)
    result = judge_rule(tables(rows), published(clause, dt.date(2025, 1, 1))).result
    every = list(every_rate(rows))
    rates = [rate for rate in every if rate is not None]
    if not rates:
        assert str(result.status) == "not_applicable"
        return
    assert (round(result.low, 9), round(result.high, 9)) == (
        round(min(rates), 9),
        round(max(rates), 9),
    )
    if comparison == "=":
        passes = min(rates) == max(rates) == target
        fails = max(rates) < target or min(rates) > target
    else:
        passes = meets(min(rates), comparison, target)
        fails = not meets(max(rates), comparison, target)
    # missed, unless there may be nobody of whom it is asked; met whoever they are
    fails = fails and None not in every
    expected = "compliant" if passes else "deficient" if fails else "not_assessed"
    assert str(result.status) == expected
