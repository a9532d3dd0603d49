"""Before and after of clauses that only report who has something (CX-18, CX-19)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lifecircle.model.results.comparison import FindingState
from lifecircle.outputs.words.changes import figure_text
from lifecircle.outputs.words.wording import Wording


def state(status, measured):
    return FindingState(status, measured, None, None, None, None, "%", (), None, None)


@pytest.mark.parametrize(
    ("measure", "status", "measured", "zh", "en"),
    [
        ("unit_coverage", "reported", 1.0, "有", "there"),
        ("unit_coverage", "reported", 0.0, "没有", "not there"),
        ("unit_coverage", "reported", None, "待核实", "not known"),
        ("unit_coverage", "compliant", 1.0, None, None),  # its status tells
        ("unit_coverage", "not_applicable", None, None, None),
        ("sum", "reported", 12.0, "12 %", "12 %"),
    ],
)
def test_what_is_only_reported_is_told_by_whether_it_is_there(measure, status, measured, zh, en):
    clause = SimpleNamespace(measure=measure)
    for language, told in (("zh", zh), ("en", en)):
        words = Wording(language, "compare")
        found = figure_text(clause, state(status, measured), words, measured=True)
        assert found == told or (found or "").replace("12.0", "12") == told
        assert figure_text(clause, None, words, measured=True) is None
        if measure == "unit_coverage":
            assert figure_text(clause, state(status, measured), words, measured=False) is None
