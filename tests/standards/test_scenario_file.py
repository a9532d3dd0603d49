"""Scenario files: a name and changes, or every mistake at once."""

from __future__ import annotations

import pytest

from lifecircle.errors import StandardError
from lifecircle.standards import apply_scenario, read_scenario, read_standard


@pytest.mark.parametrize(
    "text",
    [
        'name = "金乡的三十"\nset = { "CX-01.value" = 30 }\n',
        'name = "金乡的三十"\n[set]\n"CX-01.value" = 30\n',
        'name = "金乡的三十"\n[set.CX-01]\nvalue = 30\n',
    ],
)
def test_three_ways_to_write_it(tmp_path, text):
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    name, changes = read_scenario(tmp_path / "s.toml")
    assert (name, changes) == ("金乡的三十", {"CX-01.value": 30})
    varied = apply_scenario(read_standard("caoxian-2023"), changes, name)
    assert varied.clauses["CX-01"].versions[-1].value == 30
    assert varied.scenario == "金乡的三十"


@pytest.mark.parametrize("text", ["sett = 3", "name = 'x'", "name = ", "set = 5"])
def test_what_it_may_not_say(tmp_path, text):
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StandardError):
        read_scenario(tmp_path / "s.toml")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(StandardError):
        read_scenario(tmp_path / "nowhere.toml")
