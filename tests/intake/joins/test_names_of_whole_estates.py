"""The very name of an estate whose parts are listed means these, not one of another character."""

from __future__ import annotations

import pytest

from lifecircle.intake.joins.names import NameIndex

AREAS = {
    "R022": "福柏华府",
    "R044": "雅柏华府一期",
    "R045": "雅柏华府二期",
    "R055": "雅源华府",
    "R060": "云锦府",
}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("雅柏华府", {"R044", "R045"}),
        ("雅柏华府小区", {"R044", "R045"}),
        ("雅伯华府", {"R055"}),  # nobody's name: of one character is what may be meant
        ("云绵府", {"R060"}),
    ],
)
def test_whom_a_name_nearly_means(said, meant):
    names = NameIndex(AREAS.items(), "residential")
    assert set(names.near(said)) == meant
