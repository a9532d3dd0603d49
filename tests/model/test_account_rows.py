"""Rows of an account: looked up by area under one clause."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.model.tables import Account

PAIRS = [("B", "Q"), ("A", "P"), ("A", "Q"), ("C", "P")]


@pytest.mark.parametrize(
    ("clause", "rows"),
    [("Q", [2, 0, -1, 2, -1]), ("P", [1, -1, 3, 1, -1]), ("other", [-1] * 5)],
)
def test_every_area_finds_its_row_under_the_clause(clause, rows):
    index = pd.MultiIndex.from_tuples(PAIRS, names=["id", "clause"])
    account = Account(pd.DataFrame({"m2": range(4)}, index), pd.DataFrame(), pd.DataFrame())
    assert list(account.rows(clause, pd.Series(["A", "B", "C", "A", "D"]))) == rows
    assert len(account.rows(clause, [])) == 0


def test_an_account_of_nobody_has_no_rows():
    index = pd.MultiIndex.from_arrays([[], []], names=["id", "clause"])
    account = Account(pd.DataFrame(index=index), pd.DataFrame(), pd.DataFrame())
    assert list(account.rows("Q", ["A"])) == [-1]
