"""A figure typed under a name that no clause asks for is told, with the name that may be meant."""

from __future__ import annotations

import pytest

from lifecircle.standards import read_standard, unasked_figures


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("homes_adapted_2023", False),
        ("homes_adapted", "homes_adapted_2023"),
        ("monthly_visit", "monthly_visits"),
        ("家庭养老床位", None),  # a column of the ledger, not a figure
        ("social_workers", False),  # another county's: the same sheet may serve both
        ("homes_adapted_progress", False),  # the form's
    ],
)
def test_figures_that_nothing_asks_for(name, told):
    found = unasked_figures([name], [read_standard("weishan-2023")])
    assert [(p.value, p.params) for p in found] == (
        [] if told is False else [(name, {"nearest": told})]
    )
