"""Hours of a gate: open where they span the day, from seven until six; else not known."""

from __future__ import annotations

import pytest

from lifecircle.intake.ledger.values import UNKNOWN_PASSAGE, read_value
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import ProblemCode


@pytest.mark.parametrize(
    ("cell", "is_open"),
    [
        ("6:00-22:00", True),
        ("6：00—22：00", True),
        ("早6点至晚10点", True),
        ("早6晚10", True),
        ("7:00-18:00", True),
        ("0:00-24:00", True),
        ("每天6:00至21:00开放", True),
        ("7:01-18:00", False),
        ("7:00-17:59", False),
        ("22:00-6:00", False),
        ("7:00-9:00", False),
        ("6:00-26:00", False),
        ("0622", False),
        ("视情况", False),
    ],
)
def test_a_gate_is_open_whose_hours_span_the_day(cell, is_open):
    read = read_value(columns("gates")["open"], cell)
    assert read.value == (True if is_open else UNKNOWN_PASSAGE)
    assert read.code == (ProblemCode.HOURS_READ_AS if is_open else ProblemCode.WORD_UNKNOWN)
