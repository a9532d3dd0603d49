"""Overdue and not due yet: by the status that a clause has in the end, a typed figure's too."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from tests.on_a_line import county

from lifecircle.judge.clauses import judge_rule
from lifecircle.judge.readings import put_in_force
from lifecircle.model.status import Flag
from lifecircle.standards import read_standard

DAYS = [dt.date(2025, 12, 30), dt.date(2025, 12, 31), dt.date(2026, 1, 1)]
"""The day before JX-18's deadline (2025), the deadline, and the day after it."""


def of_day(day, *, missed, open_):
    """Return the flags of the day, by hand."""
    if day < DAYS[1]:
        return {Flag.NOT_DUE} if missed or open_ else set()
    return {Flag.OVERDUE} if day > DAYS[1] and missed else set()


def result(day, clause="JX-18", figure=None, centres=()):
    areas = {"R1": {"x": 0, "households": 100}}
    rows = {f"H{n}": {"x": 0, "kinds": {"health_centre"}, **row} for n, row in enumerate(centres)}
    tables = county(areas, rows or {"F1": {"x": 0}})
    if figure is not None:
        typed = {"id": ["hospice_centres"], "numerator": figure[:1], "denominator": figure[1:]}
        tables = dataclasses.replace(tables, indicators=pd.DataFrame({**typed, "source": ["年报"]}))
    rules = put_in_force(read_standard("jinxiang-2023"), day, {})
    return judge_rule(tables, rules[clause]).result


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize(
    ("figure", "centres", "status"),
    [
        ((9, 20), (), "deficient"),  # 45 % of the 50 % asked for
        ((10, 20), (), "compliant"),
        (None, (), "not_assessed"),  # nobody said anything
        (None, ({"hospice": False},), "deficient"),
        (None, ({"hospice": True},), "compliant"),
        (None, ({"hospice": False, "stage": "?"},), "not_assessed"),  # the one may be closed
        ((9, 20), ({},), "deficient"),  # the ledger's one is open: the figure stands in
        ((10, 20), ({},), "compliant"),
        ((9, 20), ({"hospice": True},), "compliant"),  # the ledger decides
    ],
)
def test_by_the_status_in_the_end(day, figure, centres, status):
    found = result(day, figure=figure, centres=centres)
    assert found.status == status
    expected = of_day(day, missed=status == "deficient", open_=status == "not_assessed")
    assert set(found.flags) & {Flag.OVERDUE, Flag.NOT_DUE} == expected
